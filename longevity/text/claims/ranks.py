"""A claim of a rank: the fewest or the most of several years, each counted over the same days."""

from __future__ import annotations

import pandas as pd

from longevity.stats.comparison import Outcome
from longevity.stats.dispersion import Dispersion
from longevity.text import change_wording, wording
from longevity.text.claims import evaluate, render
from longevity.text.claims.claim import Back, Claim, Direction, Reach, given
from longevity.text.claims.evidence import At, Record
from longevity.text.claims.verdict import Judged, Verdict


def judge(claim: Claim, at: At, record: Record) -> Judged:
    """Hold a rank against every year it reaches back to."""
    cities = record.cities(claim)
    first = min(record.first_year(cities), at.year)
    counts = record.by_year(cities, claim.measure, at, range(first, at.year + 1))
    known = {year: count for year, count in counts.items() if count is not None}
    start = _start(given(claim.back), at.year, known)
    reading = _reading(claim, at, record, start)
    dispersion = record.dispersion(cities, claim.measure, at.now[1])
    figures = _figures(at, record, known, start, dispersion)
    if start >= at.year:
        return Judged(Verdict.CANNOT, reading, "There is no earlier year to rank it with.")
    if at.year not in known:
        why = f"The data do not cover all of {wording.period(*at.now)}."
        return Judged(Verdict.CANNOT, reading, why)
    verdict, why = _verdict(claim, at, counts, start)
    safe = "" if verdict is Verdict.CANNOT else _safe(claim, at, record, known, dispersion)
    remarks = [*render.remarks(claim, at), render.RANK_IS_NO_TEST]
    return Judged(verdict, reading, why, safe, figures, tuple(remarks))


def _start(back: Back, year: int, known: dict[int, int]) -> int:
    """The first year of the rank."""
    if back.reach is Reach.SINCE:
        return back.number
    if back.reach is Reach.YEARS:
        return year - back.number
    return min(known, default=year)


def _verdict(
    claim: Claim, at: At, counts: dict[int, int | None], start: int
) -> tuple[Verdict, str]:
    current, reach = given(counts[at.year]), given(claim.back).reach
    word, more = _words(claim)
    sign = -1 if claim.direction is Direction.DOWN else 1
    beyond = {y: n for y, n in counts.items() if start < y < at.year and n is not None}
    own = counts.get(start)
    if own is not None and (not beyond or reach in (Reach.RECORD, Reach.EVER)):
        beyond[start] = own  # there is no year between, or the first year of the record counts
    better = {y: n for y, n in beyond.items() if sign * (n - current) > 0}
    ties = [y for y, n in beyond.items() if n == current]
    if better:
        year, count = max(better.items(), key=lambda item: (sign * item[1], item[0]))
        return Verdict.NOT_SUPPORTED, f"There were {more} in {year}: {wording.number(count)}."
    if ties:
        return (
            Verdict.NOT_SUPPORTED,
            f"There were as many in {wording.listed(_years(ties))}: a tie.",
        )
    if reach is Reach.EVER:
        return Verdict.CANNOT, "These data begin in a year; what was before it they do not say."
    if any(counts.get(year) is None for year in range(start, at.year)):
        return Verdict.CANNOT, f"The data do not hold these days of every year from {start}."
    if own is not None and sign * (own - current) >= 0:
        among = "fewer" if sign < 0 else "more"
        same = "as many" if own == current else among
        return Verdict.DEPENDS, (
            f"It holds among the years after {start}; {start} itself had {same} "
            f"({wording.number(own)}). It depends on whether {start} is counted."
        )
    return Verdict.SUPPORTED, f"There were {word} of all years from {start}."


def _words(claim: Claim) -> tuple[str, str]:
    return ("the fewest", "fewer") if claim.direction is Direction.DOWN else ("the most", "more")


def _years(years: list[int]) -> list[str]:
    return [str(year) for year in years]


def _reading(claim: Claim, at: At, record: Record, start: int) -> str:
    word, _ = _words(claim)
    same = "the same days of " if _partial(at) else ""
    years = f"{start} to {at.year}" if start < at.year else f"since {start}"
    return f"{render.what(claim, at, record.names)}, {word} of {same}{years}."


def _partial(at: At) -> bool:
    """Whether the days are a part of the year."""
    return render.days_of(at, (at.year,)) != str(at.year)


def _safe(
    claim: Claim, at: At, record: Record, known: dict[int, int], dispersion: Dispersion | None
) -> str:
    """How it ranks among the years there are, from the counts themselves."""
    current = known[at.year]
    began = render.happened(claim, current, at.now, record.names)
    sign = -1 if claim.direction is Direction.DOWN else 1
    word, more = _words(claim)
    earlier = {year: count for year, count in known.items() if year < at.year}
    last = max((y for y, n in earlier.items() if sign * (n - current) >= 0), default=None)
    since = last if last is not None else min(earlier)
    same = "as many" if known[since] == current else more
    if last == at.year - 1:
        days = render.days_of(at, (since,))
        return f"{began}; in {days} there were {same} ({wording.number(known[since])})."
    beaten = {y: n for y, n in earlier.items() if last is None or y > last}
    days = ", counted over the same days" if _partial(at) else ""
    # A year that had fewer is not among those of which this is the fewest.
    held = "" if len(beaten) == at.year - min(beaten) else " that these data hold"
    among = f"{word} of the years {min(beaten)} to {at.year}{held}{days}"
    if last is None:
        then = f"; {since} is the first year in these data"
    else:
        then = f"; in {since} there were {same} ({wording.number(known[since])})"
    return f"{began}, {among}{then}.{_chance(current, beaten, dispersion)}"


def _chance(current: int, beaten: dict[int, int], dispersion: Dispersion | None) -> str:
    """Whether chance could explain the difference from the year that comes nearest."""
    year = min(beaten, key=lambda y: (abs(beaten[y] - current), -y))
    found = evaluate.compared(current, beaten[year], dispersion=dispersion)
    if found.outcome is not Outcome.UNCLEAR:
        return ""
    return f" Chance alone could explain the difference from {year} ({beaten[year]:,})."


def _figures(
    at: At, record: Record, known: dict[int, int], start: int, dispersion: Dispersion | None
) -> pd.DataFrame:
    """Each year of the rank, the newest first, and how the newest compares with it."""
    rows = []
    for year in sorted((y for y in known if start <= y <= at.year), reverse=True):
        told = change_wording.tell(
            evaluate.compared(known.get(at.year), known[year], dispersion=dispersion),
            render.days_of(at, (year,)),
            record.least_base,
        )
        earlier = year < at.year
        rows.append(
            {
                "Days": wording.period(*at.of(year)),
                "Count": known[year],
                "Newest against it": f"{told.arrow} {told.verdict}" if earlier else "",
                "Interval (95 %)": told.interval if earlier else "",
            }
        )
    return pd.DataFrame(rows)
