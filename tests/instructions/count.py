# SPDX-License-Identifier: Apache-2.0
"""Counts the instructions of one training step and of one inference, and holds them against figures.json.

    count.py STEPS BUILT TASK      compares; exit 0 within the tolerance, 1 beyond it, 77 where it cannot tell
    count.py STEPS BUILT --renew   counts both, prints old and new, writes figures.json

STEPS is the program of steps.cpp, BUILT what it was built with: figures of one compiler say nothing about another's.
callgrind counts while counted_train() or counted_infer() runs; the profile stays beside STEPS for callgrind_annotate.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

FIGURES = Path(__file__).with_name("figures.json")
TOLERANCE = 0.03
TASKS = {"train": "one training step of two pictures", "infer": "one inference of one picture"}
FAILED, SKIPPED = 1, 77


def profile(program, task):
    return Path(program).with_name(f"{task}.callgrind")


def counted(callgrind_says):
    """The number in callgrind's last words, or None where it never counted."""
    found = re.search(r"Collected : (\d+)", callgrind_says)
    return int(found[1]) if found and int(found[1]) > 0 else None


def count(program, task):
    """Instructions of a task; exits where they cannot be counted."""
    if shutil.which("valgrind") is None:
        print("SKIPPED: valgrind is not here")
        sys.exit(SKIPPED)
    done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile(program, task)}",
                           f"--toggle-collect=counted_{task}", program, task], capture_output=True, text=True)
    if done.returncode == SKIPPED:
        print(done.stdout.strip())
        sys.exit(SKIPPED)
    number = counted(done.stderr)
    if done.returncode != 0 or number is None:
        print(f"error: callgrind did not count {TASKS[task]} (exit code {done.returncode}); it said:\n{done.stderr}")
        sys.exit(FAILED)
    return number


def difference(new, old):
    return f"{100 * abs(new / old - 1):.2f} % {'more' if new > old else 'fewer'}"


def verdict(task, number, figures, built, seen_in):
    """An exit code and a sentence."""
    if figures["built_with"] != built:
        return SKIPPED, f"SKIPPED: the figures are those of {figures['built_with']}, this is {built}"
    old = figures["instructions"][task]
    if abs(number - old) <= TOLERANCE * old:
        return 0, f"{TASKS[task]}: {number:,} instructions, {difference(number, old)} than committed"
    return FAILED, (f"error: {TASKS[task]} takes {number:,} instructions, {difference(number, old)} than the {old:,} of "
                    f"{FIGURES.name} (up to {100 * TOLERANCE:.0f} % is let pass); `callgrind_annotate {seen_in}` says where "
                    f"they go, and if they are meant, scripts/count-instructions renews the figures")


def check(program, built, task):
    figures = json.loads(FIGURES.read_text())
    if figures["built_with"] == built:
        code, sentence = verdict(task, count(program, task), figures, built, profile(program, task))
    else:
        code, sentence = verdict(task, 0, figures, built, "")  # before half a minute of counting
    print(sentence)
    return code


def renew(program, built):
    old = json.loads(FIGURES.read_text()) if FIGURES.exists() else {"built_with": "nothing", "instructions": {}}
    new = {"built_with": built, "instructions": {task: count(program, task) for task in TASKS}}
    if old["built_with"] != built:
        print(f"built with: {old['built_with']} -> {built}")
    for task, number in new["instructions"].items():
        before = old["instructions"].get(task)
        print(f"{TASKS[task]}: " + (f"{before:,} -> {number:,}, {difference(number, before)}" if before else f"{number:,}"))
    FIGURES.write_text(json.dumps(new, indent=2) + "\n")
    return 0


def main(arguments):
    if len(arguments) == 3 and arguments[2] == "--renew":
        return renew(*arguments[:2])
    if len(arguments) == 3 and arguments[2] in TASKS:
        return check(*arguments)
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
