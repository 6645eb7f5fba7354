"""A claim of a change: up, down or as many, against one baseline or against each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from longevity.stats.comparison import Comparison
from longevity.text import change_wording, wording
from longevity.text.claims import change_fit, render
from longevity.text.claims.change_fit import CLEAR, Fit, find_fit
from longevity.text.claims.form import STATE, Amount, Base, Way, require_part
from longevity.text.claims.question import Question
from longevity.text.claims.refusals import Refusal
from longevity.text.claims.verdict import ClaimAnswer, Verdict
from longevity.text.claims.when import Span, Unit

BEFORE_PROGRAM = "the pre-program average"
FUTURE_BASE = "It compares with a time that is not earlier."


@dataclass(frozen=True)
class Baseline:
    """Times to compare with: how they are named, as one and as days; `why_not` refuses them.

    `is_alike`: each is as long as the time the claim is about; else rates are compared.
    """

    name: str
    days: str = ""
    spans: tuple[Span, ...] = ()
    why_not: str = ""
    is_alike: bool = True


@dataclass(frozen=True)
class BaselineResult:
    """The claim against one baseline."""

    baseline: Baseline
    comparison: Comparison
    fit: Fit
    source: str = ""

    @property
    def name(self) -> str:
        """Return what the baseline is called."""
        return f"{self.baseline.name} by published figures" if self.source else self.baseline.name

    @property
    def is_known(self) -> bool:
        """Return whether there is anything to compare."""
        return self.fit is not Fit.MISSING


def evaluate_change(question: Question) -> ClaimAnswer:
    """Hold a change against the baseline it names, or against each where it names none."""
    baselines = choose_baselines(question)
    refusals = [one.why_not for one in baselines if one.why_not]
    if refusals:
        return ClaimAnswer(Verdict.CANNOT, "", refusals[0])
    results = [*_compare(question, baselines)]
    reading = _describe_reading(question, baselines)
    known_results = [one for one in results if one.is_known]
    if not results or results[0] not in known_results:
        why = _explain_missing(question, baselines[0], results)
        figures = _build_figures(results, question.evidence.least_base)
        return ClaimAnswer(Verdict.CANNOT, reading, why, figures=figures)
    verdict = _choose_verdict(question, known_results)
    return ClaimAnswer(
        verdict,
        reading,
        _explain_verdict(verdict, question, known_results),
        _write_safe_sentence(verdict, question, known_results),
        _build_figures(results, question.evidence.least_base),
        _list_remarks(question, baselines),
        tuple(dict.fromkeys(one.source for one in results if one.source)),
        question.form.where != STATE,
        {"place": question.evidence.reference.get(question.form.where)},
    )


def _explain_missing(
    question: Question, baseline: Baseline, results: Sequence[BaselineResult]
) -> str:
    if not results:
        return (
            f"No published figures here count both {wording.format_period(*question.span)} and "
            f"{baseline.days} in {question.place_name}."
        )
    if results[0].comparison.current is None:
        return question.explain_not_covered()
    return (
        f"There is no count of {baseline.days}. {question.explain_not_covered(baseline.spans[0])}"
    )


# --- the baselines -------------------------------------------------------------------


def choose_baselines(question: Question) -> list[Baseline]:
    """Return the baselines a claim is held against, or one that says why there is none."""
    base = question.form.against.base
    if base is not Base.EACH:
        one = _check_baseline(question, _choose_baseline(question, base))
        return [one]
    bases = [Base.LAST_YEAR, Base.MEAN, Base.MEAN]
    numbers = [0, 3, 5]
    is_days = question.form.when.unit in (Unit.DAYS, Unit.WEEK, Unit.MONTHS)
    if question.form.where != STATE:
        bases.append(Base.BEFORE if is_days else Base.PROGRAM)
        numbers.append(0)
    each = [
        _check_baseline(question, _choose_baseline(question, one, number))
        for one, number in zip(bases, numbers, strict=True)
    ]
    fit: dict[tuple[Span, ...], Baseline] = {}
    for one in each:
        if not one.why_not:
            # The twelve months just before are those of the year before too.
            fit.setdefault(one.spans, one)
    return [*fit.values()] or each[:1]


def _choose_baseline(question: Question, base: Base, number: int = 0) -> Baseline:
    number = number or question.form.against.number
    if base is Base.BEFORE:
        return _choose_before(question, number)
    if base is Base.WHEN:
        when = require_part(question.form.against.when)
        span = when.resolve(question.through, *_context(question))
        return _name_span(question, wording.format_period(*span), span)
    if base is Base.LAST_YEAR:
        newest = question.span[0].year == question.through.year
        name, backs, why_not = ("last year" if newest else "the year before"), [1], ""
    elif base is Base.YEAR:
        name, backs = str(number), [question.span[0].year - number]
        why_not = Refusal.FUTURE if number > question.through.year else FUTURE_BASE
    elif base is Base.MEAN:
        name, why_not = f"the {number}-year average", "An average is of 2 to 20 years."
        backs = [*range(number, 0, -1)] if 2 <= number <= 20 else []
    else:
        name, backs = BEFORE_PROGRAM, _list_years_before_program(question)
        why_not = "There is no year before the program to compare."
    if not backs or backs[0] <= 0:
        return Baseline(name, why_not=why_not)
    spans = tuple(question.step_back(back) for back in backs)
    return Baseline(name, question.name_days(spans), spans)


def _context(question: Question) -> tuple[list[int], date | None]:
    cities = question.evidence.list_cities(question.form.where)
    extents = [question.evidence.extents[city] for city in cities]
    launches = [one.launched_on for one in extents if one.launched_on]
    return [one.week_ends_iso for one in extents], max(launches, default=None)


def _choose_before(question: Question, number: int) -> Baseline:
    """Return the time just before; `number`: how many days or months the claim says it has."""
    span = question.form.when.find_before(question.span)
    days = (span[1] - span[0]).days
    if number and number not in (days, question.form.when.number, question.form.when.months):
        return Baseline("", why_not="The time before is not as long as the one it speaks of.")
    is_days = question.form.when.unit in (Unit.DAYS, Unit.WEEK)
    name = "the days before" if is_days else wording.format_period(*span)
    return _name_span(question, name, span, f"the {days} days before" if is_days else "")


def _name_span(question: Question, name: str, span: Span, days: str = "") -> Baseline:
    length, other = ((until - start).days for start, until in (question.span, span))
    backs = question.span[0].year - span[0].year
    same_days = backs > 0 and question.step_back(backs) == span
    if same_days:
        days = question.name_days((span,))
    elif not days:
        days = name if name.isdecimal() else f"the {other} days from {name}"
    return Baseline(name, days, (span,), is_alike=same_days or length == other)


def _list_years_before_program(question: Question) -> list[int]:
    """Return how far back the years are whose days end before the program began everywhere.

    None where one of the cities has no program, or the claim's own days do not come after it.
    """
    cities = question.evidence.list_cities(question.form.where)
    dates = [question.evidence.extents[city].launched_on for city in cities]
    launches = [day for day in dates if day]
    first = question.evidence.find_first_day(cities)
    if first is None or len(launches) < len(dates) or question.span[0] < max(launches):
        return []
    backs = range(question.span[0].year - first.year, 0, -1)
    spans = {back: question.step_back(back) for back in backs}
    return [
        back
        for back, span in spans.items()
        if span[1] <= min(launches) and question.count(span) is not None
    ]


def _check_baseline(question: Question, baseline: Baseline) -> Baseline:
    """Refuse days that would be counted on both sides, and those that are not earlier."""
    start, until = question.span
    for first, after in baseline.spans:
        shared = (min(until, after) - max(start, first)).days
        if shared > 0:
            both = wording.format_period(max(start, first), min(until, after))
            why = (
                f"The two times overlap: they share {wording.count_noun(shared, 'day')} ({both}), "
                "which would be counted on both sides. Choose times that do not overlap."
            )
            return Baseline(baseline.name, why_not=why)
        if first >= until:
            return Baseline(baseline.name, why_not=FUTURE_BASE)
    return baseline


# --- the comparisons -----------------------------------------------------------------


def _compare(question: Question, baselines: Sequence[Baseline]) -> Iterator[BaselineResult]:
    """Yield the claim against each baseline; of people shot, incidents are tested."""
    if question.form.where == STATE:
        yield from _compare_published(question, baselines)
        return
    each = _compare_counts(question, baselines, question.form.what)
    if question.form.what == "victims":
        incidents = _compare_counts(question, baselines, "incidents")
        each = [*map(change_fit.apply_test_of_incidents, each, incidents)]
    for baseline, one in zip(baselines, each, strict=True):
        yield _judge(question, baseline, one)


def _judge(
    question: Question,
    baseline: Baseline,
    comparison: Comparison,
    source: str = "",
) -> BaselineResult:
    evidence = question.evidence
    fit = find_fit(
        question.form.says,
        comparison,
        evidence.least_base,
        evidence.unchanged_within,
    )
    return BaselineResult(baseline, comparison, fit, source)


def _compare_counts(
    question: Question, baselines: Sequence[Baseline], measure: str
) -> list[Comparison]:
    current = question.count(measure=measure)
    dispersion = question.evidence.compute_dispersion(
        question.form.where, measure, question.span[1]
    )
    comparisons = []
    for one in baselines:
        each = [question.count(span, measure) for span in one.spans]
        known_counts = [count for count in each if count is not None]
        total = sum(known_counts) if len(known_counts) == len(each) else None
        exposures = _find_exposures(question, one)
        comparisons.append(change_fit.compare_from_cache(current, total, *exposures, dispersion))
    return comparisons


def _find_exposures(question: Question, baseline: Baseline) -> tuple[float, float]:
    """Return how long was counted, now and before: windows as long as each other, or days."""
    if baseline.is_alike:
        return 1.0, float(len(baseline.spans))
    start, until = question.span
    return float((until - start).days), float(sum((b - a).days for a, b in baseline.spans))


def _compare_published(
    question: Question, baselines: Sequence[Baseline]
) -> Iterator[BaselineResult]:
    """Yield the comparison of each source that counts the whole years of both sides."""
    whole = [
        (one, [span[0].year for span in one.spans])
        for one in baselines
        if question.is_whole_year
        and all(
            span == (date(span[0].year, 1, 1), date(span[0].year + 1, 1, 1)) for span in one.spans
        )
    ]
    published = question.evidence.map_published(question.form.where, question.form.what)
    for source, by_year in published.items():
        for baseline, years in whole:
            if all(year in by_year for year in (question.span[0].year, *years)):
                comparison = change_fit.compare_from_cache(
                    by_year[question.span[0].year],
                    sum(by_year[year] for year in years),
                    1.0,
                    float(len(years)),
                )
                yield _judge(question, baseline, comparison, source)


def _choose_verdict(question: Question, known_results: list[BaselineResult]) -> Verdict:
    says = question.form.says
    matches = [one for one in known_results if one.fit is Fit.HOLDS]
    if len(matches) == len(known_results):
        return Verdict.SUPPORTED
    if all(one.fit in (Fit.OPEN, Fit.RATE) for one in known_results):
        return Verdict.CANNOT
    signs = {
        (one.comparison.difference or 0) > 0 for one in known_results if one.comparison.difference
    }
    sided = says.way in CLEAR and not says.is_negated
    if matches or (sided and len(signs) == 2):
        return Verdict.DEPENDS
    return Verdict.NOT_SUPPORTED


# --- the words -------------------------------------------------------------------------


def _describe_reading(question: Question, baselines: Sequence[Baseline]) -> str:
    says = question.form.says
    text = f"{question.describe_subject()}, {render.describe_says(says)}"
    joint = "from" if says.way is Way.UNCLEAR else "than in"
    joint = "as in" if says.way is Way.SAME else joint
    if question.form.against.base is not Base.EACH:
        mean = len(baselines[0].spans) > 1
        return f"{text} {joint} {baselines[0].days}{' on average' if mean else ''}."
    names = wording.join_words([one.name for one in baselines])
    return f"{text} {joint} earlier years. No baseline is named, so each is tried: {names}."


def _explain_verdict(
    verdict: Verdict, question: Question, known_results: list[BaselineResult]
) -> str:
    if verdict is Verdict.SUPPORTED:
        if question.form.against.base is Base.EACH:
            return "It holds against every baseline there is a count of."
        return "It holds against the baseline it names."
    if verdict is Verdict.DEPENDS:
        return _explain_dependence(known_results)
    reasons = list(dict.fromkeys(one.fit for one in known_results))
    return " ".join(
        _explain_fit(reason, question, [one for one in known_results if one.fit is reason])
        for reason in reasons
    )


def _explain_dependence(known_results: list[BaselineResult]) -> str:
    """Write "It holds against last year, not against …", or which way each goes."""
    holds = [one.name for one in known_results if one.fit is Fit.HOLDS]
    if holds:
        others: dict[Fit, list[str]] = {}
        for one in known_results:
            if one.fit is not Fit.HOLDS:
                others.setdefault(one.fit, []).append(one.name)
        reasons = [f"{wording.join_words(names)} ({fit.value})" for fit, names in others.items()]
        return (
            f"It holds against {wording.join_words(holds)}, not against "
            f"{', nor against '.join(reasons)}."
        )
    more, fewer = (
        [one.name for one in known_results if sign * (one.comparison.difference or 0) > 0]
        for sign in (1, -1)
    )
    parts = [f"{word} than {wording.join_words(names)}" for word, names in
             (("more", more), ("fewer", fewer)) if names]  # fmt: skip
    return f"{change_wording.DEPENDS}: there are {' and '.join(parts)}."


def _explain_fit(fit: Fit, question: Question, results: list[BaselineResult]) -> str:
    """Say why it does not hold, with the figure that does."""
    one, least_base = results[0], question.evidence.least_base
    text = change_wording.describe_change(one.comparison, one.baseline.days, least_base)
    names = wording.join_words([each.name for each in results])
    if fit is Fit.OPEN:
        fits = render.describe_open_changes(one.comparison, least_base)
        return f"These counts cannot show that: against {one.baseline.days} {fits}."
    if fit is Fit.SIZE:
        size = question.form.says.size
        percent = text.percentage if size and size.amount is Amount.PERCENT else None
        right = percent or text.difference
        return f"The direction is right, the size is not: {right} ({text.counts})."
    return f"Against {names}: {fit.value} ({text.counts})."


def _write_safe_sentence(
    verdict: Verdict, question: Question, known_results: list[BaselineResult]
) -> str:
    beginning = question.describe_count(require_part(known_results[0].comparison.current))
    results_shown = known_results if verdict is Verdict.DEPENDS else known_results[:1]
    chances = {render.describe_chance(one.comparison) for one in results_shown}
    side_by_side = len(chances) > 1
    if chances == {render.CHANCE} and len(results_shown) > 1:
        chances = {render.CHANCE_EACH}
    parts = [
        _describe_result(one, question.evidence.least_base, side_by_side) for one in results_shown
    ]
    ends = [] if side_by_side else [sentence for sentence in chances if sentence]
    published = ", by a published figure" if known_results[0].source else ""
    return " ".join([f"{beginning}{published}: {wording.join_phrases(parts)}.", *ends])


def _describe_result(one: BaselineResult, least_base: int, with_chance: bool) -> str:
    if not one.baseline.is_alike:
        return render.describe_rates(one.comparison, one.baseline.days, least_base)
    note = ""
    sentence = render.describe_chance(one.comparison)
    if with_chance and sentence:
        beyond = sentence == render.BEYOND
        note = "more than chance alone would explain" if beyond else "chance alone could explain it"
    return render.describe_difference(one.comparison, one.baseline.days, least_base, note)


def _list_remarks(question: Question, baselines: Sequence[Baseline]) -> tuple[str, ...]:
    remarks = question.list_remarks() if question.form.where != STATE else []
    for one in baselines:
        if not one.is_alike:
            lengths = [(until - start).days for start, until in (question.span, one.spans[0])]
            remarks.append(
                f"The two times are {lengths[0]} and {lengths[1]} days long, so daily rates are "
                "compared."
            )
    if question.form.against.base is Base.PROGRAM or question.form.when.unit is Unit.LAUNCH:
        remarks.append(render.NOT_WHY)
    if question.form.what == "victims" and question.form.where != STATE:
        remarks.append(render.TESTED_ON)
    return tuple(remarks)


def _build_figures(results: Sequence[BaselineResult], least_base: int) -> pd.DataFrame:
    rows = []
    for one in results:
        text = change_wording.describe_change(one.comparison, one.baseline.days, least_base)
        holds = "holds" if one.fit is Fit.HOLDS else "does not hold"
        rows.append(
            {
                "Against": ", ".join(filter(None, (one.baseline.name, one.baseline.days))),
                "The claim": holds if one.is_known else "not known",
                # Its days stand in the first column, which is wide on a phone too.
                "Counts": text.counts.removesuffix(f" in {one.baseline.days}"),
                "In percent": text.percentage or (change_wording.TOO_FEW if one.is_known else ""),
                "Interval (95%)": text.interval,
                "Change": f"{text.arrow} {text.verdict}",
            }
        )
    return pd.DataFrame(rows)
