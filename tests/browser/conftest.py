"""A real server on a free port and a real Chromium; the server's log is printed on failure.

Whatever a test opens cold is held to this: its link opens that very screen, the
demonstration is marked as such, nothing is fetched from outside, and nothing that a page does
is against its content policy.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

from longevity.ui.screens import SCREENS
from tests.drivers.browser_actions import WAIT, settle
from tests.drivers.server import Server, serving
from tools import chromium

MARK = "SYNTHETIC demonstration data"
TITLES = {screen.name: screen.title for screen in SCREENS} | {"": SCREENS[0].title}
# Each picture when it is asked for: all of them, drawn next to the tests, are half a minute of a processor.
SERVE = """
import sys
from longevity.app import publish
from longevity.cli import main
publish.draw_pictures = lambda *_: None
sys.exit(main(["serve", "--port", "{port}"]))
"""
POLICY = "Content Security Policy"  # in every complaint of Chromium's
OURS = ("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")


@pytest.fixture(scope="session")
def server(published, tmp_path_factory):
    log = tmp_path_factory.mktemp("server") / "log"
    with serving(published.home, log, command=("-c", SERVE), pictures=True) as running:
        yield running


@pytest.fixture(scope="session")
def browser():
    found = chromium.find_browser()
    if found is None:
        pytest.fail(chromium.WHAT_TO_INSTALL)
    expect.set_options(timeout=WAIT)
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found.path, args=[*found.flags[1:]])
        yield started
        started.close()


@pytest.fixture
def visit(browser, request):
    """Opens a path or a whole link as a new visitor, wide and light by default."""
    contexts: list[BrowserContext] = []
    outside: list[str] = []
    against: list[str] = []

    def noticed(request: Request, by: Server) -> None:
        # What a provider's own page fetches, where one signs in, is not ours.
        if not request.url.startswith(OURS) and request.frame.url.startswith(by.address):
            outside.append(request.url)

    def heard(message: ConsoleMessage, by: Server) -> None:
        # A provider's own page has a policy of its own.
        if POLICY in message.text and message.page and message.page.url.startswith(by.address):
            against.append(message.text)

    def go(
        path: str = "/",
        width: int = 1440,
        dark: bool = False,
        at: Server | None = None,
        watch: Callable[[Page], None] | None = None,
        titled: bool = True,
    ) -> Page:
        shared = at is None
        at = at or request.getfixturevalue("server")
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
        )
        contexts.append(context)
        context.on("console", lambda message: heard(message, at))
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("request", lambda request: noticed(request, at))
        if watch:
            watch(page)
        link = path if path.startswith("http") else f"{at.address}{path}"
        page.goto(link)
        settle(page)
        if titled:
            assert page.locator("h1").inner_text() == TITLES[urlsplit(link).path.strip("/")]
        if shared and link.startswith(at.address):
            expect(page.get_by_text(MARK).filter(visible=True).first).to_be_visible()
        return page

    yield go
    for context in contexts:
        context.close()
    assert not outside
    assert not against
