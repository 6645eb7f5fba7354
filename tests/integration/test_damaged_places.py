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


# By damage: how check and publish end over a good release, and words of the import and of both.
OVER_GOOD: dict[str, tuple[int, str, str]] = {
    "none": (0, "", ""),
    "32 rows on the centre": (
        0,
        f"name the column of its address: address = … under [incidents]: {ON_CENTRE} rows",
        "",
    ),
    "an airport's own address": (0, "", ""),
    "local times marked UTC": (
        1,
        "as local times they have the hours of shootings. Set z_is_local = true",
        "(z_is_local = true)",
    ),
    "times in UTC": (0, "So they have the hours of shootings.", ""),
    "points 1.6 km east": (1, "", "lie in another area or in none now"),
    "some points far away": (0, "", "farther from every area than the city is wide"),
    "sexes swapped": (1, "", "(100%) are of another sex now"),
    "a quiet beginning": (1, "", "Say data_from = 2023-01-02"),
    "a quiet beginning, data_from stated": (0, "", ""),
}
# Where nothing was served before, of these nobody can know; the first is warned of.
UNKNOWABLE: dict[str, tuple[int, str, str]] = {
    "points 1.6 km east": (0, "", "the neighbourhood given is not the one the coordinates lie in"),
    "sexes swapped": (0, "", ""),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("home", ["next", pytest.param("first", marks=pytest.mark.audit)])
def test_what_can_be_seen_is_refused_or_read_rightly(
    attempt: Try, sound: list[damaged_places.Row], damage: str, home: str
) -> None:
    tried = attempt(damage, home)
    expected = (OVER_GOOD | UNKNOWABLE if home == "first" else OVER_GOOD)[damage]
    code, imported, said = expected
    assert (tried.checked.code, tried.published.code) == (code, code)
    assert imported in tried.imported.out + tried.imported.err
    # What stops it says check; what it goes on with, and what was otherwise before, publish.
    assert said in tried.checked.out or not code
    if not code or damage in UNKNOWABLE:
        assert said in tried.published.out + tried.published.err
    if damage in HOW_LOCATED and not code:
        HOW_LOCATED[damage](tried.located, sound)


Located = dict[str, dict[str, Any]]


def _all_placed(located: Located, _: list[damaged_places.Row]) -> None:
    assert {row["reason"] for row in located.values()} == {None}


def _centre_is_the_city(located: Located, _: list[damaged_places.Row]) -> None:
    reasons = Counter(row["reason"] for row in located.values())
    assert reasons["city_precision"] == ON_CENTRE
    assert set(reasons) == {None, "city_precision"}


def _airport_is_a_place(located: Located, _: list[damaged_places.Row]) -> None:
    airport = damaged_places.AIRPORT
    at = [row for row in located.values() if (row["longitude"], row["latitude"]) == airport]
    assert len(at) == AT_AIRPORT
    assert "city_precision" not in {row["reason"] for row in at}


def _times_are_local(located: Located, sound: list[damaged_places.Row]) -> None:
    wanted = {row["case"]: (row["at"][:10], int(row["at"][11:13])) for row in sound}
    assert wanted == {case: (row["day"].isoformat(), row["hour"]) for case, row in located.items()}


def _the_name_wins(located: Located, sound: list[damaged_places.Row]) -> None:
    named = {row["case"]: row["area"] for row in sound}
    far = damaged_places.list_cases(sound, GONE_FAR)
    assert {case: located[case]["neighbourhood"] for case in far} == {c: named[c] for c in far}


HOW_LOCATED = {
    "none": _all_placed,
    "32 rows on the centre": _centre_is_the_city,
    "an airport's own address": _airport_is_a_place,
    "times in UTC": _times_are_local,
    "some points far away": _the_name_wins,
}
