"""Another state is another configuration, and nothing is named in code.

Four cities of a demonstration without facts; two cities and one of real data, set up as
docs/another-state.md says, word for word.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from longevity import cli
from longevity import settings as configuration
from longevity.auth.viewers import STATE
from longevity.errors import DataError
from longevity.geography import installed_boundaries
from longevity.release.store import Store
from longevity.settings import ROOT, Settings
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY, UNTIL
from tests.drivers import another_state_guide, briefing_reader, screens
from tests.factories import identities
from tests.unit.test_maps import areas_of

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
            assert cli.main(words, TODAY) == 0
    yield configuration.load_settings(path, home=folder / "home", environment={})


@pytest.fixture
def ask(
    elsewhere: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Ask:
    """Rows of a query by the command line."""
    monkeypatch.setenv("LONGEVITY_CONFIG", str(elsewhere.config_path))
    monkeypatch.setenv("LONGEVITY_HOME", str(elsewhere.home))

    def rows(*words: str) -> list[dict[str, Any]]:
        capsys.readouterr()
        assert cli.main([*words, "--format", "json"], TODAY) == 0
        return list(json.loads(capsys.readouterr().out))

    return rows


def test_every_query_answers_about_the_four_cities(elsewhere, ask):
    with closing(Warehouse(Store(elsewhere.home).current(), elsewhere)) as warehouse:
        for name in warehouse.queries:
            frame = warehouse.run(name, {}, STATE).frame
            places = set(frame["city"]) if "city" in frame.columns else set()
            assert places <= set(IDS), name
    assert [row["city"] for row in ask("query", "cities")] == IDS
    assert [row["week_ends_iso"] for row in ask("query", "cities")] == [7, 6, 5, 1]


def test_without_published_facts_nothing_is_made_up(ask):
    for name in ("published_counts", "homicides_share_of_state", "state_homicides", "evaluations"):
        assert ask("query", name) == []


def test_the_screens_follow_this_configuration(monkeypatch, elsewhere):
    briefing = screens.visit(monkeypatch, elsewhere)
    labels = [metric.label.split(",")[0] for metric in briefing.metric]
    assert labels[:5] == ["Four cities", *NAMES]
    shown = " ".join(map(screens.as_read, screens.texts(briefing)))
    assert "No published source gives the homicides of both the cities and Elsewhere." in shown
    compared = screens.texts(screens.visit(monkeypatch, elsewhere, "compare_cities"))
    assert "on a base of 40 or more" in " ".join(map(screens.as_read, compared))
    where = screens.visit(monkeypatch, elsewhere, "map")
    assert where.selectbox(key="city").options == ["All four cities", *NAMES]
    # Areas that are made up have no map; the way to one is said.
    assert not any(map(areas_of, screens.figures(where)))
    assert "boundaries install CITY FILE" in " ".join(map(screens.as_read, screens.texts(where)))
    assert f"{UNTIL:%B} {UNTIL.day}, {UNTIL.year}" in screens.sentence(where)


# --- docs/another-state.md, followed in an empty folder ---------------------------------


@dataclass(frozen=True)
class Followed:
    """A folder in which the page was followed: its settings, and what each command printed."""

    folder: Path
    settings: Settings
    printed: dict[str, str]


def follow(folder: Path, city: str | None = None) -> Followed:
    printed = another_state_guide.follow(folder, city)
    config = folder / "longevity.toml"
    access = config.with_name("signed-in.toml")
    mapped = '\n[access.viewers]\n"dash-state" = "state"\n'
    access.write_text(config.read_text(encoding="utf-8") + mapped, encoding="utf-8")
    return Followed(
        folder, configuration.load_settings(access, home=folder / "home", environment={}), printed
    )


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Followed:
    """The page followed with the two cities it has."""
    return follow(tmp_path_factory.mktemp("two"))


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Followed:
    """The page followed with the first of its cities alone."""
    return follow(tmp_path_factory.mktemp("one"), "ashmoor")


Victim = tuple[str, int, str, bool]  # city, year, area, whether killed


def victims(folder: Path) -> list[Victim]:
    """Everybody in the two files, by a plain reading of them."""
    found: list[Victim] = []
    with (folder / "ashmoor.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            area = f"Police district {row['District']}"
            year = int(row["Occurred"][6:10])
            found.append(("ashmoor", year, area, row["Outcome"] == "Killed"))
    west, south = another_state_guide.CORNERS["brindle-falls"]
    with (folder / "brindle-falls.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            column, line = (
                int((float(row[axis]) - corner) / another_state_guide.WIDTH)
                for axis, corner in (("lon", west), ("lat", south))
            )
            area = another_state_guide.WORDS[another_state_guide.SIDE * line + column]
            for dead, many in ((True, row["killed"]), (False, row["injured"])):
                found += [("brindle_falls", int(row["date"][:4]), area, dead)] * int(many)
    return found


def asked(followed: Followed, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """A command's exit code and what it printed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LONGEVITY_CONFIG", str(followed.folder / "longevity.toml"))
        patch.setenv("LONGEVITY_HOME", str(followed.settings.home))
        code = cli.main(words, TODAY)
    return code, capsys.readouterr().out


def test_the_page_is_followed_word_for_word(two):
    assert "is right: Project Lantern, Ashmoor, Brindle Falls." in two.printed["check-config"]
    imported = [text for line, text in two.printed.items() if line.startswith("import ")]
    assert len(imported) == 2
    assert all("+ 0 quarantined." in text for text in imported)
    assert [text for line, text in two.printed.items() if line.startswith("boundaries ")] == [
        "9 areas of Ashmoor installed; the next publish uses them.\n",
        "Without residents to divide by, and so without rates: every area. A column 'population' "
        "gives them.\n9 areas of Brindle Falls installed; the next publish uses them.\n",
    ]
    # Districts are given as 75 where the area is Police district 75: none is unknown.
    assert "column neighbourhood" not in two.printed["publish extracts"]
    assert (two.folder / "briefing.pptx").exists()
    assert list(two.folder.glob("*week.pdf"))


def test_every_victim_of_the_files_is_counted_where_and_when(two, capsys):
    people = victims(two.folder)
    by_year = ("query", "counts", "--set", "windows=years", "--format", "json")
    _, text = asked(two, capsys, *by_year)
    years = {
        (row["city"], int(row["date_from"][:4])): (row["victims"], row["fatal"])
        for row in json.loads(text)
    }
    for (city, year), counted in years.items():
        own = [dead for c, y, _, dead in people if (c, y) == (city, year)]
        assert counted == (len(own), sum(own))
    assert sum(many for many, _ in years.values()) == len(people)
    by_place = ("query", "counts", "--set", "unit=neighbourhood", "--format", "json")
    _, text = asked(two, capsys, *by_place)
    by_area = {
        (row["city"], row["neighbourhood"]): row["victims"]
        for row in json.loads(text)
        if row["victims"]
    }
    assert by_area == Counter((city, area) for city, _, area, _ in people)


def test_one_zone_of_two_is_refused_with_what_to_choose(two, tmp_path, monkeypatch):
    text = (two.folder / "longevity.toml").read_text(encoding="utf-8")
    config = tmp_path / "longevity.toml"
    config.write_text(text.replace("EPSG:5070", "EPSG:26916"), encoding="utf-8")
    settings = configuration.load_settings(config, home=tmp_path / "home", environment={})
    monkeypatch.chdir(two.folder)
    installed_boundaries.install_boundaries(
        settings, "brindle_falls", Path("brindle-falls.geojson"), None, TODAY
    )
    with pytest.raises(DataError, match="'projected_crs' has to be one that covers all cities"):
        installed_boundaries.install_boundaries(
            settings, "ashmoor", Path("ashmoor.geojson"), None, TODAY
        )


def test_claims_are_held_against_the_files(two, one, capsys):
    shot = Counter((city, year) for city, year, _, _ in victims(two.folder))
    both = shot["ashmoor", 2025] + shot["brindle_falls", 2025]
    for followed, many, where in (
        (two, shot["ashmoor", 2025], "in Ashmoor "),
        (two, both, "in the cities together "),
        (one, shot["ashmoor", 2025], ""),
    ):
        for said, code in ((many, 0), (many + 1, 1)):
            text = f"{said} people were shot {where}in 2025"
            got, printed = asked(followed, capsys, "claim", text)
            assert (got, text) == (code, text), printed
            assert f"{many} people were shot in Ashmoor" in printed


OF_MORE = re.compile(r"\b(?:three|four|3|4) cities", re.IGNORECASE)
WHAT_TAKES_THREE = "that takes 3 cities, so that none can"  # only to say why two cannot have it


@pytest.mark.parametrize("page", screens.pages())
def test_every_screen_speaks_of_two_cities_and_of_one_alone(monkeypatch, two, one, page):
    for followed, not_said in ((two, OF_MORE), (one, ADDED_UP)):
        claims = identities.claims(["dash-state"])
        app = screens.visit(monkeypatch, followed.settings, page, claims=claims)
        assert not app.exception
        assert not app.error
        assert screens.holes(app) == []
        text = told(app)
        assert "You are signed in as the state." in text
        assert not OTHERS.search(text)
        assert not not_said.search(text.replace(WHAT_TAKES_THREE, ""))
    assert all(box.options == ["Ashmoor"] for box in app.selectbox if box.label == "City")
    if page == "briefing":
        label = f"Ashmoor, Jan 1 to {UNTIL:%b} {UNTIL.day}"
        assert [metric.label for metric in app.metric] == [label]


ADDED_UP = re.compile(
    r"\btogether\b(?! with)|\b(?:both|all|these|the|two|three|3) cities\b|Brindle", re.IGNORECASE
)


def told(app: AppTest) -> str:
    """Every text, table and figure of a page as one text; what a query asks is left out."""
    texts = [screens.as_read(text) for text in screens.texts(app)]
    shown = [text for text in texts if not text.startswith(("**Question.**", "Name `"))]
    tables = [table.drop(columns="Question", errors="ignore") for table in screens.tables(app)]
    shown += [table.to_csv() for table in tables]
    shown += [json.dumps(figure) for figure in screens.figures(app)]
    shown += [f"{metric.label} {metric.value} {metric.delta}" for metric in app.metric]
    return "\n".join(shown)


def test_the_deck_of_one_city_does_not_add_it_up(one):
    slides = briefing_reader.slides((one.folder / "briefing.pptx").read_bytes())
    text = "\n".join(line for slide in slides for line in briefing_reader.words(slide))
    assert "Ashmoor" in text
    assert not ADDED_UP.search(text.replace(WHAT_TAKES_THREE, ""))


# --- the code names no place ---------------------------------------------------


def of_the_first_state() -> list[str]:
    """Ids and names in the project's own configuration, as words."""
    told = configuration.load_settings(environment={})
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


def test_no_city_is_named_in_code():
    files = code()
    assert len(files) > 100
    named = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if OTHERS.search(line)
    ]
    assert named == []
