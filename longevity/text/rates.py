"""Counts and rates of places as a map and a sentence say them."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from longevity.stats.comparison import LEVEL
from longevity.stats.rates import COUNT, RATE, SMOOTHED, compute_rates, find_equal_cities
from longevity.text import wording

BEFORE_AFTER_WARNING = (
    "Groups are given notice when they shoot most, and what is unusually high tends to fall by "
    "itself. A lower rate afterwards does not show that notice lowered it."
)


def add_hover_text(
    areas: pd.DataFrame,
    measure: str,
    noun: str,
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
    # "People shot: 1" is right for any number, "1 people shot" is not.
    title = noun[:1].upper() + noun[1:]
    texts = [
        _write_hover_text(
            name,
            [f"{title}: {wording.format_number(count)}", *_name_earlier(earlier)],
            value,
            rate,
            show,
        )
        for name, count, earlier, value, rate in zip(
            areas["neighbourhood"],
            areas[measure],
            [None] * len(areas) if before is None else before,
            areas["value"],
            rates,
            strict=True,
        )
    ]
    return areas.assign(said=texts)


def _name_earlier(count: Any) -> list[str]:
    """Return what is said of an area's year before: a line, or none."""
    if pd.isna(count):
        return []
    return [f"{wording.format_number(count)} in the same days a year before"]


def _write_hover_text(name: str, counts: list[str], value: float, rate: float, show: str) -> str:
    # A hover takes a little HTML, and a name may come from a file we were handed.
    lines = [f"<b>{html.escape(name, quote=False)}</b>", *counts]
    by_itself = " by itself" if show == SMOOTHED else ""
    if pd.isna(rate):
        lines.append("no residents, so no rate")
    else:
        lines.append(f"{rate:,.1f} per 100,000 residents a year{by_itself}")
    if by_itself and not pd.isna(value):
        lines.append(f"{value:,.1f} smoothed")
    return "<br>".join(lines)


def name_unit(noun: str, show: str) -> str:
    """Return what the numbers of a map are."""
    if show == COUNT:
        return noun
    suffix = ", smoothed" if show == SMOOTHED else ""
    return f"{noun} per 100,000 residents a year{suffix}"


def choose_decimals(show: str) -> int:
    """Return how many decimals the numbers of a map are written with."""
    return 0 if show == COUNT else 1


def warn_of_rates(areas: pd.DataFrame, show: str, cities: Mapping[str, str]) -> str:
    """Return how a map is to be read; empty for counts. `areas`: city, value."""
    if show == RATE:
        return "A rate of a small place or a short period swings widely. Read it with its count."
    if show != SMOOTHED:
        return ""
    text = (
        "Each rate is drawn towards its city's, the more the fewer live there, so that a small "
        "place does not stand out by chance alone. A place with none has a rate too."
    )
    equal = find_equal_cities(areas)
    if equal:
        names = wording.join_words([cities[city] for city in equal])
        text += (
            f" In {names} the neighbourhoods differ no more than chance would make them: each "
            "has the city's rate."
        )
    return text


def format_rate(rate: float, low: float, high: float) -> str:
    """Return "12.3 per 100,000 residents a year (95% interval 8.1 to 18.0)"; NaN has none."""
    if pd.isna(rate):
        return "no residents, so no rate"
    return (
        f"{rate:,.1f} per 100,000 residents a year "
        f"({100 * LEVEL:.0f}% interval {low:,.1f} to {high:,.1f})"
    )
