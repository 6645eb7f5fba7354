"""Files are written whole or not at all, whoever is killed, and are for their owner alone."""

import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date

import pytest

from longevity.app.publish import publish_release
from longevity.auth import signed_out
from longevity.base import append_log, private_files
from longevity.base.files import atomic_write
from longevity.release import purge, signing
from longevity.release.store import Store
from longevity.settings import ROOT
from tests.conftest import TODAY, quiet
from tests.drivers.disk import read_files
from tests.drivers.steps import OF_PUBLISH, act_before
from tests.factories import configs, purge_home
from tests.release.test_publish import small


def test_a_reader_finds_the_old_file_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "pointer.json"
    path.write_text("old")
    with atomic_write(path, sync_name=True) as draft:
        draft.write_text("new")
        assert path.read_text() == "old"
    assert read_files(tmp_path) == {"pointer.json": b"new"}


@pytest.mark.parametrize("only_writer", [False, True])
def test_where_writing_fails_the_old_file_stays_and_no_draft_is_left(tmp_path, only_writer):
    path = tmp_path / "pointer.json"
    path.write_text("old")
    with pytest.raises(ValueError), atomic_write(path, only_writer=only_writer) as draft:
        draft.write_text("half")
        raise ValueError
    assert read_files(tmp_path) == {"pointer.json": b"old"}


def test_of_two_writers_that_overwrite_nothing_the_first_stands(tmp_path):
    path = tmp_path / "key"
    with atomic_write(path, overwrite=False) as late, atomic_write(path, overwrite=False) as early:
        early.write_text("early")
        late.write_text("late")
    assert read_files(tmp_path) == {"key": b"early"}


def test_a_draft_left_by_a_crash_is_written_over_by_the_only_writer(tmp_path):
    path = tmp_path / "rows.parquet"
    with atomic_write(path, only_writer=True) as draft:
        draft.write_text("first")
        left = draft
    left.write_text("of a crash")
    with atomic_write(path, only_writer=True) as draft:
        assert not draft.exists()
        draft.write_text("second")
    assert read_files(tmp_path) == {"rows.parquet": b"second"}


def test_nobody_can_open_a_draft_before_its_mode_is_set(tmp_path):
    before = os.umask(0o022)
    try:
        with atomic_write(tmp_path / "key", mode=0o600) as draft:
            assert draft.stat().st_mode & 0o777 == 0o600
            draft.write_text("secret")
        with atomic_write(tmp_path / "page") as draft:
            draft.write_text("for everybody")
    finally:
        os.umask(before)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "page").stat().st_mode & 0o777 == 0o644


# What is in LONGEVITY_HOME is for its owner alone from its making, whatever the umask
@pytest.fixture
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def open_to_others(home):
    """What others than its owner may open, the home itself as `.`."""
    modes = {path: stat.S_IMODE(path.lstat().st_mode) for path in (home, *home.rglob("*"))}
    return {path.relative_to(home).as_posix(): oct(mode) for path, mode in modes.items() if mode & 0o077}


# With a umask that forbids nothing all would be open that is not shut by us.
OF_PURGE = (
    "longevity.release.tombstones.record_destroyed",
    "longevity.release.store.Store.drop_pictures",
    "longevity.release.purge.sync_tree",
    "longevity.release.purge._Purge._remove_stale",
)


@pytest.mark.audit
@pytest.mark.parametrize("umask", [0o000, pytest.param(0o022, marks=pytest.mark.audit)], indirect=True)
def test_publishing_purging_and_rolling_back_leave_nothing_open(tmp_path, umask, monkeypatch):
    made = configs.load(tmp_path, {})
    seen = {}

    for step in (*OF_PUBLISH, *OF_PURGE):
        act_before(monkeypatch, step, lambda: seen.update(open_to_others(made.home)))
    folders = [
        purge_home.write_extracts(tmp_path / day.isoformat(), day) for day in (date(2026, 11, 8), date(2026, 11, 15))
    ]
    for folder in folders:
        publish_release(folder, made, TODAY, None, quiet)
    Store(made.home).rollback(Store(made.home).list_newest_first()[-1])
    purge.destroy_person(made, purge_home.GONE, TODAY)
    signing.derive_secret(made.home, "a purpose")
    signed_out.record_sign_out(made.home, "sign-in")
    append_log.ensure_key(made.home / "codes.key")
    assert {"current.json", "releases", "destroyed", "signing", "signed-out"} <= {
        path.name for path in made.home.iterdir()
    }
    assert seen == {}
    assert open_to_others(made.home) == {}
    # What is handed out goes by the umask again.
    (tmp_path / "handed-out").write_text("")
    assert stat.S_IMODE((tmp_path / "handed-out").stat().st_mode) == 0o666 & ~umask


@pytest.mark.parametrize("umask", [0o000, 0o022], indirect=True)
def test_of_two_at_once_the_last_puts_back_what_the_first_met(umask):
    first, second = private_files.owner_only(), private_files.owner_only()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert os.umask(0o077) == 0o077
    second.__exit__(None, None, None)
    assert os.umask(umask) == umask


# `kill -9` while publishing, pushing and pulling, at moments nobody chose
PUBLISH = """
import sys
from datetime import date
from pathlib import Path
from longevity import settings
from longevity.app.publish import publish_release
named = ["synthetic_over_real"]
publish_release(Path(sys.argv[1]), settings.load_settings(), date(2026, 11, 23), "made up for a test", accept=named)
"""


def run(settings, *words, seconds=None):
    """Run Python with these words over a home; where `seconds` are over it is killed. Its exit code."""
    environment = {**os.environ, "LONGEVITY_HOME": str(settings.home), "LONGEVITY_CONFIG": str(settings.config_path)}
    words = [sys.executable, *map(str, words)]
    try:
        ran = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL
    assert ran.returncode == 0, ran.stderr
    return 0


def check_served(home, served):
    """One of these is served, and it and all others are whole."""
    store = Store(home)
    assert store.current().notice is None
    assert store.current().id in served
    assert {release.damage for release in store.list_releases()} == {None}


@pytest.mark.audit
def test_a_publish_killed_at_any_moment(tmp_path, settings, demonstration):
    old = publish_release(small(tmp_path / "old"), settings, TODAY).release_id
    began = time.monotonic()
    run(settings, "-c", PUBLISH, demonstration)
    length = time.monotonic() - began
    new = Store(settings.home).current().id
    assert new != old
    dice, interrupted = random.Random(11), 0
    for _ in range(25):
        Store(settings.home).rollback(old)
        # Taken away, so that each publish builds it again.
        shutil.rmtree(settings.home / "releases" / new, ignore_errors=True)
        interrupted += run(settings, "-c", PUBLISH, demonstration, seconds=dice.uniform(0.2, 1.05) * length) < 0
        check_served(settings.home, {old, new})
    assert interrupted > 10
    last = publish_release(demonstration, settings, TODAY, "made up for a test", accept=["synthetic_over_real"])
    assert last.release_id == new
    check_served(settings.home, {new})


@pytest.mark.audit
def test_push_and_pull_killed_at_any_moment(tmp_path, published):
    """Of two releases the newer comes and goes; whatever is killed, what is served is whole."""
    here, there = (replace(published, home=tmp_path / name) for name in ("here", "there"))
    shutil.copytree(published.home, here.home)
    newer, older = Store(here.home).list_newest_first()
    push, pull = (("-m", "longevity", "releases", act, tmp_path / "remote") for act in ("push", "pull"))
    run(here, *push)
    run(there, *pull)
    dice, interrupted = random.Random(12), 0
    for at in range(60):
        # Prune would spare it: what matters is that a release comes, and goes again.
        if at % 2:
            shutil.move(here.home / "releases" / newer, tmp_path / "aside")
        elif at:
            shutil.move(tmp_path / "aside", here.home / "releases" / newer)
        Store(here.home).rollback(older if at % 2 else newer)
        for settings, words in ((here, push), (there, pull)):
            interrupted += run(settings, *words, seconds=dice.uniform(0.3, 1.2)) < 0
            check_served(there.home, {newer, older})
            run(settings, *words)
        assert Store(there.home).current().id == Store(here.home).current().id
        assert Store(there.home).list_ids() == Store(here.home).list_ids()
    assert interrupted > 40
