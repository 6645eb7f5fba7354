"""The list of files given out, in LONGEVITY_HOME: the SHA-256 and the day of each.

By it a file is known to be ours, byte for byte. A signature alone does not show that: its hash
leaves out parts of the file (decision 72), and a CSV has no signature.
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
    """Add a file to the list; DataError where that fails, so that the file is not given out."""
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
