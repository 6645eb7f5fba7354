"""Configuration files for tests: a small right one, and ways to spoil it."""

import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from longevity import settings as configuration
from longevity.base import private_files
from longevity.settings import Settings

KEY = bytes(range(32))  # no secret: what is drawn with it is alike in every run

RIGHT = """
[program]
name = "A program"
state = "Elsewhere"
time_zone = "America/Denver"
projected_crs = "EPSG:32612"

[thresholds]
withheld_up_to = 5

[cities.east]
name = "East"
week_ends_on = "sunday"
launched_on = 2020-01-01

[cities.east.demonstration]
groups = 12

[demonstration]
starts_on = 2015-01-01
"""

# A second city, in place of the heading of the demonstration: write(folder, "[demonstration]", WEST).
WEST = """[cities.west]
name = "West"
launched_on = 2021-01-01

[demonstration]"""


def write(folder: Path, old: str = "", new: str = "") -> Path:
    """The right configuration with `old` replaced by `new`."""
    assert old in RIGHT
    path = folder / "elsewhere.toml"
    path.write_text(RIGHT.replace(old, new, 1) if old else RIGHT, encoding="utf-8")
    return path


def load(folder: Path, launches: Mapping[str, date], more: str = "") -> Settings:
    """The right configuration with these cities after East, keeping its releases in the folder.

    `more`: tables after them. It draws alike in every run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    cities = [f'[cities.{city}]\nname = "{city.title()}"\nlaunched_on = {day}\n' for city, day in launches.items()]
    path = write(folder, "[demonstration]", "\n".join([*cities, more, "[demonstration]"]))
    return fix_key(configuration.load_settings(path, home=folder / "home", environment={}))


def copy_of(settings: Settings, folder: Path) -> Settings:
    """The same settings, read from a file in `folder` that may be written over."""
    text = settings.config_path.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^reference = .*$", "", text)
    text = text.replace("[program]", f'[program]\nreference = "{settings.reference}"', 1)
    path = folder / "longevity.toml"
    path.write_text(text, encoding="utf-8")
    return configuration.load_settings(path, home=settings.home, environment={})


def copy_home(settings: Settings, home: Path) -> Settings:
    """The same settings with a copy of their home, which a test may damage."""
    shutil.copytree(settings.home, home)
    return replace(settings, home=home)


def fix_key(settings: Settings) -> Settings:
    """Give the home, which has no key yet, one with which it draws alike in every run."""
    path = settings.home / "signing" / "key"
    for folder in (settings.home, path.parent):
        private_files.make_private_folder(folder)
    with private_files.owner_only():
        path.write_bytes(KEY)
    return settings
