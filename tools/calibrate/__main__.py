"""`make calibrate`: coverage and false alarms by simulation, as one table a subject.

Each module of this package that has `report(runs, seed)`, lines of text, is a subject; one
is added by adding a module. Nothing here passes or fails: a row that is worse than its
nominal figure by more than the simulation's own error is marked, and docs/statistics.md
speaks of it.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import time
from collections.abc import Callable, Iterable

import tools.calibrate as package

SEED = 20121126
PARTS = ("__main__", "draw", "table")
Report = Callable[[int, int], Iterable[str]]


def subjects() -> dict[str, Report]:
    """The report of each module but those that only help, by name."""
    names = [module.name for module in pkgutil.iter_modules(package.__path__)]
    return {
        name: importlib.import_module(f"{package.__name__}.{name}").report
        for name in names
        if name not in PARTS
    }


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(prog="python -m tools.calibrate", description=__doc__)
    parser.add_argument("--runs", type=int, default=2000, help="simulated worlds a row")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", nargs="*", default=[], help="names of subjects")
    asked = parser.parse_args()
    for name, report in subjects().items():
        if asked.only and name not in asked.only:
            continue
        print(f"\n{name}: seed {asked.seed}, up to {asked.runs:,} runs a row\n", flush=True)
        began = time.perf_counter()
        for line in report(asked.runs, asked.seed):
            print(line, flush=True)
        print(f"\n{time.perf_counter() - began:,.0f} s", flush=True)


if __name__ == "__main__":
    main()
