"""Progress of long work: a sentence at a time, for those who watch."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str], None]


def ignore_progress(_: str) -> None:
    """Say nothing."""
