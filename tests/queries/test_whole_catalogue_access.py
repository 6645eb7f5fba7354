"""Over the whole catalogue and its parameters: who is answered, and with whose codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from longevity.errors import AccessError, UsageError
from longevity.warehouse import catalogue, viewers
from longevity.warehouse.catalogue import Parameter
from longevity.warehouse.viewers import PUBLIC, STATE, QueryClass
from longevity.warehouse.warehouse import Warehouse
from tests import reach_release, tiny_release

QUERIES = catalogue.load()
BEYOND = [n for n, q in QUERIES.items() if not q.query_class.public]
CITIES = ("east", "west")


def values(parameter: Parameter) -> list[Any]:
    """What is worth trying for one parameter."""
    return {
        "city": [None, "all", "null", *CITIES],
        "neighbourhood": [None, "Harbour", "Mill"],
        "date": [None, "2023-03-01", "2024-02-29", "2024-07-01"],
        "integer": [None, parameter.least or 0, parameter.most or 500],
        "text": [None, "east", "west", "' OR TRUE --"],
        "choice": [None, *parameter.choices],
    }[parameter.kind]


def asked(name: str) -> Iterator[dict[str, Any]]:
    """The bare name, then every parameter's values, alone and with each city."""
    parameters = QUERIES[name].parameters
    cities = values(parameters["city"]) if "city" in parameters else [None]
    for city in cities:
        base = {} if city is None else {"city": city}
        yield base
        for parameter in parameters.values():
            if parameter.name != "city":
                yield from ({**base, parameter.name: value} for value in values(parameter))


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Warehouse]:
    """Random rows; every code says its city."""
    world = reach_release.drawn(11)
    folder = tmp_path_factory.mktemp("access")
    release = reach_release.write(folder / "release", world.rows, world.through)
    opened = Warehouse(release, tiny_release.settings(folder / "config"))
    yield opened
    opened.close()


@pytest.mark.parametrize("name", BEYOND)
def test_nothing_beyond_the_public_record_is_answered_to_the_public(
    warehouse: Warehouse, name: str
) -> None:
    for given in asked(name):
        try:
            warehouse.run(name, given, PUBLIC)
        except AccessError:
            continue
        except UsageError:
            continue  # a value that cannot be is refused before access is asked
        pytest.fail(f"answered the public: {given}")


@pytest.mark.parametrize("own", CITIES)
@pytest.mark.parametrize("name", list(QUERIES))
def test_a_city_never_gets_a_code_of_another(warehouse: Warehouse, name: str, own: str) -> None:
    viewer = viewers.parse(f"city:{own}", warehouse.settings)
    other = next(city for city in CITIES if city != own)
    for given in asked(name):
        try:
            frame = warehouse.run(name, given, viewer).frame
        except AccessError:
            assert given.get("city") == other, given
            continue
        except UsageError:
            continue
        assert f"{other}:" not in frame.to_csv(), given
        if name in BEYOND:
            assert "city" in frame.columns or frame.empty or "city" in QUERIES[name].parameters
            if "city" in frame.columns:
                assert set(frame["city"]) <= {own}, given


def test_the_state_does_get_both_cities_codes(warehouse: Warehouse) -> None:
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
