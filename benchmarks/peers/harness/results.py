# SPDX-License-Identifier: Apache-2.0
"""The raw figures of a run, and what is read off them; the one place where medians and ratios are taken."""
import json
import statistics
from pathlib import Path

FORMAT = 1
QUIET = 0.05  # processors that others may use at the median before a row counts as disturbed


def load(path):
    results = json.loads(Path(path).read_text(encoding="utf-8"))
    if not isinstance(results, dict) or results.get("format") != FORMAT:
        raise ValueError(f"{path} holds no results of benchmarks/peers/run in format {FORMAT}")
    return results


def save(path, results):
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def timed(row):
    return [entry for entry in row["entries"] if entry["status"] == "timed" and entry["images_per_s"]]


def median(entry):
    return statistics.median(entry["images_per_s"])


def of_mien(row):
    """mien's entry, or None where it was not timed."""
    return next((entry for entry in timed(row) if entry["name"] == "mien"), None)


def ratio(row, entry):
    """How many times as fast mien is as this peer; None where one of them was not timed."""
    ours = of_mien(row)
    return median(ours) / median(entry) if ours and entry in timed(row) else None


def fastest(row, precision):
    """The fastest peer that computes in this precision, or None."""
    peers = [entry for entry in timed(row) if entry["name"] != "mien" and entry["precision"] == precision]
    return max(peers, key=median, default=None)


def find(results, task, net, batch, threads):
    wanted = {"task": task, "net": net, "batch": batch, "threads": threads}
    return next((row for row in results["rows"] if all(row[key] == value for key, value in wanted.items())), None)


def in_milliseconds(row):
    """One face: how long it takes says more than how many a second."""
    return row["task"] == "infer" and row["batch"] == 1


def figures(row, entry):
    """(median, smallest, largest) in the row's unit."""
    values = entry["images_per_s"]
    three = (statistics.median(values), min(values), max(values))
    if not in_milliseconds(row):
        return three
    middle, slow, fast = (1000 * row["batch"] / value for value in three)
    return middle, fast, slow


def label(entry, versions=True):
    """`PyTorch 2.15.0, bf16`, `oneDNN 2.6.3, Winograd`."""
    name, _, rest = entry["label"].partition(", ")
    version = next(iter(entry.get("versions", {}).values()), "") if versions and entry["name"] != "mien" else ""
    parts = [f"{name} {version}".strip(), rest, entry["precision"] if entry["precision"] != "f32" else ""]
    return ", ".join(part for part in parts if part)


def others(results):
    """(median, most) of the processors that other programs used during the turns, over all rows."""
    values = [value for row in results["rows"] for entry in row["entries"] for value in entry.get("others", [])]
    return (statistics.median(values), max(values)) if values else (0.0, 0.0)


def disturbed(row):
    values = [value for entry in row["entries"] for value in entry.get("others", [])]
    return bool(values) and statistics.median(values) > QUIET


def peak(results):
    """The multiply-adds that mien measured in the same run, GFLOP/s by threads: the largest seen."""
    peaks = {}
    for row in results["rows"]:
        for entry in row["entries"]:
            for value in entry.get("peak_gflops", []):
                peaks[row["threads"]] = max(peaks.get(row["threads"], 0), value)
    return peaks
