# SPDX-License-Identifier: Apache-2.0
"""
Before anything is timed: does custos find what the rules are for?

A file is made for every ndb and ldb rule (the solver of the differential test), and the
rule must hit it. Hash rules with known preimages are mixed, at places by chance, among the
others, the whole set is compiled, and each must hit its file. A rule for which no file can be
made is counted. What custos does not find is shown to clamscan, if that is here: what both do
not find is no carrier (bytes that no normalised text can have, for the most part).
"""
import hashlib
import itertools
import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests"
sys.path[:0] = [str(TESTS / "differential"), str(TESTS / "support")]

import engines  # noqa: E402
import hashes  # noqa: E402
import rule_text  # noqa: E402
from pattern import Unsolved  # noqa: E402
from solve import Solver  # noqa: E402

BATCH = 20000           # files at once
# Rules with known preimages: of what kind and digest, and how many of ten.
HASHES = (("hdb", 32, 3), ("hsb", 32, 2), ("hsb", 40, 1), ("hsb", 64, 2), ("mdb", 32, 2))
DIGESTS = {32: "md5", 40: "sha1", 64: "sha256"}
HEAD = b"\1\xfe\2\xfd"  # no known type


@dataclass
class Report:
    rules: int = 0              # that a file was to be made for
    made: int = 0
    found: int = 0
    hashes: int = 0
    hashes_found: int = 0
    unsolved: Counter = field(default_factory=Counter)
    no_carrier: list = field(default_factory=list)
    missed: list = field(default_factory=list)

    @property
    def holds(self):
        return not self.missed and self.hashes == self.hashes_found and self.found > 0


def preimage(kind, digits, number, rng):
    """(a line, the bytes that it names)"""
    name = f"Known.{kind}-{number}"
    if kind == "mdb":
        line, data, _ = hashes.remade(kind, f"512:{'0' * digits}:{name}", rng)
        return line, data
    data = HEAD + rng.randbytes(int(2 ** rng.uniform(2, 12 if number % 10 else 20)))
    digest = hashlib.new(DIGESTS[digits], data).hexdigest()
    return f"{digest}:{len(data)}:{name}:73", data


def known_hashes(count, rng):
    """[(kind, line, bytes)]"""
    kinds = [(kind, digits) for kind, digits, share in HASHES for _ in range(share)]
    return [(kind, *preimage(kind, digits, number, rng))
            for number, (kind, digits) in zip(range(count), itertools.cycle(kinds))]


def mix(rules, folder, known, rng):
    """A copy of the rules, with the known ones at places by chance."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for source in sorted(rules.iterdir()):
        lines = source.read_bytes().splitlines(keepends=True)
        own = [line for kind, line, _ in known if source.suffix == "." + kind]
        for line in own:
            at = rng.randrange(len(lines))
            lines[at] += line.encode() + b"\n"
        (folder / source.name).write_bytes(b"".join(lines))


def make(job):
    """Writes a file for a rule: (its name, the rule's name, none), or why it cannot."""
    kind, number, line, folder = job
    try:
        rule = rule_text.read(kind, line)
        data = Solver(rule, random.Random(number)).positive()
    except (Unsolved, ValueError, RecursionError) as unsolved:
        return None, line, str(unsolved) or type(unsolved).__name__
    name = f"{kind}-{number}"
    Path(folder, name).write_bytes(data)
    return name, rule.name, None


def scan(custos, segment, folder):
    """{file name: rules that hit it or what is in it}"""
    done = subprocess.run([custos, "scan", "--no-verdict-cache", "--all-matches", "--json",
                           "--no-progress", f"--database={segment}", "."],
                          cwd=folder, capture_output=True)
    if done.returncode not in (0, 1, 3):
        raise RuntimeError(done.stderr.decode("utf-8", "replace")[:2000])
    found = {}
    for line in done.stdout.splitlines():
        record = json.loads(line)
        if record["type"] == "finding":
            path = record["path"].removeprefix("./")
            found.setdefault(path, set()).add(engines.rule_name(record))
    return found


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def lines_of(rules, share):
    """(kind, number, line) of every `share`-th rule of the pattern languages."""
    for kind in ("ndb", "ldb"):
        for path in sorted(rules.glob(f"*.{kind}")):
            with open(path, encoding="latin-1") as lines:
                for number, line in enumerate(lines):
                    if number % share == 0:
                        yield kind, number, line.rstrip("\n")


def in_batches(jobs):
    while batch := list(itertools.islice(jobs, BATCH)):
        yield batch


def missed_of(custos, segment, folder, batch, pool, report):
    """The rules of a batch that do not hit the files made for them."""
    fresh(folder)
    jobs = [(*rule, str(folder)) for rule in batch]
    wanted = {}
    for rule, (name, said, unsolved) in zip(batch, pool.imap(make, jobs, 100)):
        if unsolved:
            report.unsolved[unsolved.translate({ord(d): "#" for d in "0123456789"})] += 1
        else:
            wanted[name] = (said, rule)
    report.rules += len(batch)
    report.made += len(wanted)
    found = scan(custos, segment, folder)
    missed = [rule for name, (said, rule) in wanted.items() if said not in found.get(name, ())]
    report.found += len(wanted) - len(missed)
    return missed


def judge(folder, missed, report):
    """Are their files carriers for clamscan?"""
    rules = fresh(folder.parent / "missed")
    alone, by_kind = fresh(folder.parent / "alone"), {}
    for kind, number, line in missed:
        by_kind.setdefault(kind, []).append(line)
        os.link(folder / f"{kind}-{number}", alone / f"{kind}-{number}")
    for kind, lines in by_kind.items():
        (rules / f"missed.{kind}").write_text("\n".join(lines) + "\n", "latin-1")
    there = engines.run_clamscan(rules, alone)[0] if engines.clamscan_version() else None
    for kind, number, line in missed:
        name = rule_text.name_of(kind, line)
        if there is None or name in there.get(f"{kind}-{number}", ()):
            report.missed.append(f"{kind}: {line}")
        else:
            report.no_carrier.append(f"{kind}: {line}")


def patterns(custos, segment, rules, work, share, report):
    with multiprocessing.Pool(len(os.sched_getaffinity(0))) as pool:
        for batch in in_batches(lines_of(rules, share)):
            missed = missed_of(custos, segment, work / "files", batch, pool, report)
            if missed:
                judge(work / "files", missed, report)


def preimages(custos, segment, known, work, report):
    folder = fresh(work / "files")
    for number, (_, _, data) in enumerate(known):
        (folder / str(number)).write_bytes(data)
    found = scan(custos, segment, folder)
    for number, (kind, line, _) in enumerate(known):
        hit = rule_text.name_of(kind, line) in found.get(str(number), ())
        report.hashes_found += hit
        if not hit:
            report.missed.append(f"{kind}: {line}")
    report.hashes = len(known)


def run(custos, rules, work, share, hash_count):
    """Builds the mixed set and asks it; a Report. `share`: every how many-th pattern rule."""
    rng, report = random.Random(1), Report()
    known = known_hashes(hash_count, rng)
    mix(rules, work / "rules", known, rng)
    segment = work / "mixed.cseg"
    subprocess.run([custos, "db", "build", "-o", segment, work / "rules"], check=True,
                   stdout=subprocess.DEVNULL)
    preimages(custos, segment, known, work, report)
    patterns(custos, segment, rules, work, share, report)
    shutil.rmtree(work)
    return report
