# SPDX-License-Identifier: Apache-2.0
"""The contests: each part runs all programs in turn, on the same files, again and again."""
import json
import os
import shlex
import shutil
import subprocess
import time
from dataclasses import dataclass, field

import measure
import peers
import samples
import worker_memory
from figures import Figure, Figures
from materials import say, size_of
from peers import CPUS, ONE

ALL = len(CPUS)
MIXED = "mixed"
START_RUNS_MIN = 11     # of custos
START_RUNS = 3          # of programs that take seconds for it


@dataclass
class Plan:
    runs: int                   # of custos and of what the machine itself can do
    peer_runs: int              # of clamd
    slow_runs: int              # of clamscan and yara, which load their rules each time
    sizes: dict                 # rule set: MiB of each kind
    elf_sizes: dict             # the same, of ELF: peers are fast there
    mixed: int                  # MiB of everything
    small: int                  # files of 4 kB
    gate_share: dict            # rule set: every how many-th pattern rule
    deadline: float = 0.0       # no peer is run again behind it

    def size(self, key, kind):
        return (self.elf_sizes if kind == "ELF" else self.sizes)[key]

    def is_late(self):
        return bool(self.deadline) and time.monotonic() > self.deadline


@dataclass
class Entry:
    figure: Figure
    call: object                # () -> Cost
    runs: int
    is_peer: bool = False


@dataclass
class Contests:
    materials: object
    plan: Plan
    figures: Figures = field(default_factory=Figures)
    loads: dict = field(default_factory=dict)
    clamd: object = None
    clamd_key: tuple = ()

    def service(self, key, cores):
        """clamd with these rules, started when it is another than the last one."""
        if not peers.which("clamd") or not peers.which("clamdscan"):
            return None
        if self.clamd_key != (key, cores):
            self.stop()
            say(f"starts clamd, {key} rules, {cores} cores")
            clamd = peers.Clamd(self.materials.text_of(key), self.materials.cache / "clamd",
                                cores == 1)
            self.clamd, self.clamd_key = clamd.__enter__(), (key, cores)
            figure = self.figure("load", key, "rules", cores, "clamd")
            figure.costs.append(clamd.load)
        return self.clamd

    def stop(self):
        if self.clamd:
            self.clamd.__exit__()
        self.clamd, self.clamd_key = None, ()

    def figure(self, part, rules, work, cores, program):
        found = self.figures.find(part, rules, work, cores, program)
        if not found:
            found = Figure(part, rules, work, cores, program)
            self.figures.rows.append(found)
        return found

    def entry(self, at, program, call, command, is_peer=False, load=None):
        """`at`: (part, rules, work, cores)"""
        figure = self.figure(*at, program)
        figure.command, figure.load = shlex.join(command), load
        plan = self.plan
        runs = plan.runs if not is_peer else plan.slow_runs if load else plan.peer_runs
        return Entry(figure, call, runs, is_peer)

    def command(self, at, program, command, is_peer=False, load=None):
        pinned = [*(ONE if at[3] == 1 else []), *map(str, command)]
        return self.entry(at, program, lambda: measure.run(pinned), pinned, is_peer, load)

    def scanners(self, at, key, folder, with_clamscan=True):
        """custos and its peers over a folder, on one core or on all."""
        rules, cores = self.materials.rules(key), at[3]
        yield self.command(at, "custos", peers.custos(
            self.materials.custos, rules.segment, [folder], cores))
        if clamd := self.service(key, cores):
            yield self.entry(at, "clamd", lambda: clamd.scan(folder), clamd.command(folder), True)
        if cores == 1 and with_clamscan and peers.which("clamscan"):
            yield self.command(at, "clamscan", peers.clamscan(rules.text, [folder]), True,
                               self.load_of("clamscan", key))
        if rules.yara:
            yield self.command(at, "yara", peers.yara(rules.yara, folder, cores), True,
                               self.load_of("yara", key))

    def limits(self, at, folder):
        """What the machine can do: read, and read and hash."""
        over = peers.all_files if at[3] == 1 else peers.all_files_parallel
        yield self.command(at, "cat", over(folder, "cat"))
        yield self.command(at, "sha256sum", over(folder, "sha256sum"))

    def load_of(self, program, key):
        """What it costs until the rules are loaded: a scan of one small file."""
        if (program, key) not in self.loads:
            rules, one = self.materials.rules(key), self.materials.one()
            command = peers.clamscan(rules.text, [one])
            if program == "yara":
                command = peers.yara(rules.yara, one, 1)
            figure = self.figure("start", key, "one small file", 1, program)
            figure.command = shlex.join(map(str, command))
            for _ in range(START_RUNS):
                figure.costs.append(measure.run([*ONE, *map(str, command)]))
            self.loads[program, key] = measure.Cost(figure.median("wall"), figure.median("cpu"))
        return self.loads[program, key]

    def alternate(self, entries, folder=None):
        entries = list(entries)
        files, size = size_of(folder) if folder else (1, 0)
        for number in range(max(entry.runs for entry in entries)):
            for entry in entries:
                if number >= entry.runs or \
                        number and entry.is_peer and self.plan.is_late():
                    continue
                entry.figure.costs.append(entry.call())
                entry.figure.files, entry.figure.bytes = files, size

    # The parts

    def start(self, key):
        say(f"start, {key} rules")
        at = ("start", key, "one small file", 1)
        rules, one = self.materials.rules(key), self.materials.one()
        ours = self.command(at, "custos", peers.custos(self.materials.custos, rules.segment,
                                                       [one], 1))
        for _ in range(3):
            ours.call()
        ours.runs = max(ours.runs, START_RUNS_MIN)
        self.alternate([ours])
        for program in ("clamscan", "yara"):
            if peers.which(program) and (program != "yara" or rules.yara):
                self.load_of(program, key)

    def kinds(self, key, cores):
        for kind in samples.KINDS:
            folder = self.materials.sample(kind, self.plan.size(key, kind))
            say(f"{kind}, {key} rules, {cores} cores")
            at = ("kinds", key, kind, cores)
            self.alternate([*self.scanners(at, key, folder), *self.limits(at, folder)], folder)
            if cores == 1:
                self.tell_incomplete(key, kind, folder)

    def corpus(self, key, cores):
        """All kinds as they come: the same sample for everybody."""
        folder = self.materials.sample(MIXED, self.plan.mixed)
        say(f"the corpus, {key} rules, {cores} cores")
        at = ("corpus", key, MIXED, cores)
        self.alternate([*self.scanners(at, key, folder), *self.limits(at, folder)], folder)

    def small(self, key, cores):
        folder = self.materials.small(self.plan.small)
        say(f"small files, {key} rules, {cores} cores")
        at = ("small", key, "small files", cores)
        self.alternate([*self.scanners(at, key, folder), *self.limits(at, folder)], folder)

    def memory(self, key):
        say(f"memory, {key} rules")
        rules, kept = self.materials.rules(key), self.figures.memory
        folder = self.materials.sample(MIXED, self.plan.mixed)
        few = self.materials.sample(MIXED, 4)
        command = peers.custos(self.materials.custos, rules.segment, [folder], ALL)
        kept[key, "custos"] = measure.watch_memory(command)
        if clamd := self.service(key, ALL):
            kept[key, "clamd"] = measure.watch_memory(clamd.command(few), [clamd.process.pid])
        if peers.which("clamscan"):
            kept[key, "clamscan"] = measure.watch_memory(peers.clamscan(rules.text, [few]))
        if rules.yara:
            kept[key, "yara"] = measure.watch_memory(peers.yara(rules.yara, few, ALL))

    def workers(self):
        say("private memory of a worker")
        self.figures.workers = list(worker_memory.rows(self.materials.custos))

    def rescan(self, key):
        """All of the corpus with a verdict cache: unchanged, and after a day's change."""
        tree, cache = self.materials.corpus, self.materials.cache / "verdicts"
        rules, day = self.materials.rules(key), self.materials.day()
        copy = cache.with_suffix(".copy")
        for folder in (cache, copy):
            shutil.rmtree(folder, ignore_errors=True)
        say(f"rescan of {tree}")

        def scan(*options, segments=(rules.segment,)):
            more = [f"--database={segment}" for segment in segments[1:]]
            return peers.custos(self.materials.custos, segments[0], [*more, tree], ALL, options)

        def after_day():
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(cache, copy)
            return measure.run(scan(f"--cache={copy}", segments=(rules.segment, day)))

        at = ("rescan", key, "full", ALL)
        both = (rules.segment, day)
        self.figure("rescan", key, "first", ALL, "custos").costs.append(
            measure.run(scan(f"--cache={cache}")))
        unchanged = ("rescan", key, "unchanged", ALL)
        find = ["find", str(tree), "-type", "f", "-printf", "%s\n"]
        self.alternate([
            self.command(unchanged, "custos", scan(f"--cache={cache}")),
            self.command(unchanged, "find", find)], tree)
        entries = [
            self.command(at, "custos", scan("--no-verdict-cache", segments=both)),
            self.entry(("rescan", key, "after a day", ALL), "custos", after_day,
                       scan(f"--cache={copy}", segments=both))]
        self.alternate(entries, tree)
        for folder in (cache, copy):
            shutil.rmtree(folder, ignore_errors=True)

    def tell_incomplete(self, key, kind, folder):
        """Of which files custos says that not all was looked at."""
        command = peers.custos(self.materials.custos, self.materials.rules(key).segment,
                               [folder], ALL)
        done = subprocess.run([*command, "--json"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, check=False)
        records = [json.loads(line) for line in done.stdout.splitlines()]
        paths = {record["path"] for record in records if record["type"] == "incomplete"}
        self.figures.incomplete[key, kind] = len(paths)


def environment_notes():
    """What is not here, and so is not in the tables."""
    for program in ("clamscan", "clamd", "clamdscan", "yara", "yarac"):
        if not peers.which(program):
            yield f"{program} is not installed: its columns are left out."
    if os.cpu_count() != ALL:
        yield f"Of {os.cpu_count()} processors {ALL} could be used."
