# SPDX-License-Identifier: Apache-2.0
"""From figures to drawings, and from drawings to docs/growth.md."""

import re

from measure import flop
from svg import Axis, Panel, Series, drawing, text_of

PEAK = "what direct convolution could do at peak"
IMAGES = "pictures a second"
TITLES = {"train": "Training", "infer": "Inference"}


def growing(figures, growth, task):
    return [figure for figure in figures if figure["growth"] == growth and figure["task"] == task]


def ceiling(figure):
    """Pictures a second if every multiply-add of a direct computation ran at the measured peak."""
    return figure["peak_gflops"] * 1e9 / flop(figure)


def images_panel(figures, task, place, x, y, names=None):
    """Pictures a second over place(figure), and the ceiling."""
    ordered = sorted(figures, key=place)
    measured = Series("measured", "measured", [(place(f), f["images_per_s"]) for f in ordered])
    if names is not None:
        measured.joined, measured.names = False, [names(f) for f in ordered]
    peak = Series(PEAK, "peak", [(place(f), ceiling(f)) for f in ordered])
    return Panel(TITLES[task], x, y, [measured, peak])


def threads_text(figures):
    threads = max(figure["threads"] for figure in figures)
    return f"{threads} threads" if threads > 1 else "1 thread"


def batch(figures):
    ticks = sorted({figure["batch"] for figure in figures})
    return (f"The batch grows: network {figures[0]['net']}, {threads_text(figures)}",
            lambda rows, task: images_panel(rows, task, lambda f: f["batch"], Axis("batch", True, ticks), Axis(IMAGES)))


def threads(figures):
    ticks = sorted({figure["threads"] for figure in figures})
    return (f"Threads are added: network {figures[0]['net']}, batch {figures[0]['batch']}",
            lambda rows, task: images_panel(rows, task, lambda f: f["threads"], Axis("threads", len(ticks) > 8, ticks),
                                            Axis(IMAGES)))


def width(figures):
    ticks = sorted({figure["width"] for figure in figures})
    return (f"The network grows wider: {figures[0]['net']} with so many times the filters, batch {figures[0]['batch']}, "
            f"{threads_text(figures)}",
            lambda rows, task: images_panel(rows, task, lambda f: f["width"], Axis("filters, times", True, ticks),
                                            Axis(IMAGES, True)))


def size(figures):
    return (f"Networks by name, batch {figures[0]['batch']}, {threads_text(figures)}",
            lambda rows, task: images_panel(rows, task, lambda f: flop(f) / 1e6, Axis("MFLOP a picture", True),
                                            Axis(IMAGES, True), lambda f: f["net"]))


def memory(figures):
    ticks = sorted({figure["batch"] for figure in figures})

    def panel(rows, task):
        points = sorted((figure["batch"], figure["memory_mb"]) for figure in rows)
        return Panel(TITLES[task], Axis("batch", True, ticks), Axis("MB", True), [Series("measured", "measured", points)])
    return f"Memory over the batch: network {figures[0]['net']}, {threads_text(figures)}", panel


# Name of the drawing: what makes it, the figures it takes, and what it shows, for those who cannot see it.
PLOTS = {
    "batch": (batch, "batch", "Pictures a second over the batch, in training and inference"),
    "threads": (threads, "threads", "Pictures a second over the number of threads, in training and inference"),
    "width": (width, "width", "Pictures a second over the number of filters, in training and inference"),
    "size": (size, "size", "Pictures a second of the networks by name over their arithmetic, in training and inference"),
    "memory": (memory, "batch", "Memory over the batch, in training and inference"),
}


def drawings(figures):
    """{name: SVG} of everything that was measured."""
    result = {}
    for name, (make, growth, _) in PLOTS.items():
        rows = [figure for figure in figures if figure["growth"] == growth]
        if rows:
            title, panel = make(rows)
            by_task = {task: growing(rows, growth, task) for task in TITLES}
            result[name] = drawing(title, [panel(found, task) for task, found in by_task.items() if found])
    return result


def origin(results, file):
    """Where and when, for the page."""
    machine = results.get("cpu", "an unnamed processor")
    return (f"Measured on {results['date']} on {machine}, {results['threads']} threads, kernels {results.get('kernels', 'unknown')}, "
            f"median of {results['runs']} runs; the peak: {text_of(max(f['peak_gflops'] for f in results['figures']))} GFLOP/s. "
            f"[Raw figures]({file}).")


def filled(page, names, words):
    """The page with its drawings behind `<!-- plot: NAME -->`, and `words` behind `<!-- origin -->`."""
    page = re.sub(r"(<!-- origin -->\n)(?:[^\n]+\n)?", lambda found: found[1] + words + "\n", page)
    for name in names:
        image = f"![{PLOTS[name][2]}](growth-{name}.svg)\n"
        page = re.sub(rf"(<!-- plot: {name} -->\n)(?:!\[[^\n]*\n)?", lambda found: found[1] + image, page)
    return page
