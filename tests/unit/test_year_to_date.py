"""The year so far against last year and every baseline: counted, tested and said."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longevity import windows
from longevity.charts.theme import CHANGE_SYMBOLS
from longevity.findings import year_to_date
from longevity.findings.change_wording import describe_finding, write_tile
from longevity.findings.finding import TOGETHER, Finding
from longevity.findings.year_to_date import Baseline, Compared
from longevity.screens.chart_catalogue import compared_charts as drawn_cities
from longevity.screens.chart_catalogue import over_time
from longevity.stats.comparison import Outcome, compare
from longevity.stats.dispersion import Dispersion
from longevity.windows import DAY
from tests.factories import hypothesis_settings
from tests.factories.contexts import draw_chart
from tests.factories.findings import find_with, find_years
from tests.oracles import figure_checks

THROUGH = date(2026, 6, 13)
LAUNCHED = {"east": date(2023, 11, 26), "west": date(2022, 4, 1)}


def frame(**cities: dict[int, int | None]) -> pd.DataFrame:
    rows = [(city, year, n) for city, own in cities.items() for year, n in own.items()]
    return pd.DataFrame(rows, columns=["city", "year", "incidents"]).astype({"incidents": "Int64"})


def years(*counts: int) -> dict[int, int | None]:
    """Counts of the years up to 2026."""
    return dict(zip(range(2027 - len(counts), 2027), counts, strict=True))


SWING = {
    "east": Dispersion(1.4, 19.7),
    "west": Dispersion(1.0, 19.7),
    TOGETHER: Dispersion(1.2, 19.7),
}


def told(data: pd.DataFrame) -> dict[str, Compared]:
    return find_years(data, THROUGH, LAUNCHED, SWING)


def years_of(finding: Finding) -> tuple[int, ...]:
    return tuple(first.year for first, _ in finding.against.windows)


EAST = years(44, 40, 41, 50, 42, 39, 20, 25, 30)  # 2018 to 2026
WEST = years(20, 22, 25, 21, 19, 24, 22, 20, 21)


def test_each_baseline_against_a_table_worked_by_hand():
    east = told(frame(east=EAST, west=WEST))["east"]
    by = east.against
    assert {b: (years_of(found), found.tested.previous) for b, found in by.items()} == {
        Baseline.LAST_YEAR: ((2025,), 25),
        Baseline.THREE_YEARS: ((2023, 2024, 2025), 39 + 20 + 25),
        Baseline.FIVE_YEARS: ((2021, 2022, 2023, 2024, 2025), 50 + 42 + 39 + 20 + 25),
        # June 2023 lies before the launch in November 2023.
        Baseline.BEFORE: ((2018, 2019, 2020, 2021, 2022, 2023), 44 + 40 + 41 + 50 + 42 + 39),
    }
    assert east.now == 30
    assert by[Baseline.THREE_YEARS].tested == compare(30, 84, 1, 3, SWING["east"])
    # A launch in April leaves that year's window to June out.
    west = told(frame(east=EAST, west=WEST))["west"].against
    assert years_of(west[Baseline.BEFORE]) == (2018, 2019, 2020, 2021)


def test_a_city_with_a_missing_year_is_missing_and_not_zero():
    holed = {year: count for year, count in WEST.items() if year != 2024}
    found = told(frame(east=EAST, west=holed))
    for city in ("west", TOGETHER):
        outcomes = {b: held.tested.outcome for b, held in found[city].against.items()}
        assert outcomes[Baseline.THREE_YEARS] is Outcome.UNKNOWN
        assert outcomes[Baseline.FIVE_YEARS] is Outcome.UNKNOWN
        assert outcomes[Baseline.LAST_YEAR] is not Outcome.UNKNOWN
    same = told(frame(east=EAST, west={**WEST, 2024: None}))
    assert same[TOGETHER] == found[TOGETHER]
    three = describe_finding(found["west"].against[Baseline.THREE_YEARS])
    assert three.sentence == "21; there is no count of the same days of 2023 to 2025."


def test_together_starts_before_the_first_launch_and_adds_only_common_years():
    late = {year: count for year, count in WEST.items() if year > 2019}
    together = told(frame(east=EAST, west=late))[TOGETHER]
    assert together.now == 51
    before = together.against[Baseline.BEFORE]
    assert (years_of(before), before.tested.previous) == ((2020, 2021), 41 + 25 + 50 + 21)


NEAR = find_with("East", 60, 100, Outcome.DOWN)
FAR = find_with("West", 44, 40, Outcome.UNCLEAR)


def test_people_and_incidents_in_different_directions_are_no_clear_change():
    more_people = find_with("East", 70, 60, Outcome.DOWN)  # fewer incidents, clearly; more people
    assert more_people.direction == 0
    assert write_tile(more_people)["verdict"] == "– no clear change"


@pytest.mark.parametrize(("earlier", "record"), [((61, 100), True), ((60, 100), False), ((100,), True), ((), False)])
def test_a_record_is_a_clear_change_beyond_every_year(earlier, record):
    own = [*earlier, 60]
    counts = pd.DataFrame({"city": NEAR.place, "year": range(2027 - len(own), 2027), "victims": own})
    said = year_to_date.write_records([NEAR, FAR], counts)
    assert ("East: fewest people shot in these days since at least 20" in said) == record
    assert "West" not in said


COUNT = st.integers(0, 400)


@hypothesis_settings.some
@given(COUNT, COUNT, st.sampled_from([Outcome.UP, Outcome.DOWN, Outcome.UNCLEAR]))
def test_no_headline_contradicts_its_numbers(before, now, outcome):
    both = find_with("Both cities", now, before, outcome)
    said = year_to_date.write_headline(both, [NEAR, FAR])
    assert (" more people shot" in said) == (now > before)
    assert (" fewer people shot" in said) == (now < before)
    assert ("%" in said) <= (before >= 30)
    assert not re.search(r"\b(inf|nan)\b", said, re.IGNORECASE)


def test_the_headline_says_what_is_clear_of_all_together_and_of_each():
    both = find_with("Two cities", 84, 110, Outcome.DOWN)
    assert year_to_date.write_headline(both, [FAR, NEAR]).endswith(
        "than a year ago (clearly down); clearly down in East, no clear change in West."
    )


def test_where_nothing_can_be_compared_the_headline_is_that_of_the_cities():
    unknown = find_with("East", 12, None, Outcome.UNKNOWN)
    assert write_tile(unknown) == {}
    assert "no count of the same days" in year_to_date.write_headline(unknown, [unknown])
    north = find_with("North", 10, 40, Outcome.DOWN)
    assert year_to_date.write_title([NEAR, FAR, north]).endswith(
        ": clearly down in East (60 from 100) and North (10 from 40), no clear change in West (44 from 40)"
    )


# Cities side by side: sentences and pictures against tables followed by hand

CITIES = {"east": "East", "west": "West"}
JUNE = date(2026, 6, 30)


def counts(east: list[int], west: list[int]) -> pd.DataFrame:
    """Counts of the years to 2026."""
    rows = [
        (city, 2026 - len(values) + 1 + at, value)
        for city, values in (("east", east), ("west", west))
        for at, value in enumerate(values)
    ]
    return pd.DataFrame(rows, columns=["city", "year", "incidents"])


def find_told(east: list[int], west: list[int]) -> list[Compared]:
    launches = dict.fromkeys(CITIES, date(2023, 1, 1))
    return [*find_years(counts(east, west), JUNE, launches).values()]


@pytest.mark.parametrize("years", [[9, 9, 9, 9, 9, 9, 0], [0] * 7, [0, 0, 0, 0, 0, 0, 9], [90] * 6 + [20]])
def test_a_line_of_the_picture_has_the_arrow_and_colour_of_its_words(years):
    found = find_told(years, [50] * 7)
    drawn_of = drawn_cities.list_baselines(found)
    about = over_time.describe_measure("incidents")
    chart = draw_chart("baselines", drawn_of, CITIES, holds="", tested="incidents", **about)
    figure_checks.assert_valid(chart.figure)
    findings = [held for city in found for held in city.against.values()]
    drawn = [held for held in findings if held.tested.outcome.value not in ("none", "unknown")]
    assert [trace["marker"]["symbol"] for trace in chart.figure["data"]] == [
        CHANGE_SYMBOLS[held.tested.outcome.value] for held in drawn
    ]
    notes = [n["text"] for n in chart.figure["layout"]["annotations"] if "span" in n["text"]]
    for held, note in zip(findings, notes, strict=True):
        assert describe_finding(held).arrow in note
    for trace in chart.figure["data"]:
        assert all(0 < x < 10 for x in trace["x"])
        assert trace["x"] == sorted(trace["x"])
        shown = [10**end for end in chart.figure["layout"]["xaxis"]["range"]]
        assert shown[0] < trace["x"][0] <= trace["x"][-1] < shown[1]


def test_twelve_months_end_with_each_month_that_is_over():
    assert over_time.list_twelve_months(date(2024, 5, 9), date(2024, 7, 30)) == [
        (date(2023, 6, 1), date(2024, 6, 1)),
        (date(2023, 7, 1), date(2024, 7, 1)),
    ]


# Fair windows, against the calendar walked day by day

NAMES = {"east": "East", "west": "West", "north": "North"}


@pytest.mark.parametrize("through", [date(2024, 2, 29), date(2026, 2, 28), date(2026, 12, 31)])
@pytest.mark.parametrize("year", [2020, 2023, 2024])
def test_to_date_holds_the_days_a_person_would_count(through, year):
    start, until = windows.span_year_to_date(through, year)
    held = [start + timedelta(days=k) for k in range((until - start).days)]
    day, expected = date(year, 1, 1), []
    while day.year == year and (day.month, day.day) <= (through.month, through.day):
        expected.append(day)
        day += timedelta(days=1)
    assert held == expected


def test_the_last_days_of_a_leap_day_a_year_before():
    assert windows.span_last_days(date(2024, 2, 29), 7, 1) == (date(2023, 2, 22), date(2023, 3, 1))
    assert windows.span_last_days(date(2026, 3, 3), 7) == (date(2026, 2, 25), date(2026, 3, 4))


def test_windows_follow_one_another_and_end_on_the_last_day():
    last = date(2026, 11, 22)
    assert windows.list_years(2025, last) == [
        (date(2025, 1, 1), date(2026, 1, 1)),
        (date(2026, 1, 1), date(2026, 11, 23)),
    ]
    months = windows.list_months(date(2025, 11, 20), last)
    assert (months[0][0], months[-1]) == (date(2025, 11, 1), (date(2026, 11, 1), last + DAY))
    days = windows.list_days(date(2026, 11, 1), last)
    slices = windows.list_last_days(last, 28, 3)[::-1]
    for of in (months, days, slices):
        assert all(until == first for (_, until), (first, _) in pairwise(of))
        assert of[-1][1] == last + DAY


def test_the_same_days_of_a_leap_year_end_on_28_february_before():
    assert windows.list_same_days(date(2024, 2, 29), 2023) == [
        (date(2024, 1, 1), date(2024, 3, 1)),
        (date(2023, 1, 1), date(2023, 3, 1)),
    ]
    assert windows.step_back((date(2024, 2, 1), date(2024, 3, 1)), 1) == (
        date(2023, 2, 1),
        date(2023, 3, 1),
    )
