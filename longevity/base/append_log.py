"""Logs in LONGEVITY_HOME that are only ever added to, such as who downloaded which list.

One JSON object a line. A line is written whole and synced, or is torn by a crash and then skipped
on reading. People in a log are keyed hashes (HMAC). The key is in a file of its own that only its
owner may read: without it no one can find a person by hashing codes and comparing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from longevity.base import private_files
from longevity.base.errors import DataError
from longevity.base.files import sync_folder

KEY = "key"
KEY_BYTES = 32


def ensure_key(path: Path) -> bytes:
    """Return the key `path`; made, whole or not at all and with mode 0600, when there is none yet.

    OSError when it cannot be made, DataError when it cannot be read or is not whole.
    """
    private_files.write_once(path, lambda: secrets.token_bytes(KEY_BYTES))
    return read_key(path)


def refuse_lost(path: Path, made: Path, consequence: str) -> None:
    """Raise DataError where `path` is gone, and `made`, a file written after it, is still there.

    `consequence`: what a new one would lead to, which is why it is never made in silence.
    """
    if made.exists() and not path.exists():
        raise DataError(
            f"{path} is gone, though {made} says that it was made.",
            f"Restore it from the back-up. To begin with a new one, remove {made}: {consequence}.",
        )


def read_key(path: Path) -> bytes:
    """Return the key `path`; DataError when it is not there or not whole."""
    try:
        key = path.read_bytes()
    except OSError as error:
        raise DataError(
            f"{path} cannot be read: {error.strerror}.",
            "Restore it: what was recorded cannot be recognised without it.",
        ) from error
    if len(key) != KEY_BYTES:
        raise DataError(f"{path} is damaged.", "Restore it: what was recorded needs it.")
    return key


def hash_with_key(key: bytes, text: str) -> str:
    """Return a keyed hash of a text, in hexadecimal."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def append_line(path: Path, line: Mapping[str, Any]) -> None:
    """Add one line at the end, on the disk when this returns; OSError when it cannot be."""
    private_files.make_private_folder(path.parent)
    new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(handle).st_size
        # A line torn by a crash must not swallow this one.
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        data = b"\n" * torn + json.dumps(dict(line)).encode() + b"\n"
        while data:  # a disk that fills up takes the beginning and only then complains
            data = data[os.write(handle, data) :]
        os.fsync(handle)
    finally:
        os.close(handle)
    if new:
        sync_folder(path.parent)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return every whole line, oldest first; none where there is no file."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    records = []
    for line in text.splitlines():
        try:
            record = json.loads(line)
        except ValueError:
            continue  # torn by a crash
        if isinstance(record, dict):
            records.append(record)
    return records
