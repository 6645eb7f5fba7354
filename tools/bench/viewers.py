"""Fifty viewers for a minute on the release of this size, while another is published."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tools.bench.figures import Figures
from tools.load.run import Plan, run
from tools.load.viewer import ACTS


def measure(home: Path, figures: Figures) -> None:
    """Run the load over a copy of this home; an answer that is wrong is a failure."""
    outcome = run(Plan(home=home))
    seen = pd.DataFrame(outcome.notes.seen)
    seconds = seen.loc[seen["act"].isin(ACTS) & (seen["began"] >= outcome.steady), "seconds"]
    figures.values |= {
        "load": float(seconds.median()),
        "load_slow": float(seconds.quantile(0.95)),
        "load_memory": max(outcome.memory),
    }
    figures.failed += [*outcome.wrong, *outcome.notes.errors]
