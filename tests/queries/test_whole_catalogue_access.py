"""Over the whole catalogue and its parameters: who is answered, and with whose codes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from longevity.auth.viewers import STATE, QueryClass
from longevity.warehouse.warehouse import Warehouse
from tests.factories import reach_release, tiny_release
from tests.oracles.access_matrix import CITIES, QUERIES, ask_all

# Fewer would mean that the matrix no longer is the whole of it: 66 questions, each parameter.
LEAST_CELLS, LEAST_REFUSED = 1_300, 460
LEAST_CELLS_OF_PAIRS = 17_700


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Random rows; every code says its city."""
    world = reach_release.draw_world(11)
    folder = tmp_path_factory.mktemp("access")
    release = reach_release.write(folder / "release", world.rows, world.through)
    opened = Warehouse(release, tiny_release.settings(folder / "config"))
    yield opened
    opened.close()


def test_every_viewer_gets_of_every_question_what_its_class_allows(warehouse):
    matrix = ask_all(warehouse, list(QUERIES))
    print(f"\n{matrix.line()}")
    assert matrix.leaks == []
    assert matrix.cells >= LEAST_CELLS
    assert matrix.refused >= LEAST_REFUSED
    # A question that nobody is answered would hide what it tells.
    assert matrix.answered_to >= {("state", name) for name in QUERIES}


@pytest.mark.audit
def test_nor_with_two_parameters_at_once(warehouse, capsys):
    matrix = ask_all(warehouse, list(QUERIES), together=2)
    with capsys.disabled():
        print(f"\n{matrix.line()}")
    assert matrix.leaks == []
    assert matrix.cells >= LEAST_CELLS_OF_PAIRS


def test_the_state_does_get_both_cities_codes(warehouse):
    # Without this the tests above could pass on empty answers.
    seen = "".join(
        warehouse.run(name, {}, STATE).frame.to_csv()
        for name, query in QUERIES.items()
        if query.query_class is QueryClass.NAMED
    )
    assert "east:" in seen
    assert "west:" in seen
    ever = {"date_from": "2022-01-01", "date_until": "2026-01-01"}
    assert set(warehouse.run("incident_points", ever, STATE).frame["city"]) == set(CITIES)
