"""How long work reports its progress: it calls a `Progress` with a sentence at a time."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str], None]


def ignore_progress(_: str) -> None:
    """Take a sentence of progress and show it nowhere."""
