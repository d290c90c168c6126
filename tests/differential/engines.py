# SPDX-License-Identifier: Apache-2.0
"""clamscan and custos over the same files with the same rules: names found in each file."""
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

UNOFFICIAL = ".UNOFFICIAL"
FOUND = re.compile(r"\./(?P<path>[^:]*): (?P<name>.*) FOUND$")
TOLD = re.compile(r"\./([^:/]*): ")


class EngineError(Exception):
    """A scan itself did not work."""


def clamscan_version():
    program = shutil.which("clamscan")
    if not program:
        return None
    output = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    return output.split("/")[0].split()[-1]


def run_clamscan(rules, folder, options=()):
    """({file name: set of rule names}, files on which it came to no end), of clamscan."""
    names = sorted(path.name for path in Path(folder).iterdir())
    return scan_files(rules, folder, names, options)


def scan_files(rules, folder, names, options):
    """clamscan crashes on some files with some rules; it goes on behind such a file."""
    found, crashed, at = {}, [], 0
    while at < len(names):
        here, last, code, text = clamscan_once(rules, folder, names[at:], options)
        found |= here
        if code in (0, 1):
            break
        if code > 1:
            raise EngineError(f"clamscan ended with {code}: {text[:2000]}")
        # In the last file that was told, maybe in its middle, or in the one behind it;
        # some crash in company alone: what is found in them counts alone, too.
        first = at
        at = names.index(last, at) + 2 if last else at + 1
        for name in names[max(first, at - 2):at]:
            found.pop(name, None)
            here, _, code, _ = clamscan_once(rules, folder, [name], options)
            if code < 0:
                crashed.append(name)
            else:
                found |= here
    return found, crashed


def clamscan_once(rules, folder, names, options):
    """What it found, the last file told, its exit code (below 0: a signal), its errors."""
    command = ["stdbuf", "--output=L", "clamscan", "--allmatch", "--no-summary", "--stdout",
               "--heuristic-alerts=no", "--phishing-scan-urls=no", "--detect-pua=yes",
               "--bytecode-unsigned", "--file-list=/dev/stdin", *options,
               f"--database={Path(rules).resolve()}"]
    done = subprocess.run(command, cwd=folder, capture_output=True,
                          input="".join(f"./{name}\n" for name in names).encode())
    found, last = {}, None
    for line in done.stdout.decode("latin-1").splitlines():
        if match := TOLD.match(line):
            last = match[1]
        if match := FOUND.match(line):
            name = match["name"].removesuffix(UNOFFICIAL)
            found.setdefault(match["path"], set()).add(name)
    return found, last, done.returncode, done.stderr.decode("latin-1")


def run_custos(custos, rules, folder, options=()):
    """The same of custos, and what it says it did not look at."""
    command = [custos, "scan", "--no-verdict-cache", "--all-matches", "--json",
               "--no-progress", "--pua", "--bytecode-unsigned", *options,
               f"--database={Path(rules).resolve()}", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True)
    found, incomplete = {}, {}
    for line in done.stdout.decode("utf-8", "surrogateescape").splitlines():
        record = json.loads(line)
        path = record.get("path", "").removeprefix("./")
        if record["type"] == "finding":
            found.setdefault(path, set()).add(rule_name(record))
        elif record["type"] == "incomplete":
            incomplete.setdefault(path, set()).add(record["reason"])
    if done.returncode not in (0, 1, 3):
        raise EngineError(done.stderr.decode("utf-8", "replace")[:2000])
    return found, incomplete


def cpu_paths(custos):
    """What --cpu-path can be on this processor, where none has all of them."""
    for name in ("neon", "avx2"):
        done = subprocess.run([custos, "scan", f"--cpu-path={name}", os.devnull],
                              capture_output=True, text=True)
        if match := re.search(r"it has:((?: \w+)+)$", done.stderr.strip()):
            return match[1].split()
    raise EngineError("no processor has both neon and avx2")


def rule_name(record):
    return record["rule"].encode("utf-8", "surrogateescape").decode("latin-1")


def clamscan_takes(rules, folder):
    """Does clamscan load this rule file?"""
    empty = Path(folder) / "empty-for-loading"
    empty.write_bytes(b"")
    done = subprocess.run(["clamscan", "--no-summary", "--detect-pua=yes",
                           f"--database={rules}", empty], capture_output=True)
    empty.unlink()
    return done.returncode != 2


def lines_clamscan_takes(kind, lines, folder):
    """Which of the lines clamscan takes: it takes or refuses a file as a whole."""
    if not lines:
        return []
    path = Path(folder) / f"taken-{os.getpid()}.{kind}"
    path.write_text("".join(line + "\n" for line in lines), "latin-1")
    taken = clamscan_takes(path, folder)
    path.unlink()
    if taken:
        return [True] * len(lines)
    if len(lines) == 1:
        return [False]
    half = len(lines) // 2
    return (lines_clamscan_takes(kind, lines[:half], folder) +
            lines_clamscan_takes(kind, lines[half:], folder))


def lines_custos_refuses(custos, path):
    """{line number: message} of a rule file."""
    output = subprocess.run([custos, "db", "check", path], capture_output=True).stderr
    refused = {}
    for line in output.decode("latin-1").splitlines():
        if match := re.match(r".*?:(\d+):\d+: refused: (.*)", line):
            refused[int(match[1])] = match[2]
    return refused
