"""Rows: words, keys, victims with and without an incident key, counts, refusals."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from pyproj import Transformer

from longevity.base.errors import LongevityError
from longevity.facts import age_bands
from tests.drivers.importer import INCIDENTS, Bench
from tests.factories.ascii_table import rows

VICTIMS = """
[incidents.columns]
incident_id = "case"
city = "city"
occurred_at = { from = "date", format = "%Y-%m-%d %H:%M" }
gmi = "gmi"
[victims.columns]
outcome = { from = "fatal", values = { Y = "fatal", N = "nonfatal" } }
weapon = { constant = "firearm" }
sex = { from = "sex", values = { M = "male", F = "female" }, otherwise = "other" }
age_band = { from = "age", ages = true, missing = ["999"] }
"""
HEAD = "id,city,date,lon,lat,killed,injured\n"
PEOPLE = "case,city,date,gmi,fatal,sex,age\n"


def test_victim_rows_with_an_incident_key_share_their_incident(bench):
    report = bench.run(
        PEOPLE + "k1,{c0},2014-01-02 20:00,unknown,Y,M,17\n"
        "k1,{c0},2014-01-02 20:00,confirmed,N,F,18\n"
        "k1,{c0},2014-01-02 20:00,confirmed,N,F,18\n"
        "k2,{c1},2014-01-03 01:00,none,N,X,999\n",
        VICTIMS,
    )
    incidents, victims = bench.rows(), bench.rows("victims")
    assert list(incidents["incident_id"]) == ["k1", "k2"]
    assert list(incidents["gmi"]) == ["confirmed", "none"]
    assert list(victims["victim_id"]) == ["k1-1", "k1-2", "k1-3", "k2-1"]
    assert list(victims["outcome"]) == ["fatal", "nonfatal", "nonfatal", "nonfatal"]
    assert list(victims["age_band"]) == ["15-17", "18-24", "18-24", "unknown"]
    assert list(victims["sex"]) == ["male", "female", "female", "other"]
    assert list(victims["city"]) == [*[bench.cities[0]] * 3, bench.cities[1]]
    assert report.part.quarantined == 0


def read(bench, column, cells, mapping):
    """What a column of victims says of rows with these cells (None: refused), and the refusals."""
    head = "case,city,date,gmi,fatal,sex,age,race,ethnicity\n"
    usual = {"fatal": "N", "sex": "M", "age": "20", "race": "", "ethnicity": ""}
    lines = [f"k{at},{{c0}},2014-01-02 20:00,,{','.join((usual | row).values())}\n" for at, row in enumerate(cells)]
    refused = bench.refused(bench.run(head + "".join(lines), mapping))
    found = bench.rows("victims").set_index("incident_id")[column]
    return [found.get(f"k{at}") for at in range(len(cells))], refused


AGES = {
    **{"1": "0-14", "14.9": "0-14", "15": "15-17", "29": "25-29", "54": "45-54", "55": "55+", "97": "55+"},
    **{"": "unknown", "25-29": "25-29", "-1": None, "3e1": None, "0": None, "98": None},
}
OWN_BANDS = {"under 18": "0-17", "Unknown": "unknown", "juvenile": "0-17", "1999-05-03": None}


@pytest.mark.parametrize(
    ("rule", "wanted", "refusal"),
    [("ages = true", AGES, "not_an_age"), ('values = { juvenile = "under 18" }', OWN_BANDS, "not_an_age_band")],
)
def test_ages_become_bands(bench, rule, wanted, refusal):
    own = VICTIMS.replace("ages = true", rule)
    found, refused = read(bench, "age_band", [{"age": age} for age in wanted], own)
    assert found == [*wanted.values()]
    assert {line["rule"] for line in refused} == {refusal}
    assert not any("1999-05-03" in line["sentence"].replace("such as", "") for line in refused)


def test_keys_are_made_up_for_rows_without_one_whatever_their_order(bench):
    keyless = VICTIMS.replace('incident_id = "case"\n', "")
    lines = [f"x,{{c0}},2014-01-0{day} 20:00,none,N,M,20\n" for day in (2, 3, 4)]
    bench.run(PEOPLE + "".join(lines), keyless)
    before = bench.rows().set_index("occurred_at")["incident_id"]
    bench.run(PEOPLE + "".join(reversed(lines)) + lines[0] * 2, keyless)
    incidents, victims = bench.rows(), bench.rows("victims")
    after = incidents.drop_duplicates("occurred_at").set_index("occurred_at")["incident_id"]
    assert before.to_dict() == after.to_dict()
    # Rows that are alike are people apart.
    assert incidents["incident_id"].nunique() == victims["victim_id"].nunique() == 5
    assert set(victims["incident_id"]) == set(incidents["incident_id"])


def test_a_row_without_its_key_is_kept(bench):
    row = ",{c0},2014-01-02 20:00,none,N,M,20\n"
    report = bench.run(PEOPLE + row * 2 + "k,{c0},2014-01-02 20:00,none,N,M,20\n", VICTIMS)
    assert report.part.accepted == 3
    assert bench.rows()["incident_id"].nunique() == 3
    assert any("No key given" in said and "2 rows" in said for said in report.remarks)


# One key: shot on the 2nd, entered on the 4th; a second event a year later, and one on its day
# after; a last one, near to that and not to the first of it.
DAYS = ("2014-01-02 23:50", "2014-01-04 10:00", "2015-03-07 01:00", "2015-03-08 02:00",
        "2015-03-11 03:00")  # fmt: skip


def rows_of(key, days):
    return "".join(f"{key},{{c0}},{day},none,N,M,20\n" for day in days)


def test_no_one_is_lost_where_a_key_is_on_several_days(bench):
    report = bench.run(PEOPLE + rows_of("k", DAYS[::-1]) + rows_of("k:2", DAYS[:1]), VICTIMS)
    assert report.part.quarantined == 0
    incidents, victims = bench.rows(), bench.rows("victims")
    at = dict(zip(incidents["incident_id"], incidents["occurred_at"].astype("str"), strict=True))
    assert at.pop("k") == "2014-01-02 23:50:00"
    assert at.pop("k:2") == "2014-01-02 23:50:00"  # the source's own
    assert at.pop("k:3") == "2015-03-11 03:00:00"
    assert list(at.values()) == ["2015-03-07 01:00:00"]
    hurt = victims.groupby("incident_id").size().to_dict()
    assert sorted(hurt.values()) == [1, 1, 2, 2]
    assert victims["victim_id"].is_unique
    assert set(hurt) == set(incidents["incident_id"])
    said = " ".join(report.remarks)
    assert "event before of their incident_id, kept as events of their own: 3 rows" in said
    assert "Rows of one incident_id differ in 'occurred_at'; the first is kept: 2 rows" in said


def test_counts_become_victims(bench):
    report = bench.run(
        HEAD + "a,{c0},2014-01-02,,,2,1\nb,{c0},2014-01-02,,,0,0\nc,{c0},2014-01-02,,,0,2\nd,{c0},2014-01-02,,,,0\n"
    )
    victims = bench.rows("victims")
    assert list(bench.rows()["incident_id"]) == ["a", "b", "c"]
    assert list(victims["victim_id"]) == ["a-1", "a-2", "a-3", "c-1", "c-2"]
    assert list(victims["outcome"]) == ["fatal", "fatal", "nonfatal", "nonfatal", "nonfatal"]
    assert [line["rule"] for line in bench.refused(report)] == ["missing_value"]


def test_a_count_that_is_not_written_in_digits_is_refused(bench):
    wrong = ["1e1", "1E1", "1e+1", "0x1", "1_0", "٣", "inf", "1.5", "one", "-1", "1001"]
    lines = [f"a{at},{{c0}},2014-01-02,,,0,{written}\n" for at, written in enumerate([*wrong, "1.0"])]
    refused = bench.refused(bench.run(HEAD + "".join(lines)))
    assert [(line["rule"], line["source"]["injured"]) for line in refused] == [("not_a_number", text) for text in wrong]
    assert refused[0]["sentence"].startswith("'injured' is not a whole number written in digits")
    assert ", from 0 to 1,000." in refused[0]["sentence"]
    assert len(bench.rows("victims")) == 1


@pytest.mark.parametrize(("injured", "said"), [(19, False), (20, True)])
def test_an_incident_of_many_victims_is_kept_and_pointed_out(bench, injured, said):
    report = bench.run(HEAD + f"a,{{c0}},2014-01-02,,,1,{injured}\n")
    assert len(bench.rows("victims")) == injured + 1
    remark = "More than 20 victims in one incident (kept; a count may be mistyped): 1 row (2)."
    assert (remark in report.remarks) == said


def test_every_reason_of_a_refusal_is_given(bench):
    report = bench.run(HEAD + "a b,Atlantis,never,,,x,0\n")
    (line,) = bench.refused(report)
    for name in ("'id'", "'city'", "'date'", "'killed'"):
        assert name in line["sentence"]
    assert "Atlantis" not in line["sentence"]
    assert not (bench.out / "incidents.parquet").exists()
    assert any("No row was accepted" in said for said in report.remarks)


def test_cities_by_id_by_name_and_by_value(bench):
    city = bench.settings.cities[bench.cities[0]]
    mapping = INCIDENTS.replace('city = "city"', 'city = { from = "city", values = { "The Port" = "{c1}" } }')
    bench.run(
        HEAD + f"a,{city.name.upper()},2014-01-02,,,0,0\nb, {city.id} ,2014-01-02,,,0,0\nc,the port,2014-01-02,,,0,0\n",
        mapping,
    )
    assert list(bench.rows()["city"]) == [city.id, city.id, bench.cities[1]]


def test_record_numbers_become_codes(bench):
    mapping = INCIDENTS.replace('incident_id = "id"', 'incident_id = { from = ["city", "id"], coded = true }')
    rows = "14/0012345 A,{c0},2014-01-02,,,0,1\n14/0012346 A,{c0},2014-01-02,,,0,1\n"
    bench.run(HEAD + rows, mapping)
    first = list(bench.rows()["incident_id"])
    bench.run(HEAD + rows, mapping)
    assert list(bench.rows()["incident_id"]) == first
    assert len(set(first)) == 2
    assert not any("0012345" in code for code in first)
    key = bench.settings.home / "codes.key"
    assert key.stat().st_mode & 0o077 == 0
    # With another key everybody would be somebody else: a flipped bit, or a key made anew.
    was = key.read_bytes()
    for damaged in (bytes([was[0] ^ 1]) + was[1:], was[:-1], None):
        key.unlink()
        if damaged:
            key.write_bytes(damaged)
        with pytest.raises(LongevityError, match=r"codes\.key (is damaged|is gone)"):
            bench.run(HEAD + rows, mapping)
    key.write_bytes(was)
    bench.run(HEAD + rows, mapping)
    assert list(bench.rows()["incident_id"]) == first


def test_one_source_fills_other_extracts(bench):
    mapping = """
    [call_ins]
    once_per_key = true
    [call_ins.columns]
    call_in_id = "session"
    city = { constant = "{c0}" }
    held_on = "held"
    community_speakers = "speakers"
    [invitations]
    only_when_given = "code"
    [invitations.columns]
    person_id = "code"
    route = "route"
    attended = { from = "came", values = { yes = "attended", no = "absent" } }
    reachable = "reached"
    """
    report = bench.run(
        "session,held,speakers,code,route,came,reached\n"
        "s1,2014-03-05,3,p1,In Custody,yes,Y\ns1,2014-03-05,3,p2,parole,no,N\n"
        "s1,2014-03-05,3,p2,parole,no,N\ns2,2014-03-12,4,,,,\n",
        mapping,
    )
    assert list(bench.rows("call_ins")["call_in_id"]) == ["s1", "s2"]
    invitations = bench.rows("invitations")
    assert list(invitations["call_in_id"]) == ["s1", "s1"]
    assert list(invitations["city"]) == [bench.cities[0]] * 2
    assert list(invitations["route"]) == ["in_custody", "parole"]
    assert list(invitations["reachable"]) == [True, False]
    assert [line["rule"] for line in bench.refused(report)] == ["duplicate_key"]


def test_money_and_numbers(bench):
    mapping = """
    [budget.columns]
    city = "city"
    fiscal_year = "year"
    source = "from"
    allocated = "given"
    spent = { from = "spent", missing = ["n.k."] }
    """
    report = bench.run(
        'city,year,from,given,spent\n{c0},2014,state,1200.50,n.k.\n{c0},2014,other,"$1,200.50",1\n', mapping
    )
    (row,) = bench.rows("budget").to_dict("records")
    assert (row["fiscal_year"], row["allocated"]) == (2014, 1200.5)
    assert pd.isna(row["spent"])
    assert [line["rule"] for line in bench.refused(report)] == ["not_a_number"]


TWO_COLUMNS = VICTIMS + (
    'race_ethnicity = { from = ["race", "ethnicity"], values = { B-N = "black", W-N = "white", '
    'B-H = "hispanic", -H = "hispanic", W- = "white" } }\n'
)


RACES = """
race | ethnicity | read
B    | N         | black
b    | h         | hispanic
     | H         | hispanic
W    |           | white
     |           | unknown
# Where nothing says whether who is Black is Hispanic, the race alone is not taken.
B    |           |
     | N         |
"""


def test_words_of_two_columns_are_read_together_as_the_mapping_lists_them(bench):
    cells = rows(RACES)
    wanted = [row.pop("read") or None for row in cells]
    found, refused = read(bench, "race_ethnicity", cells, TWO_COLUMNS)
    assert found == wanted
    assert [line["rule"] for line in refused] == ["unknown_word"] * 2


@pytest.mark.parametrize("cell", ["", "n.k."])
def test_an_empty_cell_or_one_that_means_missing_elsewhere_may_be_a_word(bench, cell):
    own = VICTIMS.replace('N = "nonfatal" }', f'N = "nonfatal", "{cell}" = "nonfatal" }}')
    bench.run(PEOPLE + f"k,{{c0}},2014-01-02 20:00,,{cell},M,20\n", f'[source]\nmissing = ["n.k."]\n{own}')
    assert list(bench.rows("victims")["outcome"]) == ["nonfatal"]


def test_of_one_event_the_row_that_knows_the_hour_is_kept(bench):
    own = VICTIMS.replace('{ from = "date", format = "%Y-%m-%d %H:%M" }', '"date"')
    bench.run(PEOPLE + "k,{c0},2014-01-02,none,N,M,20\nk,{c0},2014-01-02 20:00,none,N,M,20\n", own)
    (row,) = bench.rows().to_dict("records")
    assert (row["occurred_at"], row["occurred_precision"]) == (datetime(2014, 1, 2, 20), "minute")


def test_a_victim_keeps_a_city_of_its_own(bench):
    own = VICTIMS.replace("[victims.columns]", '[victims.columns]\ncity = "gmi"').replace('\ngmi = "gmi"', "")
    bench.run(PEOPLE + "k,{c0},2014-01-02 20:00,{c1},N,M,20\n", own)
    assert [list(bench.rows(name)["city"]) for name in ("incidents", "victims")] == [[c] for c in bench.cities[:2]]


def test_a_death_must_fit_its_victim(bench):
    rows = [("a", "Y", "2014-01-05"), ("b", "N", "2014-01-05"), ("c", "Y", "2014-01-01")]
    text = "".join(f"{key},{{c0}},2014-01-02 20:00,,{dead},{day},20\n" for key, dead, day in rows)
    sexes = 'sex = { from = "sex", values = { M = "male", F = "female" }, otherwise = "other" }'
    report = bench.run(PEOPLE + text, VICTIMS.replace(sexes, 'died_on = "sex"'))
    assert list(bench.rows("victims")["incident_id"]) == ["a"]
    rules = [line["rule"] for line in bench.refused(report)]
    assert rules == ["wounded_and_died", "dates_out_of_order"]


def test_how_many_words_otherwise_took(bench):
    rows = "".join(f"k{at},{{c0}},2014-01-0{at} 20:00,,Y,{sex},20\n" for at, sex in enumerate("MXFQ", 1))
    report = bench.run(PEOPLE + rows, VICTIMS)
    assert list(bench.rows("victims")["sex"]) == ["male", "other", "female", "other"]
    (said,) = [remark for remark in report.remarks if "otherwise" in remark]
    assert said == "'sex': a word not known, taken as other (`otherwise`): 2 rows (3, 5)."


@pytest.mark.parametrize(("pattern", "explained"), [("%Y-%m-%d %H:%M:%S%z", True), ("%Y-%m-%d %H:%M:%S", False)])
def test_an_offset_that_python_does_not_read_is_explained(bench, pattern, explained):
    report = bench.run(
        HEAD + "a,{c0},2014-01-02 10:00:00+00,,,0,1\n",
        INCIDENTS.replace('"date"', f'{{ from = "date", format = "{pattern}" }}'),
    )
    (refused,) = bench.refused(report)
    assert ("%z reads +00:00 and not +00" in refused["sentence"]) == explained


# Cells: dates and times, coordinates, age bands; what cannot be read is refused or left empty, never guessed.
def imported(bench, written, rule, times=()):
    """(occurred_at, precision, remarks) of one column of dates, and of one of times if there is one."""
    lines = [f'a{i},{{c0}},"{text}",,,1,0,{"".join(times[i : i + 1])}' for i, text in enumerate(written)]
    mapping = INCIDENTS.replace('occurred_at = "date"', f"occurred_at = {rule}")
    report = bench.run(HEAD.replace("\n", ",time\n") + "\n".join(lines), mapping)
    found = bench.rows() if report.part.accepted else None
    if found is None:
        return [], [], [line["rule"] for line in bench.refused(report)]
    at = [stamp.to_pydatetime() for stamp in found["occurred_at"]]
    return at, list(found["occurred_precision"]), report.remarks


# Read on November 23, 2026, in local time, in Connecticut; what is not read is refused by the rule in its place.
DATES = """
written                   | time                | format                       | with                    | read                | precision
2014-03-05                |                     |                              |                         | 2014-03-05T00:00    | day
2014-03-05T13:20:31.250   |                     |                              |                         | 2014-03-05T13:20:31 | minute
05.03.14                  |                     | %d.%m.%y                     |                         | 2014-03-05T00:00    | day
20140305                  |                     | %Y%m%d                       |                         | 2014-03-05T00:00    | day
2014-03-05T13:20:00Z      |                     |                              | z_is_local=true         | 2014-03-05T13:20    | minute
2014-03-05 00:00          |                     |                              | midnight_is_unknown=true | 2014-03-05T00:00   | day
2014-03-05 00:00          |                     |                              |                         | 2014-03-05T00:00    | minute
# Instants
2014-07-05T02:20:00Z      |                     |                              |                         | 2014-07-04T22:20    | minute
2014-07-05T02:20:00+02:00 |                     |                              |                         | 2014-07-04T20:20    | minute
2014-07-05 02:20 -0330    |                     | %Y-%m-%d %H:%M %z            |                         | 2014-07-05T01:50    | minute
2014-07-05 02:20          |                     |                              | time_zone="Asia/Tokyo"  | 2014-07-04T13:20    | minute
2003-12-31T23:30:00-06    |                     |                              |                         | 2004-01-01T00:30    | minute
# A day and a time in two columns; a midnight, or a day zero, typed along
03/05/2014                | 13:20               | %m/%d/%Y %H:%M               |                         | 2014-03-05T13:20    | minute
3/5/2014 12:00:00 AM      | 13:20               | %m/%d/%Y 12:00:00 AM %H:%M   |                         | 2014-03-05T13:20    | minute
2014-03-05                | 1899-12-30 13:20:00 | %Y-%m-%d 1899-12-30 %H:%M:%S |                         | 2014-03-05T13:20    | minute
2014-03-05                | 13:20:00            | iso                          |                         | 2014-03-05T13:20    | minute
03/05/2014                | 25:10               | %m/%d/%Y %H:%M               |                         |                     | unreadable_date
# Neither guessed nor rolled over: two orders of day and month, an offset on a day, a leap second
01/02/2014                |                     |                              |                         |                     | unreadable_date
yesterday                 |                     |                              |                         |                     | unreadable_date
                          |                     |                              |                         |                     | missing_value
2026-11-23                |                     |                              |                         | 2026-11-23T00:00    | day
2026-11-24                |                     |                              |                         |                     | date_out_of_range
1901-01-01                |                     |                              |                         |                     | date_out_of_range
2014-01-01 25:00          |                     |                              |                         |                     | unreadable_date
2014-03-05-05             |                     |                              |                         |                     | unreadable_date
2016-12-31 23:59:60       |                     |                              |                         |                     | unreadable_date
2016-12-31 23:59:61       |                     |                              |                         |                     | unreadable_date
12/31/2016 11:59:60 PM    |                     | %m/%d/%Y %I:%M:%S %p         |                         |                     | unreadable_date
"""  # noqa: E501 - a table is read by its columns


@pytest.mark.parametrize("row", rows(DATES), ids=lambda row: f"{row['written']} {row['time']}")
def test_a_date_is_read_as_it_was_meant_or_refused(bench, row):
    columns = '["date", "time"]' if row["time"] else '"date"'
    form = row["format"] and f', format="{row["format"]}"'
    more = row["with"] and f", {row['with']}"
    at, precision, refused = imported(bench, [row["written"]], f"{{from={columns}{form}{more}}}", [row["time"]])
    if row["read"]:
        assert (at, precision) == ([datetime.fromisoformat(row["read"])], [row["precision"]])
    else:
        assert (at, refused) == ([], [row["precision"]])


def test_the_clock_changes_are_handled_and_said(bench):
    """On March 9, 2014 half past two was skipped, and on November 2 half past one came twice."""
    settings = replace(bench.settings, time_zone=ZoneInfo("America/New_York"))
    at, precision, remarks = imported(Bench(bench.folder, settings), ["2014-03-09 02:30", "2014-11-02 01:30"], '"date"')
    assert at == [datetime(2014, 3, 9), datetime(2014, 11, 2, 1, 30)]
    assert precision == ["day", "minute"]
    assert any("did not exist" in said and "1 row (2)" in said for said in remarks)
    assert any("came twice" in said and "1 row (3)" in said for said in remarks)


@pytest.mark.parametrize("unknown", [19, 20])
def test_midnights_piled_among_times_are_days(bench, unknown):
    times = ["00:00"] * unknown + [f"21:{n:02d}" for n in range(59)]
    report = bench.run(HEAD + "".join(f"{n},{{c0}},2014-01-02 {at},,,0,1\n" for n, at in enumerate(times)))
    days = int((bench.rows()["occurred_precision"] == "day").sum())
    assert days == (20 if unknown == 20 else 0)
    assert any("Far more times are 00:00" in remark for remark in report.remarks) == bool(days)


@pytest.mark.parametrize(("mark", "marked"), [("Z", True), ("+00", True), ("-05:00", False)])
@pytest.mark.parametrize("z_is_local", [None, True, False])
def test_a_mark_of_utc_is_asked_about_until_the_mapping_says_what_it_is(bench, mark, marked, z_is_local):
    more = "" if z_is_local is None else f", z_is_local = {str(z_is_local).lower()}"
    at, _, remarks = imported(bench, [f"2014-01-05T13:20:00{mark}"], f'{{ from = "date"{more} }}')
    is_turned = marked and not z_is_local
    assert at == [datetime(2014, 1, 5, 8 if is_turned else 13, 20)]
    asked = [remark for remark in remarks if "marked Z or +00" in remark]
    assert len(asked) == (marked and z_is_local is None)


MIDNIGHT = datetime(2014, 1, 5)


@pytest.mark.parametrize("written", ["2014/01/05 00:00:00+00", "2014-01-05T00:00:00.000Z", "2014-01-05 00:00+00:00"])
@pytest.mark.parametrize(("other", "more"), [(None, ""), ("2014-01-05T13:20:00Z", ""), (None, ", z_is_local = false")])
def test_days_written_as_midnight_of_utc_stay_the_days_they_are(bench, written, other, more):
    at, precision, remarks = imported(bench, [written, other or written], f'{{ from = "date"{more} }}')
    are_days = not other and not more
    assert at[0] == (MIDNIGHT if are_days else datetime(2014, 1, 4, 19))
    assert (precision[0] == "day") == are_days
    assert any("taken as days, as written" in remark for remark in remarks) == are_days


X, Y = -72.7, 41.6
ADDRESS = '[incidents]\naddress = "where"\n'
WITH_ADDRESS = HEAD.replace("\n", ",where\n")


def place(bench, cells, more=""):
    """The rows and the remarks of an import of these coordinates, none of whose rows is lost."""
    lines = [f'a{i},{{c0}},2014-01-02,"{x}","{y}",0,1' for i, (x, y) in enumerate(cells)]
    report = bench.run(HEAD + "\n".join(lines), more + INCIDENTS)
    assert report.part.accepted == len(cells)
    return bench.rows(), report.remarks


def test_no_row_is_lost_for_its_coordinates(bench):
    cells = [(X, Y), ("", ""), ("0", "0.0"), (X, ""), ("NSA", Y), ("x", "y"), ("181", "95"), (Y, X)]
    cells += [("2.35", "48.85"), ("inf", "nan")]
    rows, remarks = place(bench, cells, '[source]\nmissing = ["nsa"]\n')
    assert (rows["longitude"][0], rows["latitude"][0]) == (X, Y)
    assert rows[["longitude", "latitude"]][1:].isna().all(axis=None)
    said = " ".join(remarks)
    assert "No coordinates given, kept without: 4 rows (3, 4, 5, 6)." in said
    assert "cannot be read, emptied: 2 rows (7, 11)." in said
    assert "outside the region of the cities, emptied: 3 rows (8, 9, 10)." in said
    assert "the other way round: 1 row (9)." in said


@pytest.mark.parametrize(
    "written",
    [
        f"({Y}, {X})",
        f"{X} {Y}",
        f"POINT ({X} {Y})",
        f"12 SOMEWHERE ST\n({Y}, {X})",
        f'{{""type"": ""Point"", ""coordinates"": [{X}, {Y}]}}',
    ],
)
def test_both_in_one_column(bench, written):
    text = f'id,city,date,where,killed,injured\na,{bench.cities[0]},2014-01-02,"{written}",0,1\n'
    lines = INCIDENTS.replace('longitude = "lon"\nlatitude = "lat"\n', "")
    bench.run(text.encode(), f'[incidents]\npoint = "where"\n{lines}')
    (row,) = bench.rows().to_dict("records")
    assert (row["longitude"], row["latitude"]) == (X, Y)


def test_another_reference_system(bench):
    crs = bench.settings.projected_crs
    projected = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(X, Y)
    rows, _ = place(bench, [projected, (0, 0)], f'[incidents]\ncrs = "{crs}"\n')
    assert (rows["longitude"][0], rows["latitude"][0]) == pytest.approx((X, Y), abs=1e-7)
    assert pd.isna(rows["longitude"][1])


def test_a_pile_is_kept_and_marked(bench):
    """19 rows on a point are a corner, 20 a pile."""
    cells = [(X, Y)] * 20 + [(X + 0.01, Y)] * 19 + [(X + 0.02 + at * 1e-4, Y) for at in range(61)]
    rows, remarks = place(bench, cells)
    assert list(rows["location_precision"] == "city") == [True] * 20 + [False] * 80
    assert rows["longitude"].notna().all()
    assert any("means a whole city" in said and "20 rows" in said for said in remarks)


def test_the_address_says_that_a_pile_is_a_place_and_is_not_stored(bench):
    lines = [f"a{at},{{c0}},2014-01-02,{X},{Y},0,1,155 Burr St" for at in range(20)]
    lines += [f"b{at},{{c0}},2014-01-02,{X + 0.01:.4f},{Y},0,1,{at + 1} Elm St" for at in range(20)]
    bench.run(WITH_ADDRESS + "\n".join(lines), ADDRESS + INCIDENTS)
    rows = bench.rows()
    assert list(rows["location_precision"]) == ["unknown"] * 20 + ["city"] * 20
    assert list(rows["place_confirmed"].notna()) == [True] * 20 + [False] * 20
    assert b"Burr" not in (bench.out / "incidents.parquet").read_bytes()


def test_an_address_is_in_no_made_up_key(bench):
    """Who has a key could else find the address by trying all there are."""
    mapping = ADDRESS + INCIDENTS.replace('incident_id = "id"\n', "")
    keys = set()
    for address in ("155 Burr St", "7 Elm St"):
        bench.run(WITH_ADDRESS + f"x,{{c0}},2014-01-02,,,0,1,{address}\n", mapping)
        keys |= {*bench.rows()["incident_id"]}
    assert len(keys) == 1


BANDS = {
    "0-17": ("under 18", "Under 18 years", "< 18", "17 and under", "up to 17", "≤17", "0-17"),
    "0-14": ("00–14",),
    "18-30": ("18-30", "18 — 30", "18 to 30", "ages 18-30", "18-30 years old"),
    "65+": ("65+", "65 and over", "65 or older", "over 64", ">64", ">=65"),
    "unknown": ("UNKNOWN", "unknown"),
    "0-0": ("under 1",),
    "0-120": ("0-120",),
    None: (
        *("24", "24-24", "24 years", "30-18", "18-121", "121+", "under 0", "1990-1999", "1999-05-03", "5/3/1999"),
        *("18-30-40", "14-Oct", "1.5-3", "-5", "adult", ""),
    ),
}


def test_bands_as_people_write_them():
    assert {text: age_bands.parse_band(text) for texts in BANDS.values() for text in texts} == {
        text: band for band, texts in BANDS.items() for text in texts
    }


def test_a_band_across_the_age_cannot_say_who_is_younger():
    said = {band: age_bands.is_under(band, 30) for band in ("18-29", "18-30", "30-34", "0+", "unknown")}
    assert said == {"18-29": True, "18-30": None, "30-34": False, "0+": None, "unknown": None}
