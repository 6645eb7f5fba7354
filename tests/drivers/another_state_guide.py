"""docs/another-state.md as a test follows it: its own files and commands, and made-up data.

The page gives the configuration, the mappings and the first rows of each city's file; the
rows after those and the boundaries, which a reader brings, are made here.
"""

import io
import json
import random
import re
import shlex
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from longevity import cli
from longevity.settings import ROOT
from tests.conftest import TODAY

PAGE = ROOT / "docs" / "another-state.md"
BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
THROUGH = date(2026, 11, 22)
FIRST = date(2017, 1, 1)
SIDE = 3  # areas in a row, and rows of them
WIDTH = 0.02  # degrees an area is wide
# Each city's south-west corner, and how its boundary file names area n.
CORNERS = {"ashmoor": (-92.42, 38.60), "brindle-falls": (-86.13, 38.18)}
WORDS = (
    "Old Mill",
    "Quarry",
    "Harbour",
    "Orchard",
    "Foundry",
    "Terrace",
    "Cannery",
    "Ridge",
    "Bend",
)


def _blocks(kind: str) -> list[tuple[str, str]]:
    """The page's code blocks of one kind: the file each is to be, and its text."""
    found = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    return [(file, text) for language, file, text in found if language == kind]


def files(kind: str) -> dict[str, str]:
    """The files the page gives, by name."""
    return {file: text for file, text in _blocks(kind) if file}


def commands() -> list[list[str]]:
    """Every command of the page after that, as words without `longevity`."""
    lines = [line for _, text in _blocks("sh")[1:] for line in text.splitlines()]
    words = [shlex.split(line) for line in lines]
    assert all(line[0] == "longevity" for line in words)
    return [line[1:] for line in words]


def supply(folder: Path) -> None:
    """Put into an empty folder what the page shows, and what it says a reader brings."""
    for name, text in files("toml").items():
        (folder / name).write_text(text, encoding="utf-8")
    for seed, (name, text) in enumerate(files("csv").items()):
        more = _rows(name.removesuffix(".csv"), random.Random(seed))
        (folder / name).write_text(text + "".join(f"{row}\n" for row in more), encoding="utf-8")
    for name in CORNERS:
        (folder / f"{name}.geojson").write_text(json.dumps(_areas(name)), encoding="utf-8")


def follow(folder: Path) -> dict[str, str]:
    """Run the page's commands but `serve` in a folder of its own: each with what it printed."""
    supply(folder)
    printed = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("LONGEVITY_CONFIG", str(folder / "longevity.toml"))
        patch.setenv("LONGEVITY_HOME", str(folder / "home"))
        patch.setattr("longevity.app.publish.draw_pictures", lambda *_: None)
        for words in commands():
            line = " ".join(words)
            if words[0] == "serve":
                continue
            out = io.StringIO()
            with redirect_stdout(out), redirect_stderr(out):
                code = cli.main(words, TODAY)
            # A claim ends with 1 where it may not be said.
            assert code == 0 or (words[0] == "claim" and code == 1), f"{line}: {out.getvalue()}"
            printed[line] = out.getvalue()
    return printed


def _rows(city: str, dice: random.Random) -> list[str]:
    """Shootings from FIRST to THROUGH, about six a month, a few of them with two victims."""
    rows, at, number = [], datetime.combine(FIRST, datetime.min.time()), 0
    west, south = CORNERS[city]
    while True:
        at += timedelta(minutes=round(dice.expovariate(1 / (5 * 24 * 60))))
        if at.date() > THROUGH:
            return rows
        number += 1
        column, row = (min(int(dice.triangular(0, SIDE, 0)), SIDE - 1) for _ in range(2))
        lon = west + WIDTH * (column + dice.uniform(0.05, 0.95))
        lat = south + WIDTH * (row + dice.uniform(0.05, 0.95))
        hurt = 2 if dice.random() < 0.15 else 1
        killed = sum(dice.random() < 0.2 for _ in range(hurt))
        if city == "ashmoor":
            # Now and then nobody noted where, but for the district.
            point = "," if dice.random() < 0.03 else f"{lat:.4f},{lon:.4f}"
            place = f"{point},{_number(SIDE * row + column)}"
            # Few are shot in the morning; as many as in the afternoon would be times in UTC.
            told = at + timedelta(hours=9) if 5 <= at.hour < 10 else at
            case = f"{at.year}-{900000 + number},{told:%m/%d/%Y %H:%M},{place}"
            rows += [
                f"{case},{'Killed' if one < killed else 'Injured'},{dice.randint(14, 61)},{dice.choice('MMMF')}"
                for one in range(hurt)
            ]
        else:
            rows.append(f"m{number},{at.date()},{lon:.4f},{lat:.4f},{killed},{hurt - killed}")


def _areas(city: str) -> dict[str, object]:
    """Nine square areas; those of one city are numbers with residents, those of the other words."""
    west, south = CORNERS[city]
    features = []
    for at in range(SIDE * SIDE):
        row, column = divmod(at, SIDE)
        x, y = west + WIDTH * column, south + WIDTH * row
        ring = [[x, y], [x + WIDTH, y], [x + WIDTH, y + WIDTH], [x, y + WIDTH], [x, y]]
        named: dict[str, object] = (
            {"district": _number(at), "population": 4000 + 500 * at}
            if city == "ashmoor"
            else {"label": f"{WORDS[at]} ({at + 1})"}
        )
        features.append(
            {
                "type": "Feature",
                "properties": named,
                "geometry": {"type": "Polygon", "coordinates": [[_rounded(p) for p in ring]]},
            }
        )
    return {"type": "FeatureCollection", "features": features}


def _number(at: int) -> int:
    return 75 + at


def _rounded(point: Sequence[float]) -> list[float]:
    return [round(each, 6) for each in point]
