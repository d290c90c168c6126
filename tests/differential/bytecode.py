# SPDX-License-Identifier: Apache-2.0
"""Bytecode: a logical rule's conditions (a line of ldb) in front of a program that names it."""
import os
import subprocess
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
ASSEMBLE = Path(os.environ.get("ASSEMBLE", TOP / "build/tests/tools/assemble"))
LOGICAL = 256

# setvirusname(the one constant that it has).
PROGRAM = """kind {kind}
name {name}.{{{part}}};{conditions}
type fn 32 65 32
type array {length} 8
api 5 69 setvirusname
global 0 0
global 70 {letters} 0
global 65 0 1
func 0 32 : 32
block
32 0 call_api 5 g2 c0:4
T ret 32 c0:4
"""


def can_be_made():
    return ASSEMBLE.exists()


def file_of(line):
    """The text of a cbc file for a line of ldb."""
    name, _, conditions = line.partition(";")
    stem, _, part = name.rpartition(".")
    text = PROGRAM.format(kind=LOGICAL, name=stem, part=part, conditions=conditions,
                          length=len(name) + 1, letters=" ".join(str(b) for b in name.encode()))
    done = subprocess.run([ASSEMBLE], input=text.encode("latin-1"), capture_output=True, check=True)
    return done.stdout
