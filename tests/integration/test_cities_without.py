"""Of which cities a report cannot tell, for what their sources hold and from when."""

from __future__ import annotations

from dataclasses import replace

import pytest

from longevity.auth.viewers import STATE
from longevity.release.store import Store
from longevity.reports.context import ReportContext
from longevity.settings import Settings
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY
from tests.factories import odd_release


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The small program of `tests/factories/odd_release.py`."""
    return odd_release.publish_release(tmp_path_factory.mktemp("odd"))


@pytest.mark.parametrize(("begins", "unknown"), [("2026-04-01", []), ("2026-04-02", ["east"])])
def test_nobody_knows_what_is_open_of_a_city_whose_enforcement_has_just_begun(odd, begins, unknown):
    """To June 30 a case of April 1 may still be open."""
    release = Store(odd.home).current()
    manifest = {**release.manifest, "data_from": {"enforcement_actions": {"east": begins}}}
    warehouse = Warehouse(replace(release, manifest=manifest), odd)
    context = ReportContext(odd, STATE, warehouse, TODAY)
    assert context.find_cities_without_follow_up() == [*unknown, "west"]
    warehouse.close()
