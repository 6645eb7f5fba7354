"""Files that a screen hands out: the press desk's are the public's for every viewer, and a click is recorded."""

import json
import stat

import pytest

from longevity.auth.viewers import STATE
from longevity.outputs import browser, table_files
from longevity.outputs.browser import NoBrowserError
from longevity.outputs.bundle import picture
from longevity.release.store import Store
from longevity.screens.chart_catalogue import chart_list
from longevity.ui import download_log
from tests.drivers import screens
from tests.factories import odd_release

PAGE = "press_desk"


def list_files(app):
    """The files that are offered, but for the rows as the screen has them."""
    return [button.label for button in app.download_button if button.label != "Download CSV"]


def test_a_link_shows_the_exact_picture_and_its_files(monkeypatch, published):
    link = {"chart": "twelve-months", "measure": "fatal", "title": "topic"}
    app = screens.visit(monkeypatch, published, PAGE, viewer="state", **link)
    assert not app.exception
    assert {key: app.selectbox(key=key).value for key in link} == link
    assert len(app.get("image")) == 1
    tiles = [button for button in app.button if str(button.key).startswith("press.tile.")]
    assert len(tiles) == len([entry for entry in chart_list.ENTRIES.values() if not entry.why_not_public])
    wanted = ["Download everything (ZIP)", "PNG", "SVG", "PDF", "PowerPoint", "CSV"]
    assert list_files(app)[: len(wanted)] == wanted
    said = " ".join(map(screens.as_read, screens.texts(app)))
    assert "NOT FOR RELEASE" not in said
    # The public record is the same for all: only as whom it was asked tells the two apart.
    assert "viewer = public" in said
    assert "viewer = state" not in said


def test_another_choice_is_another_picture_and_one_that_is_kept_is_not_drawn(monkeypatch, published):
    app = screens.visit(monkeypatch, published, PAGE, chart="years")
    (first,) = app.get("image")
    app.selectbox(key="measure").set_value("fatal").run()
    (second,) = app.get("image")
    assert first.proto.imgs[0].url != second.proto.imgs[0].url
    monkeypatch.setattr(picture, "draw_svg", lambda *_: pytest.fail("it is kept"))
    again = screens.visit(monkeypatch, published, PAGE, chart="years")
    assert not again.exception
    assert len(again.get("image")) == 1


def test_without_a_browser_the_page_says_so_and_shows_the_chart(monkeypatch, published):
    browser.BROWSER.close()
    monkeypatch.setenv("LONGEVITY_CHROMIUM", "/nowhere/chromium")
    # A measure no other test draws: what was drawn already is kept.
    app = screens.visit(monkeypatch, published, PAGE, chart="year-to-date", measure="nonfatal")
    assert not app.exception
    assert any("Install" in screens.as_read(warning.value) for warning in app.warning)
    assert len(screens.figures(app)) == 1
    assert "CSV" in list_files(app)


def test_every_chart_of_a_screen_leads_here_with_its_parameters(monkeypatch, published):
    app = screens.visit(monkeypatch, published, "compare_cities", measure="fatal")
    links = [link.proto.query_string for link in app.get("page_link") if link.proto.label == "Export"]
    assert len(links) >= 3
    assert any("chart=twelve-months" in link and "measure=fatal" in link for link in links)


def test_a_click_is_recorded_and_what_is_not_made_is_not(tmp_path, monkeypatch):
    settings = odd_release.publish_release(tmp_path)
    files = screens.files(monkeypatch)
    app = screens.visit(monkeypatch, settings, "support", "state")
    make, folder = next(iter(files.values())), settings.home / download_log.FOLDER
    with monkeypatch.context() as breaking:

        def fail(*_):
            raise NoBrowserError

        breaking.setattr(table_files, "write_csv", fail)
        with pytest.raises(NoBrowserError):
            make()
    assert not folder.exists()
    make()
    (path,) = folder.glob("*.jsonl")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (line,) = [json.loads(text) for text in path.read_text().splitlines()]
    assert (line["subject"], line["viewer"]) == ("demonstration visitor", "state")
    assert line["release_id"] == Store(settings.home).read_current_id()
    assert line["query"]
    # What was asked, and nothing out of a row.
    assert not {"p1", "p4", "g1", "Schist"} & {*json.dumps(line).replace('"', " ").split()}
    app.run()
    assert not app.exception
    assert len(path.read_text().splitlines()) == 1  # a run is no click
    make()
    assert len(path.read_text().splitlines()) == 2


@pytest.mark.parametrize("page", ["briefing", "this_week", PAGE])
def test_a_click_on_what_it_makes_runs_nothing(monkeypatch, published, page):
    # A run begun by the click could take the file from under it (docs/decisions/0042).
    app = screens.visit(monkeypatch, published, page)
    made = [button.proto for button in app.download_button]
    assert made
    assert all(button.deferred_file_id for button in made)
    assert all(button.ignore_rerun for button in made)


def test_a_file_with_what_the_public_may_not_have_says_so_in_its_name(warehouse):
    named = warehouse.run("exits_from_custody", {}, STATE).provenance
    assert table_files.name_csv_file("x", named) == f"NOT-FOR-RELEASE-SYNTHETIC-x-{named.release_id}.csv"
    public = warehouse.run("counts", {}, STATE).provenance
    assert table_files.name_csv_file("x", public) == f"SYNTHETIC-x-{public.release_id}.csv"
