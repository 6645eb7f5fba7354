"""The first sentence of a screen, short enough to say aloud: up or down, and is it clear?

People are counted in the sentence; chance is tested on incidents, as people shot in one incident
are not independent. Where the two point in different directions nothing is clear.
"""

from __future__ import annotations

from collections.abc import Sequence

from longevity.findings.finding import Finding
from longevity.stats.comparison import Outcome
from longevity.text import wording

NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five"}
UP, DOWN, UNCLEAR = "▲ up (clear)", "▼ down (clear)", "– no clear change"


def write_chip(finding: Finding) -> str:
    """Return the verdict in a sign and a word or two; "" where there is nothing to compare."""
    if finding.difference is None or finding.tested.outcome is Outcome.UNKNOWN:
        return ""
    return {1: UP, -1: DOWN, 0: UNCLEAR}[finding.direction]


def write_base(finding: Finding) -> str:
    """Return "74 in the same days of 2025"; "" where it is not known."""
    if finding.before is None:
        return ""
    return f"{wording.format_number(finding.before)} in {finding.against.days}"


def write_amount(finding: Finding) -> str:
    """Return the change in percent, or as a count on a small base: "−17%", "+9"."""
    now, before, difference = finding.now, finding.before, finding.difference
    if now is None or before is None or difference is None:
        return ""
    if difference == 0:
        return "as many"
    percent = wording.format_percentage_change(now, before, finding.least_base)
    sign = wording.MINUS if difference < 0 else "+"
    return percent or f"{sign}{wording.format_number(abs(difference))}"


def headline(noun: str, together: Finding | None, cities: Sequence[Finding], year: int) -> str:
    """Return the sentence the first screen opens on. `noun`: "people shot"; `together`: their sum.

    None for `together` where there is one city, or where a city's count is not known.
    """
    with_counts = [each for each in cities if each.difference is not None]
    if not with_counts:
        return f"{noun.capitalize()}: this year cannot be compared with {year - 1}."
    if together is None or together.difference is None or len(with_counts) < 2:
        parts = [
            f"{_more_or_fewer(each, noun)} in {each.name}{_is_clear(each)}" for each in with_counts
        ]
        return f"{'; '.join(parts)}, {year} so far against {year - 1}."
    where = f"the {NUMBERS.get(len(with_counts), str(len(with_counts)))} cities"
    moved = _more_or_fewer(together, noun)
    ago = "than a year ago" if together.difference else "as a year ago"
    return f"{moved} in {where} {ago}; {_clear(with_counts, together)}."


def compare_headline(noun: str, cities: Sequence[Finding], year: int) -> str:
    """Return each city's verdict and its two counts in one breath, those alike together."""
    changes = describe_changes(cities)
    if not changes:
        return f"{noun.capitalize()}: this year cannot be compared with {year - 1}."
    return f"{noun.capitalize()}, {year} so far against {year - 1}: {changes}."


def describe_changes(cities: Sequence[Finding], with_counts: bool = True) -> str:
    """Return "clearly down in East (60 from 100), no clear change in West (44 from 40)".

    Without the counts where they are not asked for; empty where nothing can be compared.
    """
    counts = {
        each.name: f"{each.name} ({each.now:,} from {each.before:,.0f})"
        if with_counts
        else each.name
        for each in cities
        if each.now is not None and each.before is not None
    }
    words = {-1: "clearly down in", 1: "clearly up in", 0: "no clear change in"}
    return ", ".join(
        f"{verdict} {wording.join_words([counts[name] for name in names])}"
        for direction, verdict in words.items()
        if (names := _names(cities, direction))
    )


def _names(cities: Sequence[Finding], direction: int) -> list[str]:
    return [
        each.name for each in cities if each.difference is not None and each.direction == direction
    ]


def _more_or_fewer(change: Finding, noun: str) -> str:
    if not change.difference:
        return f"As many {noun}"
    amount = write_amount(change).lstrip("−+")
    return f"{amount} {'fewer' if change.difference < 0 else 'more'} {noun}"


def _is_clear(change: Finding) -> str:
    return " (clear)" if change.direction else " (no clear change)"


def _clear(cities: Sequence[Finding], together: Finding) -> str:
    if any(each.direction for each in cities):
        unclear = "" if together.direction else "no clear change together; "
        return f"{unclear}{describe_changes(cities, with_counts=False)}"
    if together.direction:
        return "clear together, in no single city"
    return "no clear change, together or alone"
