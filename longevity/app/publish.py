"""Publish a folder of extracts whole: the release, and its public tables frozen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from longevity.privacy import public_tables
from longevity.progress import Progress, ignore_progress
from longevity.release.publish import Publish, PublishReport
from longevity.release.table_withdrawals import Withdrawals
from longevity.settings import Settings

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
    """Publish a folder of extracts as a release, and serve it: `Publish` says how.

    `accept` is the reason why an acceptable error, or a comparison with the release before
    it, may stand. `withdrawals`: public tables to be withdrawn, for that reason.
    """
    reason = (accept or "").strip()
    return Publish(
        extracts,
        settings,
        today,
        public_tables.freeze,
        reason,
        withdrawals,
        progress,
        after_step,
    ).run()
