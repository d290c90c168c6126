#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Recipes: samples written down as text, and what is to be found in them.

A case file holds cases; each is a recipe, an action and what is expected:

    case a shell in a zip in a tar
    tar {
        member a.zip {
            zip {
                member x.php {
                    text "<?p" "hp ev" "al($_PO" "ST['x']);"
                }
            }
        }
    }
    scan
    expect found PHP.Webshell.EvalRequest in a.zip ! x.php

Each step appends bytes. The flat ones are those of tests/recipe.h:

    text "..." "..."    the strings, joined; escapes \\n \\r \\t \\" \\\\ and \\xHH
    hex 50 4b 03 04     bytes; blanks are free
    le 4 1000           an integer, little-endian, in 4 bytes; be: big-endian
    fill 512 00         a byte, 512 times
    to 1024 00          a byte, until the whole is 1024 bytes long

Here there are also:

    eicar               the 68 bytes of the EICAR test file
    cut 100             forgets all but the first 100 bytes of what is there
    repeat 1000 {       what is inside, 1000 times
    gzip {              what is inside, compressed; base64 { alike
    zip {               an archive of the members inside: member NAME {, or
                        stored NAME { for one without compression
    tar {               likewise: member NAME {
    elf {               a 64-bit program of one segment: headers (120 bytes), what is inside
    file NAME {         at the top: a case of several files; else there is one, "sample"

A block ends with a lone }. A pattern that a scanner would find is cut into several strings,
so that nothing is found in the case file itself. docs/formats/recipe.md is the manual.

usage: recipe.py CASEFILE DIRECTORY     builds every case in DIRECTORY/<number>/
"""
import base64
import gzip
import io
import os
import re
import struct
import sys
import tarfile
import zipfile

BYTES_MAX = 64 << 20
STRING = re.compile(r'\s*"((?:[^"\\]|\\.)*)"')
ESCAPE = re.compile(r'\\(x[0-9a-fA-F]{2}|.)')
SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
SAMPLE = "sample"


class RecipeError(Exception):
    """What is wrong, with file and line."""


class Case:
    """One case: its steps as (line number, text), its action, its expectations."""

    def __init__(self, name, line):
        self.name = name
        self.line = line
        self.steps = []
        self.options = None
        self.expected = []


def load(path):
    """The cases of a file, in order."""
    cases = []
    with open(path, encoding="ascii") as source:
        for number, line in enumerate(source, 1):
            words = line.strip().split(None, 1)
            if not words or words[0].startswith("#"):
                continue
            rest = words[1] if len(words) > 1 else ""
            if words[0] == "case":
                cases.append(Case(rest, number))
            elif not cases:
                raise RecipeError(f"{path}:{number}: a case expected")
            elif words[0] == "scan":
                cases[-1].options = rest.split()
            elif words[0] == "expect":
                cases[-1].expected.append(rest)
            elif cases[-1].options is not None:
                raise RecipeError(f"{path}:{number}: a step behind the action")
            else:
                cases[-1].steps.append((number, line.strip()))
    for case in cases:
        if case.options is None or not case.expected:
            raise RecipeError(f"{path}:{case.line}: no action, or nothing expected")
    return cases


def build(path, case):
    """The files of a case: a dictionary from name to bytes."""
    steps = Steps(path, case.steps)
    files = {}
    if case.steps and case.steps[0][1].split()[0] == "file":
        while steps.more():
            name = steps.take("file").rstrip("{").strip()
            files[name] = body(steps)
    else:
        files[SAMPLE] = body(steps, top=True)
    return files


class Steps:
    """A cursor over the steps of one case."""

    def __init__(self, path, steps):
        self.path = path
        self.steps = steps
        self.next = 0

    def more(self):
        return self.next < len(self.steps)

    def take(self, verb=None):
        number, text = self.steps[self.next]
        self.next += 1
        if verb is None:
            return text
        words = text.split(None, 1)
        if words[0] != verb or not text.endswith("{"):
            self.fail(f"{verb} NAME {{ expected")
        return words[1]

    def fail(self, why):
        number = self.steps[min(self.next, len(self.steps)) - 1][0]
        raise RecipeError(f"{self.path}:{number}: {why}")


def body(steps, top=False):
    """Follows the steps up to the end of the block and returns its bytes."""
    out = bytearray()
    while steps.more():
        words = steps.take().split(None, 1)
        rest = words[1] if len(words) > 1 else ""
        if words[0] == "}" and not top:
            return bytes(out)
        step = STEPS.get(words[0])
        if step is None:
            steps.fail("no such step here")
        try:
            step(out, rest, steps)
        except (ValueError, struct.error) as error:
            steps.fail(str(error))
        if len(out) > BYTES_MAX:
            steps.fail("more than 64 MiB")
    if not top:
        steps.fail("a block without its }")
    return bytes(out)


def block(rest, steps):
    """The bytes of the block that this step opens."""
    if not rest.endswith("{"):
        steps.fail("{ expected")
    return body(steps)


def members(rest, steps):
    """The members inside an archive's block, as (verb, name, bytes)."""
    if rest != "{":
        steps.fail("{ expected")
    while True:
        if not steps.more():
            steps.fail("a block without its }")
        line = steps.take()
        if line == "}":
            return
        match = re.fullmatch(r"(member|stored)\s+(.+?)\s*\{", line)
        if not match:
            steps.fail("member NAME { expected")
        yield match[1], match[2], body(steps)


def unescape(match):
    code = match[1]
    if code[0] == "x" and len(code) == 3:
        return chr(int(code[1:], 16))
    if code not in SIMPLE:
        raise ValueError("unknown escape")
    return SIMPLE[code]


def step_text(out, rest, _steps):
    at = 0
    while at < len(rest):
        match = STRING.match(rest, at)
        if not match:
            raise ValueError("a string expected")
        out += ESCAPE.sub(unescape, match[1]).encode("latin-1")
        at = match.end()


def step_hex(out, rest, _steps):
    out += bytes.fromhex(rest)


def step_le(out, rest, _steps):
    width, value = (int(word, 0) for word in rest.split())
    try:
        out += value.to_bytes(width, "little")
    except OverflowError as error:
        raise ValueError("the number does not fit") from error


def step_be(out, rest, _steps):
    number = bytearray()
    step_le(number, rest, _steps)
    out += number[::-1]


def step_fill(out, rest, _steps):
    count, byte = rest.split()
    if int(count, 0) > BYTES_MAX:
        raise ValueError("more than 64 MiB")
    out += bytes.fromhex(byte) * int(count, 0)


def step_to(out, rest, steps):
    length, byte = rest.split()
    if int(length, 0) < len(out):
        raise ValueError("already longer than that")
    step_fill(out, f"{int(length, 0) - len(out)} {byte}", steps)


def step_eicar(out, _rest, _steps):
    out += b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STAN"
    out += b"DARD-ANTIVIRUS-TEST-FILE!$H+H*"


def step_cut(out, rest, _steps):
    del out[int(rest, 0):]


def step_repeat(out, rest, steps):
    count = int(rest.rstrip("{"), 0)
    piece = block(rest, steps)
    if count * len(piece) > BYTES_MAX:
        raise ValueError("more than 64 MiB")
    out += piece * count


def step_gzip(out, rest, steps):
    out += gzip.compress(block(rest, steps), mtime=0)


def step_base64(out, rest, steps):
    out += base64.encodebytes(block(rest, steps))


def step_elf(out, rest, steps):
    content = block(rest, steps)
    out += b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    out += struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0, 64, 0, 0, 64, 56, 1, 64, 0, 0)
    size = 120 + len(content)
    out += struct.pack("<IIQQQQQQ", 1, 5, 0, 0x400000, 0x400000, size, size, 4096)
    out += content


def step_zip(out, rest, steps):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for verb, name, content in members(rest, steps):
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            info.compress_type = (
                zipfile.ZIP_STORED if verb == "stored" else zipfile.ZIP_DEFLATED)
            archive.writestr(info, content)
    out += stream.getvalue()


def step_tar(out, rest, steps):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for _verb, name, content in members(rest, steps):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    out += stream.getvalue()


STEPS = {
    "text": step_text, "hex": step_hex, "le": step_le, "be": step_be,
    "fill": step_fill, "to": step_to, "eicar": step_eicar, "cut": step_cut,
    "repeat": step_repeat, "gzip": step_gzip, "base64": step_base64,
    "elf": step_elf, "zip": step_zip, "tar": step_tar,
}


def write(path, case, folder):
    """Builds a case in a folder."""
    for name, content in build(path, case).items():
        target = os.path.join(folder, name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as sample:
            sample.write(content)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        for number, case in enumerate(load(sys.argv[1]), 1):
            write(sys.argv[1], case, os.path.join(sys.argv[2], str(number)))
    except RecipeError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
