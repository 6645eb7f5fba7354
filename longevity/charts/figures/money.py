"""Charts of money: what was spent of what was allocated, and per person reached."""

from __future__ import annotations

import pandas as pd

from longevity.charts.chart import Chart, Drawing
from longevity.charts.figures.panels import build_panels, note_one_scale
from longevity.charts.frames import list_numbers
from longevity.charts.spec import Axis, Panel, Plot, Series


def draw_spending(years: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw spending by fiscal year as bars, each in an outline of what was allocated.

    `years`: as `screens.money.sum_by_fiscal_year` gives it; a panel a city.
    """
    panels = build_panels(years, drawing, lambda rows, _name, colour: _draw_city(rows, colour))
    return Chart(
        name="money-allocated-and-spent",
        title=title,
        subtitle="Dollars by fiscal year, named by the year it ends in"
        f"{note_one_scale(panels)}{_explain_marks(years)}.",
        spec=Plot(
            panels,
            x=_find_fiscal_years(years),
            y=Axis(before="$", form="~s", hover=",.0f", most_ticks=3),
            keyed=True,
        ),
        drawing=drawing,
        alt=f"Bars by fiscal year. {title}.",
        table=years,
    )


def _draw_city(rows: pd.DataFrame, colour: str) -> tuple[Series, ...]:
    """Return bars of what is known to be spent, outlines of what there was, and the unknown."""
    spending, allocations = rows[rows["spent"].notna()], rows[rows["allocated"].notna()]
    missing = rows[rows["spent"].isna()]
    return (
        Series(
            "spent",
            "bar",
            spending["fiscal_year"].tolist(),
            list_numbers(spending["spent"]),
            colour,
            # The year is not over, or part of its spending is unknown.
            hatched=[not row.over or bool(row.spent_unknown) for row in spending.itertuples()],
            hover="${y} spent",
        ),
        Series(
            "allocated",
            "outline",
            allocations["fiscal_year"].tolist(),
            list_numbers(allocations["allocated"]),
            hover="${y} allocated",
        ),
        # Missing is not nought.
        Series(
            "unknown",
            "words",
            missing["fiscal_year"].tolist(),
            [0.0] * len(missing),
            "done:unknown",
            labels=["<b>?</b>"] * len(missing),
            hover="spending unknown",
            keyed=False,
        ),
    )


def _find_fiscal_years(years: pd.DataFrame) -> Axis:
    return Axis(form="d", step=2, first=int(years["fiscal_year"].max()) if len(years) else 0)


def _explain_marks(years: pd.DataFrame) -> str:
    """Return what the marks of this picture that are no usual bar say."""
    part = years["spent"].notna() & (~years["over"].astype(bool) | (years["spent_unknown"] > 0))
    note = "; hatched: the year is not over, or part of its spending is unknown"
    return (note if part.any() else "") + (
        "; a question mark: spending unknown" if years["spent"].isna().any() else ""
    )


def draw_cost_per_person(costs: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw dollars spent for each person reached, a line a city, with gaps where it is not known.

    `costs`: as `screens.money.add_cost_per_person` gives it.
    """
    lines = [
        Series(
            drawing.cities[city],
            "line",
            rows["fiscal_year"].tolist(),
            list_numbers(rows["per_person"]),
            drawing.name_colour(city),
            hover="${y} for each of {0} people reached",
            details=rows["reached"].tolist(),
            markers=True,
        )
        for city, rows in drawing.split_by_city(costs)
    ]
    return Chart(
        name="spent-per-person-reached",
        title=title,
        subtitle="Dollars spent ÷ people who came to a call-in or were warned directly, once a "
        "fiscal year each. A year that is not over, or not all known, has no point.",
        spec=Plot(
            (Panel(tuple(lines)),),
            x=_find_fiscal_years(costs),
            y=Axis(before="$", form=",.0f", hover=",.0f", most_ticks=5),
            tall=240,
            keyed=True,
        ),
        drawing=drawing,
        alt=f"Lines by fiscal year. {title}.",
        table=costs,
    )
