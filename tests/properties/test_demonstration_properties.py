"""Of a demonstration to any day the planted truths are those of its rows."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from hypothesis import Phase, example, given
from hypothesis import settings as how
from hypothesis import strategies as st

from longevity import demo
from longevity import settings as configuration
from tests.oracles.demonstration_counts import assert_promises, assert_totals, truths


# Shrinking would take minutes; the days and the seed say enough.
@how(max_examples=4, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(until=st.dates(date(2008, 1, 1), date(2031, 1, 10)), seed=st.integers(0, 2**32))
@example(until=date(2015, 12, 1), seed=0)  # an episode open over the turn of a year
@example(until=date(2022, 5, 8), seed=149060)  # a group passed on before its successor was told
def test_planted_truths_come_back_on_any_day(until, seed):
    configured = configuration.load_settings(environment={})
    with tempfile.TemporaryDirectory() as folder:
        demo.write_demonstration(Path(folder), configured, until, 1, seed)
        assert_promises(Path(folder), until)
        assert_totals(Path(folder), truths(Path(folder)))
