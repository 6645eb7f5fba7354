"""What stands in the way of an answer: why there is no estimate, and what each check found."""

from __future__ import annotations

from longevity.stats import evaluation_checks, monthly_series
from longevity.stats.evaluation import Check, Evaluation
from longevity.stats.evaluation_checks import State
from longevity.stats.interrupted_time_series import Effect
from longevity.stats.judged_series import JudgedSeries, Reason
from longevity.text import wording
from longevity.text.effect_wording import (
    format_amount,
    format_interval,
    format_month,
    name_measure,
)

REFUSALS = {
    Reason.TOO_FEW_MONTHS: "only {months} {side} the launch{until} can be used, and {least} are "
    "needed",
    Reason.TOO_FEW_COUNTED: "only {count} {noun} are on file in the months {side} the launch, and "
    "{least} are needed",
    Reason.NOT_REVIEWED: "only {months} before the launch can be used, as the others are under 80% "
    "reviewed, and {least} are needed; a step in what reviews confirm may be the reviews starting",
    Reason.NOT_SHOWN: "what the reviews found is not shown here",
    Reason.NOT_SETTLED: "the model does not settle on these counts",
}
FOUND = {State.QUIET: "passed", State.RAISED: "in doubt", State.UNTESTED: "not tested"}
CHECK_NAMES = {
    Check.PLACEBO_DATES: "placebo dates",
    Check.AUTOCORRELATION: "months that follow one another",
    Check.PRE_TREND: "trend before the launch",
    Check.OTHER_CITIES: "cities without the program",
    Check.WAVE: "the years from 2020 on",
    Check.REVIEWS: "reviews",
    Check.SHARE_REVIEWED: "share reviewed",
    Check.ALL_SHOOTINGS: "all shootings",
}
_AT_DATES = (
    "At {changes} of {dates} dates before the launch, on which nothing began, the same arithmetic "
    "tells of a change"
)
SAID: dict[Check, dict[State, str]] = {
    Check.PLACEBO_DATES: {
        State.QUIET: f"{_AT_DATES}. One in twenty would be chance, and they come in runs.",
        State.RAISED: f"{_AT_DATES}: it finds changes where there is no program.",
        State.UNTESTED: "There are too few months before the launch to try dates on which nothing "
        "began.",
    },
    Check.AUTOCORRELATION: {
        State.QUIET: "What the model leaves unexplained looks like chance from month to month.",
        State.RAISED: "High months follow high ones, and low ones low ones: the level did not keep "
        "still.",
        State.UNTESTED: "There are too few months to tell whether high months follow high ones.",
    },
    Check.PRE_TREND: {
        State.QUIET: "The trend before the launch did not turn{left}.",
        State.RAISED: "{turned}.",
        State.UNTESTED: "The trend before the launch cannot be told.",
    },
    Check.OTHER_CITIES: dict.fromkeys(State, "{others}"),
    Check.WAVE: dict.fromkeys(
        State,
        "From 2020 on shootings rose across the country and fell again, and those years are in "
        "this series. {difference}",
    ),
    Check.REVIEWS: dict.fromkeys(State, "{no_groups}"),
    Check.SHARE_REVIEWED: {
        State.QUIET: "{reviewed}",
        State.RAISED: "{reviewed} {reviewing}.",
    },
    Check.ALL_SHOOTINGS: {
        State.QUIET: "All shootings together moved the same way.",
        State.RAISED: "{opposed}: the change may be one of naming.",
        State.UNTESTED: "{not_all}",
    },
}
# What a check that has two ways to be in doubt found.
TURNED = "The trend before the launch turned"
UNDONE = "With the trend before the launch carried on, no such change is left"
MOVED = "The share moved, so the change may be one of reviewing"
NOT_REVIEWED = "What was not reviewed could undo the change"
OPPOSED = "The other shootings moved the other way"
NOT_IN_ALL = "All shootings together show no such change"
# Why no change is told of although the interval leaves out "as many", as a clause of a title.
_TOO_FEW = "there are too few months before the launch to check it"
AGAINST = {
    Check.PLACEBO_DATES: "changes are found where nothing began",
    Check.AUTOCORRELATION: "high months follow high ones",
    Check.PRE_TREND: "the trend before the launch speaks against one",
}


def describe_refusal(judged: JudgedSeries) -> str:
    """Return that there is no estimate for a series, and why; "" where there is one."""
    why = explain_refusal(judged)
    return f"There is no estimate for {name_measure(judged.measure)}: {why}." if why else ""


def explain_refusal(judged: JudgedSeries) -> str:
    """Return why a series has no estimate, as a clause; "" where it has one."""
    refusal = judged.refusal
    if refusal is None:
        return ""
    return REFUSALS[refusal.reason].format(
        months=wording.count_noun(refusal.count, "month"),
        until=f", to {format_month(judged.last)}," if refusal.side == "after" else "",
        noun=name_measure(judged.measure),
        **vars(refusal),
    )


def name_against(evaluation: Evaluation) -> str:
    """Return why no change is told of, as a clause of a title; "" where no check is against it."""
    clauses = [
        AGAINST[check] if evaluation.states[check] is State.RAISED else _TOO_FEW
        for check in evaluation.against
    ]
    return wording.join_words(list(dict.fromkeys(clauses)))


def describe_check(evaluation: Evaluation, check: Check) -> str:
    """Return what one check of an evaluation found, in a sentence or two."""
    main, placebos = evaluation.main, evaluation.placebos
    has_change = main.effect is not None and main.effect.excludes_zero
    return SAID[check][evaluation.states[check]].format(
        changes=int(placebos["told"].sum()),
        dates=len(placebos),
        left=", and with it carried on the change is left" if has_change else "",
        turned=UNDONE if has_change and not main.is_left_with_trend else TURNED,
        others=_describe_others(evaluation),
        difference=_describe_difference(evaluation.difference),
        no_groups=describe_refusal(evaluation.gmi),
        not_all=describe_refusal(evaluation.all),
        opposed=OPPOSED if _is_in_all(evaluation) else NOT_IN_ALL,
        reviewed=_describe_reviewed_share(main),
        reviewing=MOVED if evaluation_checks.is_share_moved(main) else NOT_REVIEWED,
    )


def _is_in_all(evaluation: Evaluation) -> bool:
    """Whether all shootings together moved as those the verdict is about."""
    whole, effect = evaluation.all.effect, evaluation.main.effect
    return whole is not None and effect is not None and whole.sign == effect.sign


def write_placebos_title(evaluation: Evaluation) -> str:
    """Return how often the same arithmetic finds a change where there was none, as a title."""
    if evaluation.states[Check.PLACEBO_DATES] is State.UNTESTED:
        return "Too few months before the launch to try dates on which nothing began"
    placebos = evaluation.placebos
    changes = int(placebos["told"].sum())
    return f"A change is found at {changes} of {len(placebos)} dates on which nothing began"


def _describe_others(evaluation: Evaluation) -> str:
    """Return what happened in places the program had not reached, at the same date."""
    sentences = [_describe_other(*other) for other in evaluation.others.items()]
    return " ".join(sentences) or "There is no other city to compare with."


def _describe_other(place: str, judged: JudgedSeries) -> str:
    effect = judged.effect
    if effect is None:
        why = explain_refusal(judged)
        return f"{place} cannot be compared: without the program there, {why}."
    is_after = monthly_series.select_used(judged.series)["after"]
    months = wording.count_noun(int(is_after.sum()), "month")
    verdict = "a change there too" if effect.excludes_zero else "no clear change"
    return f"In {place}, in {months} without the program: {verdict}, {_describe_amount(effect)}."


def _describe_difference(effect: Effect | None) -> str:
    """Return the change here over the change in the places compared."""
    if effect is None:
        return "No difference against other cities can be given."
    months = wording.count_noun(effect.months, "month")
    unclear = "" if effect.excludes_zero else ", which is no clear difference"
    return (
        f"Against cities the program had not reached yet, over {months}: "
        f"{_describe_amount(effect)}{unclear}."
    )


def _describe_amount(effect: Effect) -> str:
    amount, interval = format_amount(effect.value), format_interval(effect.low, effect.high)
    return f"{amount} shooting incidents a month ({interval})"


def _describe_reviewed_share(judged: JudgedSeries) -> str:
    """Return the share reviewed on either side of the launch; "" of a series that asks for none."""
    if "share" not in judged.series:
        return ""
    before, after = evaluation_checks.compute_reviewed_shares(judged.series)
    since = format_month(judged.series.loc[judged.series["used"], "month"].min())
    return (
        f"Reviewed, of the incidents since {since}: {before:.0%} before and {after:.0%} after the "
        "launch."
    )
