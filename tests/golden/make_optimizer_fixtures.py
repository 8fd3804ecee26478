#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the fixtures of optimisers, schedules and losses beside this script with PyTorch.

    pip install torch numpy safetensors
    python tests/golden/make_optimizer_fixtures.py

The versions used stand in each file's metadata. Everything is computed in float64, from numbers that float32 holds
exactly, and rounded to float32 at the end: so a tolerance covers mien's rounding alone.

    optimizers.safetensors  ten steps of SGD, AdamW and clipped Adam on two tensors, and an average of the weights
    schedules.safetensors   the learning rate of every step of PyTorch's schedulers
    losses.safetensors      cross-entropy with soft targets, label smoothing and class weights: losses and gradients
"""

import json
import pathlib

import numpy as np
import torch
from safetensors.numpy import save_file

HERE = pathlib.Path(__file__).parent
MADE_BY = {"script": "tests/golden/make_optimizer_fixtures.py", "torch": torch.__version__, "numpy": np.__version__,
           "computed_in": "float64"}
STEPS = 10
SHAPES = {"dense/kernel": (8, 5), "dense/bias": (5,)}


def save(name, tensors):
    tensors = {key: np.ascontiguousarray(value, np.int32 if key == "labels" else np.float32)
               for key, value in tensors.items()}
    save_file(tensors, HERE / f"{name}.safetensors", metadata={"made_by": json.dumps(MADE_BY, sort_keys=True)})


def as_floats(array):
    """The same numbers where float32 holds them exactly."""
    return np.asarray(array).astype(np.float32).astype(np.float64)


def rate_at(step):
    return 0.05 * (1 - step / 20)


def groups_of(parameters, decay):
    """The kernel decays, the bias does not."""
    kernel, bias = parameters
    return [{"params": [kernel], "weight_decay": decay}, {"params": [bias], "weight_decay": 0.0}]


class KerasAdam(torch.optim.Adam):
    """PyTorch's Adam with Keras's epsilon, which stands beside the root of v before its correction."""

    def step(self):
        for group in self.param_groups:
            t = 1 + max((int(state["step"]) for state in self.state.values()), default=0)
            group["eps"] = 1e-7 / (1 - group["betas"][1] ** t) ** 0.5
        super().step()


OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(groups_of(p, 0.02), lr=0.05, momentum=0.9),
    "nesterov": lambda p: torch.optim.SGD(groups_of(p, 0.02), lr=0.05, momentum=0.9, nesterov=True),
    "adamw": lambda p: torch.optim.AdamW(groups_of(p, 0.3), lr=0.05, eps=1e-7),
    "clip": lambda p: KerasAdam(groups_of(p, 0.0), lr=0.05),
    "l2": lambda p: KerasAdam(groups_of(p, 2 * 0.03), lr=0.05),  # the penalty 0.03 w^2 has this gradient
}


def optimizers():
    random = np.random.default_rng(4)
    start = {name: as_floats(random.normal(size=shape)) for name, shape in SHAPES.items()}
    tensors = dict(start)
    gradients = []
    for step in range(STEPS):
        gradients.append({name: as_floats(random.normal(size=shape) * 10.0 ** random.integers(-5, 2, shape))
                          for name, shape in SHAPES.items()})
        tensors |= {f"gradient/{name}/{step}": gradient for name, gradient in gradients[-1].items()}
    for kind, make in OPTIMIZERS.items():
        model = torch.nn.ParameterList([torch.nn.Parameter(torch.tensor(start[name])) for name in SHAPES])
        optimizer = make(list(model))
        # The first update copies; from then on n counts the updates before this one, plus 1.
        average = torch.optim.swa_utils.AveragedModel(
            model, avg_fn=lambda mean, now, n: mean + (1 - min(0.4, float(n) / (9 + float(n)))) * (now - mean))
        average.update_parameters(model)
        norms = []
        for step in range(STEPS):
            for parameter, name in zip(model, SHAPES):
                parameter.grad = torch.tensor(gradients[step][name])
            if kind == "clip":
                norms.append(float(torch.nn.utils.clip_grad_norm_(model.parameters(), 8.0)))
            for group in optimizer.param_groups:
                group["lr"] = rate_at(step)
            optimizer.step()
            average.update_parameters(model)
            for parameter, mean, name in zip(model, average.module, SHAPES):
                tensors[f"{kind}/{name}/{step}"] = parameter.detach().numpy().copy()
                if kind == "nesterov":
                    tensors[f"average/{name}/{step}"] = mean.detach().numpy().copy()
        if norms:
            tensors["norms"] = norms
            print("norms", norms)
    save("optimizers", tensors)


def rates(make, steps, peak=0.1, metrics=None):
    """The rate that each step is made with."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=peak)
    scheduler = make(optimizer)
    found = []
    for step in range(steps):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step(*([] if metrics is None else [metrics[step]]))
    return found


def schedules():
    from torch.optim import lr_scheduler as s
    warm = 6
    val_loss = as_floats([2, 1.5, 1.4, 1.41, 1.45, 1.39999, 1.42, 1.2, 1.3, 1.3, 1.3, 1.3, 1.3, 1.3, 1.3, 1.1, 1.2, 1.2,
                          1.2, 1.2])
    save("schedules", {
        "step": rates(lambda o: s.StepLR(o, 3 * 4, 0.3), 40),  # every 3 epochs of 4 steps
        "plateau": rates(lambda o: s.ReduceLROnPlateau(o, factor=0.3, patience=2, min_lr=0.002), len(val_loss),
                         metrics=val_loss),
        "val_loss": val_loss,
        "cosine": rates(lambda o: s.CosineAnnealingLR(o, 40, 0.001), 40),
        "cosine_warm": rates(lambda o: s.SequentialLR(o, [s.LinearLR(o, 1 / warm, total_iters=warm - 1),
                                                          s.CosineAnnealingLR(o, 40 - warm, 0.001)], [warm]), 40),
        "one_cycle": rates(lambda o: s.OneCycleLR(o, 0.1, 40, cycle_momentum=False), 40),
        "one_cycle_early": rates(lambda o: s.OneCycleLR(o, 0.1, 37, pct_start=0.21, div_factor=10, final_div_factor=50,
                                                        cycle_momentum=False), 37),
    })


def losses():
    random = np.random.default_rng(5)
    n, k = 6, 7
    x = as_floats(random.normal(size=(n, k)) * 3)
    labels = np.array([0, 3, 6, 3, 1, 5])
    soft = random.random((n, k))
    soft = as_floats(soft / soft.sum(1, keepdims=True))
    class_weights = as_floats(random.uniform(0.2, 9, k))
    tensors = {"x": x, "labels": labels, "soft": soft, "class_weights": class_weights}
    weight = torch.tensor(class_weights)
    y = torch.tensor(labels)

    def both(logits):  # the smoothed loss of a row times the weight of its class, over the sum of those weights
        rows = torch.nn.functional.cross_entropy(logits, y, label_smoothing=0.125, reduction="none")
        return (rows * weight[y]).sum() / weight[y].sum()

    for name, loss_of in {
        "soft": lambda z: torch.nn.functional.cross_entropy(z, torch.tensor(soft)),
        "smooth": lambda z: torch.nn.functional.cross_entropy(z, y, label_smoothing=0.125),
        "weighted": lambda z: torch.nn.functional.cross_entropy(z, y, weight=weight),
        "both": both,
    }.items():
        logits = torch.tensor(x, requires_grad=True)
        loss = loss_of(logits)
        loss.backward()
        tensors |= {f"{name}/loss": [loss.detach().numpy()], f"{name}/dx": logits.grad.numpy()}
        print(name, float(loss))
    save("losses", tensors)


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    optimizers()
    schedules()
    losses()
