"""Reads the files of a folder of extracts into DuckDB, and finds what is wrong with them as files.

One may be missing, damaged, unknown, or not have the contract's columns. Every value is looked at
before DuckDB reads it: a file that is damaged shows here, and DuckDB never meets it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from longevity.base.errors import is_disk_full, suggest_nearest
from longevity.base.files import describe_other_kind
from longevity.base.labels import make_printable
from longevity.base.scratch import parquet_sql
from longevity.checks.findings import CheckFinding
from longevity.ingest import extracts_file, generator_mark
from longevity.ingest.contract import BY_NAME, EXTRACTS, WORDS, Column, Extract
from longevity.ingest.typed_columns import select_typed

# Written next to extracts by the project's own commands; none is read by publish.
NOT_EXTRACTS = (extracts_file.NAME, generator_mark.NAME)


@dataclass
class ExtractFile:
    """A file that was read into DuckDB, as a view called after its extract.

    The view has the contract's columns, and `at_row`, the row's number from 1. `unread`: columns
    that are missing, or in a type that cannot be read; they are empty in the view.
    """

    extract: Extract
    file: str
    rows: int
    unread: set[str]


def read_folder(
    directory: Path, connection: duckdb.DuckDBPyConnection
) -> tuple[list[ExtractFile], list[CheckFinding]]:
    """Read the extracts of a folder into tables; return them, and what is wrong with its files."""
    files: list[ExtractFile] = []
    findings = list(_find_other_files(directory))
    for extract in EXTRACTS:
        path = directory / f"{extract.name}.parquet"
        if path.exists() or path.is_symlink():
            try:
                file, found = _read_file(extract, path, connection)
                files.append(file)
                findings += found
            except (OSError, ValueError, pa.ArrowException, duckdb.Error) as error:
                if is_disk_full(error):
                    raise
                findings.append(_unreadable_finding(path, error))
        elif extract.required:
            findings.append(_missing_finding(extract))
    return files, findings


def _unreadable_finding(path: Path, error: Exception) -> CheckFinding:
    """Return what is said of a file that could not be read, and why."""
    why = describe_other_kind(path) or "is not a whole parquet file; it may be cut off or damaged"
    if isinstance(error, PermissionError):
        why = "cannot be read: permission denied"
    return CheckFinding(
        path.name,
        "unreadable",
        f"it {why}.",
        "Write it again, and compare its size after copying.",
    )


def _read_file(
    extract: Extract, path: Path, connection: duckdb.DuckDBPyConnection
) -> tuple[ExtractFile, list[CheckFinding]]:
    """Read a file into its table; return it, and what is wrong with its columns."""
    if describe_other_kind(path):
        raise ValueError("no file")  # a pipe may be waited for without end
    with pq.ParquetFile(path) as opened:
        names = opened.schema_arrow.names
        for batch in opened.iter_batches():
            batch.validate(full=True)
    # DuckDB takes names in capitals for the same: here each column has one of its own.
    own = ", ".join(f"k{at}" for at in range(len(names)))
    connection.execute(
        f"CREATE TABLE {extract.name}_file AS "
        f"SELECT row_number() OVER () AS at_row, * FROM {parquet_sql(path)} AS file ({own})"
    )
    described = connection.execute(f"DESCRIBE {extract.name}_file").fetchall()
    kinds = [str(kind) for _, kind, *_ in described[1:]]
    # Of two columns of one name the first is it.
    columns = {name: (f"k{at}", kinds[at]) for at, name in reversed([*enumerate(names)])}
    ((rows,),) = connection.execute(f"SELECT count(*) FROM {extract.name}_file").fetchall()
    select, unread = select_typed(extract, columns, f"{extract.name}_file", ["at_row"])
    file = ExtractFile(extract, path.name, rows, unread)
    connection.execute(f"CREATE VIEW {extract.name} AS {select}")
    contract_names = extract.schema.names
    extra = [name for name in dict.fromkeys(names) if name not in contract_names]
    findings = [*_find_extra_columns(file, extra, [n for n in contract_names if n not in names])]
    for column in extract.columns:
        if column.name in file.unread:
            held = columns[column.name][1] if column.name in columns else ""
            findings.append(_find_unread_column(file, column, held))
    return file, findings


def _find_extra_columns(
    file: ExtractFile, extra: list[str], absent: list[str]
) -> Iterator[CheckFinding]:
    """Find columns that are not the contract's; one may be an `absent` one that is misspelt."""
    for name in extra:
        yield CheckFinding(
            file.file,
            "extra_column",
            f"{file.extract.name} has no such column.",
            suggest_nearest(name, absent or file.extract.schema.names),
            column=name,
        )


def _find_unread_column(file: ExtractFile, column: Column, sql_type: str) -> CheckFinding:
    """Find a column that is missing, or in the SQL type `sql_type`, which cannot be read."""
    if sql_type:
        held = f"values of type {make_printable(sql_type.lower())}"
        return CheckFinding(
            file.file,
            "wrong_type",
            f"the column holds {held}; it must hold {WORDS[column.kind]}.",
            "Convert it before writing the file, or let `import` read it (docs/import.md).",
            column=column.name,
        )
    needed = column.required or column.name in file.extract.key
    return CheckFinding(
        file.file,
        "missing_column",
        "the column is missing" + ("." if needed else "; it is read as empty."),
        f"It holds: {column.describes}",
        severity="error" if needed else "warning",
        column=column.name,
    )


def _missing_finding(extract: Extract) -> CheckFinding:
    """Return the finding on a required extract that is not in the folder."""
    file_name = f"{extract.name}.parquet"
    return CheckFinding(
        file_name,
        "missing_extract",
        "the extract is missing, and nothing can be published without it.",
        f"Put {file_name}, each row {extract.row}, into the folder (docs/data-contract.md); "
        "`import` makes it from a file of your own (docs/import.md).",
    )


def _find_other_files(directory: Path) -> Iterator[CheckFinding]:
    """Find files that are no extracts; one that seems to be meant as one is an error."""
    for path in sorted(directory.iterdir()):
        name = path.name
        if path.is_dir() or name in NOT_EXTRACTS or name.startswith(".") or "quarantine" in name:
            continue
        if path.suffix == ".parquet" and path.stem in BY_NAME:
            continue
        # A misspelt or unconverted extract would be lost without a word.
        is_meant = path.suffix.lower() in (".parquet", ".pq") or path.stem in BY_NAME
        nearest = suggest_nearest(name, [f"{extract}.parquet" for extract in BY_NAME])
        yield CheckFinding(
            name,
            "unknown_file",
            "it is not an extract of the contract, and is not read.",
            nearest if is_meant else "Leave it out, or ignore this.",
            severity="error" if is_meant else "warning",
        )
