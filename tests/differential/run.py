#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
The differential test: rules, files made for them, and the names of the rules that
clamscan 1.4.6 and custos find in each. Output is TAP.

    run.py random [--seed N] [--count N]     rules by chance, over the whole grammar
    run.py published [--limit N] [FILE…]     published rules: all of ClamAV's languages in
                                             CUSTOS_SHARED (default ../shared), or FILEs

    --compat none|clamav    how custos reads them (clamav)
    --keep FOLDER           keep each file that both see otherwise, its rule beside it, and
                            all rules; what the folder held goes
    CUSTOS                  the program, default build/custos of this tree

For each rule a file is made that carries it, and a near miss (solve.py). What differs and
is of no known class (known.py) is an error, and so is more than 1 in 1,000 published
rules, or 2 in 1,000 by chance.
"""
import argparse
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parent.parent
sys.path.insert(0, str(HERE.parent / "support"))

import bytecode  # noqa: E402
import compare  # noqa: E402
import engines  # noqa: E402
import known  # noqa: E402
import random_rules  # noqa: E402

CUSTOS = os.environ.get("CUSTOS", str(TOP / "build" / "custos"))
SHARED = Path(os.environ.get("CUSTOS_SHARED", TOP.parent / "shared"))
VERSION = "1.4.6"
# Of rules, those that may differ; of few rules one is many.
DIFFER_MAX = {"random": 0.002, "published": 0.001}
FEW_RULES = 1000
# Classes of what a parser is missing for: told, and not counted among the few.
LATER = {"layers"}
# Of rules, those that clamscan finds in the file made for them. Offsets by chance often
# ask for two things at one place: of those as many may be without files.
SOLVED_MIN = {"random": 0.8, "published": 0.95}
UNSOLVED_MAX = {"random": 0.25, "published": 0.05}
LISTED = 40


def published(arguments, rng):
    """(kind, line) of rule files."""
    paths = arguments.paths or sorted((SHARED / "data/signatures/clamav").glob("*.*db"))
    rules = []
    for path in paths:
        for line in path.read_bytes().decode("latin-1").split("\n"):
            line = line.rstrip("\r")
            if line and not line.startswith("#"):
                rules.append((path.suffix[1:].lower(), line))
    if arguments.limit and arguments.limit < len(rules):
        rules = rng.sample(rules, arguments.limit)
    return rules


def taken_by_both(rules, work):
    """(rules that both load, what is refused here alone; more is taken here in places)"""
    kinds, good, odd = {}, [], []
    for rule in rules:
        kinds.setdefault(rule[0], []).append(rule)
    for kind, some in kinds.items():
        lines = [line for _, line in some]
        # A program's conditions are a line of ldb, and its file is made of them.
        kind = "ldb" if kind == "cbc" else kind
        path = work / f"taken.{kind}"
        path.write_text("".join(line + "\n" for line in lines), "latin-1")
        refused = engines.lines_custos_refuses(CUSTOS, path)
        theirs = engines.lines_clamscan_takes(kind, lines, work)
        for number, (rule, taken) in enumerate(zip(some, theirs), 1):
            why = refused.get(number)
            if taken and not why:
                good.append(rule)
            elif taken and "not built yet" not in why and \
                    engines.lines_clamscan_takes(kind, [rule[1]], work)[0]:
                # Alone, too: some lines are taken there in company only.
                odd.append(f"{rule[1][:200]}: refused here alone: {why}")
            elif not taken and not why:
                print(f"# taken here alone: {rule[1][:200]}")
    return good, odd


def told(lines):
    for line in lines[:LISTED]:
        print(f"# {line}")
    if len(lines) > LISTED:
        print(f"# … and {len(lines) - LISTED} more")


def keep(report, folder, rules):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copytree(rules, folder / "rules")
    kinds = {entry.name: entry.kind for entry in report.entries}
    for difference in report.differences:
        (folder / difference.file).write_bytes(difference.data)
        if difference.line:
            path = folder / f"{difference.file}.{kinds[difference.rule]}"
            path.write_text(difference.line + "\n", "latin-1")


class Checks:
    def __init__(self):
        self.count, self.failed = 0, False

    def check(self, sentence, problems):
        self.count += 1
        told(problems)
        print(f"{'not ' if problems else ''}ok {self.count} - {sentence}")
        self.failed |= bool(problems)

    def end(self):
        print(f"1..{self.count}")
        return 1 if self.failed else 0


def test(arguments, checks):
    rng = random.Random(arguments.seed)
    is_random = arguments.what == "random"
    if is_random:
        maker = random_rules.RuleMaker(rng, with_programs=bytecode.can_be_made())
        rules = list(maker.rules(arguments.count))
    else:
        rules = published(arguments, rng)
    with tempfile.TemporaryDirectory() as work:
        taken, odd = taken_by_both(rules, Path(work))
        groups = compare.macro_groups(taken)
        entries = [compare.make_entry(i, rule, rng, 2 if is_random else 1, groups)
                   for i, rule in enumerate(taken)]
        report = compare.compare(entries, work, CUSTOS, arguments.compat)
        if arguments.keep:
            keep(report, arguments.keep, Path(work) / "rules")
    judge(report, odd, checks, is_random)


def judge(report, odd, checks, is_random):
    kind = "random" if is_random else "published"
    classes, share = known.load(), SOLVED_MIN[kind]
    unsolved = [entry for entry in report.entries if entry.unsolved]
    loud = [entry for entry in report.entries if not entry.is_silent]
    tried = [entry for entry in loud if not entry.unsolved
             and not any(name in report.crashes for name in entry.files)]
    found = sum(entry.found for entry in tried)
    silent = sum(bool(entry.unsolved) for entry in loud)
    print(f"# {len(report.entries)} rules, {report.file_count} files; clamscan finds {found} "
          f"rules in their files; nothing was made for {len(unsolved)}")
    told([f"not solved: {entry.name}: {entry.unsolved}" for entry in unsolved])
    if report.crashes:
        print(f"# clamscan crashed on {len(report.crashes)} files, which are left out")
    counted, new, differing = Counter(), [], set()
    for difference in report.differences:
        name = known.class_of(classes, difference)
        counted[name or "new"] += 1
        if name not in LATER:
            differing.add(difference.rule)
        if not name:
            new.append(str(difference))
    print(f"# differences: {dict(counted)}, in {len(differing)} rules")
    checks.check("every line that clamscan loads is loaded", odd)
    checks.check("files were made that clamscan finds the rules in",
                 [] if found >= share * len(tried) else [f"{found} of {len(tried)} alone"])
    checks.check("and for most rules", [] if silent <= UNSOLVED_MAX[kind] * len(loud)
                 else [f"none for {silent} of {len(loud)}"])
    checks.check("what differs is known", new)
    print(f"# --cpu-path: {' '.join(report.paths)}")
    checks.check("every path of the processor finds the same", report.paths_differ)
    if not is_random or len(report.entries) >= FEW_RULES:
        few = DIFFER_MAX[kind] * len(report.entries)
        checks.check("and it is few rules",
                     [] if len(differing) <= few else [f"{len(differing)} rules differ"])


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("what", choices=("random", "published"))
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("DIFFERENTIAL_SEED", 1)))
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--compat", default="clamav")
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    version = engines.clamscan_version()
    skip = ""
    if version != VERSION:
        skip = f"clamscan is {version or 'not installed'}, not {VERSION}"
    elif arguments.what == "published" and not published(arguments, random.Random()):
        skip = f"no published rules in {SHARED}"
    if skip:
        print(f"1..0 # SKIP {skip}")
        return 0
    checks = Checks()
    test(arguments, checks)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
