# SPDX-License-Identifier: Apache-2.0
"""The files of the tree, as the tests of the tree see them."""
import os
import subprocess
from pathlib import Path

NOT_OURS = {"LICENSE"}


def files(top):
    """Every file that belongs to the tree: git's list, or all of an unpacked archive."""
    try:
        output = subprocess.run(
            ["git", "-C", str(top), "-c", "safe.directory=*", "ls-files", "-z", "-co",
             "--exclude-standard"],
            check=True, capture_output=True,
        ).stdout
        names = [os.fsdecode(name) for name in output.split(b"\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = [
            str(p.relative_to(top)) for p in top.rglob("*")
            if not p.relative_to(top).parts[0].startswith(("build", ".git"))
        ]
    return sorted({Path(n) for n in names if (top / n).is_file()})


def is_c(path):
    return path.suffix in (".c", ".h")


def interpreter(data):
    """The program named in a script's first line, without its folder; or ''."""
    first = data.split(b"\n", 1)[0].decode(errors="replace")
    return first.split("/")[-1].removeprefix("env ") if first.startswith("#!") else ""


def tap(checks):
    """Runs (name, findings) pairs as tests; the exit code."""
    failed = 0
    checks = list(checks)
    for number, (name, findings) in enumerate(checks, 1):
        findings = list(findings)
        for finding in findings:
            print(f"# {finding}")
        print(f"{'not ' if findings else ''}ok {number} - {name}")
        failed += bool(findings)
    print(f"1..{len(checks)}")
    return 1 if failed else 0
