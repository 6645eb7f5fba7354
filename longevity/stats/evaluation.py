"""Did shootings change when the program came by more than chance, and may it be called its doing?

One place's monthly counts in, one object out: estimate, interval, checks and the sentence
made of them, so that they cannot contradict. docs/evaluation.md has the model and the rules.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

import pandas as pd

from longevity.stats import detectable_effect as detectable
from longevity.stats import evaluation_checks as checks
from longevity.stats import interrupted_time_series, monthly_series
from longevity.stats.effects import Effect
from longevity.stats.evaluation_checks import Autocorrelation, Other, PreTrend
from longevity.stats.interrupted_time_series import Model
from longevity.stats.monthly_series import Span
from longevity.text import evaluation_text as words

PLACEBOS_TOLD = 0.20  # of the placebo dates, at most; neighbours are nearly one test
CHANCE = 0.01  # below it the residuals come in runs, or the trend before had turned
REVIEWED_MOVES = 0.05  # of the share reviewed, from before to after, at most
REST_OPPOSES = 0.25  # of the change, moved the other way by the other shootings

ALL, GMI, REST = "incidents", "confirmed", "rest"
NOUNS = {
    ALL: "shooting incidents",
    GMI: "group-member-involved shooting incidents",
    REST: "other shooting incidents",
}


class Verdict(Enum):
    """What may be said. Only the last may speak of the program, and hedged."""

    CANNOT_TELL = "these data cannot tell"
    NO_CLEAR_CHANGE = "no clear change"
    CHANGE = "a change, not shown to be an effect"
    CONSISTENT = "a change consistent with an effect"


class State(Enum):
    """How a check came out."""

    QUIET = "quiet"
    RAISED = "raised"
    UNTESTED = "could not be tested"


@dataclass(frozen=True)
class Flag:
    """One check: its name, how it came out, and that in a sentence.

    Where `must` is true an effect is spoken of only if it could be tested.
    """

    name: str
    state: State
    sentence: str
    must: bool = True

    @property
    def forbids(self) -> bool:
        """Whether this check forbids speaking of an effect."""
        return self.state is State.RAISED or (self.must and self.state is State.UNTESTED)


@dataclass(frozen=True)
class Finding:
    """One series against the model. `refused` says why there is no estimate; else it is empty."""

    noun: str
    span: Span
    series: pd.DataFrame
    refused: str
    sentence: str
    model: Model | None = None
    effect: Effect | None = None

    @property
    def last(self) -> pd.Timestamp:
        """The last month judged."""
        return self.series["month"].max() if len(self.series) else self.span.last

    @cached_property
    def detectable(self) -> float | None:
        """The least fall a month that such a series would show in 80 of 100; None for none."""
        if self.model is None:
            return None
        return detectable.detectable(self.model, checks.months_judged(self.series))

    def picture(self) -> pd.DataFrame:
        """Observed, fitted and without the program, by month; empty without an estimate."""
        if self.model is None:
            return pd.DataFrame()
        return checks.picture(self.model, self.series)


@dataclass(frozen=True)
class Evaluation:
    """All shootings and those with group members, side by side, and what may be said of them."""

    place: str
    span: Span
    all: Finding
    gmi: Finding
    verdict: Verdict
    sentence: str
    flags: tuple[Flag, ...] = ()
    placebos: pd.DataFrame = field(default_factory=pd.DataFrame)
    start_dates: pd.DataFrame = field(default_factory=pd.DataFrame)
    comparisons: pd.DataFrame = field(default_factory=pd.DataFrame)
    by_other_means: pd.DataFrame = field(default_factory=pd.DataFrame)
    unreviewed: pd.DataFrame = field(default_factory=pd.DataFrame)
    autocorrelation: Autocorrelation | None = None
    trend_before: PreTrend | None = None

    @property
    def main(self) -> Finding:
        """The series the verdict is about: GMI where it has an estimate."""
        return self.gmi if self.gmi.effect is not None else self.all


def finding(
    frame: pd.DataFrame,
    count: str,
    noun: str,
    span: Span,
    least_base: int,
    reviewed: str | None = None,
) -> Finding:
    """One series judged. `frame`: month, `count`, complete if known; incidents with `reviewed`."""
    made = monthly_series.series(frame, count, span, reviewed)
    why = _unreviewed_before(made, span) if reviewed else ""
    why = why or checks.lacking(made, span, noun)
    if why:
        return _refused(noun, span, made, why)
    model = interrupted_time_series.fit(
        monthly_series.used(made), span.first, checks.terms_of(span)
    )
    effect = (
        None if model is None else interrupted_time_series.effect(model, checks.months_judged(made))
    )
    if model is None or effect is None:
        return _refused(noun, span, made, "the model does not settle on these counts")
    said = words.found(effect, noun, span, made["month"].max(), least_base)
    return Finding(noun, span, made, "", said, model, effect)


def _refused(noun: str, span: Span, made: pd.DataFrame, why: str) -> Finding:
    return Finding(noun, span, made, why, f"There is no estimate for {noun}: {why}.")


def _unreviewed_before(made: pd.DataFrame, span: Span) -> str:
    """Why the kind of incident is not known before the launch; empty when it is for long enough."""
    before = made[~made["after"]]
    if (before["why"] == "").sum() >= interrupted_time_series.LEAST_MONTHS:
        return ""
    if not (before["why"] == monthly_series.NOT_REVIEWED).any():
        return ""
    many = int((before["why"] == "").sum())
    known = made.loc[made["share"] >= monthly_series.REVIEWED_AT_LEAST, "month"]
    began = f" They reach that in {span.name_of(known.iloc[0])}." if len(known) else ""
    return (
        f"{many} of {words.months(len(before), span)} before the launch are at least 80\u00a0% "
        f"reviewed, and {interrupted_time_series.LEAST_MONTHS} are needed; a step in what reviews "
        f"confirm may be the reviews starting.{began}"
    ).rstrip(".")


def evaluate(
    frame: pd.DataFrame,
    place: str,
    span: Span,
    least_base: int,
    others: Mapping[str, Other] | None = None,
) -> Evaluation:
    """One place judged: all its shootings, those with group members, and every check.

    `frame`: month, incidents, complete and, for those who may see them, reviewed and
    confirmed; one row a month. `span`: to `monthly.end_month`. `least_base`: the least
    number a percentage is of. `others`: the other places, by name, to compare with before the
    program came to them.
    """
    whole = finding(frame, ALL, NOUNS[ALL], span, least_base)
    if {"reviewed", "confirmed"} <= set(frame.columns):
        groups = finding(frame, GMI, NOUNS[GMI], span, least_base, "reviewed")
    else:
        made = monthly_series.series(frame, ALL, span)
        groups = _refused(NOUNS[GMI], span, made, "what the reviews found is not shown here")
    main = groups if groups.effect is not None else whole
    if main.model is None or main.effect is None:
        return Evaluation(
            place, span, whole, groups, Verdict.CANNOT_TELL,
            f"{place}: whether shootings changed when the program came cannot be told. "
            f"{whole.sentence} {groups.sentence}",
        )  # fmt: skip
    return _judged(frame, place, span, whole, groups, main, others or {})


def _judged(
    frame: pd.DataFrame,
    place: str,
    span: Span,
    whole: Finding,
    groups: Finding,
    main: Finding,
    others: Mapping[str, Other],
) -> Evaluation:
    """The checks of a place with an estimate, and what they allow to be said."""
    model, effect = main.model, main.effect
    assert model is not None and effect is not None  # noqa: S101  # the caller refused without
    placebos = checks.placebo_dates(main.series, span)
    starts = checks.start_dates(main.series, span)
    compared = checks.comparisons(others, ALL, span)
    other_means = checks.other_models(model, main.series)
    follow = checks.autocorrelation(model)
    trend = checks.pre_trend(main.series, span)
    open_reviews = pd.DataFrame()
    flags = [
        _placebos(placebos, span),
        _runs(follow),
        _trend(trend, span),
        _starts(starts, effect, span),
        _other_means(other_means, effect),
        _elsewhere(compared, effect, span),
    ]
    if main.last >= monthly_series.WAVE_BEGINS:
        apart = checks.difference(whole.series, others, ALL, span)
        flags.append(_wave(apart, effect, span))
    if main is groups:
        open_reviews = checks.unreviewed(main.series, span)
        flags += [_reviews(main, open_reviews, effect), _whole(frame, whole, effect, span)]
    else:
        flags.append(Flag("reviews", State.UNTESTED, groups.sentence))
    verdict = _verdict(effect, flags)
    return Evaluation(
        place, span, whole, groups, verdict, _said(place, main, verdict, flags), tuple(flags),
        placebos, starts, compared, other_means, open_reviews, follow, trend,
    )  # fmt: skip


def _verdict(effect: Effect, flags: list[Flag]) -> Verdict:
    if not effect.excludes_zero:
        return Verdict.NO_CLEAR_CHANGE
    if any(flag.forbids for flag in flags):
        return Verdict.CHANGE
    return Verdict.CONSISTENT


def _said(place: str, main: Finding, verdict: Verdict, flags: list[Flag]) -> str:
    """The one sentence or two that an evaluation opens on."""
    opening = f"{place}. {main.sentence}"
    if verdict is Verdict.NO_CLEAR_CHANGE:
        return f"{opening} {words.detectable(main.detectable, main.noun, main.span, main.last)}"
    if verdict is Verdict.CHANGE:
        against = " ".join(flag.sentence for flag in flags if flag.forbids)
        return f"{opening} This is not shown to be an effect of the program. {against}"
    effect = main.effect
    did = "prevented some of them" if effect is not None and effect.value < 0 else "added to them"
    return (
        f"{opening} This is consistent with a program that {did}; one place over time cannot "
        "prove it."
    )


def _placebos(placebos: pd.DataFrame, span: Span) -> Flag:
    told = checks.share_told(placebos)
    state = State.UNTESTED if math.isnan(told) else _raised(told > PLACEBOS_TOLD)
    return Flag("placebo dates", state, words.placebos(placebos, span, PLACEBOS_TOLD))


def _runs(follow: Autocorrelation) -> Flag:
    known = not math.isnan(follow.chance)
    state = _raised(follow.chance < CHANCE) if known else State.UNTESTED
    return Flag("months that follow one another", state, words.autocorrelated(follow, CHANCE))


def _trend(trend: PreTrend | None, span: Span) -> Flag:
    known = trend is not None and not math.isnan(trend.bend)
    state = _raised(trend is not None and trend.bend < CHANCE) if known else State.UNTESTED
    return Flag("trend before the launch", state, words.pre_trend(trend, span, CHANCE))


def _starts(starts: pd.DataFrame, effect: Effect, span: Span) -> Flag:
    same = starts["value"].gt(0).eq(effect.value > 0)
    state = State.UNTESTED if starts.empty else _raised(not bool(same.all()))
    return Flag("start dates", state, words.start_dates(starts, span))


def _other_means(frame: pd.DataFrame, effect: Effect) -> Flag:
    """Raised when errors for months that follow one another, or another variance, disagree."""
    rows = frame[frame["by"].isin([checks.HAC, checks.BINOMIAL])]
    agree = rows["told"].eq(effect.excludes_zero) & rows["value"].gt(0).eq(effect.value > 0)
    return Flag("other errors", _raised(not bool(agree.all())), words.by_other_means(frame))


def _elsewhere(compared: pd.DataFrame, effect: Effect, span: Span) -> Flag:
    tested = compared[compared["why"] == ""]
    same = tested["told"].astype(bool) & tested["value"].astype(float).gt(0).eq(effect.value > 0)
    state = State.UNTESTED if tested.empty else _raised(bool(same.any()))
    said = words.comparisons(compared, span, NOUNS[ALL])
    return Flag("cities without the program", state, said, must=False)


def _wave(apart: Effect | None, effect: Effect, span: Span) -> Flag:
    """Quiet only where the change goes beyond that of cities without the program.

    The years from 2020 on moved everywhere: a trend carried into them, or out of them, is off.
    """
    beyond = apart is not None and apart.excludes_zero and apart.sign == effect.sign
    state = State.UNTESTED if apart is None else _raised(not beyond)
    return Flag("the years from 2020 on", state, words.wave(apart, span, NOUNS[ALL]))


def _reviews(main: Finding, open_reviews: pd.DataFrame, effect: Effect) -> Flag:
    """Raised when the share reviewed moved, or the incidents not reviewed could undo the change."""
    before, after = checks.reviewed_shares(main.series)
    same = open_reviews["told"].astype(bool) & open_reviews["value"].gt(0).eq(effect.value > 0)
    moved = abs(after - before) > REVIEWED_MOVES
    undone = len(open_reviews) < 2 or not bool(same.all())
    said = words.reviewed(main.series, main.span)
    if moved:
        said += " The share moved, so the change may be one of reviewing."
    elif undone:
        said += " What was not reviewed could undo the change."
    return Flag("share reviewed", _raised(moved or undone), said)


def _whole(frame: pd.DataFrame, whole: Finding, effect: Effect, span: Span) -> Flag:
    """Raised unless all shootings moved with it, and the rest not against it.

    Were incidents only called by another name, those with group members would move one way
    and the rest the other, and all together not at all.
    """
    rest = frame.assign(rest=pd.to_numeric(frame["incidents"]) - pd.to_numeric(frame["confirmed"]))
    opposite = finding(rest, REST, NOUNS[REST], span, 1, "reviewed").effect
    if whole.effect is None:
        return Flag("all shootings", State.UNTESTED, whole.sentence)
    if opposite is not None and _opposes(opposite, effect):
        said = "The other shootings moved the other way: the change may be one of naming."
        return Flag("all shootings", State.RAISED, said)
    if whole.effect.sign != effect.sign:
        said = "All shootings together show no such change."
        return Flag("all shootings", State.RAISED, said)
    return Flag("all shootings", State.QUIET, "All shootings together moved the same way.")


def _opposes(rest: Effect, effect: Effect) -> bool:
    """Whether the other shootings moved the other way, clearly or by a good part of the change."""
    against = rest.value * effect.value < 0
    return against and (rest.excludes_zero or abs(rest.value) > REST_OPPOSES * abs(effect.value))


def _raised(is_so: bool) -> State:
    return State.RAISED if is_so else State.QUIET


def limits(found: Evaluation, events: pd.DataFrame | None = None) -> str:
    """What this evaluation cannot tell, from what is true of this series, as a paragraph.

    `events`: date, event: what else is on record for the place.
    """
    main, span = found.main, found.span
    seen = monthly_series.used(main.series)
    before, after = int((~seen["after"]).sum()), int(seen["after"].sum())
    parts = [words.left_out(main.series, span)]
    if main.model is not None:
        parts.insert(
            0,
            f"The estimate for {found.place} rests on {words.months(before, span)} before the "
            f"launch and {words.months(after, span)} after it, to {span.name_of(main.last)}; "
            + words.later(main.last, span),
        )
        judged = int(main.series["after"].sum())
        parts.append(
            f"What would have happened without the program is the trend of the {span.per}s before "
            f"and their season, carried on for {words.months(judged, span)}: it is "
            "nowhere seen. Whatever else changed at the launch is in the estimate too."
        )
        parts.append(words.detectable(main.detectable, main.noun, span, main.last))
    if "share" in main.series and main.effect is not None:
        parts.append(words.reviewed(main.series, span))
    if found.gmi.effect is None:
        parts.append(found.gmi.sentence)
    if events is not None:
        parts.append(words.events(events, span, main.series))
    parts.append(
        "Shootings that moved to another place are not looked for, and which part of the program "
        "did what is not told apart."
    )
    return " ".join(part for part in parts if part)
