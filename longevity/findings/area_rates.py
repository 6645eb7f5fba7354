"""Counts and rates of places as a map and a sentence say them."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from longevity.measures.nouns import MEASURES
from longevity.measures.say import say
from longevity.stats.rates import COUNT, RATE, SMOOTHED, compute_rates, find_equal_cities


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
    rates = compute_rates(areas, measure, days)
    nothing = [None] * len(areas)
    smoothed = areas["value"] if show == SMOOTHED else nothing
    earlier = nothing if before is None else before
    of_areas = zip(areas["neighbourhood"], areas[measure], earlier, rates, smoothed, strict=True)
    texts = [
        say(
            "rate.hover",
            # A hover takes a little HTML, and a name may come from a file we were handed.
            name=html.escape(name, quote=False),
            noun=MEASURES[measure],
            counts=count,
            before=None if pd.isna(then) else then,
            rate=say("rate.none") if pd.isna(rate) else say("rate.of", rate=f"{rate:,.1f}"),
            smoothed="" if pd.isna(value) else f"{value:,.1f}",
        )
        for name, count, then, rate, value in of_areas
    ]
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
