"""A warehouse over a hand-made release, one per table."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from longevity.auth.viewers import PUBLIC, STATE, Viewer
from longevity.warehouse.warehouse import Warehouse
from tests.factories import reach_release, tiny_release
from tests.factories.reach_release import LAST
from tests.factories.tiny_release import AREAS


@pytest.fixture
def ask(tmp_path):
    """`ask(table, query, ends, viewer, **parameters)` gives a frame, the public's by default."""
    opened: list[Warehouse] = []

    def answer(
        table: str, query: str, /, ends: dict[str, date], viewer: Viewer = PUBLIC, **parameters: Any
    ) -> pd.DataFrame:
        folder = tmp_path / f"release-{len(opened)}"
        release = tiny_release.write(folder, tiny_release.incidents(table), AREAS, ends)
        warehouse = Warehouse(release, tiny_release.settings(tmp_path / "config"))
        opened.append(warehouse)
        return warehouse.run(query, parameters, viewer).frame

    yield answer
    for warehouse in opened:
        warehouse.close()


@pytest.fixture
def tell(tmp_path):
    """`tell(query, ends={extract: day}, begins=…, params={}, **tables)`: what the state is told.

    Extracts with a table, and those in `also`, are complete in East to LAST; West
    hands over no program data.
    """
    opened: list[Warehouse] = []

    def answer(
        query: str,
        also: tuple[str, ...] = (),
        ends: dict[str, date] | None = None,
        params: dict[str, Any] | None = None,
        begins: dict[str, date] | None = None,
        **tables: str,
    ) -> pd.DataFrame:
        given = reach_release.rows(**tables)
        through = {name: {"east": LAST} for name in (*given, *also)}
        through |= {name: {"east": day} for name, day in (ends or {}).items()}
        folder = tmp_path / f"{len(opened)}"
        from_days = {name: {"east": day} for name, day in (begins or {}).items()}
        release = reach_release.write(folder, given, through, begins=from_days)
        warehouse = Warehouse(release, tiny_release.settings(tmp_path / "config"))
        opened.append(warehouse)
        asked = {"as_of": LAST, **(params or {})}
        if "as_of" not in warehouse.find_query(query).parameters:
            del asked["as_of"]
        return warehouse.run(query, asked, STATE).frame

    yield answer
    for warehouse in opened:
        warehouse.close()
