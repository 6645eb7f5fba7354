"""A claim of a change: up, down or as many, against one baseline or against each."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from longevity.stats.comparison import Comparison
from longevity.text import change_wording, wording
from longevity.text.claims import change_fit, render
from longevity.text.claims.change_fit import CLEAR, Fit, find_fit
from longevity.text.claims.claim import Against, Base, Claim, Direction, Unit, require_part
from longevity.text.claims.evidence import ClaimPeriod, Evidence
from longevity.text.claims.verdict import ClaimAnswer, Verdict

LAST, PREVIOUS = "last year", "the days before"
BEFORE = "the pre-program average"
Baselines = list[tuple[str, tuple[int, ...]]]


@dataclass(frozen=True)
class BaselineResult:
    """The claim against one baseline. `by_incident`: the same comparison of incidents."""

    name: str
    when: str
    comparison: Comparison
    by_incident: Comparison | None
    fit: Fit

    @property
    def is_known(self) -> bool:
        """Return whether there is anything to compare."""
        return self.fit is not Fit.MISSING


def evaluate_change(claim: Claim, period: ClaimPeriod, evidence: Evidence) -> ClaimAnswer:
    """Hold a change against the baseline it names, or against each where it names none."""
    baselines = _choose_baselines(claim, period, evidence)
    if isinstance(baselines, str):
        return ClaimAnswer(Verdict.CANNOT, "", baselines)
    results = _evaluate_baselines(claim, period, evidence, baselines)
    reading = _describe_reading(claim, period, evidence, results)
    known_results = [one for one in results if one.is_known]
    if results[0] not in known_results:
        now = results[0].comparison.current
        why = (
            _explain_not_covered(period)
            if now is None
            else f"There is no count of {results[0].when}."
        )
        return ClaimAnswer(Verdict.CANNOT, reading, why, figures=_build_figures(results, evidence))
    verdict = _choose_verdict(claim, known_results)
    return ClaimAnswer(
        verdict,
        reading,
        _explain_verdict(verdict, claim, known_results, evidence),
        _write_safe_sentence(verdict, claim, period, known_results, evidence),
        _build_figures(results, evidence),
        tuple(_list_remarks(claim, period)),
    )


def _explain_not_covered(period: ClaimPeriod) -> str:
    return f"The data do not cover all of {wording.format_period(*period.now)}."


# --- the baselines -------------------------------------------------------------------


def _choose_baselines(claim: Claim, period: ClaimPeriod, evidence: Evidence) -> Baselines | str:
    """Return each baseline's name and years (none: the window before), or why there is none."""
    if claim.base is None:
        return _list_every_baseline(claim, period, evidence)
    if claim.base.against is Against.PREVIOUS:
        if period.days is None or claim.base.number not in (0, period.days):
            return "The days before are not as many as those it speaks of."
        return [(PREVIOUS, ())]
    if claim.base.against is Against.PROGRAM:
        before = _list_years_before_program(claim, period, evidence)
        return [(BEFORE, before)] if before else "There is no year before the program to compare."
    if claim.base.against is Against.MEAN:
        return _choose_mean(claim.base, period.year)
    return _choose_year(claim.base, period)


def _list_every_baseline(claim: Claim, period: ClaimPeriod, evidence: Evidence) -> Baselines:
    """Return what is tried where a claim names no baseline."""
    baselines: Baselines = [(_name_year_before(period), _list_years_before(period.year, 1))]
    baselines += [
        (f"the mean of the {n} years before", _list_years_before(period.year, n)) for n in (3, 5)
    ]
    before = _list_years_before_program(claim, period, evidence) if period.days is None else ()
    if before:
        baselines.append((BEFORE, before))
    if period.days is not None and period.days < 365:
        baselines.append((PREVIOUS, ()))
    return baselines


def _choose_year(base: Base, period: ClaimPeriod) -> Baselines | str:
    earlier = {
        Against.LAST_YEAR: period.through.year - 1,
        Against.YEAR_BEFORE: period.year - 1,
        Against.YEAR: base.number,
    }[base.against]
    if earlier >= period.year:
        return "It compares with a year that is not earlier."
    return [(_name_year_before(period) if earlier == period.year - 1 else str(earlier), (earlier,))]


def _name_year_before(period: ClaimPeriod) -> str:
    """Return "last year" for the year before the newest, else "the year before"."""
    return LAST if period.year == period.through.year else "the year before"


def _choose_mean(base: Base, year: int) -> Baselines | str:
    if not 2 <= base.number <= 20:
        return "A mean is of 2 to 20 years."
    return [(f"the mean of the {base.number} years before", _list_years_before(year, base.number))]


def _list_years_before(year: int, years: int) -> tuple[int, ...]:
    return tuple(range(year - years, year))


def _list_years_before_program(
    claim: Claim, period: ClaimPeriod, evidence: Evidence
) -> tuple[int, ...]:
    """Return the years whose days end before the program began, if the claim's own came after."""
    cities = evidence.list_cities(claim)
    launch = min(evidence.places[city].launched_on for city in cities)
    if period.now[0] < max(evidence.places[city].launched_on for city in cities):
        return ()
    by_year = evidence.count_by_year(
        cities, claim.measure, period, range(evidence.find_first_year(cities), launch.year + 1)
    )
    return tuple(y for y, n in by_year.items() if n is not None and period.in_year(y)[1] <= launch)


def _evaluate_baselines(
    claim: Claim, period: ClaimPeriod, evidence: Evidence, baselines: Baselines
) -> list[BaselineResult]:
    """Evaluate the claim against each baseline; victims by incident too (docs/claims.md)."""
    comparisons = _compare_with_baselines(claim.measure, claim, period, evidence, baselines)
    again: list[Comparison | None] = [None] * len(baselines)
    if claim.measure == "victims":
        again = [*_compare_with_baselines("incidents", claim, period, evidence, baselines)]
    return [
        BaselineResult(
            name,
            render.name_days(period, years) if years else _name_days_before(period),
            one,
            other,
            find_fit(claim, one, other, evidence.least_base, evidence.unchanged_within),
        )
        for (name, years), one, other in zip(baselines, comparisons, again, strict=True)
    ]


def _name_days_before(period: ClaimPeriod) -> str:
    return f"the {period.days} days before"


def _compare_with_baselines(
    measure: str, claim: Claim, period: ClaimPeriod, evidence: Evidence, baselines: Baselines
) -> list[Comparison]:
    cities = evidence.list_cities(claim)
    years_wanted = [year for _, years in baselines for year in years]
    first = min([period.year, *years_wanted])
    counts = evidence.count_by_year(cities, measure, period, range(first, period.year + 1))
    before = (
        evidence.count_spans(cities, measure, {"before": period.previous})
        if period.previous
        else {}
    )
    dispersion = evidence.compute_dispersion(cities, measure, period.now[1])
    comparisons = []
    for _, years in baselines:
        each = [counts[year] for year in years] if years else [before.get("before")]
        known_counts = [count for count in each if count is not None]
        total = sum(known_counts) if len(known_counts) == len(each) else None
        comparisons.append(
            change_fit.compare_from_cache(
                counts[period.year], total, 1.0, float(len(each)), dispersion
            )
        )
    return comparisons


def _choose_verdict(claim: Claim, known_results: list[BaselineResult]) -> Verdict:
    matches = [one for one in known_results if one.fit is Fit.HOLDS]
    if len(matches) == len(known_results):
        return Verdict.SUPPORTED
    if all(one.fit is Fit.OPEN for one in known_results):
        return Verdict.CANNOT
    signs = {
        (one.comparison.difference or 0) > 0 for one in known_results if one.comparison.difference
    }
    sided = claim.direction in CLEAR and not claim.is_negated
    if matches or (sided and len(signs) == 2):
        return Verdict.DEPENDS
    return Verdict.NOT_SUPPORTED


# --- the words -------------------------------------------------------------------------


def _describe_reading(
    claim: Claim, period: ClaimPeriod, evidence: Evidence, results: list[BaselineResult]
) -> str:
    text = (
        f"{render.describe_subject(claim, period, evidence.names)}, "
        f"{render.describe_direction(claim)}"
    )
    joint = "as in" if claim.direction is Direction.SAME else "than in"
    if claim.direction is Direction.UNCLEAR:
        joint = "from"
    if claim.base is not None:
        mean = results[0].comparison.exposure_before > 1
        return f"{text} {joint} {results[0].when}{' on average' if mean else ''}."
    names = wording.join_words([one.name for one in results])
    return f"{text} {joint} earlier years. No baseline is named, so each is tried: {names}."


def _explain_verdict(
    verdict: Verdict, claim: Claim, known_results: list[BaselineResult], evidence: Evidence
) -> str:
    if verdict is Verdict.SUPPORTED:
        if claim.base is None:
            return "It holds against every baseline there is a count of."
        return "It holds against the baseline it names."
    if verdict is Verdict.DEPENDS:
        return _explain_dependence(known_results)
    reasons = list(dict.fromkeys(one.fit for one in known_results))
    sentences = [
        _explain_fit(reason, claim, [one for one in known_results if one.fit is reason], evidence)
        for reason in reasons
    ]
    return " ".join(sentences)


def _explain_dependence(known_results: list[BaselineResult]) -> str:
    """Write "It holds against last year, not against …", or which way each goes."""
    holds = [one.name for one in known_results if one.fit is Fit.HOLDS]
    others = [f"{one.name} ({one.fit.value})" for one in known_results if one.fit is not Fit.HOLDS]
    if holds:
        return (
            f"It holds against {wording.join_words(holds)}, not against "
            f"{wording.join_words(others)}."
        )
    return f"{change_wording.DEPENDS}: there are {_describe_directions(known_results)}."


def _describe_directions(known_results: list[BaselineResult]) -> str:
    more = [one.name for one in known_results if (one.comparison.difference or 0) > 0]
    fewer = [one.name for one in known_results if (one.comparison.difference or 0) < 0]
    parts = [
        f"{word} than {wording.join_words(names)}"
        for word, names in (("more", more), ("fewer", fewer))
        if names
    ]
    return " and ".join(parts)


def _explain_fit(fit: Fit, claim: Claim, results: list[BaselineResult], evidence: Evidence) -> str:
    """Say why it does not hold, with the figure that does."""
    one = results[0]
    text = change_wording.describe_change(one.comparison, one.when, evidence.least_base)
    baseline_names = wording.join_words([each.name for each in results])
    if fit is Fit.CHANCE and text.outcome in CLEAR.values():
        # The count is clear, the incidents are not.
        return f"Against {baseline_names}: {render.BY_INCIDENT}"
    if fit is Fit.OPEN:
        fits = render.describe_open_changes(one.comparison, evidence.least_base)
        return f"These counts cannot show that: against {one.when} {fits}."
    if fit is Fit.SIZE:
        percent = text.percentage if claim.size and claim.size.unit is Unit.PERCENT else None
        right = percent or text.difference
        return f"The direction is right, the size is not: {right} ({text.counts})."
    return f"Against {baseline_names}: {fit.value} ({text.counts})."


def _write_safe_sentence(
    verdict: Verdict,
    claim: Claim,
    period: ClaimPeriod,
    known_results: list[BaselineResult],
    evidence: Evidence,
) -> str:
    current = require_part(known_results[0].comparison.current)
    beginning = render.describe_count(claim, current, period.now, evidence.names)
    results_shown = known_results if verdict is Verdict.DEPENDS else known_results[:1]
    chances = {render.describe_chance(one.comparison, one.by_incident) for one in results_shown}
    side_by_side = len(chances) > 1
    parts = [
        render.describe_difference(
            one.comparison,
            one.when,
            evidence.least_base,
            _describe_chance(one) if side_by_side else "",
        )
        for one in results_shown
    ]
    ends = [] if side_by_side else [sentence for sentence in chances if sentence]
    return " ".join([f"{beginning}: {wording.join_phrases(parts)}.", *ends])


def _describe_chance(one: BaselineResult) -> str:
    sentence = render.describe_chance(one.comparison, one.by_incident)
    if sentence == render.BEYOND:
        return "more than chance alone would explain"
    return "chance alone could explain it" if sentence else ""


def _list_remarks(claim: Claim, period: ClaimPeriod) -> list[str]:
    remarks = render.list_remarks(claim, period)
    if claim.base is not None and claim.base.against is Against.PROGRAM:
        remarks.append(render.NOT_WHY)
    return remarks


def _build_figures(results: list[BaselineResult], evidence: Evidence) -> pd.DataFrame:
    rows = []
    for one in results:
        text = change_wording.describe_change(one.comparison, one.when, evidence.least_base)
        rows.append(
            {
                "Against": one.name,
                "The claim": _format_fit(one),
                "Counts": text.counts,
                "In percent": text.percentage or (change_wording.TOO_FEW if one.is_known else ""),
                "Interval (95%)": text.interval,
                "Change": f"{text.arrow} {text.verdict}",
            }
        )
    return pd.DataFrame(rows)


def _format_fit(one: BaselineResult) -> str:
    if not one.is_known:
        return "not known"
    return "holds" if one.fit is Fit.HOLDS else "does not hold"
