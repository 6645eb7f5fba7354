"""A visitor who walks from screen to screen in one session, and what axe finds on the way.

A new browser page for every look would load the program anew each time; one session a viewer
goes by the browser's own history, as a click on a link does.
"""

import importlib.resources
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page

from longevity.charts.theme import DARK, LIGHT
from longevity.ui.navigation import SCREENS
from tests.drivers.browser_actions import choose, settle
from tests.drivers.server import Server

WIDE, NARROW = 1440, 390
PATIENCE = 120_000  # ms; a machine that does other things too
VIEWERS = {"state": "The state", "city": None, "public": "The public"}  # None: the first city
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
MORE = ["heading-order", "empty-table-header", "landmark-unique", "page-has-heading-one"]
RUN = """async rules => {
    const found = await axe.run(document, {
        runOnly: {type: "rule", values: [...axe.getRules(rules.tags).map(r => r.ruleId),
                                         ...rules.more]},
        resultTypes: ["violations"],
    });
    return found.violations.flatMap(
        v => v.nodes.map(node => `${v.id}: ${node.html.slice(0, 160)}`));
}"""
# A chart is drawn once the run that sent it is over, and a skeleton is in its place until then. What
# fades in is pale until it is there.
DRAWN = """() => !document.querySelector("[data-testid=stMain] [data-testid=stSkeleton]")
    && !document.querySelector("[data-stale=true]")
    && !document.getAnimations().some(one => one instanceof CSSTransition)
    && [...document.querySelectorAll(".stPlotlyChart")].every(
        chart => chart.querySelector(".main-svg") && !chart.hasAttribute("aria-label"))"""
GROUND = "ground => getComputedStyle(document.querySelector('.stApp')).backgroundColor === ground"
GO = """path => {
    history.pushState({}, "", path);
    dispatchEvent(new PopStateEvent("popstate", {state: {}}));
}"""


def await_drawing(page: Page) -> None:
    """Wait until the page has run and every chart is drawn and named."""
    settle(page)
    page.wait_for_function(DRAWN)


def set_theme(page: Page, dark: bool) -> None:
    """Prefer the dark or the light theme, and wait until the page has its ground."""
    page.emulate_media(color_scheme="dark" if dark else "light")
    ground = (DARK if dark else LIGHT).ground
    red, green, blue = (int(ground[at : at + 2], 16) for at in (1, 3, 5))
    page.wait_for_function(GROUND, arg=f"rgb({red}, {green}, {blue})")


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it is, a line each."""
    if not page.evaluate("() => 'axe' in window"):
        source = importlib.resources.files("axe_playwright_python") / "axe.min.js"
        page.evaluate(source.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(RUN, {"tags": RULES, "more": MORE})
    return found


def pixels_too_wide(page: Page) -> int:
    """Return by how many pixels the page is wider than what is seen of it; tables scroll alone."""
    wide: int = page.evaluate(
        "() => { const main = document.querySelector('[data-testid=stMain]');"
        " return Math.max(main.scrollWidth - main.clientWidth,"
        " document.documentElement.scrollWidth - innerWidth); }"
    )
    return wide


@dataclass
class Walk:
    """One session a viewer, kept open."""

    browser: Browser
    server: Server
    city: str
    _pages: dict[str, Page] = field(default_factory=dict)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def to(self, path: str, viewer: str = "state", width: int = WIDE, dark: bool = False) -> Page:
        """This viewer's page at this path, drawn at this width in this theme."""
        page = self._pages.get(viewer) or self._opened(viewer)
        page.set_viewport_size({"width": width, "height": 900})
        set_theme(page, dark)
        title = _title(path)
        page.evaluate(GO, path)
        page.wait_for_function("title => document.title.startsWith(title)", arg=title)
        await_drawing(page)
        return page

    def _opened(self, viewer: str) -> Page:
        context = self.browser.new_context(reduced_motion="reduce")
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{self.server.address}/sources")
        settle(page)
        if viewer != "state":
            await_drawing(page)
            choose(page, "View as", VIEWERS[viewer] or self.city)
            settle(page)
        self._pages[viewer] = page
        return page

    def close(self) -> None:
        """End every session."""
        for context in self._contexts:
            context.close()


def _title(path: str) -> str:
    name = path.partition("?")[0].strip("/")
    screen = next((screen for screen in SCREENS if screen.file == name), SCREENS[0])
    return screen.title


@contextmanager
def start_walk(browser: Browser, server: Server, city: str) -> Iterator[Walk]:
    """Start a walk that ends with the block."""
    walk = Walk(browser, server, city)
    try:
        yield walk
    finally:
        walk.close()
