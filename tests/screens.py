"""Screens as a visitor gets them, without a browser: app.py run by Streamlit's own tester."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from longevity.screen import guard
from longevity.screen.navigation import SCREENS
from longevity.settings import ROOT, Settings
from tests import signed_in

WAIT = 30
TEXTS = (
    "title",
    "header",
    "subheader",
    "markdown",
    "caption",
    "info",
    "success",
    "warning",
    "error",
)


def visit(
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
    page: str = "state_briefing",
    viewer: str | None = None,
    dark: bool = False,
    claims: dict[str, Any] | None = None,
    **query: str,
) -> AppTest:
    """A newcomer who opens the link of one page, cold, of an application with these settings.

    Comes in through app.py; `viewer` is then chosen in the sidebar.
    With `claims` sign-in is set up and these are what it says; without any, nobody signed in.
    """
    guard._settings.clear()  # those of the test before; releases are kept open by what they are
    _as_served(monkeypatch)
    monkeypatch.setenv("LONGEVITY_HOME", str(settings.home))
    monkeypatch.setenv("LONGEVITY_CONFIG", str(settings.config_path))
    app = AppTest.from_file(ROOT / "app.py", default_timeout=WAIT)
    app.context = {"theme": "dark" if dark else "light"}
    if claims is not None:
        app.secrets = {"auth": signed_in.PROVIDER}
        app.user = claims
    app.query_params.update(query)
    if page != SCREENS[0].file:
        app.switch_page(f"pages/{page}.py")
    app.run()
    if viewer is not None:
        app.sidebar.selectbox(key=guard.VIEWER).set_value(viewer).run()
    return app


def _as_served(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run begins at app.py, as `longevity.screen.server` arranges.

    Streamlit's tester sees the folder pages/ and would run a page alone.
    """
    begun = PagesManager.__init__

    def begin(self: PagesManager, *given: Any, **named: Any) -> None:
        begun(self, *given, **named)
        PagesManager.uses_pages_directory = False

    monkeypatch.setattr(PagesManager, "__init__", begin)


def forget() -> None:
    """Drop what the process keeps between visitors: settings and open releases."""
    st.cache_resource.clear()


def sentence(app: AppTest) -> str:
    """The answer a screen opens on, as a reader sees it."""
    opening = next(m.value for m in app.markdown if m.value.startswith("#### "))
    return seen(opening.removeprefix("#### "))


def seen(markdown: str) -> str:
    """Markdown whose signs are all escaped, as it is read."""
    return re.sub(r"\\(.)", r"\1", markdown)


def texts(app: AppTest) -> list[str]:
    """Every text of the page and its sidebar, as written."""
    return [str(element.value) for kind in TEXTS for element in getattr(app, kind)]


def figures(app: AppTest) -> list[dict[str, Any]]:
    """Every figure sent to the browser."""
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def pages() -> list[str]:
    """The files in pages/."""
    return sorted(path.stem for path in (ROOT / "pages").glob("*.py"))


def open_to_all() -> list[str]:
    """The screens that show the public the same as everybody."""
    return [screen.file for screen in SCREENS if not screen.operational]


def told_to_the_public() -> list[str]:
    """The screens that have something for the public: open ones, and those with a public form."""
    return [screen.file for screen in SCREENS if not screen.operational or screen.public_form]


def path_of(page: str) -> Path:
    """The file of one page."""
    return ROOT / "pages" / f"{page}.py"
