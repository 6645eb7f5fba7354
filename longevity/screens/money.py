"""The program's money: what it was given, what it spent, and what that bought.

Unknown spending is never zero. A cost per person is given only where all spending of a year is
known and the year is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from longevity.facts import windows
from longevity.screens.context import ReportContext
from longevity.screens.report import Tile
from longevity.warehouse.warehouse import Answer

PUBLISHED_METRIC = "state_budget_expansion_dollars"  # the state's money among published facts
CHAIN = ("spent", "invited", "came", "served", "cases")  # from money to shootings, a tile each


def sum_by_fiscal_year(budget: pd.DataFrame, first_month: int, through: date) -> pd.DataFrame:
    """Return a row for each city and fiscal year, with its money added up over the sources of it.

    `budget`: the answer of `budget_by_city`; `first_month`: of a fiscal year; `through`: the last
    day of the data. Columns: city, fiscal_year, allocated (missing if one source's is), spent (the
    known part; missing if nothing is known), sources (their number), spent_unknown (the number of
    sources without a known sum), over (whether the year is over).
    """
    years = budget.groupby(["city", "fiscal_year"], sort=False, as_index=False).agg(
        allocated=("allocated", lambda amounts: amounts.sum(skipna=False)),
        spent=("spent", lambda amounts: amounts.sum(min_count=1)),
        sources=("spent", "size"),
        spent_unknown=("spent_unknown", "sum"),
    )
    # A fiscal year is named by the year it ends in, and over once the next has begun.
    next_in = years["fiscal_year"] + int(first_month == 1)
    begins = [date(int(year), first_month, 1) for year in next_in]
    return years.assign(over=[first <= through + windows.DAY for first in begins])


def ask_fiscal_years(context: ReportContext, city: str | None) -> tuple[Answer, pd.DataFrame]:
    """Return the budget of one city, or of all (None), and its sums by fiscal year."""
    budget = context.ask("budget_by_city", city=city)
    cost = context.ask("cost_per_person_reached", city=city)
    month, through = cost.provenance.parameters["fiscal_month"], budget.provenance.data_through
    return budget, sum_by_fiscal_year(budget.frame, month, through or context.today)


def write_money_title(context: ReportContext, years: pd.DataFrame) -> str:
    """Return a title: what each city spent of what it had, in the newest year fully known.

    `years`: of `sum_by_fiscal_year`.
    """
    known = years["over"] & (years["spent_unknown"] == 0) & years["allocated"].notna()
    return _write_newest_title(context, "money", years[known])


def write_cost_title(context: ReportContext, costs: pd.DataFrame) -> str:
    """Return a title: what reaching a person cost each city. `costs`: of `add_cost_per_person`."""
    return _write_newest_title(context, "cost", costs[costs["per_person"].notna()])


def _write_newest_title(context: ReportContext, measure: str, known: pd.DataFrame) -> str:
    """Return a measure's title for the newest fiscal year among the rows that are `known`."""
    if known.empty:
        return context.say(f"{measure}.title_unknown")
    year = known["fiscal_year"].max()
    newest = known[known["fiscal_year"] == year]
    cities = context.say_rows(f"{measure}.city", newest)
    return context.say(f"{measure}.title", cities=cities, year=year)


def add_cost_per_person(costs: pd.DataFrame) -> pd.DataFrame:
    """Return `costs` with `per_person`, dollars for each person reached; missing if not known.

    `costs`: the answer of `cost_per_person_reached`.
    """
    is_known = (
        costs["complete"].astype(bool)
        & (costs["sources_spent_unknown"] == 0)
        & (costs["reached"] > 0)
        & costs["spent"].notna()
    )
    reached = costs["reached"].where(is_known).astype("float64")
    return costs.assign(per_person=costs["spent"].where(is_known) / reached)


def find_newest_year(costs: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows of the newest fiscal year in which every city's cost per person is known.

    Only cities that supplied spending count. `costs`: the answer of `cost_per_person_reached`. No
    rows where there is no such year.
    """
    supplied = find_supplied(costs) & set(cities)
    known = add_cost_per_person(costs)
    known = known[known["per_person"].notna() & known["city"].isin(supplied)]
    counts = known.groupby("fiscal_year")["city"].nunique()
    years = counts.index[counts == len(supplied)]
    return known[known["fiscal_year"] == years.max()] if len(years) else known.head(0)


def find_supplied(costs: pd.DataFrame) -> set[str]:
    """Return the cities of which the spending of some year is known."""
    return set(costs.loc[costs["spent"].notna(), "city"])


def follow_money(
    context: ReportContext, year: pd.DataFrame
) -> tuple[tuple[Tile, ...], tuple[Answer, ...]]:
    """Return tiles for one fiscal year, from money to shootings, and the answers they are made of.

    Spent, invited, came, in a service, cases by warned groups, all of the same cities and days. A
    tile whose data not all of these cities supplied is left out. `year`: of `find_newest_year`.
    """
    if year.empty:
        return (), ()
    first, last = year["first_day"].min().date(), year["last_day"].max().date()
    of = {"city": context.viewer.city, "since": first, "as_of": last}
    funnel, promises = context.ask("call_in_funnel", **of), context.ask("promises", **of)
    in_cities = f"city in {[*year['city']]}"
    free = funnel.frame.query(f"{in_cities} and route != 'in_custody'")
    cases = promises.frame.query(f"{in_cities} and window_days == 30")
    facts = {
        "spent": float(year["spent"].sum()),
        "reached": year["reached"].sum(),
        "cases": cases["episodes"].sum(),
    }
    # A file of who shot that holds a part of the year would give part of the cases as all.
    is_whole = not any(
        context.find_end(city, last, "incident_groups")
        or (context.find_first_day(city, "incident_groups") or first) > first
        for city in year["city"]
    )
    needed = {
        "served": free["intake_30"].notna().all(),
        "cases": is_whole and len(cases) == len(year),
    }
    say = context.say
    tiles = tuple(
        Tile(
            say(f"money_bought.{link}_label"),
            say(f"money_bought.{link}", free, facts),
            base=say(f"money_bought.{link}_base", free, facts),
        )
        for link in CHAIN
        if needed.get(link, True)
    )
    return tiles, (funnel, promises)
