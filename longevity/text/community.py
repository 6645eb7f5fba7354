"""The two-way street: events held with the community, what it asked of us, and whether we answered.

A request without an answer is said as openly as a promise without one.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from longevity.text import frames, wording


def sum_events(frame: pd.DataFrame) -> pd.DataFrame:
    """Sum events by kind over the cities: kind, events, counted, uncounted, attendance.

    `counted` and `uncounted`: events whose attendance was and was not noted.
    """
    sums = frames.sum_by(frame, "kind", ["events", "attendance", "attendance_unknown"])
    sums["uncounted"] = sums["attendance_unknown"]
    sums["counted"] = sums["events"] - sums["uncounted"]
    table = sums[sums["events"] > 0].drop(columns="attendance_unknown")
    return table.sort_values(["events", "kind"], ascending=[False, True], ignore_index=True)


def write_events_title(frame: pd.DataFrame) -> str:
    """Write the finding. `frame`: `community_events`."""
    events, attendance, unknown = frames.sum_columns(
        frame, "events", "attendance", "attendance_unknown"
    )
    if not events:
        return "No event was held with the community"
    title = (
        f"{wording.count_noun(events, 'event')} with the community, "
        f"{wording.format_number(attendance)} attended"
    )
    if unknown:
        title += f"; attendance unknown for {wording.format_number(unknown)}"
    return title


def describe_attendance(events_held: int, attendance: int, unknown: int) -> str:
    """Say how many came to the events of one kind, at the right of its bar."""
    if unknown == events_held:
        return "attendance unknown"
    text = f"{wording.format_number(attendance)} came"
    return f"{text}; {wording.count_noun(unknown, 'event')} not counted" if unknown else text


def sum_requests(frame: pd.DataFrame) -> pd.DataFrame:
    """Sum requests by topic over the cities: topic, asked, answered, unanswered."""
    rows = frame[frame["topic"] != "all"]
    sums = frames.sum_by(rows, "topic", ["asked", "answered", "unanswered"])
    table = sums[sums["asked"] > 0]
    return table.sort_values(["asked", "topic"], ascending=[False, True], ignore_index=True)


def write_requests_title(frame: pd.DataFrame) -> str:
    """Write the finding. `frame`: `community_requests`."""
    every = frame[frame["topic"] == "all"]
    requests, answers = frames.sum_columns(every, "asked", "answered")
    if not requests:
        return "The community is not known to have asked for anything"
    return (
        f"{wording.format_number(answers)} of {wording.count_noun(requests, 'request')} of the "
        f"community answered, {wording.format_number(requests - answers)} not"
    )


def describe_medians(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """List the days to an answer, a city at a time: medians of cities cannot be added up."""
    parts = []
    for name, rows in frames.split_by_city(frame[frame["topic"] == "all"], cities):
        row = rows.iloc[0]
        if not row["asked"]:
            parts.append(f"{name}: nothing asked")
        elif not row["answered"]:
            parts.append(f"{name}: none of {wording.format_number(row['asked'])} answered")
        else:
            half = f"{row['median_days']:.1f}".removesuffix(".0")
            parts.append(
                f"{name}: {half} days ({wording.format_number(row['answered'])} of "
                f"{wording.format_number(row['asked'])} answered)"
            )
    return f"Median days to an answer, of those answered. {'; '.join(parts)}." if parts else ""


def describe_waiting(frame: pd.DataFrame) -> str:
    """Say how many requests wait, whenever they were asked. `frame`: `unanswered_requests`."""
    if frame.empty:
        return "No request is waiting for an answer."
    year = int((frame["days_unanswered"] <= 365).sum())
    oldest = frame.loc[frame["asked_on"].idxmin()]
    days = wording.count_noun(int(oldest["days_unanswered"]), "day")
    since = wording.format_day(oldest["asked_on"])
    if len(frame) == 1:
        return f"1 request waits for an answer, asked on {since}: {days}."
    return (
        f"{wording.format_number(len(frame))} requests wait for an answer, "
        f"{wording.format_number(year)} of them from the last 365 days; the oldest since {since}, "
        f"{days}."
    )


def build_waiting_table(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Return `unanswered_requests` as a list to act on: since when and what about first."""
    first = ["asked_on", "days_unanswered", "topic", "city", "request_id"]
    return frames.build_list_table(frame, cities)[first]
