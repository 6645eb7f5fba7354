"""A command of ours in a process of its own: how long it took and how much memory it held."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from longevity.settings import ROOT

# The high-water mark is read by the process itself from its own address space: what a
# parent learns of its child begins at the parent's own size.
_CHILD = """
import resource, sys
from datetime import date
from longevity.cli import main
code = main(sys.argv[2:], date.fromisoformat(sys.argv[1]))
used = resource.getrusage(resource.RUSAGE_SELF)
with open("/proc/self/status") as status:
    peak = next(line.split()[1] for line in status if line.startswith("VmHWM"))
print("measured", peak, used.ru_utime + used.ru_stime, file=sys.stderr)
sys.exit(code)
"""


@dataclass(frozen=True)
class CommandCost:
    """What a command did: exit code, output, seconds on the wall and of the processors, bytes."""

    code: int
    stdout: str
    stderr: str
    seconds: float
    cpu_seconds: float
    peak_bytes: int

    @property
    def mebibytes(self) -> float:
        """The most memory it held at once."""
        return self.peak_bytes / 2**20


def run_command(*arguments: str | Path, home: Path, today: date) -> CommandCost:
    """Run `python -m longevity …` as of a day on a home of its own, and measure it."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, today.isoformat(), *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"LONGEVITY_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - began
    said = done.stderr.strip().splitlines()
    measured = said[-1].split() if said else []
    assert measured[:1] == ["measured"], f"exit {done.returncode}: {done.stderr}"
    return CommandCost(
        code=done.returncode,
        stdout=done.stdout,
        stderr="\n".join(said[:-1]),
        seconds=seconds,
        cpu_seconds=float(measured[2]),
        peak_bytes=int(measured[1]) * 1024,
    )
