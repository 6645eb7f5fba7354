"""A release made before the contract had a column it has now: read for what it holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from longevity.ingest import contract
from longevity.ingest.contract import Column, Kind
from longevity.settings import Settings
from longevity.warehouse import connection
from tests.factories import reach_release, tiny_release
from tests.factories.tiny_release import TinyRelease

# A column of every kind, as the contract of a later version may add it; and its type in SQL.
ADDED = {
    Kind.CODE: "VARCHAR",
    Kind.CITY: "VARCHAR",
    Kind.TEXT: "VARCHAR",
    Kind.CHOICE: "VARCHAR",
    Kind.DAY: "DATE",
    Kind.MOMENT: "TIMESTAMP",
    Kind.INTEGER: "BIGINT",
    Kind.DECIMAL: "DOUBLE",
    Kind.BOOLEAN: "BOOLEAN",
}
BUILT = connection.AGGREGATES | {
    "located": connection.LOCATED,
    "points": connection.POINTS,
    "uncounted": connection.UNCOUNTED,
}


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinyRelease:
    """A release with rows of every extract; contract and built tables have grown since."""
    world = reach_release.draw_world(3)
    release = reach_release.write(tmp_path / "release", world.rows, world.through)
    added = tuple(Column(f"added_{kind}", kind, "Added later.") for kind in ADDED)
    for name, extract in contract.BY_NAME.items():
        grown = replace(extract, columns=(*extract.columns, *added))
        monkeypatch.setitem(contract.BY_NAME, name, grown)
    for table in BUILT.values():
        monkeypatch.setitem(table, "added_count", "BIGINT")
    return release


@pytest.fixture
def configured(tmp_path: Path) -> Settings:
    return tiny_release.settings(tmp_path / "configured")


@pytest.mark.parametrize("scope", ["public", "east", "state"])
def test_a_column_it_lacks_is_null_of_its_type(scope, older, configured):
    opened = connection.open_with_tables(older, configured, scope)
    of_rows = {} if scope == "public" else dict.fromkeys(contract.BY_NAME, ADDED)
    for name, kinds in of_rows.items():
        columns = ", ".join(
            f"typeof(ANY_VALUE(added_{kind})), COUNT(added_{kind})" for kind in kinds
        )
        found = opened.execute(f"SELECT COUNT(*) > 0, {columns} FROM {name}").fetchall()[0]
        assert found == (True, *(each for kind in kinds.values() for each in (kind, 0))), name
    for name in connection.AGGREGATES if scope == "public" else BUILT:
        assert opened.execute(
            f"SELECT typeof(ANY_VALUE(added_count)), COUNT(added_count) FROM {name}"
        ).fetchall() == [("BIGINT", 0)], name
    opened.close()
