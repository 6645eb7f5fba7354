from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from longevity.errors import DataError
from longevity.geography import (
    boundaries,
    installed_boundaries,
    reference_neighbourhoods,
)
from longevity.geography.boundaries import simplify_areas
from longevity.geography.reference_neighbourhoods import list_neighbourhoods
from longevity.settings import Settings
from tests.factories.areas import boundaries as made_up
from tests.factories.areas import write_squares

TODAY = date(2026, 11, 23)


@pytest.fixture
def city(settings):
    return next(iter(settings.cities))


def test_the_outlines_that_ship_are_the_areas_of_the_published_facts(settings):
    for city in settings.cities:
        got = boundaries.find_boundaries(settings, city)
        known = reference_neighbourhoods.list_neighbourhoods(settings, city)
        assert (got.city, got.kind) == (city, "shipped")
        for frame in (got.full, got.simplified, got.areas):
            assert frame["neighbourhood"].tolist() == [fact.name for fact in known]
        assert got.areas["area_km2"].tolist() == pytest.approx([fact.area_km2 for fact in known], rel=0.02, abs=0.02)
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
    ring = shapely.box(300_000, 200_000, 301_000, 201_000).difference(shapely.box(300_400, 200_400, 300_600, 200_600))
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


HEADER = "city,neighbourhood,longitude,latitude,area_km2,population,definition,source_url\n"
ALPHA = "{city},Alpha,-72.9,41.3,1,1,d,u"


def listed(settings: Settings, tmp_path: Path, *rows: str, header: str = HEADER) -> list[str]:
    """The areas of the first city where the published facts are these rows."""
    city = next(iter(settings.cities.values()))
    text = header + "".join(row.format(city=city.id, key=city.reference_key) + "\n" for row in rows)
    (tmp_path / "neighbourhoods.csv").write_text(text, encoding="utf-8")
    facts = list_neighbourhoods(replace(settings, reference=tmp_path), city.id)
    return [f"{f.name} {f.longitude} {f.latitude} {f.area_km2} {f.population}" for f in facts]


def test_published_areas_come_sorted_with_their_figures(settings, tmp_path):
    assert listed(
        settings,
        tmp_path,
        "{city},Zeta,-72.9,41.3,1.5,1200,d,u",
        "{key}, Alpha ,-72.8,41.2,,,d,u",
        "{city},NA,-72.8,41.2,2.5,0,d,u",
        "elsewhere,Other,no,41.2,2.5,1,d,u",
    ) == ["Alpha -72.8 41.2 nan None", "NA -72.8 41.2 2.5 None", "Zeta -72.9 41.3 1.5 1200"]
    assert list_neighbourhoods(replace(settings, reference=tmp_path / "none"), "hartford") == []
    assert listed(settings, tmp_path, "elsewhere,Other,-72.8,41.2,2.5,1,d,u") == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{city},Beta,-72.9,forty,1,1,d,u", "cannot be read: could not convert string"),
        ("{city},Beta,,41.3,1,1,d,u", "line 3: not a neighbourhood with"),
        ("{city},Beta,-72.9,141.3,1,1,d,u", "line 3: "),
        ("{city}, ,-72.9,41.3,1,1,d,u", "line 3: "),
        ("{city},B\u202eeta,-72.9,41.3,1,1,d,u", "line 3: "),
        ("{city},ALPHA,-72.8,41.3,1,1,d,u", "line 3: "),
    ],
)
def test_a_wrong_row_is_named(settings, tmp_path, row, said):
    with pytest.raises(DataError, match=said):
        listed(settings, tmp_path, ALPHA, row)


def test_a_file_that_cannot_be_used_is_refused(settings, tmp_path):
    with pytest.raises(DataError, match="with the columns city, neighbourhood"):
        listed(settings, tmp_path, header="city,neighbourhood,longitude\n")
    (tmp_path / "neighbourhoods.csv").write_bytes(b"\xff\xfe\x00" * 50)
    with pytest.raises(DataError, match="cannot be read"):
        list_neighbourhoods(replace(settings, reference=tmp_path), "hartford")


CRS = "EPSG:26956"
CORNER = np.array([300_000.0, 200_000.0])


def wavy(start: tuple[float, float], end: tuple[float, float], seed: int) -> np.ndarray:
    """A line of 200 corners between two places, straying to its sides by some metres."""
    at = np.linspace(0, 1, 200)[:, None]
    along = np.array(end) - np.array(start)
    aside = np.array([-along[1], along[0]]) / np.hypot(*along)
    noise = np.random.default_rng(seed).normal(0, 3, at.shape)
    return np.array(start) + at * along + aside * noise * np.sin(np.pi * at)


def quarters(seed: int) -> gpd.GeoDataFrame:
    """Four areas round one middle with wavy borders, as a surveyor's file has them."""
    middle, corners = (1000.0, 1000.0), [(0.0, 0.0), (2000.0, 0.0), (2000.0, 2000.0), (0.0, 2000.0)]
    spokes = [wavy(middle, corner, seed + place) for place, corner in enumerate(corners)]
    rims = [wavy(corners[p], corners[(p + 1) % 4], seed + 10 + p) for p in range(4)]
    shapes = [
        shapely.Polygon(np.concatenate([spokes[p], rims[p][1:], spokes[(p + 1) % 4][::-1][1:]]) + CORNER)
        for p in range(4)
    ]
    return frame(*shapes)


def frame(*shapes: shapely.Geometry) -> gpd.GeoDataFrame:
    names = [f"n{place}" for place in range(len(shapes))]
    return gpd.GeoDataFrame({"neighbourhood": names}, geometry=list(shapes), crs=CRS)


def check(full: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    drawn = simplify_areas(full)
    assert drawn.crs.to_epsg() == 4326
    assert drawn["neighbourhood"].tolist() == full["neighbourhood"].tolist()
    shapes = drawn.geometry.values
    assert not shapely.is_empty(shapes).any()
    assert shapely.is_valid(shapes).all()
    return drawn


def test_wavy_borders_get_light_and_stay_shared():
    full = quarters(0)
    assert full.is_valid.all()
    assert shapely.coverage_is_valid(full.geometry.values)
    drawn = check(full)
    assert shapely.coverage_is_valid(drawn.geometry.values)
    assert shapely.get_num_coordinates(drawn.geometry.values).sum() < 200
    there = drawn.to_crs(CRS).geometry.values
    apart = shapely.area(shapely.symmetric_difference(there, full.geometry.values))
    assert (apart / full.area < 0.02).all()


def test_borders_simplified_each_on_their_own_are_fitted_again():
    full = quarters(3)
    apart = full.set_geometry(shapely.simplify(full.geometry.values, [2.0, 4.0, 6.0, 8.0]))
    assert not shapely.coverage_is_valid(apart.geometry.values)
    drawn = check(apart)
    assert shapely.coverage_is_valid(drawn.geometry.values)
    there = drawn.to_crs(CRS)
    assert there.area.sum() == pytest.approx(4_000_000, rel=0.02)
    assert there.union_all().interiors[:] == []
