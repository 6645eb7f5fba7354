"""The list of files given out, in LONGEVITY_HOME: the SHA-256 and the day of each.

By it a file is known to be ours, byte for byte. A signature alone does not show that: its hash
leaves out parts of the file (decision 72), and a CSV has no signature. Of a file without one the
line also says which chart it is of, so that `verify` can draw it again; never a figure, as the list
outlives tables that are withdrawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from longevity.base import append_log
from longevity.base.errors import DataError
from longevity.release.signing import FOLDER, GIVEN_OUT

NAME = GIVEN_OUT


def add_file(home: Path, data: bytes, of: Mapping[str, Any] | None = None) -> None:
    """Add a file to the list; DataError where that fails, so that the file is not given out.

    `of`: what a file without a signature is of (`bundle_record.note_chart`).
    """
    line = {"sha256": hashlib.sha256(data).hexdigest(), "on": f"{datetime.now(UTC):%Y-%m-%d}"}
    try:
        append_log.append_line(home / FOLDER / NAME, {**line, "of": of} if of else line)
    except OSError as error:
        raise DataError(
            f"The list of files given out cannot be written: {error.strerror}.",
            f"It is {FOLDER}/{NAME} in LONGEVITY_HOME. Without it the file would not verify.",
        ) from error


def find_line(home: Path, data: bytes) -> dict[str, Any]:
    """Return the line of a file, byte for byte; empty where it was never given out.

    Of several it has the first day: a line of an earlier version says nothing else.
    """
    digest = hashlib.sha256(data).hexdigest()
    lines = append_log.read_lines(home / FOLDER / NAME)
    found = [line for line in lines if line.get("sha256") == digest]
    return {**found[-1], **found[0]} if found else {}
