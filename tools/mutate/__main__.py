"""Put mistakes into a copy of the code, one at a time: `python -m tools.mutate`.

`mutants.toml` lists them: what is written now, what is written instead, and the tests that ought to
notice. A line says which test noticed and in how many seconds. Exit 1 where none did (a *mutant*
that survives shows what is not tested), or where a line is not as the list has it any more.
`--only WORD` takes the mutants whose file has that word.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from longevity.settings import ROOT

LIST = Path(__file__).with_name("mutants.toml")
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".*_cache", "__pycache__", ".hypothesis")
LONGEST = 900  # seconds; a mistake that makes the code go on for ever is noticed too
FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


class Mutant(NamedTuple):
    """One mistake: in `file`, `becomes` in place of `is_now`; `tests` ought to notice it."""

    name: str
    file: str
    is_now: str
    becomes: str
    tests: Sequence[str]


def try_mutant(mutant: Mutant, copy: Path) -> tuple[str, float]:
    """Put one mistake into a copy of the code and run its tests, then take it out again.

    Returns which test notices it, "" for none, and after how many seconds.
    """
    path = copy / mutant.file
    sound = path.read_text(encoding="utf-8")
    if sound.count(mutant.is_now) != 1:
        raise SystemExit(f"{mutant.name}: {mutant.file} has not one '{mutant.is_now}'.")
    begun = time.monotonic()
    path.write_text(sound.replace(mutant.is_now, mutant.becomes), encoding="utf-8")
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider",
             *mutant.tests],
            cwd=copy, capture_output=True, text=True, check=False, timeout=LONGEST,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "it went on for ever", time.monotonic() - begun
    finally:
        path.write_text(sound, encoding="utf-8")
    if ran.returncode not in (0, 1):  # 1: a test failed; else pytest itself did not run
        raise SystemExit(f"{mutant.name}: {ran.stdout[-2000:]}{ran.stderr[-2000:]}")
    found = FAILED.search(ran.stdout)
    return found[1] if found else "", time.monotonic() - begun


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the mutants and print what noticed them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", metavar="WORD")
    only = parser.parse_args(arguments).only
    listed = tomllib.loads(LIST.read_text(encoding="utf-8"))
    mutants = [
        Mutant(name, **about) for name, about in listed.items() if only in f"{name} {about['file']}"
    ]
    waiting = iter(mutants)
    with tempfile.TemporaryDirectory(prefix="longevity-mutants-") as folder:

        def try_waiting(copy: Path) -> int:
            """Try mistakes in this copy until none waits; return how many went unnoticed."""
            shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
            survivors = 0
            for mutant in waiting:
                test, seconds = try_mutant(mutant, copy)
                survivors += not test
                print(f"{mutant.name}: {test or 'NOT NOTICED'} ({seconds:.0f} s)", flush=True)
            return survivors

        with ThreadPoolExecutor() as pool:  # two at once, each in a copy of its own
            survivors = sum(pool.map(try_waiting, (Path(folder, "one"), Path(folder, "two"))))
    print(f"{len(mutants) - survivors} of {len(mutants)} noticed.")
    return 1 if survivors else 0


if __name__ == "__main__":
    raise SystemExit(main())
