"""The warehouse: the only way in, closed on every side."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from longevity.auth import viewers
from longevity.auth.viewers import PUBLIC, STATE, QueryClass
from longevity.base.errors import AccessError, DataError
from longevity.facts.counted import ON_SCREENS
from longevity.ingest import contract
from longevity.ingest.contract import Column, Kind
from longevity.release.store import Release
from longevity.screens.context import ReportContext
from longevity.ui.report_page import shorten_codes
from longevity.warehouse import catalogue, connection
from longevity.warehouse.warehouse import Warehouse, add_states, fetch_frame
from tests.factories import extracts, reach_release, tiny_release
from tests.factories.ascii_table import Shown, read_frame, rows
from tests.factories.tiny_release import AREAS, Incident

ENDS = {"east": date(2024, 3, 10), "west": date(2024, 3, 8)}
GUESTS = """\
-- How many people were asked to each session?
-- Grain: {grain}
-- Class: {query_class}
-- Reads: invitations
-- Protects: asked

SELECT
    city,
    route,
    CAST(COUNT(*) AS BIGINT) AS asked
FROM invitations
WHERE {where}
GROUP BY city, route
ORDER BY city, route
"""


@pytest.fixture(scope="module")
def configured(tmp_path_factory):
    return tiny_release.settings(tmp_path_factory.mktemp("configured"))


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """Three were invited in East, eight in West."""
    happened = [
        Incident(city, date(2021, 1, 1) + timedelta(days=9 * at), 20, AREAS[city][at % 2], None, at % 3 // 2, 1)
        for city in AREAS
        for at in range(128)
    ]
    invited = [
        extracts.row("invitations", at, city, person_id=f"{city}-{at}", route="parole", attended="absent")
        for city, people in (("east", 3), ("west", 8))
        for at in range(people)
    ]
    folder = tmp_path_factory.mktemp("release") / "it's a release"
    return tiny_release.write(folder, happened, AREAS, ENDS, invitations=invited)


@pytest.fixture(scope="module")
def guests(tmp_path_factory):
    """A catalogue with one aggregate and one named query, and one that takes no city."""
    folder = tmp_path_factory.mktemp("queries") / "guests"
    folder.mkdir()
    of_city = {"grain": "city, route", "where": "$city IS NULL OR city = $city"}
    of_all = {"grain": "route", "where": "TRUE"}
    kinds = {"aggregate": of_city, "named": of_city, "together": of_all | {"query_class": "aggregate"}}
    for name, words in kinds.items():
        (folder / f"guests_{name}.sql").write_text(GUESTS.format(**{"query_class": name, **words}), "utf-8")
    return catalogue.load_queries(folder.parent)


@pytest.fixture(scope="module")
def warehouse(release, configured, guests):
    opened = Warehouse(release, configured, catalogue.load_queries() | guests)
    yield opened
    opened.close()


ATTACKS = [
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_text('{config}')",
    "SELECT * FROM '{config}'",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM read_parquet('https://example.org/a.parquet')",
    "SELECT * FROM read_parquet('{folder}/*/*.parquet')",
    "SELECT * FROM happened",
    "COPY daily TO '{folder}/out.csv'",
    "EXPORT DATABASE '{folder}/out'",
    "ATTACH '{folder}/out.duckdb'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "SET threads = 1",
    "SET allowed_paths = ['/etc/passwd']",
    "SET python_enable_replacements = true",
    "SET lock_configuration = false",
    "RESET allowed_paths",
    "PRAGMA enable_profiling",
    "CREATE SECRET s (TYPE s3)",
]


@pytest.mark.parametrize("scope", ["public", "east", "state"])
def test_sql_reaches_no_file_no_setting_and_no_extension(scope, release, configured):
    opened = connection.open_scope(release, configured, scope)
    happened = pd.DataFrame({"a": [1]})  # a Python variable is no table either
    assert len(happened) == 1
    for attack in ATTACKS:
        sql = attack.format(folder=str(release.path).replace("'", "''"), config=configured.config_path)
        with pytest.raises(duckdb.Error):
            opened.cursor().execute(sql)
    opened.close()
    assert not list(release.path.rglob("out*"))


def test_the_public_scope_holds_no_extract_and_no_coordinate(release, configured):
    opened = connection.open_scope(release, configured, "public")
    columns = opened.execute("SELECT table_name, column_name FROM information_schema.columns").fetchall()
    allowed = opened.execute("SELECT current_setting('allowed_paths')").fetchall()
    opened.close()
    tables = {table for table, _ in columns}
    assert allowed == [([],)]
    assert not tables & ({"located", "incidents"} | set(contract.BY_NAME))
    assert not {c for _, c in columns if c.endswith("_id") or c in ("longitude", "latitude")}


def test_a_member_that_is_no_parquet_is_a_sentence(tmp_path, configured):
    broken = tiny_release.write(tmp_path / "broken", [], AREAS, ENDS)
    broken.member("built/daily.parquet").write_bytes(b"not parquet")
    with pytest.raises(DataError, match=r"cannot be opened.*Restore it from a backup"):
        Warehouse(broken, configured)


def test_a_release_of_an_older_version_that_lacks_a_table_has_to_be_published_again(tmp_path):
    older = Release("old", tmp_path, {"sha256": {}, "named_sha256": {}})
    with pytest.raises(DataError, match=r"no built/hourly\.parquet: an older version.*Publish again"):
        older.member("built/hourly.parquet")


def test_a_release_of_an_older_version_that_lacks_a_column_has_to_be_published_again(tmp_path, configured):
    older = tiny_release.write(tmp_path / "older", [], AREAS, ENDS)
    path = older.member("built/daily.parquet")
    pq.write_table(pq.read_table(path).drop_columns("day"), path)
    with pytest.raises(DataError, match=r"older version.*Publish again") as refused:
        Warehouse(older, configured)
    assert "earlier release" not in str(refused.value)


def test_a_count_that_an_older_release_lacks_is_not_known_there_and_not_offered(tmp_path, configured):
    happened = [Incident("east", date(2024, 1, 1), fatal=12)]
    older = tiny_release.write(tmp_path / "older", happened, AREAS, ENDS)
    path = older.member("built/daily.parquet")
    pq.write_table(pq.read_table(path).drop_columns("victims"), path)
    with closing(Warehouse(older, configured)) as opened:
        context = ReportContext(configured, PUBLIC, opened, date(2024, 3, 12))
        assert context.list_measures() == [name for name in ON_SCREENS if name != "victims"]
        assert Shown(context.ask("counts", city="east").frame[["fatal", "victims"]]) == rows("fatal | victims\n 12 | ")


def test_a_city_gets_its_own_rows_whatever_it_asks(warehouse, configured):
    east = viewers.parse_viewer("city:east", configured)
    for given in ({}, {"city": "east"}, {"city": None}, {"city": "all"}):
        frame = warehouse.run("guests_aggregate", given, east).frame
        assert Shown(frame) == rows("city | route | asked | asked_state\n east | parole | 3 | shown")
    with pytest.raises(AccessError):
        warehouse.run("guests_named", {"city": "west"}, east)


def test_a_question_is_answered_from_the_scope_of_who_asks(release, configured, guests):
    # A question without a city: all three may ask it, word for word, and get other rows.
    east, west = (viewers.parse_viewer(f"city:{city}", configured) for city in ("east", "west"))
    opened = Warehouse(release, configured, guests)
    for viewer, cities in ((STATE, ["east", "west"]), (east, ["east"]), (west, ["west"])):
        assert list(opened.run("guests_together", {}, viewer).frame["city"]) == cities
    with pytest.raises(AccessError):
        opened.run("guests_together", {}, PUBLIC)
    opened.close()


def test_provenance_says_where_an_answer_comes_from(warehouse):
    about = warehouse.run("counts", {"city": "east"}, PUBLIC).provenance
    assert about.source == (
        "Source: A program, incidents and victims of East, data through March 10, 2024; release tiny."
    )
    assert about.data_through == date(2024, 3, 10)
    assert about.parameters["windows"].endswith("..2024-03-10")
    assert (about.viewer, about.query_class, about.release_id) == (*("public", "public_record", "tiny"),)
    assert not about.not_for_release
    assert about.sql == catalogue.load_queries()["counts"].sql
    # Over two cities it is the least.
    assert warehouse.run("counts", {}, STATE).provenance.data_through == date(2024, 3, 8)


def test_an_absent_extract_and_a_city_without_data_are_said(tmp_path, configured, guests):
    bare = tiny_release.write(tmp_path / "bare", [], AREAS, {"east": ENDS["east"]})
    opened = Warehouse(bare, configured, catalogue.load_queries() | guests)
    asked = opened.run("guests_aggregate", {}, STATE)
    counted = opened.run("counts", {}, PUBLIC)
    opened.close()
    assert len(asked.frame) == 0
    assert "West" not in counted.provenance.source


def test_the_source_line_names_only_files_that_a_city_supplied(release, configured, guests):
    both = replace(guests["guests_aggregate"], reads=("invitations", "call_ins"))
    opened = Warehouse(release, configured, {"guests_aggregate": both})
    about = opened.run("guests_aggregate", {"city": "east"}, STATE).provenance
    opened.close()
    assert about.extracts == ("invitations",)
    assert ", invitations of East, " in about.source


def test_columns_keep_their_kinds_with_and_without_rows(warehouse, configured, tmp_path):
    nothing = Warehouse(tiny_release.write(tmp_path / "nothing", [], AREAS, {}), configured)
    without = 0
    for name in catalogue.load_queries():
        full = warehouse.run(name, {}, STATE).frame
        empty = nothing.run(name, {}, STATE).frame
        assert dict(full.dtypes) == dict(empty.dtypes), name
        without += empty.empty and not full.empty
        kinds = {str(kind) for kind in full.dtypes}
        assert kinds <= {"Int64", "boolean", "float64", "datetime64[us]", "str"}, name
        query = warehouse.queries[name]
        assert set(query.grain) | set(query.protects) <= set(full.columns), name
    assert without > 5
    nothing.close()


# What an aggregate counts that is of no person: shootings, groups, cases, sessions, rows, weeks, days.
OF_NO_PERSON = {
    *("incidents", "confirmed", "suspected", "not_gmi", "unknown", "gmi_unknown", "reviewed", "reviewed_in_time"),
    *("reviewed_later", "not_reviewed", "notified", "suspected_notified", "attempted_only", "group_unknown"),
    *("with_notice", "stopped", "stopped_no_longer_active", "stopped_suspected", "actions", "broke_restraint"),
    *("unjudged", "episodes", "kept", "late", "open", "broken", "elapsed", "elapsed_kept", "missed_in_a_year"),
    *("sessions", "sessions_12_months", "not_held_12_months", "cases_prepared", "events", "attendance_unknown"),
    *("asked", "answered", "unanswered", "sources", "sources_spent_unknown", "count", "quarantined_of_all_cities"),
    *("none_warned", "looked_at", "not_over", "attendance_known", "weeks", "weeks_reviewed", "days", "days_since"),
    *("longest_open", "longest_overdue", "review_day_unknown"),
}


def test_every_count_of_people_is_protected(warehouse):
    counts = {
        column
        for name, query in warehouse.queries.items()
        if query.query_class is QueryClass.AGGREGATE
        for column, kind in warehouse.run(name, {}, STATE).frame.dtypes.items()
        if str(kind) == "Int64" and column not in (*query.grain, *query.protects)
    }
    assert counts == OF_NO_PERSON


def test_a_warehouse_is_closed_while_it_answers(release, configured):
    opened = Warehouse(release, configured)
    cursor = opened.open_cursor("state")
    with ThreadPoolExecutor(1) as aside:
        counting = aside.submit(lambda: cursor.execute("SELECT count(*) FROM range(300_000_000)").fetchall())
        opened.close()
        assert counting.result() == [(300_000_000,)]


# A release made before the contract had a column it has now: read for what it holds
# A column of every kind, as the contract of a later version may add it; and its type in SQL.
ADDED = dict.fromkeys((Kind.CODE, Kind.CITY, Kind.TEXT, Kind.CHOICE), "VARCHAR") | {
    Kind.DAY: "DATE",
    Kind.MOMENT: "TIMESTAMP",
    Kind.INTEGER: "BIGINT",
    Kind.DECIMAL: "DOUBLE",
    Kind.BOOLEAN: "BOOLEAN",
}


@pytest.fixture
def older(tmp_path, monkeypatch):
    """A release with rows of every extract; the contract has grown since."""
    world = reach_release.draw_world(3)
    release = reach_release.write(tmp_path / "release", world.rows, world.through)
    added = tuple(Column(name=f"added_{kind}", kind=kind, says="Added later.") for kind in ADDED)
    for name, extract in contract.BY_NAME.items():
        grown = extract.model_copy(update={"columns": (*extract.columns, *added)})
        monkeypatch.setitem(contract.BY_NAME, name, grown)
    return release


@pytest.mark.parametrize("scope", ["east", "state"])
def test_a_column_it_lacks_is_null_of_its_type(scope, older, configured):
    opened = connection.open_scope(older, configured, scope)
    for name, kinds in dict.fromkeys(contract.BY_NAME, ADDED).items():
        columns = ", ".join(f"typeof(ANY_VALUE(added_{kind})), COUNT(added_{kind})" for kind in kinds)
        found = opened.execute(f"SELECT COUNT(*) > 0, {columns} FROM {name}").fetchall()[0]
        assert found == (True, *(each for kind in kinds.values() for each in (kind, 0))), name
    opened.close()


# Answers as frames: one dtype a kind of column, whatever DuckDB makes of an expression
def answer(sql):
    return fetch_frame(duckdb.connect(":memory:").execute(sql), "asked")


def test_a_missing_sum_is_missing_and_not_zero():
    frame = answer("SELECT n, SUM(v) AS s FROM (VALUES (1, NULL), (2, 5)) AS t(n, v) GROUP BY n")
    by = dict(zip(frame["n"].tolist(), frame["s"].tolist(), strict=True))
    assert by[1] is pd.NA
    assert by[2] == 5


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("east-p12", "p12"),
        ("2 of 3: east-p1, north_west-p2; none else", "2 of 3: p1, p2; none else"),
        ("north-east-side", "north-east-side"),  # a place, no code
        ("East-West Street", "East-West Street"),
        ("east", "east"),
    ],
)
def test_a_code_loses_its_citys_id_and_nothing_else_does(cell, shown):
    short = shorten_codes(pd.DataFrame({"what": [cell], "count": [1]}), ["east", "north_west"])
    assert short["what"].tolist() == [shown]
    assert short["count"].tolist() == [1]


def test_who_may_read_the_rows_sees_every_count_and_its_state():
    frame = read_frame("band | n\n a | 3\n b | 0\n c | ")
    out = add_states(frame, ["n"])
    assert Shown(out) == rows("band | n | n_state\n a | 3 | shown\n b | 0 | zero\n c | | missing")
    empty = add_states(frame.head(0), ["n"])
    assert list(empty.columns) == ["band", "n", "n_state"]
