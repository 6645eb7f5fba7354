"""Every screen of every release, to every viewer: what has to hold of all of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from streamlit.testing.v1 import AppTest

from longevity.release.store import Store
from longevity.settings import ROOT, Settings
from longevity.ui import sign_in
from longevity.ui.navigation import SCREENS
from tests.drivers import screens
from tests.pages.conftest import AREAS

ALIKE = set(screens.screens_alike_for_all())
OF_VIOLENCE = frozenset(ALIKE)  # what a source of some victims alone changes
OF_A_START = frozenset({"briefing", "compare_cities", "evidence", "claim_check"})
MARKS = {"SYNTHETIC"}
OPERATIONAL = {screen.file for screen in SCREENS if screen.operational}
SHUT = {screen.file for screen in SCREENS if screen.operational and not screen.public_form}


def list_link_names() -> set[str]:
    """Every name a screen reads from the link, so far as it is written in its code."""
    found = {"area", "claim", "tab", "points", "what", "where", "when", "says", "against"}
    for path in [*(ROOT / "pages").glob("*.py"), *(ROOT / "longevity" / "ui").glob("*.py")]:
        found |= set(re.findall(r'choose_option\(\s*"[^"]*",\s*"(\w+)"', path.read_text()))
    assert {"city", "period", "measure"} <= found
    return found


@dataclass(frozen=True)
class Walk:
    """A release, as whom its screens are visited in one session, and by which link."""

    world: str
    viewers: tuple[str, ...] = ("state",)
    link: dict[str, str] = field(default_factory=dict)
    dark: bool = False
    pages: frozenset[str] = frozenset(screens.pages())


def by_every_name(words: str) -> dict[str, str]:
    return dict.fromkeys(sorted(list_link_names()), words)


HOSTILE = (
    "'; DROP TABLE incidents; --<script>alert(1)</script><b>**bold**</b>:red[y]"
    "[x](http://x)<img src=x>\u202e=1+1" + "A" * 10_000
)
WALKS = {
    "demonstration": Walk("demonstration", ("state", "city:hartford", "public")),
    "one city": Walk("demonstration", link={"city": "new_haven", "area": "new_haven/Hill"}, dark=True),
    "another city": Walk("demonstration", ("city:hartford",), {"city": "bridgeport"}),
    "odd": Walk("odd", ("state", "city:west", "public")),
    "hostile": Walk("hostile", ("state", "city:east")),
    "hostile link": Walk("odd", ("city:west", "public"), by_every_name(HOSTILE)),
    "hostile areas": Walk("hostile areas", (), {"city": "east", "area": f"east/{AREAS[1]}"}, pages=OF_VIOLENCE),
    "hostile changes": Walk("hostile areas", (), {"show": "change"}, pages=frozenset({"map"})),
    "little program": Walk("little program", ("state", "city:west")),
    "counts shown": Walk("counts shown", ("state", "public")),
    "killed": Walk("killed", pages=OF_VIOLENCE),
    "killed in one": Walk("killed in one", pages=OF_VIOLENCE),
    "firearms": Walk("firearms", pages=OF_VIOLENCE),
    # Real releases are shown as the public sees them: the viewer cannot be switched.
    "counts": Walk("counts", ()),
    **{name: Walk(name, (), pages=OF_VIOLENCE) for name in ("east alone", "quiet year", "uneven")},
    # Where a program began is said on these alone.
    **{name: Walk(name, (), pages=OF_A_START) for name in ("no launch", "one launch")},
}


@pytest.mark.parametrize(
    ("walk", "page"),
    [
        pytest.param(
            *(walk, page),
            id=f"{name}-{page}",
            # A city that holds the killed alone is in one of the others too.
            marks=pytest.mark.audit if name in ("killed", "firearms", "one city") else (),
        )
        for name, walk in WALKS.items()
        for page in sorted(walk.pages)
    ],
)
def test_a_screen_stands_and_tells_nobody_of_another(monkeypatch, world, walk, page):
    settings = world(walk.world)
    first = walk.viewers[0] if walk.viewers else None
    app = screens.visit(monkeypatch, settings, page, first, walk.dark, **walk.link)
    answers = set()
    for at, viewer in enumerate(walk.viewers or ("public",)):
        if at:
            app.sidebar.selectbox(key=sign_in.VIEWER).set_value(viewer).run()
            screens.unfold(app)
        if viewer == "public" and page in SHUT:
            assert not app.exception
            assert [*screens.figures(app), *screens.tables(app)] == []
            told = " ".join(info.value for info in app.info)
            assert re.search("for the state and for each city|on Briefing", told)
            continue
        assert screens.problems(app) == [], viewer
        assert find_codes(app, settings) <= find_own(settings, viewer, walk, page), viewer
        check_marks(app, settings, page, viewer)
        if page in OPERATIONAL and "city" in walk.link and viewer == "state":
            # What others published of the program is of its cities together.
            said = " ".join(t for t in screens.texts(app) if "Published, not from this" not in t)
            others = [city.name for city in settings.cities.values() if city.id != walk.link["city"]]
            assert [name for name in others if name in said] == []
        answers.add(screens.sentence(app))
    if not walk.viewers:
        before = screens.texts(app)
        app.session_state[sign_in.VIEWER] = app.query_params[sign_in.VIEWER] = "state"
        assert screens.texts(app.run()) == before
    # What reviews found is for those who may see it: the public's evaluation is of all shootings.
    assert len(answers) == 1 or page not in ALIKE


def find_codes(app: AppTest, settings: Settings) -> set[str]:
    """The cities whose groups or people are named on the screen by their code."""
    tables = [frame.to_csv() for frame in screens.tables(app)]
    everything = " ".join([*screens.texts(app), *tables, str(screens.figures(app))])
    if "hartford" in settings.cities:
        return {city for city in settings.cities if re.search(rf"{city}-[gpi]\d", everything)}
    named = re.search(r"\b(?:Schist|Flint|Pumice|[pg][1-5])\b", everything)
    return {"east"} if named else set()


def find_own(settings: Settings, viewer: str, walk: Walk, page: str) -> set[str]:
    """The cities whose codes this viewer may read there."""
    if viewer == "state":
        chosen = walk.link.get("city") if page in OPERATIONAL else None
        return {chosen} if chosen else {*settings.cities}
    return {viewer.removeprefix("city:")}


def check_marks(app: AppTest, settings: Settings, page: str, viewer: str) -> None:
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
