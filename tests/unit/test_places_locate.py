from __future__ import annotations

import numpy as np
import pytest
import shapely

from longevity.geography.boundaries import CityBoundaries
from longevity.geography.locate import find_far, locate_in_metres, locate_points
from tests.factories.areas import boundaries, degrees

LEFT = shapely.box(300_000, 200_000, 301_000, 201_000)
RIGHT = shapely.box(301_000, 200_000, 302_000, 201_000)


@pytest.fixture
def pair() -> CityBoundaries:
    """Two squares side by side; the one on the right is the first by name."""
    return boundaries({"west": LEFT, "east": RIGHT})


def test_a_point_is_in_its_area(pair):
    longitude, latitude = degrees([300_500, 301_500, 300_500], [200_500, 200_500, 202_500])
    assert locate_points(longitude, latitude, pair).tolist() == ["west", "east", None]


def test_a_point_on_a_border_is_in_the_first_by_name(pair):
    corners = locate_in_metres([301_000, 301_000, 300_000], [200_500, 200_000, 200_500], pair)
    assert corners.tolist() == ["east", "east", "west"]


@pytest.mark.filterwarnings("error")
def test_impossible_points_are_nowhere(pair):
    odd = [np.nan, np.inf, -np.inf, 0.0, 180.0, -180.0, 90.0, 1e300, -1e300, 361.0, 41.5]
    longitude, latitude = map(np.ravel, np.meshgrid(odd, odd))
    assert set(locate_points(longitude, latitude, pair)) == {None}


def test_a_point_is_far_beyond_the_width_of_the_city(pair):
    """The two squares are two kilometres wide together, and one high."""
    steps = [(301_000, 200_500), (298_001, 200_500), (297_999, 200_500), (301_000, 203_001)]
    corner = [(303_400, 202_400), (303_430, 202_430)]  # measured to the area, not to its box
    longitude, latitude = degrees(*map(list, zip(*steps, *corner, strict=True)))
    found = find_far(longitude, latitude, pair).tolist()
    assert found == [False, False, True, True, False, True]


@pytest.mark.filterwarnings("error")
def test_far_places_are_far_and_none_are_not(pair):
    longitude, latitude = map(np.ravel, np.meshgrid(np.arange(-180, 181, 3), np.arange(-90, 91, 3)))
    assert find_far(longitude, latitude, pair).all()
    assert not find_far([np.nan, np.inf, -72.7], [41.5, 41.5, np.nan], pair).any()
    assert not find_far([0.0], [0.0], boundaries({})).any()


def test_no_points_and_no_areas(pair):
    assert locate_points([], [], pair).tolist() == []
    assert locate_points([-72.7], [41.5], boundaries({})).tolist() == [None]


def test_a_hole_is_nowhere_unless_filled():
    hole = shapely.box(300_400, 200_400, 300_600, 200_600)
    ring = boundaries({"ring": LEFT.difference(hole)})
    assert locate_in_metres([300_500, 300_100], [200_500, 200_100], ring).tolist() == [
        None,
        "ring",
    ]


def test_a_city_across_the_180th_meridian():
    fiji = boundaries({"all": shapely.box(1_990_000, 3_990_000, 2_010_000, 4_010_000)}, "EPSG:3460")
    longitude, latitude = degrees([1_995_000, 2_005_000], [4_000_000, 4_000_000], "EPSG:3460")
    turned = np.where(longitude > 0, longitude, longitude + 360)
    middle = turned.mean()
    assert abs(middle - 178.75) < 1
    assert locate_points(longitude, latitude, fiji).tolist() == ["all", "all"]
