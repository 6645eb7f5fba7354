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
from longevity.text import frames, reach, wording


def find_fiscal_year_end(fiscal_year: int, first_month: int) -> date:
    """Return the last day of a fiscal year, named by the year it ends in."""
    after = (fiscal_year + 1, 1) if first_month == 1 else (fiscal_year, first_month)
    return date(*after, 1) - timedelta(days=1)


def sum_by_fiscal_year(budget: pd.DataFrame, first_month: int, through: date) -> pd.DataFrame:
    """Add up money by city and fiscal year, a row each.

    `budget`: `budget_by_city`; `through`: the day it is complete to. Columns: city,
    fiscal_year, allocated, spent (what is known of it; missing when nothing is),
    sources, spent_unknown (sources), over (whether the year is).
    """
    names = ("city", "fiscal_year", "allocated", "spent", "spent_unknown")
    cells = (budget[name].tolist() for name in names)
    by_year: dict[tuple[str, int], list[tuple[Any, Any, Any]]] = {}
    for city, year, *money in zip(*cells, strict=True):
        by_year.setdefault((city, year), []).append(tuple(money))
    rows = []
    for (city, year), amounts in by_year.items():
        allocated, spent, unknown = zip(*amounts, strict=True)
        known_amounts = [each for each in spent if not pd.isna(each)]
        whole = not any(pd.isna(each) for each in allocated)
        rows.append(
            {
                "city": city,
                "fiscal_year": int(year),
                "allocated": sum(allocated)
                if whole
                else _choose_missing_value(budget["allocated"]),
                "spent": sum(known_amounts)
                if known_amounts
                else _choose_missing_value(budget["spent"]),
                "sources": len(amounts),
                "spent_unknown": sum(int(each) for each in unknown if not pd.isna(each)),
                "over": find_fiscal_year_end(int(year), first_month) <= through,
            }
        )
    columns = ["city", "fiscal_year", "allocated", "spent", "sources", "spent_unknown", "over"]
    return pd.DataFrame(rows, columns=columns)


def _choose_missing_value(column: pd.Series) -> Any:
    """Return what stands for a missing amount in a column of this kind."""
    return float("nan") if column.dtype == "float64" else pd.NA


def find_cities_with_budget(frame: pd.DataFrame, cities: Mapping[str, str]) -> dict[str, str]:
    """Return the cities that supplied a budget. `frame`: `sum_by_fiscal_year`."""
    return {city: name for city, name in cities.items() if city in set(frame["city"])}


def write_money_title(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """Write the finding: what each city spent of what it had, in the last year known in full."""
    known_rows = frame[frame["over"] & (frame["spent_unknown"] == 0) & frame["allocated"].notna()]
    if known_rows.empty:
        return "No fiscal year is over with all its spending known"
    year = int(known_rows["fiscal_year"].max())
    rows = known_rows[known_rows["fiscal_year"] == year].set_index("city")
    parts = [
        f"{name} {format_dollars(rows.loc[city, 'spent'])} of "
        f"{format_dollars(rows.loc[city, 'allocated'])}"
        for city, name in cities.items()
        if city in rows.index
    ]
    return f"Spent of what was allocated, fiscal year {year}: {wording.join_words(parts)}"


def write_money_notes(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """Say which years are not over, and whose spending is not known."""
    sentences = []
    running = sorted(set(frame.loc[~frame["over"].astype(bool), "fiscal_year"]))
    if running:
        sentences.append(
            f"Not over: fiscal year {wording.join_words([str(year) for year in running])}."
        )
    unknown = frame[frame["spent_unknown"] > 0]
    for year, rows in unknown.groupby("fiscal_year"):
        by_city = rows.set_index("city")
        parts = [
            f"{name} ({by_city.loc[city, 'spent_unknown']} of "
            f"{wording.count_noun(by_city.loc[city, 'sources'], 'source')})"
            for city, name in cities.items()
            if city in by_city.index
        ]
        sentences.append(
            f"Spending of fiscal year {year} is unknown for {wording.join_words(parts)}."
        )
    return " ".join(sentences) or "Spending is known for every source and year."


def add_cost_per_person(frame: pd.DataFrame) -> pd.DataFrame:
    """Return `cost_per_person_reached` with the dollars a person, missing where not known."""
    is_known = (
        frame["complete"].astype(bool)
        & (frame["sources_spent_unknown"] == 0)
        & (frame["reached"] > 0)
        & frame["spent"].notna()
    )
    each = frame["spent"].where(is_known) / frame["reached"].where(is_known).astype("float64")
    return frame.assign(per_person=each)


def describe_latest_cost(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """Write a line a city on the last fiscal year that is over, and on the one that is not."""
    sentences = []
    for name, rows in frames.split_by_city(frame.sort_values("fiscal_year"), cities):
        over = rows["complete"].astype(bool)
        for row in pd.concat([rows[over].tail(1), rows[~over].tail(1)]).itertuples():
            words = reach.describe_cost(
                row.spent, int(row.reached), int(row.sources_spent_unknown), bool(row.complete)
            )
            year = f"fiscal year {row.fiscal_year}{'' if row.complete else ' so far'}"
            sentence = f"{name}, {year}: {words[0].lower()}{words[1:]}"
            if row.attendance_unknown:
                invitations = wording.count_noun(row.attendance_unknown, "invitation")
                sentence += f" Attendance unknown for {invitations}, not counted as reached."
            sentences.append(sentence)
    return sentences


def write_cost_title(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """Write the finding. `frame`: as `add_cost_per_person` returns it."""
    known_rows = frame[frame["per_person"].notna()]
    if known_rows.empty:
        return "Nothing can be said per person reached"
    year = int(known_rows["fiscal_year"].max())
    rows = known_rows[known_rows["fiscal_year"] == year].set_index("city")
    parts = [
        f"{name} {format_dollars(rows.loc[city, 'per_person'])}"
        for city, name in cities.items()
        if city in rows.index
    ]
    return f"Spent for each person reached, fiscal year {year}: {wording.join_words(parts)}"


PUBLISHED_METRIC = (
    "state_budget_expansion_dollars"  # how the published facts call the state's money
)


def list_published_amounts(frame: pd.DataFrame) -> list[str]:
    """List what others wrote of the money. `frame`: `published_counts` of one kind in dollars."""
    return [
        f"Published, not from this release: {format_dollars(row.value)}, {row.place}, "
        f"{int(row.year)}: "
        f"{row.note} ({row.definition}). Source: {citations.name_source(row.source_url)}."
        for row in frame.itertuples()
    ]


def format_dollars(amount: float) -> str:
    """Return whole dollars: $268,161."""
    return f"${wording.format_number(round(amount))}"


REVIEWS = ("overdue", "due", "no_day")


def write_reviews_title(frame: pd.DataFrame, days: int) -> str:
    """Write the finding. `frame`: `lists_due_by_city`; `days`: how far ahead."""
    overdue, due, no_day = frames.sum_columns(frame, *REVIEWS)
    if not overdue + due + no_day:
        return f"No listing is overdue or due for review within {days} days"
    listings = wording.count_noun(overdue, "listing is", "listings are")
    title = (
        f"{listings} overdue for review, {wording.format_number(due)} more due within {days} days"
    )
    return f"{title}; {wording.format_number(no_day)} without a day of review" if no_day else title


STATUS = {"no_day": "no day of review", "overdue": "overdue", "due": "due"}


def build_listings_table(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Return `lists_due_for_review` as a list to act on, without the day it is told as of."""
    table = frames.build_list_table(frame, cities, "last_day")
    return table.assign(status=table["status"].map(STATUS))


WHAT_TO_DO = (
    "What to do: review each listing by 28 CFR 23. Where the reason to list stands, set a new day "
    "of review within five years (review_by); where it does not, take the person off "
    "(delisted_on), in the people extract. Then publish again."
)
