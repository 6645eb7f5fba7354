"""Claims that the data support, to begin from."""

from __future__ import annotations

from itertools import permutations

from longevity.text.claims import judge, reader
from longevity.text.claims.evidence import Evidence
from longevity.text.claims.form import DECLARED
from longevity.text.claims.verdict import Verdict


def list_examples(evidence: Evidence) -> list[str]:
    """Return claims that these data support, one of a kind, in the names of this configuration."""
    newest = evidence.newest_day
    cities = [
        name for city, name in evidence.names.cities.items() if evidence.extents[city].through
    ]
    pairs = [*permutations(cities, 2)] or [(city, city) for city in cities]
    result = []
    for at, templates in enumerate(DECLARED["examples"]["lists"] if newest else ()):
        # Each kind begins with another city.
        turned = [*pairs[at % len(pairs) :], *pairs[: at % len(pairs)]] if pairs else []
        years = {"year": newest.year - 1, "since": newest.year - 3} if newest else {}
        drafts = (text.format(a=a, b=b, **years) for a, b in turned for text in templates)
        result += [next((text for text in drafts if _is_so(text, evidence)), "")]
    return [*filter(None, result)]


def _is_so(text: str, evidence: Evidence) -> bool:
    reading = reader.read_text(text, evidence.names)
    return judge.evaluate_reading(reading, evidence).verdict is Verdict.SUPPORTED
