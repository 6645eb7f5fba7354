"""`boundaries fetch` against a real server that behaves as portals do, well and badly."""

from __future__ import annotations

import gzip
import itertools
import json
import random
import re
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import geopandas as gpd
import pytest
import shapely

from longevity import settings as configuration
from longevity.app.publish import publish_without_answers
from longevity.auth import viewers
from longevity.errors import DataError, LongevityError, UsageError
from longevity.geography.boundaries import find_boundaries
from longevity.geography.boundary_download import LAYER, Bounds, find_target
from longevity.geography.boundary_fetch import fetch_boundaries
from longevity.geography.installed_boundaries import (
    InstallReport,
    find_path,
    list_unfetched,
    read_installed,
)
from longevity.geography.reference_neighbourhoods import list_neighbourhoods
from longevity.release.store import Store
from longevity.reports.context import ReportContext
from longevity.reports.data_sources import DataSources
from longevity.settings import ROOT, Settings
from longevity.text.sources import describe_boundaries
from longevity.ui import server
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import quiet
from tests.drivers.commands import run_command
from tests.drivers.portal import (
    Portal,
    Respond,
    body,
    in_turn,
    layer,
    leading_to,
    pieces,
    serve_portal,
    status,
)
from tests.factories import extracts, tiny_release
from tests.factories.areas import CRS, degrees, squares
from tests.factories.topology import build_topology

TODAY = date(2026, 11, 23)
CITY = "east"
QUICK = Bounds(
    seconds=20, answer_seconds=10, preparation_seconds=5, pause_seconds=0.01, redirects=3
)
FILE = "/areas"
NAMES = ["Harbour", "Hill", "Mill"]


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Portal]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    with serve_portal() as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, portal: Portal) -> Settings:
    """A city whose lines are at the portal's FILE."""
    return at(tiny_release.settings(tmp_path), portal.at(FILE))


def at(settings: Settings, address: str, **keys: Any) -> Settings:
    city = replace(settings.cities[CITY], boundaries_url=address, **keys)
    return replace(settings, cities={**settings.cities, CITY: city})


def in_degrees(names: list[str] = NAMES) -> gpd.GeoDataFrame:
    return squares(names).to_crs("EPSG:4326")


def geojson(names: list[str] = NAMES) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(in_degrees(names).to_json())
    return parsed


def packed(tmp_path: Path) -> bytes:
    """A Shapefile with its parts in an archive."""
    inside = tmp_path / "inside"
    inside.mkdir()
    squares(NAMES).to_file(inside / "areas.shp")
    return Path(shutil.make_archive(str(tmp_path / "areas"), "zip", inside)).read_bytes()


def database(tmp_path: Path) -> bytes:
    squares(NAMES).to_file(tmp_path / "areas.gpkg", driver="GPKG")
    return (tmp_path / "areas.gpkg").read_bytes()


def fetch(settings: Settings, bounds: Bounds = QUICK, **more: Any) -> InstallReport:
    return fetch_boundaries(settings, CITY, None, TODAY, quiet, bounds=bounds, **more)


def refused(
    settings: Settings, bounds: Bounds = QUICK, of: type[LongevityError] = DataError
) -> str:
    """The sentence, which names the address; what was installed before is as it was."""
    before = find_path(settings, CITY).read_bytes() if find_path(settings, CITY).exists() else b""
    with pytest.raises(of) as caught:
        fetch(settings, bounds)
    said = str(caught.value)
    assert said.endswith(".")
    assert "/tmp" not in said
    kept = find_path(settings, CITY)
    assert (kept.read_bytes() if kept.exists() else b"") == before
    assert not kept.parent.exists() or list(kept.parent.iterdir()) == ([kept] if before else [])
    return said


def assert_squares(settings: Settings, names: list[str] = NAMES) -> None:
    """What is installed is the squares, to a centimetre."""
    official = read_installed(settings, CITY)
    assert official is not None
    assert official.areas["neighbourhood"].tolist() == sorted(names)
    there = official.areas.set_index("neighbourhood").geometry[names].values
    assert (shapely.hausdorff_distance(there, squares(names).geometry.values) < 0.02).all()


# --- what portals speak --------------------------------------------------------


@pytest.mark.parametrize(
    "kind", ["geojson", "topojson", "topojson on a grid", "geopackage", "shapefile", "gzip"]
)
def test_a_file_of_each_kind_gives_the_same_areas(
    home: Settings, portal: Portal, tmp_path: Path, kind: str
) -> None:
    makers: dict[str, Callable[[], Any]] = {
        "geojson": geojson,
        "topojson": lambda: build_topology(in_degrees()),
        "topojson on a grid": lambda: build_topology(in_degrees(), 1e7),
        "geopackage": lambda: database(tmp_path),
        "shapefile": lambda: packed(tmp_path),
        "gzip": lambda: gzip.compress(json.dumps(geojson()).encode()),
    }
    headers = {"content_encoding": "gzip"} if kind == "gzip" else {}
    # What a server calls it says little: raw files of repositories are all plain text.
    portal.answers[FILE] = body(makers[kind](), content_type="text/plain", **headers)
    assert fetch(home).areas == 3
    assert_squares(home)
    assert portal.asked == [FILE]


@pytest.mark.parametrize("inside", [False, True])
def test_a_layer_is_read_page_by_page(home: Settings, portal: Portal, inside: bool) -> None:
    names = [f"Area {number:02d}" for number in range(7)]
    portal.answers["/x/FeatureServer/0/query"] = layer(geojson(names)["features"], 3, inside)
    told = at(home, portal.at("/x/FeatureServer/0"))
    assert fetch(told).areas == 7
    assert_squares(told, names)
    assert len(portal.asked) == 3


def test_a_layer_that_sends_its_first_page_for_ever(home: Settings, portal: Portal) -> None:
    portal.answers["/FeatureServer/0/query"] = layer(geojson()["features"], 2, deaf=True)
    assert "sends its first areas again" in refused(at(home, portal.at("/FeatureServer/0/")))


def test_a_layer_that_says_there_is_more_and_sends_nothing(home: Settings, portal: Portal) -> None:
    more = geojson() | {"exceededTransferLimit": True}
    none = {"type": "FeatureCollection", "features": [], "exceededTransferLimit": True}
    portal.answers["/FeatureServer/0/query"] = in_turn(body(more), body(none))
    said = refused(at(home, portal.at("/FeatureServer/0")))
    assert "more areas than the 3 it sent" in said


def test_a_layer_whose_pages_overlap(home: Settings, portal: Portal) -> None:
    first, second, third = geojson()["features"]
    page = {"type": "FeatureCollection", "properties": {"exceededTransferLimit": True}}
    pages = body(page | {"features": [first, second]}), body(geojson() | {"features": [second]})
    portal.answers["/FeatureServer/0/query"] = in_turn(*pages)
    said = refused(at(home, portal.at("/FeatureServer/0")))
    assert "sent some areas twice, and may have left out others" in said
    portal.answers["/FeatureServer/0/query"] = in_turn(
        pages[0], body(geojson() | {"features": [third]})
    )
    assert fetch(at(home, portal.at("/FeatureServer/0"))).areas == 3


def test_a_service_is_no_layer(home: Settings, portal: Portal) -> None:
    said = refused(at(home, portal.at("/rest/FeatureServer")))
    assert "is a service, not one of its layers. Add the layer's number" in said
    assert portal.asked == []


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ({"error": {"code": 400, "message": "Invalid\u202e URL"}}, "refused: Invalid URL."),
        ({"layers": []}, "answered with no GeoJSON"),
        (b"[]", "no file of areas"),
        (b'{"type": "FeatureCollection", "features": [{"ty', "damaged or cut off"),
    ],
)
def test_a_layer_that_refuses(home: Settings, portal: Portal, page: Any, said: str) -> None:
    portal.answers["/FeatureServer/0/query"] = body(page)
    assert said in refused(at(home, portal.at("/FeatureServer/0")))


WAIT = body({"status": "Pending", "recordCount": 3}, 202)


def test_a_download_made_on_demand_is_waited_for(home: Settings, portal: Portal) -> None:
    portal.answers[FILE] = in_turn(WAIT, WAIT, leading_to("/made"))
    portal.answers["/made"] = body(geojson())
    assert fetch(home).areas == 3
    assert portal.asked == [FILE, FILE, FILE, "/made"]


def test_a_download_whose_address_is_told_in_json(home: Settings, portal: Portal) -> None:
    made = body({"status": "Completed", "resultUrl": portal.at("/made")})
    portal.answers[FILE] = in_turn(body({"status": "InProgress"}), made)
    portal.answers["/made"] = body(geojson())
    assert fetch(home).areas == 3


def test_a_download_that_is_never_ready_or_fails(home: Settings, portal: Portal) -> None:
    portal.answers[FILE] = WAIT
    assert "still making the file after 0.5 seconds" in refused(
        home, replace(QUICK, preparation_seconds=0.5, pause_seconds=0.1)
    )
    assert 2 <= len(portal.asked) <= 6
    portal.answers[FILE] = body({"status": "Failed"}, 202)
    assert "the portal failed to make the file" in refused(home)
    portal.answers[FILE] = body({"status": "Completed", "resultUrl": "file:///etc/passwd"})
    assert "leads to 'file:///etc/passwd', which is no web address" in refused(home)


def test_the_addresses_that_come_with_the_program() -> None:
    program = configuration.load_settings(environment={})
    cities = program.cities.values()
    assert all(city.boundaries_url.startswith("https://") for city in cities)
    layers = [city for city in cities if LAYER.fullmatch(urlsplit(city.boundaries_url).path)]
    assert [city.boundary_name_fields[0] for city in layers] == ["Neighborhood"]
    # Names elsewhere are names of ours.
    for city in cities:
        ours = {each.name for each in list_neighbourhoods(program, city.id, synthetic=False)}
        assert set(city.boundary_names.values()) <= ours


# --- what goes wrong -----------------------------------------------------------


def test_a_failure_of_any_kind_leaves_what_was_installed(home: Settings, portal: Portal) -> None:
    portal.answers[FILE] = body(geojson())
    fetch(home)
    content = json.dumps(geojson(["Another"])).encode()
    bad: list[Respond] = [
        status(404),
        status(500),
        body(b"<!DOCTYPE html><html></html>"),
        body(content[:-40]),
        body(content, content_length=str(len(content) + 7)),
        leading_to("file:///etc/passwd"),
    ]
    for portal.answers[FILE] in bad:
        refused(home)
        assert_squares(home)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (404, "answered 404 (Not Found). Look for the file on the city's portal"),
        (403, "answered 403 (Forbidden). It is not open to programs."),
        (500, "answered 500 (Internal Server Error). Try again later"),
        (503, "answered 503"),
        (429, "answered 429 (Too Many Requests). Try again later"),
        (304, "answered 304"),
        (799, "answered 799."),
    ],
)
def test_a_refusal_of_the_server(home: Settings, portal: Portal, code: int, said: str) -> None:
    portal.answers[FILE] = status(code)
    assert f"{portal.at(FILE)} {said}" in refused(home)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "answered with nothing"),
        (b" \n<html><body>Sign in</body></html>", "a web page, not with a file of areas"),
        (b"name,x,y\n", "something that is no file of areas"),
        (b'\xef\xbb\xbf{"a": 1}', "JSON that is no file of areas"),
        (b'{"type": "gdal_streamed_alg"}', "JSON that is no file of areas"),
        (b'{"type": "FeatureCollection", "features": [', "damaged or cut off"),
        (b'{"a":' * 100_000, "damaged or cut off"),
        (b'{"type": "FeatureCollection", "features": []}', "has no rows"),
        (b"PK\x03\x04garbage", "not a zip archive that can be read"),
        (b"SQLite format 3\x00garbage", "damaged or cut off"),
        (b"PAR1garbage", "damaged or cut off"),
        (b'{"type": "Topology", "objects": {}, "arcs": [1]}', "damaged or cut off"),
    ],
)
def test_what_is_no_file_of_areas(
    home: Settings, portal: Portal, content: bytes, said: str
) -> None:
    portal.answers[FILE] = body(content)
    sentence = refused(home)
    assert sentence.startswith(portal.at(FILE))
    assert said in sentence


def test_a_topology_that_does_not_hang_together(home: Settings, portal: Portal) -> None:
    whole = build_topology(in_degrees(), 1e7)
    portal.answers[FILE] = body(whole | {"arcs": whole["arcs"][:-1]})
    assert "names a border that is not in it" in refused(home)
    ring = whole["objects"]["areas"]["geometries"][1]["arcs"][0][0]
    del ring[1]
    portal.answers[FILE] = body(whole)
    assert "an outline that does not close" in refused(home)


@pytest.mark.parametrize("announced", [True, False])
def test_an_answer_cut_off(home: Settings, portal: Portal, announced: bool) -> None:
    content = json.dumps(geojson()).encode()
    length = {"content_length": str(len(content))} if announced else {}
    portal.answers[FILE] = body(content[:-30], **length)
    said = refused(home)
    assert ("broke off its answer" if announced else "damaged or cut off") in said


def test_a_server_that_hangs_up_or_is_not_there(home: Settings, portal: Portal) -> None:
    portal.answers[FILE] = lambda asked: asked.connection.close()
    assert "broke off its answer" in refused(home)
    assert "cannot be reached" in refused(at(home, "http://127.0.0.1:1/areas"))


def test_other_coordinates_than_degrees(home: Settings, portal: Portal) -> None:
    in_metres = json.loads(squares(NAMES).set_crs("EPSG:4326", allow_override=True).to_json())
    portal.answers[FILE] = body(in_metres)
    assert "lies outside the area in which" in refused(home)
    in_feet = squares(NAMES).to_crs("EPSG:2234")
    named = {"crs": {"type": "name", "properties": {"name": "EPSG:2234"}}}
    portal.answers[FILE] = body(json.loads(in_feet.to_json(drop_id=True)) | named)
    assert fetch(home).areas == 3
    assert_squares(home)
    portal.answers[FILE] = body(
        build_topology(squares(NAMES).set_crs("EPSG:4326", allow_override=True))
    )
    assert "lies outside the area in which" in refused(home)


def test_a_file_of_more_than_fifty_megabytes(home: Settings, portal: Portal) -> None:
    larger = "is larger than 50 MB. It is not a city's neighbourhoods alone"
    usual = Bounds(answer_seconds=20)
    portal.answers[FILE] = body(b"{", content_length="50000001")
    assert larger in refused(home, usual)
    million = b'{"type": ' + b" " * 999_991
    portal.answers[FILE] = pieces(itertools.repeat(million, 60))
    assert larger in refused(home, usual)
    portal.answers[FILE] = body(gzip.compress(bytes(60_000_000)), content_encoding="gzip")
    assert larger in refused(home, usual)
    portal.answers[FILE] = body(b"{}", content_encoding="gzip, gzip")
    assert "packs its answer as 'gzip, gzip'" in refused(home)


def test_pages_count_together(home: Settings, portal: Portal) -> None:
    names = [f"Area {number:02d}" for number in range(9)]
    features = geojson(names)["features"]
    portal.answers["/FeatureServer/0/query"] = layer(features, 1)
    told = at(home, portal.at("/FeatureServer/0"))
    most = 5 * len(json.dumps(features[0]))
    assert "is larger than" in refused(told, replace(QUICK, size=most))
    assert "more areas than the 4 it sent" in refused(told, replace(QUICK, pages=4))


def test_a_slow_answer_is_given_up(home: Settings, portal: Portal) -> None:
    end = threading.Event()

    def drip() -> Iterator[bytes]:
        while not end.wait(0.02):
            yield b" "

    def header(asked: Any) -> None:
        asked.wfile.write(b"HTTP/1.1 200 OK\r\nA: ")
        while not end.wait(0.02):
            asked.wfile.write(b"a")

    started = time.monotonic()
    slow = replace(QUICK, answer_seconds=0.3)
    for portal.answers[FILE] in (pieces(iter([b"{"]), end), pieces(drip()), header):
        assert "did not give a whole answer within 0.3 seconds" in refused(home, slow)
    portal.answers[FILE] = pieces(drip())
    assert "had not sent the whole file after 0.3 seconds" in refused(
        home, replace(QUICK, seconds=0.3)
    )
    end.set()
    assert time.monotonic() - started < 10


def test_redirects_are_few_and_to_web_addresses(home: Settings, portal: Portal) -> None:
    portal.answers |= {
        FILE: leading_to("/b", 301),
        "/b": leading_to(portal.at("/c"), 307),
        "/c": leading_to("d", 308),
        "/d": body(geojson()),
    }
    assert fetch(home).areas == 3
    portal.answers["/d"] = leading_to(FILE)
    assert "leads on more than 3 times" in refused(home)
    for elsewhere in ("file:///etc/passwd", "ftp://x/y"):
        portal.answers[FILE] = leading_to(elsewhere)
        assert f"leads to '{elsewhere}', which is no web address" in refused(home)
    for elsewhere in ("data:,x", "//[::1/x", "http://a:b/", "/" + "x" * 70_000, "http://\x01/"):
        portal.answers[FILE] = leading_to(elsewhere)
        refused(home)


def test_no_redirect_takes_the_way_from_https_to_http() -> None:
    start = "https://data.example/a"
    assert find_target(start, start, "b?c") == "https://data.example/b?c"
    assert find_target(start, start, "//files.example/a") == "https://files.example/a"
    assert find_target(start, "http://data.example/a", start) == start
    with pytest.raises(DataError, match="leads from https to http"):
        find_target(start, start, "http://data.example/a")


# --- names ---------------------------------------------------------------------


def known(settings: Settings, *names: str) -> Settings:
    """Facts of these areas, whose label points lie in the squares in this order."""
    x = [300_500 + 1000 * place for place in range(len(names))]
    longitude, latitude = degrees(x, [200_500] * len(names))
    settings.reference.mkdir(parents=True, exist_ok=True)
    lines = ["city,neighbourhood,longitude,latitude,area_km2,population"]
    lines += [
        f"{CITY},{name},{lon},{lat},1.0,100"
        for name, lon, lat in zip(names, longitude, latitude, strict=True)
    ]
    (settings.reference / "neighbourhoods.csv").write_text("\n".join(lines), encoding="utf-8")
    return settings


def test_names_that_differ_are_listed_with_what_to_write(home: Settings, portal: Portal) -> None:
    portal.answers[FILE] = body(geojson(["The Harbor", "Hill", 'Old "Mill"']))
    report = fetch(known(home, "Harbour", "Hill", "Mill"))
    assert report.remarks[:3] == [
        'Areas without published facts of that name: Old "Mill", The Harbor.',
        "Published facts name areas that the file does not: Harbour, Mill.",
        "Where two of these are one place under two names, write so under "
        '[cities.east.boundary_names] of longevity.toml, then do this again: "The Harbor" = '
        '"Harbour"; "Old \\"Mill\\"" = "Mill".',
    ]


def test_the_table_of_names_matches_joins_and_leaves_out(home: Settings, portal: Portal) -> None:
    portal.answers[FILE] = body(geojson(["The  Harbor", "Hill", "Low Mill", "High Mill", "Beyond"]))
    table = {"the harbor": "Harbour", "low mill": "Mill", "high mill": "Mill", "beyond": ""}
    named = at(known(home, "Harbour", "Hill", "Mill"), portal.at(FILE), boundary_names=table)
    report = fetch(named)
    official = read_installed(named, CITY)
    assert official is not None
    assert official.areas["neighbourhood"].tolist() == ["Harbour", "Hill", "Mill"]
    assert official.areas["population"].tolist() == [100, 100, 100]
    assert official.areas["area_km2"].tolist() == pytest.approx([1, 1, 2], rel=1e-3)
    assert report.remarks == [
        "Left out by boundary_names: Beyond.",
        "'Mill' is 2 rows, taken as one area.",
    ]
    portal.answers[FILE] = body(geojson(["Beyond"]))
    assert "every area is left out" in refused(named)


def test_a_column_is_the_first_there_is_of_those_named(home: Settings, portal: Portal) -> None:
    frame = in_degrees().rename(columns={"name": "Neighborhood"})
    portal.answers[FILE] = body(json.loads(frame.to_json()))
    assert "has no column 'name'. Valid: Neighborhood, id." in refused(home, of=UsageError)
    several = at(home, portal.at(FILE), boundary_name_fields=("LABEL", "Neighborhood", "name"))
    assert fetch(several).areas == 3


# --- from the command to the answer ---------------------------------------------


@pytest.fixture
def configured(tmp_path: Path, portal: Portal, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The same city, read from a file and a home that the command line is told of."""
    text = tiny_release.CONFIG.replace(
        'name = "East"',
        f'name = "East"\nboundaries_url = "{portal.at(FILE)}"\nboundaries_licence = "CC0"\n'
        'boundaries_official = true\nboundary_names = { "The Harbor" = "Harbour" }',
    )
    path = tmp_path / "longevity.toml"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("LONGEVITY_CONFIG", str(path))
    monkeypatch.setenv("LONGEVITY_HOME", str(tmp_path / "home"))
    return configuration.load_settings()


def test_from_fetch_to_the_counts_of_neighbourhoods(
    configured: Settings, portal: Portal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = in_degrees(["The Harbor", *NAMES[1:]])
    portal.answers[FILE] = in_turn(WAIT, body(build_topology(theirs, 1e7)))
    done = run_command(capsys, "boundaries", "fetch")
    assert done.code == 0, done
    assert "3 areas of East installed from http://127.0.0.1" in done.out
    assert "(licence: CC0); the next publish uses them." in done.out

    draw = random.Random(3)
    x = [draw.uniform(299_500, 303_500) for _ in range(300)]
    y = [draw.uniform(199_700, 201_300) for _ in range(300)]
    longitude, latitude = degrees(x, y)
    rows = [
        extracts.row(
            "incidents",
            number,
            CITY,
            incident_id=f"e-{number:04d}",
            occurred_at=datetime(2021, 1 + number % 12, 1 + number % 28, 12),
            longitude=float(longitude[number]),
            latitude=float(latitude[number]),
        )
        for number in range(300)
    ]
    # One without coordinates names its area as the portal does.
    place = {"longitude": None, "latitude": None, "neighbourhood": "the harbor"}
    rows.append(rows[0] | place | {"incident_id": "e-0300"})
    hurt = [
        extracts.row(
            "victims",
            number,
            CITY,
            incident_id=f"e-{number // 2:04d}",
            outcome="fatal" if number % 5 == 0 else "nonfatal",
        )
        for number in range(602)
    ]
    extracts.write(
        tmp_path / "in", "real", date(2021, 12, 31), [CITY], incidents=rows, victims=hurt
    )
    publish_without_answers(tmp_path / "in", configured, TODAY, "made up", quiet)
    release = Store(configured.home).current()
    context = ReportContext(configured, viewers.PUBLIC, Warehouse(release, configured), TODAY)
    answer = context.ask("victims_by_neighbourhood", city=CITY)
    got = {row.neighbourhood: (row.incidents, row.victims) for row in answer.frame.itertuples()}

    lines = squares(NAMES)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=CRS)
    inside = Counter(points.sjoin(lines, predicate="within")["name"]) + Counter(["Harbour"])
    assert got == {name: (inside[name], 2 * inside[name]) for name in NAMES}
    assert min(inside.values()) > 20

    about = release.manifest["boundaries"][CITY]
    address = portal.at(FILE)
    assert about == {
        "kind": "official",
        "source": f"{address}, fetched 2026-11-23, licence CC0",
        "credit": f"{address.split('/')[2]} (CC0)",
    }
    told = describe_boundaries(release.manifest, {CITY: "East"})
    assert told == (f"East: official, from {address}, fetched November 23, 2026, licence CC0.",)
    card = DataSources(context).boundaries()
    assert card.sentences == (*told, "West: no boundaries.")
    assert context.describe_lines(CITY) == f"Boundaries: {about['credit']}."


def test_without_a_licence_the_source_says_so(home: Settings, portal: Portal) -> None:
    portal.answers[FILE] = body(geojson())
    fetch(home)
    official = read_installed(home, CITY)
    assert official is not None
    assert official.source == f"{portal.at(FILE)}, fetched 2026-11-23, no licence stated"


def test_lines_installed_by_an_earlier_version_are_read(home: Settings, portal: Portal) -> None:
    portal.answers[FILE] = body(geojson())
    fetch(home)
    file = find_path(home, CITY)
    older = gpd.read_parquet(file).drop(columns="credit").assign(source="a.gpkg, installed 2026")
    older.to_parquet(file, index=False)
    official = read_installed(home, CITY)
    assert official is not None
    assert (official.source, official.credit) == ("a.gpkg, installed 2026", "")


def test_what_the_command_says_of_each_city(
    configured: Settings, portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    before = [city.id for city in list_unfetched(configured)]
    missing = run_command(capsys, "boundaries", "fetch", "west")
    assert missing.code == 2
    assert "nothing says where the lines of West are" in missing.err
    assert "'boundaries_url' into [cities.west]" in missing.err
    assert run_command(capsys, "boundaries", "fetch", "est").code == 2
    assert portal.asked == []

    failed = run_command(capsys, "boundaries", "fetch", "east")
    assert (failed.code, failed.out) == (1, "")
    assert "East, nothing changed: http://127.0.0.1" in failed.err

    portal.answers[FILE] = body(geojson())
    assert run_command(capsys, "boundaries", "fetch", "east", "east").out.count("installed") == 1
    assert before == ["east"]
    assert list_unfetched(configured) == []


def test_serve_names_the_command_where_lines_are_approximate(
    configured: Settings,
    portal: Portal,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "serve_application", lambda *_: 0)
    said = run_command(capsys, "serve").err
    assert said == (
        "Approximate neighbourhood lines: East. `python -m longevity boundaries fetch` gets those "
        "the configuration knows of.\n"
    )
    assert portal.asked == []
    portal.answers[FILE] = body(geojson())
    run_command(capsys, "boundaries", "fetch")
    assert run_command(capsys, "serve").err == ""


CLIENTS = re.compile(
    r"(import|from) (httpx|requests|aiohttp|urllib3|urllib\.request|http\.client|ftplib)\b"
    r"|from (urllib|http) import .*(request|client)"
)


def test_nothing_else_has_the_means_to_fetch() -> None:
    """Nothing is fetched without the command: no other module has a client."""
    imports = {
        (path.stem, line.strip())
        for folder in ("longevity", "pages")
        for path in (ROOT / folder).rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.match(r"\s*(import|from) ", line)
    }
    assert {(name, line) for name, line in imports if CLIENTS.search(line)} == {
        ("boundary_download", "import httpx")
    }
    assert {name for name, line in imports if "boundary_download" in line} == {"boundary_fetch"}
    assert {name for name, line in imports if "boundary_fetch" in line} == {"data"}


def test_a_failing_city_does_not_keep_the_others(
    configured: Settings, portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    text = configured.config_path.read_text(encoding="utf-8")
    west = f'name = "West"\nboundaries_url = "{portal.at("/west")}"'
    configured.config_path.write_text(text.replace('name = "West"', west), encoding="utf-8")
    portal.answers["/west"] = body(geojson())
    done = run_command(capsys, "boundaries", "fetch")
    assert done.code == 1
    assert "East, nothing changed" in done.err
    assert "3 areas of West installed" in done.out


def test_no_city_with_an_address(
    home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    monkeypatch.setenv("LONGEVITY_CONFIG", str(tmp_path / "longevity.toml"))
    monkeypatch.setenv("LONGEVITY_HOME", str(tmp_path / "home"))
    done = run_command(capsys, "boundaries", "fetch")
    assert done.code == 2
    assert "no city says where its lines are" in done.err


def test_a_proxy_that_is_none(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "nothing://x")
    with pytest.raises(LongevityError, match="proxy that the environment names"):
        fetch(home)


def test_lines_are_official_only_as_fetched_from_where_the_configuration_says_so(
    configured: Settings, portal: Portal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Made-up lines handed over as a file are "from" that file, whatever the city's key says."""

    def find_kind(settings: Settings) -> str:
        return find_boundaries(settings, CITY, synthetic=False).kind

    lines = squares(NAMES).to_crs("EPSG:4326")
    lines.to_file(tmp_path / "made-up.geojson", driver="GeoJSON")
    run_command(capsys, "boundaries", "install", CITY, str(tmp_path / "made-up.geojson"))
    assert find_kind(configured) == "installed"
    portal.answers[FILE] = body(geojson())
    run_command(capsys, "boundaries", "fetch", CITY)
    assert find_kind(configured) == "official"
    city = configured.cities[CITY]
    for other in (
        replace(city, boundaries_official=False),
        replace(city, boundaries_url=portal.at("/elsewhere")),
    ):
        assert find_kind(replace(configured, cities={**configured.cities, CITY: other})) == (
            "installed"
        )
