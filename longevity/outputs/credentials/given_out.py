"""The files that were given out, each by its SHA-256 and the day: a list in LONGEVITY_HOME.

A signature says who signed; the list says that not a byte is another. The hash of Content
Credentials leaves out the credentials themselves and what packs them into a file (decision 72).
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


def is_listed(home: Path, data: bytes) -> bool:
    """Say whether a file was given out, byte for byte."""
    digest = hashlib.sha256(data).hexdigest()
    lines = append_log.read_lines(home / FOLDER / NAME)
    return any(line.get("sha256") == digest for line in lines)


def has_list(home: Path) -> bool:
    """Say whether there is a list: not on a machine that only has the certificate."""
    return (home / FOLDER / NAME).is_file()
