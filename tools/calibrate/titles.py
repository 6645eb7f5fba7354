"""How often a title of *Evidence* tells of a change: where nothing began, and where something did.

`python -m tools.calibrate --only titles`, or `python -m tools.calibrate.titles`. Each kind is a
way in which the level of real series moves without a program.

`python -m tools.calibrate.titles FOLDER` asks the same of real incidents, as `longevity import`
wrote them there: of each city at dates on which nothing began.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from longevity.findings import evaluation_text
from longevity.stats import evaluation, judged_series
from longevity.stats.evaluation import Evaluation
from longevity.stats.monthly_series import Span
from tools.calibrate import draw, table
from tools.calibrate.table import Row

FIRST = pd.Timestamp(2005, 1, 1)
PROMISED, PLANTED, SEEN = 0.05, 0.6, 0.80
ENOUGH = 48  # months on either side, from which the planted fall is to be seen
MOST = 400  # series a row: each is an evaluation
# Months before and after, and how many incidents a month.
SIDES = ((36, 36), (48, 48), (60, 84), (120, 120))
MEANS = (4, 10, 30)

LevelPath = Callable[[np.random.Generator, int], np.ndarray]


def _keep_level(_: np.random.Generator, months: int) -> np.ndarray:
    return np.zeros(months)


def _wander(step: float) -> LevelPath:
    return lambda dice, months: np.cumsum(dice.normal(0, step, months))


def _follow(link: float, spread: float) -> LevelPath:
    """High months that follow high ones: so much of each is kept in the next."""

    def path(dice: np.random.Generator, months: int) -> np.ndarray:
        moves = dice.normal(0, spread * np.sqrt(1 - link**2), months)
        level = np.empty(months)
        level[0] = dice.normal(0, spread)
        for month in range(1, months):
            level[month] = link * level[month - 1] + moves[month]
        return level

    return path


def _wave(least: float, most: float) -> LevelPath:
    """A quarter more and a quarter less, from crest to crest so many months, anywhere in it."""

    def path(dice: np.random.Generator, months: int) -> np.ndarray:
        turn = 2 * np.pi * np.arange(months) / dice.uniform(least, most)
        return np.log1p(0.25 * np.sin(turn + dice.uniform(0, 2 * np.pi)))

    return path


@dataclass(frozen=True)
class Kind:
    """A way the logarithm of a level moves; `phi`: the variance of a count over its mean."""

    name: str
    path: LevelPath
    phi: float = 1.0


FLAT = Kind("flat", _keep_level)
KINDS = (
    FLAT,
    Kind("flat, several on a night (φ 1.8)", _keep_level, 1.8),
    Kind("level wanders by 1 % a month", _wander(0.01)),
    Kind("level wanders by 2 % a month", _wander(0.02)),
    Kind("months follow one another (0.3, ±20 %)", _follow(0.3, 0.2)),
    Kind("months follow one another (0.6, ±20 %)", _follow(0.6, 0.2)),
    Kind("months follow one another (0.6, ±40 %)", _follow(0.6, 0.4)),
    Kind("waves of ±25 %, 2 to 5 years", _wave(24, 60)),
    Kind("waves of ±25 %, 5 to 10 years", _wave(60, 120)),
    Kind("waves of ±25 %, 10 to 20 years", _wave(120, 240)),
)


def count_incidents(
    dice: np.random.Generator, kind: Kind, sides: tuple[int, int], mean: float, ratio: float = 1.0
) -> pd.DataFrame:
    """Draw a series, a third more in summer; from the launch on its level is `ratio` of before."""
    before, after = sides
    months = pd.date_range(FIRST, periods=before + after, freq="MS")
    season = draw.SUMMER * np.cos(2 * np.pi * (months.month.to_numpy() - 7) / 12)
    level = np.exp(kind.path(dice, before + after) + season)
    expected = mean * level * np.where(np.arange(before + after) < before, 1.0, ratio)
    counts = draw.negative_binomial(dice, expected, kind.phi, before + after)
    return pd.DataFrame({"month": months, "incidents": counts})


def tells(frame: pd.DataFrame, launched_on: date) -> int:
    """Return the direction the title of such a series tells: -1, 1, or 0 for "cannot tell"."""
    return _judge(frame, launched_on).direction


def _judge(frame: pd.DataFrame, launched_on: date) -> Evaluation:
    span = Span(launched_on, frame["month"].max().date())
    return evaluation.evaluate_place(frame, "Here", span)


def _has_interval(frame: pd.DataFrame, launched_on: date) -> bool:
    """Whether the interval by itself tells of a change: without that no title does."""
    span = Span(launched_on, frame["month"].max().date())
    effect = judged_series.judge_series(frame, evaluation.ALL, span).effect
    return effect is not None and effect.excludes_zero


def count_told(
    kind: Kind, sides: tuple[int, int], mean: float, runs: int, seed: int, ratio: float = 1.0
) -> int:
    """Count of how many such series the title tells of a change."""
    launched_on = (FIRST + pd.DateOffset(months=sides[0])).date()
    told = 0
    for run in range(runs):
        dice = np.random.default_rng([seed, run, *sides, int(10 * mean), len(kind.name)])
        frame = count_incidents(dice, kind, sides, mean, ratio)
        told += _has_interval(frame, launched_on) and tells(frame, launched_on) != 0
    return told


def rows(runs: int, seed: int) -> Iterator[Row]:
    """The table: nothing began, then a fall of 40 % in flat series."""
    for kind in KINDS:
        for sides in SIDES:
            for mean in MEANS:
                told = count_told(kind, sides, mean, runs, seed)
                yield Row(kind.name, _name_data(sides, mean), told, runs, PROMISED)
    for sides in SIDES:
        for mean in MEANS:
            told = count_told(FLAT, sides, mean, runs, seed, PLANTED)
            promised = SEEN if min(sides) >= ENOUGH and mean >= 10 else None
            name = _name_data(sides, mean)
            yield Row("flat, then a fall of 40 %", name, told, runs, promised, at_least=True)


def _name_data(sides: tuple[int, int], mean: float) -> str:
    return f"{sides[0]} and {sides[1]} months, {mean} a month"


def report(runs: int, seed: int) -> Iterator[str]:
    """The table for `make calibrate`."""
    yield from table.lines(rows(min(runs, MOST), seed))


def read_months(folder: Path) -> dict[str, pd.DataFrame]:
    """Return incidents with somebody shot by whole month, of each city of extracts: month,
    incidents.
    """
    stated = tomllib.loads((folder / "extracts.toml").read_text(encoding="utf-8"))
    incidents, victims = (
        pd.read_parquet(folder / f"{name}.parquet") for name in ("incidents", "victims")
    )
    shot = incidents[incidents["incident_id"].isin(victims["incident_id"])]
    month = pd.to_datetime(shot["occurred_at"]).dt.to_period("M")
    found = {}
    for city, through in stated["data_through"]["incidents"].items():
        counts = month[shot["city"] == city].value_counts()
        first = pd.Period(
            stated.get("data_from", {}).get("incidents", {}).get(city, month.min()), "M"
        )
        last = pd.Period(through + pd.Timedelta(days=1), "M") - 1
        months = pd.period_range(first, last, freq="M")
        found[city] = pd.DataFrame(
            {
                "month": months.to_timestamp(),
                "incidents": counts.reindex(months, fill_value=0).to_numpy(),
            }
        )
    return found


def try_dates(frame: pd.DataFrame, dates: Sequence[date]) -> Iterator[tuple[date, int, str]]:
    """Yield what *Evidence* opens on had a program begun on each of `dates`, and its direction."""
    for launched_on in dates:
        found = _judge(frame, launched_on)
        yield launched_on, found.direction, evaluation_text.write_opening(found)


def main() -> None:
    """Print the table, or what real incidents say of dates on which nothing began."""
    parser = argparse.ArgumentParser(prog="python -m tools.calibrate.titles", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="extracts of real incidents")
    parser.add_argument("--dates", type=int, default=6, help="dates a city")
    parser.add_argument("--first", type=date.fromisoformat, help="the first of the dates")
    parser.add_argument("--last", type=date.fromisoformat, help="the last of them")
    parser.add_argument("--runs", type=int, default=MOST, help="series a row")
    parser.add_argument("--seed", type=int, default=20121126)
    asked = parser.parse_args()
    if asked.folder is None:
        for line in report(asked.runs, asked.seed):
            print(line, flush=True)
        return
    told = tried = 0
    for city, frame in read_months(asked.folder).items():
        begins, ends = frame["month"].min(), frame["month"].max()
        first = asked.first or begins + pd.DateOffset(months=24)
        last = asked.last or ends - pd.DateOffset(months=23)
        dates = [day.date() for day in pd.date_range(first, last, periods=asked.dates)]
        for launched_on, direction, opening in try_dates(frame, dates):
            told, tried = told + (direction != 0), tried + 1
            print(f"{city} | {launched_on} | {'TOLD' if direction else 'not told'} | {opening}")
    print(f"{told} of {tried} dates on which nothing began are told of as a change")


if __name__ == "__main__":
    main()
