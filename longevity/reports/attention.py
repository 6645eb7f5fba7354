"""What needs attention, for those who may read the program's rows."""

from __future__ import annotations

import pandas as pd

from longevity.reports.context import ReportContext
from longevity.text import attention
from longevity.text.attention import Attention

# The extracts without which a line is not known.
NOTICES = ("incidents", "victims", "incident_groups", "custom_notifications")
REVIEWS = ("incidents", "victims", "shooting_reviews")


def find_attention(context: ReportContext) -> tuple[Attention, ...]:
    """Return what waits in the cities this viewer may read, the worst first; () for the public."""
    if context.viewer.named_scope is None:
        return ()
    of = {"city": context.viewer.city} if context.viewer.city else {}
    thresholds = context.settings.thresholds
    hours, window = 24 * thresholds.notified_within_days, thresholds.promise_window_days

    def frame(query: str) -> pd.DataFrame:
        return context.ask(query, **of).frame

    waiting = frame("open_promises_by_city")
    reviews = frame("shooting_reviews")
    notices, call_ins = frame("retaliation_window"), frame("cadence_by_city")
    lists, requests = frame("lists_due_by_city"), frame("unanswered_requests")
    unreviewed = attention.unreviewed_incidents(reviews, thresholds.reviewed_within_days)
    due = attention.sessions_due(call_ins, context.cities)
    unanswered = attention.unanswered_requests(requests)
    follow_ups = attention.open_follow_ups(waiting, window)
    lacking = context.find_cities_without
    lines = (
        (follow_ups, context.find_cities_without_follow_up(), "promises", "open"),
        (attention.late_notices(notices, hours), lacking(*NOTICES), "call_ins", "groups"),
        (unreviewed, lacking(*REVIEWS), "call_ins", "sessions"),
        (due, lacking("call_ins"), "call_ins", "sessions"),
        (attention.overdue_reviews(lists), lacking("people"), "sources_and_checks", "changes"),
        (unanswered, lacking("community_requests"), "coming_home", "community"),
    )
    return tuple(
        Attention(
            attention.add_not_known(sentence, [context.cities[city] for city in unknown]),
            screen,
            tab,
        )
        for sentence, unknown, screen, tab in lines
        if sentence
    )
