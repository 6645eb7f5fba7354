"""The safety gap in words: how far the most and the least affected fifth are apart."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from longevity.checks.sql_files import PLACED
from longevity.language import translate
from longevity.measures import wording
from longevity.screens.context import ReportContext
from longevity.stats.comparison import Outcome
from longevity.stats.safety_gap import (
    CHANGE_LEVEL,
    LEAST_AREAS,
    LEAST_YEARS_BEFORE,
    PERIOD,
    Gap,
    NoGap,
    SafetyGap,
)

Gaps = Mapping[str, SafetyGap]
LEAST_RATIO = 0.005  # what is below is "under 0.01"
ROUND_FROM = 9.95  # what is from here on is written without decimals


def write_title(context: ReportContext, gaps: Gaps) -> str:
    """Return the gap of each city that has one with its interval, and whose few placed hide it."""
    periods = {city: name_years(gap.newest) for city, gap in gaps.items() if gap.newest}
    if not periods:
        return context.say("safety_gap.title_none_yet")
    is_one = len({*periods.values()}) == 1
    parts = []
    for city, name in context.cities.items():
        gap = gaps.get(city)
        facts = {"city": name, "years": "" if is_one else periods.get(city)}
        if gap and gap.newest:
            parts.append(context.say("safety_gap.city", facts, gap=describe_ratio(gap.newest)))
        elif gap and find_newest(gap) is NoGap.FEW_PLACED:
            parts.append(context.say("safety_gap.city_few_placed", facts))
    years = min(periods.values()) if is_one else ""
    return context.say("safety_gap.title", cities="; ".join(parts), years=years)


def list_sentences(context: ReportContext, gaps: Gaps) -> list[str]:
    """Return a city's finding with the rates behind it, for each that has counts, in order."""
    return [
        say_city(context, gaps[city], name) for city, name in context.cities.items() if city in gaps
    ]


def say_city(context: ReportContext, gap: SafetyGap, name: str) -> str:
    """Return a city's gap in the newest three years, whether it changed, and the rates behind."""
    newest = gap.newest
    if newest is None:
        reason = find_newest(gap)
        if isinstance(reason, NoGap):
            return say_reason(context, reason, name, [max(gap.years)])
        return context.say("safety_gap.few_in_a_row", city=name, period=PERIOD)
    facts = {
        "city": name,
        "years": name_years(newest),
        "gap": describe_ratio(newest),
        "independent": newest.ratio.dispersion is None,
        "change": say_change(context, gap),
    }
    difference = newest.difference
    rates = {
        "most": newest.most.value,
        "least": newest.least.value,
        "difference": difference.value,
        "low": difference.low,
        "high": difference.high,
    }
    level = f"{100 * newest.ratio.level:.0f}%"
    said = {Outcome.NONE: "none", Outcome.UNCLEAR: "unclear"}.get(newest.ratio.outcome, "finding")
    sentences = [
        context.say(f"safety_gap.{said}", facts),
        context.say("safety_gap.rates", {k: format_rate(v) for k, v in rates.items()}, level=level),
    ]
    few_placed = [year for year, found in gap.years.items() if found is NoGap.FEW_PLACED]
    if few_placed:
        sentences.append(say_reason(context, NoGap.FEW_PLACED, name, few_placed))
    return " ".join(sentences)


def say_reason(context: ReportContext, reason: NoGap, name: str, years: list[int]) -> str:
    """Return why a city has no gap in these years."""
    facts = {"areas": LEAST_AREAS, "period": LEAST_YEARS_BEFORE, "percent": round(100 * PLACED)}
    year = wording.join_years(years)
    return context.say(f"safety_gap.{reason.value}", facts, city=name, year=year)


def say_change(context: ReportContext, gap: SafetyGap) -> str:
    """Return whether the gap changed, as a clause: "no clear change since 2016 to 2018"."""
    if gap.earlier is None:
        return context.say("safety_gap.change_few_years")
    facts = {"earlier": name_years(gap.earlier), "level": f"{100 * CHANGE_LEVEL:.0f}%"}
    if gap.change is not None:
        facts |= {"low": format_times(gap.change.low), "high": format_times(gap.change.high)}
    return context.say(f"safety_gap.change_{gap.outcome.value}", facts)


def describe_unlocated(context: ReportContext, unlocated: pd.DataFrame, gaps: Gaps) -> str:
    """Return how many people shot are in no fifth, as their place is not known; "" without any.

    `unlocated`: city, reason, victims, over the newest three years.
    """
    counts = unlocated.groupby("city", observed=True)["victims"].sum()
    parts = [
        f"{name} {counts[city]:,}"
        for city, name in context.cities.items()
        if counts.get(city) and city in gaps and gaps[city].newest is not None
    ]
    return context.say("safety_gap.unlocated", cities=parts) if parts else ""


def find_newest(gap: SafetyGap) -> Gap | NoGap:
    """Return the gap of the newest year, or why it has none."""
    return gap.years[max(gap.years)]


def name_years(gap: Gap) -> str:
    """Return the years of a gap: "2023 to 2025"."""
    return wording.format_years(gap.fifths.first, gap.fifths.last)


def describe_ratio(gap: Gap) -> str:
    """Return a gap with its interval: "27 times the rate (7.2 to 105)"."""
    return format_gap(gap.ratio.ratio, gap.ratio.low, gap.ratio.high)


def format_gap(ratio: float | None, low: float | None, high: float | None) -> str:
    """Return the gap of a year: "27 times the rate (7.2 to 105)"; of none its ends are missing."""
    if ratio is not None and pd.notna(ratio):
        is_bounded = high is not None and pd.notna(high)
        gap = translate("{ratio} times the rate", ratio=format_times(ratio))
        ends = {"low": format_times(low or 0), "high": format_times(high or 0)}
        return gap + (translate(" ({low} to {high})", **ends) if is_bounded else "")
    if not low:
        return translate("none shot in either")
    return translate("at least {ratio} times the rate", ratio=format_times(low))


def format_times(value: float) -> str:
    """Return a ratio: one decimal under ten, two about one and under it."""
    if value < LEAST_RATIO:
        return translate("under {number}", number=0.01) if value else "0"
    return wording.format_ratio(value, 0 if value >= ROUND_FROM else 1 if value > 1.05 else 2)


def format_rate(value: float) -> str:
    """Return a rate or a difference of rates: whole from ten on, with a decimal below."""
    size = abs(value)
    if 0 < size < 0.05:
        return translate("under {number}", number=0.1) if value > 0 else "0.0"
    sign = wording.MINUS if value < 0 else ""
    return f"{sign}{size:,.0f}" if size >= ROUND_FROM else f"{sign}{size:.1f}"
