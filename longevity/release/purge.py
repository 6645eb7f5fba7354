"""Purge: a person's rows are destroyed in every kept release, and may not come back.

Immutability yields to the duty to destroy (28 CFR 23, an erased record). The rows are
written anew without the person next to the old ones, and one change of the manifest
takes the release from the one to the other; only then are the old files removed. A
kill at any moment leaves each release as it was or purged, and running again ends it.
Aggregates, which hold no code, are not touched, nor is the release's id.

Rows of people are written into the home by a publish and a pull alone: the command line takes no
`--out` in it. What somebody else put there is listed by name.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from longevity.auth import signed_out
from longevity.base.errors import DataError, UsageError, count_noun
from longevity.base.files import sha256, sync_folder, sync_tree
from longevity.base.scratch import open_scratch, parquet_sql
from longevity.geography import installed_boundaries
from longevity.ingest.importing.one_file import KEY_FILE, KEY_MADE
from longevity.release import known_remotes, lock, manifest, signing, tombstones
from longevity.release.manifest import NAMED
from longevity.release.person_references import Codes
from longevity.release.store import PICTURES, POINTER, RELEASES, Store, hash_member
from longevity.settings import Settings

REQUEST, DUE = "request", "review_by passed"
# What the program keeps in LONGEVITY_HOME, or a disk of its own does. Only releases hold a code.
KEPT = {
    *(RELEASES, POINTER, PICTURES, lock.NAME, lock.STAGING, KEY_FILE, KEY_MADE),
    *(tombstones.FOLDER, signing.FOLDER, known_remotes.FOLDER, signed_out.FOLDER),
    *(installed_boundaries.FOLDER, "exports", "editions.json", "reference", "README.md"),
    "lost+found",
}


@dataclass
class PurgeReport:
    """What a purge did.

    `remains`: what is in the home and was not written by the program, a sentence each.
    """

    people: int = 0
    releases: int = 0
    rows: int = 0
    without_day: int = 0
    remarks: list[str] = field(default_factory=list)
    remains: list[str] = field(default_factory=list)


@contextmanager
def _hold_home(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Hold the lock for a purge, with a database to work in."""
    if known_remotes.is_copy(settings.home):
        raise UsageError(
            "The releases here come from a remote, which would bring the rows back.",
            "Purge where they are published, and push: every machine that pulls follows.",
        )
    remedy = "Every release is as it was or purged: run the same purge again."
    with lock.hold_lock(settings.home, remedy) as staging, open_scratch(staging) as connection:
        yield connection


def destroy_person(settings: Settings, person: str, today: date) -> PurgeReport:
    """Destroy one person's rows. UsageError when nothing kept holds the code."""
    with _hold_home(settings) as connection:
        return _Purge(settings, connection, {person}).run(today, REQUEST)


def destroy_due(settings: Settings, today: date, dry_run: bool = False) -> PurgeReport:
    """Destroy the rows of everybody whose listing was to be reviewed before `today` and was not.

    What counts is the newest kept release that lists the person: a listing that was
    renewed says a later day there. One without a day is never destroyed by itself; it
    is counted. DataError while a damaged release leaves open what was renewed.
    `dry_run`: they are only counted.
    """
    with _hold_home(settings) as connection:
        due, without_day = _find_due(Store(settings.home), connection, today)
        report = PurgeReport(people=len(due))
        if due and not dry_run:
            report = _Purge(settings, connection, due).run(today, DUE)
        report.without_day = without_day
        return report


def destroy_returning(
    settings: Settings, connection: duckdb.DuckDBPyConnection, today: date
) -> PurgeReport:
    """Destroy again who was destroyed here and is in a kept release, as a pull may bring them.

    For who holds the lock.
    """
    store = Store(settings.home)
    files = [
        (Path(member).stem, path)
        for release_id in store.list_ids()
        for member, path in _list_sound(store, release_id).items()
    ]
    codes = tombstones.search_files(connection, settings.home, files)
    if not codes:
        return PurgeReport()
    return _Purge(settings, connection, {*codes}).run(today, REQUEST)


def describe_purge(report: PurgeReport) -> list[str]:
    """Return what a purge did, in sentences; never a code."""
    sentences = [
        f"{count_noun(report.people, 'person', 'people')} destroyed in "
        f"{count_noun(report.releases, 'release')}: {count_noun(report.rows, 'row')} of theirs."
        if report.people
        else "No day of review has passed: nothing was destroyed."
    ]
    if report.without_day:
        sentences.append(
            f"{count_noun(report.without_day, 'listing has', 'listings have')} no day of review, "
            "and can never be due: have the sender give one."
        )
    sentences += report.remarks
    if report.people:
        sentences.append(
            "Actions on a group stay, without the person. The counts are as they were. Files "
            "outside LONGEVITY_HOME are yours to purge: the extracts handed over, the refused rows "
            "next to them, their source, backups. The next publish drops these codes where they "
            "come back."
        )
    return sentences


def _find_due(
    store: Store, connection: duckdb.DuckDBPyConnection, today: date
) -> tuple[set[str], int]:
    """Return whose review day has passed in the newest release of its kind that lists it, and
    how many listings have none.
    """
    newest: dict[tuple[str, str], date | None] = {}
    for release_id in store.list_newest_first():
        try:
            release = store.open(release_id)
        except DataError as error:
            raise DataError(
                f"{error.what} Whose listing it renewed is not known.",
                "Publish that content again, or drop it with `releases prune`.",
            ) from error
        if release.has(f"{NAMED}/people.parquet"):
            source = parquet_sql(release.member(f"{NAMED}/people.parquet"))
            rows = connection.execute(f"SELECT person_id, review_by FROM {source}").fetchall()
            for code, day in rows:
                newest.setdefault((release.kind, code), day)
    spared = {code for (_, code), day in newest.items() if day is None or day >= today}
    return {code for _, code in newest} - spared, list(newest.values()).count(None)


def _list_sound(store: Store, release_id: str) -> dict[str, Path]:
    """Return the files with codes of a release, by member, but those that are damaged."""
    content = store.read_manifest(release_id) or {"named_sha256": {}}
    folder = store.releases / release_id
    return {
        member: path
        for member, digest in content["named_sha256"].items()
        if hash_member(path := folder / manifest.find_file(content, member)) == digest
    }


class _Purge:
    """One purge, from the search to the last file removed."""

    def __init__(
        self, settings: Settings, connection: duckdb.DuckDBPyConnection, people: set[str]
    ) -> None:
        self.home = settings.home
        self.store = Store(settings.home)
        self.codes = Codes(connection, people)
        self.report = PurgeReport(people=len(people))

    def run(self, today: date, why: str) -> PurgeReport:
        """Record who is destroyed, so that after a kill no one comes back, and rewrite releases."""
        self.report.remains = [
            f"{self.home / self.codes.remove_from(name)} was not written by the program: "
            "look into it yourself."
            for name in sorted({path.name for path in self.home.iterdir()} - KEPT)
        ]
        releases, stale = self._find_releases(), self._list_stale()
        # A code that is only in what is stale may be mistyped, unless a purge of it was killed.
        if not releases and not (stale and tombstones.find_returning(self.home, self.codes.codes)):
            unread = (f"{path} cannot be searched: restore or prune its release." for path in stale)
            raise UsageError(
                f"Nothing sound that the program keeps in {self.home} holds this code.",
                " ".join((*self.report.remains, *unread)),
            )
        tombstones.record_destroyed(self.home, self.codes.codes, today, why)
        self.store.drop_pictures()
        for release_id, members in releases.items():
            self._rewrite_release(release_id, members)
        self._remove_stale()
        return self.report

    def _list_stale(self) -> list[Path]:
        """List the files that may hold rows of people and are of no use: those that no manifest
        names, as a killed purge leaves them, the damaged ones, and damaged manifests.
        """
        ids, releases = self.store.list_ids(), self.store.releases
        sound = {path for name in ids for path in _list_sound(self.store, name).values()}
        damaged = (name for name in ids if self.store.read_manifest(name) is None)
        found = {*releases.glob(f"*/{NAMED}/*"), *releases.glob("*/.*")} - sound
        files = {path for path in found if not path.is_dir()}  # as of a network disk's snapshots
        return sorted(files.union(*((releases / name).glob(manifest.NAME) for name in damaged)))

    def _remove_stale(self) -> None:
        """Remove stale files, and what a killed prune left; say which releases are damaged."""
        touched = set()
        for path in self._list_stale():
            touched.add(path.relative_to(self.store.releases).parts[0])
            path.unlink()
            sync_folder(path.parent)
        for folder in self.store.list_half_removed():
            shutil.rmtree(folder)
        self.report.remarks = [
            f"The release {release.id} is damaged: what of its rows with codes could not be "
            "vouched for was removed whole."
            for release in self.store.list_releases()
            if release.damage and release.id in touched
        ]

    def _find_releases(self) -> dict[str, dict[str, Path]]:
        """Return the releases that hold a code, each with its members that do and their files."""
        found = {}
        for release_id in self.store.list_ids():
            content = self.store.read_manifest(release_id) or {"accepted": None, "withdrawn": []}
            reasons = [content["accepted"] or "", *(row["reason"] for row in content["withdrawn"])]
            members = {
                member: path
                for member, path in _list_sound(self.store, release_id).items()
                if self.codes.is_in_extract(path, Path(member).stem)
            }
            if members or any(map(self.codes.is_in_text, reasons)):
                found[release_id] = members
        return found

    def _rewrite_release(self, release_id: str, members: dict[str, Path]) -> None:
        """Write the members without the codes, next to the old ones, and flip the manifest."""
        folder = self.store.releases / release_id
        content = manifest.read_manifest(folder)
        kept_as = content.setdefault("kept_as", {})
        for member, path in members.items():
            extract = Path(member).stem
            draft = folder / NAMED / f"{extract}.part"
            rows = self.codes.rewrite_extract(path, extract, draft)
            digest = sha256(draft)
            kept_as[member] = f"{NAMED}/{extract}.{digest[:12]}.parquet"
            draft.replace(folder / kept_as[member])
            content["named_sha256"][member] = digest
            content["destroyed"][extract] = content["destroyed"].get(extract, 0) + rows
            self.report.rows += rows
        content["accepted"] = content["accepted"] and self.codes.remove_from(content["accepted"])
        for row in content["withdrawn"]:
            row["reason"] = self.codes.remove_from(row["reason"])
        sync_tree(folder / NAMED)
        manifest.write_manifest(folder, content)
        self.report.releases += 1
