"""Publish: check, build a release aside, compare it, put it in place, and flip the pointer.

The release is written to the disk, renamed into place, and served by one atomic change of
`current.json`. Whatever fails on the way leaves the release that was served as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from longevity.base.errors import DataError, UsageError, count_noun, suggest_nearest
from longevity.base.files import sha256, sync_folder, sync_tree
from longevity.base.progress import Progress
from longevity.base.scratch import open_scratch
from longevity.checks.check import check_extracts
from longevity.checks.findings import CheckFinding, select_errors
from longevity.ingest import extracts_file
from longevity.release import certificates, lock, manifest, signing
from longevity.release.build import build_release
from longevity.release.crosscheck import check_synthetic_over_real, find_objections
from longevity.release.revisions import describe_revisions, find_revisions
from longevity.release.store import PUBLIC_TABLES, Release, Store
from longevity.release.table_withdrawals import (
    TableHistory,
    Withdrawals,
    describe_new_rows,
    describe_withdrawals,
    mark_withdrawn,
    plan_withdrawals,
)
from longevity.settings import Settings

AS_BEFORE = "Nothing changed: the release that was served is still served."
# Writes the public tables of a release, given what was frozen before and where they belong.
# Frozen: counted once, shown to the public, and never counted again.
Freeze = Callable[[Release, Settings, TableHistory, Path], None]


class RefusedError(DataError):
    """A publish that errors or a comparison with the release before it refused."""


@dataclass(frozen=True)
class PublishReport:
    """What a publish did. `already` when this content was published before.

    `accepted`: the sentences of the errors that were accepted.
    """

    release_id: str
    already: bool
    findings: list[CheckFinding]
    ledger_sentences: list[str]
    accepted: list[str]


@dataclass
class Publish:
    """One release on its way from the extracts to the pointer.

    `reason`: why errors are accepted (`accept`, their names) and public tables are withdrawn; ""
    for none.
    """

    extracts: Path
    settings: Settings
    today: date
    freeze: Freeze
    reason: str
    accept: Collection[str]
    withdrawals: Withdrawals
    progress: Progress
    findings: list[CheckFinding] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.store = Store(self.settings.home)

    def run(self) -> PublishReport:
        """Publish, and serve it.

        Raises RefusedError with every error, DataError when the disk or another publish stands in
        the way; the release that was served is then still served.
        """
        settings = self.settings
        with lock.hold_lock(settings.home, AS_BEFORE) as self.staging:
            signing.ensure_key(settings.home)
            certificates.ensure_identity(settings, own=True)
            self.findings = check_extracts(self.extracts, settings, self.today, self.progress)
            wrong = select_errors(self.findings)
            if not all(finding.acceptable for finding in wrong):
                _refuse(wrong)
            kind = extracts_file.read_extracts_file(self.extracts, settings).kind
            # A wrong name of a table is said at once, not after everything is built.
            history = plan_withdrawals(
                self.store, kind, self.withdrawals, self.reason, self.today, settings
            )
            self.findings += check_synthetic_over_real(kind, self.store)
            release = self._build(history)
            return self._serve(release)

    def _build(self, history: TableHistory) -> Release:
        """Build the release in the staging folder, with its public tables.

        What is about to be frozen is said: nothing has been served yet.
        """
        settings = self.settings
        with open_scratch(self.staging / "spill") as connection:
            release, found = build_release(
                self.extracts,
                self.staging / "release",
                settings,
                connection,
                self.progress,
            )
        self.findings += found
        self.progress("Cutting what is due for the public.")
        tables, content = release.path / PUBLIC_TABLES, release.manifest
        self.freeze(release, settings, history, tables)
        for sentence in describe_new_rows(history.path, tables, settings):
            self.progress(sentence)
        content["sha256"][PUBLIC_TABLES] = sha256(tables)
        content |= {
            "published_on": self.today.isoformat(),
            "sequence": self.store.find_next_sequence(),
            "checks": [
                {name: getattr(finding, name) for name in ("rule", "severity", "sentence", "count")}
                for finding in self.findings
            ],
            "withdrawn": list(history.entries),
        }
        return release

    def _serve(self, built: Release) -> PublishReport:
        """Put a release in place and let the pointer name it, unless it is what is served."""
        target, new = self._find_place(built.manifest)
        if new is not None and target.name == self.store.read_current_id():
            return self._make_report(new, already=True)
        objections = self._compare(new or built)
        if new is None:
            manifest.write_manifest(built.path, built.manifest | {"release_id": target.name})
            sync_tree(built.path)
            self._move_into_place(built.path, target)
            new = Release(target.name, target, built.manifest)
        mark_withdrawn(self.store, new)
        self.store.point_to(new)
        return self._make_report(new, already=False, accepted=objections)

    def _make_report(
        self, release: Release, already: bool, accepted: Sequence[str] = ()
    ) -> PublishReport:
        """Report on a release; `accepted`: the errors that were."""
        revisions = describe_revisions(release.manifest["ledger"], self.settings, is_public=False)
        sentences = [sentence for _, sentence in revisions if sentence]
        if self.withdrawals:
            sentences += describe_withdrawals(release.manifest["withdrawn"], self.settings)
        return PublishReport(release.id, already, self.findings, sentences, [*accepted])

    def _find_place(self, content: manifest.Manifest) -> tuple[Path, Release | None]:
        """Return the folder this content belongs in, and the good release that is there already.

        The id says nothing of named members, so content that differs only in them
        takes the next free number behind it.
        """
        release_id = manifest.make_release_id(content)
        name, number = release_id, 1
        while (target := self.store.releases / name).exists():
            try:
                existing = self.store.open(name)
            except DataError:
                break
            if existing.manifest["named_sha256"] == content["named_sha256"]:
                return target, existing
            number += 1
            name = f"{release_id}-{number}"
        return target, None

    def _move_into_place(self, folder: Path, target: Path) -> None:
        """Rename a release that is written to the disk, and write its new name there too."""
        self.store.releases.mkdir(exist_ok=True)
        if target.exists():
            # What is there is damaged, and this is the same content, whole.
            target.rename(self.staging / "damaged")
        folder.rename(target)
        sync_folder(self.store.releases)

    def _compare(self, new: Release) -> list[str]:
        """Return the errors that are accepted; RefusedError where one is not.

        What the comparison finds is written into the manifest of a release that is new, and has no
        id yet; one that is kept already got it when it was published first.
        """
        before = self.store.find_baseline(new.kind)
        if before is not None and before.id == new.id:
            before = None
        errors, ledger = select_errors(self.findings), []
        if before is not None:
            self.progress(f"Comparing with the release {before.id}.")
            with open_scratch(self.staging / "spill") as connection:
                errors += find_objections(connection, before, new, self.settings)
                ledger = find_revisions(connection)
        # Together, so that no one accepts one without having seen the others.
        _refuse([error for error in errors if not any(name in self.accept for name in error.names)])
        names = {name for error in errors for name in error.names}
        if unknown := {*self.accept} - names:
            raise UsageError(
                f"--accept {min(unknown)}: no such error was found, and nothing was published.",
                suggest_nearest(min(unknown), names) if names else "Leave it out.",
            )
        if not new.id:
            new.manifest.update(
                previous=before.id if before else None,
                ledger=ledger,
                accepted=self.reason if errors else None,
                # What is said of these days names it.
                accepted_errors=[
                    {
                        "rule": finding.rule,
                        "extract": finding.file.removesuffix(".parquet"),
                        "column": finding.column,
                        "city": finding.city,
                        "days": [[day.isoformat() for day in days] for days in finding.days],
                        "sentence": finding.sentence,
                    }
                    for finding in errors
                ],
            )
        elif errors:
            self.progress(
                f"This content was published before as {new.id}, which never changes: the reason "
                "given now is written down nowhere."
            )
        return [finding.sentence for finding in errors]


def _refuse(errors: Sequence[CheckFinding]) -> None:
    """Refuse errors, each with what to do about it; nothing where there is none."""
    if errors:
        raise RefusedError(
            "\n".join(f"{error.sentence} {error.do}".rstrip() for error in errors),
            f"Nothing was published: {count_noun(len(errors), 'error')}.",
        )
