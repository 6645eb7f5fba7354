"""All screens, in groups and in order, and the navigation in the sidebar."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

import streamlit as st

from longevity.ui import page_context, url_state
from longevity.ui.streamlit_internals import StreamlitPage


@dataclass(frozen=True)
class Screen:
    """One file in pages/."""

    file: str
    title: str
    group: str
    icon: str
    operational: bool = False  # names groups or people by code: not for the public
    public_form: bool = False  # the public sees a short form instead, made of public tables


SCREENS = (
    Screen("briefing", "Briefing", "Overview", ":material/summarize:"),
    Screen("this_week", "This week", "Overview", ":material/event_note:", operational=True),
    Screen("map", "Map", "Violence", ":material/map:"),
    Screen("compare_cities", "Compare cities", "Violence", ":material/balance:"),
    Screen("evidence", "Evidence", "Violence", ":material/query_stats:"),
    Screen(
        "call_ins", "Call-ins", "Program", ":material/groups:", operational=True, public_form=True
    ),
    Screen(
        "follow_up",
        "Follow-up",
        "Program",
        ":material/handshake:",
        operational=True,
        public_form=True,
    ),
    Screen("support", "Support", "Program", ":material/home:", operational=True),
    Screen("press_desk", "Press desk", "Publish", ":material/ios_share:"),
    Screen("claim_check", "Claim check", "Publish", ":material/rule:"),
    Screen("sources", "Sources", "Data", ":material/fact_check:"),
)


LOCK = ":material/lock:"
SIDEBAR_WIDTH = 220  # pixels


def choose_screen() -> StreamlitPage:
    """Draw the navigation, and return the page that the visitor asked for.

    The links are drawn here and not by Streamlit, whose grouped list is not valid for screen
    readers. A screen that this viewer may not open has a lock; the screen itself says why.
    """
    st.set_page_config(layout="wide", initial_sidebar_state=SIDEBAR_WIDTH)
    is_public = page_context.find_expected_viewer().named_scope is None
    pages = {
        screen: st.Page(f"pages/{screen.file}.py", title=screen.title, default=place == 0)
        for place, screen in enumerate(SCREENS)
    }
    chosen = st.navigation([*pages.values()], position="hidden")
    url_state.begin_run(chosen.url_path)
    with st.sidebar, st.container(key="navigation", gap="small"):
        for group, screens in groupby(SCREENS, attrgetter("group")):
            st.markdown(f"**{group}**")
            for screen in screens:
                is_shut = is_public and screen.operational and not screen.public_form
                # As an icon of `st.Page` it would be fetched from another site for the browser tab.
                st.page_link(pages[screen], icon=LOCK if is_shut else screen.icon)
        st.divider()
    return chosen
