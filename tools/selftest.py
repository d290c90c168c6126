#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""selftest.py CC: tests, as TAP, that the tests of the tree can fail."""
import subprocess
import sys
import tempfile
from pathlib import Path

import bans
import layers
import tidy
from cfunctions import code, functions
from sum import Sum
from tree import tap

LONG_IF = """
MUST_CHECK static int one(int a, void (*call)(int, int), char b[4])
{
	/* if (in) a comment && not || counted ? */
	for (;;)
		if (a && b)
			return "if (" ? 1 : 2;
		else if (b)
			while (a)
				do { switch (a) { case 1: case 2: break; } } while (b);
}

TEST("a sentence")
{
	done();
}
"""


def rule(function, path, text):
    return list(function(path=Path(path), text=text, data=text.encode(), tokens=code(text)))


def expect(what, got, want):
    if got != want:
        yield f"{what}: got {got}, want {want}"


def reads_c():
    one, two = functions(code(LONG_IF))
    yield from expect("name", one.name, "one")
    yield from expect("parameters", one.params, 3)
    yield from expect("lines", one.lines, 10)
    decisions = "for if && ? if while switch while".split()
    yield from expect("complexity", one.complexity, 1 + len(decisions))
    yield from expect("nesting", one.nesting, 5)
    yield from expect("name", two.name, 'TEST("a sentence")')


def refuses():
    cases = [
        (bans.words, "a.md", "TO" "DO later"),
        (bans.words, "a.c", "/* see issue" " #12 */"),
        (bans.words, "a.c", "/* in the last ses" "sion */"),
        (bans.words, "a.sh", "cd /wo" "rk/x"),
        (bans.pages, "src/base/a.c", "/* see docs/formats/nothing.md */"),
        (bans.licence_line, "src/base/a.c", "int a;\n"),
        (bans.form, "src/base/a.c", "int a; \n"),
        (bans.form, "src/base/a.c", "\t" * 12 + "a_word;\n"),
        (bans.form, "a.c", "int a;"),
        (bans.pragma_once, "src/base/a.h", "int a;\n"),
        (bans.typedefs, "src/base/a.h", "typedef struct a { int b; } a;\n"),
        (bans.calls, "src/unpack/a.c", "void f(void) { p = malloc(3); }"),
        (bans.calls, "src/scan/a.c", "void f(void) { open(p, 0); }"),
        (bans.calls, "src/host/a.c", "void f(void) { strcpy(p, q); }"),
        (bans.pointer_arithmetic, "src/unpack/a.c", "void f(char *p) { g(p + 1); }"),
        (bans.pointer_arithmetic, "src/unpack/a.c", "void f(void) { char *p = g(); p++; }"),
        (bans.pointer_arithmetic, "src/match/a.c", "void f(char *p) { g(p + 1); }"),
    ]
    for function, path, text in cases:
        if not rule(function, path, text):
            yield f"{function.__name__} accepts {text!r} in {path}"
    for stem in sorted(bans.BAD_NAMES):
        if not rule(bans.names, f"src/base/{stem}.c", ""):
            yield f"names accepts {stem}.c"


def accepts():
    cases = [
        (bans.form, "src/base/a.c", "int a;\n"),
        (bans.calls, "src/base/a.c", "void f(void) { free(p); }"),
        (bans.calls, "src/host/a.c", "void f(void) { open(p, 0); }"),
        (bans.calls, "src/unpack/a.c", "void f(void) { u->open(p); u.read(p); (*open)(p); }"),
        (bans.pointer_arithmetic, "src/unpack/a.c", "void f(int *p) { g(*p + p->n + n * p[1]); }"),
        (bans.pointer_arithmetic, "src/codec/a.c", "void f(char *p) { g(p + 1); }"),
        (bans.pointer_arithmetic, "src/match/a.c", "/* hot loop */\nvoid f(char *p) { g(p + 1); }"),
    ]
    for function, path, text in cases:
        for finding in rule(function, path, text):
            yield f"{function.__name__}: {finding}"


def ratchets():
    found = {("complexity", "a.c:f"): 17, ("nesting", "a.c:g"): 3, ("params", "a.c:h"): 7}
    yield from expect("over the aim", len(list(tidy.check_sizes(found, {}))), 2)
    allowed = {("complexity", "a.c:f"): 17, ("params", "a.c:h"): 7}
    yield from expect("hard stop", len(list(tidy.check_sizes(found, allowed))), 1)
    allowed = {("complexity", "a.c:f"): 18}
    yield from expect("shrunk", len(list(tidy.check_ratchet(found, allowed))), 1)
    allowed = {("nesting", "a.c:g"): 4}
    yield from expect("mended", len(list(tidy.check_ratchet(found, allowed))), 1)
    yield from expect("binary", len(list(tidy.check_binaries({"a": b"\x00", "b": b"\xff"}))), 2)


def lists():
    contents = {
        Path("src/base/a.c"): b"", Path("src/base/b.c"): b"",
        Path("src/base/meson.build"): b"files('a.c')",
        Path("tests/unit/base/test_a.c"): b"", Path("tests/unit/base/test_c.c"): b"",
        Path("tests/unit/base/meson.build"): b"unit_tests = ['a']",
    }
    yield from expect("not listed", list(tidy.check_listed(contents)), [
        "src/base/b.c: not in src/base/meson.build",
        "tests/unit/base/test_c.c: not in tests/unit/base/meson.build",
    ])


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def sees_includes():
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name)
        write(tree, {
            "src/bytes/a.h": '#include "unpack/b.h"\n',
            "src/unpack/b.h": '#include "bytes/a.h"\n',
            "src/unpack/b.c": '#include <stdio.h>\n#include "unpack/b.h"\n#include "b.h"\n',
            "src/odd/c.h": "",
            "apps/one/main.c": '#include "../two/x.h"\n',
            "apps/two/x.h": "",
        })
        src = tree / "src"
        for check, want in [
            (layers.check_folders(src), 1), (layers.check_layers(src), 2),
            (layers.check_own_header_first(src), 1), (layers.check_include_cycles(src), 1),
            (layers.check_apps(tree / "apps", src), 1),
        ]:
            findings = list(check)
            yield from expect(findings, len(findings), want)


def sees_symbols(compiler):
    with tempfile.TemporaryDirectory() as name:
        build = Path(name)
        sources = {
            "a": "void b(void); void a(void); void a(void) { b(); }",
            "b": "void c(void); void b(void); void b(void) { c(); }",
            "c": "void d(void); void c(void); void c(void) { d(); }",
            "d": "void a(void); void d(void); void d(void) { a(); }",
            "e": "extern int count; int count; void f(void); void f(void) { count++; }",
        }
        write(build, {f"src/libcustos_engine.a.p/{n}.c": t for n, t in sources.items()})
        folder = build / "src/libcustos_engine.a.p"
        for source in sources:
            subprocess.run([*compiler, "-c", f"{source}.c", "-o", f"{source}.c.o"],
                           cwd=folder, check=True)
        knot = layers.largest_cycle(build)
        yield from expect("cycle", sorted(knot), ["a.c", "b.c", "c.c", "d.c"])
        yield from expect("too long", len(list(layers.check_calls(build))), 1)
        yield from expect("variables", list(layers.check_variables(build)),
                          ["e.c: count is a variable"])


def adds_up():
    total = Sum()
    for result, code_, output in [
        ("FAIL", 0, "1..3\nok 1 - a\nok 2 - b # SKIP why\n# because\nnot ok 3 - c\n"),
        ("ERROR", 3, "1..1\nok 1 - a\n"),
        ("TIMEOUT", -15, ""),
        ("SKIP", 77, "no such thing here\n"),
        ("SKIP", 0, "1..0 # SKIP not today\n"),
        ("OK", 0, ""),
    ]:
        total.add({"name": "t", "result": result, "returncode": code_, "stdout": output})
    yield from expect("passed", total.passed, 3)
    yield from expect("failed", total.failed, [
        "t: c\n# because", "t (error, exit code 3)", "t (timeout, exit code -15)",
    ])
    yield from expect("skipped", total.skipped, [
        ("t: b", "why"), ("t", "no such thing here"), ("t", "not today"),
    ])


def main():
    return tap([
        ("functions are found and measured", reads_c()),
        ("what is banned is seen", refuses()),
        ("what is not banned is let through", accepts()),
        ("figures may shrink and nothing else", ratchets()),
        ("sources that nobody builds are seen", lists()),
        ("includes against the layers are seen", sees_includes()),
        ("circles of calls, and variables, are seen", sees_symbols(sys.argv[1:])),
        ("tests are added up, the dead ones too", adds_up()),
    ])


if __name__ == "__main__":
    sys.exit(main())
