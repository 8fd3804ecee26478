# SPDX-License-Identifier: Apache-2.0
"""Drawings of one or two panels with axes, in the colours of mien's own (lib/train/svg.cpp)."""

import math
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

STYLE = """
    text { font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }
    .title { font-size: 15px; font-weight: 600; } .small { font-size: 11px; }
    .page { fill: #ffffff; } .ink { fill: #1f2328; } .faint { fill: #59636e; }
    .line { stroke: #d1d9e0; fill: none; } .mark { fill: #0969da; } .other { fill: #bc4c00; }
    .curve { fill: none; stroke-width: 2; stroke-linejoin: round; }
    .measured { stroke: #0969da; } .peak { stroke: #bc4c00; stroke-dasharray: 5 3; }
    @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117; } .ink { fill: #f0f6fc; } .faint { fill: #9198a1; }
      .line { stroke: #3d444d; } .mark { fill: #4493f8; } .other { fill: #f0883e; }
      .measured { stroke: #4493f8; } .peak { stroke: #f0883e; }
    }"""

LEFT, WIDTH, BETWEEN, RIGHT = 72, 340, 92, 28  # as curves.svg has them, with room for longer numbers
TOP, HEIGHT, BELOW = 108, 220, 60


@dataclass
class Series:
    """Points (x, y), joined if `joined`; `names` stand beside them where there are any."""
    label: str
    kind: str  # `measured` or `peak`
    points: list
    joined: bool = True
    names: list = field(default_factory=list)


@dataclass
class Axis:
    label: str
    logarithmic: bool = False
    ticks: list = None  # all that there are to be; None: round numbers


@dataclass
class Panel:
    title: str
    x: Axis
    y: Axis
    series: list


def text_of(number):
    """A number as a person writes it: 3,412, 45.5, 0.25."""
    if number == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(number))))
    text = f"{number:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def round_step(highest):
    """The least of 1, 2, 5, 10, 20, ... (or a tenth, ...) that cuts [0, highest] into at most six."""
    step = 10.0 ** math.floor(math.log10(highest / 6))
    return next(step * factor for factor in (1, 2, 5, 10) if highest / (step * factor) <= 6.0001)


def round_ticks(low, high):
    """1, 2, 5, 10, ... from the last one at or below `low` to the first one at or above `high`."""
    ticks = [factor * 10.0 ** power for power in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
             for factor in (1, 2, 5)]
    first = max(i for i, tick in enumerate(ticks) if tick <= low * 1.0001)
    last = min(i for i, tick in enumerate(ticks) if tick >= high * 0.9999)
    return ticks[first:last + 1]


class Scale:
    """How the values of an axis become places between `begin` and `end`."""

    def __init__(self, axis, values, begin, end):
        self.logarithmic, self.begin, self.end = axis.logarithmic, begin, end
        if axis.ticks is not None:
            self.ticks, (self.low, self.high) = axis.ticks, (min(axis.ticks), max(axis.ticks))
        elif axis.logarithmic:
            self.ticks = round_ticks(min(values), max(values))
            self.low, self.high = self.ticks[0], self.ticks[-1]
        else:
            step = round_step(max(values))
            self.ticks = [i * step for i in range(math.ceil(max(values) / step - 1e-9) + 1)]
            self.low, self.high = 0, self.ticks[-1]

    def __call__(self, value):
        measure = math.log if self.logarithmic else float
        if self.low == self.high:
            return (self.begin + self.end) / 2
        share = (measure(value) - measure(self.low)) / (measure(self.high) - measure(self.low))
        return self.begin + share * (self.end - self.begin)


def text(x, y, words, kind, anchor="start"):
    where = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'  <text class="{kind}" x="{x:.1f}" y="{y:.1f}"{where}>{escape(words)}</text>\n'


def axes(panel, x, y, left):
    svg = text(left, TOP - 20, panel.title, "ink title")
    for tick in y.ticks:
        svg += f'  <path class="line" d="M{left} {y(tick):.1f}h{WIDTH}"/>\n'
        svg += text(left - 8, y(tick) + 4, text_of(tick), "faint small", "end")
    for tick in x.ticks:
        svg += text(x(tick), TOP + HEIGHT + 18, text_of(tick), "faint small", "middle")
    svg += text(left + WIDTH / 2, TOP + HEIGHT + 38, panel.x.label, "faint small", "middle")
    return svg + text(left + WIDTH, TOP - 20, panel.y.label, "faint small", "end")


def drawn(series, panel, x, y):
    """A line, a dot on each point that names it when pointed at, and its name where it has one."""
    svg, dot = "", "mark" if series.kind == "measured" else "other"
    if series.joined and len(series.points) > 1:
        path = "L".join(f"{x(a):.1f} {y(b):.1f}" for a, b in series.points)
        svg += f'  <path class="curve {series.kind}" d="M{path}"/>\n'
    for a, b in series.points:
        words = f"{panel.x.label} {text_of(a)}, {series.label}: {text_of(b)} {panel.y.label}"
        svg += (f'  <circle class="{dot}" cx="{x(a):.1f}" cy="{y(b):.1f}" r="{3 if dot == "mark" else 2}">'
                f"<title>{escape(words)}</title></circle>\n")
    for (a, b), name in zip(series.points, series.names):
        svg += text(x(a) + 6, y(b) - 6, name, "ink small")
    return svg


def legend(panels, at, y):
    svg, seen = "", set()
    for series in (series for panel in panels for series in panel.series):
        if series.label in seen:
            continue
        seen.add(series.label)
        if series.joined:
            svg += f'  <path class="curve {series.kind}" d="M{at} {y - 4}h24"/>\n'
        else:
            svg += f'  <circle class="{"mark" if series.kind == "measured" else "other"}" cx="{at + 12}" cy="{y - 4}" r="3"/>\n'
        svg += text(at + 32, y, series.label, "mark" if series.kind == "measured" else "other")
        at += 64 + 7 * len(series.label)
    return svg


def drawing(title, panels):
    """A whole SVG file: the title, a legend, the panels side by side."""
    width = LEFT + len(panels) * WIDTH + (len(panels) - 1) * BETWEEN + RIGHT
    height = TOP + HEIGHT + BELOW
    svg = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
           f'role="img">\n  <title>{escape(title)}</title>\n  <style>{STYLE}\n  </style>\n'
           f'  <rect class="page" width="{width}" height="{height}"/>\n')
    svg += text(LEFT, 30, title, "ink title") + legend(panels, LEFT, 56)
    for i, panel in enumerate(panels):
        left = LEFT + i * (WIDTH + BETWEEN)
        points = [point for series in panel.series for point in series.points]
        room = 1.7 if any(series.names for series in panel.series) else 1  # for the last point's name
        x = Scale(panel.x, [a * factor for a, _ in points for factor in (1, room)], left, left + WIDTH)
        y = Scale(panel.y, [b for _, b in points], TOP + HEIGHT, TOP)
        svg += axes(panel, x, y, left) + "".join(drawn(series, panel, x, y) for series in reversed(panel.series))
    return svg + "</svg>\n"
