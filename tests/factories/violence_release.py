"""Incidents and victims without any program: of two made-up cities, published; of a real one, as extracts."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from longevity.settings import Settings
from tests.conftest import TODAY, quiet
from tests.drivers.publishing import publish
from tests.factories import configs, extracts
from tests.factories.areas import write_reference

Events = Sequence[tuple[date, int, int]]
THROUGH = date(2026, 6, 30)

USUAL = {
    "east": [(date(2024, 5, 1), 2, 0), (date(2025, 3, 1), 1, 1), (date(2026, 2, 3), 4, 0)],
    "west": [(date(2024, 6, 1), 1, 0), (date(2026, 4, 5), 0, 1)],
}


def publish_release(
    folder: Path,
    events: Mapping[str, Events],
    areas: Sequence[str] = ("Hill", "Harbour"),
    cities: Sequence[str] = ("east", "west"),
    through: Mapping[str, date] | None = None,
    people: Mapping[str, Sequence[Mapping[str, str]]] | None = None,
    kind: str = "real",
) -> Settings:
    """Publish incidents and victims of two made-up cities, East with these areas.

    Its incidents lie in its areas in turn. Only `cities` say how far their data go: to
    THROUGH, or to their day in `through`. A city's victims are `people` in turn; without any
    nothing is known of them.
    """
    loaded = configs.load(folder, {"west": date(2021, 1, 1)})
    places = {name: (-111.90 + at * 0.02, 40.75) for at, name in enumerate(areas)}
    write_reference(folder / "data" / "reference", "east", places, 4000)
    incidents, victims = extracts.incidents_and_victims(events)
    for at, incident in enumerate(i for i in incidents if i["city"] == "east"):
        incident["longitude"], incident["latitude"] = -111.90 + at % len(areas) * 0.02, 40.75
    for city, described in (people or {}).items():
        for victim, words in zip((v for v in victims if v["city"] == city), itertools.cycle(described), strict=False):
            victim.update(words)
    days = dict(through or dict.fromkeys(cities, THROUGH))
    all_days = {"incidents": days, "victims": days}
    out = extracts.write(folder / "extracts", kind, all_days, incidents=incidents, victims=victims)
    # Made-up events are few and end early: no check of that is meant here.
    publish(out, loaded, TODAY, "made up for a test", quiet)
    return loaded


REAL_CITIES = ("new_haven", "hartford", "bridgeport")
SWAPPED = {"male": "female", "female": "male"}


OUTCOMES = {True: "fatal", False: "nonfatal"}


def write_sexes(
    folder: Path, through: date = date(2025, 4, 30), swapped: bool = False, late: int = 0, kind: str = "real"
) -> Path:
    """Write 40 men, 18 women, 8 others and 7 unknown shot in one city in 2024, a few in 2025.

    `late`: women of 2024 more, as entered since.
    """
    sexes = ["male"] * 40 + ["female"] * 18 + ["other"] * 8 + ["unknown"] * 7 + ["female"] * late
    shot = [
        (
            datetime(2024, 1 + n % 12, 2 + n % 26 if n else 1, 13 + n % 10, n % 60),
            SWAPPED.get(sex, sex) if swapped else sex,
        )
        for n, sex in enumerate(sexes)
    ]
    # A source that goes on until the day it says.
    shot += [
        (datetime(2025, month, 28, 20 + month % 3, 11), "unknown")
        for month in range(1, 5)
        if date(2025, month, 28) <= through
    ]
    incidents = [extracts.row("incidents", n, "hartford", occurred_at=at) for n, (at, _) in enumerate(shot)]
    victims = [
        extracts.row(
            *("victims", n, "hartford"), incident_id=incident["incident_id"], sex=sex, outcome=OUTCOMES[n % 5 == 0]
        )
        for n, (incident, (_, sex)) in enumerate(zip(incidents, shot, strict=True))
    ]
    return extracts.write(folder, kind, through, REAL_CITIES, incidents=incidents, victims=victims)
