"""Publish what a test made up, whatever check and the release before it have against it."""

from datetime import date
from pathlib import Path
from typing import Any

from longevity.app.publish import publish_release
from longevity.release.publishing import PublishReport
from longevity.settings import Settings


class Everything(frozenset[str]):
    """The names of all errors there may be."""

    def __contains__(self, _name: object) -> bool:
        return True


def publish(
    extracts: Path, settings: Settings, today: date, reason: str | None = None, *more: Any, **about: Any
) -> PublishReport:
    """Publish; with a reason, every error that may be the truth is accepted for it."""
    accept = Everything() if reason else ()
    return publish_release(extracts, settings, today, reason, *more, accept=accept, **about)
