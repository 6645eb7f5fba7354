from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from longevity.errors import DataError, UsageError
from longevity.geography import installed_boundaries
from longevity.geography.installed_boundaries import InstallReport, install_boundaries
from longevity.settings import Settings
from tests.factories.areas import CRS, squares, write_squares

TODAY = date(2026, 11, 23)


@pytest.fixture
def bare(settings: Settings, tmp_path: Path) -> Settings:
    """The configuration with reference facts of three areas for its first city."""
    facts = tmp_path / "facts"
    facts.mkdir()
    city = next(iter(settings.cities))
    label = squares(["x"]).to_crs("EPSG:4326").geometry.iloc[0].centroid
    lines = ["city,neighbourhood,longitude,latitude,area_km2,population"]
    for name, people in (("ALPHA", "500"), ("Beta", ""), ("Gone", "7")):
        lines.append(f"{city},{name},{label.x},{label.y},1.0,{people}")
    (facts / "neighbourhoods.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    named = replace(settings.cities[city], boundary_name_field="name", boundary_names={})
    return replace(settings, reference=facts, cities={**settings.cities, city: named})


def put(bare: Settings, file: Path, name_field: str | None = None) -> InstallReport:
    return install_boundaries(bare, next(iter(bare.cities)), file, name_field, TODAY)


def kept(bare: Settings) -> gpd.GeoDataFrame:
    official = installed_boundaries.read_installed(bare, next(iter(bare.cities)))
    assert official is not None
    return official.areas


def with_shape(tmp_path: Path, *shapes: shapely.Geometry | None, crs: str = CRS) -> Path:
    """Areas "n0", "n1", … of these shapes in metres, written as GeoJSON."""
    frame = gpd.GeoDataFrame(
        {"name": [f"n{place}" for place in range(len(shapes))]}, geometry=list(shapes), crs=crs
    )
    file = tmp_path / "shapes.geojson"
    frame.to_crs("EPSG:4326").to_file(file, driver="GeoJSON")
    return file


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """A box in metres from the corner of the squares."""
    return shapely.box(300_000 + west, 200_000 + south, 300_000 + east, 200_000 + north)


FORMATS = ["a.geojson", "a.json", "a.gpkg", "a.zip"]


def write(frame: gpd.GeoDataFrame, file: Path, folder: str = "") -> Path:
    """Areas in a file of the kind its name says; of an archive, in this folder of it."""
    if file.suffix == ".zip":
        inside = file.with_suffix("") / folder
        inside.mkdir(parents=True, exist_ok=True)
        frame.to_file(inside / f"in{len(list(inside.iterdir()))}.shp")
        shutil.make_archive(str(file.with_suffix("")), "zip", file.with_suffix(""))
    else:
        wgs = frame.to_crs("EPSG:4326") if "json" in file.suffix else frame
        wgs.to_file(file, driver="GPKG" if file.suffix == ".gpkg" else "GeoJSON")
    return file


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_gives_the_same_areas(bare: Settings, tmp_path: Path, name: str) -> None:
    frame = squares(["Beta", "Alpha"], population=[12.0, np.nan])
    report = put(bare, write(frame, tmp_path / name))
    areas = kept(bare)
    assert report.areas == 2
    assert areas["neighbourhood"].tolist() == ["Alpha", "Beta"]
    assert areas["population"].tolist() == [500, 12]
    assert areas["area_km2"].tolist() == pytest.approx([1, 1], rel=1e-4)
    apart = shapely.hausdorff_distance(areas.geometry.values, frame.geometry.values[::-1])
    assert (apart < 0.01).all()


def test_a_shapefile_in_a_folder_of_an_archive(bare: Settings, tmp_path: Path) -> None:
    assert put(bare, write(squares(["a"]), tmp_path / "a.zip", "a folder")).areas == 1


ORDER = (
    '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer>'
    "</OGRVRTDataSource>"
)


def test_a_file_that_is_an_order_to_read_another_is_refused(bare: Settings, tmp_path: Path) -> None:
    """GDAL takes some texts, whatever they are called, for orders to read elsewhere."""
    other = write_squares(tmp_path / "other.geojson", ["a"])
    order = ORDER.format(other)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.shp", order)
    assert "a.shp is not a Shapefile" in refused(bare, tmp_path / "a.zip")
    stream = {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline read {other}"}
    (tmp_path / "a.json").write_text(json.dumps(stream), encoding="utf-8")
    assert "is not GeoJSON" in refused(bare, tmp_path / "a.json")


def test_population_is_carried_by_name_whatever_its_case(bare: Settings, tmp_path: Path) -> None:
    report = put(bare, write_squares(tmp_path / "a.geojson", ["alpha", "Beta", "New"]))
    assert kept(bare)["population"].isna().tolist() == [True, True, False]
    assert report.remarks == [
        "Areas without published facts of that name: New.",
        "Published facts name areas that the file does not: Gone.",
        "Where two of these are one place under two names, write so under [cities.new_haven."
        'boundary_names] of longevity.toml, then do this again: "their name" = "our name".',
        "Without residents to divide by, and so without rates: Beta, New. A column 'population' "
        "gives them.",
    ]


def test_a_name_that_holds_our_label_point_is_offered_for_it(
    bare: Settings, tmp_path: Path
) -> None:
    (said,) = (
        remark
        for remark in put(bare, write_squares(tmp_path / "a.geojson", ['Al "A"', "Beta"])).remarks
        if remark.startswith("Where two of these are one place")
    )
    assert said.endswith(r'again: "Al \"A\"" = "ALPHA"; "Al \"A\"" = "Gone".')


def test_rows_of_one_name_are_one_area(bare: Settings, tmp_path: Path) -> None:
    file = write_squares(tmp_path / "a.geojson", ["Two", "Other", " two "], population=[5, 6, 5])
    report = put(bare, file)
    areas = kept(bare)
    assert report.areas == 2
    assert "'Two' is 2 rows, taken as one area." in report.remarks
    assert dict(zip(areas["neighbourhood"], areas["population"], strict=True)) == {
        "Other": 6,
        "Two": 5,
    }
    assert areas["area_km2"].tolist() == pytest.approx([1, 2], rel=1e-3)


def renamed(bare: Settings, **keys: Any) -> Settings:
    """The configuration with more keys for its first city."""
    first = next(iter(bare.cities.values()))
    return replace(bare, cities={**bare.cities, first.id: replace(first, **keys)})


def test_names_are_what_a_pattern_leaves_after_a_prefix(bare: Settings, tmp_path: Path) -> None:
    file = write(squares(["x", "y"], ward=[75.0, 82.0]), tmp_path / "a.gpkg")
    put(renamed(bare, boundary_name_prefix="Police district "), file, "ward")
    assert kept(bare)["neighbourhood"].tolist() == ["Police district 75", "Police district 82"]
    suffixed = renamed(bare, boundary_name_pattern=r"^(.*) \(\d+\)$")
    put(suffixed, write_squares(tmp_path / "b.geojson", ["Mill (82)", "Old (Town) (3)", "Plain"]))
    assert kept(bare)["neighbourhood"].tolist() == ["Mill", "Old (Town)", "Plain"]


def test_boundary_names_make_parts_of_areas_and_leave_others_out(
    bare: Settings, tmp_path: Path
) -> None:
    named = renamed(bare, boundary_names={"west": "Mill", "east": "Mill", "sea": ""})
    report = put(named, write_squares(tmp_path / "a.geojson", ["West", "East", "Sea", "Old"]))
    assert kept(bare)["neighbourhood"].tolist() == ["Mill", "Old"]
    assert report.remarks[:2] == [
        "Left out by boundary_names: Sea.",
        "'Mill' is 2 rows, taken as one area.",
    ]
    with pytest.raises(DataError, match="every area is left out by the boundary_names of"):
        put(named, write_squares(tmp_path / "b.geojson", ["Sea"]))


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (r"^(.*) \(\d+\)$", "'Mill (82)' and 'Mill (83)' are both 'Mill'"),
        (r"^Mill(.*?) ?\(", "leaves no name of 'Mill (82)'"),
    ],
)
def test_a_pattern_that_loses_an_area_is_refused(
    bare: Settings, tmp_path: Path, pattern: str, said: str
) -> None:
    file = write_squares(tmp_path / "a.geojson", ["Mill (82)", "Mill (83)"])
    assert said in refused(renamed(bare, boundary_name_pattern=pattern), file)


def crossing(cross: float) -> shapely.Polygon:
    """A square kilometre whose northern border crosses itself, over `cross` metres each way.

    Two triangles hang on it, base 2 × `cross` and height `cross` ÷ 2 each: `cross`² in all.
    """
    x, y = 300_500, 201_000
    loop = [(cross, 0), (-cross, cross), (cross, cross), (-cross, 0)]
    return shapely.Polygon(
        [(x - 500, y - 1000), (x + 500, y - 1000), (x + 500, y)]
        + [(x + east, y + north) for east, north in loop]
        + [(x - 500, y)]
    )


def test_an_outline_that_crosses_is_mended_and_the_change_said(
    bare: Settings, tmp_path: Path
) -> None:
    report = put(bare, with_shape(tmp_path, crossing(10.0), box(2000, 0, 3000, 1000)))
    mended = kept(bare)
    assert shapely.is_valid(mended.geometry.values).all()
    # 100 m² of a square kilometre, and the whole one is as it was.
    assert mended["area_km2"].tolist() == pytest.approx([1.0001, 1], abs=1e-5)
    assert report.remarks[0] == "Mended: n0, whose area changed by 0.0100%."


def test_heights_are_dropped(bare: Settings, tmp_path: Path) -> None:
    put(bare, with_shape(tmp_path, shapely.force_3d(box(0, 0, 1000, 1000), 7.0)))
    assert not kept(bare).has_z.any()


Kinds = type[Exception] | tuple[type[Exception], ...]


def refused(bare: Settings, file: Path, *, of: Kinds = DataError) -> str:
    before = installed_boundaries.read_installed(bare, next(iter(bare.cities)))
    with pytest.raises(of) as caught:
        put(bare, file)
    assert before is None
    assert installed_boundaries.read_installed(bare, next(iter(bare.cities))) is None
    return str(caught.value)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("content", [b"", b"garbage\x00\xff" * 100_000, b"{}", b"[" * 100_000])
def test_garbage_of_any_name(bare: Settings, tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert refused(bare, tmp_path / name)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.995])
def test_a_file_cut_off_anywhere(bare: Settings, tmp_path: Path, name: str, share: float) -> None:
    names = [f"A rather long name {place}" for place in range(60)]
    file = write(squares(names, population=list(range(60))), tmp_path / name)
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])
    assert "cannot be read: it is damaged or cut off" in refused(bare, file)


@pytest.mark.parametrize("name", FORMATS)
def test_damaged_bytes_give_a_sentence_or_areas(bare: Settings, tmp_path: Path, name: str) -> None:
    rng = np.random.default_rng(len(name))
    content = write(squares(["a", "b", "c"]), tmp_path / name).read_bytes()
    for _ in range(25):
        bad = bytearray(content)
        for place in rng.integers(0, len(bad), 8):
            bad[place] = rng.integers(0, 256)
        (tmp_path / name).write_bytes(bytes(bad))
        try:
            assert put(bare, tmp_path / name).areas <= 3
        except (DataError, UsageError) as error:
            assert str(error).endswith(".")


@pytest.mark.parametrize(
    ("part", "share", "said"),
    [
        (".shx", 0.5, "damaged or cut off"),
        (".shx", 0, "damaged or cut off"),
        (".dbf", 0.9, "damaged or cut off"),
        (".dbf", 0, "has no column 'name'"),
        (".shp", 0.9, "is empty, not an area"),
        (".shp", 0, "holds 0 Shapefiles"),
    ],
)
def test_a_part_of_a_shapefile_cut_off_or_missing_in_a_whole_archive(
    bare: Settings, tmp_path: Path, part: str, share: float, said: str
) -> None:
    file = write(squares([f"n{place}" for place in range(40)]), tmp_path / "a.zip")
    with zipfile.ZipFile(file) as archive:
        parts = {Path(name): archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            left = content[: int(len(content) * share)] if name.suffix == part else content
            if left:
                archive.writestr(str(name), left)
    assert said in refused(bare, file, of=(DataError, UsageError))


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize("name", ["a.gpkg", "a.zip"])
def test_no_reference_system(bare: Settings, tmp_path: Path, name: str) -> None:
    frame = squares(["a"]).set_crs(None, allow_override=True)
    said = refused(bare, write(frame, tmp_path / name))
    assert "does not say which reference system" in said


def as_degrees(folder: Path, frame: gpd.GeoDataFrame) -> Path:
    """Written with these coordinates, whatever they are, as longitude and latitude."""
    told = frame.set_crs("EPSG:4326", allow_override=True)
    told.to_file(folder / "a.geojson", driver="GeoJSON")
    return folder / "a.geojson"


def swap_degrees(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    degrees = frame.to_crs("EPSG:4326").geometry.values
    return frame.set_geometry(shapely.transform(degrees, lambda xy: xy[:, ::-1]), crs="EPSG:4326")


def cross(west: float) -> shapely.Polygon:
    """Two triangles that meet in a point."""
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    return shapely.transform(bow, lambda xy: xy * 1000 + (300_000 + west, 200_000))


def put_text(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


def put_pipe(file: Path) -> Path:
    os.mkfifo(file)
    return file


def put_layers(file: Path) -> Path:
    for layer in ("one", "two"):
        squares(["a"]).to_file(file, layer=layer, driver="GPKG")
    return file


def put_bomb(file: Path) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(6):
            archive.writestr(f"{number}.shp", bytes(100_000_000))
    assert file.stat().st_size < 1_000_000
    return file


def put_two(file: Path) -> Path:
    write(squares(["a"]), file)
    return write(squares(["a"]), file)


ONE = box(0, 0, 1000, 1000)
EMPTY = json.dumps({"type": "FeatureCollection", "features": []})
# What is installed from a folder, and words of the refusal.
REFUSED: list[tuple[Callable[[Path], Path], str]] = [
    (lambda at: at, "is a folder"),
    (lambda at: put_pipe(at / "a.geojson"), "is a pipe or a device"),
    (lambda at: put_text(at / "a.kml", "<kml/>"), "not of a kind that can be read"),
    (lambda at: put_text(at / "a.shp", "x"), "or all parts of a Shapefile in one .zip"),
    (lambda at: put_bomb(at / "a.zip"), "unpacks to 600 MB, more than 500"),
    (lambda at: put_two(at / "a.zip"), "holds 2 Shapefiles"),
    (lambda at: as_degrees(at, squares(["a"])), "lies outside the area in which"),
    (lambda at: as_degrees(at, swap_degrees(squares(["a"]))), "seem to be swapped"),
    (
        lambda at: write(squares(["a"]).set_crs("EPSG:26986", allow_override=True), at / "a.gpkg"),
        "another place",
    ),
    (lambda at: with_shape(at, box(9000, 0, 9900, 900)), "no area holds any of the label points"),
    (lambda at: with_shape(at, ONE, cross(1000)), "'n1' is not a valid area: Self-intersection"),
    (lambda at: with_shape(at, crossing(50.0)), "would change more than 0.1% of it"),
    (lambda at: with_shape(at, ONE, ONE.exterior), "'n1' is a LineString, not an area"),
    (lambda at: with_shape(at, ONE, None), "'n1' is empty, not an area"),
    *(
        (
            lambda at, blank=blank: write_squares(at / "a.geojson", ["a", blank]),
            "row 2: the area has no name in 'name'",
        )
        for blank in (None, "", "  ")
    ),
    *(
        (
            lambda at, many=many: write_squares(at / "a.geojson", ["a", "b"], Population=many),
            "population of 'b' is not a number of people",
        )
        for many in (["4", "many"], [4, -1])
    ),
    (
        lambda at: with_shape(at, ONE, box(2000, 0, 3000, 1000), box(980, 0, 1800, 500)),
        "'n0' and 'n2' overlap on 10,0",
    ),
    (lambda at: with_shape(at, ONE, box(400, 400, 600, 600)), "overlap on 40,0"),
    (lambda at: put_text(at / "a.geojson", EMPTY), "has no rows"),
    (lambda at: write(squares(["a"]).iloc[:0], at / "a.gpkg"), "has no rows"),
    (lambda at: put_layers(at / "a.gpkg"), "has 2 layers (one, two)"),
]


@pytest.mark.parametrize(("make", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_what_cannot_be_installed_is_refused(
    bare: Settings, tmp_path: Path, make: Callable[[Path], Path], said: str
) -> None:
    assert said in refused(bare, make(tmp_path))


@pytest.mark.parametrize("column", ["names", "NAME"])
def test_no_such_column_names_the_nearest(bare: Settings, tmp_path: Path, column: str) -> None:
    file = write(squares(["a"]).rename(columns={"name": column}), tmp_path / "a.gpkg")
    said = refused(bare, file, of=UsageError)
    assert f"no column 'name'. Did you mean '{column}'?" in said
    assert "There is no file" in refused(bare, tmp_path / "b.gpkg", of=UsageError)


def test_slivers_are_remarked_on_and_kept(bare: Settings, tmp_path: Path) -> None:
    file = with_shape(tmp_path, box(0, 0, 1000, 1000), box(996, 0, 2000, 1000))
    remarks = put(bare, file).remarks
    assert any("1 pairs of areas overlap by slivers narrower than 10 m" in each for each in remarks)
    assert kept(bare)["area_km2"].sum() == pytest.approx(2.004, abs=1e-3)


def test_a_refused_file_leaves_what_was_installed(bare: Settings, tmp_path: Path) -> None:
    put(bare, write_squares(tmp_path / "a.geojson", ["a"]))
    before = installed_boundaries.find_path(bare, next(iter(bare.cities))).read_bytes()
    (tmp_path / "b.geojson").write_text("{", encoding="utf-8")
    with pytest.raises(DataError):
        put(bare, tmp_path / "b.geojson")
    assert installed_boundaries.find_path(bare, next(iter(bare.cities))).read_bytes() == before


def test_a_place_that_cannot_be_written(bare: Settings, tmp_path: Path) -> None:
    bare.home.parent.mkdir(exist_ok=True)
    bare.home.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(DataError, match="cannot be written: Not a directory"):
        put(bare, write_squares(tmp_path / "a.geojson", ["a"]))
