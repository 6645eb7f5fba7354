"""The mayor's Monday: a link in a message, opened on a phone in the car.

What happened in our city last week and where, which promises to groups are open, whom the
next call-in is for; one page to print. Another city's rows never reach the telephone.
"""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.conftest import UNTIL
from tests.drivers.browser_actions import (
    answer,
    assert_alike,
    await_screen,
    choose,
    numbers,
    opening,
    settle,
    take_file,
)
from tests.oracles import demonstration_counts

pytestmark = pytest.mark.browser

PHONE = 390
CITY = "hartford"
IS_DRAWN = """(which) => {
    return Boolean(document.querySelectorAll('.js-plotly-plot')[which]?.longevityMap);
}"""
IS_MET = "(which) => Boolean(document.querySelectorAll('.js-plotly-plot')[which]._hoverdata)"


def test_the_week_of_ones_own_city_and_what_waits(visit, published, demonstration, tmp_path):
    name = published.cities[CITY].name
    sent = []

    def listen(stream):
        stream.on("framereceived", lambda frame: sent.append(bytes(frame)))

    page = visit(f"/this_week?city={CITY}", PHONE, watch=lambda page: page.on("websocket", listen))
    _look_as(page, name)
    sent.clear()

    # The week, counted a second way.
    last = UNTIL - timedelta(days=(UNTIL.isoweekday() - published.cities[CITY].week_ends_iso) % 7)
    week = demonstration_counts.naive_days(demonstration, last - timedelta(days=6), last)[CITY]
    card = page.get_by_test_id("stMetric").filter(has_text="Shot, 7 days")
    assert name in answer(page)
    assert week["victims"] in numbers(card.inner_text().replace("7 days", ""))
    (paper,) = PdfReader(take_file(page, page.get_by_role("button", name="1-page PDF"), tmp_path)).pages
    assert answer(page).split(":")[0] in " ".join(paper.extract_text().split())

    # The cases that wait, and whom the next call-in is for: which, the tests of queries count.
    groups = [row for row in demonstration_counts.read(demonstration, "groups") if row["city"] == CITY]
    _turn_to(page, "Follow-up")
    _turn_to(page, "Call-ins")
    # Groups long quiet are folded under the others, where there are any.
    for fold in page.locator("summary").filter(has_text="without a confirmed shooting").all():
        fold.click()
    settle(page)
    sheet = "\n".join(page.locator("table").filter(has_text="warn").all_inner_texts())
    listed = [group["label"] for group in groups if group["label"] and f"{group['label']}\t" in sheet]
    assert listed

    # Of other cities no group, person or incident was sent, though much was of our own.
    received = b"".join(sent)
    assert all(label.encode() in received for label in listed)
    for other in published.cities.keys() - {CITY}:
        assert not re.findall(rb"\b%s-[gpi]\d" % other.encode(), received)
        assert f"({published.cities[other].name})".encode() not in received


@pytest.mark.audit
def test_a_neighbourhood_is_opened_by_a_finger_or_by_keys_and_left_again(visit):
    # With points: they lie over the areas and must not take the click from them.
    page = visit(f"/map?city={CITY}&points=show", width=PHONE)
    begun = answer(page)
    _click_map(page)
    heading = page.locator(".st-key-card-places-area strong")
    expect(heading).to_be_visible()
    settle(page)
    by_finger = heading.inner_text()
    page.wait_for_url("**area=*")
    assert_alike(page, visit(page.url, width=PHONE))

    # Back to where it began; forward, and reloaded.
    page.wait_for_timeout(800)  # a link that differs sooner is the browser lagging behind
    page.go_back()
    expect(heading).to_have_count(0)
    expect(opening(page)).to_have_text(begun)
    page.go_forward()
    expect(heading).to_have_text(by_finger)
    page.reload()
    settle(page)
    assert heading.inner_text() == by_finger


def _unfold(page):
    """The navigation, folded away on a phone."""
    folded = page.get_by_test_id("stExpandSidebarButton")
    if folded.is_visible():
        folded.click()
    page.get_by_test_id("stSidebarCollapseButton").wait_for()


def _look_as(page, name):
    _unfold(page)
    choose(page, "View as", name)
    city = page.get_by_role("combobox", name="City")
    expect(city).to_have_value(name)
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    page.get_by_test_id("stExpandSidebarButton").wait_for()
    settle(page)


def _turn_to(page, title):
    _unfold(page)
    page.locator(".st-key-navigation").get_by_role("link", name=title).click()
    await_screen(page, title)
    expect(page.get_by_test_id("stExpandSidebarButton")).to_be_visible()  # out of the way again


def _click_map(page):
    """The middle of the first map, once it is drawn and has noticed the finger."""
    page.wait_for_function(IS_DRAWN, arg=0)
    ground = page.locator(".js-plotly-plot .nsewdrag").first
    ground.scroll_into_view_if_needed()
    box = ground.bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(middle[0] - 4, middle[1])
    page.mouse.move(*middle)
    page.wait_for_function(IS_MET, arg=0)
    page.mouse.click(*middle)
