"""Check a folder of extracts against the contract: every finding, in one pass.

DuckDB reads the files once, into tables that spill to disk. The rules of rows, keys and references
follow from the contract; every other check is a SQL file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from longevity.checks import personal_data, sql_checks
from longevity.checks.contract_rules import list_row_rules
from longevity.checks.findings import ROWS_NAMED, CheckFinding, make_finding
from longevity.checks.folder import ExtractFile, read_folder
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
from longevity.scratch import open_scratch
from longevity.settings import Settings

LONGEST_SENTENCE, LONGEST_DOUBT = 400, 600


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
    try:
        with (
            tempfile.TemporaryDirectory(prefix="longevity-") as spill,
            open_scratch(Path(spill) / "spill") as connection,
        ):
            findings = [*_find_all(directory, settings, today, progress, connection)]
    except (OSError, duckdb.Error) as error:
        if not is_disk_full(error):
            raise
        raise DataError(
            f"The check stopped: {describe_error(error)} in {tempfile.gettempdir()}.",
            suggest_remedy(error),
        ) from error
    origins = Origins(directory)
    return [_add_origin(finding, origins) for finding in sorted(findings, key=_sort_key)]


def _find_all(
    directory: Path,
    settings: Settings,
    today: date,
    progress: Progress,
    connection: duckdb.DuckDBPyConnection,
) -> Iterator[CheckFinding]:
    declared = ExtractsFile()
    try:
        declared = extracts_file.read_extracts_file(directory, settings)
    except ConfigError as error:
        said = [make_printable(text, LONGEST_SENTENCE) for text in (error.what, error.do)]
        yield make_finding(extracts_file.NAME, "extracts_file", *said)
    files, of_files = read_folder(directory, connection)
    yield from of_files
    rows = {file.extract.name: file.rows for file in files}
    yield from _list_doubts(declared, [*rows])
    for file in files:
        progress(f"Checking {file.extract.name}.")
        yield from _check_rows(file, settings, declared, today, connection)
    progress("Checking keys and references.")
    foreign = generator_mark.find_foreign(directory) if declared.kind == "synthetic" else ()
    unread = {file.extract.name: file.unread for file in files}
    folder = sql_checks.Folder(connection, settings, declared, today, rows, unread, foreign)
    folder.prepare_tables()
    yield from folder.find_key_problems()
    yield from folder.find_problems()


def _list_doubts(declared: ExtractsFile, extracts: list[str]) -> Iterator[CheckFinding]:
    """List what the import saw in a source that cannot be seen in the extracts."""
    for doubt in declared.doubts if declared.kind == "real" else ():
        if doubt.extract in extracts:
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
            yield replace(finding, origin=describe_rows(doubt.rows, make_printable(doubt.source)))


def _check_rows(
    file: ExtractFile,
    settings: Settings,
    declared: ExtractsFile,
    today: date,
    connection: duckdb.DuckDBPyConnection,
) -> Iterator[CheckFinding]:
    """Find what the rows of one file break on their own, by the contract."""
    connection.execute(f"CREATE OR REPLACE VIEW given AS {file.given}")
    rules = list_row_rules(file.extract, file.lossy, settings, declared, today)
    # Nothing can be said of the values of a column that is not there or cannot be read;
    # that it is not has been said.
    asked = [rule for rule in rules if rule.facts["field"] not in file.unread]
    counts = ", ".join(f"count(*) FILTER (WHERE {rule.condition})" for rule in asked)
    broken = connection.execute(f"SELECT {counts or 'NULL'} FROM given").fetchall()[0]
    for rule, count in zip(asked, broken, strict=False):
        if count:
            ((rows, worst),) = connection.execute(
                f"SELECT min(at_row, {ROWS_NAMED}), CAST(mode({rule.facts['value']}) AS VARCHAR) "
                f"FROM given WHERE {rule.condition}"
            ).fetchall()
            yield rule.find(count, rows, worst or "")
    yield from personal_data.find_values(connection, file)


def _add_origin(finding: CheckFinding, origins: Origins) -> CheckFinding:
    if not finding.rows:
        return finding
    extract = finding.file.removesuffix(".parquet")
    return replace(finding, origin=origins.in_words(extract, finding.rows))


def _sort_key(finding: CheckFinding) -> tuple[int, str, int, str, str]:
    """Return what sorts a finding as the contract does: extracts, their columns, rules."""
    stem = finding.file.removesuffix(".parquet")
    order = [extract.name for extract in EXTRACTS]
    at = order.index(stem) if stem in order else -1
    names = [column.name for column in BY_NAME[stem].columns] if at >= 0 else []
    column = names.index(finding.column) if finding.column in names else -1
    return at, finding.file, column, finding.rule, finding.sentence
