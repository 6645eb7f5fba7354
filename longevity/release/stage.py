"""The first half of a publish: check the extracts, and build a release of them in a folder aside.

Nothing that is served is touched. `app/publish.py` puts the halves together.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

import longevity
from longevity import private_files
from longevity.checks import check as checking
from longevity.checks.findings import Finding, make_finding, select_errors
from longevity.errors import DataError, describe_error, suggest_remedy
from longevity.files import sha256
from longevity.geography.boundaries import CityBoundaries
from longevity.ingest import extracts_file, victim_coverage
from longevity.ingest.contract import BY_NAME
from longevity.ingest.extracts_file import ExtractsFile
from longevity.progress import Progress
from longevity.release import (
    aggregates,
    certificates,
    extract_files,
    incident_places,
    lock,
    signing,
    table_history,
    tombstones,
)
from longevity.release import manifest as manifests
from longevity.release.crosscheck import check_synthetic_over_real
from longevity.release.data_through import (
    ByCity,
    find_counted_through,
    find_data_through,
    warn_of_late_victims,
)
from longevity.release.manifest import Manifest
from longevity.release.member import member_of
from longevity.release.store import PUBLIC_TABLES, Release, Store
from longevity.release.table_history import TableHistory
from longevity.release.table_withdrawals import Withdrawals
from longevity.scratch import open_scratch, parquet_sql
from longevity.settings import Settings

STAGING = "staging"


class RefusedError(DataError):
    """A publish that errors or a comparison with the release before it refused."""

    def __init__(self, what: str, do: str, findings: list[Finding]) -> None:
        super().__init__(what, do)
        self.findings = findings


@dataclass(frozen=True)
class PublishRequest:
    """What is to be published, and how.

    `accept` is the reason why an acceptable error, or a comparison with the release before
    it, may stand. `withdrawals`: public tables to be withdrawn, for that reason.
    `after_step` is told each step as it is done.
    """

    extracts: Path
    settings: Settings
    today: date
    accept: str | None
    withdrawals: Withdrawals
    progress: Progress
    after_step: Progress


@dataclass(frozen=True)
class StagedRelease:
    """A release that was built and is not served yet; its public tables are still to be written.

    `history` says which of those there are already, `public_tables` where they belong.
    """

    request: PublishRequest
    release: Release
    history: TableHistory
    findings: list[Finding]

    @property
    def public_tables(self) -> Path:
        """Return the path its public tables belong at."""
        return self.release.path / PUBLIC_TABLES


@contextmanager
def hold_staging(request: PublishRequest) -> Iterator[None]:
    """Hold the lock and an empty staging folder, which goes at the end.

    DataError when the disk or another publish stands in the way.
    """
    settings = request.settings
    try:
        private_files.make_private_folder(settings.home)
        with lock.hold_lock(settings):
            request.after_step("locked")
            signing.ensure_key(settings.home)
            certificates.ensure_own(settings.home, settings.program)
            staging = settings.home / STAGING
            if staging.exists():  # what a publish that was killed left in it
                shutil.rmtree(staging)
            staging.mkdir()
            try:
                yield
            finally:
                shutil.rmtree(staging, ignore_errors=True)
    except (OSError, duckdb.Error) as error:
        raise DataError(
            f"Publishing into {settings.home} stopped: {describe_error(error)}.",
            "Nothing changed: the release that was served is still served. "
            f"{suggest_remedy(error)}".rstrip(),
        ) from error


def stage_release(request: PublishRequest) -> StagedRelease:
    """Check the extracts and build a release of them, all but its public tables.

    To be called within `hold_staging`. Raises RefusedError with every error.
    """
    return _Staging(request).run()


def count_noun(count: int, noun: str) -> str:
    """Return a number and its noun."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


class _Staging:
    """One release on its way from the extracts to the staging folder."""

    def __init__(self, request: PublishRequest) -> None:
        self.request = request
        self.settings = request.settings
        self.progress = request.progress
        self.after_step = request.after_step
        self.store = Store(self.settings.home)
        self.folder = self.settings.home / STAGING / "release"
        self.findings: list[Finding] = []

    def run(self) -> StagedRelease:
        request, settings = self.request, self.settings
        self.findings = checking.check_extracts(
            request.extracts, settings, request.today, self.progress
        )
        wrong = select_errors(self.findings)
        if not all(finding.acceptable for finding in wrong):
            raise RefusedError(
                "\n".join(f"{finding.sentence} {finding.do}".rstrip() for finding in wrong),
                f"Nothing was published: {count_noun(len(wrong), 'error')}.",
                self.findings,
            )
        self.after_step("checked")
        declared = extracts_file.read_extracts_file(request.extracts, settings)
        # A wrong name of a table is said at once, not after everything is built.
        history = table_history.plan_withdrawals(
            self.store,
            declared.kind,
            request.withdrawals,
            (request.accept or "").strip(),
            request.today,
            settings,
        )
        self.findings += check_synthetic_over_real(declared.kind, self.store)
        for below in ("extracts", manifests.NAMED, "built"):
            (self.folder / below).mkdir(parents=True)
        with open_scratch(settings.home / STAGING / "spill") as connection:
            manifest = self._build_release(connection, declared)
        release = Release(manifest["release_id"], self.folder, manifest)
        return StagedRelease(request, release, history, self.findings)

    def _build_release(
        self, connection: duckdb.DuckDBPyConnection, declared: ExtractsFile
    ) -> Manifest:
        rows = extract_files.write_extracts(
            connection, self.request.extracts, self.folder, self.progress
        )
        # Before anybody is dropped: the source was complete through that day all the same.
        through = find_data_through(
            connection, {name: parquet_sql(self._find_member(name)) for name in rows}, declared
        )
        destroyed = self._drop_returning(connection)
        self.after_step("extracts")
        boundaries = self._locate_incidents(connection, declared)
        self.after_step("located")
        tables = self.folder / "built"
        ends = {
            city: day_through.day for city, day_through in find_counted_through(through).items()
        }
        self.progress("Counting victims by day, hour and neighbourhood.")
        zeros = {
            city: victim_coverage.list_zeros(declared.holds, city) for city in self.settings.cities
        }
        aggregates.write_tables(connection, self._find_member("victims"), tables, ends, zeros)
        aggregates.write_places(boundaries, self.settings, tables)
        extract_files.write_data_through(connection, through, tables / "data_through.parquet")
        self.findings += warn_of_late_victims(connection, through, self.settings)
        # What the sender said is content too: a day that passed without an event is news.
        # Its doubts name files and rows of the sender's, which are in no release; those that a
        # reason passed are among the findings.
        extracts_file.write_extracts_file(tables, declared.model_copy(update={"doubts": []}))
        manifest = self._make_manifest(connection, declared, rows, through, boundaries)
        return manifest | {"destroyed": destroyed}

    def _drop_returning(self, connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
        """Drop whoever was destroyed and came back; rows by extract."""
        codes, dropped = tombstones.drop_returning(connection, self.folder, self.settings.home)
        if codes:
            self.findings.append(
                make_finding(
                    f"{BY_NAME['people'].name}.parquet",
                    "destroyed_code_returned",
                    f"{count_noun(codes, 'code')} that had been destroyed came back; what is "
                    f"theirs was left out: {count_noun(sum(dropped.values()), 'row')}.",
                    "Have the sender take them out. Who is listed anew needs a new code.",
                    severity="warning",
                    count=codes,
                )
            )
        return dropped

    def _find_member(self, name: str) -> Path:
        return self.folder / member_of(name)

    def _locate_incidents(
        self, connection: duckdb.DuckDBPyConnection, declared: ExtractsFile
    ) -> dict[str, CityBoundaries]:
        self.progress("Locating incidents.")
        incidents = self._find_member("incidents")
        boundaries = incident_places.find_all_boundaries(connection, incidents, self.settings)
        points = self.settings.home / STAGING / "points.parquet"
        incident_places.write_points(incidents, points, boundaries)
        begun = declared.data_from.get("incidents", {})
        incident_places.place_incidents(connection, points, boundaries, self.settings, begun)
        points.unlink()
        self.findings += incident_places.find_doubts(connection, self.settings)
        return boundaries

    def _make_manifest(
        self,
        connection: duckdb.DuckDBPyConnection,
        declared: ExtractsFile,
        rows: dict[str, int],
        through: dict[str, ByCity],
        boundaries: Mapping[str, CityBoundaries],
    ) -> Manifest:
        hashes = {name: sha256(self.folder / name) for name in manifests.list_members(self.folder)}
        plain = {name: digest for name, digest in hashes.items() if not manifests.is_named(name)}
        of_people = {name: digest for name, digest in hashes.items() if manifests.is_named(name)}
        located = connection.execute(
            "SELECT city, coalesce(reason, 'located'), CAST(sum(victims) AS BIGINT) FROM located "
            "GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        by_reason: dict[str, dict[str, int]] = {}
        for city, reason, victims in located:
            by_reason.setdefault(city, {})[reason] = victims
        day = min(digest.day for digest in through["incidents"].values())
        return {
            "release_id": manifests.make_release_id(day, declared.kind, plain),
            "kind": declared.kind,
            "published_on": self.request.today.isoformat(),
            "program": self.settings.program,
            "version": longevity.__version__,
            "previous": None,
            "sequence": self.store.find_next_sequence(),
            "data_through": {
                extract: {
                    city: {"day": digest.day.isoformat(), "derived": digest.derived}
                    for city, digest in cities.items()
                }
                for extract, cities in through.items()
            },
            "data_from": {
                extract: {city: day.isoformat() for city, day in cities.items()}
                for extract, cities in declared.data_from.items()
            },
            "holds": {
                key: {city: list(words) for city, words in cities.items()}
                for key, cities in declared.holds.items()
            },
            "rows": rows,
            "quarantined": declared.quarantined,
            "checks": [
                {
                    "rule": digest.rule,
                    "severity": digest.severity,
                    "sentence": digest.sentence,
                    "count": digest.count,
                }
                for digest in self.findings
            ],
            "sha256": plain,
            "named_sha256": of_people,
            "ledger": [],
            "ledger_against": None,
            "objections": [],
            "accepted": None,
            "accepted_errors": [],
            "withdrawn": [],
            "boundaries": {
                city: {"kind": digest.kind, "source": digest.source, "credit": digest.credit}
                for city, digest in boundaries.items()
            },
            "located": by_reason,
        }
