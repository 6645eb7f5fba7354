"""A DuckDB database that lives as long as one piece of work, and helpers that write SQL for it.

Everything large streams through one of these: it keeps to a limit of memory and writes what is
more to a temporary folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

MEMORY_LIMIT = "3GB"
ROWS_A_BLOCK = 10_000
# Macros for the SQL of several folders. A longitude and latitude of 0 mean that none was given.
MACROS = """
CREATE TEMP MACRO has_point(longitude, latitude) AS
    longitude IS NOT NULL AND latitude IS NOT NULL AND isfinite(longitude)
    AND isfinite(latitude) AND NOT (longitude = 0 AND latitude = 0);
CREATE TEMP MACRO count_noun(number, noun) AS
    number || ' ' || noun || CASE WHEN number = 1 THEN '' ELSE 's' END;
"""


@contextmanager
def open_scratch(spill: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection to an empty database that spills into the folder `spill`."""
    connection = duckdb.connect(":memory:")
    try:
        connection.execute(f"SET temp_directory = {quote_text(str(spill))}")
        connection.execute(f"SET memory_limit = {quote_text(MEMORY_LIMIT)}")
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET autoinstall_known_extensions = false")
        connection.execute(MACROS)
        yield connection
    finally:
        connection.close()


def create_table(
    connection: duckdb.DuckDBPyConnection, name: str, columns: str, rows: Iterable[tuple[Any, ...]]
) -> int:
    """Make a table of `columns`, such as `city VARCHAR, day DATE`, that holds `rows`.

    However many they are, 10,000 at a time are in memory. Return their number.
    """
    connection.execute(f"CREATE OR REPLACE TABLE {name} ({columns})")
    count = 0
    coming = iter(rows)
    while block := list(islice(coming, ROWS_A_BLOCK)):
        count += len(block)
        values = {str(at): column for at, column in enumerate(zip(*block, strict=True))}
        connection.register("_block", pa.table(values))
        connection.execute(f"INSERT INTO {name} FROM _block")
        connection.unregister("_block")
    return count


def quote_text(value: str) -> str:
    """Return a text literal of SQL."""
    return "'" + value.replace("'", "''") + "'"


def quote_identifier(name: str) -> str:
    """Return a quoted name of a column or table."""
    return '"' + name.replace('"', '""') + '"'


def parquet_sql(path: Path) -> str:
    """Return SQL that reads one parquet file, whatever characters its path holds."""
    # DuckDB would take *, ? and [ in a path for a pattern; a class of one means itself.
    plain = "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))
    return f"read_parquet({quote_text(plain)})"
