"""The second half of a publish: compare what was built, put it in place, and flip the pointer.

The release is written to the disk, renamed into place, and served by one atomic change of
`current.json`. Whatever fails on the way leaves the release that was served as it was.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from longevity.checks.findings import Finding, select_errors
from longevity.errors import DataError
from longevity.files import sha256, sync_folder, sync_tree
from longevity.release import manifest as manifests
from longevity.release import table_withdrawals
from longevity.release.crosscheck import find_objections, read_supply
from longevity.release.manifest import Manifest
from longevity.release.revisions import describe_revisions, find_revisions, make_note
from longevity.release.stage import STAGING, RefusedError, StagedRelease
from longevity.release.store import PUBLIC_TABLES, Release, Store
from longevity.scratch import open_scratch


@dataclass(frozen=True)
class PublishReport:
    """What a publish did. `already` when this content was published before.

    `accepted`: what there was to object to, and the reason given passed. `frozen` says which
    public tables were frozen, which nothing changes but a withdrawal.
    """

    release_id: str
    already: bool
    findings: list[Finding] = field(default_factory=list)
    ledger_sentences: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    frozen: list[str] = field(default_factory=list)


def complete_release(staged: StagedRelease) -> PublishReport:
    """Serve a staged release with its public tables.

    Raises RefusedError where a comparison with the release before it refuses it; the one that
    was served is then still served.
    """
    return _Completion(staged).run()


class _Completion:
    """One release on its way from the staging folder to the pointer."""

    def __init__(self, staged: StagedRelease) -> None:
        self.request = staged.request
        self.settings = staged.request.settings
        self.progress = staged.request.progress
        self.after_step = staged.request.after_step
        self.history = staged.history
        self.manifest: Manifest = staged.release.manifest
        self.findings = staged.findings
        self.folder = staged.release.path
        self.public_tables = staged.public_tables
        self.store = Store(self.settings.home)
        self.frozen: list[str] = []

    def run(self) -> PublishReport:
        self._take_in_public_tables()
        self.after_step("built")
        with open_scratch(self.settings.home / STAGING / "spill") as connection:
            return self._serve_release(connection)

    def _take_in_public_tables(self) -> None:
        """Make the public tables a member.

        What is about to be frozen is said: nothing has been served yet.
        """
        path, manifest = self.public_tables, self.manifest
        if not path.exists():
            return
        manifest["sha256"][PUBLIC_TABLES] = sha256(path)
        through = manifest["data_through"]["incidents"].values()
        day = min(date.fromisoformat(entry["day"]) for entry in through)
        manifest["release_id"] = manifests.make_release_id(
            day, manifest["kind"], manifest["sha256"]
        )
        self.frozen = table_withdrawals.describe_new_rows(
            table_withdrawals.find_new_rows(self.history.path, path), self.settings
        )
        for sentence in self.frozen:
            self.progress(sentence)
        manifest["withdrawn"] = list(self.history.entries)

    def _serve_release(self, connection: duckdb.DuckDBPyConnection) -> PublishReport:
        manifest = self.manifest
        target, existing = self._find_place()
        if existing is not None and target.name == self.store.read_current_id():
            self.progress("This content is served already.")
            return self._make_report(existing, already=True)
        manifest["release_id"] = target.name
        new = existing or Release(target.name, self.folder, manifest)
        self._compare_with_baseline(connection, new)
        self.after_step("compared")
        if existing is None:
            manifests.write_manifest(self.folder, manifest)
            self.after_step("manifest")
            sync_tree(self.folder)
            self.after_step("synced")
            self._move_into_place(target)
            self.after_step("renamed")
        new = Release(target.name, target, new.manifest)
        table_withdrawals.mark_withdrawn(self.store, new)
        self.after_step("withdrawn")
        accept = self.request.accept
        self.store.point_to(new, f"published, accepted: {accept}" if accept else "published")
        self.after_step("flipped")
        return self._make_report(new, already=False)

    def _make_report(self, release: Release, already: bool) -> PublishReport:
        sentences = describe_revisions(release.manifest["ledger"])
        accepted = [] if already else release.manifest["objections"]
        return PublishReport(release.id, already, self.findings, sentences, accepted, self.frozen)

    def _find_place(self) -> tuple[Path, Release | None]:
        """Return the folder this content belongs in, and the good release that is there already.

        The id says nothing of named members, so content that differs only in them
        takes the next free number behind it.
        """
        for number in itertools.count(1):
            release_id = self.manifest["release_id"] + (f"-{number}" if number > 1 else "")
            target = self.store.releases / release_id
            if not target.exists():
                return target, None
            try:
                existing = self.store.open(release_id)
            except DataError:
                return target, None
            if existing.manifest["named_sha256"] == self.manifest["named_sha256"]:
                return target, existing
        raise AssertionError("unreachable")

    def _move_into_place(self, target: Path) -> None:
        self.store.releases.mkdir(exist_ok=True)
        if target.exists():
            # What is there is damaged, and this is the same content, whole.
            target.rename(self.settings.home / STAGING / "damaged")
        self.folder.rename(target)
        sync_folder(self.store.releases)

    def _compare_with_baseline(self, connection: duckdb.DuckDBPyConnection, new: Release) -> None:
        """Weigh what there is to object to, and write down what a comparison finds."""
        before = self.store.find_baseline(new.kind)
        is_same = before is not None and before.id == new.id
        against = []
        if before is not None and not is_same:
            self.progress(f"Comparing with the release {before.id}.")
            supplies = read_supply(before), read_supply(new)
            against = find_objections(connection, *supplies, self.settings)
        # Together, so that one reason never passes what nobody has seen.
        sentences = [finding.sentence for finding in select_errors(self.findings)]
        sentences += [finding.sentence for finding in against]
        reason = (self.request.accept or "").strip()
        if sentences and not reason:
            compared = f" It was compared with {before.id}." if before is not None else ""
            raise RefusedError(
                "\n".join(sentences),
                "Nothing was published. If this is right, publish with --accept and the reason."
                f"{compared}",
                self.findings,
            )
        if is_same:
            return  # what its manifest says was written when it was published first
        new.manifest["objections"] = sentences
        new.manifest["accepted"] = reason if sentences else None
        # What is said of these days names it.
        new.manifest["accepted_errors"] = [
            {
                "extract": finding.file.removesuffix(".parquet"),
                "city": finding.city,
                "days": [[day.isoformat() for day in days] for days in finding.days],
                "sentence": finding.sentence,
            }
            for finding in select_errors(self.findings)
        ] + [
            {"extract": each.extract, "city": "", "days": [], "sentence": each.sentence}
            for each in against
        ]
        if before is None:
            return
        new.manifest["previous"] = before.id
        new.manifest["ledger_against"] = before.id
        ledger = find_revisions(connection, before, new, self.settings)
        new.manifest["ledger"] = self._describe_withdrawals(before, new) + ledger

    def _describe_withdrawals(self, before: Release, new: Release) -> list[dict[str, Any]]:
        """Say for the ledger which public tables were withdrawn since `before`."""
        had = table_withdrawals.list_withdrawn(before.manifest)
        since = [
            entry for entry in table_withdrawals.list_withdrawn(new.manifest) if entry not in had
        ]
        return [
            make_note(sentence)
            for sentence in table_withdrawals.describe_withdrawals(
                since, self.settings, with_reason=False
            )
        ]
