"""What publish compares with the release before it, and what it writes of it in the ledger."""

import shutil
from datetime import date, datetime, time, timedelta
from functools import cache

import pytest

from longevity import settings as configuration
from longevity.app.publish import publish_release
from longevity.base.errors import UsageError
from longevity.geography import boundaries, installed_boundaries, reference_neighbourhoods
from longevity.release.crosscheck import check_against_served
from longevity.release.publishing import RefusedError
from longevity.release.store import Store
from tests.conftest import TODAY, UNTIL, quiet
from tests.drivers.publishing import publish
from tests.factories import configs, extracts

EAST, WEST = "new_haven", "hartford"
BEFORE = date(2026, 11, 15)


def base():
    """Ten victims a city, one an incident, five weeks apart; ten call-ins."""
    days = [(date(2026, 1, 5) + timedelta(days=34 * n), 1, 0) for n in range(10)]
    incidents, victims = extracts.incidents_and_victims({EAST: days, WEST: days})
    call_ins = [
        extracts.row("call_ins", n, EAST if n % 2 else WEST) | {"held_on": date(2026, 1, 5) + timedelta(days=30 * n)}
        for n in range(1, 11)
    ]
    return {"incidents": incidents, "victims": victims, "call_ins": call_ins}


def published(directory, settings, rows, through=UNTIL, accept=None, kind="real", progress=quiet):
    extracts.write(directory, kind, through, [EAST, WEST], **rows)
    try:
        return publish(directory, settings, TODAY, accept, progress)
    finally:
        for path in directory.iterdir():
            path.unlink()


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    """A home with the first release of a name in BEGINNINGS, made once, and how it went."""

    @cache
    def make(name):
        folder = tmp_path_factory.mktemp("begun")
        made = configuration.load_settings(home=folder / "home", environment={})
        accept = "February is empty" if name == "years" else None
        return made.home, published(folder / "in", made, BEGINNINGS[name](), BEFORE, accept)

    return make


@pytest.fixture
def begin(settings, homes):
    """Put such a release into the home of the test."""

    def copy(name):
        home, report = homes(name)
        shutil.copytree(home, settings.home)
        return report

    return copy


@pytest.fixture
def first(begin):
    return begin("base")


def find_objections(tmp_path, settings, rows, through=UNTIL):
    """What a publish of these rows would be refused for, as `check` says it."""
    extracts.write(tmp_path / "in", "real", through, [EAST, WEST], **rows)
    found = check_against_served(tmp_path / "in", settings)
    return [finding.sentence.rpartition(".parquet: ")[2] for finding in found]


def test_nothing_to_object_to_and_nothing_changed(tmp_path, settings, first):
    report = published(tmp_path / "in", settings, base())
    manifest = Store(settings.home).current().manifest
    assert (manifest["accepted_errors"], manifest["accepted"]) == ([], None)
    assert report.ledger_sentences == ["No count of earlier weeks changed."]


def test_what_is_missing_now(tmp_path, settings, first):
    rows = base()
    rows["call_ins"] = [row | {"city": EAST} for row in rows["call_ins"]]
    rows["incidents"][0]["occurred_at"] = datetime(2026, 1, 6)
    assert sorted(find_objections(tmp_path, settings, rows)) == [
        "call_ins had rows of Hartford and has none now.",
        "incidents of New Haven began on 2026-01-05 and begins on 2026-01-06 now.",
    ]


def test_data_through_that_goes_back(tmp_path, settings, first):
    objections = find_objections(tmp_path, settings, base(), date(2026, 11, 14))
    assert len(objections) == 6
    assert "incidents of Hartford was complete through 2026-11-15 and is only through 2026-11-14 now." in objections


@pytest.mark.parametrize(
    ("extract", "more", "said"),
    [
        # A mass shooting is one incident.
        ("victims", 4, ""),
        ("victims", -2, ""),
        (
            "victims",
            -3,
            "The incidents with victims of New Haven went from 10 to 7, 30% fewer; at most 25% is expected.",
        ),
        ("incidents", 5, ""),
        ("incidents", 6, "The rows of incidents went from 20 to 26, 30% more; at most 25% is expected."),
    ],
)
def test_totals_that_jump(tmp_path, settings, first, extract, more, said):
    """A quarter is allowed: of 10 incidents with victims 2, of 20 rows 5."""
    rows = base()
    first_of_all = {"incident_id": rows["incidents"][0]["incident_id"]}
    of = first_of_all if extract == "victims" else {"occurred_at": datetime(2026, 11, 20)}
    own = [extracts.row(extract, 90 + n, EAST, **of) for n in range(more)]
    rows[extract] = rows[extract][-more:] if more < 0 else [*rows[extract], *own]
    assert find_objections(tmp_path, settings, rows) == [said] * bool(said)


def of_years(more=0, year=2024):
    """A person a day in 2023 to 2025 but February; `more` were shot besides in a year."""
    first = date(2023, 1, 1)
    days = [first + timedelta(days=n) for n in range(0, 3 * 365 + 200)]
    days = [day for day in days if day.month != 2]
    extra = [day for day in days if day.year == year][:more]
    incidents, victims = extracts.incidents_and_victims({EAST: [(d, 1, 0) for d in days + extra]})
    return {"incidents": incidents, "victims": victims}


@pytest.mark.parametrize(
    ("year", "more", "stopped"), [(2024, 16, False), (2024, 17, True), (2026, 42, False), (2026, 44, True)]
)
def test_a_year_that_grew(tmp_path, settings, begin, year, more, stopped):
    """One in twenty may be late in a year long over, a quarter in one that goes on; not all."""
    begin("years")
    objections = find_objections(tmp_path, settings, of_years(more, year))
    before = {2024: 337, 2026: 171}[year]
    assert [f"{more} more than the {before} of {year}" in line for line in objections] == [True] * stopped


def test_years_before_the_first_are_no_growth(tmp_path, settings):
    whole = of_years()
    late = {name: [row for row in rows if row["incident_id"] > f"{EAST}-00100"] for name, rows in whole.items()}
    published(tmp_path / "in", settings, late, BEFORE, accept="February is empty")
    assert not [line for line in find_objections(tmp_path, settings, whole) if "are new in weeks" in line]


@pytest.mark.parametrize(("gone_after", "stopped"), [(0, True), (1, False)])
def test_victims_may_go_from_a_day_that_was_not_complete_and_make_up_for_none_that_was(
    tmp_path, settings, gone_after, stopped
):
    """Of one week a Wednesday is complete and a Thursday is not; five victims go from either."""
    wednesday, old = date(2026, 11, 11), date(2026, 1, 5)
    days = [wednesday, wednesday + timedelta(days=1)]
    incidents, victims = extracts.incidents_and_victims(
        {EAST: [(old, 15, 0), (old, 10, 0), *((day, 5, 0) for day in days)], WEST: [(old, 1, 0)]}
    )

    def rows(*, but):
        gone = incidents[2 + days.index(but)]["incident_id"]
        left = [victim for victim in victims if victim["incident_id"] != gone]
        return {"incidents": incidents, "victims": left}

    before = {"incidents": incidents, "victims": victims} if gone_after else rows(but=days[1])
    published(tmp_path / "in", settings, before, wednesday)
    found = find_objections(tmp_path, settings, rows(but=days[gone_after]))
    assert ["are gone from weeks that were complete: 5 of 30 of 2026" in line for line in found] == [True] * stopped


def without_call_ins():
    """Without the call-ins of both cities, and without four of the ten victims of East."""
    rows = base()
    del rows["call_ins"]
    return rows | {"victims": rows["victims"][4:]}


FOUND = [f"city_missing:{WEST}", f"city_missing:{EAST}", f"jumps:{EAST}"]


@pytest.mark.parametrize(
    ("accept", "left"),
    [
        ([], FOUND),
        (["jumps", f"city_missing:{EAST}"], FOUND[:1]),
        ([f"jumps:{WEST}", "city_missing"], FOUND[2:]),
        (["against_the_release_before"], FOUND),
    ],
)
def test_an_error_that_is_not_named_stops_a_publish_and_says_its_name(tmp_path, settings, first, accept, left):
    extracts.write(tmp_path / "in", "real", UNTIL, [EAST, WEST], **without_call_ins())
    with pytest.raises(RefusedError) as refused:
        publish_release(tmp_path / "in", settings, TODAY, "cleaned", accept=accept)
    said = refused.value.what.split("\n")
    assert [line.partition("--accept ")[2].partition(" ")[0] for line in said] == left
    assert Store(settings.home).current().id == first.release_id


@pytest.mark.parametrize(("name", "said"), [(f"jump:{EAST}", f"'jumps:{EAST}'"), ("hole", "Valid: ")])
def test_a_name_of_which_no_error_was_found_is_refused(tmp_path, settings, first, name, said):
    extracts.write(tmp_path / "in", "real", UNTIL, [EAST, WEST], **without_call_ins())
    with pytest.raises(UsageError) as refused:
        publish_release(tmp_path / "in", settings, TODAY, "cleaned", accept=["jumps", "city_missing", name])
    assert f"--accept {name}: no such error was found" in refused.value.what
    assert said in refused.value.do
    assert Store(settings.home).current().id == first.release_id


def test_what_was_accepted_goes_into_the_manifest_with_its_reason(tmp_path, settings, first):
    rows = without_call_ins()
    objections = find_objections(tmp_path, settings, rows)
    extracts.write(tmp_path / "in", "real", UNTIL, [EAST, WEST], **rows)
    publish_release(
        tmp_path / "in", settings, TODAY, "  the source was cleaned ", accept=["city_missing", f"jumps:{EAST}"]
    )
    manifest = Store(settings.home).current().manifest
    assert manifest["accepted"] == "the source was cleaned"
    errors = manifest["accepted_errors"]
    assert [row["sentence"].partition(": ")[2] for row in errors] == objections
    assert [f"{row['rule']}:{row['city']}" for row in errors] == FOUND
    assert manifest["previous"] == first.release_id
    # Published again after a rollback, it is the same release, with the reason it has.
    Store(settings.home).rollback(first.release_id)
    progress: list[str] = []
    published(tmp_path / "in", settings, rows, accept="once more", progress=progress.append)
    assert progress[-1].endswith("the reason given now is written down nowhere.")
    assert Store(settings.home).current().manifest["accepted"] == "the source was cleaned"


def test_another_secret_is_refused_until_a_reason_is_given(tmp_path, settings, first):
    drawn_by = Store(settings.home).current().manifest["drawn_by"]
    (settings.home / "signing" / "key").write_bytes(configs.KEY)
    said = f"signing/key: it is not the secret that drew the public tables of {first.release_id}."
    assert find_objections(tmp_path, settings, base()) == [said]
    with pytest.raises(RefusedError, match=said):
        published(tmp_path / "in", settings, base())
    assert Store(settings.home).current().id == first.release_id
    published(tmp_path / "in", settings, base(), accept="others had copied the old one")
    content = Store(settings.home).current().manifest
    assert content["accepted"] == "others had copied the old one"
    assert [error["sentence"] for error in content["accepted_errors"]] == [said]
    assert content["drawn_by"] not in ("", drawn_by)
    # From here on it is the secret.
    assert find_objections(tmp_path, settings, base()) == []


def test_a_home_without_the_secret_of_its_releases_is_told_and_makes_none(tmp_path, settings, first):
    shutil.rmtree(settings.home / "signing")
    (said,) = find_objections(tmp_path, settings, base())
    assert said.startswith("signing/key: it is not the secret")
    assert not (settings.home / "signing").exists()


def test_the_oldest_rows_of_persons_may_go(tmp_path, settings):
    """The duty to destroy begins with the oldest listings."""
    people = [extracts.row("people", n, EAST) | {"listed_on": date(2020 if n > 2 else 2019, 1, 1)} for n in range(1, 9)]
    published(tmp_path / "in", settings, base() | {"people": people}, BEFORE)
    assert find_objections(tmp_path, settings, base() | {"people": people[2:]}) == []


@pytest.mark.audit
@pytest.mark.parametrize("between", ["the other kind", "rolled back"])
def test_a_release_between_that_is_not_served_is_passed_over(tmp_path, settings, first, between):
    if between == "rolled back":
        few = base() | {"victims": base()["victims"][5:]}
        published(tmp_path / "in", settings, few, accept="by mistake")
        Store(settings.home).rollback(first.release_id)
    else:
        published(tmp_path / "in", settings, base(), UNTIL, "to rehearse", kind="synthetic")
    published(tmp_path / "in", settings, base())
    assert Store(settings.home).current().manifest["previous"] == first.release_id


def test_the_ledger_of_a_week(tmp_path, settings, first):
    rows = base()
    east = [incident for incident in rows["incidents"] if incident["city"] == EAST]
    west = [victim for victim in rows["victims"] if victim["city"] == WEST]
    # Two victims more in an old week, one of the old ones died, another is no victim.
    rows["victims"] += [extracts.row("victims", 90 + n, EAST, incident_id=east[3]["incident_id"]) for n in range(2)]
    rows["victims"][0] |= {"outcome": "fatal", "died_on": date(2026, 1, 9)}
    west[2]["weapon"] = "knife"
    # What became of incidents.
    place = reference_neighbourhoods.read_neighbourhoods(settings, WEST).iloc[0]
    east[5]["circumstance"] = "accident"
    for one in east[1:3]:
        one["gmi"] = "confirmed"
    of_west = [incident for incident in rows["incidents"] if incident["city"] == WEST]
    of_west[4] |= {"longitude": place.longitude, "latitude": place.latitude}
    # Of an event after the older release's data-through nothing is a revision.
    rows["incidents"].append(extracts.row("incidents", 500, EAST, occurred_at=datetime(2026, 11, 20)))
    report = published(tmp_path / "in", settings, rows)
    assert report.ledger_sentences == [
        "Hartford: 1 victim removed from earlier weeks, 1 incident moved to another neighbourhood.",
        "New Haven: 2 victims added to earlier weeks, 1 victim removed from earlier weeks, "
        "1 person wounded earlier has since died, 1 incident changed circumstance, 2 incidents changed group "
        "involvement.",
    ]
    manifest = Store(settings.home).current().manifest
    assert manifest["previous"] == first.release_id


def test_of_the_last_day_covered_only_what_changed_is_a_revision(tmp_path, settings):
    rows = base()
    for incident in rows["incidents"]:
        if incident["occurred_at"].date() > date(2026, 11, 1):
            incident["occurred_at"] = datetime.combine(BEFORE, time())
    published(tmp_path / "in", settings, rows, through=BEFORE)
    gone = max((victim for victim in rows["victims"] if victim["city"] == EAST), key=lambda row: row["victim_id"])
    rows["victims"].remove(gone)
    report = published(tmp_path / "in", settings, rows)
    assert report.ledger_sentences == ["New Haven: 1 victim removed from earlier weeks."]


def test_new_codes_for_all_are_no_new_victims(tmp_path, settings, first):
    """A record system that was replaced gives every row another code; one victim is gone."""
    rows = base()
    rows["victims"] = [victim | {"victim_id": f"new-{victim['victim_id']}"} for victim in rows["victims"]]
    gone = next(victim for victim in rows["victims"] if victim["city"] == EAST)
    rows["victims"].remove(gone)
    report = published(tmp_path / "in", settings, rows)
    assert report.ledger_sentences == ["New Haven: 1 victim removed from earlier weeks."]


@pytest.mark.audit
def test_what_moved_with_new_boundaries_is_counted(tmp_path, settings):
    places = reference_neighbourhoods.read_neighbourhoods(settings, WEST)
    points = places[["longitude", "latitude"]].to_dict("records")
    rows = base()
    west = [incident for incident in rows["incidents"] if incident["city"] == WEST]
    # Seven of ten lie in another area then, which is no fault of the data.
    for at, place in enumerate([0, 0, 0, 1, 1, 1, 2, 2]):
        west[at] |= points[place]
    published(tmp_path / "in", settings, rows, BEFORE)
    # One incident of an area that stays as it was is moved by its sender.
    west[7] |= points[3]
    # The names of its first two areas are exchanged.
    full, lines = boundaries.find_boundaries(settings, WEST).full, tmp_path / "lines.geojson"
    first, second, *others = full["neighbourhood"]
    named = full.assign(name=[second, first, *others])[["name", "geometry"]]
    named.to_crs("EPSG:4326").to_file(lines)
    installed_boundaries.install_boundaries(settings, WEST, lines, None, TODAY)
    report = published(tmp_path / "in", settings, rows)
    assert report.ledger_sentences == [f"{settings.city(WEST).name}: 7 incidents moved to another neighbourhood."]


def with_people(sexes, several=1, outcome="nonfatal"):
    """Ten incidents of East with so many victims each, of these sexes in turn."""
    rows = base()
    east = [victim for victim in rows["victims"] if victim["city"] == EAST]
    rows["victims"] = [victim for victim in rows["victims"] if victim["city"] != EAST]
    for at in range(len(east) * several):
        victim = east[at // several]
        own = {"victim_id": f"{victim['victim_id']}-{at}", "sex": sexes[at % len(sexes)], "outcome": outcome}
        rows["victims"].append(victim | own)
    return rows


BEGINNINGS = {
    "base": base,
    "years": of_years,
    "male": lambda: with_people(["male"]),
    "unknown": lambda: with_people(["unknown"]),
}


@pytest.mark.parametrize(
    ("before", "after", "outcome", "said"),
    [
        ("male", ["female"] * 5 + ["male"] * 5, "nonfatal", "5 (50%) are of another"),
        ("male", ["female"] * 4 + ["male"] * 6, "nonfatal", ""),  # few are revised one by one
        ("male", ["unknown"] * 5 + ["male"] * 5, "nonfatal", "5 (50%) are of another"),
        ("unknown", ["female"] * 10, "nonfatal", ""),  # what was not known is known now
        ("male", ["male"], "fatal", "10 (100%) have another outcome now"),
    ],
)
def test_a_column_read_the_other_way_round_is_refused(tmp_path, settings, begin, before, after, outcome, said):
    begin(before)
    rows = with_people(after, outcome=outcome)
    found = find_objections(tmp_path, settings, rows)
    assert any(said in sentence for sentence in found) if said else found == []


def test_victims_of_an_incident_in_another_order_are_no_others(tmp_path, settings):
    """Where a source has no code of victims they are numbered by its rows."""
    published(tmp_path / "in", settings, with_people(["male", "female"], several=2), BEFORE)
    assert find_objections(tmp_path, settings, with_people(["female", "male"], several=2)) == []
