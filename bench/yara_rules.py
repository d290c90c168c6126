# SPDX-License-Identifier: Apache-2.0
"""The patterns of ClamAV's ndb and ldb files as YARA rules, so that yara has like work.

What YARA has no word for is left away: hash rules (yara would need a rule each that hashes
the whole file), ::w and ::i of hexadecimal strings, places in sections. Where a rule is for
programs, its condition begins with their magic, so that yara need not ask further.
"""
import re

MAGIC = {"1": "uint16(0) == 0x5A4D", "6": "uint32(0) == 0x464C457F"}
TOKEN = re.compile(r"([0-9a-fA-F?]{2})|\*|\{(\d*)(-?)(\d*)\}")


def hex_string(text):
    """A pattern in YARA's form, or none if it has another part."""
    made, at = [], 0
    while at < len(text):
        token = TOKEN.match(text, at)
        if not token:
            return None
        made.append(token[1] or jump(token))
        at = token.end()
    return "{ " + " ".join(made) + " }" if made else None


def jump(token):
    if token[0] == "*":
        return "[-]"
    low, dash, high = token[2], token[3], token[4]
    if not dash:
        return f"[{low}]"
    return f"[{low or 0}-{high}]"


def place(offset):
    if offset.isdigit():
        return f" at {offset}"
    if offset.startswith("EOF-") and offset[4:].isdigit():
        return f" at filesize - {offset[4:]}"
    return ""


def rule(number, strings, target, condition):
    magic = MAGIC.get(target)
    condition = f"{magic} and ({condition})" if magic else condition
    lines = "".join(f"$s{i} = {string} " for i, string in enumerate(strings))
    return f"rule r{number} {{ strings: {lines}condition: {condition} }}\n"


def of_ndb(number, line):
    _, target, offset, text = line.split(":")[:4]
    string = hex_string(text)
    return rule(number, [string], target, f"$s0{place(offset)}") if string else None


def of_ldb(number, line):
    _, head, logic, *subs = line.split(";")
    strings = [hex_string(sub.partition("::")[0]) for sub in subs]
    if None in strings:
        return None
    target = re.search(r"Target:(\d+)", head)
    if counted := re.fullmatch(r"\([\d|]+\)>(\d+)", logic):
        condition = f"{int(counted[1]) + 1} of them"
    else:
        condition = re.sub(r"\d+", r"$s\g<0>", logic)
        condition = condition.replace("&", " and ").replace("|", " or ")
    return rule(number, strings, target[1] if target else "0", condition)


def write(folder, path):
    """Every rule of a folder that has a form in YARA; how many there are and are not."""
    taken = left = 0
    with open(path, "w", encoding="ascii") as out:
        for ending, convert in (("ndb", of_ndb), ("ldb", of_ldb)):
            for source in sorted(folder.glob(f"*.{ending}")):
                with open(source, encoding="latin-1") as lines:
                    for line in lines:
                        made = convert(taken, line.rstrip("\n"))
                        taken, left = taken + bool(made), left + (not made)
                        out.write(made or "")
    return taken, left
