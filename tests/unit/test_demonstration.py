"""The demonstration: its files, what is awkward in them, and the effect that is planted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from longevity import demo
from longevity import settings as configuration
from longevity.demo import levels
from longevity.errors import ConfigError, DataError, UsageError
from tests.factories import extracts
from tests.oracles.demonstration_counts import (
    assert_totals,
    digests,
    read,
    truths,
)

UNTIL = date(2026, 11, 22)
SEED = 7


@pytest.fixture(scope="module")
def settings():
    return configuration.load_settings(environment={})


@pytest.fixture(scope="module")
def folder(tmp_path_factory, settings):
    out = tmp_path_factory.mktemp("demonstration")
    demo.write_demonstration(out, settings, UNTIL, 1, SEED)
    return out


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


def test_wrong_arguments_are_sentences(tmp_path, settings):
    with pytest.raises(UsageError, match="before the demonstration starts"):
        demo.write_demonstration(tmp_path, settings, date(2001, 1, 1), 1, 1)
    city = settings.cities["hartford"]
    much = city.demonstration.model_copy(update={"effect_gmi_incidents_a_month": -50.0})
    cities = {"hartford": city.model_copy(update={"demonstration": much})}
    with pytest.raises(ConfigError, match="fewer than no incidents"):
        demo.write_demonstration(tmp_path, replace(settings, cities=cities), UNTIL, 1, 1)


def test_extracts_that_are_not_synthetic_are_never_written_over(tmp_path, settings):
    incidents, victims = extracts.incidents_and_victims({next(iter(settings.cities)): [(date(2020, 1, 1), 1, 0)]})
    extracts.write(tmp_path, incidents=incidents, victims=victims)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(DataError, match="not synthetic; nothing was written"):
        demo.write_demonstration(tmp_path, settings, UNTIL)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
