"""What the checks of an evaluation say, in words, and the titles of their charts."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd

from longevity.stats import evaluation_checks as checks
from longevity.stats.effects import Effect
from longevity.stats.evaluation import (
    ALL,
    CHANCE,
    PLACEBOS_WITH_CHANGE,
    Cause,
    Check,
    Evaluation,
    Flag,
    State,
)
from longevity.stats.evaluation_checks import Autocorrelation, NotCompared, PreTrend
from longevity.stats.interrupted_time_series import LEAST_MONTHS
from longevity.stats.monthly_series import Span
from longevity.text import wording
from longevity.text.effect_wording import (
    NOUNS,
    count_units,
    format_amount,
    format_interval,
    format_month,
    format_ratio,
)
from longevity.text.evaluation_refusals import describe_finding_without_estimate

FOUND = {State.QUIET: "passed", State.RAISED: "in doubt", State.UNTESTED: "not tested"}
CHECK_NAMES = {
    Check.PLACEBO_DATES: "placebo dates",
    Check.AUTOCORRELATION: "months that follow one another",
    Check.PRE_TREND: "trend before the launch",
    Check.START_DATES: "start dates",
    Check.OTHER_CITIES: "cities without the program",
    Check.WAVE: "the years from 2020 on",
    Check.REVIEWS: "reviews",
    Check.SHARE_REVIEWED: "share reviewed",
    Check.ALL_SHOOTINGS: "all shootings",
}
MEANS = {
    checks.SHOWN: "the model shown",
    checks.CARRIED: "a trend that is carried on",
    checks.STEADY: "a level that keeps still",
    checks.CAUTIOUS: "every incident not reviewed since the launch counted as one of them",
    checks.GENEROUS: "every incident not reviewed before the launch counted as one of them",
}


# Why no change is told of although the interval leaves out "as many", as a clause of a title.
_TOO_FEW = "there are too few months before the launch to check it"
AGAINST = {
    Check.PLACEBO_DATES: "changes are found where nothing began",
    Check.AUTOCORRELATION: "high months follow high ones",
    Check.PRE_TREND: "the trend before the launch speaks against one",
}


def name_against(evaluation: Evaluation) -> str:
    """Return why no change is told of, as a clause of a title; "" where no check is against it."""
    clauses = [
        AGAINST[flag.check] if flag.state is State.RAISED else _TOO_FEW
        for flag in evaluation.against
    ]
    return wording.join_words(list(dict.fromkeys(clauses)))


def describe_check(evaluation: Evaluation, flag: Flag) -> str:
    """Return what one check of an evaluation found, in a sentence or two."""
    return _WRITERS[flag.check](evaluation, flag)


def _describe_share_reviewed(evaluation: Evaluation, flag: Flag) -> str:
    text = describe_reviewed_share(evaluation.main.series, evaluation.span)
    if flag.cause is Cause.SHARE_MOVED:
        return f"{text} The share moved, so the change may be one of reviewing."
    if flag.cause is Cause.REVIEWS_COULD_UNDO:
        return f"{text} What was not reviewed could undo the change."
    return text


def _describe_all_shootings(evaluation: Evaluation, flag: Flag) -> str:
    if evaluation.all.effect is None:
        return describe_finding_without_estimate(evaluation.all)
    if flag.cause is Cause.REST_OPPOSES:
        return "The other shootings moved the other way: the change may be one of naming."
    if flag.cause is Cause.ALL_DIFFER:
        return "All shootings together show no such change."
    return "All shootings together moved the same way."


def describe_wave(difference: Effect | None, span: Span, noun: str) -> str:
    """Return what stands against a change in a series that holds the years from 2020 on."""
    return (
        "From 2020 on shootings rose across the country and fell again, and those years are in "
        f"this series. {describe_difference(difference, span, noun)}"
    )


def describe_autocorrelation(correlation: Autocorrelation | None, limit: float) -> str:
    """Return whether what the model leaves unexplained comes in runs."""
    if correlation is None or math.isnan(correlation.chance):
        return "There are too few months to tell whether high months follow high ones."
    if correlation.chance < limit:
        return "High months follow high ones, and low ones low ones: the level did not keep still."
    return "What the model leaves unexplained looks like chance from month to month."


def describe_pre_trend(
    trend: PreTrend | None, cause: Cause | None, span: Span, has_change: bool
) -> str:
    """Return where the series was going before the program, and whether that undoes a change."""
    if trend is None:
        return "The trend before the launch cannot be told."
    ratio = format_ratio(trend.ratio)
    interval = f"{format_ratio(trend.ratio_low)} to {format_ratio(trend.ratio_high)}"
    if trend.ratio_high < 1 or trend.ratio_low > 1:
        way = "fell" if trend.ratio_high < 1 else "rose"
        text = f"Before the launch the counts already {way} ({ratio} a year, interval {interval})."
    else:
        text = (
            "Before the launch there was no clear rise or fall "
            f"({ratio} a year, interval {interval})."
        )
    if cause is Cause.TREND_TURNED:
        return f"{text} The trend turned before the launch: the level did not keep still."
    if cause is Cause.TREND_UNDOES:
        return f"{text} With a trend of the {span.unit}s carried on, no such change is left."
    if not has_change:
        return text
    return f"{text} With a trend of the {span.unit}s carried on, the change is left."


def describe_start_dates(frame: pd.DataFrame, span: Span) -> str:
    """Return whether the answer hangs on the month chosen."""
    if frame.empty:
        return f"Other {span.unit}s of launch could not be tried."
    low, high = frame["value"].min(), frame["value"].max()
    moved = (
        f"With the launch moved by up to {checks.SHIFTS} {span.unit}s either way the estimate runs "
        f"from {format_amount(low)} to {format_amount(high)} a {span.unit}"
    )
    ways = set(frame["value"].gt(0))
    changes = int(frame["told"].sum())
    if len(ways) > 1:
        return f"{moved}: its direction hangs on the {span.unit} chosen."
    return f"{moved}; {changes} of {len(frame)} of these exclude no change."


def write_start_dates_title(frame: pd.DataFrame, span: Span) -> str:
    """Return what moving the launch does to the estimate, as a title."""
    if frame.empty:
        return f"Other {span.unit}s of launch could not be tried"
    if len(set(frame["value"].gt(0))) > 1:
        return f"The direction of the estimate hangs on the {span.unit} of launch that is chosen"
    changes, low, high = int(frame["told"].sum()), frame["value"].min(), frame["value"].max()
    return (
        f"With the launch moved, the estimate is {format_amount(low)} to {format_amount(high)} a "
        f"{span.unit}; {changes} of {len(frame)} exclude no change"
    )


def write_placebos_title(frame: pd.DataFrame, span: Span) -> str:
    """Return how often the same arithmetic finds a change where there was none, as a title."""
    if len(frame) < checks.LEAST_PLACEBOS:
        return f"Too few {span.unit}s before the launch to try dates on which nothing began"
    changes = int(frame["told"].sum())
    return f"A change is found at {changes} of {len(frame)} dates on which nothing began"


def write_residuals_title(correlation: Autocorrelation, limit: float) -> str:
    """Return whether the model leaves a pattern, as a title."""
    if math.isnan(correlation.chance):
        return "Too few months to tell whether the model leaves a pattern"
    if correlation.chance < limit:
        return "What the model leaves unexplained comes in runs: the level did not keep still"
    return "What the model leaves unexplained looks like chance from month to month"


def write_other_means_title(frame: pd.DataFrame) -> str:
    """Return how many estimates tell of a change, as a title. `frame`: label, value, told."""
    if frame.empty:
        return "No estimate by other means could be made"
    changes = int(frame["told"].sum())
    count = f"{changes} of {len(frame)}"
    return f"By other means, and in other cities, {count} estimates exclude no change"


def describe_placebos(frame: pd.DataFrame, span: Span, limit: float) -> str:
    """Return what the same arithmetic finds at dates on which nothing began."""
    if len(frame) < checks.LEAST_PLACEBOS:
        return (
            f"There are too few {span.unit}s before the launch to try dates on which nothing began."
        )
    changes = int(frame["told"].sum())
    text = (
        f"At {changes} of {len(frame)} dates before the launch, on which nothing began, the same "
        "arithmetic tells of a change"
    )
    if changes > limit * len(frame):
        return f"{text}: it finds changes where there is no program."
    return f"{text}. One in twenty would be chance, and they come in runs."


def describe_other_places(frame: pd.DataFrame, span: Span, noun: str) -> str:
    """Return what happened in places the program had not reached, at the same date."""
    if frame.empty:
        return "There is no other city to compare with."
    parts = []
    for row in frame.itertuples():
        if row.why:
            parts.append(f"{row.place} cannot be compared: {_explain(row)}.")
            continue
        moved = f"{format_amount(row.value)} {noun} a month ({format_interval(row.low, row.high)})"
        verdict = "a change there too" if row.told else "no clear change"
        before = (
            f"In {row.place}, in the {count_units(row.after, span)} before the program came there"
        )
        parts.append(f"{before}: {verdict}, {moved}.")
    return " ".join(parts)


def describe_difference(effect: Effect | None, span: Span, noun: str) -> str:
    """Return the change here over the change in the places compared."""
    if effect is None:
        return "No difference against other cities can be given."
    text = (
        f"Against cities the program had not reached yet, over {count_units(effect.months, span)}: "
        f"{format_amount(effect.value)} {noun} a month ({format_interval(effect.low, effect.high)})"
    )
    return f"{text}." if effect.excludes_zero else f"{text}, which is no clear difference."


def describe_reviewed_share(series: pd.DataFrame, span: Span) -> str:
    """Return the share reviewed on either side of the launch. `series`: with months used."""
    before, after = checks.compute_reviewed_shares(series)
    since = format_month(span, checks.find_first_used(series))
    sides = [
        f"{share:.0%} {when}"
        for share, when in ((before, "before"), (after, "after"))
        if not math.isnan(share)
    ]
    return f"Reviewed, of the incidents since {since}: {wording.join_words(sides)} the launch."


def _explain(row: Any) -> str:
    """Return why a place cannot be compared. `row`: why, before, after (months)."""
    if row.why == NotCompared.LAUNCHED:
        return "the program had come there already"
    if row.why == NotCompared.TOO_FEW_AFTER:
        least = checks.COMPARED_AFTER
        return f"{row.after} months lie between this launch and its own, and {least} are needed"
    if row.why == NotCompared.TOO_FEW_BEFORE:
        return f"{row.before} months before the launch, and {LEAST_MONTHS} are needed"
    return "too few incidents"


_WRITERS: dict[Check, Callable[[Evaluation, Flag], str]] = {
    Check.PLACEBO_DATES: lambda e, _: describe_placebos(e.placebos, e.span, PLACEBOS_WITH_CHANGE),
    Check.AUTOCORRELATION: lambda e, _: describe_autocorrelation(e.autocorrelation, CHANCE),
    Check.PRE_TREND: lambda e, flag: describe_pre_trend(
        e.trend_before,
        flag.cause,
        e.span,
        e.main.effect is not None and e.main.effect.excludes_zero,
    ),
    Check.START_DATES: lambda e, _: describe_start_dates(e.start_dates, e.span),
    Check.OTHER_CITIES: lambda e, _: describe_other_places(e.comparisons, e.span, NOUNS[ALL]),
    Check.WAVE: lambda e, _: describe_wave(e.difference, e.span, NOUNS[ALL]),
    Check.REVIEWS: lambda e, _: describe_finding_without_estimate(e.gmi),
    Check.SHARE_REVIEWED: _describe_share_reviewed,
    Check.ALL_SHOOTINGS: _describe_all_shootings,
}
