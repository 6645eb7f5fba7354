"""What the comparison of cities says, before its details: one sentence a question.

Whether a change is more than chance is read from `baselines` and `rates`; here it is
only put together, and never in other words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from longevity.findings.finding import TOGETHER, Finding
from longevity.findings.year_to_date import Baseline, YearToDate
from longevity.stats.comparison import Outcome
from longevity.text import change_wording, wording


def write_baselines_title(results: Iterable[YearToDate]) -> str:
    """Write the finding of a chart of all baselines: what each city's say, where they differ."""
    by_summary: dict[str, list[str]] = {}
    for result in results:
        if result.place != TOGETHER and result.answers:
            by_summary.setdefault(_sum_up_baselines(result), []).append(result.name)
    if not by_summary:
        return "There is no earlier year to compare with"
    parts = [f"{wording.join_words(those)} {summary}" for summary, those in by_summary.items()]
    return f"By baseline: {'; '.join(parts)}"


def _sum_up_baselines(result: YearToDate) -> str:
    """Return "down against every one", or last year's verdict with each that differs.

    Of a baseline that is not known nothing is said: "against every known one".
    """
    answers = {baseline: finding.tested.outcome for baseline, finding in result.answers.items()}
    newest, *others = answers.items()
    outcomes = set(answers.values())
    known = "" if len(answers) == len(result.against) else " known"
    if not outcomes & {Outcome.UP, Outcome.DOWN}:
        return f"no clear change against any{known}{' one' if known else ''}"
    if len(outcomes) == 1:
        return f"{change_wording.SHORT[newest[1]]} against every{known} one"
    # Of each other outcome the baseline that reaches back furthest.
    furthest = {outcome: baseline for baseline, outcome in others}
    furthest.pop(newest[1], None)
    shown = [newest[0], *furthest.values()]
    return ", ".join(_describe_since(baseline, result.against[baseline]) for baseline in shown)


def _describe_since(baseline: Baseline, finding: Finding) -> str:
    """Return "no clear change since 2025", "down 48% since before the program"."""
    since = {
        Baseline.LAST_YEAR: f"since {finding.window[0].year - 1}",
        Baseline.BEFORE: "since before the program",
    }.get(baseline, f"against {baseline}")
    verdict = change_wording.SHORT[finding.tested.outcome]
    if not finding.direction:
        return f"{verdict} {since}"
    text = change_wording.describe_finding(finding)
    size = text.percentage.strip("+−") if text.percentage else f"by {text.difference.split()[0]}"
    return f"{verdict} {size} {since}"


def describe_missing_cities(results: Iterable[YearToDate]) -> str:
    """Say which cities have no count of this year, or an empty string."""
    absent = [each.name for each in results if each.now is None and each.place != TOGETHER]
    return (
        f"No count of this year for {wording.join_words(absent)}: missing, not zero."
        if absent
        else ""
    )


def sum_twelve_months(
    months: pd.DataFrame, measure: str, launch_dates: Mapping[str, date | None]
) -> pd.DataFrame:
    """Sum twelve whole months that end with each month: city, month, `measure`, launched.

    `months`: city, month, `measure`, complete. Missing where a month of the twelve is not
    there or not whole.
    """
    parts = []
    for city, rows in months.groupby("city", sort=False, observed=True):
        counted = rows["month"].to_numpy("datetime64[M]")
        every = np.arange(counted.min(), counted.max() + 1)
        if len(every) < 12:
            continue
        values = np.full(len(every), np.nan)
        whole = rows[measure].astype("float64").where(rows["complete"].astype(bool))
        values[(counted - every[0]).astype(int)] = whole
        sums = sliding_window_view(values, 12).sum(axis=1)
        month = every[11:].astype("datetime64[us]")
        part = pd.DataFrame({"city": city, "month": month, measure: sums})
        launch = launch_dates.get(str(city))
        part["launched"] = pd.Timestamp(launch.replace(day=1)) if launch else pd.NaT
        parts.append(part)
    columns = ["city", "month", measure, "launched"]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return table.astype({measure: "Int64"})[columns]


def add_residents(counts: pd.DataFrame, residents: pd.DataFrame) -> pd.DataFrame:
    """Return counts with each city's residents as `population`. `residents`: city, residents."""
    people = residents[["city", "residents"]].rename(columns={"residents": "population"})
    return counts.merge(people, on="city", how="left")


def describe_rates(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Say how the cities' rates stand to each other, from their intervals.

    `frame`: city, rate, rate_low, rate_high. Cities whose intervals overlap are not told
    apart; that intervals are apart is the stricter claim.
    """
    known_rates = frame[frame["rate"].notna()].sort_values("rate", ascending=False)
    if len(names) == 1:
        return _describe_rate(known_rates, *names.values())
    if len(known_rates) < 2:
        return "There is no second city with residents to compare a rate with."
    rows = list(known_rates.itertuples())
    pairs = [
        f"{names[high.city]} above {names[low.city]}"
        for at, high in enumerate(rows)
        for low in rows[at + 1 :]
        if high.rate_low > low.rate_high
    ]
    if not pairs:
        return "Too close to rank the cities."
    rest = "" if len(pairs) == len(rows) * (len(rows) - 1) / 2 else " The others overlap."
    return f"Further apart than chance would explain: {wording.join_words(pairs)}.{rest}"


def explain_missing_rates(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """Name the cities without a rate because it is not known how many live there; else nothing.

    `frame`: city, population.
    """
    unknown = [names[city] for city in frame.loc[frame["population"].isna(), "city"]]
    if not unknown:
        return ""
    return (
        f"No rate of {wording.join_words(unknown)}: how many live where people were shot is not "
        "on file for every neighbourhood."
    )


def _describe_rate(known_rates: pd.DataFrame, name: str) -> str:
    """Return the rate of a city that stands alone."""
    if known_rates.empty:
        return f"{name} has no residents to divide by."
    row = known_rates.iloc[0]
    return (
        f"{name}: {row['rate']:,.1f} per 100,000 residents a year "
        f"(95% interval {row['rate_low']:,.1f} to {row['rate_high']:,.1f})."
    )
