"""`kill -9` while publishing, pushing and pulling, at moments nobody chose."""

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
from dataclasses import replace
from pathlib import Path
from longevity import settings as configuration
from longevity.app.publish import publish_release as publish

home, folder = sys.argv[1:]
settings = configuration.load_settings(home=Path(home), environment={})
publish(Path(folder), settings, date(2026, 11, 23), "made up for a test")
"""


def _start(settings, folder):
    return subprocess.Popen(
        [sys.executable, "-c", PUBLISH, str(settings.home), str(folder)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_killed_at_any_moment(tmp_path, settings, demonstration):
    old = publish(small(tmp_path / "old"), settings, TODAY)
    whole = _start(settings, demonstration)
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
        running = _start(settings, demonstration)
        time.sleep(dice.uniform(0.2, 1.05) * length)
        running.kill()
        running.communicate()
        interrupted += running.returncode == -signal.SIGKILL
        served = store.current()
        assert served.notice is None
        assert served.id in (old.release_id, new)
        assert {one.damage for one in store.list_releases()} == {None}
    assert interrupted > 10
    print(f"\n{interrupted} of 25 publishes of {length:.1f} s killed; each left a whole release served.")
    assert publish(demonstration, settings, TODAY, "made up for a test").release_id == new
    assert Store(settings.home).current().id == new


MOVED = """
import sys
from datetime import UTC, datetime
from dataclasses import replace
from pathlib import Path
from longevity import settings as configuration
from longevity.release import copies

act, config, home, remote = sys.argv[1:]
settings = configuration.load_settings(Path(config), home=Path(home), environment={})
if act == "push":
    copies.push(settings, remote)
else:
    copies.pull(settings, remote, datetime.now(UTC))
"""


def _move(act, settings, remote):
    words = [act, str(settings.config_path), str(settings.home), str(remote)]
    return subprocess.Popen([sys.executable, "-c", MOVED, *words], cwd=ROOT, stderr=subprocess.PIPE, text=True)


def test_push_and_pull_killed_at_any_moment(tmp_path, published):
    """Of two releases the newer comes and goes; whatever is killed, what is served is whole."""
    here, there = (replace(published, home=tmp_path / name) for name in ("here", "there"))
    shutil.copytree(published.home, here.home)
    remote, dice, interrupted = tmp_path / "remote", random.Random(12), 0
    newer, older = Store(here.home).list_newest_first()
    assert _move("push", here, remote).wait() == 0
    assert _move("pull", there, remote).wait() == 0
    for at in range(60):
        # Prune would spare it: what matters is that a release comes, and goes again.
        if at % 2:
            shutil.move(here.home / "releases" / newer, tmp_path / "aside")
        elif at:
            shutil.move(tmp_path / "aside", here.home / "releases" / newer)
        Store(here.home).rollback(older if at % 2 else newer)
        for act, settings in (("push", here), ("pull", there)):
            running = _move(act, settings, remote)
            time.sleep(dice.uniform(0.3, 1.2))
            running.kill()
            running.communicate()
            interrupted += running.returncode == -signal.SIGKILL
            served = Store(there.home).current()
            assert served.notice is None
            assert {one.damage for one in Store(there.home).list_releases()} == {None}
            finished = _move(act, settings, remote)
            _, said = finished.communicate()
            assert finished.returncode == 0, said
        assert Store(there.home).current().id == Store(here.home).current().id
        assert Store(there.home).list_ids() == Store(here.home).list_ids()
    print(f"\n{interrupted} of 120 pushes and pulls killed; each left a whole release served.")
    assert interrupted > 40
