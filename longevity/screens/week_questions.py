"""One city's week: which it is, and who may read it."""

from __future__ import annotations

from datetime import date, timedelta

from longevity.errors import AccessError, DataError, UsageError
from longevity.measures.wording import format_day
from longevity.screens.context import ReportContext
from longevity.stats import periods
from longevity.stats.periods import Week

MOST_WEEKS = 52  # that are offered


def choose_week(context: ReportContext, city: str, ending: date | None = None) -> Week:
    """Return the week of `city` that ends on `ending`, or its newest whole one.

    AccessError for a viewer who may not read it; UsageError, with the nearest week there is, for
    no such week; DataError without a whole week of data.
    """
    name = context.settings.city(city).name
    if not context.can_see(city):
        raise AccessError(
            f"The weekly review of '{city}' names groups and people by code; "
            f"'{context.viewer}' may not read it.",
            "Ask as the city itself or as the state. What anybody may read is on Briefing.",
        )
    ends = _list_all_ends(context, city)
    if not ends:
        raise DataError(
            f"There is no whole week of incidents and victims of {name}.",
            "Publish a folder that holds one: see README.md.",
        )
    chosen = ending or ends[0]
    if chosen not in ends:
        nearest = min(ends, key=lambda day: abs(day - chosen))
        raise UsageError(
            f"No whole week of {name} ends on {format_day(chosen)}: its weeks end on "
            f"{nearest:%A}, from {format_day(ends[-1])} to {format_day(ends[0])}.",
            f"The nearest week ends on {nearest.isoformat()}.",
        )
    as_of = min(context.spans[city][1], chosen + timedelta(days=6))
    return Week(chosen, as_of, chosen == ends[0])


def _list_all_ends(context: ReportContext, city: str) -> list[date]:
    ends_iso = context.settings.city(city).week_ends_iso
    span = context.spans.get(city)
    return periods.list_week_ends(*span, ends_iso) if span else []


def list_week_ends(context: ReportContext, city: str) -> list[date]:
    """Return the week ends of `city` one can choose, the newest first; none without data."""
    return _list_all_ends(context, city)[:MOST_WEEKS]
