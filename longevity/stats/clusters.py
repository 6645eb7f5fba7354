"""Neighbourhoods that are high among high, or low among low: local Moran's I.

Rates are standardised for how few live in an area (empirical Bayes), every area is tested
by permuting the others, and the false discoveries among all tested are controlled. With as
few areas as a city has the test finds little: whoever shows the map warns of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

SEED = 1
PERMUTATIONS = 9_999
FALSE_DISCOVERIES = 0.05
LEAST_AREAS = 8
DIGITS = 9
DRAWS_KEPT = 8  # of as many numbers of areas: 80 KB an area's neighbour

Floats = npt.NDArray[np.float64]
Adjacency = Mapping[str, Sequence[str]]


class Cluster(StrEnum):
    """What an area is, given its own rate and its neighbours'."""

    HIGH = "high_high"
    LOW = "low_low"
    HIGH_AMONG_LOW = "high_low"
    LOW_AMONG_HIGH = "low_high"
    NONE = "none"
    ISLAND = "no_neighbour"
    NO_RESIDENTS = "no_residents"
    NOT_TESTED = "not_tested"


# The quadrants as the library numbers them.
_QUADRANTS = {1: Cluster.HIGH, 2: Cluster.LOW_AMONG_HIGH, 3: Cluster.LOW, 4: Cluster.HIGH_AMONG_LOW}
PATTERNS = tuple(_QUADRANTS.values())


@dataclass(frozen=True)
class Clusters:
    """`areas`: the frame with cluster and p_value (two-sided, NaN where not tested).

    `candidates`: how many have a rate and a neighbour; `is_tested`: whether they are enough.
    """

    areas: pd.DataFrame
    candidates: int
    is_tested: bool

    @cached_property
    def has_pattern(self) -> bool:
        """Whether an area is part of a pattern."""
        return not set(PATTERNS).isdisjoint(self.areas["cluster"].tolist())

    def list_areas(self, cluster: Cluster) -> list[str]:
        """Return the names of the areas of one kind."""
        pairs = zip(
            self.areas["neighbourhood"].tolist(), self.areas["cluster"].tolist(), strict=True
        )
        return [name for name, kind in pairs if kind == cluster.value]


def find_touching(boundaries: gpd.GeoSeries) -> Adjacency:
    """Find who touches whom, at a corner too. `boundaries`: in metres, by neighbourhood name."""
    from libpysal.graph import Graph

    if boundaries.empty:
        return {}
    graph = Graph.build_contiguity(boundaries, rook=False)
    names = list(boundaries.index)
    near: dict[str, tuple[str, ...]] = dict.fromkeys(names, ())
    pairs: dict[str, list[str]] = {}
    for focal, neighbour in graph.adjacency[graph.adjacency > 0].index:
        pairs.setdefault(focal, []).append(neighbour)
    return near | {name: tuple(each) for name, each in pairs.items()}


def find_clusters(frame: pd.DataFrame, measure: str, near: Adjacency, seed: int = SEED) -> Clusters:
    """Find the clusters among the areas of one city.

    `frame`: city, neighbourhood, counts, population. `near`: who is next to whom. Areas
    without residents or a count have no rate and are nobody's neighbour; one that touches no
    other is an island and is not tested. Under LEAST_AREAS, or where all have one rate, none
    is. KeyError when an area has no boundary.
    """
    has_rate = _has_rate(frame, measure)
    kinds = np.where(has_rate, Cluster.NOT_TESTED.value, Cluster.NO_RESIDENTS.value).astype(object)
    chances = np.full(len(frame), np.nan)
    names = list(frame["neighbourhood"])
    with_rate = {names[at]: at for at in np.flatnonzero(has_rate)}
    neighbours = {name: [each for each in near[name] if each in with_rate] for name in with_rate}
    with_neighbours = [name for name in with_rate if neighbours[name]]
    kinds[[at for name, at in with_rate.items() if not neighbours[name]]] = Cluster.ISLAND.value
    at = [with_rate[name] for name in with_neighbours]
    counts = pd.to_numeric(frame[measure]).to_numpy(dtype=float, na_value=np.nan)[at]
    residents = pd.to_numeric(frame["population"]).to_numpy(dtype=float, na_value=np.nan)[at]
    rates = counts / residents
    is_tested = len(with_neighbours) >= LEAST_AREAS and not np.allclose(rates, rates.mean(), atol=0)
    if is_tested:
        position = {name: number for number, name in enumerate(with_neighbours)}
        positions = [[position[each] for each in neighbours[name]] for name in with_neighbours]
        p_values, quadrants = _test_local_moran(counts, residents, positions, seed)
        chances[at] = p_values
        kinds[at] = [
            _QUADRANTS[quadrant].value if flagged else Cluster.NONE.value
            for quadrant, flagged in zip(quadrants, _select_discoveries(p_values), strict=True)
        ]
    areas = frame.assign(cluster=pd.Series(kinds, frame.index, dtype="str"), p_value=chances)
    return Clusters(areas, len(with_neighbours), is_tested)


def _has_rate(frame: pd.DataFrame, measure: str) -> npt.NDArray[np.bool_]:
    residents = pd.to_numeric(frame["population"]).to_numpy(dtype=float, na_value=np.nan)
    has_count = pd.to_numeric(frame[measure]).notna().to_numpy(dtype=bool)
    result: npt.NDArray[np.bool_] = has_count & (residents > 0)
    return result


def _test_local_moran(
    counts: Floats, residents: Floats, neighbours: Sequence[Sequence[int]], seed: int
) -> tuple[Floats, list[int]]:
    """Test each area: two-sided permutation p-values, and quadrants. `neighbours`: by place.

    As esda's Moran_Local_Rate has it, draw by draw, which a test holds. Drawn once for a
    number of areas: which others stand in for the neighbours hangs on nothing else.
    """
    from esda.smoothing import assuncao_rate

    rate = assuncao_rate(counts, residents)
    with np.errstate(all="ignore"):
        z = (rate - rate.mean()) / rate.std()
    scaling = (z.size - 1) / (z * z).sum()
    draw_ids = _draw_neighbours(z.size, max(map(len, neighbours)), seed)
    p_values, quadrants = np.empty(z.size), []
    for at, others in enumerate(neighbours):
        lag = sum(z[other] for other in others) / len(others)
        # The same neighbours in another order give the same value but for its last digits,
        # and a tie is as extreme as what was seen; the library's own "two-sided" drops ties.
        statistic = np.round(z[at] * lag * scaling, DIGITS)
        rest = np.delete(z, at)
        stand_ins = rest.take(draw_ids[: len(others)]).sum(axis=0) / len(others)
        draws = np.round(z[at] * stand_ins * scaling, DIGITS)
        extremes = min(np.count_nonzero(draws >= statistic), np.count_nonzero(draws <= statistic))
        p_values[at] = min(2 * (extremes + 1) / (PERMUTATIONS + 1), 1.0)
        quadrants.append((1 if lag > 0 else 4) if z[at] > 0 else (2 if lag > 0 else 3))
    return p_values, quadrants


@lru_cache(maxsize=DRAWS_KEPT)
def _draw_neighbours(areas: int, most: int, seed: int) -> npt.NDArray[np.intp]:
    """Draw which of the others stand in for up to `most` neighbours, a column a permutation."""
    # numpy's legacy generator, which does not change and which the library draws from.
    dice = np.random.RandomState(seed)
    draws = np.empty((PERMUTATIONS, most), dtype=np.intp)
    for draw in draws:
        draw[:] = dice.permutation(areas - 1)[:most]
    return np.ascontiguousarray(draws.T)


def _select_discoveries(p_values: Floats) -> npt.NDArray[np.bool_]:
    from esda import fdr

    return np.asarray(p_values < fdr(p_values, FALSE_DISCOVERIES))
