"""What a map says of counts and rates: the words over each area, and the unit."""

from __future__ import annotations

import html
from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd

from longevity.facts.counted import MEASURES
from longevity.stats.rates import COUNT, compute_rates
from longevity.words.say import say, say_rows


def add_hover_text(
    areas: pd.DataFrame,
    measure: str,
    days: int | pd.Series,
    before: Sequence[Any] | None = None,
) -> pd.DataFrame:
    """Return `areas` with a column `said`: the words that appear over each of them on a map.

    `areas`: city, neighbourhood, counts, population and value, of
    `stats.rates.compute_area_values`. `before`: each area's count in the same days a year before;
    what is not known (None, NA) is not said. `days`: how many the counts are of.
    """
    facts = areas[[measure]].set_axis(["counts"], axis=1)
    facts = facts.assign(
        # A hover takes a little HTML, and a name may come from a file we were handed.
        name=areas["neighbourhood"].map(partial(html.escape, quote=False)),
        before=None if before is None else [*before],
        rate=compute_rates(areas, measure, days),
    )
    return areas.assign(said=say_rows("rate.hover", facts, noun=MEASURES[measure]))


def name_unit(measure: str, show: str) -> str:
    """Return what the numbers of a map are: people shot, or such a rate (`show`: count or rate)."""
    noun = MEASURES[measure]
    return noun if show == COUNT else say("rate.unit", noun=noun)


def choose_decimals(show: str) -> int:
    """Return how many decimals the numbers of a map are written with."""
    return 0 if show == COUNT else 1
