import duckdb
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod

from longevity.geography.blocks import BLOCK_METRES, find_middle_sql
from longevity.geography.locate import find_far
from longevity.geography.stacked_points import find_addressed, write_piles_sql
from longevity.scratch import MACROS
from tests.factories.areas import boundaries, degrees

DAY = pd.Timestamp(2020, 1, 5)


def frame(*groups):
    """Rows of one day from (city, longitude, latitude, how many)."""
    rows = [(city, x, y, DAY) for city, x, y, count in groups for _ in range(count)]
    return pd.DataFrame(rows, columns=["city", "longitude", "latitude", "occurred_at"])


def spread(city, count):
    places = {"longitude": np.linspace(-73, -72, count), "latitude": np.linspace(41, 42, count)}
    return pd.DataFrame({"city": city, **places, "occurred_at": DAY})


def moments(days):
    """Rows on one point on these days, so many on each."""
    rows = frame(("east", -72.5, 41.5, sum(days.values())))
    rows["occurred_at"] = pd.to_datetime([day for day, count in days.items() for _ in range(count)])
    return rows


PILE = ("east", -72.5, 41.5, 20)
NAN = np.nan
# Rows, and how many of them lie on a pile.
PILES = {
    "twenty rows on one point": (frame(PILE), 20),
    "nineteen": (frame(("east", -72.5, 41.5, 19)), 0),
    "twenty, however large the city is": (pd.concat([spread("east", 5000), frame(PILE)]), 20),
    "within six years": (moments({"2020-01-05": 19, "2026-01-04": 1}), 20),
    "not within six years": (moments({"2020-01-05": 19, "2026-01-05": 1}), 0),
    "years before the pile hide it not": (moments({"2005-05-05": 10, "2019-05-05": 20}), 30),
    "no coordinates": (frame(PILE, ("east", NAN, NAN, 50), ("east", np.inf, 41.5, 50), ("east", -72.5, NAN, 50)), 20),
    "the same point in two cities": (frame(("east", 1, 1, 15), ("west", 1, 1, 15)), 0),
    "rows of another city, or point": (frame(PILE, ("west", -72.5, 41.5, 1), ("east", -72.5, 41.6, 1)), 20),
    "what an address places": (frame(PILE).assign(place_confirmed=[True] + [None] * 19), 0),
    "others on its point": (frame(PILE, PILE).assign(place_confirmed=[True] * 20 + [None] * 20), 20),
}


@pytest.mark.parametrize("case", PILES)
def test_rows_on_a_pile(settings, case):
    rows, expected = PILES[case]
    rows = rows.reset_index(drop=True)
    if "place_confirmed" not in rows:
        rows["place_confirmed"] = pd.Series(pd.NA, rows.index, dtype="boolean")
    with duckdb.connect() as connection:
        connection.execute(MACROS)
        connection.register("incidents", rows)
        piled = connection.execute(f"""
            SELECT city FROM incidents
            SEMI JOIN ({write_piles_sql(settings.thresholds)}) AS piles
                USING (city, longitude, latitude)
            WHERE place_confirmed IS DISTINCT FROM true
        """).fetchall()
    assert piled == [("east",)] * expected


@pytest.mark.parametrize(
    ("addresses", "is_place"),
    [
        (["155 Burr St", "155 BURR  ST ", "155 Burr St", "", "Gate 4", "155 Burr St"], True),
        (["012XX W LAKE ST"] * 3, True),
        (["Block of 100 Elm"] * 3, True),
        (["Main St / Elm Ave"] * 3, True),
        (["New Haven"] * 3, False),  # the address of no place
        (["Hartford & Vicinity"] * 3, False),
        (["06511"] * 3, False),
        (["1 Elm St", "2 Elm St", "3 Elm St", "4 Elm St"], False),  # not found, put on one point
        (["1 Elm St", "1 Elm St", "3 Elm St", "4 Elm St", "5 Elm St"], False),
        (["155 Burr St"], False),  # once says nothing of many
        ([None, None, None], False),
    ],
)
def test_an_address_many_rows_give_is_one_place(addresses, is_place):
    rows = frame(("east", -72.5, 41.5, len(addresses)), ("east", -72.6, 41.5, 1))
    rows["_address"] = pd.Series([*addresses, None], dtype="str")
    assert find_addressed(rows).tolist() == [is_place] * len(addresses) + [False]


# Where a place is moved to: the middle of its square, whatever else there is

EARTH = Geod(ellps="WGS84")


def moved(longitude, latitude):
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


LEFT = shapely.box(300_000, 200_000, 301_000, 201_000)
RIGHT = shapely.box(301_000, 200_000, 302_000, 201_000)


@pytest.fixture
def pair():
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
