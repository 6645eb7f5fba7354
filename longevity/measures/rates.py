"""Counts and rates of neighbourhoods, each with the state it is in."""

from __future__ import annotations

import html

import pandas as pd

from longevity.measures import wording

PER = 100_000
YEAR = 365.25
COUNT, RATE = "count", "rate"


def of_areas(
    frame: pd.DataFrame, measure: str, noun: str, days: int, show: str = COUNT
) -> pd.DataFrame:
    """`frame` with value, state and said for each area.

    `frame`: city, neighbourhood, counts, population. `show` is `count` or
    `rate`, per 100,000 residents a year over a period of `days`. An area
    without residents has no rate and says so; zero is a state of its own.
    """
    shown = frame.copy()
    counts = shown[measure].astype("float64")
    residents = pd.to_numeric(shown["population"]).astype("float64")
    if show == RATE:
        shown["value"] = counts / residents.where(residents > 0) * PER * YEAR / days
        shown["state"] = counts.eq(0).map({True: "zero", False: "shown"})
        shown.loc[shown["value"].isna(), "state"] = "no_residents"
    else:
        shown["value"] = counts
        shown["state"] = counts.eq(0).map({True: "zero", False: "shown"})
    shown["said"] = [
        _said(row.neighbourhood, int(getattr(row, measure)), noun, row.value, row.state, show)
        for row in shown.itertuples()
    ]
    return shown


def _said(name: str, count: int, noun: str, value: float, state: str, show: str) -> str:
    # A hover takes a little HTML, and a name may come from a file we were handed.
    line = f"<b>{html.escape(name, quote=False)}</b><br>{_titled(noun)}: {wording.number(count)}"
    if show == COUNT:
        return line
    if state == "no_residents":
        return f"{line}<br>no residents, so no rate"
    return f"{line}<br>{value:,.1f} per 100,000 residents a year"


def _titled(noun: str) -> str:
    # "People shot: 1" is right for any number, "1 people shot" is not.
    return noun[:1].upper() + noun[1:]


def unit(noun: str, show: str) -> str:
    """What the numbers of a map are."""
    return noun if show == COUNT else f"{noun} per 100,000 residents a year"
