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
from longevity.text import availability, frames, reach, wording

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
    after: int
    completed: int
    unknown: int
    recent: int
    loss: int


def format_as_of(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """Return the day a frame (city, last_day) goes to, or each city's where they differ."""
    days = {
        str(row.city): row.last_day.date()
        for row in frame.drop_duplicates("city").itertuples()
        if pd.notna(row.last_day)
    }
    if not days:
        return "an unknown day"
    if len(set(days.values())) == 1:
        return wording.format_day(next(iter(days.values())))
    return wording.join_words(
        [f"{wording.format_day(d)} ({cities.get(c, c)})" for c, d in days.items()]
    )


def write_answer(
    funnel: pd.DataFrame, cadence: pd.DataFrame, cities: Mapping[str, str], least_base: int
) -> str:
    """Write the sentence the screen opens on.

    `funnel`: rows of `call_in_funnel`; `cadence`: rows of `cadence_by_city`.
    `cities`: those asked about.
    """
    if cadence.empty:
        none = availability.state_none_supplied("call-ins", wording.join_words([*cities.values()]))
        return f"{wording.start_sentence(none)}."
    period = f"In the twelve months to {format_as_of(cadence, cities)}"
    rows = cadence if funnel.empty else cadence[cadence["city"].isin(funnel["city"])]
    where = wording.join_words([n for c, n in cities.items() if c in set(rows["city"])])
    sessions = int(rows["sessions_12_months"].sum())
    sessions_text = wording.count_noun(sessions, "call-in")
    was = "was" if sessions == 1 else "were"
    if not sessions:
        return f"{period}, no call-in was held in {where}."
    if funnel.empty:
        none = availability.state_none_supplied("invitations")
        return f"{period}, {sessions_text} {was} held in {where}; {none}."
    free, inside = _split_by_custody(funnel)
    invited = int(funnel["invited"].sum())
    came = Attendance(*frames.sum_columns(free, "attended", "attended_unknown", "reachable"))
    text = (
        f"{period}, {sessions_text} {was} held in {where}, with "
        f"{wording.count_noun(invited, 'invitation')} to members on the list. "
        f"{reach.describe_attendance(came, least_base)}."
    )
    in_custody = int(inside["invited"].sum())
    if in_custody:
        text += (
            f" Of the invitations {wording.format_number(in_custody)} went to members in custody, "
            f"counted apart: {wording.format_number(int(inside['attended'].sum()))} came."
        )
    return text


def list_stages(frame: pd.DataFrame) -> list[Stage]:
    """Return the stages of those not in custody, from rows of `call_in_funnel`.

    Stages after attendance are left out where a city's services are missing.
    Each stage begins with those who passed the one before it.
    """
    free, _ = _split_by_custody(frame)
    stages: list[Stage] = []
    for row in count_losses(free).itertuples():
        before = stages[-1].after if stages else int(row.before)
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


def write_largest_loss_title(stages: Sequence[Stage]) -> str:
    """Write the title of the funnel: where most were lost, of those it is known of."""
    if not any(stage.loss for stage in stages):
        return "From the invitation to a service: nobody was lost on the way"
    most = max(stages, key=lambda stage: stage.loss)
    whole = most.before - most.recent
    text = LARGEST[most.name].format(
        lost=wording.format_number(most.loss), whole=wording.format_number(whole)
    )
    return f"The largest loss: {text}"


def count_in_custody(frame: pd.DataFrame) -> tuple[int, int, int, int] | None:
    """Count those in custody: invited, reached, came, unknown of those reached; None with none."""
    _, inside = _split_by_custody(frame)
    if not int(inside["invited"].sum()):
        return None
    invited, reached, came, unknown = frames.sum_columns(
        inside, "invited", "reachable", "attended", "attended_unknown"
    )
    return invited, reached, came, unknown


def explain_missing_services(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """Say which cities' services are missing, so that the funnel ends at attendance."""
    names = [cities.get(c, c) for c in frame[frame["intake_30"].isna()]["city"].unique()]
    if not names:
        return ""
    none = availability.state_none_supplied("services", wording.join_words(names))
    return (
        f"{wording.start_sentence(none)}: what followed the call-in is not known there, and the "
        "picture ends at attendance. See docs/data-contract.md."
    )


def describe_unmarked_attendance(frame: pd.DataFrame) -> str:
    """Say who came although the invitation is not marked as having reached them."""
    more = int(frame["attended_besides"].sum())
    if not more:
        return ""
    return (
        f"{wording.format_number(more)} more came although their invitation is not marked as "
        "having reached them; they are in no share."
    )


FUNNEL_TITLE = "By city, twelve months"
IN_OTHER_TABLES = ("Invited", "In custody, apart")  # "62 of 77" says it, and the routes
ROUTES_TITLE = "Came, of those reached, by route, twelve months"
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


def build_funnel_table(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Return the funnel as a table, a row a city: "n of d" a stage, with what is unknown."""
    rows = []
    for name, city_rows in frames.split_by_city(frame, cities):
        free, inside = _split_by_custody(city_rows)
        line: dict[str, Any] = {"City": name, "Invited": int(free["invited"].sum())}
        by_stage = {row.stage: row for row in count_losses(free).itertuples()}
        for stage, words in STAGE_WORDS.items():
            stage_row = by_stage.get(stage)
            line[words] = (
                availability.NOT_SUPPLIED if stage_row is None else _format_part(stage_row)
            )
        line["In custody, apart"] = int(inside["invited"].sum())
        rows.append(line)
    return pd.DataFrame(rows)


def _format_part(row: Any) -> str:
    text = f"{wording.format_number(row.passed)} of {wording.format_number(row.before)}"
    if row.unknown:
        text += f", {wording.format_number(row.unknown)} unknown"
    return text


def describe_attendance(
    frame: pd.DataFrame, cities: Mapping[str, str], least_base: int
) -> list[str]:
    """Describe `call_in_funnel`, a sentence a city: the range, and those in custody apart."""
    sentences = []
    for name, rows in frames.split_by_city(frame, cities):
        sentence = f"{name}: {reach.describe_attendance(sum_attendance(rows), least_base)}"
        inside = sum_attendance_in_custody(rows)
        if inside.whole:
            sentence += f". In custody, apart: {inside.attended} of {inside.whole} reached came"
            if inside.unknown:
                sentence += f", {inside.unknown} unknown"
        sentences.append(f"{sentence}.")
    return sentences


def build_routes_table(
    frame: pd.DataFrame, cities: Mapping[str, str], least_base: int
) -> pd.DataFrame:
    """Return `call_in_funnel` as a table in words, those in custody last of each city."""
    rows = []
    for row in frame.itertuples():
        attendance = Attendance(int(row.attended), int(row.attended_unknown), int(row.reachable))
        least, most = attendance.least, attendance.most
        has_interval = (
            attendance.whole >= least_base and least.low is not None and most.high is not None
        )
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
                "Share of those reached": _format_share(attendance, least_base),
                "95% interval": f"{_format_percent(least.low)} to {_format_percent(most.high)}%"
                if has_interval
                else f"under {least_base} reached",
            }
        )
    return pd.DataFrame(rows)


def build_routes_by_city(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Return `call_in_funnel` for reading: a row a route, a column a city.

    A cell is "38 of 56, 6 unknown": who came, of those reached.
    """
    table = {
        name: {
            route: _format_count(Attendance(int(came), int(unknown), int(reached)))
            for route, came, unknown, reached in zip(
                *(rows[c] for c in ("route", "attended", "attended_unknown", "reachable")),
                strict=True,
            )
        }
        for name, rows in frames.split_by_city(frame, cities)
    }
    present = set(frame["route"])
    rows = [
        {"Route": words}
        | {name: cells.get(route, "nobody invited") for name, cells in table.items()}
        for route, words in ROUTES.items()
        if route in present
    ]
    return pd.DataFrame(rows)


def _format_count(attendance: Attendance) -> str:
    if not attendance.whole:
        return "nobody reached"
    text = f"{attendance.attended} of {attendance.whole}"
    return f"{text}, {attendance.unknown} unknown" if attendance.unknown else text


def _format_share(attendance: Attendance, least_base: int) -> str:
    if attendance.whole < least_base:
        return _format_count(attendance)
    low, high = _format_percent(attendance.least.share), _format_percent(attendance.most.share)
    return f"{low}%" if low == high else f"{low} to {high}%"


def _format_percent(share: float | None) -> str:
    return f"{100 * (share or 0):.0f}"


def _split_by_custody(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    inside = frame["route"] == CUSTODY
    return frame[~inside], frame[inside]
