"""Read a file of areas as a city hands it over, whatever is wrong with it."""

from __future__ import annotations

import json
import sqlite3
import warnings
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pyogrio
import shapely

from longevity import files
from longevity.errors import DataError, UsageError

_KINDS = "GeoJSON (.geojson, .json), GeoPackage (.gpkg), or all parts of a Shapefile in one .zip"
# What is read as JSON: GDAL takes other kinds for orders to read elsewhere.
_JSON_TYPES = ("FeatureCollection", "Feature")
_SHAPEFILE_STARTS = b"\x00\x00\x27\x0a"
# An archive of areas unpacks to this much at most, in bytes.
MOST_UNPACKED = 500_000_000
# What the readers raise on bytes that are not what their name says: GDAL's own
# errors, pyproj's and nesting without end are RuntimeErrors, and damaged metadata
# surfaces as a missing key or a wrong type.
_UNREADABLE = (
    RuntimeError,
    ValueError,
    OSError,
    LookupError,
    AttributeError,
    TypeError,
    EOFError,
    sqlite3.Error,
    zipfile.BadZipFile,
    zlib.error,
    shapely.errors.ShapelyError,
)


def read_boundary_file(file: Path) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Read all rows and columns of a GeoJSON, GeoPackage or zipped Shapefile.

    Returns the frame, in the file's own reference system, and remarks of the
    reader. UsageError when there is no such file, DataError when it is of
    another kind, cannot be read whole, has no rows, or has no reference system.
    """
    if not file.exists():
        raise UsageError(f"There is no file {file}.", "Give the path of a file of areas.")
    if other := files.describe_other_kind(file):
        raise DataError(f"{file} {other}.", f"Give a file: {_KINDS}.")
    check = _CHECKS.get(file.suffix.lower())
    if check is None:
        raise DataError(f"{file} is not of a kind that can be read.", f"Give {_KINDS}.")
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            frame = _read_rows(file, check(file))
    except _UNREADABLE as error:
        raise DataError(
            f"{file} cannot be read: it is damaged or cut off.", "Export it again."
        ) from error
    if not len(frame):
        raise DataError(f"{file} has no rows.", "Give a file with one row an area.")
    if not isinstance(frame, gpd.GeoDataFrame):
        raise DataError(f"{file} has no geometry.", "Give a file of areas, not a table.")
    if frame.crs is None:
        raise DataError(
            f"{file} does not say which reference system its coordinates are in.",
            "A Shapefile needs its .prj file; export others with their system.",
        )
    messages = sorted({str(warning.message) for warning in caught})
    return frame, [f"The reader says: {sentence}" for sentence in messages]


def _read_rows(file: Path, place: str) -> gpd.GeoDataFrame:
    layers = [str(name) for name, _ in pyogrio.list_layers(place)]
    if len(layers) != 1:
        raise DataError(
            f"{file} has {len(layers)} layers ({', '.join(layers)}).",
            "Keep the one with the areas.",
        )
    return gpd.read_file(place)


def _check_json(file: Path) -> str:
    """Parse it whole: GDAL reads a long file piece by piece and may stop early."""
    content = json.loads(file.read_text(encoding="utf-8-sig"))
    if not isinstance(content, dict) or content.get("type") not in _JSON_TYPES:
        raise DataError(f"{file} is not GeoJSON.", "Give a FeatureCollection.")
    return str(file)


def _check_database(file: Path) -> str:
    """Check it whole: a cut-off GeoPackage opens and gives the rows that remain."""
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if verdict != ("ok",):
        raise ValueError("not whole")
    return str(file)


def _check_archive(file: Path) -> str:
    """Return GDAL's address of the one Shapefile in an archive, whatever folder it is in."""
    with zipfile.ZipFile(file) as archive:
        size = sum(member.file_size for member in archive.infolist())
        if size > MOST_UNPACKED:
            raise DataError(
                f"{file} unpacks to {size / 1e6:,.0f} MB, more than {MOST_UNPACKED / 1e6:.0f}.",
                "Give an archive of the city's areas alone.",
            )
        if archive.testzip():
            raise ValueError("not whole")
        members = [name for name in archive.namelist() if name.lower().endswith(".shp")]
        if len(members) != 1:
            raise DataError(f"{file} holds {len(members)} Shapefiles.", "Give an archive of one.")
        with archive.open(members[0]) as shapes:
            if shapes.read(4) != _SHAPEFILE_STARTS:
                raise DataError(f"{file}: {members[0]} is not a Shapefile.", "Export it again.")
    return f"/vsizip/{{{file.resolve()}}}/{members[0]}"


# A file is checked before GDAL opens it; each returns the address under which GDAL does.
_CHECKS: dict[str, Callable[[Path], str]] = {
    ".geojson": _check_json,
    ".json": _check_json,
    ".gpkg": _check_database,
    ".zip": _check_archive,
}
