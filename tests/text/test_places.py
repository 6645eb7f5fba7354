"""Sentences about places, worked by hand, and rates of neighbourhoods by plain arithmetic."""

import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longevity.findings import places
from longevity.findings.area_rates import add_hover_text
from longevity.stats import rates
from longevity.stats.comparison import Outcome
from tests.factories import hypothesis_settings
from tests.factories.ascii_table import read_frame
from tests.factories.findings import find_with

CITIES = {"east": "East", "west": "West"}


def located(*rows):
    frame = pd.DataFrame(rows, columns=["city", "neighbourhood", "victims"])
    return frame.astype({"victims": "Int64"})


def lost(*rows):
    return pd.DataFrame(rows, columns=["city", "reason", "victims"]).astype({"victims": "Int64"})


def where(some, *others):
    return places.describe_where(some, lost(*others), "victims", CITIES, "in 2016")


@pytest.mark.parametrize(
    ("counts", "unplaced", "of_those_placed"),
    [
        # The next could be given them all, and would then have as many.
        ({"A": 9, "B": 5, "C": 2, "D": 0}, 1, False),
        ({"A": 9, "B": 5, "C": 2, "D": 0}, 2, True),
        ({"A": 90, "B": 50, "C": 20, "D": 19}, 1, True),
        ({"A": 9, "B": 9, "C": 2, "D": 0}, 0, False),
        ({"A": 9, "B": 9, "C": 2, "D": 0}, 1, True),
        # At most as many in any one: none who was not placed may be there.
        ({"A": 9, "B": 9, "C": 9, "D": 9}, 1, True),
    ],
)
def test_a_rank_that_the_unplaced_could_change_is_of_those_placed(counts, unplaced, of_those_placed):
    frame = located(*(("east", name, n) for name, n in counts.items()))
    assert ("of those placed" in where(frame, ("east", "no_coordinates", unplaced))) == of_those_placed


def test_the_unplaced_of_another_city_change_no_rank_within_one_but_one_over_both():
    both = located(("east", "Hill", 9), ("east", "Harbour", 5), ("west", "Mill", 1))
    for unplaced, of_those_placed in ((2, False), (5, True)):
        assert ("of those placed" in where(both, ("west", "outside", unplaced))) == of_those_placed


@hypothesis_settings.some
@given(st.lists(st.integers(0, 6), min_size=1, max_size=9))
def test_no_area_left_out_has_as_many_as_one_named(values):
    names = [f"N{at}" for at in range(len(values))]
    sentence = where(located(*(("east", name, n) for name, n in zip(names, values, strict=True))))
    said = {name for name in names if f"{name} (" in sentence}
    assert len(said) <= 3
    least = min((n for name, n in zip(names, values, strict=True) if name in said), default=math.inf)
    assert not said or all(n < least for name, n in zip(names, values, strict=True) if name not in said)


def test_what_is_on_no_map_or_not_known_is_said():
    hill, lose = located(("east", "Hill", 6)), lost(("east", "outside", 2), ("west", "outside", 1))
    assert places.describe_unlocated(hill, lose, "victims") == "3 of 9 have no exact place and are not on the map."
    assert "not known" in places.describe_unlocated(hill, lost(), "victims")
    assert where(located(("east", "Hill", 3)), ("west", "no_coordinates", 4), ("east", "outside", 1)) == (
        "8 people were shot in East and West in 2016, of those placed most in Hill, East (3). "
        "Where in West is not known."
    )
    assert places.describe_cities_not_covered({}, CITIES, "in 2016") == ""
    begun = {"east": date(2016, 6, 10), "west": date(2017, 1, 1)}
    assert places.describe_cities_not_covered(begun, CITIES, "in 2016") == (
        "East's data begin on June 10, 2016, so it is not counted in 2016. That is not zero. "
        "West's data begin on January 1, 2017, so it is not counted in 2016. That is not zero."
    )
    part = places.describe_cities_not_covered(begun, CITIES, "in 2016", has_part=True)
    assert "so in 2016 only the days since are counted." in part


def test_the_facts_of_a_neighbourhood_by_hand():
    counted = read_frame("""
        city | neighbourhood | victims | population
        east | Hill          | 5       | 2000
        east | Harbour       | 9       | 0
        west | Hill          | 40      | 100
    """)
    hill, harbour = find_with("Hill", 5, 8, Outcome.UNCLEAR), find_with("Harbour", 9, None, Outcome.UNKNOWN)
    few, many = lost(("east", "outside", 3), ("west", "outside", 90)), lost(("east", "outside", 4))
    assert places.list_facts(counted, few, hill, "east", 365) == (
        "8 in the same days a year before; 250.2 per 100,000 residents a year; number 2 of 2 neighbourhoods"
    )
    assert places.list_facts(counted, many, harbour, "east", 365) == "of those placed number 1 of 2 neighbourhoods"


AREA = st.tuples(st.integers(0, 500), st.none() | st.integers(0, 200_000))


def areas(*rows):
    frame = pd.DataFrame(
        [("east", f"Area {at}", n, people) for at, (n, people) in enumerate(rows)],
        columns=["city", "neighbourhood", "victims", "population"],
    )
    return frame.astype({"victims": "Int64", "population": "Int64"})


@hypothesis_settings.some
@given(st.lists(AREA, min_size=1, max_size=8), st.integers(1, 8000))
def test_counts_and_rates_are_those_of_a_plain_loop_and_always_finite(rows, days):
    counted = rates.compute_area_values(areas(*rows), "victims", days, rates.COUNT)
    assert counted["value"].tolist() == [count for count, _ in rows]  # where no one lives too
    assert counted["state"].tolist() == ["shown" if count else "zero" for count, _ in rows]
    shown = add_hover_text(rates.compute_area_values(areas(*rows), "victims", days, rates.RATE), "victims", days)
    for (count, people), line in zip(rows, shown.to_dict("records"), strict=True):
        assert "inf" not in line["said"] and "nan" not in line["said"]
        if people:
            assert line["state"] == ("shown" if count else "zero")
            assert line["value"] == pytest.approx(count / people * 100_000 / (days / 365.25))
        else:
            assert line["state"] == "no_residents"
            assert math.isnan(line["value"])
            assert "no residents, so no rate" in line["said"]


def test_a_year_before_that_is_not_known_is_not_said():
    known = rates.compute_area_values(areas((3, 1000)), "victims", 365)
    for before, is_said in ((1200, True), (pd.NA, False)):
        (said,) = add_hover_text(known, "victims", 365, before=[before])["said"]
        assert ("1,200 in the same days a year before" in said) is is_said
