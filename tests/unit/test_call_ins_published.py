"""Published figures of reach beside a release: never mixed, and said when they disagree."""

from __future__ import annotations

import pandas as pd

from longevity.text import published_reach

CITIES = {"east": "East", "west": "West"}
FIGURES = pd.DataFrame(
    {
        "city": ["east", "east", "east", "east", "west"],
        "date": ["2012-11-26", "2012", "2012", "2012", "undated"],
        "event": ["two call-ins", "audit", "claim", "claim", "almost 80"],
        "measure": ["called_in", "groups", "groups", "members", "participants"],
        "qualifier": [None, None, None, "fewer than", "almost"],
        "value": [27, 52, 19, 600, 80],
        "first_call_ins": pd.array([2, None, None, None, None], "Int64"),
        "source_url": [f"https://www.{site}.example/x" for site in "abcdc"],
    }
)
SESSIONS = pd.DataFrame(
    {
        "city": ["east"] * 4,
        "call_in_id": ["d", "c", "b", "a"],
        "status": ["scheduled", "held", "held", "held"],
        "held_on": pd.to_datetime([None, "2014-01-01", "2012-12-01", "2012-11-26"]),
        "invited": pd.array([7, 9, 18, 20], "Int64"),
        "attended": pd.array([None, 9, 10, 11], "Int64"),
        "attended_unknown": pd.array([None, 0, 0, 4], "Int64"),
    }
)
GROUPS = pd.DataFrame(
    {
        "city": ["east", "east", "east"],
        "audited": pd.array([True, True, False], "boolean"),
        "members": pd.array([9, None, 4], "Int64"),
    }
)


def test_the_releases_own_figure_stands_beside_and_says_synthetic() -> None:
    told = published_reach.build_comparison_table(FIGURES, SESSIONS, GROUPS, CITIES, True)
    assert told["Published"].tolist() == [
        "27 called in",
        "52 groups",
        "19 groups",
        "fewer than 600 members of groups",
        "almost 80 participants",
    ]
    assert told["This release, SYNTHETIC"].tolist() == [
        "38 invited to the first 2 call-ins, 21 came, 4 unknown",
        "2 active audited groups",
        "2 active audited groups",
        "9 members at the last audits, of 1 of 2 groups",
        "nothing to compare",
    ]
    assert told["Source"].tolist() == FIGURES["source_url"].tolist()
    real = published_reach.build_comparison_table(FIGURES, SESSIONS, GROUPS, CITIES, False)
    assert "This release" in real.columns


def test_a_release_with_too_few_sessions_or_no_groups_has_nothing_to_compare() -> None:
    told = published_reach.build_comparison_table(
        FIGURES, SESSIONS.tail(1), GROUPS.head(0), CITIES, False
    )
    assert set(told["This release"]) == {"nothing to compare"}
    assert published_reach.build_comparison_table(
        FIGURES.head(0), SESSIONS, GROUPS, CITIES, True
    ).empty


def test_sources_that_disagree_are_named_and_no_number_is_chosen() -> None:
    assert published_reach.list_disagreements(FIGURES, CITIES) == [
        "Sources disagree about East, 2012: 52 groups (b.example) and 19 groups (c.example)."
    ]


def test_one_source_with_two_numbers_and_two_with_one_are_no_disagreement() -> None:
    groups = FIGURES[FIGURES["measure"] == "groups"]
    same_source = groups.assign(source_url="https://b.example/x")
    assert published_reach.list_disagreements(same_source, CITIES) == []
    assert published_reach.list_disagreements(groups.assign(value=52), CITIES) == []


def test_the_warning_says_synthetic_only_when_it_is() -> None:
    assert "SYNTHETIC" in published_reach.write_warning(True)
    assert "SYNTHETIC" not in published_reach.write_warning(False)
