#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""hardening.py PROGRAM…: tests, as TAP, of what can be read off the built programs."""
import re
import subprocess
import sys
from pathlib import Path

from tree import tap

# What custos-worker, which looks into hostile files, has no use for.
NOT_IN_WORKER = re.compile(
    r"^(socket|connect|bind|listen|accept4?|getaddrinfo|gethostby\w+|res_\w+|system|popen|"
    r"exec\w+|fexecve|posix_spawnp?|dlopen|dlsym|pthread_create|fopen(64)?)$"
)


def readelf(program, *options):
    return subprocess.run(
        ["readelf", "-W", *options, str(program)], check=True, capture_output=True, text=True,
    ).stdout


def needed_symbols(program):
    """Names that the program takes from libraries, without their versions."""
    output = readelf(program, "--dyn-syms")
    return {line.split()[7].split("@")[0] for line in output.splitlines() if " UND " in line
            and len(line.split()) > 7}


def check_layout(program):
    header, segments = readelf(program, "-h"), readelf(program, "-l")
    dynamic = readelf(program, "-d")
    flags = {line.split()[0]: line.split()[6:-1] for line in segments.splitlines()
             if re.match(r"\s+(LOAD|GNU_STACK|GNU_RELRO) ", line)}
    if not re.search(r"Type:\s+DYN", header) or " PIE" not in dynamic:
        yield "is not position-independent"
    if "NOW" not in dynamic:
        yield "binds functions lazily"
    if "GNU_RELRO" not in flags:
        yield "leaves its relocations writable"
    if "GNU_STACK" not in flags or "E" in "".join(flags["GNU_STACK"]):
        yield "has an executable stack"
    if re.search(r"^\s+LOAD .* RWE ", segments, re.M):
        yield "has memory that is writable and executable"
    if re.search(r"\((RPATH|RUNPATH|TEXTREL)\)", dynamic):
        yield "has a library path of its own, or relocations in its code"


def check_compiler(program):
    symbols = needed_symbols(program)
    if "__stack_chk_fail" not in symbols:
        yield "has no guards on its stack"
    if not any(name.endswith("_chk") for name in symbols):
        yield "calls no checked functions (FORTIFY)"


def check_worker(program):
    for name in sorted(needed_symbols(program)):
        if NOT_IN_WORKER.match(name):
            yield f"needs {name}()"


def main():
    checks = []
    for program in map(Path, sys.argv[1:]):
        checks.append((f"{program.name} is laid out to be hard to take over",
                       check_layout(program)))
        checks.append((f"{program.name} was compiled with the checks",
                       check_compiler(program)))
        if program.name == "custos-worker":
            checks.append((f"{program.name} has no network, no programs, no threads",
                           check_worker(program)))
    return tap(checks)


if __name__ == "__main__":
    sys.exit(main())
