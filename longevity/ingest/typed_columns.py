"""Reading a parquet column as the kind the contract says it is.

A type is taken when every value of it, or every value that passes a test, can be
had without loss: any whole-number type for an integer, whole floating-point numbers
for an integer (pandas writes them where some are missing), whole and exact decimal
numbers for a decimal, midnight for a day, a day for a moment. A time with a zone is
refused: the contract wants local time, and only the sender knows which.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from longevity.ingest.contract import Column, Extract, Kind
from longevity.scratch import quote_identifier

_WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
_WIDE = {"UBIGINT", "HUGEINT", "UHUGEINT"}
_FLOAT = {"FLOAT", "DOUBLE"}
_MOMENT = {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"}
_DECIMAL = re.compile(r"DECIMAL\(\d+,\d+\)")

SQL_TYPES: dict[Kind, str] = {
    Kind.CODE: "VARCHAR",
    Kind.CITY: "VARCHAR",
    Kind.TEXT: "VARCHAR",
    Kind.CHOICE: "VARCHAR",
    Kind.BAND: "VARCHAR",
    Kind.DAY: "DATE",
    Kind.MOMENT: "TIMESTAMP",
    Kind.INTEGER: "BIGINT",
    Kind.DECIMAL: "DOUBLE",
    Kind.BOOLEAN: "BOOLEAN",
}

WORDS: dict[Kind, str] = {
    Kind.CODE: "text",
    Kind.CITY: "text",
    Kind.TEXT: "text",
    Kind.CHOICE: "text",
    Kind.BAND: "text",
    Kind.DAY: "a date",
    Kind.MOMENT: "a date and time without a zone",
    Kind.INTEGER: "whole numbers",
    Kind.DECIMAL: "numbers",
    Kind.BOOLEAN: "true or false",
}


@dataclass(frozen=True)
class Reading:
    """How a column is read: its value in SQL, and the SQL that finds what cannot be."""

    value: str
    lossy: str | None = None


def find_reading(column: Column, sql_type: str) -> Reading | None:
    """Return how to read `column` from a file that holds it as `sql_type`; None: it cannot be."""
    name = quote_identifier(column.name)
    target = SQL_TYPES[column.kind]
    if sql_type == target:
        return Reading(name)
    if sql_type in ('"NULL"', "NULL"):
        return Reading(f"CAST(NULL AS {target})")
    if target in ("DATE", "TIMESTAMP"):
        return _read_time(name, target, sql_type)
    return _read_number(name, target, sql_type)


def _read_time(name: str, target: str, sql_type: str) -> Reading | None:
    if target == "DATE" and sql_type in _MOMENT:
        return Reading(f"CAST({name} AS DATE)", f"CAST({name} AS TIME) <> TIME '00:00:00'")
    if target == "TIMESTAMP" and (sql_type in _MOMENT or sql_type == "DATE"):
        value = f"TRY_CAST({name} AS TIMESTAMP)"  # a day may lie beyond the last moment
        return Reading(value, f"{name} IS NOT NULL AND {value} IS NULL")
    return None


def _read_number(name: str, target: str, sql_type: str) -> Reading | None:
    numbers = sql_type in _WHOLE | _WIDE | _FLOAT or _DECIMAL.fullmatch(sql_type) is not None
    if target == "BIGINT":
        return _read_whole(name, sql_type)
    if target == "DOUBLE" and numbers:
        return Reading(f"CAST({name} AS DOUBLE)")
    return None


def _read_whole(name: str, sql_type: str) -> Reading | None:
    if sql_type in _WHOLE:
        return Reading(f"CAST({name} AS BIGINT)")
    value = f"TRY_CAST({name} AS BIGINT)"
    if sql_type in _WIDE:
        return Reading(value, f"{name} IS NOT NULL AND {value} IS NULL")
    if sql_type in _FLOAT or _DECIMAL.fullmatch(sql_type):
        return Reading(
            value, f"{name} IS NOT NULL AND ({value} IS NULL OR CAST({value} AS DOUBLE) <> {name})"
        )
    return None


def select_typed(extract: Extract, types: dict[str, str], source: str) -> str:
    """Return a SELECT of exactly the contract's columns, in its order and types.

    `types` maps the file's columns to their SQL types; a column it lacks, or holds
    in a type that cannot be read, is empty. For a file that `check` has passed.
    """
    parts = []
    for column in extract.columns:
        reading = find_reading(column, types[column.name]) if column.name in types else None
        value = reading.value if reading else f"CAST(NULL AS {SQL_TYPES[column.kind]})"
        parts.append(f"{value} AS {quote_identifier(column.name)}")
    return f"SELECT {', '.join(parts)} FROM {source}"
