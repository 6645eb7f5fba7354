from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from longevity.geography.stacked_points import find_addressed, find_piled

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


def moments(days: dict[str, int]) -> pd.DataFrame:
    """Rows on one point on these days, so many on each."""
    rows = frame(("east", -72.5, 41.5, sum(days.values())))
    rows["occurred_at"] = pd.to_datetime([day for day, many in days.items() for _ in range(many)])
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
    "no coordinates": (
        frame(PILE, ("east", NAN, NAN, 50), ("east", np.inf, 41.5, 50), ("east", -72.5, NAN, 50)),
        20,
    ),
    "the same point in two cities": (frame(("east", 1, 1, 15), ("west", 1, 1, 15)), 0),
    "rows of another city, or point": (
        frame(PILE, ("west", -72.5, 41.5, 1), ("east", -72.5, 41.6, 1)),
        20,
    ),
    "what an address places": (frame(PILE).assign(place_confirmed=[True] + [None] * 19), 0),
    "others on its point": (
        frame(PILE, PILE).assign(place_confirmed=[True] * 20 + [None] * 20),
        20,
    ),
}


@pytest.mark.parametrize("case", PILES)
@pytest.mark.parametrize("nullable", [False, True])
def test_rows_on_a_pile(settings, case, nullable):
    rows, expected = PILES[case]
    rows = rows.reset_index(drop=True)
    if nullable:
        rows = rows.convert_dtypes().astype({"city": "category"})
    piled = find_piled(rows, settings.thresholds)
    assert piled.index.equals(rows.index)
    assert piled.sum() == expected
    assert not piled[rows["city"] == "west"].any()


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
