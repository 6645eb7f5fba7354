"""Did shootings change when the program came by more than chance, and may it be called its doing?

One place's monthly counts in, one object out: estimates, intervals, checks and the verdict read
from them. docs/evaluation.md has the model and the rules, `text/evaluation_text.py` the words.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import pandas as pd

from longevity.stats import detectable_effect, interrupted_time_series, monthly_series
from longevity.stats import evaluation_checks as checks
from longevity.stats.effects import Effect
from longevity.stats.evaluation_checks import Autocorrelation, OtherPlace, PreTrend, Reason, Refusal
from longevity.stats.interrupted_time_series import Model
from longevity.stats.monthly_series import Omission, Span

PLACEBOS_WITH_CHANGE = 0.20  # of the placebo dates, at most; neighbours are nearly one test
CHANCE = 0.01  # below it the residuals come in runs, or the trend before had turned
CARRIED_CHANCE = 0.10  # of the same change, where a trend is carried on, at most
REVIEWED_MOVES = 0.05  # of the share reviewed, from before to after, at most
REST_OPPOSES = 0.25  # of the change, moved the other way by the other shootings

# The columns of counts that are judged, and the name of each series.
ALL, GMI, REST = "incidents", "confirmed", "rest"


class Verdict(StrEnum):
    """What may be said. Only the last may speak of the program, and hedged."""

    CANNOT_TELL = "cannot_tell"
    CHANGE = "change"
    CONSISTENT = "consistent"


class Check(StrEnum):
    """What is looked into before a change may be called the program's doing."""

    PLACEBO_DATES = "placebo_dates"
    AUTOCORRELATION = "autocorrelation"
    PRE_TREND = "pre_trend"
    START_DATES = "start_dates"
    OTHER_CITIES = "other_cities"
    WAVE = "wave"
    REVIEWS = "reviews"
    SHARE_REVIEWED = "share_reviewed"
    ALL_SHOOTINGS = "all_shootings"


# Without these no change is told of at all; the others ask whether it may be the program's.
TELLING = (Check.PLACEBO_DATES, Check.AUTOCORRELATION, Check.PRE_TREND)


class State(StrEnum):
    """How a check came out."""

    QUIET = "quiet"
    RAISED = "raised"
    UNTESTED = "untested"


class Cause(StrEnum):
    """Why a check is raised, where there is more than one way."""

    SHARE_MOVED = "share_moved"
    REVIEWS_COULD_UNDO = "reviews_could_undo"
    REST_OPPOSES = "rest_opposes"
    ALL_DIFFER = "all_differ"
    TREND_TURNED = "trend_turned"
    TREND_UNDOES = "trend_undoes"


@dataclass(frozen=True)
class Flag:
    """One check and how it came out.

    Where `must` is true an effect is spoken of only if it could be tested.
    """

    check: Check
    state: State
    cause: Cause | None = None
    must: bool = True

    @property
    def forbids(self) -> bool:
        """Whether this check forbids speaking of an effect."""
        return self.state is State.RAISED or (self.must and self.state is State.UNTESTED)


@dataclass(frozen=True)
class Finding:
    """One series against the model. `measure`: the column counted; `refusal`: why no estimate.

    `carried`: the same model with a trend carried on; `steady`: with a level that keeps still.
    """

    measure: str
    span: Span
    series: pd.DataFrame
    refusal: Refusal | None
    model: Model | None = None
    effect: Effect | None = None
    carried: Model | None = None
    steady: Model | None = None

    @property
    def last(self) -> pd.Timestamp:
        """The last month judged."""
        return self.series["month"].max() if len(self.series) else self.span.last

    @cached_property
    def detectable(self) -> float | None:
        """The least fall a month that such a series would show in 80 of 100; None for none."""
        if self.model is None or self.carried is None:
            return None
        months = checks.select_months_after(self.series)
        falls = [
            detectable_effect.find_detectable_fall(self.model, months),
            detectable_effect.find_detectable_fall(self.carried, months, CARRIED_CHANCE),
        ]
        known = [fall for fall in falls if fall is not None]
        return max(known) if len(known) == len(falls) else None

    def compare_with_model(self) -> pd.DataFrame:
        """Return observed, fitted and without the program, by month; empty without an estimate."""
        if self.model is None:
            return pd.DataFrame()
        return checks.compare_with_model(self.model, self.series)


@dataclass(frozen=True)
class Evaluation:
    """All shootings and those with group members, side by side, and what may be said of them."""

    place: str
    span: Span
    all: Finding
    gmi: Finding
    verdict: Verdict
    flags: tuple[Flag, ...] = ()
    placebos: pd.DataFrame = field(default_factory=pd.DataFrame)
    start_dates: pd.DataFrame = field(default_factory=pd.DataFrame)
    comparisons: pd.DataFrame = field(default_factory=pd.DataFrame)
    by_other_means: pd.DataFrame = field(default_factory=pd.DataFrame)
    unreviewed: pd.DataFrame = field(default_factory=pd.DataFrame)
    autocorrelation: Autocorrelation | None = None
    trend_before: PreTrend | None = None
    difference: Effect | None = None  # against the other places

    @property
    def main(self) -> Finding:
        """The series the verdict is about: GMI where it has an estimate."""
        return self.gmi if self.gmi.effect is not None else self.all

    @property
    def direction(self) -> int:
        """The change that is told of, in every title, sentence and card.

        -1 fewer, 1 more, 0 where these data cannot tell.
        """
        effect = self.main.effect
        return 0 if effect is None or self.verdict is Verdict.CANNOT_TELL else effect.sign

    @property
    def against(self) -> tuple[Flag, ...]:
        """Each check for which no change is told of, whatever the interval says."""
        return tuple(flag for flag in self.flags if flag.check in TELLING and flag.forbids)


def judge_series(
    frame: pd.DataFrame, measure: str, span: Span, reviewed: str | None = None
) -> Finding:
    """Judge one series. `frame`: month, `measure`, complete if known; incidents with `reviewed`."""
    series = monthly_series.build_series(frame, measure, span, reviewed)
    refusal = _find_unreviewed(series) if reviewed else None
    refusal = refusal or checks.find_lack(series, span)
    if refusal is not None:
        return Finding(measure, span, series, refusal)
    used, months = monthly_series.select_used(series), checks.select_months_after(series)
    steady = interrupted_time_series.fit_model(used, span.first, checks.choose_terms(span))
    model = steady and interrupted_time_series.let_level_wander(steady)
    effect = None if model is None else interrupted_time_series.estimate_effect(model, months)
    if model is None or effect is None:
        return Finding(measure, span, series, Refusal(Reason.NOT_SETTLED))
    straight = interrupted_time_series.fit_model(
        used, span.first, checks.choose_terms(span, trend=True)
    )
    carried = straight and interrupted_time_series.let_level_wander(straight, model.noise)
    return Finding(measure, span, series, None, model, effect, carried, steady)


def _find_unreviewed(series: pd.DataFrame) -> Refusal | None:
    """Tell if the kind of incident is not known before the launch; None when it is long enough."""
    before = series[~series["after"]]
    count = int((before["why"] == "").sum())
    if count >= interrupted_time_series.LEAST_MONTHS:
        return None
    if not (before["why"] == Omission.NOT_REVIEWED).any():
        return None
    enough = series.loc[series["share"] >= monthly_series.REVIEWED_AT_LEAST, "month"]
    return Refusal(
        Reason.NOT_REVIEWED,
        "before",
        count,
        interrupted_time_series.LEAST_MONTHS,
        whole=len(before),
        since=enough.iloc[0] if len(enough) else None,
    )


def evaluate_place(
    frame: pd.DataFrame, place: str, span: Span, others: Mapping[str, OtherPlace] | None = None
) -> Evaluation:
    """Judge one place: all its shootings, those with group members, and every check.

    `frame`: month, incidents, complete and, for those who may see them, reviewed and
    confirmed; one row a month. `span`: to `monthly_series.choose_end_month`. `others`: the
    other places, by name, to compare with before the program came to them.
    """
    whole = judge_series(frame, ALL, span)
    if {"reviewed", "confirmed"} <= set(frame.columns):
        groups = judge_series(frame, GMI, span, "reviewed")
    else:
        series = monthly_series.build_series(frame, ALL, span)
        groups = Finding(GMI, span, series, Refusal(Reason.NOT_SHOWN))
    main = groups if groups.effect is not None else whole
    if main.model is None or main.effect is None:
        return Evaluation(place, span, whole, groups, Verdict.CANNOT_TELL)
    return _run_checks(frame, place, span, whole, groups, main, others or {})


def _run_checks(
    frame: pd.DataFrame,
    place: str,
    span: Span,
    whole: Finding,
    groups: Finding,
    main: Finding,
    others: Mapping[str, OtherPlace],
) -> Evaluation:
    """Run the checks of a place with an estimate and read from them what may be said."""
    model, effect, steady = main.model, main.effect, main.steady
    assert model is not None and effect is not None  # noqa: S101  # the caller refused without
    assert model.noise is not None and steady is not None  # noqa: S101  # so it was fitted
    placebos = checks.try_placebo_dates(main.series, span, model.noise)
    starts = checks.try_start_dates(main.series, span, model.noise)
    comparisons = checks.compare_places(others, ALL, span)
    models = {checks.SHOWN: model, checks.CARRIED: main.carried, checks.STEADY: steady}
    other_means = checks.estimate_otherwise(
        {name: each for name, each in models.items() if each is not None}, main.series
    )
    correlation = checks.measure_autocorrelation(steady)
    trend = checks.estimate_pre_trend(main.series, span)
    open_reviews, difference = pd.DataFrame(), None
    flags = [
        _check_placebos(placebos),
        _check_autocorrelation(correlation),
        _check_trend(trend, main.carried, effect),
        _check_start_dates(starts, effect),
        _check_other_cities(comparisons, effect),
    ]
    if main.last >= monthly_series.WAVE_BEGINS:
        difference = checks.estimate_difference(whole.series, others, ALL, span)
        flags.append(_check_wave(difference, effect))
    if main is groups:
        open_reviews = checks.bound_unreviewed(main.series, span, model.noise)
        flags += [
            _check_share_reviewed(main, open_reviews, effect),
            _check_all_shootings(frame, whole, effect, span),
        ]
    else:
        flags.append(Flag(Check.REVIEWS, State.UNTESTED))
    return Evaluation(
        place, span, whole, groups, _read_verdict(effect, flags), tuple(flags),
        placebos, starts, comparisons, other_means, open_reviews, correlation, trend, difference,
    )  # fmt: skip


def _read_verdict(effect: Effect, flags: list[Flag]) -> Verdict:
    """Return what may be said: the one rule.

    A change is told of where the interval leaves out "as many", nothing that could tell of a
    change without one is against it, and there was enough to ask.
    """
    against = {flag.check for flag in flags if flag.forbids}
    if not effect.excludes_zero or not against.isdisjoint(TELLING):
        return Verdict.CANNOT_TELL
    return Verdict.CHANGE if against else Verdict.CONSISTENT


def _check_placebos(placebos: pd.DataFrame) -> Flag:
    share = checks.compute_share_of_changes(placebos)
    state = State.UNTESTED if math.isnan(share) else _raise_if(share > PLACEBOS_WITH_CHANGE)
    return Flag(Check.PLACEBO_DATES, state)


def _check_autocorrelation(correlation: Autocorrelation) -> Flag:
    is_known = not math.isnan(correlation.chance)
    state = _raise_if(correlation.chance < CHANCE) if is_known else State.UNTESTED
    return Flag(Check.AUTOCORRELATION, state)


def _check_trend(trend: PreTrend | None, carried: Model | None, effect: Effect) -> Flag:
    """Raise when the trend before had turned, or would undo the change if it went on."""
    if trend is None or math.isnan(trend.bend) or carried is None:
        return Flag(Check.PRE_TREND, State.UNTESTED)
    if trend.bend < CHANCE:
        return Flag(Check.PRE_TREND, State.RAISED, Cause.TREND_TURNED)
    same = carried.coefficients[-1] * effect.value > 0
    if effect.excludes_zero and not (same and carried.compute_p_value(-1) <= CARRIED_CHANCE):
        return Flag(Check.PRE_TREND, State.RAISED, Cause.TREND_UNDOES)
    return Flag(Check.PRE_TREND, State.QUIET)


def _check_start_dates(starts: pd.DataFrame, effect: Effect) -> Flag:
    same = starts["value"].gt(0).eq(effect.value > 0)
    state = State.UNTESTED if starts.empty else _raise_if(not bool(same.all()))
    return Flag(Check.START_DATES, state)


def _check_other_cities(comparisons: pd.DataFrame, effect: Effect) -> Flag:
    tested = comparisons[comparisons["why"] == ""]
    same = tested["told"].astype(bool) & tested["value"].astype(float).gt(0).eq(effect.value > 0)
    state = State.UNTESTED if tested.empty else _raise_if(bool(same.any()))
    return Flag(Check.OTHER_CITIES, state, must=False)


def _check_wave(difference: Effect | None, effect: Effect) -> Flag:
    """Stay quiet only where the change goes beyond that of cities without the program.

    The years from 2020 on moved everywhere: a trend carried into them, or out of them, is off.
    """
    if difference is None:
        return Flag(Check.WAVE, State.UNTESTED)
    beyond = difference.excludes_zero and difference.sign == effect.sign
    return Flag(Check.WAVE, _raise_if(not beyond))


def _check_share_reviewed(main: Finding, open_reviews: pd.DataFrame, effect: Effect) -> Flag:
    """Raise when the share reviewed moved, or the incidents not reviewed could undo the change."""
    before, after = checks.compute_reviewed_shares(main.series)
    if abs(after - before) > REVIEWED_MOVES:
        return Flag(Check.SHARE_REVIEWED, State.RAISED, Cause.SHARE_MOVED)
    same = open_reviews["told"].astype(bool) & open_reviews["value"].gt(0).eq(effect.value > 0)
    if len(open_reviews) < 2 or not bool(same.all()):
        return Flag(Check.SHARE_REVIEWED, State.RAISED, Cause.REVIEWS_COULD_UNDO)
    return Flag(Check.SHARE_REVIEWED, State.QUIET)


def _check_all_shootings(frame: pd.DataFrame, whole: Finding, effect: Effect, span: Span) -> Flag:
    """Raise unless all shootings moved with it, and the rest not against it.

    Were incidents only called by another name, those with group members would move one way
    and the rest the other, and all together not at all.
    """
    rest = frame.assign(rest=pd.to_numeric(frame["incidents"]) - pd.to_numeric(frame["confirmed"]))
    opposite = judge_series(rest, REST, span, "reviewed").effect
    if whole.effect is None:
        return Flag(Check.ALL_SHOOTINGS, State.UNTESTED)
    if opposite is not None and _is_opposed(opposite, effect):
        return Flag(Check.ALL_SHOOTINGS, State.RAISED, Cause.REST_OPPOSES)
    if whole.effect.sign != effect.sign:
        return Flag(Check.ALL_SHOOTINGS, State.RAISED, Cause.ALL_DIFFER)
    return Flag(Check.ALL_SHOOTINGS, State.QUIET)


def _is_opposed(rest: Effect, effect: Effect) -> bool:
    """Whether the other shootings moved the other way, clearly or by a good part of the change."""
    against = rest.value * effect.value < 0
    return against and (rest.excludes_zero or abs(rest.value) > REST_OPPOSES * abs(effect.value))


def _raise_if(condition: bool) -> State:
    return State.RAISED if condition else State.QUIET
