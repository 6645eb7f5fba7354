"""All we use of Streamlit's internals, which may change with any version, each with its reason.

The version is pinned; tests in `unit/test_headers.py` fail where one of them changes.
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
    """Tell Streamlit not to run files in pages/ by themselves, as it does in its older kind of app.

    Every page has to come through app.py. There is no option for it; `st.navigation` sets it too,
    but only once it has run.
    """
    PagesManager.uses_pages_directory = False


def silence_computing_without_visitor() -> None:
    """Silence the warning that Streamlit logs when something is computed without a visitor."""
    logging.getLogger(NO_RUN).setLevel(logging.ERROR)


def list_loggers() -> list[str]:
    """List Streamlit's loggers; each has a handler of its own."""
    return [name for name in logging.root.manager.loggerDict if name.startswith("streamlit")]


def read_index_page() -> str:
    """Return Streamlit's index.html, which has a script in it."""
    return (Path(file_util.get_static_dir()) / "index.html").read_text("utf-8")
