"""One publish, purge, prune, rollback, push or pull at a time.

The lock is the operating system's, so that what was killed holds none.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from longevity import private_files
from longevity.errors import DataError
from longevity.settings import Settings

NAME = "publish.lock"


@contextmanager
def hold_lock(settings: Settings) -> Iterator[None]:
    """Hold the lock of LONGEVITY_HOME; DataError, with since when, while another does.

    What is made meanwhile is for its owner alone.
    """
    path = settings.home / NAME
    if not settings.home.is_dir():
        raise DataError(f"{settings.home} holds no release.", "Set LONGEVITY_HOME.")
    with private_files.owner_only(), path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DataError(
                "Another publish, purge, prune, rollback, push or pull has been running since "
                f"{_read_since(path, settings)}.",
                "Wait for it to end, then try again.",
            ) from error
        os.utime(path)
        yield


def _read_since(path: Path, settings: Settings) -> str:
    begun = datetime.fromtimestamp(path.stat().st_mtime, settings.time_zone)
    return f"{begun:%H:%M:%S} ({settings.time_zone.key}) on {begun.date().isoformat()}"
