"""Releases on several machines: pushed, pulled, and what must not be lost or come back.

Each home is a machine. The remote is a folder, or a real S3 server on loopback.
"""

import hashlib
import json
import os
import re
import secrets
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import boto3
import pytest
from moto.server import ThreadedMotoServer

from longevity.auth.viewers import PUBLIC, STATE
from longevity.base.errors import ConfigError, DataError, LongevityError, UsageError
from longevity.base.progress import ignore_progress
from longevity.cli import main
from longevity.outputs.credentials import given_out
from longevity.release import copies, known_remotes, manifest, purge
from longevity.release.remote import Remote
from longevity.release.store import POINTER, Store
from longevity.settings import Settings
from longevity.ui import sign_in
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY
from tests.drivers.disk import Disk, flip, read_files
from tests.drivers.publishing import publish
from tests.factories import configs, purge_home
from tests.factories.purge_home import GONE, STAYS, find_text
from tools.load.run import copy_extracts

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Machines(NamedTuple):
    """The machine that publishes, one that pulls, and where they meet."""

    here: Settings
    there: Settings
    remote: str

    def push(self, **options):
        return copies.push(self.here, self.remote, **options)

    def pull(self, **options):
        return copies.pull(self.there, self.remote, NOW, **options)

    def move(self):
        self.push()
        self.pull()

    def purge_in_part(self):
        """Destroy somebody; the push that says so is killed before the files follow, and a pull is refused."""
        purge.destroy_person(self.here, GONE, TODAY)
        with pytest.raises(KeyboardInterrupt):
            self.push(progress=stop_at("destroyed"))
        with pytest.raises(DataError, match="its push did not end"):
            self.pull()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return purge_home.build_home(tmp_path_factory.mktemp("copies"))


@pytest.fixture
def machines(made, tmp_path):
    here = configs.copy_home(made, tmp_path / "here")
    return Machines(here, replace(made, home=tmp_path / "there"), str(tmp_path / "remote"))


def list_files(settings):
    """What a home serves, byte for byte."""
    return read_files(settings.home / "releases") | {POINTER: (settings.home / POINTER).read_bytes()}


AGAIN: dict[tuple[bytes, str], Path] = {}  # by the manifest of what was served, and the day: what follows


def publish_again(settings, folder, day="2026-11-16"):
    """Publish the same rows, complete to another day: a newer release, which is made once."""
    store = Store(settings.home)
    key = ((store.current().path / manifest.NAME).read_bytes(), day)
    if key not in AGAIN:
        made = _publish_again(settings, folder, day)
        AGAIN[key] = Path(shutil.copytree(store.releases / made, folder.with_name(f"{day}-made") / made))
        return made
    made = AGAIN[key].name
    shutil.copytree(AGAIN[key], store.releases / made)
    store.point_to(store.open(made))
    return made


def _publish_again(settings, folder, day):
    extracts = copy_extracts(Store(settings.home).current(), folder)
    about = extracts / "extracts.toml"
    text, many = re.subn(r"2026-11-1\d", day, about.read_text(encoding="utf-8"))
    assert many
    about.write_text(text, encoding="utf-8")
    return publish(extracts, settings, TODAY, "a test").release_id


def stop_at(words):
    """Stop as a kill would, once this is said."""

    def stop(sentence):
        if words in sentence:
            raise KeyboardInterrupt

    return stop


@contextmanager
def serving_objects():
    """Serve a bucket on loopback; the address of an empty folder in it.

    The environment leads there meanwhile.
    """
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        _, found = server.get_host_and_port()
        address = f"http://127.0.0.1:{found}"
        variables = {
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": address,
            "AWS_ALLOW_HTTP": "true",
        }
        with patch.dict(os.environ, variables):
            boto3.client("s3", endpoint_url=address, region_name="us-east-1").create_bucket(Bucket="releases")
            # What one server held is known to the next in this process: a folder of its own.
            yield f"s3://releases/{secrets.token_hex(4)}"
    finally:
        server.stop()


@pytest.fixture(params=[pytest.param("folder", marks=pytest.mark.audit), "s3"])
def meeting(request, machines):
    """The machines, meeting in a folder and in a bucket."""
    if request.param == "folder":
        yield machines
        return
    with serving_objects() as address:
        yield machines._replace(remote=address)


def test_a_pulled_home_serves_the_same_byte_for_byte(meeting):
    assert meeting.push() == 1
    assert meeting.pull() == 1
    assert list_files(meeting.there) == list_files(meeting.here)
    assert {release.damage for release in Store(meeting.there.home).list_releases()} == {None}
    modes = {path.stat().st_mode & 0o077 for path in meeting.there.home.rglob("*")}
    assert modes == {0}  # for its owner alone


def test_a_newer_release_is_served_and_a_dropped_one_goes(meeting, tmp_path):
    meeting.move()
    new = publish_again(meeting.here, tmp_path / "again")
    dropped = Store(meeting.here.home).prune(1)
    meeting.move()
    store = Store(meeting.there.home)
    assert store.current().id == new
    assert not set(dropped) & set(store.list_ids())
    assert list_files(meeting.there) == list_files(meeting.here)


def test_of_two_that_push_at_once_one_is_refused_and_nothing_of_the_other_is_lost(meeting, tmp_path):
    meeting.push()
    second = configs.copy_home(meeting.here, tmp_path / "second")
    first_id = publish_again(meeting.here, tmp_path / "one")
    publish_again(second, tmp_path / "two", "2026-11-17")
    meet = threading.Barrier(2)

    def push(settings):
        meet.wait()
        return copies.push(settings, meeting.remote)

    with ThreadPoolExecutor(2) as threads:
        pushes = [threads.submit(push, home) for home in (meeting.here, second)]
    (refused,) = [error for push in pushes if (error := push.exception())]
    assert "another machine" in str(refused).lower()
    meeting.pull()
    served = Store(meeting.there.home).current()
    winner = meeting.here if served.id == first_id else second
    assert list_files(meeting.there) == list_files(winner)


def test_what_was_destroyed_is_served_nowhere_from_the_tombstone_on(meeting):
    meeting.move()
    meeting.purge_in_part()
    store = Store(meeting.there.home)
    for release_id in store.list_ids():
        with pytest.raises(DataError, match="destroyed elsewhere"):
            store.open(release_id)
    meeting.move()
    assert list_files(meeting.there) == list_files(meeting.here)
    assert find_text(meeting.there.home, GONE) == set()
    assert find_text(meeting.there.home, STAYS)
    assert len((meeting.there.home / "destroyed" / "record.jsonl").read_text().splitlines()) == 1


@pytest.mark.parametrize("moved", [False, pytest.param(True, marks=pytest.mark.audit)])
def test_the_pull_that_a_refused_push_asks_for_brings_nobody_back(machines, tmp_path, moved):
    """Another machine pushed a release with the person meanwhile; and the remote may have moved."""
    machines.move()
    second = configs.copy_home(machines.here, tmp_path / "second")
    new = publish_again(second, tmp_path / "again")
    copies.push(second, machines.remote)
    if moved:
        machines = machines._replace(remote=str(Path(machines.remote).rename(tmp_path / "elsewhere")))
    purge.destroy_person(machines.here, GONE, TODAY)
    with pytest.raises(DataError, match="Run `python -m longevity releases pull"):
        machines.push()
    # Said all the same: who pulls now serves none of what both machines had.
    if not moved:
        with pytest.raises(DataError, match="its push did not end"):
            machines.pull()
    said: list[str] = []
    copies.pull(machines.here, machines.remote, NOW, progress=said.append)
    assert "came back, and went again: run `python -m longevity releases push" in said[-1]
    store = Store(machines.here.home)
    assert store.current().id == new
    assert find_text(machines.here.home, GONE) == set()
    assert find_text(machines.here.home, STAYS)
    machines.push()
    assert find_text(Path(machines.remote), GONE) == set()
    copies.pull(second, machines.remote, NOW)
    assert find_text(second.home, GONE) == set()
    assert Store(second.home).current().id == new


@pytest.mark.parametrize(
    "at", ["placed", *(pytest.param(at, marks=pytest.mark.audit) for at in ("fetched", "recorded"))]
)
def test_a_pull_that_is_killed_serves_nobody_who_comes_back(machines, at):
    machines.push()
    purge.destroy_person(machines.here, GONE, TODAY)
    stop = pytest.MonkeyPatch()
    if at == "placed":
        stop.setattr(purge, "destroy_returning", lambda *_: stop_at("")(""))
    if at == "recorded":
        stop.setattr(purge._Purge, "_rewrite_release", lambda *_: stop_at("")(""))
    with pytest.raises(KeyboardInterrupt):
        progress = stop_at("1 of") if at == "fetched" else ignore_progress
        copies.pull(machines.here, machines.remote, NOW, progress=progress)
    stop.undo()
    store = Store(machines.here.home)
    for release_id in store.list_ids():
        with suppress(DataError):
            assert find_text(store.open(release_id).path, GONE) == set()
    copies.pull(machines.here, machines.remote, NOW)
    assert find_text(machines.here.home, GONE) == set()
    assert store.current().notice is None
    machines.push()
    assert find_text(Path(machines.remote), GONE) == set()


def test_a_home_that_is_behind_takes_nothing_from_the_one_that_purged(machines, tmp_path):
    """Its own files are the older ones: what the other purged is not said to be destroyed."""
    machines.push()
    behind = configs.copy_home(machines.here, tmp_path / "behind")
    purge.destroy_person(machines.here, GONE, TODAY)
    machines.push()
    destroyed = Remote(machines.remote).read_state().destroyed
    publish_again(behind, tmp_path / "again")
    with pytest.raises(DataError, match="has not seen it"):
        copies.push(behind, machines.remote)
    assert Remote(machines.remote).read_state().destroyed == destroyed
    machines.pull()


def test_of_two_machines_that_purged_somebody_each_both_are_gone_everywhere(machines, tmp_path):
    machines.push()
    second = configs.copy_home(machines.here, tmp_path / "second")
    purge.destroy_person(machines.here, GONE, TODAY)
    machines.push()
    purge.destroy_person(second, STAYS, TODAY)
    with pytest.raises(DataError, match="has not seen it"):
        copies.push(second, machines.remote)
    copies.pull(second, machines.remote, NOW)
    copies.push(second, machines.remote)
    copies.pull(machines.here, machines.remote, NOW)
    for home in (machines.here.home, second.home, Path(machines.remote)):
        assert find_text(home, GONE) | find_text(home, STAYS) == set()


def test_nothing_of_who_was_destroyed_stays_in_the_remote(machines):
    machines.push()
    with pytest.raises(KeyboardInterrupt):  # files of a push that did not end
        copies.push(machines.here, f"{machines.remote}-2", progress=stop_at("20 of"))
    remotes = [Path(machines.remote), Path(f"{machines.remote}-2")]
    assert all(find_text(remote, GONE) for remote in remotes)
    purge.destroy_person(machines.here, GONE, TODAY)
    for remote in remotes:
        copies.push(machines.here, str(remote))
        assert find_text(remote, GONE) == set()


def test_a_dashboard_that_runs_opens_the_release_anew(machines):
    machines.move()
    store = Store(machines.there.home)
    stamps = {name: store.read_stamp(name) for name in store.list_ids()}
    machines.pull()
    assert stamps == {name: store.read_stamp(name) for name in store.list_ids()}
    machines.purge_in_part()
    told = {name: store.read_stamp(name) for name in store.list_ids()}
    assert not {*stamps.values()} & {*told.values()}
    machines.move()
    assert not {*stamps.values(), *told.values()} & {store.read_stamp(name) for name in store.list_ids()}


def test_a_pull_from_another_address_serves_nobody_who_was_destroyed_at_the_first(machines):
    machines.move()
    copies.push(machines.here, f"{machines.remote}-2")
    machines.purge_in_part()
    copies.pull(machines.there, f"{machines.remote}-2", NOW)
    with pytest.raises(DataError, match="destroyed elsewhere"):
        Store(machines.there.home).open(Store(machines.there.home).list_ids()[0])


def test_at_each_step_of_a_pull_every_release_is_as_it_was_or_new(machines, monkeypatch):
    machines.move()
    purge.destroy_person(machines.here, GONE, TODAY)
    machines.push()
    store, steps = Store(machines.there.home), []
    give_name = os.replace

    def look(source, target):
        for release_id in store.list_ids():
            try:
                steps.append(store.open(release_id))
            except DataError as error:
                assert "destroyed elsewhere" in str(error)
        give_name(source, target)

    monkeypatch.setattr("os.replace", look)
    machines.pull()
    assert steps


def test_all_that_is_pulled_is_on_the_disk_before_it_is_served(machines, monkeypatch):
    machines.push()
    newest, *_ = Store(machines.here.home).list_newest_first()
    left = machines.there.home / "releases" / f".{newest}.pulled"  # as a pull that was killed leaves it
    machines.there.home.mkdir()
    there = Disk(machines.there.home, monkeypatch)
    shutil.copytree(machines.here.home / "releases" / newest, left)
    machines.pull()
    assert [lacking for lacking, _ in there.find_lacking(newest)] == [[]]
    names = there.list_names()
    assert names.index(newest) < names.index(POINTER)


def test_what_another_push_dropped_meanwhile_is_put_back(machines, tmp_path, monkeypatch):
    machines.push()
    publish_again(machines.here, tmp_path / "again")
    add_state = Remote.add_state

    def add_after_another(remote, state):
        had = set(remote.read_state().files.values())
        remote.drop_members(remote.list_members() - had)
        add_state(remote, state)

    monkeypatch.setattr(Remote, "add_state", add_after_another)
    machines.move()
    assert list_files(machines.there) == list_files(machines.here)


def test_a_purge_is_for_the_machine_that_publishes(machines):
    machines.move()
    with pytest.raises(UsageError, match="Purge where they are published"):
        purge.destroy_person(machines.there, GONE, TODAY)
    purge.destroy_person(machines.here, GONE, TODAY)


def test_a_cut_connection_is_a_sentence_and_the_next_pull_goes_on(made, tmp_path):
    there = replace(made, home=tmp_path / "there")
    with serving_objects() as remote:
        here = configs.copy_home(made, tmp_path / "here")
        copies.push(here, remote)
        with pytest.raises(KeyboardInterrupt):
            copies.pull(there, remote, NOW, progress=stop_at("3 of"))
        fetched = {path: path.stat().st_mtime_ns for path in (there.home / "remote" / "fetched").iterdir()}
        assert len(fetched) == 3
        with pytest.raises(KeyboardInterrupt):
            copies.pull(there, remote, NOW, progress=stop_at("6 of"))
        assert fetched == {path: path.stat().st_mtime_ns for path in fetched}  # proven by its hash, it stays
        copies.pull(there, remote, NOW)
        assert list_files(there) == list_files(here)
        publish_again(here, tmp_path / "again")
        copies.push(here, remote)
    before = list_files(there)
    with pytest.raises(DataError, match="did not answer"):  # the server is gone
        copies.pull(there, remote, NOW)
    assert list_files(there) == before


def test_a_file_that_is_not_what_was_pushed_is_named_and_nothing_changes(machines, tmp_path):
    machines.move()
    before = list_files(machines.there)
    publish_again(machines.here, tmp_path / "again")
    machines.push()
    state = Remote(machines.remote).read_state()
    digest = (set(state.files.values()) - {hashlib.sha256(data).hexdigest() for data in before.values()}).pop()
    member = Path(machines.remote) / "members" / digest
    sound = member.read_bytes()
    member.write_bytes(flip(sound))
    with pytest.raises(DataError, match="is not what was pushed"):
        machines.pull()
    assert list_files(machines.there) == before
    member.unlink()
    with pytest.raises(DataError, match="lacks a file"):
        machines.pull()
    machines.push()  # the machine that has it puts it back
    machines.pull()
    assert list_files(machines.there) == list_files(machines.here)


@pytest.mark.parametrize(
    ("files", "change"),
    [
        ({"../outside": "0" * 64}, {}),
        ({"releases/../../outside": "0" * 64}, {}),
        ({"/etc/outside": "0" * 64}, {}),
        ({"releases/a/.hidden": "0" * 64}, {}),
        ({"signing/key": "0" * 64}, {}),
        ({"releases/a/b": "../../outside"}, {}),
        ({"releases/a/b": ""}, {}),
        ({}, {"files": {}}),
        ({}, {"files": ["releases"]}),
        ({}, {"destroyed": 3}),
    ],
)
def test_a_journal_that_leads_out_of_the_home_or_is_damaged_is_refused(machines, files, change):
    """All else in it is as it was pushed: nothing but this is wrong."""
    machines.push()
    entry = Path(machines.remote) / "journal" / "00000001.json"
    pushed = json.loads(entry.read_text())
    entry.write_text(json.dumps(pushed | {"files": pushed["files"] | files} | change))
    with pytest.raises(DataError, match="is not what was pushed"):
        machines.pull()
    assert not (machines.there.home / "releases").exists()


@pytest.mark.parametrize("put", [{2: None}, {2: 1}, {3: 1}, {2: None, 3: 1}])
def test_an_older_state_is_no_news_until_the_machine_that_publishes_pushes_past_it(machines, tmp_path, put):
    """`put`: under which number of the journal an older entry is put; None takes the entry away."""
    machines.push()
    publish_again(machines.here, tmp_path / "again")
    machines.move()
    before = list_files(machines.there)
    journal = Path(machines.remote) / "journal"
    for number, older in put.items():
        (journal / f"{number:08}.json").unlink(missing_ok=True)
        if older:
            shutil.copy(journal / f"{older:08}.json", journal / f"{number:08}.json")
    with pytest.raises(DataError, match="does not continue what this home has seen"):
        machines.pull()
    assert list_files(machines.there) == before
    said: list[str] = []
    assert machines.push(progress=said.append) == max(2, *put) + 1
    assert "is written past" in said[0]
    assert machines.pull() == max(2, *put) + 1
    assert list_files(machines.there) == before
    machines.push(progress=said.append)
    assert "is written past" not in " ".join(said[1:])


def test_a_machine_that_missed_pushes_follows_the_journal_back_to_what_it_has_seen(machines, tmp_path):
    machines.move()
    publish_again(machines.here, tmp_path / "again")
    for _ in range(3):
        machines.push()
    second = machines.remote + "/journal/00000002.json"
    missed = Path(second).read_bytes()
    Path(second).unlink()
    with pytest.raises(DataError, match="pull into an empty home"):
        machines.pull()
    Path(second).write_bytes(missed)
    assert machines.pull() == 4
    assert list_files(machines.there) == list_files(machines.here)


def test_entries_of_an_earlier_version_are_taken_until_one_names_the_one_before(machines):
    journal = Path(machines.remote) / "journal"

    def push_as_before():
        entry = journal / f"{machines.push():08}.json"
        said = json.loads(entry.read_text())
        del said["before"]
        entry.write_text(json.dumps(said))
        seen = machines.here.home / "remote" / "seen.json"
        seen.write_text(json.dumps(json.loads(seen.read_text()) | {"entries": {}}))

    for _ in range(2):
        push_as_before()
        machines.pull()
    machines.move()
    push_as_before()
    with pytest.raises(DataError, match="does not continue"):
        machines.pull()


def test_releases_that_a_home_alone_has_are_dropped_only_when_asked(machines, tmp_path):
    machines.move()
    own = publish_again(machines.there, tmp_path / "again")
    with pytest.raises(DataError, match=own):
        machines.pull()
    assert Store(machines.there.home).current().id == own
    machines.pull(replaces=True)
    assert list_files(machines.there) == list_files(machines.here)


def test_a_machine_that_takes_over_publishes_and_the_first_one_follows(machines, tmp_path):
    machines.move()
    keys = (machine.home / "signing" for machine in (machines.here, machines.there))
    shutil.copytree(*keys, dirs_exist_ok=True)  # as from a back-up
    new = publish_again(machines.there, tmp_path / "again", "2026-11-18")
    copies.push(machines.there, machines.remote)
    assert not known_remotes.is_copy(machines.there.home)
    publish_again(machines.here, tmp_path / "late", "2026-11-17")
    with pytest.raises(DataError, match="has not seen it"):
        machines.push()
    copies.pull(machines.here, machines.remote, NOW, replaces=True)
    assert Store(machines.here.home).current().id == new


def draw_otherwise(settings, folder):
    """Publish the same rows anew in a home that draws with another secret; the fingerprint of it."""
    (settings.home / "signing" / "key").write_bytes(secrets.token_bytes(32))
    _publish_again(settings, folder, "2026-11-18")
    return Store(settings.home).current().manifest["drawn_by"]


def test_a_remote_of_another_secret_is_not_written_over(machines, tmp_path):
    machines.push()
    was = Store(machines.here.home).current().manifest["drawn_by"]
    publish_again(machines.here, tmp_path / "same", "2026-11-17")
    assert machines.push() == 2  # drawn by the same secret
    assert Remote(machines.remote).read_state().drawn_by == was

    now = draw_otherwise(machines.here, tmp_path / "again")
    said = re.escape(f"drawn by another secret ({was}) than the release that is served ({now})")
    with pytest.raises(DataError, match=said):
        machines.push()
    assert Remote(machines.remote).read_state().number == 2
    anew = str(tmp_path / "anew")
    assert copies.push(machines.here, anew) == 1
    assert Remote(anew).read_state().drawn_by == now


def test_a_remote_of_an_unknown_secret_stands_in_no_ones_way(machines, tmp_path):
    machines.push()
    entry = Path(machines.remote) / "journal" / "00000001.json"
    said = json.loads(entry.read_text())
    del said["drawn_by"]  # as a version before this one wrote it
    entry.write_text(json.dumps(said))
    draw_otherwise(machines.here, tmp_path / "again")
    assert machines.push() == 2


def test_the_secret_never_travels(machines):
    key = (machines.here.home / "signing" / "key").read_bytes()
    machines.move()
    assert not (machines.there.home / "signing" / "key").exists()
    there = [path.read_bytes() for path in Path(machines.remote).rglob("*") if path.is_file()]
    assert not [content for content in there if key in content or key.hex().encode() in content]


def test_for_the_public_alone_no_code_leaves_the_machine(machines):
    purge.destroy_person(machines.here, GONE, TODAY)
    assert find_text(machines.here.home / "releases", STAYS)
    assert (machines.here.home / copies.DESTROYED).exists()
    assert Store(machines.here.home).current().manifest["checks"]
    machines.push(is_public=True)
    assert find_text(Path(machines.remote), STAYS) | find_text(Path(machines.remote), GONE) == set()
    machines.pull()
    assert not (machines.there.home / copies.DESTROYED).exists()
    release = Store(machines.there.home).current()
    assert release.manifest["checks"] == []
    assert release.id == Store(machines.here.home).current().id
    with closing(Warehouse(release, machines.there)) as warehouse:
        assert not warehouse.run("counts", {}, PUBLIC).frame.empty
        with pytest.raises(LongevityError):
            warehouse.run("next_call_in", {}, STATE)
    with pytest.raises(UsageError, match="Keep the two apart"):
        machines.push()


WITHDRAWN = {"table": "sex", "city": "east", "year": 2020, "reason": "Wrong.", "day": "2026-11-23"}


def test_a_withdrawn_table_is_withdrawn_on_every_machine(machines):
    machines.move()
    here, there = Store(machines.here.home), Store(machines.there.home)
    release_id = there.list_ids()[0]
    content = manifest.read_manifest(here.releases / release_id)
    content["withdrawn"].append(WITHDRAWN)
    manifest.write_manifest(here.releases / release_id, content)
    (there.find_pictures(release_id) / "sex").mkdir(parents=True)
    machines.move()
    assert there.open(release_id).manifest["withdrawn"] == content["withdrawn"]
    assert not (there.find_pictures(release_id) / "sex").exists()


def test_what_is_withdrawn_on_a_machine_stays_so_whatever_it_pulls(machines, tmp_path):
    machines.move()
    there = Store(machines.there.home)
    served = there.current()
    manifest.write_manifest(served.path, served.manifest | {"withdrawn": [WITHDRAWN]})
    publish_again(machines.here, tmp_path / "again")
    machines.move()
    machines.pull()
    # Also in the release that is new: the one before it said so.
    assert [found["withdrawn"] for found in there.read_manifests().values()] == [[WITHDRAWN], [WITHDRAWN], []]
    assert {release.damage for release in there.list_releases()} == {None}


def test_files_given_out_here_are_known_there(machines):
    given_out.add_file(machines.here.home, b"a chart")
    machines.push()
    given_out.add_file(machines.there.home, b"its own")
    machines.pull()
    assert all(given_out.find_line(machines.there.home, data) for data in (b"a chart", b"its own"))


@pytest.mark.parametrize(("hours", "is_silent"), [(0, False), (24, False), (24.01, True), (-1, False), (None, False)])
def test_rows_about_people_wait_where_the_remote_was_silent_for_a_day(machines, hours, is_silent):
    machines.here.home.joinpath("remote").mkdir(exist_ok=True)
    if hours is not None:
        known_remotes.note_reached(machines.here.home, NOW - timedelta(hours=hours))
    assert bool(known_remotes.find_silence(machines.here.home, NOW)) is is_silent


@pytest.mark.parametrize("damaged", ["", "x", "2026-11-23T09:00"])
def test_rows_about_people_wait_where_it_is_not_known_when_the_remote_was_reached(machines, damaged):
    """The last is a time without its zone."""
    known_remotes.note_reached(machines.here.home, NOW)
    (machines.here.home / "remote" / "reached").write_text(damaged)
    assert known_remotes.find_silence(machines.here.home, NOW)
    assert sign_in.find_session({}, machines.here, True).viewers == (PUBLIC,)


def test_after_a_day_of_silence_the_public_record_alone_is_served(machines, monkeypatch, capsys):
    machines.push()
    copies.pull(machines.there, machines.remote, datetime.now(UTC) - timedelta(hours=25))
    session = sign_in.find_session({}, machines.there, True)
    assert session.viewers == (PUBLIC,)
    assert "last heard" in session.sentence
    monkeypatch.setenv("LONGEVITY_HOME", str(machines.there.home))
    monkeypatch.setenv("LONGEVITY_CONFIG", str(machines.there.config_path))
    public, state = (
        ["query", name, "--viewer", who] for name, who in (("counts", "public"), ("next_call_in", "state"))
    )
    assert [main(words, TODAY) for words in (public, state)] == [0, 2]
    assert "last heard" in capsys.readouterr().err
    assert [main(words, TODAY) for words in (["releases", "pull", machines.remote], state)] == [0, 0]


@pytest.mark.parametrize("address", ["s3://", "nonsense://x", "s3:///folder"])
def test_an_address_that_is_none_is_said(machines, address):
    with pytest.raises(ConfigError, match="is no remote"):
        copies.push(machines.here, address)


def test_a_damaged_release_is_not_pushed_and_the_served_one_refuses(machines, tmp_path):
    publish_again(machines.here, tmp_path / "again")
    store = Store(machines.here.home)
    older = store.list_newest_first()[1]
    next((store.releases / older / "extracts").iterdir()).write_bytes(b"")
    said: list[str] = []
    copies.push(machines.here, machines.remote, progress=said.append)
    assert any(f"The release {older} is damaged" in sentence for sentence in said)
    next((store.releases / store.current().id / "extracts").iterdir()).write_bytes(b"")
    with pytest.raises(DataError, match="damaged"):
        machines.push()
