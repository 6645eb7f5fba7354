"""A claim of a count: how many there were, by this release and by what is published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from longevity.text import wording
from longevity.text.claims import render
from longevity.text.claims.change_fit import is_number_match
from longevity.text.claims.claim import STATE, Bound, Claim, require_part
from longevity.text.claims.evidence import PUBLISHED_METRICS, ClaimPeriod, Evidence
from longevity.text.claims.verdict import ClaimAnswer, Verdict

RELEASE = "this release"


@dataclass(frozen=True)
class SourceCount:
    """One source's count; `address` is empty for the release."""

    source: str
    count: int
    address: str


def evaluate_count(claim: Claim, period: ClaimPeriod, evidence: Evidence) -> ClaimAnswer:
    """Hold a count against every source that has one."""
    size = require_part(claim.size)
    reading = _describe_reading(claim, period, evidence)
    source_counts = [
        *_count_release(claim, period, evidence),
        *_list_published_counts(claim, period, evidence),
    ]
    if not source_counts:
        return ClaimAnswer(Verdict.CANNOT, reading, _explain_no_count(claim, period, evidence))
    figures = pd.DataFrame(
        [{"By": one.source, "Count": one.count, "Source url": one.address} for one in source_counts]
    )
    fits = [is_number_match(size, one.count) for one in source_counts]
    verdict, why = _choose_verdict(fits, source_counts)
    from_release = not source_counts[0].address
    return ClaimAnswer(
        verdict,
        reading,
        why,
        _write_safe_sentence(claim, period, evidence, source_counts),
        figures,
        tuple(render.list_remarks(claim, period)) if from_release else (),
        tuple(dict.fromkeys(one.address for one in source_counts if one.address)),
        from_release,
        {"place": evidence.reference.get(claim.place), "year": period.year},
    )


def _count_release(claim: Claim, period: ClaimPeriod, evidence: Evidence) -> list[SourceCount]:
    if claim.place == STATE:
        return []
    count = evidence.count_spans(evidence.list_cities(claim), claim.measure, {"now": period.now})[
        "now"
    ]
    name = f"{RELEASE}, SYNTHETIC" if evidence.synthetic else RELEASE
    return [] if count is None else [SourceCount(name, count, "")]


def _list_published_counts(
    claim: Claim, period: ClaimPeriod, evidence: Evidence
) -> list[SourceCount]:
    """Return published figures of the whole year, one a source."""
    place = evidence.reference.get(claim.place)
    start, until = period.now
    if not place or (start, until) != (date(start.year, 1, 1), date(start.year + 1, 1, 1)):
        return []
    frame = evidence.published_counts
    rows = frame[
        (frame["place"] == place)
        & (frame["metric"] == PUBLISHED_METRICS[claim.measure])
        & (frame["year"] == start.year)
    ]
    return [
        SourceCount("published", int(row.value), str(row.source_url))
        for row in rows.drop_duplicates(["value", "source_url"]).itertuples()
    ]


def _choose_verdict(fits: list[bool], source_counts: list[SourceCount]) -> tuple[Verdict, str]:
    """Return the verdict by whether all sources fit, none does, or it depends on which."""
    counts_text = _join_counts(source_counts)
    if all(fits):
        return Verdict.SUPPORTED, f"That is the count: {counts_text}."
    if not any(fits):
        return Verdict.NOT_SUPPORTED, f"That is not the count: {counts_text}."
    return Verdict.DEPENDS, f"The sources disagree, so it depends on the source: {counts_text}."


def _join_counts(source_counts: list[SourceCount]) -> str:
    words = [f"{wording.format_number(one.count)} by {_name_source(one)}" for one in source_counts]
    return wording.join_phrases(list(dict.fromkeys(words)))


def _name_source(one: SourceCount) -> str:
    return "a published figure" if one.address else one.source.split(",", maxsplit=1)[0]


def _describe_reading(claim: Claim, period: ClaimPeriod, evidence: Evidence) -> str:
    size = require_part(claim.size)
    bound = f"{size.bound.value} " if size.bound is not Bound.EXACT else ""
    return (
        f"{render.describe_subject(claim, period, evidence.names)}: "
        f"{bound}{size.value:,.{size.decimals}f}."
    )


def _explain_no_count(claim: Claim, period: ClaimPeriod, evidence: Evidence) -> str:
    if claim.place == STATE:
        return (
            f"The data hold the program's cities, not {evidence.names.state}, and no published "
            f"figure here gives {render.NOUNS[claim.measure]} for "
            f"{wording.format_period(*period.now)}."
        )
    not_held = render.explain_not_held(claim, evidence)
    if not_held:
        return not_held
    return (
        f"The data do not cover all of {wording.format_period(*period.now)}, and no figure is "
        "published here."
    )


def _write_safe_sentence(
    claim: Claim, period: ClaimPeriod, evidence: Evidence, source_counts: list[SourceCount]
) -> str:
    one = source_counts[0]
    text = render.describe_count(claim, one.count, period.now, evidence.names)
    if one.address:
        text += ", by a published figure"
    others = [other for other in source_counts[1:] if other.count != one.count]
    if others:
        text += f"; {_join_counts(others)}"
    return f"{text}."
