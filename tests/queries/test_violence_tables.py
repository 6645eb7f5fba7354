"""Each query on people shot, on a table small enough to count by hand."""

import random
from contextlib import closing
from datetime import date, timedelta

import pytest

from longevity.auth import viewers
from longevity.auth.viewers import PUBLIC, STATE, Viewer, ViewerKind
from longevity.errors import AccessError, UsageError
from longevity.warehouse.warehouse import Warehouse
from tests.factories import tiny_release
from tests.factories.ascii_table import assert_table
from tests.factories.tiny_release import AREAS, MEASURES, Incident, total

DATES = {"date_from": "2023-06-01", "date_until": "2024-01-01"}
YEARS = {"year_from": 2022, "year_until": 2024}
WINDOW = {"windows": "2023-06-01..2023-12-31"}
BOTH = {"east": date(2024, 3, 10), "west": date(2024, 3, 10)}

INCIDENTS = """
    city | day        | hour | area    | reason         | fatal | nonfatal | otherwise
    east | 2023-02-28 | 23   | Harbour |                | 1     | 2        | 0
    east | 2024-02-29 | 0    | Harbour |                | 0     | 1        | 0
    east | 2024-02-29 |      | Hill    |                | 0     | 0        | 1
    east | 2024-03-02 |      |         | no_coordinates | 1     | 0        | 0
    west | 2024-02-03 | 12   | Mill    |                | 2     | 0        | 1
    west | 2024-03-10 | 12   |         | outside        | 0     | 4        | 0
"""


UNEVEN = {"east": date(2024, 3, 10), "west": date(2024, 3, 9)}
# By what it shows: a question, the days of the cities, what is asked, and what is told.
BY_HAND = {
    # East begins on February 1, 2023, and ends on March 10, 2024.
    "windows touch, hold their last day and say which the data cover in part": (
        "counts",
        BOTH,
        {
            "city": "east",
            "windows": "2022-03-01..2023-01-31,2023-01-31..2023-02-27,2023-02-28..2023-02-28,"
            "2024-02-29..2024-03-02,2024-03-03..2024-04-30",
        },
        """
        city | neighbourhood | date_from  | date_until | complete | incidents | victims | fatal
        east |               | 2023-01-31 | 2023-02-28 | no       | 0         | 0       | 0
        east |               | 2023-02-28 | 2023-03-01 | yes      | 1         | 3       | 1
        east |               | 2024-02-29 | 2024-03-03 | yes      | 2         | 2       | 1
        east |               | 2024-03-03 | 2024-05-01 | no       | 0         | 0       | 0
        """,
    ),
    "one area is counted by itself": (
        "counts",
        BOTH,
        {"city": "west", "neighbourhood": "Mill", "windows": "months"},
        """
        city | neighbourhood | date_from  | date_until | victims
        west | Mill          | 2024-02-01 | 2024-03-01 | 2
        west | Mill          | 2024-03-01 | 2024-03-11 | 0
        """,
    ),
    "windows in a word go to the least data-through of the cities asked": (
        "counts",
        UNEVEN,
        {"windows": "years"},
        """
        city | date_from  | date_until | complete | victims | homicides
        east | 2023-01-01 | 2024-01-01 | no       | 3       | 1
        east | 2024-01-01 | 2024-03-10 | yes      | 2       | 2
        west | 2024-01-01 | 2024-03-10 | no       | 2       | 3
        """,
    ),
    "victims who could not be placed are counted by the reason": (
        "unlocated_victims_by_city",
        BOTH,
        {},
        """
        city | reason         | incidents | victims | fatal | nonfatal | homicides
        east | no_coordinates | 1         | 1       | 1     | 0        | 1
        east | city_precision | 0         | 0       | 0     | 0        | 0
        east | outside        | 0         | 0       | 0     | 0        | 0
        east | no_boundaries  | 0         | 0       | 0     | 0        | 0
        east | few_placed     | 0         | 0       | 0     | 0        | 0
        west | no_coordinates | 0         | 0       | 0     | 0        | 0
        west | city_precision | 0         | 0       | 0     | 0        | 0
        west | outside        | 1         | 4       | 0     | 4        | 0
        west | no_boundaries  | 0         | 0       | 0     | 0        | 0
        west | few_placed     | 0         | 0       | 0     | 0        | 0
        """,
    ),
    "areas say who lives there": (
        "areas",
        BOTH,
        {"city": "east"},
        """
        city | neighbourhood | population | area_km2
        east | Harbour       | 1000       | 1.5
        east | Hill          |            | 1.5
        """,
    ),
    "cities are in the order of the configuration": (
        "cities",
        BOTH,
        {},
        """
        city | name | position | week_ends_iso | launched_on | starts_on  | data_through
        east | East | 0        | 7             | 2020-01-01  | 2023-02-01 | 2024-03-10
        west | West | 1        | 6             | 2021-01-01  | 2024-02-01 | 2024-03-10
        """,
    ),
}


@pytest.mark.parametrize(("query", "ends", "asked", "expected"), BY_HAND.values(), ids=BY_HAND)
def test_by_hand(ask, query, ends, asked, expected):
    assert_table(ask(INCIDENTS, query, ends, **asked), expected)


def test_the_first_and_the_last_day_covered_are_covered_and_no_other(ask):
    days = "2023-01-31,2023-02-01,2024-03-10,2024-03-11"
    found = ask(INCIDENTS, "counts", BOTH, city="east", windows=days)["date_from"]
    assert [str(day.date()) for day in found] == ["2023-02-01", "2024-03-10"]
    assert ask(INCIDENTS, "counts", BOTH, windows="2099-01-01..2099-12-31").empty


def test_an_unknown_hour_is_its_own_row_and_not_midnight(ask):
    frame = ask(INCIDENTS, "incidents_by_hour_and_weekday", BOTH, city="east")
    assert len(frame) == 7 * 25
    # February 29, 2024 was a Thursday, March 2 a Saturday, February 28, 2023 a Tuesday.
    assert_table(
        frame[frame["victims"] > 0],
        """
        city | weekday | hour | incidents | victims
        east | 2       | 23   | 1         | 3
        east | 4       | 0    | 1         | 1
        east | 6       |      | 1         | 1
        """,
    )


def test_hours_of_one_year_leave_the_others_out(ask):
    frame = ask(INCIDENTS, "incidents_by_hour_and_weekday", BOTH, year_from=2023, year_until=2024)
    assert frame["victims"].sum() == 3


def test_what_counts_leave_out_is_listed_to_a_city_of_its_own(ask):
    assert_table(
        ask(INCIDENTS, "uncounted_by_circumstance", BOTH, Viewer(ViewerKind.CITY, "west")),
        """
        city | year | circumstance | incidents | victims
        west | 2024 | accident     | 2         | 3
        """,
    )


# East's data run from February 1, 2023, West's from February 1, 2024; both to March 10, 2024.
@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("counts", WINDOW),
        ("counts", {**WINDOW, "unit": "neighbourhood"}),
        ("unlocated_victims_by_city", DATES),
        ("incidents_by_hour_and_weekday", YEARS),
    ],
)
def test_a_city_whose_data_cover_nothing_of_the_period_has_no_row(ask, query, asked):
    assert set(ask(INCIDENTS, query, BOTH, **asked)["city"]) == {"east"}
    assert ask(INCIDENTS, query, BOTH, city="west", **asked).empty


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("unlocated_victims_by_city", {"date_from": "2024-03-11", "date_until": "2024-03-12"}),
        ("incidents_by_hour_and_weekday", {"year_from": 1990, "year_until": 2023}),
    ],
)
def test_a_period_no_city_covers_is_refused_with_a_sentence(ask, query, asked):
    with pytest.raises(UsageError, match="They run from 2023-02-01 to 2024-03-10"):
        ask(INCIDENTS, query, BOTH, **asked)


LATE = """
    city | day        | hour | area | nonfatal
    east | 2022-05-04 | 9    | Hill | 1
    west | 2024-02-03 | 12   | Mill | 2
"""
EARLY_AND_LATE = {"east": date(2022, 6, 30), "west": date(2024, 3, 10)}


@pytest.mark.parametrize(
    ("query", "asked", "city"),
    [
        ("counts", {}, "east"),
        ("unlocated_victims_by_city", {}, "east"),
        ("incidents_by_hour_and_weekday", {}, "east"),
        ("counts", {"windows": "2023-01-01..2024-02-29"}, "west"),
        ("unlocated_victims_by_city", {"date_from": "2023-01-01", "date_until": "2024-03-01"}, "west"),
    ],
)
def test_before_its_first_and_after_its_last_day_a_city_has_no_rows_rather_than_zeros(ask, query, asked, city):
    assert set(ask(LATE, query, EARLY_AND_LATE, **asked)["city"]) == {city}


# People shot in any window of any place, against plain loops over random incidents

THROUGH = {"east": date(2024, 5, 17), "west": date(2024, 5, 14)}
REASONS = ("no_coordinates", "city_precision", "outside", "no_boundaries")


def draw_incidents(dice):
    made = []
    for _ in range(dice.randint(150, 400)):
        city = dice.choice(["east", "west"])
        area = dice.choice([None, *AREAS[city]])
        day = date(2022, 1, 1) + timedelta(days=dice.randint(0, 876))
        hour, why = dice.choice([None, *range(24)]), None if area else dice.choice(REASONS)
        counts = dice.choice([(1, 0, 0), (0, 1, 0), (0, 3, 0), (2, 1, 0), (0, 0, 1), (1, 1, 2)])
        made.append(Incident(city, day, hour, area, why, *counts))
    return made


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_window_of_any_place(tmp_path, seed):
    dice = random.Random(seed)
    made = draw_incidents(dice)
    starts = {city: min(i.day for i in made if i.city == city).replace(day=1) for city in AREAS}
    days = [date(2021, 11, 1) + timedelta(days=dice.randint(0, 960)) for _ in range(60)]
    windows = [*{(day, day + timedelta(days=dice.choice([1, 7, 28, 100, 365]))) for day in days}]
    release = tiny_release.write(tmp_path / "release", made, AREAS, THROUGH)
    asked = {"city": {city: [None] for city in AREAS}, "neighbourhood": AREAS}
    with closing(Warehouse(release, tiny_release.settings(tmp_path))) as warehouse:
        for unit, places in asked.items():
            frame = warehouse.run("counts", {"windows": windows, "unit": unit}, PUBLIC).frame
            found = [
                (
                    *(row.city, row.neighbourhood if unit == "neighbourhood" else None),
                    *(row.date_from.date(), row.date_until.date()),
                    *(int(getattr(row, measure)) for measure in MEASURES),
                )
                for row in frame.itertuples()
            ]
            expected = set()
            for first, until in windows:
                for city, areas in places.items():
                    if until <= starts[city] or first > THROUGH[city]:
                        continue  # nothing of it is covered
                    here = [i for i in made if i.city == city and first <= i.day < until and i.day <= THROUGH[city]]
                    for area in areas:
                        counted = total(i for i in here if area in (None, i.area))
                        expected.add((city, area, first, until, *counted.values()))
            assert len(found) == len(expected)
            assert set(found) == expected


# Points: the newest of each city, how many there are, and none in an older release

ENDS = {"east": date(2024, 3, 10), "west": date(2024, 3, 10)}
POINTS = """
    city | day        | area    | reason         | fatal | nonfatal | otherwise
    east | 2023-02-28 | Harbour |                | 1     | 2        | 0
    east | 2024-02-29 | Harbour |                | 0     | 1        | 0
    east | 2024-03-01 | Hill    |                | 0     | 0        | 1
    east | 2024-03-02 |         | no_coordinates | 1     | 0        | 0
    east | 2024-03-09 | Hill    |                | 2     | 0        | 0
    west | 2024-02-03 | Mill    |                | 2     | 0        | 1
"""


@pytest.fixture
def points(tmp_path):
    rows = tiny_release.incidents(POINTS)
    release = tiny_release.write(tmp_path / "release", rows, AREAS, ENDS)
    opened = Warehouse(release, tiny_release.settings(tmp_path / "config"))
    yield opened
    opened.close()


def test_the_newest_of_each_city_and_how_many_there_are(points):
    asked = {"date_from": "2023-02-28", "date_until": "2024-03-10", "most": 2}
    assert_table(
        points.run("incident_points", asked, STATE).frame,
        """
        city | number | occurred_on | neighbourhood | victims | fatal | nonfatal | points_of_city
        east | 1      | 2024-03-09  | Hill          | 2       | 2     | 0        | 3
        east | 2      | 2024-02-29  | Harbour       | 1       | 0     | 1        | 3
        west | 1      | 2024-02-03  | Mill          | 2       | 2     | 0        | 1
        """,
    )
    ended = {**asked, "date_until": "2024-03-09"}
    assert points.run("incident_points", ended, STATE).frame["number"].tolist() == [1, 2, 1]
    assert (points.run("incident_points", ended, STATE).frame["occurred_on"].max().day) == 29


def test_they_are_for_the_state_and_each_city_about_its_own(points):
    east = viewers.parse_viewer("city:east", points.settings)
    answer = points.run("incident_points", {}, east)
    assert set(answer.frame["city"]) == {"east"}
    assert answer.provenance.not_for_release
    with pytest.raises(AccessError, match="its own city only"):
        points.run("incident_points", {"city": "west"}, east)
    with pytest.raises(AccessError, match="a place finer than a neighbourhood"):
        points.run("incident_points", {}, PUBLIC)
