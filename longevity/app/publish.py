"""Publish: check, locate, build, freeze the public tables, compare, and serve.

Everything is built in a folder of its own, written to the disk, renamed into place,
and served by one atomic change of `current.json`. Whatever fails on the way leaves
the release that was served as it was.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from longevity.privacy import public_tables
from longevity.progress import Progress, ignore_progress
from longevity.release.complete import PublishReport, complete_release
from longevity.release.stage import PublishRequest, hold_staging, stage_release
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
    """Publish a folder of extracts as a release, and serve it.

    `accept` is the reason why an acceptable error, or a comparison with the release before
    it, may stand.
    `withdrawals`: public tables to be withdrawn, for the reason in `accept`.
    `after_step` is told each of STEPS as it is done. Raises RefusedError with every
    error, DataError when the disk or another publish stands in the way; the
    release that was served is then still served.
    """
    request = PublishRequest(extracts, settings, today, accept, withdrawals, progress, after_step)
    with hold_staging(request):
        staged = stage_release(request)
        progress("Cutting what is due for the public.")
        public_tables.freeze(staged.release, settings, staged.history, staged.public_tables)
        return complete_release(staged)
