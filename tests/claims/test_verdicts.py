"""Claims of each kind against verdicts worked out by hand from the table here."""

from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import product
from types import SimpleNamespace

import pandas as pd
import pyarrow.parquet as pq
import pytest

from longevity.auth.viewers import PUBLIC, parse_viewer
from longevity.claims import judge, reader, render, verdict
from longevity.claims.evidence import ALL_CITIES, WITHHELD, Evidence
from longevity.claims.form import Names, parse_part, parse_says
from longevity.claims.verdict import Fit, Tally, Verdict
from longevity.claims.when import When
from longevity.facts.windows import DAY
from longevity.screens.context import ReportContext
from longevity.stats.comparison import compare, judge_by
from longevity.warehouse.warehouse import Warehouse
from tests.factories import ascii_table, claim_record

# Both cities have data from 2018 to November 20, 2024; the program began in East on January 1,
# 2020, in West a year later. 1,000 people live in each area but the last of a city:
# 4,000 in East, 1,000 in West. So many are wounded, or killed by other weapons, from January 1 to
# November 19 of each year, evenly, each in one incident:
BY_YEAR = """
    city | of        | 2018 | 2019 | 2020 | 2021 | 2022 | 2023
    east | nonfatal  | 70   | 100  | 102  | 98   | 100  | 100
    east | otherwise | 12   | 9    | 15   | 14   | 11   | 11
    west | nonfatal  | 30   | 31   | 29   | 30   | 31   | 17
    west | otherwise | 8    | 8    | 8    | 8    | 8    | 5
"""
# The rest, in which 40 people are shot at once in West: 64 people of 2024 in 25 incidents.
TABLE = """
    city | since      | day        | times | fatal | nonfatal | otherwise
    east | 2023-11-21 | 2023-12-31 | 10    |       | 1        |
    east | 2024-01-01 | 2024-11-05 | 60    |       | 1        |
    east | 2024-01-01 | 2024-11-05 | 10    |       |          | 1
    west |            | 2023-07-02 | 3     | 1     |          |
    west |            | 2020-12-09 | 1     | 2     | 1        |
    west | 2024-01-01 | 2024-11-05 | 23    |       | 1        |
    west |            | 2024-07-02 | 1     |       | 40       |
    west |            | 2024-11-12 | 1     |       | 1        |
    west | 2024-01-01 | 2024-11-05 | 24    |       |          | 1
"""
for _row in ascii_table.rows(BY_YEAR):
    _counts = " | ".join("1" if kind == _row["of"] else "" for kind in ("nonfatal", "otherwise"))
    for _year in range(2018, 2024):
        _days = f"{_year}-01-01 | {_year}-11-19"
        TABLE += f"    {_row['city']} | {_days} | {_row[str(_year)]} | | {_counts}\n"
AREAS = {"east": ["Bank", "Harbour", "Hill", "Park", "Yard"], "west": ["Meadow", "Mill"]}
THROUGH, STARTS = date(2024, 11, 20), date(2018, 1, 1)
# Which verdict, and what its reason says.
WHY = """
    verdict  | claim | why
    # So.
    yes      | Shootings in East are down 40% since last year | (60 against 100 in the same days of
    yes      | Shooting incidents in East fell from 100 to 60 | (60 against 100 in the same days of
    yes      | In East, shootings have declined | Against last year, the 3-year average, the 5-year
    yes      | East saw its fewest homicides since 2021 | Against 2022: it holds (10 against 11
    yes      | Homicides in West are up | (24 against 8 in the same days of 2023
    yes      | Nobody was shot dead in West in the year to date | (0
    yes      | There were exactly 110 shootings in East in 2023 | (110
    yes      | At least 60 people were shot in East so far this year | (60
    yes      | 3 people were shot dead in West on July 2, 2023 | (3
    # So by the count.
    by count | Homicides in East are lower than last year | (10 against 11 in the same days of 2023
    by count | Homicides in East are down by 1 since last year | chance alone
    by count | People shot in East in 2023 were up compared with the three year average | (110
    # Not so.
    no       | Shootings in East have doubled since 2023 | (60 against 100 in the same days of 2023
    no       | Shootings in East have been cut in half compared with the same period last year | (60
    no       | No more than 59 people were shot in East this year | (60
    no       | Not a single person was shot in West last week | (1
    no       | Someone was shot dead in West on July 3, 2023 | (0
    no       | Homicides in East are as many as last year | not as many (10 against 11
    # So against one and not against another.
    depends  | shootings have dropped in West | (25 against 20 in the same days of 2023
    depends  | Murders in East fell in 2022 | (11 against 14 in 2021
    depends  | Shootings in West are up | the pre-program average: it is the other way
    # 60 against 100: a bound at the very percentage, and the number itself.
    yes      | Shootings in East are down at least 40% since last year | (60 against 100
    yes      | Shootings in East are down at most 40% since last year | (60 against 100
    no       | Shootings in East are down more than 40% since last year | (60 against 100
    no       | Shootings in East are down less than 40% since last year | (60 against 100
    no       | Shootings in East are down 41 since last year | the size is not
    yes      | At most 60 people were shot in East this year | (60
    no       | Fewer than 60 people were shot in East this year | (60
    no       | More than 60 people were shot in East this year | (60
    # As titles say it: 85 on average before the program.
    yes      | Shootings in East are down since before the program | 85 on average
    yes      | Shootings in East are below the pre-program average | 85 on average
    no       | Shootings in East are above the three-year average | 99.3 on average
    # The figure that is right, and what chance says.
    no       | Shootings in East are down 60% since last year | the size is not (60 against 100 in
    no       | Homicides in West have doubled since last year | too few to give a percentage
    # 41 of the 64 in one incident: by people too that is how these counts swing.
    by count | People shot in West are up since last year | explain the difference (64 against 20
    # As many people shot are no rise.
    no       | People shot in East in 2022 were up from 2019 | there are as many (100 against 100
    # Nothing so small shows that nothing changed.
    cannot   | Homicides in East saw no clear change since last year | That nothing changed cannot be
    yes      | Homicides in West in 2022 were unchanged compared with 2021 | holds
    # A rank is among the years after it too: 102, after 70 and 100, and 110 were to come.
    no       | Shootings in East in 2020 were the highest on record | the other way (102 against 110
    yes      | Homicides in East in 2020 were the highest on record | it holds
    no       | Homicides in East in 2018 were the lowest since 2018 | the other way (12 against 9 in
    no       | Homicides in West in 2022 were the lowest since 2020 | there are as many
    # 2019 is arguable, 2022 was the only year between.
    depends  | Homicides in East are the lowest since 2019 | (10 against 9
    no       | Homicides in East in 2023 were the lowest since 2022 | as many (11 against 11
    cannot   | Shootings in East are the lowest since 2010 | The data do not cover 2010 to 2017
    # 31 in 2019, and as many or more in the days of 2024 that are over.
    no       | People shot in West in 2019 were the highest on record | Against 2024 to November 20: it is
    # 60 in 2024, which is not over: the rank is of the years that are.
    yes      | Shootings in East in 2018 were the lowest on record | it holds
    # Two killed and one wounded in one incident, and 29 wounded one by one.
    yes      | There was exactly 1 fatal shooting in West in 2020 | (1
    no       | There were 2 fatal shootings in West in 2020 | (1
    yes      | 2 people were shot and killed in West in 2020 | (2
    yes      | There were 29 nonfatal shootings in West in 2020 | (29
    no       | There were 30 nonfatal shootings in West in 2020 | (29
    by count | Nonfatal shootings in West in 2020 fell from 31 to 29 | (29 against 31
    yes      | There were no fatal shootings in East in 2023 | (0
    cannot   | West had 5 gun deaths in 2023 | Gun deaths are suicides and accidents too
    # What these data cannot tell.
    cannot   | Shootings in East will fall by a third next year | It speaks of the future
    cannot   | Homicides dropped in 2031 | they end on November 20, 2024. Say a time that is
    cannot   | There were 64 shootings in East in 2024 | they end on November 20, 2024
    cannot   | There were 9 homicides in East in October 2017 | they begin on January 1, 2018
    cannot   | Shootings in East fell because of the program | It says why, or who brought it about
    cannot   | Shootings fell thanks to A Program | never why
    cannot   | I promise that shootings fall | promise
    cannot   | Shootings in East are down compared with 2025 | not earlier
    cannot   | Shootings in East this year are down compared with 2024 | not earlier
    cannot   | Shootings in East in 2018 are down since last year | There is no count of 2017
    # In West the program began in 2021.
    cannot   | Shootings in 2020 are down since the program began | no year before the program
    cannot   | East's homicide rate has fallen | A rate over time needs the residents of each year,
    cannot   | Gun violence is down | “gun violence” is no count
    cannot   | Gun deaths in West are down | suicides and accidents too, which are not counted
    # Times that cannot be compared: they share days, or are not as long.
    cannot   | Shootings in East from January 1, 2023 to May 31, 2024 are down since last year | \
overlap (January 1 to May 31, 2023): those days would be counted on both sides
    cannot   | Shootings in East in March 2024 were up from February 2024 | same part of a year
    cannot   | Shootings in the last 28 days were fewer than in the 7 days before | or not as long
    # What is not read, and what says two things.
    cannot   | Robberies in East are down 40% since last year | It does not understand “robberies”
    cannot   | Shootings in Easst are down | It does not understand “easst”.
    # No such time, and nothing is taken in its place.
    cannot   | 3 people were shot in East on February 30, 2023 | It does not understand “on february 30
    cannot   | Fewer young men were shot in East than last year | It does not understand “young” and
    cannot   | Shootings are up -5% | does not understand “-5%”
    cannot   | Shootings in East Haven are down | does not understand “haven”
    cannot   | The most shootings since 2019 were in East | does not understand “most”
    cannot   | Homicides are the lowest | does not understand “lowest”
    cannot   | Are shootings down? | question
    cannot   | Shootings are down or homicides are up | two things at once
    cannot   | Shootings in East in West are down | “in east” and “in west”
    cannot   | No one shot in East was killed | “shot” and “killed”
    cannot   | Shootings are not down 40% | It says what is not so
    cannot   | Shootings are up to 60 | can be read in two ways
    no       | Shootings in East are down 150% | the size is not (60 against 100
    cannot   | 40% of shootings in East | It does not understand “of”
    cannot   | 40% shootings in East | say how many
    cannot   | 30 people were shot in East since 2019 | cannot be held against “year:2019”
    cannot   | East has fewer shootings than West | Two cities are compared on the screen
    cannot   | Shootings in Hill in East are down | Of a neighbourhood say how many were shot.
    cannot   | 40% | It does not say what is counted
    cannot   | East shootings | It says nothing that could be so or not
    cannot   | 🔫📉🙏 |
"""
# What a sentence fills into the form, part by part.
FORMS = """
    claim | what | where | when | says | against
    East had 9 shootings in the first half of 2023 | incidents | east | 2023-h1 | 9 |
    There were 9 shootings in West in October 2023 | incidents | west | 2023-10 | 9 |
    9 people were shot in West in the third quarter of 2023 | victims | west | 2023-q3 | 9 |
    West saw 9 shootings from March 3 to May 20, 2023 | incidents | west | \
2023-03-03..2023-05-20 | 9 |
    Someone was shot in East on July 4, 2023 | victims | east | \
2023-07-04..2023-07-04 | at least 1 |
    There were 9 shootings in East in the last 12 months | incidents | east | last-365-days | 9 |
    Non-fatal shootings in East rose last year | nonfatal_incidents | east | last-year | up |
    Fewer people were shot in the last 28 days than in the 28 days before | victims | | \
last-28-days | down | before:28
    12 fewer people were shot in East in 2023 than in 2022 | victims | east | 2023 | \
down 12 | year:2022
    Twice as many people were shot in East in 2023 as in 2022 | victims | east | 2023 | \
up about 100% | year:2022
    Gun homicides in West are above the five-year average | fatal | west | | up | mean:5
    12 deadly shooting incidents happened in 2016 | fatal_incidents | | 2016 | 12 |
    Nonfatal shooting victims are up | nonfatal | | | up |
    Shootings in the first half of 2023 fell from the first half of 2022 | incidents | | 2023-h1 | \
down | 2022-h1
    At least half of the people reached in East attended a call-in in 2023 | attendance | east | \
2023 | at least 50% |
    Enforcement followed within 30 days in at least 40% of cases | follow_up_30 | | | at least 40% |
"""
SHORT = dict(zip(("yes", "by count", "no", "depends", "cannot"), Verdict, strict=True))


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    folder = tmp_path_factory.mktemp("claims")
    warehouse = claim_record.open_warehouse(folder, claim_record.read_incidents(TABLE), AREAS, THROUGH, STARTS)
    yield claim_record.record(warehouse)
    warehouse.close()


@pytest.mark.parametrize("row", ascii_table.rows(WHY), ids=lambda row: row["claim"])
def test_the_verdict_and_its_reason(record, row):
    judged = claim_record.check(row["claim"], record)
    assert judged.verdict is SHORT[row["verdict"]], judged
    assert row["why"] in judged.why and judged.why.endswith((".", "”.", "?"))
    if judged.verdict is not Verdict.CANNOT:
        assert judged.reading.startswith("Read as: ")
        assert judged.safe.endswith(".")
        assert len(judged.figures)
    # What is safe to say claims no sameness.
    assert not any(word in judged.safe for word in ("unchanged", "stable"))


@pytest.mark.parametrize("row", ascii_table.rows(FORMS), ids=lambda row: row["claim"])
def test_a_sentence_fills_the_form(record, row):
    reading = reader.read_text(row.pop("claim"), record.names)
    assert reading.form is not None
    assert reading.codes == {part: code for part, code in row.items() if code}


@pytest.mark.parametrize(
    ("code", "through", "first", "last"),
    [
        # So many days are as many over a leap day, and a month is the whole month.
        ("last-28-days", date(2025, 3, 10), date(2024, 2, 12), date(2024, 3, 10)),
        ("last-28-days", date(2024, 3, 10), date(2023, 2, 11), date(2023, 3, 10)),
        ("last-week", date(2024, 3, 12), date(2023, 3, 4), date(2023, 3, 10)),
        ("2025-02", date(2025, 3, 10), date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-02-29..2024-02-29", date(2024, 3, 10), date(2023, 2, 28), date(2023, 2, 28)),
        ("2024-q4", date(2025, 3, 10), date(2023, 10, 1), date(2023, 12, 31)),
        ("last-year", date(2025, 3, 10), date(2023, 1, 1), date(2023, 12, 31)),
        ("ytd", date(2024, 2, 29), date(2023, 1, 1), date(2023, 2, 28)),
    ],
)
def test_the_same_time_a_year_before(code, through, first, last):
    when = When(code)
    assert when.step_back(when.resolve(through, through, [7]), 1) == (first, last + DAY)


PEOPLE = compare(64, 20)
# What is said of a change, what was counted and how it was tested, and how that fits.
FITS = [
    ("up", PEOPLE, Fit.HOLDS),
    # One incident with many victims is no trend.
    ("up", judge_by(compare(25, 20), PEOPLE), Fit.CHANCE),
    # Many more incidents, and more people: clear, as the tile of Briefing calls it.
    ("up", judge_by(compare(64, 20), compare(66, 52)), Fit.HOLDS),
    # Clearly fewer incidents, and as many people: not up.
    ("up", judge_by(compare(20, 64), compare(50, 50)), Fit.EQUAL),
    ("same", judge_by(compare(20, 64), compare(50, 50)), Fit.HOLDS),
    # Rounded as it is written: 40% is from 39.5 to 40.5.
    ("down 40%", compare(5955, 10_000), Fit.HOLDS),
    ("down 40%", compare(5945, 10_000), Fit.SIZE),
    # Halved is a ratio from 0.4875 to 0.5125, doubled one from 1.95 to 2.05.
    ("down about 50%", compare(4880, 10_000), Fit.HOLDS),
    ("down about 50%", compare(5130, 10_000), Fit.SIZE),
    ("up about 100%", compare(20_480, 10_000), Fit.HOLDS),
    ("up about 100%", compare(20_600, 10_000), Fit.SIZE),
    # A percentage needs a base of 30.
    ("down 50%", compare(15, 30), Fit.HOLDS),
    ("down 50%", compare(14, 28), Fit.FEW),
    ("down to 600", compare(600, 1000), Fit.HOLDS),
    ("down from 999 to 600", compare(600, 1000), Fit.SIZE),
    # A number more than a mean is what it rounds to: 6 against 10.5 on average.
    ("down 4", compare(6, 21, 1, 2), Fit.CHANCE),
    ("down 5", compare(6, 21, 1, 2), Fit.CHANCE),
    ("down 6", compare(6, 21, 1, 2), Fit.SIZE),
]


@pytest.mark.parametrize(("says", "compared", "fit"), FITS)
def test_what_is_said_fits_what_was_counted(says, compared, fit):
    assert verdict.find_fit(parse_says(says), compared, 30) is fit


def test_that_the_wounded_may_still_die_is_said_of_the_newest_deaths(record):
    texts = (
        "People shot and killed in West are down",
        "People shot and killed in West fell in 2023",
        "Shootings are up",
    )
    remarks = [" ".join(claim_record.check(text, record).remarks) for text in texts]
    assert ["may still die" in said for said in remarks] == [True, False, False]


@pytest.mark.parametrize(("day", "is_new"), [("October 23", True), ("October 22", False)])
def test_of_days_that_ended_four_weeks_ago_nothing_is_said_of_late_records(record, day, is_new):
    """The data end on November 20."""
    judged = claim_record.check(f"No more than 9 people were shot in East on {day}, 2024", record)
    assert judged.verdict is Verdict.SUPPORTED
    assert ("still being entered" in " ".join(judged.remarks)) == is_new


def test_together_is_known_from_the_day_the_last_city_begins(record):
    release, settings = record.view.warehouse.release, record.view.settings
    begun = {"data_from": {"incidents": {"east": "2018-01-01", "west": "2019-03-02"}}}
    with closing(Warehouse(replace(release, manifest=release.manifest | begun), settings)) as opened:
        evidence = claim_record.record(opened)
        assert evidence.find_span("together") == (date(2019, 3, 2), THROUGH)
        judged = claim_record.check("At least 10 people were shot in 2018", evidence)
    assert judged.verdict is Verdict.CANNOT
    assert "March 2, 2019" in judged.why


def test_a_release_from_before_fatal_shootings_were_counted_has_no_count_of_them(tmp_path):
    rows = claim_record.read_incidents(TABLE)
    opened = claim_record.open_warehouse(tmp_path, rows, AREAS, THROUGH, STARTS)
    member = opened.release.member("built/daily.parquet")
    pq.write_table(pq.read_table(member).drop_columns(["fatal_incidents", "nonfatal_incidents"]), member)
    older = claim_record.record(Warehouse(opened.release, opened.settings))
    assert claim_record.check("2 people were shot and killed in West in 2020", older).verdict is Verdict.SUPPORTED
    for text in ("There were no fatal shootings in West in 2020", "Nonfatal shootings in West are down"):
        judged = claim_record.check(text, older)
        assert judged.verdict is Verdict.CANNOT
        assert "the release was published before shooting incidents with" in judged.why


def test_a_rank_of_people_shot_is_tested_on_incidents_and_begins_with_who_is_ahead(record):
    rank = claim_record.check("People shot in West are the highest since 2021", record)
    change = claim_record.check("People shot in West are up since last year", record)
    assert rank.verdict is Verdict.SUPPORTED
    assert rank.figures["Against"].tolist() == ["2022", "2021", "2023"]
    columns = ["Interval", "Change"]
    assert rank.figures.iloc[2][columns].tolist() == change.figures.iloc[0][columns].tolist()
    assert any(remark.startswith("Chance is tested on incidents") for remark in rank.remarks)


def test_the_city_given_is_taken_where_the_claim_names_none(record):
    assert "in West," in claim_record.check("Homicides are up", record, "west").reading
    assert "in East," in claim_record.check("Homicides in East are up", record, "west").reading
    assert "in East and West together" in claim_record.check("Homicides are up", record).reading


def test_the_week_is_the_last_whole_one_of_a_city_and_seven_days_where_they_differ(record):
    for place, days in (
        ("in East ", "11 to November 17"),
        ("in West ", "10 to November 16"),
        ("", "14 to November 20"),
    ):
        reading = claim_record.check(f"No one was shot {place}last week", record).reading
        assert f"November {days}, 2024: 0." in reading


def test_without_a_program_start_the_usual_baselines_leave_it_out(record):
    settings = record.view.settings
    cities = {city: of.model_copy(update={"launched_on": None}) for city, of in settings.cities.items()}
    warehouse = record.view.warehouse
    gone = claim_record.record(warehouse, replace(settings, cities=cities))
    with_one, without = (
        claim_record.check("Shootings in East are down", of).figures["Against"].tolist() for of in (record, gone)
    )
    assert with_one == [*without, "the pre-program average"]
    since = claim_record.check("Shootings in East are down since the program began", gone)
    assert since.why == "No program start is on file for all of East."


# Each time that a sentence can name, as a form writes it, and whether it goes to the newest day.
TIMES = {
    "when ytd": ("ytd", True),
    "when last-week": ("last-week", True),
    "when last-{number}-days": ("last-28-days", True),
    "when last-365-days": ("last-365-days", True),
    "when last-year": ("last-year", False),
    "when {year}": ("2023", False),
    "time {year}-h{order}": ("2024-h1", False),
    "time {year}-q{order}": ("2024-q3", False),
    "time {year}-{month}": ("2024-10", False),
    "time {year}-{month}-{day:0>2}..{year}-{month}-{day:0>2}": ("2024-11-20..2024-11-20", False),
    "time {since}-{month}-{day:0>2}..{year}-{until}-{last:0>2}": ("2024-01-01..2024-11-20", False),
}


@pytest.mark.parametrize(
    ("viewer", "places"),
    [
        ("public", ["east"]),
        *(
            pytest.param(viewer, ["east", "west", "together"], marks=pytest.mark.audit)
            for viewer in ("public", "city:east", "state")
        ),
    ],
)
def test_of_data_that_ended_no_time_that_goes_to_today_is_supported(record, viewer, places):
    assert TIMES.keys() == {says for says, _ in reader.PHRASES if says.startswith(("time ", "when "))}
    warehouse, settings = record.view.warehouse, record.view.settings
    limit = settings.thresholds.stale_after_days
    # To the last day of 2025, on which "last year" is one that the data cover only in part.
    for age in (0, limit, limit + 1, 40, (date(2025, 12, 31) - THROUGH).days):
        asked = claim_record.record(warehouse, settings, parse_viewer(viewer, settings), age)
        for (when, is_newest), where in product(TIMES.values(), places):
            codes = {"what": "victims", "where": where, "when": when}
            number, change, rank = (
                judge.judge_form(claim_record.make_form(codes | {"says": says}, asked.names), asked)
                for says in ("at least 0", "down", "highest")
            )
            # Of last year in 2025 the days after the last are not known.
            is_open = (is_newest and age > limit) or (when == "last-year" and age > 40)
            assert (number.verdict is Verdict.CANNOT) == is_open, (when, age, number)
            for answer in (number, change, rank):
                if is_newest and age > limit:
                    assert answer.verdict is Verdict.CANNOT and not len(answer.figures)
                    assert "end on November 20, 2024, too long ago" in answer.why
                    assert "2024" in answer.safe
                if is_open or age > 40:
                    said = f"{answer.why} {answer.safe}".replace("to say “this year”, “so far” or “last week”", "")
                    assert not any(words in said for words in ("this year", "last year", "so far")), answer


def test_in_january_this_year_is_none_of_the_data_of_december(tmp_path):
    rows = claim_record.read_incidents(TABLE)
    opened = claim_record.open_warehouse(tmp_path, rows, AREAS, date(2024, 12, 31), STARTS)
    new_year, new_years_eve = (claim_record.record(opened, age=age) for age in (1, 0))
    for text, year in (("60 people were shot in East {}", "2024"), ("110 people were shot in East {}", "2023")):
        assert claim_record.check(text.format(f"in {year}"), new_year).verdict is Verdict.SUPPORTED
    assert claim_record.check("60 people were shot in East this year", new_years_eve).verdict is Verdict.SUPPORTED
    assert claim_record.check("60 people were shot in East this year", new_year).verdict is Verdict.CANNOT
    assert claim_record.check("110 people were shot in East last year", new_years_eve).verdict is Verdict.SUPPORTED
    assert claim_record.check("60 people were shot in East last year", new_year).verdict is Verdict.SUPPORTED
    assert claim_record.check("No one was shot in East last week", new_year).verdict is Verdict.SUPPORTED
    opened.close()


NAMES = Names(
    {
        "a": "St. Louis",
        "b": "Coeur d’Alene",
        "c": "San José",
        "d": "Winston-Salem",
        "e": "Truth or Consequences",
        "f": "Washington, D.C.",
    },
    "A Program",
    {"a/St. Mary's": "St. Mary's"},
)


@pytest.mark.parametrize("text", ["Shootings in East are down since the program began", "Shootings in East are down"])
def test_a_change_since_the_program_says_that_these_data_cannot_show_why(record, text):
    judged = claim_record.check(text, record)
    assert judged.verdict is Verdict.SUPPORTED
    assert "pre-program average" in judged.reading
    for said in (judged.why, judged.safe):
        assert said.endswith("These data cannot show why.")


@pytest.mark.parametrize("city", [*NAMES.cities])
@pytest.mark.parametrize(
    "text",
    [
        *("Most shootings in {} since 2015", "The fewest people shot and killed in {} on record"),
        *("{} saw its fewest homicides since 2021.", "Shootings in {} are the lowest since 2019"),
        *("12 people were shot in {}", "{}'s homicides are up", "In {}, shootings are down 20% since last year."),
        *("In 2023, 110 people were shot in {}", "Twice as many people were shot in {} in 2023 as in 2022."),
        "No one was shot last week in {}.",
    ],
)
def test_a_city_is_read_however_it_is_spelled(text, city):
    name = NAMES.cities[city]
    for spelled in (name, name.upper(), name.replace("’", "'"), name.replace("é", "e"), name.replace("-", "\u2011")):
        reading = reader.read_text(text.format(spelled), NAMES)
        assert reading.codes.get("where") == city and reading.form, reading


def test_a_neighbourhood_of_two_cities_is_asked_about():
    names = Names({"a": "East", "b": "West"}, "A Program", {"a/Downtown": "Downtown", "b/Downtown": "Downtown"})
    reading = reader.read_text("3 people were shot in Downtown in 2023", names)
    assert (reading.form, reading.why) == (None, reader.WHY["WHICH_AREA"])
    assert reader.read_text("3 people were shot in Downtown in West in 2023", names).codes["where"] == "b/Downtown"


HOSTILE = [
    *("shootings " * 2000, "the " * 60, "-" * 300, "%" * 300, "🔫" * 100, "", "\n\t  \r"),
    *("\x00\x01\x02", "<script>alert(1)</script>", "'; DROP TABLE victims; --"),
    *("\u202eshootings are down\u202c", "إطلاق النار انخفض", "shootings are down ١٢%"),
    *(f"shootings are down {size}%" for size in ("9" * 20, "1,2,3", "", "0.0000000001")),
    *("no no no shootings", "[link](https://x.example) **bold** $x$ :red[x]", "${jndi:ldap://x}"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_gets_a_sentence(record, text):
    judged = claim_record.check(text, record)
    assert judged.verdict is Verdict.CANNOT
    assert judged.why.endswith((".", "?"))
    assert len(judged.why) < 300
    assert render.render_answer(judged, "Source.")


NO_PART = {
    "when": (
        *("0001-01-01..0001-01-02", "2024-13", "2024-02-30..2024-03-01", "last-99999-days", "last-0-days"),
        *("2024-h3", "2024-06-01..2024-05-01", ""),
    ),
    "against": ("year:0", "mean:0", "than:east", "mean:100", "mean", "record:5"),
    "says": ("down -5%", "down 1e400%", "exactly", "5% of 9", "same 40%", ""),
    "where": ("atlantis", "east/Atlantis", "../etc", "east/"),
    "what": ("robberies", ""),
}


def test_a_code_that_is_no_part_is_none(record):
    parsed = {(part, code): parse_part(part, code, record.names) for part, codes in NO_PART.items() for code in codes}
    assert {at for at, value in parsed.items() if value is not None} == set()


@pytest.mark.parametrize("when", ["last-9999-days", "1900", "2099-12"])
@pytest.mark.parametrize(
    ("says", "against"),
    [("down", "each"), ("lowest", "since:1900"), ("at least 1", "each"), ("up", "before"), ("down", "mean:99")],
)
def test_any_form_gets_a_sentence(record, when, says, against):
    codes = {"what": "victims", "where": "east", "when": when, "says": says, "against": against}
    judged = judge.judge_form(claim_record.make_form(codes, record.names), record)
    assert judged.why.endswith((".", "”."))
    assert len(judged.why) < 400


SURE = Tally(6, 10)
OPEN = Tally(6, 10, 2)  # of 2 of the 10 it is not known


@pytest.mark.parametrize(
    ("now", "says", "wanted"),
    [
        (SURE, "exactly 60%", Verdict.SUPPORTED),
        (SURE, "exactly 70%", Verdict.NOT_SUPPORTED),
        # None of those not known, one of them, all of them, and more than there are.
        (OPEN, "exactly 6", Verdict.CANNOT),
        (OPEN, "exactly 7", Verdict.CANNOT),
        (OPEN, "exactly 8", Verdict.CANNOT),
        (OPEN, "exactly 9", Verdict.NOT_SUPPORTED),
        (OPEN, "exactly 5", Verdict.NOT_SUPPORTED),
        (OPEN, "at least 60%", Verdict.SUPPORTED),
        (OPEN, "at most 80%", Verdict.SUPPORTED),
        (OPEN, "fewer than 80%", Verdict.CANNOT),
    ],
)
def test_a_number_holds_only_whatever_those_did_of_whom_it_is_not_known(now, says, wanted):
    assert verdict.judge([now.find_fit(parse_says(says))]) is wanted


# The funnel of 2023, and the follow-up of all cities; an empty cell is withheld, and 2022 missing.
# West supplied no services.
FUNNEL = """
    city | step      | members | members_state
    east | reachable | 100     | shown
    east | attended  | 80      | shown
    east | intake_30 | 20      | shown
    west | reachable | 50      | shown
    west | attended  |         | withheld
    west | intake_30 |         | missing
"""
FOLLOW_UP = """
    year | episodes | kept_30 | kept_60 | kept_90
    2022 |          |         |         |
    2023 | 40       | 10      | 6       | 0
"""


class OfTables(ReportContext):
    """A context in which the public tables are those above."""

    def ask(self, query, **parameters):
        if query == "public_promises":
            return SimpleNamespace(frame=ascii_table.read_frame(FOLLOW_UP))
        if query == "public_funnel":
            frame = ascii_table.read_frame(FUNNEL)
            is_missing = parameters["year"] != 2023
            return SimpleNamespace(frame=frame.assign(members=pd.NA, members_state="missing") if is_missing else frame)
        return super().ask(query, **parameters)


OF_PROGRAM = """
    what         | where     | when         | says         | verdict | why
    attendance   | east      | 2023         | at least 80% | yes     | 80 of 100 people reached are known to have come
    # The others did not come, or it is not known.
    attendance   | east      | 2023         | exactly 80%  | cannot  | in 2023 (80.0%). The other 20 did not come, or
    attendance   | east      | 2023         | fewer than 80% | no    | 80 of 100
    services     | east      | 2023         | exactly 25%  | yes     | 20 of 80 people at a call-in began
    # A cell that is withheld, of a city and of all of them.
    attendance   | west      | 2023         | at least 1   | cannot  | WITHHELD
    attendance   | together  | 2023         | at least 1   | cannot  | WITHHELD
    attendance   | east      | 2022         | at least 1   | cannot  | The public table has nothing, or not all, of 2022
    # What a city did not supply is missing, of it and of all, and not withheld.
    services     | west      | 2023         | at least 1   | cannot  | nothing, or not all, of 2023
    services     | together  | 2023         | at least 1   | cannot  | nothing, or not all, of 2023
    attendance   | east      | 2023-h1      | at least 1   | cannot  | The public table counts closed years
    attendance   | east      | last-28-days | at least 1   | cannot  | The public table counts closed years
    attendance   | east/Hill | 2023         | at least 1   | cannot  | Of a neighbourhood say how many were shot
    attendance   | east      | 2023         | down         | cannot  | say how many, or which share
    # Of cases those answered sooner are answered within more days too.
    follow_up_30 | together  | 2023         | exactly 25%  | yes     | in 10 of 40 cases
    follow_up_60 | together  | 2023         | exactly 40%  | yes     | in 16 of 40 cases
    follow_up_90 | together  | 2023         | exactly 41%  | no      | in 16 of 40
    follow_up_30 | east      | 2023         | at least 1   | cannot  | ALL_CITIES
    follow_up_30 | together  | 2022         | exactly 0    | cannot  | WITHHELD
    follow_up_30 | together  | 2021         | exactly 0    | cannot  | of 2021
"""
NAMED = {"WITHHELD": WITHHELD, "ALL_CITIES": ALL_CITIES}


@pytest.mark.parametrize("row", ascii_table.rows(OF_PROGRAM), ids=lambda row: " ".join([*row.values()][:4]))
def test_a_claim_about_the_program_is_held_against_the_public_tables(record, row):
    context = record.view
    evidence = Evidence(OfTables(context.settings, PUBLIC, context.warehouse, context.today))
    wanted, why = SHORT[row.pop("verdict")], row.pop("why")
    judged = judge.judge_form(claim_record.make_form(row, evidence.names), evidence)
    assert judged.verdict is wanted, judged
    assert NAMED.get(why, why) in judged.why
    # What is safe is what the table says, whatever the claim said.
    assert judged.safe in ("", judged.why) and bool(judged.safe) == bool(len(judged.figures))
