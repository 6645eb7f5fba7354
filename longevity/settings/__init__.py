"""The configuration: places, thresholds and where things are kept.

`load_settings` reads `longevity.toml` strictly (an unknown key is an error) and returns one
`Settings`. Nothing else in the library reads the environment, but for the secrets of the sign-in
(`auth.sign_in_provider`), which are never part of `Settings`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from longevity.base import toml_file
from longevity.base.errors import ConfigError, UsageError, suggest_nearest
from longevity.settings.models import (
    Access,
    Branding,
    City,
    Configuration,
    Demonstration,
    EvaluationSettings,
    Mail,
    Signing,
    Thresholds,
)

__all__ = [
    "ROOT",
    "Access",
    "Branding",
    "City",
    "Settings",
    "Signing",
    "Thresholds",
    "find_config",
    "load_settings",
    "refuse_later_days",
]
ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Settings:
    """Everything configured, read once."""

    config_path: Path
    home: Path
    reference: Path
    program: str
    state: str
    time_zone: ZoneInfo
    projected_crs: str
    state_reference_key: str
    together_reference_key: str
    address: str  # where visitors come to, as https://dashboard.example; "" where it is not said
    thresholds: Thresholds
    cities: dict[str, City]
    demonstration: Demonstration
    evaluation: EvaluationSettings
    access: Access
    mail: Mail
    branding: Branding
    signing: Signing

    def city(self, city_id: str) -> City:
        """Return the city with this id; a UsageError that names the nearest one otherwise."""
        if city_id not in self.cities:
            raise UsageError(
                f"There is no city '{city_id}' in {self.config_path.name}.",
                suggest_nearest(city_id, self.cities),
            )
        return self.cities[city_id]

    @property
    def going_on(self) -> list[str]:
        """The ids of the cities whose source has not ended; of all where every one has."""
        going_on = [city.id for city in self.cities.values() if city.ended_on is None]
        return going_on or [*self.cities]

    def name_city(self, city_id: str) -> str:
        """Return a city's name; the id itself where an older release has a city that is gone."""
        return self.cities[city_id].name if city_id in self.cities else city_id


def find_config(environment: Mapping[str, str]) -> Path:
    """Return the configuration: LONGEVITY_CONFIG, else `longevity.toml` next to the application."""
    return Path(environment.get("LONGEVITY_CONFIG") or ROOT / "longevity.toml")


def load_settings(
    config_path: Path | None = None,
    home: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Settings:
    """Read the configuration file.

    `config_path` and `home` win over LONGEVITY_CONFIG and LONGEVITY_HOME, which
    win over `longevity.toml` and `data/` next to the application. Raises
    ConfigError with the file, the line, the key and the nearest valid key.
    """
    env = os.environ if environment is None else environment
    path = config_path or find_config(env)
    written = dict(toml_file.read_toml(path).check(Configuration))
    program = dict(written.pop("program"))
    return Settings(
        config_path=path,
        home=home or Path(env.get("LONGEVITY_HOME") or ROOT / "data"),
        reference=path.resolve().parent / program.pop("reference"),
        **program,
        **written,
    )


def refuse_later_days(settings: Settings, today: date) -> None:
    """Raise ConfigError where a program begins, or a source has ended, on a day to come."""
    for city in settings.cities.values():
        for key, what in (("launched_on", "the program has begun"), ("ended_on", "it has ended")):
            day = getattr(city, key)
            if day is None or day <= today:
                continue
            raise ConfigError(
                f"{settings.config_path}: 'cities.{city.id}.{key}' is {day}, a day to come.",
                f"Leave it out until {what}.",
            )
