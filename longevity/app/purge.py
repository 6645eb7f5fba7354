"""Purge: destroy people's rows, and prepare the answers of the served release again.

The answers that were prepared hold rows too, and go with the purge.
"""

from __future__ import annotations

from datetime import date

from longevity.app import precompute
from longevity.errors import DataError
from longevity.progress import Progress, ignore_progress
from longevity.release import purge
from longevity.release.purge import PurgeReport
from longevity.release.store import PREPARED, Store
from longevity.settings import Settings


def purge_person(
    settings: Settings,
    person: str,
    today: date,
    progress: Progress = ignore_progress,
    after_step: Progress = ignore_progress,
) -> PurgeReport:
    """Destroy one person's rows. UsageError when nothing kept holds the code."""
    with purge.hold_home(settings, after_step):
        report = purge.destroy_person(settings, person, today, progress, after_step)
        _prepare_served_answers(settings, progress)
    return report


def purge_due(
    settings: Settings,
    today: date,
    progress: Progress = ignore_progress,
) -> PurgeReport:
    """Destroy the rows of everybody whose review has passed: see `purge.destroy_due`."""
    with purge.hold_home(settings):
        report = purge.destroy_due(settings, today, progress)
        _prepare_served_answers(settings, progress)
    return report


def _prepare_served_answers(settings: Settings, progress: Progress) -> None:
    """Prepare the answers of the served release, where they went or were never there."""
    served = Store(settings.home).read_current_id()
    if served is None or (settings.home / PREPARED / served).exists():
        return
    try:
        release = Store(settings.home).open(served)
    except DataError:
        return  # damaged: another serves in its place, and asks as it goes
    precompute.prepare_answers(release, settings, progress)
