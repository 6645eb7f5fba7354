"""A disk that fills up on the way: nothing lost, nothing half written; and back-ups."""

import os
import shutil
import stat
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from longevity.base import append_log
from longevity.base.errors import DataError, describe_error
from longevity.base.scratch import open_scratch
from longevity.checks import check as checking
from longevity.cli import main
from longevity.ingest import importing
from longevity.release import purge, signing
from longevity.release.store import Store
from longevity.settings import ROOT
from tests.conftest import TODAY
from tests.drivers.disk import read_files
from tests.drivers.importer import INCIDENTS
from tests.drivers.publishing import publish
from tests.drivers.steps import OF_PUBLISH, act_before
from tests.factories import configs, odd_release
from tests.release.test_publish import small
from tools.load.run import copy_extracts

FILLING = "filling"
PAGE = 4096


@contextmanager
def mount_disk(place, megabytes):
    """A disk of its own at `place`; skips where none may be mounted."""
    place.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root may mount a disk to fill")
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(place)]
    mounted = subprocess.run(words, capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("no disk may be mounted here to be filled")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def leave(place, room):
    """Fill the disk but for this many bytes."""
    found = os.statvfs(place)
    free = found.f_bavail * found.f_frsize - room
    with (place / FILLING).open("wb") as file:
        while free > 0:
            file.write(bytes(min(free, PAGE * 64)))
            free -= PAGE * 64


def empty(place):
    (place / FILLING).unlink(missing_ok=True)


SAID = "No space left on device"
MAKE_ROOM = "Make room on that disk, then try again."
# Bytes left: at once, within the extracts, within what is built of them.
ROOMS = (0, 20_000, 40_000, 60_000)


@pytest.fixture
def disk(tmp_path):
    with mount_disk(tmp_path / "disk", 64) as place:
        yield place


def test_a_publish_leaves_what_was_served(disk, tmp_path, settings):
    home = disk / "home"
    settings = replace(settings, home=home)
    old = publish(small(tmp_path / "old"), settings, TODAY)
    before = read_files(home)
    new = small(tmp_path / "new", extra=1)
    for room in ROOMS:
        leave(disk, room)
        with pytest.raises(DataError) as refused:
            publish(new, settings, TODAY)
        assert SAID in refused.value.what
        assert "is still served" in refused.value.do
        assert MAKE_ROOM in refused.value.do
        assert read_files(home) == before
        empty(disk)
    assert Store(home).current().id == old.release_id
    assert publish(new, settings, TODAY).release_id == Store(home).current().id != old.release_id


def test_a_purge_ends_when_there_is_room_again(disk, tmp_path):
    settings = configs.copy_home(odd_release.publish_release(tmp_path), disk / "home")
    before = Store(settings.home).current().id
    leave(disk, 0)
    with pytest.raises(DataError, match=SAID) as stopped:
        purge.destroy_person(settings, "p5", TODAY)
    assert "run the same purge again" in stopped.value.do
    assert {release.damage for release in Store(settings.home).list_releases()} == {None}
    empty(disk)
    purge.destroy_person(settings, "p5", TODAY)
    assert Store(settings.home).current().id == before
    assert {release.damage for release in Store(settings.home).list_releases()} == {None}


@pytest.mark.audit
def test_an_import_leaves_the_folder_as_it_was(disk, tmp_path, settings):
    def source(name, month):
        rows = [f"{name}{n},new_haven,2020-{month:02}-{1 + n % 28:02},,,0,1" for n in range(3000)]
        rows.append(f"{name},nowhere,2020-{month:02}-01,,,0,1")
        path = tmp_path / f"{name}.csv"
        path.write_text("\n".join(["id,city,date,lon,lat,killed,injured", *rows]), encoding="utf-8")
        return path

    mapping, out = tmp_path / "m.toml", disk / "extracts"
    mapping.write_text(INCIDENTS, encoding="utf-8")
    importing.import_source(source("a", 6), mapping, out, settings, TODAY)
    before, more = read_files(out), source("b", 7)
    # The last ones end within the sums, of which the old parts are read: none is damaged.
    for room in (0, 8_192, 65_536, 90_112, 131_072):
        leave(disk, room)
        with pytest.raises(DataError) as stopped:
            importing.import_source(more, mapping, out, settings, TODAY)
        assert stopped.value.what == f"The import stopped: {SAID}."
        assert stopped.value.do.endswith(MAKE_ROOM)
        empty(disk)
        assert read_files(out) == before
    assert importing.import_source(more, mapping, out, settings, TODAY).part.rows["victims"] == 3000


def test_a_record_is_not_taken_for_written(disk):
    """A disk may take the beginning of a line before it says that it is full."""
    path = disk / "record.jsonl"
    append_log.append_line(path, {"at": 1, "filler": "x" * 3000})
    leave(disk, 0)
    with pytest.raises(OSError, match=SAID):
        append_log.append_line(path, {"at": 2, "filler": "x" * 3000})
    empty(disk)
    append_log.append_line(path, {"at": 3})
    assert [line["at"] for line in append_log.read_lines(path)] == [1, 3]


def test_no_room_to_work_in_is_no_fault_of_a_file(disk, tmp_path, settings, monkeypatch):
    leave(disk, 2**20)
    with pytest.raises(duckdb.Error) as found, open_scratch(disk / "spill") as connection:
        connection.execute("SET threads = 1; SET memory_limit = '40MB'")
        connection.execute("CREATE TABLE much AS SELECT hash(range)::VARCHAR FROM range(3000000)")
    assert describe_error(found.value) == SAID

    def full(*_, **__):
        raise found.value

    monkeypatch.setattr(checking, "read_folder", full)
    with pytest.raises(DataError, match=f"The check stopped: {SAID}"):
        checking.check_extracts(small(tmp_path / "in"), settings, TODAY)


# The files in docs/deployment, tried: a back-up while a publish runs, a restore, the units
DEPLOYMENT = ROOT / "docs" / "deployment"


def needs(*tools):
    for tool in tools:
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed here")


@pytest.mark.audit
def test_a_back_up_beside_a_publish_restores_elsewhere(tmp_path, monkeypatch, capsys):
    needs("flock", "tar")
    settings = odd_release.publish_release(tmp_path)
    monkeypatch.setenv("LONGEVITY_CONFIG", str(settings.config_path))
    monkeypatch.setenv("LONGEVITY_HOME", str(settings.home))
    words = ["export", "year-to-date", "--format", "csv", "--out", str(tmp_path / "bundle")]
    assert main(words, TODAY) == 0
    (rows,) = (tmp_path / "bundle").glob("*.csv")

    archive, new = _backed_up_beside_a_publish(settings, tmp_path)

    restored = replace(settings, home=tmp_path / "restored")
    restored.home.mkdir(mode=0o700)
    subprocess.run(["tar", "-xzpf", archive, "-C", restored.home], check=True)
    # It waited for the publish: what is served there is the new release, whole.
    assert Store(restored.home).current().id == new
    assert {release.damage for release in Store(restored.home).list_releases()} == {None}
    assert not (restored.home / "staging").exists()
    for private in (restored.home / "signing" / "key", Path(archive)):
        assert stat.S_IMODE(private.stat().st_mode) == 0o600

    # A second home takes over the secret alone, as docs/several-machines.md says.
    second = tmp_path / "second"
    second.mkdir(mode=0o700)
    subprocess.run(["tar", "-xzpf", archive, "-C", second, "./signing"], check=True)
    assert signing.find_fingerprint(second) == signing.find_fingerprint(settings.home)
    assert stat.S_IMODE((second / "signing" / "key").stat().st_mode) == 0o600

    monkeypatch.setenv("LONGEVITY_HOME", str(restored.home))
    capsys.readouterr()
    main(["verify", str(rows)], TODAY)
    assert "Given out here" in capsys.readouterr().out
    shutil.rmtree(restored.home / "signing")
    main(["verify", str(rows)], TODAY)
    assert "Given out here" not in capsys.readouterr().out


def _backed_up_beside_a_publish(settings, folder):
    """The archive, and the release that was being published when it was asked for."""
    extracts = copy_extracts(Store(settings.home).current(), folder / "again")
    said = extracts / "extracts.toml"
    text = said.read_text(encoding="utf-8").replace("2026-06-30", "2026-07-01")
    said.write_text(text, encoding="utf-8")
    (folder / "back-ups").mkdir()
    half_way, go_on = threading.Event(), threading.Event()

    def wait():
        half_way.set()
        assert go_on.wait(60)

    published: list[str] = []
    work = threading.Thread(target=lambda: published.append(publish(extracts, settings, TODAY).release_id))
    with pytest.MonkeyPatch.context() as patch:
        act_before(patch, OF_PUBLISH[0], wait)
        work.start()
        assert half_way.wait(60)
    words = [DEPLOYMENT / "back-up", settings.home, folder / "back-ups"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as backing:
        with pytest.raises(subprocess.TimeoutExpired):
            backing.wait(0.5)
        go_on.set()
        work.join()
        archive, _ = backing.communicate(timeout=60)
    assert backing.returncode == 0
    assert [path.name for path in (folder / "back-ups").iterdir()] == [Path(archive.strip()).name]
    return archive.strip(), published[0]


def test_the_units_are_right(tmp_path):
    needs("systemd-analyze")
    for unit in sorted(DEPLOYMENT.glob("longevity*")):
        text = unit.read_text(encoding="utf-8")
        # Where they are here: the system looks whether the programs are there.
        text = text.replace("/srv/longevity/app/.venv/bin/python", sys.executable)
        text = text.replace("/srv/longevity/app/docs", str(ROOT / "docs"))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    names = [path.name.replace("@.", "@8501.") for path in sorted(tmp_path.iterdir())]
    assert "longevity@8501.service" in names
    ran = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *names],
        cwd=tmp_path,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
