"""Real incidents and official boundaries, from the messy file to the answer on the map."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from longevity import settings as configuration
from longevity.app import publish
from longevity.auth import viewers
from longevity.geography import installed_boundaries
from longevity.ingest import importing
from longevity.release.store import Store
from longevity.settings import ROOT, Settings
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY, quiet

EXAMPLE = ROOT / "docs" / "examples" / "gun-violence-archive.toml"
YEARS = {"date_from": date(2014, 1, 1), "date_until": date(2018, 1, 1)}
CENTRES = [(41.1801, -73.1887), (41.7887, -72.6624), (41.3048, -72.9230)]


@pytest.fixture(scope="module")
def served(
    real: Path, demonstration: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Settings, Warehouse]:
    """The real file published with official boundaries, over the demonstration."""
    folder = tmp_path_factory.mktemp("real")
    settings = configuration.load_settings(home=folder / "home", environment={})
    publish.publish_release(demonstration, settings, TODAY, None, quiet)
    for city in settings.cities:
        installed_boundaries.install_boundaries(
            settings, city, real / "boundaries" / f"{city}.geojson", None, TODAY
        )
    source = real / "incidents" / "gva_ct_2013_2018.csv"
    report = importing.import_source(
        source, EXAMPLE, folder / "extracts", settings, TODAY, None, quiet
    )
    assert report.rows_in == report.accepted + report.quarantined == 1631
    publish.publish_release(folder / "extracts", settings, TODAY, None, quiet)
    return settings, Warehouse(Store(settings.home).current(), settings)


@pytest.fixture(scope="module")
def source(real: Path) -> pd.DataFrame:
    return pd.read_csv(real / "incidents" / "gva_ct_2013_2018.csv", parse_dates=["date"])


def test_victims_by_neighbourhood_equals_an_independent_join(
    served: tuple[Settings, Warehouse], source: pd.DataFrame, real: Path
) -> None:
    settings, warehouse = served
    expected: dict[tuple[str, str], tuple[int, int, int]] = {}
    shot = source[source["date"].between("2014-01-01", "2017-12-31")]
    shot = shot[(shot["n_killed"] + shot["n_injured"] > 0) & shot["latitude"].notna()]
    for city, about in settings.cities.items():
        areas = gpd.read_file(real / "boundaries" / f"{city}.geojson").to_crs(26956)
        own = shot[(shot["city"] == about.name)]
        own = own[
            ~pd.Series(list(zip(own.latitude, own.longitude, strict=True)), own.index).isin(CENTRES)
        ]
        points = gpd.GeoDataFrame(
            own, geometry=gpd.points_from_xy(own.longitude, own.latitude), crs=4326
        ).to_crs(26956)
        joined = gpd.sjoin(points, areas, predicate="within")
        for name in areas["name"]:
            here = joined[joined["name"] == name]
            expected[city, name] = (len(here), int(here.n_killed.sum()), int(here.n_injured.sum()))
    asked = {"windows": [tuple(YEARS.values())], "unit": "neighbourhood"}
    answer = warehouse.run("counts", asked, viewers.PUBLIC).frame
    got = {
        (row.city, row.neighbourhood): (row.incidents, row.fatal, row.nonfatal)
        for row in answer.itertuples()
    }
    assert got == expected


def test_the_centre_points_are_counted_for_the_city_and_are_on_no_map(
    served: tuple[Settings, Warehouse], source: pd.DataFrame
) -> None:
    settings, warehouse = served
    answer = warehouse.run("unlocated_victims_by_city", YEARS, viewers.PUBLIC).frame
    at_city = answer[answer["reason"] == "city_precision"].set_index("city")["victims"]
    within = source[source["date"].between("2014-01-01", "2017-12-31")]
    for city, about in settings.cities.items():
        own = within[within["city"] == about.name]
        centre = [(la, lo) in CENTRES for la, lo in zip(own.latitude, own.longitude, strict=True)]
        assert at_city[city] == int((own.n_killed + own.n_injured)[centre].sum())


def test_the_rows_of_2013_are_counted_nowhere_and_listed_as_left_out(
    served: tuple[Settings, Warehouse], source: pd.DataFrame
) -> None:
    # The mapping says the file is complete from 2014 on; 2013 holds a row or two a city.
    _, warehouse = served
    early = source[source["date"] < "2014-01-01"]
    assert int((early.n_killed + early.n_injured).sum()) > 0
    period = {"date_from": "2013-01-01", "date_until": YEARS["date_until"]}
    for query in ("counts", "unlocated_victims_by_city"):
        totals = []
        for asked in (period, YEARS):
            given = {"windows": [tuple(date.fromisoformat(str(day)) for day in asked.values())]}
            frame = warehouse.run(
                query, given if query == "counts" else asked, viewers.PUBLIC
            ).frame
            totals.append(frame["victims"].sum())
        assert totals[0] == totals[1]
    left_out = warehouse.run("uncounted_by_circumstance", {}, viewers.STATE).frame
    listed = left_out[left_out["circumstance"] == "before_data_from"]
    assert set(listed["year"]) == {2013}
    assert int(listed["incidents"].sum()) == len(early)
    assert int(listed["victims"].sum()) == int((early.n_killed + early.n_injured).sum())
