"""Whom the program reached: attendance, the funnel's losses, coverage, money, in words.

Shares are written with the number they are of. What nobody noted is named and
never read as a no: attendance is a range, from none of the unknown to all of
them. People are members on the list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd
from scipy.stats import binomtest

from longevity.text import wording

STAGES = ("invited", "reachable", "attended", "intake_30", "active_90")


@dataclass(frozen=True)
class Interval:
    """A share with its Wilson interval, each from 0 to 1; missing when it is of none."""

    part: int
    whole: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Attendance:
    """Attended ÷ reached, from nobody of the unknown to all of them; `whole` is those reached."""

    attended: int
    unknown: int
    whole: int

    @property
    def least(self) -> Interval:
        """Had nobody come of whom it is not known."""
        return wilson(self.attended, self.whole)

    @property
    def most(self) -> Interval:
        """Had everybody come of whom it is not known."""
        return wilson(self.attended + self.unknown, self.whole)

    def said(self, least_base: int) -> str:
        """The range in words, with what is unknown."""
        if not self.whole:
            return "The invitation reached nobody, so there is no attendance to tell of"
        came = (
            f"{wording.format_number(self.attended)} of {wording.format_number(self.whole)} "
            "reached came"
        )
        if self.whole >= least_base:
            came += f" ({_range(self.least, self.most)})"
        return f"{came}; {missing('attendance', self.unknown, self.whole)}"


@lru_cache(maxsize=4096)
def wilson(part: int, whole: int, confidence: float = 0.95) -> Interval:
    """A share with its Wilson interval. ValueError when `part` is not among `whole`."""
    if whole == 0 and part == 0:
        return Interval(0, 0, None, None, None)
    if not 0 <= part <= whole:
        raise ValueError(f"{part} cannot be a part of {whole}")
    found = binomtest(part, whole).proportion_ci(confidence, method="wilson")
    return Interval(part, whole, part / whole, float(found.low), float(found.high))


def attendance(frame: pd.DataFrame) -> Attendance:
    """Rows of `attendance_by_route` or `attendance_by_quarter` added up.

    Those in custody do not choose to come: they are a line of their own, left out here.
    """
    free = frame[~frame["in_custody"].astype(bool)] if _by_route(frame) else frame
    return Attendance(
        *(int(free[name].sum()) for name in ("attended", "attended_unknown", "reachable"))
    )


def in_custody(frame: pd.DataFrame) -> Attendance:
    """The same of those in custody."""
    if _by_route(frame):
        own = frame[frame["in_custody"].astype(bool)]
        names = ("attended", "attended_unknown", "reachable")
    else:
        own, names = frame, ("in_custody_attended", "in_custody_unknown", "in_custody")
    return Attendance(*(int(own[name].sum()) for name in names))


def _by_route(frame: pd.DataFrame) -> bool:
    return "route" in frame.columns


def attendance_over_time(frame: pd.DataFrame) -> pd.DataFrame:
    """`attendance_by_quarter` with the range and its interval, a row a quarter that reached anyone.

    Adds least, most (shares) and low, high: the Wilson bounds around the whole range.
    """
    shown = frame[frame["reachable"].astype(int) > 0].copy()
    ranges = [
        Attendance(int(row.attended), int(row.attended_unknown), int(row.reachable))
        for row in shown.itertuples()
    ]
    shown["least"] = [each.least.share for each in ranges]
    shown["most"] = [each.most.share for each in ranges]
    shown["low"] = [each.least.low for each in ranges]
    shown["high"] = [each.most.high for each in ranges]
    return shown


def losses(frame: pd.DataFrame) -> pd.DataFrame:
    """The funnel of some rows of `call_in_funnel`, a row a stage.

    Columns: stage, before (how many could pass, of sessions old enough), passed,
    unknown (of whom nobody knows), lost. before = passed + unknown + lost. Stages
    after attendance are left out where no services were supplied.
    """
    total = {
        name: None if frame[name].isna().any() or frame.empty else int(frame[name].sum())
        for name in frame.columns
        if pd.api.types.is_integer_dtype(frame[name])
    }
    steps = (
        ("reachable", "invited", "reachable", ("reachable_unknown",)),
        ("attended", "reachable", "attended", ("attended_unknown",)),
        ("intake_30", "attended_aged_30", "intake_30", ()),
        ("active_90", "intake_aged_90", "active_90", ("active_unknown_90",)),
    )
    rows = []
    for stage, before, passed, unknown in steps:
        numbers = [total.get(name) for name in (before, passed, *unknown)]
        if any(number is None for number in numbers):
            continue
        whole, through, *unsure = [int(number) for number in numbers if number is not None]
        # A service completed before day 90 is no loss.
        done = (total.get("completed_90") or 0) if stage == "active_90" else 0
        rows.append(
            (stage, whole, through, sum(unsure), done, whole - through - sum(unsure) - done)
        )
    return pd.DataFrame(rows, columns=["stage", "before", "passed", "unknown", "completed", "lost"])


LOST = {
    "reachable": "the invitation did not reach them",
    "attended": "reached, and did not come or were excused",
    "intake_30": "came, and began no service within 30 days",
    "active_90": "began a service, and were no longer in contact at 90 days",
}


def loss_sentences(frame: pd.DataFrame) -> list[str]:
    """What each stage lost, in words. `frame`: as `losses` gives it."""
    sentences = []
    for row in frame.itertuples():
        said = (
            f"{wording.format_number(row.lost)} of {wording.format_number(row.before)}: "
            f"{LOST[row.stage]}"
        )
        if row.unknown:
            said += f"; {wording.format_number(row.unknown)} unknown"
        if row.completed:
            said += f"; {wording.format_number(row.completed)} had completed the service"
        sentences.append(f"{said}.")
    return sentences


def missing(what: str, unknown: int, whole: int) -> str:
    """What nobody noted: "attendance unknown for 12 of 164", or that it is known for all."""
    if whole == 0:
        return f"no {what} to know"
    if unknown == 0:
        return f"{what} known for all {wording.format_number(whole)}"
    return f"{what} unknown for {wording.format_number(unknown)} of {wording.format_number(whole)}"


def coverage(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """One sentence a city of `group_coverage`, with the days of the audits."""
    sentences = []
    for city, name in cities.items():
        own = frame[frame["city"] == city]
        if own.empty:
            sentences.append(f"{name}: no groups, sessions or memberships were handed over.")
            continue
        row = own.iloc[0]
        said = f"{name}: {int(row.covered)} of {int(row.audited_groups)} active audited groups"
        said += " had a member at a call-in in twelve months"
        if pd.notna(row.oldest_audit_on):
            said += (
                f"; audited from {wording.format_day(row.oldest_audit_on)}"
                f" to {wording.format_day(row.newest_audit_on)}"
            )
        if row.without_audit:
            more = wording.count_noun(
                int(row.without_audit), "active group has", "active groups have"
            )
            said += f"; {more} no audit date and stand{'s' if row.without_audit == 1 else ''} apart"
        sentences.append(f"{said}.")
    return sentences


def in_several_groups(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """Who stands for more than one group, a sentence a city that has such members.

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


def cost(spent: float | None, reached: int, sources_unknown: int, complete: bool) -> str:
    """Money per person reached, or why it is not told."""
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


def gmi_range(confirmed: int, suspected: int, unknown: int, reviewed: int, incidents: int) -> str:
    """The share of shootings that involve a group: as reviewed, and the range of all.

    The range runs from the confirmed alone to the suspected and unknown as well, of all incidents.
    """
    if not incidents:
        return "No shooting incidents."
    if not reviewed:
        return f"No review of {wording.count_noun(incidents, 'incident')} is supplied."
    most = confirmed + suspected + unknown
    return (
        f"{wording.format_number(confirmed)} of {wording.format_number(reviewed)} reviewed "
        "incidents are confirmed group-member-involved; of all "
        f"{wording.format_number(incidents)}, {wording.format_number(confirmed)} at least and "
        f"{wording.format_number(most)} at most ({missing('involvement', unknown, incidents)})."
    )


def gmi_by_city(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """`gmi_range` of each city of `gmi_share`."""
    counts = ("confirmed", "suspected", "unknown", "reviewed", "incidents")
    return [
        f"{cities[row['city']]}: {gmi_range(*(int(row[name]) for name in counts))}"
        for row in frame.to_dict("records")
        if row["city"] in cities
    ]


def silent(frame: pd.DataFrame, cities: Mapping[str, str], what: Sequence[str]) -> str:
    """Which cities handed nothing over for this, or an empty string. `what`: the extracts."""
    known = set(frame["city"])
    names = [name for city, name in cities.items() if city not in known]
    if not names:
        return ""
    return f"No {wording.join_words(list(what))} handed over for {wording.join_words(names)}."


def _range(least: Interval, most: Interval) -> str:
    low, high = (f"{100 * (each.share or 0):.0f}" for each in (least, most))
    bounds = f"{100 * (least.low or 0):.0f} to {100 * (most.high or 0):.0f}"
    span = f"{low}\u00a0%" if low == high else f"{low} to {high}\u00a0%"
    return f"{span}, with its uncertainty {bounds}\u00a0%"
