#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Data flows one way: which folder of src/ may include which.

layers.py TREE BUILD      tests, as TAP
layers.py --cycle BUILD   prints the largest cycle of "file calls file"

Includes are written from src/, so the rule can be read off the text. Calls are read off
the object files: a file calls another if it needs a symbol that the other defines.
"""
import re
import subprocess
import sys
from pathlib import Path

LAYERS = {
    "base": "",
    "bytes": "base",
    "codec": "base bytes",
    "type": "base bytes",
    "view": "base bytes codec type",
    "unpack": "base bytes codec type view",
    "cvd": "base bytes codec type view unpack",
    "match": "base bytes type view",
    "bytecode": "base bytes codec type view match",
    "rules": "base bytes type match bytecode",
    "database": "base bytes codec type unpack cvd match rules",
    "verdict": "base type match",
    "scan": "base bytes codec type view unpack match bytecode database verdict",
    "sandbox": "base bytes",
    "ipc": "base bytes",
    "config": "base bytes",
    "worker": "base bytes type unpack cvd match database verdict scan sandbox ipc",
    "host": "base bytes type match database verdict sandbox ipc config",
}
CYCLE_MAX = 3
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"]*)"', re.M)


def sources(folder):
    return sorted(p for p in folder.rglob("*") if p.suffix in (".c", ".h"))


def includes(path):
    """The files that `path` includes with quotes, each with its line."""
    text = path.read_text(errors="replace")
    for match in INCLUDE.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, match[1]


def check_folders(src):
    for folder in sorted(p for p in src.iterdir() if p.is_dir()):
        if folder.name not in LAYERS:
            yield f"{folder}: a folder that LAYERS in tools/layers.py does not know"


def check_layers(src):
    for path in sources(src):
        layer = path.relative_to(src).parts[0]
        allowed = set(LAYERS.get(layer, "").split()) | {layer}
        for line, name in includes(path):
            if not (src / name).is_file():
                yield f"{path}:{line}: \"{name}\" is not a file seen from src/"
            elif name.split("/")[0] not in allowed:
                yield f"{path}:{line}: {layer} may not include {name.split('/')[0]}"


def check_apps(apps, src):
    """A program includes src/ and its own folder, no other program."""
    for path in sources(apps):
        for line, name in includes(path):
            if not (src / name).is_file() and not (path.parent / name).is_file():
                yield f"{path}:{line}: \"{name}\" is neither in src/ nor beside it"
            elif ".." in name:
                yield f"{path}:{line}: \"{name}\" climbs out of its folder"


def check_own_header_first(src):
    for path in src.rglob("*.c"):
        own = str(path.relative_to(src).with_suffix(".h"))
        if not (src / own).is_file():
            continue
        text = path.read_text(errors="replace")
        first = re.search(r'^[ \t]*#[ \t]*include[ \t]*["<]([^">]*)', text, re.M)
        if not first or first[1] != own:
            yield f"{path}: does not include its own header first"


def check_include_cycles(src):
    graph = {
        str(p.relative_to(src)): {name for _, name in includes(p)} for p in sources(src)
    }
    for knot in components(graph):
        if len(knot) > 1:
            yield "include cycle: " + " ".join(sorted(knot))


def components(graph):
    """Strongly connected components (Tarjan's, without recursion)."""
    index, low, on_stack = {}, {}, set()
    stack, found = [], []
    for root in graph:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        work = [(root, iter(graph[root]))]
        while work:
            node, edges = work[-1]
            for other in edges:
                if other not in graph:
                    continue
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(graph[other])))
                    break
                if other in on_stack:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    knot = set()
                    while node not in knot:
                        knot.add(stack.pop())
                    on_stack -= knot
                    found.append(knot)
    return found


def object_name(path):
    """libcustos_engine.a.p/unpack_tar.c.o -> unpack_tar.c"""
    return path.name.removesuffix(".o")


def call_graph(build):
    """File -> files whose symbols it needs, over the libraries and programs."""
    defined, needed = {}, {}
    objects = [
        p
        for pattern in ("src/*.a.p/*.o", "*.p/*.o")
        for p in sorted(build.glob(pattern))
    ]
    if not objects:
        return {}
    for line in nm(objects):
        path, kind, symbol = line
        name = object_name(path)
        needed.setdefault(name, set())
        if kind in "Uw":
            needed[name].add(symbol)
        elif kind.isupper():
            defined.setdefault(symbol, name)
    return {
        name: {defined[s] for s in symbols if s in defined} - {name}
        for name, symbols in needed.items()
    }


def nm(objects):
    output = subprocess.run(
        ["nm", "-A", "--no-demangle", *map(str, objects)],
        check=True, capture_output=True, text=True,
    ).stdout
    for line in output.splitlines():
        path, _, rest = line.rpartition(":")
        fields = rest.split()
        yield Path(path), fields[-2], fields[-1]


def largest_cycle(build):
    return max(components(call_graph(build)), key=len, default=set())


def check_calls(build):
    knot = largest_cycle(build)
    if not knot:
        yield "no object files in " + str(build)
    elif len(knot) > CYCLE_MAX:
        yield f"cycle of {len(knot)} files: " + " ".join(sorted(knot))


def check_variables(build):
    """The engine keeps nothing between two calls: all it has is constant."""
    objects = sorted(build.glob("src/libcustos_engine.a.p/*.o"))
    output = subprocess.run(
        ["objdump", "-t", *map(str, objects)], check=True, capture_output=True, text=True,
    ).stdout
    name = ""
    for line in output.splitlines():
        if ".o:" in line:
            name = object_name(Path(line.split(":")[0]))
        fields = line.split()
        if " O " in line and re.search(r"\s\.(t?bss|t?data)(?!\.rel\.ro)", line):
            yield f"{name}: {fields[-1]} is a variable"


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--cycle":
        knot = largest_cycle(Path(sys.argv[2]))
        names = " (" + " ".join(sorted(knot)) + ")" if len(knot) > 1 else ""
        print(f"largest call cycle: {len(knot)}{names}")
        return 0
    tree, build = map(Path, sys.argv[1:])
    src, apps = tree / "src", tree / "apps"
    checks = [
        ("every folder of src is a known layer", check_folders(src)),
        ("a folder includes only from the layers below it", check_layers(src)),
        ("a program includes no other program", check_apps(apps, src)),
        ("every file includes its own header first", check_own_header_first(src)),
        ("no headers include each other in a circle", check_include_cycles(src)),
        (f"no more than {CYCLE_MAX} files call each other in a circle", check_calls(build)),
        ("the engine has no variables", check_variables(build)),
    ]
    failed = 0
    for number, (name, findings) in enumerate(checks, 1):
        findings = list(findings)
        for finding in findings:
            print("# " + finding)
        print(f"{'not ' if findings else ''}ok {number} - {name}")
        failed += bool(findings)
    print(f"1..{len(checks)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
