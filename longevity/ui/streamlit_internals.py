"""The parts of Streamlit that it promises to nobody, all of them here, each with its reason.

The version is pinned; tests of `unit/test_headers.py` fail where one of them moves.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from streamlit import file_util, runtime
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.mutable_tab_container import TabContainer
from streamlit.navigation.page import StreamlitPage
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx

# What `st.container`, `st.tabs` and `st.Page` return has no public name.
__all__ = ["BackMsg", "DeltaGenerator", "StreamlitPage", "TabContainer"]

# The logger that says of each thing computed outside a run that no visitor is there.
NO_RUN = "streamlit.runtime.scriptrunner_utils.script_run_context"
# The logger that says, with a traceback, that a file was not made.
NOT_MADE = "streamlit.runtime.backend_operation_handler"
# The logger that says, with a traceback, that a connection was closed while something was sent.
CONNECTION = "streamlit.web.server.starlette.starlette_websocket"


def ignore_pages_folder() -> None:
    """Have no page run without app.py: Streamlit takes a folder pages/ for its older kind of app.

    No option says so; `st.navigation` does, once it has run.
    """
    PagesManager.uses_pages_directory = False


def read_session_id() -> str:
    """Read the id of the session whose page runs; "" outside of one."""
    context = get_script_run_ctx(suppress_warning=True)
    return "" if context is None else context.session_id


def is_open(session_id: str) -> bool:
    """Return whether the page of a session is open: for no other is a file made or taken in."""
    return runtime.exists() and runtime.get_instance().is_active_session(session_id)


def read_made_file(name: str) -> bytes | None:
    """Read a file that was made for a visitor, by the name in its address; None without one.

    Streamlit gives it to whoever knows the address, so that it is asked here first.
    """
    file = runtime.get_instance().media_file_mgr.read_file(name) if runtime.exists() else None
    return None if file is None else file.content


def drop_upload(session_id: str, file_id: str) -> None:
    """Forget a file that was handed in, which Streamlit else keeps while its session lasts."""
    if runtime.exists():
        manager: Any = runtime.get_instance().uploaded_file_mgr
        manager.remove_file(session_id, file_id)


def read_index_page() -> str:
    """Read the page every visitor is sent first: a script is written in it, known by its hash."""
    return (Path(file_util.get_static_dir()) / "index.html").read_text("utf-8")
