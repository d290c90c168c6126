# SPDX-License-Identifier: Apache-2.0
"""What a command costs: its own clock, processor time of all its processes, their memory."""
import ctypes
import os
import re
import resource
import statistics
import subprocess
import time
from dataclasses import dataclass

TICK = os.sysconf("SC_CLK_TCK")
MIB = 1 << 20
SAMPLE_S = 0.02     # between two looks at memory
PR_SET_CHILD_SUBREAPER = 36


@dataclass
class Cost:
    wall: float
    cpu: float          # user and system time of every process that was waited for


def adopt_orphans():
    """Makes this process the parent of whatever outlives the commands that it runs, so that
    their processor time is seen: a scanner's workers may end after it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "PR_SET_CHILD_SUBREAPER")


def used_by_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def children():
    with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as names:
        return {int(name) for name in names.read().split()}


def run(command, keep=None, code_max=3):
    """The cost of a command; what it prints goes to `keep`, an open file, or nowhere."""
    others, before = children(), used_by_children()
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=keep or subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    code = process.wait()
    wall = time.perf_counter() - start
    if not 0 <= code <= code_max:
        raise RuntimeError(f"ended with {code}: {' '.join(command)[:300]}")
    while left := children() - others:
        os.waitpid(left.pop(), 0)
    return Cost(wall, used_by_children() - before)


def cpu_of(pid):
    """Processor time of a process that goes on, with that of the children it waited for."""
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return sum(int(field) for field in fields[11:15]) / TICK


def below(pid):
    """The process and all that it started, directly or not."""
    found = [pid]
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as children:
                for child in children.read().split():
                    found += below(int(child))
    except OSError:
        pass
    return found


def memory_of(pids, field="Pss"):
    """Bytes of one line of smaps_rollup, summed over processes."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as lines:
                found = re.search(rf"^{field}:\s+(\d+)", lines.read(), re.MULTILINE)
                total += int(found[1]) * 1024 if found else 0
        except OSError:
            pass
    return total


@dataclass
class Memory:
    pss: int            # the most of all processes together, shared pages counted once
    rss: int            # the most of any one process
    samples: int


def watch_memory(command, also=()):
    """The peak of a command's processes, and of the processes `also`, while it runs."""
    pss = rss = samples = 0
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        pids = [*below(process.pid), *also]
        pss = max(pss, memory_of(pids))
        rss = max(rss, max(memory_of([pid], "Rss") for pid in pids))
        samples += 1
        time.sleep(SAMPLE_S)
    return Memory(pss, rss, samples)


def median(values):
    return statistics.median(values)


def spread(values):
    """(median, least, most)"""
    return statistics.median(values), min(values), max(values)
