"""A claim of a number: how many there were, or which part of the state's, by whose count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from longevity.text import wording
from longevity.text.claims.change_fit import is_number_match
from longevity.text.claims.form import NOUNS, STATE, TOGETHER, Amount, Bound, Size, require_part
from longevity.text.claims.question import Question
from longevity.text.claims.verdict import ClaimAnswer, Verdict

RELEASE = "this release"


@dataclass(frozen=True)
class SourceCount:
    """One source's count; `address` is empty for the release. `unknown` more may belong to it."""

    source: str
    count: int
    address: str
    unknown: int = 0


def evaluate_count(question: Question) -> ClaimAnswer:
    """Hold a count against every source that has one."""
    size = require_part(question.form.says.size)
    reading = f"{question.describe_subject()}: {size}."
    source_counts = [*_count_release(question), *_list_published_counts(question)]
    if not source_counts:
        return ClaimAnswer(Verdict.CANNOT, reading, _explain_no_count(question))
    figures = pd.DataFrame(
        [
            {"By": one.source, "Count": one.count}
            | ({"Source url": one.address} if source_counts[-1].address else {})
            for one in source_counts
        ]
    )
    verdict, why = _choose_verdict(size, source_counts)
    from_release = not source_counts[0].address
    return ClaimAnswer(
        verdict,
        reading,
        why,
        _write_safe_sentence(question, source_counts),
        figures,
        tuple(question.list_remarks()) if from_release else (),
        tuple(dict.fromkeys(one.address for one in source_counts if one.address)),
        from_release,
        {
            "place": question.evidence.reference.get(question.form.where),
            "year": question.span[0].year,
        },
    )


def _count_release(question: Question) -> list[SourceCount]:
    count = None if question.form.where == STATE else question.count()
    if count is None:
        return []
    name = f"{RELEASE}, SYNTHETIC" if question.evidence.synthetic else RELEASE
    return [SourceCount(name, count, "", question.count_unlocated())]


def _list_published_counts(question: Question) -> list[SourceCount]:
    """Return published figures of the whole year, one a source and count."""
    if not question.is_whole_year:
        return []
    rows = question.evidence.list_published(question.form.where, question.form.what)
    return [
        SourceCount("published", count, source)
        for source, year, count in rows
        if year == question.span[0].year
    ]


def _choose_verdict(size: Size, source_counts: Sequence[SourceCount]) -> tuple[Verdict, str]:
    """Return the verdict by whether all sources fit, none does, or it depends on which."""
    counts_text = _join_counts(source_counts)
    fits = [is_number_match(size, one.count) for one in source_counts]
    unknown = source_counts[0].unknown
    if unknown:
        most = source_counts[0].count + unknown
        could_be = any(is_number_match(size, n) for n in range(source_counts[0].count, most + 1))
        if could_be and not all(is_number_match(size, n) for n in (source_counts[0].count, most)):
            return Verdict.CANNOT, (
                f"{wording.format_number(unknown)} more in the city could not be placed in any "
                f"neighbourhood: {counts_text} to {wording.format_number(most)}."
            )
        fits = [could_be]
    if all(fits):
        return Verdict.SUPPORTED, f"That is the count: {counts_text}."
    if not any(fits):
        return Verdict.NOT_SUPPORTED, f"That is not the count: {counts_text}."
    return Verdict.DEPENDS, f"The sources disagree, so it depends on the source: {counts_text}."


def _join_counts(source_counts: Sequence[SourceCount]) -> str:
    words = [f"{wording.format_number(one.count)} by {_name_source(one)}" for one in source_counts]
    return wording.join_phrases(list(dict.fromkeys(words)))


def _name_source(one: SourceCount) -> str:
    return "a published figure" if one.address else one.source.split(",", maxsplit=1)[0]


def _explain_no_count(question: Question) -> str:
    period = wording.format_period(*question.span)
    if question.form.where == STATE:
        return (
            f"The data hold the program's cities, not {question.evidence.names.state}, and no "
            f"published figure here gives {NOUNS[question.form.what]} for {period}."
        )
    return question.explain_not_held() or (
        f"{question.explain_not_covered()} No figure is published here."
    )


def _write_safe_sentence(question: Question, source_counts: Sequence[SourceCount]) -> str:
    one = source_counts[0]
    if one.unknown and not one.count:
        return ""  # "0 people were shot in …" would be quoted without the others
    text = question.describe_count(one.count)
    if one.address:
        text += ", by a published figure"
    others = [other for other in source_counts[1:] if other.count != one.count]
    if others:
        text += f"; {_join_counts(others)}"
    return f"{text}."


# --- a part of the state's ---------------------------------------------------------------


def evaluate_share(question: Question) -> ClaimAnswer:
    """Hold a part of the state's count against each source that counts both alike."""
    size = require_part(question.form.says.size)
    state = question.evidence.names.state
    reading = f"{question.describe_subject()}: {size} of all in {state}."
    pairs = _list_pairs(question)
    if not pairs:
        why = (
            f"No source here counts {NOUNS[question.form.what]} both in {question.place_name} and "
            f"in {state} for {wording.format_period(*question.span)}."
        )
        return ClaimAnswer(Verdict.CANNOT, reading, why)
    fits = [is_share_match(size, part, whole) for part, whole, _ in pairs]
    text = wording.join_words(
        [f"{part:,} of {whole:,} ({100 * part / whole:.1f}%)" for part, whole, _ in pairs]
    )
    verdict = Verdict.SUPPORTED if all(fits) else Verdict.NOT_SUPPORTED
    if any(fits) and not all(fits):
        verdict = Verdict.DEPENDS
    part, whole, _ = pairs[0]
    safe = (
        f"{question.describe_count(part)}, of {whole:,} in all of {state}, by a published figure."
    )
    figures = pd.DataFrame(
        [{"Cities": p, "State": w, "Source url": address} for p, w, address in pairs]
    )
    is_so = {
        Verdict.SUPPORTED: "By published figures it is",
        Verdict.NOT_SUPPORTED: "By published figures it is not so:",
        Verdict.DEPENDS: "The sources disagree, so it depends on the source:",
    }[verdict]
    sources = tuple(dict.fromkeys(address for _, _, address in pairs))
    params = {"place": question.evidence.reference.get(STATE), "year": question.span[0].year}
    return ClaimAnswer(
        verdict, reading, f"{is_so} {text}.", safe, figures, (), sources, False, params
    )


def _list_pairs(question: Question) -> list[tuple[int, int, str]]:
    """Return part, whole and source of each that counts both for the year."""
    form, year = question.form, question.span[0].year
    if not question.is_whole_year:
        return []
    if form.where == TOGETHER and form.what == "homicides":
        frame = question.evidence.ask("homicides_share_of_state", year=year)
        return [(int(row.cities), int(row.state), row.source) for row in frame.itertuples()]
    parts, wholes = (
        question.evidence.map_published(place, form.what) for place in (form.where, STATE)
    )
    return [
        (by_year[year], wholes[source][year], source)
        for source, by_year in parts.items()
        if year in by_year and year in wholes.get(source, {})
    ]


def is_share_match(size: Size, part: int, whole: int) -> bool:
    """Return whether a part of a whole is the share that is claimed."""
    if size.amount is Amount.OF:
        return (part, whole) == (size.value, size.other)
    observed = 100 * part / whole
    if size.bound is Bound.EXACT:
        return abs(observed - size.value) <= 0.5 * 10.0**-size.decimals + 1e-9
    return is_number_match(size, observed)
