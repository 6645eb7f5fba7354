"""`python -m tools.load --viewers 50 --seconds 60`: the server under a load of viewers.

Everything is on loopback, in a folder of its own that goes away, and bounded in time. Prints
how long answers took, by screen; memory; errors; and every answer that was not what it should
be. Exit 0 when none was and nothing failed, whatever the clock said.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from tools.load.run import Outcome, Plan, run
from tools.load.viewer import ACTS, ARRIVES, TITLES
from tools.table import write_table

SHOWN = 20


def main() -> int:
    """Run the load that was asked for and print what was measured, and what was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tools.load", description=__doc__)
    parser.add_argument("--viewers", type=int, default=Plan.viewers)
    parser.add_argument("--seconds", type=float, default=Plan.seconds)
    parser.add_argument("--home", type=Path, help="a home to copy; else the demonstration is made")
    asked = parser.parse_args()
    plan = Plan(viewers=asked.viewers, seconds=asked.seconds, home=asked.home)
    outcome = run(plan)
    notes, (before, *during) = outcome.notes, (held / 2**20 for held in outcome.memory)
    print(
        f"{plan.viewers} viewers acting every {plan.every:g} s for {plan.seconds:g} s, who came "
        f"within {plan.warm:g} s. Milliseconds from the message to the end of its run.\n\n"
        f"{write_table(['', 'answers', 'p50', 'p95', 'p99', 'most'], describe_times(outcome))}\n\n"
        f"Memory of the server's process: {before:,.0f} MiB before anybody came, "
        f"{max(during):,.0f} at most, {during[-1]:,.0f} at the end.\n"
        f"{len(notes.seen)} answers of {len({seen.view for seen in notes.seen})} "
        f"different views. Wrong: {len(outcome.wrong)}. Errors: {len(notes.errors)}."
    )
    print("\n".join([*outcome.wrong[:SHOWN], *notes.errors[:SHOWN]]))
    return 1 if outcome.wrong or notes.errors else 0


def describe_times(outcome: Outcome) -> Iterator[list[str]]:
    """Yield a line for each screen, and for the acts while something else went on."""
    seen = pd.DataFrame(outcome.notes.seen)
    began, ended = outcome.published
    acts = seen[seen["act"].isin(ACTS)]
    steady = acts[acts["began"] >= outcome.steady]
    overlaps = (acts["began"] <= ended) & (acts["began"] + acts["seconds"] >= began)
    by_screen = [(TITLES[str(path)], rows) for path, rows in steady.groupby("path")]
    for name, answers in (
        *by_screen,
        ("All acts", steady),
        ("Acts while they came", acts[acts["began"] < outcome.steady]),
        ("Arriving by a link", seen[seen["act"] == ARRIVES]),
        (f"Acts during the publish of {ended - began:.1f} s", acts[overlaps]),
    ):
        shares = answers["seconds"].quantile([0.5, 0.95, 0.99, 1.0]) * 1000
        yield [name, str(len(answers)), *(f"{share:,.0f}" for share in shares)]


if __name__ == "__main__":
    sys.exit(main())
