"""Prepare what the screens of a served release begin with: all its viewers' answers, asked once."""

from __future__ import annotations

from datetime import date

import duckdb

from longevity.auth.viewers import Viewer
from longevity.errors import DataError, LongevityError, describe_error
from longevity.progress import Progress
from longevity.release.store import Release
from longevity.reports.context import ReportContext
from longevity.reports.week_questions import choose_week, list_questions, list_week_ends
from longevity.settings import Settings
from longevity.warehouse import recording
from longevity.warehouse.warehouse import Warehouse

WEEKS = 4  # what a mayor looks back on of a Monday


def prepare_answers(release: Release, settings: Settings, progress: Progress) -> None:
    """Prepare the answers of a served release; without them it is served more slowly."""
    try:
        recording.record_answers(release, settings, progress, _ask_newest_weeks)
    except (DataError, OSError, duckdb.Error) as error:
        reason = error.what if isinstance(error, DataError) else describe_error(error)
        progress(f"Nothing was prepared for the screens, which are slower without: {reason}.")


def _ask_newest_weeks(warehouse: Warehouse, viewer: Viewer) -> None:
    """Ask what the newest whole weeks need, of every city this viewer may read."""
    published_on = date.fromisoformat(str(warehouse.release.manifest["published_on"])[:10])
    context = ReportContext(warehouse.settings, viewer, warehouse, published_on)
    for city in filter(context.can_see, context.settings.cities):
        for ending in list_week_ends(context, city)[:WEEKS]:
            try:
                context.ask_all(list_questions(city, choose_week(context, city, ending)))
            except LongevityError:
                break  # whoever opens it is told why
