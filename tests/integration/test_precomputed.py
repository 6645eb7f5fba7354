"""Answers precomputed at publish: the same as asked live, for their scope and release alone."""

from __future__ import annotations

import os
import resource
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longevity.app import precompute, publish, purge
from longevity.auth import viewers
from longevity.auth.viewers import PUBLIC_SCOPE, STATE
from longevity.promises import tables
from longevity.release.store import PREPARED, Store
from longevity.reports.context import ReportContext
from longevity.reports.this_week import ThisWeek
from longevity.reports.week_questions import choose_week
from longevity.settings import Settings
from longevity.warehouse import connection, precomputed, recording
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY, quiet


@pytest.fixture
def own(tmp_path: Path, published: Settings) -> Settings:
    """A copy of it that a test may change."""
    shutil.copytree(published.home, tmp_path / "home")
    return replace(published, home=tmp_path / "home")


@contextmanager
def opened(settings: Settings, ready: bool = True) -> Iterator[Warehouse]:
    """The release served, opened for asking."""
    warehouse = Warehouse(Store(settings.home).current(), settings, use_precomputed=ready)
    try:
        yield warehouse
    finally:
        warehouse.close()


def scopes_opened(settings: Settings) -> set[str]:
    """What a question about the program had to open."""
    with opened(settings) as warehouse:
        warehouse.run("promises", {}, STATE)
        return set(warehouse._scopes)


def of_state(settings: Settings) -> Path:
    """The file of what the state is told."""
    return settings.home / PREPARED / Store(settings.home).current().id / "state.arrow"


@pytest.mark.parametrize("viewer", ["state", "city:bridgeport"])
def test_what_is_ready_is_what_the_release_answers(published: Settings, viewer: str) -> None:
    asks = viewers.parse_viewer(viewer, published)
    with opened(published) as quick, opened(published, ready=False) as live:
        for query in quick.queries.values():
            if query.query_class.public:
                continue
            cities = (
                [None, *published.cities]
                if asks == STATE and "city" in query.parameters
                else [None]
            )
            for params in ({"city": city} if city else {} for city in cities):
                told = quick.run(query.name, params, asks).frame
                pd.testing.assert_frame_equal(
                    told, live.run(query.name, params, asks).frame, check_exact=True
                )
        assert set(quick._scopes) == {PUBLIC_SCOPE}, "something was not ready"


def test_the_newest_weeks_are_ready(published: Settings) -> None:
    with opened(published) as quick:
        context = ReportContext(published, STATE, quick, TODAY)
        for city in published.cities:
            newest = choose_week(context, city)
            before = choose_week(context, city, newest.ending - timedelta(days=7))
            for week in (newest, before):
                assert ThisWeek(context, city, week).build().answer
        assert set(quick._scopes) == {PUBLIC_SCOPE}, "something was not ready"


def test_a_question_with_another_value_is_asked_live(published: Settings) -> None:
    with opened(published) as quick, opened(published, ready=False) as live:
        asked = {"as_of": "2020-06-30"}
        pd.testing.assert_frame_equal(
            quick.run("promises", asked, STATE).frame, live.run("promises", asked, STATE).frame
        )
        assert "state" in quick._scopes


def test_an_answer_that_was_ready_may_be_written_into(published: Settings) -> None:
    with opened(published) as quick:
        told = quick.run("promises", {}, STATE).frame
        quick._cache = type(quick._cache)(0)  # the only other holder of it
        told.loc[:, told.select_dtypes("number").columns] = 0
        assert (told.select_dtypes("number") == 0).all(axis=None)


def test_another_configuration_is_asked_live(own: Settings) -> None:
    other = replace(own, thresholds=replace(own.thresholds, promise_window_days=30))
    assert scopes_opened(own) == {PUBLIC_SCOPE}
    assert scopes_opened(other) == {PUBLIC_SCOPE, "state"}


def test_other_code_is_asked_live(own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precomputed, "_hash_code", lambda: "of another version")
    assert scopes_opened(own) == {PUBLIC_SCOPE, "state"}


def test_what_is_cut_off_is_asked_live(own: Settings) -> None:
    file = of_state(own)
    file.write_bytes(file.read_bytes()[:-100])
    assert scopes_opened(own) == {PUBLIC_SCOPE, "state"}


def changed(file: Path, *keys: str) -> None:
    """Change a byte of what stands under keys that hold one of these words."""
    with pa.ipc.open_file(file) as told:
        table = told.read_all()
    answers = [
        bytes([*answer[:-9], answer[-9] ^ 1, *answer[-8:]])
        if any(word in key for word in keys)
        else answer
        for key, answer in zip(
            table.column("key").to_pylist(), table.column("answer").to_pylist(), strict=True
        )
    ]
    table = table.set_column(2, precomputed.SCHEMA.field(2), pa.array(answers, pa.large_binary()))
    with pa.OSFile(str(file), "wb") as out, pa.ipc.new_file(out, table.schema) as written:
        written.write_table(table)


def test_an_answer_with_one_byte_changed_is_asked_live(own: Settings) -> None:
    changed(of_state(own), "promises")
    assert scopes_opened(own) == {PUBLIC_SCOPE, "state"}


def walks(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """One element for each time the tables of groups and of the promise are made."""
    made: list[None] = []
    create = tables.create_tables

    def counted(opened: duckdb.DuckDBPyConnection, window_days: int) -> None:
        made.append(None)
        create(opened, window_days)

    monkeypatch.setattr(tables, "create_tables", counted)
    return made


EARLIER = {"as_of": "2020-06-30"}
OF_THE_PROMISE = ("notices", "promises", "open_promises", "restraint")


def told_alike(some: Warehouse, other: Warehouse) -> None:
    for name in OF_THE_PROMISE:
        pd.testing.assert_frame_equal(
            some.run(name, EARLIER, STATE).frame, other.run(name, EARLIER, STATE).frame
        )


def test_tables_that_are_ready_are_not_made(own: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    made = walks(monkeypatch)
    with opened(own) as ready, opened(own, ready=False) as live:
        ready.run("notices", EARLIER, STATE)
        assert made == []
        told_alike(ready, live)
        assert made == [None]


@pytest.mark.parametrize(
    "damage", ["changed", "cut off", "gone", "of another scope", "with a log beside"]
)
def test_tables_that_are_damaged_are_made_anew(
    own: Settings, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    file = of_state(own).with_suffix(".duckdb")
    held = bytearray(file.read_bytes())
    held[len(held) // 2] ^= 1
    if damage == "gone":
        file.unlink()
    elif damage == "of another scope":
        shutil.copyfile(file.with_name("bridgeport.duckdb"), file)
    elif damage == "with a log beside":
        file.with_name(f"{file.name}.wal").write_bytes(b"what it was not proven with")
    else:
        file.write_bytes(held if damage == "changed" else held[:-100])
    made = walks(monkeypatch)
    with opened(own) as half, opened(own, ready=False) as live:
        told_alike(half, live)
        assert made == [None, None]


def test_tables_exchanged_while_a_scope_is_opened_are_not_taken(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = of_state(own).with_suffix(".duckdb")
    facts = connection._create_facts

    def meanwhile(*given: Any) -> None:
        other = file.with_name("other")
        shutil.copyfile(file.with_name("bridgeport.duckdb"), other)
        other.rename(file)
        facts(*given)

    made = walks(monkeypatch)
    with opened(own) as told, opened(own, ready=False) as live:
        monkeypatch.setattr(connection, "_create_facts", meanwhile)
        told.run("notices", EARLIER, STATE)
        monkeypatch.setattr(connection, "_create_facts", facts)
        assert made == [None]
        told_alike(told, live)


def test_tables_that_cannot_be_attached_are_made_anew(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = of_state(own).with_suffix(".duckdb")
    digest = precomputed.sha256(file)
    with duckdb.connect(str(file)) as changing:
        changing.execute("DROP TABLE violations")  # the first eight are attached
    monkeypatch.setattr(precomputed, "sha256", lambda _: digest)
    with opened(own) as half, opened(own, ready=False) as live:
        told_alike(half, live)


def test_tables_damaged_once_they_are_attached_are_made_anew(own: Settings) -> None:
    file = of_state(own).with_suffix(".duckdb")
    with opened(own) as half, opened(own, ready=False) as live:
        half.run("call_in_sessions", EARLIER, STATE)
        os.truncate(file, 8192)
        told_alike(half, live)


def test_tables_that_do_not_fit_on_the_disk_are_an_error(own: Settings, tmp_path: Path) -> None:
    allowed = resource.getrlimit(resource.RLIMIT_FSIZE)
    with opened(own) as warehouse:
        scope = warehouse.open_scope("state")
        scope.open_cursor("FROM lineage").close()
        resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, allowed[1]))
        try:
            with pytest.raises(duckdb.Error):
                scope.write_tables(tmp_path / "state.duckdb")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, allowed)


def test_a_warehouse_is_closed_while_it_answers(own: Settings) -> None:
    with opened(own) as warehouse, ThreadPoolExecutor(1) as aside:
        cursor = warehouse.open_scope("state").open_cursor("")
        counting = aside.submit(
            lambda: cursor.execute("SELECT count(*) FROM range(300_000_000)").fetchall()
        )
        warehouse.close()
        assert counting.result() == [(300_000_000,)]


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO kept.lineage SELECT * FROM kept.lineage",
        "DROP TABLE kept.members",
        "CREATE OR REPLACE TABLE kept.members AS SELECT 1",
        "ATTACH '{folder}/bridgeport.duckdb' AS other (READ_ONLY)",
        "ATTACH '{folder}/made.duckdb' AS other",
        "COPY kept.members TO '{folder}/made.csv'",
        "COPY (SELECT 1) TO '{folder}/bridgeport.duckdb'",
        "SELECT * FROM read_blob('{folder}/bridgeport.duckdb')",
        "SELECT * FROM '{folder}/state.arrow'",
    ],
)
def test_a_scope_reads_its_own_tables_and_writes_nothing(own: Settings, sql: str) -> None:
    folder = of_state(own).parent
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with opened(own) as warehouse:
        cursor = warehouse.open_scope("state").open_cursor("FROM lineage")
        assert cursor.execute("SELECT count(*) > 0 FROM kept.lineage").fetchall() == [(True,)]
        with pytest.raises(duckdb.Error):
            cursor.execute(sql.format(folder=str(folder).replace("'", "''")))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_questions_asked_together_are_answered_as_one_by_one(own: Settings) -> None:
    with opened(own, ready=False) as together, opened(own, ready=False) as alone:
        told = ReportContext(own, STATE, together, TODAY).ask_all(
            {name: (name, EARLIER) for name in OF_THE_PROMISE}
        )
        assert list(told) == list(OF_THE_PROMISE)
        for name, answer in told.items():
            one = alone.run(name, EARLIER, STATE)
            pd.testing.assert_frame_equal(answer.frame, one.frame)
            assert answer.provenance == one.provenance


def test_what_becomes_ready_while_a_release_is_open_is_taken(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = own.home / "aside"
    (own.home / PREPARED).rename(aside)
    made = walks(monkeypatch)
    with opened(own) as served:
        served.run("call_in_sessions", EARLIER, STATE)  # opens the scope, needs no such table
        aside.rename(own.home / PREPARED)
        served.run("notices", EARLIER, STATE)
        assert made == []
        before = served.open_scope("state")._connection
        served.run("restraint", {}, STATE)
        assert served.open_scope("state")._connection is before, "it was opened once more"


def test_what_a_purge_took_away_is_not_told_from(own: Settings) -> None:
    with opened(own) as served:
        served.run("promises", {}, STATE)
        shutil.rmtree(own.home / PREPARED)
        served.run("restraint", {}, STATE)
        assert set(served._scopes) == {PUBLIC_SCOPE, "state"}


def test_a_file_of_another_scope_is_not_taken(own: Settings) -> None:
    of_city = of_state(own).with_name("bridgeport.arrow")
    shutil.copyfile(of_state(own), of_city)
    with opened(own) as warehouse:
        told = warehouse.run("notices", {}, viewers.parse_viewer("city:bridgeport", own)).frame
        # The state's answer about this city has the same rows: that it was asked live tells.
        assert set(warehouse._scopes) == {PUBLIC_SCOPE, "bridgeport"}
    assert set(told["city"]) == {"bridgeport"}


def people_in(settings: Settings) -> set[str]:
    """Every word of every prepared answer; a list of codes is taken apart."""
    found: set[str] = set()
    for file in (settings.home / PREPARED).rglob("*.arrow"):
        with pa.ipc.open_file(file) as told:
            answers = told.read_all().column("answer").to_pylist()
        for answer in answers:
            if answer:
                found |= words(pa.ipc.open_stream(answer).read_pandas())
    for file in (settings.home / PREPARED).rglob("*.duckdb"):
        with duckdb.connect(str(file), read_only=True) as kept:
            for name in tables.TABLES:
                found |= words(kept.table(name).df())
    return found


def words(frame: pd.DataFrame) -> set[str]:
    """Every word of its text."""
    return {
        word
        for column in frame.select_dtypes("str")
        for text in frame[column].dropna()
        for word in text.split(", ")
    }


def test_a_purge_leaves_nothing_of_the_person_in_what_is_ready(own: Settings) -> None:
    people = pq.read_table(Store(own.home).current().member("named/people.parquet"))
    person = min(set(people["person_id"].to_pylist()) & people_in(own))

    def looked(step: str) -> None:
        if step == "forgotten":
            assert not (own.home / PREPARED).exists()

    purge.purge_person(own, person, TODAY, after_step=looked)
    assert person not in people_in(own)
    assert scopes_opened(own) == {PUBLIC_SCOPE}


def test_a_purge_that_cannot_prepare_is_a_purge(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = Store(own.home).current()
    people = pq.read_table(release.member("named/people.parquet"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(recording, "record_answers", full)
    said: list[str] = []
    report = purge.purge_person(own, people["person_id"][0].as_py(), TODAY, said.append)
    assert report.rows
    assert not (own.home / PREPARED).exists()
    assert any("Nothing was prepared" in sentence for sentence in said)


def nothing_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prepare without the answers, where it does not matter what is told."""
    monkeypatch.setattr(recording, "_ask_defaults", lambda *_: None)
    monkeypatch.setattr(precompute, "_ask_newest_weeks", lambda *_: None)


def test_a_release_that_is_dropped_takes_what_is_ready_along(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing_asked(monkeypatch)
    older = next(one for one in Store(own.home).list_releases() if not one.current)
    left = own.home / PREPARED / older.id
    left.mkdir()
    shutil.rmtree(Store(own.home).releases / older.id)
    precompute.prepare_answers(Store(own.home).current(), own, quiet)
    assert not left.exists()


def test_a_full_disk_while_preparing_changes_nothing(
    tmp_path: Path, settings: Settings, demonstration: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    nothing_asked(monkeypatch)
    monkeypatch.setattr(precomputed, "write_scope", full)
    said: list[str] = []
    report = publish.publish_release(demonstration, settings, TODAY, None, said.append)
    assert Store(settings.home).current().id == report.release_id
    assert said[-1].startswith("Nothing was prepared for the screens")
    assert list((settings.home / PREPARED).iterdir()) == []


def test_only_the_owner_may_read_what_is_ready(published: Settings) -> None:
    files = [path for path in (published.home / PREPARED).rglob("*") if path.is_file()]
    assert {file.suffix for file in files} == {".arrow", ".duckdb"}
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
