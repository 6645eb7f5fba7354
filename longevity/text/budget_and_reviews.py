"""What the program was given and owes: money allocated and spent, lists due for review.

Spending that is not known is never nought, and no money is divided by people
while any of it is unknown or the year is not over.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from longevity import citations
from longevity.text import reach, wording


def year_ends(fiscal_year: int, first_month: int) -> date:
    """The last day of a fiscal year, named by the year it ends in."""
    after = (fiscal_year + 1, 1) if first_month == 1 else (fiscal_year, first_month)
    return date(*after, 1) - timedelta(days=1)


def years(budget: pd.DataFrame, first_month: int, through: date) -> pd.DataFrame:
    """Money by city and fiscal year, a row each.

    `budget`: `budget_by_city`; `through`: the day it is complete to. Columns: city,
    fiscal_year, allocated, spent (what is known of it; missing when nothing is),
    sources, spent_unknown (sources), over (whether the year is).
    """
    names = ("city", "fiscal_year", "allocated", "spent", "spent_unknown")
    cells = (budget[name].tolist() for name in names)
    found: dict[tuple[str, int], list[tuple[Any, Any, Any]]] = {}
    for city, year, *money in zip(*cells, strict=True):
        found.setdefault((city, year), []).append(tuple(money))
    rows = []
    for (city, year), own in found.items():
        allocated, spent, unknown = zip(*own, strict=True)
        told = [each for each in spent if not pd.isna(each)]
        whole = not any(pd.isna(each) for each in allocated)
        rows.append(
            {
                "city": city,
                "fiscal_year": int(year),
                "allocated": sum(allocated) if whole else _missing(budget["allocated"]),
                "spent": sum(told) if told else _missing(budget["spent"]),
                "sources": len(own),
                "spent_unknown": sum(int(each) for each in unknown if not pd.isna(each)),
                "over": year_ends(int(year), first_month) <= through,
            }
        )
    columns = ["city", "fiscal_year", "allocated", "spent", "sources", "spent_unknown", "over"]
    return pd.DataFrame(rows, columns=columns)


def _missing(column: pd.Series) -> Any:
    """What stands for a missing amount in a column of this kind."""
    return float("nan") if column.dtype == "float64" else pd.NA


def given(frame: pd.DataFrame, cities: Mapping[str, str]) -> dict[str, str]:
    """The cities that supplied a budget. `frame`: `years`."""
    return {city: name for city, name in cities.items() if city in set(frame["city"])}


def money_title(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """The finding: what each city spent of what it had, in the last year known in full."""
    known = frame[frame["over"] & (frame["spent_unknown"] == 0) & frame["allocated"].notna()]
    if known.empty:
        return "No fiscal year is over with all its spending known"
    year = int(known["fiscal_year"].max())
    own = known[known["fiscal_year"] == year].set_index("city")
    said = [
        f"{name} {dollars(own.loc[city, 'spent'])} of {dollars(own.loc[city, 'allocated'])}"
        for city, name in cities.items()
        if city in own.index
    ]
    return f"Spent of what was allocated, fiscal year {year}: {wording.listed(said)}"


def money_notes(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """Which years are not over, and whose spending is not known."""
    said = []
    running = sorted(set(frame.loc[~frame["over"].astype(bool), "fiscal_year"]))
    if running:
        said.append(f"Not over: fiscal year {wording.listed([str(year) for year in running])}.")
    unknown = frame[frame["spent_unknown"] > 0]
    for year, own in unknown.groupby("fiscal_year"):
        by = own.set_index("city")
        named = [
            f"{name} ({by.loc[city, 'spent_unknown']} of "
            f"{wording.counted(by.loc[city, 'sources'], 'source')})"
            for city, name in cities.items()
            if city in by.index
        ]
        said.append(f"Spending of fiscal year {year} is unknown for {wording.listed(named)}.")
    return " ".join(said) or "Spending is known for every source and year."


def costs(frame: pd.DataFrame) -> pd.DataFrame:
    """`cost_per_person_reached` with the dollars a person, missing where they cannot be told."""
    told = (
        frame["complete"].astype(bool)
        & (frame["sources_spent_unknown"] == 0)
        & (frame["reached"] > 0)
        & frame["spent"].notna()
    )
    each = frame["spent"].where(told) / frame["reached"].where(told).astype("float64")
    return frame.assign(per_person=each)


def latest_cost(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """A line a city on the last fiscal year that is over, and on the one that is not."""
    said = []
    for city, name in cities.items():
        own = frame[frame["city"] == city].sort_values("fiscal_year")
        over = own["complete"].astype(bool)
        for row in pd.concat([own[over].tail(1), own[~over].tail(1)]).itertuples():
            words = reach.describe_cost(
                row.spent, int(row.reached), int(row.sources_spent_unknown), bool(row.complete)
            )
            year = f"fiscal year {row.fiscal_year}{'' if row.complete else ' so far'}"
            sentence = f"{name}, {year}: {words[0].lower()}{words[1:]}"
            if row.attendance_unknown:
                invited = wording.counted(row.attendance_unknown, "invitation")
                sentence += f" Attendance unknown for {invited}, not counted as reached."
            said.append(sentence)
    return said


def cost_title(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """The finding. `frame`: as `costs` gives it."""
    known = frame[frame["per_person"].notna()]
    if known.empty:
        return "Nothing can be said per person reached"
    year = int(known["fiscal_year"].max())
    own = known[known["fiscal_year"] == year].set_index("city")
    said = [
        f"{name} {dollars(own.loc[city, 'per_person'])}"
        for city, name in cities.items()
        if city in own.index
    ]
    return f"Spent for each person reached, fiscal year {year}: {wording.listed(said)}"


PUBLISHED = "state_budget_expansion_dollars"  # how the published facts call the state's money


def published(frame: pd.DataFrame) -> list[str]:
    """What others wrote about the money. `frame`: `published_counts` of one kind in dollars."""
    return [
        f"Published, not from this release: {dollars(row.value)}, {row.place}, {int(row.year)}: "
        f"{row.note} ({row.definition}). Source: {citations.name_source(row.source_url)}."
        for row in frame.itertuples()
    ]


def dollars(amount: float) -> str:
    """Whole dollars: $268,161."""
    return f"${wording.number(round(amount))}"


REVIEWS = ("overdue", "due", "no_day")


def reviews_title(frame: pd.DataFrame, days: int) -> str:
    """The finding. `frame`: `lists_due_by_city`; `days`: how far ahead."""
    overdue, due, no_day = (int(frame[name].sum()) for name in REVIEWS)
    if not overdue + due + no_day:
        return f"No listing is overdue or due for review within {days} days"
    listings = wording.counted(overdue, "listing is", "listings are")
    said = f"{listings} overdue for review, {wording.number(due)} more due within {days} days"
    return f"{said}; {wording.number(no_day)} without a day of review" if no_day else said


WHAT_TO_DO = (
    "What to do: review each listing by 28 CFR 23. Where the reason to list stands, set a new day "
    "of review within five years (review_by); where it does not, take the person off "
    "(delisted_on), in the people extract. Then publish again."
)
