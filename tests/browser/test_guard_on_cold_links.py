"""A link opened cold goes through the guard, however the application is served."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from longevity.screen.navigation import SCREENS, Screen
from longevity.settings import Settings
from tests.browser.conftest import Server, serving

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.file)
def test_a_cold_link_opens_the_screen_whole_and_fetches_nothing_from_outside(
    visit: Callable[..., Page], server: Server, screen: Screen
) -> None:
    asked: list[str] = []
    page = visit(
        f"/{screen.file}",
        watch=lambda page: page.on("request", lambda request: asked.append(request.url)),
    )
    assert page.locator("h1").inner_text() == screen.title
    for one in SCREENS:
        page.locator(".st-key-navigation").get_by_text(one.title).wait_for()
    assert "SYNTHETIC" in page.get_by_test_id("stAlert").first.inner_text()
    ours = (server.address, server.address.replace("http", "ws"), "data:", "blob:")
    assert any(url.startswith(server.address) for url in asked)
    assert not [url for url in asked if not url.startswith(ours)]


def test_the_first_visitor_of_a_bare_streamlit_is_sent_through_the_front_door(
    published: Settings, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    # Streamlit itself would run this page without app.py for the first visitor.
    command = ["-m", "streamlit", "run", "app.py", "--server.port", "{port}"]
    with serving(published.home, tmp_path / "log", command=command) as bare:
        page = visit("/neighbourhoods", at=bare)
        page.locator(".st-key-navigation").get_by_text("State briefing").wait_for()
        assert "SYNTHETIC" in page.get_by_test_id("stAlert").first.inner_text()
