"""The two-way street: events held with the community, what it asked of us, and whether we answered.

A request without an answer is said as openly as a promise without one.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from longevity.text import list_pages, wording

ATTENDANCE = "attendance_unknown"


def events(frame: pd.DataFrame) -> pd.DataFrame:
    """Events by kind over the cities given: kind, events, counted, uncounted, attendance.

    `counted` and `uncounted`: events whose attendance was and was not noted.
    """
    summed = list_pages.summed(frame, "kind", ["events", "attendance", "attendance_unknown"])
    summed["uncounted"] = summed["attendance_unknown"]
    summed["counted"] = summed["events"] - summed["uncounted"]
    held = summed[summed["events"] > 0].drop(columns="attendance_unknown")
    return held.sort_values(["events", "kind"], ascending=[False, True], ignore_index=True)


def events_title(frame: pd.DataFrame) -> str:
    """The finding. `frame`: `community_events`."""
    held, came, unknown = (int(frame[c].sum()) for c in ("events", "attendance", ATTENDANCE))
    if not held:
        return "No event was held with the community"
    said = f"{wording.counted(held, 'event')} with the community, {wording.number(came)} attended"
    if unknown:
        said += f"; attendance unknown for {wording.number(unknown)}"
    return said


def attended(events_held: int, came: int, unknown: int) -> str:
    """How many came to the events of one kind, at the right of its bar."""
    if unknown == events_held:
        return "attendance unknown"
    said = f"{wording.number(came)} came"
    return f"{said}; {wording.counted(unknown, 'event')} not counted" if unknown else said


def requests(frame: pd.DataFrame) -> pd.DataFrame:
    """Requests by topic over the cities given: topic, asked, answered, unanswered."""
    own = frame[frame["topic"] != "all"]
    summed = list_pages.summed(own, "topic", ["asked", "answered", "unanswered"])
    asked = summed[summed["asked"] > 0]
    return asked.sort_values(["asked", "topic"], ascending=[False, True], ignore_index=True)


def requests_title(frame: pd.DataFrame) -> str:
    """The finding. `frame`: `community_requests`."""
    every = frame[frame["topic"] == "all"]
    asked, answered = int(every["asked"].sum()), int(every["answered"].sum())
    if not asked:
        return "The community is not known to have asked for anything"
    return (
        f"{wording.number(answered)} of {wording.counted(asked, 'request')} of the community "
        f"answered, {wording.number(asked - answered)} not"
    )


def medians(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """Days to an answer, a city at a time: medians of cities cannot be added up."""
    said = []
    for city, name in cities.items():
        own = frame[(frame["city"] == city) & (frame["topic"] == "all")]
        if own.empty:
            continue
        row = own.iloc[0]
        if not row["asked"]:
            said.append(f"{name}: nothing asked")
        elif not row["answered"]:
            said.append(f"{name}: none of {wording.number(row['asked'])} answered")
        else:
            half = f"{row['median_days']:.1f}".removesuffix(".0")
            said.append(
                f"{name}: {half} days ({wording.number(row['answered'])} of "
                f"{wording.number(row['asked'])} answered)"
            )
    return f"Median days to an answer, of those answered. {'; '.join(said)}." if said else ""


def waiting(frame: pd.DataFrame) -> str:
    """The unanswered, whenever they were asked. `frame`: `unanswered_by_city`."""
    if frame.empty:
        return "No request is waiting for an answer."
    many, year = int(frame["waiting"].sum()), int(frame["within_a_year"].sum())
    oldest = frame.loc[frame["oldest_asked_on"].idxmin()]
    days = wording.counted(int(oldest["oldest_days"]), "day")
    since = wording.day(oldest["oldest_asked_on"])
    if many == 1:
        return f"1 request waits for an answer, asked on {since}: {days}."
    return (
        f"{wording.number(many)} requests wait for an answer, whenever they were asked "
        f"({wording.number(year)} of them in the last 365 days); the oldest since "
        f"{since}, {days}."
    )


def waiting_list(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """`unanswered_requests` as a list to act on: how long and what about first."""
    first = ["days_unanswered", "city", "topic", "asked_on", "request_id"]
    return list_pages.told(frame, cities)[first]
