"""Neighbourhoods that are high among high, or low among low: local Moran's I.

Rates are standardised for how few live in an area (empirical Bayes), every area is tested
by permuting the others, and the false discoveries among all tested are controlled. With as
few areas as a city has the test finds little: whoever shows the map shows CAUTION.
"""

from __future__ import annotations

import html
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import geopandas as gpd
import numpy as np
import pandas as pd

from longevity.measures import wording

SEED = 1
PERMUTATIONS = 9_999
FALSE_DISCOVERIES = 0.05
LEAST_AREAS = 8
NEAREST = 4
DIGITS = 9


class Neighbours(StrEnum):
    """Who is next to whom: areas that touch, or the nearest label points."""

    CONTIGUITY = "contiguity"
    NEAREST = "nearest"


class Cluster(StrEnum):
    """What an area is, given its own rate and its neighbours'."""

    HIGH = "high among high"
    LOW = "low among low"
    HIGH_AMONG_LOW = "high among low"
    LOW_AMONG_HIGH = "low among high"
    NONE = "no cluster"
    ISLAND = "no neighbour"
    NO_RESIDENTS = "no residents"
    NOT_TESTED = "not tested"


# The quadrants as the library numbers them.
_QUADRANTS = {1: Cluster.HIGH, 2: Cluster.LOW_AMONG_HIGH, 3: Cluster.LOW, 4: Cluster.HIGH_AMONG_LOW}


PATTERNS = tuple(_QUADRANTS.values())
# Why an area is not tested, to follow "is not tested: ".
_REASONS = {
    Cluster.ISLAND: "touches no other neighbourhood",
    Cluster.NO_RESIDENTS: "no residents to divide by",
    Cluster.NOT_TESTED: "too little to compare",
}


@dataclass(frozen=True)
class Clusters:
    """`areas`: the frame given with cluster and p_value (two-sided, NaN where not tested)."""

    areas: pd.DataFrame
    tested: int
    sentence: str
    caution: str

    @cached_property
    def any(self) -> bool:
        """Whether an area is part of a pattern."""
        return bool(self.areas["cluster"].isin(PATTERNS).any())

    @cached_property
    def left_out(self) -> str:
        """Which areas are not tested and why, or an empty string."""
        said = []
        for kind, why in _REASONS.items():
            names = list(self.areas.loc[self.areas["cluster"] == kind.value, "neighbourhood"])
            if names:
                said.append(f"{wording.listed_long(names)} ({why})")
        return f"Not tested: {'; '.join(said)}." if said else ""

    def for_map(self) -> pd.DataFrame:
        """What a map shows: city, neighbourhood, value (none), state, said."""
        tested = self.areas["p_value"].notna()
        said = self.areas["neighbourhood"].map(lambda name: html.escape(name, quote=False))
        return pd.DataFrame(
            {
                "city": self.areas["city"],
                "neighbourhood": self.areas["neighbourhood"],
                "value": np.nan,
                "state": self.areas["cluster"].where(tested, Cluster.NOT_TESTED.value),
                "said": "<b>" + said + "</b><br>" + self.areas["cluster"],
            }
        )


QUESTION = (
    "Where a neighbourhood and those it touches are all high, or all low, more than chance would "
    "put side by side. Rates allow for how few live in a place; false discoveries among all looked "
    "at are controlled. A pattern says where, not why."
)


def table(found: Mapping[str, Clusters], measure: str, cities: Mapping[str, str]) -> pd.DataFrame:
    """Every area as text, the clusters first; `found` by city id, names in `cities`."""
    rows = [
        (
            row["neighbourhood"],
            cities[city],
            row["cluster"],
            row[measure],
            row["population"],
            "" if pd.isna(row["p_value"]) else f"{row['p_value']:.4f}",
        )
        for city, each in found.items()
        for row in each.areas.to_dict("records")
    ]
    rows.sort(key=lambda row: row[2] not in PATTERNS)
    columns = ["Neighbourhood", "City", "Among its neighbours", "Count", "Residents", "p-value"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"Count": "Int64", "Residents": "Int64"})


def caution(tested: int) -> str:
    """What so few areas can show."""
    return (
        f"With {wording.counted(tested, 'area')} this test finds only strong patterns: that it "
        "finds none does not show that there is none."
    )


def clusters(
    frame: pd.DataFrame,
    measure: str,
    boundaries: gpd.GeoSeries,
    neighbours: Neighbours = Neighbours.CONTIGUITY,
    seed: int = SEED,
) -> Clusters:
    """The clusters among the areas of one city.

    `frame`: city, neighbourhood, counts, population. `boundaries`: a geometry in metres by
    neighbourhood name. Areas without residents or a count have no rate and are nobody's
    neighbour; one that touches no other is an island and is not tested. Under LEAST_AREAS,
    or where all have one rate, none is. KeyError when an area has no boundary.
    """
    counts = pd.to_numeric(frame[measure]).astype("float64")
    residents = pd.to_numeric(frame["population"]).astype("float64")
    has_rate = counts.notna() & (residents > 0)
    found = frame.assign(cluster=Cluster.NO_RESIDENTS.value, p_value=np.nan)
    found.loc[has_rate, "cluster"] = Cluster.NOT_TESTED.value
    own = frame.loc[has_rate, "neighbourhood"]
    shapes = gpd.GeoSeries(boundaries.loc[own].to_numpy(), index=own.index)
    linked, graph = _graph(shapes, neighbours)
    found.loc[has_rate & ~found.index.isin(linked), "cluster"] = Cluster.ISLAND.value
    rates = counts[linked] / residents[linked]
    if len(linked) < LEAST_AREAS or np.allclose(rates, rates.mean(), atol=0):
        return Clusters(found, 0, "Too little to look for clusters in.", caution(len(linked)))
    p_values, quadrants = _local_moran(
        counts[linked].to_numpy(), residents[linked].to_numpy(), graph, seed
    )
    found.loc[linked, "p_value"] = p_values
    found.loc[linked, "cluster"] = [
        _QUADRANTS[quadrant].value if flagged else Cluster.NONE.value
        for quadrant, flagged in zip(quadrants, _discoveries(p_values), strict=True)
    ]
    return Clusters(found, len(linked), _sentence(found, len(linked)), caution(len(linked)))


def _graph(shapes: gpd.GeoSeries, neighbours: Neighbours) -> tuple[pd.Index, object]:
    """The areas that have a neighbour, and who is whose."""
    from libpysal.graph import Graph

    if neighbours is Neighbours.NEAREST:
        if len(shapes) <= NEAREST:
            return shapes.index, None
        points = gpd.GeoSeries(shapes.representative_point(), index=shapes.index)
        return shapes.index, Graph.build_knn(points, k=NEAREST)
    if shapes.empty:
        return shapes.index, None
    graph = Graph.build_contiguity(shapes, rook=False)
    linked = shapes.index.difference(graph.isolates, sort=False)
    return linked, graph.subgraph(linked) if len(linked) else None


def _local_moran(
    counts: np.ndarray, residents: np.ndarray, graph: object, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Two-sided permutation p-values and quadrants."""
    from esda.moran import Moran_Local_Rate
    from esda.significance import calculate_significance

    with warnings.catch_warnings():
        # The library's own p-value is one-sided; both sides are asked for below.
        warnings.simplefilter("ignore", DeprecationWarning)
        found = Moran_Local_Rate(counts, residents, graph, permutations=PERMUTATIONS, seed=seed)
    # The same neighbours in another order give the same value but for its last digits, and
    # a tie is as extreme as what was seen; the library's own "two-sided" drops ties.
    seen, drawn = np.round(found.Is, DIGITS), np.round(found.rlisas, DIGITS)
    tails = [
        np.asarray(calculate_significance(seen, drawn, alternative=side)).ravel()
        for side in ("greater", "lesser")
    ]
    return np.minimum(2 * np.minimum(*tails), 1.0), found.q


def _discoveries(p_values: np.ndarray) -> np.ndarray:
    from esda import fdr

    return np.asarray(p_values < fdr(p_values, FALSE_DISCOVERIES))


def _sentence(found: pd.DataFrame, tested: int) -> str:
    parts = []
    for cluster in _QUADRANTS.values():
        names = list(found.loc[found["cluster"] == cluster.value, "neighbourhood"])
        if names:
            verb = "is" if len(names) == 1 else "are"
            parts.append(f"{wording.listed_long(names)} {verb} {cluster.value}")
    looked = f"the {wording.counted(tested, 'area')} looked at"
    if not parts:
        return f"No cluster stands out more than chance would explain among {looked}."
    return f"More than chance would explain, among {looked}, {'; '.join(parts)}."
