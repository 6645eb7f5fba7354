"""`kill -9` while publishing, pushing and pulling, at moments nobody chose."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from longevity.app.publish import publish_release as publish
from longevity.release.store import Store
from longevity.settings import ROOT
from tests.conftest import TODAY
from tests.release.test_publish import small

pytestmark = pytest.mark.audit

PUBLISH = """
import sys
from datetime import date
from pathlib import Path
from longevity import settings
from longevity.app.publish import publish_release
publish_release(Path(sys.argv[1]), settings.load_settings(), date(2026, 11, 23), "made up for a test")
"""


def start(settings, *words):
    """Start Python with these words over a home."""
    environment = {**os.environ, "LONGEVITY_HOME": str(settings.home), "LONGEVITY_CONFIG": str(settings.config_path)}
    words = [sys.executable, *map(str, words)]
    silent = subprocess.DEVNULL
    return subprocess.Popen(words, cwd=ROOT, env=environment, stdout=silent, stderr=subprocess.PIPE, text=True)


def test_killed_at_any_moment(tmp_path, settings, demonstration):
    old = publish(small(tmp_path / "old"), settings, TODAY)
    whole = start(settings, "-c", PUBLISH, demonstration)
    began = time.monotonic()
    _, said = whole.communicate()
    length = time.monotonic() - began
    assert whole.returncode == 0, said
    new = Store(settings.home).current().id
    assert new != old.release_id
    dice, interrupted = random.Random(11), 0
    for _ in range(25):
        store = Store(settings.home)
        store.rollback(old.release_id)
        # Taken away, so that each publish builds it again.
        shutil.rmtree(store.releases / new, ignore_errors=True)
        running = start(settings, "-c", PUBLISH, demonstration)
        time.sleep(dice.uniform(0.2, 1.05) * length)
        running.kill()
        running.communicate()
        interrupted += running.returncode == -signal.SIGKILL
        served = store.current()
        assert served.notice is None
        assert served.id in (old.release_id, new)
        assert {release.damage for release in store.list_releases()} == {None}
    assert interrupted > 10
    assert publish(demonstration, settings, TODAY, "made up for a test").release_id == new
    assert Store(settings.home).current().id == new


def move(act, settings, remote):
    return start(settings, "-m", "longevity", "releases", act, remote)


def test_push_and_pull_killed_at_any_moment(tmp_path, published):
    """Of two releases the newer comes and goes; whatever is killed, what is served is whole."""
    here, there = (replace(published, home=tmp_path / name) for name in ("here", "there"))
    shutil.copytree(published.home, here.home)
    remote, dice, interrupted = tmp_path / "remote", random.Random(12), 0
    newer, older = Store(here.home).list_newest_first()
    for act, settings in (("push", here), ("pull", there)):
        finished = move(act, settings, remote)
        _, said = finished.communicate()
        assert finished.returncode == 0, said
    for at in range(60):
        # Prune would spare it: what matters is that a release comes, and goes again.
        if at % 2:
            shutil.move(here.home / "releases" / newer, tmp_path / "aside")
        elif at:
            shutil.move(tmp_path / "aside", here.home / "releases" / newer)
        Store(here.home).rollback(older if at % 2 else newer)
        for act, settings in (("push", here), ("pull", there)):
            running = move(act, settings, remote)
            time.sleep(dice.uniform(0.3, 1.2))
            running.kill()
            running.communicate()
            interrupted += running.returncode == -signal.SIGKILL
            served = Store(there.home).current()
            assert served.notice is None
            assert {release.damage for release in Store(there.home).list_releases()} == {None}
            finished = move(act, settings, remote)
            _, said = finished.communicate()
            assert finished.returncode == 0, said
        assert Store(there.home).current().id == Store(here.home).current().id
        assert Store(there.home).list_ids() == Store(here.home).list_ids()
    assert interrupted > 40
