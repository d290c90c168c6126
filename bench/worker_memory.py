# SPDX-License-Identifier: Apache-2.0
"""Private memory of a worker, which no count of files and no depth may raise."""
import gzip
import subprocess
import tempfile
import zipfile
from pathlib import Path

import measure

SMALL, SMALL_TIMES = 1000, 30
MEMBERS = 100000
LEVELS, LEVELS_TIMES = 40, 300


def make_inputs(folder):
    """[(what it is, path, how many times it is given)]: what is over soon is given often."""
    small = folder / "small"
    small.mkdir()
    for number in range(SMALL):
        (small / str(number)).write_bytes(b"line %d of an ordinary file\n" % number *
                                          (number % 200 + 1))
    with zipfile.ZipFile(folder / "members.zip", "w", zipfile.ZIP_DEFLATED) as out:
        for number in range(MEMBERS):
            out.writestr(f"f{number}", b"member %d" % number)
    data = b"the innermost\n"
    for _ in range(LEVELS):
        data = gzip.compress(data)
    (folder / "deep.gz").write_bytes(data)
    return ((f"{SMALL:,} small files, {SMALL_TIMES} times", small, SMALL_TIMES),
            (f"an archive of {MEMBERS:,} members", folder / "members.zip", 1),
            (f"{LEVELS} levels of gzip, {LEVELS_TIMES} times", folder / "deep.gz", LEVELS_TIMES))


def peak_private(command):
    """(the most private memory that any one process below the command had, looks at it)"""
    peak = looks = 0
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        for pid in measure.below(process.pid)[1:]:
            peak = max(peak, measure.memory_of([pid], "Private_Dirty") +
                       measure.memory_of([pid], "Private_Clean"))
        looks += 1
    return peak, looks


def rows(custos):
    """(what, bytes, looks), with the built-in rules."""
    with tempfile.TemporaryDirectory() as folder:
        for name, path, times in make_inputs(Path(folder)):
            command = [custos, "scan", "--no-verdict-cache", "--jobs", "1", "--no-summary",
                       *[path] * times]
            yield (name, *peak_private(command))
