#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The style that can be counted: sizes, with a ratchet, and things we do without.

tidy.py TREE            tests, as TAP
tidy.py TREE FILE…      the figures of some files

Each measure has an aim and a hard stop. What is over its aim needs a line in ratchet.txt
with today's figure: it may only become smaller, and when it has, the line must say so.
"""
import sys
from pathlib import Path

import bans
from cfunctions import code, functions
from tree import NOT_OURS, files, is_c, tap

# measure: (aim, hard stop)
LIMITS = {
    "file-lines": (600, 1000),
    "header-lines": (150, 1000),
    "function-lines": (60, 100),
    "complexity": (15, 25),
    "nesting": (3, 4),
    "params": (5, 6),
}
# Data written as code: long by nature.
TABLES = ("_table.c", "_table.h", "_list.c", "_list.h")

# Folders whose sources have to stand in the meson.build beside them.
LISTED = {"src", "apps", "tests", "fuzz"}


def measures(path, text, tokens):
    """(measure, where, value) of one C file."""
    if not path.name.endswith(TABLES):
        measure = "header-lines" if path.suffix == ".h" else "file-lines"
        yield measure, str(path), text.count("\n")
    for function in functions(tokens):
        where = f"{path}:{function.name}"
        yield "function-lines", where, function.lines
        yield "complexity", where, function.complexity
        yield "nesting", where, function.nesting
        yield "params", where, function.params


def read_ratchet(path):
    """{(measure, where): value}"""
    allowed = {}
    if not path.is_file():
        return allowed
    for line in path.read_text().splitlines():
        if line and not line.startswith("#"):
            measure, where, value = line.split("\t")
            allowed[measure, where] = int(value)
    return allowed


def check_sizes(found, allowed):
    for (measure, where), value in found.items():
        aim, stop = LIMITS[measure]
        today = allowed.get((measure, where), aim)
        if value > stop:
            yield f"{where}: {measure} {value}, never more than {stop}"
        elif value > today:
            yield f"{where}: {measure} {value}, at most {today}"


def check_ratchet(found, allowed):
    for (measure, where), today in allowed.items():
        value = found.get((measure, where), 0)
        if value <= LIMITS[measure][0]:
            yield f"tools/ratchet.txt: {where} keeps to the {measure} now: drop its line"
        elif value < today:
            yield f"tools/ratchet.txt: {where} has {measure} {value} now, not {today}"


def check_binaries(contents):
    for path, data in contents.items():
        try:
            data.decode()
        except UnicodeDecodeError:
            yield f"{path}: not text"
            continue
        if b"\0" in data:
            yield f"{path}: not text"


def check_unique_names(paths):
    seen = {}
    for path in paths:
        if is_c(path) and path.parts[0] == "src":
            other = seen.setdefault(path.name, path)
            if other != path:
                yield f"{path}: has the name of {other}"


def check_listed(contents):
    """What no meson.build names is neither built nor run."""
    for path in contents:
        if path.suffix not in (".c", ".sh") or path.parts[0] not in LISTED:
            continue
        if path.suffix == ".sh" and not path.name.startswith("test_"):
            continue
        name, quoted = path.name, f"'{path.name}'"
        for prefix in ("test_", "fuzz_"):
            if name.startswith(prefix):
                quoted = f"'{path.stem.removeprefix(prefix)}'"
        meson = path.parent / "meson.build"
        if quoted.encode() not in contents.get(meson, b""):
            yield f"{path}: not in {meson}"


def apply(rules, sources):
    for name, rule in rules:
        yield name, [line for source in sources for line in rule(**source)]


def load(top):
    contents = {p: (top / p).read_bytes() for p in files(top)}
    sources = []
    for path, data in contents.items():
        text = data.decode(errors="replace")
        tokens = code(text) if is_c(path) else []
        sources.append({"path": path, "text": text, "data": data, "tokens": tokens,
                        "paths": contents})
    return contents, sources


def main():
    top = Path(sys.argv[1])
    contents, sources = load(top)
    c_sources = [s for s in sources if is_c(s["path"])]
    found = {
        (measure, where): value
        for s in c_sources
        for measure, where, value in measures(s["path"], s["text"], s["tokens"])
    }
    if len(sys.argv) > 2:
        for (measure, where), value in found.items():
            if where.split(":")[0] in sys.argv[2:]:
                print(f"{value}\t{measure}\t{where}")
        return 0
    allowed = read_ratchet(top / "tools/ratchet.txt")
    return tap([
        ("files and functions are small", check_sizes(found, allowed)),
        ("exceptions only shrink", check_ratchet(found, allowed)),
        ("every file is text", check_binaries(contents)),
        ("no two sources have one name", check_unique_names(contents)),
        ("every source is built", check_listed(contents)),
        *apply(bans.TEXT_RULES, [s for s in sources if s["path"].name not in NOT_OURS]),
        *apply(bans.C_RULES, c_sources),
    ])


if __name__ == "__main__":
    sys.exit(main())
