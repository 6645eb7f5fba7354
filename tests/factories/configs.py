"""Configuration files for tests: a small right one, and ways to spoil it."""

from __future__ import annotations

import re
from pathlib import Path

from longevity import settings as configuration
from longevity.settings import Settings

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


def write(folder: Path, old: str = "", new: str = "") -> Path:
    """The right configuration with `old` replaced by `new`."""
    assert old in RIGHT
    path = folder / "elsewhere.toml"
    path.write_text(RIGHT.replace(old, new, 1) if old else RIGHT, encoding="utf-8")
    return path


def copy_of(settings: Settings, folder: Path) -> Settings:
    """The same settings, read from a file in `folder` that may be written over."""
    text = settings.config_path.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^reference = .*$", "", text)
    text = text.replace("[program]", f'[program]\nreference = "{settings.reference}"', 1)
    path = folder / "longevity.toml"
    path.write_text(text, encoding="utf-8")
    return configuration.load_settings(path, home=settings.home, environment={})
