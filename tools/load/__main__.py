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
from tools.load.walk import ACTS, ARRIVES
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
    print(
        f"{plan.viewers} viewers acting every {plan.every:g} s for {plan.seconds:g} s, who came "
        f"within {plan.warm:g} s. Milliseconds from the message to the end of its run.\n"
    )
    print(write_table(["", "answers", "p50", "p95", "p99", "most"], describe_times(outcome)))
    before, *during = (held / 2**20 for held in outcome.memory)
    print(
        f"\nMemory of the server's process: {before:,.0f} MiB before anybody came, "
        f"{max(during):,.0f} at most, {during[-1]:,.0f} at the end.\n"
        f"{len(outcome.notes.seen)} answers of {len({one.view for one in outcome.notes.seen})} "
        f"different views. Wrong: {len(outcome.wrong)}. Errors: {len(outcome.errors)}."
    )
    print("\n".join([*outcome.wrong[:SHOWN], *outcome.errors[:SHOWN]]))
    return 1 if outcome.wrong or outcome.errors else 0


def describe_times(outcome: Outcome) -> Iterator[list[str]]:
    """Yield a line for each screen, and for the acts while something else went on."""
    seen = pd.DataFrame(
        [(one.screen, one.act, one.began, one.seconds) for one in outcome.notes.seen],
        columns=["screen", "act", "began", "seconds"],
    )
    began, ended = outcome.published
    acts = seen[seen["act"].isin(ACTS)]
    steady = acts[acts["began"] >= outcome.steady]
    yield from (_describe(title, of_it) for title, of_it in steady.groupby("screen"))
    yield _describe("All acts", steady)
    yield _describe("Acts while they came", acts[acts["began"] < outcome.steady])
    yield _describe("Arriving by a link", seen[seen["act"] == ARRIVES])
    overlaps = (acts["began"] <= ended) & (acts["began"] + acts["seconds"] >= began)
    yield _describe(f"Acts during the publish of {ended - began:.1f} s", acts[overlaps])


def _describe(name: str, answers: pd.DataFrame) -> list[str]:
    shares = answers["seconds"].quantile([0.5, 0.95, 0.99, 1.0]) * 1000
    return [name, str(len(answers)), *(f"{share:,.0f}" for share in shares)]


if __name__ == "__main__":
    sys.exit(main())
