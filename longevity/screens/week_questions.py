"""One city's week: which it is, who may read it, and every question it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from longevity.errors import AccessError, DataError, UsageError
from longevity.measures.wording import format_day
from longevity.screens.context import ReportContext
from longevity.stats import periods
from longevity.stats.periods import Week

MOST_WEEKS = 52  # that are offered
Question = tuple[str, Mapping[str, Any]]  # a query, and its parameters


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


def list_questions(city: str, chosen: Week) -> dict[str, Question]:
    """Return everything that is asked of one week, by what its answer is called."""
    of_city = {"city": city}
    on_day = {**of_city, "as_of": chosen.as_of}
    seven_days = {**of_city, "date_from": chosen.starts, "date_until": chosen.until}
    followed = {**seven_days, **on_day}
    since = {**on_day, "since": chosen.starts}
    # How much a week still grows is asked of the newest alone: another has grown.
    growth = ("incidents_by_day_recorded", {**of_city, "weeks": 156})
    return {
        "shootings": ("shootings_one_by_one", followed),
        "reviews": ("reviews_by_week", followed),
        "follow-ups": ("episodes", on_day),
        "call-ins": ("call_in_sessions", on_day),
        "expected home": ("coming_home", {**on_day, "weeks": 1}),
        "came home": ("exits_from_custody", since),
        **({"recorded": growth} if chosen.is_newest else {}),
        "revisions": ("revisions", of_city),
        "reclassified": ("incidents_reclassified_by_city", of_city),
    }
