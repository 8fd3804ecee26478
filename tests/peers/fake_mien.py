#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Stands for mien in tests: `mien bench --json` with figures that it makes up."""
import json
import sys

options = dict(zip(sys.argv[2::2], sys.argv[3::2]))
if sys.argv[1] != "bench" or options["--runs"] != "1" or "--json" not in sys.argv:
    sys.exit("error: fake_mien has bench --runs 1 --json alone")
batch, threads = int(options["--batch"]), int(options["--threads"])
result = {"task": options["--task"], "net": options["--net"], "precision": "f32", "batch": batch, "threads": threads,
          "images_per_s": batch / 0.004, "ms_p50": 4.0, "ms_p99": 5.0}
print(json.dumps({"version": "9.9", "kernels": "fake", "peak_gflops": 100.0, "results": [result]}))
