"""Published: three made-up cities of five years, of which some sources hold only some victims.

Each city has, a quarter, incidents of its own, counted by plain loops: who was killed or wounded,
by which weapon. What a source is said not to hold is in no row.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import product
from pathlib import Path
from typing import Any

from longevity.settings import Settings
from tests.conftest import TODAY, quiet
from tests.drivers.publishing import publish
from tests.factories import configs, extracts
from tests.factories.areas import write_reference

NAMES = ("east", "west", "north")
THROUGH = date(2026, 6, 30)
YEARS = range(2021, 2027)
FATAL = {"outcomes": ("fatal",)}
FIREARM = {"weapons": ("firearm",)}
AREAS = {
    "East": (["Hill", "Harbour"], -111.90),
    "West": (["Meadow", "Mill"], -111.60),
    "North": (["Pine", "Lake"], -111.30),
}

Holds = Mapping[str, Sequence[str]]
Victims = Sequence[tuple[str, str]]  # outcome, weapon
# What happens in a city on the first of February, and on the first of May, of each year.
HAPPENED: tuple[Victims, ...] = (
    (("fatal", "firearm"), ("nonfatal", "firearm"), ("nonfatal", "firearm")),
    (("nonfatal", "firearm"),),
    (("fatal", "knife"),),
    (("fatal", "firearm"),),
)


def publish_release(folder: Path, holds: Mapping[str, Holds], kind: str = "real") -> Settings:
    """Publish it, and return settings that serve it. `holds`: by city, the words of each key."""
    loaded = configure(folder)
    incidents, victims = rows(holds)
    days = dict.fromkeys(NAMES, THROUGH)
    about = {"holds": {key: {c: tuple(h[key]) for c, h in holds.items() if key in h} for key in (*FATAL, *FIREARM)}}
    both = {"incidents": days, "victims": days}
    out = extracts.write(folder / "extracts", kind, both, about=about, incidents=incidents, victims=victims)
    publish(out, loaded, TODAY, None, quiet)
    return loaded


def configure(folder: Path) -> Settings:
    """Configure the three cities, each with its areas; nothing is published yet."""
    for city, (names, west) in AREAS.items():
        places = {name: (west + 0.02 * at, 40.75) for at, name in enumerate(names)}
        write_reference(folder / "data" / "reference", city, places, 40_000)
    return configs.load(folder, dict.fromkeys(NAMES[1:], date(2023, 1, 1)))


def rows(holds: Mapping[str, Holds]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The incidents and victims of all cities. `holds`: as `publish_release` takes it."""
    incidents: list[dict[str, Any]] = []
    victims: list[dict[str, Any]] = []
    for city, year, month, (hour, hurt) in product(NAMES, YEARS, (2, 5), enumerate(HAPPENED, 18)):
        own, day = holds.get(city, {}), date(year, month, 1)
        held = [
            {"outcome": outcome, "weapon": weapon, "died_on": day if outcome == "fatal" else None}
            for outcome, weapon in hurt
            if outcome in own.get("outcomes", (outcome,)) and weapon in own.get("weapons", (weapon,))
        ]
        if not held:
            continue
        about = {"incident_id": f"{city}-{year}-{month}-{hour}", "occurred_at": datetime(year, month, 1, hour)}
        about["recorded_on"] = date(year, month, 2)
        # No two on one point, which would stand for the whole city.
        about["longitude"] = AREAS[city.capitalize()][1] + 0.02 * (hour % 2)
        about["latitude"] = 40.75 + len(incidents) / 100_000
        incidents.append(extracts.row("incidents", len(incidents) + 1, city, **about))
        for words in held:
            victims.append(extracts.row("victims", len(victims) + 1, city, incident_id=about["incident_id"], **words))
    return incidents, victims
