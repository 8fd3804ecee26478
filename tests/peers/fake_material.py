#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Stands for peers_material in tests: what is expected is what the faces file holds."""
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks" / "peers"))
from harness import tensors  # noqa: E402

if sys.argv[1] in ("model", "faces"):
    tensors.write(sys.argv[-1], {"logits": [1, -2, 3], "losses": [2, 1.5, 1], "gradient/dense/kernel": [0.5, -0.25]})
else:
    shutil.copy(sys.argv[3], sys.argv[-1])
