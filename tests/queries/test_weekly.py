"""The weekly review's questions against the demonstration's rows and other answers."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from longevity.auth.viewers import STATE
from tests.conftest import UNTIL
from tests.oracles.demonstration_counts import read

SINCE = date(2024, 1, 1)


def test_each_counted_shooting_has_one_row_with_its_people(warehouse, demonstration):
    frame = warehouse.run("shootings_one_by_one", {"date_from": SINCE}, STATE).frame
    hurt: dict[str, list[str]] = {}
    for victim in read(demonstration, "victims"):
        if victim["weapon"] == "firearm":
            hurt.setdefault(victim["incident_id"], []).append(victim["outcome"])
    expected = {}
    for one in read(demonstration, "incidents"):
        counts = one["circumstance"] in ("criminal", "unknown") and one["incident_id"] in hurt
        if counts and SINCE <= one["occurred_at"].date() <= UNTIL:
            outcomes = hurt[one["incident_id"]]
            expected[one["incident_id"]] = (len(outcomes), outcomes.count("fatal"), one["gmi"])
    found = {r.incident_id: (r.victims, r.fatal, r.gmi) for r in frame.itertuples()}
    assert found == expected
    assert len(frame) == len(found) > 100


def test_the_message_one_by_one_adds_up_to_the_retaliation_window(warehouse):
    window = warehouse.run("retaliation_window", {"since": SINCE}, STATE).frame
    for told in window.itertuples():
        asked = {
            "city": told.city,
            "date_from": SINCE,
            "date_until": told.last_day.date() + timedelta(days=1),
        }
        frame = warehouse.run("shootings_one_by_one", asked, STATE).frame
        sure = frame[frame["gmi"] == "confirmed"]
        assert len(sure) == told.incidents > 0
        assert (sure["notified"] == "notified").sum() == told.notified
        assert (sure["notified"] == "attempted").sum() == told.attempted_only
        assert (sure["notified"] == "unknown").sum() == told.group_unknown


def test_promises_opened_are_those_of_the_list_of_episodes(warehouse):
    frame = warehouse.run("shootings_one_by_one", {"date_from": SINCE}, STATE).frame
    opened = frame[frame["promise"] == "opened"]
    episodes = warehouse.run("episodes", {}, STATE).frame
    began = episodes[episodes["violated_on"] >= pd.Timestamp(SINCE)]
    assert set(zip(opened["city"], opened["day"], strict=True)) == set(
        zip(began["city"], began["violated_on"], strict=True)
    )


def test_a_review_counts_for_its_week_once_it_was_held(warehouse, demonstration, published):
    as_of = date(2026, 11, 4)
    asked = {"date_from": date(2026, 8, 1), "as_of": as_of}
    frame = warehouse.run("reviews_by_week", asked, STATE).frame
    reviews = read(demonstration, "shooting_reviews")
    for row in frame.itertuples():
        ending = row.week_ending.date()
        assert ending.isoweekday() == published.cities[row.city].week_ends_iso
        held = [
            one["held_on"]
            for one in reviews
            if one["city"] == row.city
            and ending - timedelta(days=6) <= one["week_ending"] <= ending
            and one["held_on"] <= as_of
        ]
        assert (None if pd.isna(row.held_on) else row.held_on.date()) == min(held, default=None)
    assert frame["held_on"].notna().any()
    assert frame["held_on"].isna().any()
