"""Ask questions beside the one who will come to ask them, so that two processors answer.

Whoever asks a question that is being answered waits for that answer (`lru_cache.py`), so a page
asks as ever, from the first to the last, while these are asked from the last to the first.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

Question = tuple[str, Mapping[str, Any]]
PROCESSORS = (
    len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
)


@contextmanager
def prefetch_answers(
    ask: Callable[[str, Mapping[str, Any]], object], questions: Sequence[Question]
) -> Iterator[None]:
    """Have `questions` asked meanwhile. At the end the one being asked is waited for, no more are.

    What goes wrong beside is left to the one who asks it next.
    """
    over = threading.Event()

    def work() -> None:
        for name, values in reversed(questions):
            if over.is_set():
                return
            with suppress(Exception):
                ask(name, values)

    task = _open_pool().submit(work) if PROCESSORS > 1 else None
    try:
        yield
    finally:
        over.set()
        if task is not None and not task.cancel():
            task.result()


@cache
def _open_pool() -> ThreadPoolExecutor:
    """Open a pool of one thread fewer than processors: the page itself has one."""
    return ThreadPoolExecutor(max_workers=PROCESSORS - 1, thread_name_prefix="prefetch")
