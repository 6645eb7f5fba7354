from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from longevity.geography.approximate_boundaries import REACH, build_power_diagram
from longevity.geography.reference_neighbourhoods import Neighbourhood

CRS = "EPSG:26956"
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
    drawn = build_power_diagram(list(areas), CRS)
    return dict(zip(drawn["neighbourhood"], drawn.geometry, strict=True))


def radius(km2: float) -> float:
    return math.sqrt(km2 * 1e6 / math.pi)


def discs(areas: list[Neighbourhood]) -> shapely.Geometry:
    forth = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
    return shapely.union_all(
        [
            shapely.Point(forth.transform(each.longitude, each.latitude)).buffer(
                REACH * radius(each.area_km2), quad_segs=128
            )
            for each in areas
        ]
    )


def test_no_area_is_no_cell() -> None:
    assert build_power_diagram([], CRS).empty


def test_one_area_is_its_disc() -> None:
    drawn = cells(area("only", 0, 0, 2.0))["only"]
    assert drawn.area == pytest.approx(math.pi * (REACH * radius(2.0)) ** 2, rel=1e-3)
    assert drawn.covers(shapely.Point(CENTRE))


def test_the_border_of_two_lies_where_their_powers_meet() -> None:
    drawn = cells(area("big", 0, 0, 4.0), area("small", 1800, 0, 1.0))
    # d1² - r1² = d2² - r2² on the line between, d1 + d2 = 1800
    meets = (1800**2 + radius(4.0) ** 2 - radius(1.0) ** 2) / 3600
    assert drawn["big"].bounds[2] - CENTRE[0] == pytest.approx(meets, abs=0.01)
    assert drawn["small"].bounds[0] - CENTRE[0] == pytest.approx(meets, abs=0.01)


@pytest.mark.parametrize(("count", "seed"), [(2, 0), (7, 1), (20, 2), (45, 3), (45, 4)])
def test_areas_fit_together_and_fill_their_discs(count: int, seed: int) -> None:
    areas = scattered(count, seed)
    drawn = build_power_diagram(areas, CRS)
    shapes = drawn.geometry.values
    assert drawn["neighbourhood"].is_monotonic_increasing
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    assert sum(shapes.area) == pytest.approx(shapely.union_all(shapes).area, rel=1e-9)
    assert shapely.union_all(shapes).area == pytest.approx(discs(areas).area, rel=1e-3)


@pytest.mark.parametrize("seed", [5, 6])
def test_a_point_is_where_its_power_is_least(seed: int) -> None:
    areas = [each for each in scattered(15, seed) if each.area_km2 < 1.5]
    drawn = cells(*areas)
    forth = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
    rng = np.random.default_rng(seed)
    for x, y in rng.uniform(-6000, 6000, (400, 2)) + CENTRE:
        powers = []
        for each in areas:
            lx, ly = forth.transform(each.longitude, each.latitude)
            powers.append((x - lx) ** 2 + (y - ly) ** 2 - radius(each.area_km2) ** 2)
        holds = [name for name, cell in drawn.items() if cell.intersects(shapely.Point(x, y))]
        if holds:
            assert holds == [areas[int(np.argmin(powers))].name]


@pytest.mark.parametrize("seed", range(5))
def test_every_area_holds_its_own_label_point(seed: int) -> None:
    areas = [*scattered(20, seed), area("dwarf", 300, 0, 0.01), area("giant", 0, 0, 40.0)]
    forth = Transformer.from_crs("EPSG:4326", CRS, always_xy=True)
    drawn = cells(*areas)
    for each in areas:
        point = shapely.Point(forth.transform(each.longitude, each.latitude))
        assert drawn[each.name].distance(point) < 0.01, each.name


def test_label_points_that_coincide_each_get_ground() -> None:
    twins = [area(f"twin {each}", 0, 0, 1.0 + each) for each in range(3)]
    drawn = build_power_diagram([*twins, area("far", 2500, 0, 2.0)], CRS)
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
    drawn = build_power_diagram([area("a", 0, 0, math.nan), area("b", 900, 0, math.nan)], CRS)
    assert (drawn.area > 500_000).all()


def test_the_order_given_makes_no_difference() -> None:
    areas = scattered(12, 9)
    one, other = build_power_diagram(areas, CRS), build_power_diagram(areas[::-1], CRS)
    assert one["neighbourhood"].tolist() == other["neighbourhood"].tolist()
    assert shapely.equals_exact(one.geometry.values, other.geometry.values).all()
