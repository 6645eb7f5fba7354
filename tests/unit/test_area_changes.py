"""Neighbourhoods compared all at once."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from longevity.stats.area_changes import AreaChanges, compare_areas
from longevity.stats.comparison import Outcome, compare
from longevity.stats.dispersion import Dispersion
from longevity.text.area_changes import describe_area_changes, describe_each_area
from tests.factories import hypothesis_settings

PAIR = st.tuples(st.none() | st.integers(0, 60), st.integers(0, 60))
DISPERSIONS = st.none() | st.builds(Dispersion, st.floats(1, 3), st.just(60))


def changes(
    *pairs: tuple[int | None, int | None], dispersion: Dispersion | None = None
) -> AreaChanges:
    frame = pd.DataFrame(pairs, columns=["current", "previous"]).astype("Int64")
    return compare_areas(frame, dispersion=dispersion)


def step_up(p_values: list[float], alpha: float) -> set[int]:
    """Benjamini and Hochberg (1995) as they wrote it: the largest k with p(k) ≤ kα/m."""
    order = sorted(range(len(p_values)), key=lambda at: p_values[at])
    most = 0
    for k, at in enumerate(order, start=1):
        if p_values[at] <= k * alpha / len(p_values):
            most = k
    return set(order[:most])


@hypothesis_settings.some
@given(st.lists(PAIR, min_size=1, max_size=17), DISPERSIONS)
def test_what_is_called_changed_is_what_the_procedure_rejects(
    pairs: list[tuple[int | None, int]], dispersion: Dispersion | None
) -> None:
    found = changes(*pairs, dispersion=dispersion)
    looked = [(at, pair) for at, pair in enumerate(pairs) if pair[0] is not None]
    p_values = [compare(*pair, dispersion=dispersion).p_value for _, pair in looked]
    rejected = {looked[k][0] for k in step_up(p_values, 0.05)}
    called = {
        at for at, each in found.comparisons.items() if each.outcome in (Outcome.UP, Outcome.DOWN)
    }
    assert called == rejected
    assert (found.tests, found.changes) == (len(looked), len(rejected))
    colours = [told.colour for told in describe_each_area(found, "2025", 30).values()]
    assert colours.count("up") + colours.count("down") == len(rejected)


def test_the_sentence() -> None:
    quiet = [(10, 12)] * 15
    found = changes((40, 10), (9, 31), *quiet, (None, 4), (0, 0))
    assert describe_area_changes(found) == (
        "2 of 18 neighbourhoods changed more than chance would explain, given how many we looked "
        "at: 1 up and 1 down."
    )
    # Alone it would have been believed.
    assert compare(9, 22).outcome is Outcome.DOWN
    assert describe_area_changes(changes((9, 22), *quiet)) == (
        "None of 16 neighbourhoods changed more than chance would explain, given how many we "
        "looked at."
    )
    assert (
        describe_area_changes(changes((None, 3)))
        == "There is nothing to compare the neighbourhoods with."
    )
    assert describe_area_changes(changes((9, 25))).startswith("1 of 1 neighbourhood changed")
