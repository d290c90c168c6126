# SPDX-License-Identifier: Apache-2.0
"""Lines of rule files, taken apart as far as a solver needs them."""
import re
from dataclasses import dataclass, field

from pattern import Unsolved

ENGINE = 216  # clamscan 1.4.6's functionality level
OFFSET = re.compile(r"(?:(?P<any>\*)|(?P<in>SE\d+)|(?P<base>EOF-|EP[+-]|S\d+\+|SL\+|)"
                    r"(?P<number>\d+))(?:,(?P<shift>\d+))?$")
MACRO = re.compile(r"\$\{(\d+)-(\d+)\}(\d+)\$")
LOGICAL = ("ldb", "ldu", "cbc")


@dataclass
class Offset:
    base: str = "*"        # *, "" (from the start), EOF, EP, S, SL, SE, VI, $ (a macro's group)
    section: int = 0       # or the group
    number: int = 0
    shift: int = 0


@dataclass
class Sub:
    kind: str              # hex, regex, compare, macro, image
    text: str
    offset: Offset = field(default_factory=Offset)
    options: str = ""
    trigger: str = ""      # of a regex; number of the other subsignature of a compare


@dataclass
class Rule:
    kind: str              # the file's ending
    line: str
    name: str
    target: int = 0
    logic: str = "0"
    subs: list = field(default_factory=list)
    conditions: dict = field(default_factory=dict)
    is_off: bool = False   # for another engine


def read(kind, line):
    if kind in ("ndb", "ndu", "sdb"):
        return read_ndb(kind, line)
    if kind in LOGICAL:
        return read_ldb(kind, line)
    if kind == "db":
        name, _, text = line.partition("=")
        return Rule(kind, line, name, subs=[Sub("hex", text)])
    raise Unsolved(f"no solver for {kind}")


def name_of(kind, line):
    """The name that is told when the rule matches."""
    if kind in LOGICAL:
        return line.split(";", 1)[0]
    if kind == "db":
        return line.split("=", 1)[0]
    fields = line.split(":")
    if kind in ("hdb", "hdu", "hsb", "hsu", "mdb", "mdu", "msb", "msu", "imp"):
        return fields[2] if len(fields) > 2 else ""
    return fields[0]


def read_ndb(kind, line):
    fields = line.split(":")
    if len(fields) < 4:
        raise Unsolved("too few fields")
    target = 0 if fields[1] == "*" else int(fields[1])
    return Rule(kind, line, fields[0], target,
                subs=[Sub("hex", fields[3], read_offset(fields[2]))], is_off=is_off(fields[4:6]))


def is_off(levels):
    """Is it for another engine?"""
    low, high = (levels + ["", ""])[:2]
    return bool(low and int(low) > ENGINE or high and int(high) < ENGINE)


def read_offset(text):
    if text in ("", "*"):
        return Offset()
    if text.startswith("VI"):
        return Offset("VI")
    if match := re.fullmatch(r"\$(\d+)\$", text):
        return Offset("$", int(match[1]))
    match = OFFSET.match(text)
    if not match:
        raise Unsolved(f"offset {text}")
    shift = int(match["shift"] or 0)
    if match["any"]:
        return Offset(shift=shift)
    if match["in"]:
        return Offset("SE", int(match["in"][2:]), 0, shift)
    base, number = match["base"], int(match["number"])
    if base == "EP-":
        number = -number
    section = int(base[1:-1]) if base[:1] == "S" and base != "SL+" else 0
    name = {"": "", "EOF-": "EOF", "EP+": "EP", "EP-": "EP", "SL+": "SL"}.get(base, "S")
    return Offset(name, section, number, shift)


def read_ldb(kind, line):
    fields = split_ldb(line)
    if len(fields) < 4:
        raise Unsolved("too few fields")
    rule = Rule(kind, line, fields[0], logic=fields[2])
    for pair in fields[1].split(","):
        key, _, value = pair.partition(":")
        rule.conditions[key] = value
    rule.target = int(rule.conditions.pop("Target", 0))
    rule.is_off = is_off(rule.conditions.pop("Engine", "").split("-"))
    rule.subs = [read_sub(text) for text in fields[3:]]
    return rule


def split_ldb(line):
    """At semicolons, but for those between two slashes; a slash behind a backslash is none."""
    fields, is_inside = [""], False
    for before, letter in zip(" " + line, line):
        if letter == "/" and before != "\\":
            is_inside = not is_inside
        if letter == ";" and not is_inside:
            fields.append("")
        else:
            fields[-1] += letter
    return fields


def read_sub(text):
    if text.startswith("fuzzy_img#"):
        return Sub("image", text)
    if text.startswith("${"):
        return Sub("macro", text)
    if match := re.fullmatch(r"(\d+)(\(.*#.*#.*\))", text):
        return Sub("compare", match[2], trigger=match[1])
    if "/" in text:
        return read_regex(text)
    body, _, options = text.partition("::")
    offset, colon, pattern = body.rpartition(":")
    return Sub("hex", pattern, read_offset(offset if colon else "*"), options)


def read_regex(text):
    """[Offset:]Trigger/regex/flags; a slash inside is \\/."""
    head, _, rest = text.partition("/")
    offset, colon, trigger = head.rpartition(":")
    end = len(rest)
    while True:
        end = rest.rfind("/", 0, end)
        if end < 0:
            raise Unsolved("a regular expression without an end")
        escapes = len(rest[:end]) - len(rest[:end].rstrip("\\"))
        if escapes % 2 == 0:
            break
    return Sub("regex", rest[:end], read_offset(offset if colon else "*"),
               rest[end + 1:], trigger)
