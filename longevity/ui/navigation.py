"""The navigation in the sidebar: all screens, in groups and in order."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

import streamlit as st

from longevity.ui import page_context, url_state
from longevity.ui.screens import SCREENS
from longevity.ui.streamlit_internals import StreamlitPage

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
        screen.name: st.Page(f"pages/{screen.name}.py", title=screen.title, default=place == 0)
        for place, screen in enumerate(SCREENS)
    }
    chosen = st.navigation([*pages.values()], position="hidden")
    url_state.begin_run(chosen.url_path)
    with st.sidebar, st.container(key="navigation", gap="small"):
        for group, screens in groupby(SCREENS, attrgetter("group")):
            st.markdown(f"**{group}**")
            for screen in screens:
                is_shut = is_public and screen.inside and screen.public is None
                # As an icon of `st.Page` it would be fetched from another site for the browser tab.
                st.page_link(pages[screen.name], icon=LOCK if is_shut else screen.icon)
        st.divider()
    return chosen
