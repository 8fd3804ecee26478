# SPDX-License-Identifier: Apache-2.0
# Python's side of test_python.cpp: reads what mien wrote in a folder, writes what mien shall read.
import sys
from pathlib import Path

try:
    import numpy as np
    from safetensors import safe_open
    from safetensors.numpy import save_file
except ImportError as error:
    print(f"SKIPPED: {error}")
    sys.exit(77)

folder = Path(sys.argv[1])

with safe_open(folder / "ours.safetensors", "np") as f:
    assert f.metadata()["who"] == 'a "quoted" näme\n', f.metadata()
    assert sorted(f.keys()) == ["bytes", "counts", "floats", "halves", "nothing"], f.keys()
    assert np.array_equal(f.get_tensor("floats"), np.arange(6, dtype="f4").reshape(2, 3) - 1.5)
    assert np.array_equal(f.get_tensor("bytes"), np.array([250, 251, 252], "u1"))
    assert np.array_equal(f.get_tensor("counts"), np.array([0, -7], "i4"))
    assert f.get_tensor("nothing").shape == (0, 4)
    assert f.get_slice("halves").get_dtype() == "BF16" and f.get_slice("halves").get_shape() == [2, 3]

save_file({"grey": np.arange(12, dtype="u1").reshape(3, 4), "kernel": np.linspace(-1, 1, 5, dtype="f4"),
           "count": np.array(-3, "i4")}, folder / "theirs.safetensors", {"note": "grüße"})

with safe_open(folder / "model.safetensors", "np") as f:
    metadata = f.metadata()
    tensors = {name: f.get_tensor(name) for name in f.keys()}
save_file(tensors, folder / "stale.safetensors", metadata)
del metadata["digest"]
save_file(tensors, folder / "copied.safetensors", metadata)
tensors["dense/bias"][1] += 0.5
save_file(tensors, folder / "edited.safetensors", metadata)

try:
    import xxhash
except ImportError:
    sys.exit(0)
data = bytearray((folder / "model.safetensors").read_bytes())
claimed = bytes(data[35:67]).decode()
data[35:67] = b"0" * 32
assert xxhash.xxh3_128_hexdigest(bytes(data)) == claimed
