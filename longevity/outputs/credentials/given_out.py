"""The files that were given out, each by its SHA-256 and the day: a list in LONGEVITY_HOME.

A signature says who signed; the list says that not a byte is another. The hash of Content
Credentials leaves out the credentials themselves and what packs them into a file (decision 72),
and a table of rows has none.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from longevity import append_log
from longevity.errors import DataError
from longevity.release.signing import FOLDER, GIVEN_OUT

NAME = GIVEN_OUT


def add_file(home: Path, data: bytes) -> None:
    """Enter a file; DataError where it cannot be, so that it is not given out."""
    line = {"sha256": hashlib.sha256(data).hexdigest(), "on": f"{datetime.now(UTC):%Y-%m-%d}"}
    try:
        append_log.append_line(home / FOLDER / NAME, line)
    except OSError as error:
        raise DataError(
            f"The list of files given out cannot be written: {error.strerror}.",
            f"It is {FOLDER}/{NAME} in LONGEVITY_HOME. Without it the file would not verify.",
        ) from error


def find_day(home: Path, data: bytes) -> str:
    """Return the day on which a file was given out, byte for byte; empty where it never was."""
    digest = hashlib.sha256(data).hexdigest()
    lines = append_log.read_lines(home / FOLDER / NAME)
    return next((str(line["on"]) for line in lines if line.get("sha256") == digest), "")
