# SPDX-License-Identifier: Apache-2.0
"""Texts that a regular expression matches, from Python's own reading of it."""
import re
import re._constants as codes
import re._parser as parser

from pattern import Unsolved

REPEAT_MORE = 4  # at most so many beyond the least
CLASSES = {
    codes.CATEGORY_DIGIT: b"0123456789",
    codes.CATEGORY_SPACE: b" \t\n",
    codes.CATEGORY_WORD: b"abcxyzABC019_",
    codes.CATEGORY_NOT_DIGIT: b"abx-",
    codes.CATEGORY_NOT_SPACE: b"abx1-",
    codes.CATEGORY_NOT_WORD: b" -./",
}
# What PCRE knows and Python writes otherwise.
TRANSLATIONS = (
    (re.compile(r"\(\?<(?=[A-Za-z_])"), "(?P<"),
    (re.compile(r"\\h"), r"[ \\t]"), (re.compile(r"\\R"), r"\\n"),
    (re.compile(r"\\z"), r"\\Z"), (re.compile(r"\[:alnum:\]"), "a-zA-Z0-9"),
    (re.compile(r"\[:alpha:\]"), "a-zA-Z"), (re.compile(r"\[:digit:\]"), "0-9"),
    (re.compile(r"\[:space:\]"), r"\\s"), (re.compile(r"\[:xdigit:\]"), "0-9a-fA-F"),
    (re.compile(r"([*+?}])\+"), r"\1"), (re.compile(r"\\x\{([0-9a-fA-F]{2})\}"), r"\\x\1"),
    (re.compile(r"\\x([0-9a-fA-F])(?![0-9a-fA-F])"), r"\\x0\1"),
)


class RegexMaker:
    def __init__(self, rng, filler=None):
        self.rng = rng
        self.filler = filler or b"abcxyz .0"
        self.groups = {}

    def make(self, text, flags=""):
        """Bytes that the expression matches, when nothing looks around it."""
        for pattern, replacement in TRANSLATIONS:
            text = pattern.sub(replacement, text)
        mode = 0
        for letter, flag in (("i", re.I), ("s", re.S), ("m", re.M), ("x", re.X)):
            mode |= flag if letter in flags else 0
        try:
            tree = parser.parse(text.encode("latin-1"), mode)
        except (re.error, OverflowError, UnicodeEncodeError) as error:
            raise Unsolved(f"regular expression: {error}") from None
        return self.sequence(tree)

    def sequence(self, tree):
        return b"".join(self.part(code, value) for code, value in tree)

    def part(self, code, value):
        if code is codes.LITERAL:
            return bytes([value])
        if code is codes.NOT_LITERAL:
            return self.one_of(b for b in range(256) if b != value)
        if code is codes.ANY:
            return bytes([self.rng.choice(self.filler)])
        if code is codes.IN:
            return self.in_set(value)
        if code is codes.BRANCH:
            return self.sequence(self.rng.choice(value[1]))
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            low, high, inner = value
            high = min(int(high), low + REPEAT_MORE)
            return b"".join(self.sequence(inner) for _ in range(self.rng.randint(low, high)))
        return self.special(code, value)

    def special(self, code, value):
        if code is codes.SUBPATTERN:
            made = self.sequence(value[3])
            self.groups[value[0]] = made
            return made
        if code is codes.ATOMIC_GROUP:
            return self.sequence(value)
        if code is codes.GROUPREF:
            return self.groups.get(value, b"")
        if code is codes.AT:
            return b""
        if code is codes.ASSERT:
            # What is looked at ahead or behind stands there, mostly.
            return self.sequence(value[1]) if value[0] < 0 else b""
        if code is codes.ASSERT_NOT:
            return b""
        raise Unsolved(f"regular expression: {code}")

    def in_set(self, items):
        negated = items[0][0] is codes.NEGATE
        members = set()
        for code, value in items[negated:]:
            if code is codes.LITERAL:
                members.add(value)
            elif code is codes.RANGE:
                members.update(range(value[0], value[1] + 1))
            elif code is codes.CATEGORY:
                members.update(CLASSES[value])
        if negated:
            members = set(range(256)) - members
        return self.one_of(members)

    def one_of(self, members):
        members = sorted(members)
        # Letters and digits where there are any: they survive in text.
        pleasant = [b for b in members if 0x30 <= b < 0x7b and chr(b).isalnum()]
        if not members:
            raise Unsolved("regular expression: an empty set")
        return bytes([self.rng.choice(pleasant or members)])
