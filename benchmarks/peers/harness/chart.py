# SPDX-License-Identifier: Apache-2.0
"""The raw figures as a picture: two groups of bars, narrow enough for a telephone, in the colours of mien's other plots."""
import statistics
from xml.sax.saxutils import escape

from . import results as r

WIDTH, LEFT, RIGHT, LINE = 430, 152, 58, 25  # wide fonts too
BAR = WIDTH - LEFT - RIGHT

# As lib/train/svg.cpp has it; peers are grey, paler where they compute in bf16.
STYLE = """
    text { font: 14px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
    .title { font-size: 15px; font-weight: 600; } .small { font-size: 12px; } .own { font-weight: 600; }
    .page { fill: #ffffff; } .ink { fill: #1f2328; } .faint { fill: #59636e; }
    .line { stroke: #d1d9e0; } .mark { fill: #0969da; } .peer { fill: #8c959f; } .half { fill: #c8d1da; } .other { fill: #bc4c00; }
    @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117; } .ink { fill: #f0f6fc; } .faint { fill: #9198a1; }
      .line { stroke: #3d444d; } .mark { fill: #4493f8; } .peer { fill: #656c76; } .half { fill: #3d444d; } .other { fill: #f0883e; }
    }"""


def text(x, y, words, classes, anchor="start"):
    return f'  <text x="{x:g}" y="{y:g}" class="{classes}" text-anchor="{anchor}">{escape(words)}</text>'


def scale_of(values):
    """What the longest bar stands for: one that is far slower than the rest must not make dots of the others."""
    return min(max(values), 3 * statistics.median(values))


def bar(y, entry, value, scale, words):
    ours = entry["name"] == "mien"
    kind = "mark" if ours else "peer" if entry["precision"] == "f32" else "half"
    length = min(BAR, max(2.0, BAR * value / scale))
    weight = " own" if ours else ""
    lines = [text(LEFT - 8, y + 15, r.label(entry, versions=False), "ink" + weight, "end"),
             f'  <rect x="{LEFT}" y="{y + 2:g}" width="{length:.1f}" height="17" rx="2" class="{kind}"/>',
             text(LEFT + length + 6, y + 15, words, "ink" + weight)]
    if value > scale:  # a bar that is cut off shows it
        x = LEFT + 0.85 * BAR
        lines.append(f'  <path d="M{x:g} {y + 20:g} l6 -19 h6 l-6 19 z" class="page"/>')
    return lines


def panel(y, heading, note, row):
    """A heading and a bar a contender, mien's and its peers', the best on top; returns the lines and where the next panel begins."""
    lines = [text(12, y + 16, heading, "ink title"), text(12, y + 33, note, "faint small")]
    y += 42
    entries = sorted(r.timed(row), key=r.median, reverse=True)
    values = [r.figures(row, entry)[0] for entry in entries]
    for entry, value in zip(entries, values):
        words = f"{value:.2f}" if r.in_milliseconds(row) else f"{value:,.0f}"
        lines += bar(y, entry, value, scale_of(values), words)
        y += LINE
    return lines, y + 12


def panels(results):
    threads = results["threads"]
    wanted = [("train", 32, "Training, images a second", "batch 32; longer is better, pale bars compute in bf16"),
              ("infer", 1, "One face, milliseconds", "a forward pass; shorter is better")]
    for task, batch, heading, note in wanted:
        row = r.find(results, task, "seed", batch, threads)
        if row and r.timed(row):
            yield heading, note, row


def footer(results):
    machine = results["machine"]
    threads = results["threads"]
    lines = [f"{machine['cpu']}, {threads} thread{'s' if threads > 1 else ''}, {results['date']}",
             f"medians of {results['rounds']} turns in one run, same outputs first"]
    return lines + (["EXAMPLE: these figures are invented"] if results.get("example") else [])


def svg(results):
    """Raises ValueError where nothing was timed that the plot shows."""
    lines, y = [], 10
    for heading, note, row in panels(results):
        more, y = panel(y, heading, note, row)
        lines += more
    if not lines:
        raise ValueError("nothing to plot: neither training at batch 32 nor one face was timed")
    lines.append(f'  <line x1="12" y1="{y - 4}" x2="{WIDTH - 12}" y2="{y - 4}" class="line"/>')
    for words in footer(results):
        y += 16
        lines.append(text(12, y, words, "other small" if words.startswith("EXAMPLE") else "faint small"))
    height = y + 12
    title = "How fast mien and its peers train, and infer one face"
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"  <title>{title}</title>", f"  <style>{STYLE}", "  </style>",
        f'  <rect class="page" width="{WIDTH}" height="{height}"/>', *lines, "</svg>", ""])
