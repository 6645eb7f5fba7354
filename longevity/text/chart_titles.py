"""The finding of a chart as its title: what the figures say, and never more than they say.

A title has no full stop. What is withheld, missing or not known is said under that word; where
numbers are compared, what chance would explain is said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from longevity.measures.nouns import MEASURES
from longevity.measures.say import say
from longevity.stats.funnel_plot import ABOVE, BELOW, INSIDE, FunnelPlot
from longevity.text import frames, victim_attributes, wording
from longevity.warehouse.frames import MISSING, WITHHELD
from longevity.windows import DAY

MOST_NAMES = 4  # places a title has room for
BLOCK = 3  # hours said as one: single hours are too thin for one neighbourhood
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HOURS = {0: "midnight", 12: "noon", 24: "midnight"}


def strip_full_stop(sentence: str) -> str:
    """Return a sentence as a title: without its full stop."""
    return sentence.rstrip().removesuffix(".")


def write_newest_title(
    noun: str,
    frame: pd.DataFrame,
    column: str,
    measure: str,
    cities: Mapping[str, str],
    name: Callable[[Any], str] = str,
) -> str:
    """Write each city's figure in the newest time that all have, with that of a year before.

    `frame`: city, `column` (a year, or the month that twelve months end with) and `measure`, of
    whole times alone. `name`: how a time is called.
    """
    known = frame[frame[measure].notna()]
    figures = {
        str(city): dict(zip(rows[column], rows[measure], strict=True))
        for city, rows in known.groupby("city", observed=True)
    }
    common = set.intersection(*(set(of_city) for of_city in figures.values())) if figures else set()
    if not common:
        return say("counted.newest_none", noun=noun)
    last = max(common)
    before = last - (pd.DateOffset(years=1) if isinstance(last, date) else 1)
    places = [
        say("counted.place", name=cities[city], now=of_city[last], before=of_city.get(before))
        for city, of_city in figures.items()
    ]
    when = {"when": name(last), "before": name(before)}
    return say("counted.newest", when, noun=noun, places=places)


def write_place_title(
    frame: pd.DataFrame, measure: str, name: str, begun: date | None, through: date
) -> str:
    """Write the newest year of one place, and what the whole years before it had.

    `frame`: year, `measure`, complete (bool). `begun`: the day in it on which the data begin;
    `through`: the last day counted.
    """
    last = frame.loc[frame["year"].idxmax()]
    year, count = int(last["year"]), int(last[measure])
    start = begun or date(year, 1, 1)
    until = date(year + 1, 1, 1) if last["complete"] else min(through, date(year, 12, 31)) + DAY
    whole = frame[frame["complete"] & (frame["year"] < year)].set_index("year")[measure]
    facts: dict[str, Any] = {"years": None}
    if len(whole):
        facts["years"] = wording.format_years(whole.index.min(), whole.index.max())
        facts["most"] = wording.format_years(int(whole.min()), int(whole.max()))
    clause = say(f"{measure}.clause", n=count)
    during = wording.format_during(start, until)
    return say("counted.one_place", facts, clause=clause, name=name, during=during)


def write_funnel_title(funnel: FunnelPlot, noun: str, days: int) -> str:
    """Say which places are outside what chance would give, by name while there are few."""
    facts = {"noun": noun, "days": days, "areas": funnel.places["rate"].notna().sum()}
    if funnel.rate is None:
        return say("rate.funnel_no_rate", facts)
    names = {
        state: funnel.places.loc[funnel.places["at_998"] == state, "name"].tolist()
        for state in (ABOVE, BELOW)
    }
    far = sum(map(len, names.values()))
    if not far:
        return say("rate.funnel_none", facts)
    said = {k: v if far <= MOST_NAMES or not v else [len(v)] for k, v in names.items()}
    return say("rate.funnel", facts, far=far, above=said[ABOVE], below=said[BELOW])


def describe_near(funnel: FunnelPlot) -> str:
    """Say how many places are between the two limits; empty of none."""
    if funnel.rate is None:
        return ""
    places = funnel.places
    near = ((places["at_95"] != INSIDE) & (places["at_998"] == INSIDE)).sum()
    return say("rate.near", near=near) if near else ""


def write_cities_title(rates: pd.DataFrame, noun: str, days: int, cities: Mapping[str, str]) -> str:
    """Say which city's rate is above which other's, from their intervals.

    `rates`: city, rate, rate_low, rate_high. Cities whose intervals overlap are not ranked; that
    intervals are apart is the stricter claim.
    """
    facts = {"noun": noun, "days": days}
    rows = [*rates[rates["rate"].notna()].sort_values("rate", ascending=False).itertuples()]
    if len(rows) < 2:
        return say("rate.apart_one", facts)
    pairs = [
        say("rate.above", high=cities[high.city], low=cities[low.city])
        for at, high in enumerate(rows)
        for low in rows[at + 1 :]
        if high.rate_low > low.rate_high
    ]
    return say(f"rate.apart{'' if pairs else '_none'}", facts, pairs=pairs)


def write_attribute_title(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """Name the value of one attribute that most people shot are known to have, a city at a time.

    `frame`: city, value, victims, victims_state and, where it is known, `whole`. Where a figure
    that is withheld might be the largest, the largest is said to be of those shown.
    """
    parts = [
        say("who.city", name=name, value=_describe_most_frequent(rows))
        for name, rows in frames.split_by_city(victim_attributes.add_totals(frame), cities)
    ]
    return say("who.most", parts="; ".join(parts)) if parts else say("who.none_yet")


def _describe_most_frequent(rows: pd.DataFrame) -> str:
    if instead := victim_attributes.name_absence(rows):
        return instead
    # No one is known to be of a value that the source never gives: it hides no one either.
    rows = rows[~rows["value"].isin(victim_attributes.find_never_given(rows))]
    states = rows["victims_state"]
    is_hidden = states.isin([WITHHELD, MISSING])
    if is_hidden.all():
        return MISSING if (states == MISSING).all() else WITHHELD
    visible = rows[~is_hidden]
    total = int(visible["victims"].sum())
    whole = None if pd.isna(rows["whole"].iloc[0]) else rows["whole"].iloc[0]
    known = visible[visible["value"] != "unknown"]
    most = int(known["victims"].max()) if len(known) else 0
    sure = not is_hidden.any() or (whole is not None and whole - total < most)
    values = known.loc[known["victims"] == most, "value"]
    facts = {"sure": sure, "most": most, "whole": whole, "n": len(values)}
    if not most:
        return say("who.nobody_shown", facts)
    return say("who.value", facts, values=[*map(victim_attributes.name_value, values)])


def write_young_black_men_title(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """Say how many people shot are known to be young Black men, a city at a time.

    `frame`: city, young_black_men, victims with their states.
    """
    parts = [
        say(
            "who.city",
            name=cities[row.city],
            value=victim_attributes.name_absence_of_young(row)
            or say("who.part", most=row.young_black_men, whole=row.victims),
        )
        for row in frame.itertuples()
    ]
    return say("who.young", parts=parts)


def write_busiest_hours_title(frame: pd.DataFrame, name: str, measure: str) -> str:
    """Name the three hours of the week with most of a measure; none of a tie.

    `frame`: weekday (ISO 1 to 7), hour (0 to 23, missing where unknown), `measure`.
    """
    known = frame[frame["hour"].notna()]
    blocks = known.assign(block=known["hour"].astype("int64") // BLOCK * BLOCK)
    cells = blocks.groupby(["weekday", "block"])[measure].sum()
    facts = {"noun": MEASURES[measure], "name": name, "total": cells.sum(), "most": cells.max()}
    top = cells[cells == cells.max()]
    if len(top) > 1:
        return say("counted.hours_even", facts)
    weekday, hour = top.index[0]
    start, until = (name_hour(at) for at in (int(hour), int(hour) + BLOCK))
    return say("counted.hours", facts, {"from": start}, day=DAYS[int(weekday) - 1], until=until)


def name_hour(hour: int) -> str:
    """Return an hour as people say it: "9 pm", "midnight"."""
    return HOURS.get(hour, f"{hour % 12 or 12} {'am' if hour < 12 else 'pm'}")


def write_rates_title(
    name: str, unit: str, values: pd.Series[Any], decimals: int, during: str
) -> str:
    """Say from where to where the rates of a city's areas go; none is named as the most.

    Small places have the largest and the smallest rates by chance alone.
    """
    known = values.dropna()
    facts = {"name": name, "noun": unit, "during": during, "areas": len(known)}
    if known.empty:
        return say("counted.rates_none", facts)
    low, high = (f"{value:,.{decimals}f}" for value in (known.min(), known.max()))
    return say("counted.rates", facts, low=low, high=high)
