"""The week's lists as tables of text; what is not noted is said, never left blank as a no."""

from __future__ import annotations

import pandas as pd

from longevity.measures import wording
from longevity.measures.nouns import MEASURES
from longevity.measures.say import say

PLACES = ("7 days", "28 days")
NOT_ON_MAP = "On no map"


def count_by_place(shootings: pd.DataFrame, measure: str) -> dict[str, int]:
    """Count incidents, or those killed (`fatal`), by neighbourhood. `shootings`: a row each."""
    counted = shootings["victims"] > 0 if measure == "incidents" else shootings[measure]
    by_place = counted.astype("Int64").groupby(shootings["neighbourhood"]).sum()
    return {str(name): int(count) for name, count in by_place.items()}


def build_places_table(
    now: pd.DataFrame, month: pd.DataFrame, totals: tuple[int, int], measure: str
) -> pd.DataFrame:
    """Return where shootings were, or another count, most in 28 days first: the place, then PLACES.

    `now`: `shootings_one_by_one` of 7 days, `month`: `counting.count_areas` of 28; `totals`:
    the city's count in each. What lies in no neighbourhood has a row of its own.
    """
    week = count_by_place(now, measure)
    rows = [
        (str(name), week.get(name, 0), int(count))
        for name, count in zip(month["neighbourhood"], month[measure], strict=True)
        if count
    ]
    rows.sort(key=lambda row: (-row[2], -row[1], row[0]))
    rest = (totals[0] - sum(row[1] for row in rows), totals[1] - sum(row[2] for row in rows))
    if rest[1] > 0:
        rows.append((NOT_ON_MAP, *rest))
    header = [f"{wording.start_sentence(MEASURES[measure])} by place", *PLACES]
    return pd.DataFrame(rows, columns=header).astype("str")


def describe_revisions(frame: pd.DataFrame) -> str:
    """Say what changed in earlier weeks. `frame`: `revisions` of one city."""
    if frame.empty:
        return say("week.no_release_before")
    said, against = frame["sentence"].iloc[0].removesuffix("."), frame["against"].iloc[0]
    return say(f"week.{'revised' if said else 'not_revised'}", said=said, against=against)
