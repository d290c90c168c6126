#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""test_run.py TREE: tests, as TAP, of the recipes and that the golden tests can fail."""
import gzip
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

TREE = Path(sys.argv[1])
sys.path[:0] = [str(TREE / "tools"), str(TREE / "tests" / "tools")]

import recipe  # noqa: E402
from tree import tap  # noqa: E402

RUN = TREE / "tests" / "golden" / "run.py"
ONE_CASE = 'case one\ntext "a" "b"\nscan\nexpect nothing\n'


def built(folder, steps):
    """The files of a case with these steps."""
    path = Path(folder, "x.case")
    path.write_text(f"case x\n{steps}\nscan\nexpect nothing\n", encoding="ascii")
    return recipe.build(str(path), recipe.load(str(path))[0])


def expect(what, got, want):
    if got != want:
        yield f"{what}: {got!r}, not {want!r}"


def flat_steps():
    cases = {
        'text "a\\n" "\\x00\\"b\\\\"': b'a\n\0"b\\',
        "hex 504b 03 04": b"PK\3\4",
        "le 2 258\nbe 2 0x102": b"\2\1\1\2",
        'text "ab"\nfill 2 2e\nto 6 2d': b"ab..--",
        'text "abcdef"\ncut 3\ntext "x"': b"abcx",
        'repeat 3 {\ntext "ab"\n}': b"ababab",
        "base64 {\nhex ff ff ff\n}": b"////\n",
    }
    with tempfile.TemporaryDirectory() as folder:
        for steps, want in cases.items():
            yield from expect(steps, built(folder, steps), {"sample": want})


def containers():
    with tempfile.TemporaryDirectory() as folder:
        inner = 'text "abc"\n}'
        packed = built(folder, f"gzip {{\n{inner}")["sample"]
        yield from expect("gzip", gzip.decompress(packed), b"abc")
        packed = built(folder, f"zip {{\nmember d/a b.txt {{\n{inner}\n}}")["sample"]
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            yield from expect("zip", archive.read("d/a b.txt"), b"abc")
        packed = built(folder, f"tar {{\nmember a {{\n{inner}\n}}")["sample"]
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            yield from expect("tar", archive.extractfile("a").read(), b"abc")
        packed = built(folder, f"elf {{\n{inner}")["sample"]
        yield from expect("elf", (packed[:4], packed[120:]), (b"\x7fELF", b"abc"))
        names = list(built(folder, f"file a {{\n{inner}\nfile b {{\n{inner}"))
        yield from expect("files", names, ["a", "b"])


def bad_steps():
    with tempfile.TemporaryDirectory() as folder:
        for steps in ("hax 00", "text a", 'text "\\q"', "hex 5", "le 1 256", "fill x 00",
                      "gzip {", "zip {\nhex 00\n}", "fill 99999999999 00"):
            try:
                built(folder, steps)
                yield f"{steps!r} was taken"
            except recipe.RecipeError as error:
                yield from expect(steps, "x.case:" in str(error), True)


def golden(case, records, code, **environment):
    """Runs a case against a program that answers with these records and this code."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "custos")
        lines = "".join(
            f"print({json.dumps(json.dumps(record))}.replace('@', sys.argv[-1]))\n"
            for record in records)
        program.write_text(f"#!{sys.executable}\nimport sys\n{lines}sys.exit({code})\n",
                           encoding="ascii")
        program.chmod(0o755)
        path = Path(folder, "x.case")
        path.write_text(case, encoding="ascii")
        run = subprocess.run(
            [sys.executable, "-B", str(RUN), str(path)], stdout=subprocess.PIPE, text=True,
            env={**os.environ, "CUSTOS": str(program), "ENGINE": "custos", **environment},
            check=False)
        return run.returncode, run.stdout, path.read_text(encoding="ascii")


def answers():
    sample = "@/0/sample"
    found = {"type": "finding", "path": sample, "rule": "A.B.C"}
    inner = {"type": "finding", "path": sample, "objects": ["in"], "rule": "A.B.C"}
    part = {"type": "incomplete", "path": sample, "reason": "depth"}
    summary = {"type": "summary"}
    wants_found = ONE_CASE.replace("nothing", "found A.B.C")
    wants_inner = ONE_CASE.replace("nothing", "found A.B.C in sample ! in")
    wants_both = wants_found + "expect incomplete depth\n"
    for name, case, records, code, want in (
            ("clean as expected", ONE_CASE, [summary], 0, 0),
            ("found as expected", wants_found, [found, summary], 1, 0),
            ("found inside as expected", wants_inner, [inner], 1, 0),
            ("both as expected", wants_both, [part, found], 1, 0),
            ("a finding too many", ONE_CASE, [found], 1, 1),
            ("a finding missing", wants_found, [summary], 0, 1),
            ("found at another place", wants_found, [inner], 1, 1),
            ("incomplete, not clean", ONE_CASE, [part], 3, 1),
            ("another rule", wants_found.replace("C", "D"), [found], 1, 1),
            ("an error", ONE_CASE, [], 2, 1),
            ("a code that does not fit", wants_found, [found], 0, 1)):
        got, output, _case = golden(case, records, code)
        yield from expect(f"{name}: {output}", got, want)


def rewriting():
    found = {"type": "finding", "path": "@/0/sample", "rule": "A.B.C"}
    got = golden(ONE_CASE, [found], 1, UPDATE="1")
    yield from expect("rewritten", got[2], ONE_CASE.replace("nothing", "found A.B.C"))
    yield from expect("and again", golden(got[2], [found], 1, UPDATE="1")[2], got[2])


sys.exit(tap({
    "flat steps append their bytes": flat_steps(),
    "containers hold what is inside": containers(),
    "a bad step is refused with its place": bad_steps(),
    "what was not expected fails, and so does what is missing": answers(),
    "rewriting writes what was found, once": rewriting(),
}.items()))
