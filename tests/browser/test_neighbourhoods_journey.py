"""A mayor's aide looks for where people were shot."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import settle

pytestmark = pytest.mark.browser


def _click_map(page: Page, which: int) -> None:
    page.locator(".maplibregl-canvas").nth(which).wait_for()
    page.wait_for_timeout(1500)  # the map paints after it is in the page
    box = page.locator(".maplibregl-canvas").nth(which).bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(middle[0] - 4, middle[1])
    page.mouse.move(*middle)
    page.wait_for_timeout(400)
    page.mouse.click(*middle)


def _chosen(page: Page, label: str) -> str:
    box = page.get_by_test_id("stSelectbox").filter(has_text=label)
    return box.locator("input").input_value() or box.inner_text().split("\n")[-1]


def test_a_click_on_the_map_opens_the_area_and_the_link_brings_it_back(
    visit: Callable[..., Page],
) -> None:
    # With points: they lie over the areas and must not take the click from them.
    page = visit("/neighbourhoods?points=show")
    _click_map(page, 1)
    heading = page.locator("h3", has_text=", Hartford")
    heading.wait_for()
    settle(page)
    opened = heading.inner_text()
    assert re.search(r", Hartford$", opened)
    page.wait_for_function("() => location.search.includes('area=')")
    again = visit(page.url.split("/", 3)[3].join(["/", ""]))
    assert again.locator("h3", has_text=", Hartford").inner_text() == opened


def test_a_link_with_filters_reproduces_the_view(visit: Callable[..., Page]) -> None:
    page = visit("/neighbourhoods?city=bridgeport&period=2019&measure=homicides")
    sentence = page.locator("h2").first.inner_text()
    assert "Bridgeport" in sentence
    assert "in 2019" in sentence
    assert "killed, by any weapon" in sentence
    page.locator(".maplibregl-canvas").first.wait_for()
    assert page.locator(".maplibregl-canvas").count() == 1


def test_a_value_in_the_link_that_does_not_exist_is_named(visit: Callable[..., Page]) -> None:
    page = visit("/neighbourhoods?city=atlantis")
    assert page.get_by_text("The link asks for “atlantis” as city").is_visible()


def test_stepping_back_a_year_by_keyboard(visit: Callable[..., Page]) -> None:
    page = visit("/neighbourhoods")
    page.get_by_role("button", name="2025").focus()
    page.keyboard.press("Enter")
    page.locator("h2", has_text="in 2025").wait_for()
    assert "period=2025" in page.url


def test_filters_stay_when_one_goes_to_another_screen(visit: Callable[..., Page]) -> None:
    page = visit("/neighbourhoods?measure=incidents")
    page.locator(".st-key-navigation").get_by_text("State briefing").click()
    page.locator("h1", has_text="State briefing").wait_for()
    page.locator("h2", has_text="shooting incidents happened").wait_for()


def test_back_and_forward_bring_the_filters_with_them(visit: Callable[..., Page]) -> None:
    page = visit("/neighbourhoods?city=hartford")
    page.get_by_role("button", name="2025").click()
    page.locator("h2", has_text="in 2025").wait_for()
    page.wait_for_function("() => location.search.includes('period=2025')")
    page.wait_for_timeout(1000)  # a link that differs sooner is the browser lagging behind
    page.go_back()
    page.locator("h2", has_text="from 1 January").wait_for()
    page.go_forward()
    page.locator("h2", has_text="Hartford in 2025").wait_for()
