"""Charts of money: what was spent of what was allocated, and per person reached."""

from __future__ import annotations

from typing import Any

import pandas as pd

from longevity.charts.chart import Chart, Drawing, hand_drawn
from longevity.charts.figures import panels
from longevity.charts.theme import (
    CITY_DASHES,
    CITY_SYMBOLS,
    DONE_COLOURS,
    MARK_ROOM,
    city_colour,
    layout,
)
from longevity.text import budget_and_reviews, coming_home


def spent(years: pd.DataFrame, drawing: Drawing) -> Chart:
    """Spending by fiscal year as bars, each in an outline of what was allocated, a panel a city.

    `years`: as `measures.stewardship.years` gives it.
    """
    cities = [city for city in drawing.cities if city in set(years["city"])]
    most = max(1.0, float(years[["allocated", "spent"]].max().max() or 0))
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    notes = drawing.marks()
    for place, city, top, axis, name in panels.places(cities):
        own = years[years["city"] == city]
        traces += [
            _spent(own, drawing, axis, place == 0),
            _allocated(own, drawing, axis, place == 0),
            _unknown(own, drawing, axis),
        ]
        axes[name] = panels.scale(
            drawing, top, len(cities), most, tickprefix="$", tickformat="~s", nticks=3
        )
        notes.append(panels.heading(city, top, drawing))
    height = panels.PANEL * max(1, len(cities))
    return hand_drawn(
        drawing=drawing,
        name="money-allocated-and-spent",
        title=budget_and_reviews.write_money_title(years, drawing.cities),
        subtitle="Dollars by fiscal year, named by the year it ends in"
        f"{panels.alike(cities)}.{_explained(years)}",
        figure={
            "data": [trace for trace in traces if trace["x"] or trace["showlegend"]],
            "layout": layout(
                drawing.theme,
                height + MARK_ROOM + panels.LEGEND,
                annotations=notes,
                barmode="overlay",
                bargap=0.3,
                showlegend=True,
                legend=panels.below(height, 30),
                xaxis={
                    "anchor": "y" if len(cities) <= 1 else f"y{len(cities)}",
                    "dtick": 2,
                    "tick0": int(years["fiscal_year"].max()) if len(years) else 0,
                },
                margin={"l": 8, "r": 8, "t": MARK_ROOM, "b": panels.LEGEND},
                **axes,
            ),
        },
        alt=f"Bars by fiscal year. {budget_and_reviews.write_money_title(years, drawing.cities)}. "
        f"{budget_and_reviews.write_money_notes(years, drawing.cities)}",
        table=years,
    )


def _explained(years: pd.DataFrame) -> str:
    """What the marks of this picture that are no usual bar say."""
    part = years["spent"].notna() & (~years["over"].astype(bool) | (years["spent_unknown"] > 0))
    said = " Hatched: the year is not over, or part of its spending is unknown."
    return (said if part.any() else "") + (
        " A question mark: spending unknown." if years["spent"].isna().any() else ""
    )


def _spent(own: pd.DataFrame, drawing: Drawing, axis: str, in_legend: bool) -> dict[str, Any]:
    """Bars of what is known to be spent, hatched while the year runs or part is unknown."""
    known = own[own["spent"].notna()]
    whole = [bool(row.over) and not row.spent_unknown for row in known.itertuples()]
    return {
        "type": "bar",
        "x": known["fiscal_year"].tolist(),
        "y": known["spent"].tolist(),
        "yaxis": axis,
        "name": "spent",
        "legendgroup": "spent",
        "showlegend": in_legend,
        "marker": {
            "color": _colour(own, drawing),
            "pattern": {
                "shape": ["" if each else "/" for each in whole],
                "fillmode": "overlay",
                "fgcolor": drawing.theme.ground,
                "size": 6,
                "solidity": 0.5,
            },
        },
        "hovertemplate": "%{x}: $%{y:,.0f} spent" + _extra(own, drawing),
    }


def _allocated(own: pd.DataFrame, drawing: Drawing, axis: str, in_legend: bool) -> dict[str, Any]:
    """An outline around each bar: what there was to spend."""
    given = own[own["allocated"].notna()]
    return {
        "type": "bar",
        "x": given["fiscal_year"].tolist(),
        "y": given["allocated"].tolist(),
        "yaxis": axis,
        "name": "allocated",
        "legendgroup": "allocated",
        "showlegend": in_legend,
        "marker": {
            "color": "rgba(0,0,0,0)",
            "line": {"color": drawing.theme.ink, "width": 1.5},
        },
        "hovertemplate": "%{x}: $%{y:,.0f} allocated" + _extra(own, drawing),
    }


def _unknown(own: pd.DataFrame, drawing: Drawing, axis: str) -> dict[str, Any]:
    """A question mark where nothing is known of a year's spending: missing is not nought."""
    lost = own[own["spent"].isna()]
    return {
        "type": "scatter",
        "mode": "text",
        "x": lost["fiscal_year"].tolist(),
        "y": [0.0] * len(lost),
        "yaxis": axis,
        "text": ["<b>?</b>"] * len(lost),
        "textposition": "top center",
        "textfont": {"size": 16, "color": DONE_COLOURS[drawing.theme.name]["unknown"]},
        "showlegend": False,
        "hovertemplate": "%{x}: spending unknown" + _extra(own, drawing),
    }


def _colour(own: pd.DataFrame, drawing: Drawing) -> str:
    return city_colour(drawing.theme, drawing.position(own["city"].iloc[0]))


def _extra(own: pd.DataFrame, drawing: Drawing) -> str:
    return (
        f"<extra>{drawing.cities[own['city'].iloc[0]]}</extra>" if len(own) else "<extra></extra>"
    )


def per_person(costs: pd.DataFrame, drawing: Drawing) -> Chart:
    """Dollars spent for each person reached, a line a city, with gaps where it cannot be told.

    `costs`: as `measures.stewardship.costs` gives it.
    """
    traces = []
    for city, own in coming_home.split_by_city(costs, drawing.cities):
        place = drawing.position(city)
        colour = city_colour(drawing.theme, place)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": own["fiscal_year"].tolist(),
                "y": [None if pd.isna(each) else float(each) for each in own["per_person"]],
                "connectgaps": False,
                "name": drawing.cities[city],
                "line": {"color": colour, "width": 2.5, "dash": CITY_DASHES[place % 6]},
                "marker": {"size": 8, "symbol": CITY_SYMBOLS[place % 6]},
                "customdata": own["reached"].tolist(),
                "hovertemplate": "%{x}: $%{y:,.0f} for each of %{customdata} people reached"
                f"<extra>{drawing.cities[city]}</extra>",
            }
        )
    title = budget_and_reviews.write_cost_title(costs, drawing.cities)
    return hand_drawn(
        drawing=drawing,
        name="spent-per-person-reached",
        title=title,
        subtitle="Dollars spent ÷ people who came to a call-in or were told directly, each once a "
        "fiscal year. Years that are not over or whose spending is not all known have no point.",
        figure={
            "data": traces,
            "layout": layout(
                drawing.theme,
                340,
                annotations=drawing.marks(),
                showlegend=True,
                legend=panels.below(240, 30),
                xaxis={
                    "dtick": 2,
                    "tick0": int(costs["fiscal_year"].max()) if len(costs) else 0,
                },
                yaxis={"tickprefix": "$", "tickformat": ",.0f", "nticks": 5},
                margin={"l": 8, "r": 8, "t": MARK_ROOM, "b": 68},
            ),
        },
        alt=f"Lines by fiscal year. {title}.",
        table=costs,
    )
