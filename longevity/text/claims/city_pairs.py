"""A claim about two cities: judged as a rate per resident with its interval, and as a count."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from longevity.stats import rates
from longevity.stats.comparison import Comparison, Outcome
from longevity.stats.dispersion import Dispersion, estimate_dispersion
from longevity.text import change_wording, wording
from longevity.text.claims import evaluate, render
from longevity.text.claims.claim import Claim, Direction, given
from longevity.text.claims.evaluate import CLEAR, Found
from longevity.text.claims.evidence import At, Record
from longevity.text.claims.verdict import Judged, Verdict
from longevity.text.rates import format_rate


@dataclass(frozen=True)
class Pair:
    """Two cities: their counts, and the first's rate over the second's."""

    counts: tuple[int, int]
    compared: Comparison
    dispersion: Dispersion | None


def judge(claim: Claim, at: At, record: Record) -> Judged:
    """Hold one city against another."""
    residents = tuple(record.places[city].residents for city in record.cities(claim))
    pair = _pair(claim.measure, claim, at, record, residents)
    reading = _reading(claim, at, record)
    if pair is None:
        return Judged(Verdict.CANNOT, reading, _missing(claim, at, record, residents))
    by_incident = None
    if claim.measure == "victims":
        by_incident = _pair("incidents", claim, at, record, residents)
    verdict, why = _verdict(claim, pair, by_incident, record)
    figures = _figures(claim, at, record, pair, residents)
    ratio = change_wording.interval(pair.compared)
    told = f"The rate of the first is {ratio} that of the second" if ratio else ""
    remarks = [
        *render.remarks(claim, at),
        *([f"{told.replace(' times as many', ' times')} (95 % interval)."] if told else []),
        "Residents are those of the neighbourhoods; who works in or visits a city is not counted.",
        "It says nothing of other harm than shootings and homicides.",
    ]
    return Judged(
        verdict, reading, why, _safe(claim, at, record, pair, figures), figures, tuple(remarks)
    )


def _pair(
    measure: str, claim: Claim, at: At, record: Record, residents: tuple[int | None, ...]
) -> Pair | None:
    cities = record.cities(claim)
    first, second = (record.counts([city], measure, {"now": at.now})["now"] for city in cities)
    own, others = residents
    if first is None or second is None or not own or not others:
        return None
    pooled = estimate_dispersion([record.series([city], measure, at.now[1]) for city in cities])
    return Pair((first, second), evaluate.compared(first, second, own, others, pooled), pooled)


def _verdict(
    claim: Claim, pair: Pair, by_incident: Pair | None, record: Record
) -> tuple[Verdict, str]:
    city = record.names.cities[claim.place]
    pairs = [pair, *([by_incident] if by_incident else [])]
    sign = 1 if claim.direction is Direction.UP else -1
    word = "more" if sign > 0 else "fewer"
    rate = sign * (pair.compared.difference or 0.0)
    count = sign * (pair.counts[0] - pair.counts[1])
    both = [rate] if claim.resident else [rate, float(count)]
    if claim.negated and claim.beyond_chance:
        return _not_clearly(claim, [one.compared for one in pairs], record)
    if claim.negated:
        return _negated(both, f"{city} has", word)
    if all(one <= 0 for one in both):
        same = all(one == 0 for one in both)
        other = "as many" if same else ("fewer" if sign > 0 else "more")
        per = "per resident" if claim.resident else "per resident and as a count"
        return Verdict.NOT_SUPPORTED, f"{city} has {other} {per}."
    if any(one <= 0 for one in both):
        by = "per resident" if rate > 0 else "as a count"
        not_by = "as a count" if rate > 0 else "per resident"
        return Verdict.DEPENDS, f"{city} has {word} {by}, and not {not_by}: it depends on which."
    if any(one.compared.outcome is not CLEAR[given(claim.direction)] for one in pairs):
        clear = pair.compared.outcome is CLEAR[given(claim.direction)]
        return Verdict.NOT_SUPPORTED, (
            render.BY_INCIDENT if clear else f"{city} has {word}. {render.CHANCE}"
        )
    return Verdict.SUPPORTED, f"{city} has {word} per resident, by more than chance would explain."


def _not_clearly(claim: Claim, each: list[Comparison], record: Record) -> tuple[Verdict, str]:
    """Whether the rates show that one is not higher, or not lower, by more than chance."""
    found = evaluate.not_clear(given(claim.direction), each, record.unchanged_within)
    if found is Found.HOLDS:
        return Verdict.SUPPORTED, "The whole interval of the ratio of the rates says so."
    if found is Found.CLEAR:
        return Verdict.NOT_SUPPORTED, "Per resident the difference is more than chance explains."
    fits = render.fits(each[0], record.least_base)
    return Verdict.CANNOT, f"These counts cannot show that: per resident {fits}."


def _negated(both: list[float], has: str, word: str) -> tuple[Verdict, str]:
    if all(one <= 0 for one in both):
        return Verdict.SUPPORTED, f"{has} not {word}."
    if all(one > 0 for one in both):
        return Verdict.NOT_SUPPORTED, f"{has} {word}."
    return Verdict.DEPENDS, "Per resident and as a count it is not the same: it depends on which."


def _reading(claim: Claim, at: At, record: Record) -> str:
    first, second = [record.names.cities[city] for city in record.cities(claim)]
    word = render.WAYS[given(claim.direction)]
    how = "per resident" if claim.resident else "per resident and as a count"
    return (
        f"{'not ' if claim.negated else ''}{word} {render.NOUNS[claim.measure]} in "
        f"{first} than in {second}, {wording.period(*at.now)}, {how}."
    )


def _missing(claim: Claim, at: At, record: Record, residents: tuple[int | None, ...]) -> str:
    without = [
        record.names.cities[city]
        for city, people in zip(record.cities(claim), residents, strict=True)
        if not people
    ]
    if without:
        return f"The data give no residents for {wording.listed(without)}, so no rate."
    return f"The data do not cover all of {wording.period(*at.now)} in both."


def _figures(
    claim: Claim, at: At, record: Record, pair: Pair, residents: tuple[int | None, ...]
) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "city": [record.names.cities[city] for city in record.cities(claim)],
            claim.measure: pair.counts,
            "population": residents,
        }
    )
    start, until = at.now
    told = rates.add_rate_intervals(frame, claim.measure, (until - start).days, pair.dispersion)
    return pd.DataFrame(
        {
            "City": told["city"],
            "Count": told[claim.measure],
            "Residents": told["population"],
            "Rate": [
                format_rate(row.rate, row.rate_low, row.rate_high) for row in told.itertuples()
            ],
        }
    )


def _safe(claim: Claim, at: At, record: Record, pair: Pair, figures: pd.DataFrame) -> str:
    outcome = pair.compared.outcome
    said = {
        Outcome.UP: render.BEYOND,
        Outcome.DOWN: render.BEYOND,
        Outcome.UNCLEAR: render.CHANCE if pair.compared.difference else "",
    }.get(outcome, "")
    each = [
        f"{row.City} {wording.number(row.Count)}, {row.Rate.split(' (')[0]}"
        for row in figures.itertuples()
    ]
    noun = render.NOUNS[claim.measure]
    began = f"{noun[:1].upper()}{noun[1:]}, {wording.period(*at.now)}"
    return f"{began}: {'; '.join(each)}. {said}".rstrip()
