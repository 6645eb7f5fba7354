"""What a person does at a screen: read, choose, follow, press, take along."""

import difflib
import re
import time
from pathlib import Path

from playwright.sync_api import Download, Locator, Page, TimeoutError, expect

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
FOCUSED = "() => document.activeElement?.closest('a, button, summary, input')"
SAYS = f"""() => {{
    const it = ({FOCUSED})();
    return it ? it.getAttribute('aria-label') || it.innerText || it.value || '' : '';
}}"""


def settle(page: Page) -> None:
    """Wait until the page has run to its end and its navigation is there."""
    page.wait_for_selector("h1")
    # The parts of a sidebar come a moment after the page has run.
    page.wait_for_selector("[data-testid=stSidebar] a", state="attached")
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]').getAttribute('data-test-script-state') === 'notRunning'"
    )


def answer(page: Page) -> str:
    """The sentence the screen opens on."""
    return opening(page).inner_text()


def opening(page: Page) -> Locator:
    """The heading that holds it: the first under the screen's title."""
    return page.get_by_test_id("stMain").locator("h2, h3, h4").first


def numbers(text: str) -> set[int]:
    """Every whole number in it."""
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
    """Wait for the screen of this title."""
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
    raise AssertionError(f"“{text}” was typed and not offered; the focus is on “{_at(page)}”")


def _at(page: Page) -> str:
    return str(page.evaluate(SAYS))


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
    """Save the download as a file on disk."""
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


def table(fold: Locator) -> list[list[str]]:
    """Every row of the table in a fold, read as a screen reader reads it."""
    shown = fold.locator("table").first
    shown.locator("tbody td").first.wait_for(state="attached")
    return [[*cells] for cells in shown.locator("tbody").evaluate(CELLS)]
