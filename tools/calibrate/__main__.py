"""`make calibrate`: how often a change is found where nothing changed, by simulation.

Nothing here passes or fails: a row that is worse than its nominal figure by more than the
simulation's own error is marked, and docs/statistics.md speaks of it.
"""

from __future__ import annotations

import argparse
import time

from tools.calibrate import areas, change, evaluation, safety_gap, titles
from tools.calibrate.table import HEAD, printed

SEED = 20121126
SUBJECTS = {
    "areas": areas.rows,
    "change": change.rows,
    "evaluation": evaluation.rows,
    "safety_gap": safety_gap.rows,
    "titles": titles.rows,
}


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(prog="python -m tools.calibrate", description=__doc__)
    parser.add_argument("--runs", type=int, default=2000, help="simulated worlds a row, at most")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", nargs="+", choices=list(SUBJECTS), default=list(SUBJECTS))
    asked = parser.parse_args()
    for name in asked.only:
        print(f"\n{name}: seed {asked.seed}, up to {asked.runs:,} runs a row\n\n{HEAD}", flush=True)
        began = time.perf_counter()
        for row in SUBJECTS[name](asked.runs, asked.seed):
            print(printed(row), flush=True)
        print(f"\n{time.perf_counter() - began:,.0f} s", flush=True)


if __name__ == "__main__":
    main()
