"""Every measure of reach against plain loops over random rows, in every viewer's scope."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from longevity.auth import viewers
from longevity.auth.viewers import STATE
from longevity.warehouse.warehouse import Warehouse
from tests.factories import reach_release, tiny_release
from tests.factories.world import World
from tests.oracles import reach_oracle
from tests.queries.test_reach_demonstration import answered, plain

Measure = Callable[[World, date], dict[Any, dict[str, Any]]]
NAMES = [measure.__name__ for measure in reach_oracle.MEASURES]


@pytest.fixture(scope="module", params=range(6))
def drawn(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Warehouse]]:
    folder = tmp_path_factory.mktemp("reach")
    world = reach_release.draw_world(request.param)
    release = reach_release.write(folder / "release", world.rows, world.through)
    warehouse = Warehouse(release, tiny_release.settings(folder / "config"))
    yield world, warehouse
    warehouse.close()


@pytest.mark.parametrize("as_of", [date(2024, 6, 30), date(2024, 2, 29), date(2023, 5, 2)], ids=str)
@pytest.mark.parametrize("measure", reach_oracle.MEASURES, ids=NAMES)
def test_the_query_and_the_plain_loops_agree(
    drawn: tuple[World, Warehouse], measure: Measure, as_of: date
) -> None:
    world, warehouse = drawn
    expected = measure(world, as_of)
    assert answered(warehouse, measure.__name__, expected, as_of=as_of) == expected


@pytest.mark.parametrize("name", NAMES)
def test_a_city_is_told_of_itself_what_the_state_is_told(
    drawn: tuple[World, Warehouse], name: str
) -> None:
    _, warehouse = drawn
    viewer = viewers.parse_viewer("city:west", warehouse.settings)
    own = warehouse.run(name, {}, viewer).frame
    state = warehouse.run(name, {"city": "west"}, STATE).frame
    assert set(own["city"]) <= {"west"}
    assert [[plain(v) for v in row] for row in own.to_numpy()] == [
        [plain(v) for v in row] for row in state.to_numpy()
    ]
