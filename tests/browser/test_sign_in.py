"""A city signs in at a real OpenID provider and out again, on real data, in a real browser.

In the audit: tests/server signs others in at the same provider without a browser.
"""

import pytest
from playwright.sync_api import expect

from longevity.auth import session as sessions
from longevity.ui.screens import SCREENS
from tests.drivers.browser_actions import await_drawing, settle
from tests.drivers.server import providing, serving, sign_in_variables

pytestmark = [pytest.mark.browser, pytest.mark.audit]

OF_EAST = "Pumice"  # a group of East, in a table of Call-ins
FOR_WHOM = "It is for the state and for each city about its own, who sign in to open it."


@pytest.fixture
def signing(program, tmp_path):
    """The application on that data, with sign-in from the environment."""
    with (
        providing({"east": {"groups": ["dash-east"]}}) as provider,
        serving(program.home, tmp_path / "log", program.config_path, variables=sign_in_variables(provider)) as running,
    ):
        yield running


def is_offered(page, named):
    """Hold what has no lock in the navigation to the screens open to all, `named`: to every one."""
    titles = [screen.title for screen in SCREENS if named or not screen.inside or screen.public]
    offered = page.locator(".st-key-navigation a").filter(has_not_text="lock")
    expect(offered.locator("p")).to_have_text(titles)


def read(page, server, path):
    page.goto(f"{server.address}/{path}")
    await_drawing(page)
    return page.locator("body").inner_text()


def test_a_city_signs_in_sees_its_screens_and_signs_out_in_every_window(visit, signing):
    page = visit("/", at=signing)
    page.get_by_text(sessions.NOT_SIGNED_IN_TEXT).wait_for()
    is_offered(page, False)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="east", exact=True).click()
    page.get_by_role("button", name="Sign out").wait_for()
    page.get_by_text("You are signed in as East.").wait_for()
    is_offered(page, True)
    assert FOR_WHOM not in read(page, signing, "support?city=east")
    other = page.context.new_page()
    words = read(other, signing, "call_ins?city=east&tab=groups")
    assert "NOT FOR RELEASE" in words
    assert OF_EAST in words
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="End session").click()  # at the provider
    page.get_by_role("button", name="Sign in").wait_for()
    # The other window shuts by itself.
    other.get_by_text(sessions.SIGNED_OUT_TEXT).wait_for()
    settle(other)
    assert OF_EAST not in other.locator("body").inner_text()
    is_offered(other, False)
    assert OF_EAST not in read(page, signing, "call_ins?city=east&tab=groups")
    assert FOR_WHOM in read(page, signing, "support?city=east")
