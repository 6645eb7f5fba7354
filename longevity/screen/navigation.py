"""The screens there are, in their groups, in the order they are offered."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from longevity.screen import guard


@dataclass(frozen=True)
class Screen:
    """One file in pages/."""

    file: str
    title: str
    group: str
    icon: str


SCREENS = (
    Screen("state_briefing", "State briefing", "Brief", ":material/summarize:"),
    Screen("neighbourhoods", "Neighbourhoods", "Explore", ":material/map:"),
    Screen("sources_and_checks", "Sources and checks", "Data", ":material/fact_check:"),
)


def choose() -> StreamlitPage:
    """Draw the navigation and return the screen asked for."""
    guard.arrive()
    groups: dict[str, list[StreamlitPage]] = {}
    for place, screen in enumerate(SCREENS):
        page = st.Page(
            f"pages/{screen.file}.py",
            title=screen.title,
            icon=screen.icon,
            default=place == 0,
        )
        groups.setdefault(screen.group, []).append(page)
    return st.navigation(groups, expanded=True)
