"""Did shootings change when the program came by more than chance, and may it be called its doing?

One place's monthly counts in, one object out: estimates, intervals, checks and the verdict read
from them. docs/evidence.md has the model and the rules, `findings/evaluation_text.py` the words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd

from longevity.stats import evaluation_checks as checks
from longevity.stats import judged_series, monthly_series
from longevity.stats.evaluation_checks import State
from longevity.stats.judged_series import JudgedSeries, NoEstimate, Refusal
from longevity.stats.monthly_series import Span

COMPARED_AFTER = 6  # months a comparison city needs after the launch and before its own

# The columns of counts that are judged, and the name of each series.
ALL, GMI = "incidents", "confirmed"


class EvaluationVerdict(StrEnum):
    """What may be said. Only the last may speak of the program, and hedged."""

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
        """The series the verdict is about: GMI where it has an estimate."""
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

        A change is reported where the interval leaves out "as many", nothing that could tell of a
        change without one is against it, and there was enough to ask.
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
    whole = judged_series.judge_series(frame, ALL, span)
    if {"reviewed", "confirmed"} <= set(frame.columns):
        groups = judged_series.judge_series(frame, GMI, span, "reviewed")
    else:
        groups = JudgedSeries(GMI, span, whole.series, Refusal(NoEstimate.NOT_SHOWN))
    main = groups if groups.effect is not None else whole
    model, effect = main.model, main.effect
    if model is None or effect is None:
        return Evaluation(place, whole, groups)
    compared = {
        name: judged_series.judge_series(months, ALL, span, least_after=COMPARED_AFTER)
        for name, months in (others or {}).items()
    }
    placebos = checks.try_placebo_dates(model)
    states = {
        Check.PLACEBO_DATES: checks.check_placebos(placebos),
        Check.AUTOCORRELATION: checks.check_runs(model),
        Check.PRE_TREND: checks.check_trend(model, effect),
        Check.OTHER_CITIES: checks.check_other_cities(compared, effect),
    }
    if main.last >= monthly_series.WAVE_BEGINS:
        # Levels of those years moved everywhere: no check here could tell a program from them.
        states[Check.WAVE] = State.UNTESTED
    if main is groups:
        states[Check.SHARE_REVIEWED] = checks.check_share_reviewed(main.series, model, effect)
        states[Check.ALL_SHOOTINGS] = checks.check_all_shootings(frame, whole, effect)
    else:
        states[Check.REVIEWS] = State.UNTESTED
    return Evaluation(place, whole, groups, states, placebos, compared)
