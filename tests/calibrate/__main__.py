"""`make calibrate`: coverage and false alarms by simulation, as one table.

Each module of this package that has `rows(runs, seed)` gives rows; a subject is added by
adding a module. Nothing here passes or fails: a row that is worse than its nominal figure
by more than the simulation's own error is marked, and docs/statistics.md speaks of it.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import time
from collections.abc import Callable, Iterable

import tests.calibrate as package
from tests.calibrate.table import Row, heading, printed

SEED = 20121126


def subjects() -> dict[str, Callable[[int, int], Iterable[Row]]]:
    """The modules that give rows, by name."""
    found = {}
    for module in pkgutil.iter_modules(package.__path__):
        if module.name != "__main__":
            rows = getattr(
                importlib.import_module(f"{package.__name__}.{module.name}"), "rows", None
            )
            if rows is not None:
                found[module.name] = rows
    return found


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.calibrate", description=__doc__)
    parser.add_argument("--runs", type=int, default=2000, help="simulated worlds a row")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", nargs="*", default=[], help="names of subjects")
    asked = parser.parse_args()
    print(f"seed {asked.seed}, {asked.runs:,} runs a row where a row does not say otherwise\n")
    print(heading(), flush=True)
    for name, rows in subjects().items():
        if asked.only and name not in asked.only:
            continue
        began = time.perf_counter()
        for row in rows(asked.runs, asked.seed):
            print(printed(row), flush=True)
        print(f"<!-- {name}: {time.perf_counter() - began:,.0f} s -->", flush=True)


if __name__ == "__main__":
    main()
