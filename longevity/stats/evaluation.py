"""Did shootings change when the program came by more than chance, and may it be called its doing?

One place's monthly counts in, one object out: estimates, intervals, checks and the verdict read
from them. docs/evidence.md has the model and the rules, `findings/evaluation_text.py` the words.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd

from longevity.stats import monthly_series
from longevity.stats.interrupted_time_series import Effect, Model, estimate_effect, fit_model
from longevity.stats.monthly_series import JudgedSeries, Omission, Refusal, Span, judge_series

# The columns of counts that are judged, and the name of each series.
ALL, GMI = "incidents", "confirmed"

COMPARED_AFTER = 6  # months a comparison city needs after the launch and before its own
PLACEBO_SIDE = 12  # months a placebo date has on either side
LEAST_PLACEBOS = 12  # placebo dates; two next to each other are nearly one test
PLACEBOS_WITH_CHANGE = 0.20  # of the placebo dates, at most, may show a change
LAGS = 12  # months by which residuals are compared with later ones
CARRIED_CHANCE = 0.10  # of the same change, where a trend is carried on, at most
CHANCE = 0.01  # below it the residuals come in runs, or the trend before had turned
REVIEWED_MOVES = 0.05  # of the share reviewed, from before to after, at most
REST_OPPOSES = 0.25  # of the change, moved the other way by the other shootings


class EvaluationVerdict(StrEnum):
    """What may be said of a change. Only the last may speak of the program, and hedged."""

    CANNOT_TELL = "cannot_tell"
    CHANGE = "change"
    CONSISTENT = "consistent"


class Check(StrEnum):
    """What is looked into before a change may be called the program's doing."""

    PLACEBO_DATES = "placebo_dates"
    AUTOCORRELATION = "autocorrelation"
    PRE_TREND = "pre_trend"
    OTHER_CITIES = "other_cities"
    WAVE = "wave"
    REVIEWS = "reviews"
    SHARE_REVIEWED = "share_reviewed"
    ALL_SHOOTINGS = "all_shootings"


class State(StrEnum):
    """How a check came out: without doubt, with a doubt raised, or not at all."""

    QUIET = "quiet"
    RAISED = "raised"
    UNTESTED = "untested"


# Without these no change is reported at all; the others ask whether it may be the program's.
TELLING = (Check.PLACEBO_DATES, Check.AUTOCORRELATION, Check.PRE_TREND)


@dataclass(frozen=True)
class Evaluation:
    """All shootings and those with group members, side by side, and what may be said of them.

    `placebos`: whether a change is found, of each date before the launch. `others`: other places
    at this launch, before the program came to them.
    """

    place: str
    all: JudgedSeries
    gmi: JudgedSeries
    states: Mapping[Check, State] = field(default_factory=dict)
    placebos: Sequence[bool] = ()
    others: Mapping[str, JudgedSeries] = field(default_factory=dict)

    @property
    def main(self) -> JudgedSeries:
        """The series the verdict is about: of group members where it has an estimate."""
        return self.gmi if self.gmi.effect is not None else self.all

    @property
    def forbidding(self) -> tuple[Check, ...]:
        """Each check that forbids speaking of an effect: one that could not be asked does too,
        except where there is no other city to compare with.
        """
        return tuple(
            check
            for check, state in self.states.items()
            if state is State.RAISED
            or (state is State.UNTESTED and check is not Check.OTHER_CITIES)
        )

    @property
    def against(self) -> tuple[Check, ...]:
        """Each check for which no change is reported, whatever the interval says."""
        return tuple(check for check in self.forbidding if check in TELLING)

    @property
    def verdict(self) -> EvaluationVerdict:
        """What may be said: the one rule.

        A change is reported where the interval leaves out "as many", and of the checks that find
        a change where there is none (TELLING) each could be asked and found nothing.
        """
        effect = self.main.effect
        if effect is None or not effect.excludes_zero or self.against:
            return EvaluationVerdict.CANNOT_TELL
        return EvaluationVerdict.CHANGE if self.forbidding else EvaluationVerdict.CONSISTENT

    @property
    def direction(self) -> int:
        """The change that is reported, in every title, sentence and card.

        -1 fewer, 1 more, 0 where these data cannot tell.
        """
        effect = self.main.effect
        return 0 if effect is None or self.verdict is EvaluationVerdict.CANNOT_TELL else effect.sign


def evaluate_place(
    frame: pd.DataFrame, place: str, span: Span, others: Mapping[str, pd.DataFrame] | None = None
) -> Evaluation:
    """Judge one place: all its shootings, those with group members, and every check.

    `frame`: month, incidents, complete and, for those who may see them, reviewed and
    confirmed; one row a month. `span`: to what `choose_end_month` says. `others`: the
    months of other places, by name, before the program came to them.
    """
    whole = judge_series(frame, ALL, span)
    if {"reviewed", "confirmed"} <= set(frame.columns):
        groups = judge_series(frame, GMI, span, reviewed=True)
    else:
        groups = JudgedSeries(GMI, span, whole.series, Refusal("not_shown"))
    main = groups if groups.effect is not None else whole
    model, effect = main.model, main.effect
    if model is None or effect is None:
        return Evaluation(place, all=whole, gmi=groups)
    compared = {
        name: judge_series(months, ALL, span, least_after=COMPARED_AFTER)
        for name, months in (others or {}).items()
    }
    placebos = try_placebo_dates(model)
    states = {
        Check.PLACEBO_DATES: check_placebos(placebos),
        Check.AUTOCORRELATION: check_runs(model),
        Check.PRE_TREND: check_trend(model, effect),
        Check.OTHER_CITIES: check_other_cities(compared, effect),
    }
    if main.last >= monthly_series.WAVE_BEGINS:
        # Levels of those years moved everywhere: no check here could tell a program from them.
        states[Check.WAVE] = State.UNTESTED
    if main is groups:
        states[Check.SHARE_REVIEWED] = check_share_reviewed(main.series, model, effect)
        states[Check.ALL_SHOOTINGS] = check_all_shootings(frame, whole, effect)
    else:
        states[Check.REVIEWS] = State.UNTESTED
    return Evaluation(place, whole, groups, states, placebos, others=compared)


def _raise_if(condition: bool) -> State:
    return State.RAISED if condition else State.QUIET


def try_placebo_dates(model: Model) -> list[bool]:
    """Return whether a change is found at each date on which nothing began.

    From the months before the launch alone, with the noise of the whole series.
    """
    before = model.months[~model.months["after"]]
    counts = before["count"].to_numpy()
    found = []
    for at in range(PLACEBO_SIDE, len(before) - PLACEBO_SIDE + 1):
        if min(counts[:at].sum(), counts[at:].sum()) >= monthly_series.LEAST_COUNTED:
            placebo = fit_model(before, before["month"].iloc[at], model.noise)
            found.append(estimate_effect(placebo, before[at:]))
    return [effect.excludes_zero for effect in found if effect is not None]


def check_placebos(placebos: Sequence[bool]) -> State:
    """Return RAISED where changes are found at too many dates on which nothing began."""
    if len(placebos) < LEAST_PLACEBOS:
        return State.UNTESTED
    return _raise_if(sum(placebos) > PLACEBOS_WITH_CHANGE * len(placebos))


def check_runs(model: Model) -> State:
    """Return RAISED where months above a level that keeps still come in runs (Ljung and Box).

    In the order of the months; those left out are passed over.
    """
    from statsmodels.stats.diagnostic import acorr_ljungbox

    steady = fit_model(model.months, model.step)
    if steady is None:
        return State.UNTESTED
    residuals = ((steady.months["count"] - steady.mean) / steady.mean**0.5).to_numpy()
    lags = min(LAGS, len(residuals) // 4)
    chance = float(acorr_ljungbox(residuals, lags=[lags])["lb_pvalue"].iloc[0])
    return State.UNTESTED if math.isnan(chance) else _raise_if(chance < CHANCE)


def check_trend(model: Model, effect: Effect) -> State:
    """Return RAISED where the trend before bent, or explains the change if it is carried on."""
    before = model.months[~model.months["after"]]
    bent = fit_model(before, model.step, terms=("trend", "bend"))
    carried = fit_model(model.months, model.step, model.noise, terms=("trend", "step"))
    if bent is None or carried is None:
        return State.UNTESTED
    is_same_way = carried.coefficients[-1] * effect.value > 0
    is_left = is_same_way and carried.compute_p_value() <= CARRIED_CHANCE
    return _raise_if((effect.excludes_zero and not is_left) or bent.compute_p_value() < CHANCE)


def check_other_cities(others: Mapping[str, JudgedSeries], effect: Effect) -> State:
    """Return RAISED where a city that had no program yet changed the same way."""
    effects = [other.effect for other in others.values() if other.effect is not None]
    is_shared = any(other.sign * effect.value > 0 for other in effects)
    return _raise_if(is_shared) if effects else State.UNTESTED


def compute_reviewed_shares(series: pd.DataFrame) -> pd.Series:
    """Return the share of incidents reviewed since the first month used, before and after launch.

    Months left out for their share are in it: without them it would look steadier than it is.
    """
    rows = series[series["why"].isin(["", Omission.NOT_REVIEWED]) & series["used"].cummax()]
    sums = rows.groupby("after")[["incidents", "reviewed"]].sum()
    return sums["reviewed"] / sums["incidents"]


def check_share_reviewed(series: pd.DataFrame, model: Model, effect: Effect) -> State:
    """Return RAISED where the share reviewed moved, or the incidents not reviewed could undo it.

    Twice fitted anew: as if all not reviewed after the launch were of group members, then all
    before it. What reviews could have found lies between these two.
    """
    before, after = compute_reviewed_shares(series)
    used, bounds = model.months, []
    for side in (used["after"], ~used["after"]):
        more = (used["incidents"] - used["reviewed"]).clip(lower=0).where(side, 0)
        most = fit_model(used.assign(count=used["count"] + more), model.step, model.noise)
        bounds.append(estimate_effect(most, series[series["after"]]))
    could_undo = any(bound is None or bound.sign * effect.value <= 0 for bound in bounds)
    return _raise_if(could_undo or abs(after - before) > REVIEWED_MOVES)


def check_all_shootings(frame: pd.DataFrame, whole: JudgedSeries, effect: Effect) -> State:
    """Raise unless all shootings moved with it, and the rest not against it.

    Were incidents only called by another name, those with group members would move one way
    and the rest the other, and all together not at all.
    """
    if whole.effect is None:
        return State.UNTESTED
    rest = frame.assign(rest=frame["incidents"] - frame["confirmed"])
    other = judge_series(rest, "rest", whole.span, reviewed=True).effect
    opposed = other is not None and is_opposed(other, effect)
    return _raise_if(opposed or whole.effect.sign != effect.sign)


def is_opposed(rest: Effect, effect: Effect) -> bool:
    """Whether the other shootings moved the other way, clearly or by a good part of the change."""
    against = rest.value * effect.value < 0
    return against and (rest.excludes_zero or abs(rest.value) > REST_OPPOSES * abs(effect.value))
