"""The press officer takes one chart to a press conference: from the cold start page to the files.

Few clicks, though some of them twice; every file opens, says what the screen says, and is known
again by `verify`.
"""

import json
import re
import zipfile

import pandas as pd
import pytest
from playwright.sync_api import expect

from longevity import cli
from longevity.base import append_log
from longevity.outputs import bundle
from longevity.screens.chart_catalogue import chart_list
from longevity.ui import download_log
from tests.drivers.browser_actions import await_screen, choose, settle, table, take_file
from tests.factories import bundles

pytestmark = pytest.mark.browser

EVERYTHING = "Download everything (ZIP)"
OF_THE_FILE = ["source", "kind"]  # columns that only the file has: a copied row keeps its source


def test_from_the_start_page_to_files_that_open_and_hold(visit, server, published, tmp_path, monkeypatch):
    page = visit("/")
    # The whole way is two clicks, the first a double one.
    page.get_by_role("link", name="Export").first.dblclick()
    await_screen(page, "Press desk")
    saved = take_file(page, page.get_by_role("button", name=EVERYTHING), tmp_path)

    (log,) = (server.home / download_log.FOLDER).glob("*.jsonl")
    assert append_log.read_lines(log)[-1]["what"] == saved.name
    files = unpack(saved, tmp_path / "bundle")
    # Each is opened by readers of others in test_pictures.py.
    assert {path.suffix for path in files} >= {".png", ".svg", ".pdf", ".pptx", ".csv"}
    page.get_by_role("button", name="Data and method").click()
    fold = page.get_by_test_id("stPopoverBody")
    on_screen = [[cell.replace(",", "") for cell in row] for row in table(fold)]
    in_file = pd.read_csv(find(files, ".csv"), dtype=str).drop(columns=OF_THE_FILE)
    assert in_file.to_numpy().tolist() == on_screen
    page.keyboard.press("Escape")
    expect(fold).to_be_hidden()
    assert_verified(files, server, monkeypatch)

    # Another chart by its tile, and another yet before it was drawn: the last one is shown.
    page.get_by_role("button", name="Twelve months at a time").click()
    page.get_by_role("button", name="Rates per resident, with their intervals").click()
    page.wait_for_url("**chart=rates*")
    await_screen(page, "Press desk")
    csv = take_file(page, page.get_by_role("button", name="CSV", exact=True), tmp_path)
    assert "rate-by-city" in csv.name
    # Under another of the titles that are offered.
    topic = chart_list.find_entry("rates").draw(bundles.public_desk(published)).titles["topic"]
    choose(page, "Title", topic)
    page.wait_for_url("**title=topic*")
    settle(page)
    saved = take_file(page, page.get_by_role("button", name=EVERYTHING), tmp_path)
    files = unpack(saved, tmp_path / "titled")
    assert json.loads(find(files, ".json").read_text())["title"] == topic
    assert_verified(files, server, monkeypatch)


@pytest.mark.audit
def test_the_title_offered_is_that_of_the_chart_chosen(visit):
    """The box kept the words of the chart before, as both are the finding of their chart."""
    page = visit("/press_desk")
    title = page.get_by_role("combobox", name="Title")
    for chart, words in (
        ("Twelve months at a time", "twelve months to"),
        ("This year so far, and the same days of each year", "against the same days"),
        ("Twelve months at a time", "twelve months to"),
    ):
        page.get_by_role("button", name=chart).click()
        expect(title).to_have_value(re.compile(words))
        expect(page.get_by_test_id("stImage").get_by_role("img")).to_be_visible()
        settle(page)


def test_a_file_that_came_back_is_checked(visit, published, tmp_path):
    made = bundle.make_bundle(bundles.draw_chart(published), published, ["pptx"])
    (deck,) = [path for path in bundle.write_bundle(made, tmp_path) if path.suffix == ".pptx"]
    edited = tmp_path / "edited.pptx"
    edited.write_bytes(deck.read_bytes() + b"mine")
    page = visit("/press_desk")
    await_screen(page, "Press desk")
    page.get_by_text("Check a file", exact=True).click()
    place = page.locator("input[type=file]")
    place.set_input_files(deck)
    expect(page.get_by_text("Signed here, unedited, and its figures hold")).to_be_visible()
    settle(page)
    place.set_input_files(edited)
    expect(page.get_by_text("Edited: signed here, and changed since")).to_be_visible()


def unpack(saved, folder):
    with zipfile.ZipFile(saved) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
    return sorted(folder.iterdir())


def find(files, suffix):
    (path,) = [path for path in files if path.suffix == suffix]
    return path


def assert_verified(files, server, monkeypatch):
    monkeypatch.setenv("LONGEVITY_HOME", str(server.home))
    for path in files:
        assert cli.main(["verify", str(path)]) == 0, path.name
