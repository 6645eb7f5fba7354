"""Claims that the data support, to begin from."""

from __future__ import annotations

from itertools import islice, permutations

from longevity.claims import judge, reader
from longevity.claims.evidence import Evidence
from longevity.claims.form import DECLARED
from longevity.claims.verdict import Verdict


def list_examples(evidence: Evidence) -> list[str]:
    """Return claims that these data support, one of a kind, in the names of this configuration."""
    newest, names = evidence.newest_day, evidence.names
    if newest is None:
        return []
    cities = [names.cities[city] for city, extent in evidence.extents.items() if extent.through]
    pairs = [*permutations(cities, 2)] or [(city, city) for city in cities]
    years = {"year": newest.year - 1, "since": newest.year - 3}
    result: list[str] = []
    for at, templates in enumerate(DECLARED["examples"]["lists"]):
        # Each kind begins with another city.
        turned = pairs[at % len(pairs) :] + pairs[: at % len(pairs)]
        drafts = (text.format(a=a, b=b, **years) for a, b in turned for text in templates)
        result += islice((text for text in drafts if _is_so(text, evidence)), 1)
    return result


def _is_so(text: str, evidence: Evidence) -> bool:
    form = reader.read_text(text, evidence.names).form
    return form is not None and judge.judge_form(form, evidence).verdict is Verdict.SUPPORTED
