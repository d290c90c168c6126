#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""format.py TREE: tests, as TAP, that clang-format and shellcheck have nothing to say."""
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tree import files, interpreter, is_c


def complaints(command, names, top):
    if not names:
        return []
    result = subprocess.run([*command, *names], cwd=top, capture_output=True, text=True)
    if result.returncode == 0:
        return []
    lines = (result.stdout + result.stderr).splitlines()
    if command[0].startswith("clang-format"):
        places = Counter(line.split(":")[0] for line in lines if ": error: " in line)
        lines = [f"{name}: {count} places" for name, count in sorted(places.items())]
        lines.append("to mend them: " + command[0] + " -i FILE")
    return lines[:60]


def main():
    top = Path(sys.argv[1])
    every = files(top)
    sources = [str(p) for p in every if is_c(p)]
    scripts = [
        str(p) for p in every
        if p.suffix == ".sh" or interpreter((top / p).read_bytes()) in ("sh", "bash", "dash")
    ]
    checks = [
        ("clang-format agrees with every C file",
         ["clang-format-14", "--dry-run", "-Werror"], sources),
        ("shellcheck agrees with every script", ["shellcheck", "-x", "-P", "SCRIPTDIR"],
         scripts),
    ]
    failed = 0
    for number, (name, command, names) in enumerate(checks, 1):
        if not shutil.which(command[0]):
            print(f"ok {number} - {name} # SKIP {command[0]} is not installed")
            continue
        found = complaints(command, names, top)
        for line in found:
            print("# " + line)
        print(f"{'not ' if found else ''}ok {number} - {name}")
        failed += bool(found)
    print(f"1..{len(checks)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
