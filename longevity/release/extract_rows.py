"""The extracts of a release: the contract's columns and types, sorted by key.

Rewriting makes the same rows the same bytes, whatever wrote the files supplied
and in whatever order.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from longevity.base.progress import Progress
from longevity.base.scratch import parquet_sql, quote_identifier
from longevity.ingest.contract import BY_NAME, EXTRACTS
from longevity.ingest.typed_columns import select_typed
from longevity.release import aggregates
from longevity.release.manifest import member_of


def write_extracts(
    connection: duckdb.DuckDBPyConnection, folder: Path, release: Path, progress: Progress
) -> dict[str, int]:
    """Rewrite each extract of `folder` into `release`; returns the number of rows by extract."""
    rows: dict[str, int] = {}
    for extract in EXTRACTS:
        name, path = extract.name, folder / f"{extract.name}.parquet"
        if path.exists():
            progress(f"Writing {name}.")
            select = select_rows(connection, name, path) + order_by_key(name)
            aggregates.copy_to_parquet(connection, select, release / member_of(name))
            rows[name] = count_rows(connection, release / member_of(name))
    return rows


def select_rows(connection: duckdb.DuckDBPyConnection, extract: str, path: Path) -> str:
    """Return the SELECT of a file of an extract in the contract's columns and types.

    Those it lacks, as one of an earlier version may, are empty.
    """
    described = connection.execute(f"DESCRIBE SELECT * FROM {parquet_sql(path)}").fetchall()
    held = {name: (quote_identifier(name), str(kind)) for name, kind, *_ in described}
    return select_typed(BY_NAME[extract], held, parquet_sql(path))[0]


def order_by_key(extract: str) -> str:
    """Return the ORDER BY of an extract: its key, then every other column."""
    columns = [column.name for column in BY_NAME[extract].columns]
    names = dict.fromkeys([*BY_NAME[extract].key, *columns])
    return f" ORDER BY {', '.join(map(quote_identifier, names))}"


def count_rows(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Return how many rows a file has."""
    return int(connection.execute(f"SELECT count(*) FROM {parquet_sql(path)}").fetchall()[0][0])
