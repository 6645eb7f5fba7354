"""Purge: a person's rows are destroyed in every kept release, and may not come back.

Immutability yields to the duty to destroy (28 CFR 23, an erased record). The rows are
written anew without the person beside the old ones, and one change of the manifest
takes the release from the one to the other; only then are the old files removed. A
kill at any moment leaves each release as it was or purged, and running again ends it.
Aggregates, which hold no code, are not touched, nor is the release's id.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from longevity.errors import DataError, UsageError, count_noun, describe_error
from longevity.files import sha256, sync_folder, sync_tree
from longevity.ingest.importing.one_file import KEY_FILE
from longevity.progress import Progress, ignore_progress
from longevity.release import home_scrub, lock, manifest, seen, tombstones
from longevity.release.manifest import NAMED
from longevity.release.person_references import Codes
from longevity.release.publishing import STAGING
from longevity.release.store import Release, Store, hash_member
from longevity.scratch import open_scratch, parquet_sql
from longevity.settings import Settings

REQUEST, DUE = "request", "review_by passed"
STEPS = (
    "locked",
    "found",
    "recorded",
    "dropped",
    "written",
    "flipped",
    "elsewhere",
    "removed",
)


@dataclass
class PurgeReport:
    """What a purge did.

    `remains` are files of the project's own that may still hold a code, `others` those that the
    project did not write; a sentence each, never a code.
    """

    people: int = 0
    releases: int = 0
    rows: int = 0
    lines: int = 0
    without_day: int = 0
    remarks: list[str] = field(default_factory=list)
    remains: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


@contextmanager
def _hold_home(
    settings: Settings, after_step: Progress = ignore_progress
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Hold the lock for a purge, with a database to work in; DataError when the disk or another
    one stands in the way.

    What lies in the staging folder goes, before and after.
    """
    if seen.is_copy(settings.home):
        raise UsageError(
            "The releases here come from a remote, which would bring the rows back.",
            "Purge where they are published, and push: every machine that pulls follows.",
        )
    try:
        with lock.hold_lock(settings):
            staging = settings.home / STAGING
            # What a publish that was killed left there may hold anybody.
            shutil.rmtree(staging, ignore_errors=True)
            after_step("locked")
            try:
                with open_scratch(staging) as connection:
                    yield connection
            finally:
                shutil.rmtree(staging, ignore_errors=True)
    except (OSError, duckdb.Error) as error:
        raise DataError(
            f"The purge stopped: {describe_error(error)}.",
            "Every release is as it was or purged. Put it right and run the same purge again.",
        ) from error


def destroy_person(
    settings: Settings, person: str, today: date, after_step: Progress = ignore_progress
) -> PurgeReport:
    """Destroy one person's rows. UsageError when nothing kept holds the code."""
    with _hold_home(settings, after_step) as connection:
        return _Purge(settings, connection, {person}, after_step).run(today, REQUEST)


def destroy_due(settings: Settings, today: date) -> PurgeReport:
    """Destroy the rows of everybody whose listing was to be reviewed before `today` and was not.

    What counts is the newest kept release that lists the person: a listing that was
    renewed says a later day there. One without a day is never destroyed by itself; it
    is counted. DataError while a damaged release leaves open what was renewed.
    """
    with _hold_home(settings) as connection:
        due, without_day = _find_due(Store(settings.home), connection, today)
        report = PurgeReport()
        if due:
            report = _Purge(settings, connection, due, ignore_progress).run(today, DUE)
        report.without_day = without_day
        return report


def count_due(settings: Settings, today: date) -> int:
    """Return how many people `destroy_due` would destroy; nothing is. DataError as there."""
    with _hold_home(settings) as connection:
        return len(_find_due(Store(settings.home), connection, today)[0])


def describe_purge(report: PurgeReport) -> list[str]:
    """Return what a purge did, for whoever asked for it; never a code."""
    sentences = [
        f"{count_noun(report.people, 'person', 'people')} destroyed in "
        f"{count_noun(report.releases, 'release')}: {count_noun(report.rows, 'row')} of theirs, "
        f"and {count_noun(report.lines, 'line or row', 'lines or rows')} in other files of "
        "LONGEVITY_HOME."
        if report.people
        else "Nobody's day of review has passed: nothing was destroyed."
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
            "outside LONGEVITY_HOME are yours to purge: the extracts handed over, their source, "
            "backups. The next publish drops these codes where they come back."
        )
    return sentences


def prune(settings: Settings, keep: int) -> list[str]:
    """Drop all but the newest `keep` releases: `Store.prune`, while nothing else changes them."""
    with lock.hold_lock(settings):
        return Store(settings.home).prune(keep)


def rollback(settings: Settings, release_id: str) -> Release:
    """Serve an older release again, never while another publish, purge or prune runs.

    UsageError for an id that is not kept.
    """
    with lock.hold_lock(settings):
        return Store(settings.home).rollback(release_id)


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


class _Purge:
    """One purge, from the search to the last file removed."""

    def __init__(
        self,
        settings: Settings,
        connection: duckdb.DuckDBPyConnection,
        people: set[str],
        after_step: Progress,
    ) -> None:
        self.home = settings.home
        self.store = Store(settings.home)
        key = self.home / KEY_FILE
        self.codes = Codes(connection, people, key.read_bytes() if key.is_file() else None)
        self.after_step = after_step
        self.report = PurgeReport()

    def run(self, today: date, why: str) -> PurgeReport:
        half_removed = self.store.list_half_removed()
        dropped = [path for folder in half_removed for path in folder.glob(f"{NAMED}/*")]
        leftovers = [path for name in self.store.list_ids() for path in self._list_leftovers(name)]
        found = {path: self._holds(path) for path in (*dropped, *leftovers)}
        holding, others = self._search_home()
        self.report.others = [
            f"{self._strip(path)} was not written by the project: look into it yourself."
            for path in others
        ]
        releases = self._find_releases()
        if not (holding or releases or True in found.values()):
            self._remove_half_removed(half_removed)
            self._refuse([path for path in leftovers if found[path] is None])
        self.after_step("found")
        self.report.people = len(self.codes.codes)
        tombstones.record_destroyed(self.home, self.codes.codes, today, why)
        self.after_step("recorded")
        self._remove_half_removed(half_removed)
        self.store.drop_pictures()
        self.after_step("dropped")
        for release_id in releases:
            self._rewrite_release(release_id)
        for path in holding:
            self.report.lines += home_scrub.remove_codes(self.codes, path)
            self.after_step("elsewhere")
        for release_id in self.store.list_ids():
            self._remove_leftovers(release_id)
        self.after_step("removed")
        # Everywhere once more, into everything that is kept.
        remaining = [*self._find_releases(), *map(self._strip, self._search_home()[0])]
        self.report.remains = [f"{place} still holds a code." for place in remaining]
        return self.report

    def _refuse(self, unread: list[Path]) -> None:
        """Say that nothing holds the code, so far as the project can tell."""
        if not (self.report.others or unread):
            raise UsageError("Nothing that is kept in LONGEVITY_HOME holds this code.")
        raise DataError(
            "Nothing that the project wrote in LONGEVITY_HOME holds this code.",
            " ".join([*self.report.others, *(f"{path} is damaged." for path in unread)]),
        )

    # --- releases ---------------------------------------------------------------------

    def _list_sound(self, release_id: str) -> dict[str, Path]:
        """Return by member where a release's rows with codes are, if they are what was written."""
        content = self.store.read_manifest(release_id) or {"named_sha256": {}}
        folder = self.store.releases / release_id
        paths = {
            member: folder / manifest.find_file(content, member)
            for member in content["named_sha256"]
        }
        return {
            member: path
            for member, path in paths.items()
            if hash_member(path) == content["named_sha256"][member]
        }

    def _list_leftovers(self, release_id: str) -> list[Path]:
        """List a release's files with rows that serve nobody: the manifest does not name them, so a
        killed purge leaves them, or they are damaged. A manifest that is damaged is one of them.
        """
        folder = self.store.releases / release_id
        files = {*(folder / NAMED).glob("*")}.difference(self._list_sound(release_id).values())
        if self.store.read_manifest(release_id) is None:
            files |= {*folder.glob(manifest.NAME)}
        return sorted(files)

    def _remove_leftovers(self, release_id: str) -> None:
        leftovers = self._list_leftovers(release_id)
        for path in leftovers:
            path.unlink()
            sync_folder(path.parent)
        try:
            self.store.open(release_id)
        except DataError:
            if leftovers:
                self.report.remarks.append(
                    f"The release {release_id} is damaged: what of its rows with codes could not "
                    "be vouched for was removed whole."
                )

    def _find_releases(self) -> list[str]:
        """Return the releases that hold a code."""
        found = []
        for release_id in self.store.list_ids():
            content = self.store.read_manifest(release_id)
            if content is not None:
                reasons = [content["accepted"], *(row["reason"] for row in content["withdrawn"])]
                if self.codes.is_in(reasons) or any(
                    self.codes.is_in_extract(path, Path(member).stem)
                    for member, path in self._list_sound(release_id).items()
                ):
                    found.append(release_id)
        return found

    def _holds(self, path: Path) -> bool | None:
        """Return whether the file of an extract holds a code; None where it cannot be read."""
        # `people` of `people.parquet` and of `people.0123456789ab.parquet`.
        extract = path.name.removeprefix(".").partition(".")[0]
        try:
            return self.codes.is_in_extract(path, extract)
        except (duckdb.Error, KeyError):
            return None

    def _rewrite_release(self, release_id: str) -> None:
        """Write the release's named members without the codes, and flip its manifest."""
        folder = self.store.releases / release_id
        content = manifest.read_manifest(folder)
        kept_as = content.setdefault("kept_as", {})
        for member, path in self._list_sound(release_id).items():
            extract = Path(member).stem
            if not self.codes.is_in_extract(path, extract):
                continue
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
        self.after_step("written")
        manifest.write_manifest(folder, content)
        self.report.releases += 1
        self.after_step("flipped")

    def _remove_half_removed(self, folders: list[Path]) -> None:
        for path in folders:
            shutil.rmtree(path)
        if folders:
            sync_folder(self.store.releases)
            self.report.remarks.append(
                "What a prune that was stopped had left half removed "
                f"({count_noun(len(folders), 'folder')}) was removed whole."
            )

    # --- everything else that is kept -------------------------------------------------

    def _search_home(self) -> tuple[list[Path], list[Path]]:
        """List which other files of the project's own hold a code, and which are not its own."""
        known = {self.home / STAGING, *self.store.list_half_removed()}
        for release_id in self.store.list_ids():
            content = self.store.read_manifest(release_id)
            folder = self.store.releases / release_id
            # Of a damaged one nobody knows which files are its own.
            plain = [*content["sha256"], manifest.NAME] if content else [""]
            known.update(folder / name for name in plain)
            known.update(self._list_sound(release_id).values(), self._list_leftovers(release_id))
        return home_scrub.search_home(self.codes, self.home, known)

    def _strip(self, path: Path) -> Path:
        """Return a path in the home to be shown: a name that holds a code without it."""
        inside = path.relative_to(self.home) if path.is_relative_to(self.home) else path
        return self.home.joinpath(*map(self._strip_name, inside.parts))

    def _strip_name(self, name: str) -> str:
        stem, dot, endings = name.partition(".")
        return self.codes.remove_from(self.codes.remove_from(stem) + dot + endings)
