"""What the changes of all neighbourhoods together say."""

from __future__ import annotations

from longevity.stats.area_changes import AreaChanges
from longevity.stats.comparison import Outcome
from longevity.text import change_wording, wording
from longevity.text.change_wording import ChangeText


def describe_area_changes(changes: AreaChanges) -> str:
    """Return "2 of 17 neighbourhoods changed more than chance would explain, …"."""
    if not changes.tests:
        return "There is nothing to compare the neighbourhoods with."
    outcomes = [each.outcome for each in changes.comparisons.values()]
    up, down = outcomes.count(Outcome.UP), outcomes.count(Outcome.DOWN)
    noun = "neighbourhood" if changes.tests == 1 else "neighbourhoods"
    text = (
        f"{wording.format_number(up + down) if up + down else 'None'} of "
        f"{wording.format_number(changes.tests)} "
        f"{noun} changed more than chance would explain, given how many we looked at"
    )
    ways = [f"{wording.format_number(n)} {way}" for n, way in ((up, "up"), (down, "down")) if n]
    return f"{text}{': ' + wording.join_words(ways) if ways else ''}."


def describe_each_area(
    changes: AreaChanges, when: str, least_base: int
) -> dict[object, ChangeText]:
    """Return each area's comparison in words. `when` names what it is compared with."""
    return {
        key: change_wording.describe_change(each, when, least_base)
        for key, each in changes.comparisons.items()
    }
