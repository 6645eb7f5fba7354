"""One city's week: which it is, who may read it, and every question it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from longevity.errors import AccessError
from longevity.reports.context import ReportContext
from longevity.text.weekly import week
from longevity.text.weekly.week import Week

Question = tuple[str, Mapping[str, Any]]  # a query, and its parameters


def choose_week(context: ReportContext, city: str, ending: date | None = None) -> Week:
    """Return the week of `city` that ends on `ending`, or its newest whole one.

    AccessError for a viewer who may not read it; UsageError for no such week; DataError
    without data.
    """
    about = context.settings.city(city)
    if not context.can_see(city):
        raise AccessError(
            f"The weekly review of '{city}' names groups and people by code; "
            f"'{context.viewer}' may not read it.",
            "Ask as the city itself or as the state. What anybody may read is on Briefing.",
        )
    return week.choose_week(ending, *context.find_days(city), about.week_ends_iso, about.name)


def list_week_ends(context: ReportContext, city: str) -> list[date]:
    """Return the week ends of `city` one can choose, the newest first; none without data."""
    first, last = context.find_days(city)
    ends_iso = context.settings.city(city).week_ends_iso
    return week.list_week_ends(first, last, ends_iso) if first and last else []


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
