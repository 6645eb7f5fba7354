"""What needs attention, a line each, the worst first: what waits, how much, and how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from longevity.text import frames, wording


@dataclass(frozen=True)
class Attention:
    """One line; `screen` and `tab` are where it is shown in full."""

    sentence: str
    screen: str
    tab: str


def add_not_known(sentence: str, cities: Sequence[str]) -> str:
    """Return a line with the names of the cities that supplied nothing it could count."""
    return f"{sentence}; not known for {wording.join_words(cities)}" if cities else sentence


def open_follow_ups(frame: pd.DataFrame, window: int) -> str:
    """Return how many cases wait for enforcement, and how many ran out of days in a year.

    `frame`: open_promises_by_city; `window`: days after which a case is missed.
    """
    many, missed = frames.sum_columns(frame, "open", "missed_in_a_year")
    parts = []
    if many:
        oldest = int(frame["longest_open"].max())
        cases = wording.count_noun(many, "case")
        parts.append(f"{cases} not yet followed up (oldest day {oldest} of {window})")
    if missed:
        words = wording.format_number(missed) if many else wording.count_noun(missed, "case")
        parts.append(f"{words} missed in twelve months")
    return "; ".join(parts)


def late_notices(frame: pd.DataFrame, hours: int) -> str:
    """Return after how many shootings no group was told in time. `frame`: retaliation_window.

    Where no group is on file nobody can say whether one was: unknown, and said so.
    """
    every, notified, unknown = frames.sum_columns(frame, "incidents", "notified", "group_unknown")
    late = every - notified - unknown
    parts = []
    if late:
        parts.append(
            f"After {wording.format_number(late)} of "
            f"{wording.count_noun(every, 'group-involved shooting')} in twelve months no involved "
            f"group was told within {hours} hours"
        )
    if unknown:
        more = f"unknown for {wording.format_number(unknown)}, no group on file"
        parts.append(more if late else f"Whether a group was told within {hours} hours: {more}")
    return "; ".join(parts)


def overdue_reviews(frame: pd.DataFrame) -> str:
    """Return how many listings are overdue for review. `frame`: lists_due_by_city."""
    overdue = int(frame["overdue"].sum()) if len(frame) else 0
    return f"{wording.count_noun(overdue, 'list review')} overdue" if overdue else ""


def unanswered_requests(frame: pd.DataFrame) -> str:
    """Return how many community requests wait for an answer. `frame`: unanswered_requests."""
    waiting = len(frame)
    return f"{wording.count_noun(waiting, 'community request')} unanswered" if waiting else ""


def unreviewed_incidents(frame: pd.DataFrame, days: int) -> str:
    """Return how many shootings were not reviewed in time. `frame`: shooting_reviews."""
    waiting = int(frame["not_reviewed"].sum()) if len(frame) else 0
    if not waiting:
        return ""
    return f"{wording.count_noun(waiting, 'shooting')} not reviewed after {days} days"


def sessions_due(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """Return which cities have no call-in scheduled. `frame`: cadence_by_city."""
    none = frame[frame["next_scheduled_for"].isna()]
    names = [cities[city] for city in none["city"] if city in cities]
    return f"No call-in is scheduled in {wording.join_words(names)}" if names else ""
