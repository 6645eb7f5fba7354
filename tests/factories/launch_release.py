"""One release of three made-up cities, to be read with whatever launches a test configures."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random

from longevity import settings as configuration
from longevity.app.publish import publish_release as publish
from longevity.settings import Settings
from tests.conftest import TODAY, quiet
from tests.factories import configs, extracts

LATE = date(2021, 6, 1)  # the data of North begin here
FIRST = {"east": date(2008, 1, 1), "west": date(2008, 1, 1), "north": LATE}
THROUGH = {"east": date(2026, 11, 20), "west": date(2026, 3, 31), "north": date(2026, 11, 20)}
A_MONTH = 8
USUAL = {"east": date(2012, 11, 26), "west": date(2022, 1, 1), "north": date(2024, 1, 1)}


def configure(folder: Path, launches: Mapping[str, date] = USUAL, until: str = "") -> Settings:
    """Configure the three cities with these launches; `until`, where given, in [evaluation]."""
    launched = USUAL | dict(launches)
    own = {city: day for city, day in launched.items() if city != "east"}
    path = configs.load(folder, own).config_path
    text = path.read_text("utf-8").replace("launched_on = 2020-01-01", f"launched_on = {launched['east']}")
    path.write_text(text + (f'\n[evaluation]\nuntil = "{until}"\n' if until else ""), encoding="utf-8")
    return configuration.load_settings(path, home=folder / "home", environment={})


def publish_release(folder: Path) -> None:
    """Publish about eight shootings a month in each city, and nothing that any launch did."""
    dice = Random(4)
    events = {
        city: [
            (first + timedelta(day), 1, 0)
            for day in range((THROUGH[city] - first).days + 1)
            if dice.random() < A_MONTH / 30.4
        ]
        for city, first in FIRST.items()
    }
    incidents, victims = extracts.incidents_and_victims(events)
    both = {"incidents": THROUGH, "victims": THROUGH}
    out = extracts.write(folder / "extracts", "real", both, incidents=incidents, victims=victims)
    publish(out, configure(folder), TODAY, "Nobody was killed.", quiet)
