"""A disk of a few megabytes that a test may fill, where the system allows to mount one."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

FILLING = "filling"
PAGE = 4096


@contextmanager
def disk(place: Path, megabytes: int) -> Iterator[Path]:
    """A disk of its own at `place`; skips where none may be mounted."""
    place.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root may mount a disk to fill")
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", str(place)]
    mounted = subprocess.run(words, capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("no disk may be mounted here to be filled")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def leave(place: Path, room: int) -> None:
    """Fill the disk but for this many bytes."""
    found = os.statvfs(place)
    free = found.f_bavail * found.f_frsize - room
    with (place / FILLING).open("wb") as file:
        while free > 0:
            file.write(bytes(min(free, PAGE * 64)))
            free -= PAGE * 64


def empty(place: Path) -> None:
    """Take away what filled it."""
    (place / FILLING).unlink(missing_ok=True)
