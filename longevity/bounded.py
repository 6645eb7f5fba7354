"""What was used last, kept up to a number of bytes, and made once however many ask for it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Bounded:
    """Values by key, up to `most_bytes`; those used longest ago give way. Safe between threads.

    A value of more than a quarter of it is never kept: it would drive out all the others.
    """

    def __init__(self, most_bytes: int) -> None:
        self.held = 0
        self._most = most_bytes
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._being_made: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def __iter__(self) -> Any:
        """The keys and values kept, as they are now."""
        with self._lock:
            return iter([(key, value) for key, (value, _) in self._values.items()])

    def get(self, key: Hashable) -> Any:
        """The value kept by this key, or None."""
        found = self._used(key)
        return None if found is None else found[0]

    def once(self, key: Hashable, make: Callable[[], T], size: Callable[[T], int]) -> T:
        """The value kept by this key, else made now; whoever asks meanwhile waits for it."""
        found: tuple[T, int] | None = self._used(key)
        if found is not None:
            return found[0]
        with self._lock:
            making = self._being_made.setdefault(key, threading.Lock())
        with making:
            found = self._used(key)
            if found is not None:
                return found[0]
            try:
                made = make()
                self._keep(key, made, size(made) if self._most else 0)
            finally:
                with self._lock:
                    self._being_made.pop(key, None)
            return made

    def keeps(self, size: int) -> bool:
        """Whether a value of this size is kept at all."""
        return bool(self._most) and size <= self._most // 4

    def _used(self, key: Hashable) -> tuple[Any, int] | None:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def _keep(self, key: Hashable, value: Any, size: int) -> None:
        if not self.keeps(size):
            return
        with self._lock:
            # Where making it failed while several waited, two of them may have made it.
            _, before = self._values.pop(key, (None, 0))
            self._values[key] = (value, size)
            self.held += size - before
            while self.held > self._most:
                _, (_, dropped) = self._values.popitem(last=False)
                self.held -= dropped
