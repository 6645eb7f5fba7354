"""The filters in the row over a screen. What is chosen is in the link, and kept between screens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd
import streamlit as st

from longevity.facts.counted import MEASURES
from longevity.stats.periods import Period
from longevity.ui import url_state
from longevity.ui.page_context import BAR, FILTERS, PageContext
from longevity.words import dates

ALL, CITY = "all", "city"
AREA = "area"
POINTS = "points"


def choose_city(cities: dict[str, str]) -> str | None:
    """Ask for one of these cities; None for all of them. One city alone is that city."""
    together = {ALL: "All cities"} if len(cities) > 1 else {}
    choice = choose_option("City", CITY, together | cities)
    if choice == ALL:
        return None
    if together:
        with BAR.get():
            words = f"{cities[choice]} only: show all {len(cities)} cities"
            st.button(words, key="show-all-cities", type="tertiary", on_click=_show_all_cities)
    return choice


def _show_all_cities() -> None:
    st.session_state[CITY] = ALL


def choose_week(endings: list[date]) -> date:
    """Ask for a week, by its last day; the first of `endings` unless another is chosen."""
    names = {day.isoformat(): f"to {dates.format_short(day)}" for day in endings}
    return date.fromisoformat(choose_option("Week", "week", names))


def choose_measure(context: PageContext, city: str | None = None) -> str:
    """Ask for a measure, of those that are known of a city, or of any (None)."""
    names = {name: MEASURES[name].capitalize() for name in context.list_measures(city)}
    return choose_option("What is counted", "measure", names)


def choose_period(context: PageContext, city: str | None) -> Period:
    """Ask for a period, such as "ytd"; the period "all days" begins where the city's data do."""
    names = {key: period.name for key, period in context.list_periods(city).items()}
    key = choose_option("Period", "period", names)
    return context.find_period(key, city)


def choose_area(context: PageContext, areas: pd.DataFrame) -> str:
    """Ask for a neighbourhood to open: "hartford/Frog Hollow", or "" for none.

    It is chosen in the select box or by a click on a map. `areas`: those that can be opened, as
    city, neighbourhood.
    """
    names = {"": "No area opened"} | {
        f"{row.city}/{row.neighbourhood}": f"{row.neighbourhood}, {context.cities[row.city]}"
        for row in areas.itertuples()
    }
    return choose_option("Neighbourhood", AREA, names)


def choose_points(context: PageContext) -> bool:
    """Ask whether shootings are shown as points, by block; False for those who may not see them."""
    if context.viewer.named_scope is None:
        return False
    names = {"hide": "Points hidden", "show": "Points shown"}
    return choose_option("Points", POINTS, names) == "show"


def follow_click(key: str, city: str) -> None:
    """Open the area that was clicked on the map with this key, by choosing it in its filter.

    A click on a shooting's point opens the area around it. A second click on the same place comes
    without points, and changes nothing.
    """
    for clicked in st.session_state[key]["selection"]["points"][:1]:
        if clicked.get("customdata"):
            st.session_state[AREA] = f"{city}/{clicked['customdata']}"


def choose_option(label: str, key: str, names: Mapping[str, str]) -> str:
    """Draw a select box in the row of filters, and return the choice; it is in the link as
    `?key=choice`.

    `names` maps each choice to its words; the first is the default and stays out of the link.
    """
    usual = next(iter(names))
    url_state.adopt_choice(label, key, usual=usual, is_offered=names.__contains__)
    # Set again, or the browser goes on showing the words it had, even where they have changed.
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
    url_state.keep_choice(key, answer, is_default=answer == usual)
    return answer
