"""Where the time of a run goes: one clock a thread, each part less the parts within it.

    with part("queries"):
        ...

A part inside another stops the outer one, so that the parts of a run add up to it; what
no part claims is the rest: Streamlit's own work and the page's words.
"""

from __future__ import annotations

import inspect
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from types import ModuleType
from typing import Any

QUERIES, MEASURES, FIGURES, SERIALISING = "queries", "measures", "figures", "serialising"
PARTS = (QUERIES, MEASURES, FIGURES, SERIALISING)


@dataclass
class Run:
    """One run of a page: seconds in all, and seconds a part."""

    seconds: float = 0.0
    parts: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    fetched: int = 0
    _open: list[tuple[str, float]] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "seconds": self.seconds,
            "parts": dict(self.parts),
            "fetched": self.fetched,
        }


_own = threading.local()


def current() -> Run | None:
    """The run of this thread, if one is being timed."""
    return getattr(_own, "run", None)


@contextmanager
def time_run() -> Iterator[Run]:
    """Time one run of a page in this thread."""
    run = Run()
    _own.run = run
    began = time.perf_counter()
    try:
        yield run
    finally:
        run.seconds = time.perf_counter() - began
        _own.run = None


@contextmanager
def part(name: str) -> Iterator[None]:
    """Time spent here counts as this part, and not as the part around it."""
    run = current()
    if run is None:
        yield
        return
    now = time.perf_counter()
    if run._open:
        outer, since = run._open[-1]
        run.parts[outer] += now - since
    run._open.append((name, now))
    try:
        yield
    finally:
        now = time.perf_counter()
        _, since = run._open.pop()
        run.parts[name] += now - since
        if run._open:
            run._open[-1] = (run._open[-1][0], now)


def time_function(work: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Return the same function, its time taken as this part."""

    @wraps(work)
    def doing(*given: Any, **named: Any) -> Any:
        if current() is None:
            return work(*given, **named)
        with part(name):
            return work(*given, **named)

    return doing


def count_module(module: ModuleType, name: str) -> int:
    """Take the time of every public function a module defines; how many there are.

    Only calls through the module are seen: `maps.areas(...)`, as the pages write it.
    """
    functions = [
        (own, work)
        for own, work in vars(module).items()
        if inspect.isfunction(work) and not own.startswith("_")
        if work.__module__ == module.__name__ and not inspect.isgeneratorfunction(work)
    ]
    for own, work in functions:
        setattr(module, own, time_function(work, name))
    return len(functions)
