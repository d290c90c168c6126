# SPDX-License-Identifier: Apache-2.0
"""Figures: what was run how often on what, and what it cost each time."""
import statistics
from dataclasses import dataclass, field

from measure import MIB

SPREAD_MIN = 2      # runs from which a spread is told


@dataclass
class Figure:
    part: str               # start, kinds, corpus, small, rescan
    rules: str              # the rule set, or "" where there is none
    work: str
    cores: int
    program: str
    bytes: int = 0
    files: int = 0
    command: str = ""
    costs: list = field(default_factory=list)
    load: object = None     # what of each cost was spent on loading rules, taken off

    @property
    def clock(self):
        """CPU on one core, which neighbours disturb least; else the clock on the wall."""
        return "cpu" if self.cores == 1 else "wall"

    def values(self, clock):
        loaded = getattr(self.load, clock) if self.load else 0.0
        return [max(getattr(cost, clock) - loaded, 1e-4) for cost in self.costs]

    def median(self, clock):
        return statistics.median(self.values(clock))

    def rate(self, clock):
        """MiB a second."""
        return self.bytes / MIB / self.median(clock)

    def seconds(self, clock):
        return spread_text(self.values(clock))


def spread_text(values):
    middle = short(statistics.median(values))
    if len(values) < SPREAD_MIN:
        return middle
    return f"{middle} ({short(min(values))} – {short(max(values))})"


def short(value):
    """Three digits that count."""
    if value >= 100:
        return f"{value:,.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if value >= 1 else f"{value:.4f}" if value < 0.1 else f"{value:.3f}"


class Figures:
    def __init__(self):
        self.rows, self.workers = [], []
        self.memory, self.gates, self.incomplete = {}, {}, {}

    def find(self, part, rules, work, cores, program):
        for row in self.rows:
            if (row.part, row.rules, row.work, row.cores, row.program) == \
                    (part, rules, work, cores, program):
                return row
        return None

    def of(self, part, rules=None, cores=None):
        return [row for row in self.rows if row.part == part and
                (rules is None or row.rules == rules) and
                (cores is None or row.cores == cores)]

    def programs(self, rows):
        return list(dict.fromkeys(row.program for row in rows))


def ratio(peer, ours, clock):
    """How many times the peer's time is ours; none if one of them is not there."""
    if not peer or not ours or not peer.costs or not ours.costs:
        return None
    return peer.median(clock) / ours.median(clock)
