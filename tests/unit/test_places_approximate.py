from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from longevity.geography.approximate_boundaries import build_approximate_areas
from longevity.geography.reference_neighbourhoods import Neighbourhood

CRS = "EPSG:26956"
FORTH = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
BACK = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
CENTRE = (304_800.0, 200_000.0)


def area(name: str, x: float, y: float, km2: float) -> Neighbourhood:
    """An area whose label point is x, y metres from the middle."""
    longitude, latitude = BACK.transform(CENTRE[0] + x, CENTRE[1] + y)
    return Neighbourhood("east", name, longitude, latitude, km2, None)


def scattered(count: int, seed: int) -> list[Neighbourhood]:
    rng = np.random.default_rng(seed)
    return [
        area(f"n{each:03d}", *rng.uniform(-5000, 5000, 2), float(rng.uniform(0.2, 6)))
        for each in range(count)
    ]


def cells(*areas: Neighbourhood) -> dict[str, shapely.Geometry]:
    drawn = build_approximate_areas(list(areas), CRS).simplified
    return dict(zip(drawn["neighbourhood"], drawn.geometry, strict=True))


def radius(km2: float) -> float:
    return math.sqrt(km2 * 1e6 / math.pi)


def label_point(area: Neighbourhood) -> shapely.Point:
    return shapely.Point(FORTH.transform(area.longitude, area.latitude))


def test_no_area_is_no_cell() -> None:
    none = build_approximate_areas([], CRS)
    assert none.simplified.empty
    assert none.located.empty


def test_the_border_of_two_lies_where_their_powers_meet() -> None:
    drawn = cells(area("big", 0, 0, 4.0), area("small", 1800, 0, 1.0))
    # d1² - r1² = d2² - r2² on the line between, d1 + d2 = 1800
    meets = (1800**2 + radius(4.0) ** 2 - radius(1.0) ** 2) / 3600
    assert drawn["big"].bounds[2] - CENTRE[0] == pytest.approx(meets, abs=0.01)
    assert drawn["small"].bounds[0] - CENTRE[0] == pytest.approx(meets, abs=0.01)


SCATTERED = [(2, 0), (7, 1), (20, 2), (45, 3), (45, 4)]


@pytest.mark.parametrize(("count", "seed"), SCATTERED)
def test_neighbours_share_their_borders_to_the_last_corner(count: int, seed: int) -> None:
    both = build_approximate_areas(scattered(count, seed), CRS)
    for frame in (both.simplified, both.located):
        assert frame["neighbourhood"].is_monotonic_increasing
        assert shapely.is_valid(frame.geometry.values).all()
        assert shapely.coverage_is_valid(frame.geometry.values)


@pytest.mark.parametrize(("count", "seed"), [(1, 0), *SCATTERED])
def test_a_city_is_one_outline_without_a_hole(count: int, seed: int) -> None:
    outline = build_approximate_areas(scattered(count, seed), CRS).simplified.union_all()
    assert outline.geom_type == "Polygon"
    assert not outline.interiors


@pytest.mark.parametrize(("count", "seed"), [(1, 0), *SCATTERED])
def test_a_city_is_as_large_as_its_areas_together(count: int, seed: int) -> None:
    areas = scattered(count, seed)
    drawn = build_approximate_areas(areas, CRS).simplified
    assert drawn.area.sum() / 1e6 == pytest.approx(sum(each.area_km2 for each in areas), rel=0.05)


def test_borders_are_straight() -> None:
    # No arc anywhere: a disc's edge would have a hundred corners an area.
    drawn = build_approximate_areas(scattered(45, 3), CRS).simplified
    assert shapely.get_num_coordinates(drawn.geometry.values).mean() < 8


def test_areas_far_apart_are_one_city_and_keep_their_label_points() -> None:
    areas = [area("a", 0, 0, 1.0), area("b", 20_000, 0, 1.0), area("c", 0, 1500, 0.01)]
    drawn = cells(*areas)
    assert shapely.union_all(list(drawn.values())).geom_type == "Polygon"
    for each in areas:
        assert drawn[each.name].covers(label_point(each))


def test_points_beyond_the_outline_are_located_in_the_area_they_lie_beside() -> None:
    both = build_approximate_areas(scattered(20, 2), CRS)
    drawn, located = both.simplified.geometry, both.located.geometry
    assert located.buffer(0.01).covers(drawn).all()
    reach = shapely.distance(located.union_all().exterior, drawn.union_all().exterior)
    assert 500 < reach < 1500


@pytest.mark.parametrize("seed", [5, 6])
def test_a_point_is_where_its_power_is_least(seed: int) -> None:
    areas = [each for each in scattered(15, seed) if each.area_km2 < 1.5]
    drawn = cells(*areas)
    rng = np.random.default_rng(seed)
    for x, y in rng.uniform(-6000, 6000, (400, 2)) + CENTRE:
        powers = []
        for each in areas:
            far = shapely.Point(x, y).distance(label_point(each))
            powers.append(far**2 - radius(each.area_km2) ** 2)
        holds = [name for name, cell in drawn.items() if cell.intersects(shapely.Point(x, y))]
        if holds:
            assert holds == [areas[int(np.argmin(powers))].name]


@pytest.mark.parametrize("seed", range(5))
def test_every_area_holds_its_own_label_point(seed: int) -> None:
    areas = [*scattered(20, seed), area("dwarf", 300, 0, 0.01), area("giant", 0, 0, 40.0)]
    drawn = cells(*areas)
    for each in areas:
        assert drawn[each.name].distance(label_point(each)) < 0.01, each.name


def test_label_points_that_coincide_each_get_ground() -> None:
    twins = [area(f"twin {each}", 0, 0, 1.0 + each) for each in range(3)]
    drawn = build_approximate_areas([*twins, area("far", 2500, 0, 2.0)], CRS).simplified
    assert shapely.coverage_is_valid(drawn.geometry.values)
    assert (drawn.area > 100_000).all()


@pytest.mark.parametrize("unknown", [math.nan, 0.0, -3.0, math.inf])
def test_an_area_of_unknown_size_is_taken_to_be_of_the_middle_size(unknown: float) -> None:
    known = [area("a", 0, 0, 1.0), area("b", 3000, 0, 2.0), area("c", 0, 3000, 6.0)]
    assert shapely.equals_exact(
        cells(*known, area("d", 3000, 3000, unknown))["d"],
        cells(*known, area("d", 3000, 3000, 2.0))["d"],
    )


def test_no_size_known_is_still_a_map() -> None:
    areas = [area("a", 0, 0, math.nan), area("b", 900, 0, math.nan)]
    assert (build_approximate_areas(areas, CRS).simplified.area > 500_000).all()


def test_the_order_given_makes_no_difference() -> None:
    areas = scattered(12, 9)
    one, other = (build_approximate_areas(each, CRS).simplified for each in (areas, areas[::-1]))
    assert one["neighbourhood"].tolist() == other["neighbourhood"].tolist()
    assert shapely.equals_exact(one.geometry.values, other.geometry.values).all()
