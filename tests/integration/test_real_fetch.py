"""Official lines fetched from a portal on this machine, real incidents, and the answer on the map.

Each city's portal speaks as its own does: a download made on demand, a layer in pages, TopoJSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from longevity import settings as configuration
from longevity.app.publish import publish_release
from longevity.auth import viewers
from longevity.geography.boundary_fetch import fetch_boundaries
from longevity.ingest import importing
from longevity.release.store import Store
from longevity.settings import ROOT, Settings
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY, quiet
from tests.drivers.portal import Portal, body, in_turn, layer, leading_to, serve_portal
from tests.factories.topology import build_topology

EXAMPLE = ROOT / "docs" / "examples" / "gun-violence-archive.toml"
YEARS = {"date_from": "2014-01-01", "date_until": "2018-01-01"}
# Points on which a geocoder piled what it could not find: in no area.
CENTRES = [(41.1801, -73.1887), (41.7887, -72.6624), (41.3048, -72.9230)]
ADDRESSES = {
    "hartford": "/api/download/v1/items/x/geojson?layers=6",
    "new_haven": "/rest/services/Neighborhoods/FeatureServer/0",
    "bridgeport": "/bridgeport_topo.json",
}


def answer_as_the_cities_do(portal: Portal, lines: Path) -> None:
    """Serve the three cities' lines, each in the way its portal does and with its field names."""
    on_demand = in_turn(body({"status": "Pending"}, 202), leading_to("/made"))
    portal.answers["/api/download/v1/items/x/geojson"] = on_demand
    portal.answers["/made"] = body((lines / "hartford.geojson").read_bytes())
    areas = json.loads((lines / "new_haven.geojson").read_text(encoding="utf-8"))["features"]
    for area in areas:
        area["properties"] = {"OBJECTID": 1, "Neighborhood": area["properties"]["name"]}
    portal.answers["/rest/services/Neighborhoods/FeatureServer/0/query"] = layer(areas, 7)
    frame = gpd.read_file(lines / "bridgeport.geojson")[["name", "geometry"]]
    frame["name"] = frame["name"].replace("Downtown", "Downtown Bridgeport")
    portal.answers["/bridgeport_topo.json"] = body(build_topology(frame))


@pytest.fixture(scope="module")
def settings(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The configuration with addresses on this machine; every city's lines are fetched."""
    loaded = configuration.load_settings(home=tmp_path_factory.mktemp("home"), environment={})
    with serve_portal() as portal, pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1")
        answer_as_the_cities_do(portal, real / "boundaries")
        cities = {
            city.id: replace(city, boundaries_url=portal.at(ADDRESSES[city.id]))
            for city in loaded.cities.values()
        }
        loaded = replace(loaded, cities=cities)
        for city in loaded.cities:
            report = fetch_boundaries(loaded, city, None, TODAY, quiet)
            expected = gpd.read_file(real / "boundaries" / f"{city}.geojson")
            assert report.areas == len(expected)
            assert not any("published facts" in remark for remark in report.remarks)
        yield loaded


def test_victims_by_neighbourhood_equals_an_independent_join(
    settings: Settings, real: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    incidents = real / "incidents" / "gva_ct_2013_2018.csv"
    extracts = tmp_path / "extracts"
    importing.import_source(incidents, EXAMPLE, extracts, settings, TODAY, None, quiet)
    publish_release(extracts, settings, TODAY, None, quiet)
    release = Store(settings.home).current()
    answer = Warehouse(release, settings).run("victims_by_neighbourhood", YEARS, viewers.PUBLIC)
    got = {
        (row.city, row.neighbourhood): (row.incidents, row.fatal, row.nonfatal)
        for row in answer.frame.itertuples()
    }

    source = pd.read_csv(incidents, parse_dates=["date"])
    shot = source[source["date"].between("2014-01-01", "2017-12-31")]
    shot = shot[(shot["n_killed"] + shot["n_injured"] > 0) & shot["latitude"].notna()]
    piled = [(la, lo) in CENTRES for la, lo in zip(shot.latitude, shot.longitude, strict=True)]
    shot = shot[[not one for one in piled]]
    expected: dict[tuple[str, str], tuple[int, int, int]] = {}
    for city, about in settings.cities.items():
        lines = gpd.read_file(real / "boundaries" / f"{city}.geojson").to_crs(26956)
        own = shot[shot["city"] == about.name]
        places = gpd.points_from_xy(own.longitude, own.latitude, crs=4326)
        points = gpd.GeoDataFrame(own, geometry=places).to_crs(26956)
        joined = points.sjoin(lines, predicate="within")
        for name in lines["name"]:
            here = joined[joined["name"] == name]
            expected[city, name] = (len(here), int(here.n_killed.sum()), int(here.n_injured.sum()))
    assert len(expected) == 49
    assert got == expected
    with capsys.disabled():
        for city in settings.cities:
            own = [counts for (one, _), counts in expected.items() if one == city]
            shootings, killed, injured = (sum(each) for each in zip(*own, strict=True))
            print(
                f"\n{city}: {len(own)} areas, {shootings} shootings, {killed} killed and "
                f"{injured} injured in them, alike in each"
            )
    source_of = {city: about["source"] for city, about in release.manifest["boundaries"].items()}
    assert source_of["hartford"].endswith(f", fetched {TODAY}, licence CC0")
