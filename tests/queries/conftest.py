"""A warehouse over a hand-made release, one per table; it is opened once for all that is asked of it."""

from contextlib import ExitStack, closing
from functools import cache

import pytest

from longevity.auth.viewers import PUBLIC, STATE
from longevity.warehouse.warehouse import Warehouse
from tests.factories import reach_release, tiny_release
from tests.factories.reach_release import LAST
from tests.factories.tiny_release import AREAS


@pytest.fixture(scope="module")
def open_release(tmp_path_factory):
    """Opens what a function writes into a folder, until the module's tests are over."""
    with ExitStack() as opened:

        def open_in_folder(write):
            folder = tmp_path_factory.mktemp("release")
            settings = tiny_release.settings(folder / "config")
            return opened.enter_context(closing(Warehouse(write(folder / "release"), settings)))

        yield open_in_folder


@pytest.fixture(scope="module")
def ask(open_release):
    """`ask(table, query, ends, viewer, **parameters)` gives a frame, the public's by default."""

    @cache
    def open_table(table, *ends):
        return open_release(lambda out: tiny_release.write(out, tiny_release.incidents(table), AREAS, dict(ends)))

    def answer(table, query, /, ends, viewer=PUBLIC, **parameters):
        return open_table(table, *ends.items()).run(query, parameters, viewer).frame

    return answer


@pytest.fixture(scope="module")
def tell(open_release):
    """`tell(query, ends={extract: day}, begins=…, params={}, **tables)`: what the state sees.

    Extracts with a table, and those in `also`, are complete in East to LAST; West
    hands over no program data.
    """

    @cache
    def open_tables(tables, through, begins):
        ends, starts = ({name: {"east": day} for name, day in days} for days in (through, begins))
        given = reach_release.rows(**dict(tables))
        return open_release(lambda out: reach_release.write(out, given, ends, begins=starts))

    def answer(query, also=(), ends=None, params=None, begins=None, **tables):
        through = dict.fromkeys((*tables, *also), LAST) | (ends or {})
        warehouse = open_tables(*(tuple(given.items()) for given in (tables, through, begins or {})))
        asked = {"as_of": LAST, **(params or {})}
        if "as_of" not in warehouse.find_query(query).parameters:
            del asked["as_of"]
        return warehouse.run(query, asked, STATE).frame

    return answer
