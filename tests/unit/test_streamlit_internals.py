"""What Streamlit promises to nobody is where we expect it, and nowhere else in the library."""

from __future__ import annotations

import re

from streamlit.runtime.pages_manager import PagesManager

from longevity.settings import ROOT
from longevity.ui import streamlit_internals

PUBLIC = r"\.errors\b"
PRIVATE = re.compile(
    rf"^\s*from streamlit(?:(?!{PUBLIC})\.| import \w*(?:runtime|config|file_util))", re.MULTILINE
)


def test_one_file_alone_imports_what_is_private():
    found = {
        path.name
        for path in [*(ROOT / "longevity").rglob("*.py"), *(ROOT / "pages").glob("*.py")]
        if PRIVATE.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"streamlit_internals.py"}


def test_pages_run_through_the_front_door():
    streamlit_internals.ignore_pages_folder()
    assert PagesManager.uses_pages_directory is False


def test_outside_of_a_server_nothing_is_open_or_there():
    assert streamlit_internals.read_session_id() == ""
    assert not streamlit_internals.is_open("any")
    assert streamlit_internals.read_made_file("any.csv") is None
    assert "<script" in streamlit_internals.read_index_page()
