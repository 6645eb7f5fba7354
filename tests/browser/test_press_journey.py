"""A press officer takes a chart to a press conference: from the cold start page to the files."""

from __future__ import annotations

import time
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import Download, Locator, Page
from pptx import Presentation

from longevity import command_line
from tests.browser.conftest import Server, settle

pytestmark = pytest.mark.browser

TAKE = "Take this chart with you"
EVERYTHING = "Download everything (ZIP)"
OF_THE_FILE = ["source", "kind"]  # columns that only the file has: a copied row keeps its source
MOST_CLICKS = 4
MOST_KEYS = 120
ROWS = "table => [...table.tBodies[0].rows].map(row => [...row.cells].map(c => c.textContent))"
PATIENCE = 120_000  # ms; a machine that does other things too


class Officer:
    """Somebody with a mouse, whose clicks and seconds are counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0
        self.began = time.monotonic()

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def seconds(self) -> float:
        return time.monotonic() - self.began


def test_from_the_start_page_to_files_that_open_and_hold(
    visit: Callable[..., Page],
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun = time.monotonic()
    officer = Officer(visit("/"))
    page = officer.page

    officer.click(page.get_by_text(TAKE).first)
    page.locator("h1", has_text="Press charts").wait_for()
    with page.expect_download(timeout=PATIENCE) as waiting:
        officer.click(page.get_by_text(EVERYTHING))
    saved = kept(waiting.value, tmp_path)
    took, whole = officer.seconds(), time.monotonic() - begun
    print(f"\n{officer.clicks} clicks, {took:.1f} s; with the opening of the page {whole:.1f} s")
    assert officer.clicks <= MOST_CLICKS

    files = unpacked(saved, tmp_path / "bundle")
    assert_open(files)
    on_screen = table_on_screen(page)
    in_file = pd.read_csv(one(files, ".csv"), dtype=str).drop(columns=OF_THE_FILE)
    assert in_file.to_numpy().tolist() == on_screen
    assert_verified(files, server, monkeypatch)


@pytest.mark.audit
def test_the_same_by_keyboard_alone(visit: Callable[..., Page], tmp_path: Path) -> None:
    page = visit("/")
    begun = time.monotonic()
    keys = pressed_until(page, TAKE)
    page.locator("h1", has_text="Press charts").wait_for()
    page.get_by_text(EVERYTHING).wait_for()
    settle(page)
    with page.expect_download(timeout=PATIENCE) as waiting:
        keys += pressed_until(page, EVERYTHING)
    saved = kept(waiting.value, tmp_path)
    print(f"\n{keys} keys, {time.monotonic() - begun:.1f} s")
    assert zipfile.is_zipfile(saved)


def kept(download: Download, folder: Path) -> Path:
    """The download as a file on disk, under the name it was offered by."""
    path = folder / download.suggested_filename
    download.save_as(path)
    return path


def unpacked(saved: Path, folder: Path) -> list[Path]:
    """The files of the bundle."""
    with zipfile.ZipFile(saved) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return sorted(folder.iterdir())


def one(files: list[Path], suffix: str) -> Path:
    (path,) = [path for path in files if path.suffix == suffix]
    return path


def assert_open(files: list[Path]) -> None:
    """Every picture, vector and slide is opened by a reader of others."""
    assert {path.suffix for path in files} >= {".png", ".svg", ".pdf", ".pptx", ".csv"}
    for path in files:
        if path.suffix == ".png":
            with Image.open(path) as image:
                image.load()
                assert image.width > 1000
        if path.suffix == ".svg":
            assert ET.parse(path).getroot().tag.endswith("svg")
        if path.suffix == ".pptx":
            (slide,) = Presentation(str(path)).slides
            assert any(shape.has_chart for shape in slide.shapes)


def table_on_screen(page: Page) -> list[list[str]]:
    """Every row of the table in the fold under the chart."""
    page.locator("[data-testid=stExpander] summary").last.click()
    rows: list[list[str]] = page.locator(".longevity-table table").last.evaluate(ROWS)
    return rows


def assert_verified(files: list[Path], server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """`verify` accepts each file of the bundle."""
    monkeypatch.setenv("LONGEVITY_HOME", str(server.home))
    for path in files:
        assert command_line.main(["verify", str(path)]) == 0, path.name


def pressed_until(page: Page, words: str) -> int:
    """Press Tab until these words have the focus, then Enter; the count of keys."""
    for keys in range(1, MOST_KEYS):
        page.keyboard.press("Tab")
        focused = page.evaluate("() => document.activeElement.closest('a, button')?.innerText")
        if focused and words in focused:
            page.keyboard.press("Enter")
            return keys + 1
    raise AssertionError(f"“{words}” was not reached in {MOST_KEYS} keys")
