"""What a release is made from, in words."""

from __future__ import annotations

from typing import Any

import pandas as pd

from longevity.text import sources

CITIES = {"east": "East", "west": "West"}
MANIFEST = {"release_id": "R1", "published_on": "2026-11-23", "previous": "R0"}


def through(*rows: tuple[str, str, str | None, bool | None]) -> Any:
    frame = pd.DataFrame(rows, columns=["extract", "city", "data_through", "derived"])
    frame["data_through"] = pd.to_datetime(frame["data_through"]).astype("datetime64[us]")
    return frame.astype({"derived": "boolean"})


def test_the_opening_sentence_takes_the_least_of_incidents_and_victims():
    frame = through(
        ("incidents", "east", "2026-11-22", False),
        ("incidents", "west", "2026-11-22", False),
        ("victims", "east", "2026-11-21", False),
        ("victims", "west", "2026-11-22", False),
        ("services", "east", "2020-01-01", False),
    )
    assert sources.describe_release(MANIFEST, frame, CITIES) == (
        "Shootings are counted through East November 21, 2026; and West November 22, 2026, in data "
        "published on November 23, 2026."
    )


def test_one_day_for_all_is_said_once():
    frame = through(
        ("incidents", "east", "2026-11-22", False),
        ("victims", "west", "2026-11-22", True),
    )
    assert sources.describe_release(MANIFEST, frame, CITIES).startswith(
        "Shootings are counted through November 22, 2026, in "
    )
    assert sources.describe_release(MANIFEST, through(), CITIES).endswith(
        "do not say how far they go."
    )


DAYS = through(
    ("incidents", "east", "2026-11-22", True),
    ("incidents", "west", None, None),
    ("call_ins", "east", "2026-11-20", False),
    ("call_ins", "west", "2026-11-20", False),
    ("services", "east", None, None),
)


def test_a_derived_day_says_so_a_missing_one_is_a_dash_and_what_is_absent_has_no_line():
    supplied = [True, True, True, True, False]
    assert sources.build_days_table(DAYS.assign(supplied=supplied), CITIES).to_dict("records") == [
        {"Extract": "incidents", "East": "Nov 22, 2026 (derived)", "West": "–"},
        {"Extract": "call-ins", "East": "Nov 20, 2026", "West": "Nov 20, 2026"},
    ]


def test_cities_alike_in_every_row_share_a_column():
    alike = DAYS[DAYS["extract"] == "call_ins"]
    assert sources.build_days_table(alike, CITIES).to_dict("records") == [
        {"Extract": "call-ins", "Data through, every city": "Nov 20, 2026"}
    ]


def test_who_reads_the_rows_is_told_how_many_there_are():
    frame = DAYS.iloc[:4].assign(rows=[1200, 34, 4, 3])
    all_cities = frame.assign(quarantined_of_all_cities=[None, None, 2, 2])
    assert sources.build_rows_table(all_cities, CITIES).to_dict("records") == [
        {
            "Extract": "incidents",
            "Rows": 1234,
            "Quarantined": "–",
            "East": "Nov 22, 2026 (derived)",
            "West": "–",
        },
        {
            "Extract": "call-ins",
            "Rows": 7,
            "Quarantined": "2",
            "East": "Nov 20, 2026",
            "West": "Nov 20, 2026",
        },
    ]
    west = frame[frame["city"] == "west"].assign(quarantined_of_all_cities=[None, None])
    assert sources.build_rows_table(west, CITIES).to_dict("records") == [
        {"Extract": "incidents", "Rows": 34, "West": "–"},
        {"Extract": "call-ins", "Rows": 3, "West": "Nov 20, 2026"},
    ]


def test_what_was_classified_otherwise_is_told_of_cities_in_which_some_was():
    frame = pd.DataFrame(
        {"city": ["east", "west"], "gmi_changed": [1, 0], "circumstance_changed": [2, 0]}
    )
    assert sources.describe_reclassified(frame, CITIES) == [
        "East: of earlier weeks 1 incident changed group involvement and 2 incidents changed "
        "circumstance."
    ]


def test_revisions_tell_none_apart_from_no_baseline():
    none = pd.DataFrame({"sentence": pd.Series([], dtype="str")})
    some = pd.DataFrame({"sentence": ["2 victims added to earlier weeks."]})
    assert sources.list_changes(some, [], MANIFEST) == ["2 victims added to earlier weeks."]
    assert sources.list_changes(none, [], MANIFEST) == []
    assert sources.list_changes(none, ["East."], {**MANIFEST, "previous": None}) == []


def test_checks_agree_in_number():
    frame = pd.DataFrame({"severity": ["warning", "warning", "error"]})
    said = sources.describe_checks(frame)
    assert said == "The checks let this release through with 1 error and 2 warnings."
    assert sources.describe_checks(frame.iloc[:0]) == "The checks found nothing to say."
