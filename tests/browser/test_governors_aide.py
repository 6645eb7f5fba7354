"""The governor's aide prepares a briefing: one view to send, and papers to hand round.

An hour before the governor speaks. The aide reads the State briefing, looks at Compare
cities, sends the link of what was found to a colleague, and takes slides and two pages
along; in a hurry: choosing before the screen has followed, reloading, going back.
"""

import pytest
from playwright.sync_api import expect
from pptx import Presentation
from pypdf import PdfReader

from tests.conftest import UNTIL
from tests.drivers.browser_actions import (
    answer,
    assert_alike,
    await_screen,
    choose,
    follow,
    numbers,
    opening,
    settle,
    take_file,
    words,
)
from tests.oracles import demonstration_counts

pytestmark = pytest.mark.browser

HOMICIDES = "Homicides by any weapon"


@pytest.mark.audit
def test_a_briefing_is_read_compared_sent_and_taken_along(visit, published, demonstration, tmp_path):
    # This far into the year, counted from the extracts, one row at a time.
    counted = demonstration_counts.naive_days(demonstration, UNTIL.replace(month=1, day=1), UNTIL)
    shot, killed = ({city: found[of] for city, found in counted.items()} for of in ("victims", "homicides"))
    page = visit("/")
    assert "fewer people shot" in answer(page)
    # The tiles come one after another, even once the page has run.
    expect(page.get_by_test_id("stMetric").first).to_contain_text(f"{sum(shot.values()):,}")
    for city, about in published.cities.items():
        card = page.get_by_test_id("stMetric").filter(has_text=about.name)
        expect(card).to_contain_text(f"{shot[city]:,}")

    # Compare, changing one's mind before the screen has followed.
    follow(page, "Compare cities")
    choose(page, "What is counted", "Shooting incidents", HOMICIDES)
    expect(opening(page)).to_contain_text("Homicides")
    page.wait_for_url("**measure=homicides*")
    await_screen(page, "Compare cities")
    said = [f"{about.name} ({killed[city]} from " for city, about in published.cities.items()]
    assert [text for text in said if text not in " ".join(words(page))] == []
    # The link, opened cold by a colleague, brings the same words.
    assert_alike(page, visit(page.url))

    # The choice goes along to the briefing, which is taken as slides and as two pages.
    # One click: of a double one the browser may keep two entries to go back through.
    page.locator(".st-key-navigation").get_by_role("link", name="Briefing").click()
    await_screen(page, "Briefing")
    expect(opening(page)).to_contain_text("homicides by any weapon")
    settle(page)
    expect(page.get_by_test_id("stMetric").first).to_contain_text(f"{sum(killed.values()):,}")
    _taken_along(page, tmp_path, sum(killed.values()))

    # Back to what was compared, and twice reloaded before it is there.
    page.go_back()
    await_screen(page, "Compare cities")
    page.reload(wait_until="domcontentloaded")  # while it still changes hands no reload is taken
    page.reload()
    await_screen(page, "Compare cities")
    assert [text for text in said if text not in " ".join(words(page))] == []


def _taken_along(page, folder, killed):
    """Slides and two pages open in other programs and tell the count of the screen."""
    slides = Presentation(str(take_file(page, page.get_by_role("button", name="Slides"), folder))).slides
    first = " ".join(shape.text_frame.text for shape in slides[0].shapes if shape.has_text_frame)
    assert "SYNTHETIC" in first
    said = " ".join(shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame)
    assert killed in numbers(said)
    paper = PdfReader(take_file(page, page.get_by_role("button", name="2-page PDF"), folder))
    assert len(paper.pages) == 2
    text = paper.pages[0].extract_text()
    assert "SYNTHETIC" in text
    assert killed in numbers(text)
