"""Files in the place of a configuration or mapping that its reader must survive, each in a word."""

import os
from pathlib import Path

TEXTS = {
    "a number of 5,000 digits": b"a = " + b"1" * 5000,
    "lists in lists": b"a = " + b"[" * 50_000,
    "tables in tables": b"a = " + b"{a=" * 50_000,
    "no UTF-8": b"name = '\xe9'",
    "a NUL": b"name = 'a\x00b'",
    "cut off": b"name = ",
}
KINDS = (*TEXTS, "a folder", "a pipe", "a device")


def put_broken(path: Path, kind: str) -> None:
    """Put a broken file of this kind in the place of what is at `path`."""
    path.unlink(missing_ok=True)
    if kind == "a folder":
        path.mkdir()
    elif kind == "a pipe":
        os.mkfifo(path)
    elif kind == "a device":
        path.symlink_to("/dev/zero")
    else:
        path.write_bytes(TEXTS[kind])
