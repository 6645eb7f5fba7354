"""A claim of a rank: the fewest or the most of several years, each counted over the same days."""

from __future__ import annotations

import pandas as pd

from longevity.stats.comparison import Outcome
from longevity.stats.dispersion import Dispersion
from longevity.text import change_wording, wording
from longevity.text.claims import change_fit, render
from longevity.text.claims.claim import Back, Claim, Direction, Reach, require_part
from longevity.text.claims.evidence import ClaimPeriod, Evidence
from longevity.text.claims.verdict import ClaimAnswer, Verdict


def evaluate_rank(claim: Claim, period: ClaimPeriod, evidence: Evidence) -> ClaimAnswer:
    """Hold a rank against every year it reaches back to."""
    cities = evidence.list_cities(claim)
    first = min(evidence.find_first_year(cities), period.year)
    counts = evidence.count_by_year(cities, claim.measure, period, range(first, period.year + 1))
    known_counts = {year: count for year, count in counts.items() if count is not None}
    start = _find_first_year(require_part(claim.back), period.year, known_counts)
    reading = _describe_reading(claim, period, evidence, start)
    dispersion = evidence.compute_dispersion(cities, claim.measure, period.now[1])
    figures = _build_figures(period, evidence, known_counts, start, dispersion)
    if start >= period.year:
        return ClaimAnswer(Verdict.CANNOT, reading, "There is no earlier year to rank it with.")
    if period.year not in known_counts:
        why = f"The data do not cover all of {wording.format_period(*period.now)}."
        return ClaimAnswer(Verdict.CANNOT, reading, why)
    verdict, why = _choose_verdict(claim, period, counts, start)
    safe = (
        ""
        if verdict is Verdict.CANNOT
        else _write_safe_sentence(claim, period, evidence, known_counts, dispersion)
    )
    remarks = [*render.list_remarks(claim, period), render.RANK_IS_NO_TEST]
    return ClaimAnswer(verdict, reading, why, safe, figures, tuple(remarks))


def _find_first_year(back: Back, year: int, known_counts: dict[int, int]) -> int:
    """Return the first year of the rank."""
    if back.reach is Reach.SINCE:
        return back.number
    if back.reach is Reach.YEARS:
        return year - back.number
    return min(known_counts, default=year)


def _choose_verdict(
    claim: Claim, period: ClaimPeriod, counts: dict[int, int | None], start: int
) -> tuple[Verdict, str]:
    current, reach = require_part(counts[period.year]), require_part(claim.back).reach
    word, more = _choose_words(claim)
    sign = -1 if claim.direction is Direction.DOWN else 1
    later_counts = {y: n for y, n in counts.items() if start < y < period.year and n is not None}
    first_count = counts.get(start)
    if first_count is not None and (not later_counts or reach in (Reach.RECORD, Reach.EVER)):
        later_counts[start] = (
            first_count  # there is no year between, or the first year of the record counts
        )
    better = {y: n for y, n in later_counts.items() if sign * (n - current) > 0}
    ties = [y for y, n in later_counts.items() if n == current]
    if better:
        year, count = max(better.items(), key=lambda item: (sign * item[1], item[0]))
        return (
            Verdict.NOT_SUPPORTED,
            f"There were {more} in {year}: {wording.format_number(count)}.",
        )
    if ties:
        return (
            Verdict.NOT_SUPPORTED,
            f"There were as many in {wording.join_words(_format_years(ties))}: a tie.",
        )
    if reach is Reach.EVER:
        return Verdict.CANNOT, "These data begin in a year; what was before it they do not say."
    if any(counts.get(year) is None for year in range(start, period.year)):
        return Verdict.CANNOT, f"The data do not hold these days of every year from {start}."
    if first_count is not None and sign * (first_count - current) >= 0:
        among = "fewer" if sign < 0 else "more"
        same = "as many" if first_count == current else among
        return Verdict.DEPENDS, (
            f"It holds among the years after {start}; {start} itself had {same} "
            f"({wording.format_number(first_count)}). It depends on whether {start} is counted."
        )
    return Verdict.SUPPORTED, f"There were {word} of all years from {start}."


def _choose_words(claim: Claim) -> tuple[str, str]:
    return ("the fewest", "fewer") if claim.direction is Direction.DOWN else ("the most", "more")


def _format_years(years: list[int]) -> list[str]:
    return [str(year) for year in years]


def _describe_reading(claim: Claim, period: ClaimPeriod, evidence: Evidence, start: int) -> str:
    word, _ = _choose_words(claim)
    same = "the same days of " if _is_part_of_year(period) else ""
    years = f"{start} to {period.year}" if start < period.year else f"since {start}"
    return f"{render.describe_subject(claim, period, evidence.names)}, {word} of {same}{years}."


def _is_part_of_year(period: ClaimPeriod) -> bool:
    """Return whether the days are a part of the year."""
    return render.name_days(period, (period.year,)) != str(period.year)


def _write_safe_sentence(
    claim: Claim,
    period: ClaimPeriod,
    evidence: Evidence,
    known_counts: dict[int, int],
    dispersion: Dispersion | None,
) -> str:
    """Say how it ranks among the years there are, from the counts themselves."""
    current = known_counts[period.year]
    beginning = render.describe_count(claim, current, period.now, evidence.names)
    sign = -1 if claim.direction is Direction.DOWN else 1
    word, more = _choose_words(claim)
    earlier = {year: count for year, count in known_counts.items() if year < period.year}
    last = max((y for y, n in earlier.items() if sign * (n - current) >= 0), default=None)
    since = last if last is not None else min(earlier)
    same = "as many" if known_counts[since] == current else more
    if last == period.year - 1:
        days = render.name_days(period, (since,))
        return (
            f"{beginning}; in {days} there were {same} "
            f"({wording.format_number(known_counts[since])})."
        )
    outranked = {y: n for y, n in earlier.items() if last is None or y > last}
    days = ", counted over the same days" if _is_part_of_year(period) else ""
    # A year that had fewer is not among those of which this is the fewest.
    held_text = "" if len(outranked) == period.year - min(outranked) else " that these data hold"
    among = f"{word} of the years {min(outranked)} to {period.year}{held_text}{days}"
    if last is None:
        then = f"; {since} is the first year in these data"
    else:
        then = f"; in {since} there were {same} ({wording.format_number(known_counts[since])})"
    return f"{beginning}, {among}{then}.{_describe_chance(current, outranked, dispersion)}"


def _describe_chance(current: int, outranked: dict[int, int], dispersion: Dispersion | None) -> str:
    """Say whether chance could explain the difference from the year that comes nearest."""
    year = min(outranked, key=lambda y: (abs(outranked[y] - current), -y))
    comparison = change_fit.compare_from_cache(current, outranked[year], dispersion=dispersion)
    if comparison.outcome is not Outcome.UNCLEAR:
        return ""
    return f" Chance alone could explain the difference from {year} ({outranked[year]:,})."


def _build_figures(
    period: ClaimPeriod,
    evidence: Evidence,
    known_counts: dict[int, int],
    start: int,
    dispersion: Dispersion | None,
) -> pd.DataFrame:
    """Return each year of the rank, the newest first, and how the newest compares with it."""
    rows = []
    for year in sorted((y for y in known_counts if start <= y <= period.year), reverse=True):
        text = change_wording.describe_change(
            change_fit.compare_from_cache(
                known_counts.get(period.year), known_counts[year], dispersion=dispersion
            ),
            render.name_days(period, (year,)),
            evidence.least_base,
        )
        earlier = year < period.year
        rows.append(
            {
                "Days": wording.format_period(*period.in_year(year)),
                "Count": known_counts[year],
                "Newest against it": f"{text.arrow} {text.verdict}" if earlier else "",
                "Interval (95%)": text.interval if earlier else "",
            }
        )
    return pd.DataFrame(rows)
