"""What stands in the way of an answer: why there is no estimate, and what each check found."""

from __future__ import annotations

from longevity.measures import wording
from longevity.measures.say import say
from longevity.stats import evaluation_checks, monthly_series
from longevity.stats.evaluation import Check, Evaluation
from longevity.stats.evaluation_checks import State
from longevity.stats.interrupted_time_series import Effect
from longevity.stats.judged_series import JudgedSeries
from longevity.text.effect_wording import (
    format_amount,
    format_interval,
    format_month,
    name_measure,
)

# What a check found is one sentence however it came out.
ONE_SENTENCE = (Check.OTHER_CITIES, Check.WAVE, Check.REVIEWS)


def describe_refusal(judged: JudgedSeries) -> str:
    """Return that there is no estimate for a series, and why; "" where there is one."""
    why = explain_refusal(judged)
    return f"There is no estimate for {name_measure(judged.measure)}: {why}." if why else ""


def explain_refusal(judged: JudgedSeries) -> str:
    """Return why a series has no estimate, as a clause; "" where it has one."""
    refusal = judged.refusal
    if refusal is None:
        return ""
    return say(
        f"no_estimate.{refusal.reason}",
        vars(refusal),
        months=wording.count_noun(refusal.count, "month"),
        until=f", to {format_month(judged.last)}," if refusal.side == "after" else "",
        noun=name_measure(judged.measure),
    )


def name_against(evaluation: Evaluation) -> str:
    """Return why no change is told of, as a clause of a title; "" where no check is against it."""
    clauses = [
        say(f"check.{check}_against")
        if evaluation.states[check] is State.RAISED
        else say("check.too_few_to_check")
        for check in evaluation.against
    ]
    return wording.join_words(list(dict.fromkeys(clauses)))


def describe_check(evaluation: Evaluation, check: Check) -> str:
    """Return what one check of an evaluation found, in a sentence or two."""
    placebos = evaluation.placebos
    return say(
        f"check.{check}_{_name_finding(evaluation, check)}",
        changes=placebos["told"].sum(),
        dates=len(placebos),
        others=_describe_others(evaluation),
        difference=_describe_difference(evaluation.difference),
        no_groups=describe_refusal(evaluation.gmi),
        not_all=describe_refusal(evaluation.all),
        reviewed=_describe_reviewed_share(evaluation.main),
    )


def _name_finding(evaluation: Evaluation, check: Check) -> str:
    """Return how a check came out, and where it can in two ways, in which."""
    if check in ONE_SENTENCE:
        return "found"
    main, state = evaluation.main, evaluation.states[check]
    has_change = main.effect is not None and main.effect.excludes_zero
    apart = {
        (Check.PRE_TREND, State.QUIET): has_change and "change",
        (Check.PRE_TREND, State.RAISED): has_change and not main.is_left_with_trend and "undone",
        (Check.SHARE_REVIEWED, State.RAISED): evaluation_checks.is_share_moved(main) and "moved",
        (Check.ALL_SHOOTINGS, State.RAISED): _is_in_all(evaluation) and "opposed",
    }
    way = apart.get((check, state))
    return f"{state}_{way}" if way else state


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
    months = wording.count_noun(is_after.sum(), "month")
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
