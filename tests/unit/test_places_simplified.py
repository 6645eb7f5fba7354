from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from longevity.geography.boundaries import fit_together, simplify_areas

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
        shapely.Polygon(
            np.concatenate([spokes[p], rims[p][1:], spokes[(p + 1) % 4][::-1][1:]]) + CORNER
        )
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


def test_tiny_areas_survive():
    x, y = CORNER
    drawn = check(
        frame(shapely.box(x, y, x + 1000, y + 1000), shapely.box(x + 1000, y, x + 1003, y + 3))
    )
    assert 4 < drawn.to_crs(CRS).area.min() <= 9.01


def test_borders_simplified_each_on_their_own_are_fitted_again():
    full = quarters(3)
    apart = full.set_geometry(shapely.simplify(full.geometry.values, [2.0, 4.0, 6.0, 8.0]))
    assert not shapely.coverage_is_valid(apart.geometry.values)
    drawn = check(apart)
    assert shapely.coverage_is_valid(drawn.geometry.values)
    there = drawn.to_crs(CRS)
    assert there.area.sum() == pytest.approx(4_000_000, rel=0.02)
    assert there.union_all().interiors[:] == []


def test_ground_covered_twice_goes_to_the_first():
    one, other = shapely.box(0, 0, 100, 100), shapely.box(96, 0, 200, 100)
    first, second = fit_together(np.array([one, other], dtype=object))
    assert (first.area, second.area) == (pytest.approx(10_000), pytest.approx(10_000))
