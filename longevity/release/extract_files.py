"""The extracts of a release: the contract's columns and types, sorted by key.

Rewriting makes the same rows the same bytes, whatever wrote the files supplied
and in whatever order.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb

from longevity.ingest.contract import BY_NAME, EXTRACTS, Extract
from longevity.ingest.typed_columns import select_typed
from longevity.progress import Progress
from longevity.release import aggregates
from longevity.release.data_through import ByCity
from longevity.release.member import member_of
from longevity.scratch import parquet_sql, quote_identifier


def write_extracts(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    release: Path,
    progress: Progress,
) -> dict[str, int]:
    """Rewrite each extract in the folder `folder` into the folder `release`; rows by extract."""
    rows: dict[str, int] = {}
    for extract in EXTRACTS:
        path = folder / f"{extract.name}.parquet"
        if not path.exists():
            continue
        progress(f"Writing {extract.name}.")
        source = parquet_sql(path)
        described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
        types = {str(name): str(kind) for name, kind, *_ in described}
        out = release / member_of(extract.name)
        aggregates.copy_to_parquet(
            connection,
            f"{select_typed(extract, types, source)} ORDER BY {_sort_columns(extract)}",
            out,
        )
        count = connection.execute(f"SELECT count(*) FROM {parquet_sql(out)}").fetchall()
        rows[extract.name] = int(count[0][0])
    return rows


def _sort_columns(extract: Extract, present: Collection[str] | None = None) -> str:
    others = [column.name for column in extract.columns if column.name not in extract.key]
    names = [name for name in (*extract.key, *others) if present is None or name in present]
    return ", ".join(quote_identifier(name) for name in names)


def write_order_clause(connection: duckdb.DuckDBPyConnection, extract: str, path: Path) -> str:
    """Return the ORDER BY that `write_extracts` gave a file, which may be of an earlier version."""
    described = connection.execute(f"DESCRIBE SELECT * FROM {parquet_sql(path)}").fetchall()
    return f" ORDER BY {_sort_columns(BY_NAME[extract], {str(row[0]) for row in described})}"


def write_data_through(
    connection: duckdb.DuckDBPyConnection, through: Mapping[str, ByCity], out: Path
) -> None:
    """Write extract, city, data_through, derived."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE through "
        "(extract VARCHAR, city VARCHAR, data_through DATE, derived BOOLEAN)"
    )
    rows = [
        (extract, city, day_through.day, day_through.derived)
        for extract, cities in through.items()
        for city, day_through in cities.items()
    ]
    if rows:
        connection.executemany("INSERT INTO through VALUES (?, ?, ?, ?)", rows)
    aggregates.copy_to_parquet(connection, "SELECT * FROM through ORDER BY extract, city", out)
