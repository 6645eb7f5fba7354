"""Published homicides: one line a source, gaps as gaps, disagreements named."""

from __future__ import annotations

import pandas as pd

from longevity.charts.chart import Drawing
from longevity.charts.figures import record as drawn
from longevity.charts.theme import LIGHT
from longevity.text import briefing, published_record
from tests.oracles import figure_checks

PUBLISHED = pd.DataFrame(
    {
        "place": ["Eastham", "Eastham", "Eastham", "Eastham", "Elsewhere", "Eastham"],
        "year": [2010, 2011, 2013, 2013, 2013, 2015],
        "metric": ["homicides"] * 5 + ["gun_homicides"],
        "value": [5, 7, 9, 8, 99, 3],
        "definition": "any weapon",
        "source_url": ["https://www.a.org/1"] * 3 + ["https://b.org/2"] * 3,
        "note": None,
    }
)
OWN = published_record.select_homicides(PUBLISHED, {"Eastham": "east"})


def test_only_years_of_one_source_that_follow_each_other_are_joined():
    rows = OWN[OWN["source"] == "a.org"]
    assert published_record.insert_gaps(rows) == ([2010, 2011, None, 2013], [5, 7, None, 9])


def test_a_year_a_source_gives_twice_has_two_points_and_no_line():
    twice = pd.DataFrame({"year": [2013, 2013], "value": [8, 9]})
    assert published_record.insert_gaps(twice) == ([2013, None, 2013], [8, None, 9])


def test_homicides_of_the_programs_cities_alone_are_taken():
    assert OWN["value"].tolist() == [5, 7, 9, 8]
    assert set(OWN["city"]) == {"east"}


def test_the_picture_has_a_line_a_source_and_is_not_marked_as_ours():
    chart = drawn.draw_published_homicides(OWN, Drawing(LIGHT, {"east": "East"}, True))
    figure_checks.assert_valid(chart.figure)
    assert sorted(trace["name"] for trace in chart.figure["data"]) == ["a.org", "b.org"]
    assert not figure_checks.is_marked(chart.figure)
    assert "PUBLISHED BY OTHERS" in str(chart.figure["layout"]["annotations"])
    assert chart.title == "Published homicides, 2010 to 2013"
    assert chart.sentences == ("Sources disagree about East in 2013: 8 or 9.",)


def test_the_share_of_the_state_keeps_its_numerator_and_denominator():
    frame = pd.DataFrame({"year": [2011, 2012], "cities": [94, 3], "state": [129, 12]})
    told = frame.assign(source="https://courant.com/a")
    newest = "the newest year for which one source, courant.com, gives both."
    assert briefing.describe_share(told.head(1), "the cities", "Ohio", 30) == (
        f"In 2011, 94 of Ohio's 129 homicides were in the cities (72.9%): {newest}"
    )
    assert briefing.describe_share(told, "the city", "Ohio", 30) == (
        f"In 2012, 3 of Ohio's 12 homicides were in the city: {newest}"
    )
    assert briefing.describe_share(told.head(0), "the cities", "Ohio", 30) == (
        "No published source gives the homicides of both the cities and Ohio."
    )
