"""A claim about two places: judged as a rate per resident with its interval, and as a count."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from longevity.stats import rates
from longevity.stats.comparison import Comparison, Outcome, compare, judge_by
from longevity.stats.dispersion import Dispersion, estimate_dispersion
from longevity.text import change_wording, wording
from longevity.text.claims import change_fit, render
from longevity.text.claims.change_fit import CLEAR, Fit
from longevity.text.claims.form import NOUNS, TOGETHER, Base, Way
from longevity.text.claims.question import Question
from longevity.text.claims.verdict import ClaimAnswer, Verdict
from longevity.text.rates import format_rate

RESIDENTS = (
    "Residents are those of the neighbourhoods; who works in or visits a place is not counted."
)
BY_COUNT = "How many live in each place is not known, so the counts are compared, not rates."


@dataclass(frozen=True)
class PlacePair:
    """Two places: their counts, and the first's rate over the second's; or, where it is not known
    who lives there (`is_count`), its count.
    """

    counts: tuple[int, int]
    comparison: Comparison
    dispersion: Dispersion | None
    is_count: bool = False


def evaluate_places(question: Question) -> ClaimAnswer:
    """Hold one place against another."""
    form, evidence = question.form, question.evidence
    places = (form.where, form.against.place)
    names = [evidence.names.places[place] for place in places]
    residents = [evidence.find_residents(place) for place in places]
    is_rate = form.against.base is Base.RATE
    is_count = None in residents and not is_rate
    how = "per resident" if is_rate else "per resident and as a count"
    how = "as a count" if is_count else how
    reading = (
        f"{'not ' if form.says.is_negated else ''}{render.WAYS[form.says.way]} {NOUNS[form.what]} "
        f"in {names[0]} than in {names[1]}, {wording.format_period(*question.span)}, {how}."
    )
    first, second = places
    is_part = first.startswith(f"{second}/") or second.startswith(f"{first}/")
    if TOGETHER in places or (is_part and is_count):
        return ClaimAnswer(Verdict.CANNOT, reading, "One place is a part of the other.")
    if is_count:
        residents = [1, 1]
    pair = compare_places(question, form.what, places, residents)
    if pair is None:
        return ClaimAnswer(Verdict.CANNOT, reading, _explain_missing(question, names, residents))
    pair = replace(pair, is_count=is_count)
    verdict, why = _choose_verdict(question, pair)
    figures = _build_figures(question, pair, names, residents)
    by_itself = replace(pair.comparison, tested_apart=False)
    ratio = change_wording.format_interval(by_itself).replace(" times as many", " times")
    kind = "count" if is_count else "rate"
    remarks = [
        *question.list_remarks(),
        *(
            [f"The {kind} of the first is {ratio} that of the second (95% interval)."]
            if ratio
            else []
        ),
        *([render.TESTED_ON] if form.what == "victims" else []),
        BY_COUNT if is_count else RESIDENTS,
        "It says nothing of other harm than shootings and homicides.",
    ]
    safe = _write_safe_sentence(question, pair, figures)
    return ClaimAnswer(verdict, reading, why, safe, figures, tuple(remarks))


def compare_places(
    question: Question, measure: str, places: tuple[str, str], residents: list[int | None]
) -> PlacePair | None:
    """Return the two places compared by `measure`; of people shot, incidents are tested.

    By rate; with as many residents in both by count. None where something is not known.
    """
    first, second = (question.evidence.count(place, measure, question.span) for place in places)
    residents_of_first, residents_of_second = residents
    if first is None or second is None or not residents_of_first or not residents_of_second:
        return None
    until = question.span[1]
    pooled = estimate_dispersion(
        [question.evidence.build_series(place, measure, until) for place in places]
    )
    comparison = compare(first, second, residents_of_first, residents_of_second, pooled)
    if measure == "victims":
        incidents = compare_places(question, "incidents", places, residents)
        if incidents is None:
            return None
        comparison = judge_by(incidents.comparison, comparison)
    return PlacePair((first, second), comparison, pooled)


def _choose_verdict(question: Question, pair: PlacePair) -> tuple[Verdict, str]:
    form = question.form
    place = question.evidence.names.places[form.where]
    sign = 1 if form.says.way is Way.UP else -1
    word = "more" if sign > 0 else "fewer"
    rate = sign * (pair.comparison.difference or 0.0)
    count = sign * (pair.counts[0] - pair.counts[1])
    is_rate = form.against.base is Base.RATE or pair.is_count
    both = [rate] if is_rate else [rate, float(count)]
    if form.says.is_negated and form.says.beyond_chance:
        return _evaluate_not_clearly(question, pair.comparison)
    if form.says.is_negated:
        return _evaluate_negated(both, f"{place} has", word)
    if all(one <= 0 for one in both):
        same = all(one == 0 for one in both)
        other = "as many" if same else ("fewer" if sign > 0 else "more")
        per = "per resident" if is_rate else "per resident and as a count"
        per = "as a count" if pair.is_count else per
        return Verdict.NOT_SUPPORTED, f"{place} has {other} {per}."
    if any(one <= 0 for one in both):
        by = "per resident" if rate > 0 else "as a count"
        not_by = "as a count" if rate > 0 else "per resident"
        return Verdict.DEPENDS, f"{place} has {word} {by}, and not {not_by}: it depends on which."
    if pair.comparison.outcome is not CLEAR[form.says.way]:
        return Verdict.BY_COUNT, f"{place} has {word}. {render.CHANCE}"
    per = "" if pair.is_count else " per resident"
    return Verdict.SUPPORTED, f"{place} has {word}{per}, by more than chance would explain."


def _evaluate_not_clearly(question: Question, comparison: Comparison) -> tuple[Verdict, str]:
    """Say whether the rates show that one is not higher, or not lower, by more than chance."""
    evidence = question.evidence
    fit = change_fit.find_fit_of_no_clear_change(
        question.form.says.way, comparison, evidence.unchanged_within
    )
    if fit is Fit.HOLDS:
        return Verdict.SUPPORTED, "The whole interval of the ratio of the rates says so."
    if fit is Fit.CLEAR:
        return Verdict.NOT_SUPPORTED, "Per resident the difference is more than chance explains."
    fits = render.describe_open_changes(comparison, evidence.least_base)
    return Verdict.CANNOT, f"These counts cannot show that: per resident {fits}."


def _evaluate_negated(both: list[float], has: str, word: str) -> tuple[Verdict, str]:
    if all(one <= 0 for one in both):
        return Verdict.SUPPORTED, f"{has} not {word}."
    if all(one > 0 for one in both):
        return Verdict.NOT_SUPPORTED, f"{has} {word}."
    return Verdict.DEPENDS, "Per resident and as a count it is not the same: it depends on which."


def _explain_missing(question: Question, names: list[str], residents: list[int | None]) -> str:
    places = (question.form.where, question.form.against.place)
    few_placed = [question.evidence.explain_few_placed(place, question.span) for place in places]
    if any(few_placed):
        return " ".join(dict.fromkeys(filter(None, few_placed)))
    without = [name for name, people in zip(names, residents, strict=True) if not people]
    if without:
        return f"The data give no residents for {wording.join_words(without)}, so no rate."
    return f"The data do not cover all of {wording.format_period(*question.span)} in both."


def _build_figures(
    question: Question, pair: PlacePair, names: list[str], residents: list[int | None]
) -> pd.DataFrame:
    measure = question.form.what
    if pair.is_count:
        return pd.DataFrame({"Place": names, "Count": pair.counts})
    frame = pd.DataFrame({"place": names, measure: pair.counts, "population": residents})
    start, until = question.span
    table = rates.add_rate_intervals(frame, measure, (until - start).days, pair.dispersion)
    return pd.DataFrame(
        {
            "Place": table["place"],
            "Count": table[measure],
            "Residents": table["population"],
            "Rate": [
                format_rate(row.rate, row.rate_low, row.rate_high) for row in table.itertuples()
            ],
        }
    )


def _write_safe_sentence(question: Question, pair: PlacePair, figures: pd.DataFrame) -> str:
    chance = {
        Outcome.UP: render.BEYOND,
        Outcome.DOWN: render.BEYOND,
        Outcome.UNCLEAR: render.CHANCE if pair.comparison.difference else "",
    }.get(pair.comparison.outcome, "")
    each = [
        f"{row.Place} {wording.format_number(row.Count)}"
        + ("" if pair.is_count else f", {row.Rate.split(' (')[0]}")
        for row in figures.itertuples()
    ]
    noun = wording.start_sentence(NOUNS[question.form.what])
    days = wording.format_period(*question.span)
    return f"{noun}, {days}: {'; '.join(each)}. {chance}".rstrip()
