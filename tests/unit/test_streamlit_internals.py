"""What Streamlit promises to nobody is where we expect it, and nowhere else in the library."""

from __future__ import annotations

import re

from streamlit.runtime.pages_manager import PagesManager

from longevity.settings import ROOT
from longevity.ui import screen_help, streamlit_internals
from longevity.ui.navigation import SCREENS
from tests.drivers import screens

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


# What each screen answers, behind the ⓘ of its title


def test_the_navigation_has_every_page_and_no_other():
    assert sorted(screen.file for screen in SCREENS) == screens.pages()
    assert len({screen.title for screen in SCREENS}) == len(SCREENS)


def test_the_public_is_told_of_what_it_sees():
    assert set(screen_help.FOR_THE_PUBLIC) == {s.title for s in SCREENS if s.operational}
    assert screen_help.describe_screen("Support", public=True) == ""
    assert screen_help.describe_screen("Follow-up", public=True).startswith("How often enforcement")
