"""A disk that fills up on the way: nothing lost, nothing half written, and a sentence."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from longevity import append_log
from longevity.app.publish import publish_release as publish
from longevity.checks import check as checking
from longevity.errors import DataError, describe_error
from longevity.ingest import importing
from longevity.release import crosscheck, purge
from longevity.release.store import Store
from longevity.scratch import open_scratch
from tests.conftest import TODAY
from tests.factories import full_disk, odd_release
from tests.release.test_publish import contents, small

SAID = "No space left on device"
MAKE_ROOM = "Make room on that disk, then try again."
# Bytes left: at once, within the extracts, within what is built of them.
ROOMS = (0, 20_000, 40_000, 60_000)

MAPPING = """
[incidents.columns]
incident_id = "case"
city = "city"
occurred_at = { from = "happened", format = "%m/%d/%Y %H:%M" }
location_precision = { constant = "city" }
circumstance = { constant = "criminal" }

[victims.columns]
outcome = { from = "died", values = { Y = "fatal", N = "nonfatal" } }
weapon = { constant = "firearm" }
"""


@pytest.fixture
def disk(tmp_path):
    """A disk of 64 megabytes."""
    with full_disk.disk(tmp_path / "disk", 64) as place:
        yield place


def test_a_publish_leaves_what_was_served(disk, tmp_path, settings):
    home = disk / "home"
    settings = replace(settings, home=home)
    old = publish(small(tmp_path / "old"), settings, TODAY)
    before = contents(home)
    new = small(tmp_path / "new", extra=1)
    for room in ROOMS:
        full_disk.leave(disk, room)
        with pytest.raises(DataError) as refused:
            publish(new, settings, TODAY)
        assert SAID in refused.value.what
        assert "is still served" in refused.value.do
        assert MAKE_ROOM in refused.value.do
        assert contents(home) == before
        full_disk.empty(disk)
    assert Store(home).current().id == old.release_id
    assert publish(new, settings, TODAY).release_id == Store(home).current().id != old.release_id


def test_a_purge_ends_when_there_is_room_again(disk, tmp_path):
    published = odd_release.publish_release(tmp_path)
    shutil.copytree(published.home, disk / "home")
    settings = replace(published, home=disk / "home")
    before = Store(settings.home).current().id
    full_disk.leave(disk, 0)
    with pytest.raises(DataError, match=SAID) as stopped:
        purge.destroy_person(settings, "p5", TODAY)
    assert "run the same purge again" in stopped.value.do
    assert {one.damage for one in Store(settings.home).list_releases()} == {None}
    full_disk.empty(disk)
    purge.destroy_person(settings, "p5", TODAY)
    assert Store(settings.home).current().id == before
    assert {one.damage for one in Store(settings.home).list_releases()} == {None}


def test_an_import_leaves_the_folder_as_it_was(disk, tmp_path, settings):
    def source(name: str, month: int) -> Path:
        rows = [f"{name}{n},new_haven,{month:02}/{1 + n % 28:02}/2020 10:00,N" for n in range(3000)]
        rows.append(f"{name},nowhere,{month:02}/01/2020 10:00,N")
        path = tmp_path / f"{name}.csv"
        path.write_text("\n".join(["case,city,happened,died", *rows]), encoding="utf-8")
        return path

    mapping, out = tmp_path / "m.toml", disk / "extracts"
    mapping.write_text(MAPPING, encoding="utf-8")
    importing.import_source(source("a", 6), mapping, out, settings, TODAY)
    before, more = contents(out), source("b", 7)
    # The last ones end within the sums, of which the old parts are read: none is damaged.
    for room in (0, 8_192, 65_536, 90_112, 131_072):
        full_disk.leave(disk, room)
        with pytest.raises(DataError) as stopped:
            importing.import_source(more, mapping, out, settings, TODAY)
        assert stopped.value.what == f"The import stopped: {SAID}."
        assert stopped.value.do.endswith(MAKE_ROOM)
        full_disk.empty(disk)
        assert contents(out) == before
    assert importing.import_source(more, mapping, out, settings, TODAY).rows_out["victims"] == 3000


def test_a_record_is_not_taken_for_written(disk):
    """A disk may take the beginning of a line before it says that it is full."""
    path = disk / "record.jsonl"
    append_log.append_line(path, {"at": 1, "filler": "x" * 3000})
    full_disk.leave(disk, 0)
    with pytest.raises(OSError, match=SAID):
        append_log.append_line(path, {"at": 2, "filler": "x" * 3000})
    full_disk.empty(disk)
    append_log.append_line(path, {"at": 3})
    assert [line["at"] for line in append_log.read_lines(path)] == [1, 3]


def test_a_key_is_made_whole_or_not_at_all(disk):
    full_disk.leave(disk, 0)
    with pytest.raises(OSError, match=SAID):
        append_log.ensure_key(disk / "signing")
    full_disk.empty(disk)
    assert not contents(disk)
    assert len(append_log.ensure_key(disk / "signing")) == append_log.KEY_BYTES


def test_no_room_to_work_in_is_no_fault_of_a_file(disk, tmp_path, settings, monkeypatch):
    full_disk.leave(disk, 2**20)
    with pytest.raises(duckdb.Error) as found, open_scratch(disk / "spill", "40MB") as connection:
        connection.execute("SET threads = 1")
        connection.execute("CREATE TABLE much AS SELECT hash(range)::VARCHAR FROM range(3000000)")
    assert describe_error(found.value) == SAID
    folder = small(tmp_path / "in")
    publish(folder, settings, TODAY)

    def full(*_: object, **__: object) -> None:
        raise found.value

    monkeypatch.setattr(checking.personal_data, "find_values", full)
    with pytest.raises(DataError, match=f"The check stopped: {SAID}"):
        checking.check_extracts(folder, settings, TODAY)
    monkeypatch.setattr(crosscheck, "build_release", full)
    with pytest.raises(DataError, match=f"The comparison stopped: {SAID}"):
        crosscheck.check_against_served(folder, settings)
