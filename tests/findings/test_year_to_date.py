"""The year so far against last year and every baseline: its windows, counted, tested and said."""

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
from longevity.findings.finding import TOGETHER
from longevity.findings.year_to_date import Baseline
from longevity.screens.briefing import sum_by_year
from longevity.screens.chart_catalogue import compared_charts, over_time
from longevity.stats.comparison import Outcome, compare
from longevity.stats.dispersion import Dispersion
from longevity.windows import DAY
from tests.factories import hypothesis_settings
from tests.factories.contexts import draw_chart
from tests.factories.findings import find_with, find_years
from tests.oracles import figure_checks

CITIES = {"east": "East", "west": "West"}
LAUNCHED = {"east": date(2023, 11, 26), "west": date(2022, 4, 1)}
SWING = {"east": Dispersion(1.4, 19.7), "west": Dispersion(1.0, 19.7), TOGETHER: Dispersion(1.2, 19.7)}
EAST = [44, 40, 41, 50, 42, 39, 20, 25, 30]  # 2018 to 2026
WEST = [20, 22, 25, 21, 19, 24, 22, 20, 21]


def frame(measure="incidents", **cities):
    """Counts of the years up to 2026; None is a year without a count."""
    rows = [(city, 2027 - len(own) + at, n) for city, own in cities.items() for at, n in enumerate(own)]
    return pd.DataFrame(rows, columns=["city", "year", measure]).astype({measure: "Int64"})


def find(data):
    return find_years(data, date(2026, 6, 13), LAUNCHED, SWING)


def years_of(finding):
    return [first.year for first, _ in finding.against.windows]


def test_each_baseline_against_a_table_worked_by_hand():
    east = find(frame(east=EAST, west=WEST))["east"]
    assert {b: (years_of(found), found.tested.previous) for b, found in east.against.items()} == {
        Baseline.LAST_YEAR: ([2025], 25),
        Baseline.THREE_YEARS: ([2023, 2024, 2025], 39 + 20 + 25),
        Baseline.FIVE_YEARS: ([2021, 2022, 2023, 2024, 2025], 50 + 42 + 39 + 20 + 25),
        # June 2023 lies before the launch in November 2023.
        Baseline.BEFORE: ([2018, 2019, 2020, 2021, 2022, 2023], 44 + 40 + 41 + 50 + 42 + 39),
    }
    assert east.now == 30
    assert east.against[Baseline.THREE_YEARS].tested == compare(30, 84, 1, 3, SWING["east"])
    # A launch in April leaves that year's window to June out.
    west = find(frame(east=EAST, west=WEST))["west"].against
    assert years_of(west[Baseline.BEFORE]) == [2018, 2019, 2020, 2021]


def test_a_city_with_a_missing_year_is_missing_and_not_zero():
    found = find(frame(east=EAST, west=[*WEST[:6], None, *WEST[7:]]))
    for city in ("west", TOGETHER):
        outcomes = {b: held.tested.outcome for b, held in found[city].against.items()}
        assert outcomes[Baseline.THREE_YEARS] is outcomes[Baseline.FIVE_YEARS] is Outcome.UNKNOWN
        assert outcomes[Baseline.LAST_YEAR] is not Outcome.UNKNOWN
    three = describe_finding(found["west"].against[Baseline.THREE_YEARS])
    assert three.sentence == "21; there is no count of the same days of 2023 to 2025."


def test_together_starts_before_the_first_launch_and_adds_only_common_years():
    together = find(frame(east=EAST, west=WEST[2:]))[TOGETHER]
    before = together.against[Baseline.BEFORE]
    assert together.now == 51
    assert (years_of(before), before.tested.previous) == ([2020, 2021], 41 + 25 + 50 + 21)
    # Tiles draw the same years; a city that lacks one leaves no sum.
    people = frame("victims", east=[100, 90, 80], west=[50, 40])
    assert sum_by_year(people, "victims", TOGETHER) == (None, 140, 120)
    assert sum_by_year(people, "victims", "east") == (100, 90, 80)
    assert sum_by_year(people, "victims", "west") == (None, 50, 40)
    assert sum_by_year(people, "victims", "without a row") == ()


# Headlines, titles and records

NEAR, FAR = find_with("East", 60, 100, Outcome.DOWN), find_with("West", 44, 40, Outcome.UNCLEAR)


def test_people_and_incidents_in_different_directions_are_no_clear_change():
    more_people = find_with("East", 70, 60, Outcome.DOWN)  # fewer incidents, clearly; more people
    assert more_people.direction == 0
    assert write_tile(more_people)["verdict"] == "– no clear change"


@hypothesis_settings.some
@given(st.integers(0, 400), st.integers(0, 400), st.sampled_from([Outcome.UP, Outcome.DOWN, Outcome.UNCLEAR]))
def test_no_headline_contradicts_its_numbers(before, now, outcome):
    said = year_to_date.write_headline(find_with("Both cities", now, before, outcome), [NEAR, FAR])
    assert (" more people shot" in said) == (now > before)
    assert (" fewer people shot" in said) == (now < before)
    assert ("%" in said) <= (before >= 30)
    assert not re.search(r"\b(inf|nan)\b", said, re.IGNORECASE)


def test_a_headline_says_what_is_clear_of_all_together_and_of_each():
    both, north = find_with("Two cities", 84, 110, Outcome.DOWN), find_with("North", 10, 40, Outcome.DOWN)
    assert year_to_date.write_headline(both, [FAR, NEAR]).endswith(
        "than a year ago (clearly down); clearly down in East, no clear change in West."
    )
    assert year_to_date.write_title([NEAR, FAR, north]).endswith(
        ": clearly down in East (60 from 100) and North (10 from 40), no clear change in West (44 from 40)"
    )
    unknown = find_with("East", 12, None, Outcome.UNKNOWN)
    assert write_tile(unknown) == {}
    assert "no count of the same days" in year_to_date.write_headline(unknown, [unknown])


@pytest.mark.parametrize("years", [[9, 9, 9, 9, 9, 9, 0], [0] * 7, [0, 0, 0, 0, 0, 0, 9], [90] * 6 + [20]])
def test_a_line_of_the_picture_has_the_arrow_and_colour_of_its_words(years):
    launches = dict.fromkeys(CITIES, date(2023, 1, 1))
    found = [*find_years(frame(east=years, west=[50] * 7), date(2026, 6, 30), launches).values()]
    about = over_time.describe_measure("incidents")
    rows = compared_charts.list_baselines(found)
    figure = draw_chart("baselines", rows, CITIES, holds="", tested="incidents", **about).figure
    figure_checks.assert_valid(figure)
    findings = [held for city in found for held in city.against.values()]
    outcomes = [held.tested.outcome.value for held in findings]
    assert [trace["marker"]["symbol"] for trace in figure["data"]] == [
        CHANGE_SYMBOLS[outcome] for outcome in outcomes if outcome not in ("none", "unknown")
    ]
    notes = [n["text"] for n in figure["layout"]["annotations"] if ": " in n["text"]]
    assert all(describe_finding(held).arrow in note for held, note in zip(findings, notes, strict=True))
    least, most = (10**end for end in figure["layout"]["xaxis"]["range"])
    for trace in figure["data"]:
        assert trace["x"][0] > 0 and trace["x"][-1] < 10
        assert trace["x"] == sorted(trace["x"])
        assert least < trace["x"][0] and trace["x"][-1] < most


# Fair windows, against the calendar walked day by day


@pytest.mark.parametrize("through", [date(2024, 2, 29), date(2026, 2, 28), date(2026, 12, 31)])
@pytest.mark.parametrize("year", [2020, 2023, 2024])
def test_to_date_holds_the_days_a_person_would_count(through, year):
    start, until = windows.span_year_to_date(through, year)
    days = [date(year, 1, 1) + timedelta(days=k) for k in range(366)]
    expected = [d for d in days if d.year == year and (d.month, d.day) <= (through.month, through.day)]
    assert [start + timedelta(days=k) for k in range((until - start).days)] == expected


def test_windows_end_on_the_last_day_and_a_leap_day_is_stepped_over():
    last = date(2026, 11, 22)
    years = windows.list_years(2025, last)
    months = windows.list_months(date(2025, 11, 20), last)
    assert years[0] == (date(2025, 1, 1), date(2026, 1, 1))
    assert (months[0][0], months[-1][0]) == (date(2025, 11, 1), date(2026, 11, 1))
    days, slices = windows.list_days(date(2026, 11, 1), last), windows.list_last_days(last, 28, 3)[::-1]
    for spans in (years, months, days, slices):
        assert all(until == first for (_, until), (first, _) in pairwise(spans))
        assert spans[-1][1] == last + DAY
    assert over_time.list_twelve_months(date(2024, 5, 9), date(2024, 7, 30)) == [
        (date(2023, 6, 1), date(2024, 6, 1)),
        (date(2023, 7, 1), date(2024, 7, 1)),
    ]
    leap = date(2024, 2, 29)
    assert windows.span_last_days(leap, 7, 1) == (date(2023, 2, 22), date(2023, 3, 1))
    assert windows.span_last_days(date(2026, 3, 3), 7) == (date(2026, 2, 25), date(2026, 3, 4))
    assert windows.list_same_days(leap, 2023)[1] == (date(2023, 1, 1), date(2023, 3, 1))
    assert windows.step_back((date(2024, 2, 1), leap + DAY), 1) == (date(2023, 2, 1), date(2023, 3, 1))
