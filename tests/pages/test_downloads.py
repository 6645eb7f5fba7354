"""The record of downloads: a click adds a line, and only the state reads it."""

from __future__ import annotations

import json
import stat

import pytest

from longevity.auth.viewers import STATE
from longevity.outputs import table_files
from longevity.outputs.bundle.browser import NoBrowserError
from longevity.release.store import Store
from longevity.ui import download_log
from tests.drivers import screens
from tests.factories import odd_release


def test_what_is_not_made_is_not_recorded(tmp_path, monkeypatch):
    settings = odd_release.publish_release(tmp_path)
    files = screens.files(monkeypatch)
    screens.visit(monkeypatch, settings, "support", "state")

    def breaks(*_: object) -> bytes:
        raise NoBrowserError

    monkeypatch.setattr(table_files, "write_csv", breaks)
    with pytest.raises(NoBrowserError):
        next(iter(files.values()))()
    assert not (settings.home / download_log.FOLDER).exists()


@pytest.mark.parametrize("page", ["briefing", "this_week", "press_desk"])
def test_a_click_on_what_it_makes_runs_nothing(monkeypatch, published, page):
    # A run begun by the click could take the file from under it (docs/decisions/0042).
    app = screens.visit(monkeypatch, published, page)
    made = [one.proto for one in app.download_button]
    assert made
    assert all(one.deferred_file_id for one in made)
    assert all(one.ignore_rerun for one in made)


def test_a_file_with_what_the_public_may_not_have_says_so_in_its_name(warehouse):
    named = warehouse.run("exits_from_custody", {}, STATE).provenance
    assert table_files.name_csv_file("x", named) == f"NOT-FOR-RELEASE-SYNTHETIC-x-{named.release_id}.csv"
    public = warehouse.run("counts", {}, STATE).provenance
    assert table_files.name_csv_file("x", public) == f"SYNTHETIC-x-{public.release_id}.csv"


def test_a_click_is_recorded(tmp_path, monkeypatch):
    settings = odd_release.publish_release(tmp_path)
    files = screens.files(monkeypatch)
    app = screens.visit(monkeypatch, settings, "support", "state")
    assert not (settings.home / "exports").exists()
    make = next(iter(files.values()))
    make()
    (path,) = (settings.home / "exports").glob("*.jsonl")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    (line,) = [json.loads(text) for text in path.read_text().splitlines()]
    assert line["subject"] == "demonstration visitor"
    assert line["viewer"] == "state"
    assert line["release_id"] == Store(settings.home).read_current_id()
    assert line["query"]
    # What was asked, and nothing out of a row.
    for code in ("p1", "p4", "g1", "Schist"):
        assert code not in json.dumps(line).replace('"', " ").split()
    app.run()
    assert not app.exception
    assert len(path.read_text().splitlines()) == 1  # a run is no click
    make()
    assert len(path.read_text().splitlines()) == 2
