"""What a release is made from, in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from longevity.screens import data_sources as sources

CITIES = {"east": "East", "west": "West"}
MANIFEST = {"release_id": "R1", "published_on": "2026-11-23", "previous": "R0"}


def through(*rows: tuple[str, str, str | None, bool | None]) -> Any:
    frame = pd.DataFrame(rows, columns=["extract", "city", "data_through", "derived"])
    frame["data_through"] = pd.to_datetime(frame["data_through"]).astype("datetime64[us]")
    return frame.astype({"derived": "boolean"})


def test_the_opening_sentence_names_each_citys_last_day_where_they_differ():
    last_days = {"east": date(2026, 11, 21), "west": date(2026, 11, 22)}
    assert sources.describe_release(MANIFEST, last_days, CITIES) == (
        "Shootings are counted through East November 21, 2026; and West November 22, 2026, in data "
        "published on November 23, 2026."
    )


DAYS = through(
    ("incidents", "east", "2026-11-22", True),
    ("incidents", "west", None, None),
    ("call_ins", "east", "2026-11-20", False),
    ("call_ins", "west", "2026-11-20", False),
)


def test_a_derived_day_says_so_and_a_missing_one_is_a_dash():
    table = sources.build_extracts_table(DAYS, CITIES)
    assert table.to_dict("records") == [
        {"Extract": "incidents", "East": "Nov 22, 2026 (derived)", "West": "–"},
        {"Extract": "call-ins", "East": "Nov 20, 2026", "West": "Nov 20, 2026"},
    ]
