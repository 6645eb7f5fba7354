"""Filters: in a row over the screen, kept in the link, the same on every screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd
import streamlit as st

from longevity.measures import wording
from longevity.measures.nouns import MEASURES
from longevity.stats.periods import Period
from longevity.ui import url_state
from longevity.ui.page_context import FILTERS, PageContext

ALL = "all"
AREA = "area"
POINTS = "points"


def choose_city(cities: dict[str, str]) -> str | None:
    """Ask for one of these cities; None for all of them. One city alone is that city."""
    together = {ALL: "All cities"} if len(cities) > 1 else {}
    choice = choose_option("City", "city", together | cities)
    return None if choice == ALL else choice


def choose_week(endings: list[date]) -> date:
    """Ask for a week, by its last day; the first of `endings` unless another is chosen."""
    names = {day.isoformat(): f"to {wording.format_day(day)}" for day in endings}
    return date.fromisoformat(choose_option("Week", "week", names))


def choose_measure(context: PageContext, city: str | None = None) -> str:
    """Ask for a measure, of those that are known of a city, or of any (None)."""
    names = {name: MEASURES[name].capitalize() for name in context.list_measures(city)}
    return choose_option("What is counted", "measure", names)


def choose_period(context: PageContext, city: str | None) -> Period:
    """Ask for a period; all of a city's days begin with its own data."""
    names = {key: period.name for key, period in context.list_periods(city).items()}
    key = choose_option("Period", "period", names)
    return context.find_period(key, city)


def choose_area(context: PageContext, areas: pd.DataFrame) -> str:
    """Ask for a neighbourhood to open, as city/name, by a click on a map or by the select box;
    "" for none.

    `areas`: city, neighbourhood, those that can be opened.
    """
    names = {"": "No area opened"} | {
        f"{row.city}/{row.neighbourhood}": f"{row.neighbourhood}, {context.cities[row.city]}"
        for row in areas.itertuples()
    }
    return choose_option("Neighbourhood", AREA, names)


def choose_points(context: PageContext) -> bool:
    """Ask whether shootings are shown as points, by block, of those only who may see them."""
    if context.viewer.named_scope is None:
        return False
    names = {"hide": "Points hidden", "show": "Points shown"}
    return choose_option("Points", POINTS, names) == "show"


def follow_click(key: str, city: str) -> None:
    """Open the area clicked on the map with this key.

    A point on it means the area it lies in; a second click on one arrives without it.
    """
    for clicked in st.session_state[key]["selection"]["points"][:1]:
        if clicked.get("customdata"):
            st.session_state[AREA] = f"{city}/{clicked['customdata']}"


def choose_option(label: str, key: str, names: Mapping[str, str]) -> str:
    """Ask in a select box of the row, whose choice lives in the URL as `?key=choice`.

    `names` maps each choice to its words; the first is the default and stays out
    of the URL.
    """
    usual = next(iter(names))
    url_state.adopt_choice(label, key, usual, names.__contains__)
    # A browser keeps the words it showed unless a value is given anew.
    st.session_state[key] = st.session_state[key]
    with FILTERS.get():
        choice = st.selectbox(
            label,
            list(names),
            format_func=lambda c: names.get(c, c),
            key=key,
            label_visibility="collapsed",
        )
    answer = choice if choice in names else usual
    url_state.keep_choice(key, answer, answer == usual)
    return answer
