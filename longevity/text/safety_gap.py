"""Sentences on the safety gap: how far the most and the least affected fifth are apart."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from longevity.checks.sql_files import PLACED
from longevity.stats.comparison import Comparison, Outcome
from longevity.stats.safety_gap import (
    CHANGE_LEVEL,
    LEAST_AREAS,
    LEAST_YEARS_BEFORE,
    PERIOD,
    Gap,
    Reason,
    SafetyGap,
)
from longevity.text import availability, change_wording, wording

METHOD = (
    "A fifth is of residents, made of whole neighbourhoods, which are ranked anew for each year by "
    "the three to five years before it: ranked by the year itself, chance alone would make a gap. "
    "Residents are as last counted, the same for all years."
)
NO_YEARS = "Of no city are there years enough to measure a safety gap."
LEAST_RATIO = 0.005  # what is below is "under 0.01"
ROUND_FROM = 9.95  # what is from here on is written without decimals


def describe_safety_gap(gap: SafetyGap, name: str) -> str:
    """Return the finding of one city: its gap in the newest three years, and whether it changed."""
    if gap.newest is None:
        return _describe_absence(gap, name)
    years = format_years(gap.newest)
    ratio = gap.newest.ratio
    if ratio.outcome is Outcome.NONE:
        return f"In {name} nobody was shot in the most or the least affected fifth in {years}."
    times = format_ratio(ratio)
    bounds = format_bounds(ratio)
    change = describe_change(gap)
    if ratio.ratio is None:
        return (
            f"In {name} nobody was shot in the least affected fifth in {years}; the most affected "
            f"had {times} ({bounds}); {change}."
        )
    if ratio.outcome is Outcome.UNCLEAR:
        return (
            f"In {name} the most and the least affected fifth were too close to tell apart in "
            f"{years}: {times} ({bounds}); {change}."
        )
    return (
        f"In {name} the most affected fifth had {times} of the least affected in {years} "
        f"({bounds}); {change}."
    )


def describe_change(gap: SafetyGap) -> str:
    """Return whether the gap changed, as a clause: "no clear change since 2016 to 2018"."""
    if gap.earlier is None:
        return "too few years to say whether that changed"
    earlier = format_years(gap.earlier)
    if gap.change is None:
        return f"too few people were shot to say whether that changed since {earlier}"
    if gap.outcome is Outcome.UNCLEAR:
        return f"no clear change since {earlier}"
    word = "wider" if gap.outcome is Outcome.UP else "narrower"
    level = change_wording.format_level(CHANGE_LEVEL)
    low, high = format_times(gap.change.low), format_times(gap.change.high)
    return f"clearly {word} than in {earlier} ({level} interval {low} to {high} times that gap)"


def _describe_absence(gap: SafetyGap, name: str) -> str:
    year, newest = max(gap.years.items())
    if not isinstance(newest, Reason):
        return f"Of {name} fewer than {PERIOD} years in a row can be compared so far."
    return describe_reason(newest, name, year)


def describe_reason(reason: Reason, name: str, year: int) -> str:
    """Return why a city has no gap in a year."""
    sentences = {
        Reason.FEW_AREAS: f"{name} has fewer than {LEAST_AREAS} neighbourhoods with residents, too "
        "few to set its fifths against each other.",
        Reason.FEW_YEARS: f"Of {name} fewer than {LEAST_YEARS_BEFORE} whole years before {year} "
        "are known, too few to rank its neighbourhoods by.",
        Reason.NO_COUNT: f"How many people were shot in {name} in {year} is not known, which is "
        "not zero.",
        Reason.NO_RANKING: f"In {name} nobody was shot in the years before {year}, so its "
        "neighbourhoods cannot be ranked.",
        Reason.FEW_PLACED: _explain_few_placed(name, str(year)),
    }
    return sentences[reason]


def _explain_few_placed(name: str, years: str) -> str:
    return (
        f"Fewer than {100 * PLACED:.0f} of 100 people shot in {name} in {years} could be placed in "
        "a neighbourhood: no gap is told."
    )


def _find_newest(gap: SafetyGap) -> Gap | Reason:
    return gap.years[max(gap.years)]


def _list_few_placed(gap: SafetyGap, name: str) -> str:
    """Say which years have no gap as few were placed; nothing where the finding has said it."""
    years = [year for year, each in gap.years.items() if each is Reason.FEW_PLACED]
    if not years or _find_newest(gap) is Reason.FEW_PLACED:
        return ""
    return f" {_explain_few_placed(name, wording.join_years(years))}"


def describe_rates(gap: Gap) -> str:
    """Return the rates behind a gap and their difference, as a sentence to follow the finding."""
    low, high = format_rate(gap.difference.low), format_rate(gap.difference.high)
    return (
        f"That is {format_rate(gap.most.value)} against {format_rate(gap.least.value)} people shot "
        f"per 10,000 residents a year, a difference of {format_rate(gap.difference.value)} "
        f"({change_wording.format_level(gap.ratio.level)} interval {low} to {high})."
    )


def list_sentences(gaps: Mapping[str, SafetyGap], cities: Mapping[str, str]) -> list[str]:
    """Return a city's finding with the rates behind it, for each that has counts, in order."""
    sentences = []
    for city, name in cities.items():
        if city in gaps:
            newest = gaps[city].newest
            rates = f" {describe_rates(newest)}" if newest is not None else ""
            few_placed = _list_few_placed(gaps[city], name)
            sentences.append(f"{describe_safety_gap(gaps[city], name)}{rates}{few_placed}")
    return sentences


def describe_unlocated(
    unlocated: pd.DataFrame, gaps: Mapping[str, SafetyGap], cities: Mapping[str, str]
) -> str:
    """Return how many people shot are in no fifth, as their place is not known.

    `unlocated`: city, reason, victims, over the newest three years; empty where there are none.
    """
    rows = availability.select_known(unlocated, "victims")
    by_city = rows.groupby("city", observed=True)["victims"].sum()
    counts = {
        cities[city]: int(by_city[city])
        for city in cities
        if city in by_city and city in gaps and gaps[city].newest is not None
    }
    parts = [f"{name} {wording.format_number(count)}" for name, count in counts.items() if count]
    if not parts:
        return ""
    return (
        "People shot in these three years whose place is not known are in no fifth: "
        f"{wording.join_words(parts)}."
    )


def write_title(gaps: Mapping[str, SafetyGap], cities: Mapping[str, str]) -> str:
    """Return the finding of the chart: the gap of each city that has one, with its interval, and
    whose newest is not told as few were placed.
    """
    newest = {city: gap.newest for city, gap in gaps.items() if gap.newest is not None}
    ids = [city for city in cities if city in newest]
    if not ids:
        return "No city has a safety gap over three years yet"
    periods = {format_years(newest[city]) for city in ids}
    parts = []
    for city in ids:
        ratio = newest[city].ratio
        when = f", {format_years(newest[city])}" if len(periods) > 1 else ""
        bounds = (
            each if each is not None else math.nan for each in (ratio.ratio, ratio.low, ratio.high)
        )
        parts.append(f"{cities[city]} {format_gap(*bounds)}{when}")
    parts += [
        f"{name} not told, where too few were placed"
        for city, name in cities.items()
        if city in gaps and _find_newest(gaps[city]) is Reason.FEW_PLACED
    ]
    when = f", {periods.pop()}" if len(periods) == 1 else ""
    return f"People shot in the most against the least affected fifth{when}: {'; '.join(parts)}"


def format_years(gap: Gap) -> str:
    """Return the years of a gap: "2023 to 2025"."""
    first, last = gap.fifths.first, gap.fifths.last
    return str(first) if first == last else f"{first} to {last}"


def format_ratio(ratio: Comparison) -> str:
    """Return a ratio as a clause: "27 times the rate", "at least 9 times its rate"."""
    if ratio.ratio is None:
        return f"at least {format_times(ratio.low or 0)} times its rate"
    return f"{format_times(ratio.ratio)} times the rate"


def format_bounds(ratio: Comparison) -> str:
    """Return the interval of a ratio with its level and what it assumes."""
    level = f"{change_wording.format_level(ratio.level)} interval"
    assumption = ", assuming independent events" if ratio.dispersion is None else ""
    if ratio.high is None:
        return f"{level}, without an upper bound{assumption}"
    return f"{level} {format_times(ratio.low or 0)} to {format_times(ratio.high)}{assumption}"


def format_gap(ratio: float, low: float, high: float) -> str:
    """Return the gap of a year: "27 times the rate (7.2 to 105)"; NaN where there is none."""
    if pd.notna(ratio):
        bounds = f" ({format_times(low)} to {format_times(high)})" if pd.notna(high) else ""
        return f"{format_times(ratio)} times the rate{bounds}"
    return f"at least {format_times(low)} times the rate" if low else "nobody shot in either"


def format_times(value: float) -> str:
    """Return a ratio: one decimal under ten, two under one, and more where it would become 1."""
    if value >= ROUND_FROM:
        return f"{value:,.0f}"
    if value < LEAST_RATIO:
        return "under 0.01" if value else "0"
    for decimals in range(1 if value > 1 else 2, 4):
        if value == 1 or round(value, decimals) != 1:
            return f"{value:.{decimals}f}"
    return "just over 1" if value > 1 else "just under 1"


def format_rate(value: float) -> str:
    """Return a rate or a difference of rates: whole from ten on, with a decimal below."""
    size = abs(value)
    if 0 < size < 0.05:
        return "under 0.1" if value > 0 else "0.0"
    sign = wording.MINUS if value < 0 else ""
    return f"{sign}{size:,.0f}" if size >= ROUND_FROM else f"{sign}{size:.1f}"
