"""Pages take turns: a few are made at a time, in the order they were asked for.

Python makes pages one statement at a time whatever the number of threads. Fifty begun at once
would all end late, the shortest too; in turn, most of them end early.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# One more than processors: while one waits for a picture or a disk, another goes on.
AT_ONCE = (os.cpu_count() or 1) + 1

_turns = threading.Semaphore(AT_ONCE)


@contextmanager
def taken() -> Iterator[None]:
    """Wait for a turn and hold it until the page is made, or breaks off."""
    with _turns:
        yield
