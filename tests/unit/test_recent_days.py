"""The newest days against a year before, worked by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd

from longevity.stats.baselines import TOGETHER
from longevity.text.recent_days import build_recent_table, describe_windows

NAMES = {"east": "East", "west": "West", TOGETHER: "All cities"}
COLUMNS = ["city", "years_back", "windows_back", "date_from", "date_until", "victims", "incidents"]
SLICES = pd.DataFrame(columns=COLUMNS)


def window(*rows: tuple[str, int, int | None, int | None]) -> pd.DataFrame:
    """Rows of `rolling_by_city`: city, years back, people shot, incidents."""
    days = {0: ("2026-10-26", "2026-11-23"), 1: ("2025-10-26", "2025-11-23")}
    frame = pd.DataFrame(
        [(city, back, 0, *days[back], people, events) for city, back, people, events in rows],
        columns=COLUMNS,
    )
    frame[["date_from", "date_until"]] = frame[["date_from", "date_until"]].apply(pd.to_datetime)
    return frame.astype({"victims": "Int64", "incidents": "Int64"})


def test_people_are_shown_and_chance_is_tested_on_incidents() -> None:
    # West: many more people, in as many incidents: no clear change.
    frame = window(
        ("east", 0, 100, 90), ("east", 1, 200, 180), ("west", 0, 90, 9), ("west", 1, 9, 9)
    )
    table = build_recent_table({28: frame}, SLICES, "victims", NAMES, 30)
    assert table.to_dict("records") == [
        {
            "City": "East",
            "28 days": "100",
            "28 days, a year before": "200",
            "28 days, change": "▼ down (clear), −50%",
        },
        {
            "City": "West",
            "28 days": "90",
            "28 days, a year before": "9",
            "28 days, change": "– no clear change, +81",
        },
        {
            "City": "All cities",
            "28 days": "190",
            "28 days, a year before": "209",
            "28 days, change": "▼ down (clear), −9%",
        },
    ]


def test_what_one_city_does_not_know_is_known_of_no_sum() -> None:
    frame = window(("east", 0, 5, 5), ("east", 1, 6, 6), ("west", 0, 1, 1), ("west", 1, None, None))
    table = build_recent_table({28: frame}, SLICES, "victims", NAMES, 30)
    assert table["28 days"].tolist() == ["5", "1", "6"]
    assert table["28 days, a year before"].tolist() == ["6", "not known", "not known"]
    assert table["28 days, change"].tolist()[1:] == ["not known", "not known"]


def test_a_city_whose_data_do_not_reach_over_the_longer_days_has_no_sum_of_them() -> None:
    both = window(("east", 0, 5, 5), ("east", 1, 6, 6), ("west", 0, 1, 1), ("west", 1, 2, 2))
    windows = {28: both, 365: both[both["city"] == "east"]}
    table = build_recent_table(windows, SLICES, "victims", NAMES, 30)
    assert table["28 days"].tolist() == ["5", "1", "6"]
    assert table["365 days"].tolist() == ["5", "not known", "not known"]


def test_one_city_alone_is_not_added_up() -> None:
    frame = window(("east", 0, 5, 5), ("east", 1, 6, 6))
    table = build_recent_table({28: frame}, SLICES, "victims", NAMES, 30)
    assert table["City"].tolist() == ["East"]


def test_days_the_data_do_not_reach_are_named_and_have_no_column() -> None:
    frame = window(("east", 0, 5, 5))
    windows = {28: frame, 365: frame.iloc[:0]}
    assert list(build_recent_table(windows, SLICES, "victims", NAMES, 30).columns) == [
        "City",
        "28 days",
        "28 days, a year before",
        "28 days, change",
    ]
    assert describe_windows(windows, date(2026, 11, 22)) == [
        "28 days: October 26 to November 22, 2026.",
        "The data do not reach back over the whole of the 365 days to November 22, 2026.",
    ]
