"""An evaluation laid out for a screen: the series it shows, its estimates as labelled rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from longevity.stats.evaluation import ALL, GMI, Evaluation, Finding, Verdict
from longevity.stats.interrupted_time_series import LEAST_MONTHS
from longevity.text import wording
from longevity.text.effect_wording import (
    format_amount,
    format_interval,
    format_month,
    name_measure,
)
from longevity.text.evaluation_check_text import MEANS
from longevity.text.evaluation_refusals import describe_finding_without_estimate
from longevity.text.evaluation_text import VERDICTS

NOTHING_TO_DRAW = (
    "There is no series to draw: none could be judged. It takes "
    f"{LEAST_MONTHS} whole months of incidents from before the program came, and as many after."
)


@dataclass(frozen=True)
class Series:
    """A series to draw: a name for files, the finding in its title, and the finding."""

    name: str
    title: str
    finding: Finding


def list_series(evaluation: Evaluation) -> list[Series]:
    """Return the series that could be judged, the one the verdict is about first."""
    both = [(GMI, evaluation.gmi), (ALL, evaluation.all)]
    return [
        Series(name, _write_title(each), each) for name, each in both if each.effect is not None
    ]


def write_opening(evaluation: Evaluation) -> str:
    """Return the verdict and what it is about, short enough to be read first."""
    verdict = VERDICTS[evaluation.verdict]
    if evaluation.main.effect is None:
        return f"{evaluation.place}: {verdict}."
    title = _write_title(evaluation.main)
    return f"{evaluation.place}, {describe_end(evaluation)}: {verdict}. {title}."


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
        ("no clear change in {}", _find_places(evaluations, 0)),
    ):
        if names:
            parts.append(words.format(wording.join_words(names)))
    cannot = [each.place for each in evaluations if each.main.effect is None]
    if cannot or untold:
        parts.append(f"these data cannot tell of {wording.join_words([*cannot, *untold])}")
    ends = {describe_end(each) for each in evaluations if each.main.effect is not None}
    text = "; ".join(parts)
    text = f"{ends.pop()}: {text}" if len(ends) == 1 else text
    moved = _find_places(evaluations, -1) + _find_places(evaluations, 1)
    why = " These data cannot show why." if moved else ""
    return f"{text[:1].upper()}{text[1:]}.{why}"


def _find_places(evaluations: Sequence[Evaluation], direction: int) -> list[str]:
    """Return where shootings fell (-1) or rose (1) beyond what was expected, or neither (0)."""
    places = []
    for each in evaluations:
        effect = each.main.effect
        if effect is None:
            continue
        clear = effect.excludes_zero and each.verdict is not Verdict.NO_CLEAR_CHANGE
        sign = (1 if effect.value > 0 else -1) if clear else 0
        if sign == direction:
            places.append(each.place)
    return places


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


def _write_title(finding: Finding) -> str:
    """Return the finding: its direction only where its interval has one."""
    noun = name_measure(finding.measure).capitalize()
    effect = finding.effect
    if effect is None or not effect.excludes_zero:
        return f"{noun}: {write_direction(finding)}"
    return f"{noun}: {format_amount(effect.value)} a {finding.span.unit} than expected"


def write_direction(finding: Finding) -> str:
    """Return whether there were more or fewer than expected, without a number."""
    effect = finding.effect
    if effect is None or not effect.excludes_zero:
        return "no clear change from what was expected"
    return f"{'fewer' if effect.value < 0 else 'more'} than expected"


def list_refusals(evaluation: Evaluation) -> list[str]:
    """Return why a series could not be judged, where the answer does not say it already.

    It does wherever nothing could be judged, or a series without estimate forbids an effect.
    """
    if evaluation.verdict is not Verdict.NO_CLEAR_CHANGE:
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
