"""What publish builds, against plain Python loops over the same rows.

Areas are found here with one point-in-polygon test at a time; counting follows the
rules as written in the design, not the SQL.
"""

import random
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain, product
from math import cos, radians
from typing import Any

import pyarrow.parquet as pq
import pytest
import shapely
from pyproj import Geod, Transformer

from longevity import settings as configuration
from longevity.base.scratch import open_scratch
from longevity.geography import boundaries, reference_neighbourhoods
from longevity.geography.blocks import BLOCK_METRES
from longevity.ingest.contract import BY_NAME, GMI
from longevity.release import incident_places
from longevity.release.store import Store
from tests.conftest import TODAY, UNTIL
from tests.drivers.publishing import publish
from tests.factories import extracts

Row = dict[str, Any]
SEED = 20261122
PRECISIONS, CIRCUMSTANCES = (
    BY_NAME["incidents"].column(name).choices for name in ("location_precision", "circumstance")
)
SIX_YEARS = timedelta(days=6 * 365 + 1)


def _points(places):
    """The first is that of a pile; others lie in areas, near the city, far away, and nowhere."""
    labels = [(place.longitude, place.latitude) for place in places]
    east, north = max(x for x, _ in labels), max(y for _, y in labels)
    pile, near = (labels[0][0] + 0.01, labels[0][1]), (east + 0.06, north)
    outside = [near, (-71.0, 41.0), (-72.0, 41.9), (0.0, 0.0), (None, None)]
    return [pile, *labels, *outside]


def _made(settings):
    """Incidents with every precision, place and circumstance; victims of every kind."""
    draw = random.Random(SEED)
    incidents: list[Row] = []
    victims: list[Row] = []
    facts = {city: reference_neighbourhoods.read_neighbourhoods(settings, city) for city in settings.cities}
    places = {city: [*frame.itertuples()] for city, frame in facts.items()}
    for city, n in product(places, range(200)):
        names = [place.name for place in places[city]]
        pile, *points = _points(places[city])
        where = pile if n % 10 == 0 else draw.choice(points)
        moment = datetime(2020, 1, 1) + timedelta(minutes=draw.randrange(400 * 24 * 60))
        given = draw.choice([*names, names[0].upper() + " ", "Elsewhere", None, None])
        words = {
            "incident_id": f"{city}-{n:04d}",
            "occurred_at": moment,
            "occurred_precision": draw.choice(["minute", "minute", "day"]),
            "longitude": where[0],
            "latitude": where[1],
            "location_precision": draw.choice(PRECISIONS),
            "neighbourhood": given,
            "circumstance": draw.choice([*CIRCUMSTANCES, "criminal", "criminal"]),
            "gmi": draw.choice(GMI),
            "recorded_on": draw.choice([None, moment.date() + timedelta(days=draw.randrange(30))]),
        }
        incidents.append(extracts.row("incidents", n, city, **words))
        for _ in range(draw.choice([0, 1, 1, 2, 4])):
            person = {"incident_id": words["incident_id"], "outcome": draw.choice(["fatal", "nonfatal", "nonfatal"])}
            person["weapon"] = draw.choice(["firearm", "firearm", "knife", "unknown"])
            victims.append(extracts.row("victims", len(victims), city, **person))
    return incidents, victims


class Naive:
    """The design's rules, one row at a time."""

    def __init__(self, settings, incidents, victims):
        self.areas: dict[str, dict[str, shapely.Geometry]] = {}
        for city in settings.cities:
            full = boundaries.find_boundaries(settings, city).full
            self.areas[city] = dict(zip(full["neighbourhood"], full.geometry, strict=True))
        self.project = Transformer.from_crs("EPSG:4326", settings.projected_crs, always_xy=True)
        self.incidents = incidents
        self.of_incident: dict[str, list[Row]] = defaultdict(list)
        for victim in victims:
            self.of_incident[victim["incident_id"]].append(victim)
        on_point: dict[Any, list[datetime]] = defaultdict(list)
        for one in incidents:
            on_point[one["city"], self.point(one)].append(one["occurred_at"])
        # As many on one point as make a pile, within the six years that one of them begins.
        self.piles = {
            key
            for key, when in on_point.items()
            if key[1]
            and max(sum(begins <= one < begins + SIX_YEARS for one in when) for begins in when)
            >= settings.thresholds.piled_rows
        }
        self.known = {incident["incident_id"]: self._describe(incident) for incident in incidents}

    def point(self, one):
        if one["longitude"] is None or (one["longitude"], one["latitude"]) == (0, 0):
            return None
        return one["longitude"], one["latitude"]

    def inside(self, one):
        point = self.point(one)
        if point is None:
            return None
        place = shapely.Point(*self.project.transform(*point))
        names = [name for name, area in self.areas[one["city"]].items() if area.intersects(place)]
        return min(names, default=None)

    def is_far(self, one):
        """Whether it lies farther from every area than its city is wide."""
        point, areas = self.point(one), self.areas[one["city"]].values()
        if point is None:
            return False
        place = shapely.Point(*self.project.transform(*point))
        bounds = [area.bounds for area in areas]
        wide = max(max(b[at + 2] for b in bounds) - min(b[at] for b in bounds) for at in (0, 1))
        return min(area.distance(place) for area in areas) > wide

    def named(self, one):
        plain = (one["neighbourhood"] or "").strip().lower()
        for name in self.areas[one["city"]]:
            if name.lower() == plain:
                return name
        return None

    def placed(self, one):
        """Neighbourhood, reason, located_by."""
        precision = one["location_precision"]
        piled = (one["city"], self.point(one)) in self.piles and not self.is_far(one)
        if precision == "neighbourhood" and self.named(one):
            return self.named(one), None, "given"
        if precision == "city" or piled:
            return None, "city_precision", None
        if precision == "intersection" and self.named(one):
            return self.named(one), None, "given"
        if self.inside(one):
            return self.inside(one), None, "point"
        if self.point(one) is None or self.is_far(one):
            name = self.named(one)
            return (name, None, "given") if name else (None, "no_coordinates", None)
        return None, "outside", None

    def counted(self, one):
        """Victims, fatal, nonfatal, homicides."""
        if one["circumstance"] not in ("criminal", "unknown"):
            return 0, 0, 0, 0
        hurt = self.of_incident[one["incident_id"]]
        shot = [victim for victim in hurt if victim["weapon"] == "firearm"]
        fatal = sum(victim["outcome"] == "fatal" for victim in shot)
        killed = sum(victim["outcome"] == "fatal" for victim in hurt)
        return len(shot), fatal, len(shot) - fatal, killed

    def _describe(self, one):
        """All that the tables made of an incident say of it."""
        day, shot = one["occurred_at"].date(), self.counted(one)[0]
        names = ("victims", "fatal", "nonfatal", "homicides")
        why = one["circumstance"] not in ("criminal", "unknown") and str(one["circumstance"])
        return {
            **{name: one[name] for name in ("city", "longitude", "latitude", "gmi", "recorded_on")},
            **dict(zip(("neighbourhood", "reason", "located_by"), self.placed(one), strict=True)),
            **dict(zip(names, self.counted(one), strict=True)),
            "fatal_incidents": int(self.counted(one)[1] > 0),
            "nonfatal_incidents": int(shot > 0 and not self.counted(one)[1]),
            "day": day,
            "year": day.year,
            "weekday": day.isoweekday(),
            "hour": one["occurred_at"].hour if one["occurred_precision"] == "minute" else None,
            "circumstance": one["circumstance"],
            "counted": not why,
            "incidents": int(shot > 0),
            "left_out": why or (None if any(self.counted(one)) else "no_victim"),
        }


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("counts")
    settings = configuration.load_settings(home=folder / "home", environment={})
    incidents, victims = _made(settings)
    # Shuffled: the order of rows supplied must not matter.
    random.Random(1).shuffle(incidents)
    extracts.write(folder / "in", "real", UNTIL, list(settings.cities), incidents=incidents, victims=victims)
    publish(folder / "in", settings, TODAY, "made up, and quiet since")
    return Store(settings.home).current(), Naive(settings, incidents, victims), folder


def rows(release, member):
    return list(pq.read_table(release.member(member)).to_pylist())


PLACE, PEOPLE = ("city", "neighbourhood", "reason"), ("victims", "incidents")
INCIDENTS = ("fatal_incidents", "nonfatal_incidents")


def test_each_incident_is_where_the_rules_put_it(made):
    release, naive, _ = made
    located = rows(release, "built/located.parquet")
    names = [
        *("city", "day", "hour", "neighbourhood", "reason", "located_by", "longitude", "latitude"),
        *("gmi", "circumstance", "counted", *PEOPLE, *("fatal", "nonfatal", "homicides"), *INCIDENTS),
    ]
    wanted = {code: [known[name] for name in names] for code, known in naive.known.items()}
    assert {row["incident_id"]: [row[name] for name in names] for row in located} == wanted
    assert list(located[0]) == ["incident_id", *names]
    reasons = {row["reason"] for row in located}
    assert reasons == {None, "city_precision", "no_coordinates", "outside"}
    order = [(row["city"], row["day"], row["incident_id"]) for row in located]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("member", "keys", "values"),
    [
        ("daily", (*PLACE, "day"), (*PEOPLE, "fatal", "nonfatal", "homicides", *INCIDENTS)),
        ("hourly", (*PLACE, "year", "weekday", "hour"), PEOPLE),
        ("recorded", ("city", "day", "recorded_on"), PEOPLE),
    ],
)
def test_a_table_adds_up_the_incidents_that_count(made, member, keys, values):
    release, naive, _ = made
    wanted: dict[Any, Counter[str]] = defaultdict(Counter)
    for known in naive.known.values():
        if any(known[name] for name in values):
            for name in values:
                wanted[tuple(known[key] for key in keys)][name] += known[name]
    table = rows(release, f"built/{member}.parquet")
    got = {tuple(row[k] for k in keys): {name: row[name] for name in values} for row in table}
    assert got == {key: {name: sums[name] for name in values} for key, sums in wanted.items()}
    assert len(got) == len(table)


def test_counted_and_uncounted_are_everything(made):
    release, naive, _ = made
    incidents: Counter[tuple[Any, ...]] = Counter()
    victims: Counter[tuple[Any, ...]] = Counter()
    for code, known in naive.known.items():
        key = (known["city"], known["year"], known["left_out"])
        if known["left_out"]:
            incidents[key] += 1
            victims[key] += sum(v["weapon"] == "firearm" for v in naive.of_incident[code])
    got = {
        (row["city"], row["year"], row["circumstance"]): (row["incidents"], row["victims"])
        for row in rows(release, "built/uncounted.parquet")
    }
    assert got == {key: (many, victims[key]) for key, many in incidents.items()}


def test_hours_end_where_the_counts_of_their_city_are_complete(made, tmp_path, settings):
    _, naive, _ = made
    incidents, victims = naive.incidents, [*chain.from_iterable(naive.of_incident.values())]
    first, second, third = settings.cities
    autumn, summer = date(2020, 10, 3), date(2020, 8, 31)
    declared = {"incidents": {first: autumn, second: UNTIL}, "victims": {first: UNTIL, second: summer}}
    newest = max(incident["occurred_at"].date() for incident in incidents if incident["city"] == third)
    ends = {first: autumn, second: summer, third: newest - timedelta(days=1)}
    folder = extracts.write(tmp_path / "in", "real", declared, incidents=incidents, victims=victims)
    publish(folder, settings, TODAY, "made up, and quiet since")
    keys = ("city", "year", "weekday", "hour")
    wanted: Counter[tuple[Any, ...]] = Counter()
    left_out = 0
    for known in naive.known.values():
        if known["day"] <= ends[known["city"]]:
            wanted[tuple(known[key] for key in keys)] += known["victims"]
        else:
            left_out += known["incidents"]
    got: Counter[tuple[Any, ...]] = Counter()
    for row in rows(Store(settings.home).current(), "built/hourly.parquet"):
        got[tuple(row[key] for key in keys)] += row["victims"]
    assert got == +wanted
    assert left_out > 10


def test_points_are_the_shootings_known_to_the_block_and_none_is_where_it_was(made):
    release, naive, _ = made
    wanted: dict[tuple[Any, ...], list[tuple[float, float]]] = defaultdict(list)
    for one in naive.incidents:
        known, precision = naive.known[one["incident_id"]], one["location_precision"]
        is_known = precision in ("address", "block", "intersection") and known["located_by"]
        if is_known and known["victims"] and naive.inside(one):
            hurt = (known[name] for name in ("victims", "fatal", "nonfatal"))
            key = (one["city"], known["neighbourhood"], known["day"], precision, *hurt)
            wanted[key].append((one["longitude"], one["latitude"]))
    columns = ("city", "neighbourhood", "occurred_on", "precision", "victims", "fatal", "nonfatal")
    points = rows(release, "built/points.parquet")
    assert list(points[0]) == [*columns[:3], "longitude", "latitude", *columns[3:]]
    found = Counter(tuple(row[name] for name in columns) for row in points)
    assert found == {key: len(places) for key, places in wanted.items()}
    assert len(found) > 30
    exact = {place for places in wanted.values() for place in places}
    for row in points:
        there = wanted[tuple(row[name] for name in columns)]
        moved = [Geod(ellps="WGS84").inv(*at, row["longitude"], row["latitude"])[2] for at in there]
        assert min(moved) < 72  # half the diagonal of a square, with what degrees are rounded by
        # Each axis by itself is in the middle of a square, and no one's own.
        step = BLOCK_METRES / 111_320  # metres in a degree of latitude
        wide = step / cos(radians((row["latitude"] // step + 0.5) * step))
        assert row["latitude"] % step == pytest.approx(step / 2, abs=1e-5)
        assert row["longitude"] % wide == pytest.approx(wide / 2, abs=1e-5)
        assert row["longitude"] not in {longitude for longitude, _ in exact}
        assert row["latitude"] not in {latitude for _, latitude in exact}


def test_doubts_about_places_are_listed_with_their_counts(made):
    release, naive, _ = made
    doubts: dict[str, Counter[str]] = defaultdict(Counter)
    for incident in naive.incidents:
        known, named, city = naive.known[incident["incident_id"]], naive.named(incident), incident["city"]
        is_shown_otherwise = known["located_by"] == "point" and named not in (None, known["neighbourhood"])
        doubts["neighbourhood_disagrees"][city] += is_shown_otherwise
        doubts["far_outside"][city] += naive.is_far(incident)
        doubts["neighbourhood_unknown"][city] += bool(incident["neighbourhood"]) and named is None
    for rule, by_city in doubts.items():
        assert len(+by_city) == len(naive.areas)
        noted = [check["count"] for check in release.manifest["checks"] if check["rule"] == rule]
        assert sorted(noted) == sorted(by_city.values()), rule


# A city without lines: its areas are those that its rows name, and the names place its rows
NAMED = ["Hill"] * 6 + ["HILL"] * 2 + ["Mill"] * 2 + ["mill"] * 3 + ["12 Elm St"] * 4


def test_a_name_of_five_rows_is_an_area_however_spelled_and_of_fewer_none(settings, tmp_path):
    bare = replace(settings, reference=tmp_path / "none")
    at_point = {"latitude": 41.76, "location_precision": "address"}
    rows = [
        extracts.row("incidents", at, "hartford", neighbourhood=name, longitude=-72.68 + at / 10_000, **at_point)
        for at, name in enumerate([*NAMED, None])
    ]
    incidents = tmp_path / "incidents.parquet"
    pq.write_table(extracts.table("incidents", rows), incidents)
    with open_scratch(tmp_path / "spill") as connection:
        boundaries = incident_places.find_all_boundaries(connection, incidents, bare)
        assert boundaries["hartford"].areas["neighbourhood"].tolist() == ["Hill", "mill"]
        incident_places.place_incidents(connection, incidents, boundaries, bare, {})
        placed = connection.execute("SELECT neighbourhood, reason FROM placed").fetchall()
    # The others may be addresses.
    assert Counter(placed) == {("Hill", None): 8, ("mill", None): 5, (None, "no_boundaries"): 5}
