"""Where a place is moved to: the middle of its square, whatever else there is."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from longevity.geography.blocks import BLOCK_METRES, find_middle_sql

EARTH = Geod(ellps="WGS84")


def moved(longitude: np.ndarray, latitude: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    x, y = find_middle_sql("x", "y")
    connection = duckdb.connect(":memory:")
    connection.register("given", pd.DataFrame({"x": longitude, "y": latitude}))
    frame = connection.execute(f"SELECT {x} AS x, {y} AS y FROM given").df()
    connection.close()
    return frame["x"].to_numpy(), frame["y"].to_numpy()


@pytest.mark.parametrize("place", [(-72.9, 41.3), (10.7, 59.9), (-58.4, -34.6), (36.8, -1.3)])
def test_a_place_moves_within_its_square_and_a_square_is_no_finer_than_a_block(place):
    dice = np.random.default_rng(5)
    # A square kilometre or so, some 5,000 places in it.
    longitude = place[0] + dice.uniform(0, 0.01, 5000)
    latitude = place[1] + dice.uniform(0, 0.01, 5000)
    x, y = moved(longitude, latitude)
    _, _, metres = EARTH.inv(longitude, latitude, x, y)
    assert metres.max() < 72
    assert metres.max() > 60  # places near a corner of a square are in its middle too
    rows = np.unique(y)
    _, _, tall = EARTH.inv(x[:1], rows[:1], x[:1], rows[1:2])
    along = np.unique(x[y == rows[3]])
    _, _, wide = EARTH.inv(along[:1], rows[3:4], along[1:2], rows[3:4])
    assert tall[0] == pytest.approx(BLOCK_METRES, rel=0.02)
    assert wide[0] == pytest.approx(BLOCK_METRES, rel=0.02)


def test_what_is_in_the_middle_stays_and_says_no_more_when_asked_again():
    dice = np.random.default_rng(6)
    x, y = moved(dice.uniform(-73, -72, 500), dice.uniform(41, 42, 500))
    again = moved(x, y)
    assert again[0] == pytest.approx(x, abs=1e-9)
    assert again[1] == pytest.approx(y, abs=1e-9)
