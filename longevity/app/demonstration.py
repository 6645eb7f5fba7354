"""Publish the demonstration where there is no release at all."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

from longevity import demo
from longevity.app.publish import publish_release
from longevity.base.progress import Progress, ignore_progress
from longevity.release.store import Store
from longevity.settings import Settings
from longevity.words.dates import format_long


def ensure_demonstration(settings: Settings, today: date, progress: Progress) -> None:
    """Publish two demonstrations a week apart where there is no release at all.

    Two, so that *Sources* can show what changed from one release to the next. Real data, or an
    earlier demonstration, is left alone.
    """
    if Store(settings.home).list_releases():
        return
    yesterday = today - timedelta(days=1)
    for until in (yesterday - timedelta(days=7), yesterday):
        progress(f"Building the demonstration to {format_long(until)}, which takes a moment:")
        with tempfile.TemporaryDirectory(prefix="demonstration-") as folder:
            progress("  making up its shootings, groups and call-ins …")
            # At scale 1 and from seed 1: every machine makes up the same.
            demo.write_demonstration(
                Path(folder), settings, until, scale=1, seed=1, progress=ignore_progress
            )
            progress("  checking, locating and publishing them …")
            publish_release(Path(folder), settings, today)
