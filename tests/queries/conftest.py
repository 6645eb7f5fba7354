"""A warehouse over a hand-made release, one per table."""

import itertools
from contextlib import closing

import pytest

from longevity.auth.viewers import PUBLIC, STATE
from longevity.warehouse.warehouse import Warehouse
from tests.factories import reach_release, tiny_release
from tests.factories.reach_release import LAST
from tests.factories.tiny_release import AREAS


@pytest.fixture
def ask(tmp_path):
    """`ask(table, query, ends, viewer, **parameters)` gives a frame, the public's by default."""
    numbers = itertools.count()

    def answer(table, query, /, ends, viewer=PUBLIC, **parameters):
        folder = tmp_path / f"release-{next(numbers)}"
        release = tiny_release.write(folder, tiny_release.incidents(table), AREAS, ends)
        with closing(Warehouse(release, tiny_release.settings(tmp_path / "config"))) as warehouse:
            return warehouse.run(query, parameters, viewer).frame

    return answer


@pytest.fixture
def tell(tmp_path):
    """`tell(query, ends={extract: day}, begins=…, params={}, **tables)`: what the state is told.

    Extracts with a table, and those in `also`, are complete in East to LAST; West
    hands over no program data.
    """
    numbers = itertools.count()

    def answer(query, also=(), ends=None, params=None, begins=None, **tables):
        given = reach_release.rows(**tables)
        through = {name: {"east": LAST} for name in (*given, *also)}
        through |= {name: {"east": day} for name, day in (ends or {}).items()}
        from_days = {name: {"east": day} for name, day in (begins or {}).items()}
        release = reach_release.write(tmp_path / f"{next(numbers)}", given, through, begins=from_days)
        with closing(Warehouse(release, tiny_release.settings(tmp_path / "config"))) as warehouse:
            asked = {"as_of": LAST, **(params or {})}
            if "as_of" not in warehouse.find_query(query).parameters:
                del asked["as_of"]
            return warehouse.run(query, asked, STATE).frame

    return answer
