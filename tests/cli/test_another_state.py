"""Another state is another configuration: two cities set up as docs/another-state.md says, word for word.

The page gives the configuration, the mappings and the first rows of each city's file; the rows
after those and the boundaries, which a reader brings, are made here.
"""

import json
import re
from contextlib import closing
from datetime import date, timedelta

import pytest
import shapely

from longevity import settings as configuration
from longevity.auth.viewers import STATE
from longevity.release.store import Store
from longevity.settings import ROOT
from longevity.warehouse.warehouse import Warehouse
from tests.drivers import screens
from tests.drivers.commands import run_page
from tests.factories import identities

PAGE = (ROOT / "docs" / "another-state.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)  # language, file, text
LINES = re.findall(r"^longevity (.+)$", "".join(text for language, _, text in BLOCKS if language == "sh"), re.MULTILINE)
FIRST, THROUGH = date(2017, 1, 1), date(2026, 11, 22)
SIDE = 3  # areas in a row, and rows of them
WIDTH = 0.02  # degrees an area is wide
# Each city's south-west corner, and how its boundary file names area n.
CORNERS = {"ashmoor": (-92.42, 38.60), "brindle-falls": (-86.13, 38.18)}
WORDS = ("Old Mill", "Quarry", "Harbour", "Orchard", "Foundry", "Terrace", "Cannery", "Ridge", "Bend")


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A folder in which the page was followed, its settings, and what each command printed."""
    folder = tmp_path_factory.mktemp("two")
    for language, file, text in BLOCKS:
        more = make_rows(file.removesuffix(".csv")) if language == "csv" else []
        if file:
            (folder / file).write_text(text + "".join(f"{row}\n" for row in more), encoding="utf-8")
    for city in CORNERS:
        (folder / f"{city}.geojson").write_text(json.dumps(make_areas(city)), encoding="utf-8")
    config = folder / "longevity.toml"
    printed = run_page(LINES, folder, config, folder / "home")
    access = folder / "signed-in.toml"
    mapped = '\n[access.viewers]\n"dash-state" = "state"\n'
    access.write_text(config.read_text(encoding="utf-8") + mapped, encoding="utf-8")
    return folder, configuration.load_settings(access, home=folder / "home", environment={}), printed


def make_rows(city):
    """A shooting every fifth evening, by turns in each area; one in seven has two victims."""
    west, south = CORNERS[city]
    rows = []
    for at in range((THROUGH - FIRST).days // 5):
        day, area = FIRST + timedelta(days=5 * at), at * at % (SIDE * SIDE)
        aside = WIDTH * (0.2 + at % 97 / 200)
        lon, lat = west + WIDTH * (area % SIDE) + aside, south + WIDTH * (area // SIDE) + aside
        hurt, killed = 1 + (at % 7 == 0), int(at % 5 == 0)
        if city != "ashmoor":
            rows.append(f"m{at},{day},{lon:.4f},{lat:.4f},{killed},{hurt - killed}")
            continue
        case = f"{day.year}-{900000 + at},{day:%m/%d/%Y} 22:{at % 60:02},{lat:.4f},{lon:.4f},{75 + area}"
        for victim in range(hurt):
            outcome = "Killed" if victim < killed else "Injured"
            rows.append(f"{case},{outcome},{14 + at % 47},{'MMMF'[at % 4]}")
    return rows


def make_areas(city):
    """Nine square areas; those of one city are numbers with residents, those of the other words."""
    west, south = CORNERS[city]
    features = []
    for at in range(SIDE * SIDE):
        x, y = west + WIDTH * (at % SIDE), south + WIDTH * (at // SIDE)
        corners = (round(place, 6) for place in (x, y, x + WIDTH, y + WIDTH))
        number = {"district": 75 + at, "population": 4000 + 500 * at}
        named = number if city == "ashmoor" else {"label": f"{WORDS[at]} ({at + 1})"}
        shape = shapely.geometry.mapping(shapely.box(*corners))
        features.append({"type": "Feature", "properties": named, "geometry": shape})
    return {"type": "FeatureCollection", "features": features}


def test_the_page_is_followed_word_for_word(two):
    folder, settings, printed = two
    assert "is right: Project Lantern, Ashmoor, Brindle Falls." in printed["check-config"]
    imported = [text for line, text in printed.items() if line.startswith("import ")]
    assert ["+ 0 quarantined." in text for text in imported] == [True, True]
    assert [text for line, text in printed.items() if line.startswith("boundaries ")] == [
        "9 areas of Ashmoor installed; the next publish uses them.\n",
        "Without residents to divide by, and so without rates: every area. A column 'population' "
        "gives them.\n9 areas of Brindle Falls installed; the next publish uses them.\n",
    ]
    # Without published facts nothing is made up, and no query fails.
    with closing(Warehouse(Store(settings.home).current(), settings)) as warehouse:
        for name in warehouse.queries:
            frame = warehouse.run(name, {}, STATE).frame
            assert {*frame.get("city", ())} <= {*settings.cities}, name
        for name in ("published_counts", "evaluations"):
            assert warehouse.run(name, {}, STATE).frame.empty
    # Districts are given as 75 where the area is Police district 75: none is unknown.
    assert "column neighbourhood" not in printed["publish extracts"]
    assert (folder / "briefing.pptx").exists()
    assert list(folder.glob("*week.pdf"))


# Neither a screen nor the code names a place of the first state
def list_words():
    """Ids and names in the project's own configuration."""
    own = configuration.load_settings(environment={})
    words = {own.state, own.state_reference_key}
    for city in own.cities.values():
        words |= {city.id, city.name, city.reference_key}
    return sorted(re.escape(word).replace("_", "[ _-]?").replace(r"\ ", "[ _-]?") for word in words if word)


OTHERS = re.compile("|".join(list_words()), re.IGNORECASE)
OF_MORE = re.compile(r"\b(?:three|four|3|4) cities", re.IGNORECASE)
WHAT_TAKES_THREE = "that takes 3 cities, so that none can"  # only to say why two cannot have it


@pytest.mark.parametrize("page", screens.pages())
def test_every_screen_speaks_of_two_cities(monkeypatch, two, page):
    app = screens.visit(monkeypatch, two[1], page, claims=identities.claims(["dash-state"]))
    assert not app.exception
    assert not app.error
    assert screens.holes(app) == []
    # Everything on the page; what a query asks is left out.
    texts = [screens.as_read(text) for text in screens.texts(app)]
    shown = [text for text in texts if not text.startswith(("**Question.**", "Name `"))]
    shown += [table.drop(columns="Question", errors="ignore").to_csv() for table in screens.tables(app)]
    shown += [json.dumps(figure) for figure in screens.figures(app)]
    shown += [f"{metric.label} {metric.value} {metric.delta}" for metric in app.metric]
    said = "\n".join(shown)
    assert "You are signed in as the state." in said
    assert not OTHERS.search(said)
    assert not OF_MORE.search(said.replace(WHAT_TAKES_THREE, ""))
