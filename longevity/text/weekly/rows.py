"""The week's lists as tables of text; what nobody noted is said, never left blank as a no."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd

from longevity.dates import format_short
from longevity.measures.nouns import MEASURES
from longevity.measures.say import say
from longevity.text import wording
from longevity.text.weekly.week import Week

SHOOTINGS = ("Day", "Neighbourhood", "Shot", "Killed", "Group", "Reviewed", "Follow-up")
PROMISES = ("Group", "Shot on", "Day", "Members with an action")
MESSAGES = ("Day", "Neighbourhood", "Groups", "In time")
CALL_INS = ("Call-in", "Day", "Came")
NEXT_SESSIONS, LAST_SESSIONS = 2, 4
HOME = ("Person", "Expected", "From")
GREETINGS = ("Person", "Released", "Met")
PLACES = ("7 days", "28 days")
NOT_ON_MAP = "On no map"

DUE = ("confirmed", "suspected")  # involvement of a group that calls for a message
GMI_WORDS = {"confirmed": "yes", "suspected": "suspected", "none": "no", "unknown": "unknown"}
PROMISE_WORDS = {
    "opened": "opened",
    "running": "already open",
    "none": "none",
    "unknown": "unknown",
}
NOTICE_WORDS = {
    "notified": "yes",
    "attempted": "tried, no contact",
    "not_notified": "no",
    "too_recent": "time not over",
    "unknown": "unknown",
}
OUTCOME_WORDS = {
    "greeted": "yes",
    "greeted_late": "later",
    "not_greeted": "no meeting noted",
    "greeted_unknown": "unknown",
    "too_recent": "too recent to tell",
}


def _make_table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(header), dtype="str")


def _format_day(value: Any) -> str:
    return "–" if pd.isna(value) else f"{value:%b} {value.day}"


def _format_date(value: Any) -> str:
    return "–" if pd.isna(value) else format_short(value)


def _format_place(value: Any) -> str:
    return "unknown" if pd.isna(value) else str(value)


def build_shootings_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the shootings, by SHOOTINGS. `frame`: `shootings_one_by_one` of the week."""
    rows = (
        (
            f"{row.day:%a} {_format_day(row.day)}",
            _format_place(row.neighbourhood),
            "unknown" if pd.isna(row.victims) else str(row.victims),
            "unknown" if pd.isna(row.fatal) else str(row.fatal),
            GMI_WORDS[row.gmi],
            "not yet" if pd.isna(row.reviewed_on) else _format_day(row.reviewed_on),
            PROMISE_WORDS[row.promise],
        )
        for row in frame.itertuples()
    )
    return _make_table(SHOOTINGS, rows)


def build_messages_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the shootings after which a group should hear from us, by MESSAGES.

    `frame`: `shootings_one_by_one` of the week.
    """
    due = frame[frame["gmi"].isin(DUE)]
    rows = (
        (
            _format_day(row.day),
            _format_place(row.neighbourhood),
            "not known" if pd.isna(row.group_names) else str(row.group_names),
            NOTICE_WORDS[row.notified],
        )
        for row in due.itertuples()
    )
    return _make_table(MESSAGES, rows)


def describe_messages(frame: pd.DataFrame) -> str:
    """Say how many group-involved shootings of the week were answered by a message.

    `frame`: `shootings_one_by_one` of the week.
    """
    sure = Counter(frame.loc[frame["gmi"] == "confirmed", "notified"])
    answered, whole = sure["notified"], sure.total()
    doubtful = int(frame["gmi"].isin(("suspected", "unknown")).sum())
    more = (
        f" Of {doubtful} more it is not settled whether a group was involved." if doubtful else ""
    )
    if not whole:
        return f"No shooting of the week is confirmed as group-involved.{more}"
    unknown, recent = sure["unknown"], sure["too_recent"]
    notes = [f"unknown for {unknown}"] if unknown else []
    notes += [f"not over for {recent}"] if recent else []
    aside_text = f" ({', '.join(notes)})" if notes else ""
    return f"{answered} of {whole} confirmed followed by a message in time{aside_text}.{more}"


def build_promises_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the open follow-ups, oldest first, by PROMISES. `frame`: `episodes` that are open.

    Days are counted to the last day that enforcement is known to, as on every screen.
    """
    rows = (
        (
            str(row.group_id) if pd.isna(row.label) else str(row.label),
            _format_date(row.violated_on),
            f"{row.days_unanswered} of {(row.window_ends_on - row.violated_on).days}",
            f"{row.members_acted_on} of {row.members_known}",
        )
        for row in frame.itertuples()
    )
    return _make_table(PROMISES, rows)


def describe_promises(frame: pd.DataFrame, as_of: date, window: int) -> str:
    """Say how many cases wait for enforcement, and how far enforcement is known.

    The program's extracts can end before the page's own day: a follow-up is open as far as
    they go, and days are counted to there. `frame`: `episodes` that are open as of `as_of`;
    `window`: days after which a follow-up is closed.
    """
    many = len(frame)
    if not many:
        return "No follow-up is open."
    waiting = f"{wording.count_noun(many, 'case')} not yet followed up"
    waiting += f"; the oldest is at day {frame['days_unanswered'].max()} of {window}"
    over = int((frame["window_ends_on"] <= pd.Timestamp(as_of)).sum())
    if over:
        waiting += f"; the days of {wording.format_number(over)} are over by now"
    known_to = frame["known_through"].min()
    if known_to < pd.Timestamp(as_of):
        waiting += f" (enforcement data through {wording.format_day(known_to)})"
    return f"{waiting}."


def build_call_ins_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the next sessions, the next first, then the last ones, by CALL_INS.

    `frame`: `call_in_sessions`. The last that was held is among them, however long ago.
    """
    words = {"scheduled": "ahead", "held": "held", "not_held": "planned, not held"}
    names = ("status", "scheduled_for", "held_on", "attended", "invited")
    ahead: list[tuple[str, ...]] = []
    behind: list[tuple[str, ...]] = []
    for status, planned_on, held_on, attended, invited in zip(
        *(frame[name].tolist() for name in names), strict=True
    ):
        attendance = "–"
        if status == "held":
            attendance = "unknown" if pd.isna(attended) else f"{attended} of {invited} invited"
        row = (words[status], _format_date(held_on if status == "held" else planned_on), attendance)
        (ahead if status == "scheduled" else behind).append(row)
    last, held = behind[:LAST_SESSIONS], [row for row in behind if row[0] == "held"]
    last += [row for row in held[:1] if row not in last]
    return _make_table(CALL_INS, [*ahead[::-1][:NEXT_SESSIONS], *last])


def describe_call_ins(frame: pd.DataFrame, as_of: date) -> str:
    """Name the next call-in, and how long ago the last was. `frame`: `call_in_sessions`."""
    ahead = frame.loc[frame["status"] == "scheduled", "scheduled_for"].min()
    last_held = frame.loc[frame["status"] == "held", "held_on"].max()
    later = "no call-in is scheduled" if pd.isna(ahead) else f"next on {wording.format_day(ahead)}"
    if pd.isna(last_held):
        return f"No call-in was held; {later}."
    ago = wording.count_noun((pd.Timestamp(as_of) - last_held).days, "day")
    return f"The last call-in was {ago} ago; {later}."


def build_home_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return who is expected, by HOME. `frame`: `coming_home`."""
    rows = (
        (
            str(row.person_id),
            _format_day(row.expected_on) + (" (overdue)" if row.status == "overdue" else ""),
            "unknown" if pd.isna(row.facility) else str(row.facility),
        )
        for row in frame.itertuples()
    )
    return _make_table(HOME, rows)


def build_met_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return who came home since the week began, by GREETINGS. `frame`: `exits_from_custody`."""
    rows = (
        (str(row.person_id), _format_day(row.released_on), OUTCOME_WORDS[row.outcome])
        for row in frame.itertuples()
    )
    return _make_table(GREETINGS, rows)


def describe_home(ahead: pd.DataFrame, arrivals: pd.DataFrame, week: Week) -> str:
    """Say who comes home in the next seven days, and who came.

    `ahead`: `coming_home`; `arrivals`: `exits_from_custody` since the week began.
    """
    many = len(ahead)
    people = wording.count_noun(many, "member is expected home", "members are expected home")
    next_text = f"{people} in the seven days after {wording.format_day(week.as_of)}, or overdue."
    if not many:
        next_text = (
            f"Nobody is expected home in the seven days after {wording.format_day(week.as_of)}."
        )
    if arrivals.empty:
        return f"{next_text} Nobody came home since {wording.format_day(week.starts)}."
    outcomes = Counter(arrivals["outcome"])
    met_in_time = outcomes["greeted"]
    doubtful = outcomes["greeted_unknown"] + outcomes["too_recent"]
    aside = f", unknown or too recent for {doubtful}" if doubtful else ""
    return (
        f"{next_text} Of {wording.format_number(len(arrivals))} who came home since "
        f"{wording.format_day(week.starts)}, "
        f"{wording.format_number(met_in_time)} met in time{aside}."
    )


def describe_review(frame: pd.DataFrame) -> str:
    """Say whether the week had its meeting. `frame`: `reviews_by_week`, a row for the week."""
    held_on = frame["held_on"].iloc[0] if len(frame) else pd.NaT
    return say("week.not_reviewed") if pd.isna(held_on) else say("week.reviewed", day=held_on)


def count_by_place(shootings: pd.DataFrame, measure: str) -> dict[str, int]:
    """Count incidents, or those killed (`fatal`), by neighbourhood. `shootings`: a row each."""
    counted = shootings["victims"] > 0 if measure == "incidents" else shootings[measure]
    by_place = counted.astype("Int64").groupby(shootings["neighbourhood"]).sum()
    return {str(name): int(many) for name, many in by_place.items()}


def build_places_table(
    now: pd.DataFrame,
    month: pd.DataFrame,
    totals: tuple[int, int],
    measure: str = "incidents",
) -> pd.DataFrame:
    """Return where shootings were, or another count, most in 28 days first: the place, then PLACES.

    `now`: `shootings_one_by_one` of 7 days, `month`: `counting.count_areas` of 28; `totals`:
    the city's count in each. What lies in no neighbourhood has a row of its own.
    """
    week = count_by_place(now, measure)
    rows = [
        (str(name), int(week.get(name, 0)), int(many))
        for name, many in zip(month["neighbourhood"], month[measure], strict=True)
        if many
    ]
    rows.sort(key=lambda row: (-row[2], -row[1], row[0]))
    rest = (
        totals[0] - sum(row[1] for row in rows),
        totals[1] - sum(row[2] for row in rows),
    )
    if rest[1] > 0:
        rows.append((NOT_ON_MAP, *rest))
    header = (f"{wording.start_sentence(MEASURES[measure])} by place", *PLACES)
    return _make_table(header, ((name, str(few), str(many)) for name, few, many in rows))


def describe_revisions(frame: pd.DataFrame) -> str:
    """Say what changed in earlier weeks. `frame`: `revisions` of one city."""
    if frame.empty:
        return say("week.no_release_before")
    said, against = frame["sentence"].iloc[0].removesuffix("."), frame["against"].iloc[0]
    return say(f"week.{'revised' if said else 'not_revised'}", said=said, against=against)
