"""The files of a folder of extracts: which are there, whole, and in the contract's columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from longevity.errors import suggest_nearest
from longevity.files import describe_other_kind
from longevity.ingest import extracts_file, generator_mark
from longevity.ingest.contract import BY_NAME, EXTRACTS, Extract
from longevity.ingest.validation import personal_data
from longevity.ingest.validation.findings import Finding, make_finding, make_printable
from longevity.ingest.validation.scratch import Databases, parquet_sql, quote_identifier
from longevity.ingest.validation.typed_columns import WORDS, find_reading

# Written beside extracts by the project's own commands; none is read by publish.
BESIDE = (extracts_file.NAME, generator_mark.NAME)
# DuckDB's own name for the number of a row: a file with such a column cannot have it.
LONGEST_PATH = 200
ROW_NUMBER = "file_row_number"
UNREADABLE = (OSError, ValueError, pa.ArrowException, duckdb.Error)


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
    def typed(self) -> str:
        """A SELECT of the contract's columns as its types, the row from 1 as `at_row`.

        A column `lossy:NAME` is true where the value cannot be had without loss;
        a column the file lacks, or holds in a type that cannot be read, is empty.
        """
        parts = ["file_row_number + 1 AS at_row"]
        for column in self.extract.columns:
            reading = find_reading(column, self.types.get(column.name, '"NULL"'))
            value = reading.value if reading else "NULL"
            parts.append(f"{value} AS {quote_identifier(column.name)}")
            if reading and reading.lossy:
                parts.append(f"{reading.lossy} AS {quote_identifier('lossy:' + column.name)}")
        parts += [
            f"CAST({quote_identifier(name)} AS VARCHAR) AS {quote_identifier('extra:' + name)}"
            for name in self.extra_texts
        ]
        return f"SELECT {', '.join(parts)} FROM {parquet_sql(self.path, rows_numbered=True)}"

    @property
    def extra_texts(self) -> list[str]:
        """The columns too many whose values may give a person away."""
        kinds = ("VARCHAR", "BIGINT", "INTEGER", "UBIGINT", "UINTEGER")
        return [name for name in self.extra if self.types.get(name) in kinds]

    def lossy(self, column: str) -> bool:
        """Return whether some values of a column might not be had without loss."""
        reading = find_reading(self.extract.column(column), self.types.get(column, '"NULL"'))
        return reading is not None and reading.lossy is not None


def read_folder(directory: Path, databases: Databases) -> tuple[list[ExtractFile], list[Finding]]:
    """Return the extracts in a folder that can be read, and what is wrong with its files."""
    files: list[ExtractFile] = []
    findings = list(_find_other_files(directory))
    for extract in EXTRACTS:
        path = directory / f"{extract.name}.parquet"
        if path.exists() or path.is_symlink():
            file = _open_file(extract, path, databases)
            if isinstance(file, Finding):
                findings.append(file)
                continue
            files.append(file)
            findings += _check_columns(file)
        elif extract.required:
            findings.append(_missing_finding(extract, directory))
    return files, findings


def unreadable_finding(file: str, why: str = "") -> Finding:
    """Return the finding for a file that is not a whole parquet file."""
    return make_finding(
        file,
        "unreadable",
        why or "it is not a whole parquet file; it may be cut off or damaged.",
        "Write it again, and compare its size after copying.",
        kind_of_value="a file",
    )


def _open_file(extract: Extract, path: Path, databases: Databases) -> ExtractFile | Finding:
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
    contract_names = {column.name for column in extract.columns}
    if ROW_NUMBER in {name.lower() for name in names}:
        return make_finding(
            path.name,
            "extra_column",
            f"{extract.name} has no such column, and none of its rows can be checked with it.",
            "Leave it out.",
            column=ROW_NUMBER,
            kind_of_value="a column",
        )
    types = {str(name): str(kind) for name, kind, *_ in described}
    return ExtractFile(
        extract, path, types, tuple(name for name in names if name not in contract_names)
    )


def _check_columns(file: ExtractFile) -> Iterator[Finding]:
    extract = file.extract
    contract_names = [column.name for column in extract.columns]
    absent = [name for name in contract_names if name not in file.types]
    for name in file.extra:
        yield make_finding(
            file.file,
            "extra_column",
            f"{extract.name} has no such column.",
            suggest_nearest(name, absent or contract_names),
            column=name,
            kind_of_value="a column",
        )
        kind = personal_data.kind_of_column(name)
        if kind:
            yield make_finding(
                file.file,
                "personal_data",
                f"the column's name says that it holds {kind}.",
                "No extract may hold it: leave the column out.",
                column=name,
                kind_of_value=kind,
            )
    for column in extract.columns:
        if column.name in absent:
            needed = column.required or column.name in extract.key
            yield make_finding(
                file.file,
                "missing_column",
                "the column is missing" + ("." if needed else "; it is read as empty."),
                _suggest_name(column.name, file.extra) or f"It holds: {column.describes}",
                severity="error" if needed else "warning",
                column=column.name,
                kind_of_value="a column",
            )
        elif find_reading(column, file.types[column.name]) is None:
            yield make_finding(
                file.file,
                "wrong_type",
                f"the column holds {_name_type(file.types[column.name])}; it must hold "
                f"{WORDS[column.kind]}.",
                "Convert it before writing the file.",
                column=column.name,
                kind_of_value=_name_type(file.types[column.name]),
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


def _missing_finding(extract: Extract, directory: Path) -> Finding:
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


def _find_other_files(directory: Path) -> Iterator[Finding]:
    for path in sorted(directory.iterdir()):
        name = path.name
        if path.is_dir() or name in BESIDE or name.startswith(".") or "quarantine" in name:
            continue
        if path.suffix == ".parquet" and path.stem in BY_NAME:
            continue
        like_an_extract = path.suffix.lower() in (".parquet", ".pq") or path.stem in BY_NAME
        yield make_finding(
            name,
            "unknown_file",
            "it is not an extract of the contract, and is not read.",
            suggest_nearest(name, [f"{extract}.parquet" for extract in BY_NAME])
            if like_an_extract
            else "Leave it out, or ignore this.",
            # A misspelt or unconverted extract would be lost without a word.
            severity="error" if like_an_extract else "warning",
            kind_of_value="a file",
        )
