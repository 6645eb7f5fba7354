"""What needs attention, for those who may read the program's rows."""

from __future__ import annotations

import pandas as pd

from longevity.reports.context import ReportContext
from longevity.text import attention
from longevity.text.attention import Attention


def find_attention(context: ReportContext) -> tuple[Attention, ...]:
    """Return what waits in the cities this viewer may read, the worst first; () for the public."""
    if context.viewer.named_scope is None:
        return ()
    of = {"city": context.viewer.city} if context.viewer.city else {}
    notices = context.ask("retaliation_window", **of)
    thresholds = context.settings.thresholds
    hours, window = 24 * thresholds.notified_within_days, thresholds.promise_window_days

    def frame(query: str) -> pd.DataFrame:
        return context.ask(query, **of).frame

    lines = (
        (attention.open_follow_ups(frame("open_promises_by_city"), window), "promises", "open"),
        (attention.late_notices(notices.frame, hours), "call_ins", "notifications"),
        (
            attention.unreviewed_incidents(
                frame("shooting_reviews"), thresholds.reviewed_within_days
            ),
            "call_ins",
            "sessions",
        ),
        (attention.sessions_due(frame("cadence_by_city"), context.cities), "call_ins", "sessions"),
        (attention.overdue_reviews(frame("lists_due_by_city")), "coming_home", "lists"),
        (attention.unanswered_requests(frame("unanswered_by_city")), "coming_home", "community"),
    )
    return tuple(Attention(sentence, screen, tab) for sentence, screen, tab in lines if sentence)
