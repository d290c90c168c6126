#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Adds up what the tests of a build said: sum.py LOG…

LOG is Meson's testlog.json. Its JUnit report is not used, as it forgets tests that
died after their last line of TAP. Prints the reason of each skipped test, each failed
one, and as the last line the sum. Fails if a test failed, or if there was none.
"""
import json
import re
import sys

LINE = re.compile(r"^(not )?ok\b(?: \d+)?(?: - )?([^#]*)(?:# *(SKIP)\S* *(.*))?", re.I)
EMPTY = re.compile(r"^1\.\.0\b.*# *SKIP\S* *(.*)", re.I)


class Sum:
    def __init__(self):
        self.passed, self.failed, self.skipped = 0, [], []

    def tap(self, test, output):
        """Counts lines of TAP; how many there were."""
        lines = 0
        said = []
        for line in output.splitlines():
            if line.startswith("#"):
                said.append(line)
            if match := EMPTY.match(line):
                self.skipped.append((test, match[1]))
                lines += 1
            if not (match := LINE.match(line)):
                continue
            lines += 1
            name = f"{test}: {match[2].strip()}"
            if (match[3] or "").upper() == "SKIP":
                self.skipped.append((name, match[4]))
            elif match[1]:
                self.failed.append("\n".join([name, *said[-20:]]))
            else:
                self.passed += 1
            said = []
        return lines

    def add(self, entry):
        test, result = entry["name"], entry["result"]
        output = entry.get("stdout", "")
        failed_before = len(self.failed)
        lines = self.tap(test, output)
        if result in ("OK", "EXPECTEDFAIL"):
            self.passed += lines == 0
        elif result == "SKIP":
            if lines == 0:
                said = output.strip().splitlines()
                self.skipped.append((test, said[-1] if said else "gave no reason"))
        elif len(self.failed) == failed_before:
            code = entry.get("returncode")
            self.failed.append(f"{test} ({result.lower()}, exit code {code})")


def main():
    total = Sum()
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as log:
            for line in log:
                total.add(json.loads(line))
    for name, reason in total.skipped:
        print(f"skipped: {name} ({reason or 'gave no reason'})")
    for failure in total.failed:
        print(f"FAILED: {failure}")
    print(f"{total.passed} passed, {len(total.failed)} failed, {len(total.skipped)} skipped")
    return 1 if total.failed or total.passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
