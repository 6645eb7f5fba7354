"""What the briefing says beyond what other measures say already."""

from __future__ import annotations

from datetime import date

import pandas as pd

from longevity import citations
from longevity.text import wording

NOT_PUBLIC = (
    "What each city was given and spent since, and how many people were reached for it, is not "
    "part of the public record: the state sees it, and each city its own."
)
NO_FACT = "No source among the published facts says what the state paid."
NO_COST = (
    "What it bought cannot be told: of no fiscal year that is over are both the spending and the "
    "people it reached known."
)


def describe_share(frame: pd.DataFrame, where: str, state: str, least_base: int) -> str:
    """Return the share of the state's homicides in the newest year for which a source gives both.

    `frame`: year, cities, state, source; `where`: "the cities".
    """
    if frame.empty:
        return f"No published source gives the homicides of both {where} and {state}."
    row = frame.loc[frame["year"].idxmax()]
    whole = int(row["state"])
    share = f" ({wording.format_share(int(row['cities']), whole, least_base)})"
    return (
        f"In {row['year']}, {wording.format_number(row['cities'])} of {state}'s "
        f"{wording.format_number(whole)} homicides were in {where}"
        f"{share if whole >= least_base else ''}: the newest year for which one source, "
        f"{citations.name_site(row['source'])}, gives both."
    )


def drop_later_years(frame: pd.DataFrame, through: date) -> pd.DataFrame:
    """Return published facts of no later year than that of `through`."""
    return frame[frame["year"] <= through.year]
