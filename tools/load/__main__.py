"""`python -m tools.load --viewers 50 --seconds 60`: the server under a load of viewers.

Everything is on loopback, in a folder of its own that goes away, and bounded in time. Prints
how long answers took, by screen; memory; errors; and every answer that was not what it should
be. Exit 0 when none was and nothing failed, whatever the clock said.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.load import report
from tools.load.run import Plan, run


def main() -> int:
    """Run the load that was asked for and print its report."""
    parser = argparse.ArgumentParser(prog="python -m tools.load", description=__doc__)
    parser.add_argument("--viewers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--warm", type=float, default=15.0, help="seconds in which they come")
    parser.add_argument("--every", type=float, default=5.0, help="seconds between two actions")
    parser.add_argument("--home", type=Path, help="a home to copy; else the demonstration is made")
    parser.add_argument("--scale", type=int, default=1, help="of the demonstration")
    parser.add_argument("--seed", type=int, default=7)
    every = ",".join(Plan.screens)
    parser.add_argument("--screens", default=every, help="file names in pages/, by comma")
    asked = parser.parse_args()
    plan = Plan(
        viewers=asked.viewers,
        seconds=asked.seconds,
        warm=asked.warm,
        every=asked.every,
        home=asked.home,
        scale=asked.scale,
        seed=asked.seed,
        screens=tuple(asked.screens.split(",")),
    )
    outcome = run(plan, lambda words: print(words, file=sys.stderr, flush=True))
    print(report.text(plan, outcome))
    return 1 if outcome.wrong or outcome.errors else 0


if __name__ == "__main__":
    sys.exit(main())
