"""The first sentence of a screen, short enough to say aloud: up or down, and is it clear?

People are counted in the sentence; chance is tested on incidents, as people shot in one incident
are not independent. Where the two point in different directions nothing is clear.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from longevity.findings.finding import Finding
from longevity.stats.comparison import Outcome
from longevity.text import frames, wording

NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five"}
FIRST_WINDOW = 30  # days
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


def follow_up_headline(
    promises: pd.DataFrame,
    waiting: pd.DataFrame,
    window: int,
    recent: pd.DataFrame | None = None,
    through: date | None = None,
) -> str:
    """Return how often enforcement followed in 30 days, and what is open; "" without an episode.

    `promises`: city, window_days, elapsed, elapsed_kept, unknown, of all years; `recent`: the same
    of cases begun in the twelve months to `through`, None where not all of those are known;
    `waiting`: open_promises_by_city; `window`: days after which an episode is closed.
    """
    in_all, elapsed = _describe_followed(promises)
    if not elapsed:
        return ""
    followed = f"In all years enforcement followed within {FIRST_WINDOW} days in {in_all}"
    if recent is not None and through is not None:
        newest, known = _describe_followed(recent)
        begun = f"begun in the twelve months to {wording.format_day(through)}"
        followed = (
            f"Of cases {begun} enforcement followed within {FIRST_WINDOW} days in {newest}; "
            f"in all years in {in_all}"
            if known
            else f"Of no case {begun} {FIRST_WINDOW} days are known to be over; in all years "
            f"enforcement followed within them in {in_all}"
        )
    still = int(waiting["open"].sum())
    oldest = int(waiting["longest_open"].max()) if still else 0
    verb, each = ("is", "") if still == 1 else ("are", "the oldest ")
    open_now = (
        f"{wording.format_number(still)} {verb} open, {each}at day {oldest} of {window}"
        if still
        else "none is known to be open"
    )
    return f"{followed}; {open_now}."


def _describe_followed(promises: pd.DataFrame) -> tuple[str, int]:
    """Return "6 of 10 (unknown for 2 more)", of cases whose 30 days are over, and how many are."""
    first_window = promises[promises["window_days"] == FIRST_WINDOW]
    elapsed, on_time, unknown = (
        int(first_window[name].sum()) for name in ("elapsed", "elapsed_kept", "unknown")
    )
    note = f" (unknown for {wording.format_number(unknown)} more)" if unknown else ""
    return f"{wording.format_number(on_time)} of {wording.format_number(elapsed)}{note}", elapsed


def attendance_headline(funnel: pd.DataFrame) -> str:
    """Return how many invitations were followed; "" where none reached a member.

    Invitations, not people: who is called in twice in the twelve months counts twice.
    `funnel`: call_in_funnel, a row a city and route.
    """
    free = funnel[funnel["route"] != "in_custody"]
    reached, came, unknown = frames.sum_columns(free, "reachable", "attended", "attended_unknown")
    if not reached:
        return ""
    return (
        f"{wording.format_number(came)} of {wording.count_noun(reached, 'invitation')} that "
        f"reached a member were attended in twelve months{_not_known(unknown)}."
    )


def _not_known(unknown: int) -> str:
    return f" (unknown for {wording.format_number(unknown)})" if unknown else ""
