"""Shootings as points on a map, by block, and what a point is in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from longevity.geography.blocks import BLOCK_METRES
from longevity.text import availability, wording

SHOOTING = "shooting incident"
EACH = (
    f"Each point is a block, a square of about {BLOCK_METRES} m, with a {SHOOTING}; larger "
    "where there were more. Black: somebody was killed there; blue: nobody was."
)


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
            victims=("victims", availability.add_counts),
            fatal=("fatal", "sum"),
            newest=("occurred_on", "max"),
        )
        .reset_index()
    )
    rows = blocks[["incidents", "victims", "fatal", "newest"]].itertuples(index=False, name=None)
    blocks["said"] = [_describe_block(*row) for row in rows]
    return blocks.drop(columns=["victims", "newest"])


def _describe_block(incidents: int, victims: int | None, fatal: int, newest: pd.Timestamp) -> str:
    last = "on" if incidents == 1 else "the last on"
    if pd.isna(victims) or victims is None:
        hurt = f"{wording.format_number(fatal)} killed, how many were shot is not known"
    elif victims == 1:
        hurt = "1 person shot and killed" if fatal else "1 person shot"
    else:
        hurt = f"{wording.format_number(victims)} people shot"
        hurt += f", {wording.format_number(fatal)} of them killed" if fatal else ""
    return (
        f"This block: {wording.count_noun(incidents, SHOOTING)}, {last} "
        f"{wording.format_day(newest)}; {hurt}"
    )


def describe_points(
    points: pd.DataFrame,
    located: pd.DataFrame,
    unlocated: pd.DataFrame,
    visible: Collection[str],
    cities: Mapping[str, str],
) -> list[str]:
    """Say what a point is, how many shootings are points, and how many are not and why.

    `points`: city, points_of_city (all the points there are of it, drawn or not). `located`,
    `unlocated`: city, incidents. `visible`: the cities shown whose points this viewer may see;
    `cities`: all that are shown, id to name.
    """
    sentences = []
    if len(visible) < len(cities):
        names = wording.join_words([name for city, name in cities.items() if city in visible])
        whose = f"those of {names} only" if names else "none of these cities'"
        sentences.append(f"Points are for each city about its own: you see {whose}.")
    if not visible:
        return sentences
    exact = int(points.groupby("city")["points_of_city"].first().sum())
    every = availability.add_counts(
        count
        for frame in (located, unlocated)
        for count in frame.loc[frame["city"].isin(list(visible)), "incidents"]
    )
    if every is None:
        return [*sentences, *_describe_points_of_some(exact, len(points))]
    if not every:
        return [*sentences, f"No {SHOOTING}, so no point."]
    if not exact:
        sentences.append(
            f"None of {wording.count_noun(every, SHOOTING)} is known to the block. A release "
            "published before points were kept has none either: publish it again."
        )
        return sentences
    sentences.append(EACH)
    sentence = (
        f"{wording.format_number(exact)} of {wording.count_noun(every, SHOOTING)} known to the "
        "block"
    )
    points_on_map = len(points)
    if points_on_map < exact:
        sentence += f"; the newest {wording.format_number(points_on_map)} of them are drawn"
    rest = every - exact
    if rest > 0:
        sentence += (
            f"; {wording.format_number(rest)} not shown, because the place is not known so exactly"
        )
    return [*sentences, f"{sentence}."]


def _describe_points_of_some(exact: int, points_on_map: int) -> list[str]:
    """Describe points where the sources do not hold every shooting: of how many, nobody knows."""
    some = (
        f"; the newest {wording.format_number(points_on_map)} of them are drawn"
        if points_on_map < exact
        else ""
    )
    return [
        *([EACH] if exact else []),
        f"{wording.count_noun(exact, SHOOTING)} known to the block{some}. How many there were in "
        "all is not known.",
    ]


def build_points_table(points: pd.DataFrame) -> pd.DataFrame:
    """Return the points for reading: without what repeats on every row."""
    return points.drop(columns=["points_of_city"])
