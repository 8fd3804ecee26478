# SPDX-License-Identifier: Apache-2.0
"""What is measured, by `mien bench --json`, and the checks on what it says."""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from networks import seed_of_width

TASKS = ("train", "infer")
BATCHES = tuple(2 ** i for i in range(10))
BATCH = 32  # where something else grows
WIDTHS = (0.25, 0.5, 1, 2)
NETWORKS = ("tiny", "seed", "vgg8", "residual", "vgg8-64")
NUMBERS = ("batch", "threads", "images_per_s", "ms_p50", "ms_p99", "memory_mb", "gflops")


class Wrong(Exception):
    """What went wrong, as a sentence."""


@dataclass(frozen=True)
class Run:
    """One call of `mien bench`: `growth` is what grows."""
    growth: str
    task: str
    threads: int
    batches: tuple = (BATCH,)
    net: str = "seed"
    width: float = None  # of a network that is described in a file


def thread_counts(available):
    """1, 2, 3, ... up to eight; beyond, powers of two and all there are."""
    if available <= 8:
        return list(range(1, available + 1))
    return sorted({available, *(2 ** i for i in range(available.bit_length()))})


def plan(available):
    """Every run of a whole measurement."""
    runs = []
    for task in TASKS:
        runs.append(Run("batch", task, available, BATCHES))
        runs += [Run("threads", task, threads) for threads in thread_counts(available)]
        runs += [Run("width", task, available, width=width) for width in WIDTHS]
        runs += [Run("size", task, available, net=net) for net in NETWORKS]
    return runs


def command_of(run, mien, repetitions, folder):
    net = run.net
    if run.width is not None:
        net = Path(folder) / f"seed-times-{run.width:g}.json"
        net.write_text(json.dumps(seed_of_width(run.width), indent=1) + "\n")
    return [str(part) for part in (mien, "bench", "--net", net, "--task", run.task, "--batch",
                                   ",".join(map(str, run.batches)), "--threads", run.threads, "--runs", repetitions,
                                   "--json")]


def figures_of(run, said):
    """The results of one run, each with what grew and the peak that was measured beside it."""
    def number(where, key):
        value = where.get(key)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
            raise Wrong(f"mien bench --json: {key} is a number above 0, got {value!r}, for {run}")
        return value

    if not isinstance(said, dict) or not isinstance(said.get("results"), list):
        raise Wrong(f"mien bench --json prints an object with peak_gflops and a list results, got {str(said)[:200]}")
    peak = number(said, "peak_gflops")
    figures = []
    for result in said["results"]:
        figure = {"growth": run.growth, "task": run.task, "net": run.net, "precision": result.get("precision", "f32")}
        if run.width is not None:
            figure["width"] = run.width
        figure.update({key: number(result, key) for key in NUMBERS})
        figures.append({**figure, "peak_gflops": peak})
    asked = [(run.task, batch, run.threads) for batch in run.batches]
    given = [(result.get("task"), result["batch"], result["threads"]) for result in said["results"]]
    if asked != given:
        raise Wrong(f"mien bench --json: asked for (task, batch, threads) {asked}, got {given}")
    return figures


def measure(run, mien, repetitions):
    """The figures of one run, and what the program says of itself and of the machine."""
    with tempfile.TemporaryDirectory() as folder:
        command = command_of(run, mien, repetitions, folder)
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise Wrong(f"{' '.join(command)} ended with exit code {done.returncode}: {done.stderr.strip()}")
    try:
        said = json.loads(done.stdout)
    except json.JSONDecodeError as error:
        raise Wrong(f"{' '.join(command)} did not print JSON: {error}") from error
    return figures_of(run, said), {key: said[key] for key in ("version", "kernels", "cpu") if key in said}


def flop(figure):
    """Of one picture, computed directly: what GFLOP/s are counted by."""
    return figure["gflops"] * 1e9 / figure["images_per_s"]


def expect_same_network(figures):
    """`seed` described by networks.py is `seed` of the library: the same work a picture."""
    for task in TASKS:
        named = [flop(f) for f in figures if f["growth"] == "batch" and f["task"] == task]
        described = [flop(f) for f in figures if f.get("width") == 1 and f["task"] == task]
        if named and described and abs(described[0] / named[0] - 1) > 0.01:
            raise Wrong(f"benchmarks/growth/networks.py describes a network of {described[0] / 1e6:.1f} MFLOP a picture, "
                        f"`seed` has {named[0] / 1e6:.1f}: compare it with lib/nn/networks.cpp")


def measure_all(mien, repetitions, available):
    figures, about = [], {}
    runs = plan(available)
    for i, run in enumerate(runs):
        what = f"width {run.width:g}" if run.width is not None else run.net
        print(f"{i + 1} of {len(runs)}: {run.growth}, {run.task}, {what}, threads {run.threads}", file=sys.stderr)
        measured, said = measure(run, mien, repetitions)
        figures += measured
        about.update(said)
    expect_same_network(figures)
    return figures, about
