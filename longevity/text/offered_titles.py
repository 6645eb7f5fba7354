"""The titles a chart offers besides its finding, each naming its subject."""

from __future__ import annotations

import pandas as pd

from longevity.text import wording

FINDING, TOPIC, LAST_YEAR, RANKING = "finding", "topic", "last-year", "ranking"
KINDS = (FINDING, TOPIC, LAST_YEAR, RANKING)  # in order
Titles = dict[str, str]


def list_follow_up_titles(frame: pd.DataFrame) -> Titles:
    """List the titles of follow-up by year. `frame`: year, episodes, kept_30, kept_60, kept_90."""
    supplied = frame[frame["episodes"].notna()].set_index("year")
    span = wording.format_years(supplied.index.min(), supplied.index.max())
    titles = {TOPIC: f"Follow-up of cases by the year they began in, {span}"}
    last = int(supplied.index.max())
    if last - 1 in supplied.index:
        now, then = (
            f"{int(row[['kept_30', 'kept_60', 'kept_90']].sum())} of {int(row['episodes'])}"
            for row in (supplied.loc[last], supplied.loc[last - 1])
        )
        titles[LAST_YEAR] = f"Cases followed up within 90 days, {last} ({last - 1}): {now} ({then})"
    return titles
