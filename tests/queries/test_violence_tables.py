"""Each query on people shot, on a table small enough to count by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from longevity.auth.viewers import Viewer, ViewerKind
from longevity.errors import UsageError
from tests.factories.ascii_table import assert_table
from tests.factories.tiny_release import Ask

DATES = {"date_from": "2023-06-01", "date_until": "2024-01-01"}
YEARS = {"year_from": 2022, "year_until": 2024}
FIRST_YEARS = {"year_from": 2022, "through": "2023-12-31"}
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


def test_neighbourhoods_keep_their_zeros_and_leave_out_what_is_unlocated(ask: Ask) -> None:
    assert_table(
        ask(INCIDENTS, "victims_by_neighbourhood", BOTH),
        """
        city | neighbourhood | incidents | victims | fatal | nonfatal | homicides | population
        east | Harbour       | 2         | 4       | 1     | 3        | 1         | 1000
        east | Hill          | 0         | 0       | 0     | 0        | 1         |
        west | Meadow        | 0         | 0       | 0     | 0        | 0         | 1000
        west | Mill          | 1         | 2       | 2     | 0        | 3         |
        """,
    )


def test_neighbourhoods_count_the_first_day_and_not_the_last(ask: Ask) -> None:
    frame = ask(
        INCIDENTS,
        "victims_by_neighbourhood",
        BOTH,
        city="east",
        date_from="2023-02-28",
        date_until="2024-02-29",
    )
    assert_table(
        frame,
        """
        city | neighbourhood | victims
        east | Harbour       | 3
        east | Hill          | 0
        """,
    )


def test_neighbourhoods_step_back_by_whole_years_and_leave_out_what_is_not_covered(
    ask: Ask,
) -> None:
    # East begins in February 2023, West in February 2024: neither covers what came before.
    frame = ask(
        INCIDENTS,
        "victims_by_neighbourhood_year",
        BOTH,
        date_from="2024-02-20",
        date_until="2024-03-01",
    )
    assert_table(
        frame,
        """
        city | neighbourhood | years_back | date_from  | date_until | incidents | victims
        east | Harbour       | 0          | 2024-02-20 | 2024-03-01 | 1         | 1
        east | Harbour       | 1          | 2023-02-20 | 2023-03-01 | 1         | 3
        east | Hill          | 0          | 2024-02-20 | 2024-03-01 | 0         | 0
        east | Hill          | 1          | 2023-02-20 | 2023-03-01 | 0         | 0
        west | Meadow        | 0          | 2024-02-20 | 2024-03-01 | 0         | 0
        west | Mill          | 0          | 2024-02-20 | 2024-03-01 | 0         | 0
        """,
    )


@pytest.mark.parametrize(
    ("date_from", "date_until", "rows"),
    [
        ("2023-03-10", "2024-03-10", [0]),  # a year and a day of it before the data begin
        ("2023-02-10", "2024-03-10", [0]),  # more than a year overlaps the one before it
        ("2024-03-01", "2024-03-12", [1]),  # ends after the data, a year before does not
        ("2024-03-01", "2024-03-11", [0, 1]),
    ],
)
def test_neighbourhoods_are_compared_over_windows_wholly_known(
    ask: Ask, date_from: str, date_until: str, rows: list[int]
) -> None:
    frame = ask(
        INCIDENTS,
        "victims_by_neighbourhood_year",
        BOTH,
        city="east",
        date_from=date_from,
        date_until=date_until,
    )
    assert frame.loc[frame["neighbourhood"] == "Hill", "years_back"].tolist() == rows


def test_unlocated_victims_stand_under_their_reason(ask: Ask) -> None:
    assert_table(
        ask(INCIDENTS, "unlocated_victims_by_city", BOTH),
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
    )


def test_months_have_a_spine_and_say_which_is_not_over(ask: Ask) -> None:
    assert_table(
        ask(INCIDENTS, "victims_by_month", BOTH, date_from="2024-01-01"),
        """
        city | month      | incidents | victims | fatal | nonfatal | homicides | complete
        east | 2024-01-01 | 0         | 0       | 0     | 0        | 0         | yes
        east | 2024-02-01 | 1         | 1       | 0     | 1        | 1         | yes
        east | 2024-03-01 | 1         | 1       | 1     | 0        | 1         | no
        west | 2024-02-01 | 1         | 2       | 2     | 0        | 3         | yes
        west | 2024-03-01 | 1         | 4       | 0     | 4        | 0         | no
        """,
    )


def test_a_month_cut_by_the_period_is_not_complete(ask: Ask) -> None:
    frame = ask(
        INCIDENTS,
        "victims_by_month",
        BOTH,
        city="east",
        date_from="2024-01-02",
        date_until="2024-02-29",
    )
    assert_table(
        frame,
        """
        month      | victims | complete
        2024-01-01 | 0       | no
        2024-02-01 | 0       | no
        """,
    )


def test_months_of_one_neighbourhood_count_only_it(ask: Ask) -> None:
    assert_table(
        ask(INCIDENTS, "victims_by_month", BOTH, neighbourhood="Mill", date_from="2024-02-01"),
        """
        city | month      | victims
        west | 2024-02-01 | 2
        west | 2024-03-01 | 0
        """,
    )


def test_days_past_data_through_are_no_rows(ask: Ask) -> None:
    through = {"east": date(2024, 3, 1), "west": date(2024, 3, 1)}
    frame = ask(
        INCIDENTS,
        "victims_by_day",
        through,
        city="east",
        date_from="2024-02-29",
        date_until="2024-03-09",
    )
    assert_table(
        frame,
        """
        city | day        | incidents | victims | fatal | nonfatal | homicides
        east | 2024-02-29 | 1         | 1       | 0     | 1        | 1
        east | 2024-03-01 | 0         | 0       | 0     | 0        | 0
        """,
    )


def test_years_say_which_are_whole(ask: Ask) -> None:
    table = "city | day | area | nonfatal\n east | 2022-01-05 | Hill | 1\n" + "\n".join(
        f"east | {day} | Hill | 2" for day in ("2023-12-31", "2024-01-01")
    )
    assert_table(
        ask(table, "victims_by_year", {"east": date(2024, 1, 1)}),
        """
        city | year | incidents | victims | complete
        east | 2022 | 1         | 1       | yes
        east | 2023 | 1         | 2       | yes
        east | 2024 | 1         | 2       | no
        """,
    )


def test_year_to_date_from_a_leap_day_stops_at_28_february_before(ask: Ask) -> None:
    table = """
        city | day        | area | nonfatal
        east | 2022-01-28 | Hill | 1
        east | 2022-03-01 | Hill | 9
        east | 2023-01-01 | Hill | 2
        east | 2023-02-28 | Hill | 1
        east | 2023-03-01 | Hill | 9
        east | 2024-02-29 | Hill | 4
    """
    assert_table(
        ask(table, "year_to_date_by_city", {"east": date(2024, 2, 29)}),
        """
        city | year | incidents | victims | fatal | nonfatal | homicides
        east | 2022 | 1         | 1       | 0     | 1        | 0
        east | 2023 | 2         | 3       | 0     | 3        | 0
        east | 2024 | 1         | 4       | 0     | 4        | 0
        """,
    )


def test_year_to_date_from_28_february_leaves_out_a_leap_day_before(ask: Ask) -> None:
    table = """
        city | day        | area | nonfatal
        east | 2024-01-28 | Hill | 1
        east | 2024-02-29 | Hill | 9
        east | 2025-02-28 | Hill | 2
    """
    assert_table(
        ask(table, "year_to_date_by_city", {"east": date(2025, 2, 28)}),
        """
        city | year | victims
        east | 2024 | 1
        east | 2025 | 2
        """,
    )


def test_year_to_date_goes_to_the_least_data_through_of_the_cities_asked(ask: Ask) -> None:
    uneven = {"east": date(2024, 3, 10), "west": date(2024, 3, 9)}
    assert_table(
        ask(INCIDENTS, "year_to_date_by_city", uneven),
        """
        city | year | victims | homicides
        east | 2024 | 2       | 2
        west | 2024 | 2       | 3
        """,
    )


def test_year_to_date_leaves_out_a_year_that_was_not_covered_from_its_first_day(ask: Ask) -> None:
    table = """
        city | day        | area | nonfatal
        east | 2022-02-01 | Hill | 1
        east | 2023-01-05 | Hill | 2
        east | 2024-01-05 | Hill | 4
    """
    assert_table(
        ask(table, "year_to_date_by_city", {"east": date(2024, 3, 10)}),
        """
        city | year | victims
        east | 2023 | 2
        east | 2024 | 4
        """,
    )


def test_rolling_windows_touch_and_never_overlap(ask: Ask) -> None:
    table = """
        city | day        | area | nonfatal
        east | 2022-01-01 | Hill | 1
        east | 2023-03-10 | Hill | 1
        east | 2024-02-25 | Hill | 2
        east | 2024-03-03 | Hill | 4
        east | 2024-03-04 | Hill | 8
        east | 2024-03-10 | Hill | 16
    """
    assert_table(
        ask(table, "rolling_by_city", {"east": date(2024, 3, 10)}, days=7, windows=2),
        """
        city | years_back | windows_back | date_from  | date_until | incidents | victims
        east | 0          | 0            | 2024-03-04 | 2024-03-11 | 2         | 24
        east | 0          | 1            | 2024-02-26 | 2024-03-04 | 1         | 4
        east | 1          | 0            | 2023-03-04 | 2023-03-11 | 1         | 1
        east | 1          | 1            | 2023-02-25 | 2023-03-04 | 0         | 0
        """,
    )


def test_rolling_windows_before_the_data_start_are_left_out(ask: Ask) -> None:
    frame = ask(INCIDENTS, "rolling_by_city", BOTH, city="west", days=28, windows=3, years=2)
    assert_table(
        frame,
        """
        years_back | windows_back | date_from  | victims
        0          | 0            | 2024-02-12 | 4
        """,
    )


def test_neighbourhoods_roll_back_as_far_as_the_data_are_complete(ask: Ask) -> None:
    asked = {"through": "2024-03-10", "days": 28, "windows": 3}
    assert_table(
        ask(INCIDENTS, "rolling_by_neighbourhood", BOTH, city="west", **asked),
        """
        neighbourhood | windows_back | date_from  | date_until
        Meadow        | 0            | 2024-02-12 | 2024-03-11
        Mill          | 0            | 2024-02-12 | 2024-03-11
        """,
    )


def test_gun_share_gives_numerator_and_denominator(ask: Ask) -> None:
    assert_table(
        ask(INCIDENTS, "gun_share_by_city_year", BOTH),
        """
        city | year | firearm_homicides | homicides | complete
        east | 2023 | 1                 | 1         | no
        east | 2024 | 1                 | 2         | no
        west | 2024 | 2                 | 3         | no
        """,
    )


def test_an_unknown_hour_is_its_own_row_and_not_midnight(ask: Ask) -> None:
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


def test_hours_of_one_year_leave_the_others_out(ask: Ask) -> None:
    frame = ask(INCIDENTS, "incidents_by_hour_and_weekday", BOTH, year_from=2023, year_until=2024)
    assert frame["victims"].sum() == 3


def test_what_counts_leave_out_is_listed_to_a_city_of_its_own(ask: Ask) -> None:
    assert_table(
        ask(INCIDENTS, "uncounted_by_circumstance", BOTH, Viewer(ViewerKind.CITY, "west")),
        """
        city | year | circumstance | incidents | victims
        west | 2024 | accident     | 2         | 3
        """,
    )


def test_a_city_without_data_has_no_rows_rather_than_zeros(ask: Ask) -> None:
    only = "city | day | area | nonfatal\n east | 2024-02-01 | Hill | 1"
    assert set(ask(only, "victims_by_neighbourhood", {"east": date(2024, 3, 1)})["city"]) == {
        "east"
    }


# East's data run from February 1, 2023, West's from February 1, 2024; both to March 10, 2024.
@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("victims_by_day", DATES),
        ("victims_by_month", DATES),
        ("victims_by_neighbourhood", DATES),
        ("unlocated_victims_by_city", DATES),
        ("victims_by_year", FIRST_YEARS),
        ("gun_share_by_city_year", FIRST_YEARS),
        ("incidents_by_hour_and_weekday", YEARS),
        ("year_to_date_by_city", {"through": "2023-12-31"}),
        ("rolling_by_city", {"through": "2023-12-31"}),
        ("rolling_by_neighbourhood", {"through": "2023-12-31"}),
    ],
)
def test_a_city_whose_data_cover_nothing_of_the_period_has_no_row(
    ask: Ask, query: str, asked: dict[str, Any]
) -> None:
    assert set(ask(INCIDENTS, query, BOTH, **asked)["city"]) == {"east"}
    assert ask(INCIDENTS, query, BOTH, city="west", **asked).empty


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("victims_by_month", {"date_from": "2099-01-01", "date_until": "2100-01-01"}),
        ("victims_by_neighbourhood", {"date_from": "1999-01-01", "date_until": "2023-02-01"}),
        ("unlocated_victims_by_city", {"date_from": "2024-03-11", "date_until": "2024-03-12"}),
        ("victims_by_year", {"year_from": 2025}),
        ("incidents_by_hour_and_weekday", {"year_from": 1, "year_until": 2023}),
        ("gun_share_by_city_year", {"year_from": 20240}),
        ("year_to_date_by_city", {"through": "1999-01-01"}),
        ("rolling_by_city", {"through": "2023-01-31"}),
        ("rolling_by_neighbourhood", {"through": "2023-01-31"}),
    ],
)
def test_a_period_no_city_covers_is_refused_with_a_sentence(
    ask: Ask, query: str, asked: dict[str, Any]
) -> None:
    with pytest.raises(UsageError, match="They run from 2023-02-01 to 2024-03-10"):
        ask(INCIDENTS, query, BOTH, **asked)


def test_the_first_and_the_last_day_covered_are_covered(ask: Ask) -> None:
    for first, until in (("2023-01-31", "2023-02-02"), ("2024-03-10", "2024-03-11")):
        frame = ask(INCIDENTS, "victims_by_day", BOTH, date_from=first, date_until=until)
        assert len(frame[frame["city"] == "east"]) == 1
        areas = ask(INCIDENTS, "victims_by_neighbourhood", BOTH, date_from=first, date_until=until)
        assert "east" in set(areas["city"])


LATE = """
    city | day        | hour | area | nonfatal
    east | 2022-05-04 | 9    | Hill | 1
    west | 2024-02-03 | 12   | Mill | 2
"""
EARLY_AND_LATE = {"east": date(2022, 6, 30), "west": date(2024, 3, 10)}


@pytest.mark.parametrize(
    "query",
    [
        "year_to_date_by_city",
        "victims_by_neighbourhood",
        "unlocated_victims_by_city",
        "incidents_by_hour_and_weekday",
        "victims_by_year",
        "victims_by_month",
        "victims_by_day",
        "gun_share_by_city_year",
    ],
)
def test_before_its_first_day_a_city_has_no_rows_rather_than_zeros(ask: Ask, query: str) -> None:
    assert set(ask(LATE, query, EARLY_AND_LATE)["city"]) == {"east"}


@pytest.mark.parametrize("query", ["victims_by_neighbourhood", "unlocated_victims_by_city"])
def test_after_its_last_day_a_city_has_no_rows_rather_than_zeros(ask: Ask, query: str) -> None:
    period = {"date_from": "2023-01-01", "date_until": "2024-03-01"}
    assert set(ask(LATE, query, EARLY_AND_LATE, **period)["city"]) == {"west"}


def test_areas_say_who_lives_there(ask: Ask) -> None:
    assert_table(
        ask(INCIDENTS, "areas", BOTH, city="east"),
        """
        city | neighbourhood | population | area_km2
        east | Harbour       | 1000       | 1.5
        east | Hill          |            | 1.5
        """,
    )


def test_cities_stand_in_the_order_of_the_configuration(ask: Ask) -> None:
    assert_table(
        ask(INCIDENTS, "cities", BOTH),
        """
        city | name | position | week_ends_iso | launched_on | starts_on  | data_through
        east | East | 0        | 7             | 2020-01-01  | 2023-02-01 | 2024-03-10
        west | West | 1        | 6             | 2021-01-01  | 2024-02-01 | 2024-03-10
        """,
    )
