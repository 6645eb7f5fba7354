"""What needs attention, a line each, the worst first, for those who may read the program's rows."""

from __future__ import annotations

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
    waiting, held = _ask(context, "follow_up_open"), _ask(context, "call_ins_held")
    oldest, none = waiting["longest_open"].max(), held[held["next_scheduled_for"].isna()]
    requests = count_waiting(_ask(context, "requests_waiting"))
    say = context.say
    lines = (
        (
            say("follow_up_open.waiting", waiting, oldest=oldest),
            context.find_cities_without_follow_up(),
            *("follow_up", "open"),
        ),
        (_say_late_warnings(context), lacking(*NOTICES), "call_ins", "groups"),
        (say("reviews.late", _ask(context, "reviews")), lacking(*REVIEWS), "call_ins", "sessions"),
        (
            say("call_ins_held.none_scheduled", cities=context.list_names(none)),
            *(lacking("call_ins"), "call_ins", "sessions"),
        ),
        (
            say("lists_due.overdue", _ask(context, "lists_due")),
            *(lacking("people"), "sources", "changes"),
        ),
        (
            say("requests_waiting.unanswered", requests),
            *(lacking("community_requests"), "support", "community"),
        ),
    )
    found = []
    for line, unknown, screen, tab in lines:
        names = [context.cities[city] for city in unknown]
        said = say("attention.not_known", line=line, cities=names) if names else line
        found += [Attention(said, screen, tab)] if line else []
    return tuple(found)


def _ask(context: ReportContext, measure: str) -> pd.DataFrame:
    """Return the answer a measure is about, of the cities this viewer may read."""
    query = str(load_measures()[measure].query)
    return context.ask(query, city=context.viewer.city).frame


def _say_late_warnings(context: ReportContext) -> str:
    """Say after how many shootings no group was warned in time; with none on file it is unknown."""
    window = add_up(_ask(context, "warned_in_time"))
    late = window["incidents"] - window["notified"] - window["group_unknown"]
    if late:
        return context.say("warned_in_time.late", window, late=late)
    return context.say("warned_in_time.unknown", window) if window["group_unknown"] else ""
