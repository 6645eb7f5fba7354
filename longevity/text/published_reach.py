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


def write_warning(synthetic: bool) -> str:
    """Say what stands above the table: that the two are not the same thing."""
    text = (
        "Figures others published about the program, each with its source, beside this release's "
        "own. They are not the same thing: other days, other definitions"
    )
    return (
        f"{text}, and this release is SYNTHETIC: nothing in it happened."
        if synthetic
        else f"{text}."
    )


def build_comparison_table(
    figures: pd.DataFrame,
    sessions: pd.DataFrame,
    groups: pd.DataFrame,
    cities: Mapping[str, str],
    synthetic: bool,
) -> pd.DataFrame:
    """Return published figures as a table, a row each, this release's own beside it.

    `figures`: rows of `program_figures`; `sessions`: of `call_in_sessions`;
    `groups`: of `group_coverage_grid`. The column of the release says SYNTHETIC
    when it is.
    """
    column = "This release, SYNTHETIC" if synthetic else "This release"
    rows = []
    for row in figures.itertuples():
        rows.append(
            {
                "City": cities.get(row.city, row.city),
                "Date": format_source_date(row.date),
                "Published": _format_figure(row),
                column: _format_release_figure(row, sessions, groups),
                "Source": row.source_url,
                "What was published": row.event,
            }
        )
    columns = ["City", "Date", "Published", column, "Source", "What was published"]
    return pd.DataFrame(rows, columns=columns)


def list_disagreements(figures: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """Write a sentence for each thing of which two sources give another number."""
    sentences = []
    keys = ["city", "measure", "date", "first_call_ins"]
    for _, rows in figures.groupby(keys, sort=False, dropna=False):
        numbers = {
            _format_figure(row): citations.name_site(row.source_url) for row in rows.itertuples()
        }
        if len(numbers) < 2 or len(set(numbers.values())) < 2:
            continue
        first = rows.iloc[0]
        each = [f"{number} ({site})" for number, site in numbers.items()]
        sentences.append(
            f"Sources disagree about {cities.get(first.city, first.city)}, "
            f"{format_source_date(first.date)}: {wording.join_words(each)}."
        )
    return sentences


def _format_figure(row: Any) -> str:
    qualifier = f"{row.qualifier} " if pd.notna(row.qualifier) else ""
    return f"{qualifier}{wording.format_number(row.value)} {WHAT.get(row.measure, row.measure)}"


def _format_release_figure(row: Any, sessions: pd.DataFrame, groups: pd.DataFrame) -> str:
    """Return the release's figure for the same thing, or that it has none."""
    if row.measure == "called_in" and pd.notna(row.first_call_ins):
        return _format_first_call_ins(
            sessions[sessions["city"] == row.city], int(row.first_call_ins)
        )
    if row.measure in ("groups", "members"):
        rows = groups[(groups["city"] == row.city) & groups["audited"].astype(bool)]
        if rows.empty:
            return NOTHING
        many, known_sizes = len(rows), int(rows["members"].count())
        if row.measure == "groups":
            return wording.count_noun(many, "active audited group")
        members = wording.count_noun(int(rows["members"].sum()), "member")
        text = f"{members} at the last audits"
        if known_sizes == many:
            return text
        of_groups = f"{wording.format_number(known_sizes)} of {wording.format_number(many)} groups"
        return f"{text}, of {of_groups}"
    return NOTHING


def _format_first_call_ins(sessions: pd.DataFrame, count: int) -> str:
    held = sessions[sessions["status"] == "held"]
    first = held.sort_values(["held_on", "call_in_id"]).head(count)
    if len(first) < count or first["invited"].isna().any():
        return NOTHING
    which = "the first call-in" if count == 1 else f"the first {count} call-ins"
    attendance = wording.format_number(int(first["attended"].sum()))
    text = (
        f"{wording.format_number(int(first['invited'].sum()))} invited to {which}, {attendance} "
        "came"
    )
    unknown = int(first["attended_unknown"].sum())
    return f"{text}, {wording.format_number(unknown)} unknown" if unknown else text
