"""Damaged files, each through import, check, publish and a claim: nothing false is supported.

Of a plain file, in which somebody was shot in East last week; of one without a key; and of one
with places, times and sexes. Each damage is tried on an empty home and after a sound release.
What import and check say of each over the sound one is in tests/golden.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
import pytest

from longevity import cli
from longevity import settings as configuration
from longevity.auth.viewers import PUBLIC
from longevity.release.store import Release, Store
from longevity.settings import ROOT
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY
from tests.drivers.commands import run_command
from tests.factories import configs, damaged_places, damaged_rows

LAST = date(2026, 11, 22)
CLAIM = "no one was shot in East last week"
HEAD = "case,city,date,outcome,weapon,age"
STATED = "[source]\ndata_through = 2026-11-22\n"
COLUMNS = """
[incidents.columns]
incident_id = "case"
city = "city"
occurred_at = "date"
[victims.columns]
outcome = "outcome"
weapon = "weapon"
age_band = { from = "age", ages = true }
"""
UTF_8 = 'encoding = "utf-8"\n'
Row = list[str]  # as in HEAD


class Damaged(NamedTuple):
    """A file and its mapping."""

    content: bytes
    mapping: str = STATED + COLUMNS


def sound() -> list[Row]:
    """Victims of almost four years, about 230 a year; the last week holds one, wounded."""
    draw = random.Random(13)
    rows, day = [], date(2023, 1, 2)
    while day < date(2026, 11, 15):
        outcome = "fatal" if draw.random() < 0.2 and day < date(2026, 11, 9) else "nonfatal"
        rows.append([f"e{len(rows)}", "East", day.isoformat(), outcome, "firearm", "23"])
        day += timedelta(days=round(draw.expovariate(1 / 1.6)))
    return [*rows, ["last", "East", "2026-11-18", "nonfatal", "firearm", "31"]]


def text(rows: list[Row]) -> bytes:
    return ("\n".join([HEAD, *(",".join(row) for row in rows)]) + "\n").encode()


def changed(rows: list[Row], column: str, value: str) -> list[Row]:
    at = HEAD.split(",").index(column)
    return [[*row[:at], value, *row[at + 1 :]] for row in rows]


def before(rows: list[Row], day: str) -> list[Row]:
    return [row for row in rows if row[2] < day]


def cut(rows: list[Row]) -> bytes:
    whole = text(rows)
    return whole[: len(whole) * 8 // 10]


def mistyped(rows: list[Row]) -> list[Row]:
    """A file of September, in which one day of 2025 was typed as one of this November."""
    old = before(rows, "2026-10-01")
    return [*old[:-200], [*old[-200][:2], "2026-11-20", *old[-200][3:]], *old[-199:]]


def pasted(rows: list[Row]) -> list[Row]:
    return [*rows, *([f"again-{row[0]}", *row[1:]] for row in rows)]


def key_again(rows: list[Row]) -> list[Row]:
    """The key of an event of long ago on the one row of last week."""
    return [*rows[:-1], [rows[500][0], *rows[-1][1:]]]


DAMAGES: dict[str, Callable[[list[Row]], Damaged]] = {
    "none": lambda rows: Damaged(text(rows)),
    "cut at 80% of its bytes": lambda rows: Damaged(cut(rows)),
    "the same, no day stated": lambda rows: Damaged(cut(rows), COLUMNS),
    "pasted twice": lambda rows: Damaged(text([*rows, *rows])),
    "pasted twice, with new keys": lambda rows: Damaged(text(pasted(rows))),
    "one mistyped date": lambda rows: Damaged(text(mistyped(rows)), COLUMNS),
    "the same, a day stated": lambda rows: Damaged(text(mistyped(rows))),
    "an age in no row": lambda rows: Damaged(text(changed(rows, "age", ""))),
    "the column of ages renamed": lambda rows: Damaged(text(rows).replace(b",age", b",years", 1)),
    "fatal only": lambda rows: Damaged(text([row for row in rows if row[3] == "fatal"])),
    "weapon unknown": lambda rows: Damaged(text(changed(rows, "weapon", "unknown"))),
    "newest row weeks old": lambda rows: Damaged(text(before(rows, "2026-10-20"))),
    "key on two days": lambda rows: Damaged(text(key_again(rows))),
    "wrong encoding": lambda rows: Damaged(
        text(rows).decode().encode("utf-16"), STATED + UTF_8 + COLUMNS
    ),
    "empty": lambda rows: Damaged(b""),
    "header only": lambda rows: Damaged(text([])),
}
KINDS: dict[str, list[str]] = {
    "files": [*DAMAGES],
    "rows": ["none", *damaged_rows.DAMAGES],
    "places": [*damaged_places.DAMAGES],
}


@cache
def make_places() -> list[damaged_places.Row]:
    return damaged_places.write_sound(configuration.load_settings(environment={}))


def make_damaged(kind: str, damage: str) -> Damaged:
    """A file of this kind with this damage."""
    if kind == "files":
        return DAMAGES[damage](sound())
    if kind == "rows":
        rows = damaged_rows.make_sound()
        rows = rows if damage == "none" else damaged_rows.DAMAGES[damage](rows)
        return Damaged(damaged_rows.to_csv(rows).encode(), damaged_rows.MAPPING)
    made = damaged_places.DAMAGES[damage](make_places())
    return Damaged(made.content.encode(), made.mapping)


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
# What the first publish cannot know.
UNKNOWABLE = {"the same, no day stated", "a year that grew", "points 1.6 km east", "sexes swapped"}


def write(folder: Path, damaged: Damaged) -> None:
    (folder / "file.csv").write_bytes(damaged.content)
    (folder / "mapping.toml").write_text(damaged.mapping, encoding="utf-8")


def commands(folder: Path) -> list[list[str]]:
    file, mapping, out = (str(folder / name) for name in ("file.csv", "mapping.toml", "out"))
    return [
        ["import", file, "--mapping", mapping, "--out", out],
        ["check", out],
        ["publish", out],
        ["claim", CLAIM],
    ]


def find_config(kind: str, folder: Path) -> Path:
    return ROOT / "longevity.toml" if kind == "places" else configs.write(folder)


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
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


# Where nothing was published before, only what cannot be known then is judged otherwise.
TRIED = [
    pytest.param(
        *(kind, damage, home),
        marks=pytest.mark.audit
        if home == "first" and kind != "rows" and damage not in UNKNOWABLE
        else (),
    )
    for kind, damages in KINDS.items()
    for damage in damages
    for home in ("next", "first")
]


@pytest.mark.parametrize(("kind", "damage", "home"), TRIED)
def test_nothing_false_is_published_or_supported(
    homes, tmp_path, monkeypatch, capsys, kind, damage, home
):
    if home == "next":
        shutil.copytree(homes(kind), tmp_path / "home")
    monkeypatch.setenv("LONGEVITY_CONFIG", str(find_config(kind, tmp_path)))
    monkeypatch.setenv("LONGEVITY_HOME", str(tmp_path / "home"))
    write(tmp_path, make_damaged(kind, damage))
    said = {words[0]: run_command(capsys, *words) for words in commands(tmp_path)}
    published = damage not in STOPPED[kind] or (damage in UNKNOWABLE and home == "first")
    assert (said["check"].code == 0, said["publish"].code == 0) == (published, published), said
    if kind == "files":
        # Where something is served, somebody was shot in its last week.
        assert said["claim"].code == 1
        assert ("NOT SUPPORTED" in said["claim"].out) == (published or home == "next")
    if damage == "some points far away":
        assert "farther from every area than the city is wide" in said["publish"].err
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
