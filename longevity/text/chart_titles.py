"""The finding of a chart as its title: what the figures say, and never more than they say.

A title has no full stop. What is withheld, missing or not known stands in it under that
word; where numbers are compared, what chance would explain is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from longevity.stats.funnel_plot import ABOVE, BELOW, FunnelPlot
from longevity.text import (
    counts,
    frames,
    funnel_plot,
    neighbourhoods,
    public_text,
    victim_attributes,
    wording,
)
from longevity.warehouse.count_states import MISSING, WITHHELD

MOST_NAMES = 4  # places a title has room for
BLOCK = 3  # hours told as one: single hours are too thin for one neighbourhood
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def strip_full_stop(sentence: str) -> str:
    """Return a sentence as a title: without its full stop."""
    return sentence.rstrip().removesuffix(".")


def find_text_beyond_title(sentence: str, title: str) -> tuple[str, ...]:
    """Return what a sentence says that the title has not said already."""
    rest = sentence.removeprefix(f"{title}.").strip() if sentence.startswith(title) else sentence
    return (rest,) if rest else ()


def write_funnel_title(funnel: FunnelPlot) -> str:
    """Which places lie outside what chance would give, by name while there are few."""
    if funnel.rate is None:
        return strip_full_stop(funnel_plot.describe_funnel(funnel))
    far = funnel.places[funnel.places["at_998"].isin([ABOVE, BELOW])]
    if len(far) <= MOST_NAMES:
        return strip_full_stop(funnel_plot.describe_places_outside(funnel.places))
    parts = [
        f"{wording.format_number(many)} {'lies' if many == 1 else 'lie'} {state} the common rate"
        for state in (ABOVE, BELOW)
        if (many := int((far["at_998"] == state).sum()))
    ]
    whole = wording.count_noun(int(funnel.places["rate"].notna().sum()), "place")
    return f"Of {whole}, {wording.join_words(parts)}, further than chance would explain"


def write_twelve_months_title(frame: pd.DataFrame, measure: str, cities: Mapping[str, str]) -> str:
    """Write the newest twelve months of each city. `frame`: `city_comparison.sum_twelve_months`."""
    newest = {
        str(city): rows.iloc[-1]
        for city, rows in frame[frame[measure].notna()].groupby("city", observed=True)
    }
    if not newest:
        return "No twelve months in a row are known whole"
    ends = {city: f"{row['month']:%B %Y}" for city, row in newest.items()}
    alike = len(set(ends.values())) == 1
    ranked = sorted((c for c in cities if c in newest), key=lambda c: -int(newest[c][measure]))
    parts = [
        f"{cities[city]} {wording.format_number(newest[city][measure])}"
        f"{'' if alike else f' (to {ends[city]})'}"
        for city in ranked
    ]
    when = f"Twelve months to {ends[ranked[0]]}" if alike else "The newest twelve months"
    return f"{when}: {wording.join_words(parts)}"


def write_attribute_title(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """Name the value of one attribute that most people shot are known to have, a city at a time.

    `frame`: city, value, victims, victims_state and, where it is told, `whole`. Where a
    figure that is withheld might be the largest, the largest is said to be of those shown.
    """
    parts = [
        f"{name} {_describe_most_frequent(rows)}"
        for name, rows in frames.split_by_city(frame, cities)
    ]
    return (
        f"Largest known group: {'; '.join(parts)}"
        if parts
        else strip_full_stop(public_text.NONE_YET)
    )


def _describe_most_frequent(rows: pd.DataFrame) -> str:
    if instead := victim_attributes.name_absence(rows):
        return instead
    # Nobody is known to be of a value that the source never gives: it hides nobody either.
    rows = rows[~rows["value"].isin(victim_attributes.find_never_given(rows))]
    is_hidden = rows["victims_state"].isin([WITHHELD, MISSING])
    if is_hidden.all():
        return MISSING if (rows["victims_state"] == MISSING).all() else WITHHELD
    visible = rows[~is_hidden]
    whole = rows["whole"].iloc[0] if "whole" in rows else pd.NA
    if pd.isna(whole) and not is_hidden.any():
        whole = visible["victims"].sum()
    known_values = visible[visible["value"] != "unknown"]
    most = int(known_values["victims"].max()) if len(known_values) else 0
    if not most:
        return (
            "nobody"
            if not is_hidden.any() and not visible["victims"].sum()
            else "none of those shown"
        )
    names = wording.join_words(
        [
            victim_attributes.name_value(v)
            for v in known_values.loc[known_values["victims"] == most, "value"]
        ]
    )
    many = wording.format_number(most) if pd.isna(whole) else _format_part(most, int(whole))
    each = " each" if int((known_values["victims"] == most).sum()) > 1 else ""
    rest = None if pd.isna(whole) else int(whole) - int(visible["victims"].sum())
    sure = not is_hidden.any() or (rest is not None and rest < most)
    return f"{'' if sure else 'of those shown '}{names} ({many}{each})"


def _format_part(part: int, whole: int) -> str:
    return f"{wording.format_number(part)} of {wording.format_number(whole)}"


def write_young_black_men_title(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """Say how many people shot are known to be young Black men, a city at a time.

    `frame`: city, young_black_men, victims with their states.
    """
    parts = []
    for row in frame.itertuples():
        text = victim_attributes.name_absence_of_young(row) or _format_part(
            int(row.young_black_men), int(row.victims)
        )
        parts.append(f"{cities.get(row.city, row.city)} {text}")
    return f"Known to be Black men under 30, of the people shot: {wording.join_words(parts)}"


def write_busiest_hours_title(frame: pd.DataFrame, name: str, measure: str = "incidents") -> str:
    """Name the three hours of the week with most of a measure; none of a tie.

    `frame`: weekday (ISO 1 to 7), hour (0 to 23, missing where unknown), `measure`.
    """
    known_hours = frame[frame["hour"].notna()]
    blocks = known_hours.assign(block=known_hours["hour"].astype("int64") // BLOCK * BLOCK)
    cells = blocks.groupby(["weekday", "block"])[measure].sum()
    total, most = int(cells.sum()), int(cells.max())
    base = f"of {wording.format_number(total)} with a known hour"
    top = cells[cells == most]
    if len(top) > 1:
        return (
            f"{name}: at most {wording.format_number(most)} in any three hours of the week, {base}"
        )
    weekday, hour = top.index[0]
    return (
        f"{name}: most on {DAYS[int(weekday) - 1]}, hours {hour:02d} to {hour + BLOCK:02d}: "
        f"{wording.format_number(most)} {base}"
    )


def write_rates_title(
    name: str, unit: str, values: pd.Series[Any], decimals: int, during: str
) -> str:
    """Say from where to where the rates of a city's areas go; none is named as the most.

    Small places have the largest and the smallest rates by chance alone.
    """
    known_values = values.dropna()
    if known_values.empty:
        return f"{name}, {unit}, {during}: no area has one"
    low, high = (f"{value:,.{decimals}f}" for value in (known_values.min(), known_values.max()))
    areas = wording.count_noun(len(known_values), "area")
    return f"{name}, {unit}, {during}: between {low} and {high} in {areas}"


def write_years_title(
    frame: pd.DataFrame,
    measure: str,
    name: str,
    begun: date | None = None,
    through: date | None = None,
) -> str:
    """Write the newest year of one place beside the whole years before it.

    `frame`: year, `measure`, complete (bool). `begun`: the day in it on which the data begin;
    `through` the day it goes to, where "so far" would not say which.
    """
    last = frame.loc[frame["year"].idxmax()]
    year, count = int(last["year"]), int(last[measure])
    so_far = f"to {wording.format_day_without_year(through)}" if through else "so far"
    when = f"in {year}" if last["complete"] else f"in {year} {so_far}"
    when = f"since {wording.format_day(begun)}" if begun else when
    return strip_full_stop(
        neighbourhoods.describe_neighbourhood(frame, measure, name, count, when, year)
    )


def write_gun_share_title(
    frame: pd.DataFrame, through: date, cities: Mapping[str, str], least: int
) -> str:
    """Write the share of this year's homicides by firearm, a city at a time."""
    return strip_full_stop(counts.describe_gun_share(frame, through.year, cities, least))
