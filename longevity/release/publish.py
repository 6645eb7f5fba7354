"""Publish: check, locate, build, compare, and only then flip the pointer.

Everything is built in a folder of its own, written to the disk, renamed into place,
and served by one atomic change of `current.json`. Whatever fails on the way leaves
the release that was served as it was.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

import longevity
from longevity import permissions
from longevity.errors import DataError, describe_error, suggest_remedy
from longevity.files import sha256, sync_folder, sync_tree
from longevity.geography import boundaries as lines
from longevity.geography.boundaries import CityBoundaries
from longevity.ingest import extracts_file, holdings
from longevity.ingest.contract import BY_NAME
from longevity.ingest.extracts_file import ExtractsFile
from longevity.ingest.validation import check as checking
from longevity.ingest.validation.findings import Finding, make_finding, select_errors
from longevity.ingest.validation.scratch import open_scratch, parquet_sql
from longevity.progress import Progress, ignore_progress
from longevity.release import (
    aggregates,
    extract_files,
    first_published,
    incident_places,
    lock,
    signing,
    table_corrections,
    table_history,
    tombstones,
)
from longevity.release import manifest as manifests
from longevity.release.crosscheck import (
    check_synthetic_over_real,
    find_objections,
    supply_of_release,
)
from longevity.release.data_through import (
    ByCity,
    counted_through,
    find_data_through,
    warn_of_late_victims,
)
from longevity.release.manifest import Manifest
from longevity.release.member import member_of
from longevity.release.revisions import describe_revisions, find_revisions, make_note
from longevity.release.store import PUBLIC_TABLES, Release, Store
from longevity.release.table_history import TableHistory
from longevity.settings import Settings

STAGING = "staging"
STEPS = (
    "locked",
    "checked",
    "extracts",
    "located",
    "built",
    "compared",
    "manifest",
    "synced",
    "renamed",
    "withdrawn",
    "flipped",
    "prepared",
)

Prepare = Callable[[Release, Settings, Progress], None]

_NO_CORRECTIONS = table_corrections.Corrections()


class RefusedError(DataError):
    """A publish that errors or a comparison with the release before it refused."""

    def __init__(self, what: str, do: str, findings: list[Finding]) -> None:
        super().__init__(what, do)
        self.findings = findings


@dataclass(frozen=True)
class PublishReport:
    """What a publish did. `already` when this content was published before.

    `accepted`: what there was to object to, and the reason given passed. `frozen` says which
    public tables were frozen, which nothing but a correction changes.
    """

    release_id: str
    already: bool
    findings: list[Finding] = field(default_factory=list)
    ledger_sentences: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    frozen: list[str] = field(default_factory=list)


def publish(
    extracts: Path,
    settings: Settings,
    today: date,
    accept: str | None = None,
    progress: Progress = ignore_progress,
    after_step: Progress = ignore_progress,
    freeze: table_history.Freeze | None = None,
    prepare: Prepare | None = None,
    corrections: table_corrections.Corrections = _NO_CORRECTIONS,
) -> PublishReport:
    """Publish a folder of extracts as a release, and serve it.

    `accept` is the reason why an acceptable error, or a comparison with the release before
    it, may stand. `freeze` adds what is due to the public tables; without it they are taken
    over as they are. `prepare` is called with the release once it is served; that it fails
    is said and changes nothing.
    `corrections`: public tables to be frozen again or withdrawn, for the reason in `accept`.
    `after_step` is told each of STEPS as it is done. Raises RefusedError with every
    error, DataError when the disk or another publish stands in the way; the
    release that was served is then still served.
    """
    try:
        permissions.make_private_folder(settings.home)
        with lock.hold_lock(settings):
            after_step("locked")
            signing.ensure_key_pair(settings.home)
            staging = _make_staging(settings.home / STAGING)
            try:
                steps = (progress, after_step)
                return _Publish(
                    extracts, settings, today, accept, *steps, freeze, prepare, corrections
                ).run()
            finally:
                shutil.rmtree(staging, ignore_errors=True)
    except (OSError, duckdb.Error) as error:
        raise DataError(
            f"Publishing into {settings.home} stopped: {describe_error(error)}.",
            "Nothing changed: the release that was served is still served. "
            f"{suggest_remedy(error)}".rstrip(),
        ) from error


def _make_staging(staging: Path) -> Path:
    """Return an empty staging folder: what a publish that was killed left in it is dropped."""
    if staging.exists():
        shutil.rmtree(staging)
    staging.mkdir()
    return staging


class _Publish:
    """One publish, from the extracts to the pointer."""

    def __init__(
        self,
        extracts: Path,
        settings: Settings,
        today: date,
        accept: str | None,
        progress: Progress,
        after_step: Progress,
        freeze: table_history.Freeze | None,
        prepare: Prepare | None,
        corrections: table_corrections.Corrections,
    ) -> None:
        self.extracts = extracts
        self.settings = settings
        self.today = today
        self.accept = accept
        self.progress = progress
        self.after_step = after_step
        self.freeze = freeze
        self.prepare = prepare
        self.corrections = corrections
        self.frozen: list[str] = []
        self.store = Store(settings.home)
        self.folder = settings.home / STAGING / "release"
        self.spill = settings.home / STAGING / "spill"
        self.findings: list[Finding] = []

    def run(self) -> PublishReport:
        self.findings = checking.check_extracts(
            self.extracts, self.settings, self.today, self.progress
        )
        wrong = select_errors(self.findings)
        if not all(one.acceptable for one in wrong):
            raise RefusedError(
                "\n".join(f"{one.sentence} {one.do}".rstrip() for one in wrong),
                f"Nothing was published: {_count(len(wrong), 'error')}.",
                self.findings,
            )
        self.after_step("checked")
        declared = extracts_file.read_extracts_file(self.extracts, self.settings)
        if self.corrections:  # a wrong name is told at once, not after everything is built
            table_history.plan_corrections(
                self.store, declared.kind, self.corrections, self.settings
            )
        self.findings += check_synthetic_over_real(declared.kind, self.store)
        for below in ("extracts", manifests.NAMED, "built"):
            (self.folder / below).mkdir(parents=True)
        with open_scratch(self.spill) as connection:
            return self._serve(connection, self._build(connection, declared))

    def _build(self, connection: duckdb.DuckDBPyConnection, declared: ExtractsFile) -> Manifest:
        rows = extract_files.write_extracts(connection, self.extracts, self.folder, self.progress)
        # Before anybody is dropped: the source was complete through that day all the same.
        through = find_data_through(
            connection, {name: parquet_sql(self._member_path(name)) for name in rows}, declared
        )
        destroyed = self._drop_returning(connection)
        self.after_step("extracts")
        boundaries = self._locate(connection, declared)
        self.after_step("located")
        built = self.folder / "built"
        ends = {city: one.day for city, one in counted_through(through).items()}
        self.progress("Counting victims by day, hour and neighbourhood.")
        zeros = {city: holdings.zero_counts(declared.holds, city) for city in self.settings.cities}
        aggregates.write_tables(connection, self._member_path("victims"), built, ends, zeros)
        aggregates.write_places(boundaries, self.settings, built)
        extract_files.write_data_through(connection, through, built / "data_through.parquet")
        self.findings += warn_of_late_victims(connection, through, self.settings)
        # What the sender said is content too: a day that passed without an event is news.
        extracts_file.write_extracts_file(built, declared)
        manifest = self._make_manifest(connection, declared, rows, through, boundaries)
        self._write_public_tables(manifest, min(one.day for one in through["incidents"].values()))
        self.after_step("built")
        return manifest | {"destroyed": destroyed}

    def _drop_returning(self, connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
        """Drop whoever was destroyed and came back; rows by extract."""
        codes, dropped = tombstones.drop_returning(connection, self.folder, self.settings.home)
        if codes:
            self.findings.append(
                make_finding(
                    f"{BY_NAME['people'].name}.parquet",
                    "destroyed_code_returned",
                    f"{_count(codes, 'code')} that had been destroyed came back; what is theirs "
                    f"was left out: {_count(sum(dropped.values()), 'row')}.",
                    "Have the sender take them out. Who is listed anew needs a new code.",
                    severity="warning",
                    count=codes,
                )
            )
        return dropped

    def _member_path(self, name: str) -> Path:
        return self.folder / member_of(name)

    def _locate(
        self, connection: duckdb.DuckDBPyConnection, declared: ExtractsFile
    ) -> dict[str, CityBoundaries]:
        self.progress("Locating incidents.")
        boundaries = {
            city: lines.for_city(self.settings, city, declared.kind == "synthetic")
            for city in self.settings.cities
        }
        points = self.settings.home / STAGING / "points.parquet"
        incident_places.write_points(self._member_path("incidents"), points, boundaries)
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
        plain = {name: one for name, one in hashes.items() if not manifests.is_named(name)}
        named = {name: one for name, one in hashes.items() if manifests.is_named(name)}
        located = connection.execute(
            "SELECT city, coalesce(reason, 'located'), CAST(sum(victims) AS BIGINT) FROM located "
            "GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        by_reason: dict[str, dict[str, int]] = {}
        for city, reason, victims in located:
            by_reason.setdefault(city, {})[reason] = victims
        day = min(one.day for one in through["incidents"].values())
        return {
            "release_id": manifests.release_id(day, declared.kind, plain),
            "kind": declared.kind,
            "published_on": self.today.isoformat(),
            "program": self.settings.program,
            "version": longevity.__version__,
            "previous": None,
            "sequence": self.store.next_sequence(),
            "data_through": {
                extract: {
                    city: {"day": one.day.isoformat(), "derived": one.derived}
                    for city, one in cities.items()
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
                    "rule": one.rule,
                    "severity": one.severity,
                    "sentence": one.sentence,
                    "count": one.count,
                }
                for one in self.findings
            ],
            "sha256": plain,
            "named_sha256": named,
            "ledger": [],
            "ledger_against": None,
            "objections": [],
            "accepted": None,
            "recut": [],
            "boundaries": {
                city: {"kind": one.kind, "source": one.source} for city, one in boundaries.items()
            },
            "located": by_reason,
            "reported_weeks": first_published.count_newest_weeks(
                connection,
                self.folder / "built" / "daily.parquet",
                {
                    city: one.day
                    for city, one in counted_through(through).items()
                    if holdings.find_known_counts(declared.holds, city)["incidents"]
                },
                self.settings,
            ),
        }

    def _write_public_tables(self, manifest: Manifest, day: date) -> None:
        """Take over the public tables, add what is due, and make them a member.

        What is about to be frozen is said: nothing has been served yet.
        """
        kind = manifest["kind"]
        history = table_history.plan_corrections(self.store, kind, self.corrections, self.settings)
        path = self.folder / PUBLIC_TABLES
        if self.freeze is not None:
            self.progress("Cutting what is due for the public.")
            staged = Release(manifest["release_id"], self.folder, manifest)
            self.freeze(staged, self.settings, history, path)
        elif history.refreeze or history.withdrawn:
            raise DataError("Public tables are to be cut again or withdrawn, and nothing cuts.")
        elif history.path is not None:
            shutil.copyfile(history.path, path)
        if not path.exists():
            return
        manifest["sha256"][PUBLIC_TABLES] = sha256(path)
        manifest["release_id"] = manifests.release_id(day, manifest["kind"], manifest["sha256"])
        self.frozen = table_corrections.describe_new_rows(
            table_corrections.find_new_rows(history.path, path), self.settings
        )
        for sentence in self.frozen:
            self.progress(sentence)
        manifest["recut"] = self._list_corrections(history, path)
        manifest["without_draws"] = sorted(history.without_draws)

    def _list_corrections(self, history: TableHistory, path: Path) -> list[table_corrections.Entry]:
        """List what was frozen again or withdrawn so far, this time last."""
        reason, day = (self.accept or "").strip(), self.today.isoformat()
        written = table_corrections.list_changes(
            history.refreeze | history.withdrawn, history.path, path, reason, day
        )
        if self.corrections and not written:
            raise DataError(
                "The public tables named come out as they stand: nothing is corrected by these "
                "extracts.",
                "Nothing was published. Publish without --recut, or correct the extracts first.",
            )
        return [*history.manifest.get("recut", []), *written]

    def _serve(self, connection: duckdb.DuckDBPyConnection, manifest: Manifest) -> PublishReport:
        served = self.store.current_id()
        target, kept = self._find_place(manifest)
        if kept is not None and target.name == served:
            self.progress("This content is served already.")
            self._prepare(kept)
            return self._make_report(kept, already=True)
        manifest["release_id"] = target.name
        new = kept or Release(target.name, self.folder, manifest)
        self._compare(connection, new)
        self.after_step("compared")
        if kept is None:
            manifests.write_manifest(self.folder, manifest)
            self.after_step("manifest")
            sync_tree(self.folder)
            self.after_step("synced")
            self._move(target)
            self.after_step("renamed")
        new = Release(target.name, target, new.manifest)
        table_corrections.mark_withdrawn(self.store, new)
        self.after_step("withdrawn")
        self.store.point(new, f"published, accepted: {self.accept}" if self.accept else "published")
        self.after_step("flipped")
        self._prepare(new)
        return self._make_report(new, already=False)

    def _prepare(self, release: Release) -> None:
        prepare_answers(release, self.settings, self.prepare, self.progress)
        self.after_step("prepared")

    def _make_report(self, release: Release, already: bool) -> PublishReport:
        sentences = describe_revisions(release.manifest["ledger"])
        accepted = [] if already else release.manifest["objections"]
        return PublishReport(release.id, already, self.findings, sentences, accepted, self.frozen)

    def _find_place(self, manifest: Manifest) -> tuple[Path, Release | None]:
        """Return the folder this content belongs in, and the good release that is there already.

        The id says nothing of named members, so content that differs only in them
        takes the next free number behind it.
        """
        for number in itertools.count(1):
            release_id = manifest["release_id"] + (f"-{number}" if number > 1 else "")
            target = self.store.releases / release_id
            if not target.exists():
                return target, None
            try:
                there = self.store.open(release_id)
            except DataError:
                return target, None
            if there.manifest["named_sha256"] == manifest["named_sha256"]:
                return target, there
        raise AssertionError("unreachable")

    def _move(self, target: Path) -> None:
        self.store.releases.mkdir(exist_ok=True)
        if target.exists():
            # What is there is damaged, and this is the same content, whole.
            target.rename(self.settings.home / STAGING / "damaged")
        self.folder.rename(target)
        sync_folder(self.store.releases)

    def _compare(self, connection: duckdb.DuckDBPyConnection, new: Release) -> None:
        """Weigh what there is to object to, and write down what a comparison finds."""
        before = self.store.baseline(new.kind)
        again = before is not None and before.id == new.id
        against = []
        if before is not None and not again:
            self.progress(f"Comparing with the release {before.id}.")
            supplies = supply_of_release(before), supply_of_release(new)
            against = find_objections(connection, *supplies, self.settings)
        # Together, so that one reason never passes what nobody has seen.
        sentences = [one.sentence for one in select_errors(self.findings)]
        sentences += [one.sentence for one in against]
        reason = (self.accept or "").strip()
        if sentences and not reason:
            compared = f" It was compared with {before.id}." if before is not None else ""
            raise RefusedError(
                "\n".join(sentences),
                "Nothing was published. If this is right, publish with --accept and the reason."
                f"{compared}",
                self.findings,
            )
        if again:
            return  # what its manifest says was written when it was published first
        new.manifest["objections"] = sentences
        new.manifest["accepted"] = reason if sentences else None
        if before is None:
            return
        new.manifest["previous"] = before.id
        new.manifest["ledger_against"] = before.id
        ledger = find_revisions(connection, before, new, self.settings)
        new.manifest["ledger"] = self._describe_corrections(before, new) + ledger
        new.manifest["reported_weeks"] = first_published.merge_reports(
            before.manifest.get("reported_weeks", []), new.manifest.get("reported_weeks", [])
        )

    def _describe_corrections(self, before: Release, new: Release) -> list[dict[str, Any]]:
        """Say for the ledger which public tables were frozen again or withdrawn since `before`."""
        had = before.manifest.get("recut", [])
        since = [one for one in new.manifest.get("recut", []) if one not in had]
        return [
            make_note(sentence)
            for sentence in table_corrections.describe_changes(since, self.settings)
        ]


def prepare_answers(
    release: Release, settings: Settings, prepare: Prepare | None, progress: Progress
) -> None:
    """Have the answers of a served release made ready; without them it is served more slowly."""
    try:
        if prepare is not None:
            prepare(release, settings, progress)
    except (DataError, OSError, duckdb.Error) as error:
        reason = error.what if isinstance(error, DataError) else describe_error(error)
        progress(f"Nothing was prepared for the screens, which are slower without: {reason}.")


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
