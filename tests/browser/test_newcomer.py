"""A newcomer's first quarter of an hour with the demonstration, without touching a mouse.

What is this, is it real, what screens are there, what would others see, is a link I was sent
any good, and how was this number made?
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from longevity.settings import Settings
from longevity.ui.navigation import SCREENS
from tests.browser.conftest import MARK
from tests.drivers.browser_actions import (
    answer,
    await_screen,
    press_enter_on,
    settle,
    tab_to,
    type_choice,
    words,
)
from tests.drivers.server import serving

pytestmark = pytest.mark.browser

OFFERED = ".st-key-navigation a p"
HOSTILE = "<img src=x onerror=alert(1)>"


def test_a_first_visit_by_keyboard(visit: Callable[..., Page]) -> None:
    page = visit("/")
    begun = page.locator("h1").inner_text()
    assert begun == SCREENS[0].title

    # Every screen by the navigation: each says that nothing is real, and answers.
    for screen in (*SCREENS[1:], SCREENS[0]):
        press_enter_on(page, screen.title)
        await_screen(page, screen.title)
        expect(page.get_by_text(MARK).filter(visible=True).first).to_be_visible()
        assert answer(page).strip(), screen.title
        expect(page.get_by_test_id("stException")).to_have_count(0)

    # Through the eyes of the public: what names groups stays in sight, with a lock.
    tab_to(page, lambda said: said == "View as")
    type_choice(page, "The public")
    locked = page.locator(".st-key-navigation a").filter(has_text=re.compile("lock"))
    shut = [screen.title for screen in SCREENS if screen.operational and not screen.public_form]
    expect(locked.locator("p")).to_have_text(shut)
    expect(page.locator(OFFERED)).to_have_text([screen.title for screen in SCREENS])
    settle(page)
    assert "NOT FOR RELEASE" not in " ".join(words(page))

    # How a number is made: the question, its parameters and the SQL behind the first chart.
    press_enter_on(page, "Data and method")
    told = page.get_by_test_id("stPopoverBody").first
    expect(told).to_contain_text("Question.")
    expect(told).to_contain_text("viewer = public")
    expect(told).to_contain_text("SELECT")


def test_a_bad_link_is_named_and_does_no_harm(visit: Callable[..., Page]) -> None:
    asked = {"city": HOSTILE, "period": "1066", "measure": "gun deaths", "area": "atlantis/Port"}
    shown: list[str] = []
    page = visit(
        "/neighbourhoods?" + "&".join(f"{key}={quote(value)}" for key, value in asked.items()),
        watch=lambda page: page.on("dialog", lambda dialog: shown.append(dialog.message)),
    )
    for value in asked.values():
        expect(page.get_by_test_id("stAlert").filter(has_text=f"“{value}”")).to_be_visible()
    assert not shown
    assert not page.locator("img[src=x]").count()
    # What stands on the screen is the whole, and so is the link that is left.
    whole = visit("/neighbourhoods")
    assert answer(page) == answer(whole)
    assert page.url == whole.url
    # Part of a good link that this screen does not take is named as well.
    page = visit("/compare_cities?city=hartford")
    assert any("The link names a city" in said for said in words(page))
    page = visit("/no_such_screen", titled=False)
    expect(page.get_by_role("dialog")).to_contain_text("Page not found")


def test_the_first_visitor_of_a_bare_streamlit_is_sent_through_the_front_door(
    published: Settings, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    # Streamlit itself would run this page without app.py for the first visitor.
    command = ["-m", "streamlit", "run", "app.py", "--server.port", "{port}"]
    with serving(published.home, tmp_path / "log", command=command) as bare:
        page = visit("/neighbourhoods", at=bare)
        page.locator(".st-key-navigation").get_by_text(SCREENS[0].title).wait_for()
        expect(page.get_by_text(MARK).filter(visible=True).first).to_be_visible()
