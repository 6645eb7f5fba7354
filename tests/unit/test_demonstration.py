"""The demonstration: the rows hold the contract, the counts and every planted truth."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from longevity import demo
from longevity import settings as configuration
from longevity.demo import levels, places, shootings
from longevity.demo.streams import Streams, find_month, number_day
from longevity.errors import ConfigError, DataError, UsageError
from longevity.ingest.contract import AGE_BANDS, EXTRACTS, Kind
from longevity.settings import Settings
from tests.factories import extracts
from tests.oracles.demonstration_counts import (
    as_day,
    assert_promises,
    assert_totals,
    digests,
    naive_totals,
    read,
    truths,
)

UNTIL = date(2026, 11, 22)
SEED = 7


@pytest.fixture(scope="module")
def settings() -> Settings:
    return configuration.load_settings(environment={})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Path:
    out = tmp_path_factory.mktemp("demonstration")
    demo.write_demonstration(out, settings, UNTIL, 1, SEED)
    return out


def test_planted_totals_come_back_from_a_plain_count(folder):
    assert_totals(folder, truths(folder))


def test_homicides_follow_the_published_series(folder, settings):
    published: dict[tuple[str, int], int] = {}
    with (settings.reference / "published_counts.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["metric"] == settings.demonstration.homicides_follow:
                published.setdefault((row["place"], int(row["year"])), int(row["value"]))
    counted = naive_totals(folder)
    told = truths(folder)["cities"]
    compared = 0
    for city in settings.cities.values():
        by_year = {year["year"]: year for year in told[city.id]["homicides"]}
        for year in range(2008, UNTIL.year):
            known = published.get((city.reference_key, year))
            assert (by_year[year]["source"] == "published") == (known is not None)
            assert counted[city.id, year]["homicides"] == by_year[year]["whole_year"]
            if known is not None:
                assert counted[city.id, year]["homicides"] == known
                compared += 1
        running = by_year[UNTIL.year]
        assert running["running"]
        assert running["homicides"] <= running["whole_year"]
    assert compared > 30


# --- the contract -----------------------------------------------------------


def test_rows_hold_the_contract(folder, settings):
    keys: dict[str, set[Any]] = {}
    for extract in EXTRACTS:
        for column in extract.columns:
            keys[f"{extract.name}.{column.name}"] = {
                r[column.name] for r in read(folder, extract.name)
            }
    for extract in EXTRACTS:
        table = pq.read_table(folder / f"{extract.name}.parquet")
        assert table.schema.equals(extract.schema)
        assert table.num_rows
        rows = table.to_pylist()
        assert len({tuple(row[k] for k in extract.key) for row in rows}) == len(rows)
        for column in extract.columns:
            values = [row[column.name] for row in rows]
            there = [value for value in values if value is not None]
            assert len(there) == len(values) or not column.required, (extract.name, column.name)
            words = AGE_BANDS if column.kind is Kind.BAND else column.choices
            assert not words or set(there) <= set(words)
            if column.references:
                assert set(there) <= keys[column.references], (extract.name, column.name)
            if column.kind in (Kind.DAY, Kind.MOMENT):
                latest = UNTIL + timedelta(days=column.ahead)
                assert max(map(as_day, there)) <= latest, (extract.name, column.name)
            if column.kind is Kind.CITY:
                assert set(there) == set(settings.cities)
            if column.least is not None:
                assert all(column.least <= value <= column.most for value in there)
        for earlier, later in extract.in_order:
            for row in rows:
                if row[earlier] is not None and row[later] is not None:
                    assert as_day(row[earlier]) <= as_day(row[later]), (extract.name, earlier)


def test_every_awkward_thing_is_there(folder):
    incidents, victims = read(folder, "incidents"), read(folder, "victims")
    assert any(row["longitude"] is None for row in incidents)
    assert {row["location_precision"] for row in incidents} >= {"city", "neighbourhood", "unknown"}
    assert {row["occurred_precision"] for row in incidents} == {"minute", "day"}
    assert {row["circumstance"] for row in incidents} >= {"accident", "police", "unknown"}
    happened = {row["incident_id"]: row["occurred_at"].date() for row in incidents}
    assert any(row["died_on"] and row["died_on"] > happened[row["incident_id"]] for row in victims)
    assert len(set(happened) - {row["incident_id"] for row in victims}) > 100
    assert any(row["weapon"] != "firearm" and row["outcome"] == "fatal" for row in victims)
    groups = read(folder, "groups")
    assert any(row["succeeded_by"] for row in groups)
    assert max(Counter(row["group_id"] for row in groups).values()) > 1
    exits = read(folder, "releases_from_custody")
    assert any(row["released_on"] is None and row["expected_on"] > UNTIL for row in exits)
    assert any(row["greeted_by"] and not row["greeted_on"] and row["released_on"] for row in exits)
    assert any(
        row["review_by"] < UNTIL and not row["delisted_on"] for row in read(folder, "people")
    )


# --- promises and restraint ------------------------------------------------


def test_planted_promises_and_restraint_come_back_exactly(folder):
    states = assert_promises(folder, UNTIL)
    assert min(states["kept"], states["late"], states["broken"]) >= 10
    assert sum(c["restraint"]["broke_restraint"] for c in truths(folder)["cities"].values()) >= 10


# --- effect -----------------------------------------------------------------


def test_planted_effect_is_exact_and_only_where_planted(folder, settings):
    for city in settings.cities.values():
        level = levels.find_level(city, settings.demonstration.starts_on, UNTIL)
        assert level.effect == pytest.approx(city.demonstration.effect_gmi_incidents_a_month)
        told = truths(folder)["cities"][city.id]["effect"]
        assert told["effect_gmi_incidents_a_month"] == pytest.approx(level.effect)
        before = level.months < level.effect_from
        together = (level.confirmed + level.others)[before].mean()
        assert together == pytest.approx(city.demonstration.incidents_a_month)


def test_drawn_shootings_average_to_the_level(settings):
    city = settings.cities["new_haven"]
    level = levels.find_level(city, settings.demonstration.starts_on, UNTIL)
    first, last = number_day(settings.demonstration.starts_on), number_day(date(2019, 12, 31))
    months, seeds = int((level.months <= level.evaluated_until).sum()), 60
    monthly = np.zeros((seeds, 2, months))
    for seed in range(seeds):
        world = shootings.draw_shootings(
            Streams(seed, 1, city.id), level, years_without(2008, 2019), first, last
        )
        for what in (shootings.CONFIRMED, shootings.OTHER):
            at = find_month(world.day[world.what == what]) - level.months[0]
            monthly[seed, what] = np.bincount(at, minlength=months)
    after = (level.months >= level.effect_from)[:months]
    for what, mean in ((0, level.confirmed), (1, level.others)):
        for part in (after, ~after):
            each = monthly[:, what, part].mean(axis=1)
            error = each.std(ddof=1) / np.sqrt(seeds)
            assert abs(each.mean() - mean[:months][part].mean()) < 4 * error
    # Not Poisson: what follows a shooting makes counts vary more than their mean.
    over = monthly[:, 0].var(axis=0, ddof=1).sum() / monthly[:, 0].mean(axis=0).sum()
    assert 1.2 < over < 2.2


def years_without(first: int, last: int) -> list[Any]:
    from longevity.demo.homicides import Year

    return [Year(year, 0, "level") for year in range(first, last + 1)]


# --- concentration, time ----------------------------------------------------


def name_hot_areas(settings: Settings, *names: str) -> Settings:
    """Settings in which every city has these hot areas."""
    cities = {
        key: city.model_copy(
            update={"demonstration": city.demonstration.model_copy(update={"hot_areas": names})}
        )
        for key, city in settings.cities.items()
    }
    return replace(settings, cities=cities)


def test_a_hot_area_that_is_none_of_the_citys_is_named(settings):
    with pytest.raises(ConfigError, match=r"'Fair Havn', which is no area .* 'Fair Haven'"):
        places.list_areas(name_hot_areas(settings, "Fair Havn"), "new_haven", SEED)


# --- bytes, scale, other cities, errors -------------------------------------


def test_equal_arguments_give_equal_bytes(folder, tmp_path, settings):
    demo.write_demonstration(tmp_path, settings, UNTIL, 1, SEED)
    assert digests(tmp_path) == digests(folder)


def test_first_of_many_worlds_is_the_one_of_scale_one(folder, tmp_path, settings):
    said: list[str] = []
    demo.write_demonstration(tmp_path, settings, UNTIL, 3, SEED, said.append)
    assert said
    one = {row["victim_id"]: row for row in read(folder, "victims")}
    three = {row["victim_id"]: row for row in read(tmp_path, "victims")}
    assert {key: three[key] for key in one} == one
    assert len(three) > 2.7 * len(one)
    assert truths(tmp_path)["episodes"] == truths(folder)["episodes"]
    assert_totals(tmp_path, truths(tmp_path))
    budget = read(tmp_path, "budget")
    assert len({(r["city"], r["fiscal_year"], r["source"]) for r in budget}) == len(budget)


OTHER_PLACE = """
[program]
name = "Truce"
state = "Elsewhere"
time_zone = "America/Chicago"
projected_crs = "EPSG:26915"
reference = "nothing"
[demonstration]
starts_on = 2015-03-10
[cities.east]
name = "East"
launched_on = 2018-05-01
[cities.west]
name = "West"
launched_on = 2017-01-15
[cities.west.demonstration]
groups = 3
incidents_a_month = 2.0
[cities.north]
name = "North"
launched_on = 2021-06-01
[cities.north.demonstration]
groups = 1
members_a_group = 1
incidents_a_month = 0.4
[cities.south]
name = "South"
launched_on = 2030-06-01
"""


def test_other_cities_without_reference_facts(tmp_path):
    config = tmp_path / "other.toml"
    config.write_text(OTHER_PLACE, encoding="utf-8")
    elsewhere = configuration.load_settings(config, home=tmp_path / "home", environment={})
    until = date(2024, 2, 29)
    demo.write_demonstration(tmp_path / "out", elsewhere, until, 1, 1)
    planted = truths(tmp_path / "out")
    assert_totals(tmp_path / "out", planted)
    assert_promises(tmp_path / "out", until)
    assert not [r for r in read(tmp_path / "out", "call_ins") if r["city"] == "south"]
    assert min(as_day(r["occurred_at"]) for r in read(tmp_path / "out", "incidents")) >= date(
        2015, 3, 10
    )


def test_wrong_arguments_are_sentences(tmp_path, settings):
    with pytest.raises(UsageError, match="before the demonstration starts"):
        demo.write_demonstration(tmp_path, settings, date(2001, 1, 1), 1, 1)
    city = settings.cities["hartford"]
    much = city.demonstration.model_copy(update={"effect_gmi_incidents_a_month": -50.0})
    cities = {"hartford": city.model_copy(update={"demonstration": much})}
    with pytest.raises(ConfigError, match="fewer than no incidents"):
        demo.write_demonstration(tmp_path, replace(settings, cities=cities), UNTIL, 1, 1)


def test_extracts_that_are_not_synthetic_are_never_written_over(tmp_path, settings):
    incidents, victims = extracts.incidents_and_victims(
        {next(iter(settings.cities)): [(date(2020, 1, 1), 1, 0)]}
    )
    extracts.write(tmp_path, incidents=incidents, victims=victims)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(DataError, match="not synthetic; nothing was written"):
        demo.write_demonstration(tmp_path, settings, UNTIL)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
