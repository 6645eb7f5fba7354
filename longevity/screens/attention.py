"""What needs attention, a line each, the worst first, for those who may read the program's rows."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from longevity.measures.declarations import load_measures
from longevity.measures.say import add_up
from longevity.screens.context import ReportContext
from longevity.screens.report import Attention
from longevity.screens.support import count_waiting

# The extracts without which a line is not known.
NOTICES = ("incidents", "victims", "incident_groups", "custom_notifications")
REVIEWS = ("incidents", "victims", "shooting_reviews")


def find_attention(context: ReportContext) -> tuple[Attention, ...]:
    """Return what waits in the cities this viewer may read, the worst first; () for the public."""
    if context.is_public:
        return ()
    lacking = context.find_cities_without
    lines = (
        (_say_follow_ups(context), context.find_cities_without_follow_up(), "follow_up", "open"),
        (_say_late_warnings(context), lacking(*NOTICES), "call_ins", "groups"),
        (_say(context, "reviews.late"), lacking(*REVIEWS), "call_ins", "sessions"),
        (_say_none_scheduled(context), lacking("call_ins"), "call_ins", "sessions"),
        (_say(context, "lists_due.overdue"), lacking("people"), "sources", "changes"),
        (
            context.say(
                "requests_waiting.unanswered", count_waiting(_ask(context, "requests_waiting"))
            ),
            lacking("community_requests"),
            "support",
            "community",
        ),
    )
    return tuple(
        Attention(_add_not_known(context, line, unknown), screen, tab)
        for line, unknown, screen, tab in lines
        if line
    )


def _ask(context: ReportContext, measure: str) -> pd.DataFrame:
    """Return the answer a measure is about, of the cities this viewer may read."""
    query = str(load_measures()[measure].query)
    return context.ask(query, city=context.viewer.city).frame


def _say(context: ReportContext, sentence: str) -> str:
    return context.say(sentence, _ask(context, sentence.split(".", maxsplit=1)[0]))


def _add_not_known(context: ReportContext, line: str, unknown: Sequence[str]) -> str:
    """Add the cities that supplied nothing the line could count."""
    names = [context.cities[city] for city in unknown]
    return context.say("attention.not_known", line=line, cities=names) if names else line


def _say_follow_ups(context: ReportContext) -> str:
    """Say how many cases wait for enforcement, and how many ran out of days in a year."""
    waiting = _ask(context, "follow_up_open")
    oldest = waiting["longest_open"].max()
    return context.say("follow_up_open.waiting", waiting, oldest=oldest)


def _say_late_warnings(context: ReportContext) -> str:
    """Say after how many shootings no group was warned in time; with none on file it is unknown."""
    window = add_up(_ask(context, "warned_in_time"))
    late = window["incidents"] - window["notified"] - window["group_unknown"]
    if late:
        return context.say("warned_in_time.late", window, late=late)
    return context.say("warned_in_time.unknown", window) if window["group_unknown"] else ""


def _say_none_scheduled(context: ReportContext) -> str:
    """Say which cities have no call-in scheduled."""
    held = _ask(context, "call_ins_held")
    none = context.name_cities(held[held["next_scheduled_for"].isna()])["city"]
    return context.say("call_ins_held.none_scheduled", cities=[*none]) if len(none) else ""
