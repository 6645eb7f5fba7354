"""The published record: one line a source, gaps as gaps, disagreements named."""

from __future__ import annotations

import pandas as pd

from longevity.charts.chart import Drawing
from longevity.charts.figures import record as drawn
from longevity.charts.template.words import KEY_LINE
from longevity.charts.theme import LIGHT
from longevity.text import published_record
from tests.oracles import figure_checks

KEYS = {"Eastham": "east"}
PUBLISHED = pd.DataFrame(
    {
        "place": ["Eastham", "Eastham", "Eastham", "Eastham", "Elsewhere"],
        "year": [2010, 2011, 2013, 2013, 2013],
        "metric": "homicides",
        "value": [5, 7, 9, 8, 99],
        "definition": "any weapon",
        "source_url": ["https://www.a.org/1"] * 3 + ["https://b.org/2"] * 2,
        "note": None,
    }
)


def test_only_years_of_one_source_that_follow_each_other_are_joined() -> None:
    own = published_record.select_metric(PUBLISHED, "homicides", KEYS)
    rows = own[own["source"] == "a.org"]
    assert published_record.insert_gaps(rows) == ([2010, 2011, None, 2013], [5, 7, None, 9])


def test_a_year_a_source_gives_twice_has_two_points_and_no_line() -> None:
    twice = pd.DataFrame({"year": [2013, 2013], "value": [8, 9]})
    assert published_record.insert_gaps(twice) == ([2013, None, 2013], [8, None, 9])


def test_places_that_are_no_city_of_the_program_are_left_out() -> None:
    assert set(published_record.select_metric(PUBLISHED, "homicides", KEYS)["city"]) == {"east"}
    assert published_record.list_metrics(PUBLISHED, KEYS) == {
        "homicides": "homicides, by any weapon"
    }


def test_sources_that_disagree_are_named_and_neither_is_chosen() -> None:
    own = published_record.select_metric(PUBLISHED, "homicides", KEYS)
    assert published_record.list_disagreements(own, {"east": "East"}) == [
        "East 2013: sources say 8 and 9. Neither is chosen here."
    ]


def test_the_picture_has_a_line_a_source_and_is_not_marked_as_ours() -> None:
    own = published_record.select_metric(PUBLISHED, "homicides", KEYS)
    chart = drawn.draw_published_record(own, Drawing(LIGHT, {"east": "East"}, True), "Homicides")
    figure_checks.assert_valid(chart.figure)
    assert sorted(trace["name"] for trace in chart.figure["data"]) == ["a.org", "b.org"]
    assert len({trace["marker"]["symbol"] for trace in chart.figure["data"]}) == 2
    assert not figure_checks.is_marked(chart.figure)
    assert "PUBLISHED BY OTHERS" in str(chart.figure["layout"]["annotations"])


def test_the_title_says_whether_sources_differ() -> None:
    own = published_record.select_metric(PUBLISHED, "homicides", KEYS)
    assert published_record.write_title(own, "homicides") == (
        "Published homicides, from 2 sources: they differ in 1 of 1 year of a city that more than "
        "one gives"
    )
    assert published_record.write_title(own.assign(value=5), "homicides").startswith(
        "Published homicides, from 2 sources: they differ in 0 of 1 year"
    )
    one_source = own[own["year"] < 2013]
    title = published_record.write_title(one_source, "homicides")
    assert title == "Published homicides: 2 figures from 1 source"
    disjoint = one_source.assign(source=[f"source {at}" for at in range(len(one_source))])
    assert published_record.write_title(disjoint, "homicides") == (
        "Published homicides: 2 figures from 2 sources, no year of a city from two of them"
    )


def test_on_paper_the_key_leaves_the_panels_more_room() -> None:
    many = pd.concat(
        [PUBLISHED.assign(source_url=f"https://newspaper-of-the-state-{at}.org") for at in range(9)]
    )
    own = published_record.select_metric(many, "homicides", KEYS)
    chart = drawn.draw_published_record(own, Drawing(LIGHT, {"east": "East"}, True), "Homicides")
    screen, paper = chart.figure["layout"], chart.printed["layout"]
    room = screen["height"] - screen["margin"]["b"]
    assert paper["height"] - paper["margin"]["b"] == room  # the panels
    assert paper["margin"]["b"] <= screen["margin"]["b"] - 4 * KEY_LINE
