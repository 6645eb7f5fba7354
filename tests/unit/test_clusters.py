"""Clusters of areas, against every permutation counted in a plain loop."""

from __future__ import annotations

import warnings
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from esda.moran import Moran_Local_Rate
from esda.significance import calculate_significance
from libpysal.graph import Graph

from longevity.charts.figures import maps
from longevity.charts.theme import CLUSTER_FILLS
from longevity.stats import clusters
from longevity.stats.clusters import Cluster, Clusters
from longevity.text.clusters import (
    build_cluster_table,
    build_map_frame,
    describe_clusters,
    list_areas_not_tested,
    warn_of_few_areas,
)

SIDE = 4
NAMES = [f"a{at}" for at in range(SIDE * SIDE)]
# High in one corner, low elsewhere.
COUNTS = [60, 50, 5, 4, 55, 48, 4, 3, 5, 4, 4, 3, 5, 4, 4, 3]


def find_among(
    frame: pd.DataFrame, measure: str, shapes: gpd.GeoSeries, seed: int = clusters.SEED
) -> Clusters:
    return clusters.find_clusters(frame, measure, clusters.find_touching(shapes), seed)


def grid() -> gpd.GeoSeries:
    squares = [shapely.box(k % SIDE, k // SIDE, k % SIDE + 1, k // SIDE + 1) for k in range(16)]
    return gpd.GeoSeries(squares, index=NAMES)


def areas(counts: list[int | None], residents: int = 5000) -> pd.DataFrame:
    return pd.DataFrame(
        {"neighbourhood": NAMES[: len(counts)], "victims": counts, "population": residents}
    )


def touching(at: int) -> list[int]:
    row, column = divmod(at, SIDE)
    return [
        SIDE * r + c
        for r in range(max(0, row - 1), min(SIDE, row + 2))
        for c in range(max(0, column - 1), min(SIDE, column + 2))
        if (r, c) != (row, column)
    ]


def test_p_values_are_those_of_every_permutation_counted() -> None:
    found = find_among(areas(COUNTS), "victims", grid()).areas
    for at in range(16):
        # Equal residents: what is permuted is the sum of the neighbours' counts.
        neighbours = touching(at)
        others = [k for k in range(16) if k != at]
        seen = sum(COUNTS[k] for k in neighbours)
        sums = [sum(COUNTS[k] for k in some) for some in combinations(others, len(neighbours))]
        tails = [sum(s >= seen for s in sums), sum(s <= seen for s in sums)]
        expected = min(1.0, 2 * min(tails) / len(sums))
        assert found["p_value"].iloc[at] == pytest.approx(expected, abs=0.03)


def test_two_at_a_time_are_told_what_each_is_told_alone() -> None:
    """The draws are kept, and shared by all who ask."""
    asked = [[count + at for count in COUNTS] for at in range(8)]
    alone = [find_among(areas(counts), "victims", grid()).areas for counts in asked]
    with ThreadPoolExecutor(8) as pool:
        together = list(
            pool.map(
                lambda counts: find_among(areas(counts), "victims", grid()),
                asked,
            )
        )
    for one, found in zip(alone, together, strict=True):
        pd.testing.assert_frame_equal(found.areas, one)


@pytest.mark.parametrize("seed", range(3))
def test_draws_and_p_values_are_those_of_the_library(seed: int) -> None:
    """Written out for speed, it must stay what esda would draw and find."""
    dice = np.random.default_rng(seed)
    frame = areas(list(dice.poisson(dice.gamma(2, 6, 16)))).assign(
        population=dice.integers(800, 9000, 16)
    )
    found = find_among(frame, "victims", grid(), seed=seed).areas
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        told = Moran_Local_Rate(
            frame["victims"],
            frame["population"],
            Graph.build_contiguity(grid(), rook=False),
            permutations=clusters.PERMUTATIONS,
            seed=seed,
        )
    seen, drawn = np.round(told.Is, clusters.DIGITS), np.round(told.rlisas, clusters.DIGITS)
    more = [calculate_significance(seen, drawn, side).ravel() for side in ("greater", "lesser")]
    assert list(found["p_value"]) == list(np.minimum(2 * np.minimum(*more), 1.0))


def test_a_city_in_two_halves_is_found_and_told() -> None:
    side = 6
    names = [f"b{at:02}" for at in range(side * side)]
    shapes = gpd.GeoSeries(
        [shapely.box(k % side, k // side, k % side + 1, k // side + 1) for k in range(side * side)],
        index=names,
    )
    counts = [
        50 + 7 * at % 5 if at % side < side // 2 else 2 + 3 * at % 4 for at in range(side * side)
    ]
    frame = pd.DataFrame({"neighbourhood": names, "victims": counts, "population": 5000})
    found = find_among(frame, "victims", shapes)
    by = dict(zip(names, found.areas["cluster"], strict=True))
    # Those with eight neighbours of their own kind; the border between the halves is none.
    assert {by[name] for name in ("b07", "b13", "b19", "b25")} == {Cluster.HIGH}
    assert {by[name] for name in ("b10", "b16", "b22", "b28")} == {Cluster.LOW}
    assert {by[name] for name in ("b02", "b14", "b15", "b33")} == {Cluster.NONE}
    assert describe_clusters(found) == (
        "More than chance would explain, among the 36 areas looked at, b01, b06, b07, b12, b13, "
        "b18, b19 and b25 are high among high; b10, b11, b16, b17, b22, b23, b28 and b29 are low "
        "among low."
    )


def test_so_few_areas_find_little_and_say_so() -> None:
    # Four areas ten times as high in one corner of sixteen: the test alone does not see them.
    found = find_among(areas(COUNTS), "victims", grid())
    assert describe_clusters(found) == (
        "No cluster stands out more than chance would explain among the 16 areas looked at."
    )
    assert warn_of_few_areas(found) == (
        "With 16 areas this test finds only strong patterns: that it finds none does not show "
        "that there is none."
    )


def test_the_same_seed_gives_the_same_map() -> None:
    one, two = (find_among(areas(COUNTS), "victims", grid(), seed=7) for _ in range(2))
    pd.testing.assert_frame_equal(one.areas, two.areas)


def test_an_island_and_an_area_without_residents_are_not_tested() -> None:
    frame = areas([*COUNTS])
    frame.loc[len(frame)] = ["island", 9, 4000]
    frame.loc[3, "population"] = 0
    shapes = pd.concat([grid(), gpd.GeoSeries([shapely.box(9, 9, 10, 10)], index=["island"])])
    found = find_among(frame, "victims", gpd.GeoSeries(shapes)).areas
    assert found["cluster"].iloc[3] == Cluster.NO_RESIDENTS
    assert found["cluster"].iloc[-1] == Cluster.ISLAND
    assert found["p_value"].isna().sum() == 2


@pytest.mark.parametrize(
    "frame",
    [areas(COUNTS[:3]), areas([0] * 16), areas([7] * 16), areas([None] * 16)],
    ids=["few", "none", "alike", "unknown"],
)
def test_too_little_to_look_at(frame: pd.DataFrame) -> None:
    found = find_among(frame, "victims", grid())
    assert not found.is_tested
    assert describe_clusters(found) == "Too little to look for clusters in."
    assert found.areas["p_value"].isna().all()
    assert set(found.areas["cluster"]) <= {Cluster.NOT_TESTED.value, Cluster.NO_RESIDENTS.value}


def test_without_residents_it_says_so_and_nothing_of_a_test() -> None:
    for residents in (0, None):
        frame = areas(COUNTS).assign(population=pd.array([residents] * 16, dtype="Int64"))
        found = find_among(frame, "victims", grid())
        assert describe_clusters(found) == (
            "There are no residents to divide by, so there is no rate to look for clusters in."
        )
        assert warn_of_few_areas(found) == ""
    some = areas(COUNTS).assign(population=[5000] * 3 + [0] * 13)
    assert describe_clusters(find_among(some, "victims", grid())).startswith("Too little")


def test_an_area_without_a_boundary_is_an_error() -> None:
    with pytest.raises(KeyError):
        find_among(areas(COUNTS), "victims", grid().drop("a5"))


def test_what_is_shown_of_clusters_names_who_was_not_tested() -> None:
    frame = areas(COUNTS).assign(city="east")
    frame.loc[3, "population"] = 0
    found = find_among(frame, "victims", grid())
    assert list_areas_not_tested(found) == "Not tested: a3 (no residents to divide by)."
    shown = build_map_frame(found).set_index("neighbourhood")["state"]
    assert shown["a3"] == Cluster.NOT_TESTED.value
    assert found.has_pattern == bool(shown.isin(clusters.PATTERNS).any())
    table = build_cluster_table({"east": found}, "victims", {"east": "East"})
    assert table["Count"].sum() == sum(COUNTS)
    assert table.set_index("Neighbourhood").at["a3", "p-value"] == ""
    assert (table["p-value"] == "").sum() == 1


def test_the_colours_of_a_cluster_map_are_of_the_kinds_there_are() -> None:
    assert {str(each) for each in clusters.PATTERNS} == set(maps.PATTERNS)
    kinds = {str(each) for each in Cluster} - {Cluster.ISLAND.value, Cluster.NO_RESIDENTS.value}
    assert set(CLUSTER_FILLS) == kinds
