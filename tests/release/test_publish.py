"""Publish: how a folder of extracts comes to be served, and what stops it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from longevity import settings as configuration
from longevity.app.publish import publish_release
from longevity.auth.viewers import PUBLIC, STATE, Viewer, ViewerKind
from longevity.base.errors import DataError
from longevity.claims import render
from longevity.claims.evidence import Evidence
from longevity.release.crosscheck import check_against_served
from longevity.release.publishing import RefusedError
from longevity.release.store import POINTER, Store
from longevity.screens.context import ReportContext
from longevity.settings import Settings
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY, UNTIL, quiet
from tests.drivers.disk import Disk, read_files
from tests.drivers.publishing import publish
from tests.drivers.steps import OF_PUBLISH, act_before
from tests.factories import claim_record, configs, extracts
from tests.factories.ascii_table import Shown, rows

CITIES = ("new_haven", "hartford", "bridgeport")
JUNE = date(2020, 6, 1)
PLACES = {"new_haven": (-72.9465, 41.3265)}


def small(directory, extra=0, kind="real", through=UNTIL, **more):
    """Ten victims in three cities, and `extra` more in an incident of the first."""
    incidents, victims = extracts.incidents_and_victims(
        {
            "new_haven": [(JUNE, 3, 1), (date(2020, 7, 1), 2, 0)],
            "hartford": [(JUNE, 2, 0)],
            "bridgeport": [(date(2021, 1, 1), 1, 1)],
        },
        PLACES,
    )
    of = incidents[0]["incident_id"]
    victims += [extracts.row("victims", 100 + n, "new_haven", incident_id=of) for n in range(extra)]
    return extracts.write(directory, kind, through, CITIES, incidents=incidents, victims=victims, **more)


def test_what_was_published_is_served(tmp_path, settings):
    report = publish(small(tmp_path / "in"), settings, TODAY)
    release = Store(settings.home).current()
    assert (release.id, release.kind, release.notice) == (report.release_id, "real", None)
    assert not report.already
    assert report.release_id.startswith("2026-11-22-")
    assert release.manifest["published_on"] == "2026-11-23"
    assert release.manifest["previous"] is None
    assert not (settings.home / "staging").exists()
    # The same content once more changes nothing.
    before = read_files(settings.home)
    again = publish(small(tmp_path / "again"), settings, date(2026, 11, 24))
    assert (again.release_id, again.already) == (report.release_id, True)
    assert read_files(settings.home) == before


def test_all_of_a_release_is_on_the_disk_before_it_is_served(tmp_path, settings, monkeypatch):
    settings.home.mkdir()
    disk = Disk(settings.home, monkeypatch)
    release_id = publish(small(tmp_path / "in"), settings, TODAY).release_id
    ((lacking, beside),) = disk.find_lacking(POINTER)
    assert lacking + [path for path in beside if path.startswith(str(settings.home / "releases"))] == []
    assert disk.list_names().index(release_id) < disk.list_names().index(POINTER)


def test_two_homes_get_the_same_bytes_of_rows_in_any_order(tmp_path, settings):
    made = []
    for name in ("one", "two"):
        folder = small(tmp_path / "in")
        for extract in ("incidents", "victims") if made else ():
            path = folder / f"{extract}.parquet"
            duckdb.sql(
                f"COPY (SELECT * FROM '{path}' ORDER BY city, {extract[:-1]}_id DESC) "
                f"TO '{path}.other' (FORMAT parquet)"
            )
            Path(f"{path}.other").replace(path)
        home = configs.fix_key(replace(settings, home=tmp_path / name))  # with one secret
        publish(folder, home, TODAY)
        made.append(read_files(home.home / "releases"))
    assert made[0] == made[1]


@pytest.mark.audit
def test_a_later_day_is_another_release_though_no_row_changed(tmp_path, settings):
    first = publish(small(tmp_path / "in", through=date(2026, 11, 15)), settings, TODAY)
    second = publish(small(tmp_path / "in"), settings, TODAY)
    assert Store(settings.home).current().manifest["previous"] == first.release_id
    # What the sender says of them is content too.
    said = tmp_path / "in" / "extracts.toml"
    said.write_text(said.read_text() + "incidents = 3\n")
    third = publish(tmp_path / "in", settings, TODAY)
    assert len({first.release_id, second.release_id, third.release_id}) == 3
    assert Store(settings.home).current().manifest["quarantined"] == {"incidents": 3}


def test_named_members_stay_out_of_the_id(tmp_path, settings):
    people = [extracts.row("people", n, "hartford") for n in range(1, 5)]
    first = publish(small(tmp_path / "in", people=people), settings, TODAY)
    more = [*people, extracts.row("people", 5, "hartford")]
    second = publish(small(tmp_path / "in", people=more), settings, TODAY)
    assert second.release_id == f"{first.release_id}-2"
    assert not second.already
    manifest = Store(settings.home).current().manifest
    assert list(manifest["named_sha256"]) == ["named/people.parquet"]
    assert "named/people.parquet" not in manifest["sha256"]
    assert publish(small(tmp_path / "in", people=more), settings, TODAY).already


def test_every_error_is_shown_and_nothing_is_published(tmp_path, settings):
    folder = small(tmp_path / "in")
    incidents, victims = extracts.incidents_and_victims({"hartford": [(JUNE, 1, 1)]})
    incidents[0] |= {"circumstance": "unclear"}
    victims[0] |= {"weapon": "gun"}
    extracts.write(folder, incidents=incidents, victims=victims)
    with pytest.raises(RefusedError) as refused:
        publish(folder, settings, TODAY)
    assert "column circumstance" in str(refused.value)
    assert "column weapon" in str(refused.value)
    assert "2 errors" in str(refused.value)
    with pytest.raises(DataError, match="No release has been published"):
        Store(settings.home).current()


def test_synthetic_data_take_the_place_of_real_only_for_a_reason(tmp_path, settings):
    made_up = small(tmp_path / "synthetic", kind="synthetic")
    publish(made_up, settings, TODAY)  # over nothing
    real = publish(small(tmp_path / "in"), settings, TODAY).release_id
    # Also where this very content was published before, and where no pointer says what is served.
    assert "synthetic_over_real" in {finding.rule for finding in check_against_served(made_up, settings)}
    for pointer in (settings.home / "nowhere", settings.home / POINTER):
        pointer.unlink(missing_ok=True)
        with pytest.raises(RefusedError, match="take the place of real data"):
            publish(made_up, settings, TODAY)
        assert Store(settings.home).current().id == real
    publish(made_up, settings, TODAY, "a rehearsal for the training day")
    assert Store(settings.home).current().kind == "synthetic"


def test_check_finds_what_only_a_build_can_before_anything_is_published(tmp_path, settings):
    """Points against the boundaries, neighbourhoods against them, and how far cities go."""
    incidents, victims = extracts.incidents_and_victims(
        {"new_haven": [(JUNE + timedelta(days=5 * n), 1, 0) for n in range(20)]}, {"new_haven": (-72.68, 41.76)}
    )
    folder = extracts.write(tmp_path / "in", "real", incidents=incidents, victims=victims)
    with pytest.raises(RefusedError, match="most coordinates lie in no area"):
        publish(folder, settings, TODAY)
    assert {finding.rule for finding in check_against_served(folder, settings)} >= {"mostly_outside", "far_outside"}
    assert not Store(settings.home).list_ids()
    publish_release(folder, settings, TODAY, "Hartford's points", accept=["mostly_outside:new_haven"])
    (kept,) = Store(settings.home).current().manifest["accepted_errors"]
    assert (kept["rule"], kept["city"], kept["column"]) == ("mostly_outside", "new_haven", "neighbourhood")


def test_data_through_is_derived_where_nothing_is_declared(tmp_path, settings):
    """A city without a row supplied nothing, unless it says so. A newest day counts if it is over."""
    incidents, victims = extracts.incidents_and_victims(
        {"new_haven": [(JUNE, 1, 0), (date(2020, 7, 9), 0, 0)], "hartford": [(JUNE, 1, 0)]}
    )
    held = {"held_on": date(2020, 3, 2), "scheduled_for": date(2027, 1, 1)}
    declared = {
        "incidents": {"hartford": date(2020, 6, 30)},
        "budget": {"hartford": UNTIL},
        "invitations": {"new_haven": date(2020, 7, 8)},
    }
    folder = extracts.write(
        *(tmp_path / "in", "real", declared),
        incidents=incidents,
        victims=victims,
        call_ins=[extracts.row("call_ins", 1, "hartford", **held)],
        invitations=[extracts.row("invitations", 1, "hartford", call_in_id="call_in-00001")],
        people=[extracts.row("people", 1, "hartford", person_id="person-00001")],
        budget=[extracts.row("budget", 1, "hartford"), extracts.row("budget", 2, "new_haven")],
    )
    publish(folder, settings, TODAY)
    listed = [
        {"extract": extract, "city": city, **about}
        for extract, cities in Store(settings.home).current().manifest["data_through"].items()
        for city, about in cities.items()
    ]
    assert Shown(pd.DataFrame(listed).sort_values(["extract", "city"])) == rows("""
        extract     | city      | day        | derived
        budget      | hartford  | 2026-11-22 | no
        call_ins    | hartford  | 2020-03-02 | yes
        incidents   | hartford  | 2020-06-30 | no
        incidents   | new_haven | 2020-07-08 | yes
        invitations | hartford  | 2020-03-02 | yes
        invitations | new_haven | 2020-07-08 | no
        people      | hartford  | 2020-06-01 | yes
        victims     | hartford  | 2020-06-30 | yes
        victims     | new_haven | 2020-07-08 | yes
    """)


def test_people_shot_are_counted_from_the_later_first_day_and_who_shot_is_as_recent_as_the_incidents(
    tmp_path, settings
):
    incidents, victims = extracts.incidents_and_victims({"hartford": [(JUNE, 1, 0), (date(2021, 6, 2), 1, 1)]})
    begins = {name: {"hartford": date(year, 1, 1)} for name, year in (("incidents", 2020), ("victims", 2021))}
    # No attribution has a day of its own.
    row = extracts.row("incident_groups", 1, "hartford", incident_id=incidents[0]["incident_id"])
    given = {"incidents": incidents, "victims": victims, "incident_groups": [row]}
    publish(extracts.write(tmp_path / "in", about={"data_from": begins}, **given), settings, TODAY, "a test")
    release = Store(settings.home).current()
    through = release.manifest["data_through"]
    assert through["incident_groups"]["hartford"] == through["incidents"]["hartford"]
    with closing(Warehouse(release, settings)) as warehouse:
        frame = warehouse.run("cities", None, PUBLIC).frame.set_index("city")
    assert frame.loc["hartford", "starts_on"] == pd.Timestamp(2021, 1, 1)


def test_a_city_with_incidents_and_no_victim_is_counted_nowhere(tmp_path, settings):
    incidents, victims = extracts.incidents_and_victims(
        {"new_haven": [(JUNE, 1, 0), (date(2020, 7, 9), 1, 0)], "hartford": [(JUNE, 1, 0)] * 9}
    )
    known = [victim for victim in victims if victim["city"] == "new_haven"]
    folder = extracts.write(tmp_path / "in", "real", incidents=incidents, victims=known)
    publish(folder, settings, TODAY, "a trial")
    release = Store(settings.home).current()
    counted = pq.read_table(release.member("built/daily.parquet")).to_pylist()
    assert {row["city"] for row in counted} == {"new_haven"}
    cities = Warehouse(release, settings).run("cities", {}, PUBLIC).frame.set_index("city")
    assert set(cities.index[cities["data_through"].notna()]) == {"new_haven"}


@pytest.mark.parametrize(
    ("is_declared", "counted", "because"),
    [
        (False, 2, "through May 31, 2020, because New Haven goes no further (derived"),
        (True, 1, "through June 1, 2020, because New Haven goes no further"),
    ],
    ids=["derived", "declared"],
)
def test_what_a_citys_end_keeps_out_of_comparisons_is_counted(tmp_path, settings, is_declared, counted, because):
    """Five victims in three incidents; one city's newest is in June, the other's in December."""
    incidents, victims = extracts.incidents_and_victims(
        {"new_haven": [(date(2020, 1, 2), 1, 0), (JUNE, 1, 0)], "hartford": [(date(2020, 12, 24), 2, 1)]}
    )
    day = {"new_haven": JUNE}
    through = {"incidents": day, "victims": day} if is_declared else None
    folder = extracts.write(tmp_path / "in", "real", through, incidents=incidents, victims=victims)
    report = publish(folder, settings, TODAY)
    (said,) = [finding for finding in report.findings if finding.rule == "after_the_least_data_through"]
    assert (said.severity, said.count) == ("warning", counted)
    assert because in said.sentence
    assert ("derived" in said.sentence) is not is_declared
    assert "Hartford, 3 victims in 1 incident, all it has." in said.sentence
    assert "[data_through] in extracts.toml" in said.do


class StopError(RuntimeError):
    """Not an error publish knows."""


SYNCED, REPORTED = OF_PUBLISH[2], OF_PUBLISH[-1]


@pytest.mark.parametrize("steps", [(SYNCED, REPORTED), pytest.param(OF_PUBLISH, marks=pytest.mark.audit)])
def test_an_error_before_any_step_leaves_what_was_served(tmp_path, settings, steps):
    old = publish(small(tmp_path / "old"), settings, TODAY)
    new = small(tmp_path / "new", extra=1)
    store = Store(settings.home)

    # A disk that fills up stops it before these in test_disks.py.
    def stop():
        raise StopError

    for step in steps:
        # Each begins where the one before it left off, as it would after a crash.
        with pytest.MonkeyPatch.context() as patch, pytest.raises(StopError):
            act_before(patch, step, stop)
            publish(new, settings, TODAY)
        assert store.current().notice is None
        assert (store.current().id == old.release_id) is (step != REPORTED), step
    report = publish(new, settings, TODAY)
    assert report.already
    assert store.current().id == report.release_id
    assert report.ledger_sentences == ["New Haven: 1 victim added to earlier weeks."]


def test_a_home_that_cannot_be_made_is_a_sentence(tmp_path, settings):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(DataError, match="Not a directory"):
        publish(small(tmp_path / "in"), replace(settings, home=tmp_path / "file" / "home"), TODAY)


def test_the_second_of_two_publishes_hears_since_when(tmp_path, settings, monkeypatch):
    inside, go_on = threading.Event(), threading.Event()

    def wait():
        inside.set()
        assert go_on.wait(30)

    act_before(monkeypatch, "longevity.release.aggregates.write_tables", wait)
    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(publish, small(tmp_path / "in"), settings, TODAY)
        assert inside.wait(30)
        since = r"has been running since \d\d:\d\d:\d\d \(\w+\) on \d{4}-"
        with pytest.raises(DataError, match=since):
            publish(small(tmp_path / "other", extra=1), settings, TODAY)
        go_on.set()
    assert Store(settings.home).current().id == first.result().release_id


def test_a_damaged_release_of_the_same_content_is_replaced(tmp_path, settings):
    report = publish(small(tmp_path / "in"), settings, TODAY)
    member = settings.home / "releases" / report.release_id / "built" / "daily.parquet"
    member.write_bytes(member.read_bytes()[:-1])
    with pytest.raises(DataError):
        Store(settings.home).current()
    again = publish(small(tmp_path / "in"), settings, TODAY)
    assert again.release_id == report.release_id
    assert Store(settings.home).current().notice is None


# An error that was accepted is named with every verdict it may have changed, and no other
NAMED = "An error in the incidents of New Haven (March"
HOLE = (date(2023, 3, 1), date(2023, 5, 31))  # the first day without a row, and the last


def write_with_a_hole(folder, city, other):
    """Write two cities in which somebody is shot every third day, and each fifth is killed; `city`
    lacks three months of 2023.
    """
    through = date(2026, 11, 15)
    days = [(n, through - timedelta(days=3 * n)) for n in range(590)]
    there = [(day, int(n % 5 > 0), int(n % 5 == 0)) for n, day in days]
    here = [(day, *shot) for day, *shot in there if not HOLE[0] <= day <= HOLE[1]]
    incidents, victims = extracts.incidents_and_victims({city: here, other: there})
    extracts.write(folder, "real", through, (city, other), incidents=incidents, victims=victims)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory):
    """A release in which three months of one city are missing, for a reason that was given."""
    folder = tmp_path_factory.mktemp("hole")
    settings: Settings = configuration.load_settings(home=folder / "home", environment={})
    write_with_a_hole(folder / "in", "new_haven", "hartford")
    with pytest.raises(RefusedError, match="New Haven has no incidents from"):
        publish(folder / "in", settings, TODAY, None, quiet)
    publish(folder / "in", settings, TODAY, "the archive has none", quiet)
    opened = Warehouse(Store(settings.home).current(), settings)
    yield opened
    opened.close()


def check(warehouse, text, viewer=PUBLIC):
    context = ReportContext(warehouse.settings, viewer, warehouse, TODAY)
    return claim_record.check(text, Evidence(context))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("At least 30 people were shot in New Haven in 2023", True),
        ("Shootings in New Haven in 2024 are up on 2023", True),  # that they are held against
        ("Shootings in New Haven in 2024 are the highest on record", True),
        ("At least 2 people were shot in New Haven in May 2023", True),
        ("At least 30 people were shot in New Haven in 2024", False),
        ("At least 2 people were shot in New Haven in June 2023", False),
        ("Shootings in New Haven in 2025 are up on 2024", False),
        ("At least 30 people were shot in Hartford in 2023", False),
        ("Shootings in Hartford in 2023 are the highest on record", False),
    ],
)
def test_a_hole_is_named_where_its_days_and_city_are_counted(warehouse, text, named):
    judged = check(warehouse, text)
    assert [error.startswith(NAMED) for error in judged.errors] == [True] * named
    assert ("An error in these data was accepted" in judged.safe) == (named and bool(judged.safe))
    assert NAMED in render.render_answer(judged, "Source.") or not named


WARNED = ("new_haven", True, PUBLIC)


@pytest.mark.parametrize(
    ("about", "asked", "said"),
    [
        ({}, WARNED, True),  # kept by an older release
        ({"column": "outcome"}, WARNED, True),
        ({"column": "neighbourhood"}, WARNED, False),
        ({"column": "neighbourhood"}, ("new_haven/Hill", True, PUBLIC), True),
        ({"column": "sex"}, WARNED, False),
        ({"column": "gmi"}, ("new_haven", True, STATE), False),
        ({"column": "gmi"}, ("new_haven", False, STATE), True),
        ({"column": "gmi"}, ("new_haven", False, PUBLIC), False),
        ({"extract": "extracts.toml"}, WARNED, False),
        ({"extract": "signing/key", "city": ""}, ("new_haven", True, STATE), False),  # another secret
        ({"extract": "services"}, ("new_haven", False, PUBLIC), False),
        ({"extract": "services"}, ("new_haven", False, Viewer(ViewerKind.CITY, "new_haven")), True),
        ({"extract": "services"}, ("new_haven", False, Viewer(ViewerKind.CITY, "hartford")), False),
        ({"extract": "services"}, ("new_haven", True, STATE), False),
        ({"city": "hartford"}, WARNED, False),
        ({"city": ""}, WARNED, True),
        # Those asked about are from June 1, 2020 to the day before TODAY.
        ({"days": [("2020-05-01", "2020-06-01")]}, WARNED, True),
        ({"days": [("2020-05-01", "2020-05-31")]}, WARNED, False),
        ({"days": [("2026-11-22", "2026-11-30")]}, WARNED, True),
        ({"days": [("2026-11-23", "2026-11-30")]}, WARNED, False),
    ],
)
def test_an_accepted_error_is_said_of_the_counts_it_may_change_to_those_who_may_know(warehouse, about, asked, said):
    """`asked`: of which place, whether of violence and not of the program, and by whom."""
    error = {"extract": "victims", "city": "new_haven", "days": [], "sentence": "it is so."}
    manifest = warehouse.release.manifest | {"accepted_errors": [error | about]}
    place, of_violence, viewer = asked
    with closing(Warehouse(replace(warehouse.release, manifest=manifest), warehouse.settings)) as opened:
        evidence = Evidence(ReportContext(warehouse.settings, viewer, opened, TODAY))
        found = [*evidence.describe_errors(place, [(JUNE, TODAY)], of_violence)]
    assert len(found) == said


def test_what_check_said_of_the_rows_is_for_those_who_may_read_of_them(warehouse):
    text = "At least 30 people were shot in New Haven in 2023"
    said = "incidents.parquet, column occurred_at: New Haven has no incidents from"
    (state,), (public,) = (check(warehouse, text, each).errors for each in (STATE, PUBLIC))
    assert said in state
    assert said not in public
