from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from pyproj import CRS, Geod

from longevity import settings as configuration
from longevity.errors import DataError
from longevity.geography.reference_neighbourhoods import list_neighbourhoods
from longevity.settings import Settings

HEADER = "city,neighbourhood,longitude,latitude,area_km2,population,definition,source_url\n"
CONFIG = """
[program]
name = "A program"
state = "A state"
time_zone = "Europe/London"
projected_crs = "{crs}"
reference = "nothing here"
"""


@pytest.fixture
def facts(settings: Settings, tmp_path: Path) -> Settings:
    """The configuration with a reference folder of the test's own."""
    (tmp_path / "facts").mkdir()
    return replace(settings, reference=tmp_path / "facts")


def elsewhere(tmp_path: Path, crs: str, cities: int, centre: str = "") -> Settings:
    text = CONFIG.format(crs=crs) + "".join(
        f'[cities.c{n}]\nname = "City {n}"\nlaunched_on = 2020-01-01\n'
        + (f"[cities.c{n}.demonstration]\ncentre = {centre}\n" if centre else "")
        for n in range(cities)
    )
    (tmp_path / "other.toml").write_text(text, encoding="utf-8")
    return configuration.load_settings(tmp_path / "other.toml", tmp_path / "home", {})


def write(facts: Settings, *rows: str, header: str = HEADER) -> None:
    text = header + "".join(row + "\n" for row in rows)
    (facts.reference / "neighbourhoods.csv").write_text(text, encoding="utf-8")


def test_published_areas_come_sorted_with_their_figures(facts: Settings) -> None:
    city = next(iter(facts.cities))
    write(facts, f"{city},Zeta,-72.9,41.3,1.5,1200,d,u", f"{city},Alpha,-72.8,41.2,2.5,,d,u")
    alpha, zeta = list_neighbourhoods(facts, city, synthetic=False)
    assert (zeta.name, zeta.longitude, zeta.latitude) == ("Zeta", -72.9, 41.3)
    assert (zeta.area_km2, zeta.population) == (1.5, 1200)
    assert (alpha.name, alpha.population) == ("Alpha", None)


def test_a_city_is_found_by_its_reference_key(facts: Settings) -> None:
    city = next(iter(facts.cities.values()))
    write(facts, f"{city.reference_key},Alpha,-72.9,41.3,1.5,1200,d,u")
    assert [each.city for each in list_neighbourhoods(facts, city.id, synthetic=False)] == [city.id]


def test_what_is_not_known_is_no_zero(facts: Settings) -> None:
    city = next(iter(facts.cities))
    write(facts, f"{city},Alpha,-72.9,41.3,1.5,0,d,u", f"{city},Beta,-72.9,41.3,,5,d,u")
    alpha, beta = list_neighbourhoods(facts, city, synthetic=False)
    assert alpha.population is None
    assert math.isnan(beta.area_km2)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{city},Alpha,-72.9,forty,1,1,d,u", "line 2: 'latitude' is not a number"),
        ("{city},Alpha,,41.3,1,1,d,u", "line 2: longitude and latitude are not a place"),
        ("{city},Alpha,-72.9,141.3,1,1,d,u", "not a place"),
        ("{city},Alpha,-72.9,41.3,inf,1,d,u", "not a finite number"),
        ("{city}, ,-72.9,41.3,1,1,d,u", "has no name"),
        ("{city},Alpha,-72.9", "not a place"),
    ],
)
def test_a_wrong_row_is_named_by_line(facts: Settings, row: str, said: str) -> None:
    city = next(iter(facts.cities))
    write(facts, row.format(city=city))
    with pytest.raises(DataError, match=said):
        list_neighbourhoods(facts, city, synthetic=False)


def test_a_file_that_cannot_be_used_is_refused(facts: Settings) -> None:
    city = next(iter(facts.cities))
    write(facts, f"{city},Alpha,-72.9,41.3,1,1,d,u", f"{city},ALPHA,-72.8,41.3,1,1,d,u")
    with pytest.raises(DataError, match="there twice"):
        list_neighbourhoods(facts, city, synthetic=False)
    write(facts, header="city,neighbourhood,longitude\n")
    with pytest.raises(DataError, match="no column 'latitude'"):
        list_neighbourhoods(facts, city, synthetic=False)
    (facts.reference / "neighbourhoods.csv").write_bytes(b"\xff\xfe\x00" * 50)
    with pytest.raises(DataError, match="cannot be read"):
        list_neighbourhoods(facts, city, synthetic=False)


def test_real_data_without_facts_has_no_areas(facts: Settings) -> None:
    assert list_neighbourhoods(facts, next(iter(facts.cities)), synthetic=False) == []


@pytest.mark.parametrize("crs", ["EPSG:27700", "EPSG:2193", "EPSG:3395", "EPSG:32633"])
def test_invented_areas_lie_where_the_system_is_used_and_apart(tmp_path: Path, crs: str) -> None:
    made = elsewhere(tmp_path, crs, cities=4)
    used = CRS.from_user_input(crs).area_of_use
    assert used is not None
    centres = []
    for city in made.cities:
        areas = list_neighbourhoods(made, city, synthetic=True)
        assert len({each.name for each in areas}) == len(areas) >= 12
        assert sum(each.population is None for each in areas) == 1
        for each in areas:
            assert used.south < each.latitude < used.north
            assert used.west < each.longitude < used.east
        first = next(each for each in areas if each.name == "Area 1")
        centres.append((first.longitude, first.latitude))
    metres = [
        Geod(ellps="WGS84").inv(*one, *other)[2]
        for place, one in enumerate(centres)
        for other in centres[:place]
    ]
    assert min(metres) > 20_000


def test_invented_areas_are_always_the_same(tmp_path: Path) -> None:
    first = list_neighbourhoods(elsewhere(tmp_path, "EPSG:27700", 2), "c1", synthetic=True)
    again = list_neighbourhoods(elsewhere(tmp_path, "EPSG:27700", 2), "c1", synthetic=True)
    assert first == again


def test_invented_areas_lie_round_the_configured_centre(tmp_path: Path) -> None:
    made = elsewhere(tmp_path, "EPSG:27700", 1, centre="[-1.5, 53.8]")
    for each in list_neighbourhoods(made, "c0", synthetic=True):
        assert Geod(ellps="WGS84").inv(-1.5, 53.8, each.longitude, each.latitude)[2] < 6000


def test_a_system_without_an_area_of_use_is_served_round_its_origin(tmp_path: Path) -> None:
    crs = "+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +units=m"
    made = elsewhere(tmp_path, crs, cities=2)
    for city in made.cities:
        for each in list_neighbourhoods(made, city, synthetic=True):
            assert abs(each.longitude - 10) < 1.5
            assert abs(each.latitude - 52) < 1.5
