"""Coming home in sentences and pictures, against tables followed by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from longevity.charts.chart import Drawing
from longevity.charts.figures import coming_home as drawn
from longevity.charts.theme import LIGHT
from longevity.measures.say import say
from longevity.reports.support import Support
from longevity.text import coming_home
from tests.factories.ascii_table import read_frame
from tests.factories.contexts import make_context

CITIES = {"east": "East", "west": "West"}
LAST = pd.Timestamp(2024, 6, 30)


def drawing(theme: Any = LIGHT) -> Drawing:
    return Drawing(theme, CITIES, True)


def screen(**thresholds: int) -> Support:
    """Return the screen as far as its sentences go."""
    return Support(make_context(thresholds=thresholds), None, CITIES)


def greeting(**counts: int) -> pd.DataFrame:
    names = ("exits", "greeted", "at_the_gate", "greeted_late", "greeted_unknown", "not_greeted")
    row = dict.fromkeys((*names, "too_recent", "off_the_list"), 0) | counts
    return pd.DataFrame([{"city": "east", **row, "last_day": LAST}])


def test_the_answer_sorts_everybody_who_came_home():
    east = greeting(exits=9, greeted=5, at_the_gate=2, greeted_late=1, not_greeted=3, too_recent=1)
    west = greeting(exits=2, greeted_unknown=1, not_greeted=1).assign(city="west")
    assert screen().say_who_was_met(pd.concat([east, west])) == (
        "Of 12 members on the list who came home from custody in the twelve months to "
        "June 30, 2024, 5 were met at the gate (2) or within 72 hours; 5 were not (1 met later, "
        "4 with no meeting noted); 1 is unknown; and 1 is too recent to tell."
    )


def test_one_of_each_agrees_in_number_and_cities_told_to_other_days_are_said():
    east = greeting(exits=1, greeted=1, at_the_gate=1)
    assert screen(greeted_within_hours=48).say_who_was_met(east) == (
        "Of 1 member on the list who came home from custody in the twelve months to June 30, 2024, "
        "1 was met at the gate (1) or within 48 hours; 0 were not (0 met later, 0 with no meeting "
        "noted); 0 are unknown; and 0 are too recent to tell."
    )
    west = east.assign(city="west", last_day=pd.Timestamp(2024, 7, 2))
    said = screen().say_who_was_met(pd.concat([east, west]))
    assert "to June 30, 2024 (the last city: July 2, 2024)" in said


def test_nobody_home_and_nothing_handed_over_are_two_things():
    assert screen().say_who_was_met(greeting()).startswith("No member on the list is known")
    assert "was not supplied" in screen().say_who_was_met(greeting().head(0))


def test_people_not_on_the_list_are_left_out_aloud():
    assert "1 exit of people" in say("met_home.left_out", greeting(off_the_list=1))
    assert "member on the list" in say("met_home.left_out", greeting())


@pytest.mark.parametrize(
    ("through", "first"),
    [
        (date(2024, 6, 30), date(2021, 7, 1)),
        (date(2024, 1, 1), date(2021, 4, 1)),
        (date(2024, 12, 31), date(2022, 1, 1)),
    ],
)
def test_twelve_quarters_end_in_that_of_the_day(through, first):
    assert coming_home.find_first_quarter(through) == first
    assert len(pd.date_range(first, through, freq="QS")) == coming_home.QUARTERS


EXITS = pd.DataFrame(
    {
        "city": ["east", "east", "east", "east", "west"],
        "quarter": pd.to_datetime(["2023-10-01", *["2024-01-01"] * 2, *["2024-04-01"] * 2]),
        "outcome": ["greeted", "greeted", "not_greeted", "greeted_unknown", "too_recent"],
        "exits": pd.array([9, 1, 1, 1, 1], "Int64"),
    }
)
TOLD = pd.DataFrame({"city": ["east", "west"], "last_day": [LAST, pd.Timestamp(2024, 6, 29)]})


def test_quarters_without_an_exit_are_zero_and_one_that_runs_is_not_complete():
    found = coming_home.count_by_quarter(EXITS, TOLD, date(2024, 1, 1))
    assert found.drop(columns="quarter").to_numpy().tolist() == [
        ["east", 1, 0, 1, 0, 0, True],
        ["east", 0, 0, 0, 1, 0, True],
        ["west", 0, 0, 0, 0, 0, True],
        ["west", 0, 0, 0, 0, 1, False],
    ]


def test_the_title_says_what_is_unknown_and_too_recent():
    found = coming_home.count_by_quarter(EXITS, TOLD, date(2024, 1, 1))
    assert say("met_home.title", found, of_all=3, since=date(2024, 1, 1)) == (
        "1 of 3 who came home since January 2024 was met in time; unknown for 1, "
        "1 more too recent to tell"
    )
    assert say("met_home.title", of_all=0, since=date(2024, 1, 1)).startswith("No member on")


def test_greetings_are_drawn_once_each_on_one_scale():
    quarters = coming_home.count_by_quarter(EXITS, TOLD, date(2024, 1, 1))
    chart = drawn.draw_greetings(quarters, drawing(), "Met")
    counted: dict[str, int] = {}
    for bar in chart.figure["data"]:
        counted[bar["name"]] = counted.get(bar["name"], 0) + sum(bar["y"])
    # Nobody was met later, so the key does not offer it.
    assert counted == {
        "met in time": 1,
        "no meeting noted": 1,
        "unknown": 1,
        "too recent to tell": 1,
    }
    assert chart.figure["layout"]["xaxis"]["ticktext"] == ["Q1<br>2024", "Q2<br>so far"]
    assert chart.alt.endswith("Met.")
    scales = [chart.figure["layout"][axis]["range"] for axis in ("yaxis", "yaxis2")]
    assert scales[0] == scales[1]


def test_offices_that_met_people_are_counted_with_the_unnamed():
    met = read_frame("""
        city | greeted_by | exits
        east | office     | 1
        east |            | 1
        west | office     | 1
    """)
    assert screen().say_who_met_them(met) == (
        "Who met them in the twelve months, in time or later: office 2 and an office not noted 1."
    )
    assert screen().say_who_met_them(met.head(0)) == "No meeting is noted in the twelve months."


COMING = pd.DataFrame(
    {
        "city": ["east", "west"],
        "custody_release_id": ["r1", "r2"],
        "person_id": ["p1", "p2"],
        "groups": ["Copper", None],
        "group_ids": ["g1", None],
        "status": ["expected", "overdue"],
        "expected_on": pd.to_datetime(["2024-07-03", "2024-06-01"]),
        "days_ahead": [3, -29],
        "facility": ["north", "south"],
        "last_day": [LAST, LAST],
    }
)


def test_who_comes_next_says_when_and_who_should_be_home_already():
    counts = read_frame("""
        city | expected | overdue | first_expected_on | first_days_ahead
        east | 1        | 0       | 2024-07-03        | 3
        west | 0        | 1       |                   |
    """)
    assert screen().say_who_comes_next(counts, 8) == (
        "1 member on the list is expected home in the next 8 weeks, on July 3, 2024, 3 days after "
        "the last day on file. 1 was expected by now, with no release noted: ask the facility."
    )
    assert screen().say_who_comes_next(counts.head(0), 8) == (
        "No member on the list is expected home in the next 8 weeks."
    )
    listed = make_context().tabulate("expected_person", COMING)
    assert listed["groups"].tolist() == ["Copper", "no group noted"]
    assert listed["status"].tolist() == ["expected", "no release noted"]
    assert list(listed)[:3] == ["expected_on", "city", "person_id"]


SUPERVISED = pd.DataFrame(
    {
        "city": ["west", "east", "east"],
        "kind": ["parole", "parole", "probation"],
        "person_months": [10, 0, 20],
        "months_met": [4, 0, 5],
        "required": [20, 0, 40],
        "made": [18, 0, 30],
        "made_toward": [15, 0, 30],
        "attempted": [1, 0, 2],
        "result_unknown": [9, 0, 4],
        "standard_unknown": [0, 0, 1],
    }
)


def test_supervision_is_a_share_of_the_standard_and_never_passes_it():
    shown = coming_home.compute_supervision_shares(SUPERVISED)
    assert shown["city"].tolist() == ["west", "east"]  # nothing was asked of East's parole
    assert shown["share"].tolist() == [0.75, 0.75]
    assert shown["unsure"].tolist() == pytest.approx([0.25, 0.1])
    assert say("supervision.title", SUPERVISED, least_base_for_percentage=30) == (
        "Officers made 45 of 60 required contacts (75.0%)"
    )
    assert say("supervision.title", SUPERVISED, least_base_for_percentage=61) == (
        "Officers made 45 of 60 required contacts"
    )
    assert say("supervision.notes", SUPERVISED) == (
        "In 9 of 30 months under supervision the standard was met in full. 3 contacts were tried "
        "without success; the result of 13 is unknown, drawn as the most it could add. 1 month "
        "has no standard noted and is left out."
    )


def test_without_anything_asked_supervision_is_still_drawn_and_said():
    nothing = SUPERVISED.assign(required=0, made_toward=0, result_unknown=0)
    assert drawn.draw_supervision(nothing, drawing(), "None").alt.endswith(".")
    assert say("supervision.title", nothing).startswith("No supervision contact")


SERVICES = pd.DataFrame(
    {
        "city": ["east", "west", "east", "east"],
        "kind": ["housing", "housing", "legal", "other"],
        "offers": [6, 4, 3, 0],
        "offers_aged_30": [5, 4, 3, 0],
        "intake_30": [3, 1, 0, 0],
        "intake": [4, 1, 0, 0],
        "active": [1, 0, 0, 0],
        "completed": [1, 1, 0, 0],
        "ended": [1, 0, 0, 0],
        "active_unknown": [1, 0, 0, 0],
    }
)


def test_every_offer_stands_somewhere():
    shown = coming_home.sum_services_by_kind(SERVICES)
    assert shown["kind"].tolist() == ["housing", "legal"]
    assert shown[list(coming_home.STANDS)].sum(axis=1).tolist() == shown["offers"].tolist()
    assert shown["not_begun"].tolist() == [5, 3]
    assert say("services.title", SERVICES, least_base_for_percentage=30) == (
        "4 of 12 offers led to a service begun within 30 days"
    )
    assert say("services.title", SERVICES, least_base_for_percentage=12).endswith("(33.3%)")
    assert say("services.title", SERVICES.tail(1)).startswith("No offer")


def test_what_is_lost_from_offer_to_active_is_named():
    assert say("services.losses", SERVICES) == (
        "Offered to begun: 8 of 12 offers with 30 days behind them were not begun within 30 days; "
        "1 more was offered too recently to tell. Begun to active: of 5 begun by now, 1 had a "
        "contact in the last 30 days, 2 were completed, 1 had no contact for 30 days, and for 1 no "
        "contact is noted."
    )
