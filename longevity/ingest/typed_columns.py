"""Read the columns of an extract's parquet file in the types of the contract.

A column may have the contract's type or a narrower one, whose values all fit: INTEGER for BIGINT, a
DATE for a TIMESTAMP. A time with a zone is refused: the contract has the local time of the city,
and only the sender knows whether the file has it too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from longevity.base.scratch import quote_identifier
from longevity.ingest.contract import SQL_TYPES, Extract

_WHOLE = ("BIGINT", "INTEGER", "SMALLINT", "TINYINT", "UINTEGER", "USMALLINT", "UTINYINT")
NARROWER = {
    "BIGINT": _WHOLE,
    "DOUBLE": ("DOUBLE", "FLOAT", *_WHOLE),
    "TIMESTAMP": ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "DATE"),
}


def select_typed(
    extract: Extract, held: Mapping[str, tuple[str, str]], source: str, more: Sequence[str] = ()
) -> tuple[str, set[str]]:
    """Return a SELECT of the contract's columns, in its order and types, and which are unread.

    `held`: the columns of `source` by the contract's names, each as SQL with its SQL type,
    {"city": ("k0", "VARCHAR")}. A column that is not there, or is in another type, is empty.
    `more`: columns of `source` that come first, as they are.
    """
    values = [*more]
    unread = set()
    for column in extract.columns:
        target = SQL_TYPES[column.kind]
        value, kind = held.get(column.name, ("NULL", ""))
        # A column without any value has a type of its own, which DuckDB writes in two ways.
        if kind not in (*NARROWER.get(target, (target,)), '"NULL"', "NULL"):
            unread.add(column.name)
            value = "NULL"
        values.append(f"TRY_CAST({value} AS {target}) AS {quote_identifier(column.name)}")
    return f"SELECT {', '.join(values)} FROM {source}", unread
