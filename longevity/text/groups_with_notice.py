"""The groups: which have been told, and which the next call-in should be for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from longevity import dates
from longevity.text import wording

REASONS = {"no_notice": "No notice on file", "over_12_months": "Told over 12 months ago"}


def write_coverage_title(frame: pd.DataFrame) -> str:
    """Write the title of the grid, from rows of `group_coverage_grid`."""
    rows = frame[frame["audited"].astype(bool)]
    with_call_in, without = int(rows["covered"].sum()), int(rows["notice_on"].isna().sum())
    verb = "has" if without == 1 else "have"
    groups = wording.count_noun(len(rows), "audited group")
    return (
        f"{wording.format_number(with_call_in)} of {groups} had a member at a call-in in twelve "
        f"months; {wording.format_number(without)} {verb} no notice"
    )


def describe_unaudited_groups(frame: pd.DataFrame, cities: Mapping[str, str]) -> str:
    """Name the groups without an audit's date. `frame`: `group_coverage_grid`."""
    rows = frame[~frame["audited"].astype(bool)]
    if rows.empty:
        return ""
    names = [
        f"{name_group(row.label, row.group_id)} ({cities.get(row.city, row.city)})"
        for row in rows.itertuples()
    ]
    return (
        f"Without an audit date, and so in no share: {wording.join_words(names)}. "
        "They are drawn apart, with a broken outline."
    )


def name_group(label: Any, group_id: str) -> str:
    """Return a group's code name, or its code where it has none."""
    return str(label) if pd.notna(label) and str(label).strip() else group_id


MEMBERS = "Members (no invitation on file: not known)"


def build_next_call_in_table(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Return `next_call_in` as a sheet: three columns, so that a telephone shows it too.

    A fourth, for the file, has the groups' codes.
    """
    columns = ["Group", "Told; last shooting", MEMBERS, "Code"]
    rows = [
        (
            f"{name_group(row.label, row.group_id)}, {cities.get(row.city, row.city)}",
            f"{_describe_reason(row)}; {_describe_last_shooting(row)}",
            _describe_members(row),
            row.group_id,
        )
        for row in frame.itertuples()
    ]
    return pd.DataFrame(rows, columns=columns)


def _describe_reason(row: Any) -> str:
    if pd.isna(row.last_told_on):
        return str(REASONS.get(row.reason, row.reason))
    return f"Told {_format_day(row.last_told_on)}"


def _describe_last_shooting(row: Any) -> str:
    """Describe the last confirmed shooting, and a later suspected one."""
    shot, suspected = row.last_shooting_on, row.last_suspected_on
    text = "no confirmed shooting on file" if pd.isna(shot) else f"shot {_format_day(shot)}"
    if pd.notna(suspected) and not suspected <= shot:
        text += f"; suspected {_format_day(suspected)}"
    return text


def _describe_members(row: Any) -> str:
    """List those who can be reached with their codes, then count the others."""
    text = f"{row.reachable} of {row.listed} reachable"
    if pd.notna(row.reachable_people):
        text += f": {row.reachable_people}"
    others = [
        f"{count} {words}"
        for count, words in (
            (row.reach_unknown, "not known"),
            (row.not_reached, "not reached"),
            (row.in_custody, "in custody"),
        )
        if count
    ]
    return "; ".join([text, *others])


def _format_day(value: Any) -> str:
    day: date = value.date()
    return dates.format_short(day)


NOT_KNOWN = "not known"
REACHABLE = (
    "Reachable: reached by the last invitation and not in custody. Whether who has no invitation "
    "on file can be reached is unknown: they are not counted as out of reach."
)
PREREQUISITES = ("call_ins", "invitations", "groups", "memberships", "people")


def describe_next_call_in(
    frame: pd.DataFrame, extracts: pd.DataFrame, cities: Mapping[str, str]
) -> list[str]:
    """Say how many groups the next call-in should be for and why, a sentence a city.

    `frame`: rows of `next_call_in`; `extracts`: extract, city, data_through, by
    which a city without such a group is told from one that supplied too little.
    """
    unknown = _find_unknown(extracts, cities)
    sentences = []
    for city, name in cities.items():
        if city in unknown:
            sentences.append(
                f"{name}: {NOT_KNOWN}, since call-ins, invitations, groups, memberships and people "
                "were not all supplied."
            )
            continue
        sentences.append(f"{name}: {_describe_groups(frame[frame['city'] == city])}.")
    return sentences


def write_next_headline(
    frame: pd.DataFrame, extracts: pd.DataFrame, cities: Mapping[str, str]
) -> str:
    """Say the same of all cities together, and of which it is not known."""
    unknown = _find_unknown(extracts, cities)
    if len(unknown) == len(cities):
        return (
            "Which groups to call in next is not known: that takes call-ins, invitations, groups, "
            "memberships and people."
        )
    said, _, _ = _describe_groups(frame).partition(";")  # which members is in the list
    if not unknown:
        return f"{wording.start_sentence(said)}."
    named = wording.join_words(list(unknown.values()))
    return f"{wording.start_sentence(said)}; {NOT_KNOWN} in {named}."


def _find_unknown(extracts: pd.DataFrame, cities: Mapping[str, str]) -> dict[str, str]:
    """Return the cities, by id, that did not supply all it takes."""
    present = extracts[extracts["data_through"].notna() & extracts["extract"].isin(PREREQUISITES)]
    supplied = present.groupby("city")["extract"].nunique()
    return {
        city: name for city, name in cities.items() if supplied.get(city, 0) < len(PREREQUISITES)
    }


def select_unknown(sentences: Sequence[str]) -> tuple[str, ...]:
    """Return those of `describe_next_call_in` that a city supplied too little for."""
    return tuple(sentence for sentence in sentences if NOT_KNOWN in sentence)


def _describe_groups(rows: pd.DataFrame) -> str:
    if rows.empty:
        return "every active group has notice and was told in the last twelve months"
    groups, never = len(rows), int((rows["reason"] == "no_notice").sum())
    unreachable = rows[rows["reachable"] == 0]
    nobody, unknown = len(unreachable), int((unreachable["reach_unknown"] > 0).sum())
    text = (
        f"{wording.count_noun(groups, 'group')} to call in next, "
        f"{wording.format_number(never)} without notice on file and "
        f"{wording.format_number(groups - never)} told over 12 months ago"
    )
    if not nobody:
        return text
    text += f"; for {wording.format_number(nobody)} of them no member is known to be reachable"
    if not unknown:
        return text
    return (
        f"{text} (unknown for {wording.format_number(unknown)}: members with no invitation on file)"
    )
