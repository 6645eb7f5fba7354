"""Damaged files, each through import, check, publish and a claim: nothing false is supported.

Each damage is tried on an empty home and after a sound release. What import and check say of it
over the sound one is in tests/golden.
"""

from __future__ import annotations

import shutil
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from longevity import cli
from longevity import settings as configuration
from longevity.auth.viewers import PUBLIC
from longevity.release.store import Release, Store
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import GOLDEN, TODAY
from tests.factories import damaged_places
from tests.factories.damaged_files import (
    DAMAGES,
    KINDS,
    commands,
    find_config,
    make_damaged,
    make_places,
    write,
)
from tools.golden import library
from tools.golden.record import read_record

# What stops a publish; the others are published as they are: nothing is missing that a count needs.
STOPPED = {
    "files": set(DAMAGES) - {"none", "an age in no row", "key on two days"},
    "rows": {
        "400 rows pasted",
        "half of the homicides called Murder",
        "a year that grew",
        "a year that doubled",
    },
    "places": {
        "local times marked UTC",
        "points 1.6 km east",
        "sexes swapped",
        "a quiet beginning",
    },
}
PASTED = "400 rows pasted"  # which is seen without a release before it
# What the first publish cannot know.
UNKNOWABLE = {"the same, no day stated", "a year that grew", "points 1.6 km east", "sexes swapped"}


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    """A home that serves the sound file of a kind, made once."""

    @cache
    def make_home(kind: str) -> Path:
        folder = tmp_path_factory.mktemp(kind)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LONGEVITY_CONFIG", str(find_config(kind, folder)))
            patch.setenv("LONGEVITY_HOME", str(folder / "served"))
            write(folder, make_damaged(kind, "none"))
            assert [cli.main(words, TODAY) for words in commands(folder)[:3]] == [0, 0, 0]
        return folder / "served"

    return make_home


WRITTEN = read_record(GOLDEN)
# Every second one; the audit tries all. Where nothing was published before, only what cannot be
# known then is judged otherwise.
TRIED = [
    pytest.param(
        *(kind, damage, home),
        marks=pytest.mark.audit
        if (at % 2 and home == "next")
        or (home == "first" and damage not in UNKNOWABLE | {"race without Hispanic", PASTED})
        else (),
    )
    for kind, damages in KINDS.items()
    for at, damage in enumerate(damages)
    for home in ("next", "first")
]


@pytest.mark.parametrize(("kind", "damage", "home"), TRIED)
def test_nothing_false_is_published_or_supported(homes, tmp_path, monkeypatch, kind, damage, home):
    if home == "next":
        shutil.copytree(homes(kind), tmp_path / "home")
    monkeypatch.setenv("LONGEVITY_CONFIG", str(find_config(kind, tmp_path)))
    monkeypatch.setenv("LONGEVITY_HOME", str(tmp_path / "home"))
    write(tmp_path, make_damaged(kind, damage))
    said = {words[0]: library.run_command(words, tmp_path) for words in commands(tmp_path)}
    published = damage not in STOPPED[kind] or (damage in UNKNOWABLE and home == "first")
    for words in ("check", "publish"):
        assert (said[words][-1] == "exit 0") == published, said
    claimed = "\n".join(said["claim"])
    if kind == "files":
        # Where something is served, somebody was shot in its last week.
        assert said["claim"][-1] == "exit 1"
        assert ("NOT SUPPORTED" in claimed) == (published or home == "next")
    if damage == "some points far away":
        far = "farther from every area than the city is wide"
        assert any(far in line for line in said["publish"])
    if home == "next":
        recorded = library.record_damaged_file(kind, damage, said)
        assert recorded == {place: WRITTEN.get(place) for place in recorded}
    check = SERVED.get((kind, damage, home))
    if check:
        check(Store(tmp_path / "home").current())


def list_located(release: Release) -> list[dict[str, Any]]:
    return list(pq.read_table(release.member("built/located.parquet")).to_pylist())


def check_all_placed(release: Release) -> None:
    assert {row["reason"] for row in list_located(release)} == {None}


def check_the_centre_is_the_city(release: Release) -> None:
    reasons = Counter(row["reason"] for row in list_located(release))
    assert reasons["city_precision"] == damaged_places.ON_CENTRE
    assert set(reasons) == {None, "city_precision"}


def check_the_airport_is_a_place(release: Release) -> None:
    airport = damaged_places.AIRPORT
    at = [row for row in list_located(release) if (row["longitude"], row["latitude"]) == airport]
    assert len(at) == damaged_places.AT_AIRPORT
    assert "city_precision" not in {row["reason"] for row in at}


def check_times_are_local(release: Release) -> None:
    wanted = {row["case"]: (row["at"][:10], int(row["at"][11:13])) for row in make_places()}
    located = list_located(release)
    assert wanted == {row["incident_id"]: (f"{row['day']}", row["hour"]) for row in located}


def check_the_name_wins(release: Release) -> None:
    named = {row["case"]: row["area"] for row in make_places()}
    located = {row["incident_id"]: row["neighbourhood"] for row in list_located(release)}
    far = damaged_places.list_cases(make_places(), damaged_places.GONE_FAR)
    assert {case: located[case] for case in far} == {case: named[case] for case in far}


def check_hispanic_is_missing(release: Release) -> None:
    """Of people shot in a year long over: not nought, as nobody ever asked."""
    settings = configuration.load_settings(home=release.path.parents[1])
    warehouse = Warehouse(release, settings)
    frame = warehouse.run("public_victims", {"year": 2024}, PUBLIC).frame
    warehouse.close()
    of_race = frame[frame["attribute"] == "race_ethnicity"].set_index("value")["victims_state"]
    assert of_race["hispanic"] == "missing"
    assert of_race["black"] != "missing"
    assert of_race["unknown"] in ("zero", "withheld")


SERVED = {
    ("places", "none", "next"): check_all_placed,
    ("places", "32 rows on the centre", "next"): check_the_centre_is_the_city,
    ("places", "an airport's own address", "next"): check_the_airport_is_a_place,
    ("places", "times in UTC", "next"): check_times_are_local,
    ("places", "some points far away", "next"): check_the_name_wins,
    ("rows", "race without Hispanic", "first"): check_hispanic_is_missing,
}
