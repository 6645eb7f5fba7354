"""The public edition: files that any web server serves, with and without a script."""

from __future__ import annotations

import fcntl
import json
from functools import partial

import pytest
from playwright.sync_api import expect

from longevity import settings as configuration
from longevity.app.publish import publish_release
from longevity.edition.build import build_edition, list_editions
from longevity.errors import DataError, UsageError
from longevity.release.table_withdrawals import Withdrawals
from tests.conftest import TODAY, quiet
from tests.drivers.browser_walk import violations
from tests.drivers.static_site import list_faults, serve_folder
from tests.factories.swapped_sexes import write_extracts

BASE = "https://data.example"
SEX = "charts/victims-by-attribute-sex.csv"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A small home, in which men were taken for women."""
    folder = tmp_path_factory.mktemp("edition")
    made = configuration.load_settings(home=folder / "home", environment={})
    publish_release(write_extracts(folder / "wrong", swapped=True), made, TODAY)
    return made


@pytest.fixture(scope="module")
def edition(home):
    """Its edition: the path that a web server is given."""
    out = home.home.parent / "site"
    build_edition(home, TODAY, out, BASE, quiet)
    return out


@pytest.fixture(scope="module")
def address(edition):
    with serve_folder(edition) as served:
        yield served


@pytest.fixture
def opened(browser, address, request):
    """A page of the edition: nothing that it does is against its policy, or from outside."""
    with_script = getattr(request, "param", True)
    context = browser.new_context(java_script_enabled=with_script)
    page, wrong = context.new_page(), []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on(
        "request",
        lambda asked: asked.url.startswith((address, "data:", "blob:")) or wrong.append(asked.url),
    )
    page.goto(f"{address}/")
    yield page
    context.close()
    assert not wrong


def test_every_link_leads_somewhere_and_no_tag_is_left_open(edition):
    assert list_faults(edition.resolve(), BASE) == []


def test_each_page_is_there_in_both_languages(edition):
    pages = {path.relative_to(edition) for path in edition.glob("**/index.html")}
    spanish = {path.relative_to("es") for path in pages if path.parts[0] == "es"}
    assert spanish == {path for path in pages if path.parts[0] != "es"}
    for page in spanish:
        for language, path in (("en", page), ("es", "es" / page)):
            text = (edition / path).read_text("utf-8")
            assert f'<html lang="{language}">' in text
            for other, prefix in (("en", ""), ("es", "es/")):
                there = f"{BASE}/{prefix}{page}".removesuffix("index.html")
                assert f'hreflang="{other}" href="{there}"' in text
    assert f"<loc>{BASE}/es/map/</loc>" in (edition / "sitemap.xml").read_text("utf-8")


def test_one_changes_the_language_and_stays_on_the_page(opened):
    opened.goto(f"{opened.url}press/years/")
    opened.get_by_role("link", name="Español").click()
    expect(opened.locator("h1")).to_contain_text("Año por año")
    expect(opened.locator("main .subtitle").first).to_contain_text("por año")
    expect(opened.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    assert opened.url.endswith("/es/press/years/")
    opened.get_by_role("link", name="English").click()
    expect(opened.locator("h1")).to_contain_text("Year by year")
    assert not opened.url.endswith("/es/press/years/")


@pytest.mark.parametrize("opened", [False], indirect=True)
def test_without_a_script_the_answer_and_the_chart_are_there(opened):
    expect(opened.locator("main .answer").first).to_contain_text("Hartford")
    picture = opened.locator("main picture img").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 760)
    assert picture.get_attribute("alt")


def test_a_chart_answers_to_the_pointer_once_it_is_in_view(opened):
    expect(opened.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(opened.locator("main picture").first).to_be_hidden()


def test_a_page_is_found_by_a_word(opened):
    opened.goto(f"{opened.url}search/")
    opened.get_by_label("Find a page").fill("map hartford 2024")
    expect(opened.locator(".found li").filter(visible=True)).to_have_count(1)
    opened.locator(".found li").filter(visible=True).get_by_role("link").click()
    expect(opened.locator("h1")).to_contain_text("Hartford")


def test_an_embed_says_how_tall_it_is(browser, address, tmp_path):
    (tmp_path / "index.html").write_text(
        f"<iframe src='{address}/embed/years/' height=10></iframe><script src='{address}/assets/embed.js'></script>"
    )
    with serve_folder(tmp_path) as other:
        context = browser.new_context()
        page = context.new_page()
        page.goto(other)
        page.wait_for_function("document.querySelector('iframe').offsetHeight > 300")
        context.close()


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("path", ["", "map/hartford/", "press/years/", "search/", "es/map/hartford/"])
def test_axe_finds_nothing(browser, address, path, look):
    context = browser.new_context(color_scheme=look, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{address}/{path}")
    assert violations(page) == []
    context.close()


def test_the_data_package_has_every_file_it_names(edition):
    package = json.loads((edition / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        assert (edition / resource["path"]).stat().st_size == resource["bytes"]
    assert {"counts", "public-victims"} <= {resource["name"] for resource in package["resources"]}


def test_another_edition_takes_its_place_in_one_step_with_what_did_not_change(home, edition):
    before, file = edition.resolve(), (edition / "index.html").stat().st_ino
    build_edition(home, TODAY, edition, BASE, quiet)
    assert edition.resolve() != before
    assert not before.exists()
    assert (edition / "index.html").stat().st_ino == file
    assert list_editions(home.home) == [edition]
    # As a purge says to make it again, without the address it was made for.
    build_edition(home, TODAY, edition, "", quiet)
    assert (edition / "feed.xml").is_file()


def test_an_edition_that_fails_leaves_the_last_one(home, edition, monkeypatch):
    def fail(*_: object) -> None:
        raise DataError("It is full.")

    before = edition.resolve()
    monkeypatch.setattr("longevity.edition.public_data.write_data", fail)
    with pytest.raises(DataError, match="It is full"):
        build_edition(home, TODAY, edition, "https://other.example", quiet)
    assert edition.resolve() == before
    assert [path.name for path in edition.parent.glob(".site-*")] == [before.name]


def test_what_a_killed_run_left_goes_and_two_do_not_write_at_once(home, edition):
    left = edition.with_name(".site-left")
    left.mkdir()
    with edition.with_name(".site.lock").open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(DataError, match="Another edition is being written"):
            build_edition(home, TODAY, edition, BASE, quiet)
    build_edition(home, TODAY, edition, BASE, quiet)
    assert not left.exists()


def test_what_is_no_edition_is_not_written_over(home, tmp_path):
    (tmp_path / "index.html").write_text("somebody's")
    with pytest.raises(UsageError, match="is there and is no edition"):
        build_edition(home, TODAY, tmp_path, "", quiet)
    assert (tmp_path / "index.html").read_text() == "somebody's"


@pytest.mark.audit
def test_a_withdrawn_table_goes_from_every_release_of_the_edition(home, tmp_path):
    extracts, out = home.home.parent / "wrong", tmp_path / "site"
    build = partial(build_edition, home, TODAY, out, BASE, quiet)
    build()
    (wrong,) = (out / "release.json").read_text().split('"release": "')[1].split('"')[:1]
    shown = (out / SEX).read_text()
    assert ",female,40" in shown
    publish_release(extracts, home, TODAY, "swapped", withdrawals=Withdrawals((("sex", 2024),), ("hartford",)))
    build()
    files = [path for path in out.resolve().rglob("*.csv") if "attribute" in path.name or "victims" in path.name]
    assert (out / "r" / wrong / "index.html").is_file()
    assert not [path for path in files if ",female,40" in path.read_text()]
