"""How often the evaluation is right, by simulation.

The series are the demonstration's own, drawn from its plan without writing rows: clustered
incidents, so that counts are over-dispersed, with an effect that is known. What is planted
is never asked of the code under test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache

import duckdb
import numpy as np
import pandas as pd

from longevity import settings as configuration
from longevity.demo import draw
from longevity.demo.ground import Ground, make_ground
from longevity.demo.streams import find_month
from longevity.settings import City
from longevity.stats import evaluation, evaluation_checks, judged_series, monthly_series
from longevity.stats.evaluation import Evaluation, EvaluationVerdict
from longevity.stats.evaluation_checks import State
from longevity.stats.judged_series import JudgedSeries
from longevity.stats.monthly_series import Span
from tools.calibrate.row import Promise, Row

UNTIL = date(2019, 12, 31)
LATE = date(2022, 1, 1)
SEEDS = 200  # at most
COVERED = Promise(0.95, at_least=True)
# By month, from the first on.
COUNTED = """
    SELECT month_of(day) - ? AS at,
        COUNT(*) AS incidents,
        COUNT(reviewed_on) AS reviewed,
        COUNT(reviewed_on) FILTER (is_confirmed) AS confirmed
    FROM incidents
    WHERE is_counted
    GROUP BY ALL
"""
DEMONSTRATION = "the demonstration's own series"


@cache
def make_grounds(effect: float | None = None) -> dict[str, Ground]:
    """Return each city's ground, by id; `effect` plants another one where one is planted."""
    loaded = configuration.load_settings(environment={})
    made = {}
    for city in loaded.cities.values():
        drawn = city.demonstration
        if effect is not None and drawn.effect_gmi_incidents_a_month:
            drawn = drawn.model_copy(update={"effect_gmi_incidents_a_month": effect})
        planned = city.model_copy(update={"demonstration": drawn})
        made[city.id] = make_ground(loaded, planned, UNTIL, 1)
    return made


def find_planted() -> City:
    """Return the city an effect is planted in."""
    cities = (ground.city for ground in make_grounds().values())
    return next(city for city in cities if city.demonstration.effect_gmi_incidents_a_month)


@cache
def _open_database() -> duckdb.DuckDBPyConnection:
    return draw.open_database()


@cache
def draw_series(city: str, seed: int, effect: float | None = None) -> pd.DataFrame:
    """month, incidents, reviewed, confirmed, complete: one city and seed, all reviews held."""
    ground = make_grounds(effect)[city]
    database = _open_database()
    draw.draw_city(database, ground, seed, 1)
    months = ground.level.months
    months = months[months <= find_month(np.array([(UNTIL - date(1970, 1, 1)).days]))[0]]
    counted = database.execute(COUNTED, [int(months[0])]).df()
    return (
        pd.DataFrame({"at": np.arange(months.size)})
        .merge(counted, "left")
        .fillna(0)
        .astype(int)
        .assign(
            month=months.astype("datetime64[M]").astype("datetime64[us]"),
            complete=True,
        )
    )


def _evaluate(frame: pd.DataFrame, city: City, seed: int) -> Evaluation:
    """Evaluate a series next to the other cities of that seed, before the program came there."""
    others = {
        name: monthly_series.select_without_program(
            draw_series(name, seed), ground.city.launched_on
        )
        for name, ground in make_grounds().items()
        if name != city.id
    }
    span = Span(city.require_launch(), UNTIL)
    return evaluation.evaluate_place(frame, city.name, span, others)


def _judge(frame: pd.DataFrame, city: City, count: str = "confirmed") -> JudgedSeries:
    """Return the estimate alone, which is quick."""
    reviewed = "reviewed" if count == "confirmed" else None
    return judged_series.judge_series(frame, count, Span(city.require_launch(), UNTIL), reviewed)


def _make_row(
    what: str, hits: Iterable[bool], promised: Promise | None = None, data: str = DEMONSTRATION
) -> Row:
    tried = list(hits)
    return Row(what, data, sum(map(bool, tried)), len(tried), promised)


def _excludes_zero(judged: JudgedSeries) -> bool:
    return judged.effect is not None and judged.effect.excludes_zero


def _covers(judged: JudgedSeries, truth: float) -> bool:
    return judged.effect is not None and judged.effect.low <= truth <= judged.effect.high


def _write_mean(judged: Iterable[JudgedSeries]) -> str:
    return f"mean {np.mean([each.effect.value for each in judged if each.effect]):+.2f}"


def rows(runs: int, _seed: int) -> Iterator[Row]:
    """Series of seeds of their own, few of them when few runs are asked."""
    seeds = range(1, min(runs, SEEDS) + 1)
    for part in (_planted, _nothing, _steps, _placebos, _other_counts, _two_years):
        yield from part(seeds)


def _planted(seeds: range) -> Iterator[Row]:
    """What is planted, then what is said to be found in 80 of 100."""
    city = find_planted()
    truth = city.demonstration.effect_gmi_incidents_a_month
    found = [_judge(draw_series(city.id, seed), city) for seed in seeds]
    verdicts = [_evaluate(draw_series(city.id, seed), city, seed) for seed in seeds]
    what = f"planted {truth}"
    covered = (_covers(judged, truth) for judged in found)
    yield _make_row(f"{what}, {_write_mean(found)}: interval covers it", covered, COVERED)
    yield _make_row(f"{what}: zero excluded", map(_excludes_zero, found))
    yield _make_row(f"{what}: a title reports fewer", (each.direction < 0 for each in verdicts))
    called = (each.verdict is EvaluationVerdict.CONSISTENT for each in verdicts)
    yield _make_row(f"{what}: may be spoken of", called)
    said = [_judge(draw_series(city.id, seed, 0.0), city).detectable for seed in seeds]
    least = round(float(np.median([fall for fall in said if fall is not None])), 2)
    again = (_evaluate(draw_series(city.id, seed, -least), city, seed) for seed in seeds)
    fewer = (each.direction < 0 for each in again)
    what = f"planted −{least}, the detectable effect: reported"
    yield _make_row(what, fewer, Promise(0.70, at_least=True))


def _nothing(seeds: range) -> Iterator[Row]:
    planted = find_planted()
    for city in (ground.city for ground in make_grounds().values()):
        count = "confirmed" if city.id == planted.id else "incidents"
        found = [_judge(draw_series(city.id, seed, 0.0), city, count) for seed in seeds]
        what = f"{count}, nothing planted ({city.id}), {_write_mean(found)}: zero excluded"
        yield _make_row(what, map(_excludes_zero, found), Promise(0.07))


# Steps in what the reviews confirm, and none in the shootings.


def _begin_reviews(frame: pd.DataFrame, before: pd.Series, _: np.random.Generator) -> pd.DataFrame:
    """Nothing was reviewed before the launch."""
    reviewed, confirmed = (frame[name].mask(before, 0) for name in ("reviewed", "confirmed"))
    return frame.assign(reviewed=reviewed, confirmed=confirmed)


def _extend_reviews(
    frame: pd.DataFrame, before: pd.Series, dice: np.random.Generator
) -> pd.DataFrame:
    """Of what was reviewed, 16 in 100 were not before the launch: the months still count."""
    confirmed, rest = frame["confirmed"], frame["reviewed"] - frame["confirmed"]
    kept = [counts.mask(before, dice.binomial(counts, 0.84)) for counts in (confirmed, rest)]
    return frame.assign(reviewed=kept[0] + kept[1], confirmed=kept[0])


def _name_otherwise(
    frame: pd.DataFrame, before: pd.Series, dice: np.random.Generator
) -> pd.DataFrame:
    """All are reviewed, but from the launch on four in ten are no longer confirmed."""
    confirmed = frame["confirmed"]
    return frame.assign(confirmed=confirmed.where(before, dice.binomial(confirmed, 0.6)))


STEPS: dict[str, Callable[[pd.DataFrame, pd.Series, np.random.Generator], pd.DataFrame]] = {
    "reviews began at the launch": _begin_reviews,
    "reviews grew at the launch": _extend_reviews,
    "incidents were named otherwise from the launch on": _name_otherwise,
}


def _steps(seeds: range) -> Iterator[Row]:
    city = find_planted()
    launch = Span(city.require_launch(), UNTIL).first
    for what, step in STEPS.items():
        found = []
        for seed in seeds:
            frame = draw_series(city.id, seed, 0.0)
            dice = np.random.default_rng(int(frame["incidents"].sum()))
            found.append(_evaluate(step(frame, frame["month"] < launch, dice), city, seed))
        called = (each.verdict is EvaluationVerdict.CONSISTENT for each in found)
        yield _make_row(f"{what}: called an effect", called, Promise(0))
        yield _make_row(f"{what}: zero excluded", (_excludes_zero(each.gmi) for each in found))


def _placebos(seeds: range) -> Iterator[Row]:
    """Dates before the launch, where nothing began, on clustered series."""
    city = find_planted()
    judged = [_judge(draw_series(city.id, seed), city) for seed in seeds]
    frames = [evaluation_checks.try_placebo_dates(each) for each in judged]
    told = pd.concat(frames)["told"].tolist()
    yield _make_row("placebo dates: a change reported, of all dates", told, Promise(0.05))
    raised = (evaluation_checks.check_placebos(frame) is State.RAISED for frame in frames)
    yield _make_row("placebo dates: against a change, of all series", raised)


def _other_counts(seeds: range) -> Iterator[Row]:
    """Negative binomial counts, whose variance grows with the square of the mean."""
    ground = make_grounds()[find_planted().id]
    level, span = ground.level, Span(ground.city.require_launch(), UNTIL)
    months = level.months[level.months <= level.evaluated_until]
    mean, alpha = level.confirmed[: months.size], 0.15
    found = []
    for seed in seeds:
        dice = np.random.default_rng([seed, 15])
        counts = dice.poisson(mean * dice.gamma(1 / alpha, alpha, mean.size))
        day = months.astype("datetime64[M]").astype("datetime64[us]")
        frame = pd.DataFrame({"month": day, "count": counts})
        found.append(judged_series.judge_series(frame, "count", span))
    what, data = f"planted {level.effect:.2f}, {_write_mean(found)}", "negative binomial months"
    covered = (_covers(each, level.effect) for each in found)
    yield _make_row(f"{what}: interval covers it", covered, COVERED, data)
    steady = (each.steady for each in found if each.steady is not None)
    runs = (evaluation_checks.check_runs(model) is State.RAISED for model in steady)
    yield _make_row("said to come in runs", runs, None, data)


def _draw_clustered(dice: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    """Draw counts with this mean and a variance of 1.8 times it."""
    return dice.poisson(dice.gamma(mean / 0.8, 0.8))


def _season(months: pd.DatetimeIndex) -> np.ndarray:
    return np.exp(0.25 * np.cos(2 * np.pi * (months.month.to_numpy() - 7) / 12))


def _two_years(seeds: range) -> Iterator[Row]:
    """The least there may be on either side: 24 months before a launch of 2022, and 24 after."""
    span, data = Span(LATE, date(2023, 12, 1)), "24 months on either side"
    months = pd.date_range("2020-01-01", "2023-12-01", freq="MS")

    def judge(part: float) -> Iterator[JudgedSeries]:
        mean = 20 * _season(months) * np.where(months >= span.first, part, 1.0)
        for seed in seeds:
            count = _draw_clustered(np.random.default_rng([seed, 24]), mean)
            frame = pd.DataFrame({"month": months, "count": count})
            yield judged_series.judge_series(frame, "count", span)

    found = map(_excludes_zero, judge(1.0))
    yield _make_row("nothing planted: zero excluded", found, Promise(0.05), data)
    effects = [each.effect for each in judge(0.7) if each.effect is not None]
    covered = (effect.ratio_low <= 0.7 <= effect.ratio_high for effect in effects)
    yield _make_row("a fall of 30 %: interval covers it", covered, COVERED, data)
