"""An evaluation laid out for a screen: the series it shows, its estimates as labelled rows."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from longevity.stats.evaluation import Evaluation, State
from longevity.stats.interrupted_time_series import LEAST_MONTHS
from longevity.text import wording
from longevity.text.effect_wording import (
    format_amount,
    format_decimal,
    format_interval,
    format_month,
    name_measure,
)
from longevity.text.evaluation_check_text import MEANS, name_against
from longevity.text.evaluation_refusals import describe_finding_without_estimate
from longevity.text.evaluation_text import VERDICTS

NOTHING_TO_DRAW = (
    "There is no series to draw: none could be judged. It takes "
    f"{LEAST_MONTHS} whole months of incidents from before the program came, and as many after."
)


def write_opening(evaluation: Evaluation) -> str:
    """Return the verdict and what it is about, short enough to be read first."""
    verdict, main = VERDICTS[evaluation.verdict], evaluation.main
    if main.effect is None:
        return f"{evaluation.place}: {verdict}."
    opening = f"{evaluation.place}, {describe_end(evaluation)}: {verdict}"
    if evaluation.direction:
        return f"{opening}. {write_title(evaluation)}."
    noun = name_measure(main.measure)
    return f"{opening} of a change in {noun}; {_explain_untold(evaluation)}."


def write_headline(evaluations: Sequence[Evaluation], untold: Sequence[str]) -> str:
    """Return the verdicts of several cities in one breath; `untold`: cities of which none is had.

    No cause is ever in it: what changed is said, and that these data cannot show why.
    """
    if not evaluations:
        return f"Whether shootings changed cannot be told of {wording.join_words(list(untold))}."
    parts = []
    for words, names in (
        ("fewer shootings than expected in {}", _find_places(evaluations, -1)),
        ("more shootings than expected in {}", _find_places(evaluations, 1)),
        ("these data cannot tell of {}", [*_find_places(evaluations, 0), *untold]),
    ):
        if names:
            parts.append(words.format(wording.join_words(names)))
    ends = {describe_end(each) for each in evaluations if each.main.effect is not None}
    text = "; ".join(parts)
    text = f"{ends.pop()}: {text}" if len(ends) == 1 else text
    moved = _find_places(evaluations, -1) + _find_places(evaluations, 1)
    why = " These data cannot show why." if moved else ""
    return f"{text[:1].upper()}{text[1:]}.{why}"


def write_checks_headline(evaluations: Sequence[Evaluation]) -> str:
    """Return how many of the checks that were run are in doubt, a city at a time."""
    parts = []
    for each in evaluations:
        run = [flag for flag in each.flags if flag.state is not State.UNTESTED]
        doubted = sum(flag.state is State.RAISED for flag in run)
        parts.append(
            f"{doubted} of {len(run)} in {each.place}" if run else f"none run in {each.place}"
        )
    return f"Checks in doubt: {wording.join_words(parts)}."


def write_no_program(names: Sequence[str]) -> str:
    """Return that these cities have no before and after to compare."""
    return (
        f"No program start is on file for {wording.join_words(list(names))}, so there is no "
        "before and after to compare."
    )


def _find_places(evaluations: Sequence[Evaluation], direction: int) -> list[str]:
    """Return where shootings fell (-1) or rose (1) beyond what was expected; 0: cannot be told."""
    return [each.place for each in evaluations if each.direction == direction]


def describe_interval(evaluation: Evaluation) -> str:
    """Return the estimate of the verdict with its interval, in one sentence; "" without one."""
    main = evaluation.main
    if main.effect is None:
        return ""
    effect, unit = main.effect, main.span.unit
    return (
        f"Estimate: {format_amount(effect.value)} a {unit}, 95% interval "
        f"{format_interval(effect.low, effect.high)}."
    )


def describe_end(evaluation: Evaluation) -> str:
    """Return to which month it is judged, as a headline says it: "until December 2019"."""
    return f"until {format_month(evaluation.span, evaluation.main.last)}"


def describe_start(evaluation: Evaluation) -> str:
    """Return what came before the program, as a headline says it: "before December 2012"."""
    return f"before {format_month(evaluation.span, evaluation.span.first)}"


def write_title(evaluation: Evaluation) -> str:
    """Return what is told of the series the verdict is about; what it could have shown if nothing.

    Of an evaluation that has an estimate.
    """
    main = evaluation.main
    noun, unit = name_measure(main.measure).capitalize(), main.span.unit
    if evaluation.direction and main.effect is not None:
        return f"{noun}: {format_amount(main.effect.value)} a {unit} than expected"
    return f"{noun}: {VERDICTS[evaluation.verdict]} of a change; {_explain_untold(evaluation)}"


def _explain_untold(evaluation: Evaluation) -> str:
    """Return which check is against a change, or else what the series could have shown."""
    main = evaluation.main
    if main.effect is not None and main.effect.excludes_zero:
        return name_against(evaluation)
    if main.detectable is None:
        return "even a fall to almost none would often be missed"
    least = format_decimal(main.detectable)
    return f"a fall of under {least} a {main.span.unit} would usually be missed"


def list_refusals(evaluation: Evaluation) -> list[str]:
    """Return why a series could not be judged, where the answer does not say it already.

    It does wherever nothing could be judged, or a series without estimate forbids an effect.
    """
    if evaluation.direction or evaluation.main.effect is None:
        return []
    return [
        describe_finding_without_estimate(each)
        for each in (evaluation.gmi, evaluation.all)
        if each.refusal is not None
    ]


def build_estimates(evaluation: Evaluation) -> pd.DataFrame:
    """Build every estimate by other means and in other cities: label, value, low, high, told."""
    rows = [
        (MEANS[row.by], row.value, row.low, row.high, row.told)
        for frame in (evaluation.by_other_means, evaluation.unreviewed)
        for row in frame.itertuples()
    ]
    rows += [
        (f"{row.place}, before the program came there", row.value, row.low, row.high, row.told)
        for row in evaluation.comparisons.itertuples()
        if not row.why
    ]
    return pd.DataFrame(
        [(f"{label[:1].upper()}{label[1:]}", *rest) for label, *rest in rows],
        columns=["label", "value", "low", "high", "told"],
    )
