"""The call-ins in words: who was asked and came, where members were lost, who is told next.

An invitation is a person asked to a session. Those in custody do not choose to
come and stand apart in every figure. What nobody noted is unknown: it is named
beside each figure and never counted as a no.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from longevity.stats.attendance import (
    Attendance,
    count_losses,
    sum_attendance,
    sum_attendance_in_custody,
)
from longevity.text import reach, wording

CUSTODY = "in_custody"
ROUTES = {
    "parole": "Parole",
    "probation": "Probation",
    "voluntary": "Voluntary",
    CUSTODY: "In custody, apart",
}


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
    came = Attendance(*_sums(free, "attended", "attended_unknown", "reachable"))
    said = (
        f"{period}, {held} {was} held in {where}, with "
        f"{wording.counted(invited, 'invitation')} to members on the list. "
        f"{reach.describe_attendance(came, least_base)}."
    )
    there = int(inside["invited"].sum())
    if there:
        said += (
            f" Of the invitations {wording.number(there)} went to members in custody, counted "
            f"apart: {wording.number(int(inside['attended'].sum()))} came."
        )
    return said


def funnel(frame: pd.DataFrame) -> list[Stage]:
    """The stages of those not in custody, from rows of `call_in_funnel`.

    Stages after attendance are left out where a city's services are missing.
    Each stage begins with those who passed the one before it.
    """
    free, _ = _apart(frame)
    stages: list[Stage] = []
    for row in count_losses(free).itertuples():
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
        lost = {row.stage: row for row in count_losses(_apart(own)[0]).itertuples()}
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
        sentence = f"{name}: {reach.describe_attendance(sum_attendance(own), least_base)}"
        inside = sum_attendance_in_custody(own)
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
        found = Attendance(int(row.attended), int(row.attended_unknown), int(row.reachable))
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


def _share(found: Attendance, least_base: int) -> str:
    if not found.whole:
        return "nobody reached"
    if found.whole < least_base:
        said = f"{found.attended} of {found.whole}"
        return f"{said}, {found.unknown} unknown" if found.unknown else said
    low, high = _percent(found.least.share), _percent(found.most.share)
    return f"{low}\u00a0%" if low == high else f"{low} to {high}\u00a0%"


def _percent(share: float | None) -> str:
    return f"{100 * (share or 0):.0f}"


def _apart(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    inside = frame["route"] == CUSTODY
    return frame[~inside], frame[inside]


def _sums(frame: pd.DataFrame, *names: str) -> list[int]:
    return [int(frame[name].sum()) for name in names]
