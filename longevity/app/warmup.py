"""What screens ask beyond each question's defaults, asked once when a release is served."""

from __future__ import annotations

from datetime import date

from longevity.auth.viewers import Viewer
from longevity.errors import LongevityError
from longevity.outputs.documents import week_sections
from longevity.progress import Progress
from longevity.release.store import Release
from longevity.reports.context import Desk
from longevity.settings import Settings
from longevity.text.weekly import week
from longevity.warehouse import prepared
from longevity.warehouse.warehouse import Warehouse

WEEKS = 4  # what a mayor looks back on of a Monday


def prepare(release: Release, settings: Settings, progress: Progress) -> None:
    """Make ready what the screens of a served release begin with: `publish` calls it."""
    prepared.write(release, settings, progress, _newest_weeks)


def _newest_weeks(warehouse: Warehouse, viewer: Viewer) -> None:
    """Tell the newest whole weeks of every city this viewer may read."""
    published = date.fromisoformat(str(warehouse.release.manifest["published_on"])[:10])
    desk = Desk(warehouse.settings, viewer, warehouse, published)
    for city, about in desk.settings.cities.items():
        first, through = week_sections.days(desk.ask("cities").frame, city)
        if not desk.sees(city) or first is None or through is None:
            continue
        for ending in week.list_week_ends(first, through, about.week_ends_iso)[:WEEKS]:
            try:
                week_sections.tell(desk, city, ending)
            except LongevityError:
                break  # whoever opens it is told why
