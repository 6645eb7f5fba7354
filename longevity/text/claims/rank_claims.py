"""A claim of a rank: the fewest or the most of several years, or of several places."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from longevity.findings.finding import Against, Finding
from longevity.stats.comparison import Outcome, compare
from longevity.text import change_wording, neighbourhoods, wording
from longevity.text.claims import render
from longevity.text.claims.form import PLACES_OF_RANK, STATE, Base, Comparator, Way, require_part
from longevity.text.claims.place_claims import compare_places
from longevity.text.claims.question import Question
from longevity.text.claims.verdict import ClaimAnswer, Verdict
from longevity.text.claims.when import Span
from longevity.windows import DAY

MORE = {Way.LOWEST: "fewer", Way.HIGHEST: "more"}
PLACED = f", {neighbourhoods.OF_THOSE_PLACED}"
AGAINST_IT = "The claim's days against it"


def evaluate_rank(question: Question) -> ClaimAnswer:
    """Hold a rank against every year from the first it reaches back to, or every place."""
    if question.form.against.base in PLACES_OF_RANK:
        return _rank_places(question)
    known_counts, source = _count_years(question)
    year = question.span[0].year
    start = _find_first_year(question.form.against, year, known_counts)
    last = _find_last_year(question, known_counts)
    reading = _describe_reading(question, start, last)
    if year not in known_counts:
        why = (
            question.explain_not_covered()
            if question.form.where != STATE
            else f"No published figure counts {question.describe_subject()}."
        )
        return ClaimAnswer(Verdict.CANNOT, reading, why)
    changes = _compare_years(question, known_counts, source)
    figures = _build_figures(question, known_counts, start, changes)
    if start > year or not any(start <= other != year for other in known_counts):
        why = "There is no other year to rank it with."
        return ClaimAnswer(Verdict.CANNOT, reading, why, "", figures)
    verdict, why = _choose_verdict(question, known_counts, start, last)
    safe = (
        "" if verdict is Verdict.CANNOT else _write_safe_sentence(question, known_counts, changes)
    )
    remarks = [] if source else question.list_remarks()
    if question.form.what == "victims" and not source:
        remarks.append(render.TESTED_ON)
    return ClaimAnswer(
        verdict,
        reading,
        why,
        safe,
        figures,
        (*remarks, render.RANK_IS_NO_TEST),
        (source,) if source else (),
        not source,
        {"place": question.evidence.reference.get(question.form.where)},
    )


def _count_years(question: Question) -> tuple[dict[int, int], str]:
    """Return the count of each known year, and whose where it is published.

    The days of a year that are not over can only bring more: they are a year for the most where
    they have as many already, and none for the fewest.
    """
    form, year = question.form, question.span[0].year
    if form.where == STATE:
        published = question.evidence.map_published(STATE, form.what)
        published = published if question.is_whole_year else {}
        source = max(published, key=lambda one: len(published[one]), default="")
        return published.get(source, {}), source or STATE
    counts = _count_measure(question, form.what)
    return {
        other: count
        for other, count in counts.items()
        if _is_over(question, other)
        or (other > year and form.says.way is Way.HIGHEST and count >= counts.get(year, 0))
    }, ""


def _count_measure(question: Question, measure: str) -> dict[int, int]:
    """Return one measure's count in the claim's days of each year, as far as they are over."""
    form, evidence = question.form, question.evidence
    first = evidence.find_first_day(evidence.list_cities(form.where))
    years = range((first or question.span[0]).year, question.through.year + 1)
    days = {year: _find_days(question, year) for year in years}
    spans = {year: span for year, span in days.items() if span[0] < span[1]}
    return evidence.count_by_year(form.where, measure, spans)


def _find_days(question: Question, year: int) -> Span:
    """Return the claim's days of a year, up to the last day of the data."""
    start, until = question.step_back(question.span[0].year - year)
    return start, until if question.form.where == STATE else min(until, question.through + DAY)


def _is_over(question: Question, year: int) -> bool:
    return _find_days(question, year) == question.step_back(question.span[0].year - year)


def _name_year(question: Question, year: int) -> str:
    return str(year) if _is_over(question, year) else f"{year} so far"


def _compare_years(
    question: Question, known_counts: Mapping[int, int], source: str
) -> dict[int, Finding]:
    """Return the claim's year held against each other that is over."""
    form = question.form
    days = {year: _find_days(question, year) for year in known_counts if _is_over(question, year)}
    against = {
        year: Against("", question.name_days((span,)), (span,)) for year, span in days.items()
    }
    if not source:
        question.evidence.load(form.where, [question.span, *days.values()])
        return {year: question.find(earlier) for year, earlier in against.items()}
    own = known_counts.get(question.span[0].year)
    return {
        year: question.make_finding(earlier, compare(own, known_counts[year]))
        for year, earlier in against.items()
    }


def _find_first_year(against: Comparator, year: int, known_counts: Mapping[int, int]) -> int:
    """Return the first year of the rank."""
    if against.base is Base.SINCE:
        return against.number
    if against.base is Base.YEARS:
        return year - against.number
    return min(known_counts, default=year)


def _find_last_year(question: Question, known_counts: Mapping[int, int]) -> int:
    """Return the last year of the rank: of "in ten years" its own, else the newest that is over."""
    year = question.span[0].year
    if question.form.against.base is Base.YEARS:
        return year
    return max((other for other in known_counts if _is_over(question, other)), default=year)


def _choose_verdict(
    question: Question, counts: Mapping[int, int], start: int, last: int
) -> tuple[Verdict, str]:
    year, base = question.span[0].year, question.form.against.base
    current = counts[year]
    way = question.form.says.way
    sign = -1 if way is Way.LOWEST else 1
    others = {y: n for y, n in counts.items() if start < y < year}
    first_count = counts.get(start) if start < year else None
    if first_count is not None and (not others or base in (Base.RECORD, Base.EVER)):
        # There is no year between, or the first year of the record counts.
        others[start] = first_count
    since = {y: n for y, n in counts.items() if y > year}
    if base is not Base.YEARS:
        others |= since
    if why := _explain_better(question, others, current):
        return Verdict.NOT_SUPPORTED, why
    if base is Base.EVER:
        return Verdict.CANNOT, "These data begin in a year; what was before it they do not say."
    missing = [y for y in range(start, last + 1) if y not in counts]
    if missing:
        years = wording.join_years(missing)
        return Verdict.CANNOT, f"The data do not cover {'all of ' * (len(missing) > 1)}{years}."
    if first_count is not None and sign * (first_count - current) >= 0:
        same = "as many" if first_count == current else MORE[way]
        return Verdict.DEPENDS, (
            f"It holds among the years after {start}; {start} itself had {same} "
            f"({wording.format_number(first_count)}). It depends on whether {start} is counted."
        )
    if why := _explain_better(question, since, current):
        return Verdict.DEPENDS, (
            f"It holds among the years {start} to {year}. {why} It depends on whether the years "
            "since are counted."
        )
    years = wording.format_years(start, last)
    return Verdict.SUPPORTED, f"There were {MORE[way]} than in any other year of {years}."


def _explain_better(question: Question, others: Mapping[int, int], current: int) -> str:
    """Say which of other years has more, or fewer, or as many; nothing where none has."""
    way = question.form.says.way
    sign = -1 if way is Way.LOWEST else 1
    better = {y: n for y, n in others.items() if sign * (n - current) > 0}
    if better:
        y, count = max(better.items(), key=lambda item: (sign * item[1], item[0]))
        in_year = _name_year(question, y)
        return f"There were {MORE[way]} in {in_year}: {wording.format_number(count)}."
    ties = [_name_year(question, y) for y, n in others.items() if n == current]
    return f"There were as many in {wording.join_words(ties)}: a tie." if ties else ""


def _describe_reading(question: Question, start: int, last: int) -> str:
    same = "" if question.is_whole_year else "the same days of "
    years = f"{start} to {last}" if start < last else f"since {start}"
    word = render.WAYS[question.form.says.way]
    return f"{question.describe_subject()}, {word} of {same}{years}."


def _write_safe_sentence(
    question: Question, known_counts: Mapping[int, int], changes: Mapping[int, Finding]
) -> str:
    """Say how it ranks among the years there are, from the counts themselves."""
    year, way = question.span[0].year, question.form.says.way
    current = known_counts[year]
    beginning = question.describe_count(current)
    sign = -1 if way is Way.LOWEST else 1
    alike = [y for y, n in known_counts.items() if y != year and sign * (n - current) >= 0]
    before = max((y for y in alike if y < year), default=min(known_counts) - 1)
    after = min((y for y in alike if y > year), default=max(known_counts) + 1)
    outranked = {y: n for y, n in known_counts.items() if before < y < after and y != year}
    limits = []
    for limit in (before, after):
        if limit in known_counts:
            same = "as many" if known_counts[limit] == current else MORE[way]
            named = _name_year(question, limit)
            if not outranked and _is_over(question, limit):
                named = question.name_days((_find_days(question, limit),))
            count = wording.format_number(known_counts[limit])
            limits.append(f"in {named} there were {same} ({count})")
    if not outranked:
        return f"{beginning}; {wording.join_words(limits)}."
    first, last = min(*outranked, year), max(*outranked, year)
    days = "" if question.is_whole_year else ", counted over the same days"
    # A year that had fewer is not among those of which this is the fewest.
    held_text = "" if len(outranked) == last - first else " that these data hold"
    among = f"{render.WAYS[way]} of the years {first} to {last}{held_text}{days}"
    if before not in known_counts:
        limits.insert(0, f"{first} is the first year in these data")
    then = wording.join_words(limits)
    return f"{beginning}, {among}; {then}.{_describe_chance(current, outranked, changes)}"


def _describe_chance(
    current: int, outranked: Mapping[int, int], changes: Mapping[int, Finding]
) -> str:
    """Say whether chance could explain the difference from the year that comes nearest."""
    year = min(outranked, key=lambda y: (abs(outranked[y] - current), -y))
    if changes[year].tested.outcome is not Outcome.UNCLEAR:
        return ""
    return f" Chance alone could explain the difference from {year} ({outranked[year]:,})."


def _build_figures(
    question: Question,
    known_counts: Mapping[int, int],
    start: int,
    changes: Mapping[int, Finding],
) -> pd.DataFrame:
    """Return each year of the rank, the newest first, and how the claim's compares with it."""
    own = question.span[0].year
    rows = []
    for year in sorted((y for y in known_counts if y >= start), reverse=True):
        span = _find_days(question, year)
        row = {"Days": wording.format_period(*span), "Count": known_counts[year]}
        row |= {AGAINST_IT: "", "Interval (95%)": ""}
        if year != own and year in changes:
            text = change_wording.describe_finding(changes[year])
            row |= {AGAINST_IT: f"{text.arrow} {text.verdict}", "Interval (95%)": text.interval}
        rows.append(row)
    return pd.DataFrame(rows)


# --- among places ----------------------------------------------------------------------


def _rank_places(question: Question) -> ClaimAnswer:
    """Hold a place against every other of its kind, over the same days and by count alone."""
    form, evidence = question.form, question.evidence
    is_area = form.against.base is Base.AREAS
    every = [
        place
        for place in (evidence.names.areas if is_area else evidence.names.cities)
        if not is_area or place.startswith(f"{form.city}/")
    ]
    kind = "neighbourhoods" if is_area else "cities"
    word = render.WAYS[form.says.way]
    reading = f"{question.describe_subject()}, {word} of all {kind}."
    if form.where not in every or len(every) < 2:
        why = f"It ranks among {kind}, and is not about one of several."
        return ClaimAnswer(Verdict.CANNOT, reading, why)
    counts = {place: evidence.count(place, form.what, question.span) for place in every}
    if None in counts.values():
        return ClaimAnswer(Verdict.CANNOT, reading, question.explain_not_covered())
    known = {place: require_part(count) for place, count in counts.items()}
    names = {place: evidence.names.places[place].partition(",")[0] for place in every}
    sign = -1 if form.says.way is Way.LOWEST else 1
    ranked = sorted(every, key=lambda place: (-sign * known[place], place != form.where))
    verdict, why = _choose_verdict_of_places(question, known, names, ranked)
    figures = pd.DataFrame(
        {
            "Place": [names[place] for place in ranked],
            "Count": [known[place] for place in ranked],
            "Residents": pd.array([evidence.find_residents(p) for p in ranked], dtype="Int64"),
        }
    )
    # Of places alike all are named or none.
    fourth = known[ranked[3]] if len(ranked) > 3 else None
    first = [place for place in ranked[:3] if known[place] != fourth]
    safe = f"{question.describe_count(known[form.where])}."
    if first:
        placed = "" if _is_rank_sure(question, known, first) else PLACED
        shown = [f"{names[place]} {wording.format_number(known[place])}" for place in first]
        safe += (
            f" Of {len(every)} {kind}{placed}, the {'fewest' if sign < 0 else 'most'}: "
            f"{wording.join_words(shown)}."
        )
    if verdict is Verdict.SUPPORTED:
        safe += _describe_chance_of_places(question, ranked[1], names[ranked[1]])
    by_count = "A count ranks large places high: residents stand beside it, and no rate is tested."
    remarks = (*question.list_remarks(), by_count)
    return ClaimAnswer(verdict, reading, why, safe, figures, remarks)


def _choose_verdict_of_places(
    question: Question, known: Mapping[str, int], names: Mapping[str, str], ranked: list[str]
) -> tuple[Verdict, str]:
    where, way = question.form.where, question.form.says.way
    first = ranked[0]
    if first != where:
        placed = "" if _is_rank_sure(question, known, [first]) else PLACED
        return Verdict.NOT_SUPPORTED, (
            f"{names[first]} had {MORE[way]}{placed}: {wording.format_number(known[first])}, "
            f"against {wording.format_number(known[where])}."
        )
    if known[where] == known[ranked[1]]:
        return Verdict.NOT_SUPPORTED, f"{names[ranked[1]]} had as many: a tie."
    return Verdict.SUPPORTED, (
        f"{names[where]} had {wording.format_number(known[where])}, the next "
        f"({names[ranked[1]]}) {wording.format_number(known[ranked[1]])}."
    )


def _is_rank_sure(question: Question, known: Mapping[str, int], said: list[str]) -> bool:
    """Return whether those said rank so wherever the unplaced of their city were."""
    counts = {(place.partition("/")[0], place): count for place, count in known.items()}
    unplaced = {question.form.city: question.count_unlocated()}
    return neighbourhoods.is_rank_sure(
        counts, [(place.partition("/")[0], place) for place in said], unplaced
    )


def _describe_chance_of_places(question: Question, second: str, name: str) -> str:
    """Say whether chance could explain how far the first place lies from the second, by count."""
    form = question.form
    pair = compare_places(question, form.what, (form.where, second), [1, 1])
    if pair is None or pair.comparison.outcome is not Outcome.UNCLEAR:
        return ""
    return f" Chance alone could explain the difference from {name} ({pair.counts[1]:,})."
