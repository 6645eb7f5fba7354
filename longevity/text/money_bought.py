"""What the money bought, in a sentence and a small table: spent, reached, for each person."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from longevity.text import wording
from longevity.text.budget_and_reviews import add_cost_per_person, format_dollars


def newest_year(cost: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Return the newest fiscal year for which every city's cost is known, a row a city.

    `cost`: cost_per_person_reached. Empty where there is none; with one city, its own.
    """
    known = add_cost_per_person(cost[cost["complete"].astype(bool)])
    known = known[known["per_person"].notna() & known["city"].isin(list(cities))]
    of_all = known.groupby("fiscal_year")["city"].nunique()
    years = of_all.index[of_all == len(cities)]
    return known[known["fiscal_year"] == years.max()] if len(years) else known.head(0)


def describe_spending(cost: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """Return what the newest year's money reached, all cities together; "" where not known."""
    year = newest_year(cost, cities)
    if year.empty:
        return ""
    spent, reached = float(year["spent"].sum()), int(year["reached"].sum())
    unknown = int(year["attendance_unknown"].sum())
    besides = (
        f" Attendance is unknown for {wording.count_noun(unknown, 'invitation')}, not counted."
        if unknown
        else ""
    )
    return (
        f"Fiscal year {int(year['fiscal_year'].iloc[0])}: {format_dollars(spent)} spent, "
        f"{wording.format_number(reached)} people reached, {format_dollars(spent / reached)} "
        f"each.{besides}"
    )


def spending_table(cost: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Return the same by city: spent, people reached, dollars for each."""
    year = newest_year(cost, cities)
    rows = [
        {
            "City": cities[row.city],
            "Spent": format_dollars(row.spent),
            "Reached": int(row.reached),
            "Each": format_dollars(row.per_person),
        }
        for row in year.itertuples()
    ]
    return pd.DataFrame(rows, columns=["City", "Spent", "Reached", "Each"])
