"""What was published about the program's reach, beside this release: never mixed with it.

Sources disagree. Where two give another number for the same thing, a sentence
says so; no figure is chosen, and none is averaged.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from longevity import citations
from longevity.dates import format_source_date
from longevity.text import wording

WHAT = {
    "called_in": "called in",
    "groups": "groups",
    "members": "members of groups",
    "participants": "participants",
}
NOTHING = "nothing to compare"


def warning(synthetic: bool) -> str:
    """What stands above the table: that the two are not the same thing."""
    said = (
        "Figures others published about the program, each with its source, beside this release's "
        "own. They are not the same thing: other days, other definitions"
    )
    return (
        f"{said}, and this release is SYNTHETIC: nothing in it happened."
        if synthetic
        else f"{said}."
    )


def beside(
    figures: pd.DataFrame,
    first: pd.DataFrame,
    groups: pd.DataFrame,
    cities: Mapping[str, str],
    synthetic: bool,
) -> pd.DataFrame:
    """Published figures as a table, a row each, this release's own beside it.

    `figures`: rows of `program_figures`; `first`: of `first_call_ins`;
    `groups`: of `group_coverage_counts`. The column of the release says SYNTHETIC
    when it is.
    """
    own = "This release, SYNTHETIC" if synthetic else "This release"
    rows = []
    for row in figures.itertuples():
        rows.append(
            {
                "City": cities.get(row.city, row.city),
                "Date": format_source_date(row.date),
                "Published": _number(row),
                own: _of_release(row, first, groups),
                "Source": row.source_url,
                "What was published": row.event,
            }
        )
    columns = ["City", "Date", "Published", own, "Source", "What was published"]
    return pd.DataFrame(rows, columns=columns)


def disagreements(figures: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """A sentence for each thing of which two sources give another number."""
    said = []
    by = ["city", "measure", "date", "first_call_ins"]
    for _, own in figures.groupby(by, sort=False, dropna=False):
        numbers = {_number(row): citations.name_site(row.source_url) for row in own.itertuples()}
        if len(numbers) < 2 or len(set(numbers.values())) < 2:
            continue
        first = own.iloc[0]
        each = [f"{number} ({site})" for number, site in numbers.items()]
        said.append(
            f"Sources disagree about {cities.get(first.city, first.city)}, "
            f"{format_source_date(first.date)}: "
            f"{wording.listed(each)}."
        )
    return said


def _number(row: Any) -> str:
    qualifier = f"{row.qualifier} " if pd.notna(row.qualifier) else ""
    return f"{qualifier}{wording.number(row.value)} {WHAT.get(row.measure, row.measure)}"


def _of_release(row: Any, first: pd.DataFrame, groups: pd.DataFrame) -> str:
    """The release's figure for the same thing, or that it has none."""
    if row.measure == "called_in" and pd.notna(row.first_call_ins):
        return _first_call_ins(first[first["city"] == row.city], int(row.first_call_ins))
    if row.measure in ("groups", "members"):
        own = groups[(groups["city"] == row.city) & groups["audited"].astype(bool)]
        if own.empty:
            return NOTHING
        day = wording.day(own["last_day"].max().date())
        many, noted = int(own["groups"].sum()), int(own["members_noted"].sum())
        if row.measure == "groups":
            return f"{wording.counted(many, 'active audited group')} on {day}"
        members = wording.counted(int(own["members"].sum()), "member")
        said = f"{members} at the last audits before {day}"
        if noted == many:
            return said
        return f"{said}, of {wording.number(noted)} of {wording.number(many)} groups"
    return NOTHING


def most_asked(figures: pd.DataFrame) -> int:
    """The first how many call-ins any figure is of; 1 where none is."""
    asked = figures["first_call_ins"].dropna()
    return int(asked.max()) if len(asked) else 1


def _first_call_ins(held: pd.DataFrame, count: int) -> str:
    first = held.head(count)
    if len(first) < count or first["invited"].isna().any():
        return NOTHING
    which = "the first call-in" if count == 1 else f"the first {count} call-ins"
    came = wording.number(int(first["attended"].sum()))
    said = f"{wording.number(int(first['invited'].sum()))} invited to {which}, {came} came"
    unknown = int(first["attended_unknown"].sum())
    return f"{said}, {wording.number(unknown)} unknown" if unknown else said
