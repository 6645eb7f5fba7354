"""Publish a folder of extracts whole: the release, and its public tables frozen."""

from __future__ import annotations

import logging
from contextlib import closing
from datetime import date
from pathlib import Path

from longevity.auth.viewers import PUBLIC
from longevity.privacy import public_tables
from longevity.progress import Progress, ignore_progress
from longevity.release.publishing import Publish, PublishReport
from longevity.release.store import Store
from longevity.release.table_withdrawals import Withdrawals
from longevity.screens.context import ReportContext
from longevity.settings import Settings
from longevity.warehouse.warehouse import Warehouse

LOG = logging.getLogger(__name__)
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


def draw_pictures(settings: Settings, today: date, progress: Progress) -> None:
    """Draw and keep the public charts of the release that is served.

    The release is served already, so what fails is reported and not raised; a chart that is
    missing is drawn when someone asks for it.
    """
    from longevity.outputs import public_files

    try:
        with closing(Warehouse(Store(settings.home).current(), settings)) as warehouse:
            context = ReportContext(settings, PUBLIC, warehouse, today)
            public_files.draw_public_files(context, progress)
    except Exception as error:  # whatever it is, the release is served and stays so
        LOG.warning("the public charts were not drawn: %s", error, extra={"event": "pictures"})
        progress(f"The public charts were not drawn; each will be when asked for. {error}")
