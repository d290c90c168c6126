#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""clean_tree.py TREE: no rule matches a file of the tree; samples are recipes. TAP.

ENGINE and the rest as in run.py.
"""
import os
import shutil
import sys
import tempfile
from pathlib import Path

import run

TREE = Path(sys.argv[1])
sys.path.insert(0, str(TREE / "tools"))

from tree import files, tap  # noqa: E402


def found():
    """Scans a copy of what belongs to the tree, and nothing that was built in it."""
    scan = {"custos": run.scan_custos, "clamscan": run.scan_clamscan}[run.ENGINE]
    with tempfile.TemporaryDirectory(prefix="tree.") as root:
        copy = Path(root, "tree")
        for name in files(TREE):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(TREE / name, copy / name)
        for path, _inner, what in scan(str(copy), [], root):
            if what.startswith("found"):
                yield f"{os.path.relpath(path, copy)}: {what}"


if run.ENGINE == "clamscan" and not shutil.which("clamscan"):
    print("1..0 # SKIP clamscan is not installed")
    sys.exit(0)
sys.exit(tap([(f"{run.ENGINE} finds nothing in the tree", found())]))
