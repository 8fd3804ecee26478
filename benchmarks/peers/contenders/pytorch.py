#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""PyTorch against mien; benchmarks/peers/run starts it, contract.py says with what.

As PyTorch's performance tuning guide advises for a CPU: channels_last, a fused optimiser, gradients set to None, inference_mode;
in bf16 autocast while training, and weights turned to bf16 once for inference. Variants, of which the driver keeps the fastest:

    eager       as written
    jit         traced, frozen, optimize_for_inference (inference only)
    compile     torch.compile, in inference with frozen weights
"""

import contextlib

import numpy as np
import torch
import torch._inductor.config as inductor
from contract import serve
from layout import channels_first, channels_last
from torch import nn


def seed():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.1),
        nn.Conv2d(64, 128, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.1),
        nn.Conv2d(128, 256, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.1),
        nn.Flatten(), nn.Linear(4096, 512), nn.ReLU(), nn.Dropout(0.2), nn.Linear(512, 7))


def vgg8():
    layers, channels = [], 1
    for filters in (32, 64, 128, 256):
        for _ in range(2):
            layers += [nn.Conv2d(channels, filters, 3, padding=1, bias=False),
                       nn.BatchNorm2d(filters, eps=1e-3, momentum=0.1), nn.ReLU()]
            channels = filters
        layers += [nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.3), nn.Linear(256, 7))


NETWORKS = {"seed": seed, "vgg8": vgg8}
KINDS = ((nn.Conv2d, "conv2d", {"kernel": "weight", "bias": "bias"}),
         (nn.BatchNorm2d, "batch_normalization", {"gamma": "weight", "beta": "bias", "moving_mean": "running_mean",
                                                  "moving_variance": "running_var"}),
         (nn.Linear, "dense", {"kernel": "weight", "bias": "bias"}))


def tensors(net):
    """{mien's name: tensor}: layers are counted by kind, as Keras does."""
    found = {}
    for kind, prefix, attributes in KINDS:
        for number, layer in enumerate(layer for layer in net if isinstance(layer, kind)):
            name = prefix + (f"_{number}" if number else "")
            found |= {f"{name}/{ours}": getattr(layer, theirs) for ours, theirs in attributes.items()
                      if getattr(layer, theirs) is not None}
    return found


class PyTorch:
    def __init__(self, job):
        torch.set_num_threads(job.threads)
        self.job = job
        self.net = self.loaded()
        self.batches = [(self.pictures(x), torch.from_numpy(labels).long()) for x, labels in job.batches()]
        self.step = 0
        self.advance = self.training() if job.train else self.inference()

    def versions(self):
        return {"PyTorch": torch.__version__.split("+")[0]}

    def loaded(self):
        net = NETWORKS[self.job.net]()
        with torch.no_grad():
            for name, tensor in tensors(net).items():
                tensor.copy_(torch.from_numpy(channels_first(name, self.job.weights[name], self.job.net)))
        return net.to(memory_format=torch.channels_last)

    @staticmethod
    def pictures(x):
        return torch.from_numpy(x.transpose(0, 3, 1, 2).copy()).to(memory_format=torch.channels_last)

    def autocast(self):
        if self.job.precision == "bf16":
            return torch.autocast("cpu", dtype=torch.bfloat16)
        return contextlib.nullcontext()

    @staticmethod
    def optimizer(net):
        """As in peers_material."""
        return torch.optim.Adam(net.parameters(), lr=1e-4, eps=1e-7, fused=True)

    def loss_of(self, net):
        def loss(x, labels):
            with self.autocast():
                logits = net(x)
            return nn.functional.cross_entropy(logits.float(), labels)
        return torch.compile(loss) if self.job.variant == "compile" else loss

    def training(self):
        optimizer, loss_of = self.optimizer(self.net), self.loss_of(self.net)
        self.net.train()

        def advance(x, labels):
            optimizer.zero_grad(set_to_none=True)
            loss_of(x, labels).backward()
            optimizer.step()
        return advance

    def inference(self):
        net, variant = self.net.eval(), self.job.variant
        if self.job.precision == "bf16":
            net = net.to(torch.bfloat16)
            self.batches = [(x.to(torch.bfloat16), labels) for x, labels in self.batches]
        if variant == "jit":
            with torch.no_grad():
                net = torch.jit.optimize_for_inference(torch.jit.freeze(torch.jit.trace(net, self.batches[0][0])))
        elif variant == "compile":
            inductor.freezing = True
            net = torch.compile(net)
        return lambda x, labels: net(x)

    def outputs(self):
        if not self.job.train:
            with torch.inference_mode():
                return {"logits": self.advance(*self.batches[0]).float().numpy()}
        net = self.loaded()
        with torch.no_grad(), self.autocast():
            result = {"logits": net.eval()(self.batches[0][0]).float().numpy()}
        for layer in net:
            if isinstance(layer, nn.Dropout):
                layer.p = 0.0
        optimizer, loss_of, losses = self.optimizer(net.train()), self.loss_of(net), []
        for step, (x, labels) in enumerate(self.batches[:3]):
            optimizer.zero_grad(set_to_none=True)
            loss = loss_of(x, labels)
            loss.backward()
            losses.append(loss.item())
            if step == 0:
                result |= {f"gradient/{name}": channels_last(name, tensor.grad.numpy(), self.job.net)
                           for name, tensor in tensors(net).items() if tensor.grad is not None}
            optimizer.step()
        return result | {"losses": np.array(losses)}

    def run(self, steps):
        with torch.inference_mode(not self.job.train):
            for _ in range(steps):
                self.advance(*self.batches[self.step % len(self.batches)])
                self.step += 1


if __name__ == "__main__":
    serve(PyTorch)
