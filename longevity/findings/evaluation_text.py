"""The words of an evaluation: did shootings change when the program came, and by more than chance?

`stats.evaluation` computes it: an estimate for a series of monthly counts (a `JudgedSeries`),
checks that may speak against it, a verdict. The sentences are those of `words/evidence.toml`.
Every direction comes from the number it is about, and no cause is ever said.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from longevity.stats.evaluation import ALL, GMI, Check, Evaluation, State, compute_reviewed_shares
from longevity.stats.interrupted_time_series import Effect
from longevity.stats.monthly_series import MONTHS_A_YEAR, JudgedSeries
from longevity.words import wording
from longevity.words.language import Spoken, translate
from longevity.words.say import Facts, say

NOUNS = Spoken({ALL: "shooting incidents", GMI: "group-member-involved shooting incidents"})
WHOLE_FROM = 10  # a smaller number is said with a decimal: 4.6 fewer
# What a check found is one sentence however it came out.
ONE_SENTENCE = (Check.OTHER_CITIES, Check.WAVE, Check.REVIEWS)


def format_decimal(value: float) -> str:
    """Return "55", "4.6", "under 0.1": small numbers with a decimal, and "0" for zero alone."""
    size = abs(value)
    if 0 < size < 0.05:
        return translate("under {number}", number=0.1)
    return f"{size:,.{int(size < WHOLE_FROM)}f}"


def format_amount(value: float) -> str:
    """Return "4.6 fewer", "0.3 more"."""
    return say(f"change.{'more' if value > 0 else 'fewer'}", size=format_decimal(value))


def format_interval(low: float, high: float) -> str:
    """Return "1.7 to 7.5 fewer", "from 3.1 fewer to 0.9 more"."""
    if low > 0 or high < 0:
        near, far = sorted((low, high), key=abs)
        return translate("{near} to {far}", near=format_decimal(near), far=format_amount(far))
    return translate("from {low} to {high}", low=format_amount(low), high=format_amount(high))


def list_facts(judged: JudgedSeries) -> Facts:
    """Return what sentences say of a series: its noun and months, its estimate or why none."""
    facts = {
        "noun": NOUNS.get(judged.measure, judged.measure),
        "first": judged.span.first,
        "last": judged.last,
    }
    if judged.refusal is not None:
        why = say(f"no_estimate.{judged.refusal.reason}", facts, vars(judged.refusal))
        return {**facts, "why": why}
    return facts if judged.effect is None else {**facts, **_list_amounts(judged.effect)}


def _list_amounts(effect: Effect) -> Facts:
    """Return the estimate as it is said: a year, as people count shootings, not a month."""
    value, low, high = (MONTHS_A_YEAR * size for size in (effect.value, effect.low, effect.high))
    return {
        "amount": format_amount(value),
        "interval": format_interval(low, high),
        "months": effect.months,
        "unclear": not effect.excludes_zero,
    }


def describe_refusal(judged: JudgedSeries) -> str:
    """Return the sentence that a series has no estimate, and why; "" where it has one."""
    return say("evaluation.refusal", list_facts(judged)) if judged.refusal else ""


def write_title(evaluation: Evaluation, part: str = "title") -> str:
    """Return the change, or that none can be told, in the series that the verdict is about.

    `part`: "title" of a picture, or "opening" of a tab. Only of an evaluation that has an estimate.
    """
    main = evaluation.main
    way = "change" if evaluation.direction else "untold" if main.effect else "none"
    return say(
        f"evaluation.{part}_{way}",
        list_facts(main),
        place=evaluation.place,
        verdict=say(f"evaluation.{evaluation.verdict}"),
        untold=_explain_untold(evaluation),
    )


def _explain_untold(evaluation: Evaluation) -> str:
    """Return why these data cannot tell of a change.

    Either the interval includes none, or some checks are against it, or there are too few months to
    check.
    """
    main = evaluation.main
    if main.effect is None or not main.effect.excludes_zero:
        return say("evaluation.unclear")
    against = [
        say(f"check.{check}_against")
        if evaluation.states[check] is State.RAISED
        else say("check.too_few_to_check")
        for check in evaluation.against
    ]
    return wording.join_words([*dict.fromkeys(against)])


def write_headline(evaluations: Sequence[Evaluation], untold: Sequence[str]) -> str:
    """Return the verdicts on several cities in a sentence; `untold`: cities without an evaluation.

    It says what changed, and that these data cannot show why: no cause is ever in it.
    """
    fell, unknown, rose = (
        [found.place for found in evaluations if found.direction == direction]
        for direction in (-1, 0, 1)
    )
    parts = {"fell": fell, "rose": rose, "unknown": [*unknown, *untold]}
    said = [say(f"evaluation.{name}", places=places) for name, places in parts.items() if places]
    ends = {found.main.last for found in evaluations if found.main.effect is not None}
    when = say("evaluation.until", last=ends.pop()) if len(ends) == 1 else ""
    name = "headline_change" if fell or rose else "headline"
    return say(f"evaluation.{name}", verdicts=f"{when}{'; '.join(said)}")


def write_checks_headline(evaluations: Sequence[Evaluation]) -> str:
    """Return how many of the checks that were run are in doubt, for each city."""
    parts = []
    for found in evaluations:
        run = [state for state in found.states.values() if state is not State.UNTESTED]
        raised = run.count(State.RAISED)
        doubted = translate("{part} of {whole}", part=raised, whole=len(run))
        doubted = doubted if run else translate("none run")
        parts.append(translate("{number} in {place}", number=doubted, place=found.place))
    return say("evaluation.doubts", places=parts)


def describe_evaluation(evaluation: Evaluation, least_base: int) -> str:
    """Return the verdict on one city in full, with what each check found that speaks against more.

    `least_base`: the smallest number a percentage is given of.
    """
    main, effect = evaluation.main, evaluation.main.effect
    facts = {**list_facts(main), "place": evaluation.place}
    if effect is None:
        refused = [describe_refusal(series) for series in (evaluation.all, evaluation.gmi)]
        return " ".join([say("evaluation.full_none", facts), *refused])
    # A clear change without doubts may be the program's; with some it is only a change.
    name, doubts = "fell" if effect.value < 0 else "rose", evaluation.forbidding
    if not evaluation.direction:
        name, doubts = "untold", evaluation.against
    elif doubts:
        name = "change"
    full = say(f"evaluation.full_{name}", facts, estimate=describe_estimate(main, least_base))
    return " ".join([full, *(describe_check(evaluation, check) for check in doubts)])


def describe_estimate(judged: JudgedSeries, least_base: int) -> str:
    """Return the estimate of one series with its interval, or why there is none."""
    effect = judged.effect
    if effect is None:
        return describe_refusal(judged)
    # How many would have been expected in all the months since the launch.
    base = effect.without * effect.months
    ratios = {"value": effect.ratio, "low": effect.ratio_low, "high": effect.ratio_high}
    percents = {
        name: wording.format_percentage_change(ratio, 1, 1) for name, ratio in ratios.items()
    }
    name = "few" if base < least_base else "percent"
    percent = say(f"evaluation.{name}", percents, base=format_decimal(base))
    return say("evaluation.estimate", list_facts(judged), percent=percent)


def describe_limits(evaluation: Evaluation) -> str:
    """Return what this evaluation cannot tell: a paragraph, with its numbers of months."""
    main = evaluation.main
    is_after = main.used["after"]
    months = {"before": (~is_after).sum(), "after": is_after.sum()}
    return say("evaluation.limits", list_facts(main), months, place=evaluation.place)


def describe_expectation(judged: JudgedSeries) -> str:
    """Return what the picture of observed and expected counts shows, or why there is none."""
    effect = judged.effect
    if effect is None:
        return describe_refusal(judged)
    means = {"average": effect.without + effect.value, "without": effect.without}
    yearly = {name: format_decimal(MONTHS_A_YEAR * mean) for name, mean in means.items()}
    return say("evaluation.expectation", list_facts(judged), yearly)


def describe_gap(evaluation: Evaluation, least_base: int) -> str:
    """Return the label of the gap between observed and expected: "55 fewer a year, −30%".

    "" where no change is clear. `least_base`: the smallest number a percentage is given of.
    """
    effect = evaluation.main.effect
    if effect is None or not evaluation.direction:
        return ""
    is_few = effect.without * effect.months < least_base
    percent = "" if is_few else wording.format_percentage_change(effect.ratio, 1, 1)
    return say("evaluation.gap", _list_amounts(effect), percent=percent)


def describe_check(evaluation: Evaluation, check: Check) -> str:
    """Return what one check of an evaluation found, in a sentence or two."""
    others = [_describe_other(*other) for other in evaluation.others.items()]
    return say(
        f"check.{check}_{'found' if check in ONE_SENTENCE else evaluation.states[check]}",
        {"changes": sum(evaluation.placebos), "dates": len(evaluation.placebos)},
        others=" ".join(others) or say("difference.none"),
        no_groups=describe_refusal(evaluation.gmi),
        not_all=describe_refusal(evaluation.all),
        reviewed=_describe_reviewed_share(evaluation.main),
    )


def _describe_other(place: str, judged: JudgedSeries) -> str:
    """Return what changed at the same date in a place that the program had not reached."""
    effect = judged.effect
    if effect is None:
        return say("difference.refused", list_facts(judged), place=place)
    name = "changed" if effect.excludes_zero else "unclear"
    months = judged.used["after"].sum()
    return say(f"difference.{name}", list_facts(judged), place=place, months=months)


def _describe_reviewed_share(judged: JudgedSeries) -> str:
    """Return the share of shootings reviewed before and after the launch.

    "" of a series that needs no review to be counted.
    """
    if "reviewed" not in judged.series:
        return ""
    shares = compute_reviewed_shares(judged.series)
    before, after = (f"{share:.0%}" for share in shares)
    since = judged.used["month"].min()
    return say("difference.reviewed", since=since, before=before, after=after)


def count_published(frame: pd.DataFrame) -> str:
    """Return how many published results are a fall, a rise, or neither. `frame`: `evaluations`."""
    fall, rise = ((frame["effect"] * sign > 0).sum() for sign in (-1, 1))
    counts = {"results": len(frame), "fall": fall, "rise": rise}
    return say("published_evaluation.count", counts, neither=len(frame) - fall - rise)
