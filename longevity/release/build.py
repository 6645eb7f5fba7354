"""Build a release of a folder of extracts that check has passed: all but its public tables.

The same rows give the same bytes, whatever wrote the files supplied and in whatever order.
Nothing that is served is touched.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

import longevity
from longevity.base.files import sha256
from longevity.base.progress import Progress, ignore_progress
from longevity.base.scratch import parquet_sql
from longevity.checks.findings import CheckFinding
from longevity.checks.sql_checks import run_checks
from longevity.checks.sql_files import COUNTS, PLACES
from longevity.ingest import extracts_file, victim_coverage
from longevity.release import (
    aggregates,
    extract_rows,
    incident_places,
    manifest,
    signing,
    tombstones,
)
from longevity.release.data_through import find_data_through, find_first_days, write_data_through
from longevity.release.manifest import NAMED, member_of
from longevity.release.store import Release
from longevity.settings import Settings


def build_release(
    extracts: Path,
    folder: Path,
    settings: Settings,
    connection: duckdb.DuckDBPyConnection,
    progress: Progress = ignore_progress,
) -> tuple[Release, list[CheckFinding]]:
    """Build a release of `extracts` in `folder`, and say what was found on the way.

    It has no id yet, and nothing in its manifest of when it was made and what was before it.
    """
    declared = extracts_file.read_extracts_file(extracts, settings)
    tables = folder / "built"
    for below in (folder / "extracts", folder / NAMED, tables):
        below.mkdir(parents=True)
    rows = extract_rows.write_extracts(
        connection, folder=extracts, release=folder, progress=progress
    )
    sources = {name: parquet_sql(folder / member_of(name)) for name in rows}
    # Before anybody is dropped: the source was complete through that day all the same.
    through = find_data_through(connection, sources, declared)
    findings, destroyed = tombstones.drop_returning(connection, folder, settings.home)
    progress("Locating incidents.")
    incidents = folder / member_of("incidents")
    boundaries = incident_places.find_all_boundaries(connection, incidents, settings)
    begins = find_first_days(declared.data_from)
    incident_places.place_incidents(connection, incidents, boundaries, settings, begins)
    findings += run_checks(connection, PLACES, {})
    progress("Counting victims by day, hour and neighbourhood.")
    zeros = {city: victim_coverage.list_zeros(declared.holds, city) for city in settings.cities}
    write_data_through(connection, tables / "data_through.parquet")
    aggregates.write_tables(connection, folder / member_of("victims"), tables, zeros)
    aggregates.write_places(connection, boundaries, tables)
    findings += run_checks(connection, COUNTS, {})
    # Part of the release's id: a day that passed without an event makes another release.
    extracts_file.write_extracts_file(tables, declared)
    hashes = {name: sha256(folder / name) for name in manifest.list_members(folder)}
    said = declared.model_dump(mode="json", include={"kind", "data_from", "holds", "quarantined"})
    content = said | {
        "program": settings.program,
        "drawn_by": signing.find_fingerprint(settings.home),
        "version": longevity.__version__,
        "data_through": through,
        "rows": rows,
        "destroyed": destroyed,
        "sha256": {n: digest for n, digest in hashes.items() if not manifest.is_named(n)},
        "named_sha256": {n: digest for n, digest in hashes.items() if manifest.is_named(n)},
        "boundaries": {
            city: {"kind": lines.kind, "source": lines.source, "credit": lines.credit}
            for city, lines in boundaries.items()
        },
    }
    return Release("", folder, content), findings
