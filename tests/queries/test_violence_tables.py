"""Each query on people shot, on a table small enough to count by hand."""

import random
from datetime import date, timedelta
from functools import cache

import pytest

from longevity.auth.viewers import PUBLIC, STATE, Viewer, ViewerKind
from longevity.base.errors import UsageError
from longevity.ingest.contract import RACES
from tests.factories import reach_release, tiny_release
from tests.factories.ascii_table import Shown, rows
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


def test_windows_touch_hold_their_last_day_and_say_which_the_data_cover_in_part(ask):
    # East begins on February 1, 2023, and ends on March 10, 2024.
    windows = (
        "2022-03-01..2023-01-31,2023-01-31..2023-02-27,2023-02-28..2023-02-28,"
        "2024-02-29..2024-03-02,2024-03-03..2024-04-30"
    )
    assert Shown(ask(INCIDENTS, "counts", BOTH, city="east", windows=windows)) == rows("""
        city | neighbourhood | date_from  | date_until | complete | incidents | victims | fatal
        east |               | 2023-01-31 | 2023-02-28 | no       | 0         | 0       | 0
        east |               | 2023-02-28 | 2023-03-01 | yes      | 1         | 3       | 1
        east |               | 2024-02-29 | 2024-03-03 | yes      | 2         | 2       | 1
        east |               | 2024-03-03 | 2024-05-01 | no       | 0         | 0       | 0
    """)


def test_one_area_is_counted_by_itself(ask):
    assert Shown(ask(INCIDENTS, "counts", BOTH, city="west", neighbourhood="Mill", windows="months")) == rows("""
        city | neighbourhood | date_from  | date_until | victims
        west | Mill          | 2024-02-01 | 2024-03-01 | 2
        west | Mill          | 2024-03-01 | 2024-03-11 | 0
    """)


def test_windows_in_a_word_go_to_the_least_data_through_of_the_cities_asked(ask):
    assert Shown(ask(INCIDENTS, "counts", UNEVEN, windows="years")) == rows("""
        city | date_from  | date_until | complete | victims | homicides
        east | 2023-01-01 | 2024-01-01 | no       | 3       | 1
        east | 2024-01-01 | 2024-03-10 | yes      | 2       | 2
        west | 2024-01-01 | 2024-03-10 | no       | 2       | 3
    """)


def test_victims_who_could_not_be_placed_are_counted_by_the_reason(ask):
    assert Shown(ask(INCIDENTS, "unlocated_victims_by_city", BOTH)) == rows("""
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
    """)


def test_areas_say_who_lives_there(ask):
    assert Shown(ask(INCIDENTS, "areas", BOTH, city="east")) == rows("""
        city | neighbourhood | population | area_km2
        east | Harbour       | 1000       | 1.5
        east | Hill          |            | 1.5
    """)


def test_cities_are_in_the_order_of_the_configuration(ask):
    assert Shown(ask(INCIDENTS, "cities", BOTH)) == rows("""
        city | name | position | week_ends_iso | launched_on | starts_on  | data_through
        east | East | 0        | 7             | 2020-01-01  | 2023-02-01 | 2024-03-10
        west | West | 1        | 6             | 2021-01-01  | 2024-02-01 | 2024-03-10
    """)


def test_the_first_and_the_last_day_covered_are_covered_and_no_other(ask):
    days = "2023-01-31,2023-02-01,2024-03-10,2024-03-11"
    found = ask(INCIDENTS, "counts", BOTH, city="east", windows=days)["date_from"]
    assert [str(day.date()) for day in found] == ["2023-02-01", "2024-03-10"]
    assert ask(INCIDENTS, "counts", BOTH, windows="2099-01-01..2099-12-31").empty


def test_an_unknown_hour_is_its_own_row_and_not_midnight(ask):
    frame = ask(INCIDENTS, "incidents_by_hour_and_weekday", BOTH, city="east")
    assert len(frame) == 7 * 25
    # February 29, 2024 was a Thursday, March 2 a Saturday, February 28, 2023 a Tuesday.
    assert Shown(frame[frame["victims"] > 0]) == rows("""
        city | weekday | hour | incidents | victims
        east | 2       | 23   | 1         | 3
        east | 4       | 0    | 1         | 1
        east | 6       |      | 1         | 1
    """)


def test_hours_of_one_year_leave_the_others_out(ask):
    frame = ask(INCIDENTS, "incidents_by_hour_and_weekday", BOTH, year_from=2023, year_until=2024)
    assert frame["victims"].sum() == 3


def test_what_counts_leave_out_is_listed_to_a_city_of_its_own(ask):
    assert Shown(ask(INCIDENTS, "uncounted_by_circumstance", BOTH, Viewer(ViewerKind.CITY, "west"))) == rows("""
        city | year | circumstance | incidents | victims
        west | 2024 | accident     | 2         | 3
    """)


# East's data run from February 1, 2023, West's from February 1, 2024; both to March 10, 2024.
# In LATE East's are of May and June 2022, and West's as above.
LATE = """
    city | day        | hour | area | nonfatal
    east | 2022-05-04 | 9    | Hill | 1
    west | 2024-02-03 | 12   | Mill | 2
"""
EARLY_AND_LATE = {"east": date(2022, 6, 30), "west": date(2024, 3, 10)}
OF_WEST = {"date_from": "2023-01-01", "date_until": "2024-03-01"}


@pytest.mark.parametrize(
    ("table", "ends", "query", "asked", "city"),
    [
        (INCIDENTS, BOTH, "counts", WINDOW, "east"),
        (INCIDENTS, BOTH, "counts", {**WINDOW, "unit": "neighbourhood"}, "east"),
        (INCIDENTS, BOTH, "unlocated_victims_by_city", DATES, "east"),
        (INCIDENTS, BOTH, "incidents_by_hour_and_weekday", YEARS, "east"),
        (LATE, EARLY_AND_LATE, "counts", {}, "east"),
        (LATE, EARLY_AND_LATE, "incidents_by_hour_and_weekday", {}, "east"),
        (LATE, EARLY_AND_LATE, "counts", {"windows": "2023-01-01..2024-02-29"}, "west"),
        (LATE, EARLY_AND_LATE, "unlocated_victims_by_city", OF_WEST, "west"),
    ],
)
def test_before_its_first_and_after_its_last_day_a_city_has_no_rows_rather_than_zeros(
    ask, table, ends, query, asked, city
):
    assert {*ask(table, query, ends, **asked)["city"]} == {city}
    other = {"east": "west", "west": "east"}[city]
    assert not asked or ask(table, query, ends, city=other, **asked).empty


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
def test_any_window_of_any_place(open_release, seed):
    dice = random.Random(seed)
    made = draw_incidents(dice)
    starts = {city: min(i.day for i in made if i.city == city).replace(day=1) for city in AREAS}
    days = [date(2021, 11, 1) + timedelta(days=dice.randint(0, 960)) for _ in range(60)]
    windows = [*{(day, day + timedelta(days=dice.choice([1, 7, 28, 100, 365]))) for day in days}]
    warehouse = open_release(lambda out: tiny_release.write(out, made, AREAS, THROUGH))
    asked = {"city": {city: [None] for city in AREAS}, "neighbourhood": AREAS}
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


POINTS = """
    city | day        | area    | reason         | fatal | nonfatal | otherwise
    east | 2023-02-28 | Harbour |                | 1     | 2        | 0
    east | 2024-02-29 | Harbour |                | 0     | 1        | 0
    east | 2024-03-01 | Hill    |                | 0     | 0        | 1
    east | 2024-03-02 |         | no_coordinates | 1     | 0        | 0
    east | 2024-03-09 | Hill    |                | 2     | 0        | 0
    west | 2024-02-03 | Mill    |                | 2     | 0        | 1
"""


def test_the_newest_of_each_city_and_how_many_there_are(ask):
    asked = {"date_from": "2023-02-28", "date_until": "2024-03-10", "most": 2}
    assert Shown(ask(POINTS, "incident_points", BOTH, STATE, **asked)) == rows("""
        city | number | occurred_on | neighbourhood | victims | fatal | nonfatal | points_of_city
        east | 1      | 2024-03-09  | Hill          | 2       | 2     | 0        | 3
        east | 2      | 2024-02-29  | Harbour       | 1       | 0     | 1        | 3
        west | 1      | 2024-02-03  | Mill          | 2       | 2     | 0        | 1
    """)
    ended = ask(POINTS, "incident_points", BOTH, STATE, **asked | {"date_until": "2024-03-09"})
    assert ended["number"].tolist() == [1, 2, 1]
    assert ended["occurred_on"].max().day == 29


# Who was shot, how late it was entered, how many live there: by hand and by plain loops.
LAST = date(2024, 6, 30)
TO_JUNE = {"east": LAST, "west": LAST}
SHOT_AT = """
    city | day        | area    | fatal | nonfatal
    east | 2024-01-05 | Harbour | 1     | 2
    east | 2024-06-30 | Hill    | 0     | 1
    west | 2023-12-31 | Mill    | 0     | 1
"""
VICTIMS = """
    incident_id | city | outcome  | weapon  | age_band | sex     | race_ethnicity
    incident-0  | east | fatal    | firearm | 18-24    | male    | black
    incident-0  | east | nonfatal | firearm | unknown  | male    | black
    incident-0  | east | nonfatal | firearm | 30-34    | unknown | black
    incident-0  | east | fatal    | knife   | 18-24    | male    | black
    incident-1  | east | nonfatal | firearm | 25-29    | male    | unknown
    incident-2  | west | nonfatal | firearm | 18-24    | female  | white
"""


@pytest.fixture(scope="module")
def hurt(open_release):
    """`hurt(victims, query, **asked)`: what the state sees of these incidents and victims."""

    @cache
    def open_victims(victims):
        incidents, people = tiny_release.incidents(SHOT_AT), reach_release.rows(victims=victims)
        return open_release(lambda out: tiny_release.write(out, incidents, AREAS, TO_JUNE, **people))

    return lambda victims, query, **asked: open_victims(victims).run(query, asked, STATE).frame


def test_who_was_shot_keeps_unknown_a_value_and_leaves_other_weapons_out(hurt):
    frame = hurt(VICTIMS, "victims_by_attribute", city="east")
    assert Shown(frame[frame["victims"] > 0]) == rows("""
        city | attribute      | value   | victims
        east | age_band       | 18-24   | 1
        east | age_band       | 25-29   | 1
        east | age_band       | 30-34   | 1
        east | age_band       | unknown | 1
        east | sex            | male    | 3
        east | sex            | unknown | 1
        east | race_ethnicity | black   | 3
        east | race_ethnicity | unknown | 1
    """)


# East with bands of its own and no race; West with no age, and nobody shot this year.
OWN_BANDS = """
    incident_id | city | outcome  | weapon  | age_band | sex     | race_ethnicity
    incident-0  | east | fatal    | firearm | 18-30    | male    | unknown
    incident-0  | east | nonfatal | firearm | 0-17     | male    | unknown
    incident-0  | east | nonfatal | firearm | 65+      | unknown | unknown
    incident-0  | east | fatal    | knife   | 25-44    | male    | unknown
    incident-1  | east | nonfatal | firearm | 18-24    | male    | unknown
    incident-2  | west | nonfatal | firearm | unknown  | female  | black
"""


def test_a_city_has_its_own_bands_and_what_it_never_gave_is_not_supplied(hurt):
    frame = hurt(OWN_BANDS, "victims_by_attribute")
    # 25-44 is East's too, though nobody of that age was shot; 18-24 and 18-30 overlap and stay.
    assert Shown(frame[["city", "attribute", "value", "victims", "victims_state"]]) == rows("""
        city | attribute      | value        | victims | victims_state
        east | age_band       | 0-17         | 1       | shown
        east | age_band       | 18-24        | 1       | shown
        east | age_band       | 18-30        | 1       | shown
        east | age_band       | 25-44        | 0       | zero
        east | age_band       | 65+          | 1       | shown
        east | age_band       | unknown      | 0       | zero
        east | sex            | female       |         | missing
        east | sex            | male         | 3       | shown
        east | sex            | other        |         | missing
        east | sex            | unknown      | 1       | shown
        east | race_ethnicity | not_supplied |         | missing
        west | age_band       | not_supplied |         | missing
        west | sex            | female       | 0       | zero
        west | sex            | male         | 0       | zero
        west | sex            | other        | 0       | zero
        west | sex            | unknown      | 0       | zero
        west | race_ethnicity | black        | 0       | zero
        west | race_ethnicity | hispanic     | 0       | zero
        west | race_ethnicity | white        | 0       | zero
        west | race_ethnicity | asian        | 0       | zero
        west | race_ethnicity | american_indian | 0    | zero
        west | race_ethnicity | other        | 0       | zero
        west | race_ethnicity | unknown      | 0       | zero
    """)


def test_a_value_that_a_source_never_gives_is_missing(hurt):
    race = hurt(VICTIMS.replace("| black", "| other"), "victims_by_attribute", city="east")
    states = race[race["attribute"] == "race_ethnicity"].set_index("value")["victims_state"]
    assert states.to_dict() == dict.fromkeys(RACES, "missing") | {**{"other": "shown", "unknown": "shown"}}


def test_where_a_value_is_known_of_fewer_than_not_no_other_is_zero(hurt):
    """In June the race of the one person shot is not known; over the year that of one in four."""
    of_june, of_the_year = (
        hurt(VICTIMS, "victims_by_attribute", city="east", date_from=since).set_index("value")["victims_state"]
        for since in ("2024-06-01", "2024-01-01")
    )
    assert (of_june["black"], of_june["18-24"], of_the_year["black"]) == ("missing", "zero", "shown")


def test_how_late_each_shooting_was_entered(ask):
    table = """
        city | day        | area    | fatal | nonfatal | otherwise | recorded
        east | 2023-06-20 | Harbour | 0     | 2        | 0         | 7
        east | 2023-06-20 | Hill    | 0     | 1        | 0         | 8
        east | 2023-06-21 | Hill    | 1     | 0        | 0         |
        east | 2023-06-29 | Hill    | 1     | 0        | 0         | 400
        east | 2023-06-22 | Hill    | 0     | 0        | 1         | 0
        east | 2023-05-01 | Hill    | 0     | 1        | 0         | 0
        east | 2024-06-20 | Hill    | 0     | 1        | 0         | 9
    """
    # Too new to tell, entered after the last day, not said when, and nobody shot: in neither.
    assert Shown(ask(table, "entered_late", TO_JUNE)) == rows("""
        city | incidents | late
        east | 3         | 1
        west | 0         | 0
    """)


def test_residents_are_added_up_but_where_shootings_lie_in_areas_without(ask):
    """One in twenty in areas without residents is few; one of two is not."""
    peopled = "\n".join(
        f"east | 2024-01-{day:02} | {area} | 0 | 1" for day, area in enumerate([*["Harbour"] * 19, "Hill"], 1)
    )
    others = "west | 2023-12-30 | Mill | 0 | 1\nwest | 2023-12-31 | Meadow | 0 | 1"
    table = f"city | day | area | fatal | nonfatal\n{peopled}\n{others}"
    assert Shown(ask(table, "residents_by_city", TO_JUNE)) == rows("""
        city | residents
        east | 1000
        west |
    """)


LAST_OF_FEW = date(2024, 4, 15)
REVIEWED = """
    incident_id | occurred_at | gmi       | reviewed_on | circumstance
    first       | 2024-01-31  | confirmed | 2024-02-06  | criminal
    second      | 2024-02-29  | suspected | 2024-03-05  | unknown
    third       | 2024-02-01  | none      |             | criminal
    never       | 2024-02-02  | unknown   |             | criminal
    looked_at   | 2024-02-03  | unknown   | 2024-02-10  | criminal
    accident    | 2024-02-04  | confirmed | 2024-02-10  | accident
    unhurt      | 2024-02-05  | confirmed | 2024-02-10  | criminal
    later       | 2024-04-02  | confirmed | 2024-04-20  | criminal
"""
SHOT = "\n".join(["incident_id", "first", "second", "third", "never", "looked_at", "accident", "later"])


def test_each_month_by_hand_and_no_review_before_its_day(tell):
    known = {"begins": {"incidents": date(2023, 12, 20)}, "ends": dict.fromkeys(("incidents", "victims"), LAST_OF_FEW)}
    # December is cut by the start, April not over. The review of April 20 is not known yet.
    asked = {"as_of": LAST_OF_FEW}
    assert Shown(tell("incidents_by_month_gmi", params=asked, incidents=REVIEWED, victims=SHOT, **known)) == rows("""
        city | month      | days | incidents | reviewed | confirmed | suspected | not_gmi | unknown | complete
        east | 2023-12-01 | 31   | 0         | 0        | 0         | 0         | 0       | 0       | no
        east | 2024-01-01 | 31   | 1         | 1        | 1         | 0         | 0       | 0       | yes
        east | 2024-02-01 | 29   | 4         | 3        | 0         | 1         | 1       | 2       | yes
        east | 2024-03-01 | 31   | 0         | 0        | 0         | 0         | 0       | 0       | yes
        east | 2024-04-01 | 30   | 1         | 0        | 0         | 0         | 0       | 1       | no
    """)
    asked = {"as_of": "2024-02-29", "since": "2024-02-02"}
    assert Shown(tell("incidents_by_month_gmi", params=asked, incidents=REVIEWED, victims=SHOT, **known)) == rows("""
        month      | incidents | reviewed | confirmed | suspected | not_gmi | unknown | complete
        2024-02-01 | 3         | 1        | 0         | 0         | 0       | 3       | no
    """)


# The weekly review's questions against the demonstration's rows and other answers
SINCE = date(2024, 1, 1)


def test_the_message_one_by_one_adds_up_to_the_retaliation_window(warehouse):
    window = warehouse.run("retaliation_window", {"since": SINCE}, STATE).frame
    for answer in window.itertuples():
        asked = {"city": answer.city, "date_from": SINCE, "date_until": answer.last_day.date() + timedelta(days=1)}
        frame = warehouse.run("shootings_one_by_one", asked, STATE).frame
        sure = frame[frame["gmi"] == "confirmed"]
        assert len(sure) == answer.incidents > 0
        assert (sure["notified"] == "notified").sum() == answer.notified
        assert (sure["notified"] == "attempted").sum() == answer.attempted_only
        assert (sure["notified"] == "unknown").sum() == answer.group_unknown
