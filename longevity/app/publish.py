"""Publish: check, locate, build, freeze the public tables, compare, serve, and prepare answers.

Everything is built in a folder of its own, written to the disk, renamed into place,
and served by one atomic change of `current.json`. Whatever fails on the way leaves
the release that was served as it was.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from longevity.app import precompute
from longevity.privacy import public_tables
from longevity.progress import Progress, ignore_progress
from longevity.release.complete import PublishReport, complete_release
from longevity.release.stage import PublishRequest, hold_staging, stage_release
from longevity.release.store import Release
from longevity.release.table_withdrawals import Withdrawals
from longevity.settings import Settings

STEPS = (
    "locked",
    "checked",
    "extracts",
    "located",
    "built",
    "compared",
    "manifest",
    "synced",
    "renamed",
    "withdrawn",
    "flipped",
    "prepared",
)

_NO_WITHDRAWALS = Withdrawals()


def publish_release(
    extracts: Path,
    settings: Settings,
    today: date,
    accept: str | None = None,
    progress: Progress = ignore_progress,
    after_step: Progress = ignore_progress,
    withdrawals: Withdrawals = _NO_WITHDRAWALS,
) -> PublishReport:
    """Publish a folder of extracts as a release, serve it, and prepare what its screens begin with.

    `accept` is the reason why an acceptable error, or a comparison with the release before
    it, may stand. That answers cannot be prepared is said and changes nothing.
    `withdrawals`: public tables to be withdrawn, for the reason in `accept`.
    `after_step` is told each of STEPS as it is done. Raises RefusedError with every
    error, DataError when the disk or another publish stands in the way; the
    release that was served is then still served.
    """
    request = PublishRequest(extracts, settings, today, accept, withdrawals, progress, after_step)
    with hold_staging(request):
        release, report = _serve_release(request)
        precompute.prepare_answers(release, settings, progress)
        after_step("prepared")
    return report


def publish_without_answers(
    extracts: Path,
    settings: Settings,
    today: date,
    accept: str | None = None,
    progress: Progress = ignore_progress,
    after_step: Progress = ignore_progress,
    withdrawals: Withdrawals = _NO_WITHDRAWALS,
) -> PublishReport:
    """Publish as `publish_release` does, where another follows at once: its screens stay slow."""
    request = PublishRequest(extracts, settings, today, accept, withdrawals, progress, after_step)
    with hold_staging(request):
        _, report = _serve_release(request)
        after_step("prepared")
    return report


def _serve_release(request: PublishRequest) -> tuple[Release, PublishReport]:
    staged = stage_release(request)
    request.progress("Cutting what is due for the public.")
    public_tables.freeze(staged.release, request.settings, staged.history, staged.public_tables)
    return complete_release(staged)
