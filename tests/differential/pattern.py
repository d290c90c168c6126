# SPDX-License-Identifier: Apache-2.0
"""ClamAV's hexadecimal patterns: read into elements, and bytes made that they match."""
import re
from dataclasses import dataclass, field


class Unsolved(Exception):
    """Why no file can be made for a rule."""


@dataclass
class Byte:
    value: int
    mask: int = 0xff


@dataclass
class Gap:
    low: int
    high: int | None  # None: no end


@dataclass
class Either:
    choices: list
    negated: bool


@dataclass
class Mark:
    kind: str  # B, L, W
    negated: bool


@dataclass
class Piece:
    """What a pattern asks for: cells from its start, None where any byte will do."""
    cells: list = field(default_factory=list)
    before: int | None = None  # the byte in front of it
    after: int | None = None


# A byte that satisfies a mark standing before the pattern, after it, or inside it.
MARK_BYTES = {"B": b" -/", "L": b"\n", "W": b".:;"}
NO_MARK_BYTES = {"B": b"ak7", "L": b"ax.", "W": b"ax5"}
# Longer gaps are only made where nothing shorter is allowed.
GAP_MAX = 3000
HEX = re.compile(r"[0-9a-fA-F?]{2}")
GAP = re.compile(r"\{(\d*)(-?)(\d*)\}|\[(\d*)(-?)(\d*)\]|(\*)")


def parse(text):
    """The elements of a pattern."""
    elements, at = parse_sequence(text, 0, 0)
    if at != len(text):
        raise Unsolved(f"not a pattern from {text[at:at + 10]!r}")
    return elements


def parse_sequence(text, at, depth):
    elements = []
    while at < len(text) and text[at] not in "|)":
        if match := HEX.match(text, at):
            elements.append(parse_byte(match[0]))
            at += 2
        elif match := GAP.match(text, at):
            elements.append(parse_gap(match))
            at = match.end()
        elif text[at] in "!(":
            element, at = parse_parenthesis(text, at, depth)
            elements.append(element)
        else:
            raise Unsolved(f"not a pattern from {text[at:at + 10]!r}")
    return elements, at


def parse_byte(pair):
    value = int(pair.replace("?", "0"), 16)
    mask = (0 if pair[0] == "?" else 0xf0) | (0 if pair[1] == "?" else 0x0f)
    return Byte(value, mask)


def parse_gap(match):
    if match[7]:
        return Gap(0, None)
    low, dash, high = match.group(1, 2, 3) if match[0][0] == "{" else match.group(4, 5, 6)
    if not dash:
        return Gap(int(low or 0), int(low or 0))
    low, high = int(low or 0), int(high) if high and int(high) else None
    if high is not None and high < low:
        raise Unsolved("a gap that ends before it begins")
    return Gap(low, high)


def parse_parenthesis(text, at, depth):
    negated = text[at] == "!"
    at += negated
    if text[at:at + 1] != "(":
        raise Unsolved("! without (")
    if text[at + 1:at + 3] in ("B)", "L)", "W)"):
        return Mark(text[at + 1], negated), at + 3
    if depth == 15:
        raise Unsolved("alternatives nested too deep")
    choices = []
    while True:
        choice, at = parse_sequence(text, at + 1, depth + 1)
        choices.append(choice)
        if text[at:at + 1] == ")":
            return Either(choices, negated), at + 1
        if text[at:at + 1] != "|":
            raise Unsolved("a parenthesis is never closed")


class Maker:
    """Makes a piece that a pattern matches; what is free is drawn from `rng`."""

    def __init__(self, rng, options="", filler=None):
        self.rng = rng
        self.options = options
        self.wide = "w" in options and ("a" not in options or rng.random() < 0.5)
        self.filler = filler
        self.piece = None
        self.wanted = None  # what a mark asks of the byte that comes next

    def make(self, elements):
        self.piece = Piece()
        self.wanted = None
        if "f" in self.options:
            self.piece.before = self.rng.choice(b" .\0")
        self.sequence(elements, top=True)
        if self.wanted is not None:
            self.piece.after = self.wanted
        if "f" in self.options:
            self.piece.after = self.rng.choice(b" .\0")
        return self.piece

    def sequence(self, elements, top=False):
        for index, element in enumerate(elements):
            if isinstance(element, Byte):
                self.byte(element)
            elif isinstance(element, Gap):
                self.gap(element, elements[index + 1:index + 2])
            elif isinstance(element, Either):
                self.either(element)
            else:
                self.mark(element, elements, index)

    def put(self, cell):
        self.wanted = None
        self.piece.cells.append(cell)
        if self.wide:
            self.piece.cells.append(0)

    def byte(self, element):
        free = self.rng.randrange(256) if self.filler is None else self.rng.choice(self.filler)
        value = element.value | (free & ~element.mask & 0xff)
        if "i" in self.options and element.mask == 0xff and chr(value).isascii() \
                and chr(value).isalpha() and self.rng.random() < 0.5:
            value ^= 0x20
        self.put(value)

    def gap(self, element, following):
        high = element.high
        if high is None:
            high = element.low + 40
        high = min(high, max(element.low, GAP_MAX))
        length = self.rng.choice((element.low, high, self.rng.randint(element.low, high)))
        marked = bool(following and isinstance(following[0], Mark))
        if (self.wanted is not None or marked) and high > element.low:
            length = max(length, min(high, 2))
        cells = [None] * length
        if cells and self.wanted is not None:
            cells[0] = self.wanted
        if cells and marked:
            cells[-1] = self.mark_byte(following[0])
        self.wanted = None
        self.piece.cells += cells

    def either(self, element):
        if not element.negated:
            self.sequence(self.rng.choice(element.choices))
            return
        lengths = {len(choice) for choice in element.choices}
        if len(lengths) != 1:
            raise Unsolved("negated alternatives of unequal length")
        length = lengths.pop()
        for _ in range(100):
            data = bytes(self.free() for _ in range(length))
            if not any(self.equals(choice, data) for choice in element.choices):
                for value in data:
                    self.put(value)
                return
        raise Unsolved("negated alternatives leave nothing")

    def free(self):
        return self.rng.choice(self.filler) if self.filler else self.rng.randrange(256)

    @staticmethod
    def equals(choice, data):
        return all(isinstance(e, Byte) and (v & e.mask) == e.value
                   for e, v in zip(choice, data))

    def mark_byte(self, mark):
        table = NO_MARK_BYTES if mark.negated else MARK_BYTES
        return self.rng.choice(table[mark.kind])

    def mark(self, element, elements, index):
        is_first = index == 0 or isinstance(elements[index - 1], Gap)
        is_last = index == len(elements) - 1 or isinstance(elements[index + 1], Gap)
        value = self.mark_byte(element)
        if is_last and not is_first:
            self.wanted = value
        elif not is_first or element.negated:
            self.put(value)
        elif index == 0:
            self.piece.before = value


def near_miss(piece, rng):
    """The same with one needed byte changed."""
    needed = [i for i, cell in enumerate(piece.cells) if cell is not None]
    if not needed:
        raise Unsolved("nothing in the pattern is fixed")
    cells = list(piece.cells)
    at = rng.choice(needed)
    cells[at] ^= rng.choice((0x01, 0x10, 0x20, 0x80, rng.randrange(1, 256)))
    return Piece(cells, piece.before, piece.after)
