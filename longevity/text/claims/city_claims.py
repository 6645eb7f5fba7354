"""A claim about two cities: judged as a rate per resident with its interval, and as a count."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from longevity.stats import rates
from longevity.stats.comparison import Comparison, Outcome
from longevity.stats.dispersion import Dispersion, estimate_dispersion
from longevity.text import change_wording, wording
from longevity.text.claims import change_fit, render
from longevity.text.claims.change_fit import CLEAR, Fit
from longevity.text.claims.claim import Claim, Direction, require_part
from longevity.text.claims.evidence import ClaimPeriod, Evidence
from longevity.text.claims.verdict import ClaimAnswer, Verdict
from longevity.text.rates import format_rate


@dataclass(frozen=True)
class CityPair:
    """Two cities: their counts, and the first's rate over the second's."""

    counts: tuple[int, int]
    comparison: Comparison
    dispersion: Dispersion | None


def evaluate_city_pair(claim: Claim, period: ClaimPeriod, evidence: Evidence) -> ClaimAnswer:
    """Hold one city against another."""
    residents = tuple(evidence.places[city].residents for city in evidence.list_cities(claim))
    pair = _compare_cities(claim.measure, claim, period, evidence, residents)
    reading = _describe_reading(claim, period, evidence)
    if pair is None:
        return ClaimAnswer(
            Verdict.CANNOT, reading, _explain_missing(claim, period, evidence, residents)
        )
    by_incident = None
    if claim.measure == "victims":
        by_incident = _compare_cities("incidents", claim, period, evidence, residents)
    verdict, why = _choose_verdict(claim, pair, by_incident, evidence)
    figures = _build_figures(claim, period, evidence, pair, residents)
    ratio = change_wording.format_interval(pair.comparison)
    ratio_text = f"The rate of the first is {ratio} that of the second" if ratio else ""
    remarks = [
        *render.list_remarks(claim, period),
        *(
            [f"{ratio_text.replace(' times as many', ' times')} (95% interval)."]
            if ratio_text
            else []
        ),
        "Residents are those of the neighbourhoods; who works in or visits a city is not counted.",
        "It says nothing of other harm than shootings and homicides.",
    ]
    return ClaimAnswer(
        verdict,
        reading,
        why,
        _write_safe_sentence(claim, period, evidence, pair, figures),
        figures,
        tuple(remarks),
    )


def _compare_cities(
    measure: str,
    claim: Claim,
    period: ClaimPeriod,
    evidence: Evidence,
    residents: tuple[int | None, ...],
) -> CityPair | None:
    cities = evidence.list_cities(claim)
    first, second = (
        evidence.count_spans([city], measure, {"now": period.now})["now"] for city in cities
    )
    residents_of_first, residents_of_second = residents
    if first is None or second is None or not residents_of_first or not residents_of_second:
        return None
    pooled = estimate_dispersion(
        [evidence.build_series([city], measure, period.now[1]) for city in cities]
    )
    return CityPair(
        (first, second),
        change_fit.compare_from_cache(
            first, second, residents_of_first, residents_of_second, pooled
        ),
        pooled,
    )


def _choose_verdict(
    claim: Claim, pair: CityPair, by_incident: CityPair | None, evidence: Evidence
) -> tuple[Verdict, str]:
    city = evidence.names.cities[claim.place]
    pairs = [pair, *([by_incident] if by_incident else [])]
    sign = 1 if claim.direction is Direction.UP else -1
    word = "more" if sign > 0 else "fewer"
    rate = sign * (pair.comparison.difference or 0.0)
    count = sign * (pair.counts[0] - pair.counts[1])
    both = [rate] if claim.per_resident else [rate, float(count)]
    if claim.is_negated and claim.beyond_chance:
        return _evaluate_not_clearly(claim, [one.comparison for one in pairs], evidence)
    if claim.is_negated:
        return _evaluate_negated(both, f"{city} has", word)
    if all(one <= 0 for one in both):
        same = all(one == 0 for one in both)
        other = "as many" if same else ("fewer" if sign > 0 else "more")
        per = "per resident" if claim.per_resident else "per resident and as a count"
        return Verdict.NOT_SUPPORTED, f"{city} has {other} {per}."
    if any(one <= 0 for one in both):
        by = "per resident" if rate > 0 else "as a count"
        not_by = "as a count" if rate > 0 else "per resident"
        return Verdict.DEPENDS, f"{city} has {word} {by}, and not {not_by}: it depends on which."
    if any(one.comparison.outcome is not CLEAR[require_part(claim.direction)] for one in pairs):
        clear = pair.comparison.outcome is CLEAR[require_part(claim.direction)]
        return Verdict.NOT_SUPPORTED, (
            render.BY_INCIDENT if clear else f"{city} has {word}. {render.CHANCE}"
        )
    return Verdict.SUPPORTED, f"{city} has {word} per resident, by more than chance would explain."


def _evaluate_not_clearly(
    claim: Claim, each: list[Comparison], evidence: Evidence
) -> tuple[Verdict, str]:
    """Say whether the rates show that one is not higher, or not lower, by more than chance."""
    fit = change_fit.find_fit_of_no_clear_change(
        require_part(claim.direction), each, evidence.unchanged_within
    )
    if fit is Fit.HOLDS:
        return Verdict.SUPPORTED, "The whole interval of the ratio of the rates says so."
    if fit is Fit.CLEAR:
        return Verdict.NOT_SUPPORTED, "Per resident the difference is more than chance explains."
    fits = render.describe_open_changes(each[0], evidence.least_base)
    return Verdict.CANNOT, f"These counts cannot show that: per resident {fits}."


def _evaluate_negated(both: list[float], has: str, word: str) -> tuple[Verdict, str]:
    if all(one <= 0 for one in both):
        return Verdict.SUPPORTED, f"{has} not {word}."
    if all(one > 0 for one in both):
        return Verdict.NOT_SUPPORTED, f"{has} {word}."
    return Verdict.DEPENDS, "Per resident and as a count it is not the same: it depends on which."


def _describe_reading(claim: Claim, period: ClaimPeriod, evidence: Evidence) -> str:
    first, second = [evidence.names.cities[city] for city in evidence.list_cities(claim)]
    word = render.WAYS[require_part(claim.direction)]
    how = "per resident" if claim.per_resident else "per resident and as a count"
    return (
        f"{'not ' if claim.is_negated else ''}{word} {render.NOUNS[claim.measure]} in "
        f"{first} than in {second}, {wording.format_period(*period.now)}, {how}."
    )


def _explain_missing(
    claim: Claim, period: ClaimPeriod, evidence: Evidence, residents: tuple[int | None, ...]
) -> str:
    without = [
        evidence.names.cities[city]
        for city, people in zip(evidence.list_cities(claim), residents, strict=True)
        if not people
    ]
    if without:
        return f"The data give no residents for {wording.join_words(without)}, so no rate."
    return f"The data do not cover all of {wording.format_period(*period.now)} in both."


def _build_figures(
    claim: Claim,
    period: ClaimPeriod,
    evidence: Evidence,
    pair: CityPair,
    residents: tuple[int | None, ...],
) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "city": [evidence.names.cities[city] for city in evidence.list_cities(claim)],
            claim.measure: pair.counts,
            "population": residents,
        }
    )
    start, until = period.now
    table = rates.add_rate_intervals(frame, claim.measure, (until - start).days, pair.dispersion)
    return pd.DataFrame(
        {
            "City": table["city"],
            "Count": table[claim.measure],
            "Residents": table["population"],
            "Rate": [
                format_rate(row.rate, row.rate_low, row.rate_high) for row in table.itertuples()
            ],
        }
    )


def _write_safe_sentence(
    claim: Claim, period: ClaimPeriod, evidence: Evidence, pair: CityPair, figures: pd.DataFrame
) -> str:
    outcome = pair.comparison.outcome
    chance = {
        Outcome.UP: render.BEYOND,
        Outcome.DOWN: render.BEYOND,
        Outcome.UNCLEAR: render.CHANCE if pair.comparison.difference else "",
    }.get(outcome, "")
    each = [
        f"{row.City} {wording.format_number(row.Count)}, {row.Rate.split(' (')[0]}"
        for row in figures.itertuples()
    ]
    noun = render.NOUNS[claim.measure]
    beginning = f"{noun[:1].upper()}{noun[1:]}, {wording.format_period(*period.now)}"
    return f"{beginning}: {'; '.join(each)}. {chance}".rstrip()
