# SPDX-License-Identifier: Apache-2.0
"""The raw figures as Markdown: one overview, then a table a row."""
from . import results as r

TASKS = {"train": "training", "infer": "inference"}


def name_of(row):
    what = "one face" if r.in_milliseconds(row) else f"{TASKS[row['task']]}, batch {row['batch']}"
    threads = "1 thread" if row["threads"] == 1 else f"{row['threads']} threads"
    return ", ".join([what, threads] + ([f"`{row['net']}`"] if row["net"] != "seed" else []))


def number(row, value):
    return f"{value:.2f} ms" if r.in_milliseconds(row) else f"{value:,.0f} images/s"


def bare(row, value):
    return number(row, value).split(" ")[0]


def times(value):
    return "" if value is None else f"{value:.2f}"


def cells(row, entry):
    """What the overview says of one contender: name, figure, ratio."""
    if entry is None:
        return ["", "", ""]
    return [r.label(entry), number(row, r.figures(row, entry)[0]), times(r.ratio(row, entry))]


def line(columns):
    return "| " + " | ".join(columns) + " |"


def head(columns):
    return [line(columns), line(["---"] * len(columns))]


def overview(results):
    lines = head(["work", "mien", "fastest peer in float32", "", "mien is x times as fast", "fastest in bf16", "", "x times"])
    for row in results["rows"]:
        ours = r.of_mien(row)
        mark = " (disturbed)" if r.disturbed(row) else ""
        lines.append(line([name_of(row) + mark, number(row, r.figures(row, ours)[0]) if ours else "not timed",
                           *cells(row, r.fastest(row, "f32")), *cells(row, r.fastest(row, "bf16"))]))
    return lines


def refusal(entry):
    word = {"wrong": "WRONG: ", "failed": "failed: ", "skipped": ""}[entry["status"]]
    return f"{word}{entry['why']}"


def detail(row):
    """All contenders of one row, the fastest first."""
    train = row["task"] == "train"
    unit = "ms" if r.in_milliseconds(row) else "images/s"
    lines = [f"**{name_of(row)}**", ""] + head([unit, "median", "least to most", "mien is x times as fast", "variant"] + ["most memory, MB"] * train)
    for entry in sorted(r.timed(row), key=r.median, reverse=True):
        middle, low, high = r.figures(row, entry)
        ratio = "" if entry["name"] == "mien" else times(r.ratio(row, entry))
        memory = [f"{entry['memory_mb']:,.0f}" if entry.get("memory_mb") else ""] if train else []
        lines.append(line([r.label(entry), bare(row, middle), f"{bare(row, low)} to {bare(row, high)}", ratio,
                           entry.get("variant", "").replace("+", " + ")] + memory))
    for entry in row["entries"]:
        if entry["status"] != "timed":
            lines.append(line([r.label(entry), refusal(entry)] + [""] * (3 + train)))
    return lines


def conditions(results):
    """What a reader has to know before he believes a figure."""
    mien, machine = results["mien"], results["machine"]
    middle, most = r.others(results)
    peaks = ", ".join(f"{value:.0f} GFLOP/s with {threads}" for threads, value in sorted(r.peak(results).items()))
    text = [f"mien {mien['version']} ({mien['commit']}, {mien['kernels']}), `{results['command']}`; {machine['system']}, "
            f"{machine['memory_gb']:.0f} GB. Medians of {results['rounds']} turns of about {results['seconds']:g} s, contenders in "
            "turns, the others standing still; each had given the same logits, losses and gradients before. "
            f"Other programs used {middle:.2f} processors meanwhile (median; at most {most:.2f})."]
    if peaks:
        text.append(f"Measured peak of multiply-adds by threads: {peaks}.")
    if results.get("fer2013_memory_mb"):
        text.append(f"`mien train $MIEN_FER2013 --epochs 1`, all pictures loaded, held {results['fer2013_memory_mb']:,.0f} MB at most; "
                    "peers below hold no data set.")
    if results.get("quick"):
        text.append(f"**The short table**: {results['rounds']} turns, fewer rows, each contender's best known variant only.")
    if results.get("example"):
        text.insert(0, "**EXAMPLE: these figures are invented.**")
    return " ".join(text)


def title(results):
    machine = results["machine"]
    return f"### {results['date']}, {machine['cpu']}, {machine['cpus']} CPUs: mien and its peers"


def markdown(results):
    lines = [title(results), "", conditions(results), "", *overview(results)]
    for row in results["rows"]:
        lines += ["", *detail(row)]
    return "\n".join(lines) + "\n"
