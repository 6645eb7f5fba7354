"""What the community asked and came to, in sentences and pictures, by hand."""

from __future__ import annotations

import pandas as pd

from longevity.charts.chart import Drawing
from longevity.charts.figures import coming_home as drawn
from longevity.charts.theme import LIGHT
from longevity.text import community
from tests.oracles import figure_checks

CITIES = {"east": "East", "west": "West"}
EVENTS = pd.DataFrame(
    {
        "city": ["east", "west", "east", "east"],
        "kind": ["vigil", "vigil", "forum", "other"],
        "events": [2, 1, 1, 0],
        "attendance": [40, 10, 0, 0],
        "attendance_unknown": [1, 0, 1, 0],
    }
)
REQUESTS = pd.DataFrame(
    {
        "city": ["east", "east", "east", "west"],
        "topic": ["all", "youth", "other", "all"],
        "asked": [4, 3, 1, 0],
        "answered": [2, 2, 0, 0],
        "unanswered": [2, 1, 1, 0],
        "median_days": [7.5, 7.5, None, None],
        "oldest_unanswered_days": [10, 10, 1, None],
    }
)
WAITING = pd.DataFrame(
    {
        "city": ["east", "west"],
        "request_id": ["q1", "q2"],
        "topic": ["youth", "other"],
        "asked_on": pd.to_datetime(["2019-06-30", "2024-06-20"]),
        "days_unanswered": [1827, 10],
        "last_day": pd.to_datetime(["2024-06-30"] * 2),
    }
)


def test_unknown_attendance_is_said_and_not_counted_as_nobody() -> None:
    assert community.write_events_title(EVENTS) == (
        "4 events with the community, 50 attended; attendance unknown for 2"
    )
    held = community.sum_events(EVENTS)
    assert held["kind"].tolist() == ["vigil", "forum"]
    assert held[["counted", "uncounted"]].to_numpy().tolist() == [[2, 1], [0, 1]]
    assert community.describe_attendance(1, 0, 1) == "attendance unknown"
    assert community.describe_attendance(3, 50, 1) == "50 came; 1 event not counted"
    assert community.describe_attendance(3, 0, 0) == "0 came"
    assert community.write_events_title(EVENTS.tail(1)).startswith("No event")


def test_answers_are_told_of_all_that_was_asked() -> None:
    assert community.write_requests_title(REQUESTS) == (
        "2 of 4 requests of the community answered, 2 not"
    )
    assert community.write_requests_title(REQUESTS.tail(1)).startswith("The community is not known")
    assert community.sum_requests(REQUESTS)["topic"].tolist() == ["youth", "other"]


def test_medians_stay_with_their_city_and_none_is_no_number() -> None:
    assert community.describe_medians(REQUESTS, CITIES) == (
        "Median days to an answer, of those answered. East: 7.5 days (2 of 4 answered); West: "
        "nothing asked."
    )
    silent = REQUESTS.head(1).assign(answered=0, median_days=None)
    assert "none of 4 answered" in community.describe_medians(silent, CITIES)
    assert community.describe_medians(REQUESTS.head(0), CITIES) == ""


def test_what_waits_is_counted_however_old() -> None:
    counts = pd.DataFrame(
        {
            "city": ["east", "west"],
            "waiting": [1, 1],
            "within_a_year": [0, 1],
            "oldest_asked_on": pd.to_datetime(["2019-06-30", "2024-06-20"]),
            "oldest_days": [1827, 10],
        }
    )
    assert community.describe_waiting(counts) == (
        "2 requests wait for an answer, 1 of them from the last 365 days; the oldest since June "
        "30, 2019, 1,827 days."
    )
    assert community.describe_waiting(counts.tail(1)) == (
        "1 request waits for an answer, asked on June 20, 2024: 10 days."
    )
    assert community.describe_waiting(counts.head(0)) == "No request is waiting for an answer."
    assert next(iter(community.build_waiting_table(WAITING, CITIES))) == "asked_on"


def test_nothing_held_and_nothing_asked_is_still_a_picture() -> None:
    plain = Drawing(LIGHT, CITIES, False)
    for chart in (
        drawn.draw_events(EVENTS.tail(1), plain),
        drawn.draw_requests(REQUESTS.tail(1), plain),
    ):
        figure_checks.assert_valid(chart.figure)
        assert not figure_checks.is_marked(chart.figure)
