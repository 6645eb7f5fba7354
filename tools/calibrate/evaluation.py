"""Simulates how often the evaluation is right, and how often its titles report a change.

The evaluation asks whether shootings changed when the program came (docs/evidence.md). First its
series are the demonstration's own, drawn without writing rows, with an effect that is known; what
is planted is never asked of the code under test. Then they are series in which nothing began.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial

import numpy as np
import pandas as pd

from longevity import settings as configuration
from longevity.demo import draw
from longevity.demo.ground import World, make_world
from longevity.settings import City
from longevity.stats import evaluation, monthly_series
from longevity.stats.evaluation import Evaluation
from longevity.stats.monthly_series import JudgedSeries, Span
from tools.calibrate.simulate import SUMMER, Promise, Row

_open_database = cache(draw.open_database)
UNTIL = date(2019, 12, 31)
SEEDS = 200  # demonstrations that are drawn at most
COVERED = Promise(0.95, at_least=True)
COUNTED = """
    SELECT month,
        COUNT(day) AS incidents,
        COUNT(reviewed_on) AS reviewed,
        COUNT(reviewed_on) FILTER (is_confirmed) AS confirmed,
        TRUE AS complete
    FROM range(DATE '1970-01-01' + to_months(?), CAST(? AS TIMESTAMP), INTERVAL 1 MONTH) t(month)
    LEFT JOIN incidents
        ON is_counted AND month_of(day) = date_diff('month', DATE '1970-01-01', month)
    GROUP BY month
    ORDER BY month
"""


@cache
def make_worlds(is_planted: bool = True) -> dict[str, World]:
    """Return the first world of each city's demonstration, by city id.

    `is_planted`: with the effects of the configuration, in incidents a month; else with none.
    """
    loaded = configuration.load_settings(environment={})
    update = {} if is_planted else {"effect_gmi_incidents_a_month": 0.0}
    made = {}
    for city in loaded.cities.values():
        drawn = city.demonstration.model_copy(update=update)
        planned = city.model_copy(update={"demonstration": drawn})
        made[city.id] = make_world(loaded, planned, UNTIL, 1)
    return made


@cache
def draw_series(city: str, seed: int, is_planted: bool = True) -> pd.DataFrame:
    """Draw the monthly counts of one city from a seed, as if every review was held.

    `is_planted`: with the effect of the program that the demonstration has, else none. Columns:
    month, incidents, reviewed, confirmed (with group members), complete (TRUE).
    """
    world = make_worlds(is_planted)[city]
    database = _open_database()
    draw.draw_shootings(database, replace(world, seed=seed))
    return database.execute(COUNTED, [int(world.level.months[0]), UNTIL]).df()


def measure_estimates(runs: int, _seed: int) -> Iterator[Row]:
    """Yield how often the estimate holds what is planted, then how often it sees what is not.

    At most SEEDS series each.
    """
    seeds = range(1, min(runs, SEEDS) + 1)
    cities = [world.city for world in make_worlds().values()]
    planted = next(city for city in cities if city.demonstration.effect_gmi_incidents_a_month)
    truth = planted.demonstration.effect_gmi_incidents_a_month
    verdicts = [_evaluate(planted, seed) for seed in seeds]
    found = [verdict.gmi for verdict in verdicts]
    covered = [
        judged.effect and judged.effect.low <= truth <= judged.effect.high for judged in found
    ]
    yield _make_row(f"planted {truth}, {_write_mean(found)}: interval covers it", covered, COVERED)
    yield _make_row(f"planted {truth}: zero excluded", _exclude_zero(found))
    fewer = [verdict.direction < 0 for verdict in verdicts]
    yield _make_row(f"planted {truth}: a title reports fewer", fewer)
    for city in cities:
        count = evaluation.GMI if city is planted else evaluation.ALL
        # The estimate without the checks, which is quick.
        series = [draw_series(city.id, seed, is_planted=False) for seed in seeds]
        span = _choose_span(city)
        found = [
            monthly_series.judge_series(drawn, count, span, reviewed=city is planted)
            for drawn in series
        ]
        what = f"{count}, nothing planted ({city.id}), {_write_mean(found)}: zero excluded"
        yield _make_row(what, _exclude_zero(found), Promise(0.07))


def _choose_span(city: City) -> Span:
    return Span(city.require_launch(), UNTIL)


def _evaluate(city: City, seed: int) -> Evaluation:
    """Evaluate a city next to the others of that seed, each until its own program begins."""
    others = {
        name: monthly_series.select_without_program(draw_series(name, seed), world.city.launched_on)
        for name, world in make_worlds().items()
        if name != city.id
    }
    series = draw_series(city.id, seed)
    return evaluation.evaluate_place(series, city.name, _choose_span(city), others)


def _make_row(what: str, hits: Sequence[object], promised: Promise | None = None) -> Row:
    """Return the row of the table that says how many of `hits` are true."""
    return Row(what, "the demonstration's own series", sum(map(bool, hits)), len(hits), promised)


def _exclude_zero(found: Sequence[JudgedSeries]) -> list[object]:
    return [judged.effect and judged.effect.excludes_zero for judged in found]


def _write_mean(found: Sequence[JudgedSeries]) -> str:
    return f"mean {np.mean([judged.effect.value for judged in found if judged.effect]):+.2f}"


# --- how often a title of *Evidence* reports a change where nothing began, and where something did.
# Each kind is a way in which the level of real series moves without a program.

FIRST = pd.Timestamp(2005, 1, 1)
PLANTED, PROMISED, SEEN = 0.6, Promise(0.05), Promise(0.80, at_least=True)
ENOUGH = 48  # months on either side, from which the planted fall is to be seen
MOST = 400  # series for a row of the table, each of which is evaluated
# Months before and after, and how many incidents a month.
SIDES = ((36, 36), (48, 48), (60, 84), (120, 120))
MEANS = (4, 10, 30)
KEPT = 0.6  # the share of a month's move that the next month keeps

# How a level moves: dice and a number of months go in, its logarithm in each comes out.
LevelPath = Callable[[np.random.Generator, int], np.ndarray]


def _keep_level(_: np.random.Generator, months: int) -> np.ndarray:
    return np.zeros(months)


def _wander(dice: np.random.Generator, months: int) -> np.ndarray:
    """Move up or down by about 2% each month, from where the month before was."""
    return np.cumsum(dice.normal(0, 0.02, months))


def _follow(spread: float, dice: np.random.Generator, months: int) -> np.ndarray:
    """Let high months follow high ones: the share KEPT of each is kept in the next."""
    moves = dice.normal(0, spread * np.sqrt(1 - KEPT**2), months)
    moves[0] = dice.normal(0, spread)
    for month in range(1, months):
        moves[month] += KEPT * moves[month - 1]
    return moves


def _wave(least: float, most: float, dice: np.random.Generator, months: int) -> np.ndarray:
    """Rise and fall by a quarter, as a wave that begins anywhere.

    From crest to crest it takes `least` to `most` months.
    """
    turn = 2 * np.pi * np.arange(months) / dice.uniform(least, most)
    return np.log1p(0.25 * np.sin(turn + dice.uniform(0, 2 * np.pi)))


FLAT = "flat"
KINDS: dict[str, LevelPath] = {
    FLAT: _keep_level,
    "level wanders by 2 % a month": _wander,
    "months follow one another (0.6, ±20 %)": partial(_follow, 0.2),
    "months follow one another (0.6, ±40 %)": partial(_follow, 0.4),
    "waves of ±25 %, 5 to 10 years": partial(_wave, 60, 120),
    "waves of ±25 %, 10 to 20 years": partial(_wave, 120, 240),
}


def measure_titles(runs: int, seed: int) -> Iterator[Row]:
    """Yield how often a title reports a change where nothing began, then where 40% fell away."""
    some = min(runs, MOST)
    falls = (FLAT, "flat, then a fall of 40 %", PLANTED)
    for kind, what, ratio in (*((kind, kind, 1.0) for kind in KINDS), falls):
        for sides, mean in itertools.product(SIDES, MEANS):
            reported = count_reported(kind, sides, mean, some, seed, ratio)
            promised: Promise | None = PROMISED
            if ratio != 1:
                promised = SEEN if min(sides) >= ENOUGH and mean >= 10 else None
            data = f"{sides[0]} and {sides[1]} months, {mean} a month"
            yield Row(what, data, reported, some, promised)


def count_reported(
    kind: str, sides: tuple[int, int], mean: float, runs: int, seed: int, ratio: float = 1.0
) -> int:
    """Count in how many series of a kind (of KINDS) a title reports a change.

    `sides`: months before and after the launch; `mean`: incidents a month; `ratio`: what the level
    after it is of that before.
    """
    launched_on = (FIRST + pd.DateOffset(months=sides[0])).date()
    reported = 0
    for run in range(runs):
        dice = np.random.default_rng([seed, run, *sides, int(10 * mean), len(kind)])
        frame = _draw_series(dice, kind, sides, mean, ratio)
        span = Span(launched_on, frame["month"].max().date())
        # Where the interval tells of no change no title does: that is quicker to ask.
        effect = monthly_series.judge_series(frame, evaluation.ALL, span).effect
        if effect is not None and effect.excludes_zero:
            reported += evaluation.evaluate_place(frame, "Here", span).direction != 0
    return reported


def _draw_series(
    dice: np.random.Generator, kind: str, sides: tuple[int, int], mean: float, ratio: float
) -> pd.DataFrame:
    """Draw a series, a third more in summer; from the launch on its level is `ratio` of before."""
    months = pd.date_range(FIRST, periods=sum(sides), freq="MS")
    season = SUMMER * np.cos(2 * np.pi * (months.month.to_numpy() - 7) / 12)
    level = np.exp(KINDS[kind](dice, sum(sides)) + season)
    expected = mean * level * np.repeat([1.0, ratio], sides)
    return pd.DataFrame({"month": months, "incidents": dice.poisson(expected)})
