"""Read a file of areas as a city hands it over, whatever is wrong with it."""

from __future__ import annotations

import json
import sqlite3
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import pyogrio
import shapely

from longevity import files
from longevity.errors import DataError, UsageError

_KINDS = "GeoJSON (.geojson, .json), GeoPackage (.gpkg), Shapefile (.shp, .zip), GeoParquet"
# What is read as JSON: GDAL takes other kinds for orders to read elsewhere.
_JSON_TYPES = ("FeatureCollection", "Feature")
_SHAPEFILE_STARTS = b"\x00\x00\x27\x0a"
# An archive of areas unpacks to this much at most, in bytes.
MOST_UNPACKED = 500_000_000
_AGAIN = "Export it again."
# What the readers raise on bytes that are not what their name says: GDAL's own
# errors and pyproj's are RuntimeErrors, pyarrow's are ValueErrors or OSErrors,
# and damaged metadata surfaces as a missing key or a wrong type.
_UNREADABLE = (
    RuntimeError,
    ValueError,
    OSError,
    KeyError,
    IndexError,
    AttributeError,
    TypeError,
    pa.ArrowException,
    shapely.errors.ShapelyError,
)


def read_boundary_file(file: Path) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Read all rows and columns of a GeoJSON, GeoPackage, Shapefile or GeoParquet file.

    Returns the frame, in the file's own reference system, and remarks of the
    reader. UsageError when there is no such file, DataError when it is of
    another kind, cannot be read whole, has no rows, or has no reference system.
    """
    if not file.exists():
        raise UsageError(f"There is no file {file}.", "Give the path of a file of areas.")
    if other := files.describe_other_kind(file):
        raise DataError(f"{file} {other}.", f"Give a file: {_KINDS}.")
    suffix = file.suffix.lower()
    if suffix not in _CHECKS:
        raise DataError(f"{file} is not of a kind that can be read.", f"Give {_KINDS}.")
    try:
        _CHECKS[suffix](file)
        frame, remarks = _read_rows(file)
    except DataError:
        raise
    except _UNREADABLE as error:
        raise DataError(f"{file} cannot be read: it is damaged or cut off.", _AGAIN) from error
    if not len(frame):
        raise DataError(f"{file} has no rows.", "Give a file with one row an area.")
    if not isinstance(frame, gpd.GeoDataFrame):
        raise DataError(f"{file} has no geometry.", "Give a file of areas, not a table.")
    if frame.crs is None:
        raise DataError(
            f"{file} does not say which reference system its coordinates are in.",
            "A Shapefile needs its .prj file beside it; export others with their system.",
        )
    return frame, remarks


def _read_rows(file: Path) -> tuple[gpd.GeoDataFrame, list[str]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        if file.suffix.lower() in (".parquet", ".geoparquet"):
            frame = gpd.read_parquet(file)
        else:
            place = _find_shapefile(file) if file.suffix.lower() == ".zip" else file
            layers = [str(name) for name, _ in pyogrio.list_layers(place)]
            if len(layers) != 1:
                names = ", ".join(layers) or "none"
                raise DataError(
                    f"{file} has {len(layers)} layers ({names}).",
                    "Keep the one with the areas.",
                )
            frame = gpd.read_file(place, engine="pyogrio")
    messages = sorted({str(each.message) for each in caught})
    return frame, [f"The reader says: {sentence}" for sentence in messages]


def _find_shapefile(archive: Path) -> str:
    """Return GDAL's address of the one Shapefile in an archive, whatever folder it is in."""
    with zipfile.ZipFile(archive) as contents:
        members = [name for name in contents.namelist() if name.lower().endswith(".shp")]
        if len(members) != 1:
            raise DataError(
                f"{archive} holds {len(members)} Shapefiles.", "Give an archive of one."
            )
        with contents.open(members[0]) as shapes:
            if shapes.read(4) != _SHAPEFILE_STARTS:
                raise DataError(f"{archive}: {members[0]} is not a Shapefile.", _AGAIN)
    return f"/vsizip/{{{archive.resolve()}}}/{members[0]}"


def _check_json(file: Path) -> None:
    """Parse it whole: GDAL reads a long file piece by piece and may stop early."""
    try:
        content = json.loads(file.read_text(encoding="utf-8-sig"))
    except RecursionError as error:
        raise DataError(f"{file} is nested too deeply to be GeoJSON.", _AGAIN) from error
    if not isinstance(content, dict) or content.get("type") not in _JSON_TYPES:
        raise DataError(f"{file} is not GeoJSON.", "Give a FeatureCollection.")
    if content.get("features") == []:
        raise DataError(f"{file} has no rows.", "Give a file with one row an area.")


def _check_database(file: Path) -> None:
    """Check it whole: a cut-off GeoPackage opens and gives the rows that are left."""
    try:
        connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
        try:
            verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise DataError(f"{file} cannot be read: it is damaged or cut off.", _AGAIN) from error
    if verdict is None or verdict[0] != "ok":
        raise DataError(f"{file} is damaged or cut off.", _AGAIN)


def _check_shapefile(file: Path) -> None:
    """Compare each part with the length its header says."""
    parts = {
        each.suffix.lower(): each
        for each in file.parent.iterdir()
        if each.stem == file.stem and each.suffix.lower() in (".shp", ".shx", ".dbf")
    }
    for suffix in (".shx", ".dbf"):
        if suffix not in parts:
            raise DataError(f"{file} has no {suffix} file beside it.", "Keep all its parts.")
    for suffix, part in parts.items():
        with part.open("rb") as stream:
            header = stream.read(100)
        if suffix == ".dbf":
            records, start, length = struct.unpack("<IHH", header[4:12].ljust(8, b"\xff"))
            size = start + records * length
        elif header[:4] != _SHAPEFILE_STARTS:
            raise DataError(f"{part} is not part of a Shapefile, or damaged or cut off.", _AGAIN)
        else:
            size = 2 * struct.unpack(">I", header[24:28].ljust(4, b"\xff"))[0]
        if part.stat().st_size < max(size, 32):
            raise DataError(f"{part} is damaged or cut off.", _AGAIN)


def _check_archive(file: Path) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            size = sum(member.file_size for member in archive.infolist())
            if size > MOST_UNPACKED:
                raise DataError(
                    f"{file} unpacks to {size / 1e6:,.0f} MB, more than {MOST_UNPACKED / 1e6:.0f}.",
                    "Give an archive of the city's areas alone.",
                )
            bad_member = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, ValueError) as error:
        raise DataError(f"{file} is not a zip archive that can be read.", _AGAIN) from error
    if bad_member:
        raise DataError(f"{file} is damaged or cut off.", _AGAIN)


def _check_nothing(_file: Path) -> None:
    """Check nothing: a parquet file ends in its own index, and does not open when cut off."""


_CHECKS: dict[str, Callable[[Path], None]] = {
    ".geojson": _check_json,
    ".json": _check_json,
    ".gpkg": _check_database,
    ".shp": _check_shapefile,
    ".zip": _check_archive,
    ".parquet": _check_nothing,
    ".geoparquet": _check_nothing,
}
