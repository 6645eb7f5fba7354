"""Public tables: frozen once, copied and never frozen again; one that is wrong is withdrawn."""

import json
import shutil
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pyarrow.parquet as pq
import pytest

from longevity import settings as configuration
from longevity.auth.viewers import PUBLIC
from longevity.privacy import public_tables
from longevity.release import manifest, purge, table_withdrawals
from longevity.release.store import PUBLIC_TABLES, Store
from longevity.release.table_withdrawals import Withdrawals
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY
from tests.drivers.commands import run_command
from tests.drivers.publishing import publish
from tests.drivers.steps import act_before
from tests.factories import configs, extracts, violence_release
from tests.factories.violence_release import REAL_CITIES, write_sexes

REASON = "male and female were swapped"
SEX_2024 = ("--withdraw", "sex", "2024", "--city", "hartford")
GONE = "Sex of those shot, Hartford, 2024: withdrawn on November 23, 2026, and not replaced."
DUE = date(2025, 3, 31)  # 90 days after the end of 2024
LATER = date(2025, 5, 1)


def release(folder, settings, **more):
    """Return the public tables of a new release of these extracts."""
    return find_tables(settings, publish(folder, settings, TODAY, "a test", **more).release_id)


def sexes(path):
    """The cells of the table by sex, of the one city and year there is."""
    rows = [row for row in pq.read_table(path).to_pylist() if row["table_name"] == "sex"]
    return {row["value"]: row["counted"] for row in rows if row["city"] == "hartford"}


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """Extracts in which men were taken for women, a home that froze them, and one that withdrew."""
    folder = tmp_path_factory.mktemp("begun")
    wrong = write_sexes(folder / "wrong", swapped=True)
    made = configuration.load_settings(home=folder / "frozen", environment={})
    publish(wrong, made, TODAY)
    shutil.copytree(made.home, folder / "withdrawn")
    withdrawals = Withdrawals((("sex", 2024),), ("hartford",))
    publish(wrong, replace(made, home=folder / "withdrawn"), TODAY, REASON, withdrawals=withdrawals)
    return wrong, made.home, folder / "withdrawn"


@pytest.fixture
def swapped(begun):
    return begun[0]


def put(home, settings):
    """Put a home into that of the test; the id of what it serves."""
    shutil.copytree(home, settings.home)
    return str(Store(settings.home).read_current_id())


@pytest.fixture
def wrong(settings, begun):
    """The release that froze them."""
    return put(begun[1], settings)


@pytest.fixture
def withdrawn(settings, begun):
    """The release after it, in which they are withdrawn."""
    return put(begun[2], settings)


def find_tables(settings, release_id):
    return settings.home / "releases" / release_id / PUBLIC_TABLES


def test_a_year_is_cut_90_days_after_its_end_and_not_a_day_earlier(tmp_path, settings):
    early = release(write_sexes(tmp_path / "a", date(2025, 3, 30)), settings)
    assert pq.read_table(early).num_rows == 0
    frozen = release(write_sexes(tmp_path / "b", DUE), settings)
    assert sexes(frozen) == {"female": 18, "male": 40, "other": 8, "unknown": 7}
    assert {row["cut_on"] for row in pq.read_table(frozen).to_pylist()} == {DUE}


@pytest.mark.parametrize(
    ("begins", "through", "years"),
    [
        (date(2021, 1, 1), date(2024, 12, 31), (2021, 2023)),
        # A case of December 31 is open for 90 days, and 90 days later its arrears are in.
        (None, date(2024, 6, 28), (2015, 2023)),
        (None, date(2024, 6, 27), (2015, 2022)),
    ],
)
def test_follow_up_of_a_year_is_cut_where_who_had_notice_was_on_file(tmp_path, settings, begins, through, years):
    incidents, victims = extracts.incidents_and_victims({city: [(date(2012, 1, 2), 1, 0)] for city in REAL_CITIES})
    folder = extracts.write(
        *(tmp_path / "in", "real", through, REAL_CITIES),
        incidents=incidents,
        victims=victims,
        groups=[extracts.row("groups", n, city) for n, city in enumerate(REAL_CITIES)],
        about={"data_from": {"custom_notifications": dict.fromkeys(REAL_CITIES, begins)} if begins else {}},
        **{name: [] for name in ("incident_groups", "custom_notifications", "enforcement_actions")},
    )
    rows = pq.read_table(release(folder, settings)).to_pylist()
    cut = {row["year"] for row in rows if row["table_name"] == "promises"}
    assert (min(cut), max(cut)) == years


def test_late_records_and_reclassification_change_nothing_that_was_cut(tmp_path, settings, wrong):
    later = release(write_sexes(tmp_path / "b", LATER, late=3), settings)
    assert later.read_bytes() == find_tables(settings, wrong).read_bytes()


@pytest.mark.audit
def test_after_a_rollback_what_was_frozen_is_not_frozen_again(tmp_path, settings):
    before = publish(write_sexes(tmp_path / "a", date(2025, 3, 1)), settings, TODAY, "a test")
    frozen = release(write_sexes(tmp_path / "b", DUE), settings).read_bytes()
    Store(settings.home).rollback(before.release_id)
    # Nor when real releases are pruned in favour of a newer synthetic one.
    publish(write_sexes(tmp_path / "s", DUE, kind="synthetic"), settings, TODAY, "to rehearse")
    Store(settings.home).rollback(before.release_id)
    assert Store(settings.home).prune(1) == []
    again = release(write_sexes(tmp_path / "c", LATER, late=3), settings)
    assert again.read_bytes() == frozen


def test_tables_that_cannot_be_read_bar_what_they_may_have_held(tmp_path, settings, wrong):
    find_tables(settings, wrong).write_bytes(b"gone")
    after = release(write_sexes(tmp_path / "b", LATER, late=3), settings)
    assert {row["state"] for row in pq.read_table(after).to_pylist()} == {"missing"}
    # And for good: the next release does not freeze it either.
    last = release(write_sexes(tmp_path / "c", date(2025, 6, 1), late=4), settings)
    assert last.read_bytes() == after.read_bytes()


@pytest.mark.parametrize(("days_before", "state"), [(0, "missing"), (1, "shown")])
def test_what_was_due_by_the_last_barred_day_is_barred(days_before, state):
    barred_until = DUE - timedelta(days=days_before)
    due = public_tables._DueTables(None, limit=5, had=set(), barred_until=barred_until, draws=None)
    (row,) = due._build_rows(("sex", "hartford", 2024), LATER, date(2024, 12, 31), [("male", 40, "shown")])
    assert row["state"] == state


def test_a_release_whose_manifest_is_lost_bars_by_the_day_in_its_name(settings, wrong):
    (settings.home / "releases" / wrong / "manifest.json").write_text("{}")
    found = table_withdrawals.read_history(Store(settings.home), "real")
    assert found.path is None
    assert found.barred_until is not None
    assert found.barred_until >= DUE


def test_synthetic_tables_are_never_copied_into_real_data(tmp_path, settings):
    release(write_sexes(tmp_path / "a", DUE, kind="synthetic"), settings)
    assert sexes(release(write_sexes(tmp_path / "b", LATER, late=3), settings))["female"] == 21


# A table that was frozen wrong is withdrawn, through the command line
@pytest.fixture
def run(settings, monkeypatch, capsys):
    """Runs a command in this process, with its releases in the home of the test."""
    monkeypatch.setenv("LONGEVITY_HOME", str(settings.home))
    monkeypatch.setenv("LONGEVITY_CONFIG", str(settings.config_path))
    monkeypatch.setattr("longevity.app.publish.draw_pictures", lambda *_: None)
    return partial(run_command, capsys)


def read_public(settings, release_id):
    """What the public reads of the sex of those shot, of a release opened as it is now."""
    opened = Warehouse(Store(settings.home).open(release_id), settings)
    frame = opened.run("public_victims", {"year": 2024, "city": "hartford"}, PUBLIC).frame
    opened.close()
    own = frame[frame["attribute"] == "sex"]
    return {row.value: (row.victims, row.victims_state) for row in own.itertuples()}


def read_states(settings, release_id):
    return {state for _, state in read_public(settings, release_id).values()}


def test_before_a_table_is_frozen_it_is_said_what_will_be(run, swapped):
    frozen = [line for line in run("publish", swapped).err.splitlines() if "About to be" in line]
    assert "About to be frozen for the public: sex of those shot, Hartford, 2024: most often female." in frozen
    assert len(frozen) == 2  # nothing is known of how old they were, or of which race


def test_a_table_is_withdrawn_with_what_is_made_of_it_and_nothing_else_moves(run, settings, swapped, wrong):
    kept = Store(settings.home).find_pictures(wrong) / "a chart"
    kept.mkdir(parents=True)
    said = run("publish", swapped, *SEX_2024, "--reason", REASON)
    assert said.code == 0
    assert not kept.exists()  # it may show what is withdrawn
    assert GONE in said.err
    new = said.out.strip()
    manifest = Store(settings.home).open(new).manifest
    entry = {"city": "hartford", "year": 2024, "reason": REASON, "day": TODAY.isoformat()}
    assert {"table": "sex", **entry} in manifest["withdrawn"]
    gone = {(entry["table"], entry["city"], entry["year"]) for entry in manifest["withdrawn"]}
    before, after = (pq.read_table(find_tables(settings, name)).to_pylist() for name in (wrong, new))
    for old, now in zip(before, after, strict=True):
        is_gone = (old["table_name"], old["city"], old["year"]) in gone and old["value"] != "victims"
        assert now == (old | {"counted": None, "state": "missing"} if is_gone else old)


@pytest.mark.parametrize(
    ("city", "year", "is_said"),
    [("hartford", 2024, True), (None, 2024, True), ("bridgeport", 2024, False), ("hartford", 2023, False)],
)
def test_the_source_line_names_what_is_withdrawn_of_what_is_asked_for(settings, withdrawn, city, year, is_said):
    opened = Warehouse(Store(settings.home).open(withdrawn), settings)
    answer = opened.run("public_victims", {"year": year, "city": city}, PUBLIC)
    opened.close()
    assert ("withdrawn on November 23, 2026" in answer.provenance.source) == is_said


@pytest.mark.parametrize("is_lost", [False, True])
def test_what_is_withdrawn_stays_so_also_where_the_release_that_withdrew_it_is_lost(
    run, settings, tmp_path, withdrawn, is_lost
):
    if is_lost:
        find_tables(settings, withdrawn).write_bytes(b"gone")
    later = run("publish", write_sexes(tmp_path / "later", swapped=True, late=3)).out.strip()
    assert read_states(settings, later) == {"missing"}
    assert Store(settings.home).open(later).manifest["withdrawn"][-1]["reason"] == REASON


def test_active_at_90_days_of_the_next_year_goes_with_the_funnel(settings):
    """It is of two years at a time, named by the later."""
    had = {(name, "hartford", year) for name in ("funnel", "still_active") for year in (2022, 2023, 2024)}
    gone = table_withdrawals.find_periods(Withdrawals((("funnel", 2022),)), had, settings)
    names = {(name, year) for name, _, year in gone}
    assert names == {("funnel", 2022), ("still_active", 2022), ("still_active", 2023)}


def test_a_rollback_does_not_bring_the_withdrawn_table_back(run, settings, swapped, wrong):
    assert read_public(settings, wrong)["female"] == (40, "shown")
    stamp = Store(settings.home).read_stamp(wrong)
    run("publish", swapped, *SEX_2024, "--reason", REASON)
    # A running dashboard that has it open opens it anew.
    assert Store(settings.home).read_stamp(wrong) != stamp
    said = run("rollback", wrong)
    assert said.code == 0
    assert f"{GONE} Reason: {REASON}." in said.out
    assert read_states(settings, wrong) == {"missing"}


@pytest.mark.parametrize(
    ("words", "sentences"),
    [
        (("--withdraw", "sex", "2024"), ["need a reason in words, and there is none"]),
        (("--withdraw", "sex", "2024", "--reason", " "), ["need a reason in words"]),
        (("--withdraw", "sexes", "2024", "--reason", "x"), ["'sexes 2024'", "Did you mean 'sex 2024'?"]),
        (("--withdraw", "sex", "2023", "--reason", "x"), ["'sex 2023'", "Did you mean 'sex 2024'?"]),
        (("--withdraw", "sex", "last", "--reason", "x"), ["'last' is not a year"]),
        (("--withdraw", "young_black_men", "2024", "--reason", "x"), ["There is no table 'young_black_men"]),
        ((*SEX_2024[:-1], "hartfort", "--reason", "x"), ["'hartford'?"]),
        (("--city", "hartford"), ["--withdraw"]),
        (("--accept", "jumps"), ["need a reason in words"]),
        (("--reason", "x"), ["--reason says why of --accept or --withdraw"]),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(run, settings, swapped, wrong, words, sentences):
    said = run("publish", swapped, *words)
    assert (said.code, said.out) == (2, "")
    assert all(sentence in said.err for sentence in sentences), said.err
    assert Store(settings.home).read_current_id() == wrong


def test_what_is_withdrawn_already_is_not_withdrawn_a_second_time(run, settings, swapped, withdrawn):
    again = run("publish", swapped, *SEX_2024, "--reason", "another reason")
    assert again.code == 2
    assert "There is no table 'sex 2024' to withdraw." in again.err
    assert Store(settings.home).read_current_id() == withdrawn


def test_a_publish_killed_before_the_flip_serves_nothing_withdrawn_and_ends_when_run_again(
    run, settings, swapped, wrong
):
    def stop():
        raise KeyboardInterrupt

    withdrawals = Withdrawals((("sex", 2024),), ("hartford",))
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        act_before(patch, "longevity.release.store.Store.point_to", stop)
        publish(swapped, settings, TODAY, REASON, withdrawals=withdrawals)
    assert Store(settings.home).read_current_id() == wrong
    assert read_states(settings, wrong) == {"missing"}
    assert read_states(settings, run("publish", swapped).out.strip()) == {"missing"}


def test_a_purge_takes_a_code_out_of_a_reason(run, settings, swapped, wrong):
    new = run("publish", swapped, *SEX_2024, "--reason", "person-00007 was a woman").out.strip()
    purge.destroy_person(settings, "person-00007", TODAY)
    for release_id in (wrong, new):
        manifest = json.loads((settings.home / "releases" / release_id / "manifest.json").read_text())
        assert manifest["withdrawn"][0]["reason"] == "(destroyed) was a woman"
    assert "person-00007" not in (settings.home / "current.json").read_text()


# The secret that draws them: one for the program, whatever home publishes
SHOT = [*["male"] * 14, *["female"] * 13, *["unknown"] * 12, *["other"] * 3]


def find_withheld(folder, monkeypatch, key):
    """Publish the same rows in a fresh home with this key: what is withheld by sex, and the home."""
    monkeypatch.setattr(configs, "KEY", key)
    days = [date(2024, 1, 1) + timedelta(days=8 * n) for n in range(len(SHOT))]
    events = {"east": [(day, 0, 1) for day in days]}
    made = violence_release.publish_release(folder, events, people={"east": [{"sex": sex} for sex in SHOT]})
    rows = pq.read_table(Store(made.home).current().member(PUBLIC_TABLES)).to_pylist()
    cells = {row["value"] for row in rows if row["table_name"] == "sex" and row["state"] == "withheld"}
    return cells, made.home


def test_two_homes_with_one_secret_withhold_the_same_cells(tmp_path, monkeypatch):
    first, second, third = (bytes([n]) * 32 for n in (1, 1, 5))
    cells, home = find_withheld(tmp_path / "first", monkeypatch, first)
    again, another = find_withheld(tmp_path / "second", monkeypatch, second)
    differ, other = find_withheld(tmp_path / "third", monkeypatch, third)
    assert cells == again
    assert cells != differ
    drawn_by = [Store(found).current().manifest["drawn_by"] for found in (home, another, other)]
    assert drawn_by[0] == drawn_by[1] != drawn_by[2]
    # It is no part of the release's id: those of before are what they were.
    manifests = [Store(found).current().manifest for found in (home, another)]
    assert len({manifest.make_release_id(content | {"drawn_by": ""}) for content in manifests}) == 1
    kept = [path.read_bytes() for path in home.rglob("*") if path.is_file() and "signing" not in path.parts]
    assert not [content for content in kept if first in content or first.hex().encode() in content]
