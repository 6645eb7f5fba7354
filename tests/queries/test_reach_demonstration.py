"""The funnel of call-ins and the groups told, recounted by plain loops over the demonstration."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from longevity.auth.viewers import STATE
from longevity.ingest import extracts_file
from longevity.ingest.contract import BY_NAME
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import UNTIL
from tests.factories.world import World
from tests.oracles import reach_oracle
from tests.oracles.demonstration_counts import read


@pytest.fixture(scope="module")
def world(demonstration, published):
    said = extracts_file.read_extracts_file(demonstration, published)
    ends = {city.id: city.week_ends_iso for city in published.cities.values()}
    rows = {name: read(demonstration, name) for name in BY_NAME}
    return World(rows, {n: dict(d) for n, d in said.data_through.items()}, ends)


def answered(
    warehouse: Warehouse, name: str, expected: dict[Any, dict[str, Any]], **params: Any
) -> dict[Any, dict[str, Any]]:
    """The answer by its grain, in the columns the oracle tells of."""
    frame = warehouse.run(name, params, STATE).frame
    columns = list(next(iter(expected.values()))) if expected else []
    grain = warehouse.find_query(name).grain
    found = {}
    for row in frame.to_dict("records"):
        key = tuple(plain(row[column]) for column in grain)
        assert key not in found, "two rows of one grain"
        found[key] = {column: plain(row[column]) for column in columns}
    return found


def plain(value: Any) -> Any:
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return round(value, 2) if isinstance(value, float) else value


@pytest.mark.parametrize("as_of", [UNTIL, date(2020, 2, 29)], ids=str)
@pytest.mark.parametrize("measure", reach_oracle.MEASURES, ids=lambda each: each.__name__)
def test_the_query_and_the_plain_loops_agree(warehouse, world, measure, as_of):
    expected = measure(world, as_of)
    assert expected
    assert answered(warehouse, measure.__name__, expected, as_of=as_of) == expected
