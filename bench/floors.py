# SPDX-License-Identifier: Apache-2.0
"""What must hold: ratios of one run, each with its floor."""
from dataclasses import dataclass

from contests import ALL, MIXED
from figures import ratio, short


@dataclass
class Floor:
    work: str
    ours: str               # in words, with its figure
    peer: str
    ratio: float | None     # how many times better; or, if `at_most`, the time in the peer's
    floor: float
    at_most: bool = False
    clock: str = ""

    @property
    def held(self):
        if self.ratio is None:
            return "not measured"
        if self.at_most:
            return "yes" if self.ratio <= self.floor else "**no**"
        return "yes" if self.ratio >= self.floor else "**no**"


def of_time(figures, work, ours_at, peer_at, floor, clock, at_most=False):
    """`…_at`: (part, rules, work, cores, program)"""
    ours, peer = figures.find(*ours_at), figures.find(*peer_at)
    times = ratio(peer, ours, clock)
    if times and at_most:
        times = 1 / times
    return Floor(work, told(ours, clock), f"{peer_at[4]} {told(peer, clock)}", times, floor,
                 at_most, clock)


def told(figure, clock):
    if not figure or not figure.costs:
        return "–"
    return f"{short(figure.median(clock))} s"


def same(figures, work, at, peer, floor, clock, at_most=False):
    return of_time(figures, work, (*at, "custos"), (*at, peer), floor, clock, at_most)


def of_memory(figures, key):
    ours, peer = figures.memory.get((key, "custos")), figures.memory.get((key, "clamd"))
    return Floor("8.7 million rules: memory, all processes of a scan on all cores (PSS)",
                 f"{ours.pss / 2**20:.0f} MiB" if ours else "–",
                 f"clamd {peer.pss / 2**20:,.0f} MiB" if peer else "clamd –",
                 peer.pss / ours.pss if ours and peer else None, 20, False, "memory")


def table(figures):
    small, large, one = "383k", "8.7M", 1
    yield same(figures, "8.7 million rules: start to first verdict, one small file",
               ("start", large, "one small file", one), "clamscan", 500, "wall")
    yield of_memory(figures, large)
    yield same(figures, "383,000 rules, all kinds, one core",
               ("corpus", small, MIXED, one), "clamd", 30, "cpu")
    for kind in ("PE", "ELF"):
        yield same(figures, f"383,000 rules, {kind}, one core", ("kinds", small, kind, one),
                   "clamd", 50, "cpu")
    for kind in ("PE", "ELF"):
        yield same(figures, f"8.7 million rules, {kind}, one core", ("kinds", large, kind, one),
                   "clamd", 100, "cpu")
    yield same(figures, "all files unchanged, again, all cores",
               ("rescan", small, "unchanged", ALL), "find", 2, "wall", at_most=True)
    yield of_time(figures, "the same after a day's change of 20,000 rules",
                  ("rescan", small, "after a day", ALL, "custos"),
                  ("rescan", small, "full", ALL, "custos"), 3, "wall")
    yield same(figures, "10,000 files of 4 kB, 383,000 rules, all cores",
               ("small", small, "small files", ALL), "clamd", 5, "wall")
    for kind in ("PE", "ELF"):
        yield same(figures, f"raw ceiling: {kind}, 383,000 rules, one core",
                   ("kinds", small, kind, one), "sha256sum", 4, "cpu", at_most=True)
