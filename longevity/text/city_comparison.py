"""What the comparison of cities says, before its details: one sentence a question.

Whether a change is more than chance is read from `baselines` and `rates`; here it is
only put together, and never in other words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from longevity.stats.baselines import TOGETHER, Baseline, YearToDate
from longevity.stats.comparison import Outcome
from longevity.text import change_wording, counts, reach, wording

RECENT_DAYS = 26 * 7  # of weeks shown one by one

# Several people can be hurt in one event: chance is told of events where there are such.
TESTED = {"victims": "incidents"}


def tested(measure: str) -> str:
    """The measure that is tested for more than chance when this one is shown."""
    return TESTED.get(measure, measure)


def answer(told: Sequence[YearToDate], noun: str, names: Mapping[str, str]) -> str:
    """The sentence the screen opens on: each city against last year, and what depends."""
    own = [each for each in told if each.city != TOGETHER]
    known = [each for each in own if each.current is not None]
    if not known:
        return "No city has counts of this year to compare."
    this = known[0].through
    verdicts = []
    for each in known:
        last = next(a for a in each.against if a.baseline is Baseline.LAST_YEAR)
        verdicts.append(
            f"{names[each.city]} {wording.number(each.current or 0)}, "
            f"{_short(last.comparison.outcome)}"
        )
    said = (
        f"{noun.capitalize()}, {counts.so_far(this)}, against the same days of {this.year - 1}: "
        f"{'; '.join(verdicts)}"
    )
    unsure = [names[each.city] for each in known if each.depends_on_baseline]
    if unsure:
        return f"{said}. In {wording.listed(unsure)} the answer depends on the baseline."
    return f"{said}."


def context(told: Sequence[YearToDate], names: Mapping[str, str]) -> str:
    """How large the newest change is among those of earlier years; empty where there are few."""
    said = [
        f"{names[each.city]} {each.larger_than[0]} of {each.larger_than[1]}"
        for each in told
        if each.larger_than
    ]
    if not said:
        return ""
    return f"Larger than how many earlier changes from one year to the next: {', '.join(said)}."


def _short(outcome: Outcome) -> str:
    if outcome is Outcome.UNCLEAR:
        return "no clear change"
    if outcome is Outcome.UNKNOWN:
        return "last year is not known"
    return change_wording.VERDICTS[outcome]


def baselines_title(told: Sequence[YearToDate], names: Mapping[str, str]) -> str:
    """The finding of a chart of all baselines: whether which one is chosen matters."""
    unsure = [
        names[each.city] for each in told if each.depends_on_baseline and each.city != TOGETHER
    ]
    if unsure:
        return f"In {wording.listed(unsure)} the answer depends on the baseline"
    if not any(each.answers for each in told):
        return "There is no earlier year to compare with"
    answer = "The answer is not" if len(told) == 1 else "No city's answer is"
    return f"{answer} turned round by the choice of baseline"


def missing(told: Sequence[YearToDate], names: Mapping[str, str]) -> str:
    """Which cities have no count of this year, or an empty string."""
    gone = [names[each.city] for each in told if each.current is None and each.city != TOGETHER]
    return f"No count of this year for {wording.listed(gone)}: missing, not zero." if gone else ""


def twelve_months(months: pd.DataFrame, measure: str, launched: Mapping[str, date]) -> pd.DataFrame:
    """Sums of twelve whole months that end with each month: city, month, `measure`, launched.

    `months`: city, month, `measure`, complete. Missing where a month of the twelve is not
    there or not whole.
    """
    parts = []
    for city, own in months.groupby("city", sort=False, observed=True):
        months_of = pd.DatetimeIndex(own["month"])
        values = own[measure].astype("float64").where(own["complete"].astype(bool)).to_numpy()
        series = pd.Series(values, index=months_of).asfreq("MS")
        rolled = series.rolling(12, min_periods=12).sum().iloc[11:]
        part = pd.DataFrame({"city": city, "month": rolled.index, measure: rolled.to_numpy()})
        begun = launched.get(str(city))
        part["launched"] = pd.Timestamp(begun.replace(day=1)) if begun else pd.NaT
        parts.append(part)
    columns = ["city", "month", measure, "launched"]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return found.astype({measure: "Int64"})[columns]


def newest(windows: pd.DataFrame, residents: pd.DataFrame) -> pd.DataFrame:
    """The newest window of each city with its residents as `population`.

    `windows`: city, years_back, windows_back, counts; `residents`: city, residents.
    """
    own = windows[(windows["years_back"] == 0) & (windows["windows_back"] == 0)]
    people = residents[["city", "residents"]].rename(columns={"residents": "population"})
    return own.merge(people, on="city", how="left")


def rates_sentence(frame: pd.DataFrame, names: Mapping[str, str]) -> str:
    """How the cities' rates stand to each other, from their intervals.

    `frame`: city, rate, rate_low, rate_high. Cities whose intervals overlap are not told
    apart; that intervals are apart is the stricter claim.
    """
    shown = frame[frame["rate"].notna()].sort_values("rate", ascending=False)
    if len(names) == 1:
        return _own_rate(shown, *names.values())
    if len(shown) < 2:
        return "There is no second city with residents to compare a rate with."
    rows = list(shown.itertuples())
    apart = [
        f"{names[high.city]} above {names[low.city]}"
        for at, high in enumerate(rows)
        for low in rows[at + 1 :]
        if high.rate_low > low.rate_high
    ]
    if not apart:
        return (
            "The intervals overlap: these rates do not tell the cities apart by more than chance."
        )
    rest = "" if len(apart) == len(rows) * (len(rows) - 1) / 2 else " The others overlap."
    return f"Further apart than chance would explain: {wording.listed(apart)}.{rest}"


def _own_rate(shown: pd.DataFrame, name: str) -> str:
    """The rate of a city that stands alone."""
    if shown.empty:
        return f"{name} has no residents to divide by."
    row = shown.iloc[0]
    return (
        f"{name}: {row['rate']:,.1f} per 100,000 residents a year "
        f"(95\u00a0% interval {row['rate_low']:,.1f} to {row['rate_high']:,.1f})."
    )


def program(
    funnel: pd.DataFrame,
    cadence: pd.DataFrame,
    promises: pd.DataFrame,
    greeting: pd.DataFrame,
    names: Mapping[str, str],
) -> pd.DataFrame:
    """The program's reach side by side as text: a row a question, a column a city.

    `funnel`: call_in_funnel; `cadence`: cadence_by_city; `promises`; `greeting`:
    reentry_greeting. What a city did not hand over is "not handed over", never a nought.
    """
    table = {}
    for city, name in names.items():
        own = {
            "funnel": funnel[funnel["city"] == city],
            "cadence": cadence[cadence["city"] == city],
            "promises": promises[(promises["city"] == city) & (promises["window_days"] == 30)],
            "greeting": greeting[greeting["city"] == city],
        }
        table[name] = {
            "Came to a call-in, of those reached": _came(own["funnel"]),
            "Days since the last call-in": _since(own["cadence"]),
            "Promises kept in 30 days, of those that old": _kept(own["promises"]),
            "Met on coming home": _met(own["greeting"]),
        }
    frame = pd.DataFrame(table)
    return frame.rename_axis("In twelve months, unless said").reset_index()


NOT_THERE = "not handed over"


def _came(own: pd.DataFrame) -> str:
    if own.empty:
        return NOT_THERE
    free = own[own["route"] != "in_custody"]
    attended, unknown, reached = (
        int(free[c].sum()) for c in ("attended", "attended_unknown", "reachable")
    )
    said = f"{wording.number(attended)} of {wording.number(reached)}"
    return f"{said}; {reach.describe_unknown('attendance', unknown, reached)}"


def _since(own: pd.DataFrame) -> str:
    if own.empty:
        return NOT_THERE
    days = own.iloc[0]["days_since"]
    return "none held" if pd.isna(days) else wording.number(days)


def _kept(own: pd.DataFrame) -> str:
    if own.empty:
        return NOT_THERE
    row = own.iloc[0]
    return f"{wording.number(row['elapsed_kept'])} of {wording.number(row['elapsed'])} (all years)"


def _met(own: pd.DataFrame) -> str:
    if own.empty:
        return NOT_THERE
    row = own.iloc[0]
    said = f"{wording.number(row['greeted'])} of {wording.number(row['exits'])}"
    unknown = int(row["greeted_unknown"])
    return f"{said}; {wording.number(unknown)} unknown" if unknown else said
