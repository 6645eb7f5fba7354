"""The parts of Streamlit that it promises to no one, all of them here, each with its reason.

The version is pinned; tests of `unit/test_headers.py` fail where one of them moves.
"""

from __future__ import annotations

import logging
from pathlib import Path

from streamlit import file_util
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.mutable_popover_container import PopoverContainer
from streamlit.elements.lib.mutable_tab_container import TabContainer
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.pages_manager import PagesManager

# What `st.container`, `st.tabs` and `st.Page` return has no public name.
__all__ = ["DeltaGenerator", "PopoverContainer", "StreamlitPage", "TabContainer"]

NO_RUN = "streamlit.runtime.scriptrunner_utils.script_run_context"


def ignore_pages_folder() -> None:
    """Have no page run without app.py: Streamlit takes a folder pages/ for its older kind of app.

    No option says so; `st.navigation` does, once it has run.
    """
    PagesManager.uses_pages_directory = False


def silence_computing_without_visitor() -> None:
    """Have nothing said of what is computed before the first visitor comes."""
    logging.getLogger(NO_RUN).setLevel(logging.ERROR)


def list_loggers() -> list[str]:
    """List the loggers of what is loaded, each of which Streamlit gives a handler of its own."""
    return [name for name in logging.root.manager.loggerDict if name.startswith("streamlit")]


def read_index_page() -> str:
    """Read the page every visitor is sent first: a script is written in it, known by its hash."""
    return (Path(file_util.get_static_dir()) / "index.html").read_text("utf-8")
