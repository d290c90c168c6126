# SPDX-License-Identifier: Apache-2.0
"""Bars on a logarithmic scale, as SVG, that read on a light and on a dark page."""
import math
from html import escape

from contests import ALL
from figures import short
from samples import KINDS

COLOURS = {"custos": "#1f7a4d", "clamd": "#c0392b", "clamscan": "#d98880", "yara": "#c9a227",
           "sha256sum": "#5d6d7e", "cat": "#aeb6bf", "find": "#aeb6bf"}
WIDTH, LEFT, RIGHT, TOP, BAR, GAP, BOTTOM = 760, 130, 70, 64, 13, 12, 34
STYLE = ("text{font:12px sans-serif;fill:#222}.t{font-size:15px;font-weight:bold}"
         ".a{stroke:#bbb}@media(prefers-color-scheme:dark){text{fill:#ddd}.a{stroke:#555}}")


def text(x, y, words, more=""):
    return f'<text x="{x:.0f}" y="{y:.0f}"{more}>{escape(words)}</text>'


def bars(title, unit, groups):
    """`groups`: [(name, [(program, value)])]"""
    values = [value for _, some in groups for _, value in some if value > 0]
    low = math.floor(math.log10(min(values)))
    high = max(low + 1, math.ceil(math.log10(max(values))))
    room = WIDTH - LEFT - RIGHT

    def place(value):
        return LEFT + room * (math.log10(max(value, 10.0 ** low)) - low) / (high - low)

    body, y = [], TOP
    for name, some in groups:
        body.append(text(LEFT - 8, y + BAR * len(some) / 2 + 4, name, ' text-anchor="end"'))
        for program, value in some:
            body.append(f'<rect x="{LEFT}" y="{y}" width="{max(place(value) - LEFT, 1):.1f}" '
                        f'height="{BAR - 2}" fill="{COLOURS[program]}"/>')
            body.append(text(place(value) + 4, y + BAR - 3, short(value)))
            y += BAR
        y += GAP
    return frame(title, unit, legend(groups) + grid(low, high, place, y) + body, y + BOTTOM)


def grid(low, high, place, bottom):
    made = []
    for power in range(low, high + 1):
        x = place(10.0 ** power)
        made.append(f'<line class="a" x1="{x:.0f}" y1="{TOP - 6}" x2="{x:.0f}" y2="{bottom}"/>')
        made.append(text(x, bottom + 16, f"{10.0 ** power:g}", ' text-anchor="middle"'))
    return made


def legend(groups):
    made, x = [], LEFT
    for program in dict.fromkeys(program for _, some in groups for program, _ in some):
        made.append(f'<rect x="{x}" y="36" width="11" height="11" fill="{COLOURS[program]}"/>')
        made.append(text(x + 15, 46, program))
        x += 36 + 7 * len(program)
    return made


def frame(title, unit, body, height):
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
            f'viewBox="0 0 {WIDTH} {height}">')
    return "\n".join([head, f"<style>{STYLE}</style>",
                      text(8, 22, f"{title} ({unit}, logarithmic)", ' class="t"'),
                      *body, "</svg>"]) + "\n"


def of_kinds(figures, key, cores):
    groups = []
    for kind in KINDS:
        rows = [row for row in figures.of("kinds", key, cores) if row.work == kind and row.costs]
        groups.append((kind, [(row.program, row.rate(row.clock)) for row in rows]))
    return [group for group in groups if group[1]]


def cores_in_words(cores):
    return "one core" if cores == 1 else f"{cores} cores"


def all_of(figures):
    """(file name, title, SVG)"""
    for key in ("383k", "8.7M"):
        for cores in dict.fromkeys((1, ALL)):
            if groups := of_kinds(figures, key, cores):
                title = f"Throughput, {key} rules, {cores_in_words(cores)}"
                yield f"kinds-{key}-{cores}.svg", title, bars(title, "MiB a second", groups)
    starts = {}
    for row in figures.of("start"):
        starts.setdefault(row.rules, []).append((row.program, row.median("wall")))
    if starts:
        yield "start.svg", "Start to first verdict", bars(
            "Start to first verdict, one small file", "seconds", list(starts.items()))
    memory = {}
    for (key, program), used in figures.memory.items():
        memory.setdefault(key, []).append((program, used.pss / 2 ** 20))
    if memory:
        yield "memory.svg", "Memory", bars("Memory of all processes (PSS)", "MiB",
                                           list(memory.items()))
