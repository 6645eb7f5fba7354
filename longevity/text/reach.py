"""Whom the program reached, in words: attendance, the funnel's losses, coverage, money.

Shares are written with the number they are of. What nobody noted is named and
never read as a no: attendance is a range, from none of the unknown to all of
them. People are members on the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from longevity.stats.attendance import Attendance
from longevity.stats.proportion import ShareInterval
from longevity.text import wording


def describe_attendance(attendance: Attendance, least_base: int) -> str:
    """Return the range of attendance in words, with what is unknown."""
    whole = attendance.whole
    if not whole:
        return "The invitation reached nobody, so there is no attendance to tell of"
    text = (
        f"{wording.format_number(attendance.attended)} of {wording.format_number(whole)} reached "
        "came"
    )
    if whole >= least_base:
        text += f" ({_format_range(attendance.least, attendance.most)})"
    return f"{text}; {describe_unknown('attendance', attendance.unknown, whole)}"


def describe_unknown(what: str, unknown: int, whole: int) -> str:
    """Return what nobody noted: "attendance unknown for 12 of 164", or that it is known for all."""
    if whole == 0:
        return f"no {what} to know"
    if unknown == 0:
        return f"{what} known for all {wording.format_number(whole)}"
    return f"{what} unknown for {wording.format_number(unknown)} of {wording.format_number(whole)}"


NO_GROUPS = "no groups, sessions or memberships were supplied"


def describe_coverage(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """Return one sentence a city of `group_coverage`, with the days of the audits."""
    sentences = []
    for city, name in cities.items():
        rows = frame[frame["city"] == city]
        if rows.empty:
            sentences.append(f"{name}: {NO_GROUPS}.")
            continue
        row = rows.iloc[0]
        text = f"{name}: {int(row.covered)} of {int(row.audited_groups)} active audited groups"
        text += " had a member at a call-in in twelve months"
        if pd.notna(row.oldest_audit_on):
            text += (
                f"; audited from {wording.format_day(row.oldest_audit_on)}"
                f" to {wording.format_day(row.newest_audit_on)}"
            )
        if row.without_audit:
            more = wording.count_noun(
                int(row.without_audit), "active group has", "active groups have"
            )
            text += f"; {more} no audit date and stand{'s' if row.without_audit == 1 else ''} apart"
        sentences.append(f"{text}.")
    return sentences


def describe_members_in_several_groups(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """Return who stands for more than one group, a sentence a city that has such members.

    `frame`: city, members, in_several.
    """
    return [
        f"{cities[row.city]}: {wording.format_number(row.in_several)} of "
        f"{wording.count_noun(int(row.members), 'member')} "
        f"{'belongs' if row.in_several == 1 else 'belong'} to more than one group, and "
        f"{'stands' if row.in_several == 1 else 'stand'} for each of them."
        for row in frame.itertuples()
        if row.in_several and row.city in cities
    ]


def describe_cost(spent: float | None, reached: int, sources_unknown: int, complete: bool) -> str:
    """Return money per person reached, or why it is not told."""
    people = wording.count_noun(reached, "person", "people")
    if spent is None or pd.isna(spent):
        return f"What was spent is not known; {people} reached."
    dollars = f"${wording.format_number(round(spent))}"
    if sources_unknown:
        more = wording.count_noun(sources_unknown, "source")
        return f"{dollars} spent so far as known, {more} unknown; {people} reached."
    if not complete:
        return f"{dollars} spent, the year is not over; {people} reached so far."
    if not reached:
        return f"{dollars} spent; nobody reached."
    return (
        f"${wording.format_number(round(spent / reached))} for each person reached: {dollars}, "
        f"{people}."
    )


def describe_gmi_range(
    confirmed: int, suspected: int, unknown: int, reviewed: int, incidents: int
) -> str:
    """Return the share of shootings that involve a group: as reviewed, and the range of all.

    The range runs from the confirmed alone to the suspected and unknown as well, of all incidents.
    """
    if not incidents:
        return "No shooting incidents."
    if not reviewed:
        return f"No review of {wording.count_noun(incidents, 'incident')} is supplied."
    most = confirmed + suspected + unknown
    return (
        f"{wording.format_number(confirmed)} of {wording.format_number(reviewed)} reviewed "
        "incidents are "
        f"confirmed group-member-involved; of all {wording.format_number(incidents)}, "
        f"{wording.format_number(confirmed)} at least and {wording.format_number(most)} at most "
        f"({describe_unknown('involvement', unknown, incidents)})."
    )


def describe_cities_without(
    frame: pd.DataFrame, cities: Mapping[str, str], what: Sequence[str]
) -> str:
    """Return which cities did not supply all of `what` (extracts), or an empty string."""
    supplied = set(frame["city"])
    names = [name for city, name in cities.items() if city not in supplied]
    if not names:
        return ""
    listed, whose = wording.join_words(list(what)), wording.join_words(names)
    if len(what) == 1:
        return f"No {listed} supplied for {whose}."
    return f"Not all supplied for {whose}: {listed}."


def _format_range(least: ShareInterval, most: ShareInterval) -> str:
    low, high = (f"{100 * (each.share or 0):.0f}" for each in (least, most))
    bounds = f"{100 * (least.low or 0):.0f}–{100 * (most.high or 0):.0f}%"
    span = f"{low}%" if low == high else f"{low}–{high}%"
    return f"{span}; with chance {bounds}"
