"""Published: three made-up cities of five years, of which some sources hold only some victims.

Each city has, a quarter, incidents of its own, told by plain loops: who was killed or wounded,
by which weapon. What a source is said not to hold is in no row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from longevity import settings as configuration
from longevity.app.publish import publish_release as publish
from longevity.ingest import extracts_file
from longevity.settings import Settings
from tests.conftest import TODAY, quiet
from tests.factories import configs, extracts, seeded_draws
from tests.factories.areas import write_reference

CITIES = """
[cities.west]
name = "West"
launched_on = 2023-01-01

[cities.north]
name = "North"
launched_on = 2023-01-01

[demonstration]"""
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

Victims = Sequence[tuple[str, str]]  # outcome, weapon
# What happens in a city on the first of February, and on the first of May, of each year.
HAPPENED: tuple[Victims, ...] = (
    (("fatal", "firearm"), ("nonfatal", "firearm"), ("nonfatal", "firearm")),
    (("nonfatal", "firearm"),),
    (("fatal", "knife"),),
    (("fatal", "firearm"),),
)


def select_held(victims: Victims, holds: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Select the victims that a source holds."""
    return [
        (outcome, weapon)
        for outcome, weapon in victims
        if outcome in holds.get("outcomes", (outcome,)) and weapon in holds.get("weapons", (weapon,))
    ]


def publish_release(folder: Path, holds: Mapping[str, Mapping[str, Sequence[str]]], kind: str = "real") -> Settings:
    """Publish it, and return settings that serve it. `holds`: by city, the words of each key."""
    loaded = seeded_draws.fix_key(configure(folder))
    incidents, victims = rows(holds)
    days = dict.fromkeys(NAMES, THROUGH)
    out = extracts.write(
        folder / "extracts", kind, {"incidents": days, "victims": days}, incidents=incidents, victims=victims
    )
    said = extracts_file.read_extracts_file(out, loaded)
    for city, keys in holds.items():
        for key, words in keys.items():
            said.holds[key][city] = tuple(words)
    extracts_file.write_extracts_file(out, said)
    publish(out, loaded, TODAY, None, quiet)
    return loaded


def configure(folder: Path) -> Settings:
    """Configure the three cities, each with its areas; nothing is published yet."""
    folder.mkdir(parents=True, exist_ok=True)
    path = configs.write(folder, "[demonstration]", CITIES.strip())
    _areas(folder)
    return configuration.load_settings(path, home=folder / "home", environment={})


def rows(holds: Mapping[str, Mapping[str, Sequence[str]]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The incidents and victims of all cities. `holds`: as `released` takes it."""
    incidents: list[dict[str, Any]] = []
    victims: list[dict[str, Any]] = []
    for city in NAMES:
        _happened(city, holds.get(city, {}), incidents, victims)
    return incidents, victims


def _happened(
    city: str, holds: Mapping[str, Sequence[str]], incidents: list[dict[str, Any]], victims: list[dict[str, Any]]
) -> None:
    longitude = AREAS[city.capitalize()][1]
    for year in YEARS:
        for month in (2, 5):
            for hour, hurt in enumerate(HAPPENED, start=18):
                told = select_held(hurt, holds)
                if not told:
                    continue
                code = f"{city}-{year}-{month}-{hour}"
                incidents.append(
                    extracts.row(
                        "incidents",
                        len(incidents) + 1,
                        city,
                        incident_id=code,
                        occurred_at=datetime(year, month, 1, hour),
                        recorded_on=date(year, month, 2),
                        longitude=longitude + 0.02 * (hour % 2),
                        # No two on one point, which would stand for the whole city.
                        latitude=40.75 + len(incidents) / 100_000,
                    )
                )
                for outcome, weapon in told:
                    victims.append(
                        extracts.row(
                            "victims",
                            len(victims) + 1,
                            city,
                            incident_id=code,
                            outcome=outcome,
                            weapon=weapon,
                            died_on=date(year, month, 1) if outcome == "fatal" else None,
                        )
                    )


def _areas(folder: Path) -> None:
    for city, (names, west) in AREAS.items():
        places = {name: (west + 0.02 * at, 40.75) for at, name in enumerate(names)}
        write_reference(folder / "data" / "reference", city, places, 40_000)
