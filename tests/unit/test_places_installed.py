from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pytest
import shapely

from longevity.errors import DataError, UsageError
from longevity.geography import installed_boundaries
from longevity.geography.installed_boundaries import install_boundaries
from longevity.settings import Settings
from tests.factories.areas import CRS, squares, write_squares

TODAY = date(2026, 11, 23)
CITY = "new_haven"


@pytest.fixture
def bare(settings, tmp_path):
    """The configuration with reference facts of three areas for one city."""
    facts = tmp_path / "facts"
    facts.mkdir()
    label = squares(["x"]).to_crs("EPSG:4326").geometry.iloc[0].centroid
    lines = ["city,neighbourhood,longitude,latitude,area_km2,population"]
    for name, people in (("ALPHA", "500"), ("Beta", ""), ("Gone", "7")):
        lines.append(f"{CITY},{name},{label.x},{label.y},1.0,{people}")
    (facts / "neighbourhoods.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return renamed(replace(settings, reference=facts), boundary_names={})


def renamed(settings: Settings, **keys: Any) -> Settings:
    """The configuration with more keys for the city."""
    city = settings.cities[CITY].model_copy(update=keys)
    return replace(settings, cities={**settings.cities, CITY: city})


def put(bare: Settings, file: Path) -> list[str]:
    return install_boundaries(bare, CITY, file, None, TODAY)


def kept(bare: Settings) -> gpd.GeoDataFrame:
    official = installed_boundaries.read_installed(bare, CITY)
    assert official is not None
    return official.areas


def refused(bare: Settings, file: Path) -> str:
    with pytest.raises((DataError, UsageError)) as caught:
        put(bare, file)
    assert installed_boundaries.read_installed(bare, CITY) is None
    return str(caught.value)


def write(frame: gpd.GeoDataFrame, file: Path) -> Path:
    """Areas in a GeoJSON file."""
    frame.to_crs("EPSG:4326").to_file(file, driver="GeoJSON")
    return file


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """A box in metres from the corner of the squares."""
    return shapely.box(300_000 + west, 200_000 + south, 300_000 + east, 200_000 + north)


ONE, NEXT = box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)


def shaped(folder: Path, *shapes: shapely.Geometry | None) -> Path:
    """Areas "n0", "n1", … of these shapes in metres."""
    names = [f"n{place}" for place in range(len(shapes))]
    frame = gpd.GeoDataFrame({"name": names}, geometry=list(shapes), crs=CRS)
    return write(frame, folder / "a.geojson")


def crossing() -> shapely.Polygon:
    """A square kilometre whose northern border crosses itself."""
    loop = [(0, 0), (1000, 0), (1000, 1000), (550, 1000), (450, 1050), (550, 1050), (450, 1000)]
    loop += [(0, 1000)]
    return shapely.Polygon([(300_000 + east, 200_000 + north) for east, north in loop])


def as_degrees(folder: Path, frame: gpd.GeoDataFrame) -> Path:
    """Written with these coordinates, whatever they are, as longitude and latitude."""
    return write(frame.set_crs("EPSG:4326", allow_override=True), folder / "a.geojson")


def swap_degrees(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    degrees = frame.to_crs("EPSG:4326").geometry.values
    return frame.set_geometry(shapely.transform(degrees, lambda xy: xy[:, ::-1]), crs="EPSG:4326")


def put_text(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def put_pipe(file: Path) -> Path:
    os.mkfifo(file)
    return file


def test_a_file_gives_its_areas_corner_for_corner(bare, tmp_path):
    frame = squares(["Beta", "Alpha"], population=[12.0, np.nan])
    assert "2 areas of New Haven installed" in put(bare, write(frame, tmp_path / "a.geojson"))[-1]
    areas = kept(bare)
    assert areas["neighbourhood"].tolist() == ["Alpha", "Beta"]
    assert areas["population"].tolist() == [500, 12]
    assert areas["area_km2"].tolist() == pytest.approx([1, 1], rel=1e-4)
    apart = shapely.hausdorff_distance(areas.geometry.values, frame.geometry.values[::-1])
    assert (apart < 0.01).all()


class Taken(NamedTuple):
    """A file that is taken: each area then with square kilometres and residents, and remarks."""

    make: Callable[[Path], Path]
    areas: str
    remarks: list[str]
    keys: dict[str, Any] | None = None


def named(*names: str | None, **columns: Any) -> Callable[[Path], Path]:
    return lambda at: write_squares(at / "a.geojson", names, **columns)


WARDS = squares(["x", "y"], ward=[75.0, 82.0])
WARD = {"boundary_name_prefix": "Police district ", "boundary_name_field": "ward"}
PATTERN = {"boundary_name_pattern": r"^(.*) \(\d+\)$"}
MILLS = {"boundary_names": {"west": "Mill", "east": "Mill", "sea": ""}}
TAKEN = [
    Taken(
        named("alpha", "Beta", "New"),
        "Beta 1 -, New 1 -, alpha 1 500",
        [
            "Areas without published facts of that name: New. Where two names are one place, say "
            "so under boundary_names",
            "Published facts name areas that the file does not: Gone.",
            "Without residents to divide by, and so without rates: Beta and New. A column 'population' gives them.",
        ],
    ),
    Taken(named('Al "A"', "Beta", population=[1, 2]), 'Al "A" 1 1, Beta 1 2', []),
    Taken(
        named("Two", "Other", " two ", population=[5, 6, 5]),
        "Other 1 6, Two 2 5",
        ["'Two' is 2 rows, taken as one area."],
    ),
    Taken(named("Two", "TWO", population=[5, 6]), "Two 2 -", ["without rates: every area."]),
    Taken(
        lambda at: write(WARDS, at / "a.json"),
        "Police district 75 1 -, Police district 82 1 -",
        [],
        WARD,
    ),
    Taken(named("M (82)", "Old (E) (3)", "Plain"), "M 1 -, Old (E) 1 -, Plain 1 -", [], PATTERN),
    Taken(named("M (82)", "M (83)"), "M 2 -", ["'M' is 2 rows, taken as one area."], PATTERN),
    Taken(
        named("West", "East", "Sea", "Old"),
        "Mill 2 -, Old 1 -",
        ["Left out by boundary_names: Sea.", "'Mill' is 2 rows, taken as one area."],
        MILLS,
    ),
    Taken(
        lambda at: shaped(at, ONE, box(996, 0, 2000, 1000)),
        "n0 1 -, n1 1.004 -",
        [],
    ),
    Taken(lambda at: shaped(at, shapely.force_3d(ONE, 7.0)), "n0 1 -", []),
]


@pytest.mark.parametrize("case", TAKEN, ids=[case.areas for case in TAKEN])
def test_what_is_taken_is_said(bare, tmp_path, case):
    settings = renamed(bare, **(case.keys or {}))
    remarks = "\n".join(put(settings, case.make(tmp_path)))
    areas = kept(settings)
    people = areas["population"].astype("string").fillna("-")
    rows = zip(areas["neighbourhood"], areas["area_km2"].round(4), people, strict=True)
    assert ", ".join(f"{name} {km2:g} {count}" for name, km2, count in rows) == case.areas
    assert [remark for remark in case.remarks if remark not in remarks] == []
    assert shapely.is_valid(areas.geometry.values).all()
    assert not areas.has_z.any()


class Refused(NamedTuple):
    """A file that is refused, and words of the refusal."""

    make: Callable[[Path], Path]
    said: str
    keys: dict[str, Any] | None = None


def called(column: str) -> gpd.GeoDataFrame:
    return squares(["a"]).rename(columns={"name": column})


EMPTY = json.dumps({"type": "FeatureCollection", "features": []})
REFUSED = [
    Refused(lambda at: at / "b.geojson", "There is no file"),
    Refused(lambda at: at, "is a folder"),
    Refused(lambda at: put_pipe(at / "a.geojson"), "is a pipe or a device"),
    Refused(lambda at: put_text(at / "a.kml", "<kml/>"), "is not GeoJSON, or damaged"),
    Refused(lambda at: put_text(at / "a.geojson", EMPTY), "has no rows"),
    Refused(lambda at: write(called("NAME"), at / "a.json"), "'name'. Did you mean 'NAME'?"),
    *(Refused(named("a", blank), "row 2: the area's name '' in 'name' leaves") for blank in (None, "", "  ")),
    Refused(
        named("Mill (82)"),
        "'Mill (82)' in 'name' leaves nothing to call it",
        {"boundary_name_pattern": r"^Mill(.*?) ?\("},
    ),
    Refused(named("Sea"), "every area is left out by the boundary_names of New Haven", MILLS),
    *(
        Refused(named("a", "b", Population=people), "population of 'b' is not a number of people")
        for people in (["4", "many"], [4, -1])
    ),
    Refused(lambda at: shaped(at, ONE, None), "'n1' is empty, not an area"),
    Refused(lambda at: shaped(at, ONE, ONE.exterior), "'n1' is a LineString, not an area"),
    Refused(lambda at: shaped(at, ONE, crossing()), "'n1' is not a valid area: Self-inter"),
    Refused(lambda at: shaped(at, ONE, NEXT, box(980, 0, 1800, 500)), "'n1' and 'n2' overlap on"),
    Refused(lambda at: shaped(at, ONE, box(980, 0, 1800, 500)), "'n0' and 'n1' overlap on 10,0"),
    Refused(lambda at: shaped(at, ONE, box(400, 400, 600, 600)), "overlap on 40,0"),
    Refused(lambda at: as_degrees(at, squares(["a"])), "lies outside the area in which"),
    Refused(lambda at: as_degrees(at, swap_degrees(squares(["a"]))), "seem to be swapped"),
]


@pytest.mark.parametrize("case", REFUSED, ids=[case.said for case in REFUSED])
def test_what_cannot_be_installed_is_refused(bare, tmp_path, case):
    assert case.said in refused(renamed(bare, **(case.keys or {})), case.make(tmp_path))


@pytest.mark.parametrize("content", [b"", b"garbage\x00\xff" * 1000, b"{}", b"[" * 100_000])
def test_garbage(bare, tmp_path, content):
    (tmp_path / "a.geojson").write_bytes(content)
    assert "is not GeoJSON, or damaged" in refused(bare, tmp_path / "a.geojson")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.995])
def test_a_file_cut_off_anywhere(bare, tmp_path, share):
    names = [f"A rather long name {place}" for place in range(60)]
    file = write(squares(names, population=list(range(60))), tmp_path / "a.json")
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])
    assert "is not GeoJSON, or damaged" in refused(bare, file)


def test_a_refused_file_leaves_what_was_installed(bare, tmp_path):
    put(bare, write_squares(tmp_path / "a.geojson", ["a"]))
    before = installed_boundaries.find_path(bare, CITY).read_bytes()
    with pytest.raises(DataError):
        put(bare, put_text(tmp_path / "b.geojson", "{"))
    assert installed_boundaries.find_path(bare, CITY).read_bytes() == before
