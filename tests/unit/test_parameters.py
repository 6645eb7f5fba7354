"""What may be asked, and the sentence when it may not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pytest

from longevity.errors import UsageError
from longevity.warehouse import catalogue
from longevity.warehouse.parameters import AllowedValues, evaluate_default, resolve_parameters

AREAS = {"east": ["Harbour", "Hill"], "west": ["Hill", "Mill"]}
SPANS = {
    "east": (date(2010, 3, 1), date(2024, 2, 29)),
    "west": (date(2012, 1, 1), date(2024, 2, 20)),
}
CONTEXT = AllowedValues(("east", "west"), AREAS, SPANS)
QUERIES = catalogue.load_queries()


def asked(query: str, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return resolve_parameters(QUERIES[query], given, CONTEXT)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("null", None),
        ("data_through", date(2024, 2, 29)),
        ("data_through - 28 days", date(2024, 2, 1)),
        ("start of year", date(2024, 1, 1)),
        ("start of data", date(2010, 3, 1)),
        ("year of data_through + 1", 2025),
        ("year of start of data", 2010),
    ],
)
def test_a_default_is_worked_out(expression, value):
    assert evaluate_default(expression, date(2010, 3, 1), date(2024, 2, 29)) == value


def test_a_default_may_be_a_threshold_of_the_configuration():
    day = date(2024, 2, 29)
    assert (
        evaluate_default("threshold greeted_within_hours", day, day, {"greeted_within_hours": 48})
        == 48
    )


def test_the_bare_name_answers_for_all_cities_to_the_least_data_through():
    assert asked("unlocated_victims_by_city") == {
        "city": None,
        "date_from": date(2010, 3, 1),
        "date_until": date(2024, 2, 21),
    }


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("date_from", "2011-02-03", date(2011, 2, 3)),
        ("date_from", datetime(2011, 2, 3), date(2011, 2, 3)),
        ("date_from", None, date(2010, 3, 1)),
        ("city", "all", None),
        ("city", " east ", "east"),
    ],
)
def test_a_value_may_come_as_itself_or_as_its_text(name, given, value):
    assert asked("unlocated_victims_by_city", {name: given})[name] == value


MAY = (date(2023, 5, 1), date(2023, 6, 1))


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (None, ((date(2010, 3, 1), date(2024, 2, 21)),)),
        ("2023-05-01..2023-05-31", (MAY,)),
        (" 2023-05-01..2023-05-31 , 2022-05-01 ", (MAY, (date(2022, 5, 1), date(2022, 5, 2)))),
        ([MAY, MAY], (MAY,)),  # one asked for twice is one
    ],
)
def test_windows_may_come_as_themselves_or_as_their_text(given, value):
    assert asked("counts", {"windows": given})["windows"] == value


def test_windows_may_come_as_a_word():
    years = asked("counts", {"windows": "years"})["windows"]
    assert years[0] == (date(2010, 1, 1), date(2011, 1, 1))
    assert years[-1] == (date(2024, 1, 1), date(2024, 2, 21))
    months = asked("counts", {"windows": "months", "city": "west"})["windows"]
    assert (len(months), months[-1]) == (146, (date(2024, 2, 1), date(2024, 2, 21)))


REFUSED = [
    (
        "unlocated_victims_by_city",
        {"citty": "east"},
        "has no parameter 'citty'. Did you mean 'city'?",
    ),
    ("checks", {"city": "east"}, "has no parameter 'city'. It has none."),
    (
        "unlocated_victims_by_city",
        {"city": "easst"},
        "There is no city 'easst'. Did you mean 'east'?",
    ),
    ("unlocated_victims_by_city", {"city": ["east", "west"]}, "There is no city"),
    ("unlocated_victims_by_city", {"city": "'; DROP TABLE daily; --"}, "There is no city"),
    ("unlocated_victims_by_city", {"date_from": "03/02/2011"}, "must be a date such as"),
    (
        "unlocated_victims_by_city",
        {"date_from": datetime(2011, 1, 1, 5)},
        "must be a date such as",
    ),
    (
        "unlocated_victims_by_city",
        {"date_from": "2012-01-01", "date_until": "2012-01-01"},
        "'date_from' is 2012-01-01, which is not before 'date_until', 2012-01-01.",
    ),
    ("counts", {"neighbourhood": "Hil"}, "no neighbourhood 'Hil'. Did you mean 'Hill'?"),
    (
        "counts",
        {"neighbourhood": "Mill", "city": "east"},
        "There is no neighbourhood 'Mill' in 'east'.",
    ),
    ("counts", {"neighbourhood": "Hill"}, "More than one city has a neighbourhood 'Hill'"),
    ("incidents_by_day_recorded", {"weeks": "ten"}, "'weeks' must be a whole number."),
    ("incidents_by_day_recorded", {"weeks": 0}, "'weeks' is 0."),
    ("counts", {"windows": "2023-05-01..soon"}, "must be a date such as"),
    ("counts", {"windows": "2023-05-02..2023-05-01"}, "A window ends before it begins."),
]


@pytest.mark.parametrize(("query", "given", "says"), REFUSED, ids=[says for *_, says in REFUSED])
def test_what_cannot_be_is_refused_in_a_sentence(query, given, says):
    with pytest.raises(UsageError) as caught:
        asked(query, given)
    assert says in str(caught.value)
