"""What a source does not hold is missing in every count of a release, and no claim says it."""

from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from longevity.auth.viewers import PUBLIC, STATE
from longevity.claims.verdict import Verdict
from longevity.facts.counted import COUNTED
from longevity.findings import availability
from longevity.ingest import victim_coverage
from longevity.release.publishing import RefusedError
from longevity.release.store import Store
from longevity.screens import sources
from longevity.screens.context import ReportContext
from longevity.warehouse.provenance import Provenance, combine_sources
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY, quiet
from tests.drivers.publishing import publish
from tests.factories import claim_record, extracts, odd_release
from tests.factories.ascii_table import read_frame
from tests.factories.holdings_release import FATAL, FIREARM, NAMES, publish_release

WORLDS: dict[str, Any] = {
    "whole": {},
    "one": {"east": FATAL},
    "firearm": dict.fromkeys(NAMES, FIREARM),
}
COUNTS = list(COUNTED)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A release by its name in WORLDS, opened; made once."""
    with ExitStack() as opened:

        @cache
        def open_world(name):
            settings = publish_release(tmp_path_factory.mktemp(name), WORLDS[name])
            return opened.enter_context(closing(Warehouse(Store(settings.home).current(), settings)))

        yield open_world


def counted(frame):
    """The columns of an answer that count victims or shootings."""
    return [name for name in COUNTS if name in frame.columns]


# Who counts by city, and by something else: every question of violence but those of frozen tables.
QUESTIONS = ("counts", "unlocated_victims_by_city", "incidents_by_hour_and_weekday", "victims_by_attribute")


@pytest.mark.parametrize("query", QUESTIONS)
@pytest.mark.parametrize("name", ["one", "firearm"])
def test_a_count_is_missing_or_what_a_whole_source_would_give(world, name, query):
    """What is held is as in the release of everybody; the rest is missing in every row."""
    found = world(name).run(query, {}, STATE).frame
    whole = world("whole").run(query, {}, STATE).frame
    assert counted(found) == counted(whole) != []
    for city in NAMES:
        known = victim_coverage.find_known_counts(world(name).release.manifest["holds"], city)
        own, full = found[found["city"] == city], whole[whole["city"] == city]
        assert len(own) == len(full) > 0
        for measure in counted(found):
            if known[measure]:
                assert own[measure].tolist() == full[measure].tolist(), (city, measure)
            else:
                assert own[measure].isna().all(), (city, measure)


@pytest.mark.parametrize("query", ["gmi_share", "incidents_by_month_gmi"])
def test_what_is_of_every_shooting_has_no_row_of_a_city_that_holds_the_killed(world, query):
    assert set(world("whole").run(query, {}, STATE).frame["city"]) == set(NAMES)
    assert set(world("one").run(query, {}, STATE).frame["city"]) == {"west", "north"}


def test_no_table_of_the_people_shot_is_cut_where_only_the_killed_are_held(world):
    frame = world("one").run("public_victims", {}, PUBLIC).frame
    frame = frame[frame["value"] != "not_supplied"]
    assert (frame.loc[frame["city"] == "east", "victims_state"] == "missing").all()
    assert (frame.loc[frame["city"] == "west", "victims_state"] != "missing").all()


KILLED_ONLY = "The source of East holds only people killed"
SHOT_ONLY = "only people shot, so homicides by any weapon there are not known"


@pytest.mark.parametrize(
    ("name", "text", "why_not"),
    [
        ("one", "No one was shot in East last week", KILLED_ONLY),
        ("one", "Shootings in East are down since last year", KILLED_ONLY),
        # A sum with a missing part is missing.
        ("one", "Shootings in the three cities are down since last year", KILLED_ONLY),
        # What is held can be said, and so can what other cities hold.
        ("one", "No one was shot in West last week", ""),
        ("one", "There were 6 homicides in East in 2025", ""),
        ("firearm", "There were 4 homicides in East in 2025", SHOT_ONLY),
        ("firearm", "Homicides are down since last year", SHOT_ONLY),
        ("firearm", "10 people were shot in East in 2025", ""),
    ],
)
def test_what_a_source_does_not_hold_is_not_said(world, name, text, why_not):
    found = claim_record.check(text, claim_record.record(world(name)))
    assert found.verdict is (Verdict.CANNOT if why_not else Verdict.SUPPORTED), (found.why, found.reading)
    assert why_not in found.why
    assert bool(found.safe) == (not why_not)


def test_what_is_open_is_not_known_of_a_city_whose_enforcement_has_just_begun(tmp_path):
    """To June 30 a case of April 1 may still be open."""
    odd = odd_release.publish_release(tmp_path)
    release = Store(odd.home).current()
    for begins, unknown in (("2026-04-01", []), ("2026-04-02", ["east"])):
        known = {"incident_groups": {"east": "2015-01-01"}, "enforcement_actions": {"east": begins}}
        manifest = {**release.manifest, "data_from": known}
        with closing(Warehouse(replace(release, manifest=manifest), odd)) as warehouse:
            context = ReportContext(odd, STATE, warehouse, TODAY)
            assert context.find_cities_without_follow_up() == [*unknown, "west"]


def publish_again(folder, settings, wounded, holds, accept=None, killed=10):
    """A city of so many people killed and wounded, whose sources hold this."""
    days = [(date(2026, 1, 5) + timedelta(weeks=n), int(n < wounded), 1) for n in range(killed)]
    incidents, victims = extracts.incidents_and_victims({"hartford": days})
    about, through = {"holds": {"outcomes": {}, "weapons": {}, **holds}}, date(2026, 3, 13)
    extracts.write(folder, "real", through, ["hartford"], about, incidents=incidents, victims=victims)
    publish(folder, settings, TODAY, accept, quiet)


KILLED = {"outcomes": {"hartford": ("fatal",)}}


def test_a_source_may_be_said_to_hold_only_the_killed_it_always_did(tmp_path, settings):
    """The false zero of the release before is put right without a reason being asked for."""
    publish_again(tmp_path / "one", settings, 0, {}, "nobody was wounded, it was thought")
    publish_again(tmp_path / "two", settings, 0, KILLED)
    manifest = Store(settings.home).current().manifest
    assert manifest["accepted_errors"] == []
    assert manifest["holds"] == {"outcomes": {"hartford": ["fatal"]}, "weapons": {}}


def test_wounded_who_were_counted_do_not_vanish_unsaid(tmp_path, settings):
    publish_again(tmp_path / "one", settings, 1, {})
    with pytest.raises(RefusedError, match="Of Hartford 1 shot and wounded were counted before"):
        publish_again(tmp_path / "two", settings, 0, KILLED)


def test_people_killed_who_vanish_are_seen_where_they_are_all_that_is_held(tmp_path, settings):
    publish_again(tmp_path / "one", settings, 0, KILLED)
    with pytest.raises(RefusedError, match="The incidents with victims of Hartford went from 10 to 5"):
        publish_again(tmp_path / "two", settings, 0, KILLED, killed=5)


# What a release is made from, and what its sources hold of victims, in words.
CITIES = {"east": "East", "west": "West", "north": "North"}


def test_the_table_names_each_citys_last_day_and_one_that_was_derived():
    two = {city: CITIES[city] for city in ("east", "west")}
    days = read_frame("""
        extract   | city | data_through | derived
        incidents | east | 2026-11-22   | yes
        incidents | west |              |
        call_ins  | east | 2026-11-20   | no
        call_ins  | west | 2026-11-20   | no
    """)
    assert sources.build_extracts_table(days, two).to_dict("records") == [
        {"Extract": "incidents", "East": "Nov 22, 2026 (derived)", "West": "–"},
        {"Extract": "call-ins", "East": "Nov 20, 2026", "West": "Nov 20, 2026"},
    ]


# What a screen rests on, in one line: what is not named of it is counted
SHOT = Provenance(
    query="counts",
    question="How many?",
    parameters={},
    viewer="public",
    query_class="public_record",
    release_id="r1",
    kind="real",
    published_on="2026-11-23",
    data_through=date(2026, 11, 22),
    derived=False,
    source="Source: P, incidents of East, data through November 22, 2026; release r1.",
    sql="",
    outside=(),
    extracts=("incidents",),
    cities=("East",),
    not_for_release=False,
)
SPOKEN = replace(SHOT, source="other", extracts=("call_ins",), cities=("West",), data_through=date(2026, 11, 20))


def test_answers_of_a_release_share_a_line_with_the_earliest_day():
    assert combine_sources([SHOT, SPOKEN, SHOT], program="P") == (
        "Source: P, incidents and call-ins of East and West, data through November 20, 2026 or later; release r1.",
    )
    synthetic = [replace(answer, kind="synthetic") for answer in (SHOT, SPOKEN)]
    assert combine_sources(synthetic, program="P")[0].startswith("SYNTHETIC demonstration data")


def test_the_foot_names_the_cities_where_they_are_not_all():
    assert "Source: incidents of East, data" in " ".join(combine_sources([SHOT], ["East", "West"]))
    published = replace(SHOT, extracts=(), published=True, source="Source: courant.com.")
    assert " ".join(combine_sources([SHOT, published], ["East"])).endswith("Source: courant.com.")
    assert " ".join(combine_sources([], ["East"])) == ""


@pytest.mark.parametrize("apart", [{"query_class": "public_table"}, {"outside": ("west",)}, {"extracts": ()}])
def test_what_was_cut_once_lacks_a_city_or_was_published_has_a_line_of_its_own(apart):
    other = replace(SPOKEN, source="Source: another.", **apart)
    assert combine_sources([other, SHOT], program="P") == (SHOT.source, "Source: another.")


# Which counts a source leaves unknown, and how that is said
ALL, WEAPONS = ("fatal", "nonfatal"), ("firearm", "knife", "blunt", "other")


@pytest.mark.parametrize(
    ("outcomes", "weapons", "known", "said"),
    [
        (ALL, WEAPONS, {*COUNTED}, ""),
        # Where only the killed are held, an incident in which no one died is in no file.
        (("fatal",), WEAPONS, {"fatal", "homicides", "fatal_incidents"}, "people killed"),
        (("nonfatal",), WEAPONS, {"nonfatal"}, "people wounded"),
        (ALL, ("firearm",), {*COUNTED} - {"homicides"}, "people shot"),
        (("fatal",), ("firearm",), {"fatal", "fatal_incidents"}, "people shot and killed"),
        ((), WEAPONS, set(), "some victims of some years"),
    ],
)
def test_which_counts_are_known_and_how_that_is_said(outcomes, weapons, known, said):
    holds = {"outcomes": {"east": outcomes}, "weapons": {"east": weapons}}
    found = victim_coverage.find_known_counts(holds, "east")
    assert {name for name, is_known in found.items() if is_known} == known
    assert availability.describe_source(holds, "east") == said
    assert all(victim_coverage.find_known_counts(holds, "west").values())


def test_why_a_count_is_missing_names_every_city_once_and_what_none_holds_is_not_offered():
    killed = {"outcomes": {"east": ("fatal",), "west": ("fatal",)}, "weapons": {}}
    assert availability.explain_missing(killed, "victims", "people shot", CITIES) == (
        "The sources of East and West hold only people killed, so people shot there are not known, which is not zero."
    )
    assert availability.explain_missing(killed, "fatal", "people shot and killed", CITIES) == ""
    measures = ("victims", "nonfatal", "fatal")
    assert availability.list_measures(killed, list(CITIES), measures) == ["fatal", "victims", "nonfatal"]
    assert availability.list_measures(killed, ["east", "west"], measures) == ["fatal"]
