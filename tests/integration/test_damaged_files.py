"""Damaged files, each through import, check, publish and a claim: nothing false is supported.

Somebody was shot in East last week, in the file as it was meant. Each damage is tried on an
empty home and after a sound release. `-s` prints what each command said.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from longevity import cli
from tests.conftest import TODAY
from tests.factories import configs

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


# By command its exit code and its first sentence.
Said = dict[str, tuple[int, str]]
Try = Callable[[str, str], Said]


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
# What may be published as it is: nothing is missing that a count needs.
WHOLE = {"none", "an age in no row", "key on two days"}
# What the first publish cannot know: where the file ends, it ends.
UNKNOWABLE = {"the same, no day stated"}
RULES = {  # by damage: words of the finding that stops it, without a release before
    "cut at 80% of its bytes": "days before the day it is said to be complete through",
    "pasted twice": "are there twice",
    "pasted twice, with new keys": "are there twice",
    "one mistyped date": "and only 1 row from then on",
    "the same, a day stated": "and only 1 row from then on",
    "fatal only": "nobody was wounded by one",
    "weapon unknown": "victims of East is unknown",
    "newest row weeks old": "days before the day it is said to be complete through",
}


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """An empty home, and one that serves the sound file."""
    folder = tmp_path_factory.mktemp("damaged")
    configs.write(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LONGEVITY_CONFIG", str(folder / "elsewhere.toml"))
        patch.setenv("LONGEVITY_HOME", str(folder / "served"))
        write(folder, Damaged(text(sound())))
        for words in commands(folder)[:3]:
            assert cli.main(words, TODAY) == 0
        yield {"first": folder / "nothing", "next": folder / "served"}


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


@pytest.fixture
def tried(
    homes: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Try:
    """Tries a damage on a copy of a home."""

    def trying(damage: str, home: str) -> Said:
        if homes[home].exists():
            shutil.copytree(homes[home], tmp_path / "home")
        monkeypatch.setenv("LONGEVITY_HOME", str(tmp_path / "home"))
        write(tmp_path, DAMAGES[damage](sound()))
        said = {}
        for words in commands(tmp_path):
            capsys.readouterr()
            code = cli.main(words, TODAY)
            out, err = capsys.readouterr()
            lines = (out + err).replace(f"{tmp_path}/", "").splitlines()
            said[words[0]] = code, first_sentence(lines)
        print(f"\n{damage} ({home})")
        for command, (code, sentence) in said.items():
            print(f"  {command:<8}{code}  {sentence}")
        return said

    return trying


PROGRESS = (
    *("Read ", "Matching ", "Writing ", "Checking ", "Locating ", "Counting ", "Cutting "),
    *("Comparing ", "Preparing ", "warning: "),
)


def first_sentence(lines: list[str]) -> str:
    """The first that says how it went: an error, how many rows were taken, or what came of it."""
    wrong = [line for line in lines if line.startswith("error: ")]
    taken = [line for line in lines if " in = " in line]
    other = [line for line in lines if line and not line.startswith(PROGRESS)]
    return (wrong or taken or other)[0]


# Where nothing was published before, only what cannot be known then is judged otherwise.
TRIED = [(damage, "next") for damage in DAMAGES] + [(damage, "first") for damage in UNKNOWABLE]
LONGER = [
    pytest.param(damage, "first", marks=pytest.mark.audit)
    for damage in DAMAGES
    if damage not in UNKNOWABLE
]


@pytest.mark.parametrize(("damage", "home"), [*TRIED, *LONGER])
def test_nothing_false_is_supported(tried: Try, damage: str, home: str) -> None:
    said = tried(damage, home)
    published = damage in WHOLE or (damage in UNKNOWABLE and home == "first")
    assert (said["check"][0] == 0) == published
    assert (said["publish"][0] == 0) == published
    # Where something is served, somebody was shot in its last week.
    served = published or home == "next"
    assert said["claim"] == (1, "NOT SUPPORTED") if served else said["claim"][0] == 1
    if damage in RULES:
        assert RULES[damage] in said["check"][1]
