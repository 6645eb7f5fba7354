"""Outlines of areas: shipped, installed, drawn; a file that is damaged or of another place is refused."""

import json
import os
from dataclasses import replace
from datetime import date

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod

from longevity.base.errors import DataError, UsageError
from longevity.base.scratch import MACROS
from longevity.geography import boundaries, installed_boundaries
from longevity.geography.blocks import BLOCK_METRES, find_middle_sql
from longevity.geography.boundaries import simplify_areas
from longevity.geography.installed_boundaries import install_boundaries
from longevity.geography.locate import find_far
from longevity.geography.reference_neighbourhoods import read_neighbourhoods
from longevity.geography.stacked_points import find_addressed, write_piles_sql
from tests.factories.areas import CRS, degrees, squares, write_squares
from tests.factories.areas import boundaries as made_up

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


def renamed(settings, **keys):
    city = settings.cities[CITY].model_copy(update=keys)
    return replace(settings, cities={**settings.cities, CITY: city})


def put(bare, file):
    return install_boundaries(bare, CITY, file, None, TODAY)


def kept(bare):
    return installed_boundaries.read_installed(bare, CITY).areas


def write(frame, file):
    frame.to_crs("EPSG:4326").to_file(file, driver="GeoJSON")
    return file


def box(west, south, east, north):
    """A box in metres from the corner of the squares."""
    return shapely.box(300_000 + west, 200_000 + south, 300_000 + east, 200_000 + north)


ONE, NEXT = box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)


def shaped(folder, *shapes):
    """Areas "n0", "n1", … of these shapes in metres."""
    names = [f"n{place}" for place in range(len(shapes))]
    frame = gpd.GeoDataFrame({"name": names}, geometry=list(shapes), crs=CRS)
    return write(frame, folder / "a.geojson")


def crossing():
    """A square kilometre whose northern border crosses itself."""
    loop = [(0, 0), (1000, 0), (1000, 1000), (550, 1000), (450, 1050), (550, 1050), (450, 1000), (0, 1000)]
    return shapely.Polygon([(300_000 + east, 200_000 + north) for east, north in loop])


def as_degrees(folder, frame):
    """Written with these coordinates, whatever they are, as longitude and latitude."""
    return write(frame.set_crs("EPSG:4326", allow_override=True), folder / "a.geojson")


def swap_degrees(frame):
    degrees = frame.to_crs("EPSG:4326").geometry.values
    return frame.set_geometry(shapely.transform(degrees, lambda xy: xy[:, ::-1]), crs="EPSG:4326")


def put_bytes(file, content):
    file.write_bytes(content)
    return file


def put_pipe(file):
    os.mkfifo(file)
    return file


def put_cut(file):
    """Sixty areas, of whose file the last bytes are gone."""
    names = [f"A rather long name {place}" for place in range(60)]
    content = write(squares(names, population=list(range(60))), file).read_bytes()
    return put_bytes(file, content[: int(len(content) * 0.995)])


def test_a_file_gives_its_areas_corner_for_corner(bare, tmp_path):
    frame = squares(["Beta", "Alpha"], population=[12.0, np.nan])
    assert "2 areas of New Haven installed" in put(bare, write(frame, tmp_path / "a.geojson"))[-1]
    areas = kept(bare)
    assert areas["neighbourhood"].tolist() == ["Alpha", "Beta"]
    assert areas["population"].tolist() == [500, 12]
    assert areas["area_km2"].tolist() == pytest.approx([1, 1], rel=1e-4)
    apart = shapely.hausdorff_distance(areas.geometry.values, frame.geometry.values[::-1])
    assert (apart < 0.01).all()


def named(*names, **columns):
    return lambda at: write_squares(at / "a.geojson", names, **columns)


WARDS = squares(["x", "y"], ward=[75.0, 82.0])
WARD = {"boundary_name_prefix": "Police district ", "boundary_name_field": "ward"}
# By the name in the file, then by what prefix and pattern make of it.
THIRD = WARD | {"boundary_names": {"75": "Mill", "police district 82": "Third"}}
PATTERN = {"boundary_name_pattern": r"^(.*) \(\d+\)$"}
MILLS = {"boundary_names": {"west": "Mill", "east": "Mill", "sea": ""}}
# A file that is taken: its areas then with square kilometres and residents, and remarks.
TAKEN = [
    (
        named("alpha", "Beta", "New"),
        "Beta 1 -, New 1 -, alpha 1 500",
        [
            "Areas without published facts of that name: New. Where two names are one place, say "
            "so under boundary_names",
            "Published facts name areas that the file does not: Gone.",
            "Without residents to divide by, and so without rates: Beta and New. A column 'population' gives them.",
        ],
    ),
    (named('Al "A"', "Beta", population=[1, 2]), 'Al "A" 1 1, Beta 1 2', []),
    (named("Two", "Other", "two ", population=[5, 6, 5]), "Other 1 6, Two 2 5", ["'Two' is 2 rows, taken as one"]),
    (named("Two", "TWO", population=[5, 6]), "Two 2 -", ["without rates: every area."]),
    (lambda at: write(WARDS, at / "a.json"), "Police district 75 1 -, Police district 82 1 -", [], WARD),
    (lambda at: write(WARDS, at / "a.json"), "Mill 1 -, Third 1 -", [], THIRD),
    (named("M (82)", "Old (E) (3)", "Plain"), "M 1 -, Old (E) 1 -, Plain 1 -", [], PATTERN),
    (named("M (82)", "M (83)"), "M 2 -", ["'M' is 2 rows, taken as one area."], PATTERN),
    (
        named("West", "East", "Sea", "Old"),
        "Mill 2 -, Old 1 -",
        ["Left out by boundary_names: Sea.", "'Mill' is 2 rows, taken as one area."],
        MILLS,
    ),
    (lambda at: shaped(at, ONE, box(996, 0, 2000, 1000)), "n0 1 -, n1 1.004 -", []),
    (lambda at: shaped(at, shapely.force_3d(ONE, 7.0)), "n0 1 -", []),
]


def fill(cases, width):
    return [(*case, {})[:width] for case in cases]


@pytest.mark.parametrize(("make", "wanted", "said", "keys"), fill(TAKEN, 4))
def test_what_is_taken_is_said(bare, tmp_path, make, wanted, said, keys):
    settings = renamed(bare, **keys)
    remarks = "\n".join(put(settings, make(tmp_path)))
    areas = kept(settings)
    people = areas["population"].astype("string").fillna("-")
    rows = zip(areas["neighbourhood"], areas["area_km2"].round(4), people, strict=True)
    assert ", ".join(f"{name} {km2:g} {count}" for name, km2, count in rows) == wanted
    assert [remark for remark in said if remark not in remarks] == []
    assert shapely.is_valid(areas.geometry.values).all()
    assert not areas.has_z.any()


EMPTY = json.dumps({"type": "FeatureCollection", "features": []}).encode()
DAMAGED = "is not GeoJSON, or damaged"
REFUSED = [
    (lambda at: at / "b.geojson", "There is no file"),
    (lambda at: at, "is a folder"),
    (lambda at: put_pipe(at / "a.geojson"), "is a pipe or a device"),
    (lambda at: put_bytes(at / "a.kml", b"<kml/>"), DAMAGED),
    (lambda at: put_bytes(at / "a.geojson", b""), DAMAGED),
    (lambda at: put_bytes(at / "a.geojson", b"[" * 100_000), DAMAGED),
    (lambda at: put_cut(at / "a.json"), DAMAGED),
    (lambda at: put_bytes(at / "a.geojson", EMPTY), "has no rows"),
    (lambda at: write(squares(["a"]).rename(columns={"name": "NAME"}), at / "a.json"), "'name'. Did you mean 'NAME'?"),
    *((named("a", blank), "row 2: the area's name '' in 'name' leaves") for blank in (None, "", "  ")),
    (
        named("Mill (82)"),
        "'Mill (82)' in 'name' leaves nothing to call it",
        {"boundary_name_pattern": r"^Mill(.*?) ?\("},
    ),
    (named("Sea"), "every area is left out by the boundary_names of New Haven", MILLS),
    *(
        (named("a", "b", Population=people), "population of 'b' is not a number of people")
        for people in (["4", "many"], [4, -1])
    ),
    (lambda at: shaped(at, ONE, None), "'n1' is empty, not an area"),
    (lambda at: shaped(at, ONE, ONE.exterior), "'n1' is a LineString, not an area"),
    (lambda at: shaped(at, ONE, crossing()), "'n1' is not a valid area: Self-inter"),
    (lambda at: shaped(at, ONE, NEXT, box(980, 0, 1800, 500)), "'n1' and 'n2' overlap on"),
    (lambda at: shaped(at, ONE, box(980, 0, 1800, 500)), "'n0' and 'n1' overlap on 10,0"),
    (lambda at: shaped(at, ONE, box(400, 400, 600, 600)), "overlap on 40,0"),
    (lambda at: as_degrees(at, squares(["a"])), "lies outside the area in which"),
    (lambda at: as_degrees(at, swap_degrees(squares(["a"]))), "seem to be swapped"),
]


@pytest.mark.parametrize(("make", "said", "keys"), fill(REFUSED, 3))
def test_what_cannot_be_installed_is_refused_and_what_was_stays(bare, tmp_path, make, said, keys):
    put(bare, write_squares(tmp_path / "before.geojson", ["a"]))
    before = installed_boundaries.find_path(bare, CITY).read_bytes()
    with pytest.raises((DataError, UsageError)) as refused:
        put(renamed(bare, **keys), make(tmp_path))
    assert said in str(refused.value)
    assert installed_boundaries.find_path(bare, CITY).read_bytes() == before


def test_the_outlines_that_ship_are_the_areas_of_the_published_facts(settings):
    for city in settings.cities:
        got = boundaries.find_boundaries(settings, city)
        known = read_neighbourhoods(settings, city)
        assert (got.city, got.kind) == (city, "shipped")
        for frame in (got.full, got.simplified, got.areas):
            assert frame["neighbourhood"].tolist() == known["name"].tolist()
        assert got.areas["area_km2"].tolist() == pytest.approx(known["area_km2"].tolist(), rel=0.02, abs=0.02)
        assert got.areas["population"].dropna().tolist() == known["population"].dropna().tolist()
        assert (got.full.crs, got.simplified.crs) == (settings.projected_crs, "EPSG:4326")


def test_the_outlines_that_ship_fit_together_are_light_and_say_where_they_are_from(settings):
    for city in settings.cities:
        file = settings.reference / boundaries.OUTLINES / f"{city}.geojson"
        content = json.loads(file.read_text(encoding="utf-8"))
        shapes = [shapely.geometry.shape(area["geometry"]) for area in content["features"]]
        assert shapely.is_valid(shapes).all()
        assert shapely.coverage_is_valid(shapes)
        assert file.stat().st_size <= 40 * 1024
        assert all(content[key] for key in ("source", "licence", "read", "credit"))


def test_a_damaged_installed_file_is_a_sentence(settings):
    kept = installed_boundaries.find_path(settings, CITY)
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"PAR1 and then nothing")
    with pytest.raises(DataError, match=r"is damaged\. Install the city's boundaries again"):
        boundaries.find_boundaries(settings, CITY)


def test_a_hole_runs_the_other_way_and_a_speck_is_left_out():
    ring = ONE.difference(box(400, 400, 600, 600))
    speck = box(2000, 0, 2000.02, 0.02)
    drawn = boundaries.build_geojson([made_up({"ring": shapely.MultiPolygon([ring, speck])})])
    (part,) = drawn["features"][0]["geometry"]["coordinates"]
    outer, hole = (shapely.LinearRing(ring) for ring in part)
    assert outer.is_ccw
    assert not hole.is_ccw


HEADER = "city,neighbourhood,longitude,latitude,area_km2,population,definition,source_url\n"
ALPHA = "{city},Alpha,-72.9,41.3,1,1,d,u"


def listed(settings, folder, *rows):
    """The areas of the first city where the published facts are these rows."""
    city = next(iter(settings.cities.values()))
    text = HEADER + "".join(row.format(city=city.id, key=city.reference_key) + "\n" for row in rows)
    (folder / "neighbourhoods.csv").write_text(text, encoding="utf-8")
    facts = read_neighbourhoods(replace(settings, reference=folder), city.id)
    return [" ".join(map(str, fact)) for fact in facts.itertuples(index=False)]


def test_published_areas_come_sorted_with_their_figures(settings, tmp_path):
    assert listed(
        settings,
        tmp_path,
        "{city},Zeta,-72.9,41.3,1.5,1200,d,u",
        "{key}, Alpha ,-72.8,41.2,,,d,u",
        "{city},NA,-72.8,41.2,2.5,0,d,u",
        "elsewhere,Other,no,41.2,2.5,1,d,u",
    ) == ["Alpha -72.8 41.2 nan <NA>", "NA -72.8 41.2 2.5 <NA>", "Zeta -72.9 41.3 1.5 1200"]
    assert read_neighbourhoods(replace(settings, reference=tmp_path / "none"), "hartford").empty
    assert listed(settings, tmp_path, "elsewhere,Other,-72.8,41.2,2.5,1,d,u") == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{city},Beta,-72.9,forty,1,1,d,u", "cannot be read: could not convert string"),
        ("{city},Beta,,41.3,1,1,d,u", "line 3: not a neighbourhood with"),
        ("{city},Beta,-72.9,141.3,1,1,d,u", "line 3: "),
        ("{city}, ,-72.9,41.3,1,1,d,u", "line 3: "),
        ("{city},B\u202eeta,-72.9,41.3,1,1,d,u", "line 3: "),
        ("{city},ALPHA,-72.8,41.3,1,1,d,u", "line 3: "),
    ],
)
def test_a_wrong_row_is_named(settings, tmp_path, row, said):
    with pytest.raises(DataError, match=said):
        listed(settings, tmp_path, ALPHA, row)


def make_wavy():
    """Two areas with a wavy border of 400 corners, as a surveyor's file has them."""
    north = np.linspace(0, 2000, 400)
    aside = np.random.default_rng(3).normal(0, 3, 400) * np.sin(north * np.pi / 2000)
    border = np.column_stack([301_000 + aside, 200_000 + north])
    shapes = [shapely.Polygon([*border, (x, 202_000), (x, 200_000)]) for x in (300_000, 302_000)]
    return gpd.GeoDataFrame({"neighbourhood": list("ab")}, geometry=shapes, crs=CRS)


@pytest.mark.parametrize("apart", [False, True])
def test_wavy_borders_get_light_and_stay_shared(apart):
    full = make_wavy()
    if apart:  # each border was simplified on its own, so that the areas fit no longer
        full = full.set_geometry(shapely.simplify(full.geometry.values, [2.0, 6.0]))
    assert shapely.coverage_is_valid(full.geometry.values) != apart
    drawn = simplify_areas(full)
    assert drawn.crs.to_epsg() == 4326
    assert drawn["neighbourhood"].tolist() == full["neighbourhood"].tolist()
    shapes = drawn.geometry.values
    assert shapely.is_valid(shapes).all() and shapely.coverage_is_valid(shapes)
    assert shapely.get_num_coordinates(shapes).sum() < 200
    there = drawn.to_crs(CRS)
    differences = shapely.area(shapely.symmetric_difference(there.geometry.values, full.geometry.values))
    assert (differences / full.area < 0.02).all()
    assert there.union_all().interiors[:] == []


DAY = pd.Timestamp(2020, 1, 5)


def frame(*groups):
    """Rows of one day from (city, longitude, latitude, how many)."""
    rows = [(city, x, y, DAY) for city, x, y, count in groups for _ in range(count)]
    return pd.DataFrame(rows, columns=["city", "longitude", "latitude", "occurred_at"])


def spread(city, count):
    places = {"longitude": np.linspace(-73, -72, count), "latitude": np.linspace(41, 42, count)}
    return pd.DataFrame({"city": city, **places, "occurred_at": DAY})


def moments(days):
    """Rows on one point on these days, so many on each."""
    rows = frame(("east", -72.5, 41.5, sum(days.values())))
    rows["occurred_at"] = pd.to_datetime([day for day, count in days.items() for _ in range(count)])
    return rows


PILE = ("east", -72.5, 41.5, 20)
NAN = np.nan
# Rows, and how many of them lie on a pile.
PILES = {
    "twenty rows on one point": (frame(PILE), 20),
    "nineteen": (frame(("east", -72.5, 41.5, 19)), 0),
    "twenty, however large the city is": (pd.concat([spread("east", 5000), frame(PILE)]), 20),
    "within six years": (moments({"2020-01-05": 19, "2026-01-04": 1}), 20),
    "not within six years": (moments({"2020-01-05": 19, "2026-01-05": 1}), 0),
    "years before the pile hide it not": (moments({"2005-05-05": 10, "2019-05-05": 20}), 30),
    "no coordinates": (frame(PILE, ("east", NAN, NAN, 50), ("east", np.inf, 41.5, 50), ("east", -72.5, NAN, 50)), 20),
    "the same point in two cities": (frame(("east", 1, 1, 15), ("west", 1, 1, 15)), 0),
    "rows of another city, or point": (frame(PILE, ("west", -72.5, 41.5, 1), ("east", -72.5, 41.6, 1)), 20),
    "what an address places": (frame(PILE).assign(place_confirmed=[True] + [None] * 19), 0),
    "others on its point": (frame(PILE, PILE).assign(place_confirmed=[True] * 20 + [None] * 20), 20),
}


@pytest.mark.parametrize("case", PILES)
def test_rows_on_a_pile(settings, case):
    rows, expected = PILES[case]
    rows = rows.reset_index(drop=True)
    if "place_confirmed" not in rows:
        rows["place_confirmed"] = pd.Series(pd.NA, rows.index, dtype="boolean")
    with duckdb.connect() as connection:
        connection.execute(MACROS)
        connection.register("incidents", rows)
        piled = connection.execute(f"""
            SELECT city FROM incidents
            SEMI JOIN ({write_piles_sql(settings.thresholds)}) AS piles
                USING (city, longitude, latitude)
            WHERE place_confirmed IS DISTINCT FROM true
        """).fetchall()
    assert piled == [("east",)] * expected


@pytest.mark.parametrize(
    ("addresses", "is_place"),
    [
        (["155 Burr St", "155 BURR  ST ", "155 Burr St", "", "Gate 4", "155 Burr St"], True),
        (["012XX W LAKE ST"] * 3, True),
        (["Block of 100 Elm"] * 3, True),
        (["Main St / Elm Ave"] * 3, True),
        (["New Haven"] * 3, False),  # the address of no place
        (["Hartford & Vicinity"] * 3, False),
        (["06511"] * 3, False),
        (["1 Elm St", "2 Elm St", "3 Elm St", "4 Elm St"], False),  # not found, put on one point
        (["1 Elm St", "1 Elm St", "3 Elm St", "4 Elm St"], True),  # half of them
        (["1 Elm St", "1 Elm St", "3 Elm St", "4 Elm St", "5 Elm St"], False),
        (["155 Burr St"], False),  # once says nothing of many
        ([None, None, None], False),
    ],
)
def test_an_address_many_rows_give_is_one_place(addresses, is_place):
    rows = frame(("east", -72.5, 41.5, len(addresses)), ("east", -72.6, 41.5, 1))
    rows["_address"] = pd.Series([*addresses, None], dtype="str")
    assert find_addressed(rows).tolist() == [is_place] * len(addresses) + [False]


# Where a place is moved to: the middle of its square, whatever else there is
EARTH = Geod(ellps="WGS84")


def moved(longitude, latitude):
    x, y = find_middle_sql("x", "y")
    connection = duckdb.connect(":memory:")
    connection.register("given", pd.DataFrame({"x": longitude, "y": latitude}))
    frame = connection.execute(f"SELECT {x} AS x, {y} AS y FROM given").df()
    connection.close()
    return frame["x"].to_numpy(), frame["y"].to_numpy()


@pytest.mark.parametrize("place", [(-72.9, 41.3), (10.7, 59.9), (-58.4, -34.6), (36.8, -1.3)])
def test_a_place_moves_within_its_square_and_a_square_is_no_finer_than_a_block(place):
    dice = np.random.default_rng(5)
    # A square kilometre or so, some 5,000 places in it.
    longitude = place[0] + dice.uniform(0, 0.01, 5000)
    latitude = place[1] + dice.uniform(0, 0.01, 5000)
    x, y = moved(longitude, latitude)
    _, _, metres = EARTH.inv(longitude, latitude, x, y)
    assert metres.max() < 72
    assert metres.max() > 60  # places near a corner of a square are in its middle too
    rows = np.unique(y)
    _, _, tall = EARTH.inv(x[:1], rows[:1], x[:1], rows[1:2])
    along = np.unique(x[y == rows[3]])
    _, _, wide = EARTH.inv(along[:1], rows[3:4], along[1:2], rows[3:4])
    assert tall[0] == pytest.approx(BLOCK_METRES, rel=0.02)
    assert wide[0] == pytest.approx(BLOCK_METRES, rel=0.02)


def test_a_point_is_far_beyond_the_width_of_the_city():
    """The two squares are two kilometres wide together, and one high."""
    pair = made_up({"west": ONE, "east": NEXT})  # the one on the right is the first by name
    steps = [(301_000, 200_500), (298_001, 200_500), (297_999, 200_500), (301_000, 203_001)]
    corner = [(303_400, 202_400), (303_430, 202_430)]  # measured to the area, not to its box
    longitude, latitude = degrees(*map(list, zip(*steps, *corner, strict=True)))
    found = find_far(longitude, latitude, pair).tolist()
    assert found == [False, False, True, True, False, True]
    assert not find_far([0.0], [0.0], made_up({})).any()  # of a city without areas none is far
