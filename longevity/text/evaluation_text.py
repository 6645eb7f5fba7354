"""What an evaluation says, in words: its verdict, its estimates and what they cannot tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from longevity.dates import format_source_date
from longevity.stats import monthly_series
from longevity.stats.detectable_effect import POWER
from longevity.stats.effects import Effect
from longevity.stats.evaluation import Evaluation, Finding, Verdict
from longevity.stats.interrupted_time_series import Model
from longevity.stats.monthly_series import Omission, Span
from longevity.text import wording
from longevity.text.effect_wording import (
    count_units,
    format_amount,
    format_decimal,
    format_interval,
    format_month,
    format_percent_change,
    name_measure,
)
from longevity.text.evaluation_check_text import describe_check, describe_reviewed_share
from longevity.text.evaluation_refusals import describe_finding_without_estimate

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


def describe_evaluation(evaluation: Evaluation, least_base: int) -> str:
    """Return the sentence or two that an evaluation opens on.

    `least_base`: the least number a percentage is of.
    """
    main, effect = evaluation.main, evaluation.main.effect
    if effect is None:
        return (
            f"{evaluation.place}: whether shootings changed when the program came cannot be told. "
            f"{describe_finding(evaluation.all, least_base)} "
            f"{describe_finding(evaluation.gmi, least_base)}"
        )
    told = bool(evaluation.direction)
    noun = name_measure(main.measure)
    said = describe_effect(effect, noun, main.span, main.last, least_base, told)
    opening = f"{evaluation.place}. {said}"
    if not told:
        why = [describe_check(evaluation, flag) for flag in evaluation.against]
        return " ".join([opening, *why, describe_detectable_of(main)])
    if evaluation.verdict is Verdict.CHANGE:
        against = " ".join(describe_check(evaluation, f) for f in evaluation.flags if f.forbids)
        return f"{opening} This is not shown to be an effect of the program. {against}"
    did = "prevented some of them" if effect.value < 0 else "added to them"
    return (
        f"{opening} This is consistent with a program that {did}; one place over time cannot "
        "prove it."
    )


def describe_finding(finding: Finding, least_base: int) -> str:
    """Return the estimate of one series with its interval, or why there is none."""
    if finding.effect is None:
        return describe_finding_without_estimate(finding)
    noun = name_measure(finding.measure)
    estimate = _describe_estimate(finding.effect, noun, finding.span, least_base)
    return f"{_describe_months(finding.span, finding.last)} the estimate is {estimate}."


def describe_detectable_of(finding: Finding) -> str:
    """Return the smallest effect the series of a finding would usually show."""
    noun = name_measure(finding.measure)
    return describe_detectable(finding.detectable, noun, finding.span, finding.last)


def describe_limits(evaluation: Evaluation, events: pd.DataFrame | None = None) -> str:
    """Return what this evaluation cannot tell, from what is true of this series, as a paragraph.

    `events`: date, event: what else is on record for the place.
    """
    main, span = evaluation.main, evaluation.span
    parts = [describe_omissions(main.series, span)]
    if main.model is not None:
        parts = [_describe_months_used(evaluation), *parts, _describe_projection(main)]
        parts.append(describe_detectable_of(main))
    if "share" in main.series and main.effect is not None:
        parts.append(describe_reviewed_share(main.series, span))
    if evaluation.gmi.effect is None:
        parts.append(describe_finding_without_estimate(evaluation.gmi))
    if events is not None:
        parts.append(describe_events(events, span, main.series))
    parts.append(
        "Shootings that moved to another place are not looked for, and which part of the program "
        "did what is not told apart."
    )
    return " ".join(part for part in parts if part)


def _describe_months_used(evaluation: Evaluation) -> str:
    main, span = evaluation.main, evaluation.span
    used = monthly_series.select_used(main.series)
    before, after = int((~used["after"]).sum()), int(used["after"].sum())
    return (
        f"The estimate for {evaluation.place} rests on {count_units(before, span)} before the "
        f"launch and {count_units(after, span)} after it, to {format_month(span, main.last)}; "
        + describe_later_months(main.last, span)
    )


def _describe_projection(finding: Finding) -> str:
    span = finding.span
    months = int(finding.series["after"].sum())
    return (
        f"What would have happened without the program is the level of the {span.unit}s before "
        f"and their season, carried on for {count_units(months, span)}: it is "
        f"nowhere seen.{_describe_wander(finding.model)} Whatever else changed at the launch is "
        "in the estimate too."
    )


def _describe_wander(model: Model | None) -> str:
    if model is None or model.noise is None:
        return ""
    return (
        f" Levels wander without any program, this one by about {model.noise.step:.0%} a month, "
        "and the interval is widened for it."
    )


def name_omissions(frame: pd.DataFrame) -> pd.DataFrame:
    """Return months with the reason each is left out, `why`, in words; empty where it is used."""
    return frame.assign(why=frame["why"].map(lambda why: OMISSIONS[why] if why else ""))


def describe_effect(
    effect: Effect, noun: str, span: Span, last: pd.Timestamp, least_base: int, told: bool
) -> str:
    """Return the estimate and its interval: as a change where one is told of, else as no more."""
    when = _describe_months(span, last)
    estimate = _describe_estimate(effect, noun, span, least_base)
    if told:
        return f"{when} there were {estimate}: more than chance would explain."
    why = "" if effect.excludes_zero else "; the interval includes zero"
    return f"{when} these data cannot tell whether {noun} changed: the estimate is {estimate}{why}."


def _describe_months(span: Span, last: pd.Timestamp) -> str:
    return f"From {format_month(span, span.first)} to {format_month(span, last)}"


def _describe_estimate(effect: Effect, noun: str, span: Span, least_base: int) -> str:
    interval = f"95% interval {format_interval(effect.low, effect.high)}"
    return (
        f"{format_amount(effect.value)} {noun} a {span.unit} than the {span.unit}s before led one "
        f"to expect ({interval}; {format_percent_change(effect, least_base)})"
    )


def describe_later_months(last: pd.Timestamp, span: Span) -> str:
    """Return that later months are not in it, and why where the wave from 2020 on is left out."""
    text = f"later {span.unit}s are not in it"
    if last + span.step != monthly_series.WAVE_BEGINS:
        return f"{text}."
    return (
        f"{text}: from 2020 on shootings rose and fell across the country, of which the "
        f"{span.unit}s before the launch know nothing."
    )


def describe_detectable(least: float | None, noun: str, span: Span, last: pd.Timestamp) -> str:
    """Return the smallest effect this series would usually show. `last`: the last month judged."""
    often = f"in {POWER:.0%} of such series"
    series = f"With this series, until {format_month(span, last)},"
    if least is None:
        return f"{series} even a fall to almost no {noun} would often be missed."
    return (
        f"{series} an effect smaller than about {format_decimal(least)} fewer {noun} a {span.unit} "
        f"would usually be missed; one of that size would be found {often}."
    )


def describe_expectation(model: Model, effect: Effect, noun: str, span: Span) -> str:
    """Return what the picture of observed and expected shows."""
    average, without = (format_decimal(v) for v in (effect.without + effect.value, effect.without))
    return (
        f"Since {format_month(span, span.first)} about {average} {noun} a {span.unit}; had the "
        f"{span.unit}s before gone on, about {without} would be expected. "
        + _describe_dispersion(model)
    )


def _describe_dispersion(model: Model) -> str:
    if model.dispersion <= 1:
        return "The counts vary no more than independent events would."
    return (
        f"The counts vary {model.dispersion:.1f} times as much as independent events would, and "
        "the interval is widened for it."
    )


def describe_omissions(series: pd.DataFrame, span: Span) -> str:
    """Return how many months are left out, and why; empty when none is."""
    counts = monthly_series.count_omissions(series)
    if not counts:
        return ""
    parts = [f"{count_units(count, span)} {OMISSIONS[why]}" for why, count in counts.items()]
    return f"Left out: {wording.join_words(parts)}."


def describe_events(events: pd.DataFrame, span: Span, series: pd.DataFrame) -> str:
    """Return what else is on record in the months judged. `events`: date (or a year), event."""
    if events.empty or series.empty:
        return ""
    when = pd.to_datetime(events["date"].astype(str), format="mixed", errors="coerce")
    inside = when.ge(series["month"].min()) & when.lt(series["month"].max() + span.step)
    rows = events[inside.to_numpy()]
    if rows.empty:
        return ""
    parts = [f"{format_source_date(str(row.date))}, {row.event}" for row in rows.itertuples()]
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
    found = wording.join_words([f"{many} found {what}" for what, many in counts.items() if many])
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
