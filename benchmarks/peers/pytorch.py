#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""PyTorch on the field's network, with the weights of a mien model: first the same logits, then the time.

    python benchmarks/peers/pytorch.py MODEL [THREADS]     (pip install torch numpy safetensors)

channels_last and a fused Adam, as PyTorch's own tuning guide advises for a CPU. Prints one JSON object: pictures a second as
[minimum, median, maximum] of nine runs, and the most memory the process held. A network that computes something else
is reported as WRONG and not timed.
"""

import json
import resource
import statistics
import sys
import time

import numpy as np
import torch
from safetensors.numpy import load_file
from torch import nn


def network():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.1),
        nn.Conv2d(64, 128, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.1),
        nn.Conv2d(128, 256, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.1),
        nn.Flatten(), nn.Linear(4096, 512), nn.ReLU(), nn.Dropout(0.2), nn.Linear(512, 7))


def take_weights(net, tensors):
    """mien keeps convolutions as (R,S,C,K) and flattens (H,W,C); PyTorch wants (K,C,R,S) and (C,H,W)."""
    layers = [layer for layer in net if hasattr(layer, "weight")]
    names = ["conv2d", "conv2d_1", "conv2d_2", "conv2d_3", "dense", "dense_1"]
    with torch.no_grad():
        for name, layer in zip(names, layers):
            kernel = tensors[name + "/kernel"].astype(np.float32)
            if kernel.ndim == 4:
                kernel = kernel.transpose(3, 2, 0, 1)
            elif name == "dense":
                kernel = kernel.reshape(4, 4, 256, 512).transpose(2, 0, 1, 3).reshape(4096, 512).T
            else:
                kernel = kernel.T
            layer.weight.copy_(torch.from_numpy(np.ascontiguousarray(kernel)))
            layer.bias.copy_(torch.from_numpy(tensors[name + "/bias"].astype(np.float32)))


def rate(step, pictures, steps, runs=9):
    for _ in range(5):
        step()
    rates = []
    for _ in range(runs):
        begin = time.perf_counter()
        for _ in range(steps):
            step()
        rates.append(pictures * steps / (time.perf_counter() - begin))
    return [round(min(rates)), round(statistics.median(rates)), round(max(rates))]


def main():
    threads = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    torch.set_num_threads(threads)
    tensors = load_file(sys.argv[1])
    net = network()
    take_weights(net, tensors)
    net = net.to(memory_format=torch.channels_last)

    net.eval()
    face = torch.from_numpy(tensors["golden/face"].astype(np.float32) / 255).reshape(1, 1, 48, 48)
    difference = float(np.abs(net(face).detach().numpy()[0] - tensors["golden/logits"]).max())
    result = {"peer": "PyTorch " + torch.__version__, "threads": threads, "largest difference": difference}
    if difference > 1e-3:
        result["WRONG"] = True
        print(json.dumps(result))
        return 1

    with torch.no_grad():
        for batch, steps in ((1, 100), (32, 10)):
            x = torch.rand(batch, 1, 48, 48).to(memory_format=torch.channels_last)
            result[f"infer {batch}"] = rate(lambda: net(x), batch, steps)
    net.train()
    optimiser = torch.optim.Adam(net.parameters(), eps=1e-7, fused=True)
    for batch, steps in ((32, 10), (128, 3)):
        x = torch.rand(batch, 1, 48, 48).to(memory_format=torch.channels_last)
        y = torch.randint(0, 7, (batch,))

        def step():
            optimiser.zero_grad(set_to_none=True)
            nn.functional.cross_entropy(net(x), y).backward()
            optimiser.step()

        result[f"train {batch}"] = rate(step, batch, steps)
    result["MiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
