# SPDX-License-Identifier: Apache-2.0
"""What every contender in Python shares: its orders, its material, and how it is timed in turns with the others.

A contender is a class with `versions()`, `outputs()` (what shall be compared: see peers_material) and `run(steps)`; it
is given a Job. benchmarks/peers/run starts the file and talks to it line by line:

    contender  {"ready": {"PyTorch": "2.15.0"}}        the outputs are written
    driver     time 20                                 one step untimed, then 20 timed
    contender  {"steps": 20, "seconds": 0.91}
    ...        until the driver closes the pipe

What a library prints by itself goes to stderr.
"""
import argparse
import json
import os
import sys
import time
from dataclasses import dataclass

import numpy as np
from safetensors.numpy import load_file, save_file


@dataclass
class Job:
    task: str  # train or infer
    net: str
    precision: str  # f32 or bf16
    variant: str
    batch: int
    threads: int
    weights: dict  # of the mien model file, under mien's names and in its layouts
    faces: dict  # x (N,48,48,1) and labels (N)

    @property
    def train(self):
        return self.task == "train"

    def batches(self):
        """[(x, labels)] of all whole batches."""
        count = len(self.faces["x"]) // self.batch
        return [(self.faces["x"][i * self.batch:(i + 1) * self.batch], self.faces["labels"][i * self.batch:(i + 1) * self.batch])
                for i in range(count)]


def parse(arguments):
    parser = argparse.ArgumentParser()
    parser.add_argument("--task", choices=["train", "infer"], required=True)
    parser.add_argument("--precision", choices=["f32", "bf16"], required=True)
    for name in ("--net", "--variant", "--model", "--faces", "--outputs"):
        parser.add_argument(name, required=True)
    for name in ("--batch", "--threads"):
        parser.add_argument(name, type=int, required=True)
    return parser.parse_args(arguments)


def serve(contender_class):
    """The whole life of a contender's process."""
    options = parse(sys.argv[1:])
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    job = Job(options.task, options.net, options.precision, options.variant, options.batch, options.threads,
              load_file(options.model), load_file(options.faces))
    contender = contender_class(job)
    outputs = {name: np.ascontiguousarray(value, np.float32) for name, value in contender.outputs().items()}
    save_file(outputs, options.outputs)
    print(json.dumps({"ready": contender.versions()}), file=answers)
    for line in sys.stdin:
        steps = int(line.split()[1])
        contender.run(1)
        begin = time.perf_counter()
        contender.run(steps)
        print(json.dumps({"steps": steps, "seconds": time.perf_counter() - begin}), file=answers)
