"""The week's lists as rows of words; what nobody noted is said, never left blank as a no."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from longevity.dates import format_short
from longevity.text import wording
from longevity.text.weekly.week import Week

Row = tuple[str, ...]
SHOOTINGS = ("Day", "Neighbourhood", "Shot", "Killed", "Group", "Reviewed", "Promise")
PROMISES = ("Group", "Shot on", "Days left", "Window ends")
MESSAGES = ("Day", "Neighbourhood", "Groups", "Notified within 72 hours")
CALL_INS = ("Call-in", "Day", "Came")
HOME = ("Person", "Expected", "From")
MET = ("Person", "Released", "Met")
PLACES = ("7 days", "28 days")
NOT_ON_MAP = "On no map"

GMI = {"confirmed": "yes", "suspected": "suspected", "none": "no", "unknown": "unknown"}
PROMISE = {
    "opened": "opened",
    "running": "already open",
    "none": "none",
    "unknown": "unknown",
}
NOTIFIED = {
    "notified": "yes",
    "attempted": "tried, no contact",
    "not_notified": "no",
    "too_recent": "72 hours not over",
    "unknown": "unknown",
}
OUTCOMES = {
    "greeted": "yes",
    "greeted_late": "later",
    "not_greeted": "no meeting noted",
    "greeted_unknown": "unknown",
    "too_recent": "too recent to tell",
}


def _day(value: Any) -> str:
    return "–" if pd.isna(value) else f"{value:%b} {value.day}"


def _dated(value: Any) -> str:
    return "–" if pd.isna(value) else format_short(value)


def _place(value: Any) -> str:
    return "unknown" if pd.isna(value) else str(value)


def shootings(frame: pd.DataFrame) -> list[Row]:
    """`frame`: `shootings_one_by_one` of the week, by SHOOTINGS."""
    return [
        (
            f"{row.day:%a} {_day(row.day)}",
            _place(row.neighbourhood),
            "unknown" if pd.isna(row.victims) else str(row.victims),
            "unknown" if pd.isna(row.fatal) else str(row.fatal),
            GMI[row.gmi],
            "not yet" if pd.isna(row.reviewed_on) else _day(row.reviewed_on),
            PROMISE[row.promise],
        )
        for row in frame.itertuples()
    ]


def messages(frame: pd.DataFrame) -> list[Row]:
    """The shootings after which a group should hear from us, by MESSAGES."""
    due = frame[frame["gmi"].isin(["confirmed", "suspected"])]
    return [
        (
            _day(row.day),
            _place(row.neighbourhood),
            "not known" if pd.isna(row.group_ids) else str(row.group_ids),
            NOTIFIED[row.notified],
        )
        for row in due.itertuples()
    ]


def messages_said(frame: pd.DataFrame) -> str:
    """How many group-involved shootings of the week were answered by a message.

    `frame`: `messages_by_shooting`.
    """
    known = zip(frame["gmi"], frame["notified"], frame["shootings"].tolist(), strict=True)
    counts = {(gmi, notified): many for gmi, notified, many in known}
    sure = {notified: many for (gmi, notified), many in counts.items() if gmi == "confirmed"}
    told, whole = sure.get("notified", 0), sum(sure.values())
    unsure = sum(many for (gmi, _), many in counts.items() if gmi in ("suspected", "unknown"))
    more = f" Of {unsure} more it is not settled whether a group was involved." if unsure else ""
    if not whole:
        return f"No shooting of the week is confirmed as group-involved.{more}"
    unknown, recent = sure.get("unknown", 0), sure.get("too_recent", 0)
    aside = [f"unknown for {unknown}"] if unknown else []
    aside += [f"not over for {recent}"] if recent else []
    said = f" ({', '.join(aside)})" if aside else ""
    return f"{told} of {whole} confirmed followed by a message within 72 hours{said}.{more}"


def promises(frame: pd.DataFrame, as_of: date) -> list[Row]:
    """`frame`: `open_promises`, oldest first, by PROMISES; days are counted from `as_of`."""
    return [
        (
            str(row.group_id),
            _dated(row.violated_on),
            _days_left(row.window_ends_on, as_of, pd.isna(row.known_through)),
            _dated(row.window_ends_on),
        )
        for row in frame.itertuples()
    ]


def promises_said(frame: pd.DataFrame, as_of: date) -> str:
    """How many promises are open, counted from `as_of`, and how far enforcement is known.

    The program's extracts can end before the page's own day: a promise is open as far as
    they go, while its days run on. `frame`: `open_promises_by_city`, told as of `as_of`.
    """
    many = int(frame["waiting"].sum())
    if not many:
        return "No promise is open."
    one = wording.counted(many, "promise is open", "promises are open")
    if not frame["days_known"].sum():
        return f"{one}; how many days are left is unknown."
    first, over = frame["next_ends_on"].min(), int(frame["over"].sum())
    if pd.notna(first):
        left = wording.counted((first - pd.Timestamp(as_of)).days, "day")
        one += f"; the first runs out in {left}"
    if over:
        one += f"; the days of {wording.number(over)} are over by now"
    told = frame["known_through"].min()
    short = f" Enforcement is known to {wording.day(told)}." if told < pd.Timestamp(as_of) else ""
    return f"{one}.{short}"


def _days_left(ends: pd.Timestamp, as_of: date, unknown: bool) -> str:
    if unknown:
        return "unknown"
    left = (ends - pd.Timestamp(as_of)).days
    return str(left) if left > 0 else "over"


def call_ins(frame: pd.DataFrame) -> list[Row]:
    """The sessions ahead, the next first, then the last ones, by CALL_INS.

    `frame`: `call_ins_ahead_and_behind`, newest first.
    """
    words = {"scheduled": "ahead", "held": "held", "not_held": "planned, not held"}
    names = ("status", "scheduled_for", "held_on", "attended", "invited")
    ahead: list[Row] = []
    behind: list[Row] = []
    for status, planned, held, attended, invited in zip(
        *(frame[name].tolist() for name in names), strict=True
    ):
        came = "–"
        if status == "held":
            came = "unknown" if pd.isna(attended) else f"{attended} of {invited} invited"
        row = (words[status], _dated(held if status == "held" else planned), came)
        (ahead if status == "scheduled" else behind).append(row)
    return [*ahead[::-1], *behind]


def call_ins_said(frame: pd.DataFrame, as_of: date) -> str:
    """The next call-in, and how long ago the last was. `frame`: `cadence_by_city`."""
    ahead, held = frame["next_scheduled_for"].min(), frame["last_held_on"].max()
    later = "no call-in is scheduled" if pd.isna(ahead) else f"next on {wording.day(ahead)}"
    if pd.isna(held):
        return f"No call-in was held; {later}."
    ago = wording.counted((pd.Timestamp(as_of) - held).days, "day")
    return f"The last call-in was {ago} ago; {later}."


def home(frame: pd.DataFrame) -> list[Row]:
    """Who is expected, by HOME. `frame`: `coming_home`."""
    return [
        (
            str(row.person_id),
            _day(row.expected_on) + (" (overdue)" if row.status == "overdue" else ""),
            "unknown" if pd.isna(row.facility) else str(row.facility),
        )
        for row in frame.itertuples()
    ]


def met(frame: pd.DataFrame) -> list[Row]:
    """Who came home since the week began, by MET. `frame`: `exits_from_custody`."""
    return [
        (str(row.person_id), _day(row.released_on), OUTCOMES[row.outcome])
        for row in frame.itertuples()
    ]


def home_said(ahead: pd.DataFrame, came: pd.DataFrame, week: Week) -> str:
    """Who comes home in the next seven days, and who came.

    `ahead`: `coming_home_by_city`; `came`: `exits_by_quarter` since the week began.
    """
    many = int(ahead["expected"].sum()) + int(ahead["overdue"].sum())
    people = wording.counted(many, "member is expected home", "members are expected home")
    next_ = f"{people} in the seven days after {wording.day(week.as_of)}, or overdue."
    if not many:
        next_ = f"Nobody is expected home in the seven days after {wording.day(week.as_of)}."
    home_ = int(came["exits"].sum())
    if not home_:
        return f"{next_} Nobody came home since {wording.day(week.starts)}."
    by = came.groupby("outcome")["exits"].sum()
    met_ = int(by.get("greeted", 0))
    unsure = int(by.get("greeted_unknown", 0)) + int(by.get("too_recent", 0))
    aside = f", unknown or too recent for {unsure}" if unsure else ""
    return (
        f"{next_} Of {wording.number(home_)} who came home since {wording.day(week.starts)}, "
        f"{wording.number(met_)} met in time{aside}."
    )


def review_said(frame: pd.DataFrame) -> str:
    """Whether the week had its meeting. `frame`: `reviews_by_week`, a row for the week."""
    held = frame["held_on"].iloc[0] if len(frame) else pd.NaT
    if pd.isna(held):
        return (
            "The meeting that reviews the shootings of this week is not on file; the list says "
            "when each shooting's own review was."
        )
    return f"The meeting that reviews the shootings of this week was on {wording.day(held)}."


def places(
    now: pd.DataFrame, month: pd.DataFrame, whole: tuple[int, int], measure: str = "incidents"
) -> list[Row]:
    """Where shootings were, or another count, most in 28 days first: the place, then PLACES.

    `now`, `month`: `victims_by_neighbourhood` of 7 and of 28 days; `whole`: the city's count
    in each. What lies in no neighbourhood has a row of its own.
    """
    week = dict(zip(now["neighbourhood"], now[measure], strict=True))
    found = [
        (str(name), int(week.get(name, 0)), int(many))
        for name, many in zip(month["neighbourhood"], month[measure], strict=True)
        if many
    ]
    found.sort(key=lambda row: (-row[2], -row[1], row[0]))
    rest = (
        whole[0] - sum(row[1] for row in found),
        whole[1] - sum(row[2] for row in found),
    )
    if rest[1] > 0:
        found.append((NOT_ON_MAP, *rest))
    return [(name, str(few), str(many)) for name, few, many in found]


def changed(frame: pd.DataFrame) -> str:
    """What changed in earlier weeks. `frame`: `revisions_by_city` of one city."""
    if frame.empty:
        return "There is no earlier release to compare with, so what changed is not known."
    against = f" (since release {frame['against'].iloc[0]})"
    said = str(frame["sentence"].iloc[0]) or "Nothing changed in earlier weeks."
    return f"{said.removesuffix('.')}{against}."
