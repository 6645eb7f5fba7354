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

from longevity.ingest.contract import SQL_TYPES, Column, Extract
from longevity.scratch import quote_identifier

_NUMBERS = re.compile(r"U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)")
_TIMES = re.compile("DATE|TIMESTAMP(?:_S|_MS|_NS)?")


@dataclass(frozen=True)
class ColumnReading:
    """How a column is read: its value in SQL, and the SQL that finds what cannot be."""

    value: str
    lossy: str | None = None


def find_reading(column: Column, sql_type: str, name: str = "") -> ColumnReading | None:
    """Return how to read `column` from a file that holds it as `sql_type`; None: it cannot be.

    `name`: SQL of what it is called there, where that is another name.
    """
    name = name or quote_identifier(column.name)
    target = SQL_TYPES[column.kind]
    if sql_type == target:
        return ColumnReading(name)
    if sql_type in ('"NULL"', "NULL"):
        return ColumnReading(f"CAST(NULL AS {target})")
    alike = {"BIGINT": _NUMBERS, "DOUBLE": _NUMBERS, "DATE": _TIMES, "TIMESTAMP": _TIMES}
    if target not in alike or not alike[target].fullmatch(sql_type):
        return None
    if target == "DOUBLE":
        return ColumnReading(f"CAST({name} AS DOUBLE)")
    value = f"TRY_CAST({name} AS {target})"
    # A day may lie beyond the last moment, and then cannot be compared with one.
    other = "" if sql_type == "DATE" else f" OR {value} <> {name}"
    return ColumnReading(value, f"{name} IS NOT NULL AND ({value} IS NULL{other})")


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
