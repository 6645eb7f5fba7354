"""Neighbourhoods compared all at once."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longevity.findings import areas as found_areas
from longevity.findings.areas import CityAreas
from longevity.findings.counting import COUNTED
from longevity.stats.comparison import Outcome, compare
from longevity.stats.dispersion import Dispersion
from tests.factories import hypothesis_settings

PAIR = st.tuples(st.none() | st.integers(0, 60), st.integers(0, 60))
DISPERSIONS = st.none() | st.builds(Dispersion, st.floats(1, 3), st.just(60))


WINDOW = (date(2026, 1, 1), date(2027, 1, 1))


def changes(
    *pairs: tuple[int | None, int | None], dispersion: Dispersion | None = None
) -> CityAreas:
    """Areas with these counts of 2026 and 2025; the dispersion is of a history that is given."""
    rows = [
        ("east", f"{at:03}", pd.Timestamp(year, 1, 1), pd.Timestamp(year + 1, 1, 1), count)
        for at, pair in enumerate(pairs)
        for year, count in zip((2026, 2025), pair, strict=True)
    ]
    columns = ["city", "neighbourhood", "date_from", "date_until", "incidents"]
    frame = pd.DataFrame(rows, columns=columns).astype({"incidents": "Int64"})
    counts = frame.assign(**dict.fromkeys(COUNTED, frame["incidents"]))
    areas = frame[["city", "neighbourhood"]].drop_duplicates()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(found_areas, "_pool_dispersions", lambda *_: {"east": dispersion})
        return found_areas.find_areas(counts, frame, areas, "incidents", WINDOW, 30)["east"]


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
def test_what_is_called_changed_is_what_the_procedure_rejects(pairs, dispersion):
    found = changes(*pairs, dispersion=dispersion)
    looked = [(at, pair) for at, pair in enumerate(pairs) if pair[0] is not None]
    p_values = [compare(*pair, dispersion=dispersion).p_value for _, pair in looked]
    rejected = {looked[k][0] for k in step_up(p_values, 0.05)}
    assert {int(name) for name in found.list_areas(Outcome.UP, Outcome.DOWN)} == rejected
    assert (found.tests, found.changes) == (len(looked), len(rejected))


def test_what_is_believed_depends_on_how_many_were_looked_at():
    quiet = [(10, 12)] * 15
    found = changes((40, 10), (9, 31), *quiet, (None, 4), (0, 0))
    assert (found.changes, found.tests) == (2, 18)
    # Alone it would have been believed.
    assert compare(9, 22).outcome is Outcome.DOWN
    assert changes((9, 22), *quiet).changes == 0
    assert changes((None, 3)).tests == 0
    assert changes((9, 25)).changes == 1
