"""Reach in numbers and words, held by hand."""

from __future__ import annotations

import math
from datetime import date

import pandas as pd
import pytest

from longevity.stats.attendance import (
    Attendance,
    count_losses,
    sum_attendance,
    sum_attendance_in_custody,
)
from longevity.stats.proportion import compute_wilson_interval
from longevity.text import reach

CITIES = {"east": "East", "west": "West"}


def by_hand(part: int, whole: int) -> tuple[float, float]:
    """Wilson's bounds from his formula."""
    z = 1.959963984540054
    share, spread = part / whole, z * z / whole
    centre = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / whole + spread / whole / 4) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


@pytest.mark.parametrize(
    ("part", "whole"), [(p, w) for w in (1, 2, 7, 164) for p in {0, 1, w // 2, w}]
)
def test_the_interval_is_wilsons(part, whole):
    found = compute_wilson_interval(part, whole)
    assert (found.low, found.high) == pytest.approx(by_hand(part, whole), abs=1e-12)
    assert found.share == part / whole


def test_a_share_of_nobody_is_missing_and_a_part_is_never_more_than_its_whole():
    assert compute_wilson_interval(0, 0).share is None
    with pytest.raises(ValueError, match="cannot be a part"):
        compute_wilson_interval(3, 2)


def test_attendance_is_a_range_and_says_what_is_unknown():
    said = reach.describe_attendance(Attendance(92, 12, 164), 30)
    assert said == (
        "92 of 164 reached came (56–63%; with chance 48–70%); attendance unknown for 12 of 164"
    )


def test_few_reached_have_no_percentage():
    assert (
        reach.describe_attendance(Attendance(3, 0, 4), 30)
        == "3 of 4 reached came; attendance known for all 4"
    )


def test_a_call_in_that_reached_nobody_is_said_in_words():
    assert reach.describe_attendance(Attendance(0, 0, 0), 30).startswith(
        "The invitation reached nobody"
    )


def test_those_in_custody_are_apart():
    by_route = pd.DataFrame(
        {
            "route": ["parole", "voluntary", "in_custody"],
            "reachable": [4, 6, 3],
            "attended": [2, 3, 3],
            "attended_unknown": [1, 0, 0],
        }
    )
    assert sum_attendance(by_route) == Attendance(5, 1, 10)
    assert sum_attendance_in_custody(by_route) == Attendance(3, 0, 3)


FUNNEL = pd.DataFrame(
    {
        "invited": [10, 2],
        "reachable": [7, 1],
        "reachable_unknown": [1, 0],
        "attended": [5, 0],
        "attended_unknown": [1, 0],
        "attended_aged_30": [4, 0],
        "intake_30": [3, 0],
        "attended_aged_90": [3, 0],
        "intake_aged_90": [3, 0],
        "active_90": [1, 0],
        "completed_90": [1, 0],
        "active_unknown_90": [0, 0],
    }
).astype("Int64")


def test_each_loss_is_named_and_the_unknown_and_the_completed_are_none():
    lost = count_losses(FUNNEL)
    assert lost.to_numpy().tolist() == [
        ["reachable", 12, 8, 1, 0, 3],
        ["attended", 8, 5, 1, 0, 2],
        ["intake_30", 4, 3, 0, 0, 1],
        ["active_90", 3, 1, 0, 1, 1],
    ]


def test_without_services_the_funnel_ends_at_attendance():
    later = ["attended_aged_30", "intake_30", "intake_aged_90", "active_90", "active_unknown_90"]
    without = FUNNEL.assign(**{name: pd.array([None, None], dtype="Int64") for name in later})
    assert count_losses(without)["stage"].tolist() == ["reachable", "attended"]


def test_coverage_names_groups_without_audit_and_cities_without_data():
    frame = pd.DataFrame(
        {
            "city": ["east"],
            "audited_groups": [17],
            "covered": [12],
            "without_audit": [1],
            "oldest_audit_on": pd.to_datetime([date(2014, 12, 23)]),
            "newest_audit_on": pd.to_datetime([date(2026, 9, 5)]),
        }
    )
    assert reach.describe_coverage(frame, CITIES) == [
        "East: 12 of 17 active audited groups had a member at a call-in in twelve months; audited "
        "from December 23, 2014 to September 5, 2026; 1 active group has no audit date and stands "
        "apart.",
        "West: no groups, sessions or memberships were supplied.",
    ]


def test_money_is_divided_only_when_all_of_it_is_known_and_the_year_is_over():
    assert reach.describe_cost(268_000.0, 40, 0, True) == (
        "$6,700 for each person reached: $268,000, 40 people."
    )
    assert "$268,001, 40 people" in reach.describe_cost(268_000.6, 40, 0, True)  # rounded, not cut
    assert "1 source unknown" in reach.describe_cost(100.0, 4, 1, True)
    assert "not over" in reach.describe_cost(100.0, 4, 0, False)
    assert reach.describe_cost(100.0, 0, 0, True) == "$100 spent; nobody reached."
    assert reach.describe_cost(None, 1, 3, True) == "What was spent is not known; 1 person reached."


def test_involvement_has_its_range():
    assert reach.describe_gmi_range(22, 5, 3, 62, 65) == (
        "22 of 62 reviewed incidents are confirmed group-member-involved; of all 65, 22 at least "
        "and 30 at most (involvement unknown for 3 of 65)."
    )


def test_silent_cities_are_named():
    frame = pd.DataFrame({"city": ["east"]})
    # Of several extracts some may have been supplied.
    assert (
        reach.describe_cities_without(frame, CITIES, ["call-ins", "invitations"])
        == "Not all supplied for West: call-ins and invitations."
    )
    assert (
        reach.describe_cities_without(frame, CITIES, ["call-ins"])
        == "No call-ins supplied for West."
    )
    assert (
        reach.describe_cities_without(
            pd.DataFrame({"city": ["east", "west"]}), CITIES, ["call-ins"]
        )
        == ""
    )
