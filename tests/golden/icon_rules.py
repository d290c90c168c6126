#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Icons by chance, beside clamscan: what they look like, and which rules find them.

usage: icon_rules.py CUSTOS

Of programs with such icons `custos db from-file` prints what they look like, clamscan's
`--debug` too. Rules ask for icons that look somewhat different. CUSTOS_SEED makes a run
again. Output is TAP.
"""
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "support"))
from programs import Resource, Section, icon, icon_group, pe  # noqa: E402

PROGRAMS, ICONS, RULES = 40, 8, 40
AREAS, WIDE_AREAS, COLOUR_MAX, SUM_MAX = 18, 6, 4072, 103
# An entry that is like nothing, so that clamscan looks at icons at all.
NOBODY = "Nobody:NOBODY:NOBODY:10" + "0" * 122


def colour(chance):
    return tuple(chance.randrange(256) for _ in range(3)) + (255,)


def picture(chance, width, height):
    """Rows of (red, green, blue, alpha): noise, gray noise, rectangles, or a few dots."""
    kind = chance.randrange(5)
    if kind == 0:
        return [[colour(chance) for _ in range(width)] for _ in range(height)]
    if kind == 1:
        return [[(chance.randrange(256),) * 3 + (255,) for _ in range(width)]
                for _ in range(height)]
    if kind == 2:
        red, green, blue = (chance.uniform(-8, 8) for _ in range(3))
        return [[tuple(max(0, min(255, int(128 + a * x + b * y)))
                       for a, b in ((red, green), (green, blue), (blue, red))) + (255,)
                 for x in range(width)] for y in range(height)]
    rows = [[colour(chance)] * width for _ in range(1)] * height
    rows = [list(row) for row in rows]
    for _ in range(chance.randrange(1, 9)):
        left, top, paint = chance.randrange(width), chance.randrange(height), colour(chance)
        size = (1, 1) if kind == 4 else (chance.randrange(1, width), chance.randrange(1, height))
        for y in range(top, min(height, top + size[1])):
            for x in range(left, min(width, left + size[0])):
                rows[y][x] = paint
    return rows


def random_icon(chance):
    width = chance.choice((16, 24, 32, 48, 64, 72, 96, chance.randrange(16, 80)))
    height = width
    if chance.random() < 0.3:
        height = max(16, min(256, round(width * chance.uniform(0.7, 1.4))))
    bits = chance.choice((1, 4, 8, 24, 32, 32))
    if bits < 24:
        palette = [colour(chance)[:3] for _ in range(2 ** bits)]
        rows = [[chance.randrange(2 ** bits) if chance.random() < 0.3 else (x // 3 + y // 5) % 2
                 for x in range(width)] for y in range(height)]
        data = icon(rows, bits, palette)
    else:
        cover = chance.choice(((255,), (0,), (0, 255), range(256)))
        rows = [[pixel[:3] + (chance.choice(cover),) for pixel in row]
                for row in picture(chance, width, height)]
        data = icon(rows, bits)
    if chance.random() < 0.5:
        mask = (width + 31) // 32 * 4 * height
        data = data[:-mask] + bytes(chance.choice((0, 255, chance.randrange(256)))
                                    for _ in range(mask))
    return data


def program(chance):
    images = [random_icon(chance) for _ in range(chance.randrange(1, ICONS))]
    resources = [Resource(3, i + 1, image) for i, image in enumerate(images)]
    group = icon_group([(i + 1, image) for i, image in enumerate(images)])
    return pe([Section(b"a program")], entry=(0, 0),
              resources=[*resources, Resource(14, 1, group)]).bytes


def somewhat_different(chance, digits):
    """Digits of another icon: some numbers are changed, within what a rule may say."""
    side, at, numbers = int(digits[:2], 16), 2, []
    for i in range(AREAS):
        widths = (3 if i < WIDE_AREAS else 2, 2, 2)
        numbers.append([int(digits[at + sum(widths[:k]):at + sum(widths[:k + 1])], 16)
                        for k in range(3)])
        numbers[-1][0] = min(numbers[-1][0], COLOUR_MAX)
        at += sum(widths)
    sums = [int(digits[at + 2 * i:at + 2 * i + 2], 16) for i in range(4)]
    share = chance.choice((0, 0.1, 0.3, 0.5, 0.7, 1))
    for i, area in enumerate(numbers):
        if chance.random() >= share:
            continue
        what = chance.randrange(3)
        step = (1000 if i < WIDE_AREAS else 70) if what == 0 else side // 4
        most = (COLOUR_MAX if i < WIDE_AREAS else 255) if what == 0 else side - side // 8
        area[what] = max(0, min(most, area[what] + chance.randint(-step, step)))
    for i in range(4):
        if chance.random() < share:
            sums[i] = max(0, min(100, sums[i] + chance.randint(-11, 11)))
    while sum(sums[:3]) > SUM_MAX:
        sums[chance.randrange(3)] = 0
    text = "".join(f"{a:0{3 if i < WIDE_AREAS else 2}x}{x:02x}{y:02x}"
                   for i, (a, x, y) in enumerate(numbers))
    return f"{side:02x}{text}" + "".join(f"{value:02x}" for value in sums)


def write_rules(chance, folder, looks):
    entries, rules = [], []
    for i in range(RULES):
        first, second = f"G{i}", f"H{i % 3}"
        entries.append(f"Entry{i}:{first}:{second}:"
                       + somewhat_different(chance, chance.choice(looks)))
        asked = chance.choice((f"IconGroup1:{first}", f"IconGroup1:{first}",
                               f"IconGroup2:H{chance.randrange(3)},IconGroup1:{first}",
                               f"IconGroup2:{second},IconGroup1:*"))
        rules.append(f"Icon{i};Engine:51-255,Target:1,{asked};0;{b'a program'.hex()}")
    (folder / "icons.idb").write_text("\n".join(entries) + "\n")
    (folder / "icons.ldb").write_text("\n".join(rules) + "\n")


def run(*command):
    result = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if result.returncode == 2:
        sys.exit(f"{command}: {result.stderr}")
    return result.stdout + result.stderr


def names(output):
    return set(re.findall(r"\b(Icon\d+)\b", output))


def main():
    seed = int(os.environ.get("CUSTOS_SEED", random.getrandbits(32)))
    chance = random.Random(seed)
    print(f"# CUSTOS_SEED={seed}")
    looks_asked = looks_wrong = asked = found = wrong = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rules, sample = folder / "rules", folder / "sample"
        rules.mkdir()
        for _ in range(PROGRAMS):
            sample.write_bytes(program(chance))
            (rules / "icons.idb").write_text(NOBODY + "\n")
            (rules / "icons.ldb").write_text("Icon;Engine:51-255,Target:1,IconGroup1:NONE;0;"
                                             + b"a program".hex() + "\n")
            there = re.findall(r"IDB SIGNATURE: .*:((?:10|18|20)\w+)$",
                               run("clamscan", "--debug", "-d", rules, sample), re.M)
            here = re.findall(r"^[^#\n]*:([0-9a-f]{124})$",
                              run(CUSTOS, "db", "from-file", "--as", "idb", sample), re.M)
            # Where no further area has room clamscan's number has too many digits.
            same = [a == b for a, b in zip(here, there) if b[37:40] not in ("71c", "fff", "3ff")]
            looks_asked += len(same)
            looks_wrong += same.count(False) + abs(len(here) - len(there))
            if not there:
                continue
            write_rules(chance, rules, there)
            theirs = names(run("clamscan", "-z", "--no-summary", "-d", rules, sample))
            ours = names(run(CUSTOS, "scan", "--no-verdict-cache", "--all-matches",
                             "--state", folder / "state", "--cache", folder / "cache",
                             "-d", rules, sample))
            asked += RULES
            found += len(theirs)
            wrong += len(ours ^ theirs)
            if ours != theirs:
                print(f"# differ: {sorted(ours ^ theirs)}")
    print(f"# {looks_asked} icons, {looks_wrong} look different; "
          f"{asked} rules, of which {found} find something, {wrong} differ")
    print("not " * bool(looks_wrong or not looks_asked)
          + "ok 1 - random icons look as they do to clamscan")
    print("not " * bool(wrong or not found)
          + "ok 2 - rules about them find what they find in clamscan")
    print("1..2")


CUSTOS = sys.argv[1]
if not shutil.which("clamscan"):
    print("1..0 # SKIP clamscan is not installed")
    sys.exit(0)
main()
