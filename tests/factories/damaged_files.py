"""Damaged files by kind: a plain one, in which somebody was shot in East last week; one without a
key; and one with places, times and sexes.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from longevity import settings as configuration
from longevity.settings import ROOT
from tests.factories import configs, damaged_places, damaged_rows

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


def write(folder: Path, damaged: Damaged) -> None:
    (folder / "file.csv").write_bytes(damaged.content)
    (folder / "mapping.toml").write_text(damaged.mapping, encoding="utf-8")


def commands(folder: Path) -> list[list[str]]:
    file, mapping, out = (str(folder / name) for name in ("file.csv", "mapping.toml", "out"))
    return [
        ["import", file, "--mapping", mapping, "--out", out],
        ["check", out],
        ["publish", "--no-pictures", out],
        ["claim", CLAIM],
    ]


def find_config(kind: str, folder: Path) -> Path:
    return ROOT / "longevity.toml" if kind == "places" else configs.write(folder)
