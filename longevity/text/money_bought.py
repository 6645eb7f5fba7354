"""What the money bought, in three figures: spent, reached, for each person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from longevity.text import wording
from longevity.text.budget_and_reviews import add_cost_per_person, format_dollars


def newest_year(cost: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Return the newest fiscal year for which the cost of every city that supplied any is known.

    `cost`: cost_per_person_reached. Returns a row a city; empty where there is no such year.
    """
    supplied = _find_supplied(cost) & set(cities)
    with_cost = add_cost_per_person(cost[cost["complete"].astype(bool)])
    with_cost = with_cost[with_cost["per_person"].notna() & with_cost["city"].isin(supplied)]
    of_all = with_cost.groupby("fiscal_year")["city"].nunique()
    years = of_all.index[of_all == len(supplied)]
    return with_cost[with_cost["fiscal_year"] == years.max()] if len(years) else with_cost.head(0)


def _find_supplied(cost: pd.DataFrame) -> set[str]:
    """Return the cities of which the spending of some year is known."""
    return set(cost.loc[cost["spent"].notna(), "city"])


@dataclass(frozen=True)
class Spending:
    """What a fiscal year's money reached, all cities together; `spent` in dollars."""

    fiscal_year: int
    begins: date
    spent: float
    reached: int
    attendance_unknown: int

    @property
    def figures(self) -> tuple[tuple[str, str], ...]:
        """Return what was spent, how many people it reached, and dollars for each, in words."""
        each = format_dollars(self.spent / self.reached)
        return (
            ("Spent", format_dollars(self.spent)),
            ("People reached", wording.format_number(self.reached)),
            ("Per person", each),
        )

    @property
    def unknown(self) -> str:
        """Say for how many attendance is unknown; "" where it is known of all."""
        if not self.attendance_unknown:
            return ""
        many = wording.count_noun(self.attendance_unknown, "invitation")
        return f"Attendance is unknown for {many}, not counted."


def sum_spending(cost: pd.DataFrame, cities: Mapping[str, str]) -> Spending | None:
    """Add up the newest year whose money and people are known; None where there is none."""
    year = newest_year(cost, cities)
    if year.empty:
        return None
    return Spending(
        int(year["fiscal_year"].iloc[0]),
        year["first_day"].min().date(),
        float(year["spent"].sum()),
        int(year["reached"].sum()),
        int(year["attendance_unknown"].sum()),
    )


def name_left_out(cost: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """Name the cities that are not in the figures as they supplied nothing; "" without any."""
    names = [name for city, name in cities.items() if city not in _find_supplied(cost)]
    return f"Not supplied, and not in these figures: {wording.join_words(names)}." if names else ""


def list_published(facts: pd.DataFrame) -> list[tuple[str, str]]:
    """Return what others published as figures: the year, and the dollars.

    `facts`: `published_counts` of what the state gave.
    """
    return [
        (f"From the state, {int(row.year)}", format_dollars(row.value))
        for row in facts.itertuples()
    ]
