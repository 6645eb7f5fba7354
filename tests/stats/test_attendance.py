"""Kaplan-Meier, and the steps on the way to services, against plain loops and tables followed by hand."""

import math
import random

import pandas as pd
import pytest

from longevity.measures.declarations import load_measures
from longevity.measures.say import say
from longevity.screens.chart_catalogue import chart_list, declared
from longevity.screens.support import Support
from longevity.stats.attendance import count_losses
from longevity.stats.survival import estimate_curve
from tests.factories.contexts import make_context

# Days, and whether answered (1) or still awaited (0).
DAYS = (0, 0, 3, 3, 3, 5, 8, 8, 12, 15, 15, 21, 30, 30, 34, 41, 41, 55, 60, 77, 90, 91, 118, 140)
ANSWERED = (1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0)


def frame(days, answered, episodes=None):
    """Rows as the query answers them."""
    columns = {"days": (days, "Int64"), "answered": (answered, "boolean")}
    columns["episodes"] = (episodes or [1] * len(days), "Int64")
    return pd.DataFrame({name: pd.array(values, dtype=kind) for name, (values, kind) in columns.items()})


def test_the_median_and_its_interval_are_those_of_lifelines():
    found = estimate_curve(frame([*DAYS, 200], [*map(bool, ANSWERED), False]))
    # lifelines 0.30.3: median_survival_time_ and median_survival_times(confidence_interval_).
    assert (found.median.days, found.median.low, found.median.high) == (34, 12, 90)
    assert (found.episodes, found.answered) == (25, 17)


def naive(pairs, day, z=1.959963984540054):
    """The share waiting after `day` and its interval, one distinct day after the other."""
    share, variance = 1.0, 0.0
    for event in sorted({d for d, done in pairs if done and d <= day}):
        risk = sum(d >= event for d, _ in pairs)
        gone = sum(d == event and done for d, done in pairs)
        share *= 1 - gone / risk
        variance += gone / (risk * (risk - gone)) if risk > gone else math.inf
    if share in (0.0, 1.0):
        return [share, math.nan, math.nan]
    spread = z * math.sqrt(variance) / math.log(share)
    return [share, share ** math.exp(-spread), share ** math.exp(spread)]


@pytest.mark.parametrize("seed", range(20))
def test_as_plain_loops(seed):
    dice = random.Random(seed)
    pairs = [(dice.randint(0, 40), dice.random() < dice.choice([0.2, 0.7, 1.0])) for _ in range(dice.randint(1, 60))]
    found = estimate_curve(frame([d for d, _ in pairs], [done for _, done in pairs]))
    assert list(found.steps["days"]) == sorted({d for d, _ in pairs})
    for row in found.steps.itertuples():
        assert [row.waiting, row.low, row.high] == pytest.approx(naive(pairs, row.days), abs=1e-9, nan_ok=True)
    halves = [day for day in sorted({d for d, _ in pairs}) if naive(pairs, day)[0] <= 0.5]
    assert found.median.days == (halves[0] if halves else None)


def test_a_row_of_many_episodes_is_as_many_rows():
    many = estimate_curve(frame([3, 5, 5], [True, True, False], [4, 2, 3]))
    single = estimate_curve(frame([3] * 4 + [5] * 5, [True] * 4 + [True] * 2 + [False] * 3))
    pd.testing.assert_frame_equal(many.steps, single.steps)
    assert many.median == single.median


def test_nothing_yet_answered_and_nothing_at_all():
    waiting = estimate_curve(frame([4, 9], [False, False]))
    assert list(waiting.steps["waiting"]) == [1.0, 1.0]
    assert waiting.steps["low"].isna().all()
    assert waiting.median.days is None
    nothing = estimate_curve(frame([], []))
    assert (nothing.episodes, nothing.median.days) == (0, None)


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


def test_the_unknown_the_completed_and_the_too_recent_are_no_loss():
    lost = count_losses(FUNNEL)
    assert lost.to_numpy().tolist() == [
        ["reachable", 12, 0, 8, 1, 0, 3],
        ["attended", 8, 0, 5, 1, 0, 2],
        ["intake_30", 5, 1, 3, 0, 0, 1],
        ["active_90", 3, 0, 1, 0, 1, 1],
    ]


def test_without_services_the_funnel_ends_at_attendance():
    later = ["attended_aged_30", "intake_30", "intake_aged_90", "active_90", "active_unknown_90"]
    without = FUNNEL.assign(**{name: pd.array([None, None], dtype="Int64") for name in later})
    assert count_losses(without)["stage"].tolist() == ["reachable", "attended"]


# Coming home in sentences and pictures, against tables followed by hand

CITIES = {"east": "East", "west": "West"}
LAST = pd.Timestamp(2024, 6, 30)


def greeting(**counts):
    names = ("exits", "greeted", "at_the_gate", "greeted_late", "greeted_unknown", "not_greeted")
    row = dict.fromkeys((*names, "too_recent", "off_the_list"), 0) | counts
    return pd.DataFrame([{"city": "east", **row, "last_day": LAST}])


def test_the_answer_sorts_everybody_who_came_home():
    east = greeting(exits=9, greeted=5, at_the_gate=2, greeted_late=1, not_greeted=3, too_recent=1)
    west = greeting(exits=2, greeted_unknown=1, not_greeted=1).assign(city="west")
    assert make_context().say("met_home.about", pd.concat([east, west])) == (
        "Of 11 members on the list who came home in twelve months and whose 72 hours are over, "
        "5 were met at the gate (2) or in time and 1 later; for 4 no meeting is noted, for 1 it "
        "is unknown. 1 more came too recently to tell; 0 exits of people not on the list are left "
        "out."
    )


def test_no_one_home_and_nothing_handed_over_are_two_things():
    def answer(home):
        expected = pd.DataFrame({"city": ["east"], "expected": [0]})
        context = make_context(reentry_greeting=home, coming_home_by_city=expected)
        return Support(context, None, CITIES).answer_home()

    assert answer(greeting()).startswith("No member on the list is known")
    assert answer(greeting().head(0)).startswith("Not supplied by East and West: releases from")


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
    chart = chart_list.draw_chart(make_context(supervision_contacts=SUPERVISED), "supervision", {}).chart
    made, unsure = chart.figure["data"]
    assert made["x"] == [0.75, 0.75]  # nothing was asked of East's parole
    assert sorted(unsure["x"]) == pytest.approx([0.1, 0.25])
    said = say("supervision.about", SUPERVISED)
    assert "the result of 13 is unknown, drawn as the most it could add. 1 month has no" in said


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


def test_every_offer_is_in_one_part():
    prepare = load_measures()["chart:services"].chart.prepare
    shown = declared.prepare_rows(SERVICES, **prepare)
    assert shown["kind"].tolist() == ["housing", "legal"]
    parts = ["completed", "active", "active_unknown", "ended", "not_begun"]
    assert shown[parts].sum(axis=1).tolist() == shown["offers"].tolist()
    assert shown["not_begun"].tolist() == [5, 3]
