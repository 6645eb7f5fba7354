"""The safety gap against counts followed by hand, plain loops and sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from longevity.screens import safety_gap as words
from longevity.screens.chart_catalogue import compared_charts
from longevity.screens.safety_gap import format_times
from longevity.stats import safety_gap as gaps
from longevity.stats.comparison import Outcome
from longevity.stats.dispersion import Dispersion
from longevity.stats.safety_gap import Fifths, FifthTally, Gap, Interval, NoGap, SafetyGap
from tests.factories import hypothesis_settings
from tests.factories.contexts import draw_chart, make_context
from tests.oracles import safety_gap_oracle

CONTEXT = make_context({"west": "West", "east": "East", "north": "North"})
CLUSTERED = Dispersion(2.0, 300.0)
# Ten areas of 1,000 residents: a fifth is two of them.
AREAS = [f"Area {at}" for at in range(10)]
CALM = dict.fromkeys(AREAS, 4)
HOT = CALM | {"Area 3": 40, "Area 7": 20, "Area 1": 0, "Area 5": 1}


def count(
    by_year: Mapping[int, Mapping[str, int | None]],
    residents: Mapping[str, int | None] | None = None,
    city: str = "east",
) -> pd.DataFrame:
    """Rows of areas and years."""
    people = residents or dict.fromkeys(AREAS, 1_000)
    rows = [
        (city, area, year, shot.get(area), people[area])
        for year, shot in by_year.items()
        for area in people
    ]
    frame = pd.DataFrame(rows, columns=["city", "neighbourhood", "year", "victims", "population"])
    return frame.astype({"victims": "Int64", "population": "Int64"})


def measure(frame: pd.DataFrame, dispersion: Dispersion | None = None) -> SafetyGap:
    return gaps.measure_safety_gaps(frame, {"east": dispersion}, {})["east"]


def read_gap(found: SafetyGap, year: int) -> Gap:
    gap = found.years[year]
    assert isinstance(gap, Gap)
    return gap


# --- fifths ----------------------------------------------------------------------------


def test_an_area_without_residents_is_in_no_fifth():
    people: dict[str, int | None] = {**dict.fromkeys(AREAS, 1_000), "Docks": None, "Yards": 0}
    years = dict.fromkeys(range(2022, 2026), HOT | {"Docks": 99, "Yards": 99})
    gap = read_gap(measure(count(years, people)), 2025)
    assert gap.fifths.areas == (("Area 3", "Area 7"), ("Area 1", "Area 5"))


# --- rates and intervals -----------------------------------------------------------------


def test_rates_ratio_and_difference_by_hand():
    newest = HOT | {"Area 1": 3, "Area 5": 2}  # 60 against 5 of 2,000 residents each
    years = {**dict.fromkeys(range(2022, 2025), HOT), 2025: newest}
    gap = read_gap(measure(count(years)), 2025)
    assert gap.ratio.ratio == pytest.approx(12)
    # 2025 has 365 days, the year of a rate 365.25.
    assert gap.most.value == pytest.approx(300 * 365.25 / 365)
    assert gap.least.value == pytest.approx(25 * 365.25 / 365)
    assert gap.difference.value == pytest.approx(275 * 365.25 / 365)


def test_the_interval_of_independent_events_is_the_exact_one():
    fifths = Fifths(2025, 2025, FifthTally(60, 2_000), FifthTally(5, 3_000))
    ratio = gaps.measure_gap(fifths, None).ratio
    share = stats.binomtest(60, 65).proportion_ci(0.95, "exact")
    low, high = (each / (1 - each) * 1.5 for each in (share.low, share.high))
    assert (ratio.low, ratio.high) == pytest.approx((low, high))


def test_events_in_clusters_widen_both_intervals():
    fifths = Fifths(2025, 2025, FifthTally(60, 2_000), FifthTally(15, 2_000))
    alone, clustered = (gaps.measure_gap(fifths, each) for each in (None, CLUSTERED))
    assert clustered.ratio.low < alone.ratio.low < 4 < alone.ratio.high < clustered.ratio.high
    assert clustered.difference.low < alone.difference.low
    assert clustered.difference.high > alone.difference.high


def test_a_difference_has_its_interval_from_those_of_both():
    found = gaps.subtract(Interval(10, 8, 13), Interval(4, 3, 6))
    assert found.value == 6
    assert found.low == pytest.approx(6 - math.sqrt(2**2 + 2**2))
    assert found.high == pytest.approx(6 + math.sqrt(3**2 + 1**2))


def test_nobody_shot_in_the_least_affected_leaves_a_lower_bound_alone():
    gap = read_gap(measure(count(dict.fromkeys(range(2022, 2026), HOT | {"Area 5": 0}))), 2025)
    assert gap.fifths.least.victims == 0
    assert (gap.ratio.ratio, gap.ratio.high) == (None, None)
    assert gap.ratio.low is not None
    assert gap.ratio.low > 1


# --- years without a gap -----------------------------------------------------------------


def test_under_ten_areas_with_residents_have_no_gap():
    people: dict[str, int | None] = dict.fromkeys(AREAS, 1_000) | {"Area 9": None}
    found = measure(count(dict.fromkeys(range(2022, 2026), HOT), people))
    assert set(found.years.values()) == {NoGap.FEW_AREAS}


def test_a_count_that_is_not_held_is_no_zero():
    years = dict.fromkeys(range(2022, 2026), HOT)
    found = measure(count({**years, 2025: {**HOT, "Area 4": None}}))
    assert found.years[2025] is NoGap.NO_COUNT
    unknown_before = measure(count({**years, 2023: dict.fromkeys(AREAS)}))
    assert unknown_before.years[2025] is NoGap.FEW_YEARS


def test_where_nobody_was_shot_before_nothing_is_ranked():
    nobody = dict.fromkeys(AREAS, 0)
    found = measure(count({2022: nobody, 2023: nobody, 2024: nobody, 2025: HOT}))
    assert found.years[2025] is NoGap.NO_RANKING


# --- change ------------------------------------------------------------------------------


def test_the_newest_three_years_stand_against_the_first_three_of_the_last_ten():
    found = measure(count(dict.fromkeys(range(2008, 2026), HOT)))
    assert found.newest is not None
    assert found.earlier is not None
    assert (found.newest.fifths.first, found.newest.fifths.last) == (2023, 2025)
    assert (found.earlier.fifths.first, found.earlier.fifths.last) == (2016, 2018)
    assert found.newest.fifths.most == FifthTally(180, 2_000 * (365 + 366 + 365))
    assert found.change is not None
    assert found.change.value == pytest.approx(1)
    assert found.outcome is Outcome.UNCLEAR


@pytest.mark.parametrize(
    ("years", "newest", "earlier"), [(5, None, None), (6, 2025, None), (9, 2025, 2022)]
)
def test_periods_need_three_years_with_a_gap_each(years, newest, earlier):
    found = measure(count(dict.fromkeys(range(2026 - years, 2026), HOT)))
    ends = [gap.fifths.last if gap else None for gap in (found.newest, found.earlier)]
    assert ends == [newest, earlier]
    assert (found.change is None) == (earlier is None)


def test_a_year_without_a_gap_ends_the_row_of_years():
    years = dict.fromkeys(range(2008, 2026), HOT)
    found = measure(count({**years, 2020: dict.fromkeys(AREAS)}))
    assert found.newest is not None
    assert found.earlier is None or found.earlier.fifths.first > 2020


def test_a_gap_that_grew_is_up_and_its_interval_is_of_logarithms():
    narrow = dict.fromkeys(AREAS, 30) | {"Area 3": 60, "Area 7": 50, "Area 1": 20, "Area 5": 20}
    wide = narrow | {"Area 1": 1, "Area 5": 1}
    years = {**dict.fromkeys(range(2008, 2023), narrow), **dict.fromkeys(range(2023, 2026), wide)}
    found = measure(count(years))
    assert found.outcome is Outcome.UP
    assert found.newest is not None
    assert found.earlier is not None
    assert found.change is not None
    periods = [found.newest.fifths, found.earlier.fifths]
    newest, earlier = (gaps.measure_gap(period, None, 0.98).ratio for period in periods)
    assert newest.ratio is not None
    assert newest.low is not None
    assert earlier.ratio is not None
    assert earlier.high is not None
    assert found.change.value == pytest.approx(newest.ratio / earlier.ratio)
    below = math.hypot(math.log(newest.ratio / newest.low), math.log(earlier.high / earlier.ratio))
    assert math.log(found.change.value / found.change.low) == pytest.approx(below)


def test_of_a_gap_without_an_upper_bound_no_change_can_be_said():
    found = measure(count(dict.fromkeys(range(2008, 2026), HOT | {"Area 5": 0})))
    assert found.earlier is not None
    assert found.change is None
    assert found.outcome is Outcome.UNKNOWN


# --- a second computation ----------------------------------------------------------------


@given(st.data())
@hypothesis_settings.some
def test_fifths_and_intervals_as_plain_loops_find_them(data):
    many = data.draw(st.integers(10, 16))
    names = [f"Area {at:02}" for at in range(many)]
    people = {name: data.draw(st.integers(1, 9)) * 500 for name in names}
    years = {
        year: {name: data.draw(st.integers(0, 6)) for name in names} for year in range(2018, 2026)
    }
    years[2018][names[0]] = 1
    shot = {(name, year): shot[name] for year, shot in years.items() for name in names}
    found = measure(count(years, people), CLUSTERED)
    for year in years:
        naive = safety_gap_oracle.find_naive(people, shot, year)
        each = found.years[year]
        if naive is None or not isinstance(each, Gap):
            assert each in (NoGap.FEW_YEARS, NoGap.NO_RANKING)
            continue
        assert tuple(map(set, each.fifths.areas)) == (naive.most_areas, naive.least_areas)
        assert (each.fifths.most.victims, each.fifths.least.victims) == (
            naive.most[0],
            naive.least[0],
        )
        if naive.most[0] and naive.least[0]:
            low, high = safety_gap_oracle.bound_ratio(
                naive.most, naive.least, CLUSTERED.phi, CLUSTERED.compute_critical_value(0.95)
            )
            assert each.ratio.low is not None
            assert each.ratio.high is not None
            # Never narrower than these, as the exact interval is the wider one of few events.
            assert each.ratio.low <= low * (1 + 1e-6)
            assert each.ratio.high >= high * (1 - 1e-6)


# --- sentences ---------------------------------------------------------------------------


def build(
    newest: tuple[int, int], earlier: tuple[int, int] | None = None, phi: float | None = 1.0
) -> SafetyGap:
    """Return the gap of fifths of 30,000 residents with so many people shot in three years."""
    dispersion = None if phi is None else Dispersion(phi, 300.0)
    days = 30_000 * 1_096
    each = [
        Fifths(first, first + 2, FifthTally(counts[0], days), FifthTally(counts[1], days))
        for first, counts in ((2023, newest), (2016, earlier))
        if counts is not None
    ]
    found = [gaps.measure_gap(fifths, dispersion) for fifths in each]
    wide = [gaps.measure_gap(fifths, dispersion, gaps.CHANGE_LEVEL) for fifths in each]
    change = gaps.compare_gaps(*wide) if earlier else None
    return SafetyGap({2025: found[0]}, found[0], found[1] if earlier else None, change)


@pytest.mark.parametrize(
    ("gap", "sentence"),
    [
        (
            build((180, 20), (160, 80)),
            "clearly wider than in 2016 to 2018 (98% interval 2.4 to 9.0 times that gap).",
        ),
        (
            build((160, 80), (180, 20)),
            "clearly narrower than in 2016 to 2018 (98% interval 0.11 to 0.42 times that gap).",
        ),
        (build((24, 20)), "were too close to tell apart in 2023 to 2025: 1.2 times the rate (0.64"),
        (build((30, 0), (30, 4)), "at least 7.6 times the rate of the least affected in 2023 to"),
        (build((0, 0), (30, 4)), "no person was shot in the most or the least affected fifth in"),
        (
            build((180, 20), phi=None),
            "(5.7 to 15) of the least affected in 2023 to 2025, assuming independent events; too",
        ),
    ],
)
def test_the_finding_in_one_sentence(gap, sentence):
    assert sentence in words.say_city(CONTEXT, gap, "East")


@pytest.mark.parametrize("reason", NoGap)
def test_a_city_without_a_gap_has_a_sentence_that_says_why(reason):
    sentence = words.say_city(CONTEXT, SafetyGap({2025: reason}, None, None, None), "East")
    assert "East" in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (9.96, "10"),
        (1.04, "1.04"),
        (0.96, "0.96"),
        (1.0001, "just over 1"),
    ],
)
def test_a_ratio_is_not_rounded_across_as_many(value, text):
    assert format_times(value) == text


# --- table and picture -------------------------------------------------------------------


def test_no_line_goes_over_a_year_without_a_gap():
    table = gaps.build_table({"east": measure(count(dict.fromkeys(range(2020, 2027), HOT)))})
    table.loc[table["year"] == 2024, "ratio_low"] = None
    chart = draw_chart("safety-gap", compared_charts.write_gaps(table), gaps=[])
    lines = [trace["x"] for trace in chart.figure["data"] if trace["line"]["width"]]
    assert sorted(lines) == [[2023], [2023], [2025, 2026], [2025, 2026]]
