"""The files of a folder of extracts: which are there, whole, and in the contract's columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from longevity.checks import personal_data
from longevity.checks.findings import CheckFinding, make_finding
from longevity.errors import suggest_nearest
from longevity.files import describe_other_kind
from longevity.ingest import extracts_file, generator_mark
from longevity.ingest.contract import BY_NAME, EXTRACTS, Extract
from longevity.ingest.typed_columns import SQL_TYPES, WORDS, ColumnReading, find_reading
from longevity.labels import make_printable
from longevity.scratch import open_scratch, parquet_sql, quote_identifier

# Written beside extracts by the project's own commands; none is read by publish.
BESIDE = (extracts_file.NAME, generator_mark.NAME)
LONGEST_PATH = 200
# DuckDB's own name for the number of a row: a file with such a column cannot have it.
ROW_NUMBER = "file_row_number"
UNREADABLE = (OSError, ValueError, pa.ArrowException, duckdb.Error)
SEARCHED_TYPES = ("VARCHAR", "BIGINT", "INTEGER", "UBIGINT", "UINTEGER")


class Databases:
    """One scratch database, and a new one after a file that broke it.

    A damaged parquet file can leave DuckDB unusable; it must not take the files
    after it along. Use as a context.
    """

    def __init__(self, spill: Path) -> None:
        self._spill = spill
        self._stack = ExitStack()
        self.connection = self._stack.enter_context(open_scratch(spill))

    def __enter__(self) -> Databases:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def renew(self) -> None:
        """Leave the database that may be broken and go on with an empty one."""
        self._stack.close()
        self.connection = self._stack.enter_context(open_scratch(self._spill))


@dataclass(frozen=True)
class ExtractFile:
    """A file that can be read: its SQL types by column, the columns it has too many."""

    extract: Extract
    path: Path
    types: dict[str, str]
    extra: tuple[str, ...]

    @property
    def file(self) -> str:
        """The file's name, as findings give it."""
        return self.path.name

    @property
    def given(self) -> str:
        """A SELECT of the contract's columns as its types, the row from 1 as `at_row`.

        A column the file lacks, or holds in a type that cannot be read, is empty.
        """
        return self._select([])

    @property
    def searched(self) -> str:
        """The same with what `lossy` and `extra_texts` name."""
        lossy = [
            f"{reading.lossy} AS {quote_identifier('lossy:' + name)}"
            for name, reading in self._readings.items()
            if reading.lossy
        ]
        extra = [
            f"CAST({quote_identifier(name)} AS VARCHAR) AS {value}"
            for name, value in self.extra_texts.items()
        ]
        return self._select(lossy + extra)

    @property
    def unread(self) -> set[str]:
        """The contract's columns that are missing or in a type that cannot be read."""
        return {column.name for column in self.extract.columns} - self._readings.keys()

    @property
    def extra_texts(self) -> dict[str, str]:
        """The columns too many whose values may give a person away, and the SQL of each."""
        names = [name for name in self.extra if self.types.get(name) in SEARCHED_TYPES]
        return {name: quote_identifier(f"extra:{name}") for name in names}

    @property
    def lossy(self) -> dict[str, str]:
        """By column the SQL that is true where its value cannot be had without loss."""
        return {
            name: quote_identifier(f"lossy:{name}")
            for name, reading in self._readings.items()
            if reading.lossy
        }

    @cached_property
    def _readings(self) -> dict[str, ColumnReading]:
        found = {
            column.name: find_reading(column, self.types[column.name])
            for column in self.extract.columns
            if column.name in self.types
        }
        return {name: reading for name, reading in found.items() if reading}

    def _select(self, others: list[str]) -> str:
        parts = ["file_row_number + 1 AS at_row"]
        for column in self.extract.columns:
            reading = self._readings.get(column.name)
            value = reading.value if reading else f"CAST(NULL AS {SQL_TYPES[column.kind]})"
            parts.append(f"{value} AS {quote_identifier(column.name)}")
        source = parquet_sql(self.path, rows_numbered=True)
        return f"SELECT {', '.join(parts + others)} FROM {source}"


def read_folder(
    directory: Path, databases: Databases
) -> tuple[list[ExtractFile], list[CheckFinding]]:
    """Return the extracts in a folder that can be read, and what is wrong with its files."""
    files: list[ExtractFile] = []
    findings = list(_find_other_files(directory))
    for extract in EXTRACTS:
        path = directory / f"{extract.name}.parquet"
        if path.exists() or path.is_symlink():
            file = _open_file(extract, path, databases)
            if isinstance(file, CheckFinding):
                findings.append(file)
                continue
            files.append(file)
            findings += _find_extra_columns(file)
            findings += _find_wrong_columns(file)
        elif extract.required:
            findings.append(_missing_finding(extract, directory))
    return files, findings


def unreadable_finding(file: str, why: str = "") -> CheckFinding:
    """Return the finding for a file that is not a whole parquet file."""
    return make_finding(
        file,
        "unreadable",
        why or "it is not a whole parquet file; it may be cut off or damaged.",
        "Write it again, and compare its size after copying.",
        kind_of_value="a file",
    )


def _open_file(extract: Extract, path: Path, databases: Databases) -> ExtractFile | CheckFinding:
    if other := describe_other_kind(path):
        return unreadable_finding(path.name, f"it {other}.")
    try:
        names = pq.read_schema(path).names
        described = databases.connection.execute(
            f"DESCRIBE SELECT * FROM {parquet_sql(path)}"
        ).fetchall()
    except PermissionError:
        return unreadable_finding(path.name, "it cannot be read: permission denied.")
    except UNREADABLE:
        databases.renew()
        return unreadable_finding(path.name)
    if ROW_NUMBER in {name.lower() for name in names}:
        return make_finding(
            path.name,
            "extra_column",
            f"{extract.name} has no such column, and none of its rows can be checked with it.",
            "Leave it out.",
            column=ROW_NUMBER,
            kind_of_value="a column",
        )
    contract_names = {column.name for column in extract.columns}
    types = {str(name): str(kind) for name, kind, *_ in described}
    extra = tuple(name for name in names if name not in contract_names)
    return ExtractFile(extract, path, types, extra)


def _find_extra_columns(file: ExtractFile) -> Iterator[CheckFinding]:
    contract_names = [column.name for column in file.extract.columns]
    absent = [name for name in contract_names if name not in file.types]
    for name in file.extra:
        yield make_finding(
            file.file,
            "extra_column",
            f"{file.extract.name} has no such column.",
            suggest_nearest(name, absent or contract_names),
            column=name,
            kind_of_value="a column",
        )
        if kind := personal_data.kind_of_column(name):
            yield make_finding(
                file.file,
                "personal_data",
                f"the column's name says that it holds {kind}.",
                "No extract may hold it: leave the column out.",
                column=name,
                kind_of_value=kind,
            )


def _find_wrong_columns(file: ExtractFile) -> Iterator[CheckFinding]:
    for column in file.extract.columns:
        if column.name not in file.unread:
            continue
        if column.name in file.types:
            held = _name_type(file.types[column.name])
            yield make_finding(
                file.file,
                "wrong_type",
                f"the column holds {held}; it must hold {WORDS[column.kind]}.",
                "Convert it before writing the file.",
                column=column.name,
                kind_of_value=held,
            )
            continue
        needed = column.required or column.name in file.extract.key
        yield make_finding(
            file.file,
            "missing_column",
            "the column is missing" + ("." if needed else "; it is read as empty."),
            _suggest_name(column.name, file.extra) or f"It holds: {column.describes}",
            severity="error" if needed else "warning",
            column=column.name,
            kind_of_value="a column",
        )


def _suggest_name(name: str, others: Iterable[str]) -> str:
    """Return which name in the folder was probably meant; nothing when none is close."""
    suggestion = suggest_nearest(name, [make_printable(other) for other in others])
    return suggestion if suggestion.startswith("Did you mean") else ""


def _name_type(sql_type: str) -> str:
    if sql_type == "TIMESTAMP WITH TIME ZONE":
        return "times with a zone"
    words = {"VARCHAR": "text", "BLOB": "bytes", "DOUBLE": "numbers", "BOOLEAN": "true or false"}
    return words.get(sql_type, f"values of type {make_printable(sql_type)}")


def _missing_finding(extract: Extract, directory: Path) -> CheckFinding:
    file_name = f"{extract.name}.parquet"
    # An extract of another name is not this one misspelt, however alike the two are.
    contract_names = {*BESIDE, *(f"{name}.parquet" for name in BY_NAME)}
    others = [path.name for path in directory.iterdir() if path.name not in contract_names]
    return make_finding(
        file_name,
        "missing_extract",
        "the extract is missing, and nothing can be published without it.",
        _suggest_name(file_name, others)
        or f"Put {file_name}, each row {extract.row}, into "
        f"{make_printable(str(directory), LONGEST_PATH)} "
        "(docs/data-contract.md); `import` makes it from a file of your own (docs/import.md).",
        kind_of_value="a file",
    )


def _find_other_files(directory: Path) -> Iterator[CheckFinding]:
    for path in sorted(directory.iterdir()):
        name = path.name
        if path.is_dir() or name in BESIDE or name.startswith(".") or "quarantine" in name:
            continue
        if path.suffix == ".parquet" and path.stem in BY_NAME:
            continue
        # A misspelt or unconverted extract would be lost without a word.
        is_meant = path.suffix.lower() in (".parquet", ".pq") or path.stem in BY_NAME
        nearest = suggest_nearest(name, [f"{extract}.parquet" for extract in BY_NAME])
        yield make_finding(
            name,
            "unknown_file",
            "it is not an extract of the contract, and is not read.",
            nearest if is_meant else "Leave it out, or ignore this.",
            severity="error" if is_meant else "warning",
            kind_of_value="a file",
        )
