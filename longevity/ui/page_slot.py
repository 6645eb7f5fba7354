"""Pages take turns: a few are made at a time, in the order they were asked for.

Python makes pages one statement at a time whatever the number of threads. Fifty begun at once
would all end late, the shortest too; in turn, most of them end early.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

# One more than processors: while one waits for a picture or a disk, another goes on.
AT_ONCE = (os.cpu_count() or 1) + 1

_turns = threading.Semaphore(AT_ONCE)
_counting = threading.Lock()
_count = {"asked": 0, "made": 0}
_ended = {"at": time.monotonic()}


@contextmanager
def take_slot() -> Iterator[None]:
    """Wait for a turn and hold it until the page is made, or breaks off."""
    with _counting:
        _count["asked"] += 1
    try:
        with _turns:
            yield
    finally:
        with _counting:
            _count["made"] += 1
            _ended["at"] = time.monotonic()


def count_pages_made() -> int:
    """Count the pages made since the process began."""
    return _count["made"]


def count_idle_seconds() -> float:
    """Count the seconds in which nobody has waited for a page; 0 while somebody does."""
    with _counting:
        return 0.0 if _count["asked"] > _count["made"] else time.monotonic() - _ended["at"]
