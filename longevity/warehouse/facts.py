"""The small tables beside the aggregates: cities, published facts, the manifest.

Published facts are read strictly from the reference folder; an absent file or
folder gives an empty table, since another state may have none.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from longevity.auth.viewers import PUBLIC_SCOPE, STATE_SCOPE
from longevity.errors import ConfigError
from longevity.ingest import contract, victim_coverage
from longevity.release import revisions
from longevity.release.data_through import list_public_days
from longevity.settings import Settings

COUNTED_FROM = ("incidents", "victims")  # the extracts every count of people shot is made from
# Findings that speak of what the public record counts, and of nothing else. Any other is of
# rows: one row, which may be one person, makes it come or go, or be of one more.
OPEN_FINDINGS = ("after_the_least_data_through",)

TEXT, WHOLE, NUMBER, DAY, FLAG = pa.string(), pa.int64(), pa.float64(), pa.date32(), pa.bool_()

REFERENCE: dict[str, dict[str, pa.DataType]] = {
    "published_counts": {
        "place": TEXT,
        "year": WHOLE,
        "metric": TEXT,
        "value": WHOLE,
        "source_url": TEXT,
        "note": TEXT,
        "definition": TEXT,
    },
    "state_homicides": {
        "year": WHOLE,
        "population": WHOLE,
        "homicide": WHOLE,
        "definition": TEXT,
        "source_url": TEXT,
    },
    "monthly_murders": {
        "ori": TEXT,
        "city": TEXT,
        "year": WHOLE,
        "month": WHOLE,
        "murders": WHOLE,
        "definition": TEXT,
        "source_url": TEXT,
    },
    "program_timeline": {
        "date": TEXT,
        "place": TEXT,
        "event": TEXT,
        "source_url": TEXT,
    },
    "evaluations": {
        "place": TEXT,
        "program": TEXT,
        "began": TEXT,
        "outcome": TEXT,
        "effect": NUMBER,
        "unit": TEXT,
        "method": TEXT,
        "study": TEXT,
        "source_url": TEXT,
    },
}

Rows = Sequence[tuple[Any, ...]]


def build_tables(
    settings: Settings,
    manifest: Mapping[str, Any],
    spans: Mapping[str, tuple[date, date]],
    placed: Rows,
    extracts: Sequence[str],
    scope: str,
) -> dict[str, pa.Table]:
    """Build every small table by name. `spans` maps a city to its first and last counted day.

    `placed`: city, year (None: the newest 365 days), whether most of it could be placed.
    What tells of rows is in the scope that may read them: of all cities in the state's, of its
    own in a city's.
    """
    tables = {name: _read_reference(settings.reference / f"{name}.csv", name) for name in REFERENCE}
    tables["reference_places"] = _build_places(settings)
    tables["cities"] = _build_cities(settings, manifest, spans, placed)
    tables["zeros"] = _build_zeros(settings, manifest)
    tables["data_through"] = _build_data_through(manifest, scope)
    tables["sources"] = _build_sources(manifest, extracts, scope)
    tables["checks"] = _build_table(
        {"position": WHOLE, "rule": TEXT, "severity": TEXT, "sentence": TEXT, "count": WHOLE},
        [
            (
                at,
                finding["rule"],
                finding["severity"],
                finding["sentence"],
                int(finding.get("count", 1)),
            )
            for at, finding in enumerate(manifest.get("checks", []))
            if scope == STATE_SCOPE or (scope == PUBLIC_SCOPE and finding["rule"] in OPEN_FINDINGS)
        ],
    )
    tables["ledger"] = _build_table(
        {"position": WHOLE, "city": TEXT, "sentence": TEXT, "against": TEXT},
        [
            (at, city, sentence, manifest.get("previous"))
            for at, (city, sentence) in enumerate(
                revisions.describe_public_revisions(manifest.get("ledger", []), settings)
            )
        ],
    )
    tables["reclassified"] = _build_reclassifications(manifest, scope)
    return tables


def find_through_day(
    manifest: Mapping[str, Any], city: str, extracts: Sequence[str]
) -> date | None:
    """Return the last day these extracts are all complete for in a city; None when none says."""
    days_by_extract = manifest.get("data_through", {})
    days = [
        date.fromisoformat(days_by_extract[name][city]["day"])
        for name in extracts
        if days_by_extract.get(name, {}).get(city)
    ]
    return min(days, default=None)


def find_counted_through_day(manifest: Mapping[str, Any], city: str) -> date | None:
    """Return the last day a city's counts of people shot are complete for; None without both."""
    days = manifest.get("data_through", {})
    has_both = all(city in days.get(name, {}) for name in COUNTED_FROM)
    return find_through_day(manifest, city, COUNTED_FROM) if has_both else None


def _build_table(columns: Mapping[str, Any], rows: Rows) -> pa.Table:
    schema = pa.schema(list(columns.items()))
    arrays = [
        pa.array([row[at] for row in rows], type=kind) for at, kind in enumerate(columns.values())
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _build_cities(
    settings: Settings,
    manifest: Mapping[str, Any],
    spans: Mapping[str, tuple[date, date]],
    placed: Rows,
) -> pa.Table:
    """Build one row a city, in the order of the configuration.

    `starts_on` is the day the source says it is complete from, else the first day
    of the month of the first counted incident: what came before it nobody said, so
    no zero is drawn there. `placed_from` is the first day since which most incidents of every
    year could be placed in a neighbourhood; null where those of the newest 365 days could not.
    """
    rows = []
    first_days = manifest.get("data_from", {}).get("incidents", {})
    for position, city in enumerate(settings.cities.values()):
        last = find_counted_through_day(manifest, city.id)
        days = [*spans.get(city.id, ()), *([last] if last else [])]
        starts_on = _find_start(first_days.get(city.id), days)
        rows.append(
            (
                city.id,
                city.name,
                position,
                city.reference_key,
                city.week_ends_iso,
                city.launched_on,
                starts_on,
                _find_placed_from(city.id, placed, starts_on),
                last,
            )
        )
    return _build_table(
        {
            "city": TEXT,
            "name": TEXT,
            "position": WHOLE,
            "reference_key": TEXT,
            "week_ends_iso": WHOLE,
            "launched_on": DAY,
            "starts_on": DAY,
            "placed_from": DAY,
            "data_through": DAY,
        },
        rows,
    )


def _build_zeros(settings: Settings, manifest: Mapping[str, Any]) -> pa.Table:
    """Build one row a city: each count where nothing happened, null where nobody knows it."""
    holds = victim_coverage.read_manifest_coverage(manifest)
    return _build_table(
        {"city": TEXT, **dict.fromkeys(victim_coverage.NEEDS, WHOLE)},
        [(city, *victim_coverage.list_zeros(holds, city).values()) for city in settings.cities],
    )


def _find_start(first_day: str | None, days: list[date]) -> date | None:
    if first_day:
        return date.fromisoformat(first_day)
    return min(days).replace(day=1) if days else None


def _find_placed_from(city: str, placed: Rows, starts_on: date | None) -> date | None:
    unplaced = [year for name, year, is_placed in placed if name == city and not is_placed]
    if starts_on is None or None in unplaced:
        return None
    return max([starts_on, *(date(year + 1, 1, 1) for year in unplaced)])


def _build_places(settings: Settings) -> pa.Table:
    """List how the published facts name the places: cities, together, the state."""
    rows: list[tuple[str, str, str | None]] = [
        (city.reference_key, "city", city.id) for city in settings.cities.values()
    ]
    if settings.together_reference_key:
        rows.append((settings.together_reference_key, "together", None))
    if settings.state_reference_key:
        rows.append((settings.state_reference_key, "state", None))
    return _build_table({"place": TEXT, "kind": TEXT, "city": TEXT}, rows)


def _can_read_rows(scope: str, city: str | None) -> bool:
    """Return whether a scope may read the rows of a city."""
    return scope != PUBLIC_SCOPE and scope in (STATE_SCOPE, city)


def _build_data_through(manifest: Mapping[str, Any], scope: str) -> pa.Table:
    anybody, starts = list_public_days(manifest), manifest.get("data_from", {})

    def find_begin(extract: str, city: str) -> date | None:
        day = starts.get(extract, {}).get(city)
        return date.fromisoformat(day) if day else None

    rows = [
        (
            *(extract, city, date.fromisoformat(entry["day"]), bool(entry["derived"])),
            find_begin(extract, city),
        )
        for extract, cities in manifest.get("data_through", {}).items()
        for city, entry in cities.items()
        if city in anybody[extract] or _can_read_rows(scope, city)
    ]
    columns = {"extract": TEXT, "city": TEXT, "day": DAY, "derived": FLAG, "begins_on": DAY}
    return _build_table(columns, rows)


def _build_sources(manifest: Mapping[str, Any], extracts: Sequence[str], scope: str) -> pa.Table:
    """Build one row an extract of the contract; how many rows were refused is for the state."""
    refusals = manifest.get("quarantined", {}) if scope == STATE_SCOPE else {}
    rows = [
        (at, name, name in extracts, refusals.get(name)) for at, name in enumerate(contract.BY_NAME)
    ]
    columns = {"position": WHOLE, "extract": TEXT, "supplied": FLAG, "quarantined": WHOLE}
    return _build_table(columns, rows)


def _build_reclassifications(manifest: Mapping[str, Any], scope: str) -> pa.Table:
    """Count each city's incidents that were classified otherwise since the release before."""
    rows = [
        (entry["city"], *(entry.get(name) for name in revisions.RECLASSIFIED))
        for entry in manifest.get("ledger", [])
        if entry.get("city") and _can_read_rows(scope, entry["city"])
    ]
    return _build_table({"city": TEXT, **dict.fromkeys(revisions.RECLASSIFIED, WHOLE)}, rows)


def _read_reference(path: Path, name: str) -> pa.Table:
    columns = REFERENCE[name]
    if not path.exists():
        return _build_table(columns, [])
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read as UTF-8 text.") from error
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    missing = [column for column in columns if column not in (reader.fieldnames or [])]
    if missing:
        raise ConfigError(f"{path} has no column '{missing[0]}'.")
    rows = []
    for number, row in enumerate(reader, start=2):
        if "source_url" in columns and not (row["source_url"] or "").strip():
            continue  # a figure without a source address is left out
        rows.append(
            tuple(_convert_value(path, number, row, c, kind) for c, kind in columns.items())
        )
    return _build_table(columns, rows)


CONVERT: dict[pa.DataType, Callable[[str], Any]] = {TEXT: str, WHOLE: int, NUMBER: float}


def _convert_value(
    path: Path, number: int, row: dict[str, str], column: str, kind: pa.DataType
) -> Any:
    text = (row[column] or "").strip()
    if not text:
        return None
    try:
        return CONVERT[kind](text)
    except ValueError as error:
        raise ConfigError(
            f"{path}, line {number}: '{column}' is '{text}', which is not a number."
        ) from error
