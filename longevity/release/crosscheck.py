"""What new data must not do to the release before them, of the same kind.

Coverage must not shrink, data-through must not go back, totals must not jump, few of the victims
counted in closed weeks may disappear or be added, and records that both hold must agree. Each rule
is a SQL file of `checks/against`; none repeats a person's data. `publish` runs them on the release
it made. `check` builds a trial release of the folder, says what was found on the way, runs them on
it and deletes it. It is built in LONGEVITY_HOME under the lock: the next command clears what a
killed one left there.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from longevity.base.scratch import create_table, open_scratch, parquet_sql
from longevity.checks.findings import CheckFinding
from longevity.checks.sql_checks import run_checks
from longevity.checks.sql_files import AGAINST
from longevity.ingest import extracts_file, victim_coverage
from longevity.ingest.contract import BY_NAME
from longevity.release import lock, signing
from longevity.release.build import build_release
from longevity.release.manifest import member_of
from longevity.release.store import Release, Store
from longevity.settings import Settings


def check_against_served(directory: Path, settings: Settings) -> list[CheckFinding]:
    """Return what `publish` would still find in a folder of extracts that `check` has passed."""
    store = Store(settings.home)
    kind = extracts_file.read_extracts_file(directory, settings).kind
    findings = check_synthetic_over_real(kind, store)
    before = store.find_baseline(kind)
    with lock.hold_lock(settings.home) as folder, open_scratch(folder / "spill") as connection:
        after, found = build_release(directory, folder / "release", settings, connection)
        if before is not None:
            found += find_objections(connection, before, after, settings)
    return findings + found


def check_synthetic_over_real(kind: str, store: Store) -> list[CheckFinding]:
    """Return the objection to synthetic data that would take the place of real data."""
    if kind != "synthetic" or not store.is_real_served():
        return []
    return [
        CheckFinding(
            extracts_file.NAME,
            "synthetic_over_real",
            "the data are synthetic, and would take the place of real data on every screen.",
            "Give it a LONGEVITY_HOME of its own.",
            acceptable=True,
        )
    ]


def find_objections(
    connection: duckdb.DuckDBPyConnection, before: Release, after: Release, settings: Settings
) -> list[CheckFinding]:
    """Return every reason why `after` may not follow `before`; empty when it may.

    Makes the table `cities`, and views of both releases: `before_shot`, `after_shot` and so on.
    """
    _create_cities(connection, before, after, settings)
    for side, release in (("before", before), ("after", after)):
        _create_views(connection, side, release)
    limits = settings.thresholds.model_dump(include={"largest_jump", "largest_loss"})
    given = {"release": before.id, **limits}
    findings = [*run_checks(connection, AGAINST, given)]
    if signing.is_another(before.drawn_by, after.drawn_by):
        what = f"it is not the secret that drew the public tables of {before.id}."
        findings.append(
            CheckFinding(signing.KEY, "another_secret", what, signing.TAKE_OVER, acceptable=True)
        )
    return findings


def _create_cities(
    connection: duckdb.DuckDBPyConnection, before: Release, after: Release, settings: Settings
) -> None:
    """Make the table of the cities that either release has to answer for."""
    # One that the configuration no longer names would be missed all the same.
    had = {city for days in before.manifest["data_through"].values() for city in days}
    begins = after.manifest["data_from"].get("incidents", {})
    holds = victim_coverage.read_manifest_coverage(after.manifest)
    create_table(
        connection,
        "cities",
        "city VARCHAR, name VARCHAR, begins DATE, wounded_are_known BOOLEAN",
        (
            (
                city,
                settings.name_city(city),
                begins.get(city, date.min.isoformat()),
                victim_coverage.find_known_counts(holds, city)["nonfatal"],
            )
            for city in {*settings.cities, *had}
        ),
    )


def _create_views(connection: duckdb.DuckDBPyConnection, side: str, release: Release) -> None:
    """Make the views of one release, `{side}_victims`, …, for `checks/against` and `revisions`."""
    sources = {
        name: parquet_sql(release.member(member_of(name))) for name in release.manifest["rows"]
    }
    daily, located, through = (
        parquet_sql(release.member(f"built/{name}.parquet"))
        for name in ("daily", "located", "data_through")
    )
    selects = {
        "files": " UNION ALL ".join(
            f"SELECT '{name}' AS extract, count(*) AS rows FROM {source}"
            for name, source in sources.items()
        ),
        "supplied": " UNION ALL ".join(
            f"SELECT '{name}' AS extract, {BY_NAME[name].named} AS named, city, CAST("
            f"min({BY_NAME[name].event or 'NULL'}) AS DATE) AS first FROM {source} GROUP BY city"
            for name, source in sources.items()
        ),
        "through": f"SELECT * FROM {through}",
        # Where a source lists only those killed, they are what is compared.
        "victims": "SELECT city, day, sum(coalesce(victims, fatal)) AS victims, "
        f"sum(coalesce(nonfatal, 0)) AS wounded FROM {daily} GROUP BY ALL",
        "victim_rows": f"SELECT * FROM {sources['victims']}",
        "located": f"SELECT * FROM {located}",
        "shot": "SELECT victim_id, located.city, day, outcome "
        f"FROM {sources['victims']} JOIN {located} AS located USING (incident_id) "
        "WHERE weapon = 'firearm' AND counted",
        "places": f"SELECT incident_id, located.city, located.neighbourhood AS area, "
        "row(incidents.longitude, incidents.latitude, location_precision, "
        f"incidents.neighbourhood) AS place FROM {located} AS located "
        f"JOIN {sources['incidents']} AS incidents USING (incident_id)",
    }
    for name, select in selects.items():
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {side}_{name} AS {select}")
