"""What a release is made from, in sentences and tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from longevity.dates import format_short
from longevity.measures import wording
from longevity.measures.say import say

DAY_OF_LINES = re.compile(r"(, (?:fetched|installed)) ([0-9]{4}-[0-9]{2}-[0-9]{2})(?=,|$)")


EVERY_CITY = "Data through, every city"


def describe_release(
    manifest: Mapping[str, Any], last_days: Mapping[str, date], cities: Mapping[str, str]
) -> str:
    """Write the sentence the screen opens on. `last_days`: of each city that has counts."""
    day = date.fromisoformat(str(manifest["published_on"])[:10])
    if not last_days:
        return say("release.no_end", day=day)
    each = [f"{cities[city]} {wording.format_day(last)}" for city, last in last_days.items()]
    days = each if len({*last_days.values()}) > 1 else [*last_days.values()][:1]
    return say("release.ends", days=days, day=day)


def describe_first_days(manifest: Mapping[str, Any], cities: Mapping[str, str]) -> str:
    """Say from which day the sources are complete, or an empty string."""
    lines = []
    for extract, first_days in manifest.get("data_from", {}).items():
        each = [
            f"{cities[c]} {wording.format_day(date.fromisoformat(d))}"
            for c, d in first_days.items()
            if c in cities
        ]
        if each and extract != "victims":  # as their incidents
            lines.append(f"{name_extract(extract)}: {wording.join_words(each)}")
    return say("release.begins", days="; ".join(lines)) if lines else ""


def describe_boundaries(manifest: Mapping[str, Any], cities: Mapping[str, str]) -> tuple[str, ...]:
    """Say where the cities' lines are from, the same once."""
    by_lines: dict[str, list[str]] = {}
    for city, name in cities.items():
        by_lines.setdefault(_describe_lines(manifest["boundaries"][city]), []).append(name)
    return tuple(f"{wording.join_words(names)}: {lines}." for lines, names in by_lines.items())


def _describe_lines(about: Mapping[str, str]) -> str:
    """Write "City of …, read in November 2026, licence CC0", "from lines.shp, installed …"."""
    source = DAY_OF_LINES.sub(
        lambda match: f"{match[1]} {wording.format_day(date.fromisoformat(match[2]))}",
        about.get("source", ""),
    )
    return f"from {source}" if about["kind"] == "installed" else source


def build_days_table(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Return one row an extract that was supplied, and data through a city at a time.

    Where the cities are alike in every row one column stands for all of them.
    `frame`: extract, city, data_through, derived, a row an extract and city; `supplied` where
    it has those that were not supplied too.
    """
    supplied = frame[frame["supplied"].astype(bool)] if "supplied" in frame else frame
    cells = supplied.assign(
        cell=[
            "–" if pd.isna(day) else f"{format_short(day)}{' (derived)' if derived is True else ''}"
            for day, derived in zip(
                supplied["data_through"], supplied["derived"].tolist(), strict=True
            )
        ]
    )
    extracts = supplied["extract"].unique()
    days = cells.pivot(index="extract", columns="city", values="cell")
    days = days.reindex(index=extracts, columns=[*cities]).fillna("–").rename(columns=dict(cities))
    if len(cities) > 1 and (days.nunique(axis=1) == 1).all():
        days = days.iloc[:, :1].set_axis([EVERY_CITY], axis=1)
    days.insert(0, "Extract", [*map(name_extract, extracts)])
    return days.reset_index(drop=True).rename_axis(columns=None)


def build_rows_table(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Add to `build_days_table` the rows of an extract and, where known, those quarantined.

    `frame`: `rows_by_extract`, of the cities whose rows the viewer may read.
    """
    days = build_days_table(frame, {c: cities[c] for c in cities if c in set(frame["city"])})
    by_extract = frame.groupby("extract", sort=False)
    row_counts = by_extract["rows"].sum().tolist()
    days.insert(1, "Rows", pd.array(row_counts, dtype="Int64"))
    quarantine_counts = by_extract["quarantined_of_all_cities"].first()
    if quarantine_counts.notna().any():
        days.insert(2, "Quarantined", [_format_count(count) for count in quarantine_counts])
    return days


def name_extract(extract: str) -> str:
    """Return an extract's name as words: "call-ins", "shooting reviews"."""
    return extract.replace("call_ins", "call-ins").replace("_", " ")


def _format_count(count: Any) -> str:
    return "–" if pd.isna(count) else wording.format_number(count)


def list_changes(
    frame: pd.DataFrame, reclassified: Sequence[str], manifest: Mapping[str, Any]
) -> list[str]:
    """List what changed in past periods, a sentence each; nothing where nothing did.

    `frame`: sentence, empty of a city in which nothing changed; `reclassified`: more of them.
    """
    if manifest.get("previous") is None:
        return []
    return [*(str(sentence) for sentence in frame["sentence"] if sentence), *reclassified]


def describe_reclassified(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """Say how many incidents were classified otherwise, a sentence a city in which some were.

    `frame`: city, gmi_changed, circumstance_changed, of earlier weeks.
    """
    return [
        say("release.reclassified", row, name=cities[row["city"]])
        for row in frame.to_dict("records")
        if row["gmi_changed"] or row["circumstance_changed"]
    ]


def describe_checks(frame: pd.DataFrame) -> str:
    """Say how many findings there were. `frame`: rule, severity, sentence, count; for the state."""
    kinds = frame["severity"].value_counts()
    parts = [wording.count_noun(n, str(kind)) for kind, n in sorted(kinds.items())]
    return say(f"release.{'found' if parts else 'found_none'}", parts=parts)
