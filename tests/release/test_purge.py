"""Purge: a person is gone from everything that is kept, and does not come back."""

import json
import logging
import shutil
import stat
import subprocess
import sys
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from longevity import cli
from longevity.auth.viewers import PUBLIC, STATE
from longevity.base import append_log
from longevity.base.errors import AccessError, DataError, UsageError
from longevity.edition.build import EDITIONS
from longevity.ingest.importing import one_file
from longevity.release import crosscheck, lock, manifest, purge, tombstones
from longevity.release.person_references import Codes
from longevity.release.store import Store
from longevity.settings import ROOT
from longevity.ui import download_log
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY, quiet
from tests.drivers.disk import Disk, flip, read_files
from tests.drivers.publishing import publish
from tests.drivers.steps import act_before
from tests.factories import configs, purge_home
from tests.factories.purge_home import ENDS_ALIKE, GONE, STAYS, find_text


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return purge_home.build_home(tmp_path_factory.mktemp("purge"))


@pytest.fixture
def kept(made, tmp_path):
    return configs.copy_home(made, tmp_path / "home")


def named(settings, extract):
    """One extract of every release that holds it."""
    store = Store(settings.home)
    for release_id in store.list_ids():
        release = store.open(release_id)
        if release.has(f"named/{extract}.parquet"):
            yield pq.read_table(release.member(f"named/{extract}.parquet")).to_pandas()


def answers(settings, viewer):
    """Every question there is, of every release."""
    found = {}
    store = Store(settings.home)
    for release_id in store.list_ids():
        warehouse = Warehouse(store.open(release_id), settings)
        for name in warehouse.queries:
            with suppress(AccessError):  # not for this viewer
                found[f"{release_id} {name}"] = warehouse.run(name, {}, viewer).frame
        warehouse.close()
    return found


def test_what_is_found_before_is_nowhere_after(kept, caplog):
    before, releases = find_text(kept.home, GONE), Store(kept.home).list_ids()
    wanted = {
        "people", "memberships", "supervision_spells", "custom_notifications",
        "enforcement_actions", "releases_from_custody", "supervision_contacts", "services",
    }  # fmt: skip
    for release_id in releases:
        assert {f"releases/{release_id}/named/{name}.parquet" for name in wanted} <= before
    assert {"invitations.parquet", "manifest.json"} <= {Path(name).name for name in before}
    pictures = [Store(kept.home).find_pictures(name) / "a" for name in releases]
    for folder in pictures:
        folder.mkdir(parents=True)
        (folder / "card.svg").write_text("<svg/>")
    (kept.home / "lost+found").mkdir()  # as a disk of its own has
    for name in (one_file.KEY_FILE, one_file.KEY_MADE):  # as an import with codes writes them
        (kept.home / name).touch()
    with caplog.at_level(logging.DEBUG):
        report = purge.destroy_person(kept, GONE, TODAY)
    assert GONE not in caplog.text
    assert find_text(kept.home, GONE) == set()
    assert (report.people, report.releases, report.remains) == (1, 2, [])
    assert {release.damage for release in Store(kept.home).list_releases()} == {None}
    assert not any(path.name.startswith(".") for path in kept.home.rglob("*"))
    assert not any(folder.exists() for folder in pictures)  # they may show what was so before


def test_what_a_purge_writes_is_on_the_disk_before_a_manifest_names_it(kept, monkeypatch):
    disk = Disk(kept.home, monkeypatch)
    purge.destroy_person(kept, GONE, TODAY)
    assert disk.find_lacking(manifest.NAME) == [([], [])] * 2


def test_who_is_destroyed_is_on_record_before_the_first_release_is_without_them(kept, monkeypatch):
    def stop():
        raise KeyboardInterrupt

    act_before(monkeypatch, "longevity.release.manifest.write_manifest", stop)
    with pytest.raises(KeyboardInterrupt):
        purge.destroy_person(kept, GONE, TODAY)
    assert (kept.home / "destroyed" / "record.jsonl").exists()


@pytest.mark.parametrize(("code", "is_found_within"), [("c1234", False), ("c12345", True), ("c123456", True)])
def test_a_short_code_is_looked_for_as_a_whole_text_only(code, is_found_within):
    with closing(duckdb.connect()) as connection:
        codes = Codes(connection, {code})
        assert codes.is_in_text(f"with {code}, east") is is_found_within
        assert codes.is_in_text(f" {code} ")
        assert not codes.is_in_text(f"with {code}1, east")


@pytest.fixture(scope="module")
def purged(made, tmp_path_factory):
    """A copy from which the person is gone. Read only."""
    settings = configs.copy_home(made, tmp_path_factory.mktemp("purged") / "home")
    purge.destroy_person(settings, GONE, TODAY)
    return settings


def test_everybody_else_stays(purged):
    for people in named(purged, "people"):
        assert list(people["person_id"]) == [STAYS]
    for exits in named(purged, "releases_from_custody"):
        assert list(exits["person_id"]) == [STAYS, STAYS]
        # One text held the other's code, one a longer code that ends as it does.
        assert exits["facility"].dropna().to_list() == [f"with {ENDS_ALIKE}, east"]
    # An action on a group stays without the person.
    for actions in named(purged, "enforcement_actions"):
        left = dict(zip(actions["action_id"], actions["person_id"], strict=True))
        assert set(left) == {"action-00002", "a3", "a5"}
        assert left["action-00002"] == STAYS
        assert pd.isna(left["a3"])
        assert pd.isna(left["a5"])


def test_ids_and_aggregates_are_as_they_were_byte_for_byte(made, purged):
    both = (read_files(settings.home / "releases") for settings in (made, purged))
    before, after = ({at: files[at] for at in files if "/built/" in at or "/extracts/" in at} for files in both)
    assert len(before) > 10
    assert after == before
    assert Store(purged.home).list_ids() == Store(made.home).list_ids()


@pytest.mark.audit
def test_public_answers_are_the_same_and_every_question_still_runs(made, purged):
    before, after = answers(made, PUBLIC), answers(purged, PUBLIC)
    assert len(before) > 20
    assert before.keys() == after.keys()
    for name, frame in before.items():
        pd.testing.assert_frame_equal(frame, after[name])
    for frame in answers(purged, STATE).values():
        assert GONE not in frame.to_csv().replace(STAYS, "").replace(ENDS_ALIKE, "")


def test_the_record_holds_a_keyed_hash_and_a_day_and_says_of_nobody_whether_they_are_in_it(kept):
    purge.destroy_person(kept, GONE, TODAY)
    record = kept.home / "destroyed" / "record.jsonl"
    (line,) = record.read_text().splitlines()
    said = json.loads(line)
    assert (said["destroyed_on"], said["why"], len(said["code"])) == (TODAY.isoformat(), "request", 64)
    for path in record.parent.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    refused = []
    for code in (GONE, "never-listed"):
        with pytest.raises(UsageError) as error:
            purge.destroy_person(kept, code, TODAY)
        refused.append(str(error.value))
    assert refused[0] == refused[1]
    purge.destroy_person(kept, STAYS, TODAY)
    lines = record.read_text().splitlines()
    assert (lines[0], len(lines)) == (line, 2)  # it only grows


def test_a_returning_code_is_dropped_and_reported_without_it(kept, tmp_path):
    purge.destroy_person(kept, GONE, TODAY)
    folder = purge_home.write_extracts(tmp_path / "again", date(2026, 11, 22))
    assert "destroyed_code_returned" in {finding.rule for finding in crosscheck.check_against_served(folder, kept)}
    report = publish(folder, kept, TODAY, "call-ins are supplied again", quiet)
    (said,) = [finding for finding in report.findings if finding.rule == "destroyed_code_returned"]
    assert said.count == 1
    assert "1 code that had been destroyed came back" in said.sentence
    assert GONE not in repr(report)
    assert find_text(kept.home, GONE) == set()
    release = Store(kept.home).current()
    assert release.id == report.release_id
    assert release.manifest["destroyed"]["people"] == 1
    assert release.manifest["rows"]["people"] == 2


def test_publishing_the_purged_content_again_changes_nothing_and_without_its_key_is_stopped(kept, made):
    served = Store(kept.home).read_current_id()
    purge.destroy_person(kept, GONE, TODAY)
    report = publish(made.home.parent / "second", kept, TODAY, None, quiet)
    assert (report.already, report.release_id) == (True, served)
    assert "destroyed_code_returned" in {finding.rule for finding in report.findings}
    (kept.home / "destroyed" / "key").unlink()
    with pytest.raises(DataError, match="Restore it"):
        publish(made.home.parent / "first", kept, TODAY, None, quiet)


@pytest.mark.parametrize("name", ["record.jsonl", "key"])
@pytest.mark.parametrize("damage", [flip, lambda content: content[:-9], lambda _: b"", None])
def test_a_damaged_record_of_who_was_destroyed_lets_nobody_come_back(kept, name, damage):
    record, again = kept.home / "destroyed" / "record.jsonl", [GONE, "others"]
    tombstones.record_destroyed(kept.home, again, TODAY, "request")
    append_log.append_line(record, {"code": "brought by a pull"})
    assert tombstones.find_returning(kept.home, again) == {*again}
    damaged = record.with_name(name)
    content = damaged.read_bytes()
    damaged.unlink()
    if damage:
        # What a pull brought is not sealed: what was noted here is what is damaged.
        damaged.write_bytes(damage(content[:-30] if name != "key" else content))
    for act in (tombstones.find_returning, lambda *about: tombstones.record_destroyed(*about, TODAY, "request")):
        with pytest.raises(DataError, match="Restore"):
            act(kept.home, again)


def test_who_was_destroyed_is_asked_for_where_the_whole_record_is_lost(kept, made):
    purge.destroy_person(kept, GONE, TODAY)
    shutil.rmtree(kept.home / "destroyed")
    with pytest.raises(DataError, match="destroyed is damaged"):
        publish(made.home.parent / "first", kept, TODAY, None, quiet)


def test_due_are_listings_whose_day_has_passed_in_the_newest_release(kept):
    report = purge.destroy_due(kept, date(2026, 10, 1))
    assert report.people == 0
    assert report.without_day == 1
    assert purge.destroy_due(kept, date(2026, 10, 2), dry_run=True).people == 1
    report = purge.destroy_due(kept, date(2026, 10, 2))
    assert (report.people, report.without_day) == (1, 1)
    assert find_text(kept.home, GONE) == set()
    record = json.loads((kept.home / "destroyed" / "record.jsonl").read_text())
    assert record["why"] == "review_by passed"


def test_a_renewed_listing_is_not_due(kept, tmp_path):
    renewed = purge_home.write_extracts(tmp_path / "renewed", date(2026, 11, 22), date(2031, 1, 1))
    publish(renewed, kept, TODAY, "call-ins are supplied again", quiet)
    assert purge.destroy_due(kept, TODAY).people == 0
    # One that is no longer supplied was not renewed.
    assert purge.destroy_due(kept, date(2031, 1, 2)).people == 1


@pytest.mark.parametrize(("renewed", "due"), [(date(2031, 1, 1), 0), (date(2026, 10, 2), 1)])
def test_a_listing_that_the_other_kind_of_data_renewed_is_not_due(kept, tmp_path, renewed, due):
    rehearsed = purge_home.write_extracts(tmp_path / "rehearsed", date(2026, 11, 22), renewed, "synthetic")
    publish(rehearsed, kept, TODAY, "a rehearsal", quiet)
    assert purge.destroy_due(kept, TODAY).people == due


def test_a_damaged_release_leaves_open_who_is_due(kept):
    (Store(kept.home).current().path / "built" / "daily.parquet").write_bytes(b"")
    with pytest.raises(DataError, match="not known"):
        purge.destroy_due(kept, TODAY)


@pytest.mark.parametrize("damage", ["manifest.json", "named/people.parquet"])
def test_what_is_damaged_and_cannot_be_written_anew_goes_with_the_code(kept, damage):
    path = Store(kept.home).current().path / damage
    path.write_bytes(path.read_bytes()[:-9])
    report = purge.destroy_person(kept, GONE, TODAY)
    assert (find_text(kept.home, GONE), report.remains) == (set(), [])
    assert any("is damaged" in remark for remark in report.remarks)


@pytest.mark.parametrize("name", [f"east_{GONE}.png", "mine"])
def test_what_the_program_did_not_write_is_listed_and_left_alone(kept, monkeypatch, capsys, name):
    path = kept.home / name
    path.write_text(GONE)
    monkeypatch.setattr("longevity.settings.load_settings", lambda: kept)
    assert cli.main(["purge", GONE], TODAY) == 1
    out, err = capsys.readouterr()
    assert str(path).replace(GONE, "(destroyed)") in err
    assert err.count("look into it yourself") == 1
    assert GONE not in out + err
    assert path.exists()
    # And that nothing else holds a code is no proof.
    with pytest.raises(UsageError, match="was not written by the program"):
        purge.destroy_person(kept, "never-listed", TODAY)


def test_a_hidden_folder_in_a_release_stops_no_purge(kept):
    (Store(kept.home).current().path / ".snapshot").mkdir()  # as a network disk makes
    purge.destroy_person(kept, GONE, TODAY)
    assert find_text(kept.home, GONE) == set()


def test_what_upper_layers_keep_in_the_home_is_known_to_a_purge():
    assert {download_log.FOLDER, EDITIONS} <= purge.KEPT


def test_no_command_writes_into_the_home(kept, monkeypatch, capsys):
    monkeypatch.setattr("longevity.settings.load_settings", lambda: kept)
    for words in (["demo", "--out"], ["edition", "--out"], ["publish", str(kept.home.parent), "--edition"]):
        assert cli.main([*words, str(kept.home / "incoming")], TODAY) == 2
        assert f"{words[-1]} {kept.home / 'incoming'} is in LONGEVITY_HOME" in capsys.readouterr().err
    assert not (kept.home / "incoming").exists()


def test_wrong_use_is_refused_and_nobody_due_is_no_error(kept, monkeypatch, capsys):
    monkeypatch.setattr("longevity.settings.load_settings", lambda: kept)
    for words in (["never-listed"], [], [" "], [GONE, "--due"], [GONE, "--dry-run"]):
        assert cli.main(["purge", *words], TODAY) == 2
    assert cli.main(["purge", "--due", "--dry-run"], TODAY) == 0
    assert cli.main(["purge", "--due"], TODAY) == 0
    assert "outside LONGEVITY_HOME are yours" in capsys.readouterr().out
    assert cli.main(["purge", "--due"], TODAY) == 0


def test_an_incident_of_the_same_number_is_not_the_person(kept):
    incidents = Store(kept.home).current().path / "extracts" / "incidents.parquet"
    number = pq.read_table(incidents)["incident_id"][0].as_py()
    with pytest.raises(UsageError):
        purge.destroy_person(kept, number, TODAY)


def test_what_a_killed_prune_left_goes_with_whoever_is_destroyed(kept):
    store = Store(kept.home)
    _, oldest = store.list_newest_first()
    # As a prune leaves it that was killed between the renaming and the removing.
    (store.releases / oldest).rename(store.releases / f".{oldest}")
    purge.destroy_person(kept, GONE, TODAY)
    assert find_text(kept.home, GONE) == set()
    assert store.list_half_removed() == []


def test_a_code_that_nothing_sound_holds_is_refused_and_what_is_damaged_is_named_and_stays(kept):
    damaged = Store(kept.home).current().path / "named" / "people.parquet"
    damaged.write_bytes(damaged.read_bytes()[:-9])
    before = read_files(kept.home)
    with pytest.raises(UsageError, match=f"{damaged} cannot be searched") as error:
        purge.destroy_person(kept, "mistyped", TODAY)
    assert "mistyped" not in str(error.value)
    assert read_files(kept.home) == before


def test_only_one_at_a_time(kept):
    with lock.hold_lock(kept.home):
        for act in (
            lambda: purge.destroy_person(kept, GONE, TODAY),
            lambda: purge.destroy_due(kept, TODAY),
            lambda: Store(kept.home).prune(1),
            lambda: Store(kept.home).rollback(Store(kept.home).list_ids()[0]),
        ):
            with pytest.raises(DataError, match="has been running since"):
                act()


# Forks before anything is opened, so that each child is killed in its own purge.
KILLED = """
import os, signal, shutil, sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from longevity import settings as configuration
from longevity.release import purge

config, home, out, code, apart = sys.argv[1:]
settings = configuration.load_settings(Path(config), home=Path(home), environment={})
for number in range(1, 400, int(apart)):
    copy = Path(out) / str(number)
    shutil.copytree(home, copy)
    child = os.fork()
    if child == 0:
        changes = 0
        def kill(event, words):
            global changes
            writes = event == "open" and isinstance(words[2], int) and words[2] & (os.O_WRONLY | os.O_RDWR)
            if writes or event in ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link"):
                changes += 1
                if changes == number:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(kill)
        purge.destroy_person(replace(settings, home=copy), code, date(2026, 11, 23))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status == 0:
        break
    assert os.WIFSIGNALED(status), number
"""


# Before each file or folder is made, written, moved or removed; or before every tenth.
@pytest.mark.parametrize("apart", [10, pytest.param(1, marks=pytest.mark.audit)])
def test_kill_9_at_each_step_leaves_each_release_as_it_was_or_purged(made, tmp_path, apart):
    ran = subprocess.run(
        [sys.executable, "-c", KILLED, made.config_path, made.home, tmp_path, GONE, str(apart)],
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    homes = sorted(tmp_path.iterdir(), key=lambda home: int(home.name))
    assert len(homes) * apart > 40
    for home in homes:
        settings = replace(made, home=home)
        store = Store(home)
        assert {release.damage for release in store.list_releases()} == {None}
        for people in named(settings, "people"):
            assert set(people["person_id"]) in ({GONE, STAYS}, {STAYS})
        if home != homes[-1] and find_text(home, GONE):
            purge.destroy_person(settings, GONE, TODAY)
        assert find_text(home, GONE) == set(), home
        assert len((home / "destroyed" / "record.jsonl").read_text().splitlines()) == 1


def test_what_a_killed_check_left_is_gone_after_a_purge(kept, made, tmp_path, monkeypatch):
    def look(*_):
        shutil.copytree(kept.home / lock.STAGING, tmp_path / "left")
        return []

    monkeypatch.setattr(crosscheck, "find_objections", look)
    crosscheck.check_against_served(made.home.parent / "second", kept)
    assert find_text(tmp_path / "left", GONE)
    (tmp_path / "left").rename(kept.home / lock.STAGING)
    purge.destroy_person(kept, GONE, TODAY)
    assert find_text(kept.home, GONE) == set()


def test_prune_says_what_it_dropped_and_spares_what_is_served(kept, made, tmp_path, monkeypatch, capsys):
    third = purge_home.write_extracts(tmp_path / "third", date(2026, 11, 22))
    publish(third, kept, TODAY, "call-ins are supplied again", quiet)
    store = Store(kept.home)
    newest, before, oldest = store.list_newest_first()
    store.rollback(before)
    monkeypatch.setattr("longevity.settings.load_settings", lambda: kept)
    assert cli.main(["releases", "prune", "--keep", "1"], TODAY) == 0
    assert capsys.readouterr().out == "No release was dropped.\n"
    store.rollback(newest)
    assert cli.main(["releases", "prune", "--keep", "1"], TODAY) == 0
    assert capsys.readouterr().out == f"{oldest} dropped.\n"
    assert store.list_newest_first() == [newest, before]
    assert {release.damage for release in store.list_releases()} == {None}
    assert manifest.read_manifest(store.releases / newest)["previous"] == before
