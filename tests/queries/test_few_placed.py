"""Of years most of which could be placed nowhere no neighbourhood is shown, and no zero."""

from contextlib import closing
from datetime import date, timedelta

import pandas as pd
import pytest

from longevity import settings as configuration
from longevity.auth import viewers
from longevity.auth.viewers import PUBLIC
from longevity.base.errors import DataError
from longevity.claims.verdict import Verdict
from longevity.findings import areas as neighbourhood_changes
from longevity.findings.areas import CHANGE
from longevity.release.store import Store
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.chart_catalogue import neighbourhoods as drawn_places
from longevity.screens.context import ReportContext
from longevity.stats.comparison import Outcome
from longevity.stats.placement import has_few_placed
from longevity.stats.rates import COUNT
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import quiet
from tests.drivers.publishing import publish
from tests.factories import claim_record, extracts
from tests.factories.tiny_release import AREAS, Incident

STARTS, THROUGH = date(2021, 1, 1), date(2024, 6, 30)
YEARS = range(2021, 2025)
SAID = (
    "Before January 1, 2023 most shootings in East could not be placed in a neighbourhood, so "
    "of its neighbourhoods nothing is known, which is not zero."
)


def incidents(city, area, placed):
    """Ten in the first half of each year, of which so many lie in `area`."""
    places = {True: (area, None), False: (None, "no_coordinates")}
    return [
        Incident(city, date(year, 1 + at % 6, 3), 20, *places[at < placed.get(year, 10)], 0, 1)
        for year in YEARS
        for at in range(10)
    ]


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """East could place most since 2023; West half of each year, which is enough."""
    east = incidents("east", "Hill", {2021: 0, 2022: 4})
    west = incidents("west", "Mill", dict.fromkeys(YEARS, 5))
    folder = tmp_path_factory.mktemp("few")
    opened = claim_record.open_warehouse(folder, [*east, *west], AREAS, THROUGH, STARTS)
    yield opened
    opened.close()


def ask(warehouse, query, **parameters):
    return warehouse.run(query, parameters, PUBLIC).frame


def test_neighbourhoods_are_shown_since_most_of_each_year_could_be_placed(warehouse):
    days = ask(warehouse, "cities").set_index("city")["placed_from"].dt.date.to_dict()
    assert days == {"east": date(2023, 1, 1), "west": STARTS}


@pytest.mark.parametrize(
    ("date_from", "date_until", "answered"),
    [(date(2022, 3, 1), date(2023, 3, 1), {"west"}), (date(2023, 1, 1), date(2024, 1, 1), {"east", "west"})],
)
def test_placed_and_unplaced_make_up_all_and_no_area_is_a_zero(warehouse, date_from, date_until, answered):
    span = {"date_from": date_from, "date_until": date_until}
    located = ask(warehouse, "counts", windows=[(date_from, date_until)], unit="neighbourhood")
    located = located[located["complete"]]
    unlocated = ask(warehouse, "unlocated_victims_by_city", **span)
    assert set(located["city"]) == answered
    every = ask(warehouse, "counts", windows=[(date_from, date_until)])
    every = every.groupby("city", observed=True)["victims"].sum()
    both = pd.concat([located, unlocated]).groupby("city", observed=True)["victims"].sum()
    assert both.to_dict() == every.to_dict()


def test_the_years_of_an_area_begin_where_they_are_known(warehouse):
    for area, years in ((None, [2021, 2022, 2023, 2024]), ("Hill", [2023, 2024])):
        of = {"city": "east", "neighbourhood": area}
        by_year = ask(warehouse, "counts", windows="years", **of)["date_from"]
        assert by_year.dt.year.tolist() == years
        early = ask(warehouse, "incidents_by_hour_and_weekday", year_from=2022, **of)
        assert early.empty == (area is not None)


@pytest.mark.parametrize(
    ("claim", "verdict", "safe"),
    [
        ("No one was shot in Harbour in 2022", Verdict.CANNOT, ""),
        ("No one was shot in Harbour in 2023", Verdict.SUPPORTED, None),
        # That nobody was shot is not safe to say where some could not be placed.
        ("No one was shot in Meadow in 2023", Verdict.CANNOT, ""),
        (
            "5 people were shot in Mill in 2023",
            None,
            "5 people were shot in Mill, West in 2023. 5 more in West could not be placed in any neighbourhood.",
        ),
    ],
)
def test_a_claim_of_a_year_in_which_few_were_placed_is_not_answered(warehouse, claim, verdict, safe):
    judged = claim_record.check(claim, claim_record.record(warehouse))
    assert verdict in (None, judged.verdict)
    assert safe in (None, judged.safe)
    assert (SAID in judged.why) == ("Harbour" in claim and verdict is Verdict.CANNOT)


def test_the_map_says_why_and_colours_no_area(warehouse):
    context = ReportContext(warehouse.settings, PUBLIC, warehouse, THROUGH)
    assert context.explain_few_placed("east", date(2022, 1, 1)) == SAID
    assert context.explain_few_placed("east", date(2023, 1, 1)) == ""
    assert context.explain_few_placed("west", date(2021, 1, 1)) == ""
    # Of a year of which few were placed there is no area to colour.
    shown = drawn_places.shade_areas(context, None, "victims", context.find_period("2021"), COUNT)
    assert "east" not in {*shown.areas["city"]}


def test_where_the_newest_could_not_be_placed_no_year_is_shown(tmp_path):
    rows = incidents("east", "Hill", {2023: 0, 2024: 0})
    opened = claim_record.open_warehouse(tmp_path, rows, AREAS, THROUGH, STARTS)
    assert ask(opened, "counts", city="east", unit="neighbourhood").empty
    assert ask(opened, "unlocated_victims_by_city", city="east")["victims"].sum() == len(rows)
    why = claim_record.check("No one was shot in Hill in 2021", claim_record.record(opened)).why
    assert why.startswith("Most shootings in East could not be placed in a neighbourhood")
    context = ReportContext(opened.settings, PUBLIC, opened, THROUGH)
    with pytest.raises(DataError, match="Most shootings in East could not be placed"):
        chart_list.find_entry("years").draw(context, {"area": "east/Hill"})
    opened.close()


# A source may say from which day it is complete
BEGAN, FROM, UNTIL = date(2013, 11, 1), date(2014, 2, 12), date(2014, 9, 1)


@pytest.fixture(scope="module")
def declared(tmp_path_factory):
    """A person shot a day in two cities; one is complete from FROM, in the middle of a week, month and year."""
    folder = tmp_path_factory.mktemp("declared")
    settings = configuration.load_settings(home=folder / "home", environment={})
    late, early = list(settings.cities)[:2]
    daily = [(BEGAN + timedelta(days=at), 1, 0) for at in range((UNTIL - BEGAN).days)]
    incidents, victims = extracts.incidents_and_victims({late: daily, early: daily})
    through, about = UNTIL - timedelta(days=1), {"data_from": {"incidents": {late: FROM}}}
    out = extracts.write(folder / "e", "real", through, [late, early], about, incidents=incidents, victims=victims)
    publish(out, settings, date(2016, 1, 5), "made up: no one is killed", quiet)
    with closing(Warehouse(Store(settings.home).current(), settings)) as warehouse:
        yield warehouse, late, early


def test_what_came_before_is_counted_nowhere(declared):
    warehouse, *cities = declared

    def count(query, **asked):
        return ask(warehouse, query, **asked).groupby("city", observed=True)["victims"].sum().to_dict()

    for first, until, counts in (
        (date(2013, 1, 1), UNTIL, (201, 304)),
        (date(2014, 2, 11), date(2014, 2, 14), (2, 3)),
        (date(2013, 12, 1), FROM, (None, 73)),  # a city without a day covered has no row, and no zero
        (FROM, UNTIL, (201, 201)),
    ):
        wanted = {city: days for city, days in zip(cities, counts, strict=True) if days}
        # No boundaries are near these points: everything counted is unlocated.
        assert count("unlocated_victims_by_city", date_from=first, date_until=until) == wanted
        assert count("counts", windows=[(first, until)]) == wanted
        located = count("counts", windows=[(first, until)], unit="neighbourhood")
        assert {*located.values()} <= {0} and {*located} <= {*wanted}


def test_what_is_left_out_for_it_is_listed(declared):
    warehouse, late, _ = declared
    frame = warehouse.run("uncounted_by_circumstance", {}, viewers.STATE).frame
    assert set(frame["circumstance"]) == {"before_data_from"}
    assert set(frame["city"]) == {late}
    assert set(frame["year"]) == {2013, 2014}
    assert frame["incidents"].sum() == (FROM - BEGAN).days


# Where fewer than 85 of 100 were placed then or now, no neighbourhood is said to have changed
BEGINS, ENDS = date(2021, 1, 1), date(2025, 6, 30)
FEW, MOST, A_YEAR = 56, 96, 100
# By city and year: how many of a hundred were placed.
PLACED = {"east": {2021: FEW, 2022: FEW, 2023: MOST, 2024: MOST}, "west": dict.fromkeys(range(2021, 2025), MOST)}
TWELVE = {city: [f"{city.capitalize()} {at}" for at in range(12)] for city in PLACED}
WHY = (
    "Only 56 of 100 people shot in East in 2022 could be placed in a neighbourhood: too few to say what changed in one."
)


def hundred_a_year(city, placed):
    """A hundred in each year; of those placed half lie in the first area, the others in turn."""
    made = []
    for year, count in placed.items():
        for at in range(A_YEAR):
            area = TWELVE[city][at % 12 if at % 2 else 0] if at * 37 % 100 < count else None
            reason = None if area else "no_coordinates"
            made.append(Incident(city, date(year, 1, 2) + timedelta(days=at * 3), 20, area, reason, 0, 1))
    return made


@pytest.fixture(scope="module")
def half_placed(tmp_path_factory):
    """As many are shot every year; East could place few until 2023."""
    rows = [row for city, placed in PLACED.items() for row in hundred_a_year(city, placed)]
    folder = tmp_path_factory.mktemp("few")
    opened = claim_record.open_warehouse(folder, rows, TWELVE, ENDS, BEGINS)
    yield opened
    opened.close()


@pytest.fixture
def context(half_placed):
    return ReportContext(half_placed.settings, PUBLIC, half_placed, ENDS)


def shade(context, city, period, show=CHANGE):
    return drawn_places.shade_areas(context, city, "victims", context.find_period(period), show)


def test_no_area_is_called_changed_where_one_of_the_years_placed_few(context):
    shown = shade(context, None, "2023")
    east, west = shown.changes["east"], shown.changes["west"]
    assert (east.untold, west.untold) == (WHY, "")
    assert {area.tested.outcome for area in east.areas.values()} == {Outcome.UNKNOWN}
    assert Outcome.UNKNOWN not in {area.tested.outcome for area in west.areas.values()}
    states = shown.areas.groupby("city")["state"].agg(set)
    assert states["east"] == {"unknown"}
    assert "unknown" not in states["west"]
    assert shown.note.startswith(f"{WHY} ")
    # With no year before there is nothing to withhold.
    assert shade(context, "east", "2021").changes["east"].untold == ""


def test_words_and_tables_keep_the_counts_and_say_why(context):
    shown = shade(context, "east", "2023")
    assert neighbourhood_changes.write_changes_title(shown.changes, context.cities) == WHY
    answered = neighbourhood_changes.describe_neighbourhood(shown.changes["east"], "East 0")
    table = neighbourhood_changes.build_changes_table(shown.changes, context.cities)
    first = table.set_index("Neighbourhood").loc["East 0"]
    assert first["Now"] > 1.5 * first["Before"] > 0
    assert first["Change"] == "? not known"
    assert answered == (WHY, f"People shot: {first['Now']}; {first['Before']} in 2022.")


@pytest.mark.parametrize(("period", "withheld"), [("2022", True), ("2023", True), ("2024", False)])
def test_a_change_is_shown_where_both_years_were_placed(context, period, withheld):
    shown = shade(context, "east", period, COUNT)
    assert bool(shown.changes["east"].untold) == withheld


@pytest.mark.parametrize(("placed", "unplaced", "few"), [(2, 4, True), (2, 3, False), (17, 3, False), (23, 4, False)])
def test_three_without_a_place_say_nothing_and_four_may(placed, unplaced, few):
    assert has_few_placed(placed, unplaced) == few


def test_years_of_few_placed_are_drawn_and_set_beside_no_other(context):
    few = chart_list.find_entry("years").draw(context, {"area": "east/East 0"})
    assert isinstance(few.table, pd.DataFrame)
    assert few.table["year"].tolist() == [2021, 2022, 2023, 2024, 2025]
    assert few.sentences == (
        "Fewer than 85 of 100 people shot in East in 2021 to 2022 could be placed in a "
        "neighbourhood: too few to compare an area's count with other years.",
    )
    assert "2023 to 2024" in few.title or "since 2023" in few.title
    assert not any("2022" in words for kind, words in few.titles.items() if kind != "topic")
    for area in ("east", "west/West 0"):
        assert chart_list.find_entry("years").draw(context, {"area": area}).sentences == ()
