"""Claims that the data support, to begin from."""

from __future__ import annotations

from collections.abc import Iterator

from longevity import windows
from longevity.text.claims import judge, reader
from longevity.text.claims.evidence import Evidence
from longevity.text.claims.reader import Reading
from longevity.text.claims.verdict import ClaimAnswer, Verdict


def evaluate_reading(reading: Reading, evidence: Evidence) -> ClaimAnswer:
    """Return the verdict on a text: on the form it fills, or why it fills none."""
    if reading.form is None:
        return ClaimAnswer(Verdict.CANNOT, "", reading.why)
    return judge.evaluate_form(reading.form, evidence)


def list_examples(evidence: Evidence) -> list[str]:
    """Return claims that these data support, one of a kind, in the names of this configuration."""
    supported = (
        next(filter(lambda text: _is_so(text, evidence), drafts), "")
        for drafts in _draft_examples(evidence)
    )
    return [*filter(None, supported)]


def _is_so(text: str, evidence: Evidence) -> bool:
    reading = reader.read_text(text, evidence.names)
    return evaluate_reading(reading, evidence).verdict is Verdict.SUPPORTED


def _draft_examples(evidence: Evidence) -> Iterator[list[str]]:
    """Yield the claims of each kind that may be so; each kind begins with another city."""
    newest = evidence.newest_day
    cities = [city for city in evidence.names.cities if evidence.extents[city].through]
    if newest is None:
        return
    last = newest.year - 1
    names = [evidence.names.cities[city] for city in cities]
    counts = {c: evidence.count(c, "victims", windows.span_year(last)) for c in cities}
    yield [
        f"People shot in {name} are {way} since last year"
        for name in names
        for way in ("down", "up")
    ]
    turned = [*cities[1:], *cities[:1]]
    yield [
        f"{counts[city]:,} people were shot in {evidence.names.cities[city]} in {last}"
        for city in turned
        if (counts[city] or 0) > 1
    ]
    yield [
        f"Homicides in {name} are the {way} since {newest.year - 3}"
        for name in reversed(names)
        for way in ("lowest", "highest")
    ]
    yield [
        f"{some} was {shot} in {name} last week"
        for name in names
        for some in ("No one", "Someone")
        for shot in ("shot", "shot and killed")
    ]
    yield [
        f"{name} had fewer people shot than {other} in {last}"
        for name in names
        for other in names
        if other != name
    ]
