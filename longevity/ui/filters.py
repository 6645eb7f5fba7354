"""The filters in the row over a screen. What is chosen is in the link, and kept between screens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from longevity.screens.choice import ALL, AREA, CITY, Choice
from longevity.ui import url_state
from longevity.ui.page_context import BAR, FILTERS, PageContext


def choose(context: PageContext, choices: Sequence[Choice]) -> dict[str, str]:
    """Draw a select box for each choice that has something to choose; return what is chosen."""
    chosen: dict[str, str] = {}
    for choice in choices:
        offered = choice.offer(context, chosen)
        if not offered:
            continue
        chosen[choice.name] = choose_option(choice.label, choice.name, offered)
        if choice.name == CITY and ALL in offered and chosen[CITY] != ALL:
            with BAR.get():
                words = f"{offered[chosen[CITY]]} only: show all {len(offered) - 1} cities"
                st.button(words, key="show-all-cities", type="tertiary", on_click=_show_all_cities)
    return chosen


def _show_all_cities() -> None:
    st.session_state[CITY] = ALL


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
    url_state.keep_choices({key: (answer, answer == usual)})
    return answer
