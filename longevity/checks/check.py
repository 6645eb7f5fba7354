"""Check a folder of extracts against the contract: every finding, in one pass.

The contract (`ingest/contract.toml`) declares the files and their columns; the rules of rows, keys
and references follow from it. Every other check is a SQL file. DuckDB reads the files once, into
tables that spill to disk.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from longevity.base.errors import (
    ConfigError,
    DataError,
    UsageError,
    describe_error,
    is_disk_full,
    suggest_nearest,
    suggest_remedy,
)
from longevity.base.labels import make_printable
from longevity.base.progress import Progress, ignore_progress
from longevity.base.scratch import open_scratch
from longevity.checks import sql_checks
from longevity.checks.contract_rules import list_row_rules
from longevity.checks.findings import ROWS_NAMED, CheckFinding
from longevity.checks.folder import ExtractFile, read_folder
from longevity.checks.sql_files import SqlFile, bind_sql, find_problem
from longevity.ingest import extracts_file, generator_mark
from longevity.ingest.contract import EXTRACTS
from longevity.ingest.extracts_file import ExtractsFile
from longevity.ingest.importing.parts import is_cut_off, read_parts
from longevity.ingest.origins import describe_origins
from longevity.settings import Settings

LONGEST_SENTENCE = 400
# The extracts and their columns in the order of the contract; None: of no column.
NAMES = [(extract.name, name) for extract in EXTRACTS for name in (None, *extract.schema.names)]
PLACES = {name: place for place, name in enumerate(NAMES)}


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
    return [_add_origin(finding, directory) for finding in sorted(findings, key=_sort_key)]


def _find_all(
    directory: Path,
    settings: Settings,
    today: date,
    progress: Progress,
    connection: duckdb.DuckDBPyConnection,
) -> Iterator[CheckFinding]:
    """Yield everything that is wrong: with `extracts.toml`, the files, their rows, the whole."""
    declared = ExtractsFile()
    try:
        declared = extracts_file.read_extracts_file(directory, settings)
    except ConfigError as error:
        what, do = (make_printable(text, LONGEST_SENTENCE) for text in (error.what, error.do))
        yield CheckFinding(extracts_file.NAME, "extracts_file", what, do)
    if is_cut_off(directory):
        yield CheckFinding(
            extracts_file.NAME,
            "cut_off",
            "an import into this folder was cut off at its end: some files are new, some old",
            "Import that source again.",
        )
    files, of_files = read_folder(directory, connection)
    yield from of_files
    rows = {file.extract.name: file.rows for file in files}
    if declared.kind == "real":
        yield from _list_doubts(directory)
    for file in files:
        progress(f"Checking {file.extract.name}.")
        yield from _check_rows(file, settings, declared, today, connection)
    progress("Checking keys and references.")
    foreign = generator_mark.find_foreign(directory) if declared.kind == "synthetic" else ()
    unread = {file.extract.name: file.unread for file in files}
    checked = sql_checks.CheckedExtracts(
        connection, settings, declared, today, rows, unread, foreign
    )
    checked.prepare_tables()
    yield from checked.find_key_problems()
    yield from checked.find_problems()


def _list_doubts(directory: Path) -> Iterator[CheckFinding]:
    """Yield what `import` doubted in a source, which the extracts it made do not show any more.

    It was recorded next to them (`parts/`): how many rows, in which file.
    """
    for part in read_parts(directory):
        for doubt in part.doubts:
            finding = CheckFinding(
                f"{doubt.extract}.parquet",
                doubt.rule,
                doubt.sentence,
                doubt.do,
                count=doubt.count,
                acceptable=True,
            )
            of_source = make_printable(part.source)
            yield replace(finding, origin=f"{doubt.rows} of {of_source}" if doubt.rows else "")


def _check_rows(
    file: ExtractFile,
    settings: Settings,
    declared: ExtractsFile,
    today: date,
    connection: duckdb.DuckDBPyConnection,
) -> Iterator[CheckFinding]:
    """Yield the rules that rows of one file break by themselves, whatever is in other rows.

    All rules are counted in one pass; only for a broken one the first rows are looked up.
    """
    connection.execute(f"CREATE OR REPLACE VIEW given AS FROM {file.extract.name}")
    rules = list_row_rules(file.extract, settings, declared, today)
    # Nothing can be said of the values of a column that is missing or cannot be read: that it is
    # so is a finding of its own (`folder`).
    asked = [
        (rule, facts, bind_sql(rule, facts))
        for rule, facts in rules
        if facts["field"] not in file.unread
    ]
    asked = _leave_out_unsuspicious(asked, connection)
    broken = _count_rows([condition for *_, condition in asked], connection)
    for (rule, facts, condition), count in zip(asked, broken, strict=True):
        if count:
            ((rows, most),) = connection.execute(
                f"SELECT min(at_row, {ROWS_NAMED}), CAST(mode({facts['value']}) AS VARCHAR) "
                f"FROM given WHERE {condition}"
            ).fetchall()
            # Valid words only are named, never the one that was met.
            nearest = suggest_nearest(most or "", facts["choices"])
            found = {"rows": count, "at_rows": rows, "nearest": nearest}
            yield find_problem(rule, facts | found)


def _leave_out_unsuspicious(
    asked: list[tuple[SqlFile, dict[str, Any], str]], connection: duckdb.DuckDBPyConnection
) -> list[tuple[SqlFile, dict[str, Any], str]]:
    """Leave out the personal-data rules of columns in which nothing looks like personal data.

    A column has many patterns (a birthday, an email, …); joined into one, `suspect`, they take no
    longer than a single one. `asked`: each rule with its facts and its condition in SQL.
    """
    suspects = {
        f"REGEXP_MATCHES({facts['value']}, {facts['suspect']})": facts["field"]
        for _, facts, _ in asked
        if "suspect" in facts
    }
    counts = dict(zip(suspects.values(), _count_rows(suspects, connection), strict=True))
    return [asks for asks in asked if "suspect" not in asks[1] or counts[asks[1]["field"]]]


def _count_rows(
    conditions: Collection[str], connection: duckdb.DuckDBPyConnection
) -> tuple[int, ...]:
    """Count the rows of the view `given` for which each condition (SQL) holds, in one pass."""
    counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in conditions)
    return tuple(connection.execute(f"SELECT {counts} FROM given").fetchall()[0]) if counts else ()


def _add_origin(finding: CheckFinding, directory: Path) -> CheckFinding:
    """Return the finding with where its rows are in the file that was imported, if known."""
    if not finding.rows:
        return finding
    extract = finding.file.removesuffix(".parquet")
    return replace(finding, origin=describe_origins(directory, extract, finding.rows))


def _sort_key(finding: CheckFinding) -> tuple[int, str, str, str]:
    """Return what sorts findings as the contract lists extracts and columns, then by rule."""
    stem = finding.file.removesuffix(".parquet")
    place = PLACES.get((stem, finding.column), PLACES.get((stem, None), -1))
    return place, finding.file, finding.rule, finding.sentence
