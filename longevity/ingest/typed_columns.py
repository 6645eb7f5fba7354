"""Reading a parquet column as the kind the contract says it is.

A column may have the contract's own type, or a narrower one whose every value fits: small whole
numbers, whole numbers for numbers, a day for a moment. A time with a zone is refused: the contract
wants local time, and only the sender knows which.
"""

from __future__ import annotations

from longevity.ingest.contract import SQL_TYPES, Column, Extract
from longevity.scratch import quote_identifier

_WHOLE = ("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "UINTEGER", "USMALLINT", "UTINYINT")
NARROWER = {
    "BIGINT": _WHOLE,
    "DOUBLE": ("DOUBLE", "FLOAT", *_WHOLE),
    "TIMESTAMP": ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "DATE"),
}


def write_column(column: Column, sql_type: str, name: str = "") -> str | None:
    """Return SQL of `column` from a file that holds it as `sql_type`; None: it cannot be read.

    `name`: SQL of what it is called there, where that is another name.
    """
    target = SQL_TYPES[column.kind]
    if sql_type not in (*NARROWER.get(target, (target,)), '"NULL"', "NULL"):
        return None
    return f"TRY_CAST({name or quote_identifier(column.name)} AS {target})"


def select_typed(extract: Extract, types: dict[str, str], source: str) -> str:
    """Return a SELECT of exactly the contract's columns, in its order and types.

    `types` maps the file's columns to their SQL types; a column it lacks, or holds
    in a type that cannot be read, is empty. For a file that `check` has passed.
    """
    parts = []
    for column in extract.columns:
        value = write_column(column, types.get(column.name, ""))
        empty = f"CAST(NULL AS {SQL_TYPES[column.kind]})"
        parts.append(f"{value or empty} AS {quote_identifier(column.name)}")
    return f"SELECT {', '.join(parts)} FROM {source}"
