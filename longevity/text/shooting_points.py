"""Shootings as points on a map, by block, and what a point is in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from longevity.geography.blocks import BLOCK_METRES
from longevity.measures.say import say


def group_by_block(points: pd.DataFrame) -> pd.DataFrame:
    """Return one row a block: city, longitude, latitude, neighbourhood, incidents, fatal, said.

    `points`: city, occurred_on, neighbourhood, longitude, latitude, victims, fatal, a row a
    shooting, the newest first. A block on the border of two areas is in that of its newest.
    `said` is what a hover says.
    """
    blocks = (
        points.groupby(["city", "longitude", "latitude"], sort=False)
        .agg(
            neighbourhood=("neighbourhood", "first"),
            incidents=("victims", "size"),
            victims=("victims", lambda counts: counts.sum(skipna=False)),
            fatal=("fatal", "sum"),
            newest=("occurred_on", "max"),
        )
        .reset_index()
    )
    rows = blocks[["incidents", "victims", "fatal", "newest"]].itertuples(index=False, name=None)
    blocks["said"] = [_describe_block(*row) for row in rows]
    return blocks.drop(columns=["victims", "newest"])


def _describe_block(incidents: int, victims: int | None, fatal: int, newest: pd.Timestamp) -> str:
    facts = {"incidents": incidents, "day": newest, "fatal": fatal}
    if pd.isna(victims) or victims is None:
        return say("points.block_killed", facts)
    return say("points.block", facts, clause=say("victims.clause", n=victims))


def describe_points(
    points: pd.DataFrame,
    located: pd.DataFrame,
    unlocated: pd.DataFrame,
    visible: Collection[str],
    cities: Mapping[str, str],
) -> list[str]:
    """Say what a point is, how many shootings are points, and how many are not.

    `points`: city, points_of_city (all the points there are of it, drawn or not). `located`,
    `unlocated`: city, incidents. `visible`: the cities shown whose points this viewer may see;
    `cities`: all that are shown, id to name.
    """
    sentences = []
    if len(visible) < len(cities):
        names = [name for city, name in cities.items() if city in visible]
        sentences.append(say("points.own", names=names))
    if visible:
        exact = int(points.groupby("city")["points_of_city"].first().sum())
        counts = pd.concat([located, unlocated])
        total = counts.loc[counts["city"].isin([*visible]), "incidents"].sum(skipna=False)
        drawn = len(points) if len(points) < exact else None
        facts = {"metres": BLOCK_METRES, "exact": exact, "drawn": drawn}
        facts["total"] = None if pd.isna(total) else int(total)
        sentences.append(say(f"points.{'known' if exact else 'none'}", facts))
    return sentences


def build_points_table(points: pd.DataFrame) -> pd.DataFrame:
    """Return the points for reading: without what repeats on every row."""
    return points.drop(columns=["points_of_city"])
