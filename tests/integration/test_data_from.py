"""A source may say from which day it is complete."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from longevity.intake import extracts_file
from longevity.release import publish
from longevity.release.store import Store
from longevity.settings import Settings
from longevity.warehouse import viewers
from longevity.warehouse.warehouse import Warehouse
from tests import extracts
from tests.conftest import quiet

TODAY = date(2016, 1, 5)
THROUGH = date(2015, 12, 31)
DAYS = [date(year, 1, 9) for year in (2013, 2014, 2014, 2015)]


def _publish(folder: Path, settings: Settings, data_from: date | None) -> str:
    city = next(iter(settings.cities))
    incidents, victims = extracts.incidents_and_victims({city: [(day, 1, 0) for day in DAYS]})
    extracts.write(folder, through=THROUGH, cities=[city], incidents=incidents, victims=victims)
    if data_from:
        said = extracts_file.read(folder, settings)
        said.data_from = {"incidents": {city: data_from}}
        extracts_file.write(folder, said)
    return publish.publish(folder, settings, TODAY, None, quiet).release_id


def test_no_year_before_it_is_compared_or_called_whole(settings: Settings, tmp_path: Path) -> None:
    _publish(tmp_path / "extracts", settings, date(2014, 1, 1))
    warehouse = Warehouse(Store(settings.home).current(), settings)
    to_date = warehouse.run("year_to_date_by_city", {}, viewers.PUBLIC).frame
    assert dict(zip(to_date["year"], to_date["victims"], strict=True)) == {2014: 2, 2015: 1}
    by_year = warehouse.run("victims_by_year", {}, viewers.PUBLIC).frame
    assert 2013 not in set(by_year.loc[by_year["complete"], "year"])
    warehouse.close()


def test_saying_it_later_makes_another_release(settings: Settings, tmp_path: Path) -> None:
    before = _publish(tmp_path / "one", settings, None)
    after = _publish(tmp_path / "two", settings, date(2014, 1, 1))
    assert before != after
