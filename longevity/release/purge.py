"""Purge: a person's rows are destroyed in every kept release, and may not come back.

Immutability yields to the duty to destroy (28 CFR 23, an erased record). The rows are
written anew without the person beside the old ones, and one change of the manifest
takes the release from the one to the other; only then are the old files removed. A
kill at any moment leaves each release as it was or purged, and running again ends it.
Aggregates, which hold no code, are not touched, nor is the release's id.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from longevity.errors import DataError, LongevityError, UsageError, describe_error
from longevity.files import sha256, sync_folder, sync_tree
from longevity.ingest.contract import BY_NAME
from longevity.ingest.importing.one_file import KEY_FILE
from longevity.progress import Progress, ignore_progress
from longevity.release import home_scrub, lock, manifest, tombstones
from longevity.release.manifest import NAMED, Manifest
from longevity.release.person_references import Codes
from longevity.release.stage import STAGING
from longevity.release.store import RELEASES, Release, Store
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
    if not (settings.home / RELEASES).is_dir():
        raise DataError(f"{settings.home} holds no release.", "Set LONGEVITY_HOME.")
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
    settings: Settings,
    person: str,
    today: date,
    progress: Progress = ignore_progress,
    after_step: Progress = ignore_progress,
) -> PurgeReport:
    """Destroy one person's rows. UsageError when nothing kept holds the code."""
    with _hold_home(settings, after_step) as connection:
        return _Purge(settings, today, progress, after_step, connection).run([person])


def destroy_due(
    settings: Settings, today: date, progress: Progress = ignore_progress
) -> PurgeReport:
    """Destroy the rows of everybody whose listing was to be reviewed before `today` and was not.

    What counts is the newest kept release that lists the person: a listing that was
    renewed says a later day there. One without a day is never destroyed by itself; it
    is counted. DataError while a damaged release leaves open what was renewed.
    """
    with _hold_home(settings) as connection:
        return _Purge(settings, today, progress, ignore_progress, connection).run(None)


def count_due(settings: Settings, today: date) -> int:
    """Return how many people `destroy_due` would destroy; nothing is. DataError as there."""
    with _hold_home(settings) as connection:
        purge = _Purge(settings, today, ignore_progress, ignore_progress, connection)
        return len(purge.find_due())


def describe_purge(report: PurgeReport) -> list[str]:
    """Return what a purge did, for whoever asked for it; never a code."""
    sentences = [
        f"{_count_noun(report.people, 'person', 'people')} destroyed in "
        f"{_count_noun(report.releases, 'release')}: {_count_noun(report.rows, 'row')} of theirs, "
        f"and {_count_noun(report.lines, 'line or row', 'lines or rows')} in other files of "
        "LONGEVITY_HOME."
        if report.people
        else "Nobody's day of review has passed: nothing was destroyed."
    ]
    if report.without_day:
        sentences.append(
            f"{_count_noun(report.without_day, 'listing has', 'listings have')} no day of review, "
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


def _count_noun(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def prune(settings: Settings, keep: int) -> list[str]:
    """Drop all but the newest `keep` releases, one publish, purge or prune at a time.

    Never the one that is served, the one before it of its kind, nor the newest good real
    one. The ids that were dropped.
    """
    if not settings.home.is_dir():
        return []
    with lock.hold_lock(settings):
        return Store(settings.home).prune(keep)


def rollback(settings: Settings, release_id: str) -> Release:
    """Serve an older release again, never while another publish, purge or prune runs.

    UsageError for an id that is not kept.
    """
    store = Store(settings.home)
    if not settings.home.is_dir():
        return store.rollback(release_id)  # says that there is none
    with lock.hold_lock(settings):
        return store.rollback(release_id)


class _Purge:
    """One purge, from the search to the last file removed."""

    def __init__(
        self,
        settings: Settings,
        today: date,
        progress: Progress,
        after_step: Progress,
        connection: duckdb.DuckDBPyConnection,
    ) -> None:
        self.home = settings.home
        self.store = Store(settings.home)
        self.today = today
        self.progress = progress
        self.after_step = after_step
        self.connection = connection
        self.report = PurgeReport()

    def run(self, people: Collection[str] | None) -> PurgeReport:
        codes = Codes(self.find_due() if people is None else people, self._read_import_key())
        codes.create_table(self.connection)
        folders = [self.home / RELEASES / name for name in self.store.list_ids()]
        # What a killed purge left behind: no manifest names it, so it serves nobody.
        behind = self._remove_unnamed(codes, folders)
        dropped = self.store.list_half_removed()
        was_dropped = any(
            self._is_in_file(codes, path)
            for folder in dropped
            for path in folder.rglob("*.parquet")
        )
        in_release = {folder: self._is_in_release(codes, folder) for folder in folders}
        written, others = home_scrub.list_files(self.home)
        holding, no_extracts = self._find_holding(codes, written)
        self.report.others = [
            f"{_strip_path(codes, path, self.home)} was not written by the project: look into it "
            "yourself."
            for path in (*others, *no_extracts, *self._list_strays(folders))
        ]
        if not (behind or holding or was_dropped or True in in_release.values()):
            self._remove_dropped(dropped)
            if people is None:
                return self.report
            damaged = [folder for folder, answer in in_release.items() if answer is None]
            raise _explain_nothing_found(
                [*self.report.others, *(f"{folder} is damaged." for folder in damaged)]
            )
        self.after_step("found")
        self.report.people = len(codes.codes)
        tombstones.record_destroyed(
            self.home, codes.codes, self.today, DUE if people is None else REQUEST
        )
        self.after_step("recorded")
        self._remove_dropped(dropped)
        self.after_step("dropped")
        for folder in folders:
            if in_release[folder] is not False:
                self._rewrite_release(codes, folder)
        for path in holding:
            self.report.lines += home_scrub.remove_codes(self.connection, codes, path)
            self.after_step("elsewhere")
        self._remove_unnamed(codes, folders)
        self.after_step("removed")
        self._prove_gone(codes, folders)
        return self.report

    def _read_import_key(self) -> bytes | None:
        path = self.home / KEY_FILE
        return path.read_bytes() if path.is_file() else None

    # --- whom ---------------------------------------------------------------------

    def find_due(self) -> frozenset[str]:
        """Return whose review day has passed, in the newest release of its kind that lists it."""
        newest: dict[str, dict[str, date | None]] = {}
        for release_id in self.store.list_newest_first():
            try:
                release = self.store.open(release_id)
            except DataError as error:
                raise DataError(
                    f"{error.what} Whose listing it renewed is not known.",
                    "Publish that content again, or drop it with `releases prune`.",
                ) from error
            if not release.has(f"{NAMED}/people.parquet"):
                continue
            day_of_code = newest.setdefault(release.kind, {})
            rows = self.connection.execute(
                "SELECT person_id, review_by FROM "
                f"{parquet_sql(release.member(f'{NAMED}/people.parquet'))}"
            ).fetchall()
            for code, day in rows:
                day_of_code.setdefault(code, day)
        due: set[str] = set()
        spared: set[str] = set()
        for day_of_code in newest.values():
            for code, day in day_of_code.items():
                (due if day is not None and day < self.today else spared).add(code)
                self.report.without_day += day is None
        return frozenset(due - spared)

    # --- one release ----------------------------------------------------------------

    def _is_in_release(self, codes: Codes, folder: Path) -> bool | None:
        """Return whether a release holds a code; None when a file of it cannot be read."""
        content = _read_manifest(folder)
        if content is None:
            unknown = any((folder / NAMED).glob("*")) or (folder / manifest.NAME).exists()
            return None if unknown else False
        reasons = [
            content.get("accepted"),
            *(row["reason"] for row in content.get("withdrawn", [])),
        ]
        if any(codes.find_in_text(str(reason or "")) for reason in reasons):
            return True
        answers = [
            self._is_in_file(codes, folder / manifest.find_file(content, member))
            for member in content["named_sha256"]
        ]
        return True if True in answers else None if None in answers else False

    def _is_in_file(self, codes: Codes, path: Path) -> bool | None:
        try:
            return bool(codes.find_in_parquet(self.connection, path, _find_extract(path)))
        except (duckdb.Error, KeyError):
            return None if path.exists() else False

    def _rewrite_release(self, codes: Codes, folder: Path) -> None:
        """Write the release's named members without the codes, and flip its manifest."""
        before = _read_manifest(folder)
        if before is None:
            damaged = [*sorted((folder / NAMED).glob("*")), folder / manifest.NAME]
            self._give_up(folder, damaged)
            return
        new: Manifest = dict(before)
        for part in ("named_sha256", "kept_as", "destroyed"):
            new[part] = dict(before.get(part, {}))
        unreadable: list[Path] = []
        for member in before["named_sha256"]:
            self._rewrite_member(codes, folder, member, new, unreadable)
        if before.get("accepted"):
            new["accepted"] = codes.remove_from(before["accepted"])
        new["withdrawn"] = [
            row | {"reason": codes.remove_from(row["reason"])}
            for row in before.get("withdrawn", [])
        ]
        if unreadable:
            self._give_up(folder, unreadable)
        if any(new[part] != before.get(part) for part in ("named_sha256", "accepted")) or (
            new["withdrawn"] != before.get("withdrawn", [])
        ):
            sync_tree(folder / NAMED)
            self.after_step("written")
            manifest.write_manifest(folder, new)
            self.report.releases += 1
            self.after_step("flipped")

    def _rewrite_member(
        self, codes: Codes, folder: Path, member: str, new: Manifest, unreadable: list[Path]
    ) -> None:
        path = folder / manifest.find_file(new, member)
        extract = Path(member).stem
        holds = self._is_in_file(codes, path)
        if holds is False:
            return
        if holds is None or sha256(path) != new["named_sha256"][member]:
            # A damaged file cannot be vouched for once it is written anew.
            unreadable.append(path)
            return
        draft = folder / NAMED / f"{extract}.part"
        rows = tombstones.rewrite_without_codes(self.connection, codes, path, extract, draft)
        digest = sha256(draft)
        name = f"{extract}.{digest[:12]}.parquet"
        draft.replace(folder / NAMED / name)
        new["named_sha256"][member] = digest
        new["kept_as"][member] = f"{NAMED}/{name}"
        new["destroyed"][extract] = new["destroyed"].get(extract, 0) + rows
        self.report.rows += rows

    def _give_up(self, folder: Path, paths: Collection[Path]) -> None:
        """Remove files that cannot be read or vouched for: a damaged release serves nobody."""
        for path in paths:
            path.unlink(missing_ok=True)
        self.report.remarks.append(
            f"The release {folder.name} is damaged: what of it could not be written anew was "
            "removed whole."
        )

    # --- the end --------------------------------------------------------------------

    def _remove_unnamed(self, codes: Codes, folders: Collection[Path]) -> bool:
        """Remove the files that no manifest names; whether one held a code."""
        found_any = False
        for folder in folders:
            content = _read_manifest(folder)
            if content is None:
                continue
            members = {
                folder / manifest.find_file(content, member) for member in content["named_sha256"]
            }
            for path in sorted(set((folder / NAMED).glob("*")) - members):
                found_any = found_any or self._is_in_file(codes, path) is True
                path.unlink()
                sync_folder(folder / NAMED)
        return found_any

    def _prove_gone(self, codes: Codes, folders: Collection[Path]) -> None:
        """Look everywhere once more, into everything that is kept."""
        for folder in folders:
            if self._is_in_release(codes, folder) is not False:
                self.report.remains.append(f"{folder} still holds a code or is damaged.")
        written, _ = home_scrub.list_files(self.home)
        for path in self._find_holding(codes, written)[0]:
            self.report.remains.append(f"{_strip_path(codes, path, self.home)} still holds a code.")

    # --- everything else that is kept -------------------------------------------------

    def _find_holding(
        self, codes: Codes, written: Collection[Path]
    ) -> tuple[list[Path], list[Path]]:
        """Return which files of the project's own hold a code, and which are not its own.

        Those are not what their names say, and so cannot be read.
        """
        holding, unreadable = [], []
        for path in written:
            try:
                if home_scrub.has_code(self.connection, codes, path):
                    holding.append(path)
            except (OSError, ValueError, duckdb.Error):
                unreadable.append(path)
        return holding, unreadable

    def _list_strays(self, folders: Collection[Path]) -> list[Path]:
        """List the files in releases that their manifests do not name."""
        strays: list[Path] = []
        for folder in folders:
            content = _read_manifest(folder)
            if content is not None:
                named = {manifest.find_file(content, member) for member in content["named_sha256"]}
                members = {manifest.NAME, *content["sha256"], *named}
                strays += [
                    path
                    for path in sorted(folder.rglob("*"))
                    if path.is_file() and str(path.relative_to(folder)) not in members
                ]
        return strays

    def _remove_dropped(self, folders: Collection[Path]) -> None:
        for path in folders:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)  # answers went before, all of them
        if folders:
            sync_folder(self.home / RELEASES)
            self.report.remarks.append(
                "What a prune that was stopped had left half removed "
                f"({_count_noun(len(folders), 'folder')}) was removed whole."
            )


def _explain_nothing_found(others: list[str]) -> LongevityError:
    """Return what is said where nothing holds the code, so far as the project can tell."""
    if not others:
        return UsageError("Nothing that is kept in LONGEVITY_HOME holds this code.")
    return DataError(
        "Nothing that the project wrote in LONGEVITY_HOME holds this code.", " ".join(others)
    )


def _strip_path(codes: Codes, path: Path, home: Path) -> Path:
    """Return a path in the home to be shown: a name that holds a code without it."""
    inside = path.relative_to(home) if path.is_relative_to(home) else path
    return home.joinpath(*(_strip_name(codes, part) for part in inside.parts))


def _strip_name(codes: Codes, name: str) -> str:
    stem, dot, endings = name.partition(".")
    return codes.remove_from(codes.remove_from(stem) + dot + endings)


def _read_manifest(folder: Path) -> Manifest | None:
    try:
        return manifest.read_manifest(folder)
    except DataError:
        return None


def _find_extract(path: Path) -> str:
    """Return `people` of `people.parquet` and of `people.0123456789ab.parquet`."""
    name = path.name.removeprefix(".").partition(".")[0]
    if name not in BY_NAME:
        raise KeyError(name)
    return name
