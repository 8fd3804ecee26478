# SPDX-License-Identifier: Apache-2.0
"""Who takes part, and in what: the two lists that a new contender or a new row is added to."""
import glob
import itertools
from dataclasses import dataclass, field
from typing import NamedTuple


class Row(NamedTuple):
    """One comparison."""
    task: str  # train or infer
    net: str
    batch: int
    threads: int


def rows(threads, quick=False):
    """What is compared on a machine that lends so many threads."""
    short = [Row("train", "seed", 32, threads), Row("infer", "seed", 1, threads), Row("infer", "seed", 32, threads)]
    if quick:
        return short
    return list(dict.fromkeys([  # a machine with one thread has a row less
        Row("train", "seed", 32, threads), Row("train", "seed", 128, threads), Row("train", "vgg8", 64, threads),
        Row("infer", "seed", 1, threads), Row("infer", "seed", 1, 1), Row("infer", "seed", 32, threads),
        Row("infer", "seed", 256, threads)]))


@dataclass(frozen=True)
class Contender:
    """A library with its best foot forward: variants are tried in a heat, the fastest one is measured."""
    name: str  # in results, and for --only
    label: str  # in tables; the version is added
    precision: str
    program: str  # a file of contenders/, or a program that CMake builds
    needs: str  # the Python module, or Debian's package
    variants: dict = field(hash=False)  # by task, the best known first; what follows + is one of ENVIRONMENTS
    networks: tuple = ("seed",)

    @property
    def in_python(self):
        return self.program.endswith(".py")

    def takes_part(self, row):
        return row.task in self.variants and row.net in self.networks


def with_guide(*names):
    """Each of them plainly and in the environment that PyTorch's guide advises."""
    return tuple(itertools.chain.from_iterable((name + "+guide", name) for name in names))


TORCH = {"train": with_guide("eager", "compile"), "infer": with_guide("jit", "compile") + ("eager",)}
TENSORFLOW = {"train": ("fit", "function", "function-jit", "fit-jit"), "infer": ("function", "function-jit")}

CONTENDERS = [
    Contender("onednn-winograd", "oneDNN, Winograd", "f32", "peer_onednn", "libdnnl-dev",
              {task: ("winograd", "winograd+bound") for task in ("train", "infer")}),
    Contender("onednn-direct", "oneDNN, direct", "f32", "peer_onednn", "libdnnl-dev",
              {task: ("direct", "direct+bound") for task in ("train", "infer")}),
    Contender("tensorflow", "TensorFlow", "f32", "tensorflow_keras.py", "tensorflow", TENSORFLOW),
    Contender("pytorch", "PyTorch", "f32", "pytorch.py", "torch", TORCH, ("seed", "vgg8")),
    Contender("pytorch-bf16", "PyTorch", "bf16", "pytorch.py", "torch", TORCH, ("seed", "vgg8")),
    Contender("onnxruntime", "ONNX Runtime", "f32", "onnx_runtime.py", "onnxruntime", {"infer": ("spin", "nospin")}),
    Contender("openvino", "OpenVINO", "f32", "open_vino.py", "openvino", {"infer": ("latency", "throughput")}),
    Contender("openvino-bf16", "OpenVINO", "bf16", "open_vino.py", "openvino", {"infer": ("latency", "throughput")}),
    Contender("dlib", "dlib, OpenBLAS", "f32", "peer_dlib", "libdlib-dev",
              {task: ("plain", "plain+bound") for task in ("train", "infer")}),
]


def jemalloc():
    """PyTorch's guide advises jemalloc or tcmalloc, and these settings of it; {} where it is not installed."""
    found = sorted(glob.glob("/usr/lib/*/libjemalloc.so.2"))
    settings = "oversize_threshold:1,background_thread:true,metadata_thp:auto,dirty_decay_ms:-1,muzzy_decay_ms:-1"
    return {"LD_PRELOAD": found[0], "MALLOC_CONF": settings} if found else {}


ENVIRONMENTS = {
    "guide": lambda: {"OMP_PROC_BIND": "close", "OMP_SCHEDULE": "static", **jemalloc()},
    "bound": lambda: {"OMP_PROC_BIND": "close", "OMP_PLACES": "cores"},
}


def environment_of(variant):
    return {name: value for key in variant.split("+")[1:] for name, value in ENVIRONMENTS[key]().items()}
