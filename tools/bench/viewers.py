"""Fifty viewers for a minute on the release of this size, while another is published.

Milliseconds are those from the message to the end of its run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from tools.bench.figures import Figures
from tools.load.run import Outcome, Plan, run
from tools.load.viewer import ACTS, ARRIVES, TITLES

HEAD = ["", "answers", "p50", "p95", "p99", "most"]


def measure(home: Path, figures: Figures) -> None:
    """Run the load over a copy of this home; an answer that is wrong is a failure."""
    outcome = run(Plan(home=home))
    answers = dict(select_answers(outcome))
    seconds = answers["All acts"]["seconds"]
    figures.values |= {
        "load": float(seconds.median()),
        "load_slow": float(seconds.quantile(0.95)),
        "load_memory": max(outcome.memory),
    }
    rows = []
    for name, found in answers.items():
        shares = found["seconds"].quantile([0.5, 0.95, 0.99, 1.0]) * 1000
        rows.append([name, str(len(found)), *(f"{share:,.0f}" for share in shares)])
    figures.tables["fifty viewers"] = [HEAD, *rows]
    figures.failed += [*outcome.wrong, *outcome.notes.errors]


def select_answers(outcome: Outcome) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the answers of each screen, and those while something else went on."""
    seen = pd.DataFrame(outcome.notes.seen)
    began, ended = outcome.published
    acts = seen[seen["act"].isin(ACTS)]
    steady = acts[acts["began"] >= outcome.steady]
    for path, answers in steady.groupby("path"):
        yield TITLES[str(path)], answers
    yield "All acts", steady
    yield "Acts while they came", acts[acts["began"] < outcome.steady]
    yield "Arriving by a link", seen[seen["act"] == ARRIVES]
    overlaps = (acts["began"] <= ended) & (acts["began"] + acts["seconds"] >= began)
    yield f"Acts during the publish of {ended - began:.1f} s", acts[overlaps]
