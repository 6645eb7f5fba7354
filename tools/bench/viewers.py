"""The bench's part with fifty viewers for a minute, while another release is published.

Seconds are those from a viewer's message to the end of its run on the server.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tools.bench.figures import Figures
from tools.load.run import Plan, run
from tools.load.viewer import TITLES


def measure(home: Path, figures: Figures) -> None:
    """Run the load over a copy of this home; an answer that is wrong is a failure."""
    notes = run(Plan(home=home))
    seen = pd.DataFrame([vars(seen) for seen in notes.seen])
    # Once all have come.
    acts = seen[seen["is_act"] & (seen["began"] >= notes.steady)]
    began, ended = notes.published
    during = acts[(acts["began"] <= ended) & (acts["began"] + acts["seconds"] >= began)]
    figures.values |= {
        "load": acts["seconds"].median(),
        "load_slow": acts["seconds"].quantile(0.95),
        "load_publishing": during["seconds"].quantile(0.95),
        "load_memory": notes.memory,
    }
    rows = []
    for path, answers in acts.groupby("path"):
        shares = answers["seconds"].quantile([0.5, 0.95]) * 1000
        rows.append([TITLES[str(path)], str(len(answers)), *(f"{share:,.0f}" for share in shares)])
    figures.tables["fifty viewers"] = [["screen", "answers", "p50, ms", "p95, ms"], *rows]
    figures.failed += notes.errors
