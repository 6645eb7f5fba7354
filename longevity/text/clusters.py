"""Neighbourhoods that resemble their neighbours: what the test for clusters says, in words."""

from __future__ import annotations

import html
from collections.abc import Mapping

import numpy as np
import pandas as pd

from longevity.stats.clusters import PATTERNS, Cluster, Clusters
from longevity.text import wording

QUESTION = (
    "Where a neighbourhood and those it touches are all high, or all low, more than chance would "
    "put side by side. Rates allow for how few live in a place; false discoveries among all looked "
    "at are controlled. A pattern says where, not why."
)
TOO_LITTLE = "Too little to look for clusters in."
NO_RATES = "There are no residents to divide by, so there is no rate to look for clusters in."
CLUSTERS = {
    Cluster.HIGH: "high among high",
    Cluster.LOW: "low among low",
    Cluster.HIGH_AMONG_LOW: "high among low",
    Cluster.LOW_AMONG_HIGH: "low among high",
    Cluster.NONE: "no cluster",
    Cluster.ISLAND: "no neighbour",
    Cluster.NO_RESIDENTS: "no residents",
    Cluster.NOT_TESTED: "not tested",
}
# Why an area is not tested, to follow "is not tested: ".
REASONS = {
    Cluster.ISLAND: "touches no other neighbourhood",
    Cluster.NO_RESIDENTS: "no residents to divide by",
    Cluster.NOT_TESTED: "too little to compare",
}


def describe_clusters(clusters: Clusters) -> str:
    """Return which areas are part of a pattern, or why none is looked for."""
    if not clusters.is_tested:
        return TOO_LITTLE if _has_residents(clusters) else NO_RATES
    parts = []
    for cluster in PATTERNS:
        names = clusters.list_areas(cluster)
        if names:
            verb = "is" if len(names) == 1 else "are"
            parts.append(f"{wording.join_phrases(names)} {verb} {CLUSTERS[cluster]}")
    scope = f"the {wording.count_noun(clusters.candidates, 'area')} looked at"
    if not parts:
        return f"No cluster stands out more than chance would explain among {scope}."
    return f"More than chance would explain, among {scope}, {'; '.join(parts)}."


def warn_of_few_areas(clusters: Clusters) -> str:
    """Return what so few areas can show; empty where there is no rate at all."""
    if not clusters.is_tested and not _has_residents(clusters):
        return ""
    return (
        f"With {wording.count_noun(clusters.candidates, 'area')} this test finds only strong "
        "patterns: that it finds none does not show that there is none."
    )


def list_areas_not_tested(clusters: Clusters) -> str:
    """Return which areas are not tested and why, or an empty string."""
    parts = []
    for kind, why in REASONS.items():
        names = clusters.list_areas(kind)
        if names:
            parts.append(f"{wording.join_phrases(names)} ({why})")
    return f"Not tested: {'; '.join(parts)}." if parts else ""


def _has_residents(clusters: Clusters) -> bool:
    return bool((pd.to_numeric(clusters.areas["population"]) > 0).any())


def build_map_frame(clusters: Clusters) -> pd.DataFrame:
    """Build what a map shows: city, neighbourhood, value (none), state, said."""
    areas = clusters.areas
    tested = areas["p_value"].notna()
    names = areas["neighbourhood"].map(lambda name: html.escape(name, quote=False))
    return pd.DataFrame(
        {
            "city": areas["city"],
            "neighbourhood": areas["neighbourhood"],
            "value": np.nan,
            "state": areas["cluster"].where(tested, Cluster.NOT_TESTED.value),
            "said": "<b>" + names + "</b><br>" + areas["cluster"].map(CLUSTERS),
        }
    )


def build_cluster_table(
    clusters: Mapping[str, Clusters], measure: str, cities: Mapping[str, str]
) -> pd.DataFrame:
    """Build every area as text, the clusters first; `clusters` by city id, names in `cities`."""
    columns_shown = ("neighbourhood", "cluster", measure, "population", "p_value")
    rows = [
        (
            name,
            cities[city],
            CLUSTERS[Cluster(kind)],
            count,
            people,
            "" if pd.isna(chance) else f"{chance:.4f}",
        )
        for city, each in clusters.items()
        for name, kind, count, people, chance in zip(
            *(each.areas[column].tolist() for column in columns_shown), strict=True
        )
    ]
    patterns = {CLUSTERS[each] for each in PATTERNS}
    rows.sort(key=lambda row: row[2] not in patterns)
    columns = ["Neighbourhood", "City", "Among its neighbours", "Count", "Residents", "p-value"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"Count": "Int64", "Residents": "Int64"})
