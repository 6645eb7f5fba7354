"""What an evaluation says, in words: its verdict, its estimates and what they cannot tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from longevity.dates import format_source_date
from longevity.measures import wording
from longevity.stats import monthly_series
from longevity.stats.detectable_effect import POWER
from longevity.stats.evaluation import Evaluation, Verdict
from longevity.stats.evaluation_checks import State
from longevity.stats.interrupted_time_series import Effect, Model
from longevity.stats.judged_series import LEAST_MONTHS, JudgedSeries
from longevity.stats.monthly_series import Omission
from longevity.text.effect_wording import (
    format_amount,
    format_decimal,
    format_interval,
    format_month,
    format_percent_change,
    name_measure,
)
from longevity.text.evaluation_check_text import describe_check, describe_refusal, name_against

VERDICTS = {
    Verdict.CANNOT_TELL: "these data cannot tell",
    Verdict.CHANGE: "a change; these data cannot show why",
    Verdict.CONSISTENT: "a change consistent with an effect",
}
OMISSIONS = {
    Omission.NOT_REPORTED: "not reported",
    Omission.NOT_COMPLETE: "not over or cut",
    Omission.SPLIT: "split by the launch",
    Omission.NOT_REVIEWED: "under 80% reviewed",
}
NOTHING_TO_DRAW = (
    "There is no series to draw: none could be judged. It takes "
    f"{LEAST_MONTHS} whole months of incidents from before the program came, and as many after."
)
ELSEWHERE = (
    "Shootings that moved to another place are not looked for, and which part of the program did "
    "what is not told apart."
)


def describe_end(evaluation: Evaluation) -> str:
    """Return to which month it is judged, as a headline says it: "until December 2019"."""
    return f"until {format_month(evaluation.main.last)}"


def write_opening(evaluation: Evaluation) -> str:
    """Return the verdict and what it is about, short enough to be read first."""
    verdict = VERDICTS[evaluation.verdict]
    if evaluation.main.effect is None:
        return f"{evaluation.place}: {verdict}."
    opening = f"{evaluation.place}, {describe_end(evaluation)}: {verdict}"
    if evaluation.direction:
        return f"{opening}. {write_title(evaluation)}."
    noun = name_measure(evaluation.main.measure)
    return f"{opening} of a change in {noun}; {_explain_untold(evaluation)}."


def write_title(evaluation: Evaluation) -> str:
    """Return what is told of the series the verdict is about; what it could have shown if nothing.

    Of an evaluation that has an estimate.
    """
    main = evaluation.main
    noun = name_measure(main.measure).capitalize()
    if evaluation.direction and main.effect is not None:
        return f"{noun}: {format_amount(main.effect.value)} a month than expected"
    return f"{noun}: {VERDICTS[evaluation.verdict]} of a change; {_explain_untold(evaluation)}"


def _explain_untold(evaluation: Evaluation) -> str:
    """Return which check is against a change, or else what the series could have shown."""
    main = evaluation.main
    if main.effect is not None and main.effect.excludes_zero:
        return name_against(evaluation)
    if main.detectable is None:
        return "even a fall to almost none would often be missed"
    return f"a fall of under {format_decimal(main.detectable)} a month would usually be missed"


def write_headline(evaluations: Sequence[Evaluation], untold: Sequence[str]) -> str:
    """Return the verdicts of several cities in one breath; `untold`: cities of which none is had.

    No cause is ever in it: what changed is said, and that these data cannot show why.
    """
    if not evaluations:
        return f"Whether shootings changed cannot be told of {wording.join_words(list(untold))}."
    fell, unknown, rose = (
        [found.place for found in evaluations if found.direction == direction]
        for direction in (-1, 0, 1)
    )
    parts = {
        "fewer shootings than expected in": fell,
        "more shootings than expected in": rose,
        "these data cannot tell of": [*unknown, *untold],
    }
    said = [f"{words} {wording.join_words(names)}" for words, names in parts.items() if names]
    ends = {describe_end(found) for found in evaluations if found.main.effect is not None}
    when = f"{ends.pop()}: " if len(ends) == 1 else ""
    why = " These data cannot show why." if fell or rose else ""
    return f"{wording.start_sentence(when + '; '.join(said))}.{why}"


def write_checks_headline(evaluations: Sequence[Evaluation]) -> str:
    """Return how many of the checks that were run are in doubt, a city at a time."""
    parts = []
    for found in evaluations:
        run = [state for state in found.states.values() if state is not State.UNTESTED]
        doubted = f"{run.count(State.RAISED)} of {len(run)}" if run else "none run"
        parts.append(f"{doubted} in {found.place}")
    return f"Checks in doubt: {wording.join_words(parts)}."


def write_no_program(names: Sequence[str]) -> str:
    """Return that these cities have no before and after to compare."""
    return (
        f"No program start is on file for {wording.join_words(list(names))}, so there is no "
        "before and after to compare."
    )


def describe_interval(effect: Effect) -> str:
    """Return an estimate with its interval, in one sentence."""
    return (
        f"Estimate: {format_amount(effect.value)} a month, 95% interval "
        f"{format_interval(effect.low, effect.high)}."
    )


def describe_evaluation(evaluation: Evaluation, least_base: int) -> str:
    """Return the verdict of one city in full, with the checks that are against more.

    `least_base`: the least number a percentage is of.
    """
    main, effect, place = evaluation.main, evaluation.main.effect, evaluation.place
    if effect is None:
        why = f"{describe_refusal(evaluation.all)} {describe_refusal(evaluation.gmi)}"
        return f"{place}: whether shootings changed when the program came cannot be told. {why}"
    opening = f"{place}. From {format_month(main.span.first)} to {format_month(main.last)}"
    estimate, noun = describe_estimate(main, least_base), name_measure(main.measure)
    doubts = [describe_check(evaluation, check) for check in evaluation.forbidding]
    if not evaluation.direction:
        against = [describe_check(evaluation, check) for check in evaluation.against]
        zero = "" if effect.excludes_zero else "; the interval includes zero"
        untold = f"these data cannot tell whether {noun} changed: the estimate is {estimate}{zero}."
        return " ".join([f"{opening} {untold}", *against])
    told = f"{opening} there were {estimate}: more than chance would explain."
    if doubts:
        return " ".join([told, "This is not shown to be an effect of the program.", *doubts])
    did = "prevented some of them" if effect.value < 0 else "added to them"
    return (
        f"{told} This is consistent with a program that {did}; one place over time cannot prove it."
    )


def describe_estimate(judged: JudgedSeries, least_base: int) -> str:
    """Return the estimate of one series with its interval; why there is none if so."""
    effect = judged.effect
    if effect is None:
        return describe_refusal(judged)
    interval = f"95% interval {format_interval(effect.low, effect.high)}"
    return (
        f"{format_amount(effect.value)} {name_measure(judged.measure)} a month than the months "
        f"before led one to expect ({interval}; {format_percent_change(effect, least_base)})"
    )


def describe_limits(evaluation: Evaluation, events: pd.DataFrame) -> str:
    """Return what this evaluation cannot tell, from what is true of this series, as a paragraph.

    `events`: date, event: what else is on record for the place.
    """
    main = evaluation.main
    parts = [_describe_omissions(main.series), _describe_events(events, main.series), ELSEWHERE]
    if main.model is not None:
        projection = _describe_projection(main, main.model)
        parts = [_describe_months_used(evaluation), projection, _describe_detectable(main), *parts]
    return " ".join(part for part in parts if part)


def _describe_months_used(evaluation: Evaluation) -> str:
    main = evaluation.main
    used = monthly_series.select_used(main.series)["after"]
    before, after = (wording.count_noun(side.sum(), "month") for side in (~used, used))
    why = ""
    if main.last + pd.offsets.MonthBegin() == monthly_series.WAVE_BEGINS:
        why = (
            ": from 2020 on shootings rose and fell across the country, of which the months before "
            "the launch know nothing"
        )
    return (
        f"The estimate for {evaluation.place} rests on {before} before the launch and {after} "
        f"after it, to {format_month(main.last)}; later months are not in it{why}."
    )


def _describe_projection(main: JudgedSeries, model: Model) -> str:
    months = wording.count_noun(main.series["after"].sum(), "month")
    step = model.noise.step if model.noise else 0.0
    return (
        "What would have happened without the program is the level of the months before and their "
        f"season, carried on for {months}: it is nowhere seen. Levels wander without any program, "
        f"this one by about {step:.0%} a month, and the interval is widened for it. Whatever else "
        "changed at the launch is in the estimate too."
    )


def _describe_detectable(main: JudgedSeries) -> str:
    """Return the smallest effect this series would usually show."""
    series, noun = f"With this series, until {format_month(main.last)},", name_measure(main.measure)
    if main.detectable is None:
        return f"{series} even a fall to almost no {noun} would often be missed."
    return (
        f"{series} an effect smaller than about {format_decimal(main.detectable)} fewer {noun} a "
        "month would usually be missed; one of that size would be found in "
        f"{POWER:.0%} of such series."
    )


def describe_expectation(judged: JudgedSeries) -> str:
    """Return what the picture of observed and expected shows; why there is none if so."""
    effect = judged.effect
    if effect is None:
        return describe_refusal(judged)
    average, without = (format_decimal(v) for v in (effect.without + effect.value, effect.without))
    return (
        f"Since {format_month(judged.span.first)} about {average} {name_measure(judged.measure)} a "
        f"month; had the months before gone on, about {without} would be expected."
    )


def _describe_omissions(series: pd.DataFrame) -> str:
    """Return how many months are left out, and why; empty when none is."""
    parts = [
        f"{wording.count_noun(count, 'month')} {OMISSIONS[why]}"
        for why, count in monthly_series.count_omissions(series).items()
    ]
    return f"Left out: {wording.join_words(parts)}." if parts else ""


def _describe_events(events: pd.DataFrame, series: pd.DataFrame) -> str:
    """Return what else is on record in the months judged. `events`: date (or a year), event."""
    when = pd.to_datetime(events["date"].astype(str), format="mixed", errors="coerce")
    inside = when.ge(series["month"].min()) & when.lt(
        series["month"].max() + pd.offsets.MonthBegin()
    )
    parts = [
        f"{format_source_date(str(row.date))}, {row.event}"
        for row in events[inside.to_numpy()].itertuples()
    ]
    if not parts:
        return ""
    return (
        f"On record in these years, and not told apart by the model: {wording.join_phrases(parts)}."
    )


NONE_PUBLISHED = "No published evaluation is among the reference facts (data/README.md)."


def count_published(frame: pd.DataFrame) -> str:
    """Return how many published results are a fall, a rise, or neither. `frame`: `evaluations`."""
    if frame.empty:
        return NONE_PUBLISHED
    lower, higher = (int((frame["effect"] * sign > 0).sum()) for sign in (-1, 1))
    counts = {"a fall": lower, "a rise": higher, "no clear change": len(frame) - lower - higher}
    found = wording.join_words([f"{count} found {what}" for what, count in counts.items() if count])
    results = wording.count_noun(len(frame), "published result")
    return f"Of {results} of this strategy, here and elsewhere, {found}."


def describe_published(row: Mapping[str, Any]) -> str:
    """Return one published evaluation.

    `row`: place, program, began, outcome, effect, unit, method, study. Where no effect was
    given `unit` says what was found.
    """
    began = "" if _is_blank(row["began"]) else f", from {row['began']}"
    where = f"{row['place']}, {row['program']}{began}"
    if _is_blank(row["effect"]):
        result = f"{row['unit']} in {row['outcome']}"
    else:
        value, unit = float(row["effect"]), str(row["unit"])
        size = f"{abs(value):g}%" if unit == "percent" else f"{abs(value):g} {unit}"
        way = "lower" if value < 0 else "higher"
        result = f"{row['outcome']}: {size} {way}" if value else f"{row['outcome']}: no change"
    return f"{where}. {result[:1].upper()}{result[1:]} ({row['method']}; {row['study']})."


def _is_blank(value: Any) -> bool:
    return value is None or bool(pd.isna(value)) or not str(value).strip()
