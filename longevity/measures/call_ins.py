"""The call-ins in words: who was asked and came, where members were lost, who is told next.

An invitation is a person asked to a session. Those in custody do not choose to
come and stand apart in every figure. What nobody noted is unknown: it is named
beside each figure and never counted as a no.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from longevity.measures import reach, wording

CUSTODY = "in_custody"
ROUTES = {
    "parole": "Parole",
    "probation": "Probation",
    "voluntary": "Voluntary",
    CUSTODY: "In custody, apart",
}
YEAR = pd.DateOffset(years=1)
STATUS = {"held": "held", "scheduled": "to come", "not_held": "not held"}


@dataclass(frozen=True)
class Stage:
    """One stage of the funnel: `before` = passed + completed + unknown + recent + lost.

    `recent` are of sessions too new to tell; `completed` had completed their
    service, which is no loss.
    """

    name: str
    before: int
    passed: int
    completed: int
    unknown: int
    recent: int
    lost: int


def as_of(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """The day a frame (city, last_day) is told to, or each city's where they differ."""
    days = {
        str(row.city): row.last_day.date()
        for row in frame.drop_duplicates("city").itertuples()
        if pd.notna(row.last_day)
    }
    if not days:
        return "an unknown day"
    if len(set(days.values())) == 1:
        return wording.day(next(iter(days.values())))
    return wording.listed([f"{wording.day(d)} ({cities.get(c, c)})" for c, d in days.items()])


def answer(
    funnel: pd.DataFrame, cadence: pd.DataFrame, cities: Mapping[str, str], least_base: int
) -> str:
    """The sentence the screen opens on.

    `funnel`: rows of `call_in_funnel`; `cadence`: rows of `cadence_by_city`.
    `cities`: those asked about.
    """
    if cadence.empty:
        return f"No call-ins were handed over for {wording.listed(list(cities.values()))}."
    period = f"In the twelve months to {as_of(cadence, cities)}"
    own = cadence if funnel.empty else cadence[cadence["city"].isin(funnel["city"])]
    where = wording.listed([n for c, n in cities.items() if c in set(own["city"])])
    sessions = int(own["sessions_12_months"].sum())
    held = wording.counted(sessions, "call-in")
    was = "was" if sessions == 1 else "were"
    if not sessions:
        return f"{period}, no call-in was held in {where}."
    if funnel.empty:
        return f"{period}, {held} {was} held in {where}; no invitations were handed over."
    free, inside = _apart(funnel)
    invited = int(funnel["invited"].sum())
    came = reach.Attendance(*_sums(free, "attended", "attended_unknown", "reachable"))
    said = (
        f"{period}, {held} {was} held in {where}, with "
        f"{wording.counted(invited, 'invitation')} to members on the list. "
        f"{came.said(least_base)}."
    )
    there = int(inside["invited"].sum())
    if there:
        said += (
            f" {wording.number(there)} of the invitations went to members in custody, counted "
            f"apart: {wording.number(int(inside['attended'].sum()))} of them came."
        )
    return said


def funnel(frame: pd.DataFrame) -> list[Stage]:
    """The stages of those not in custody, from rows of `call_in_funnel`.

    Stages after attendance are left out where a city's services are missing.
    Each stage begins with those who passed the one before it.
    """
    free, _ = _apart(frame)
    stages: list[Stage] = []
    for row in reach.losses(free).itertuples():
        before = stages[-1].passed if stages else int(row.before)
        stages.append(
            Stage(
                row.stage,
                before,
                int(row.passed),
                int(row.completed),
                int(row.unknown),
                before - int(row.before),
                int(row.lost),
            )
        )
    return stages


def largest_loss(stages: Sequence[Stage]) -> str:
    """The title of the funnel: where most were lost, of those it can be told of."""
    if not any(stage.lost for stage in stages):
        return "From the invitation to a service: nobody was lost on the way"
    most = max(stages, key=lambda stage: stage.lost)
    whole = most.before - most.recent
    said = LARGEST[most.name].format(lost=wording.number(most.lost), whole=wording.number(whole))
    return f"The largest loss: {said}"


def in_custody(frame: pd.DataFrame) -> tuple[int, int, int, int] | None:
    """Of those in custody: invited, reached, came, unknown of those reached; None with none."""
    _, inside = _apart(frame)
    if not int(inside["invited"].sum()):
        return None
    invited, reached, came, unknown = _sums(
        inside, "invited", "reachable", "attended", "attended_unknown"
    )
    return invited, reached, came, unknown


def without_services(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """Which cities' services are missing, so that the funnel ends at attendance."""
    names = [cities.get(c, c) for c in frame[frame["intake_30"].isna()]["city"].unique()]
    if not names:
        return ""
    return (
        f"No services were handed over for {wording.listed(names)}: what followed the call-in is "
        "not known there, and the picture ends at attendance. See docs/data-contract.md."
    )


def besides(frame: pd.DataFrame) -> str:
    """Who came although the invitation is not marked as having reached them."""
    more = int(frame["attended_besides"].sum())
    if not more:
        return ""
    return (
        f"{wording.number(more)} more came although their invitation is not marked as having "
        "reached them; they are in no share."
    )


STAGE_WORDS = {
    "reachable": "Reached",
    "attended": "Came, of those reached",
    "intake_30": "Service in 30 days, of those who came",
    "active_90": "Active at 90 days, of those in a service",
}
LARGEST = {
    "reachable": "{lost} of {whole} invited were not reached",
    "attended": "{lost} of {whole} reached did not come",
    "intake_30": "{lost} of {whole} who came began no service in 30 days",
    "active_90": "{lost} of {whole} who began a service were no longer in contact at 90 days",
}


def by_city(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """The funnel as a table, a row a city: "n of d" a stage, with what is unknown."""
    rows = []
    for city, name in cities.items():
        own = frame[frame["city"] == city]
        if own.empty:
            continue
        line: dict[str, Any] = {"City": name, "Invited": int(_apart(own)[0]["invited"].sum())}
        lost = {row.stage: row for row in reach.losses(_apart(own)[0]).itertuples()}
        for stage, words in STAGE_WORDS.items():
            found = lost.get(stage)
            line[words] = "not handed over" if found is None else _of(found)
        line["In custody, apart"] = int(_apart(own)[1]["invited"].sum())
        rows.append(line)
    return pd.DataFrame(rows)


def _of(row: Any) -> str:
    said = f"{wording.number(row.passed)} of {wording.number(row.before)}"
    if row.unknown:
        said += f", {wording.number(row.unknown)} unknown"
    return said


def attendance_by_city(
    frame: pd.DataFrame, cities: Mapping[str, str], least_base: int
) -> list[str]:
    """A sentence a city of `attendance_by_route`: the range, and those in custody apart."""
    said = []
    for city, name in cities.items():
        own = frame[frame["city"] == city]
        if own.empty:
            continue
        sentence = f"{name}: {reach.attendance(own).said(least_base)}"
        inside = reach.in_custody(own)
        if inside.whole:
            sentence += f". In custody, apart: {inside.attended} of {inside.whole} reached came"
            if inside.unknown:
                sentence += f", {inside.unknown} unknown"
        said.append(f"{sentence}.")
    return said


def by_route(frame: pd.DataFrame, cities: Mapping[str, str], least_base: int) -> pd.DataFrame:
    """`attendance_by_route` as a table in words, those in custody last of each city."""
    rows = []
    for row in frame.itertuples():
        found = reach.Attendance(int(row.attended), int(row.attended_unknown), int(row.reachable))
        least, most = found.least, found.most
        known = found.whole >= least_base and least.low is not None and most.high is not None
        rows.append(
            {
                "City": cities.get(row.city, row.city),
                "Route": ROUTES.get(row.route, row.route),
                "Invited": row.invited,
                "Reached": row.reachable,
                "Came": row.attended,
                "Absent": row.absent,
                "Excused": row.excused,
                "Unknown": row.attended_unknown,
                "Share of those reached": _share(found, least_base),
                "95 % interval": f"{_percent(least.low)} to {_percent(most.high)}\u00a0%"
                if known
                else f"under {least_base} reached",
            }
        )
    return pd.DataFrame(rows)


def _share(found: reach.Attendance, least_base: int) -> str:
    if not found.whole:
        return "nobody reached"
    if found.whole < least_base:
        said = f"{found.attended} of {found.whole}"
        return f"{said}, {found.unknown} unknown" if found.unknown else said
    low, high = _percent(found.least.share), _percent(found.most.share)
    return f"{low}\u00a0%" if low == high else f"{low} to {high}\u00a0%"


def _percent(share: float | None) -> str:
    return f"{100 * (share or 0):.0f}"


def sessions(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """`call_in_sessions` as a table, the newest first; what was not noted stays empty.

    `Came` counts everybody who came, in custody or not marked as reached too.
    """
    made = frame.assign(
        day=frame["held_on"].fillna(frame["scheduled_for"]),
        city=frame["city"].map(cities).fillna(frame["city"]),
        status=frame["status"].map(STATUS).fillna(frame["status"]),
    ).sort_values("day", ascending=False, kind="stable")
    # Before a session is held nobody can be invited in vain: no zero is written there.
    told = (made["status"] == STATUS["held"]) | (made["invited"] > 0)
    return pd.DataFrame(
        {
            "City": made["city"],
            "Day": made["day"],
            "Session": made["status"],
            "Invited": made["invited"].where(told),
            "Reached": made["reachable"].where(told),
            "Came": made["attended"],
            "Unknown": made["attended_unknown"],
            "Cases prepared": made["cases_prepared"],
            "Who spoke": [_spoke(row) for row in made.itertuples()],
            "In custody": made["in_custody"].where(told),
            "Code": made["call_in_id"],
        }
    )


VOICES = {
    "community_speakers": "community",
    "family_speakers": "family",
    "law_enforcement": "law enforcement",
    "service_providers": "service providers",
}


def _spoke(row: Any) -> str:
    """How many of each kind spoke; a kind nobody noted is said to be so."""
    if pd.isna(row.held_on):
        return "–"
    counts = {words: getattr(row, column) for column, words in VOICES.items()}
    said = [f"{count} {words}" for words, count in counts.items() if pd.notna(count)]
    unknown = [words for words, count in counts.items() if pd.isna(count)]
    if unknown:
        said.append(f"{wording.listed(unknown)} not noted")
    return ", ".join(said)


def nobody_came(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """The call-ins of `call_in_sessions` that nobody attended, a sentence each, newest first."""
    held = frame[(frame["status"] == "held") & frame["attended"].notna()]
    said = []
    for row in held.sort_values("held_on", ascending=False, kind="stable").itertuples():
        if row.attended:
            continue
        where = f"{cities.get(row.city, row.city)}, {wording.day(row.held_on.date())}"
        asked = wording.counted(int(row.invited), "member")
        if not row.invited:
            said.append(f"{where}: the call-in has no invitation on file.")
        elif row.attended_unknown:
            said.append(
                f"{where}: of {asked} invited nobody is known to have come; "
                f"{reach.missing('attendance', int(row.attended_unknown), int(row.invited))}."
            )
        else:
            said.append(f"{where}: {asked} invited, and nobody came.")
    return said


def prepared(frame: pd.DataFrame, cadence: pd.DataFrame) -> str:
    """Who spoke and what was prepared at the call-ins of the last twelve months.

    `frame`: rows of `call_in_sessions`; `cadence`: of `cadence_by_city`, for each
    city's last day.
    """
    through = frame["city"].map(cadence.set_index("city")["last_day"])
    held = frame[(frame["status"] == "held") & (frame["held_on"] > through - YEAR)]
    if held.empty:
        return ""
    count = len(held)
    said = []
    for column, words in VOICES.items():
        with_some = int((held[column].fillna(0) > 0).sum())
        unknown = int(held[column].isna().sum())
        said.append(
            f"{words} at {with_some} of {count}" + (f" ({unknown} not noted)" if unknown else "")
        )
    noted = held["cases_prepared"].dropna()
    cases = f" {wording.counted(int(noted.sum()), 'case')} prepared"
    if len(noted) < count:
        cases += f", not noted for {count - len(noted)} of {count} sessions"
    return f"Who spoke in the last twelve months: {wording.listed(said)} call-ins.{cases}."


def reviews(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """The weekly reviews of `shooting_reviews`, a sentence a city."""
    said = []
    for city, name in cities.items():
        own = frame[frame["city"] == city]
        if own.empty:
            continue
        row = own.iloc[0]
        sentence = (
            f"{name}: {row.weeks_reviewed} of {row.weeks} weeks reviewed; "
            f"{row.reviewed_in_time} of {row.incidents} shooting incidents reviewed within 7 days"
        )
        more = []
        if row.reviewed_later:
            more.append(f"{row.reviewed_later} later")
        if row.not_reviewed:
            more.append(f"{row.not_reviewed} not reviewed")
        said.append(f"{sentence}{', ' if more else ''}{wording.listed(more)}.")
    return said


def clocks(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """A card a city of `cadence_by_city`: its name, the days since, the next one."""
    cards = []
    for row in frame.itertuples():
        since = "none yet"
        if pd.notna(row.days_since):
            since = wording.counted(int(row.days_since), "day")
        following = "none scheduled"
        if pd.notna(row.next_scheduled_for):
            following = f"next on {wording.day(row.next_scheduled_for.date())}"
        name = cities.get(str(row.city), str(row.city))
        cards.append((f"{name}, since the last call-in", since, following))
    return cards


def held(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """How many call-ins the cities of `cadence_by_city` held in the twelve months, and missed."""
    said = []
    for row in frame.itertuples():
        one = f"{cities.get(str(row.city), str(row.city))} {row.sessions_12_months}"
        if row.not_held_12_months:
            one += f" ({row.not_held_12_months} scheduled and not held)"
        said.append(one)
    return f"Held in the twelve months to {as_of(frame, cities)}: {wording.listed(said)}."


def last_day(frame: pd.DataFrame) -> date:
    """The least day the cities of a frame (last_day) are told to; ValueError on an empty one."""
    if frame.empty:
        raise ValueError("no city has a last day")
    day: date = frame["last_day"].min().date()
    return day


def _apart(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    inside = frame["route"] == CUSTODY
    return frame[~inside], frame[inside]


def _sums(frame: pd.DataFrame, *names: str) -> list[int]:
    return [int(frame[name].sum()) for name in names]
