# SPDX-License-Identifier: Apache-2.0
"""Where results go: the raw figures, RESULTS.md, the plot and the README's first screen."""
import re

from . import chart, results, table

BEGIN, END = "<!-- benchmarks/peers/publish writes from here -->", "<!-- to here -->"


def replaced(text, block, name):
    """The text with what stands between the two marks exchanged."""
    pattern = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), flags=re.S)
    if len(pattern.findall(text)) != 1:
        raise ValueError(f"{name} should have the lines `{BEGIN}` and `{END}` once each; put them where the peers belong")
    return pattern.sub(lambda _: f"{BEGIN}\n{block.strip()}\n{END}" if block.strip() else f"{BEGIN}\n{END}", text)


def reason_against(found):
    """Why these results do not belong into the documents, or None."""
    if found.get("example"):
        return "their figures are an example"
    if found.get("quick"):
        return "they are of the short run; run benchmarks/peers/run without --quick"
    silent = [table.name_of(row) for row in found["rows"] if results.of_mien(row) is None]
    if silent or not found["rows"]:
        return "mien was not timed in " + ("; ".join(silent) or "any row")
    return None


def for_readme(found):
    machine = found["machine"]
    return (f"![Bars: training and one face, mien and its peers](docs/peers.svg)\n\nOn {machine['cpu']}, {found['threads']} threads, in one run "
            f"of `{found['command']}` on {found['date']}, after all had given the same outputs ([all figures](benchmarks/RESULTS.md)).")


def publish(found, root):
    """Writes everything; returns the paths. Raises ValueError if these results do not belong there."""
    reason = reason_against(found)
    if reason:
        raise ValueError("these results are not published: " + reason)
    texts = {root / "docs" / "peers.svg": chart.svg(found)}
    for path, block in ((root / "benchmarks" / "RESULTS.md", table.markdown(found)), (root / "README.md", for_readme(found))):
        texts[path] = replaced(path.read_text(encoding="utf-8"), block, path.name)
    raw = root / "benchmarks" / "peers" / "results" / f"{found['date']}.json"
    results.save(raw, found)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return [raw, *texts]
