#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Stands in for `mien bench --json`: made-up speeds of a made-up machine, in no time. STAND_IN says how it misbehaves."""

import argparse
import json
import os
import sys

FORWARD_MFLOP = {"seed": 173.52, "tiny": 12, "vgg8": 235, "residual": 284, "vgg8-64": 937}


def forward_flop(net):
    """Of `seed` with other numbers of filters, counted from its description: every window is 3x3, without padding."""
    if net in FORWARD_MFLOP:
        return FORWARD_MFLOP[net] * 1e6
    with open(net, encoding="utf-8") as file:
        network = json.load(file)
    (rows, _, channels), flop = network["input"], 0
    for layer in network["layers"]:
        settings = layer["settings"]
        if layer["type"] == "Conv2D":
            rows -= 2
            flop += 2 * rows * rows * 9 * channels * settings["filters"]
            channels = settings["filters"]
        elif layer["type"] == "MaxPooling2D":
            rows //= 2
        elif layer["type"] == "Flatten":
            rows, channels = 1, rows * rows * channels
        elif layer["type"] == "Dense":
            flop += 2 * channels * settings["units"]
            channels = settings["units"]
    return flop


def result(arguments, batch):
    training = arguments.task == "train"
    flop = forward_flop(arguments.net) * (3 if training else 1)
    best = 1.6 * 113e9 * arguments.threads ** 0.9 / flop  # Winograd's
    images = best * batch / (batch + (12 if training else 2)) * (0.9 if batch > 256 else 1) / (1 + 5e6 / flop)
    return {"task": arguments.task, "net": os.path.basename(arguments.net), "precision": "f32", "batch": batch,
            "threads": arguments.threads, "images_per_s": images, "ms_p50": 1e3 * batch / images,
            "ms_p99": 1.2e3 * batch / images, "memory_mb": (22 if training else 1) + (2.1 if training else 0.9) * batch,
            "gflops": images * flop * 1e-9, "share_of_peak": images * flop / (113e9 * arguments.threads)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("command", choices=["bench"])
    parser.add_argument("--json", action="store_true", required=True)
    for name in ("net", "task", "batch"):
        parser.add_argument("--" + name, required=True)
    for name in ("threads", "runs"):
        parser.add_argument("--" + name, required=True, type=int)
    arguments = parser.parse_args()
    misbehaves = os.environ.get("STAND_IN", "")
    if misbehaves == "fails":
        sys.exit("error: out of order")
    said = {"version": "0.1.0", "kernels": "avx512", "cpu": "a made-up processor",
            "peak_gflops": 113.0 * arguments.threads,
            "results": [result(arguments, int(batch)) for batch in arguments.batch.split(",")]}
    if misbehaves == "no speed":
        said["results"][0]["images_per_s"] = 0
    if misbehaves == "too few":
        said["results"] = said["results"][1:]
    print("no JSON" if misbehaves == "no JSON" else json.dumps(said))


if __name__ == "__main__":
    main()
