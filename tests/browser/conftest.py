"""A real server on a free port and a real Chromium; the server's log is printed on failure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from longevity.press import chromium
from longevity.settings import Settings
from tests.served import Server, free_port, serving

__all__ = ["Server", "free_port", "serving", "settle"]
WAIT = 30_000


@pytest.fixture(scope="session")
def server(published: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demonstration, served."""
    with serving(published.home, tmp_path_factory.mktemp("server") / "log") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests."""
    path = chromium.find()
    if path is None:
        pytest.fail(chromium.WHAT_TO_INSTALL)
    with sync_playwright() as driver:
        started = driver.chromium.launch(
            executable_path=path, args=[*chromium.FLAGS[1:], *chromium.WEBGL]
        )
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Opens a path of the application as a new visitor, wide and light unless told otherwise."""
    contexts: list[BrowserContext] = []

    def go(
        path: str = "/",
        width: int = 1440,
        dark: bool = False,
        at: Server = server,
        watch: Callable[[Page], None] | None = None,
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        if watch:
            watch(page)
        page.goto(f"{at.address}{path}")
        settle(page)
        return page

    yield go
    for context in contexts:
        context.close()


def settle(page: Page) -> None:
    """Wait until the page has run to its end and its navigation is there."""
    page.wait_for_selector("h1")
    # The parts of a sidebar come a moment after the page has run.
    page.wait_for_selector("[data-testid=stSidebar] a", state="attached")
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]')"
        ".getAttribute('data-test-script-state') === 'notRunning'"
    )


@pytest.fixture
def copied(home_of: Settings) -> Path:
    """A home of its own for a test that changes it."""
    return home_of.home
