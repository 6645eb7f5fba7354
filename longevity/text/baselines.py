"""This year so far against every baseline, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from longevity.stats.baselines import Baseline, BaselineComparison, YearToDate
from longevity.stats.comparison import Outcome
from longevity.text import change_wording, counts, wording
from longevity.text.change_wording import ChangeText

BASELINES = {
    Baseline.LAST_YEAR: "last year",
    Baseline.THREE_YEARS: "the 3-year average",
    Baseline.FIVE_YEARS: "the 5-year average",
    Baseline.BEFORE: "the pre-program average",
}
VERDICTS = {
    Outcome.UP: change_wording.VERDICTS[Outcome.UP],
    Outcome.DOWN: change_wording.VERDICTS[Outcome.DOWN],
    Outcome.UNCLEAR: change_wording.NO_CLEAR_CHANGE,
    Outcome.NONE: "none now and none then",
}


def name_years(years: Sequence[int]) -> str:
    """Return "the same days of 2023 to 2025", the years a baseline is made of."""
    if not years:
        return "the years before the program"
    first, last = years[0], years[-1]
    return f"the same days of {first}" if first == last else f"the same days of {first} to {last}"


def describe_comparison(against: BaselineComparison, least_base: int) -> ChangeText:
    """Return the comparison with one baseline in words."""
    return change_wording.describe_change(against.comparison, name_years(against.years), least_base)


def describe_year_to_date(result: YearToDate) -> str:
    """Return how the baselines agree. It never claims a change no interval claims."""
    if result.current is None:
        return f"{counts.format_year_so_far(result.through)} is not known."
    if not result.answers:
        return "There is no earlier year to compare with."
    if result.depends_on_baseline:
        return (
            f"{change_wording.DEPENDS}: more than {_list_baselines(result.more)}, "
            f"fewer than {_list_baselines(result.fewer)}. {_list_verdicts(result.answers)}"
        )
    return _list_verdicts(result.answers)


def _list_baselines(against: Sequence[BaselineComparison]) -> str:
    return wording.join_words([BASELINES[each.baseline] for each in against])


def _list_verdicts(comparisons: Sequence[BaselineComparison]) -> str:
    """Return "Against last year clearly up; against … ."."""
    parts = []
    for outcome, words in VERDICTS.items():
        subset = [each for each in comparisons if each.comparison.outcome is outcome]
        if subset:
            names = "every baseline" if len(subset) == len(comparisons) else _list_baselines(subset)
            parts.append(f"against {names} {words}")
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def build_baseline_table(
    results: Sequence[YearToDate], names: Mapping[str, str], least_base: int
) -> pd.DataFrame:
    """Build every city against every baseline as text, a row each; an empty cell is not known.

    `names`: the city's name by id, and what all of them together are called.
    """
    rows = []
    for city in results:
        for against in city.against:
            words = describe_comparison(against, least_base)
            has_counts = against.comparison.base is not None and city.current is not None
            rows.append(
                {
                    "City": names[city.city],
                    "Against": BASELINES[against.baseline],
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
