"""Claims of each kind against verdicts worked out by hand from the table here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from longevity.claims import examples, judge, reader, render, verdict
from longevity.claims.evidence import Evidence
from longevity.claims.form import Says, Way, parse_form
from longevity.claims.verdict import Fit, Verdict
from longevity.claims.when import Clock, When
from longevity.errors import UsageError
from longevity.stats.comparison import compare, judge_by
from longevity.ui.claim_box import ClaimBoxes
from longevity.windows import DAY
from tests.factories import ascii_table, claim_record

# Both cities are told from 2018 to November 20, 2024; the program began in East on January 1, 2020,
# in West a year later. 1,000 people live in each area but the last of a city, in which nobody does:
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
AREAS = {
    "east": ["Bank", "Harbour", "Hill", "Park", "Yard"],
    "west": ["Meadow", "Mill"],
}
THROUGH, STARTS = date(2024, 11, 20), date(2018, 1, 1)
PUBLISHED = """place,year,metric,value,source_url,note,definition
Elsewhere,2019,homicides,40,https://a.example/1,,by any weapon
East,2019,homicides,12,https://a.example/1,,by any weapon
West,2016,homicides,7,https://a.example/1,,by any weapon
West,2017,gun_homicides,5,https://a.example/1,,by firearm
"""

TRUE = "Shootings in East are down 40% since last year"  # 60 against 100
# Which verdict, and what its reason says.
WHY = """
    verdict  | claim | why
    # So.
    yes      | Shootings in East are down 40% since last year | (60 against 100 in the same days of
    yes      | Shooting incidents in East fell from 100 to 60 compared with 2023 | (60 against 100 i
    yes      | In East, shootings haven't risen | (60 against 100 in the same days of 2023
    yes      | East saw its fewest homicides since 2021 | (10 against 11
    yes      | Homicides in West are up | (24 against 8 in the same days of 2023
    yes      | Nobody was shot dead in West in the year to date | (0
    yes      | There were 110 shootings in East in 2023 | (110
    yes      | At least 60 people were shot in East so far this year | (60
    yes      | East has fewer homicides than West | (10 against 24 in West
    yes      | Shootings in East increased by 43 percent from 2018 to 2019 | (100 against 70 in 2018
    yes      | Shootings in East are down and homicides in West are up | (60 against 100 in the same
    # So by the count.
    by count | Homicides in East are lower than last year | (10 against 11 in the same days of 2023
    by count | People shot in West are up on 2023 | (64 against 20 in the same days of 2023
    # Not so.
    no       | Shootings in East have doubled since 2023 | (60 against 100 in the same days of 2023
    no       | Shootings in East rose 2060 percent | (60 against 100 in the same days of 2023
    no       | Shootings in East have been cut in half compared with the same period last year | (60
    no       | The number of people shot in West tripled compared with 2022 | (64 against 31 in the
    no       | No more than 59 people were shot in East this year | (60
    no       | Not a single person was shot in West last week | (1
    no       | West's homicide rate is lower than East's | (24 against 2.5 at the rate of East
    # So against one and not against another.
    depends  | shootings have dropped in West | (25 against 20 in the same days of 2023
    depends  | Homicides in East are the lowest since 2019 | (10 against 9
    depends  | West does not have more shootings than East | (25 against 60 in East
    depends  | Shootings in West have not fallen | (25 against 20 in the same days of 2023
    depends  | Murders in East fell in 2022 | (11 against 14 in 2021
    depends  | Shootings in West haven't gone up over the past 12 months | (25 against 20 in the sam
    depends  | Shootings are down in both cities | (25 against 20 in the same days of 2023
    depends  | The number of shootings in East was unchanged in 2022 | (100 against 98 in 2021
    # Of years and months in a row, of a part of a whole, of each of several, of every month.
    by count | Homicides in East fell in 2022 for the second year in a row | (11 against 14 in 2021)
    no       | Homicides in East fell for the third straight year in 2023 | (11 against 11 in 2022)
    yes      | July was the deadliest month of 2023 in West | (3 against 0 in January 2023
    no       | October was the deadliest month of 2023 in West | (0 against 3 in July 2023
    yes      | More than half of the people shot in the cities in 2023 were shot in East | (110 of
    no       | Half of the people shot in the cities in 2023 were shot in East | (110 of 130
    yes      | Less than half of those shot in West in 2023 died | (3 of 20 (15.0%)
    no       | More than half of those shot in West in 2023 died | (3 of 20 (15.0%)
    yes      | At least 20 people were shot in each of the cities in 2023 | (110). By this release
    no       | At least 21 people were shot in each of the cities in 2023 | (20
    yes      | Someone was shot in East every month of 2023 | (9
    no       | Someone was shot in East every month of 2022 | (0
    yes      | No one was shot and killed in East in three years | (0
    no       | No one was shot and killed in West in three years | (3
    yes      | 3 people were shot dead in West on July 2, 2023 | (3
    no       | Someone was shot dead in West on July 3, 2023 | (0
    yes      | 110 people were shot in East and 20 in West in 2023 | (20
    no       | 110 people were shot in East and 21 in West in 2023 | (20
    by count | People shot in East in 2023 were up compared with the three year average | (110
    no       | Fewer than half as many people were shot in West in 2023 as in 2022 | the size is not
    yes      | 2020 was the worst year for homicides in East on record | (15 against 14 in 2021
    no       | Shootings in East in March 2024 were up from February 2024 | 6.4 at the rate of
    # No count tells.
    cannot   | Shootings in East will fall by a third next year | It speaks of the future
    cannot   | Shootings in East fell because of the program | It says why, or who brought it about
    cannot   | Shootings in East fell since before the program, thanks to the program | It says why,
    cannot   | Robberies in East are down 40% since last year | It does not understand “robberies”
    cannot   | Shootings in East are the lowest since 2010 | The data do not cover 2010 to 2017
    cannot   | East's homicide rate has fallen | A rate over time needs the residents of each year,
    cannot   | There were 30 shootings in East in 2016 | The data do not cover all of 2016
    cannot   | Fewer young men were shot in East than last year | It does not understand “young” and
    cannot   | Shootings in East did not fall every year since 2019 | It says every year
    cannot   | Not a single shooting was not down | not what they say together
    cannot   | People shot in East are down except in July | “except” and “july”
    cannot   | The program saved 40 lives | It says why, or who brought it about
    # No claim at all.
    cannot   | colourless green ideas sleep furiously | It does not understand “colourless”, “green”
    cannot   | shootings shootings shootings | It says nothing that could be so or not
    cannot   | 40% | It does not say what is counted
    cannot   | East | It does not say what is counted
    cannot   | is the lowest of the | It is a question
    cannot   | DROP TABLE victims; -- | It does not understand “table”, “victims
    cannot   | 🔫📉🙏 |
    cannot   | down since last year | It does not say what is counted
    cannot   | not not not up | It does not say what is counted
    cannot   | lorem ipsum dolor sit amet | It does not understand “lorem”, “ipsum” and “dolor”
    # 60 against 100: a bound at the very percentage.
    yes      | Shootings in East are down at least 40% since last year | (60 against 100
    yes      | Shootings in East are down at most 40% since last year | (60 against 100
    no       | Shootings in East are down more than 40% since last year | (60 against 100
    no       | Shootings in East are down less than 40% since last year | (60 against 100
    yes      | Shootings in East are down more than 39% since last year | (60 against 100
    no       | Shootings in East are down at most 39% since last year | (60 against 100
    # As titles say it: 85 on average before the program.
    yes      | Shootings in East are down since before the program | 85 on average
    yes      | Shootings in East are down against the pre-program average | 85 on average
    yes      | Shootings in East are below the pre-program average | 85 on average
    yes      | Shootings in East are fewer than before the program | 85 on average
    # The figure that is right, and what chance says.
    no       | Shootings in East are down 60% since last year | the size is not (60 against 100 in
    by count | Homicides in East fell since last year | chance alone could explain the difference
    no       | Homicides in West have doubled since last year | too few to give a percentage
    # 41 of the 64 in one incident: by people too that is how these counts swing.
    by count | People shot in West are up | chance alone could explain the difference (64 against 20
    no       | Shootings in West are not up compared with last year | the other way, though chance
    no       | Homicides in East are as many as last year | not as many (10 against 11
    depends  | Shootings in West are up | the pre-program average: it is the other way
    no       | Homicides in East are the lowest on record | Against 2019: it is the other way (10
    no       | Homicides in East in 2023 were the lowest since 2021 | Against 2022: there are as
    depends  | There were 12 homicides in East in 2019 | By a published figure: it holds (12).
    no       | There were 9 homicides in West in 2019 | By this release: it is another number (8).
    depends  | East has fewer shootings than West | it is the other way (60 against 25 in West).
    # 60 against 100: that is a change, whatever else the counts leave open.
    no       | Shootings in East saw no clear change since last year | more than
    no       | Shootings in East are stable since last year | more than
    # 10 against 11 shows nothing: a half or twice as many fit it as well.
    cannot   | Homicides in East saw no clear change since last year | times as many fits them
    cannot   | Homicides in East are not significantly up since last year | has to be shown
    # 98 against 102 leaves out no change of a tenth either.
    cannot   | Shootings in East were flat in 2021 compared with 2020 | 0.72 to 1.28 times as many
    # The same count is the same count.
    no       | Shootings in East in 2020 were not up on 2019 | the other way
    yes      | Homicides in West in 2022 were unchanged compared with 2021 | holds
    cannot   | West does not have significantly more gun deaths than East | has to be shown
    # A rank is among the years after it too: 102, after 70 and 100, and 110 were to come.
    no       | Shootings in East in 2020 were the highest on record | the other way (102 against 110
    no       | Shootings in East in 2020 were the highest since 2018 | other way (102 against 110
    no       | Shootings in East in 2020 were the highest ever | the other way (102 against 110
    depends  | Shootings in East in 2020 were the highest in two years | (102 against 110
    no       | Homicides in East in 2018 were the lowest since 2017 | the other way (12 against 9 in
    yes      | Homicides in East in 2020 were the highest on record | it holds
    # 31 in 2019, and as many or more in the days of 2024 that are over.
    no       | People shot in West in 2019 were the highest on record | Against 2024 so far: it is
    # 60 in 2024, which is not over: the rank is of the years that are.
    yes      | Shootings in East in 2018 were the lowest on record | it holds
    cannot   | Shootings in East in 2018 were the lowest ever | what was before it
    cannot   | Homicides in West are the highest in history | what was before it
    # What these data cannot tell.
    cannot   | Shootings will fall | the future
    cannot   | Homicides dropped in 2031 | the future
    cannot   | Shootings in East are down compared with 2025 | not earlier
    cannot   | Shootings fell thanks to A Program | never why
    cannot   | I promise that shootings fall | promise
    cannot   | Gun violence is down | no count
    cannot   | Shootings are down this month | they end on November 20, 2024. Say a time that is
    cannot   | Shootings in East are down in the last 9000 days | they begin on January 1, 2018
    cannot   | There were 64 shootings in East in 2024 | they end on November 20, 2024
    cannot   | Shootings in East in 2024 are down | they end on November 20, 2024
    cannot   | There were 9 homicides in East in October 2017 | they begin on January 1, 2018
    cannot   | Homicides in Elsewhere are down since last year | not all of Elsewhere
    cannot   | There were 3 homicides in Elsewhere in 2018 | no published figure
    # What is not read.
    cannot   | Carjackings are down | does not understand “carjackings”
    cannot   | Shootings are slightly down | does not understand “slightly”
    cannot   | Shootings nationwide are down | does not understand “nationwide”
    cannot   | Shootings are down 1e400% | does not understand “1e400%”
    cannot   | Shootings are up -5% | does not understand “-5%”
    cannot   | Shootings in East Haven are down | does not understand “haven”
    cannot   | East is as safe as West | does not understand “as” and “safe”
    cannot   | East is safer than Elsewhere | does not understand “than”
    cannot   | Are shootings down? | question
    cannot   | Have shootings fallen | question
    cannot   | Shootings are down or homicides are up | two things at once
    cannot   | Shootings in East and West are down | two things at once
    cannot   | Shootings in East in West are down | more than one place
    cannot   | Homicides have not been lower since 2019 | two ways
    cannot   | Homicides have been rising since 2019 | two ways
    cannot   | Homicides are the lowest | not since when
    cannot   | Shootings are not down 40% | Say what it is
    cannot   | Shootings are down 150% | Nothing can fall by more
    # Times that cannot be compared: 17 months share five with those of the year before.
    cannot   | Shootings in East in the last 17 months are down since last year | share 153 days (
    cannot   | Shootings in 2020 are down compared with 2021 | not earlier
    cannot   | Shootings in the last 28 days were fewer than in the previous 7 days | not as long as
    # A month of 31 days against one of 29.
    no       | Shootings in East in March 2024 are down 40% from February 2024 | at the rate of
    cannot   | Shootings in East in March 2024 are down by 2 from February 2024 | as long
    # Too few.
    no       | Gun deaths in West are down 50% since last year | too few
    no       | Gun deaths in West in 2023 doubled since 2022 | too few
    no       | Homicides in West in 2022 were the lowest since 2020 | there are as many
    by count | Homicides in East are down by 1 since last year | chance alone
"""
# How what is safe to say begins and ends.
SAFE = """
    claim | begins | ends
    Shootings in East are down 60% since last year | 60 shooting incidents happened in East from | \
January 1 to November 20, 2024: 40 fewer than in the same days of 2023 (−40%). That is more than \
chance alone would explain.
    Homicides in East fell since last year | 10 people were killed, by any weapon, in East | \
2024: 1 fewer than in the same days of 2023. Chance alone could explain the difference.
    Homicides in East are the lowest since 2015 | 10 people were killed, by any weapon, in East | \
Of the years 2018 to 2024, counted over the same days, the fewest: 2019 9 and 2024 10.
    Shootings in East in 2020 were the highest on record | 102 shooting incidents happened | \
in East in 2020. Of the years 2018 to 2023, the most: 2023 110 and 2020 102.
    People shot in West in 2023 were the highest since 2021 | 20 people were shot in West | \
Of the years 2021 to 2024, the most: 2024 so far 64, 2022 31 and 2021 30.
    Shootings in West are up | 25 shooting incidents happened in West from January 1 | \
5 more than in the same days of 2023, 2 fewer than on average in the same days of 2021 to 2023, \
3 fewer than on average in the same days of 2019 to 2023 and 5 fewer than on average in the same \
days of 2018 to 2020 (−17%). Chance alone could explain each difference.
    West had the most people shot of all cities this year | 64 people were shot in West | \
Of 2 cities, the most: West 64 and East 60. Chance alone could explain the difference from \
East (60).
    Not a single person was shot in East last week | 0 people were shot in East from November 11 | \
to November 17, 2024. Late records may still raise this count.
    There were 40 homicides in Elsewhere in 2019 | 40 people were killed, by any weapon, in | \
Elsewhere in 2019, by a published figure.
"""
READ = """
    claim | read
    shootings are down | shooting incidents in East and West together, January 1 to November 20
    shootings are down | down, against each of last year, the 3-year average, the 5-year average and
    gun deaths in West haven't risen on the five-year average | the same days of 2019 to 2023 on
    No one was shot in East last week | people shot in East, November 11 to November 17
    No one was shot in West last week | people shot in West, November 10 to November 16
    No one was shot last week | East and West together, November 14 to November 20
    Shootings in East fell over the past year | November 22, 2023 to November 20, 2024
    East is more dangerous than West | up, against West as a count and West per resident.
    Homicides in East in March 2024 were 10 | March 1 to March 31, 2024: 10.
    Shootings in East are up to 60 | 2024: up to 60, against each of last year
    Up to 60 shootings in East | 2024: at most 60.
    Fewer people were shot in the last four weeks than in the 28 days before | the 28 days before.
    Shootings in East fell from 100 to 60 | down from 100 to 60, against the same days of 2023.
    Shootings in East were down in 2022 | shooting incidents in East, 2022: down
    Homicides in East have fallen since the program began | the same days of 2018 to 2019
    Non-fatal shootings are unchanged | shot and wounded
"""
# What a sentence fills into the form, part by part.
FORMS = """
    claim | what | where | when | says | against
    East had 9 shootings in the first half of 2023 | incidents | east | 2023-h1 | 9 |
    There were 9 shootings in West in October 2023 | incidents | west | 2023-10 | 9 |
    9 people were shot in West in the third quarter of 2023 | victims | west | 2023-q3 | 9 |
    9 people were shot in East in the summer of 2023 | victims | east | 2023-summer | 9 |
    West saw 9 shootings from March 3 to May 20, 2023 | incidents | west | \
2023-03-03..2023-05-20 | 9 |
    9 people were shot in East in the week ending August 17, 2023 | victims | east | \
week-2023-08-17 | 9 |
    Someone was shot in East on July 4, 2023 | victims | east | \
2023-07-04..2023-07-04 | at least 1 |
    Someone was shot in East every month of 2023 | victims | east | 2023/month | at least 1 |
    There were 9 shootings in East in the last 12 weeks | incidents | east | last-12-weeks | 9 |
    There were 9 shootings in East last month | incidents | east | last-month | 9 |
    9 people were shot in the cities since January 15, 2023 | victims | together | \
since-2023-01-15 | 9 |
    A third fewer people were shot in East in 2023 than in 2022 | victims | east | 2023 | \
down about 33.3% | year-2022
    Twice as many people were shot in East as in West in 2023 | victims | east | 2023 | \
up about 100% | than:west
    Homicides in 2023 were the lowest in three years | homicides | | 2023 | lowest | years-3
    July was the deadliest month of 2023 in East | fatal | east | 2023-07 | highest | months
    Half of the people shot in the cities in 2023 were shot in East | victims | east | 2023 | \
about 50% | of:together
    More than half of those shot in East in 2023 died | fatal | east | 2023 | more than 50% | \
of:victims
    Every group that shot someone saw enforcement within 60 days | follow_up_60 | | | 100% |
    Enforcement followed within 30 days in at least 40% of cases | follow_up_30 | | | at least 40% |
    We spent more than $1,000 in 2023 | money | | 2023 | more than 1000 |
"""
# What is not read is marked, and the rest is filled.
MARKED = """
    claim | marked | meant | what | where | when | says | against
    Shootings in Easst are down since last year | [Easst] | Do you mean East? | incidents | | | \
down | last-year
    Carjackings in East are down | [Carjackings] | “carjackings” | | east | | down |
    Two out of three people invited came this year | [people invited came] | reached | \
attendance | | ytd | about 66.7% |
"""
# What is offered in place of a claim that is not so, or not sure.
SO_FAR = "from January 1 to November 20, 2024"
OFFERED = {
    "Shootings in East are down 60% since last year":
        f"Shooting incidents in East {SO_FAR} were down 40% compared with the same days of 2023.",
    "Homicides in West have doubled since last year":  # 24 against 8: too few for a percentage
        f"Homicides by any weapon in West {SO_FAR} were up compared with the same days of 2023.",
    "Shootings in West are up since last year":  # chance could explain it: both counts
        f"25 shooting incidents happened in West {SO_FAR} and 20 {SO_FAR[:-4]}2023.",
    "Homicides in East have fallen on the five-year average":
        f"Homicides by any weapon in East {SO_FAR} were not up compared with the 5-year average.",
    "Homicides in East are the lowest on record":
        f"Homicides by any weapon in East {SO_FAR} were the fewest since 2020.",
    "Shootings in East in 2020 were the highest on record":
        "102 shooting incidents happened in East in 2020 and 110 in 2023.",
    "More people were shot in West than in East in July 2024":
        "42 people were shot in West from July 1 to July 31, 2024 and 6 in East.",
    "No one was shot in West this year": f"64 people were shot in West {SO_FAR}.",
}  # fmt: skip
SHORT = dict(zip(("yes", "by count", "no", "depends", "cannot"), Verdict, strict=True))


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    folder = tmp_path_factory.mktemp("claims")
    (folder / "facts").mkdir()
    (folder / "facts" / "published_counts.csv").write_text(PUBLISHED, encoding="utf-8")
    warehouse = claim_record.open_warehouse(
        folder, claim_record.read_incidents(TABLE), AREAS, THROUGH, STARTS
    )
    yield claim_record.record(warehouse)
    warehouse.close()


@pytest.mark.parametrize("row", ascii_table.rows(WHY), ids=lambda row: row["claim"])
def test_the_reason_says_the_right_figure_or_what_is_missing(record, row):
    judged = claim_record.check(row["claim"], record)
    assert judged.verdict is SHORT[row["verdict"]], judged
    assert row["why"] in judged.why and judged.why.endswith((".", "”."))
    if judged.verdict is not Verdict.CANNOT:
        assert judged.reading.startswith("Read as: ")
        assert judged.safe.endswith(".")
        assert len(judged.figures)
    # What is safe to say claims no sameness.
    assert not any(word in judged.safe for word in ("unchanged", "no clear change", "stable"))


def test_times_that_share_days_are_refused_with_the_days(record):
    first, second = "January 1, 2023 to May 31, 2024", "January 1, 2022 to May 31, 2023"
    text = f"Shootings in East from {first} are down compared with {second}"
    judged = claim_record.check(text, record)
    assert judged.verdict is Verdict.CANNOT
    assert "share 151 days (January 1 to May 31, 2023), which would be counted on" in judged.why


@pytest.mark.parametrize("row", ascii_table.rows(READ), ids=lambda row: row["claim"])
def test_the_reading_says_what_was_understood(record, row):
    assert row["read"] in claim_record.check(row["claim"], record).reading


@pytest.mark.parametrize("row", ascii_table.rows(FORMS), ids=lambda row: row["claim"])
def test_a_sentence_fills_the_form(record, row):
    reading = reader.read_text(row.pop("claim"), record.names)
    assert reading.form is not None
    assert reading.codes == {part: code for part, code in row.items() if code}


@pytest.mark.parametrize("row", ascii_table.rows(MARKED), ids=lambda row: row["claim"])
def test_what_is_not_read_is_marked_and_the_rest_is_filled(record, row):
    reading = reader.read_text(row.pop("claim"), record.names)
    assert row.pop("marked") in reading.marked and row.pop("meant") in reading.why
    assert reading.codes == {part: code for part, code in row.items() if code}
    assert reading.form is None


@pytest.mark.parametrize(("text", "offered"), OFFERED.items())
def test_what_is_so_is_offered_in_words_that_are_supported(record, text, offered):
    judged = claim_record.check(text, record)
    assert judged.verdict is not Verdict.SUPPORTED
    assert (judged.offered, judged.meant) == (offered, "")
    again = claim_record.check(offered, record)
    assert (again.verdict, again.offered) == (Verdict.SUPPORTED, "")


def test_words_that_are_no_measure_are_told_which_is_meant(record):
    judged = claim_record.check("Gun violence in East is up since last year", record)
    assert judged.verdict is Verdict.CANNOT
    said = render.render_answer(judged, "Source.", [])
    assert (
        "You probably mean people shot: 60 against 100 in the same days of 2023; −40%. Say it so: "
        f"“People shot in East "
        f"{SO_FAR} were down 40% compared with the same days of 2023.”"
    ) in said
    # Of a cause or the future there is nothing to say so.
    assert not claim_record.check("Violence will fall", record).offered


def test_of_people_shot_the_incidents_are_tested():
    claim = Says(Way.UP)
    people = compare(64, 20)
    assert verdict.find_fit(claim, people, 30, 0.1) is Fit.HOLDS
    # One incident with many victims is no trend.
    tested = judge_by(compare(25, 20), people)
    assert verdict.find_fit(claim, tested, 30, 0.1) is Fit.CHANCE
    assert render.describe_chance(tested) == render.CHANCE
    assert (tested.current, tested.previous) == (64, 20)
    # Many more incidents, and more people: clear, as the tile of Briefing calls it.
    tested = judge_by(compare(64, 20), compare(66, 52))
    assert verdict.find_fit(claim, tested, 30, 0.1) is Fit.HOLDS


def test_of_people_shot_in_two_places_the_incidents_are_tested(record):
    # 40 people in one incident of West in July, and else one in each: 3 incidents against 6.
    judged = claim_record.check("More people were shot in West than in East in July 2024", record)
    assert judged.figures["Counts"][0] == "42 against 6"
    assert judged.verdict is Verdict.BY_COUNT
    assert render.CHANCE in judged.safe


@pytest.mark.parametrize("until", [date(2025, 3, 11), date(2024, 3, 11)])
def test_the_last_days_of_a_year_before_are_as_many_over_a_leap_day(until):
    when = When("last-28-days")
    span = when.resolve(Clock(until - DAY, frozenset({7})))
    for start, end in (span, when.step_back(span, 1)):
        assert (end - start).days == 28
        assert (end.month, end.day) == (3, 11)


def test_no_change_is_supported_where_the_whole_interval_is_narrow():
    claim = Says(Way.UNCLEAR)
    for now, before, found in (
        (5000, 5010, Fit.HOLDS),  # 0.96 to 1.04
        (500, 501, Fit.OPEN),  # 0.88 to 1.13
        (5000, 6000, Fit.CLEAR),
    ):
        assert verdict.find_fit(claim, compare(now, before), 30, 0.1) is found
    # The incidents are as many, the people shot in them are not.
    apart = judge_by(compare(5000, 5010), compare(7000, 5000))
    assert verdict.find_fit(claim, apart, 30, 0.1) is Fit.OPEN


@pytest.mark.parametrize("row", ascii_table.rows(SAFE), ids=lambda row: row["claim"])
def test_the_wording_that_is_safe(record, row):
    safe = claim_record.check(row["claim"], record).safe
    assert safe.startswith(row["begins"]) and safe.endswith(row["ends"])


def test_that_the_wounded_may_still_die_is_said_of_the_newest_deaths(record):
    texts = ("Gun deaths in West are down", "Gun deaths in West fell in 2023", "Shootings are up")
    remarks = [" ".join(claim_record.check(text, record).remarks) for text in texts]
    assert ["may still die" in said for said in remarks] == [True, False, False]


def test_the_table_names_the_days_beside_each_baseline_and_not_with_the_counts(record):
    second = claim_record.check("Shootings in West are up", record).figures.iloc[1]
    assert second["Against"] == "the 3-year average, the same days of 2021 to 2023"
    assert second["Counts"] == "25 against 27 on average"


def test_days_that_go_on_into_the_next_year_are_named_by_both_and_the_year_before_stands_once(
    record,
):
    figures = claim_record.check("Shootings in West rose in the past 12 months", record).figures
    assert figures["Against"].tolist() == [
        "the year before, the same days of 2022–23",
        "the 3-year average, the same days of 2020–21 to 2022–23",
        "the 5-year average, the same days of 2018–19 to 2022–23",
    ]


def test_a_rank_of_people_shot_is_tested_on_incidents_as_a_change_is(record):
    rank = claim_record.check("People shot in West are the highest since 2021", record)
    change = claim_record.check("People shot in West are up since last year", record)
    assert rank.verdict is Verdict.SUPPORTED
    columns = ["Interval (95%)", "Change"]
    ranked = rank.figures.set_index("Against").loc["the same days of 2023", columns]
    assert ranked.tolist() == change.figures[columns].iloc[0].tolist()
    assert any(remark.startswith("Chance is tested on incidents") for remark in rank.remarks)
    assert rank.safe.endswith("Chance alone could explain the difference from 2022 (31).")


def test_the_table_of_a_rank_begins_with_those_that_are_ahead(record):
    judged = claim_record.check("Shootings in East in 2020 were the highest on record", record)
    assert judged.figures["Against"].tolist() == ["2023", "2019", "2022", "2021", "2018"]
    assert judged.figures["Counts"][0] == "102 against 110"


def test_published_figures_stand_in_where_the_release_says_nothing(record):
    # Of 2016 nothing was supplied; a gun homicide is a person shot and killed.
    assert claim_record.check("7 people were killed in West in 2016", record).verdict == "supported"
    assert claim_record.check("5 gun deaths in West in 2017", record).verdict == "supported"
    judged = claim_record.check("There were 40 homicides in Elsewhere in 2019", record)
    assert judged.verdict is Verdict.SUPPORTED
    assert judged.sources == ("https://a.example/1",)
    assert not judged.from_release


def test_the_city_given_stands_in_where_the_claim_names_none(record):
    assert "in West," in claim_record.check("Homicides are up", record, "west").reading
    assert "in East," in claim_record.check("Homicides in East are up", record, "west").reading
    assert "in East and West together" in claim_record.check("Homicides are up", record).reading


def test_a_city_that_handed_nothing_over_is_missing_not_zero(record):
    gone = claim_record.without_city(record, "west")
    for text in ("No one was shot in West this year", "Shootings are down", "East beats West"):
        assert claim_record.check(text, gone).verdict is Verdict.CANNOT
    assert claim_record.check(TRUE, gone).verdict is Verdict.SUPPORTED
    why = claim_record.check("Shootings are down", gone).why
    assert why == "No incidents and victims were supplied for West: missing, not zero."
    # What is published of it can still be told.
    assert claim_record.check("7 homicides in West in 2016", gone).verdict is Verdict.SUPPORTED


def test_where_no_program_began_nothing_is_told_since_one(record):
    codes = {"what": "victims", "where": "west", "when": "2024", "says": "down"}
    codes["against"] = "pre-program"
    form = parse_form(codes, record.names, "west")
    extents = {"west": replace(record.extents["west"], launched_on=None)}
    gone = replace(record, extents={**record.extents, **extents})
    why = "No program start is on file for West."
    assert judge.evaluate_form(form, record).why != why
    assert judge.evaluate_form(form, gone).why == why


def test_without_a_program_the_usual_baselines_leave_it_out_and_no_box_offers_it(record):
    extents = {c: replace(each, launched_on=None) for c, each in record.extents.items()}
    names = replace(record.names, has_program=False)
    gone = replace(record, extents=extents, names=names)
    with_one, without = (
        claim_record.check("Shootings in East are down", r) for r in (record, gone)
    )
    assert with_one.verdict is without.verdict
    tables = [answer.figures["Against"].tolist() for answer in (with_one, without)]
    assert [any("pre-program" in each for each in table) for table in tables] == [True, False]
    codes = {"what": "victims", "where": "east", "when": "ytd", "says": "down"}
    for of, offered in ((record.names, True), (names, False)):
        listed = ClaimBoxes(of, STARTS, THROUGH).list_choices("against", codes)
        assert ("pre-program" in listed) == offered


def test_a_demonstration_says_so_in_what_is_safe(record):
    made = replace(record, synthetic=True)
    assert claim_record.check(TRUE, made).safe.startswith("SYNTHETIC demonstration data, not to be")
    # A published figure is no demonstration.
    judged = claim_record.check("There were 40 homicides in Elsewhere in 2019", made)
    assert "SYNTHETIC" not in judged.safe


HOSTILE = [
    *(
        "shootings " * 2000,
        "the " * 60,
        "-" * 300,
        "%" * 300,
        "🔫" * 100,
        "",
        "\n\t  \r",
        "\x00\x01\x02",
    ),
    *(
        "<script>alert(1)</script>",
        "<b>Shootings</b> in East are down",
        "'; DROP TABLE victims; --",
    ),
    *(
        "\u202eshootings are down\u202c",
        "إطلاق النار انخفض",
        "shootings are down ١٢%",
        "${jndi:ldap://x}",
    ),
    *(f"shootings are down {size}%" for size in ("9" * 20, "1,2,3", "", "0.0000000001")),
    *("no no no shootings", "[link](https://x.example) **bold** $x$ :red[x]"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_gets_a_sentence(record, text):
    judged = claim_record.check(text, record)
    assert judged.verdict is Verdict.CANNOT
    assert judged.why.endswith(".")
    assert len(judged.why) < 300
    assert render.render_answer(judged, "Source.", examples.list_examples(record))


def test_every_example_is_so(record):
    listed = examples.list_examples(record)
    assert len(listed) >= 3
    for text in listed:
        assert claim_record.check(text, record).verdict is Verdict.SUPPORTED, text
    gone = claim_record.without_city(claim_record.without_city(record, "east"), "west")
    assert examples.list_examples(gone) == []


@pytest.mark.parametrize(
    "codes",
    [
        *({"when": code} for code in ("0001-01-01..0001-01-02", "2024-13", "2024-02-30..")),
        *({"when": code} for code in ("last-99999-days", "last-0-days", "2024-06..02", "#..#", "")),
        *({"against": code} for code in ("year-0", "mean-0", "than:atlantis", "than:")),
        *({"says": code} for code in ("down -5%", "down 1e400%", "exactly", "5% of 9")),
        *({"where": code} for code in ("atlantis", "east/Atlantis", "../etc", "east/")),
        *({"what": code} for code in ("robberies", "")),
    ],
)
def test_a_code_that_is_no_part_is_refused_by_name(record, codes):
    usual = {"what": "victims", "where": "east", "when": "ytd", "says": "down", "against": "each"}
    with pytest.raises(UsageError, match=f"no '{next(iter(codes))}' of a claim"):
        parse_form(usual | codes, record.names, "together")


@pytest.mark.parametrize(
    "when", ["last-9999-days", "last-9999-months", "1900", "2099-12", "2024-ytd"]
)
@pytest.mark.parametrize(
    ("says", "against"),
    [("down", "each"), ("lowest", "years-99"), ("at least 1", "number"), ("up", "before")],
)
def test_any_form_gets_a_sentence(record, when, says, against):
    codes = {"what": "victims", "where": "east", "when": when, "says": says, "against": against}
    judged = judge.evaluate_form(parse_form(codes, record.names, "together"), record)
    assert judged.why.endswith((".", "”."))
    assert len(judged.why) < 400
