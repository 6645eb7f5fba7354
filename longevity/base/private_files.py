"""Files and folders in LONGEVITY_HOME that only their owner can open: modes 0600 and 0700.

They have that mode from the moment they are made, so that there is none in which others can open
them.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from longevity.base.files import atomic_write

_counting = threading.Lock()
# The umask that each block inside `owner_only` found; the first is the process's own.
_found_umasks: list[int] = []


@contextmanager
def owner_only() -> Iterator[None]:
    """Make every file created inside the block private, by whichever library it is written.

    It sets the umask, which belongs to the whole process: files that other threads make meanwhile
    are private too. Of several blocks at a time the last to end puts the first umask back.
    """
    with _counting:
        _found_umasks.append(os.umask(0o077))
    try:
        yield
    finally:
        with _counting:
            umask, _ = _found_umasks[0], _found_umasks.pop()
            if not _found_umasks:
                os.umask(umask)


def make_private_folder(path: Path) -> None:
    """Make a folder, and those above it that are not there, with mode 0700."""
    if not path.parent.exists():
        make_private_folder(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)


def write_once(path: Path, make: Callable[[], bytes]) -> None:
    """Write the bytes `make` returns, mode 0600, whole or not at all; an existing file stays."""
    make_private_folder(path.parent)
    if not path.exists():
        with atomic_write(path, mode=0o600, overwrite=False, sync_name=True) as draft:
            draft.write_bytes(make())
