"""What the briefing says beyond what other measures say already."""

from __future__ import annotations

import pandas as pd

from longevity import citations
from longevity.text import wording


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
