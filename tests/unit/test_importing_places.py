"""Coordinates: order, one column, other systems, none, impossible ones, piles."""

from __future__ import annotations

import pandas as pd
import pytest
from pyproj import CRS, Transformer

from longevity.settings import Settings
from tests.drivers.importer import INCIDENTS, Bench


def spot(settings: Settings) -> tuple[float, float]:
    """Longitude and latitude in the middle of where the cities can be."""
    area = CRS.from_user_input(settings.projected_crs).area_of_use
    assert area is not None
    return round((area.west + area.east) / 2, 4), round((area.south + area.north) / 2, 4)


def places(bench: Bench, cells: list[tuple[str, str]], extra: str = "") -> tuple[list, list[str]]:
    lines = [f'a{i},{{c0}},2014-01-02,"{x}","{y}",0,1' for i, (x, y) in enumerate(cells)]
    text = "id,city,date,lon,lat,killed,injured\n" + "\n".join(lines)
    report = bench.run(text, extra + INCIDENTS)
    assert report.accepted == len(cells)
    rows = bench.rows()
    pairs = [
        None if pd.isna(x) else (round(x, 6), round(y, 6))
        for x, y in zip(rows["longitude"], rows["latitude"], strict=True)
    ]
    return pairs, report.remarks


def test_no_row_is_lost_for_its_coordinates(bench):
    x, y = spot(bench.settings)
    cells = [
        (str(x), str(y)),
        ("", ""),
        ("0", "0.0"),
        (str(x), ""),
        ("NSA", str(y)),
        ("x", "y"),
        ("181", "95"),
        (str(y), str(x)),
        ("2.35", "48.85"),
        ("inf", "nan"),
    ]
    pairs, remarks = places(bench, cells, '[source]\nmissing = ["nsa"]\n')
    assert pairs == [(x, y)] + [None] * 9
    told = " ".join(remarks)
    assert "No coordinates given, kept without: 4 rows (3, 4, 5, 6)." in told
    assert "cannot be read, emptied: 2 rows (7, 11)." in told
    assert "outside the region of the cities, emptied: 3 rows (8, 9, 10)." in told
    assert "the other way round: 1 row (9)." in told


@pytest.mark.parametrize(
    "written",
    [
        "({y}, {x})",
        "{x} {y}",
        "POINT ({x} {y})",
        "12 SOMEWHERE ST\n({y}, {x})",
        '{{""type"": ""Point"", ""coordinates"": [{x}, {y}]}}',
    ],
)
def test_both_in_one_column(bench, written):
    x, y = spot(bench.settings)
    cell = written.format(x=x, y=y)
    text = f'id,city,date,where,killed,injured\na,{bench.cities[0]},2014-01-02,"{cell}",0,1\n'
    lines = INCIDENTS.replace('longitude = "lon"\nlatitude = "lat"\n', "")
    bench.run(text.encode(), f'[incidents]\npoint = "where"\n{lines}')
    (row,) = bench.rows().to_dict("records")
    assert (row["longitude"], row["latitude"]) == (x, y)


def test_another_reference_system(bench):
    x, y = spot(bench.settings)
    crs = bench.settings.projected_crs
    east, north = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(x, y)
    text = f"id,city,date,lon,lat,killed,injured\na,{{c0}},2014-01-02,{east},{north},0,1\nb,{{c0}},2014-01-02,0,0,0,1\n"
    bench.run(
        text,
        INCIDENTS.replace("[incidents.columns]", f'[incidents]\ncrs = "{crs}"\n[incidents.columns]'),
    )
    rows = bench.rows()
    assert rows["longitude"][0] == pytest.approx(x, abs=1e-7)
    assert rows["latitude"][0] == pytest.approx(y, abs=1e-7)
    assert pd.isna(rows["longitude"][1])


def test_a_pile_is_kept_and_marked(bench):
    """19 rows on a point are a corner, 20 a pile."""
    x, y = spot(bench.settings)
    cells = [(f"{x}", f"{y}")] * 20 + [(f"{x + 0.01:.4f}", f"{y}")] * 19
    cells += [(f"{x + 0.02 + i * 1e-4:.4f}", f"{y}") for i in range(61)]
    _, remarks = places(bench, cells)
    rows = bench.rows()
    assert list(rows["location_precision"] == "city") == [True] * 20 + [False] * 80
    assert rows["longitude"].notna().all()
    assert any("means a whole city" in said and "20 rows" in said for said in remarks)


def test_the_address_says_that_a_pile_is_a_place_and_is_not_stored(bench):
    x, y = spot(bench.settings)
    lines = [f"a{i},{{c0}},2014-01-02,{x},{y},0,1,155 Burr St" for i in range(20)]
    lines += [f"b{i},{{c0}},2014-01-02,{x + 0.01:.4f},{y},0,1,{i + 1} Elm St" for i in range(20)]
    text = "id,city,date,lon,lat,killed,injured,where\n" + "\n".join(lines)
    bench.run(text, '[incidents]\naddress = "where"\n' + INCIDENTS)
    rows = bench.rows()
    assert list(rows["location_precision"]) == ["unknown"] * 20 + ["city"] * 20
    assert list(rows["place_confirmed"].notna()) == [True] * 20 + [False] * 20
    assert b"Burr" not in (bench.out / "incidents.parquet").read_bytes()


def test_an_address_is_in_no_made_up_key(bench):
    """Whoever has a key could else find the address by trying all there are."""
    mapping = '[incidents]\naddress = "where"\n' + INCIDENTS.replace('incident_id = "id"\n', "")
    keys = []
    for address in ("155 Burr St", "7 Elm St"):
        text = f"city,date,lon,lat,killed,injured,where\n{{c0}},2014-01-02,,,0,1,{address}\n"
        bench.run(text, mapping)
        keys += bench.rows()["incident_id"].tolist()
    assert keys[0] == keys[1]
