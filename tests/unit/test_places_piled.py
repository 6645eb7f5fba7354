from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from longevity.geography.stacked_points import find_piles, is_on_pile
from longevity.settings import Settings


def frame(*groups: tuple[str, float, float, int]) -> pd.DataFrame:
    """Rows from (city, longitude, latitude, how many)."""
    rows = [(city, x, y) for city, x, y, count in groups for _ in range(count)]
    return pd.DataFrame(rows, columns=["city", "longitude", "latitude"])


def spread(city: str, count: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "city": city,
            "longitude": np.linspace(-73, -72, count),
            "latitude": np.linspace(41, 42, count),
        }
    )


def test_twenty_rows_on_one_point_are_a_pile(settings: Settings) -> None:
    rows = pd.concat([frame(("east", -72.5, 41.5, 20)), spread("east", 100)])
    assert find_piles(rows, settings.thresholds) == {("east", -72.5, 41.5)}


def test_nineteen_rows_are_a_corner(settings: Settings) -> None:
    rows = pd.concat([frame(("east", -72.5, 41.5, 19)), spread("east", 100)])
    assert find_piles(rows, settings.thresholds) == set()


@pytest.mark.parametrize(("others", "is_pile"), [(970, True), (971, False)])
def test_a_pile_holds_three_in_a_hundred_of_its_city(
    settings: Settings, others: int, is_pile: bool
) -> None:
    rows = pd.concat([frame(("east", -75.5, 41.5, 30)), spread("east", others)])
    assert bool(find_piles(rows, settings.thresholds)) is is_pile


def test_the_share_is_of_the_city_not_of_all(settings: Settings) -> None:
    rows = pd.concat([frame(("east", -72.5, 41.5, 30)), spread("west", 5000)])
    assert find_piles(rows, settings.thresholds) == {("east", -72.5, 41.5)}


def test_rows_without_coordinates_neither_pile_nor_count(settings: Settings) -> None:
    rows = pd.concat(
        [
            frame(("east", -72.5, 41.5, 30), ("east", np.nan, np.nan, 5000)),
            frame(("east", np.inf, 41.5, 50), ("east", -72.5, -np.inf, 50)),
        ]
    )
    assert find_piles(rows, settings.thresholds) == {("east", -72.5, 41.5)}


def test_the_same_point_in_two_cities_is_two_points(settings: Settings) -> None:
    rows = frame(("east", -72.5, 41.5, 15), ("west", -72.5, 41.5, 15))
    assert find_piles(rows, settings.thresholds) == set()


def test_an_empty_frame_has_no_piles(settings: Settings) -> None:
    empty = pd.DataFrame({"city": [], "longitude": [], "latitude": []})
    assert find_piles(empty, settings.thresholds) == set()


def test_a_nullable_frame_is_read_alike(settings: Settings) -> None:
    rows = frame(("east", -72.5, 41.5, 25), ("east", np.nan, np.nan, 3)).convert_dtypes()
    rows["city"] = rows["city"].astype("category")
    piles = find_piles(rows, settings.thresholds)
    assert piles == {("east", -72.5, 41.5)}
    assert is_on_pile(rows, piles).tolist() == [True] * 25 + [False] * 3


def test_only_rows_of_that_city_are_on_its_pile() -> None:
    rows = frame(("east", -72.5, 41.5, 1), ("west", -72.5, 41.5, 1), ("east", -72.5, 41.6, 1))
    assert is_on_pile(rows, {("east", -72.5, 41.5)}).tolist() == [True, False, False]
