"""The groups: which have been told, and which the next call-in should be for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from longevity.text import wording

REASONS = {"no_notice": "No notice yet", "over_12_months": "Told over 12 months ago"}


GRID_ORDER = "those without an audit date first, then those told least"
NAMED = 12  # groups named in a sentence where not all of them are


def coverage_title(counts: pd.DataFrame) -> str:
    """The title of the grid, from rows of `group_coverage_counts`."""
    own = counts[counts["audited"].astype(bool)]
    groups, covered, without = (
        int(own[name].sum()) for name in ("groups", "covered", "without_notice")
    )
    verb = "has" if without == 1 else "have"
    return (
        f"{wording.number(covered)} of {wording.counted(groups, 'audited group')} had a member "
        f"at a call-in in twelve months; {wording.number(without)} {verb} no notice"
    )


def groups_apart(frame: pd.DataFrame, counts: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """The groups without an audit's date, by name.

    `frame`: `group_coverage_grid_page`, which has them first; `counts`: `group_coverage_counts`.
    """
    own = frame[~frame["audited"].astype(bool)]
    many = int(counts.loc[~counts["audited"].astype(bool), "groups"].sum())
    if not many:
        return ""
    names = [
        f"{name_of(row.label, row.group_id)} ({cities.get(row.city, row.city)})"
        for row in own.itertuples()
    ]
    if many > len(names):
        names = [*names[:NAMED], f"{wording.number(many - min(NAMED, len(names)))} more"]
    return (
        f"Without an audit date, and so in no share: {wording.listed(names)}. "
        "They are drawn apart, with a broken outline."
    )


def name_of(label: Any, group_id: str) -> str:
    """A group's code name, or its code where it has none."""
    return str(label) if pd.notna(label) and str(label).strip() else group_id


def next_sheet(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """`next_call_in` as a sheet to print, in its order: three columns, so that a telephone
    shows it too."""
    columns = ["Group", "Why, and its last shooting", "Members on the list"]
    rows = [
        (
            f"{name_of(row.label, row.group_id)}, {cities.get(row.city, row.city)} "
            f"({row.group_id})",
            f"{_why(row)}. {_shot(row)}.",
            _members(row),
        )
        for row in frame.itertuples()
    ]
    return pd.DataFrame(rows, columns=columns)


def _why(row: Any) -> str:
    reason = REASONS.get(row.reason, row.reason)
    return reason if pd.isna(row.last_told_on) else f"{reason}, on {_day(row.last_told_on)}"


def _shot(row: Any) -> str:
    """The last confirmed shooting, and a later suspected one."""
    shot, suspected = row.last_shooting_on, row.last_suspected_on
    said = "No confirmed shooting" if pd.isna(shot) else f"Shot last on {_day(shot)}"
    if pd.notna(suspected) and not suspected <= shot:
        said += f"; suspected on {_day(suspected)}"
    return said


def _members(row: Any) -> str:
    """Those who can be reached with their codes, then the others."""
    said = f"{row.reachable} of {row.listed} known to be reachable"
    if pd.notna(row.reachable_people):
        said += f": {row.reachable_people}"
    others = [
        f"{count} {words}"
        for count, words in (
            (row.reach_unknown, "never invited, so unknown"),
            (row.not_reached, "not reached last time"),
            (row.in_custody, "in custody"),
        )
        if count
    ]
    return f"{said}. {'; '.join(others)}." if others else f"{said}."


def _day(value: Any) -> str:
    return wording.day(value.date())


NEEDED = ("call_ins", "invitations", "groups", "memberships", "people")


def sheet_sentences(
    frame: pd.DataFrame, extracts: pd.DataFrame, cities: Mapping[str, str]
) -> list[str]:
    """How many groups the next call-in should be for and why, a sentence a city.

    `frame`: rows of `next_call_in_by_city`; `extracts`: extract, city, data_through, by
    which a city without such a group is told from one that supplied too little.
    """
    supplied = extracts[extracts["data_through"].notna() & extracts["extract"].isin(NEEDED)]
    known = supplied.groupby("city")["extract"].nunique()
    said = []
    for city, name in cities.items():
        if known.get(city, 0) < len(NEEDED):
            said.append(
                f"{name}: not known, since call-ins, invitations, groups, memberships and people "
                "were not all handed over."
            )
            continue
        said.append(f"{name}: {_of_sheet(frame[frame['city'] == city])}.")
    return said


def _of_sheet(own: pd.DataFrame) -> str:
    if own.empty:
        return "every active group has notice and was told in the last twelve months"
    groups, never, nobody, unknown = (
        int(own[name].iloc[0])
        for name in ("groups", "no_notice", "nobody_reachable", "reach_unknown")
    )
    said = (
        f"{wording.counted(groups, 'group')}, {wording.number(never)} without notice and "
        f"{wording.number(groups - never)} told over 12 months ago"
    )
    if not nobody:
        return said
    said += f"; for {wording.number(nobody)} of them no member is known to be reachable"
    if not unknown:
        return said
    return f"{said} (unknown for {wording.number(unknown)}: members never invited)"
