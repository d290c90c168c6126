# SPDX-License-Identifier: Apache-2.0
"""
The differences that are known: a file for each class in known/, which says why, shows
what clamscan prints, and names the rules. Lines that count:

    rule NAME     this rule
    form REGEX    rules whose line holds this
    file NAME     files that a function below recognises
    in NAME REGEX both
"""
import re
from pathlib import Path

from wrap import unwrapped

FOLDER = Path(__file__).resolve().parent / "known"
CLASSES_MAX = 5


def is_mail(data):
    return unwrapped(data).startswith(b"Received:")


FILES = {"mail": is_mail}


class Class:
    def __init__(self, path):
        self.name = path.stem
        self.rules, self.pairs = set(), []
        for line in path.read_text(encoding="utf-8").splitlines():
            word, _, rest = line.partition(" ")
            if word == "rule":
                self.rules.add(rest)
            elif word == "form":
                self.pairs.append((bool, re.compile(rest)))
            elif word in ("file", "in"):
                name, _, form = rest.partition(" ")
                self.pairs.append((FILES[name], re.compile(form)))

    def has(self, difference):
        return difference.rule in self.rules or any(
            recognises(difference.data) and form.search(difference.line)
            for recognises, form in self.pairs)


def load():
    classes = [Class(path) for path in sorted(FOLDER.glob("*.txt"))]
    if len(classes) > CLASSES_MAX:
        raise ValueError(f"{len(classes)} classes of differences, at most {CLASSES_MAX}")
    return classes


def class_of(classes, difference):
    """The name of its class, or None."""
    return next((c.name for c in classes if c.has(difference)), None)
