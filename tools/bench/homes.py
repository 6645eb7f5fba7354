"""The homes that are measured: synthetic extracts of a size, drawn and published here."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from tests.drivers import command_process

# How many worlds the demonstration draws: 8,000 victims each.
SIZES = {"demonstration": 1, "1m": 125, "10m": 1250}
TITLES = {"demonstration": "demonstration", "1m": "1 million victims", "10m": "10 million victims"}


@dataclass(frozen=True)
class Step:
    """What one command took."""

    name: str
    seconds: float
    cpu_seconds: float
    peak_bytes: int


@dataclass(frozen=True)
class BenchHome:
    """A home, and what making it took; nothing of one that was there."""

    home: Path
    steps: tuple[Step, ...] = ()

    def step(self, name: str) -> Step | None:
        """What this command took, if it was run."""
        return next((one for one in self.steps if one.name == name), None)


def make(size: str, folder: Path, say: Callable[[str], None]) -> BenchHome:
    """The home of a size below `folder`; one that is there is taken, with what it took then."""
    place = folder / size
    home, told = place / "home", place / "made.json"
    if told.exists():
        steps = json.loads(told.read_text(encoding="utf-8"))
        return BenchHome(home, tuple(Step(**step) for step in steps))
    shutil.rmtree(place, ignore_errors=True)  # half made
    extracts = place / "extracts"
    until = date.today() - timedelta(days=1)
    steps = []
    for name, words in (
        ("demo", ("--out", str(extracts), "--until", str(until), "--scale", str(SIZES[size]))),
        ("publish", (str(extracts),)),
    ):
        say(f"  {name} …")
        one = command_process.run_command(name, *words, home=home, today=date.today())
        if one.code:
            raise RuntimeError(f"{name} of the size {size} ended with {one.code}: {one.stderr}")
        steps.append(Step(name, one.seconds, one.cpu_seconds, one.peak_bytes))
    shutil.rmtree(extracts)  # the release holds them; at ten million they are half a gigabyte
    told.write_text(json.dumps([asdict(step) for step in steps]), encoding="utf-8")
    return BenchHome(home, tuple(steps))
