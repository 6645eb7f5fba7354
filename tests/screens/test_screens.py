"""Every screen of every release, to every viewer: what has to hold of all of them."""

import re
from dataclasses import dataclass, field

import pytest

from longevity import cli
from longevity.release.store import Store
from longevity.settings import ROOT
from longevity.ui import sign_in
from longevity.ui.screens import SCREENS
from tests.drivers import briefing_reader, screens
from tests.screens.conftest import AREAS, HOSTILE

ALIKE = set(screens.screens_alike_for_all())
OF_VIOLENCE = frozenset(ALIKE)  # what a source of some victims alone changes
MARKS = {"SYNTHETIC"}
OPERATIONAL = {screen.name for screen in SCREENS if screen.inside}
SHUT = {screen.name for screen in SCREENS if screen.inside and not screen.public}


def list_link_names():
    """Every name a screen reads from the link: its choices, and what is written in its code."""
    found = {"claim", "tab", "what", "where", "when", "says", "against"}
    for path in (ROOT / "longevity" / "ui").glob("*.py"):
        found |= set(re.findall(r'choose_option\(\s*"[^"]*",\s*"(\w+)"', path.read_text()))
    return found | {choice.name for screen in SCREENS for choice in screen.choices}


@dataclass(frozen=True)
class Walk:
    """A release, as whom its screens are visited in one session, and by which link."""

    world: str
    viewers: tuple[str, ...] = ("state",)
    link: dict[str, str] = field(default_factory=dict)
    dark: bool = False
    pages: frozenset[str] = frozenset(screens.pages())
    seldom: bool = False  # in the audit alone


HOSTILE_LINK = (
    "'; DROP TABLE incidents; --<script>alert(1)</script><b>**bold**</b>:red[y]"
    "[x](http://x)<img src=x>\u202e=1+1" + "A" * 10_000
)
HOSTILE_LINKS = dict.fromkeys(sorted(list_link_names()), HOSTILE_LINK)
WALKS = {
    "demonstration": Walk("demonstration", ("city:hartford", "public")),
    "demonstration, the state": Walk("demonstration", seldom=True),
    "one city": Walk("demonstration", link={"city": "new_haven", "area": "new_haven/Hill"}, dark=True, seldom=True),
    "another city": Walk("demonstration", ("city:hartford",), {"city": "bridgeport"}, seldom=True),
    "odd": Walk("odd", ("state", "city:west", "public"), seldom=True),
    "hostile": Walk("hostile", ("state", "city:east")),
    "hostile link": Walk("odd", ("city:west",), HOSTILE_LINKS, pages=frozenset({"map", "claim_check", "press_desk"})),
    "hostile link everywhere": Walk("odd", ("city:west",), HOSTILE_LINKS, seldom=True),
    "hostile areas": Walk(
        "hostile areas", (), {"city": "east", "area": f"east/{AREAS[1]}"}, pages=OF_VIOLENCE, seldom=True
    ),
    "hostile changes": Walk("hostile areas", (), {"show": "change"}, pages=frozenset({"map"})),
    "counts shown": Walk("counts shown", ("state", "public"), seldom=True),
    "killed in one": Walk("killed in one", pages=OF_VIOLENCE, seldom=True),
    # Real releases are shown as the public sees them: the viewer cannot be switched. Others of them are in
    # test_said.py.
    "counts": Walk("counts", (), seldom=True),
    **{name: Walk(name, (), pages=OF_VIOLENCE, seldom=True) for name in ("quiet year", "uneven")},
}


@pytest.mark.parametrize(
    ("walk", "page"),
    [
        pytest.param(*(walk, page), id=f"{name}-{page}", marks=pytest.mark.audit if walk.seldom else ())
        for name, walk in WALKS.items()
        for page in sorted(walk.pages)
    ],
)
def test_a_screen_holds_and_says_nothing_of_another_city(monkeypatch, world, walk, page):
    settings = world(walk.world)
    first = walk.viewers[0] if walk.viewers else None
    app = screens.visit(monkeypatch, settings, page, first, walk.dark, **walk.link)
    answers = set()
    for at, viewer in enumerate(walk.viewers or ("public",)):
        if at:
            app.sidebar.selectbox(key=sign_in.VIEWER).set_value(viewer).run()
        if viewer == "public" and page in SHUT:
            assert not app.exception
            assert [*screens.figures(app), *screens.tables(app)] == []
            said = " ".join(info.value for info in app.info)
            assert re.search("for the state and for each city|on Briefing", said)
            continue
        assert screens.problems(app) == [], viewer
        assert find_codes(app, settings) <= find_own(settings, viewer, walk, page), viewer
        check_marks(app, settings, page, viewer)
        if page in OPERATIONAL and "city" in walk.link and viewer == "state":
            # What others published of the program is of its cities together.
            said = " ".join(text for text in screens.texts(app) if "Published, not from this" not in text)
            others = [city.name for city in settings.cities.values() if city.id != walk.link["city"]]
            assert [name for name in others if name in said] == []
        answers.add(screens.sentence(app))
    if not walk.viewers:
        before = screens.texts(app)
        app.session_state[sign_in.VIEWER] = app.query_params[sign_in.VIEWER] = "state"
        assert screens.texts(app.run()) == before
    # What reviews found is for those who may see it: the public's evaluation is of all shootings.
    assert len(answers) == 1 or page not in ALIKE


def find_codes(app, settings):
    """The cities whose groups or people are named on the screen by their code."""
    tables = [frame.to_csv() for frame in screens.tables(app)]
    everything = " ".join([*screens.texts(app), *tables, str(screens.figures(app))])
    if "hartford" in settings.cities:
        return {city for city in settings.cities if re.search(rf"{city}-[gpi]\d", everything)}
    named = re.search(r"\b(?:Schist|Flint|Pumice|[pg][1-5])\b", everything)
    return {"east"} if named else set()


def find_own(settings, viewer, walk, page):
    """The cities whose codes this viewer may read there."""
    if viewer == "state":
        chosen = walk.link.get("city") if page in OPERATIONAL else None
        return {chosen} if chosen else {*settings.cities}
    return {viewer.removeprefix("city:")}


def check_marks(app, settings, page, viewer):
    """What is made up says so on every picture, what is not for release says so."""
    shown = " ".join(map(screens.as_read, screens.texts(app)))
    # Data that are months old: said once, calmly.
    assert len(re.findall("newer release (?:is|would be) due", shown)) == ("hartford" not in settings.cities)
    made_up = Store(settings.home).current().manifest["kind"] == "synthetic"
    assert ("SYNTHETIC" in shown) is made_up
    for figure in screens.figures(app):
        notes = {str(note["text"]) for note in figure["layout"].get("annotations", [])}
        assert len(notes & MARKS) == made_up or (page == "compare_cities" and not made_up)
    if viewer == "public":
        assert "NOT FOR RELEASE" not in shown
        assert set(re.findall("viewer = (.*?);", shown)) <= {"public"}
    elif page in OPERATIONAL:
        assert "NOT FOR RELEASE" in shown
    assert "viewer = " in shown or page not in ALIKE - {"press_desk", "claim_check"}
    switches = [box.key for box in app.selectbox]
    assert (sign_in.VIEWER in switches) is made_up


def test_no_answer_by_command_runs_a_label(world, monkeypatch, capsys):
    labelled = world("hostile")
    monkeypatch.setattr("longevity.settings.load_settings", lambda: labelled)
    assert cli.main(["query", "group_coverage_grid", "--viewer", "state", "--format", "csv"]) == 0
    printed = capsys.readouterr().out
    assert "'" + HOSTILE[0] in printed
    assert "," + HOSTILE[0] not in printed


@pytest.mark.parametrize("viewer", ["public", "state"])
def test_the_briefing_says_what_its_documents_say(monkeypatch, published, viewer):
    document = briefing_reader.briefing(published, viewer)
    app = screens.visit(monkeypatch, published, viewer=None if viewer == "state" else viewer)
    assert not app.exception
    tiles = [*document.report.tiles, *(tile for card in document.cards for tile in card.tiles)]
    assert [metric.value for metric in app.metric] == [tile.value for tile in tiles]
    lines = "".join(element.proto.body for element in app.get("html")).count("%3Cpolyline")
    assert lines == sum(bool(tile.trend) for tile in tiles) > 0
    written = screens.as_read(" ".join(screens.texts(app)))
    tables = [frame.to_numpy().tolist() for frame in screens.tables(app)]
    for card in (card for card in document.cards if card.key.startswith("briefing.")):
        assert all(sentence in written for sentence in card.sentences)
        assert card.table is None or card.table.astype("str").to_numpy().tolist() in tables, card.key
    assert ("NOT FOR RELEASE" in written) == (viewer == "state")
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels[:2] == ["Slides", "2-page PDF"]
    internal = ["Slides, not for release", "2-page PDF, not for release"]
    assert (labels[2:4] == internal) is (viewer == "state")
