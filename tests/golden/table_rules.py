#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
Rules that are tables (cdb, pwdb …), beside clamscan: in which samples each is found.

usage: table_rules.py CUSTOS

table_rules.txt has the rules in groups that are loaded together, with the samples of
that name (samples.py), and behind each rule the samples in which it is found: by both
programs, or by each. With --compat=clamav custos finds what clamscan does, or what stands
behind a second bar. In rules {md5 SAMPLE} and {sha256 SAMPLE} are digests, {size SAMPLE} is
a length. Output is TAP.
"""
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from samples import make_samples

HERE = Path(__file__).resolve().parent


class Rule:
    def __init__(self, number, kind, text, found):
        """`found`: columns, of which those that are missing are as the one before."""
        self.name = f"Table{number}"
        self.kind = kind
        self.text = text.replace("NAME", self.name)
        columns = [set(column.split()) for column in found.split("|")]
        columns += columns[-1:] * (3 - len(columns))
        self.here, self.there, self.compat = columns


def read_groups():
    """{group: rules} of `== group`, `[kind]`, and `rule  samples[ | samples of clamscan]`."""
    groups = {}
    for line in (HERE / "table_rules.txt").read_text().splitlines():
        if line.startswith("== "):
            rules = groups.setdefault(line[3:], [])
        elif line.startswith("[") and line.endswith("]"):
            kind = line[1:-1]
        elif line and not line.startswith("#"):
            text, _, found = re.sub(r"\s{2,}", "\t", line).partition("\t")
            rules.append(Rule(len(rules) + 1, kind, text, found))
    return groups


def found_here(custos, sources, folder, *options):
    command = [custos, "scan", "--no-verdict-cache",
               "--json", "--all-matches", "--state", folder / "state",
               "--cache", folder / "cache", *options, "-d", sources, "--", folder / "samples"]
    result = subprocess.run(command, capture_output=True)
    if result.returncode == 2:
        sys.exit(result.stderr.decode())
    found = set()
    for line in result.stdout.splitlines():
        record = json.loads(line)
        if record["type"] == "finding":
            found.add((record["rule"], Path(record["path"]).name))
    return found


def found_there(sources, folder):
    command = ["clamscan", "--no-summary", "-z", "--alert-phishing-ssl=yes",
               "--alert-phishing-cloak=yes", "-d", sources, "-r", folder / "samples"]
    result = subprocess.run(command, capture_output=True)
    if result.returncode == 2:
        sys.exit(result.stderr.decode())
    pattern = re.compile(r"/([^/]+): (\S+?)(\.UNOFFICIAL)? FOUND$")
    found = set()
    for line in result.stdout.decode(errors="replace").splitlines():
        if match := pattern.search(line):
            found.add((match[2], match[1]))
    return found


def expected(rules, place):
    return {(rule.name, sample) for rule in rules for sample in getattr(rule, place)}


def differences(rules, wanted, found):
    texts = {rule.name: rule.text for rule in rules}
    for name, sample in sorted(wanted - found):
        yield f"not found in {sample}: {texts.get(name, name)}"
    for name, sample in sorted(found - wanted):
        yield f"found in {sample}: {texts.get(name, name)}"


def with_facts(text, samples):
    """The rule with what is asked of samples."""
    facts = {"md5": lambda data: hashlib.md5(data).hexdigest(),
             "sha256": lambda data: hashlib.sha256(data).hexdigest(),
             "size": lambda data: str(len(data))}
    return re.sub(r"\{(md5|sha256|size) ([^}]+)\}", lambda m: facts[m[1]](samples[m[2]]), text)


def run_group(name, rules, folder):
    """What is wrong here, here with --compat=clamav, and there (None: no clamscan)."""
    sources = folder / "rules"
    sources.mkdir()
    (folder / "samples").mkdir()
    samples = make_samples(name)
    for sample, data in samples.items():
        (folder / "samples" / sample).write_bytes(data)
    for rule in rules:
        rule.text = with_facts(rule.text, samples)
    for kind in {rule.kind for rule in rules}:
        lines = [rule.text + "\n" for rule in rules if rule.kind == kind]
        (sources / f"x.{kind}").write_text("".join(lines), encoding="latin-1")
    here = list(differences(rules, expected(rules, "here"),
                            found_here(sys.argv[1], sources, folder)))
    compat = list(differences(rules, expected(rules, "compat"),
                              found_here(sys.argv[1], sources, folder, "--compat=clamav")))
    if not shutil.which("clamscan"):
        return here, compat, None
    return here, compat, list(differences(rules, expected(rules, "there"),
                                  found_there(sources, folder)))


def check(number, name, findings):
    if findings is None:
        print(f"ok {number} - {name} # SKIP clamscan is not installed")
        return True
    for finding in findings:
        print(f"# {finding}")
    print(f"{'not ' if findings else ''}ok {number} - {name}")
    return not findings


def main():
    good = True
    number = 0
    for name, rules in read_groups().items():
        with tempfile.TemporaryDirectory() as folder:
            here, compat, there = run_group(name, rules, Path(folder))
        good &= check(number + 1, f"{name}: custos finds what is listed", here)
        good &= check(number + 2, f"{name}: and with --compat=clamav", compat)
        good &= check(number + 3, f"{name}: clamscan does", there)
        number += 3
    print(f"1..{number}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
