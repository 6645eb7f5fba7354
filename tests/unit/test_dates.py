"""Days as they are read."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from longevity import dates
from longevity.ui import html_tables
from longevity.ui.page_context import describe_stale_data


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


CITIES = {"east": "East", "west": "West"}


def manifest(kind: str, east: str, west: str) -> dict[str, object]:
    through = {
        "east": {"day": east, "derived": False},
        "west": {"day": west, "derived": True},
    }
    return {"kind": kind, "data_through": {"incidents": through, "victims": through}}


def test_a_release_is_stale_when_its_newest_data_are_older_than_eight_days():
    said = manifest("real", "2026-11-02", "2026-11-14")
    assert describe_stale_data(said, date(2026, 11, 22), 8, CITIES) == ""
    assert describe_stale_data(said, date(2026, 11, 23), 8, CITIES) == (
        "The newest data of this release end on November 14, 2026, 9 days ago; a newer release is "
        "due. Shootings are counted through: East November 2, 2026 and West November 14, 2026. "
        "What happened since is in no figure here."
    )
    alike = manifest("real", "2026-11-14", "2026-11-14")
    assert "counted through" not in describe_stale_data(alike, date(2026, 11, 23), 8, CITIES)
