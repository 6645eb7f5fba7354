"""A claim of a change: up, down or as many, against one baseline or against each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from longevity.findings.finding import Against, Finding
from longevity.stats.comparison import compare
from longevity.text import change_wording, wording
from longevity.text.claims import render
from longevity.text.claims.change_fit import Fit, find_fit
from longevity.text.claims.form import STATE, Amount, Base, Way, require_part
from longevity.text.claims.question import Question
from longevity.text.claims.refusals import Refusal
from longevity.text.claims.verdict import ClaimAnswer, Verdict
from longevity.text.claims.when import Span, Unit
from longevity.windows import span_year

BEFORE_PROGRAM = "the pre-program average"
FUTURE_BASE = "It compares with a time that is not earlier."


@dataclass(frozen=True)
class Held:
    """A finding, and how the claim fares against it; `source` is the address it was published at,
    empty for the release.
    """

    finding: Finding
    fit: Fit
    source: str = ""

    @property
    def name(self) -> str:
        """Return what the earlier time is called."""
        name = self.finding.against.name
        return f"{name} by published figures" if self.source else name

    @property
    def is_known(self) -> bool:
        """Return whether there is anything to compare."""
        return self.fit is not Fit.MISSING


def evaluate_change(question: Question) -> ClaimAnswer:
    """Hold a change against the baseline it names, or against each where it names none."""
    baselines = choose_baselines(question)
    if isinstance(baselines, str):
        return ClaimAnswer(Verdict.CANNOT, "", baselines)
    results = [*_compare(question, baselines)]
    reading = _describe_reading(question, baselines)
    known_results = [one for one in results if one.is_known]
    if not results or results[0] not in known_results:
        why = _explain_missing(question, baselines[0], results)
        return ClaimAnswer(Verdict.CANNOT, reading, why, figures=_build_figures(results))
    verdict = _choose_verdict(known_results)
    return ClaimAnswer(
        verdict,
        reading,
        _explain_verdict(verdict, question, known_results),
        _write_safe_sentence(verdict, question, known_results),
        _build_figures(results),
        _list_remarks(question, baselines),
        tuple(dict.fromkeys(one.source for one in results if one.source)),
        question.form.where != STATE,
        {"place": question.evidence.reference.get(question.form.where)},
    )


def _explain_missing(question: Question, baseline: Against, results: Sequence[Held]) -> str:
    if not results:
        return (
            f"No published figures here count both {wording.format_period(*question.span)} and "
            f"{baseline.days} in {question.place_name}."
        )
    if results[0].finding.now is None:
        return question.explain_not_covered()
    why = question.explain_not_covered(baseline.windows[0])
    return f"There is no count of {baseline.days}. {why}"


# --- the baselines -------------------------------------------------------------------


def choose_baselines(question: Question) -> list[Against] | str:
    """Return the baselines a claim is held against, or why there is none."""
    base = question.form.against.base
    if base is not Base.EACH:
        one = _check_baseline(question, _choose_baseline(question, base))
        return one if isinstance(one, str) else [one]
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
    fit: dict[tuple[Span, ...], Against] = {}
    for one in each:
        if not isinstance(one, str):
            # The twelve months just before are those of the year before too.
            fit.setdefault(one.windows, one)
    return [*fit.values()] or next(one for one in each if isinstance(one, str))


def _choose_baseline(question: Question, base: Base, number: int = 0) -> Against | str:
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
        return why_not
    spans = tuple(question.step_back(back) for back in backs)
    return Against(name, question.name_days(spans), spans)


def _context(question: Question) -> tuple[list[int], date | None]:
    cities = question.evidence.list_cities(question.form.where)
    extents = [question.evidence.extents[city] for city in cities]
    launches = [one.launched_on for one in extents if one.launched_on]
    return [one.week_ends_iso for one in extents], max(launches, default=None)


def _choose_before(question: Question, number: int) -> Against | str:
    """Return the time just before; `number`: how many days or months the claim says it has."""
    span = question.form.when.find_before(question.span)
    days = (span[1] - span[0]).days
    if number and number not in (days, question.form.when.number, question.form.when.months):
        return "The time before is not as long as the one it speaks of."
    is_days = question.form.when.unit in (Unit.DAYS, Unit.WEEK)
    name = "the days before" if is_days else wording.format_period(*span)
    return _name_span(question, name, span, f"the {days} days before" if is_days else "")


def _name_span(question: Question, name: str, span: Span, days: str = "") -> Against:
    length, other = ((until - start).days for start, until in (question.span, span))
    backs = question.span[0].year - span[0].year
    same_days = backs > 0 and question.step_back(backs) == span
    if same_days:
        days = question.name_days((span,))
    elif not days:
        days = name if name.isdecimal() else f"the {other} days from {name}"
    return Against(name, days, (span,), is_alike=same_days or length == other)


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
    question.evidence.load(question.form.where, spans.values())
    return [
        back
        for back, span in spans.items()
        if span[1] <= min(launches) and question.count(span) is not None
    ]


def _check_baseline(question: Question, baseline: Against | str) -> Against | str:
    """Refuse days that would be counted on both sides, and those that are not earlier."""
    start, until = question.span
    for first, after in () if isinstance(baseline, str) else baseline.windows:
        shared = (min(until, after) - max(start, first)).days
        if shared > 0:
            both = wording.format_period(max(start, first), min(until, after))
            return (
                f"The two times overlap: they share {wording.count_noun(shared, 'day')} ({both}), "
                "which would be counted on both sides. Choose times that do not overlap."
            )
        if first >= until:
            return FUTURE_BASE
    return baseline


# --- the comparisons -----------------------------------------------------------------


def _compare(question: Question, baselines: Sequence[Against]) -> Iterator[Held]:
    """Yield the claim held against each baseline."""
    if question.form.where == STATE:
        yield from _compare_published(question, baselines)
        return
    spans = [span for one in baselines for span in one.windows]
    question.evidence.load(question.form.where, [question.span, *spans])
    for baseline in baselines:
        yield _judge(question, question.find(baseline))


def _judge(question: Question, finding: Finding, source: str = "") -> Held:
    within = question.evidence.unchanged_within
    fit = find_fit(question.form.says, finding.tested, finding.least_base, within)
    return Held(finding, fit, source)


def _compare_published(question: Question, baselines: Sequence[Against]) -> Iterator[Held]:
    """Yield the claim held against each source that counts the whole years of both sides."""
    published = question.evidence.map_published(question.form.where, question.form.what)
    for source, by_year in published.items():
        counts = {span_year(year): count for year, count in by_year.items()}
        for baseline in baselines:
            if {question.span, *baseline.windows} <= set(counts):
                before = [counts[span] for span in baseline.windows]
                tested = compare(counts[question.span], sum(before), 1.0, float(len(before)))
                yield _judge(question, question.make_finding(baseline, tested), source)


def _choose_verdict(known_results: list[Held]) -> Verdict:
    fits = {one.fit for one in known_results}
    if fits == {Fit.HOLDS}:
        return Verdict.SUPPORTED
    if fits <= {Fit.HOLDS, Fit.CHANCE}:
        return Verdict.BY_COUNT
    if fits <= {Fit.OPEN, Fit.RATE}:
        return Verdict.CANNOT
    # So against one, by the count at least, and not against another.
    return Verdict.DEPENDS if fits & {Fit.HOLDS, Fit.CHANCE} else Verdict.NOT_SUPPORTED


# --- the words -------------------------------------------------------------------------


def _describe_reading(question: Question, baselines: Sequence[Against]) -> str:
    says = question.form.says
    text = f"{question.describe_subject()}, {render.describe_says(says)}"
    joint = "from" if says.way is Way.UNCLEAR else "than in"
    joint = "as in" if says.way is Way.SAME else joint
    if question.form.against.base is not Base.EACH:
        mean = len(baselines[0].windows) > 1
        return f"{text} {joint} {baselines[0].days}{' on average' if mean else ''}."
    names = wording.join_words([one.name for one in baselines])
    return f"{text} {joint} earlier years. No baseline is named, so each is tried: {names}."


def _explain_verdict(verdict: Verdict, question: Question, known_results: list[Held]) -> str:
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


def _explain_dependence(known_results: list[Held]) -> str:
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
        [one.name for one in known_results if sign * (one.finding.difference or 0) > 0]
        for sign in (1, -1)
    )
    parts = [f"{word} than {wording.join_words(names)}" for word, names in
             (("more", more), ("fewer", fewer)) if names]  # fmt: skip
    return f"{change_wording.DEPENDS}: there are {' and '.join(parts)}."


def _explain_fit(fit: Fit, question: Question, results: list[Held]) -> str:
    """Say why it does not hold, with the figure that does."""
    finding = results[0].finding
    text = change_wording.describe_finding(finding)
    names = wording.join_words([each.name for each in results])
    if fit is Fit.OPEN:
        fits = render.describe_open_changes(finding.tested, finding.least_base)
        return f"These counts cannot show that: against {finding.against.days} {fits}."
    if fit is Fit.SIZE:
        size = question.form.says.size
        percent = text.percentage if size and size.amount is Amount.PERCENT else None
        right = percent or text.difference
        return f"The direction is right, the size is not: {right} ({text.counts})."
    return f"Against {names}: {fit.value} ({text.counts})."


def _write_safe_sentence(verdict: Verdict, question: Question, known_results: list[Held]) -> str:
    beginning = question.describe_count(require_part(known_results[0].finding.now))
    results_shown = known_results if verdict is Verdict.DEPENDS else known_results[:1]
    chances = {render.describe_chance(one.finding.tested) for one in results_shown}
    side_by_side = len(chances) > 1
    if chances == {render.CHANCE} and len(results_shown) > 1:
        chances = {render.CHANCE_EACH}
    parts = [_describe_result(one.finding, side_by_side) for one in results_shown]
    ends = [] if side_by_side else [sentence for sentence in chances if sentence]
    published = ", by a published figure" if known_results[0].source else ""
    return " ".join([f"{beginning}{published}: {wording.join_phrases(parts)}.", *ends])


def _describe_result(finding: Finding, with_chance: bool) -> str:
    if not finding.against.is_alike:
        return render.describe_rates(finding)
    note = ""
    sentence = render.describe_chance(finding.tested)
    if with_chance and sentence:
        beyond = sentence == render.BEYOND
        note = "more than chance alone would explain" if beyond else "chance alone could explain it"
    return render.describe_difference(finding, note)


def _list_remarks(question: Question, baselines: Sequence[Against]) -> tuple[str, ...]:
    remarks = question.list_remarks() if question.form.where != STATE else []
    for one in baselines:
        if not one.is_alike:
            lengths = [(until - start).days for start, until in (question.span, one.windows[0])]
            remarks.append(
                f"The two times are {lengths[0]} and {lengths[1]} days long, so daily rates are "
                "compared."
            )
    if question.form.against.base is Base.PROGRAM or question.form.when.unit is Unit.LAUNCH:
        remarks.append(render.NOT_WHY)
    if question.form.what == "victims" and question.form.where != STATE:
        remarks.append(render.TESTED_ON)
    return tuple(remarks)


def _build_figures(results: Sequence[Held]) -> pd.DataFrame:
    rows = []
    for one in results:
        text, against = change_wording.describe_finding(one.finding), one.finding.against
        holds = "holds" if one.fit is Fit.HOLDS else "does not hold"
        rows.append(
            {
                "Against": ", ".join(filter(None, (against.name, against.days))),
                "The claim": holds if one.is_known else "not known",
                # Its days stand in the first column, which is wide on a phone too.
                "Counts": text.counts.removesuffix(f" in {against.days}"),
                "In percent": text.percentage or (change_wording.TOO_FEW if one.is_known else ""),
                "Interval (95%)": text.interval,
                "Change": f"{text.arrow} {text.verdict}",
            }
        )
    return pd.DataFrame(rows)
