#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Bytecode beside clamscan: random programs of arithmetic, memory, calls and branches give
the same number, or fail, in both.

usage: bytecode_programs.py ASSEMBLE PROGRAM_RUN

PROGRAMS=N for another number than 200, CUSTOS_SEED for other programs. Output is TAP.
"""
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

COUNT = int(os.environ.get("PROGRAMS", 200))
BATCH = 50
WIDTHS = [8, 16, 32, 64]
BINARY = ["add", "sub", "mul", "and", "or", "xor"]
DIVISION = ["udiv", "sdiv", "urem", "srem"]
COMPARISON = ["eq", "ne", "ugt", "uge", "ult", "ule", "sgt", "sge", "slt", "sle"]
BUFFER = 16
TYPES = f"type array {BUFFER} 8\ntype ptr 69\nglobal 0 0\n"


class Function:
    """A function under construction: its values by width, and its blocks."""

    def __init__(self, random_, arguments, callees):
        self.random = random_
        self.types = [str(width) for width in arguments]
        self.arguments = len(arguments)
        self.ready = {width: [] for width in [1] + WIDTHS}
        for index, width in enumerate(arguments):
            self.ready[width].append(index)
        self.callees = callees
        self.blocks = [[]]
        self.buffer = self.value("69a")
        # clamscan's variables hold at first what was on its stack.
        start = self.say(65, f"gepz 70 v{self.buffer} c0:4")
        self.blocks[-1].append(f"0 0 memset v{start} c0:1 c{BUFFER}:4")

    def value(self, kind):
        self.types.append(str(kind))
        return len(self.types) - 1

    def say(self, kind, text):
        index = self.value(kind)
        self.blocks[-1].append(f"{kind} {index} {text}")
        return index

    def make(self, width, text):
        self.ready[width].append(self.say(width, text))

    def constant(self, width, value):
        return f"c{value % (1 << width)}:{max(width // 8, 1)}"

    def operand(self, width):
        if self.ready[width] and self.random.random() < 0.7:
            return f"v{self.random.choice(self.ready[width])}"
        edge = [0, 1, -1, 1 << (width - 1), (1 << (width - 1)) - 1]
        value = self.random.choice(edge + [self.random.getrandbits(width)] * 5)
        return self.constant(width, value)

    def address(self, size):
        offset = self.random.randrange(BUFFER - size + 1)
        return f"v{self.say(65, f'gepz 70 v{self.buffer} c{offset}:4')}"

    def arithmetic(self, width):
        op = self.random.choice(BINARY)
        self.make(width, f"{op} {self.operand(width)} {self.operand(width)}")

    def division(self, width):
        by = self.random.choice([2, 3, 7, 10, (1 << (width - 1)) - 1] * 3 + [0])
        op = self.random.choice(DIVISION)
        self.make(width, f"{op} {self.operand(width)} {self.constant(width, by)}")

    def shift(self, width):
        by = self.constant(width, self.random.randrange(width))
        op = self.random.choice(["shl", "lshr", "ashr"])
        self.make(width, f"{op} {self.operand(width)} {by}")

    def compare(self, width):
        op = self.random.choice(COMPARISON)
        self.make(1, f"{op} {width} {self.operand(width)} {self.operand(width)}")

    def cast(self, width):
        other = self.random.choice([w for w in self.ready if w != width and self.ready[w]]
                                   or [0])
        if other:
            op = "trunc" if other > width else self.random.choice(["sext", "zext"])
            self.make(width, f"{op} v{self.random.choice(self.ready[other])}")

    def select(self, width):
        self.make(width, f"select {self.operand(1)} {self.operand(width)} "
                         f"{self.operand(width)}")

    def store(self, width):
        operand = self.operand(width)
        self.blocks[-1].append(f"{width} 0 store {operand} {self.address(width // 8)}")

    def load(self, width):
        self.make(width, f"load {self.address(width // 8)}")

    def fill(self, width):
        size = self.random.randrange(1, BUFFER)
        if self.random.random() < 0.5:
            value = self.random.getrandbits(8)
            place = self.address(size)
            self.blocks[-1].append(f"0 0 memset {place} c{value}:1 c{size}:4")
        else:
            to, source = self.address(size), self.address(size)
            self.blocks[-1].append(f"0 0 memmove {to} {source} c{size}:4")

    def memcmp(self, width):
        size = self.random.randrange(1, BUFFER)
        a, b = self.address(size), self.address(size)
        self.make(32, f"memcmp {a} {b} c{size}:4")

    def swap(self, width):
        if width > 8:
            self.make(width, f"bswap{width} {self.operand(width)}")

    def call(self, width):
        if self.callees:
            number, arguments = self.random.choice(self.callees)
            operands = " ".join(self.operand(w) for w in arguments)
            self.make(32, f"call_direct {number} {operands}")

    def branch(self, width):
        """Two ways that meet again; what they make is not seen behind them."""
        variable = self.value(f"{width}a")
        condition = self.operand(1)
        first = len(self.blocks)
        self.blocks[-1].append(f"T branch {condition} {first} {first + 1}")
        for _ in range(2):
            self.blocks.append([])
            kept = {w: list(values) for w, values in self.ready.items()}
            self.arithmetic(width)
            self.blocks[-1].append(f"{width} 0 copy v{self.ready[width][-1]} v{variable}")
            self.blocks[-1].append(f"T jmp {first + 2}")
            self.ready = kept
        self.blocks.append([])
        self.make(width, f"copy v{variable} v{len(self.types)}")

    def step(self):
        steps = [self.arithmetic] * 4 + [
            self.division, self.shift, self.compare, self.cast, self.cast, self.select,
            self.store, self.load, self.fill, self.memcmp, self.swap, self.call,
            self.branch]
        self.random.choice(steps)(self.random.choice(WIDTHS))

    def text(self):
        for width in WIDTHS:
            if self.ready[width]:
                last = self.ready[width][-1]
                if width == 32:
                    part = f"v{last}"
                else:
                    op = "trunc" if width > 32 else "zext"
                    part = f"v{self.say(32, f'{op} v{last}')}"
                self.make(32, f"xor {part} {self.operand(32)}")
        self.blocks[-1].append(f"T ret 32 {self.operand(32)}")
        lines = [f"func {self.arguments} 32 : {' '.join(self.types)}"]
        for block in self.blocks:
            lines += ["block"] + block
        return "\n".join(lines)


def program(random_, name):
    shapes = [[random_.choice(WIDTHS) for _ in range(random_.randrange(4))]
              for _ in range(random_.randrange(3))]
    callees = [(index + 2, shape) for index, shape in enumerate(shapes)]
    functions = []
    for index, arguments in enumerate([[]] + shapes):
        function = Function(random_, arguments, callees[index:])
        for _ in range(random_.randrange(5, 40)):
            function.step()
        functions.append(function.text())
    head = f"kind 256\nname {name}.{{A}};Engine:51-255,Target:0;0;0:6161\n"
    return head + TYPES + "\n".join(functions) + "\n"


def clamscan(paths, folder):
    """What each program returned, by its name; None if it failed."""
    rules = folder / "rules"
    shutil.rmtree(rules, ignore_errors=True)
    rules.mkdir()
    for path in paths:
        (rules / path.name).write_bytes(path.read_bytes())
    output = subprocess.run(
        ["clamscan", "--debug", "--bytecode-unsigned", "--allmatch", f"-d{rules}",
         folder / "input"], capture_output=True, timeout=120)
    answers = {}
    text = (output.stdout + output.stderr).decode(errors="replace")
    for line in text.splitlines():
        if match := re.search(r"ytecode '(\w+)\.\{A\}' \(id: \d+\) returned code: (\d+)", line):
            answers[match[1]] = int(match[2])
        elif match := re.search(r"Bytecode '(\w+)\.\{A\}' \(id: \d+\) failed to run", line):
            answers[match[1]] = None
    return answers


def ours(paths, folder):
    output = subprocess.run([PROGRAM_RUN, folder / "input", *paths], capture_output=True,
                            timeout=120, check=True).stdout.decode()
    answers = {}
    for line in output.splitlines():
        path, word, rest = line.split(" ", 2)
        answers[Path(path).stem] = int(rest) if word == "returned" else \
            None if word == "failed" else f"refused: {rest}"
    return answers


def main():
    seed = int(os.environ.get("CUSTOS_SEED", random.getrandbits(32)))
    print(f"# CUSTOS_SEED={seed}")
    random_ = random.Random(seed)
    wrong, failed, asked = [], 0, 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "input").write_bytes(b"aa and more than six bytes")
        for first in range(0, COUNT, BATCH):
            paths = []
            for index in range(first, min(first + BATCH, COUNT)):
                path = folder / f"P{index}.cbc"
                text = program(random_, path.stem)
                path.with_suffix(".txt").write_text(text)
                path.write_bytes(subprocess.run([ASSEMBLE], input=text.encode(),
                                                capture_output=True, check=True).stdout)
                paths.append(path)
            here, there = ours(paths, folder), clamscan(paths, folder)
            for path in paths:
                asked += path.stem in there
                failed += there.get(path.stem, 0) is None
                if here[path.stem] != there.get(path.stem, "nothing"):
                    wrong.append(path.stem)
                    print(f"# {path.stem}: {here[path.stem]} here, "
                          f"{there.get(path.stem, 'nothing')} there")
                    if len(wrong) == 1:
                        for line in path.with_suffix(".txt").read_text().splitlines():
                            print(f"#   {line}")
    print(f"# {asked} programs, of which {failed} fail")
    print("not " * bool(wrong) + "ok 1 - random programs give what they give in clamscan")
    print("1..1")
    return bool(wrong)


ASSEMBLE, PROGRAM_RUN = sys.argv[1:]
if not shutil.which("clamscan"):
    print("1..0 # SKIP clamscan is not installed")
    sys.exit(0)
sys.exit(main())
