"""Read a source, whatever it is written as."""

from __future__ import annotations

from pathlib import Path

from longevity import files
from longevity.errors import DataError, UsageError
from longevity.ingest.importing import delimited, parquet, workbook
from longevity.ingest.importing.mapping import Mapping, missing_column_error
from longevity.ingest.importing.source_rows import Source

OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_source(file: Path, mapping: Mapping) -> Source:
    """Read `file` as the mapping says, or as its first bytes tell.

    Raises UsageError when there is no such file, DataError when it cannot be
    read, ConfigError when the mapping reads a column it does not have.
    """
    head = _read_first_bytes(file)
    readers = {
        "csv": delimited.read_file,
        "xlsx": workbook.read_file,
        "parquet": parquet.read_file,
    }
    source = readers[mapping.source.format or _find_kind(file, head)](file, mapping)
    names = list(source.rows.columns)
    for name in sorted(mapping.sources.difference(names)):
        raise missing_column_error(name, file.name, names, mapping)
    return source


def _read_first_bytes(file: Path) -> bytes:
    if file.is_dir():
        raise UsageError(f"{file} is a directory.", "Give one file.")
    if other := files.describe_other_kind(file):
        raise UsageError(f"{file} {other}.", "Save what it gives as a file.")
    try:
        with file.open("rb") as stream:
            return stream.read(8)
    except FileNotFoundError as error:
        raise UsageError(f"{file} does not exist.") from error
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}.") from error


def _find_kind(file: Path, head: bytes) -> str:
    suffix = file.suffix.lower()
    if not head:
        raise DataError(f"{file.name} is empty.", "Ask the sender for the file again.")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if head.startswith(OLD_WORKBOOK):
        raise DataError(f"{file.name} is an old Excel workbook.", "Save it as XLSX or CSV.")
    if head.startswith((b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")):
        raise DataError(f"{file.name} is compressed.", "Unpack it first.")
    if suffix in (".xlsx", ".xlsm", ".parquet"):
        raise DataError(
            f"{file.name} is named {suffix} but is not one.",
            "It may be cut off or renamed: ask the sender for the file again.",
        )
    return "csv"
