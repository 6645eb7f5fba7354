"""One check against what is served, publish, purge, prune, rollback, push or pull at a time.

The lock is the operating system's, so that what was killed holds none.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb

from longevity.base import private_files
from longevity.base.errors import DataError, describe_error, suggest_remedy

NAME, STAGING = "publish.lock", "staging"
AGAIN = "Run the same command again, and it goes on."


@contextmanager
def hold_lock(home: Path, remedy: str = AGAIN) -> Iterator[Path]:
    """Hold the lock of LONGEVITY_HOME, and an empty folder to work in, which goes at the end.

    DataError while another holds it, with since when, and for what the disk refuses, with
    `remedy`. What is made meanwhile is for its owner alone.
    """
    path, staging = home / NAME, home / STAGING
    try:
        private_files.make_private_folder(home)
        with private_files.owner_only(), path.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                begun = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
                raise DataError(
                    "Another check, publish, purge, prune, rollback, push or pull has been running "
                    f"since {begun:%H:%M:%S (%Z) on %Y-%m-%d}.",
                    "Wait for it to end, then try again.",
                ) from error
            os.utime(path)
            # What was killed left there may hold anybody.
            shutil.rmtree(staging, ignore_errors=True)
            staging.mkdir()
            try:
                yield staging
            finally:
                shutil.rmtree(staging, ignore_errors=True)
    except (OSError, duckdb.Error) as error:
        raise DataError(
            f"Work in {home} stopped: {describe_error(error)}.",
            f"{remedy} {suggest_remedy(error)}".rstrip(),
        ) from error
