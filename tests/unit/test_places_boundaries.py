from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import geopandas as gpd
import pytest
import shapely

from longevity.errors import DataError
from longevity.geography import (
    boundaries,
    installed_boundaries,
    reference_neighbourhoods,
)
from longevity.settings import Settings
from tests.factories.areas import boundaries as made_up
from tests.factories.areas import write_squares

TODAY = date(2026, 11, 23)


@pytest.fixture
def city(settings: Settings) -> str:
    return next(iter(settings.cities))


def test_the_outlines_that_ship_are_the_areas_of_the_published_facts(settings):
    for city in settings.cities:
        got = boundaries.find_boundaries(settings, city)
        known = reference_neighbourhoods.list_neighbourhoods(settings, city)
        assert (got.city, got.kind) == (city, "shipped")
        for frame in (got.full, got.simplified, got.areas):
            assert frame["neighbourhood"].tolist() == [fact.name for fact in known]
        assert got.areas["area_km2"].tolist() == pytest.approx(
            [fact.area_km2 for fact in known], rel=0.02, abs=0.02
        )
        people = [fact.population for fact in known if fact.population is not None]
        assert got.areas["population"].dropna().tolist() == people
        assert (got.full.crs, got.simplified.crs) == (settings.projected_crs, "EPSG:4326")


def test_the_outlines_that_ship_fit_together_are_light_and_say_where_they_are_from(settings):
    for city in settings.cities:
        file = settings.reference / boundaries.OUTLINES / f"{city}.geojson"
        content = json.loads(file.read_text(encoding="utf-8"))
        shapes = [shapely.geometry.shape(area["geometry"]) for area in content["features"]]
        assert shapely.is_valid(shapes).all()
        assert shapely.coverage_is_valid(shapes)
        assert file.stat().st_size <= 40 * 1024
        assert all(content[key] for key in ("source", "licence", "read", "credit"))


@pytest.mark.parametrize("content", ["{", "[]", '{"features": []}', '{"features": [3]}'])
def test_a_damaged_outline_is_a_sentence(settings, tmp_path, content):
    folder = tmp_path / boundaries.OUTLINES
    folder.mkdir()
    (folder / "hartford.geojson").write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"hartford\.geojson is damaged\. Put the file back"):
        boundaries.find_boundaries(replace(settings, reference=tmp_path), "hartford")


def test_installed_ones_win(settings, city, tmp_path):
    bare = replace(settings, reference=tmp_path / "none")
    file = write_squares(tmp_path / "lines.geojson", ["Beta", "Alpha"], population=[0, 70])
    installed_boundaries.install_boundaries(bare, city, file, None, TODAY)
    got = boundaries.find_boundaries(bare, city)
    assert (got.kind, got.source) == ("installed", "lines.geojson, installed 2026-11-23")
    assert got.areas["neighbourhood"].tolist() == ["Alpha", "Beta"]
    assert got.areas["population"].isna().tolist() == [False, True]
    assert got.areas["area_km2"].tolist() == pytest.approx([1.0, 1.0], rel=1e-3)


def test_a_damaged_installed_file_is_a_sentence(settings, city):
    kept = installed_boundaries.find_path(settings, city)
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"PAR1 and then nothing")
    with pytest.raises(DataError, match=r"is damaged\. Install the city's boundaries again"):
        boundaries.find_boundaries(settings, city)


def test_a_hole_runs_the_other_way_and_a_speck_is_left_out():
    ring = shapely.box(300_000, 200_000, 301_000, 201_000).difference(
        shapely.box(300_400, 200_400, 300_600, 200_600)
    )
    speck = shapely.box(302_000, 200_000, 302_000.02, 200_000.02)
    drawn = boundaries.build_geojson([made_up({"ring": shapely.MultiPolygon([ring, speck])})])
    (part,) = drawn["features"][0]["geometry"]["coordinates"]
    outer, hole = (shapely.LinearRing(ring) for ring in part)
    assert outer.is_ccw
    assert not hole.is_ccw


def test_a_label_lies_where_there_is_room_for_a_name():
    # A circle would find more room in the tall part, a name finds more in the wide one.
    wide = shapely.box(300_000, 200_000, 301_000, 200_400)
    tall = shapely.box(302_000, 200_000, 302_500, 203_000)
    city = made_up({"both": shapely.MultiPolygon([wide, tall])})
    (feature,) = boundaries.build_geojson([city])["features"]
    degrees = gpd.GeoSeries([shapely.Point(feature["properties"]["label"])], crs="EPSG:4326")
    assert wide.buffer(-150).covers(degrees.to_crs(city.full.crs)[0])
