"""Progress of long work: a sentence at a time, to whoever watches."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str], None]


def ignore_progress(_: str) -> None:
    """Tell nobody."""
