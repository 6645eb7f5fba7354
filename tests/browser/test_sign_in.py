"""Four people sign in at a real OpenID provider, on real data, in a real browser.

In the audit: tests/server signs in at the same provider without a browser.
"""

import pytest
from playwright.sync_api import expect

from longevity.auth import session as sessions
from longevity.ui.navigation import SCREENS
from tests.drivers.browser_actions import await_drawing, settle
from tests.drivers.server import providing, serving, sign_in_variables

pytestmark = [pytest.mark.browser, pytest.mark.audit]

PEOPLE = {
    "anna": {"groups": ["staff", "dash-state"]},
    "east": {"groups": ["dash-east"]},
    "west": {"groups": "dash-west"},
    "stranger": {"groups": ["staff"], "name": "dash-state"},
}
OF_EAST = "Pumice"  # a group of East, in a table of Call-ins
FOR_WHOM = "It is for the state and for each city about its own, who sign in to open it."


@pytest.fixture(scope="module")
def signing(program, tmp_path_factory):
    """The application on that data, with sign-in from the environment."""
    log = tmp_path_factory.mktemp("log") / "log"
    with (
        providing(PEOPLE) as provider,
        serving(program.home, log, program.config_path, variables=sign_in_variables(provider)) as running,
    ):
        yield running


def sign_in(page, name):
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=name, exact=True).click()
    page.get_by_role("button", name="Sign out").wait_for()
    settle(page)


def sign_out(page):
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="End session").click()  # at the provider
    page.get_by_role("button", name="Sign in").wait_for()
    settle(page)


def is_offered(page, named):
    """Hold what has no lock in the navigation to the screens open to all, `named`: to every one."""
    titles = [screen.title for screen in SCREENS if named or not screen.operational or screen.public_form]
    offered = page.locator(".st-key-navigation a").filter(has_not_text="lock")
    expect(offered.locator("p")).to_have_text(titles)


def read(page, server, path):
    """The whole page at this link, in the same browser."""
    page.goto(f"{server.address}/{path}")
    await_drawing(page)
    return page.locator("body").inner_text()


@pytest.mark.parametrize(
    ("name", "says", "named"),
    [
        ("anna", "You are signed in as the state.", True),
        ("east", "You are signed in as East.", True),
        ("west", "You are signed in as West.", True),
        ("stranger", sessions.NO_VIEWER_TEXT, False),
    ],
)
def test_each_signs_in_and_sees_their_screens(visit, signing, name, says, named):
    page = visit("/", at=signing)
    page.get_by_text(sessions.NOT_SIGNED_IN_TEXT).wait_for()
    is_offered(page, False)
    sign_in(page, name)
    page.get_by_text(says).wait_for()
    is_offered(page, named)
    words = read(page, signing, "call_ins?city=east&tab=groups")
    assert ("NOT FOR RELEASE" in words) is named
    assert (OF_EAST in words) is (name in ("anna", "east"))
    assert (FOR_WHOM in read(page, signing, "support?city=east")) is not named


def test_signing_out_in_one_window_shuts_the_other_by_itself(visit, signing):
    page = visit("/", at=signing)
    sign_in(page, "east")
    other = page.context.new_page()
    assert OF_EAST in read(other, signing, "call_ins?tab=groups")
    sign_out(page)
    other.get_by_text(sessions.SIGNED_OUT_TEXT).wait_for()
    settle(other)
    assert OF_EAST not in other.locator("body").inner_text()
    is_offered(other, False)
    assert OF_EAST not in read(page, signing, "call_ins?city=east&tab=groups")
    assert FOR_WHOM in read(page, signing, "support?city=east")
