"""Read the columns of an extract's parquet file in the types of the contract.

A column may have the contract's type or a narrower one, whose values all fit: INTEGER for BIGINT, a
DATE for a TIMESTAMP. A time with a zone is refused: the contract has the local time of the city,
and only the sender knows whether the file has it too.
"""

from __future__ import annotations

from longevity.base.scratch import quote_identifier
from longevity.ingest.contract import SQL_TYPES, Column, Extract

_WHOLE = ("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "UINTEGER", "USMALLINT", "UTINYINT")
NARROWER = {
    "BIGINT": _WHOLE,
    "DOUBLE": ("DOUBLE", "FLOAT", *_WHOLE),
    "TIMESTAMP": ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "DATE"),
}


def write_column(column: Column, sql_type: str, name: str = "") -> str | None:
    """Return SQL that reads `column` from a file where its type is `sql_type`; None if it cannot.

    `name`: SQL for its name in the file, if that is another one.
    """
    target = SQL_TYPES[column.kind]
    # A column without any value has a type of its own, which DuckDB writes in two ways.
    if sql_type not in (*NARROWER.get(target, (target,)), '"NULL"', "NULL"):
        return None
    return f"TRY_CAST({name or quote_identifier(column.name)} AS {target})"


def select_typed(extract: Extract, types: dict[str, str], source: str) -> str:
    """Return a SELECT of exactly the contract's columns, in its order and types.

    `types`: the SQL types of the file's columns, {"city": "VARCHAR"}. A column that the file does
    not have, or has in another type, is empty (`check` has refused such files before).
    """
    parts = []
    for column in extract.columns:
        value = write_column(column, types.get(column.name, ""))
        empty = f"CAST(NULL AS {SQL_TYPES[column.kind]})"
        parts.append(f"{value or empty} AS {quote_identifier(column.name)}")
    return f"SELECT {', '.join(parts)} FROM {source}"
