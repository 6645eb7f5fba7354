"""Counts and rates of places as a map and a sentence say them."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from longevity.measures.nouns import MEASURES
from longevity.measures.say import say
from longevity.stats.rates import COUNT, RATE, SMOOTHED, compute_rates, find_equal_cities

BEFORE_AFTER_WARNING = (
    "Groups are given notice when they shoot most, and what is unusually high tends to fall by "
    "itself. A lower rate afterwards does not show that notice lowered it."
)


def add_hover_text(
    areas: pd.DataFrame,
    measure: str,
    days: int | pd.Series,
    show: str = COUNT,
    before: Sequence[Any] | None = None,
) -> pd.DataFrame:
    """Return `areas` with said, the words that appear over each of them on a map.

    `areas`: city, neighbourhood, counts, population and value, of
    `stats.rates.compute_area_values`. `before`: each area's count in the same days a year before;
    what is not known (None, NA) is not said.
    """
    columns = zip(
        areas["neighbourhood"],
        areas[measure],
        [None] * len(areas) if before is None else before,
        areas["value"],
        compute_rates(areas, measure, days),
        strict=True,
    )
    of_area = "by_itself" if show == SMOOTHED else "of"
    texts = []
    for name, count, earlier, value, rate in columns:
        lines = (
            # A hover takes a little HTML, and a name may come from a file we were handed.
            f"<b>{html.escape(name, quote=False)}</b>",
            say("rate.count", noun=MEASURES[measure], counts=count),
            "" if pd.isna(earlier) else say("rate.year_before", before=earlier),
            say("rate.none") if pd.isna(rate) else say(f"rate.{of_area}", rate=f"{rate:,.1f}"),
            ""
            if show != SMOOTHED or pd.isna(value)
            else say("rate.smoothed", rate=f"{value:,.1f}"),
        )
        texts.append("<br>".join(filter(None, lines)))
    return areas.assign(said=texts)


def name_unit(measure: str, show: str) -> str:
    """Return what the numbers of a map are."""
    noun = MEASURES[measure]
    if show == COUNT:
        return noun
    return say(f"rate.unit{'_smoothed' if show == SMOOTHED else ''}", noun=noun)


def choose_decimals(show: str) -> int:
    """Return how many decimals the numbers of a map are written with."""
    return 0 if show == COUNT else 1


def warn_of_rates(areas: pd.DataFrame, show: str, cities: Mapping[str, str]) -> str:
    """Return how a map is to be read; empty for counts. `areas`: city, value."""
    if show == RATE:
        return say("rate.read")
    if show != SMOOTHED:
        return ""
    return say("rate.read_smoothed", places=[cities[city] for city in find_equal_cities(areas)])


def format_rate(rate: float, low: float, high: float) -> str:
    """Return "12.3 per 100,000 residents a year (95% interval 8.1 to 18.0)"; NaN has none."""
    if pd.isna(rate):
        return say("rate.none")
    rate_text, low_text, high_text = (f"{value:,.1f}" for value in (rate, low, high))
    return say("rate.of_interval", rate=rate_text, low=low_text, high=high_text)
