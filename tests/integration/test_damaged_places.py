"""Damaged places, times and sexes, each through import, check and publish, over two homes.

What can be seen is refused or read rightly; `-s` prints what each command said.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
import pytest

from longevity import settings as configuration
from longevity.release.store import Store
from longevity.settings import Settings
from tests.drivers.commands import CommandResult, run_command
from tests.factories import damaged_places
from tests.factories.damaged_places import AT_AIRPORT, DAMAGES, GONE_FAR, ON_CENTRE


class Tried(NamedTuple):
    """What each command said, and the incidents that are served then, by code."""

    imported: CommandResult
    checked: CommandResult
    published: CommandResult
    located: dict[str, dict[str, Any]]


Try = Callable[[str, str], Tried]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> list[damaged_places.Row]:
    home = tmp_path_factory.mktemp("sound")
    return damaged_places.write_sound(configuration.load_settings(home=home, environment={}))


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Where the home that serves the sound file is made, by the first that needs it."""
    return {"next": tmp_path_factory.mktemp("served") / "home"}


@pytest.fixture
def attempt(
    sound: list[damaged_places.Row],
    homes: dict[str, Path],
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Try:
    """Tries a damage over an empty home (`first`), or over one that serves the sound file."""
    monkeypatch.setenv("LONGEVITY_HOME", str(settings.home))

    def run(damage: str) -> list[CommandResult]:
        damaged = DAMAGES[damage](sound)
        (tmp_path / "file.csv").write_text(damaged.content, encoding="utf-8")
        (tmp_path / "mapping.toml").write_text(damaged.mapping, encoding="utf-8")
        out = tmp_path / "out"
        shutil.rmtree(out, ignore_errors=True)
        file, mapping = tmp_path / "file.csv", tmp_path / "mapping.toml"
        return [
            run_command(capsys, "import", file, "--mapping", mapping, "--out", out),
            run_command(capsys, "check", out),
            run_command(capsys, "publish", out),
        ]

    def trying(damage: str, home: str) -> Tried:
        if home == "next":
            if not homes[home].exists():
                assert [said.code for said in run("none")] == [0, 0, 0]
                shutil.copytree(settings.home, homes[home])
                shutil.rmtree(settings.home)
            shutil.copytree(homes[home], settings.home)
        said = run(damage)
        print(f"\n{damage} ({home})")
        for one in said:
            print(f"  {one.code}", one.out + one.err)
        located: dict[str, dict[str, Any]] = {}
        if said[-1].code == 0:
            release = Store(settings.home).current()
            rows = pq.read_table(release.member("built/located.parquet")).to_pylist()
            located = {row["incident_id"]: row for row in rows}
        return Tried(*said, located)

    return trying


def over_both(damage: str) -> pytest.MarkDecorator:
    """Over a good release always, over an empty home in the audit."""
    first = pytest.param(damage, "first", marks=pytest.mark.audit)
    return pytest.mark.parametrize(("damage", "home"), [(damage, "next"), first])


@over_both("none")
def test_the_sound_file_is_published_as_it_is(attempt: Try, damage: str, home: str) -> None:
    tried = attempt(damage, home)
    assert [tried.checked.code, tried.published.code] == [0, 0]
    assert {row["reason"] for row in tried.located.values()} == {None}


@over_both("32 rows on the centre")
def test_rows_on_the_centre_are_counted_for_the_city_only(
    attempt: Try, damage: str, home: str
) -> None:
    tried = attempt(damage, home)
    assert f"name the column of its address: address = … under [incidents]: {ON_CENTRE} rows" in (
        tried.imported.out + tried.imported.err
    )
    reasons = Counter(row["reason"] for row in tried.located.values())
    assert reasons["city_precision"] == ON_CENTRE
    assert set(reasons) == {None, "city_precision"}


@over_both("an airport's own address")
def test_an_address_that_many_rows_give_is_a_place(attempt: Try, damage: str, home: str) -> None:
    tried = attempt(damage, home)
    assert tried.published.code == 0
    at = [
        row
        for row in tried.located.values()
        if (row["longitude"], row["latitude"]) == damaged_places.AIRPORT
    ]
    assert len(at) == AT_AIRPORT
    assert "city_precision" not in {row["reason"] for row in at}


@over_both("local times marked UTC")
def test_local_times_marked_utc_are_refused_with_the_key_to_set(
    attempt: Try, damage: str, home: str
) -> None:
    tried = attempt(damage, home)
    said = tried.imported.out + tried.imported.err
    assert "as local times they have the hours of shootings. Set z_is_local = true" in said
    assert tried.checked.code == tried.published.code == 1
    assert "(z_is_local = true)" in tried.checked.out


@over_both("times in UTC")
def test_times_in_utc_become_the_local_ones(
    attempt: Try, sound: list[damaged_places.Row], damage: str, home: str
) -> None:
    tried = attempt(damage, home)
    assert "So they have the hours of shootings." in tried.imported.out + tried.imported.err
    assert [tried.checked.code, tried.published.code] == [0, 0]
    wanted = {row["case"]: (row["at"][:10], int(row["at"][11:13])) for row in sound}
    assert wanted == {
        case: (row["day"].isoformat(), row["hour"]) for case, row in tried.located.items()
    }


def test_points_moved_are_refused_over_what_was_served(attempt: Try) -> None:
    tried = attempt("points 1.6 km east", "next")
    assert tried.checked.code == tried.published.code == 1
    for said in (tried.checked.out, tried.published.err):
        assert "lie in another area or in none now" in said


@pytest.mark.audit
def test_points_moved_are_warned_of_where_nothing_was_served(attempt: Try) -> None:
    tried = attempt("points 1.6 km east", "first")
    assert "the neighbourhood given is not the one the coordinates lie in" in (
        tried.published.out + tried.published.err
    )


@over_both("some points far away")
def test_a_point_far_from_the_city_does_not_win_over_the_name(
    attempt: Try, sound: list[damaged_places.Row], damage: str, home: str
) -> None:
    tried = attempt(damage, home)
    assert tried.published.code == 0
    assert "farther from every area than the city is wide" in (
        tried.published.out + tried.published.err
    )
    named = {row["case"]: row["area"] for row in sound}
    far = damaged_places.list_cases(sound, GONE_FAR)
    placed = {case: tried.located[case]["neighbourhood"] for case in far}
    assert placed == {case: named[case] for case in far}


def test_sexes_swapped_are_refused_over_what_was_served(attempt: Try) -> None:
    tried = attempt("sexes swapped", "next")
    assert tried.checked.code == tried.published.code == 1
    for said in (tried.checked.out, tried.published.err):
        assert "(100%) are of another sex now" in said


@over_both("a quiet beginning")
def test_a_quiet_beginning_is_asked_about(attempt: Try, damage: str, home: str) -> None:
    tried = attempt(damage, home)
    assert "Say data_from = 2023-01-02" in tried.checked.out
    assert tried.published.code == 1


@over_both("a quiet beginning, data_from stated")
def test_a_stated_data_from_ends_the_question(attempt: Try, damage: str, home: str) -> None:
    tried = attempt(damage, home)
    assert [tried.checked.code, tried.published.code] == [0, 0]
