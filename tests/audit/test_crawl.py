"""The public, and a city, walk through everything: no code that is another's is handed out."""

from __future__ import annotations

import pandas as pd
import pytest

from longevity.outputs import table_files
from longevity.release.store import Store
from longevity.settings import Settings
from longevity.ui import components
from longevity.warehouse.provenance import Provenance
from tests.drivers import crawler, screens
from tests.drivers.crawler import Codes, Crawl

pytestmark = pytest.mark.audit

# Fewer would mean that the walk no longer is the whole of it.
LEAST_CODES = {"public": 34_000, "bridgeport": 24_000}
LEAST_VISITS, LEAST_TEXTS, LEAST_FILES = 350, 80_000, 1_500
KINDS = {"csv", "pdf", "pptx", "png", "svg", "zip"}


def begun(settings: Settings, own: str, monkeypatch: pytest.MonkeyPatch) -> Crawl:
    release = Store(settings.home).current()
    mine = crawler.codes(release, [own])
    others = crawler.codes(release, settings.cities) - mine
    viewer = f"city:{own}" if own in settings.cities else own
    return Crawl(settings, viewer, Codes(others), Codes(mine), monkeypatch)


@pytest.mark.parametrize("viewer", [*LEAST_CODES])
def test_nobody_is_handed_a_code_that_is_anothers(home_of, viewer, monkeypatch, capsys):
    crawl = begun(home_of, viewer, monkeypatch)
    for page in screens.pages():
        if page == crawler.PRESS:
            crawl.press()
        else:
            crawl.walk(page)
    with capsys.disabled():
        print(f"\n{crawl.line()}")
    assert crawl.found == set()
    assert len(crawl.secret.all) >= LEAST_CODES[viewer]
    assert crawl.visits >= LEAST_VISITS
    assert crawl.texts >= LEAST_TEXTS
    assert sum(crawl.files.values()) >= LEAST_FILES
    assert set(crawl.files) == KINDS
    if viewer != "public":
        # Its own it does read, on screens, in tables and on paper: the search finds what is there.
        assert all(crawl.own_read[kind] for kind in (crawler.TEXT, "csv", "pdf"))


def test_a_code_on_a_page_and_in_its_file_is_found(home_of, monkeypatch):
    crawl = begun(home_of, "public", monkeypatch)
    said, filed = sorted(crawl.secret.all)[:2]
    opening, csv = components.write_answer, table_files.write_csv

    def with_a_code(table: pd.DataFrame, about: Provenance) -> bytes:
        return csv(table, about) + filed.encode()

    monkeypatch.setattr(components, "write_answer", lambda text: opening(f"{text} {said}."))
    monkeypatch.setattr(table_files, "write_csv", with_a_code)
    crawl.walk("evidence")
    assert {code for code, _ in crawl.found} == {said, filed}
