# SPDX-License-Identifier: Apache-2.0
"""The page of results."""
import os
import platform
import re
import subprocess
import time
from pathlib import Path

import floors
import peers
from contests import ALL, environment_notes
from figures import ratio, short, spread_text
from measure import MIB
from plots import cores_in_words
from samples import KINDS, MEANING

CORE_WORDS = {1: "one core (`taskset`, `--jobs 1`)"}
TITLES = {"383k": "383,000 rules (`make-signatures --count 383000 --shape patterns`)",
          "8.7M": "8.7 million rules (`make-signatures`)"}
METHOD = """\
All programs ran in turn on the same files, again and again; told is the median, in brackets
the least and the most where there is more than one run. Nothing is cached by the scanners
(`--no-verdict-cache`, `DisableCache`, `--disable-cache`); files were in the page cache.
Limits are the same for custos, clamscan and clamd: depth {depth}, {files:,} files, {bytes}
unpacked, {child} for one object, no limit of time for ClamAV. CPU is user and system time of
all processes of a command, those that outlive it among them, for clamd that of the service
and of its client. Rows on one core are judged by CPU, which neighbours on the machine disturb
least, others by the clock on the wall. What clamscan and yara need until their rules are
loaded is taken off their throughput; custos' start is not. yara has the patterns of the same
`ndb` and `ldb` files as YARA rules and no hashes (`bench/yara_rules.py`), and does not look
into containers.
"""


def lines_of(columns, rows):
    yield "| " + " | ".join(columns) + " |"
    yield "|" + "---|" * len(columns)
    for row in rows:
        yield "| " + " | ".join(str(cell) for cell in row) + " |"


def machine():
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    with open("/proc/meminfo", encoding="utf-8") as lines:
        memory = int(lines.readline().split()[1]) / MIB
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release()}"


def clean(text, materials):
    """Commands without the folders of this machine."""
    for folder, name in ((materials.custos, "custos"), (materials.corpus, "CORPUS"),
                         (materials.cache, "CACHE")):
        text = text.replace(str(folder), name)
    for key, folder in materials.given.items():
        text = text.replace(str(folder), f"RULES-{key}") if folder else text
    return re.sub(r"/usr/s?bin/", "", text)


def head(contests, command, load):
    top = Path(__file__).resolve().parent.parent
    commit = subprocess.run(["git", "-C", top, "describe", "--always", "--dirty"],
                            capture_output=True, text=True).stdout.strip()
    said = [f"{name}: {version}" for name in ("clamscan", "clamd", "yara")
            if (version := peers.version_of(name))]
    yield "# Results"
    yield ""
    yield f"Written by `{command}` on {time.strftime('%Y-%m-%d')}, custos at {commit or '?'}. "
    yield f"{machine()}. Load when it began: {load[0]:.1f}, at the end: {os.getloadavg()[0]:.1f}."
    yield "Beside: " + "; ".join(said) + "."
    yield ""
    yield METHOD.format(depth=peers.DEPTH, files=peers.FILES, bytes=peers.BYTES,
                        child=peers.CHILD)
    for rules in contests.materials.sets.values():
        if rules.yara:
            yield f"yara has {rules.yara_count:,} rules of the {rules.title}."
        else:
            yield f"yara is left out with {rules.title} rules: they are not there compiled."
    yield ""
    for note in environment_notes():
        yield note
        yield ""


def floor_table(figures):
    yield "## What must hold"
    yield ""
    rows = []
    for floor in floors.table(figures):
        limit = f"at most {floor.floor}" if floor.at_most else f"{floor.floor}"
        times = short(floor.ratio) if floor.ratio is not None else "–"
        rows.append((floor.work, floor.ours, floor.peer, floor.clock, times, limit, floor.held))
    yield from lines_of(("work", "custos", "beside", "clock", "times", "floor", "held"), rows)
    yield ""


def gate_table(figures):
    if not figures.gates:
        return
    yield "## What is found"
    yield ""
    yield ("Before the clock ran: a file for each `ndb` and `ldb` rule, which it must hit, and "
           "hash rules with known preimages mixed among the others (`bench/gate.py`).")
    yield ""
    rows = []
    for key, gate in figures.gates.items():
        rows.append((key, f"{gate.rules:,}", f"{gate.rules - gate.made:,}",
                     f"{len(gate.no_carrier):,}", f"{gate.found:,}", f"{len(gate.missed):,}",
                     f"{gate.hashes_found:,} of {gate.hashes:,}"))
    yield from lines_of(("rules", "of patterns", "no file can be made",
                         "not met in their file by clamscan either", "hit", "missed",
                         "hashes hit"), rows)
    yield ""


def kinds_tables(figures):
    for key, title in TITLES.items():
        for cores in dict.fromkeys((1, ALL)):
            rows = figures.of("kinds", key, cores)
            if rows:
                yield f"## Throughput, {title}, {CORE_WORDS.get(cores, cores_in_words(cores))}"
                yield ""
                yield from lines_of(*kinds_rows(figures, rows, key))
                yield ""
                yield f"![throughput](plots/kinds-{key}-{cores}.svg)"
                yield ""


def kinds_rows(figures, rows, key):
    programs = figures.programs(rows)
    columns = ["kind", "files", "MiB", *(f"{name}, MiB/s" for name in programs),
               "clamd's CPU in custos'", "custos' CPU in sha256sum's", "not all looked at"]
    table = []
    for kind in KINDS:
        some = {row.program: row for row in rows if row.work == kind and row.costs}
        if not some:
            continue
        ours = some["custos"]
        table.append([kind, f"{ours.files:,}", f"{ours.bytes / MIB:.0f}",
                      *(rates(some.get(name)) for name in programs),
                      times(ratio(some.get("clamd"), ours, "cpu")),
                      times(ratio(ours, some.get("sha256sum"), "cpu")),
                      figures.incomplete.get((key, kind), "–")])
    return columns, table


def times(value):
    return "–" if value is None else short(value)


def rates(row):
    if not row:
        return "–"
    return spread_text([row.bytes / MIB / value for value in row.values(row.clock)])


def work_table(figures, part, title, per_file):
    rows = [row for row in figures.of(part) if row.costs]
    if not rows:
        return
    yield f"## {title}"
    yield ""
    table = [(row.rules, row.work, row.cores, row.program, row.seconds("wall"),
              row.seconds("cpu"), speed(row, per_file)) for row in rows]
    yield from lines_of(("rules", "work", "cores", "program", "wall, s", "CPU, s",
                         "files/s" if per_file else "MiB/s"), table)
    yield ""


def speed(row, per_file):
    if not row.bytes:
        return "–"
    if per_file:
        return f"{row.files / row.median('wall'):,.0f}"
    return short(row.rate("wall"))


def memory_table(figures):
    if not figures.memory:
        return
    yield "## Memory"
    yield ""
    yield from lines_of(
        ("rules", "program", "PSS of all processes, peak, MiB", "RSS of the largest, peak, MiB"),
        [(key, program, f"{used.pss / MIB:,.0f}", f"{used.rss / MIB:,.0f}")
         for (key, program), used in figures.memory.items()])
    yield ""
    yield "![memory](plots/memory.svg)"
    yield ""


def worker_table(figures):
    if figures.workers:
        yield "## Private memory of a worker, built-in rules, the most"
        yield ""
        yield from lines_of(("scanned", "MiB", "times looked at"),
                            [(name, short(peak / MIB), looks)
                             for name, peak, looks in figures.workers])
        yield ""


def commands(figures, materials):
    yield "## Commands"
    yield ""
    seen = {}
    for row in figures.rows:
        if row.command:
            seen.setdefault((row.part, row.program, row.cores), row)
    for (part, program, cores), row in seen.items():
        yield f"- {part}, {program}, {cores_in_words(cores)}, {row.rules}, {row.work}: "
        yield f"  `{clean(row.command, materials)}`"
    yield ""


def page(contests, command, load):
    figures = contests.figures
    yield from head(contests, command, load)
    yield from floor_table(figures)
    yield from gate_table(figures)
    yield from kinds_tables(figures)
    yield "On one core a second is one of CPU, else one on the wall. Kinds: " + \
        "; ".join(f"{kind}: {said}" for kind, said in MEANING.items()) + ". The last column " \
        "counts files in which custos met something that it cannot open yet, or that is " \
        "damaged, and says so."
    yield ""
    yield from work_table(figures, "corpus", "The corpus, all kinds", False)
    yield from work_table(figures, "small", "10,000 files of 4 kB", True)
    yield from work_table(figures, "start", "Start to first verdict, one small file", False)
    if figures.of("start"):
        yield "![start](plots/start.svg)"
        yield ""
    yield from work_table(figures, "load", "Until clamd answers", False)
    yield from memory_table(figures)
    yield from worker_table(figures)
    yield from work_table(figures, "rescan", "All of the corpus again", True)
    yield from commands(figures, contests.materials)
