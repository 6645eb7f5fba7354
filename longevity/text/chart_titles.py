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
from longevity.stats.reporting_delay import ReportingDelay
from longevity.text import (
    counts,
    funnel_plot,
    neighbourhoods,
    public_text,
    victim_attributes,
    wording,
)
from longevity.warehouse.count_states import MISSING, WITHHELD

MOST_NAMED = 4  # places a title has room for
BLOCK = 3  # hours told as one: single hours are too thin for one neighbourhood
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def title(sentence: str) -> str:
    """A sentence as a title: without its full stop."""
    return sentence.rstrip().removesuffix(".")


def beyond(sentence: str, told: str) -> tuple[str, ...]:
    """What a sentence says that the title has not said already."""
    rest = sentence.removeprefix(f"{told}.").strip() if sentence.startswith(told) else sentence
    return (rest,) if rest else ()


def funnel(found: FunnelPlot) -> str:
    """Which places lie outside what chance would give, by name while there are few."""
    if found.rate is None:
        return title(funnel_plot.describe_funnel(found))
    far = found.places[found.places["at_998"].isin([ABOVE, BELOW])]
    if len(far) <= MOST_NAMED:
        return title(funnel_plot.describe_places_outside(found.places))
    parts = [
        f"{wording.number(many)} {'lies' if many == 1 else 'lie'} {state} the common rate"
        for state in (ABOVE, BELOW)
        if (many := int((far["at_998"] == state).sum()))
    ]
    whole = wording.counted(int(found.places["rate"].notna().sum()), "place")
    return f"Of {whole}, {wording.listed(parts)}, further than chance would explain"


def twelve_months(frame: pd.DataFrame, measure: str, cities: Mapping[str, str]) -> str:
    """The newest twelve months of each city. `frame`: as `side_by_side.twelve_months` gives it."""
    newest = {
        str(city): own.iloc[-1]
        for city, own in frame[frame[measure].notna()].groupby("city", observed=True)
    }
    if not newest:
        return "No twelve months in a row are known whole"
    ends = {city: f"{row['month']:%B %Y}" for city, row in newest.items()}
    alike = len(set(ends.values())) == 1
    ranked = sorted((c for c in cities if c in newest), key=lambda c: -int(newest[c][measure]))
    said = [
        f"{cities[city]} {wording.number(newest[city][measure])}"
        f"{'' if alike else f' (to {ends[city]})'}"
        for city in ranked
    ]
    when = f"Twelve months to {ends[ranked[0]]}" if alike else "The newest twelve months"
    return f"{when}: {wording.listed(said)}"


def newest_weeks(
    frame: pd.DataFrame, growth: Mapping[str, ReportingDelay], cities: Mapping[str, str]
) -> str:
    """What each city's newest whole week holds, and where it is likely to end.

    `frame`: city, week_ending, incidents, complete. `growth`: by city.
    """
    said = []
    for city, name in cities.items():
        own = frame[(frame["city"] == city) & frame["complete"].astype(bool)]
        if own.empty:
            continue
        last = own.loc[own["week_ending"].idxmax()]
        likely = _likely(growth.get(city), last["week_ending"])
        said.append(f"{name} {wording.number(last['incidents'])}, {likely}")
    return f"The newest week so far: {'; '.join(said)}" if said else "No week is known whole"


def _likely(growth: ReportingDelay | None, week: pd.Timestamp) -> str:
    weeks = growth.weeks if growth is not None else pd.DataFrame()
    if len(weeks):
        own = weeks[(pd.to_datetime(weeks["week_ending"]) == week) & weeks["high"].notna()]
        if len(own):
            low, high = int(own.iloc[0]["low"]), int(own.iloc[0]["high"])
            end = f"{low} to {high}" if low < high else f"{high}"
            return f"likely to end at {end}"
    return "where it will end is not known"


def attribute(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """The value of one attribute that most people shot are known to have, a city at a time.

    `frame`: city, value, victims, victims_state and, where it is told, `whole`. Where a
    figure that is withheld might be the largest, the largest is said to be of those shown.
    """
    said = [
        f"{name} {_most(own)}"
        for city, name in cities.items()
        if len(own := frame[frame["city"] == city])
    ]
    return f"Most often known: {'; '.join(said)}" if said else title(public_text.NONE_YET)


def _most(own: pd.DataFrame) -> str:
    if instead := victim_attributes.apart(own):
        return instead
    hidden = own["victims_state"].isin([WITHHELD, MISSING])
    if hidden.all():
        return MISSING if (own["victims_state"] == MISSING).all() else WITHHELD
    shown = own[~hidden]
    whole = own["whole"].iloc[0] if "whole" in own else pd.NA
    if pd.isna(whole) and not hidden.any():
        whole = shown["victims"].sum()
    known = shown[shown["value"] != "unknown"]
    most = int(known["victims"].max()) if len(known) else 0
    if not most:
        return (
            "nobody" if not hidden.any() and not shown["victims"].sum() else "none of those shown"
        )
    names = wording.listed(
        [victim_attributes.words(v) for v in known.loc[known["victims"] == most, "value"]]
    )
    many = wording.number(most) if pd.isna(whole) else _of(most, int(whole))
    each = " each" if int((known["victims"] == most).sum()) > 1 else ""
    rest = None if pd.isna(whole) else int(whole) - int(shown["victims"].sum())
    sure = not hidden.any() or (rest is not None and rest < most)
    return f"{'' if sure else 'of those shown '}{names} ({many}{each})"


def _of(part: int, whole: int) -> str:
    return f"{wording.number(part)} of {wording.number(whole)}"


def young_black_men(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """How many people shot are known to be young Black men, a city at a time.

    `frame`: city, young_black_men, victims with their states.
    """
    said = []
    for row in frame.itertuples():
        told = victim_attributes.untold_young(row) or _of(
            int(row.young_black_men), int(row.victims)
        )
        said.append(f"{cities.get(row.city, row.city)} {told}")
    return f"Known to be Black men under 30, of the people shot: {wording.listed(said)}"


def busiest(frame: pd.DataFrame, name: str) -> str:
    """The three hours of the week with most incidents; none is named of a tie.

    `frame`: weekday (ISO 1 to 7), hour (0 to 23, missing where unknown), incidents.
    """
    known = frame[frame["hour"].notna()]
    blocks = known.assign(block=known["hour"].astype("int64") // BLOCK * BLOCK)
    cells = blocks.groupby(["weekday", "block"])["incidents"].sum()
    total, most = int(cells.sum()), int(cells.max())
    of = f"of {wording.number(total)} with a known hour"
    top = cells[cells == most]
    if len(top) > 1:
        return f"{name}: at most {wording.number(most)} in any three hours of the week, {of}"
    weekday, hour = top.index[0]
    return (
        f"{name}: most on {DAYS[int(weekday) - 1]}, hours {hour:02d} to {hour + BLOCK:02d}: "
        f"{wording.number(most)} {of}"
    )


def spread(name: str, unit: str, values: pd.Series[Any], decimals: int, during: str) -> str:
    """From where to where the rates of a city's areas go; none is named as the most.

    Small places have the largest and the smallest rates by chance alone.
    """
    known = values.dropna()
    if known.empty:
        return f"{name}, {unit}, {during}: no area has one"
    low, high = (f"{value:,.{decimals}f}" for value in (known.min(), known.max()))
    areas = wording.counted(len(known), "area")
    return f"{name}, {unit}, {during}: between {low} and {high} in {areas}"


def years(frame: pd.DataFrame, measure: str, name: str) -> str:
    """The newest year of one place beside the whole years before it.

    `frame`: year, `measure`, complete (bool).
    """
    last = frame.loc[frame["year"].idxmax()]
    year, count = int(last["year"]), int(last[measure])
    when = f"in {year}" if last["complete"] else f"in {year} so far"
    return title(neighbourhoods.one(frame, measure, name, count, when, year))


def gun_share(frame: pd.DataFrame, through: date, cities: Mapping[str, str], least: int) -> str:
    """The share of this year's homicides by firearm, a city at a time."""
    return title(counts.gun_share(frame, through.year, cities, least))


def call_in(frame: pd.DataFrame, name: str) -> str:
    """One city's way from invitation to service, each figure under its own word.

    `frame`: step, members, members_state, of one city and year.
    """
    own = frame.set_index("step")
    if own.empty or own["members_state"].eq(MISSING).all():
        return f"{name}: missing"
    words = {
        "invited": "invited",
        "reachable": "reached",
        "attended": "came",
        "intake_30": "began a service within 30 days",
    }
    said = []
    for step, word in words.items():
        if step in own.index:
            state = own.loc[step, "members_state"]
            cell = public_text.cell(own.loc[step, "members"], state)
            said.append(f"{word}: {state}" if cell == state else f"{cell} {word}")
    return f"{name}: {', '.join(said)}"


def promises(frame: pd.DataFrame) -> str:
    """How many promises of the newest closed year with any were answered, all cities together.

    `frame`: year, episodes, kept_30, kept_60, kept_90, not_kept.
    """
    row = frame[frame["episodes"].notna()].iloc[-1]
    kept = int(row["kept_30"] + row["kept_60"] + row["kept_90"])
    promised = wording.counted(int(row["episodes"]), "promise")
    return (
        f"Of {promised} that came due in {int(row['year'])}, {wording.number(kept)} answered "
        f"within 90 days, {wording.number(row['kept_30'])} of them within 30; "
        f"{wording.number(row['not_kept'])} not"
    )
