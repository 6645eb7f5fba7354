"""What an evaluation says, in words. Every direction comes from the number it is about."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from longevity.dates import format_source_date
from longevity.stats import evaluation_checks as checks
from longevity.stats import monthly_series
from longevity.stats.detectable_effect import POWER
from longevity.stats.effects import Effect
from longevity.stats.evaluation_checks import Autocorrelation, PreTrend
from longevity.stats.interrupted_time_series import Model
from longevity.stats.monthly_series import Span
from longevity.text import wording

PERCENT = "\u00a0%"


def decimal(value: float) -> str:
    """One decimal, never a zero for what is not nothing: "4.6", "under 0.1"."""
    size = abs(value)
    return "under 0.1" if 0 < size < 0.05 else f"{size:,.1f}"


def amount(value: float) -> str:
    """ "4.6 fewer", "0.3 more", "no more and no fewer"."""
    if value == 0:
        return "no more and no fewer"
    return f"{decimal(value)} {'more' if value > 0 else 'fewer'}"


def between(low: float, high: float) -> str:
    """An interval: "1.7 to 7.5 fewer", "from 3.1 fewer to 0.9 more"."""
    if low > 0 or high < 0:
        near, far = sorted((abs(low), abs(high)))
        return f"{decimal(near)} to {decimal(far)} {'more' if low > 0 else 'fewer'}"
    return f"from {amount(low)} to {amount(high)}"


def percent(ratio: float) -> str:
    """A factor as a change in percent: "−66 %", "+4 %", "under 1 %"."""
    change = 100 * (ratio - 1)
    if round(change) == 0:
        return f"under 1{PERCENT} {'more' if change > 0 else 'fewer'}" if change else f"0{PERCENT}"
    return f"{'+' if change > 0 else wording.MINUS}{abs(change):,.0f}{PERCENT}"


def in_percent(effect: Effect, least_base: int) -> str:
    """ "−66 %, interval −76 % to −47 %", or why there is none: the base is what was expected."""
    base = effect.without * effect.months
    if base < least_base:
        return f"too few expected for a percentage, {decimal(base)}"
    ends = f"{percent(effect.ratio_low)} to {percent(effect.ratio_high)}"
    return f"{percent(effect.ratio)}, interval {ends}"


def months(many: int, span: Span) -> str:
    """ "85 months", "1 month", or years of a yearly series."""
    return wording.count_noun(many, span.per)


def found(effect: Effect, noun: str, span: Span, last: pd.Timestamp, least_base: int) -> str:
    """The estimate with its interval; "no clear change" wherever the interval holds nothing."""
    when = f"From {span.name_of(span.first)} to {span.name_of(last)}"
    interval = f"95{PERCENT} interval {between(effect.low, effect.high)}"
    estimate = (
        f"{amount(effect.value)} {noun} a {span.per} than the {span.per}s before led one to "
        f"expect ({interval}; {in_percent(effect, least_base)})"
    )
    if effect.excludes_zero:
        return f"{when} there were {estimate}: more than chance would explain."
    return (
        f"{when} there is no clear change in {noun}: the estimate is {estimate}; the interval "
        "includes zero."
    )


def later(last: pd.Timestamp, span: Span) -> str:
    """That later months are not in it, and why where they were left to the wave from 2020 on."""
    said = f"later {span.per}s are not in it"
    if last + span.step != monthly_series.WAVE_BEGINS:
        return f"{said}."
    return (
        f"{said}: from 2020 on shootings rose and fell across the country, of which the "
        f"{span.per}s before the launch know nothing."
    )


def wave(apart: Effect | None, span: Span, noun: str) -> str:
    """What stands against a change in a series that holds the years from 2020 on."""
    return (
        "From 2020 on shootings rose across the country and fell again, and those years are in "
        f"this series. {difference(apart, span, noun)}"
    )


def detectable(least: float | None, noun: str, span: Span, last: pd.Timestamp) -> str:
    """The smallest effect this series would usually show. `last`: the last month judged."""
    often = f"in {POWER:.0%} of such series".replace("%", PERCENT)
    series = f"With this series, until {span.name_of(last)},"
    if least is None:
        return f"{series} even a fall to almost no {noun} would often be missed."
    return (
        f"{series} an effect smaller than about {decimal(least)} fewer {noun} a {span.per} "
        f"would usually be missed; one of that size would be found {often}."
    )


def picture(model: Model, effect: Effect, noun: str, span: Span) -> str:
    """What the picture of observed and expected shows."""
    there = effect.without + effect.value
    return (
        f"Since {span.name_of(span.first)} about {decimal(there)} {noun} a {span.per}; had the "
        f"{span.per}s before gone on, about {decimal(effect.without)} would be expected. "
        + _spread(model)
    )


def _spread(model: Model) -> str:
    if model.dispersion <= 1:
        return "The counts vary no more than independent events would."
    return (
        f"The counts vary {model.dispersion:.1f} times as much as independent events would, and "
        "the interval is widened for it."
    )


def autocorrelated(follow: Autocorrelation, limit: float) -> str:
    """Whether what the model leaves unexplained comes in runs."""
    if math.isnan(follow.chance):
        return "There are too few months to tell whether high months follow high ones."
    if follow.chance < limit:
        return (
            "High months follow high ones, or low ones, in a way the model does not hold: its "
            "interval is too narrow."
        )
    return "What the model leaves unexplained looks like chance from month to month."


def pre_trend(trend: PreTrend | None, span: Span, limit: float) -> str:
    """Where the series was going before the program."""
    if trend is None:
        return "The trend before the launch cannot be told."
    if trend.ratio_high < 1 or trend.ratio_low > 1:
        way = "fell" if trend.ratio_high < 1 else "rose"
        said = (
            f"Before the launch the counts already {way} ({percent(trend.ratio)} a year, interval "
            f"{percent(trend.ratio_low)} to {percent(trend.ratio_high)}); that is carried on."
        )
    else:
        said = (
            "Before the launch there was no clear rise or fall "
            f"({percent(trend.ratio)} a year, interval {percent(trend.ratio_low)} to "
            f"{percent(trend.ratio_high)})."
        )
    if trend.bend < limit:
        said += " The trend turned before the launch, so carrying it on in a line is not safe."
    return said


def start_dates(frame: pd.DataFrame, span: Span) -> str:
    """Whether the answer hangs on the month chosen."""
    if frame.empty:
        return f"Other {span.per}s of launch could not be tried."
    low, high = frame["value"].min(), frame["value"].max()
    moved = (
        f"With the launch moved by up to {checks.SHIFTS} {span.per}s either way the estimate runs "
        f"from {amount(low)} to {amount(high)} a {span.per}"
    )
    ways = set(frame["value"].gt(0))
    told = int(frame["told"].sum())
    if len(ways) > 1:
        return f"{moved}: its direction hangs on the {span.per} chosen."
    return f"{moved}; {told} of {len(frame)} of these exclude no change."


def start_dates_title(frame: pd.DataFrame, span: Span) -> str:
    """What moving the launch does to the estimate, as a title."""
    if frame.empty:
        return f"Other {span.per}s of launch could not be tried"
    if len(set(frame["value"].gt(0))) > 1:
        return f"The direction of the estimate hangs on the {span.per} of launch that is chosen"
    told, low, high = int(frame["told"].sum()), frame["value"].min(), frame["value"].max()
    return (
        f"With the launch moved, the estimate is {amount(low)} to {amount(high)} a {span.per}; "
        f"{told} of {len(frame)} exclude no change"
    )


def placebos_title(frame: pd.DataFrame, span: Span) -> str:
    """How often the same arithmetic finds a change where there was none, as a title."""
    if len(frame) < checks.LEAST_PLACEBOS:
        return f"Too few {span.per}s before the launch to try dates on which nothing began"
    told = int(frame["told"].sum())
    return f"A change is found at {told} of {len(frame)} dates on which nothing began"


def residuals_title(follow: Autocorrelation, limit: float) -> str:
    """Whether the model leaves a pattern, as a title."""
    if math.isnan(follow.chance):
        return "Too few months to tell whether the model leaves a pattern"
    if follow.chance < limit:
        return "What the model leaves unexplained comes in runs: its interval is too narrow"
    return "What the model leaves unexplained looks like chance from month to month"


def other_means_title(frame: pd.DataFrame) -> str:
    """How many estimates tell of a change, as a title. `frame`: label, value, told, ..."""
    if frame.empty:
        return "No estimate by other means could be made"
    told = int(frame["told"].sum())
    return (
        f"By other means, and in other cities, {told} of {len(frame)} estimates exclude no change"
    )


def placebos(frame: pd.DataFrame, span: Span, limit: float) -> str:
    """What the same arithmetic finds at dates on which nothing began."""
    if len(frame) < checks.LEAST_PLACEBOS:
        return (
            f"There are too few {span.per}s before the launch to try dates on which nothing began."
        )
    told = int(frame["told"].sum())
    said = (
        f"At {told} of {len(frame)} dates before the launch, on which nothing began, the same "
        "arithmetic tells of a change"
    )
    if told > limit * len(frame):
        return f"{said}: it finds changes where there is no program."
    return f"{said}. One in twenty would be chance, and they come in runs."


def comparisons(frame: pd.DataFrame, span: Span, noun: str) -> str:
    """What happened in places the program had not reached, at the same date."""
    if frame.empty:
        return "There is no other city to compare with."
    parts = []
    for row in frame.itertuples():
        if row.why:
            parts.append(f"{row.place} cannot be compared: {row.why}.")
            continue
        moved = f"{amount(row.value)} {noun} a month ({between(row.low, row.high)})"
        told = "a change there too" if row.told else "no clear change"
        before = f"In {row.place}, in the {months(row.after, span)} before the program came there"
        parts.append(f"{before}: {told}, {moved}.")
    return " ".join(parts)


def difference(effect: Effect | None, span: Span, noun: str) -> str:
    """The change here over the change in the places compared."""
    if effect is None:
        return "No difference against other cities can be given."
    said = (
        f"Against cities the program had not reached yet, over {months(effect.months, span)}: "
        f"{amount(effect.value)} {noun} a month ({between(effect.low, effect.high)})"
    )
    return f"{said}." if effect.excludes_zero else f"{said}, which is no clear difference."


BY = {
    checks.SCALED: "the model shown",
    checks.HAC: "errors that allow for months that follow one another (Newey–West)",
    checks.BINOMIAL: "a negative binomial model",
    checks.SLOPED: "a trend that may change at the launch",
    checks.CAUTIOUS: "every incident not reviewed since the launch counted as one of them",
    checks.GENEROUS: "every incident not reviewed before the launch counted as one of them",
}


def by_other_means(frame: pd.DataFrame) -> str:
    """The estimate by each other way, one clause each."""
    parts = [
        f"{BY[row.by]}: {amount(row.value)} ({between(row.low, row.high)})"
        for row in frame.itertuples()
    ]
    return f"By other means: {'; '.join(parts)}." if parts else "No other model settled."


def reviewed(made: pd.DataFrame, span: Span) -> str:
    """The share reviewed on either side of the launch. `made`: a series with months used."""
    before, after = checks.reviewed_shares(made)
    since = span.name_of(checks.reviewed_since(made))
    sides = [
        f"{share:.0%} {when}".replace("%", PERCENT)
        for share, when in ((before, "before"), (after, "after"))
        if not math.isnan(share)
    ]
    return f"Reviewed, of the incidents since {since}: {wording.join_words(sides)} the launch."


def left_out(made: pd.DataFrame, span: Span) -> str:
    """How many months are left out, and why; empty when none is."""
    counts = monthly_series.left_out(made)
    if not counts:
        return ""
    parts = [f"{months(many, span)} {why}" for why, many in counts.items()]
    return f"Left out: {wording.join_words(parts)}."


def events(told: pd.DataFrame, span: Span, made: pd.DataFrame) -> str:
    """What else is on record in the months judged. `told`: date (text, may be a year), event."""
    if told.empty or made.empty:
        return ""
    when = pd.to_datetime(told["date"].astype(str), format="mixed", errors="coerce")
    inside = when.ge(made["month"].min()) & when.lt(made["month"].max() + span.step)
    rows = told[inside.to_numpy()]
    if rows.empty:
        return ""
    parts = [f"{format_source_date(str(row.date))}, {row.event}" for row in rows.itertuples()]
    return (
        f"On record in these years, and not told apart by the model: {wording.join_phrases(parts)}."
    )


def published(row: Mapping[str, Any]) -> str:
    """One published evaluation. `row`: place, program, began, outcome, effect, unit, method, study.

    Where no effect was given `unit` says what was found.
    """
    began = "" if _blank(row["began"]) else f", from {row['began']}"
    where = f"{row['place']}, {row['program']}{began}"
    if _blank(row["effect"]):
        result = f"{row['unit']} in {row['outcome']}"
    else:
        value, unit = float(row["effect"]), str(row["unit"])
        size = f"{abs(value):g}{PERCENT}" if unit == "percent" else f"{abs(value):g} {unit}"
        way = "lower" if value < 0 else "higher"
        result = f"{row['outcome']}: {size} {way}" if value else f"{row['outcome']}: no change"
    return f"{where}. {result[:1].upper()}{result[1:]} ({row['method']}; {row['study']})."


def _blank(value: Any) -> bool:
    return value is None or bool(pd.isna(value)) or not str(value).strip()
