#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules for people: ClamAV's hexadecimal patterns as text, and text as patterns.

ruletext.py show [RULE | FILE]...   prints rules (default: all of signatures/)
ruletext.py encode                  reads patterns from standard input, one on a line, and
                                    prints each as a rule file wants it

    %PDF-                   text stands for itself; the escapes are \\n \\r \\t and \\\\
    ⟦GET¦POST⟧              one of these
    ⟨{2-16}⟩  ⟨??⟩  ⟨0a⟩    what the pattern language says itself: gaps, any byte, bytes
                            without a letter, ⟨(22|27)⟩, ⟨!(78|58)⟩, ⟨(W)⟩
    0,32:<?   abc::i        offset in front and options behind, as they are
"""
import re
import sys
from pathlib import Path

SIGNATURES = Path(__file__).resolve().parent.parent / "signatures"
OFFSET = re.compile(r"((?:\d+|EOF-\d+)(?:,\d+)?:(?!:))?(.*?)(::[iwaf]+)?", re.DOTALL)
# A set of single bytes, a gap, a mark or a wildcard: kept as it is.
VERBATIM = re.compile(
    r"!\([^()]*\)|\((?:[0-9a-f?]{2}\|)+[0-9a-f?]{2}\)|\([BLW]\)|\{[^}]*\}|\[[^]]*\]"
    r"|[0-9a-f]\?|\?[0-9a-f]|\?\?|\*")
MARKS = {"(": "⟦", "|": "¦", ")": "⟧"}
ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\"}


def rules(path):
    """(line number, fields) of each rule of a file."""
    for number, line in enumerate(path.read_text(encoding="ascii").splitlines(), 1):
        if not line.startswith("#"):
            yield number, line.split(";" if path.suffix == ".ldb" else ":")


def decode(pattern):
    """A pattern as text."""
    offset, rest, options = OFFSET.fullmatch(pattern).groups()
    out = []
    at = 0
    while at < len(rest):
        kept = VERBATIM.match(rest, at)
        if kept:
            out.append(f"⟨{kept[0]}⟩")
            at = kept.end()
        elif rest[at] in MARKS:
            out.append(MARKS[rest[at]])
            at += 1
        else:
            byte = chr(int(rest[at:at + 2], 16))
            shown = ESCAPES.get(byte, byte)
            out.append(shown if " " <= shown[0] <= "~" else f"⟨{rest[at:at + 2]}⟩")
            at += 2
    return (offset or "") + "".join(out).replace("⟩⟨", "") + (options or "")


def encode(text):
    """Text as a pattern."""
    offset, rest, options = OFFSET.fullmatch(text).groups()
    unescaped = {shown: byte for byte, shown in ESCAPES.items()}
    unmarked = {shown: mark for mark, shown in MARKS.items()}
    out = []
    for kept, escape, byte in re.findall(r"⟨([^⟩]*)⟩|(\\[nrt\\])|([\s\S])", rest):
        if byte in unmarked:
            out.append(unmarked[byte])
        else:
            out.append(kept or unescaped.get(escape, byte).encode("utf-8").hex())
    return (offset or "") + "".join(out) + (options or "")


def show(wanted):
    files = [Path(name) for name in wanted if Path(name).is_file()]
    names = {name for name in wanted if not Path(name).is_file()}
    for path in files or sorted(SIGNATURES.glob("*.[ln]db")):
        for _number, fields in rules(path):
            if names and fields[0] not in names:
                continue
            patterns = 3
            print(fields[0], *fields[1:patterns], sep="\n    ")
            for number, pattern in enumerate(fields[patterns:]):
                print(f"    {number:2}  {decode(pattern)}")


def main():
    if sys.argv[1:2] == ["show"]:
        show(sys.argv[2:])
    elif sys.argv[1:] == ["encode"]:
        for line in sys.stdin:
            print(encode(line.removesuffix("\n")))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
