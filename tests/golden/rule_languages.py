#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
ClamAV's rule languages, beside clamscan: what it takes is taken here or is "not built
yet", what it refuses is refused; and a file that carries a rule's bytes is found by both.

usage: rule_languages.py RULE_MATCH

The lines are those of rule_lines.txt and, where CUSTOS_SHARED (default ../shared) has
them, of published rule files. Output is TAP.
"""
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
SHARED = Path(os.environ.get("CUSTOS_SHARED", HERE.parent.parent.parent / "shared"))
PUBLISHED = SHARED / "data" / "signatures"
SAMPLE = 200  # lines of a published file
BATCH = 50

TAKEN, REFUSED, LEFT_OUT, LATER = "taken", "refused", "left out", "not built yet"


def ours(kind, lines, folder):
    """What we make of each line."""
    path = folder / f"ours.{kind}"
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    output = subprocess.run([RULE_MATCH, path], capture_output=True).stderr
    answers = [TAKEN] * len(lines)
    for problem in output.decode(errors="replace").splitlines():
        if match := re.match(r"(refused|left out) \d+:(\d+):\d+ (.*)", problem):
            later = match[3].startswith("not built yet")
            same = "the same rule once more" in match[3]
            answers[int(match[2]) - 1] = LATER if later else TAKEN if same else match[1]
    return answers


def clamscan_takes(kind, lines, folder):
    path = folder / f"{os.getpid()}-{random.getrandbits(64):x}.{kind}"
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    (folder / "empty").write_bytes(b"")
    code = subprocess.run(["clamscan", f"-d{path}", folder / "empty"],
                          capture_output=True).returncode
    path.unlink()
    return code != 2


def theirs(kind, lines, folder):
    """Which lines clamscan takes: a file of many is taken or refused as one."""
    if clamscan_takes(kind, lines, folder):
        return [True] * len(lines)
    if len(lines) == 1:
        return [False]
    half = len(lines) // 2
    return theirs(kind, lines[:half], folder) + theirs(kind, lines[half:], folder)


def compare(kind, lines, marks, folder):
    """Findings: lines on which we differ, but for those that are marked."""
    batches = [lines[i:i + BATCH] for i in range(0, len(lines), BATCH)]
    with ThreadPoolExecutor(2) as pool:
        taken = [t for ts in pool.map(lambda b: theirs(kind, b, folder), batches) for t in ts]
    for line, mark, answer, good in zip(lines, marks, ours(kind, lines, folder), taken):
        fits = answer in (TAKEN, LEFT_OUT) if good else answer in (REFUSED, LATER)
        if mark == "!":
            fits = good and answer == REFUSED
        elif mark == "+":
            fits = not good and answer == TAKEN
        elif good and answer == LATER:
            fits = True
        if not fits:
            yield (f"{kind} {mark}{line[:120].decode(errors='replace')}: {answer} here, "
                   f"{'taken' if good else 'refused'} by clamscan")


def listed_lines(folder):
    kinds = {}
    for line in (HERE / "rule_lines.txt").read_text(encoding="ascii").splitlines():
        if not line or line.startswith("#"):
            continue
        mark = line[0] if line[0] in "!+" else ""
        kind, rule = line[len(mark):].split(" ", 1)
        rules, marks = kinds.setdefault(kind, ([], []))
        rules.append(rule.encode())
        marks.append(mark)
    for kind, (rules, marks) in kinds.items():
        yield from compare(kind, rules, marks, folder)


def published_lines(folder):
    chosen = random.Random(1)
    for path in sorted(PUBLISHED.glob("clamav*/*.[nlh][ds]b")):
        lines = [line.rstrip(b"\r") for line in path.read_bytes().split(b"\n")
                 if line and not line.startswith(b"#")]
        lines = chosen.sample(lines, min(SAMPLE, len(lines)))
        yield from compare(path.suffix[1:], lines, [""] * len(lines), folder)


def bytes_of(pattern):
    """Bytes that a pattern of literals, gaps and wildcards matches; None for others."""
    pattern = re.sub(r"\{(\d+)(-\d*)?\}", lambda m: "2e" * int(m[1]), pattern)
    pattern = re.sub(r"\{-\d+\}|\*", "", pattern)
    pattern = pattern.replace("?", "2")
    return bytes.fromhex(pattern) if re.fullmatch(r"([0-9a-fA-F]{2})+", pattern) else None


def carried_rules(folder):
    """Rules for any object, found in files that carry their bytes and no others."""
    chosen = random.Random(2)
    rules = []
    for path in sorted(PUBLISHED.glob("clamav/*.ndb")):
        for line in path.read_text(encoding="latin-1").splitlines():
            fields = line.split(":")
            if len(fields) >= 4 and fields[1] == "0" and fields[2] == "*":
                rules.append(fields)
    rules = chosen.sample(rules, min(SAMPLE, len(rules)))
    # Names that no tool changes.
    for number, fields in enumerate(rules):
        fields[0] = f"Rule{number}"
    (folder / "carried.ndb").write_text("".join(":".join(f) + "\n" for f in rules))
    carrying = folder / "carrying"
    carrying.mkdir()
    for fields in rules:
        if data := bytes_of(fields[3]):
            # A head and a tail that make the file no text and no known type.
            (carrying / fields[0]).write_bytes(b"\xfe\xff\x90\x00" + data + b"\x00\xfe\x90\xfe")
    paths = sorted(carrying.iterdir())
    found_here = set()
    output = subprocess.run([RULE_MATCH, folder / "carried.ndb", *paths],
                            capture_output=True, text=True).stdout
    for line in output.splitlines():
        path, rule = line.split("\t")
        if rule == Path(path).name:
            found_here.add(rule)
    output = subprocess.run(["clamscan", "--no-summary", "--normalize=no", "-d",
                             folder / "carried.ndb", *paths], capture_output=True,
                            text=True).stdout
    found_there = {Path(line.split(":")[0]).name for line in output.splitlines()
                   if line.endswith("FOUND")}
    if len(found_there) < len(paths) / 2:
        yield f"clamscan finds {len(found_there)} of {len(paths)}: too few to compare with"
    for name in sorted(found_there - found_here):
        yield f"{name} is found by clamscan alone: {rules[int(name[4:])][3][:100]}"


def main():
    checks = [("every listed line is taken or refused as clamscan does", listed_lines, False),
              ("lines of published rule files are", published_lines, True),
              ("a file that carries a rule's bytes is found", carried_rules, True)]
    failed = False
    for number, (name, check, needs_shared) in enumerate(checks, 1):
        skip = None
        if not shutil.which("clamscan"):
            skip = "clamscan is not installed"
        elif needs_shared and not PUBLISHED.is_dir():
            skip = f"no published rules in {PUBLISHED}"
        if skip:
            print(f"ok {number} - {name} # SKIP {skip}")
            continue
        with tempfile.TemporaryDirectory() as folder:
            findings = list(check(Path(folder)))
        for finding in findings:
            print(f"# {finding}")
        print(f"{'not ' if findings else ''}ok {number} - {name}")
        failed |= bool(findings)
    print(f"1..{len(checks)}")
    return 1 if failed else 0


RULE_MATCH = sys.argv[1]
sys.exit(main())
