"""A least-recently-used cache bounded in bytes, which computes each value once among threads."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class LRUCache:
    """Values by key, up to `max_bytes`; the least recently used give way. Safe between threads.

    A value of more than a quarter of it is never cached: it would drive out all the others.
    """

    def __init__(self, max_bytes: int) -> None:
        self.size = 0
        self._max_bytes = max_bytes
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._key_locks: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Any:
        """Return the value cached by this key, or None."""
        entry = self._look_up(key)
        return None if entry is None else entry[0]

    def get_or_compute(
        self, key: Hashable, compute: Callable[[], T], size_of: Callable[[T], int]
    ) -> T:
        """Return the value cached by this key, else compute it; whoever asks meanwhile waits.

        `size_of` gives its bytes. What could not be computed is tried again.
        """
        entry: tuple[T, int] | None = self._look_up(key)
        if entry is not None:
            return entry[0]
        with self._lock:
            key_lock = self._key_locks.setdefault(key, threading.Lock())
        with key_lock:
            entry = self._look_up(key)
            if entry is not None:
                return entry[0]
            try:
                value = compute()
                self._store(key, value, size_of(value) if self._max_bytes else 0)
            finally:
                with self._lock:
                    self._key_locks.pop(key, None)
            return value

    def clear(self) -> None:
        """Forget every value."""
        with self._lock:
            self._values.clear()
            self.size = 0

    def _look_up(self, key: Hashable) -> tuple[Any, int] | None:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def _store(self, key: Hashable, value: Any, size: int) -> None:
        if not self._max_bytes or size > self._max_bytes // 4:
            return
        with self._lock:
            # Where computing it failed while several waited, two of them may have computed it.
            _, before = self._values.pop(key, (None, 0))
            self._values[key] = (value, size)
            self.size += size - before
            while self.size > self._max_bytes:
                _, (_, dropped) = self._values.popitem(last=False)
                self.size -= dropped
