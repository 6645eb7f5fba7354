"""Another state is another configuration: four cities, no facts, nothing named in code."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from longevity import command_line
from longevity import settings as configuration
from longevity.release.store import Store
from longevity.settings import ROOT, Settings
from longevity.warehouse.viewers import STATE
from longevity.warehouse.warehouse import Warehouse
from tests import charts, screens
from tests.conftest import TODAY, UNTIL

CONFIG = """
[program]
name = "Project Elsewhere"
state = "Elsewhere"
time_zone = "America/Denver"
projected_crs = "EPSG:32612"
reference = "no-facts"

[thresholds]
least_base_for_percentage = 40

[cities.red_rock]
name = "Red Rock"
week_ends_on = "sunday"
launched_on = 2014-03-01
[cities.red_rock.demonstration]
incidents_a_month = 3.5
groups = 6
members_a_group = 5
centre = [-111.9, 40.75]

[cities.salt_flat]
name = "Salt Flat"
week_ends_on = "saturday"
launched_on = 2015-06-01
[cities.salt_flat.demonstration]
incidents_a_month = 3.0
groups = 6

[cities.green_river]
name = "Green River"
week_ends_on = "friday"
launched_on = 2016-01-15
[cities.green_river.demonstration]
incidents_a_month = 2.0
groups = 5

[cities.twin_buttes]
name = "Twin Buttes"
week_ends_on = "monday"
launched_on = 2018-09-09
[cities.twin_buttes.demonstration]
incidents_a_month = 2.5
groups = 5

[demonstration]
starts_on = 2012-01-01
"""
NAMES = ["Red Rock", "Salt Flat", "Green River", "Twin Buttes"]
Ask = Callable[..., list[dict[str, Any]]]
IDS = ["red_rock", "salt_flat", "green_river", "twin_buttes"]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The four cities' demonstration, written and published by the command line."""
    folder = tmp_path_factory.mktemp("elsewhere")
    path = folder / "elsewhere.toml"
    path.write_text(CONFIG, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LONGEVITY_CONFIG", str(path))
        patch.setenv("LONGEVITY_HOME", str(folder / "home"))
        for words in (("demo", "--out", str(folder / "out")), ("publish", str(folder / "out"))):
            assert command_line.main(words, TODAY) == 0
    yield configuration.load(path, home=folder / "home", environment={})


@pytest.fixture
def ask(
    elsewhere: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Ask:
    """Rows of a query by the command line."""
    monkeypatch.setenv("LONGEVITY_CONFIG", str(elsewhere.config_path))
    monkeypatch.setenv("LONGEVITY_HOME", str(elsewhere.home))

    def rows(*words: str) -> list[dict[str, Any]]:
        capsys.readouterr()
        assert command_line.main([*words, "--format", "json"], TODAY) == 0
        return list(json.loads(capsys.readouterr().out))

    return rows


def test_every_query_answers_about_the_four_cities(elsewhere: Settings, ask: Ask) -> None:
    with closing(Warehouse(Store(elsewhere.home).current(), elsewhere)) as warehouse:
        for name in warehouse.queries:
            frame = warehouse.run(name, {}, STATE).frame
            places = set(frame["city"]) if "city" in frame.columns else set()
            assert places <= set(IDS), name
    assert [row["city"] for row in ask("query", "cities")] == IDS
    assert [row["week_ends_iso"] for row in ask("query", "cities")] == [7, 6, 5, 1]


def test_located_and_unlocated_are_all(ask: Ask) -> None:
    located = ask("query", "victims_by_neighbourhood")
    unlocated = ask("query", "unlocated_victims_by_city")
    by_year = ask("query", "victims_by_year")
    for city in IDS:
        there, lost, everyone = (
            sum(row["victims"] for row in rows if row["city"] == city)
            for rows in (located, unlocated, by_year)
        )
        assert there + lost == everyone > 0
        assert there > 0.5 * everyone


def test_without_published_facts_nothing_is_made_up(ask: Ask) -> None:
    for name in ("published_counts", "homicides_share_of_state", "state_homicides", "evaluations"):
        assert ask("query", name) == []


@pytest.mark.parametrize("page", screens.open_to_all())
def test_every_screen_speaks_of_the_four_cities(
    monkeypatch: pytest.MonkeyPatch, elsewhere: Settings, page: str
) -> None:
    app = screens.visit(monkeypatch, elsewhere, page)
    assert not app.exception
    assert not app.error
    shown = " ".join(map(screens.seen, screens.texts(app)))
    assert not OTHERS.search(shown)
    assert all(charts.is_marked(f) for f in screens.figures(app))
    if page == "evaluation":  # one city at a time, the first unless asked
        assert screens.sentence(app).startswith("Red Rock, until December 2019: ")
    elif page not in ("sources_and_checks", "claim_check", "press_charts"):
        told = [screens.sentence(app).find(f"{city}") for city in NAMES]
        assert -1 not in told
        assert told == sorted(told)
    for city in (IDS[0], IDS[-1]):
        app.sidebar.selectbox(key="guard.viewer").set_value(f"city:{city}").run()
        assert not app.exception


def test_the_screens_follow_this_configuration(
    monkeypatch: pytest.MonkeyPatch, elsewhere: Settings
) -> None:
    briefing = screens.visit(monkeypatch, elsewhere)
    labels = [metric.label.split(",")[0] for metric in briefing.metric]
    assert labels == ["Together", *NAMES]
    shown = " ".join(map(screens.seen, screens.texts(briefing)))
    assert "Share of Elsewhere" in shown
    assert "on a base of 40 or more" in shown
    assert "No published source gives both" in shown
    where = screens.visit(monkeypatch, elsewhere, "neighbourhoods")
    assert where.sidebar.selectbox(key="city").options == ["All four cities", *NAMES]
    maps = [f for f in screens.figures(where) if f["data"][0]["type"] == "choroplethmap"]
    assert len(maps) >= 4  # and one more for each city in which a cluster is found
    first = maps[0]["layout"]["map"]["center"]
    assert (round(first["lon"]), round(first["lat"])) == (-112, 41)
    assert f"{UNTIL:%B} {UNTIL.day}, {UNTIL.year}" in screens.sentence(where)


# --- the code names no place ---------------------------------------------------


def of_the_first_state() -> list[str]:
    """Ids and names in the project's own configuration, as words."""
    told = configuration.load(environment={})
    words = {told.state, told.state_reference_key}
    for city in told.cities.values():
        words |= {city.id, city.name, city.reference_key}
    return sorted(word for word in words if word)


OTHERS = re.compile(
    "|".join(
        re.escape(word).replace("_", "[ _-]?").replace(r"\ ", "[ _-]?")
        for word in of_the_first_state()
    ),
    re.IGNORECASE,
)
CODE = ("longevity", "pages", "queries", "app.py", ".ci", "Makefile", ".streamlit")
TEXT = (".py", ".sql", ".toml", ".css", ".svg", ".js", ".html", ".typ", ".txt", "")


def code() -> list[Path]:
    """Every text file of the code."""
    found = []
    for name in CODE:
        path = ROOT / name
        below = [path] if path.is_file() else path.rglob("*")
        found += [each for each in below if each.is_file() and each.suffix in TEXT]
    return found


def test_no_city_is_named_in_code() -> None:
    files = code()
    assert len(files) > 100
    named = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if OTHERS.search(line)
    ]
    assert named == []


def test_the_search_finds_a_city_however_it_is_written() -> None:
    for city in configuration.load(environment={}).cities.values():
        for written in (city.name, city.name.upper(), city.id, city.name.replace(" ", "")):
            assert OTHERS.search(f"# {written}'s areas")
