from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from longevity.errors import DataError, UsageError
from longevity.geography import boundaries, installed_boundaries, reference_neighbourhoods
from longevity.settings import Settings
from tests.factories.areas import boundaries as made_up
from tests.factories.areas import write_squares

TODAY = date(2026, 11, 23)


@pytest.fixture
def city(settings: Settings) -> str:
    return next(iter(settings.cities))


def test_without_official_ones_they_are_approximate(settings: Settings, city: str) -> None:
    got = boundaries.find_boundaries(settings, city, synthetic=False)
    known = reference_neighbourhoods.list_neighbourhoods(settings, city, synthetic=False)
    assert (got.city, got.kind) == (city, "approximate")
    assert got.source == "approximate, from label points and areas"
    for frame in (got.full, got.simplified, got.areas):
        assert frame["neighbourhood"].tolist() == [each.name for each in known]
    assert got.full.crs == settings.projected_crs
    assert got.simplified.crs == "EPSG:4326"
    assert got.areas["area_km2"].tolist() == [each.area_km2 for each in known]
    without = {each.name for each in known if each.population is None}
    assert set(got.areas.loc[got.areas["population"].isna(), "neighbourhood"]) == without


def test_each_approximate_area_is_in_one_piece_round_its_label_point(settings: Settings) -> None:
    for each in settings.cities:
        drawn = boundaries.find_boundaries(settings, each, synthetic=False).simplified
        known = reference_neighbourhoods.list_neighbourhoods(settings, each, synthetic=False)
        assert set(drawn.geom_type) == {"Polygon"}
        points = shapely.points([(one.longitude, one.latitude) for one in known])
        assert shapely.covers(drawn.geometry.values, points).all()


def test_synthetic_data_without_facts_has_invented_areas(settings: Settings, city: str) -> None:
    bare = replace(settings, reference=settings.home)
    got = boundaries.find_boundaries(bare, city, synthetic=True)
    assert (got.kind, got.source) == ("approximate", "approximate, of invented areas")
    assert got.areas["population"].isna().sum() == 1


def test_real_data_without_facts_has_none(settings: Settings, city: str) -> None:
    bare = replace(settings, reference=settings.home)
    got = boundaries.find_boundaries(bare, city, synthetic=False)
    assert got.kind == "none"
    assert list(got.full.columns) == list(got.simplified.columns) == ["neighbourhood", "geometry"]
    assert list(got.areas.columns) == ["neighbourhood", "population", "area_km2"]
    assert got.areas["population"].dtype == "Int64"
    assert len(got.full) == len(got.simplified) == len(got.areas) == 0
    assert got.full.crs == settings.projected_crs
    assert boundaries.build_geojson([got])["features"] == []


@pytest.mark.parametrize("synthetic", [True, False])
def test_installed_ones_win(settings: Settings, city: str, tmp_path: Path, synthetic: bool) -> None:
    bare = replace(settings, reference=tmp_path / "none")
    file = write_squares(tmp_path / "lines.geojson", ["Beta", "Alpha"], population=[0, 70])
    installed_boundaries.install_boundaries(bare, city, file, None, TODAY)
    got = boundaries.find_boundaries(bare, city, synthetic)
    assert (got.kind, got.source) == ("installed", "lines.geojson, installed 2026-11-23")
    assert got.areas["neighbourhood"].tolist() == ["Alpha", "Beta"]
    assert got.areas["population"].isna().tolist() == [False, True]
    assert got.areas["area_km2"].tolist() == pytest.approx([1.0, 1.0], rel=1e-3)


def test_a_damaged_installed_file_is_a_sentence(settings: Settings, city: str) -> None:
    kept = installed_boundaries.find_path(settings, city)
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"PAR1 and then nothing")
    with pytest.raises(DataError, match=r"is damaged\. Install the city's boundaries again"):
        boundaries.find_boundaries(settings, city, synthetic=True)


def test_an_unknown_city_is_a_sentence(settings: Settings) -> None:
    with pytest.raises(UsageError):
        boundaries.find_boundaries(settings, "nowhere", synthetic=True)


def test_the_map_file_names_each_area_and_turns_its_rings(settings: Settings) -> None:
    cities = [
        boundaries.find_boundaries(settings, each, synthetic=True) for each in settings.cities
    ]
    collection = json.loads(boundaries.encode_geojson(cities))
    assert collection["type"] == "FeatureCollection"
    ids = [each["id"] for each in collection["features"]]
    assert ids == sorted(ids, key=lambda each: each.split("/"))
    assert len(set(ids)) == sum(len(each.full) for each in cities)
    for feature in collection["features"]:
        said = feature["properties"]
        assert set(said) == {"city", "neighbourhood", "label"}
        assert feature["id"] == f"{said['city']}/{said['neighbourhood']}"
        shape = shapely.geometry.shape(feature["geometry"])
        assert shape.is_valid
        for part in shape.geoms:
            assert part.exterior.is_ccw
            assert not any(hole.is_ccw for hole in part.interiors)


def test_a_hole_runs_the_other_way_and_a_speck_is_left_out() -> None:
    ring = shapely.box(300_000, 200_000, 301_000, 201_000).difference(
        shapely.box(300_400, 200_400, 300_600, 200_600)
    )
    speck = shapely.box(302_000, 200_000, 302_000.02, 200_000.02)
    drawn = boundaries.build_geojson([made_up({"ring": shapely.MultiPolygon([ring, speck])})])
    parts = drawn["features"][0]["geometry"]["coordinates"]
    assert [len(part) for part in parts] == [2]
    outer, hole = (shapely.LinearRing(each) for each in parts[0])
    assert outer.is_ccw
    assert not hole.is_ccw


def test_a_label_lies_where_there_is_room_for_a_name() -> None:
    # A circle would find more room in the tall part, a name finds more in the wide one.
    wide = shapely.box(300_000, 200_000, 301_000, 200_400)
    tall = shapely.box(302_000, 200_000, 302_500, 203_000)
    city = made_up({"both": shapely.MultiPolygon([wide, tall])})
    (feature,) = boundaries.build_geojson([city])["features"]
    degrees = gpd.GeoSeries([shapely.Point(feature["properties"]["label"])], crs="EPSG:4326")
    assert wide.buffer(-150).covers(degrees.to_crs(city.full.crs)[0])


def test_coordinates_have_six_decimals_and_the_bytes_are_always_the_same(
    settings: Settings,
) -> None:
    once, again = (
        boundaries.encode_geojson(
            boundaries.find_boundaries(settings, each, synthetic=True) for each in order
        )
        for order in (list(settings.cities), list(settings.cities)[::-1])
    )
    assert once == again
    corners = np.concatenate(
        [
            shapely.get_coordinates(shapely.geometry.shape(each["geometry"]))
            for each in json.loads(once)["features"]
        ]
    )
    assert np.array_equal(corners, np.round(corners, 6))


def test_neighbours_still_share_their_borders_in_the_map_file(settings: Settings) -> None:
    for each in settings.cities:
        drawn = boundaries.build_geojson(
            [boundaries.find_boundaries(settings, each, synthetic=True)]
        )
        shapes = [shapely.geometry.shape(each["geometry"]) for each in drawn["features"]]
        assert shapely.coverage_is_valid(shapes)
