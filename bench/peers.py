# SPDX-License-Identifier: Apache-2.0
"""The commands that are compared, with the same limits, without caches."""
import os
import shutil
import subprocess
import time

from measure import Cost, cpu_of, run

DEPTH, FILES, BYTES, CHILD = 17, 100000, "4000M", "2000M"
READY_S = 300
CPUS = sorted(os.sched_getaffinity(0))
ONE = ["taskset", "-c", str(CPUS[0])]
CLAMD_CONF = f"""\
Foreground yes
LogFile {{folder}}/clamd.log
LocalSocket {{folder}}/clamd.sock
PidFile {{folder}}/clamd.pid
DatabaseDirectory {{rules}}
TemporaryDirectory {{folder}}
MaxThreads {{threads}}
MaxQueue 100
DisableCache yes
MaxRecursion {DEPTH}
MaxFiles {FILES}
MaxScanSize {BYTES}
MaxFileSize {CHILD}
MaxScanTime 0
StreamMaxLength {CHILD}
SelfCheck 0
User {{user}}
"""


def which(name):
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def version_of(name):
    """What a program says it is, in a line, or none."""
    program = which(name)
    if not program:
        return None
    said = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    return said.splitlines()[0] if said else name


def custos(program, rules, paths, jobs=None, options=("--no-verdict-cache",)):
    return [program, "scan", "--no-summary", "--no-progress", *options,
            f"--max-depth={DEPTH}", f"--max-files={FILES}", f"--max-bytes={BYTES}",
            f"--max-child={CHILD}", *([f"--jobs={jobs}"] if jobs else []),
            f"--database={rules}", *map(str, paths)]


def clamscan(rules, paths):
    return [which("clamscan"), "-r", "-i", "--no-summary", "--disable-cache",
            f"--max-recursion={DEPTH}", f"--max-files={FILES}", f"--max-scansize={BYTES}",
            f"--max-filesize={CHILD}", "--max-scantime=0", f"--database={rules}",
            *map(str, paths)]


def yara(rules, path, threads):
    return [which("yara"), "-C", "-r", "-N", "-f", "-w", "-p", str(threads), str(rules),
            str(path)]


def all_files(path, *command):
    """A command over every file below a folder."""
    quoted = " ".join(command)
    return ["sh", "-c", f'find "$1" -type f -print0 | xargs -0 -n 200 {quoted} >/dev/null',
            "sh", str(path)]


def all_files_parallel(path, *command):
    quoted = " ".join(command)
    return ["sh", "-c", f'find "$1" -type f -print0 | xargs -0 -n 200 -P {len(CPUS)} {quoted}'
            " >/dev/null", "sh", str(path)]


class Clamd:
    """The service, with rules loaded, for as long as the `with` lasts."""

    def __init__(self, rules, folder, one_core):
        self.folder, self.one_core = folder, one_core
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        self.conf = folder / "clamd.conf"
        self.conf.write_text(CLAMD_CONF.format(
            folder=folder, rules=rules, threads=1 if one_core else len(CPUS),
            user=subprocess.check_output(["id", "-un"], text=True).strip()))
        (folder / "clamd.sock").unlink(missing_ok=True)

    def __enter__(self):
        start = time.perf_counter()
        pin = ONE if self.one_core else []
        self.process = subprocess.Popen(
            [*pin, which("clamd"), f"--config-file={self.conf}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not (self.folder / "clamd.sock").exists():
            if self.process.poll() is not None or time.perf_counter() - start > READY_S:
                self.__exit__()
                raise RuntimeError(f"clamd does not start, see {self.folder}/clamd.log")
            time.sleep(0.05)
        self.load = Cost(time.perf_counter() - start, cpu_of(self.process.pid))
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def command(self, path):
        pin = ONE if self.one_core else []
        return [*pin, which("clamdscan"), f"--config-file={self.conf}", "--fdpass",
                "--multiscan", "-i", "--no-summary", str(path)]

    def scan(self, path):
        """The client's clock, and the processor time of both."""
        before = cpu_of(self.process.pid)
        cost = run(self.command(path), code_max=2)
        return Cost(cost.wall, cost.cpu + cpu_of(self.process.pid) - before)
