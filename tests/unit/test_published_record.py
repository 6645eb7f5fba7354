"""Published homicides: one line a source, gaps as gaps, disagreements named."""

from __future__ import annotations

import pandas as pd

from longevity.screens.chart_catalogue import over_time

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
OWN = over_time.select_homicides(PUBLISHED, {"Eastham": "east"})


def test_only_years_of_one_source_that_follow_each_other_are_joined():
    rows = over_time.number_runs(OWN[OWN["source"] == "a.org"])
    assert rows.groupby("run")["year"].agg(list).tolist() == [[2010, 2011], [2013]]


def test_a_year_a_source_gives_twice_has_two_points_and_no_line():
    twice = pd.concat([OWN.head(1).assign(year=2013, value=value) for value in (9, 8)])
    rows = over_time.number_runs(twice)
    assert rows.groupby("run")["value"].agg(list).tolist() == [[8], [9]]


def test_homicides_of_the_programs_cities_alone_are_taken():
    assert OWN["value"].tolist() == [5, 7, 9, 8]
    assert set(OWN["city"]) == {"east"}
