#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The built-in rules as files: what signatures/README.md promises of each. TAP.

usage: rule_files.py TREE
"""
import re
import sys
from pathlib import Path

TREE = Path(sys.argv[1])
sys.path[:0] = [str(TREE / "tools"), str(TREE / "tests" / "tools")]

import recipe  # noqa: E402
import ruletext  # noqa: E402
from tree import tap  # noqa: E402

SIGNATURES = TREE / "signatures"
CASES = TREE / "tests" / "golden" / "rules"
NAME = re.compile(r"[A-Z][A-Za-z0-9]*(\.[A-Z][A-Za-z0-9-]*){2}")
PATTERNS_AT = {".ldb": 3, ".ndb": 3}
ALTERNATIVES = re.compile(r"\((?![BLW]\))([^()]*)\)(\{)?")


def all_rules():
    for path in sorted(SIGNATURES.glob("*.[ln]db")):
        for number, fields in ruletext.rules(path):
            yield path, number, fields


def bad_lines():
    """Lines that ClamAV calls malformed, or that nobody can read."""
    for path in sorted(SIGNATURES.glob("*.[ln]db")):
        data = path.read_bytes()
        lines = data.split(b"\n")
        if lines.pop():
            yield f"{path.name}: no newline at its end"
        for number, line in enumerate(lines, 1):
            limit = 32768 if path.suffix == ".ldb" else 8192
            if not line.strip() or not line.isascii() or len(line) >= limit:
                yield f"{path.name}:{number}"


def bad_names():
    seen = set()
    for path, number, (name, *_) in all_rules():
        if not NAME.fullmatch(name) or len(name) > 63 or name in seen:
            yield f"{path.name}:{number}: {name}"
        seen.add(name)


def bare_rules():
    """Rules without the comment that says what they find and what is next to it."""
    for path, number, (name, *_) in all_rules():
        above = path.read_text(encoding="ascii").splitlines()[:number - 1]
        comment = []
        while above and above[-1].startswith("# "):
            comment.append(above.pop())
        near = [line for line in comment if line.startswith("# Near miss: ")]
        if len(comment) < 2 or len(near) != 1:
            yield f"{path.name}:{number}: {name}"


def untested():
    """Rules without a case in which they are found and one in which nothing is."""
    names = {fields[0] for _path, _number, fields in all_rules()}
    for name in sorted(names):
        path = CASES / f"{name}.case"
        cases = recipe.load(path) if path.is_file() else []
        found = [case for case in cases if f"found {name}" in case.expected]
        missed = [case for case in cases if name not in " ".join(case.expected)]
        if not found or not missed:
            yield name
    for path in sorted(CASES.iterdir()):
        if path.stem not in names:
            yield f"{path.name} belongs to no rule"


def wrong_coverage():
    said = (SIGNATURES / "coverage.txt").read_text(encoding="ascii")
    if not re.fullmatch(r"[A-Z][^()\n]{9,79}\n", said):
        yield said.rstrip()


def misread_by_clamav():
    """What ClamAV 1.4 loads and then gets wrong.

    Alternatives of unequal length must not begin a part (the prefix is compared
    backwards), and one that begins another must not stand before a gap (only the first
    that fits is tried).
    """
    for path, number, (name, *fields) in all_rules():
        for pattern in fields[PATTERNS_AT[path.suffix] - 1:]:
            body = ruletext.OFFSET.fullmatch(pattern)[2]
            for part in re.split(r"\{[^}]*\}", body):
                lead = re.match(r"(?:!?\((?:..\|?)+\)|\?\?)*\((?![BLW]\))([^()]*)\)", part)
                if lead and len({len(word) for word in lead[1].split("|")}) > 1:
                    yield f"{path.name}:{number}: {name}: {part[:60]}"
            for match in ALTERNATIVES.finditer(body):
                words = match[1].split("|")
                if match[2] and any(
                        a != b and b.startswith(a) for a in words for b in words):
                    yield f"{path.name}:{number}: {name}: {match[0][:60]}"


def changed_by_reading():
    for path, number, (name, *fields) in all_rules():
        for pattern in fields[PATTERNS_AT[path.suffix] - 1:]:
            if ruletext.encode(ruletext.decode(pattern)) != pattern:
                yield f"{path.name}:{number}: {name}: {pattern[:60]}"


CHECKS = {
    "no line is blank, too long or other than ASCII": bad_lines,
    "each name is Platform.Category.Name, once": bad_names,
    "each rule says what it finds and what is a near miss": bare_rules,
    "each rule has a case that it finds and one that it does not": untested,
    "coverage.txt is a short phrase": wrong_coverage,
    "no pattern is of a kind that ClamAV misreads": misread_by_clamav,
    "each pattern survives being shown as text": changed_by_reading,
}


sys.exit(tap((sentence, check()) for sentence, check in CHECKS.items()))
