"""The public edition: files that any web server serves, with and without a script."""

import fcntl
import json
import os
import re
import shutil
import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import urljoin, urlsplit

import pandas as pd
import pytest
from lxml import html
from playwright.sync_api import expect

from longevity import settings as configuration
from longevity.app.publish import publish_release
from longevity.base.errors import ConfigError, DataError, UsageError
from longevity.edition.build import LINK, _hold_lock, _read_changes, build_edition, list_editions
from longevity.edition.site import Site, make_slugs
from longevity.release.store import Store
from longevity.release.table_withdrawals import Withdrawals
from longevity.words.language import TRANSLATED, speaking
from tests.conftest import FOR_A_SHELL, TODAY, quiet
from tests.drivers import crawler
from tests.drivers.browser_actions import violations
from tests.drivers.crawler import Codes
from tests.factories import bundles
from tests.factories.violence_release import write_sexes

BASE = "https://data.example"
MADE_ON = date(2025, 5, 3)
OLD_AFTER = date(2025, 5, 9)  # its data end on April 30, and are old after eight days
LINKS = "//@href | //@src | //@srcset | //@data-figure"
# What the pages' policy forbids, and what has no name for who cannot see it.
FORBIDDEN = "//img[not(@alt)] | //script[not(@src)] | //*[@*[starts-with(name(), 'on')]]"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing of each request."""


@contextmanager
def serve_folder(folder):
    """Serve a folder as any web server would; its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def list_faults(root, base_url=""):
    """List what is wrong with the pages of a site: links that lead nowhere, ids twice, what is forbidden."""
    faults = []
    for path in sorted(root.rglob("*.html")):
        page, where = html.parse(path), str(path.relative_to(root))
        ids = page.xpath("//@id")
        faults += [f"{where}: {html.tostring(wrong)[:80]}" for wrong in page.xpath(FORBIDDEN)]
        faults += [f"{where}: id {name} twice" for name in {*ids} if ids.count(name) > 1]
        for link in page.xpath(LINKS):
            own = link.removeprefix(base_url) or "/"
            if urlsplit(own).scheme:
                continue  # to a source, in words of its own
            file = root / urlsplit(urljoin(f"/{where}", own)).path.lstrip("/")
            if not (file / "index.html" if file.is_dir() else file).is_file():
                faults.append(f"{where}: {link} leads nowhere")
    return faults


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A small home, in which men were taken for women."""
    folder = tmp_path_factory.mktemp("edition")
    made = configuration.load_settings(home=folder / "home", environment={})
    publish_release(write_sexes(folder / "wrong", swapped=True), made, MADE_ON)
    return made


@pytest.fixture(scope="module")
def edition(home):
    """Its edition: the path that a web server is given."""
    out = home.home.parent / "site"
    with pytest.MonkeyPatch.context() as patch:
        bundles.make_quickly(patch)
        build_edition(home, MADE_ON, out, BASE, quiet)
    return out


@pytest.fixture(scope="module")
def address(edition):
    with serve_folder(edition) as served:
        yield served


def test_every_link_leads_somewhere_and_each_page_and_file_is_there_in_both_languages(edition):
    assert list_faults(edition.resolve(), BASE) == []
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
    package = json.loads((edition / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        assert (edition / resource["path"]).stat().st_size == resource["bytes"]
    assert {"counts", "public-victims"} <= {resource["name"] for resource in package["resources"]}


def test_no_page_speaks_of_our_documents_files_and_commands(edition):
    # The SQL of a table stands in its definition as it is asked.
    words = "//body//text()[not(ancestor::pre or ancestor::code or ancestor::script)]"
    said = {str(path): " ".join(html.parse(path).xpath(words)) for path in edition.rglob("*.html")}
    assert [path for path, text in said.items() if re.search(FOR_A_SHELL, text)] == []


def test_a_language_without_the_words_of_pages_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.delitem(TRANSLATED["es"].edition, "skip")
    with pytest.raises(ConfigError, match=r"The edition in 'es' has no words for: skip\. .*locales/es\.toml"):
        assert Site(None, tmp_path, "", "es").words


def test_no_two_places_have_one_address_and_none_that_of_a_year():
    slugs = {"St. John": "st-john", "St John": "st-john-2", "2024": "2024-2", "Peñón": "penon", "東": "none"}
    assert make_slugs(list(slugs), ["2024"]) == slugs


def test_another_edition_takes_its_place_in_one_step_and_one_that_fails_leaves_the_last(home, edition, monkeypatch):
    before, file = edition.resolve(), (edition / "index.html").stat().st_ino
    left = edition.with_name(".site-left")  # of a run that was killed
    left.mkdir()
    left.joinpath(LINK).symlink_to(left.name)
    bundles.make_quickly(monkeypatch)
    build_edition(home, MADE_ON, edition, BASE, quiet)
    assert edition.resolve() != before
    assert not before.exists()
    assert (edition / "index.html").stat().st_ino == file  # what did not change
    assert edition in list_editions(home.home)
    # As a purge says to make it again, without the address it was made for.
    build_edition(home, MADE_ON, edition, "", quiet)
    assert (edition / "feed.xml").is_file()

    def fail(*_):
        raise DataError("It is full.")

    last = edition.resolve()
    monkeypatch.setattr("longevity.edition.public_data.write_data", fail)
    with pytest.raises(DataError, match="It is full"):
        build_edition(home, MADE_ON, edition, "https://other.example", quiet)
    assert edition.resolve() == last
    assert [path.name for path in edition.parent.glob(".site-*")] == [last.name]


def test_on_the_day_its_data_have_grown_old_an_edition_is_written_again(home, tmp_path, monkeypatch):
    monkeypatch.setattr("longevity.edition.build._write_language", lambda *_: None)
    said = []
    for days in (2, 1, 0):
        build_edition(home, OLD_AFTER - timedelta(days=days), tmp_path / "site", BASE, said.append)
    assert len([words for words in said if words.startswith("Writing")]) == 2


def test_a_chart_with_other_choices_has_pictures_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setattr(Site, "_draw_picture", lambda _, slug, drawn: slug)
    site = Site(None, tmp_path, "")
    choices = ({}, {"city": "East"}, {"city": "West"})
    slugs = [site.add_picture(SimpleNamespace(name="a", changes=changes)) for changes in choices]
    assert slugs == ["a", "a-east", "a-west"]


@pytest.mark.parametrize(("language", "month"), [("en", "Apr"), ("es", "abr")])
def test_months_in_a_chart_are_in_its_language(tmp_path, monkeypatch, language, month):
    days = {"type": "scatter", "x": ["2025-03-01", "2025-04-01", "2025-05-01"], "y": [1, 2, 3]}
    figure = {"data": [days], "layout": {"height": 300, "xaxis": {"type": "date", "tickformat": "%b"}}}
    for name in ("table_files.write_csv", "_list_key"):
        monkeypatch.setattr(f"longevity.edition.site.{name}", lambda *_: "")
    drawn = SimpleNamespace(name="a", changes={}, figure=figure, draw_in=lambda _: figure, table=None, about=None)
    with speaking(language):
        site = Site(None, tmp_path, "", language)
        site.add_picture(drawn)
    pictures = [*tmp_path.rglob("*.svg")]
    assert len(pictures) == 4
    assert [path for path in pictures if f">{month}<" not in path.read_text("utf-8")] == []


@pytest.mark.audit
def test_an_edition_is_readable_for_a_web_server_whatever_the_umask(home, tmp_path):
    before = os.umask(0o077)
    try:
        build_edition(home, MADE_ON, tmp_path / "site", "", quiet)
    finally:
        os.umask(before)
    folder = (tmp_path / "site").resolve()
    modes = {path.is_dir(): path.stat().st_mode & 0o777 for path in (folder, *folder.rglob("*"))}
    wrong = [path for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o777 != modes[path.is_dir()]]
    assert (modes, wrong) == ({True: 0o755, False: 0o644}, [])


def test_the_feed_says_nothing_of_a_release_that_is_kept_no_more(home, tmp_path):
    store = Store(home.home)
    kept = store.current().id
    said = [{"release": name, "sentences": ["Changed."]} for name in (kept, "2025-01-01-0123456789ab")]
    (tmp_path / "changes.json").write_text(json.dumps(said))
    assert _read_changes(tmp_path, "2025-05-05-0123456789ab", store) == said[:1]
    assert _read_changes(tmp_path, kept, store) == []  # it says itself what changed with it


@pytest.mark.audit
def test_what_others_keep_next_to_an_edition_stays(home, edition):
    """Also where the name of the edition means something else to a shell, and where nothing is built."""
    out = edition.with_name("[ab]")
    kept = [edition.with_name(name) for name in (".[ab]-kept", ".a-kept", ".[ab]-link")]
    kept[0].mkdir()
    kept[1].mkdir()
    kept[1].joinpath(LINK).symlink_to(kept[1].name)
    kept[2].symlink_to(kept[0].name)
    for _ in range(2):
        build_edition(home, MADE_ON, out, "", quiet)
    assert {path.name for path in edition.parent.glob(".[[]ab[]]-*")} == {
        *(path.name for path in kept if path.name.startswith(".[")),
        out.resolve().name,
    }
    assert kept[1].joinpath(LINK).is_symlink()
    assert not out.joinpath(LINK).is_symlink()


@pytest.mark.parametrize("mark", ["release.json", LINK])
def test_what_a_kill_left_of_an_older_edition_goes_with_the_next_build(tmp_path, monkeypatch, mark):
    """Killed at each file that is removed: its pages may say what was purged since."""

    def remove(unlink, *path, **where):
        if next(kills, False):
            raise KeyboardInterrupt
        unlink(*path, **where)

    monkeypatch.setattr(os, "unlink", partial(remove, os.unlink))
    left = tmp_path / ".site-left"
    for killed in range(4):
        (left / "map").mkdir(parents=True)
        left.joinpath(LINK).symlink_to(left.name)
        for name in ("map/index.html", "changes.json", mark if mark != LINK else "feed.xml"):
            left.joinpath(name).touch()
        kills = iter([False] * killed + [True])
        with pytest.raises(KeyboardInterrupt), _hold_lock(tmp_path / "site"):
            pass
        with _hold_lock(tmp_path / "site"):
            pass
        assert not left.exists()


def test_neither_a_run_nor_a_folder_is_written_over(home, edition, tmp_path):
    with edition.with_name(".site.lock").open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(DataError, match="Another edition is being written"):
            build_edition(home, TODAY, edition, BASE, quiet)
    (tmp_path / "index.html").write_text("another's")
    with pytest.raises(UsageError, match="is there and is no edition"):
        build_edition(home, TODAY, tmp_path, "", quiet)
    assert (tmp_path / "index.html").read_text() == "another's"


def test_an_edition_of_another_secret_is_not_written_over(home, edition):
    stamp = edition / "release.json"
    said = json.loads(stamp.read_text())
    drawn_by = Store(home.home).current().manifest["drawn_by"]
    assert said["drawn_by"] == drawn_by
    key = (home.home / "signing" / "key").read_bytes()
    files = [path.read_bytes() for path in edition.resolve().rglob("*") if path.is_file()]
    assert not [content for content in files if key in content or key.hex().encode() in content]

    last = edition.resolve()
    stamp.write_text(json.dumps(said | {"drawn_by": "another"}))
    with pytest.raises(DataError, match="drawn by another secret"):
        build_edition(home, MADE_ON, edition, BASE, quiet)
    assert edition.resolve() == last
    stamp.write_text(json.dumps(said))


@pytest.mark.audit
def test_made_again_when_its_data_have_grown_old_it_says_so_without_a_script(home, tmp_path):
    out = tmp_path / "site"
    for day, hidden in ((OLD_AFTER - timedelta(days=1), " hidden"), (OLD_AFTER, "")):
        build_edition(home, day, out, BASE, quiet)
        for page in ("index.html", "es/index.html", "embed/years/index.html"):
            assert f'data-old-after="{OLD_AFTER}"{hidden}>' in (out / page).read_text()


@pytest.mark.audit
def test_a_withdrawn_table_goes_from_every_release_of_the_edition(home, tmp_path):
    extracts, out = home.home.parent / "wrong", tmp_path / "site"
    build = partial(build_edition, home, TODAY, out, BASE, quiet)
    build()
    wrong = json.loads((out / "release.json").read_text())["release"]
    assert ",female,40" in (out / "charts/victims-by-attribute-sex.csv").read_text()
    publish_release(extracts, home, TODAY, "swapped", withdrawals=Withdrawals((("sex", 2024),), ("hartford",)))
    build()
    files = [path for path in out.resolve().rglob("*.csv") if "attribute" in path.name or "victims" in path.name]
    assert (out / "r" / wrong / "index.html").is_file()
    assert not [path for path in files if ",female,40" in path.read_text()]


@pytest.fixture
def opened(browser, address, request):
    """A page of the edition: nothing that it does is against its policy, or from outside."""
    with_script = getattr(request, "param", True)
    context = browser.new_context(java_script_enabled=with_script)
    page, wrong = context.new_page(), []
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    ours = (address, "data:", "blob:")
    page.on("request", lambda asked: asked.url.startswith(ours) or wrong.append(asked.url))
    page.goto(f"{address}/")
    yield page
    context.close()
    assert not wrong


def test_a_reader_points_at_a_chart_changes_the_language_and_finds_a_page(opened):
    start = opened.url
    # A chart answers to the pointer once it is in view.
    expect(opened.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    expect(opened.locator("main picture").first).to_be_hidden()
    opened.goto(f"{start}press/years/")
    opened.get_by_role("link", name="Español").click()
    expect(opened.locator("h1")).to_contain_text("Año por año")
    expect(opened.locator("main .subtitle").first).to_contain_text("por año")
    expect(opened.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    assert opened.url.endswith("/es/press/years/")
    opened.get_by_role("link", name="English").click()
    expect(opened.locator("h1")).to_contain_text("Year by year")
    assert not opened.url.endswith("/es/press/years/")
    opened.goto(f"{start}search/")
    opened.get_by_label("Find a page").fill("map hartford 2024")
    found = opened.locator(".found li").filter(visible=True)
    expect(found).to_have_count(1)
    found.get_by_role("link").click()
    expect(opened.locator("h1")).to_contain_text("Hartford")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "Data through April 30, 2025. These data are old"),
        ("es/map/hartford/", "Datos hasta el 30 de abril de 2025. Estos datos son viejos"),
        ("embed/years/", "Data through April 30, 2025. These data are old"),
    ],
)
def test_a_page_says_by_its_readers_clock_that_its_data_are_old(browser, address, path, words):
    page = browser.new_page()
    for day, is_old in ((OLD_AFTER - timedelta(days=1), False), (OLD_AFTER, True)):
        page.clock.set_fixed_time(f"{day}T12:00")
        page.goto(f"{address}/{path}")
        expect(page.locator("p", has=page.locator("[data-old-after]"))).to_contain_text(words)
        expect(page.locator("[data-old-after]")).to_be_visible(visible=is_old)
    page.close()


@pytest.mark.parametrize("opened", [False], indirect=True)
def test_without_a_script_the_answer_and_the_chart_are_there(opened):
    expect(opened.locator("main .answer").first).to_contain_text("Hartford")
    picture = opened.locator("main picture img").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 760)
    assert picture.get_attribute("alt")


def test_an_embed_says_how_tall_it_is(browser, address, tmp_path):
    (tmp_path / "index.html").write_text(
        f"<iframe src='{address}/embed/years/' height=10></iframe><script src='{address}/assets/embed.js'></script>"
    )
    with serve_folder(tmp_path) as other:
        page = browser.new_page()
        page.goto(other)
        page.wait_for_function("document.querySelector('iframe').offsetHeight > 300")
        page.close()


def look_at(browser, address, paths, look, width):
    """What axe finds on these pages, and which of them scroll sideways."""
    found, wide = Counter(), []
    context = browser.new_context(color_scheme=look, viewport={"width": width, "height": 900})
    page = context.new_page()
    for path in paths:
        page.goto(f"{address}/{path}")
        found.update(violations(page))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(path)
    context.close()
    return found, wide


@pytest.mark.parametrize("look", ["light", pytest.param("dark", marks=pytest.mark.audit)])
def test_axe_finds_nothing_on_a_phone(browser, address, look):
    paths = ["", "map/hartford/", "press/years/", "search/", "es/map/hartford/"]
    assert look_at(browser, address, paths, look, 390) == ({}, [])


# The demonstration's, whole
TEXTS = (".html", ".csv", ".json", ".svg", ".xml", ".txt", ".parquet")
LEAST_PAGES, LEAST_TEXTS, LEAST_CODES, LEAST_MAPS = 130, 700, 30_000, 50
CHANGES = "places-changes.csv"


@pytest.fixture(scope="module")
def whole(published, tmp_path_factory):
    out = tmp_path_factory.mktemp("edition") / "site"
    home = shutil.copytree(published.home, out.with_name("home"))
    assert build_edition(replace(published, home=home), TODAY, out, BASE, quiet) >= LEAST_PAGES
    return out.resolve()


@pytest.mark.audit
def test_no_file_of_the_whole_has_a_code_of_a_group_or_a_person_and_every_link_leads_somewhere(whole, published):
    secret = Codes(crawler.codes(Store(published.home).current(), published.cities))
    files = [path for path in whole.rglob("*.*") if path.suffix in TEXTS]
    found = {path.name: secret.within(path.read_bytes().decode("utf-8", "replace")) for path in files}
    assert {name: codes for name, codes in found.items() if codes} == {}
    assert len(files) >= LEAST_TEXTS
    assert len(secret.all) >= LEAST_CODES
    assert list_faults(whole, BASE) == []


@pytest.mark.audit
def test_the_rows_a_page_leads_to_are_its_own(whole):
    pages = [path for path in whole.rglob("map/*/**/index.html") if CHANGES in path.read_text()]
    for path in pages:
        (link,) = [at for at in html.parse(path).xpath(LINKS) if at.endswith(CHANGES)]
        shown, rows = pd.read_html(path)[0], pd.read_csv(path.parent / link)
        for name in ("Neighbourhood", "Now"):  # which a Spanish page heads otherwise
            at = rows.columns.get_loc(name)
            assert shown.iloc[:, at].tolist() == rows.iloc[:, at].tolist(), path
    assert len(pages) >= LEAST_MAPS


@pytest.mark.audit
@pytest.mark.parametrize(("look", "width"), [("light", 1440), ("dark", 390)])
def test_every_page_of_the_whole_is_read_by_all_and_is_no_wider_than_the_screen(whole, browser, look, width):
    with serve_folder(whole) as address:
        paths = sorted(str(path.relative_to(whole)) for path in whole.rglob("index.html"))
        assert look_at(browser, address, paths, look, width) == ({}, [])
