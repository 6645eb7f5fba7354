"""Publish a folder of extracts, the files that cities supply, as a release for the dashboard.

With it the public tables are frozen: counts about people, made once, so that no later publish can
give away what was withheld. `release` leaves that to a function it is given, as `privacy` is built
on it.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from contextlib import closing
from datetime import date
from pathlib import Path

from longevity.auth.viewers import PUBLIC
from longevity.base.progress import Progress, ignore_progress
from longevity.privacy import public_tables
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
    reason: str | None = None,
    progress: Progress = ignore_progress,
    withdrawals: Withdrawals = _NO_WITHDRAWALS,
    accept: Collection[str] = (),
) -> PublishReport:
    """Check a folder of extracts, build a release of it and serve it; `Publish` has the steps.

    `accept`: the names (`CheckFinding.names`) of errors that may be the truth, to publish all the
    same for that `reason`. `withdrawals`: public tables to withdraw for it. `progress` is given a
    sentence as work goes on.
    """
    return Publish(
        extracts,
        settings,
        today,
        public_tables.freeze,
        (reason or "").strip(),
        accept,
        withdrawals,
        progress,
    ).run()


def draw_pictures(settings: Settings, today: date, progress: Progress) -> None:
    """Draw the public charts of the served release once and keep them as files, ready for anyone.

    The release is served already, so what fails is reported and not raised; a chart that is missing
    is drawn when someone asks for it.
    """
    from longevity.outputs import public_files

    try:
        with closing(Warehouse(Store(settings.home).current(), settings)) as warehouse:
            context = ReportContext(settings, PUBLIC, warehouse, today)
            public_files.draw_public_files(context, progress)
    except Exception as error:  # whatever it is, the release is served and stays so
        LOG.warning("the public charts were not drawn: %s", error, extra={"event": "pictures"})
        progress(f"The public charts were not drawn; each will be when asked for. {error}")
