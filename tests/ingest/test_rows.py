"""Rows: words, keys, victims with and without an incident key, counts, refusals."""

import pandas as pd
import pytest

from tests.drivers.importer import INCIDENTS
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
HEAD = "case,city,date,gmi,fatal,sex,age\n"


def test_victim_rows_with_an_incident_key_share_their_incident(bench):
    report = bench.run(
        HEAD + "k1,{c0},2014-01-02 20:00,unknown,Y,M,17\n"
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
    assert report.quarantined == 0


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
BANDS = {"under 18": "0-17", "Unknown": "unknown", "juvenile": "0-17", "1999-05-03": None}


@pytest.mark.parametrize(
    ("rule", "wanted", "refusal"),
    [
        ("ages = true", AGES, "not_an_age"),
        # A publisher's own bands are taken as they are.
        ('values = { juvenile = "under 18" }', BANDS, "not_an_age_band"),
    ],
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
    bench.run(HEAD + "".join(lines), keyless)
    before = bench.rows().set_index("occurred_at")["incident_id"]
    bench.run(HEAD + "".join(reversed(lines)) + lines[0] * 2, keyless)
    incidents, victims = bench.rows(), bench.rows("victims")
    after = incidents.drop_duplicates("occurred_at").set_index("occurred_at")["incident_id"]
    assert before.to_dict() == after.to_dict()
    # Rows that are alike are people apart.
    assert incidents["incident_id"].nunique() == victims["victim_id"].nunique() == 5
    assert set(victims["incident_id"]) == set(incidents["incident_id"])


def test_a_row_without_its_key_is_kept(bench):
    row = ",{c0},2014-01-02 20:00,none,N,M,20\n"
    report = bench.run(HEAD + row * 2 + "k,{c0},2014-01-02 20:00,none,N,M,20\n", VICTIMS)
    assert report.accepted == 3
    assert bench.rows()["incident_id"].nunique() == 3
    assert any("No key given" in said and "2 rows" in said for said in report.remarks)


# One key: shot on the 2nd, entered on the 4th; a second event a year later, and one on its day
# after; a last one, near to that and not to the first of it.
DAYS = ("2014-01-02 23:50", "2014-01-04 10:00", "2015-03-07 01:00", "2015-03-08 02:00",
        "2015-03-11 03:00")  # fmt: skip


def rows_of(key, days):
    return "".join(f"{key},{{c0}},{day},none,N,M,20\n" for day in days)


def test_no_one_is_lost_where_a_key_is_on_several_days(bench):
    report = bench.run(HEAD + rows_of("k", DAYS[::-1]) + rows_of("k:2", DAYS[:1]), VICTIMS)
    assert report.quarantined == 0
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
        "id,city,date,lon,lat,killed,injured\n"
        "a,{c0},2014-01-02,,,2,1\nb,{c0},2014-01-02,,,0,0\nc,{c0},2014-01-02,,,0,2\n"
        "d,{c0},2014-01-02,,,-1,0\ne,{c0},2014-01-02,,,1.5,0\nf,{c0},2014-01-02,,,,0\n"
        "g,{c0},2014-01-02,,,1e9,0\n"
    )
    victims = bench.rows("victims")
    assert list(bench.rows()["incident_id"]) == ["a", "b", "c"]
    assert list(victims["victim_id"]) == ["a-1", "a-2", "a-3", "c-1", "c-2"]
    assert list(victims["outcome"]) == ["fatal", "fatal", "nonfatal", "nonfatal", "nonfatal"]
    refused = ["not_a_number", "not_a_number", "missing_value", "not_a_number"]
    assert [line["rule"] for line in bench.refused(report)] == refused


def test_a_count_that_is_not_written_in_digits_is_refused(bench):
    wrong = ["1e1", "1E1", "1e+1", "0x1", "1_0", "٣", "inf", "1.5", "one"]
    lines = [f"a{at},{{c0}},2014-01-02,,,0,{written}\n" for at, written in enumerate([*wrong, "1.0"])]
    refused = bench.refused(bench.run("id,city,date,lon,lat,killed,injured\n" + "".join(lines)))
    assert [(line["rule"], line["source"]["injured"]) for line in refused] == [("not_a_number", text) for text in wrong]
    assert refused[0]["sentence"].startswith("'injured' is not a whole number written in digits")
    assert ", from 0 to 1,000." in refused[0]["sentence"]
    assert len(bench.rows("victims")) == 1


@pytest.mark.parametrize(("injured", "said"), [(19, False), (20, True)])
def test_an_incident_of_many_victims_is_kept_and_pointed_out(bench, injured, said):
    report = bench.run(f"id,city,date,lon,lat,killed,injured\na,{{c0}},2014-01-02,,,1,{injured}\n")
    assert len(bench.rows("victims")) == injured + 1
    remark = "More than 20 victims in one incident (kept; a count may be mistyped): 1 row (2)."
    assert (remark in report.remarks) == said


def test_every_reason_of_a_refusal_is_given(bench):
    report = bench.run("id,city,date,lon,lat,killed,injured\na b,Atlantis,never,,,x,0\n")
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
        "id,city,date,lon,lat,killed,injured\n"
        f"a,{city.name.upper()},2014-01-02,,,0,0\nb, {city.id} ,2014-01-02,,,0,0\n"
        "c,the port,2014-01-02,,,0,0\n",
        mapping,
    )
    assert list(bench.rows()["city"]) == [city.id, city.id, bench.cities[1]]


def test_record_numbers_become_codes(bench):
    mapping = INCIDENTS.replace('incident_id = "id"', 'incident_id = { from = ["city", "id"], coded = true }')
    rows = "14/0012 A,{c0},2014-01-02,,,0,1\n14/0013 A,{c0},2014-01-02,,,0,1\n"
    bench.run("id,city,date,lon,lat,killed,injured\n" + rows, mapping)
    first = list(bench.rows()["incident_id"])
    bench.run("id,city,date,lon,lat,killed,injured\n" + rows, mapping)
    assert list(bench.rows()["incident_id"]) == first
    assert len(set(first)) == 2
    assert not any("0012" in code for code in first)
    assert (bench.settings.home / "codes.key").stat().st_mode & 0o077 == 0


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


# --- race and ethnicity in two columns ------------------------------------------------------

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


def test_an_empty_cell_may_be_a_word(bench):
    own = VICTIMS.replace('N = "nonfatal" }', 'N = "nonfatal", "" = "nonfatal" }')
    bench.run(HEAD + "k,{c0},2014-01-02 20:00,,,M,20\n", own)
    assert list(bench.rows("victims")["outcome"]) == ["nonfatal"]


def test_a_death_must_fit_its_victim(bench):
    rows = [("a", "Y", "2014-01-05"), ("b", "N", "2014-01-05"), ("c", "Y", "2014-01-01")]
    text = "".join(f"{key},{{c0}},2014-01-02 20:00,,{dead},{day},20\n" for key, dead, day in rows)
    sexes = 'sex = { from = "sex", values = { M = "male", F = "female" }, otherwise = "other" }'
    report = bench.run(HEAD + text, VICTIMS.replace(sexes, 'died_on = "sex"'))
    assert list(bench.rows("victims")["incident_id"]) == ["a"]
    rules = [line["rule"] for line in bench.refused(report)]
    assert rules == ["wounded_and_died", "dates_out_of_order"]
