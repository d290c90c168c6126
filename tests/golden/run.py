#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Golden tests: builds the sample of every case (tests/tools/recipe.py), scans all of them,
and compares what was found with what the case expects. Output is TAP.

usage: run.py [CASEFILE | FOLDER]...       default: the folder that this file is in

    CUSTOS        the program, default build/custos of this tree
    ENGINE        custos, or clamscan: the same cases and rules with ClamAV, as a check on
                  the rules; it knows no "incomplete", and names no object
    SIGNATURES    the rules, default signatures/ of this tree
    UPDATE=1      writes what was found into the case files instead

Expectations are one of

    expect nothing                          clean: exit code 0, were it alone
    expect found RULE[,RULE] [in OBJECT]    all of them, in this object
    expect incomplete REASON [in OBJECT]

where OBJECT is the file's name and the names inside it, joined with
" ! ", as on the screen; it is left out where the case has one file and that is meant.
Findings are compared whole: one that is not expected is an error like one that is missing.
"""
import collections
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(TOP, "tests", "tools"))

import recipe  # noqa: E402

ENGINE = os.environ.get("ENGINE", "custos")
CUSTOS = os.environ.get("CUSTOS", os.path.join(TOP, "build", "custos"))
SIGNATURES = os.environ.get("SIGNATURES", os.path.join(TOP, "signatures"))


class EngineError(Exception):
    """The scan itself did not work."""


def case_files(arguments):
    for argument in arguments or [HERE]:
        if os.path.isfile(argument):
            yield argument
            continue
        for folder, folders, names in sorted(os.walk(argument)):
            folders.sort()
            for name in sorted(names):
                if name.endswith(".case"):
                    yield os.path.join(folder, name)


def place(case_folder, path, inner):
    """The object as a case names it; None for the one file itself."""
    name = os.path.relpath(path, case_folder)
    if name == recipe.SAMPLE and not inner:
        return None
    return " ! ".join([name, *(part or "(no name)" for part in inner)])


def scan_custos(folder, options, scratch):
    """Yields (path, names inside, "found RULE" or "incomplete REASON")."""
    command = [CUSTOS, "scan", "--no-verdict-cache", "--json", "--all-matches",
               "--database", SIGNATURES,
               "--state", os.path.join(scratch, "state"),
               "--cache", os.path.join(scratch, "cache")]
    plain = {name: value for name, value in os.environ.items()
             if not name.startswith("CUSTOS_")}
    run = subprocess.run([*command, *options, folder], stdout=subprocess.PIPE, check=False,
                         env=plain)
    if run.returncode not in (0, 1, 3):
        raise EngineError(f"exit code {run.returncode}")
    seen = set()
    for line in run.stdout.splitlines():
        record = json.loads(line)
        kind = record["type"]
        if kind == "error":
            raise EngineError(record.get("message", "an error record"))
        if kind not in ("finding", "incomplete"):
            continue
        seen.add(1 if kind == "finding" else 3)
        what = (f"found {record['rule']}" if kind == "finding"
                else f"incomplete {record['reason']}")
        yield record["path"], record.get("objects", []), what
    if run.returncode != min(seen, default=0):
        raise EngineError(f"exit code {run.returncode} does not say what was reported")


def scan_clamscan(folder, _options, _scratch):
    command = ["clamscan", "-r", "-z", "-i", "--no-summary", "-d", SIGNATURES, folder]
    run = subprocess.run(command, stdout=subprocess.PIPE, check=False, text=True)
    if run.returncode not in (0, 1):
        raise EngineError(f"exit code {run.returncode}")
    for line in run.stdout.splitlines():
        path, colon, name = line.rpartition(": ")
        if colon and name.endswith(".UNOFFICIAL FOUND"):
            yield path, [], "found " + name.removesuffix(".UNOFFICIAL FOUND")


def found_by_case(root, cases):
    """Builds all cases under root, scans once per set of options, sorts the answers."""
    scan = {"custos": scan_custos, "clamscan": scan_clamscan}[ENGINE]
    groups = collections.defaultdict(list)
    for number, (path, case) in enumerate(cases):
        groups[tuple(case.options)].append(number)
    answers = [set() for _ in cases]
    for index, (options, numbers) in enumerate(groups.items()):
        base = os.path.join(root, str(index))
        for number in numbers:
            recipe.write(*cases[number], os.path.join(base, str(number)))
        for path, inner, what in scan(base, options, root):
            number = int(os.path.relpath(path, base).split(os.sep)[0])
            where = place(os.path.join(base, str(number)), path, inner)
            answers[number].add((what, where))
    return answers


def as_lines(answer):
    """What was found, as a case file says it."""
    lines = [what + (f" in {where}" if where else "") for what, where in answer]
    return sorted(lines) or ["nothing"]


def wanted(case):
    """What is expected, in the same form."""
    lines = set()
    for line in case.expected:
        kind, _, rest = line.partition(" ")
        rules, _, where = rest.partition(" in ")
        if kind == "nothing":
            continue
        for rule in rules.split(","):
            lines.add(f"{kind} {rule}" + (f" in {where}" if where else ""))
    if ENGINE == "clamscan":
        lines = {line.partition(" in ")[0] for line in lines if line.startswith("found")}
    return sorted(lines) or ["nothing"]


def simplified(answer):
    """clamscan names no object inside a file."""
    if ENGINE == "clamscan":
        return {(what, None) for what, _where in answer}
    return answer


def update(path, cases, answers):
    """Rewrites the expectations of one case file."""
    with open(path, encoding="ascii") as source:
        lines = source.read().splitlines()
    at = {case.line - 1: answer for case, answer in zip(cases, answers)}
    out, lines_now = [], None
    for number, line in enumerate(lines):
        lines_now = at.get(number, lines_now)
        words = line.split(None, 1)
        if words and words[0] == "expect":
            continue
        out.append(line)
        if words and words[0] == "scan":
            out += ["expect " + text for text in as_lines(lines_now)]
    with open(path, "w", encoding="ascii") as target:
        target.write("\n".join(out) + "\n")


def report(cases, answers):
    failed = 0
    print(f"1..{len(cases)}")
    for number, ((path, case), answer) in enumerate(zip(cases, answers), 1):
        name = f"{os.path.basename(path).removesuffix('.case')}: {case.name}"
        want, got = wanted(case), as_lines(simplified(answer))
        print(("ok" if want == got else "not ok"), number, "-", name.replace("#", "\\#"))
        if want != got:
            failed += 1
            print(f"# {path}:{case.line}")
            print(f"#   expected: {'; '.join(want)}")
            print(f"#   found:    {'; '.join(got)}")
    return failed


def main():
    cases = []
    if ENGINE == "clamscan" and not shutil.which("clamscan"):
        print("1..0 # SKIP clamscan is not installed")
        return
    try:
        for path in case_files(sys.argv[1:]):
            cases += [(path, case) for case in recipe.load(path)]
        if not cases:
            sys.exit("no case file there")
        with tempfile.TemporaryDirectory(prefix="golden.") as root:
            answers = found_by_case(root, cases)
    except (recipe.RecipeError, EngineError, OSError) as error:
        print(f"Bail out! {error}")
        sys.exit(1)
    if os.environ.get("UPDATE") == "1":
        for path in dict.fromkeys(path for path, _case in cases):
            mine = [n for n, (other, _case) in enumerate(cases) if other == path]
            update(path, [cases[n][1] for n in mine], [answers[n] for n in mine])
        return
    sys.exit(1 if report(cases, answers) else 0)


if __name__ == "__main__":
    main()
