# SPDX-License-Identifier: Apache-2.0
"""A contender of the contract and nothing else, for tests: it answers as its variant says, with times that it makes up.

    good, fast   the right outputs; a step takes 10 ms, or 5
    wrong        outputs with a wrong sign
    nothing      no outputs
    dies         when it is to time
    refuses      at once, with an error
    babbles      text in the place of an answer
"""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks" / "peers"))
from harness import tensors  # noqa: E402

options = dict(zip(sys.argv[1::2], sys.argv[2::2]))
variant = options["--variant"]
if variant == "refuses":
    sys.exit("Traceback\nValueError: no such thing in /a/folder/of/mine.py\nhint")
if variant != "nothing":
    given = tensors.read(options["--faces"])
    sign = -1 if variant == "wrong" else 1
    answers = {name: [sign * value for value in values] for name, values in given.items()}
    tensors.write(options["--outputs"], answers)
print("babble" if variant == "babbles" else json.dumps({"ready": {"Fake": "1.0"}}), flush=True)
for line in sys.stdin:
    if variant == "dies":
        sys.exit("error: out of breath")
    steps = int(line.split()[1])
    print(json.dumps({"steps": steps, "seconds": steps * (0.005 if variant == "fast" else 0.01)}), flush=True)
