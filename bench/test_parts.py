#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests, as TAP, of what the benchmark works out itself."""
import sys
import tempfile
import xml.dom.minidom
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import figures  # noqa: E402
import floors  # noqa: E402
import gate  # noqa: E402
import measure  # noqa: E402
import plots  # noqa: E402
import samples  # noqa: E402
import yara_rules  # noqa: E402
from figures import Figure, Figures  # noqa: E402
from measure import Cost  # noqa: E402


def differs(found, wanted):
    return [] if found == wanted else [f"found {found!r}, not {wanted!r}"]


def test_yara():
    yield from differs(yara_rules.hex_string("4d5a??{4-8}?a*{-3}00"),
                       "{ 4d 5a ?? [4-8] ?a [-] [0-3] 00 }")
    yield from differs(yara_rules.hex_string("4d(5a|5b)"), None)
    yield from differs(
        yara_rules.of_ndb(3, "A:1:EOF-20:4d5a0000"),
        "rule r3 { strings: $s0 = { 4d 5a 00 00 } condition: "
        "uint16(0) == 0x5A4D and ($s0 at filesize - 20) }\n")
    yield from differs(
        yara_rules.of_ldb(4, "A;Engine:81-255,Target:0;(0|1)>1;0102::i;0304"),
        "rule r4 { strings: $s0 = { 01 02 } $s1 = { 03 04 } condition: 2 of them }\n")


def test_kinds():
    page = b"<!DOCTYPE html><html>"
    program = bytearray(b"MZ" + bytes(126))
    program[60:64] = (64).to_bytes(4, "little")
    program[64:68] = b"PE\0\0"
    heads = {b"\x7fELF\2": "ELF", page: "HTML", bytes(program): "PE", b"MZ" + bytes(99): None,
             b"int main;\n": "text", b"PK\3\4": "archives", b"\x89PNG": "compressed"}
    with tempfile.TemporaryDirectory() as folder:
        for head, kind in heads.items():
            path = Path(folder, "file")
            path.write_bytes(head)
            yield from differs(samples.kind_of(path), kind)


def test_samples():
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        for number in range(40):
            (top / str(number)).write_bytes(bytes(1000))
        (top / "large").write_bytes(bytes(9000))
        files = samples.files_of(top)
        yield from differs(files, samples.files_of(top))
        taken = samples.take(files, 10000)
        yield from differs(len(taken), 10)
        yield from differs([path for path in taken if path.name == "large"], [])


def test_orphans():
    """The time of a process that outlives its command is counted."""
    measure.adopt_orphans()
    spin = "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done"
    cost = measure.run(["sh", "-c", f"({spin}) & exit 0"])
    alone = measure.run(["sh", "-c", spin])
    if cost.cpu < alone.cpu / 4:
        yield f"{cost.cpu} s seen of about {alone.cpu} s"


def some_figures():
    made = Figures()
    for program, cpu in (("custos", 1.0), ("clamd", 49.0), ("sha256sum", 0.5)):
        made.rows.append(Figure("kinds", "383k", "PE", 1, program, 1 << 20, 1, "x",
                                [Cost(cpu, cpu), Cost(3 * cpu, cpu)]))
    return made


def test_ratios():
    made = some_figures()
    found = {floor.work: floor for floor in floors.table(made)}
    row = found["383,000 rules, PE, one core"]
    yield from differs((row.ratio, row.held), (49.0, "**no**"))
    row = found["raw ceiling: PE, 383,000 rules, one core"]
    yield from differs((row.ratio, row.held), (2.0, "yes"))
    row = found["383,000 rules, ELF, one core"]
    yield from differs((row.ratio, row.held), (None, "not measured"))
    loaded = Figure("kinds", "", "", 1, "", costs=[Cost(5, 4)], load=Cost(2, 1))
    yield from differs((loaded.median("wall"), loaded.median("cpu")), (3, 3))
    yield from differs(figures.spread_text([1.0, 2.0, 30.0]), "2.00 (1.00 – 30.0)")


def test_plots():
    drawn = list(plots.all_of(some_figures()))
    yield from differs([name for name, _, _ in drawn], ["kinds-383k-1.svg"])
    bars = xml.dom.minidom.parseString(drawn[0][2]).getElementsByTagName("rect")
    widths = [float(bar.getAttribute("width")) for bar in bars][3:]
    if not widths[2] > widths[0] > widths[1]:
        yield f"bars of {widths}"


def test_gate():
    report = gate.Report(rules=2, made=2, found=1, hashes=3, hashes_found=3)
    yield from differs(report.holds, True)
    report.missed.append("ndb: a rule")
    yield from differs(report.holds, False)
    rng = gate.random.Random(1)
    known = gate.known_hashes(20, rng)
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder, "rules")
        rules.mkdir()
        for kind in ("hdb", "hsb", "mdb"):
            (rules / f"a.{kind}").write_text("one\ntwo\n")
        gate.mix(rules, Path(folder, "mixed"), known, rng)
        mixed = "".join(path.read_text() for path in Path(folder, "mixed").iterdir())
    yield from differs(mixed.count("\n"), 26)
    yield from differs([line for _, line, _ in known if line not in mixed], [])


def main():
    tests = [(name, test) for name, test in globals().items() if name.startswith("test_")]
    failed = False
    for number, (name, test) in enumerate(tests, 1):
        problems = list(test())
        for problem in problems:
            print(f"# {problem}")
        print(f"{'not ' if problems else ''}ok {number} - {name.removeprefix('test_')}")
        failed |= bool(problems)
    print(f"1..{len(tests)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
