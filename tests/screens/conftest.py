"""The releases that screens are walked over, each made once in a process, at first use."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from longevity import settings as configuration
from longevity.release.person_references import list_text_columns
from longevity.settings import Settings
from tests.factories import holdings_release, odd_release
from tests.factories.violence_release import USUAL, publish_release

World = Callable[[str], Settings]
HOSTILE = ("=cmd|' /C calc'!A0", "<script>alert(1)</script>", "'; DROP TABLE groups; --", "+1[x](http://x)<img src=x>")
MORE = "**bold** [x](javascript:alert(1)) $x$ " + "W" * 150  # as long as a label may be
AREAS = ("<script>alert(1)</script>", "**bold** [x](http://x) $x$", "# A :red[B] & C, D")


def publish_hostile(folder: Path) -> Settings:
    """Publish the odd release with every text the contract takes made to do harm."""
    make_rows = odd_release.rows

    def make_hostile(**tables: str) -> dict[str, Any]:
        made = make_rows(**tables)
        for name, lines in made.items():
            for column in set(list_text_columns(name)) - {"label", "agency"}:
                for row in lines:
                    row[column] = MORE
        for at, row in enumerate(made["groups"]):
            row["label"] = HOSTILE[at]
        made["enforcement_actions"][0]["agency"] = HOSTILE[3]
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(odd_release, "rows", make_hostile)
        return odd_release.publish_release(folder)


def publish_unlaunched(folder: Path, *days: str) -> Settings:
    """Publish USUAL, and serve it without these days on which a program began."""
    settings = publish_release(folder, USUAL)
    text = settings.config_path.read_text(encoding="utf-8")
    for day in days:
        text = text.replace(f"launched_on = {day}\n", "")
    settings.config_path.write_text(text, encoding="utf-8")
    return configuration.load_settings(settings.config_path, home=settings.home, environment={})


def publish_ended(folder: Path) -> Settings:
    """Publish USUAL with West's source, which ended with 2024."""
    last = date(2024, 12, 31)
    events = USUAL | {"west": [(date(2022, 12, 5), 1, 0), (date(2024, 6, 1), 1, 0)]}
    through = {"east": date(2026, 6, 30), "west": last}
    settings = publish_release(folder, events, through=through)
    text = settings.config_path.read_text(encoding="utf-8")
    text = text.replace("launched_on = 2021-01-01\n", f"launched_on = 2021-01-01\nended_on = {last}\n")
    settings.config_path.write_text(text, encoding="utf-8")
    return configuration.load_settings(settings.config_path, home=settings.home, environment={})


BEGUN, BEGAN = ("call_ins", "invitations", "releases_from_custody"), date(2026, 1, 15)
ENDED = ("people", "incident_groups", "releases_from_custody")
BEFORE = {city: [event for event in USUAL[city] if event[0].year < 2026] for city in USUAL}
RELEASES: dict[str, Callable[[Path], Settings]] = {
    "counts": lambda folder: publish_release(folder, USUAL),
    "counts shown": lambda folder: publish_release(folder, USUAL, kind="synthetic"),
    "east alone": lambda folder: publish_release(folder, {"east": USUAL["east"]}, cities=["east"]),
    "quiet year": lambda folder: publish_release(folder, BEFORE),
    "uneven": lambda folder: publish_release(
        folder, {"east": [(date(2022, 1, 5), 3, 0)], "west": [(date(2024, 6, 1), 1, 0)]}
    ),
    "late west": lambda folder: publish_release(
        folder,
        {
            "east": [(date(2024, 1, 5), 2, 0), (date(2025, 3, 1), 1, 0), (date(2026, 2, 1), 4, 1)],
            "west": [(date(2026, 5, 3), 3, 1)],
        },
    ),
    "west ended": publish_ended,
    "no launch": lambda folder: publish_unlaunched(folder, "2020-01-01", "2021-01-01"),
    "one launch": lambda folder: publish_unlaunched(folder, "2021-01-01"),
    "odd": odd_release.publish_release,
    "begun": lambda folder: odd_release.publish_release(folder, data_from={name: {"east": BEGAN} for name in BEGUN}),
    "ended": lambda folder: odd_release.publish_release(folder, ends=dict.fromkeys(ENDED, date(2026, 4, 30))),
    "hostile": publish_hostile,
    "hostile areas": lambda folder: publish_release(folder, {"east": USUAL["east"]}, areas=AREAS, cities=["east"]),
    "killed in one": lambda folder: holdings_release.publish_release(
        folder, {"east": holdings_release.FATAL}, "synthetic"
    ),
}


@pytest.fixture(scope="session")
def world(tmp_path_factory, request):
    """Settings that serve a release of RELEASES by its name, or the demonstration. Read only."""
    made: dict[str, Settings] = {}

    def find_world(name: str) -> Settings:
        if name == "demonstration":
            return request.getfixturevalue("published")
        if name not in made:
            made[name] = RELEASES[name](tmp_path_factory.mktemp(name.replace(" ", "-")))
        return made[name]

    return find_world
