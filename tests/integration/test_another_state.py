"""Another state is another configuration, and nothing is named in code.

Two cities of real data, set up as docs/another-state.md says, word for word.
"""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

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
from tests.conftest import TODAY
from tests.drivers import another_state_guide, screens
from tests.factories import identities


@dataclass(frozen=True)
class Followed:
    """A folder in which the page was followed: its settings, and what each command printed."""

    folder: Path
    settings: Settings
    printed: dict[str, str]


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """The page followed, which has two cities."""
    folder = tmp_path_factory.mktemp("two")
    printed = another_state_guide.follow(folder)
    config = folder / "longevity.toml"
    access = config.with_name("signed-in.toml")
    mapped = '\n[access.viewers]\n"dash-state" = "state"\n'
    access.write_text(config.read_text(encoding="utf-8") + mapped, encoding="utf-8")
    return Followed(folder, configuration.load_settings(access, home=folder / "home", environment={}), printed)


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
    # Without published facts nothing is made up, and no query fails.
    with closing(Warehouse(Store(two.settings.home).current(), two.settings)) as warehouse:
        for name in warehouse.queries:
            frame = warehouse.run(name, {}, STATE).frame
            places = set(frame["city"]) if "city" in frame.columns else set()
            assert places <= set(two.settings.cities), name
        for name in ("published_counts", "evaluations"):
            assert warehouse.run(name, {}, STATE).frame.empty
    # Districts are given as 75 where the area is Police district 75: none is unknown.
    assert "column neighbourhood" not in two.printed["publish extracts"]
    assert (two.folder / "briefing.pptx").exists()
    assert list(two.folder.glob("*week.pdf"))


def test_every_victim_of_the_files_is_counted_where_and_when(two, capsys):
    people = victims(two.folder)
    by_year = ("query", "counts", "--set", "windows=years", "--format", "csv")
    _, text = asked(two, capsys, *by_year)
    years = {
        (row["city"], int(row["date_from"][:4])): (int(row["victims"]), int(row["fatal"]))
        for row in csv.DictReader(text.splitlines())
    }
    for (city, year), counted in years.items():
        own = [dead for c, y, _, dead in people if (c, y) == (city, year)]
        assert counted == (len(own), sum(own))
    assert sum(many for many, _ in years.values()) == len(people)
    by_place = ("query", "counts", "--set", "unit=neighbourhood", "--format", "csv")
    _, text = asked(two, capsys, *by_place)
    by_area = {
        (row["city"], row["neighbourhood"]): int(row["victims"])
        for row in csv.DictReader(text.splitlines())
        if row["victims"] not in ("", "0")
    }
    assert by_area == Counter((city, area) for city, _, area, _ in people)


def test_one_zone_of_two_is_refused_with_what_to_choose(two, tmp_path, monkeypatch):
    text = (two.folder / "longevity.toml").read_text(encoding="utf-8")
    config = tmp_path / "longevity.toml"
    config.write_text(text.replace("EPSG:5070", "EPSG:26916"), encoding="utf-8")
    settings = configuration.load_settings(config, home=tmp_path / "home", environment={})
    monkeypatch.chdir(two.folder)
    installed_boundaries.install_boundaries(settings, "brindle_falls", Path("brindle-falls.geojson"), None, TODAY)
    with pytest.raises(DataError, match="'projected_crs' has to be one that covers all cities"):
        installed_boundaries.install_boundaries(settings, "ashmoor", Path("ashmoor.geojson"), None, TODAY)


OF_MORE = re.compile(r"\b(?:three|four|3|4) cities", re.IGNORECASE)
WHAT_TAKES_THREE = "that takes 3 cities, so that none can"  # only to say why two cannot have it


@pytest.mark.parametrize("page", screens.pages())
def test_every_screen_speaks_of_two_cities(monkeypatch, two, page):
    claims = identities.claims(["dash-state"])
    app = screens.visit(monkeypatch, two.settings, page, claims=claims)
    assert not app.exception
    assert not app.error
    assert screens.holes(app) == []
    text = told(app)
    assert "You are signed in as the state." in text
    assert not OTHERS.search(text)
    assert not OF_MORE.search(text.replace(WHAT_TAKES_THREE, ""))


def told(app: AppTest) -> str:
    """Every text, table and figure of a page as one text; what a query asks is left out."""
    texts = [screens.as_read(text) for text in screens.texts(app)]
    shown = [text for text in texts if not text.startswith(("**Question.**", "Name `"))]
    tables = [table.drop(columns="Question", errors="ignore") for table in screens.tables(app)]
    shown += [table.to_csv() for table in tables]
    shown += [json.dumps(figure) for figure in screens.figures(app)]
    shown += [f"{metric.label} {metric.value} {metric.delta}" for metric in app.metric]
    return "\n".join(shown)


# --- the code names no place ---------------------------------------------------


def of_the_first_state() -> list[str]:
    """Ids and names in the project's own configuration, as words."""
    told = configuration.load_settings(environment={})
    words = {told.state, told.state_reference_key}
    for city in told.cities.values():
        words |= {city.id, city.name, city.reference_key}
    return sorted(word for word in words if word)


OTHERS = re.compile(
    "|".join(re.escape(word).replace("_", "[ _-]?").replace(r"\ ", "[ _-]?") for word in of_the_first_state()),
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
