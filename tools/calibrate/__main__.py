"""`make calibrate`: do the statistics hold on data that cluster as shootings do?

Does a 95% interval hold the truth 95 times of 100 (coverage), and how often is a change reported
where there is none (false alarms)? One table a subject, by simulation.

Nothing here passes or fails: a row that is worse than promised by more than the simulation's own
error is marked, and docs/statistics.md or docs/evidence.md speaks of it.
"""

from __future__ import annotations

import argparse
import time

from tools.calibrate import counts, evaluation
from tools.calibrate.simulate import HEAD

SEED = 20121126
# A subject yields rows(runs, seed).
SUBJECTS = {
    "areas": counts.measure_areas,
    "change": counts.measure_changes,
    "evaluation": evaluation.measure_estimates,
    "rate": counts.measure_rates,
    "titles": evaluation.measure_titles,
}


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(prog="python -m tools.calibrate", description=__doc__)
    parser.add_argument("--runs", type=int, default=2000, help="simulated worlds a row")
    parser.add_argument("--only", nargs="+", choices=list(SUBJECTS), default=list(SUBJECTS))
    asked = parser.parse_args()
    for name in asked.only:
        print(f"\n{name}: seed {SEED}, up to {asked.runs:,} runs a row\n\n{HEAD}", flush=True)
        began = time.perf_counter()
        for row in SUBJECTS[name](asked.runs, SEED):
            print(row, flush=True)
        print(f"\n{time.perf_counter() - began:,.0f} s", flush=True)


if __name__ == "__main__":
    main()
