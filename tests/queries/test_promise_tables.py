"""docs/promises.md lists the tables behind the queries as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

import duckdb
import pytest

from longevity.auth.viewers import PUBLIC_SCOPE, STATE_SCOPE
from longevity.settings import ROOT
from longevity.warehouse import connection, macros
from longevity.warehouse.warehouse import Warehouse

PAGE = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
ARGUMENTS = {
    "standings_as_of": "(DATE '2020-01-01', 12)",
}
OF_ROWS = set(re.findall(r"CREATE MACRO (\w+)", " ".join(macros.ROW_MACROS)))  # of no group
LISTED = re.findall(r"^\| `([a-z_]+)` \| .* \| ([a-z_, ]+) \|$", PAGE, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def state(warehouse: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    opened = connection.open_with_tables(warehouse.release, warehouse.settings, STATE_SCOPE)
    yield opened
    opened.close()


@pytest.mark.parametrize(("table", "columns"), LISTED, ids=[name for name, _ in LISTED])
def test_the_page_lists_the_columns_of_each_table(
    state: duckdb.DuckDBPyConnection, table: str, columns: str
) -> None:
    arguments = ARGUMENTS.get(table, "(DATE '2020-01-01')" if table.endswith("_as_of") else "")
    described = state.sql(f"DESCRIBE SELECT * FROM {table}{arguments}").fetchall()
    assert {row[0] for row in described} == set(columns.split(", "))


def test_the_page_leaves_none_out(warehouse: Warehouse, state: duckdb.DuckDBPyConnection) -> None:
    public = connection.open_with_tables(warehouse.release, warehouse.settings, PUBLIC_SCOPE)
    names = "SELECT table_name FROM duckdb_tables()"
    macros = (
        "SELECT function_name FROM duckdb_functions() "
        "WHERE function_type = 'table_macro' AND NOT internal"
    )
    made = {row[0] for row in state.sql(f"{names} UNION {macros}").fetchall()}
    also = {row[0] for row in public.sql(f"{names} UNION {macros}").fetchall()}
    public.close()
    assert made - also - OF_ROWS == {name for name, _ in LISTED}
