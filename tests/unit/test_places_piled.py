from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from longevity.geography.stacked_points import find_addressed, find_piles, is_on_pile
from longevity.settings import Settings

DAY = pd.Timestamp(2020, 1, 5)


def frame(*groups: tuple[str, float, float, int]) -> pd.DataFrame:
    """Rows of one day from (city, longitude, latitude, how many)."""
    rows = [(city, x, y, DAY) for city, x, y, count in groups for _ in range(count)]
    return pd.DataFrame(rows, columns=["city", "longitude", "latitude", "occurred_at"])


def spread(city: str, count: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "city": city,
            "longitude": np.linspace(-73, -72, count),
            "latitude": np.linspace(41, 42, count),
            "occurred_at": DAY,
        }
    )


def test_twenty_rows_on_one_point_are_a_pile(settings: Settings) -> None:
    rows = pd.concat([frame(("east", -72.5, 41.5, 20)), spread("east", 100)])
    assert find_piles(rows, settings.thresholds) == {("east", -72.5, 41.5)}
    assert find_piles(rows.iloc[1:], settings.thresholds) == set()


@pytest.mark.parametrize(("last", "is_pile"), [("2026-01-04", True), ("2026-01-05", False)])
def test_a_pile_grows_within_six_years_however_large_its_city_is(
    settings: Settings, last: str, is_pile: bool
) -> None:
    rows = frame(("east", -72.5, 41.5, 20))
    rows.loc[7, "occurred_at"] = pd.Timestamp(last)
    rows = pd.concat([rows, spread("east", 5000)])
    assert bool(find_piles(rows, settings.thresholds)) is is_pile


def test_years_without_a_row_before_it_hide_no_pile(settings: Settings) -> None:
    rows = frame(("east", -72.5, 41.5, 30))
    rows["occurred_at"] = pd.to_datetime(["2005-05-05"] * 10 + ["2019-05-05"] * 20)
    assert find_piles(rows, settings.thresholds) == {("east", -72.5, 41.5)}


def test_what_an_address_places_is_on_no_pile(settings: Settings) -> None:
    rows = frame(("east", -72.5, 41.5, 39)).assign(place_confirmed=[True] * 20 + [None] * 19)
    assert find_piles(rows, settings.thresholds) == set()
    rows.loc[0, "place_confirmed"] = None
    piles = find_piles(rows, settings.thresholds)
    assert piles == {("east", -72.5, 41.5)}
    assert is_on_pile(rows, piles).sum() == 20


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
def test_an_address_many_rows_give_is_one_place(addresses: list[str], is_place: bool) -> None:
    rows = frame(("east", -72.5, 41.5, len(addresses)), ("east", -72.6, 41.5, 1))
    rows["_address"] = pd.Series([*addresses, None], dtype="str")
    assert find_addressed(rows).tolist() == [is_place] * len(addresses) + [False]


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


def test_a_nullable_frame_is_read_alike(settings: Settings) -> None:
    rows = frame(("east", -72.5, 41.5, 25), ("east", np.nan, np.nan, 3)).convert_dtypes()
    rows["city"] = rows["city"].astype("category")
    piles = find_piles(rows, settings.thresholds)
    assert piles == {("east", -72.5, 41.5)}
    assert is_on_pile(rows, piles).tolist() == [True] * 25 + [False] * 3


def test_only_rows_of_that_city_are_on_its_pile() -> None:
    rows = frame(("east", -72.5, 41.5, 1), ("west", -72.5, 41.5, 1), ("east", -72.5, 41.6, 1))
    assert is_on_pile(rows, {("east", -72.5, 41.5)}).tolist() == [True, False, False]
