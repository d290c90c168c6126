# SPDX-License-Identifier: Apache-2.0
"""Rules and the files made for them, through both programs, batch by batch."""
import shutil
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import bytecode
import engines
import hashes
import members
import rule_text
from pattern import Unsolved
from solve import Solver

BATCH = 3000  # files


@dataclass
class Entry:
    """A rule as it is loaded, and what was made for it."""
    kind: str
    line: str
    name: str
    unsolved: str = ""
    is_silent: bool = False                     # for another engine, or part of a macro
    files: dict = field(default_factory=dict)   # name: bytes
    found: bool = False                         # by clamscan, in one of its positives


@dataclass
class Difference:
    rule: str
    line: str        # of the rule, or ""
    found_by: str
    file: str
    data: bytes

    def __str__(self):
        return f"{self.rule}: found by {self.found_by} alone in {self.file}: {self.line[:300]}"


@dataclass
class Report:
    entries: list
    differences: list = field(default_factory=list)
    incomplete: Counter = field(default_factory=Counter)    # reason: files
    crashes: list = field(default_factory=list)             # files on which clamscan crashed
    paths: list = field(default_factory=list)               # of the processor
    paths_differ: list = field(default_factory=list)        # files and findings, as text
    file_count: int = 0

    def rules_that_differ(self):
        return {difference.rule for difference in self.differences}


def macro_groups(rules):
    """The patterns of macros, by target and group."""
    groups = defaultdict(list)
    for kind, line in rules:
        if kind in ("ndb", "ndu") and ":$" in line:
            rule = rule_text.read(kind, line)
            sub = rule.subs[0]
            if sub.offset.base == "$" and not rule.is_off:
                groups[rule.target, sub.offset.section].append(sub.text)
    return groups


def make_entry(number, rule, rng, copies=1, groups=None):
    """Files for a rule: positives end in p, near misses in n."""
    kind, line = rule
    entry = Entry(kind, line, rule_text.name_of(kind, line))
    try:
        if hashes.is_hash(kind) or kind == "cdb":
            entry.is_silent = rule_text.is_off(line.split(":")[10 if kind == "cdb" else 3:])
        if hashes.is_hash(kind):
            entry.line, positive, miss = hashes.remade(kind, line, rng)
            entry.files = {f"{number}-0p": positive, f"{number}-0n": miss}
            return entry
        if kind in members.KINDS:
            for copy in range(copies):
                entry.files[f"{number}-{copy}p"], entry.files[f"{number}-{copy}n"] = \
                    members.made(kind, line, rng)
            return entry
        read = rule_text.read(kind, line)
        entry.is_silent = read.is_off or any(sub.offset.base == "$" for sub in read.subs)
        solver = Solver(read, rng, groups)
        for copy in range(copies):
            entry.files[f"{number}-{copy}p"] = solver.positive()
            entry.files[f"{number}-{copy}n"] = solver.near_miss()
    except (Unsolved, ValueError, RecursionError) as unsolved:
        entry.unsolved = str(unsolved) or type(unsolved).__name__
    return entry


def write_rules(entries, folder):
    lines = defaultdict(list)
    for number, entry in enumerate(entries):
        if entry.kind == "cbc":
            (folder / f"program{number}.cbc").write_bytes(bytecode.file_of(entry.line))
        else:
            lines[entry.kind].append(entry.line)
    for kind, text in lines.items():
        (folder / f"rules.{kind}").write_text("".join(f"{line}\n" for line in text), "latin-1")


def compare(entries, work, custos, compat):
    """Scans what was made, with all rules loaded; a Report."""
    report = Report(entries, paths=engines.cpu_paths(custos))
    rules = Path(work) / "rules"
    rules.mkdir()
    write_rules(entries, rules)
    lines = {entry.name: entry.line for entry in entries}
    batch, size = [], 0
    for entry in entries + [None]:
        if entry:
            batch.append(entry)
            size += len(entry.files)
        if batch and (size >= BATCH or not entry):
            folder = Path(work) / "files"
            owners = write_files(batch, folder)
            there, crashed = engines.run_clamscan(rules, folder)
            report.crashes += crashed
            here, incomplete = engines.run_custos(custos, rules, folder,
                                                  [f"--compat={compat}"])
            for path in report.paths:
                there_too, _ = engines.run_custos(
                    custos, rules, folder, [f"--compat={compat}", f"--cpu-path={path}"])
                report.paths_differ += differences(path, here, there_too)
            for name, entry in owners.items():
                if name in crashed:
                    continue
                judge(report, entry, name, here.get(name, set()), there.get(name, set()), lines)
                report.incomplete.update(incomplete.get(name, ()))
            report.file_count += len(owners)
            shutil.rmtree(folder)
            batch, size = [], 0
    return report


def differences(path, best, other):
    """What is found in files on the best path of the processor, and what on another."""
    return [f"{path}: {name}: {sorted(other.get(name, ()))}, not {sorted(best.get(name, ()))}"
            for name in sorted(best.keys() | other.keys())
            if best.get(name) != other.get(name)]


def write_files(batch, folder):
    folder.mkdir()
    owners = {}
    for entry in batch:
        for name, data in entry.files.items():
            (folder / name).write_bytes(data)
            owners[name] = entry
    return owners


def judge(report, entry, name, ours, theirs, lines):
    theirs = {rule for rule in theirs if not rule.startswith("Heuristics.")}
    if name.endswith("p") and entry.name in theirs:
        entry.found = True
    for rule in sorted(ours ^ theirs):
        side = "clamscan" if rule in theirs else "custos"
        report.differences.append(
            Difference(rule, lines.get(rule, ""), side, name, entry.files[name]))
    entry.files[name] = None
