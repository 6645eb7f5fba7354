"""What a person does at a screen: read, choose, follow, press, take along; and what axe finds there."""

import difflib
import importlib.resources
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Download, Locator, Page, TimeoutError, expect

from longevity.charts.theme import DARK, LIGHT
from longevity.ui.screens import SCREENS
from tests.drivers.server import Server

WAIT = 60_000  # ms; a machine that does other things too
PATIENCE = 120_000  # ms, for what is made before it is handed out
TRIES = 6
CLICKS = 3
CELLS = "body => [...body.rows].map(row => [...row.cells].map(cell => cell.textContent))"
WORDS = """main => [
    ...main.querySelectorAll(
        ':is([data-testid=stMarkdownContainer], [data-testid=stCaptionContainer]) > *, h1, h2, h3'
    )
].filter(one => !one.closest('button, details, .st-key-hint')).map(one => one.textContent).concat(
    [...main.querySelectorAll('[aria-label], img[alt]')]
        .filter(one => one.closest('[data-testid=stPlotlyChart], [data-testid=stImage]'))
        .map(one => one.ariaLabel || one.alt)
)"""
STATE = "document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state')"
FOCUSED = "() => document.activeElement?.closest('a, button, summary, input')"
SAYS = f"""() => {{
    const it = ({FOCUSED})();
    return it ? it.getAttribute('aria-label') || it.innerText || it.value || '' : '';
}}"""


def settle(page: Page) -> None:
    """Wait until the page has run to its end and its navigation is there; it says which of the two is not."""
    waits = {
        "its title": lambda: page.wait_for_selector("h1"),
        # The parts of a sidebar come a moment after the page has run.
        "its navigation": lambda: page.wait_for_selector("[data-testid=stSidebar] a", state="attached"),
        "its run to end": lambda: page.wait_for_function(f"() => ({STATE}) === 'notRunning'"),
    }
    for awaited, wait in waits.items():
        try:
            wait()
        except TimeoutError as error:
            state = page.evaluate(STATE)
            raise AssertionError(f"{page.url} was waited for: {awaited}; its run is {state}.") from error


def answer(page: Page) -> str:
    """The sentence the screen opens on."""
    return opening(page).inner_text()


def opening(page: Page) -> Locator:
    """The heading that holds it: the first under the screen's title."""
    return page.get_by_test_id("stMain").locator("h2, h3, h4").first


def numbers(text: str) -> set[int]:
    return {int(found.replace(",", "")) for found in re.findall(r"\d[\d,]*", text)}


def words(page: Page) -> list[str]:
    """All sentences of the screen itself outside folds, and the alt text of its pictures."""
    return list(page.get_by_test_id("stMain").evaluate(WORDS))


def assert_alike(page: Page, other: Page) -> None:
    """Two windows say the same, once both have drawn all they were sent."""
    until = time.monotonic() + PATIENCE / 1000
    while (one := words(page)) != (two := words(other)):
        if time.monotonic() > until:
            only = "".join(difflib.unified_diff(one, two, page.url, other.url, n=0, lineterm="\n"))
            raise AssertionError(f"the windows differ: {only}")
        page.wait_for_timeout(200)


def await_screen(page: Page, title: str) -> None:
    expect(page.locator("h1")).to_have_text(title)
    settle(page)


def follow(page: Page, title: str) -> None:
    """Go to a screen by the navigation, with a hurried double click."""
    page.locator(".st-key-navigation").get_by_role("link", name=title).dblclick()
    await_screen(page, title)


def choose(page: Page, label: str, *options: str) -> None:
    """Pick from a select box; several at once: the last before the screen has followed."""
    for option in options:
        _pick(page, label, option)


def _pick(page: Page, label: str, option: str) -> None:
    """A list that a run of the page shut again is opened anew."""
    for _ in range(TRIES):
        page.get_by_role("combobox", name=label).click()
        try:
            page.get_by_role("option", name=option, exact=True).click(timeout=5000)
        except TimeoutError:
            page.keyboard.press("Escape")
        else:
            return
    raise AssertionError(f"the list “{label}” did not offer “{option}”")


def type_choice(page: Page, text: str) -> None:
    """Pick by keys from the select box that has the focus: type, see what is offered, Enter.

    Enter before the list is there would pick nothing; a list that a run of the page shut is
    opened anew.
    """
    for _ in range(TRIES):
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type(text)
        try:
            expect(page.get_by_role("option").first).to_contain_text(text, timeout=5000)
        except AssertionError:
            page.keyboard.press("Escape")
        else:
            page.keyboard.press("Enter")
            expect(page.get_by_role("listbox")).to_have_count(0)
            return
    raise AssertionError(f"“{text}” was typed and not offered; the focus is on “{page.evaluate(SAYS)}”")


def take_file(page: Page, button: Locator, folder: Path) -> Path:
    """Take what a button hands out, as a file under the name it was offered by.

    What is made on the click belongs to one run of the page: a click that the next run
    overtakes is made again, as a person would; and where the button then stays grey
    (docs/decisions/0042), the page is loaded anew.
    """
    for left in reversed(range(CLICKS)):
        try:
            with page.expect_download(timeout=PATIENCE // CLICKS) as waiting:
                button.click()
            break
        except TimeoutError:
            if not left:
                raise
            if button.is_disabled():
                button.page.reload()
    return save_download(waiting.value, folder)


def save_download(download: Download, folder: Path) -> Path:
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


def table(fold: Locator) -> list[list[str]]:
    """Every row of the table in a fold, read as a screen reader reads it."""
    shown = fold.locator("table").first
    shown.locator("tbody td").first.wait_for(state="attached")
    return [[*cells] for cells in shown.locator("tbody").evaluate(CELLS)]


# A visitor who walks from screen to screen in one session: a new browser page for every look would
# load the program anew each time. It goes by the browser's own history, as a click on a link does.
WIDE, NARROW = 1440, 390
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
    """One session a viewer, kept open until it is closed."""

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
        for context in self._contexts:
            context.close()


def _title(path: str) -> str:
    name = path.partition("?")[0].strip("/")
    screen = next((screen for screen in SCREENS if screen.name == name), SCREENS[0])
    return screen.title
