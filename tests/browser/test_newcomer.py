"""A newcomer by another way than the front door is sent through it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from longevity.ui.navigation import SCREENS
from tests.browser.conftest import MARK
from tests.drivers.server import serving

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)>"


def test_the_first_visitor_of_a_bare_streamlit_is_sent_through_the_front_door(
    published, tmp_path, visit
):
    # Streamlit itself would run this page without app.py for the first visitor.
    command = ["-m", "streamlit", "run", "app.py", "--server.port", "{port}"]
    with serving(published.home, tmp_path / "log", command=command) as bare:
        page = visit("/map", at=bare)
        page.locator(".st-key-navigation").get_by_text(SCREENS[0].title).wait_for()
        expect(page.get_by_text(MARK).filter(visible=True).first).to_be_visible()
