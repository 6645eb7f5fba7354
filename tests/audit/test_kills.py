"""`kill -9` while publishing, at every step."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from longevity.app.publish import publish_release as publish
from longevity.release.store import Store
from longevity.settings import ROOT
from tests.conftest import TODAY
from tests.integration.test_publish import STEPS, small

pytestmark = pytest.mark.audit

KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from longevity import settings as configuration
from longevity.app.publish import publish_release as publish

home, folder, at = sys.argv[1:]
def kill(step):
    if step == at:
        os.kill(os.getpid(), signal.SIGKILL)
settings = configuration.load_settings(home=Path(home), environment={})
publish(Path(folder), settings, date(2026, 11, 23), after_step=kill)
"""


def test_killed_at_each_step(tmp_path, settings):
    old = publish(small(tmp_path / "old"), settings, TODAY)
    new, store = small(tmp_path / "new", extra=1), Store(settings.home)
    for step in STEPS:
        # Each begins where the one before it was killed.
        words = [sys.executable, "-c", KILLED, str(settings.home), str(new), step]
        killed = subprocess.run(words, cwd=ROOT, check=False, capture_output=True, text=True)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert store.current().notice is None
        assert (store.current().id == old.release_id) is (step != "flipped"), step
        assert {one.damage for one in store.list_releases()} == {None}
    assert publish(new, settings, TODAY).already
