"""What the community asked and came to, in sentences and pictures, by hand."""

from __future__ import annotations

from longevity.text import community
from tests.factories.ascii_table import read_frame

CITIES = {"east": "East", "west": "West"}
EVENTS = read_frame("""
    city | kind  | events | attendance | attendance_unknown
    east | vigil | 2      | 40         | 1
    west | vigil | 1      | 10         | 0
    east | forum | 1      | 0          | 1
    east | other | 0      | 0          | 0
""")
REQUESTS = read_frame("""
    city | topic | asked | answered | unanswered | median_days | oldest_unanswered_days
    east | all   | 4     | 2        | 2          | 7.5         | 10
    east | youth | 3     | 2        | 1          | 7.5         | 10
    east | other | 1     | 0        | 1          |             | 1
    west | all   | 0     | 0        | 0          |             |
""")
WAITING = read_frame("""
    city | request_id | topic | asked_on   | days_unanswered | last_day
    east | q1         | youth | 2019-06-30 | 1827            | 2024-06-30
    west | q2         | other | 2024-06-20 | 10              | 2024-06-30
""")


def test_unknown_attendance_is_said_and_not_counted_as_nobody():
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


def test_answers_are_told_of_all_that_was_asked():
    assert community.write_requests_title(REQUESTS) == (
        "2 of 4 requests of the community answered, 2 not"
    )
    assert community.write_requests_title(REQUESTS.tail(1)).startswith("The community is not known")
    assert community.sum_requests(REQUESTS)["topic"].tolist() == ["youth", "other"]


def test_medians_stay_with_their_city_and_none_is_no_number():
    assert community.describe_medians(REQUESTS, CITIES) == (
        "Median days to an answer, of those answered. East: 7.5 days (2 of 4 answered); West: "
        "nothing asked."
    )
    silent = REQUESTS.head(1).assign(answered=0, median_days=None)
    assert "none of 4 answered" in community.describe_medians(silent, CITIES)
    assert community.describe_medians(REQUESTS.head(0), CITIES) == ""


def test_what_waits_is_counted_however_old():
    waiting = read_frame("""
        city | asked_on   | days_unanswered
        east | 2019-06-30 | 1827
        west | 2024-06-20 | 10
    """)
    assert community.describe_waiting(waiting) == (
        "2 requests wait for an answer, 1 of them from the last 365 days; the oldest since June "
        "30, 2019, 1,827 days."
    )
    assert community.describe_waiting(waiting.tail(1)) == (
        "1 request waits for an answer, asked on June 20, 2024: 10 days."
    )
    assert community.describe_waiting(waiting.head(0)) == "No request is waiting for an answer."
    assert next(iter(community.build_waiting_table(WAITING, CITIES))) == "asked_on"
