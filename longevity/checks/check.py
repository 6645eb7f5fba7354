"""Check a folder of extracts against the contract: every finding, in one pass.

DuckDB asks every rule of the parquet files, so that ten million rows are checked without
holding them. The rules of rows, keys and references follow from the contract; every other check
is a SQL file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import duckdb

from longevity.checks import personal_data, sql_checks
from longevity.checks.contract_rules import RowRule, list_row_rules
from longevity.checks.findings import ROWS_NAMED, CheckFinding, make_finding
from longevity.checks.folder import Databases, ExtractFile, read_folder, unreadable_finding
from longevity.errors import (
    ConfigError,
    DataError,
    UsageError,
    describe_error,
    is_disk_full,
    suggest_remedy,
)
from longevity.ingest import extracts_file, generator_mark
from longevity.ingest.contract import BY_NAME, EXTRACTS
from longevity.ingest.extracts_file import ExtractsFile
from longevity.ingest.origins import Origins, describe_rows
from longevity.labels import make_printable
from longevity.progress import Progress, ignore_progress
from longevity.scratch import quote_identifier
from longevity.settings import Settings

LONGEST_SENTENCE, LONGEST_DOUBT = 400, 600
OWN_FAULTS = (duckdb.BinderException, duckdb.ParserException)  # in our own SQL, not in a file


def check_extracts(
    directory: Path, settings: Settings, today: date, progress: Progress = ignore_progress
) -> list[CheckFinding]:
    """Return everything that is wrong with a folder of extracts, in the order of the contract.

    Errors stop a publish, warnings do not. No finding holds a value of the data; those
    about rows that were imported name the source's own.
    UsageError when `directory` is not a folder.
    """
    if not directory.is_dir():
        raise UsageError(f"{directory} is not a folder.", "Give the folder of the extracts.")
    with (
        tempfile.TemporaryDirectory(prefix="longevity-") as spill,
        Databases(Path(spill) / "spill") as databases,
    ):
        findings = [*_Check(directory, settings, today, progress, databases).run()]
    origins = Origins(directory)
    return [_add_origin(finding, origins) for finding in sorted(findings, key=_sort_key)]


@dataclass
class _Check:
    """One folder on its way through all checks."""

    directory: Path
    settings: Settings
    today: date
    progress: Progress
    databases: Databases
    declared: ExtractsFile = field(default_factory=ExtractsFile)
    files: dict[str, ExtractFile] = field(default_factory=dict)
    rows: dict[str, int | None] = field(default_factory=dict)

    def run(self) -> Iterator[CheckFinding]:
        try:
            self.declared = extracts_file.read_extracts_file(self.directory, self.settings)
        except ConfigError as error:
            said = [make_printable(text, LONGEST_SENTENCE) for text in (error.what, error.do)]
            yield make_finding(extracts_file.NAME, "extracts_file", *said)
        files, of_files = read_folder(self.directory, self.databases)
        self.files = {file.extract.name: file for file in files}
        yield from of_files
        yield from self._list_doubts()
        for name, file in self.files.items():
            self.progress(f"Checking {name}.")
            yield from self._check_rows(file)
        self.progress("Checking keys and references.")
        yield from self._check_together()

    def _list_doubts(self) -> Iterator[CheckFinding]:
        """List what the import saw in a source that cannot be seen in the extracts."""
        for doubt in self.declared.doubts if self.declared.kind == "real" else ():
            if doubt.extract in self.files:
                finding = make_finding(
                    f"{doubt.extract}.parquet",
                    doubt.rule,
                    make_printable(doubt.sentence, LONGEST_DOUBT),
                    make_printable(doubt.do, LONGEST_DOUBT),
                    column=doubt.column or None,
                    kind_of_value="a row",
                    count=doubt.count,
                    acceptable=True,
                )
                source = make_printable(doubt.source)
                yield replace(finding, origin=describe_rows(doubt.rows, source))

    def _check_rows(self, file: ExtractFile) -> list[CheckFinding]:
        """Return what the rows of one file break on their own, by the contract."""
        connection, name = self.databases.connection, file.extract.name
        self.rows[name] = None
        try:
            connection.execute(f"CREATE OR REPLACE VIEW given AS {file.searched}")
            rules = list_row_rules(
                file.extract, file.lossy, self.settings, self.declared, self.today
            )
            # Nothing can be said of the values of a column that is not there or cannot be read;
            # that it is not has been said.
            asked = [rule for rule in rules if rule.facts["field"] not in file.unread]
            counts = [f"count(*) FILTER (WHERE {rule.condition})" for rule in asked]
            values = ", ".join(quote_identifier(column.name) for column in file.extract.columns)
            # A damaged page shows when it is read: every value is.
            rows, _, *broken = connection.execute(
                f"SELECT {', '.join(['count(*)', f'max(hash({values}))', *counts])} FROM given"
            ).fetchall()[0]
            findings = [
                self._find_broken(rule, count)
                for rule, count in zip(asked, broken, strict=True)
                if count
            ]
            findings += personal_data.find_values(connection, file)
        except OWN_FAULTS:
            raise
        except duckdb.Error as error:
            _raise_if_disk_full(error)
            self.databases.renew()
            return [unreadable_finding(file.file)]
        self.rows[name] = rows
        return findings

    def _find_broken(self, rule: RowRule, count: int) -> CheckFinding:
        value, where = rule.facts["value"], f"FROM given WHERE {rule.condition}"
        connection = self.databases.connection
        ((rows, worst),) = connection.execute(
            f"SELECT min(at_row, {ROWS_NAMED}), CAST(mode({value}) AS VARCHAR) {where}"
        ).fetchall()
        return rule.find(count, rows, worst or "")

    def _check_together(self) -> Iterator[CheckFinding]:
        """Yield what rows break together; a file that proves damaged only now is left out."""
        while True:
            try:
                yield from list(self._ask_of(self.rows))
                return
            except OWN_FAULTS:
                raise
            except duckdb.Error as error:
                _raise_if_disk_full(error)
                whole = [name for name, rows in self.rows.items() if rows is not None]
                damaged = [name for name in whole if not self._can_be_asked(name)]
                self.databases.renew()
                # When each does alone it is not known which is at fault: none is trusted.
                for name in damaged or whole:
                    self.rows[name] = None
                    yield unreadable_finding(self.files[name].file)

    def _can_be_asked(self, name: str) -> bool:
        """Return whether a file can be asked everything on its own, by a new database."""
        self.databases.renew()
        try:
            list(self._ask_of({name: self.rows[name]}))
            return True
        except duckdb.Error as error:
            _raise_if_disk_full(error)
            return False

    def _ask_of(self, rows: Mapping[str, int | None]) -> Iterator[CheckFinding]:
        connection = self.databases.connection
        whole = [name for name in rows if rows[name] is not None]
        for name in whole:
            connection.execute(f"CREATE OR REPLACE VIEW {name} AS {self.files[name].given}")
        folder = sql_checks.Folder(
            connection,
            self.settings,
            self.declared,
            self.today,
            rows,
            {(name, column) for name in whole for column in self.files[name].unread},
            generator_mark.find_foreign(self.directory)
            if self.declared.kind == "synthetic"
            else (),
        )
        folder.prepare_tables()
        yield from folder.find_key_problems()
        yield from folder.find_problems()


def _add_origin(finding: CheckFinding, origins: Origins) -> CheckFinding:
    if not finding.rows:
        return finding
    extract = finding.file.removesuffix(".parquet")
    return replace(finding, origin=origins.in_words(extract, finding.rows))


def _raise_if_disk_full(error: duckdb.Error) -> None:
    """Raise DataError where there was no room to work in: no file is at fault then."""
    if is_disk_full(error):
        raise DataError(
            f"The check stopped: {describe_error(error)} in {tempfile.gettempdir()}.",
            suggest_remedy(error),
        ) from error


def _sort_key(finding: CheckFinding) -> tuple[int, str, int, str, str]:
    """Return what sorts a finding as the contract does: extracts, their columns, rules."""
    stem = finding.file.removesuffix(".parquet")
    order = [extract.name for extract in EXTRACTS]
    at = order.index(stem) if stem in order else -1
    names = [column.name for column in BY_NAME[stem].columns] if at >= 0 else []
    column = names.index(finding.column) if finding.column in names else -1
    return at, finding.file, column, finding.rule, finding.sentence
