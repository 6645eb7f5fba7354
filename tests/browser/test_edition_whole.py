"""The demonstration's edition whole: no code of anybody in it, every page as a browser has it."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest

from longevity.edition.build import build_edition
from longevity.release.store import Store
from tests.conftest import TODAY, quiet
from tests.drivers import crawler
from tests.drivers.browser_walk import violations
from tests.drivers.crawler import Codes
from tests.drivers.static_site import PageReader, list_faults, serve_folder

pytestmark = pytest.mark.audit

TEXTS = (".html", ".csv", ".json", ".svg", ".xml", ".txt", ".parquet")
LEAST_PAGES, LEAST_TEXTS, LEAST_CODES = 130, 700, 30_000
CHANGES, LEAST_MAPS = "places-changes.csv", 50


@pytest.fixture(scope="module")
def edition(published, tmp_path_factory):
    out = tmp_path_factory.mktemp("edition") / "site"
    home = shutil.copytree(published.home, out.with_name("home"))
    pages = build_edition(replace(published, home=home), TODAY, out, "https://data.example", quiet)
    assert pages >= LEAST_PAGES
    return out.resolve()


def test_no_file_of_it_has_a_code_of_a_group_or_a_person(edition, published):
    secret = Codes(crawler.codes(Store(published.home).current(), published.cities))
    files = [path for path in edition.rglob("*.*") if path.suffix in TEXTS]
    found = {
        path.name: codes for path in files if (codes := secret.within(path.read_bytes().decode("utf-8", "replace")))
    }
    assert found == {}
    assert len(files) >= LEAST_TEXTS
    assert len(secret.all) >= LEAST_CODES


def test_every_link_leads_somewhere(edition):
    assert list_faults(edition, "https://data.example") == []


def test_the_rows_a_page_leads_to_are_its_own(edition):
    pages = [path for path in edition.rglob("map/*/**/index.html") if CHANGES in path.read_text()]
    for path in pages:
        (link,) = [at for at in PageReader(path.read_text()).links if at.endswith(CHANGES)]
        shown, rows = pd.read_html(path)[0], pd.read_csv(path.parent / link)
        for name in ("Neighbourhood", "Now"):  # which a Spanish page heads otherwise
            at = rows.columns.get_loc(name)
            assert shown.iloc[:, at].tolist() == rows.iloc[:, at].tolist(), path
    assert len(pages) >= LEAST_MAPS


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_is_read_by_everybody_and_is_no_wider_than_the_screen(edition, browser, look, width):
    found, wide = Counter[str](), []
    with serve_folder(edition) as address:
        context = browser.new_context(color_scheme=look, viewport={"width": width, "height": 900})
        page = context.new_page()
        for path in sorted(edition.rglob("index.html")):
            page.goto(f"{address}/{path.relative_to(edition)}")
            found.update(violations(page))
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append(str(path.relative_to(edition)))
        context.close()
    assert not found
    assert not wide
