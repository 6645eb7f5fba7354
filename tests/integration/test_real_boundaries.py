"""The cities' full lines and real incidents, where they lie next to the project."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from longevity import settings as configuration
from longevity.geography import boundaries, installed_boundaries
from longevity.geography.locate import locate_points
from longevity.settings import Settings

REAL = Path(__file__).resolve().parents[2].parent / "shared" / "real"
LINES = REAL / "boundaries"
INCIDENTS = REAL / "incidents" / "gva_ct_2013_2018.csv"
TODAY = date(2026, 11, 23)
CITIES = list(configuration.load_settings(environment={}).cities)

pytestmark = pytest.mark.skipif(
    not INCIDENTS.exists() or not all((LINES / f"{city}.geojson").exists() for city in CITIES),
    reason="the real boundaries and incidents are not beside the project",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home in which every city's full lines are installed."""
    settings = configuration.load_settings(home=tmp_path_factory.mktemp("home"), environment={})
    for city in settings.cities:
        report = installed_boundaries.install_boundaries(
            settings, city, LINES / f"{city}.geojson", None, TODAY
        )
        assert report.areas == len(gpd.read_file(LINES / f"{city}.geojson"))
    return settings


def test_the_outlines_that_ship_place_every_incident_as_the_full_lines_do(home):
    bare = replace(home, home=home.home / "nothing installed")
    rows = pd.read_csv(INCIDENTS)
    same = 0
    for city in home.cities.values():
        of_city = rows[rows["city"] == city.name]
        full, shipped = (
            locate_points(
                of_city["longitude"],
                of_city["latitude"],
                boundaries.find_boundaries(settings, city.id),
            )
            for settings in (home, bare)
        )
        assert full.tolist() == shipped.tolist()
        same += sum(name is not None for name in full)
    assert same == 1552
