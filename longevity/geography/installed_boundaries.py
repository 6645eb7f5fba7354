"""Boundaries from a file, checked and kept in LONGEVITY_HOME.

Nothing is guessed: a file with an overlapping or nameless area is refused whole, with the
area and the reason. An outline that is not valid is mended, and refused where that changes
more than MENDED_SHARE of the area.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from pyproj import CRS

from longevity import labels, private_files
from longevity.errors import DataError, UsageError, describe_error, suggest_nearest
from longevity.files import atomic_write
from longevity.geography import boundary_file, reference_neighbourhoods
from longevity.geography.reference_neighbourhoods import Neighbourhood
from longevity.settings import City, Settings

FOLDER = "boundaries"
# An overlap is refused where it is wider than this, in metres. Borders drawn
# twice, or simplified each on its own, cross by a few metres: narrower than a
# street, which no recorded place of an incident can tell apart.
OVERLAP_WIDTH = 10.0
# Degrees beyond the area of use that are still taken: its bounds are rounded.
_MARGIN = 0.1
_COLUMNS = ("neighbourhood", "population", "area_km2", "source", "credit", "geometry")
_NAMED_AT_MOST = 5
# Names that are to be matched by hand are listed as far as a city's areas go.
_MATCHED_AT_MOST = 40
# An invalid outline is mended where that changes its area by at most this share. Ours: spikes,
# repeated corners and touching rings change far less, a crossing that hides ground far more.
MENDED_SHARE = 0.001


@dataclass(frozen=True)
class InstallReport:
    """What was installed: the city's id, how many areas, and what to know of them."""

    city: str
    areas: int
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Lines:
    """Areas of a city: neighbourhood, population, area_km2, geometry (metres); their source.

    `credit` is what a map names that leaves the building: whose lines, or a file handed over.
    """

    areas: gpd.GeoDataFrame
    source: str
    credit: str


def find_path(settings: Settings, city_id: str) -> Path:
    """Return where a city's installed boundaries are kept."""
    return settings.home / FOLDER / f"{settings.city(city_id).id}.parquet"


def read_installed(settings: Settings, city_id: str) -> Lines | None:
    """Read the installed boundaries of a city, sorted by name; None when there are none.

    DataError when the kept file is damaged.
    """
    file = find_path(settings, city_id)
    if not file.exists():
        return None
    damage = DataError(f"{file} is damaged.", "Install the city's boundaries again.")
    try:
        areas = gpd.read_parquet(file)
    except (OSError, ValueError, KeyError, RuntimeError, TypeError, pa.ArrowException) as error:
        # The ways of a file that is not the one written: see boundary_file.
        raise damage from error
    if tuple(areas.columns) != _COLUMNS or areas.empty or areas.crs is None:
        raise damage
    areas = areas.to_crs(settings.projected_crs).astype({"neighbourhood": object})
    areas = areas.sort_values("neighbourhood", ignore_index=True)
    source, credit = str(areas["source"].iloc[0]), str(areas["credit"].iloc[0])
    return Lines(areas.drop(columns=["source", "credit"]), source, credit)


def install_boundaries(
    settings: Settings,
    city_id: str,
    file: Path,
    name_field: str | None,
    today: date,
) -> InstallReport:
    """Check a file of areas and keep it as the boundaries of a city.

    `name_field` is the column with the areas' names, by default the city's
    `boundary_name_field`. The next publish uses what is installed.
    Raises UsageError for an unknown city, file or column, DataError for what is wrong with the
    file, each as a sentence; then what was installed before stays.
    """
    city = settings.city(city_id)
    frame, remarks = boundary_file.read_boundary_file(file)
    column = _find_name_column(frame, name_field or city.boundary_name_field, file)
    raw_names = _read_raw_names(frame, column, file)
    frame, raw_names = _leave_out(frame, raw_names, city, file, remarks)
    names = _name_areas(raw_names, city, file)
    _refuse_shapes(frame, names, file)
    flat = _project(frame, settings, file)
    remarks += _mend_shapes(flat, names, file)
    population = _read_populations(frame, names, file)
    areas = _merge_parts(flat, names, population, remarks)
    remarks += _refuse_overlaps(areas, file)
    facts = reference_neighbourhoods.list_neighbourhoods(settings, city_id, synthetic=False)
    if facts:
        _refuse_another_place(areas, facts, city.name, file)
        remarks += _add_populations(areas, facts)
        remarks += _explain_unmatched(areas, facts, settings, city_id)
    without = areas.loc[areas["population"].isna(), "neighbourhood"]
    if len(without) == len(areas):
        remarks.append(
            "No area has residents to divide by, so there will be no rates: a column 'population' "
            "gives them."
        )
    elif len(without):
        remarks.append(f"Without residents to divide by: {_join_names(without)}.")
    areas["source"] = f"{file.name}, installed {today.isoformat()}"
    areas["credit"] = file.name
    _write_areas(areas[list(_COLUMNS)], find_path(settings, city_id))
    return InstallReport(city_id, len(areas), remarks)


def _find_name_column(frame: gpd.GeoDataFrame, name: str, file: Path) -> str:
    columns = [str(column) for column in frame.columns if column != frame.geometry.name]
    if name in columns:
        return name
    by_folded_name = {column.casefold(): column for column in columns}
    near = suggest_nearest(by_folded_name.get(name.casefold(), name), columns)
    raise UsageError(
        f"{file} has no column '{name}'.", f"{near} Give it with --name-field.".strip()
    )


def _leave_out(
    frame: gpd.GeoDataFrame, raw_names: list[str], city: City, file: Path, remarks: list[str]
) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Leave out the areas that `boundary_names` gives no name, and say so."""
    out = [city.renames(raw) and not city.area_name(raw) for raw in raw_names]
    if not any(out):
        return frame, raw_names
    if all(out):
        raise DataError(
            f"{file}: every area is left out by the boundary_names of {city.name}.",
            "Take those that belong to the city out of that table.",
        )
    outside = [raw for raw, is_out in zip(raw_names, out, strict=True) if is_out]
    remarks.append(f"Left out by boundary_names: {_join_names(outside, _MATCHED_AT_MOST)}.")
    is_in = [not is_out for is_out in out]
    return frame[is_in], [raw for raw, is_out in zip(raw_names, out, strict=True) if not is_out]


def _name_areas(raw_names: list[str], city: City, file: Path) -> list[str]:
    """Return the areas' names as sentences use them, a row each.

    Two that a pattern makes one are refused; two that `boundary_names` makes one are parts of it.
    """
    names = [city.area_name(name) for name in raw_names]
    pattern = f"the boundary_name_pattern of {city.name}"
    raw_by_name: dict[str, str] = {}
    for raw, name in zip(raw_names, names, strict=True):
        if not name:
            raise DataError(f"{file}: {pattern} leaves no name of '{raw}'.", "Correct the pattern.")
        wrong = labels.find_label_problem(name)
        if wrong:
            raise DataError(f"{file}: the name '{name}' {wrong}.", "Shorten the prefix.")
        other = raw_by_name.setdefault(name.casefold(), raw)
        is_renamed = city.renames(raw) or city.renames(other)
        if other.casefold() != raw.casefold() and not is_renamed:
            raise DataError(
                f"{file}: by {pattern} '{other}' and '{raw}' are both '{name}'.",
                "Give a pattern that leaves each area a name of its own.",
            )
    return names


def _read_raw_names(frame: gpd.GeoDataFrame, column: str, file: Path) -> list[str]:
    names = []
    for row, value in enumerate(frame[column], start=1):
        whole = isinstance(value, float) and value.is_integer()
        text = "" if pd.isna(value) else " ".join(str(int(value) if whole else value).split())
        if not text:
            raise DataError(f"{file}, row {row}: the area has no name in '{column}'.", "Name it.")
        wrong = labels.find_label_problem(text)
        if wrong:
            raise DataError(f"{file}, row {row}: the area's name {wrong}.", "Correct it.")
        names.append(text)
    return names


def _refuse_shapes(frame: gpd.GeoDataFrame, names: list[str], file: Path) -> None:
    """Refuse a row that is no polygon or several."""
    for name, shape in zip(names, frame.geometry, strict=True):
        if shape is None or shape.is_empty:
            raise DataError(f"{file}: '{name}' has no geometry.", "Draw it, or leave the row out.")
        if shape.geom_type not in ("Polygon", "MultiPolygon"):
            raise DataError(
                f"{file}: '{name}' is a {shape.geom_type}, not an area.",
                "Give polygons only.",
            )


def _mend_shapes(flat: gpd.GeoDataFrame, names: list[str], file: Path) -> list[str]:
    """Mend invalid areas in place and say by how much that changed each.

    The area that the corners of an outline give counts ground twice, or takes it away, where
    the outline crosses itself; so it differs from the mended area by what the crossing hides.
    DataError where that is more than MENDED_SHARE.
    """
    shapes = flat.geometry.values.copy()
    remarks = []
    for row in np.flatnonzero(~shapely.is_valid(shapes)):
        mended = shapely.make_valid(shapes[row], method="structure", keep_collapsed=False)
        ground = shapely.area(mended)
        share = abs(ground - shapely.area(shapes[row])) / ground if ground else np.inf
        if share > MENDED_SHARE:
            raise DataError(
                f"{file}: '{names[row]}' is not a valid area: "
                f"{shapely.is_valid_reason(shapes[row])}. Mending it would change more than "
                f"{MENDED_SHARE:.1%} of it.",
                "Correct its outline where the file is kept.",
            )
        shapes[row] = mended
        remarks.append(f"Mended: {names[row]}, whose area changed by {share:.4%}.")
    flat.geometry = shapes
    return remarks


def _project(frame: gpd.GeoDataFrame, settings: Settings, file: Path) -> gpd.GeoDataFrame:
    """Project the areas, once it is sure that they lie where the system is used."""
    flat = gpd.GeoDataFrame(geometry=shapely.force_2d(frame.geometry.values), crs=frame.crs)
    try:
        bounds = flat.to_crs("EPSG:4326").total_bounds
        in_metres = flat.to_crs(settings.projected_crs)
    except RuntimeError as error:  # pyproj's errors are of this kind
        raise DataError(
            f"{file}: its reference system has no way to {settings.projected_crs}.",
            "Export it in EPSG:4326.",
        ) from error
    is_swapped = _is_in_use(bounds[[1, 0, 3, 2]], settings.projected_crs)
    if not _is_in_use(bounds, settings.projected_crs):
        raise DataError(
            f"{file} lies outside the area in which {settings.projected_crs} is used.",
            "Longitude and latitude seem to be swapped."
            if is_swapped
            else "Its reference system is not the one it says, it is of another place, or "
            "'projected_crs' has to be one that covers all cities (docs/another-state.md).",
        )
    return in_metres


def _is_in_use(bounds: np.ndarray, projected_crs: str) -> bool:
    west, south, east, north = bounds
    if not np.isfinite(bounds).all() or max(-south, north) > 90 or max(-west, east) > 180:
        return False
    area = CRS.from_user_input(projected_crs).area_of_use
    if area is None:
        return True
    tall = south >= area.south - _MARGIN and north <= area.north + _MARGIN
    if area.west > area.east:  # it crosses the 180th meridian
        return bool(tall and (west >= area.west - _MARGIN or east <= area.east + _MARGIN))
    return bool(tall and west >= area.west - _MARGIN and east <= area.east + _MARGIN)


def _read_populations(frame: gpd.GeoDataFrame, names: list[str], file: Path) -> list[int | None]:
    """Read the file's own `population` column; None where it has none or nobody lives there."""
    column = next((c for c in frame.columns if str(c).casefold() == "population"), None)
    if column is None:
        return [None] * len(names)
    numbers = pd.to_numeric(frame[column], errors="coerce")
    for name, value, number in zip(names, frame[column], numbers, strict=True):
        if (pd.isna(number) and not pd.isna(value)) or number < 0 or number == np.inf:
            raise DataError(
                f"{file}: the population of '{name}' is not a number of people.",
                "Correct it, or leave it blank.",
            )
    return [round(number) if number > 0 else None for number in numbers]


def _merge_parts(
    flat: gpd.GeoDataFrame,
    names: list[str],
    population: list[int | None],
    remarks: list[str],
) -> gpd.GeoDataFrame:
    """Merge rows of one name, which are parts of one area, and say so.

    A point in any of them could be reported under no other name. Their
    population is kept when all parts carry the same figure, which is then the
    area's; parts that differ may be parts or slips, so none is taken.
    """
    rows: dict[str, list[int]] = defaultdict(list)
    for row, name in enumerate(names):
        rows[name.casefold()].append(row)
    shapes = flat.geometry.values
    parts = sorted(rows.values(), key=lambda members: names[members[0]])
    for members in parts:
        if len(members) > 1:
            remarks.append(f"'{names[members[0]]}' is {len(members)} rows, taken as one area.")
    figures = [{population[row] for row in members} for members in parts]
    areas = gpd.GeoDataFrame(
        {
            "neighbourhood": pd.Series([names[members[0]] for members in parts], dtype=object),
            "population": pd.Series(
                [each.pop() if len(each) == 1 else None for each in figures], dtype="Int64"
            ),
        },
        geometry=[
            shapely.union_all(shapes[members]) if len(members) > 1 else shapes[members[0]]
            for members in parts
        ],
        crs=flat.crs,
    )
    areas["area_km2"] = areas.area / 1e6
    return areas


def _refuse_overlaps(areas: gpd.GeoDataFrame, file: Path) -> list[str]:
    """Refuse areas that cover the same ground; narrow slivers are only remarked on."""
    shapes, names = areas.geometry.values, areas["neighbourhood"].to_numpy()
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = first < second
    first, second = first[pairs], second[pairs]
    common = shapely.intersection(shapes[first], shapes[second])
    wide = np.flatnonzero(~shapely.is_empty(shapely.buffer(common, -OVERLAP_WIDTH / 2)))
    if len(wide):
        worst = wide[int(np.argmax(shapely.area(common[wide])))]
        others = f" ({len(wide) - 1} more pairs do, too.)" if len(wide) > 1 else ""
        raise DataError(
            f"{file}: '{names[first[worst]]}' and '{names[second[worst]]}' overlap on "
            f"{shapely.area(common[worst]):,.0f} m².{others}",
            "Each place belongs to one area: give areas that do not overlap.",
        )
    slivers = shapely.area(common)
    if slivers.sum() < 1:
        return []
    return [
        f"{int((slivers >= 1).sum())} pairs of areas overlap by slivers narrower than "
        f"{OVERLAP_WIDTH:.0f} m, {slivers.sum():,.0f} m² in all: "
        "a point there is in the first by name."
    ]


def _refuse_another_place(
    areas: gpd.GeoDataFrame, facts: list[Neighbourhood], city: str, file: Path
) -> None:
    labels = gpd.GeoSeries(
        shapely.points([[each.longitude, each.latitude] for each in facts]), crs="EPSG:4326"
    ).to_crs(areas.crs)
    if not shapely.intersects(areas.union_all(), labels.values).any():
        raise DataError(
            f"{file}: no area holds any of the label points known for {city}.",
            "It seems to be the file of another place.",
        )
    holding = sum(bool(shapely.intersects(area, labels.values).any()) for area in areas.geometry)
    if len(areas) > len(facts) and holding < len(facts) / 2:
        raise DataError(
            f"{file}: the {len(facts)} label points known for {city} lie in only {holding} of its "
            f"{len(areas)} areas.",
            "It seems to be a file of larger areas, such as towns: give the city's neighbourhoods.",
        )


def _add_populations(areas: gpd.GeoDataFrame, facts: list[Neighbourhood]) -> list[str]:
    """Take the population of the reference facts, by name, where the file gives none."""
    by_name = {each.name.casefold(): each for each in facts}
    names = areas["neighbourhood"].str.casefold()
    population = pd.array(
        [by_name[each].population if each in by_name else None for each in names], dtype="Int64"
    )
    areas["population"] = areas["population"].fillna(pd.Series(population, index=areas.index))
    remarks = []
    unknown = areas.loc[~names.isin(list(by_name)), "neighbourhood"]
    if len(unknown):
        text = _join_names(unknown, _MATCHED_AT_MOST)
        remarks.append(f"Areas without published facts of that name: {text}.")
    lacking = [each.name for each in facts if each.name.casefold() not in set(names)]
    if lacking:
        text = _join_names(lacking, _MATCHED_AT_MOST)
        remarks.append(f"Published facts name areas that the file does not: {text}.")
    return remarks


def _explain_unmatched(
    areas: gpd.GeoDataFrame, facts: list[Neighbourhood], settings: Settings, city_id: str
) -> list[str]:
    """Say what to write where the file and the facts call the same place by two names.

    An area of a name nobody knows that holds the label point of a fact no area is named after
    may be that one: who knows the city decides.
    """
    names = {each.casefold() for each in areas["neighbourhood"]}
    names_of_facts = {each.name.casefold() for each in facts}
    lacking = [each for each in facts if each.name.casefold() not in names]
    unknown = areas[~areas["neighbourhood"].str.casefold().isin(names_of_facts)]
    if not lacking or unknown.empty:
        return []
    points = gpd.GeoSeries(
        shapely.points([[each.longitude, each.latitude] for each in lacking]), crs="EPSG:4326"
    ).to_crs(areas.crs)
    pairs = [
        f"{json.dumps(theirs, ensure_ascii=False)} = {json.dumps(ours.name, ensure_ascii=False)}"
        for ours, point in zip(lacking, points, strict=True)
        for theirs in unknown.loc[unknown.intersects(point), "neighbourhood"]
    ]
    where = f"[cities.{city_id}.boundary_names] of {settings.config_path.name}"
    lines = "; ".join(pairs) or '"their name" = "our name"'
    return [
        f"Where two of these are one place under two names, write so under {where}, then do this "
        f"again: {lines}."
    ]


def _join_names(names: pd.Series | list[str], most: int = _NAMED_AT_MOST) -> str:
    texts = [str(each) for each in names]
    more = len(texts) - most
    return ", ".join(texts[:most]) + (f" and {more} more" if more > 0 else "")


def _write_areas(areas: gpd.GeoDataFrame, path: Path) -> None:
    """Write beside the place, then move there: a reader sees the old file or the new one."""
    try:
        private_files.make_private_folder(path.parent)
        with atomic_write(path, mode=0o600) as draft:
            areas.to_parquet(draft, index=False)
    except OSError as error:
        raise DataError(
            f"{path} cannot be written: {describe_error(error)}.",
            "See that the folder of LONGEVITY_HOME is writable and has room.",
        ) from error
