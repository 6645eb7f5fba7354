"""How often the evaluation is right, by simulation: `python -m tools.calibrate.evaluation`.

The series are the demonstration's own, drawn from its plan without writing rows: clustered
incidents, so that counts are over-dispersed, with an effect that is known. What is planted
is never asked of the code under test.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from longevity import settings as configuration
from longevity.demo import plan as plans
from longevity.demo.ground import Ground, make_ground
from longevity.demo.streams import NEVER, find_month
from longevity.settings import City
from longevity.stats import evaluation, evaluation_checks, judged_series, monthly_series
from longevity.stats.evaluation import Evaluation, EvaluationVerdict
from longevity.stats.evaluation_checks import State
from longevity.stats.interrupted_time_series import Effect
from longevity.stats.judged_series import JudgedSeries
from longevity.stats.monthly_series import Span

UNTIL = date(2019, 12, 31)
SEEDS, FEW = 200, 6


class Row(NamedTuple):
    """One line of the table; `holds` is whether what was found is what was asked."""

    what: str
    series: int
    found: str
    asked: str
    holds: bool


@cache
def grounds(effect: float | None = None) -> dict[str, Ground]:
    """Each city's ground, by id; `effect` plants another one where one is planted."""
    loaded = configuration.load_settings(environment={})
    made = {}
    for city in loaded.cities.values():
        drawn = city.demonstration
        if effect is not None and drawn.effect_gmi_incidents_a_month:
            drawn = drawn.model_copy(update={"effect_gmi_incidents_a_month": effect})
        planned = city.model_copy(update={"demonstration": drawn})
        made[city.id] = make_ground(loaded, planned, UNTIL, 1)
    return made


def planted() -> str:
    """The city an effect is planted in."""
    return next(
        city
        for city, ground in grounds().items()
        if ground.city.demonstration.effect_gmi_incidents_a_month
    )


@cache
def drawn(city: str, seed: int, effect: float | None = None) -> pd.DataFrame:
    """month, incidents, reviewed, confirmed, complete: one city and seed, all reviews held."""
    ground = grounds(effect)[city]
    incidents = plans.plan_city(ground, seed, 1).rows["incidents"]
    months = ground.level.months
    months = months[months <= find_month(np.array([(UNTIL - date(1970, 1, 1)).days]))[0]]
    at = find_month(incidents.day) - months[0]
    inside = incidents.counted & (at < months.size)
    reviewed = incidents.reviewed_on < NEVER

    def a_month(which: np.ndarray) -> np.ndarray:
        return np.bincount(at[inside & which], minlength=months.size)

    return pd.DataFrame(
        {
            "month": months.astype("datetime64[M]").astype("datetime64[us]"),
            "incidents": a_month(incidents.counted),
            "reviewed": a_month(reviewed),
            "confirmed": a_month(reviewed & incidents.confirmed),
            "complete": True,
        }
    )


def others(city: str, seed: int) -> dict[str, pd.DataFrame]:
    """The other cities of that seed, before the program came to them."""
    return {
        name: monthly_series.select_without_program(drawn(name, seed), ground.city.launched_on)
        for name, ground in grounds().items()
        if name != city
    }


def evaluated(frame: pd.DataFrame, city: City, seed: int) -> Evaluation:
    return evaluation.evaluate_place(
        frame, city.name, Span(city.require_launch(), UNTIL), others(city.id, seed)
    )


def judged(frame: pd.DataFrame, city: City, count: str) -> JudgedSeries:
    """The estimate alone, which is quick."""
    reviewed = "reviewed" if count == "confirmed" else None
    found = judged_series.judge_series(frame, count, Span(city.require_launch(), UNTIL), reviewed)
    assert found.effect is not None, found.refusal
    return found


def estimated(frame: pd.DataFrame, city: City, count: str) -> Effect:
    """The effect alone."""
    effect = judged(frame, city, count).effect
    assert effect is not None
    return effect


# Steps without any change in shootings.


def reviews_began(frame: pd.DataFrame, span: Span) -> pd.DataFrame:
    """Nothing was reviewed before the launch."""
    before = frame["month"] < span.first
    return frame.assign(
        reviewed=frame["reviewed"].mask(before, 0), confirmed=frame["confirmed"].mask(before, 0)
    )


def reviews_grew(frame: pd.DataFrame, span: Span) -> pd.DataFrame:
    """Of what was reviewed, 16 in 100 were not before the launch: the months still count."""
    dice = np.random.default_rng(int(frame["incidents"].sum()))
    before = (frame["month"] < span.first).to_numpy()
    confirmed, rest = frame["confirmed"].to_numpy(), (frame["reviewed"] - frame["confirmed"])
    kept = [np.where(before, dice.binomial(n, 0.84), n) for n in (confirmed, rest.to_numpy())]
    return frame.assign(reviewed=kept[0] + kept[1], confirmed=kept[0])


def named_otherwise(frame: pd.DataFrame, span: Span) -> pd.DataFrame:
    """All are reviewed, but from the launch on four in ten are no longer confirmed."""
    dice = np.random.default_rng(int(frame["incidents"].sum()))
    after = (frame["month"] >= span.first).to_numpy()
    confirmed = frame["confirmed"].to_numpy()
    return frame.assign(confirmed=np.where(after, dice.binomial(confirmed, 0.6), confirmed))


def rows(quick: bool = False) -> list[Row]:
    """The table; `quick` takes few seeds."""
    seeds = range(1, (FEW if quick else SEEDS) + 1)
    return [
        *_planted(seeds),
        *_of_the_detectable_size(seeds),
        *_nothing(seeds),
        *_steps(seeds),
        *_placebos(seeds),
        *_other_counts(seeds),
        *_two_years(seeds),
        *_wave(seeds),
    ]


def _share(found: Iterable[bool]) -> float:
    return float(np.mean(list(found)))


def _within(share: float, expected: float, series: int) -> bool:
    """Whether so many of so few are what one would see with the expected share (exact)."""
    return bool(stats.binomtest(round(share * series), series, expected).pvalue > 0.003)


def _planted(seeds: range) -> list[Row]:
    city = grounds()[planted()].city
    truth = city.demonstration.effect_gmi_incidents_a_month
    effects = [estimated(drawn(city.id, seed), city, "confirmed") for seed in seeds]
    covered = _share(e.low <= truth <= e.high for e in effects)
    mean = float(np.mean([e.value for e in effects]))
    told = _share(e.excludes_zero for e in effects)
    verdicts = [evaluated(drawn(city.id, seed), city, seed) for seed in seeds]
    titled = _share(e.direction < 0 for e in verdicts)
    called = _share(e.verdict is EvaluationVerdict.CONSISTENT for e in verdicts)
    many = len(seeds)
    return [
        Row("planted effect: interval covers it", many, f"{covered:.3f}", "≥ 0.95",
            covered >= 0.95 or _within(covered, 0.95, many)),
        Row("planted effect: mean estimate", many, f"{mean:.2f}", f"{truth}, reported", True),
        Row("planted effect: zero excluded", many, f"{told:.3f}", "reported", True),
        Row("planted effect: a title tells of fewer", many, f"{titled:.3f}", "reported", True),
        Row("planted effect: may be spoken of", many, f"{called:.3f}", "reported", True),
    ]  # fmt: skip


def _of_the_detectable_size(seeds: range) -> list[Row]:
    """Plant what is said to be found in 80 of 100, and count."""
    city = grounds(0.0)[planted()].city
    said = [judged(drawn(city.id, seed, 0.0), city, "confirmed").detectable for seed in seeds]
    least = round(float(np.median([fall for fall in said if fall is not None])), 2)
    found = [evaluated(drawn(city.id, seed, -least), city, seed) for seed in seeds]
    told = _share(each.direction < 0 for each in found)
    many = len(seeds)
    return [
        Row(f"planted −{least}, the detectable effect: told of", many, f"{told:.3f}", "≥ 0.70",
            told >= 0.70 or _within(told, 0.75, many)),
    ]  # fmt: skip


def _nothing(seeds: range) -> list[Row]:
    made = []
    for name, ground in grounds().items():
        if name != planted():
            found = [estimated(drawn(name, seed), ground.city, "incidents") for seed in seeds]
            made.append(("all shootings, no effect planted", name, found))
    city = grounds(0.0)[planted()].city
    found = [estimated(drawn(city.id, seed, 0.0), city, "confirmed") for seed in seeds]
    made.append(("group-member-involved, nothing planted", city.id, found))
    table = []
    for what, name, effects in made:
        told = _share(e.excludes_zero for e in effects)
        # Few series: what 7 % of many would leave possible.
        holds = told <= 0.07 if len(seeds) >= SEEDS else _within(told, 0.05, len(seeds))
        mean = float(np.mean([e.value for e in effects]))
        found_words = f"{told:.3f}, mean {mean:+.2f}"
        table.append(Row(f"{what} ({name}): flagged", len(seeds), found_words, "≤ 0.07", holds))
    return table


STEPS: Mapping[str, Callable[[pd.DataFrame, Span], pd.DataFrame]] = {
    "reviews began at the launch": reviews_began,
    "reviews grew at the launch": reviews_grew,
    "incidents were named otherwise from the launch on": named_otherwise,
}


def _steps(seeds: range) -> list[Row]:
    """A step in what the reviews confirm, and none in the shootings."""
    city = grounds(0.0)[planted()].city
    table = []
    for what, step in STEPS.items():
        found = [
            evaluated(
                step(drawn(city.id, seed, 0.0), Span(city.require_launch(), UNTIL)), city, seed
            )
            for seed in seeds
        ]
        moved = sum(e.gmi.effect is not None and e.gmi.effect.excludes_zero for e in found)
        called = sum(e.verdict is EvaluationVerdict.CONSISTENT for e in found)
        said = f"{called} (GMI interval excludes zero in {moved})"
        table.append(Row(f"{what}: called an effect", len(seeds), said, "0", called == 0))
    return table


def _placebos(seeds: range) -> list[Row]:
    """Dates before the launch, where nothing began, on clustered series."""
    city = grounds()[planted()].city
    told, raised = [], []
    for seed in seeds:
        found = judged(drawn(city.id, seed), city, "confirmed")
        frame = evaluation_checks.try_placebo_dates(found)
        told.append(float(frame["told"].mean()))
        raised.append(evaluation_checks.check_placebos(frame) is State.RAISED)
    share = float(np.mean(told))
    # Dates of one series are nearly the same test: the spread is between series.
    error = float(np.std(told)) / np.sqrt(len(told))
    return [
        Row("placebo dates: told a change, of all dates", len(seeds), f"{share:.3f}", "≤ 0.05",
            share <= 0.05 + 3 * error),
        Row("placebo dates: series with the flag raised", len(seeds),
            f"{np.mean(raised):.3f}", "reported", True),
    ]  # fmt: skip


def _other_counts(seeds: range) -> list[Row]:
    """Negative binomial counts, whose variance grows with the square of the mean."""
    ground = grounds()[planted()]
    level, span = ground.level, Span(ground.city.require_launch(), UNTIL)
    months = level.months[level.months <= level.evaluated_until]
    mean = level.confirmed[: months.size]
    truth, alpha = level.effect, 0.15
    effects, runs = [], []
    for seed in seeds:
        dice = np.random.default_rng([seed, 15])
        counts = dice.poisson(mean * dice.gamma(1 / alpha, alpha, mean.size))
        frame = pd.DataFrame(
            {"month": months.astype("datetime64[M]").astype("datetime64[us]"), "count": counts}
        )
        found = judged_series.judge_series(frame, "count", span)
        assert found.effect is not None and found.steady is not None
        effects.append(found.effect)
        runs.append(evaluation_checks.check_runs(found.steady) is State.RAISED)
    many = len(seeds)
    covered = _share(e.low <= truth <= e.high for e in effects)
    value = float(np.mean([e.value for e in effects]))
    return [
        Row("negative binomial counts: interval covers", many, f"{covered:.3f}, mean {value:.2f}",
            f"≥ 0.95, mean {truth:.2f}", covered >= 0.95 or _within(covered, 0.95, many)),
        Row("independent months about the demonstration's level: said to come in runs", many,
            f"{_share(runs):.3f}", "reported", True),
    ]  # fmt: skip


def _clustered(dice: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    """Counts with this mean and a variance of 1.8 times it."""
    return dice.poisson(dice.gamma(mean / 0.8, 0.8))


def _season(months: pd.DatetimeIndex) -> np.ndarray:
    return np.exp(0.25 * np.cos(2 * np.pi * (months.month.to_numpy() - 7) / 12))


def _two_years(seeds: range) -> list[Row]:
    """The least there may be on either side: 24 months before a launch of 2022, and 24 after."""
    span = Span(LATE, date(2023, 12, 1))
    months = pd.date_range("2020-01-01", "2023-12-01", freq="MS")
    after = (months >= span.first).astype(float)

    def effects(part: float) -> list[Effect]:
        found = []
        for seed in seeds:
            mean = 20 * _season(months) * part**after
            count = _clustered(np.random.default_rng([seed, 24]), mean)
            frame = pd.DataFrame({"month": months, "count": count})
            effect = judged_series.judge_series(frame, "count", span).effect
            assert effect is not None
            found.append(effect)
        return found

    told = _share(effect.excludes_zero for effect in effects(1.0))
    covered = _share(effect.ratio_low <= 0.7 <= effect.ratio_high for effect in effects(0.7))
    many = len(seeds)
    return [
        Row("24 months on either side, nothing planted: flagged", many, f"{told:.3f}", "0.05",
            told <= 0.05 or _within(told, 0.05, many)),
        Row("24 months on either side, a fall of 30 %: interval covers it", many, f"{covered:.3f}",
            "≥ 0.95", covered >= 0.95 or _within(covered, 0.95, many)),
    ]  # fmt: skip


LATE = date(2022, 1, 1)


def _wave(seeds: range) -> list[Row]:
    """A launch of 2022, and nothing but the years from 2020 on: half as many again, and back."""
    span = Span(LATE, date(2025, 12, 1))
    months = pd.date_range("2015-01-01", "2025-12-01", freq="MS")
    years = months.year.to_numpy() + (months.month.to_numpy() - 1) / 12
    wave = np.interp(years, [2020.25, 2020.6, 2022.0, 2024.5], [1, 1.5, 1.5, 1])

    def place(dice: np.random.Generator) -> pd.DataFrame:
        count = _clustered(dice, 8 * _season(months) * wave)
        confirmed = dice.binomial(count, 0.7)
        return pd.DataFrame(
            {"month": months, "incidents": count, "reviewed": count, "confirmed": confirmed}
        )

    told, called = 0, 0
    for seed in seeds:
        dice = np.random.default_rng([seed, 2020])
        beside = {name: place(dice) for name in ("There", "Yonder")}
        found = evaluation.evaluate_place(place(dice), "Here", span, beside)
        told += found.main.effect is not None and found.main.effect.excludes_zero
        called += found.verdict is EvaluationVerdict.CONSISTENT
    said = f"{called} (interval excludes zero in {told})"
    # No rule keeps chance out altogether: two in a hundred.
    most = max(1, len(seeds) // 50)
    return [
        Row("nothing but the years from 2020 on: called an effect", len(seeds), said, f"≤ {most}",
            called <= most)
    ]  # fmt: skip


def printed(table: list[Row]) -> str:
    """The table as text."""
    wide = max(len(row.what) for row in table)
    lines = [f"{'evaluation':{wide}} | series | found | asked | holds"]
    lines += [
        f"{row.what:{wide}} | {row.series:6} | {row.found} | {row.asked} | "
        f"{'yes' if row.holds else 'NO'}"
        for row in table
    ]
    return "\n".join(lines)


def report(runs: int, _seed: int) -> Iterator[str]:
    """The table for `make calibrate`: seeds of its own, few of them when few runs are asked."""
    yield from printed(rows(quick=runs < SEEDS)).splitlines()


if __name__ == "__main__":
    made = rows("--quick" in sys.argv)
    print(printed(made), flush=True)
    sys.exit(0 if all(row.holds for row in made) else 1)
