"""This year so far against every baseline, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from longevity.findings.finding import Finding
from longevity.findings.year_to_date import Baseline, YearToDate
from longevity.stats.comparison import Outcome
from longevity.text import change_wording, counts, wording

VERDICTS = {
    Outcome.UP: change_wording.VERDICTS[Outcome.UP],
    Outcome.DOWN: change_wording.VERDICTS[Outcome.DOWN],
    Outcome.UNCLEAR: change_wording.NO_CLEAR_CHANGE,
    Outcome.NONE: "none now and none then",
}


def describe_year_to_date(result: YearToDate) -> str:
    """Return how the baselines agree. It never claims a change no interval claims."""
    if result.now is None:
        return f"{counts.format_year_so_far(result.through)} is not known."
    if not result.answers:
        return "There is no earlier year to compare with."
    verdicts = _list_verdicts(result.answers)
    if not result.depends_on_baseline:
        return verdicts
    more, fewer = (wording.join_words(result.list_baselines(sign)) for sign in (1, -1))
    return f"{change_wording.DEPENDS}: more than {more}, fewer than {fewer}. {verdicts}"


def _list_verdicts(answers: Mapping[Baseline, Finding]) -> str:
    """Return "Against last year clearly up; against … ."."""
    parts = []
    for outcome, words in VERDICTS.items():
        subset = [b for b, finding in answers.items() if finding.tested.outcome is outcome]
        if subset:
            alike = len(subset) == len(answers)
            names = "every baseline" if alike else wording.join_words(subset)
            parts.append(f"against {names} {words}")
    return f"{wording.start_sentence('; '.join(parts))}."


def build_baseline_table(results: Iterable[YearToDate]) -> pd.DataFrame:
    """Build every place against every baseline as text, a row each; an empty cell is not known."""
    rows = []
    for result in results:
        for baseline, finding in result.against.items():
            words = change_wording.describe_finding(finding)
            has_counts = finding.before is not None and finding.now is not None
            rows.append(
                {
                    "City": result.name,
                    "Against": baseline.value,
                    "Change": f"{words.arrow} {words.verdict}",
                    "Counts": words.counts,
                    "Difference": words.difference,
                    "In percent": (words.percentage or change_wording.TOO_FEW)
                    if has_counts
                    else "",
                    "Interval": words.interval,
                }
            )
    return pd.DataFrame(rows)
