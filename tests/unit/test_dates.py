"""Days as they are read."""

from __future__ import annotations

import pandas as pd
import pytest

from longevity import dates
from longevity.outputs import html_tables


def test_every_day_in_a_text_but_none_inside_a_name():
    told = "from = 2026-11-02; id = 2026-11-24-13c86719ee5e; not 2026-13-01; >= 2026-11-22"
    assert dates.shorten_all(told) == (
        "from = Nov 2, 2026; id = 2026-11-24-13c86719ee5e; not 2026-13-01; >= Nov 22, 2026"
    )


@pytest.mark.parametrize(
    ("filed", "read"),
    [
        ("2012-11-26", "November 26, 2012"),
        ("2014-12 (approx)", "December 2014 (approx)"),
        ("2012", "2012"),
        ("2014-13", "2014-13"),
        ("2014-12 to 2015-03", "December 2014 to 2015-03"),
    ],
)
def test_a_date_as_a_source_gave_it(filed, read):
    assert dates.format_source_date(filed) == read


@pytest.mark.parametrize(
    ("name", "values", "written"),
    [
        ("Year", [2024, 2025], ".0f"),
        ("Count", [3.0, None], ",.0f"),
        ("Rate", [67.02107, 1234.5], ",.1f"),
        ("Ratio", [0.3077, 1.26], ",.2f"),
        ("Answered", [0.02816, 0.5], ",.3f"),
        ("Spent", [268161.32], "$"),
    ],
)
def test_a_column_of_numbers(name, values, written):
    assert html_tables.find_number_format(name, pd.Series(values, dtype="float")) == written
