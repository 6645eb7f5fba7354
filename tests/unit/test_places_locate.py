from __future__ import annotations

import numpy as np
import pytest
import shapely

from longevity.geography.boundaries import CityBoundaries
from longevity.geography.locate import find_far
from tests.factories.areas import boundaries, degrees

LEFT = shapely.box(300_000, 200_000, 301_000, 201_000)
RIGHT = shapely.box(301_000, 200_000, 302_000, 201_000)


@pytest.fixture
def pair() -> CityBoundaries:
    """Two squares side by side; the one on the right is the first by name."""
    return boundaries({"west": LEFT, "east": RIGHT})


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
