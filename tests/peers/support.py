# SPDX-License-Identifier: Apache-2.0
"""What the tests of benchmarks/peers share."""
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "benchmarks" / "peers"))
from harness import results  # noqa: E402


def example():
    """Invented figures of three rows, with contenders that are wrong, failed and skipped."""
    return results.load(HERE / "example.json")
