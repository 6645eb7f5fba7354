"""The groups: which have been told, and which the next call-in should be for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from longevity.measures import wording

REASONS = {"no_notice": "no notice yet", "over_12_months": "told over 12 months ago"}


def coverage_title(frame: pd.DataFrame) -> str:
    """The title of the grid, from rows of `group_coverage_grid`."""
    own = frame[frame["audited"].astype(bool)]
    covered, without = int(own["covered"].sum()), int(own["notice_on"].isna().sum())
    verb = "has" if without == 1 else "have"
    return (
        f"{wording.number(covered)} of {wording.counted(len(own), 'audited group')} had a member "
        f"at a call-in in twelve months; {wording.number(without)} {verb} no notice"
    )


def groups_apart(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """The groups of `group_coverage_grid` without an audit's date, by name."""
    own = frame[~frame["audited"].astype(bool)]
    if own.empty:
        return ""
    names = [
        f"{name_of(row.label, row.group_id)} ({cities.get(row.city, row.city)})"
        for row in own.itertuples()
    ]
    return (
        f"Without an audit date, and so in no share: {wording.listed(names)}. "
        "They are drawn apart, with a broken outline."
    )


def name_of(label: Any, group_id: str) -> str:
    """A group's code name, or its code where it has none."""
    return str(label) if pd.notna(label) and str(label).strip() else group_id


def next_sheet(frame: pd.DataFrame, cities: Mapping[str, str], several: bool) -> pd.DataFrame:
    """`next_call_in` as a sheet to print, in its order; `several` cities have a column."""
    rows = []
    for row in frame.itertuples():
        line: dict[str, Any] = {"City": cities.get(row.city, row.city)} if several else {}
        line |= {
            "Group": f"{name_of(row.label, row.group_id)} ({row.group_id})",
            "Why": _why(row),
            "Last shooting": _shot(row),
            "Can be reached": f"{row.reachable} of {row.listed}",
            "Not reachable": _others(row),
            "Members who can be reached": str(row.reachable_people)
            if pd.notna(row.reachable_people)
            else "–",
        }
        rows.append(line)
    return pd.DataFrame(rows)


def _others(row: Any) -> str:
    parts = [
        f"{int(count)} {words}"
        for count, words in (
            (row.reach_unknown, "never invited, unknown"),
            (row.not_reached, "not reached last time"),
            (row.in_custody, "in custody"),
        )
        if count
    ]
    return wording.listed(parts) or "–"


def _why(row: Any) -> str:
    reason = REASONS.get(row.reason, row.reason)
    return reason if pd.isna(row.last_told_on) else f"{reason}: {_day(row.last_told_on)}"


def _shot(row: Any) -> str:
    """The last confirmed shooting, and a later suspected one."""
    said = _day(row.last_shooting_on)
    suspected = row.last_suspected_on
    if pd.notna(suspected) and not suspected <= row.last_shooting_on:
        said += f"; suspected {_day(suspected)}"
    return said


def _day(value: Any) -> str:
    return "none confirmed" if pd.isna(value) else wording.day(value.date())


def sheet_sentence(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """How many groups the next call-in should be for, and why."""
    known = [name for city, name in cities.items() if city in set(frame["city"])]
    if frame.empty:
        return "Every active group has notice and was told in the last twelve months."
    never = int((frame["reason"] == "no_notice").sum())
    nobody = int((frame["reachable"] == 0).sum())
    said = (
        f"{wording.counted(len(frame), 'group')} in {wording.listed(known)}: "
        f"{never} without notice, {len(frame) - never} told over 12 months ago. "
    )
    if nobody:
        said += (
            f"For {nobody} of them no member is known to be reachable: most were never invited, so "
            "whether they can be reached is unknown. "
            if int(frame["reach_unknown"].sum())
            else f"For {nobody} of them no member can be reached. "
        )
    return said + "Those that shot most recently come first."
