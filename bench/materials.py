# SPDX-License-Identifier: Apache-2.0
"""What is measured with: rule sets, compiled sets, the corpus and samples of it.

All of it is made when it is missing and kept in a cache folder; the rule sets and the corpus
may also be somewhere else (--rules-small, --rules-large, --corpus or CUSTOS_CORPUS).
"""
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import peers
import samples
import yara_rules

SETS = {
    "383k": ("383,000", ["--count", "383000", "--shape", "patterns"]),
    "8.7M": ("8.7 million", []),
}
DAY = ["--count", "20000", "--shape", "patterns", "--seed", "7"]
SMALL_SIZE = 4096
YARAC_S = 900       # what takes longer is left out
ONE_FILE = b"a small file\n"


BEGAN = time.monotonic()


def say(text):
    """To standard error, with minutes since the start: the page goes to standard output."""
    minutes, seconds = divmod(int(time.monotonic() - BEGAN), 60)
    print(f"# {minutes}:{seconds:02} {text}", file=sys.stderr, flush=True)


def make_signatures(shared, folder, options):
    tool = shared / "tools/make-signatures"
    if not tool.is_file():
        raise SystemExit(f"no {tool}: CUSTOS_SHARED names the folder with tools and data")
    say(f"makes rules in {folder}")
    new = folder.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    subprocess.run(["python3", tool, new, *options], check=True, stdout=subprocess.DEVNULL)
    new.rename(folder)


@dataclass
class RuleSet:
    key: str
    title: str
    text: Path          # the folder that ClamAV's programs load
    segment: Path       # what custos opens
    yara: Path          # what yara opens, or none
    yara_count: int


class Materials:
    """`custos`: the program. `shared`: with tools/ and data/. `given`: {set: folder}."""

    def __init__(self, custos, shared, cache, corpus, given):
        self.custos, self.shared, self.cache = custos, shared, cache
        self.given, self.sets, self.files = given, {}, None
        cache.mkdir(parents=True, exist_ok=True)
        self.corpus = corpus or self.own_corpus()

    def own_corpus(self):
        corpus = self.cache / "corpus"
        if not (corpus / "TYPES.txt").is_file():
            say(f"fetches the corpus into {corpus}: about 590 MB")
            subprocess.run([self.shared / "tools/get-corpus", corpus, "core"], check=True)
        return corpus

    def text_of(self, key):
        if self.given.get(key):
            return self.given[key]
        folder = self.cache / f"rules-{key}"
        if not folder.is_dir():
            make_signatures(self.shared, folder, SETS[key][1])
        return folder

    def rules(self, key):
        """Compiled anew for each run: the program may be another one."""
        if key not in self.sets:
            text = self.text_of(key)
            segment = self.cache / f"{key}.cseg"
            self.build(text, segment)
            yara, count = self.yara_of(key, text)
            self.sets[key] = RuleSet(key, SETS[key][0], text, segment, yara, count)
        return self.sets[key]

    def build(self, text, segment):
        say(f"compiles {text}")
        subprocess.run([self.custos, "db", "build", "-o", segment, text], check=True,
                       stdout=subprocess.DEVNULL)

    def yara_of(self, key, text):
        compiled, counted = self.cache / f"{key}.yarc", self.cache / f"{key}.yara-count"
        if not peers.which("yara") or not peers.which("yarac"):
            return None, 0
        if not counted.is_file():
            say(f"makes YARA rules of {text}")
            source = self.cache / f"{key}.yar"
            count, _ = yara_rules.write(text, source)
            try:
                done = subprocess.run([peers.which("yarac"), "-w", source, compiled],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                      timeout=YARAC_S)
                count = 0 if done.returncode else count
            except subprocess.TimeoutExpired:
                count = 0
            source.unlink()
            counted.write_text(str(count))
        count = int(counted.read_text())
        return (compiled, count) if count else (None, 0)

    def day(self):
        """A day's change: a segment of its own."""
        text, segment = self.cache / "rules-day", self.cache / "day.cseg"
        if not text.is_dir():
            make_signatures(self.shared, text, DAY)
        self.build(text, segment)
        return segment

    def list_files(self):
        if self.files is None:
            say(f"lists {self.corpus}")
            self.files = samples.files_of(self.corpus)
            self.kinds = samples.sort_kinds(self.files)
        return self.files

    def sample(self, kind, mib):
        """A folder of about so many MiB of a kind, or of everything ("mixed")."""
        files = self.list_files()
        if kind != "mixed":
            files = self.kinds[kind]
        return self.laid(f"{kind}-{mib}", lambda new: samples.lay(
            samples.take(files, mib << 20), new))

    def small(self, count):
        files = self.list_files()
        return self.laid(f"small-{count}", lambda new: samples.small_files(
            files, new, count, SMALL_SIZE))

    def one(self):
        path = self.cache / "one"
        path.write_bytes(ONE_FILE)
        return path

    def laid(self, name, lay):
        folder = self.cache / "samples" / name
        if not folder.is_dir():
            new = folder.with_suffix(".new")
            shutil.rmtree(new, ignore_errors=True)
            lay(new)
            new.rename(folder)
        return folder


def size_of(folder):
    """(files, bytes)"""
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return len(sizes), sum(sizes)
