# SPDX-License-Identifier: Apache-2.0
"""Where everything is, and who is there."""
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from .material import Material

ROOT = Path(__file__).resolve().parents[3]
CONTENDERS = ROOT / "benchmarks" / "peers" / "contenders"


@dataclass
class Setup:
    mien: Path
    programs: Path  # folder of peers_material and the contenders in C++
    python: Path  # of the virtual environment
    scratch: Path
    material: Material
    rounds: int = 9
    seconds: float = 1.0  # of a turn, about
    quick: bool = False
    patience: float = 900
    contenders: Path = CONTENDERS
    modules: set = field(default_factory=set)  # that the virtual environment has

    def __post_init__(self):
        self.scratch.mkdir(parents=True, exist_ok=True)
        self.variables = {"TORCHINDUCTOR_CACHE_DIR": str(self.scratch / "compiled")}

    def find_modules(self, names):
        """Which of these Python modules the virtual environment has."""
        if self.python.exists():
            code = "import importlib.util, sys; print(*[n for n in sys.argv[1:] if importlib.util.find_spec(n)])"
            done = subprocess.run([str(self.python), "-c", code, *names], capture_output=True, text=True)
            self.modules = set(done.stdout.split())

    def start(self, contender):
        if contender.in_python:
            return [self.python, "-B", self.contenders / contender.program]
        return [self.programs / contender.program]

    def missing(self, contender):
        """Why it cannot take part, or None."""
        if contender.in_python:
            if not self.python.exists():
                return "not set up: benchmarks/peers/setup makes its environment"
            return None if contender.needs in self.modules else f"not set up: the environment has no {contender.needs}"
        if not (self.programs / contender.program).exists():
            return f"not set up: built only where {contender.needs} is installed"
        return None


def say_on_terminal(text):
    """A live line on a terminal, a plain one elsewhere."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
    else:
        print(text, file=sys.stderr, flush=True)
