# SPDX-License-Identifier: Apache-2.0
"""
A file that carries a rule, and a near miss: the pieces that its subsignatures ask for,
at the places that their offsets name, in a carrier of the rule's target.
"""
import re
from dataclasses import dataclass

import carriers
import expression
import pattern
import pictures
import wrap
from pattern import Piece, Unsolved
from regexes import RegexMaker
from rule_text import MACRO
from values import compared_value

SIZE_MAX = 16 << 20
COPIES_MAX = 300
CONDITIONS = {"FileSize", "EntryPoint", "NumberOfSections", "Container", "Intermediates",
              "HandlerType"}
# What else than text and HTML a rule for any object may be met in.
ANYWHERE = (0, 0, 0, carriers.PE, carriers.ELF, carriers.MACHO, carriers.OLE2, carriers.GRAPHICS,
            carriers.FLASH, carriers.JAVA)
TRIES = 12


@dataclass
class Placed:
    """A piece and where it belongs."""
    offset: object
    piece: Piece
    shift: int = 0
    behind: object = None   # the Placed after whose start it stands (byte comparison)
    distance: int = 0


class Solver:
    """`groups`: the patterns of macros, by target and group."""

    def __init__(self, rule, rng, groups=None):
        self.rule = rule
        self.rng = rng
        self.groups = groups or {}
        self.picture = None
        # A rule for any object may be carried by all of them.
        self.target = rule.target or rng.choice(ANYWHERE)
        unknown = set(rule.conditions) - CONDITIONS
        if unknown:
            raise Unsolved(f"condition {sorted(unknown)[0]}")
        self.text_like = self.target in (carriers.HTML, carriers.MAIL, carriers.TEXT,
                                         carriers.PDF)

    def positive(self):
        if self.rule.subs and self.rule.subs[0].offset.base == "$":
            raise Unsolved("the part of a macro is found by its macro alone")
        return self.attempt(lambda placed, counts: placed)

    def near_miss(self):
        return self.attempt(self.spoil)

    def attempt(self, change):
        problem = None
        for _ in range(TRIES):
            try:
                counts = self.counts()
                placed = change(self.pieces(counts), counts)
                return self.file(placed)
            except Unsolved as unsolved:
                problem = unsolved
        raise problem

    def counts(self):
        rule = self.rule
        wanted = [expression.Expression(rule.logic)]
        if max(wanted[0].numbers, default=-1) >= len(rule.subs):
            raise Unsolved("the expression names a subsignature that is not there")
        counts = expression.choose(wanted, len(rule.subs), self.rng)
        needed = [rule.subs[n].trigger for n, count in counts.items()
                  if count and rule.subs[n].kind in ("regex", "compare")]
        if needed:
            wanted += [expression.Expression(text) for text in needed if text]
            counts = expression.choose(wanted, len(rule.subs), self.rng)
        return counts

    def pieces(self, counts):
        placed, first = [], {}
        self.picture = None
        for number, sub in enumerate(self.rule.subs):
            if counts.get(number, 0) > COPIES_MAX:
                raise Unsolved("too many copies are asked for")
            for copy in range(counts.get(number, 0)):
                if copy and sub.kind in ("compare", "macro", "image"):
                    break
                if sub.kind == "image":
                    self.wish_picture(sub)
                    break
                if sub.kind == "macro":
                    placed += self.macro(number, sub, first)
                    break
                item = self.piece(sub, first)
                if copy and sub.offset.base not in ("*", "VI") and not sub.offset.shift:
                    raise Unsolved("several matches at one place")
                first.setdefault(number, item)
                placed.append(item)
        return placed

    def wish_picture(self, sub):
        text = sub.text.split("#")[1]
        if self.picture not in (None, text):
            raise Unsolved("a picture has one hash")
        self.picture = text

    def macro(self, number, sub, first):
        """A member of the group behind what is before it, and that once more: clamscan
        looks for a macro when it meets what is before it again."""
        match, before = MACRO.fullmatch(sub.text), first.get(number - 1)
        members = self.groups.get((self.rule.target, int(match[3]))) if match else None
        if before is None or not members:
            raise Unsolved("a macro without what belongs to it")
        member = self.hex_piece(self.rng.choice(members), "")
        low, high = int(match[1]), int(match[2])
        low = max(low, len(before.piece.cells))
        if low > high or low > SIZE_MAX:
            raise Unsolved("a macro's distance leaves no room")
        made = [Placed(sub.offset, member, 0, before, self.rng.randint(low, min(high, low + 50)))]
        if before.offset.base == "*" and self.rng.random() < 0.8:
            again = self.piece(self.rule.subs[number - 1], first)
            if again.behind is None:
                made.append(again)
        return made

    def hex_piece(self, text, options):
        filler = carriers.TEXT_FILLER if self.text_like else None
        return pattern.Maker(self.rng, options, filler).make(pattern.parse(text))

    def piece(self, sub, first):
        filler = carriers.TEXT_FILLER if self.text_like else None
        shift = self.rng.randint(0, min(sub.offset.shift, 2000))
        if sub.kind == "hex":
            return Placed(sub.offset, self.hex_piece(sub.text, sub.options), shift)
        if sub.kind == "regex":
            cells = list(RegexMaker(self.rng, filler).make(sub.text, sub.options))
            return Placed(sub.offset, Piece(cells), shift)
        if sub.kind == "compare":
            distance, cells = compared_value(sub.text, self.rng)
            behind = first.get(int(sub.trigger))
            if behind is None:
                raise Unsolved("what is compared has no pattern before it")
            return Placed(sub.offset, Piece(cells), 0, behind, distance)
        raise Unsolved(f"subsignature of kind {sub.kind}")

    def spoil(self, placed, counts):
        """One needed byte, one match or one place otherwise."""
        if self.picture and (not placed or self.rng.random() < 0.5):
            bit = 1 << self.rng.randrange(63)
            self.picture = f"{int(self.picture, 16) ^ bit ^ self.other_bit(bit):016x}"
            return placed
        if not placed:
            raise Unsolved("there is nothing to be spoilt")
        at = self.rng.randrange(len(placed))
        item = placed[at]
        fixed = item.offset.base != "*" and item.behind is None
        choice = self.rng.random()
        if fixed and choice < 0.3:
            step = self.rng.choice((-1, 1, item.offset.shift + 1))
            changed = Placed(item.offset, item.piece, item.shift + step)
        elif choice < 0.15:
            return [other for other in placed if other is not item and other.behind is not item]
        else:
            changed = Placed(item.offset, pattern.near_miss(item.piece, self.rng), item.shift,
                             item.behind, item.distance)
        for other in placed:
            if other.behind is item:
                other.behind = changed
        return placed[:at] + [changed] + placed[at + 1:]

    def other_bit(self, bit):
        """One that is to be changed, too, if as many are to be set as before."""
        value = int(self.picture, 16)
        return self.rng.choice([1 << i for i in range(63)
                                if bool(value & bit) != bool(value >> i & 1)])

    def file(self, placed):
        carrier = self.carrier(placed)
        canvas, spots = carrier.canvas, {}
        pairs = list(carrier.pairs)
        for item in placed:
            if item.offset.base == "VI" and item.behind is None:
                spots[id(item)] = pairs.pop(0) + item.shift
                canvas.put_piece(spots[id(item)], item.piece)
        floating = [item for item in placed if item.offset.base == "*" and item.behind is None]
        for item in placed:
            if item.offset.base not in ("*", "VI") and item.behind is None:
                spots[id(item)] = self.spot(item, carrier)
                canvas.put_piece(spots[id(item)], item.piece)
        at = carrier.body
        for item in floating:
            length = len(item.piece.cells) + self.tail_of(item, placed)
            step = self.rng.randint(2, 6)
            at = canvas.find_free(at, carrier.end, length + step + 1) + step
            canvas.put_piece(at, item.piece)
            spots[id(item)] = at
            at += length
        for item in placed:
            if item.behind is not None:
                canvas.put_piece(spots[id(item.behind)] + item.distance, item.piece)
        canvas.fill(self.rng, carrier.filler)
        return wrap.wrapped(bytes(canvas.data), self.rule.conditions, self.rng)

    @staticmethod
    def tail_of(item, placed):
        """Room behind a piece for values that are compared."""
        return max((max(0, other.distance) + len(other.piece.cells) for other in placed
                    if other.behind is item), default=0)

    def spot(self, item, carrier):
        offset, length = item.offset, len(item.piece.cells)
        if offset.base == "":
            return offset.number + item.shift
        if offset.base == "EOF":
            return len(carrier.canvas) - offset.number + item.shift
        if carrier.entry is None:
            raise Unsolved("an offset of executables in another target")
        if offset.base == "EP":
            return carrier.entry + offset.number + item.shift
        section = -1 if offset.base == "SL" else offset.section
        start, room = carrier.sections[section]
        if offset.base == "SE":
            return carrier.canvas.find_free(start, start + room, length)
        return start + offset.number + item.shift

    def carrier(self, placed):
        wish = self.wish(placed)
        carrier = carriers.build(wish, self.rng)
        low, high = limits(self.rule.conditions.get("EntryPoint"))
        if low is not None and not low <= carrier.entry <= high:
            wish.entry_offset += max(0, low - carrier.entry)
            wish.sections[wish.entry_section] += wish.entry_offset
            carrier = carriers.build(wish, self.rng)
        low, high = limits(self.rule.conditions.get("FileSize"))
        if low is not None and not low <= len(carrier.canvas) <= high:
            carriers.resize(carrier, low if len(carrier.canvas) < low else high)
        if len(carrier.canvas) > SIZE_MAX:
            raise Unsolved("the file would be too large")
        return carrier

    def wish(self, placed):
        wish = carriers.Wish(self.target)
        if self.picture:
            wish.target = carriers.GRAPHICS
            wish.head = pictures.picture(self.picture, self.rng)
        wish.size = 64 + sum(len(item.piece.cells) + self.tail_of(item, placed) + 12
                             for item in placed if item.behind is None)
        if self.target in carriers.EXECUTABLES and not self.picture:
            self.wish_sections(wish, placed)
        for item in placed:
            offset, length = item.offset, len(item.piece.cells)
            if offset.base == "VI" and item.behind is None:
                wish.pairs.append(length + self.tail_of(item, placed) + item.shift)
            if offset.base == "" and item.behind is None:
                start = offset.number + item.shift
                wish.taken.append((start, start + length))
                if start + length > SIZE_MAX:
                    raise Unsolved("the file would be too large")
            if offset.base == "EOF":
                wish.size += offset.number
                wish.free_end = True
        return wish

    def wish_sections(self, wish, placed):
        offsets = [item.offset for item in placed if item.behind is None]
        count = 1 + max((o.section for o in offsets if o.base in ("S", "SE")), default=0)
        low, high = limits(self.rule.conditions.get("NumberOfSections"))
        count += self.rng.randrange(2)
        if low is not None:
            count = min(max(count, low), high)
        if count > 200:
            raise Unsolved("too many sections")
        wish.sections = [64] * count
        wish.entry_offset = max([0] + [-o.number for o in offsets if o.base == "EP"])
        wish.entry_offset += self.rng.randrange(8)
        for item in placed:
            offset = item.offset
            need = max(0, offset.number) + item.shift + len(item.piece.cells) + 32
            if item.behind is None and offset.base in ("S", "SE", "SL", "EP"):
                at = {"EP": 0, "SL": count - 1}.get(offset.base, offset.section)
                if offset.base == "EP":
                    need += wish.entry_offset
                if at >= count or need > SIZE_MAX:
                    raise Unsolved("its place is beyond the sections")
                if offset.base == "SE":
                    wish.sections[at] += need
                wish.sections[at] = max(wish.sections[at], need)


def limits(text):
    """A range as (low, high); (None, None) for none."""
    if not text:
        return None, None
    match = re.fullmatch(r"(\d*)-(\d*)|(\d+)", text)
    if not match:
        raise Unsolved(f"range {text}")
    if match[3]:
        return int(match[3]), int(match[3])
    return int(match[1] or 0), int(match[2] or 0xffffffff)
