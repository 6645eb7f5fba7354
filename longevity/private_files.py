"""What is in LONGEVITY_HOME is for its owner alone: folders 0700, files 0600, whatever the umask.

From their making, so that there is no moment in which others can open them.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from longevity.files import atomic_write

_counting = threading.Lock()
_met: list[int] = []  # the umask that each of those inside met; the first, the process's own


@contextmanager
def owner_only() -> Iterator[None]:
    """Keep whatever is made meanwhile, by whichever library, for its owner alone.

    The umask is the process's: what another thread makes meanwhile is so too. The last
    one out puts back what the first one met.
    """
    with _counting:
        _met.append(os.umask(0o077))
    try:
        yield
    finally:
        with _counting:
            umask, _ = _met[0], _met.pop()
            if not _met:
                os.umask(umask)


def make_private_folder(path: Path) -> None:
    """Make a folder, and those above it that are not there, with mode 0700."""
    if not path.parent.exists():
        make_private_folder(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)


def write_once(path: Path, make: Callable[[], bytes]) -> None:
    """Write a file with mode 0600, whole or not at all; one that is there stays."""
    make_private_folder(path.parent)
    if not path.exists():
        with atomic_write(path, mode=0o600, overwrite=False, sync_name=True) as draft:
            draft.write_bytes(make())
