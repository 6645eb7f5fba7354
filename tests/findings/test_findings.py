"""The year so far against last year and every baseline: its windows, counted, tested and said."""

import math
import re
from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longevity.charts.drawing import Drawing
from longevity.charts.kinds import area_maps
from longevity.charts.theme import CHANGE_SYMBOLS, LIGHT, find_colour
from longevity.facts import windows
from longevity.facts.counted import ON_SCREENS
from longevity.facts.windows import DAY
from longevity.findings import areas as changes
from longevity.findings import places, year_to_date
from longevity.findings.area_rates import add_hover_text, choose_decimals
from longevity.findings.change_wording import describe_finding, write_tile
from longevity.findings.counting import make_counting
from longevity.findings.finding import TOGETHER
from longevity.findings.year_to_date import Baseline
from longevity.screens.briefing import sum_by_year
from longevity.screens.chart_catalogue import compared_charts, over_time
from longevity.stats import rates
from longevity.stats.comparison import Outcome, compare
from longevity.stats.dispersion import Dispersion, estimate_dispersion
from longevity.words.absent import Absent
from tests.factories import hypothesis_settings
from tests.factories.ascii_table import read_frame
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


def find_cities(data):
    return find_years(data, date(2026, 6, 13), LAUNCHED, SWING)


def years_of(finding):
    return [first.year for first, _ in finding.against.windows]


def test_each_baseline_against_a_table_worked_by_hand():
    east = find_cities(frame(east=EAST, west=WEST))["east"]
    assert {b: (years_of(found), found.tested.previous) for b, found in east.against.items()} == {
        Baseline.LAST_YEAR: ([2025], 25),
        Baseline.THREE_YEARS: ([2023, 2024, 2025], 39 + 20 + 25),
        Baseline.FIVE_YEARS: ([2021, 2022, 2023, 2024, 2025], 50 + 42 + 39 + 20 + 25),
        # June 2023 lies before the launch in November 2023.
        Baseline.BEFORE: ([2018, 2019, 2020, 2021, 2022, 2023], 44 + 40 + 41 + 50 + 42 + 39),
    }
    assert east.now == 30
    assert east.against[Baseline.THREE_YEARS].tested == compare(30, 84, 1, 3, SWING["east"])
    # A launch in April leaves that year's window to June 13 out, and so does one on that day.
    for launch, last in ((date(2022, 4, 1), 2021), (date(2022, 6, 13), 2021), (date(2022, 6, 14), 2022)):
        found = find_years(frame(west=WEST), date(2026, 6, 13), {"west": launch}, SWING)["west"].against
        assert years_of(found[Baseline.BEFORE]) == [*range(2018, last + 1)]


def test_what_a_source_does_not_hold_is_not_called_uncovered():
    window, other = ((date(year, 1, 1), date(year + 1, 1, 1)) for year in (2025, 2024))
    count = make_counting({"victims": {}, "fatal": {window: 3}})
    assert [count("victims", window), count("victims", other)] == [Absent.NOT_HELD, Absent.NOT_COVERED]


def test_a_city_with_a_missing_year_is_missing_and_not_zero():
    found = find_cities(frame(east=EAST, west=[*WEST[:6], None, *WEST[7:]]))
    for city in ("west", TOGETHER):
        outcomes = {b: held.tested.outcome for b, held in found[city].against.items()}
        assert outcomes[Baseline.THREE_YEARS] is outcomes[Baseline.FIVE_YEARS] is Outcome.UNKNOWN
        assert outcomes[Baseline.LAST_YEAR] is not Outcome.UNKNOWN
    three = describe_finding(found["west"].against[Baseline.THREE_YEARS])
    assert three.sentence == "21; there is no count of the same days of 2023 to 2025."


def test_together_starts_before_the_first_launch_and_adds_only_common_years():
    together = find_cities(frame(east=EAST, west=WEST[2:]))[TOGETHER]
    before = together.against[Baseline.BEFORE]
    assert together.now == 51
    assert (years_of(before), before.tested.previous) == ([2020, 2021], 41 + 25 + 50 + 21)
    # Tiles draw the same years; a city that lacks one leaves no sum.
    people = frame("victims", east=[100, 90, 80], west=[50, 40])
    assert sum_by_year(people, "victims", TOGETHER) == (None, 140, 120)
    assert sum_by_year(people, "victims", "east") == (100, 90, 80)
    assert sum_by_year(people, "victims", "west") == (None, 50, 40)
    assert sum_by_year(people, "victims", "without a row") == ()


NEAR, FAR = find_with("East", 60, 100, Outcome.DOWN), find_with("West", 44, 40, Outcome.UNCLEAR)


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
        "in 2026 than in the same days of 2025 (clearly down); clearly down in East, no clear change in West."
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


# Places in words: where most are, rates by plain arithmetic, and changes that map, table and words say alike.
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
    assert ("where the place is known" in where(frame, ("east", "no_coordinates", unplaced))) == of_those_placed


def test_the_unplaced_of_another_city_change_no_rank_within_one_but_one_over_both():
    both = located(("east", "Hill", 9), ("east", "Harbour", 5), ("west", "Mill", 1))
    for unplaced, of_those_placed in ((2, False), (5, True)):
        assert ("where the place is known" in where(both, ("west", "outside", unplaced))) == of_those_placed


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
    nobody = lost(("east", "outside", 0))
    assert places.describe_unlocated(hill, nobody, "victims") == "All 6 are on the map."
    assert "not known" in places.describe_unlocated(hill, lost(), "victims")
    assert where(located(("east", "Hill", 3)), ("west", "no_coordinates", 4), ("east", "outside", 1)) == (
        "8 people were shot in East and West in 2016, most in Hill, East (3), where the place is known. "
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
    assert places.describe_area(counted, few, hill, "east", 365) == (
        "8 in the same days a year before; 250.2 per 100,000 residents a year; number 2 of 2 neighbourhoods"
    )
    assert places.describe_area(counted, many, harbour, "east", 365) == (
        "number 1 of 2 neighbourhoods, where the place is known"
    )


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


def test_a_map_of_rates_has_a_decimal_and_one_of_counts_none():
    for show, has_decimals in ((rates.RATE, True), (rates.COUNT, False)):
        classes = area_maps.build_scale([0.4, 6.5], "", choose_decimals(show)).classes
        assert any("." in words for _, words, _ in classes) == has_decimals


def test_a_year_before_that_is_not_known_is_not_said():
    known = rates.compute_area_values(areas((3, 1000)), "victims", 365)
    for before, is_said in ((1200, True), (pd.NA, False)):
        (said,) = add_hover_text(known, "victims", 365, before=[before])["said"]
        assert ("1,200 in the same days a year before" in said) is is_said


HALF = (date(2026, 1, 1), date(2026, 7, 1))
STEADY = [12, 12, 11, 13, 12, 12]


def count(city, *areas):
    """Half years to June 30 of areas called a, b, c …, the newest first; None is not wholly known."""
    rows = [
        (city, "abcdefghijklmnopqrst"[at], back, *(day.replace(year=2026 - back) for day in HALF), n)
        for at, windows in enumerate(areas)
        for back, n in enumerate(windows)
        if n is not None
    ]
    columns = ["city", "neighbourhood", "back", "date_from", "date_until", "incidents"]
    frame = pd.DataFrame(rows, columns=columns).astype({"back": "Int64", "incidents": "Int64"})
    return frame.astype(dict.fromkeys(columns[3:5], "datetime64[us]"))


def find(*frames, swing=(), areas=None, measure="incidents"):
    """What is found of these counts; `swing`: slices of every area, oldest first."""
    frame = pd.concat(frames, ignore_index=True)
    named = frame[["city", "neighbourhood"]].drop_duplicates()
    slices = pd.DataFrame(
        [
            (*area, pd.Timestamp(2020, 1, 1) + pd.Timedelta(days=28 * at), n)
            for area in named.itertuples(index=False)
            for at, n in enumerate(swing)
        ],
        columns=["city", "neighbourhood", "date_from", "incidents"],
    )
    counts = frame.assign(**{m: frame[m] if m in frame else frame["incidents"] for m in ON_SCREENS})
    return changes.find_areas(counts, slices, named if areas is None else areas, measure, HALF, 30)


def test_people_are_counted_and_their_shootings_tested():
    frame = count("east", [20, 60], [20, 60], [40, 40])
    # More people in a third of the shootings, as many fewer, and as many in as many.
    found = find(frame.assign(victims=pd.array([80, 60, 25, 75, 40, 40], dtype="Int64")), measure="victims")
    table = changes.build_changes_table(found, CITIES).set_index("Neighbourhood")
    assert table.loc["a", ["Now", "Before", "Change"]].tolist() == [80, 60, "– no clear change"]
    assert table.loc["b", ["Now", "Before", "Change"]].tolist() == [25, 75, "▼ clearly down"]
    assert table.loc["b", "Interval"].endswith("times as many shooting incidents")
    drawn = changes.build_map_frame(found).set_index("neighbourhood")
    assert drawn["value"].to_dict() == {"a": 20, "b": -50, "c": 0}
    assert drawn["state"].to_dict() == {"a": "unclear", "b": "down", "c": "unclear"}


@hypothesis_settings.some
@given(st.lists(st.lists(st.integers(0, 60), min_size=6, max_size=6), min_size=1, max_size=12))
def test_no_area_is_coloured_changed_whose_interval_holds_as_many(areas):
    found = find(count("east", *areas))
    frame = changes.build_map_frame(found)
    boundaries = figure_checks.squares(list(frame["neighbourhood"]))
    key = area_maps.Key("shooting incidents")
    drawn = area_maps.draw_areas(frame, boundaries, Drawing(LIGHT, CITIES, False), key, None, "East", (300, 400))
    figure_checks.assert_valid(drawn.figure)
    figure_checks.assert_valid(drawn.printed)
    classes = {
        find_colour(LIGHT, colour): words for words, colour in key.list_key(("up", "down", "unclear", "unknown"))
    }
    names = figure_checks.find_names(drawn.figure)
    marks = {words[-1]: words[:-1].replace("<br>", "").strip() for words in names}
    colours = figure_checks.find_colours(drawn.figure)
    rows = changes.build_changes_table(found, CITIES).set_index("Neighbourhood")
    said = dict(zip(frame["neighbourhood"], frame["said"], strict=True))
    for name, finding in found["east"].areas.items():
        tested = finding.tested
        up, down = tested.low > 1, tested.high is not None and tested.high < 1
        assert classes[colours[name]] == ("clearly more" if up else "clearly fewer" if down else "no clear change")
        assert marks[name] == ("▲" if up else "▼" if down else "")
        assert rows.at[name, "Change"].startswith("▲ clearly up") == up
        assert rows.at[name, "Change"].startswith("▼ clearly down") == down
        assert ("clearly up" in said[name]) == up
        assert tested.previous >= 30 or "−" not in said[name]
    changed = [name for name, mark in marks.items() if mark]
    assert len(changed) == found["east"].changes
    assert set(rows.index[: len(changed)]) == set(changed)  # what changed comes first


def test_a_city_is_judged_by_itself_and_by_how_all_its_areas_swing():
    east, west = count("east", [40, 12, 11, 13, 12, 12], *[STEADY] * 7), count("west", *[[9, 14, 3, 22, 1, 8]] * 12)
    alone, together = find(east)["east"], find(east, west)["east"]
    assert (alone.areas, alone.dispersion, alone.changes) == (together.areas, together.dispersion, 1)
    swinging = [0, 1, 0, 7, 4, 9] * 8
    frame = count("east", [60, 12], [0, 12])
    narrow, wide = find(frame)["east"], find(frame, swing=swinging)["east"]
    assert narrow.dispersion is None
    assert wide.dispersion == estimate_dispersion([swinging, swinging])
    assert wide.dispersion.is_clustered
    # What swings more must change more to be called changed.
    assert wide.areas["a"].tested.low < narrow.areas["a"].tested.low


def test_what_is_not_wholly_known_is_not_known_and_never_a_zero():
    found = find(count("east", [5, None], [4, None]))
    assert changes.write_changes_title(found, CITIES).startswith("There is nothing to compare")
    drawn, rows = changes.build_map_frame(found), changes.build_changes_table(found, CITIES)
    assert set(drawn["state"]) == {"unknown"}
    assert "5; there is no count of the same days of 2025" in drawn["said"].iloc[0]
    assert rows["Before"].isna().all()
    assert rows.loc[0, "Now"] == 5
    assert set(rows["Difference"]) == set(rows["Interval"]) == {""}
    outside = pd.DataFrame({"city": "west", "neighbourhood": ["a"]})  # an area the windows do not hold
    unknown = changes.build_map_frame(find(count("east", STEADY), areas=outside))
    assert set(unknown["state"]) == {"unknown"}


@pytest.mark.parametrize(
    ("start", "until", "too_long"),
    [
        (date(2024, 1, 1), date(2025, 1, 1), False),
        (date(2025, 11, 24), date(2026, 11, 24), False),
        (date(2025, 11, 23), date(2026, 11, 24), True),
    ],
)
def test_a_period_longer_than_a_year_has_no_year_before(start, until, too_long):
    assert bool(changes.explain_too_long((start, until))) == too_long


PAIR = st.tuples(st.none() | st.integers(0, 60), st.integers(0, 60))
DISPERSIONS = st.none() | st.builds(Dispersion, st.floats(1, 3), st.just(60))


def change(*pairs, dispersion=None):
    """Areas with these counts of this year and the last; the dispersion is of a history that is given."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(changes, "_pool_dispersions", lambda *_: {"east": dispersion})
        return find(count("east", *pairs))["east"]


def step_up(p_values, alpha):
    """Benjamini and Hochberg (1995) as they wrote it: the largest k with p(k) ≤ kα/m."""
    order = sorted(range(len(p_values)), key=lambda at: p_values[at])
    most = max((k for k, at in enumerate(order, 1) if p_values[at] <= k * alpha / len(order)), default=0)
    return set(order[:most])


@hypothesis_settings.some
@given(st.lists(PAIR, min_size=1, max_size=17), DISPERSIONS)
def test_what_is_called_changed_is_what_the_procedure_rejects(pairs, dispersion):
    found = change(*pairs, dispersion=dispersion)
    looked = [(name, pair) for name, pair in zip("abcdefghijklmnopq", pairs, strict=False) if pair[0] is not None]
    p_values = [compare(*pair, dispersion=dispersion).p_value for _, pair in looked]
    rejected = {looked[at][0] for at in step_up(p_values, 0.05)}
    assert {*found.list_areas(Outcome.UP, Outcome.DOWN)} == rejected
    assert (found.tests, found.changes) == (len(looked), len(rejected))
