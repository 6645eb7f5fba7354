"""Points on the Neighbourhoods map: whom they are shown, and that no other is sent one."""

from datetime import date

import pytest

from longevity.auth.viewers import STATE
from longevity.release.store import Store
from longevity.ui import filters
from longevity.warehouse.warehouse import Warehouse
from tests.drivers import screens
from tests.factories import identities, violence_release

EVENTS = {
    "east": [(date(2026, 1, 5), 1, 0), (date(2026, 2, 6), 2, 1), (date(2026, 3, 7), 1, 0)],
    "west": [(date(2026, 1, 8), 1, 0)],
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("points")
    return identities.map_viewers(violence_release.publish_release(folder, EVENTS), folder)


@pytest.fixture(scope="module")
def places(settings):
    """The coordinates of the points, as the browser would be sent them."""
    warehouse = Warehouse(Store(settings.home).current(), settings)
    frame = warehouse.run("incident_points", {}, STATE).frame
    warehouse.close()
    assert len(frame) == 3
    return {str(n) for column in ("longitude", "latitude") for n in frame[column]}


def payload(app):
    """Everything the browser is sent: each element, figures as JSON, tables as CSV."""
    assert not app.exception
    tables = [frame.to_csv() for frame in screens.tables(app)]
    elements = [str(element.proto) for element in [*app.main, *app.sidebar] if element.type]
    figures = [chart.proto.spec for chart in app.get("plotly_chart")]
    return " ".join([*elements, *tables, *figures, *screens.texts(app)])


def dotted(app):
    """The layers of points that can be hovered, of every map."""
    layers = [trace for figure in screens.figures(app) for trace in figure["data"]]
    return [t for t in layers if t["type"] == "scatter" and t.get("customdata") and "x" in t and t["mode"] == "markers"]


def test_none_but_the_state_and_the_city_itself_is_sent_a_coordinate(monkeypatch, settings, places):
    for groups, sees in (("dash-state", True), ("dash-east", True), ("dash-west", False), ("", False)):
        who = identities.claims(groups) if groups else {}
        for city in ("all", "east"):
            app = screens.visit(monkeypatch, settings, "map", points="show", city=city, claims=who)
            sent = payload(app)
            # On a map they are pixels: in degrees they are in the rows alone.
            assert sees or not any(place in sent for place in places), (groups, city)
            assert bool(dotted(app)) is sees
            tables = [set(frame.columns) for frame in screens.tables(app)]
            assert any("Longitude" in names for names in tables) is sees
            if not groups:
                assert "points" not in [box.key for box in app.selectbox]
    # Not asked for, they are not sent either.
    app = screens.visit(monkeypatch, settings, "map", claims=identities.claims("dash-state"))
    assert not any(place in payload(app) for place in places)
    assert app.selectbox(key="points").value == "hide"
    assert "NOT FOR RELEASE" not in " ".join(screens.texts(app))


def test_a_page_with_points_says_what_they_are_and_is_not_for_release(monkeypatch, settings):
    east = identities.claims("dash-east")
    app = screens.visit(monkeypatch, settings, "map", points="show", claims=east)
    said = " ".join(map(screens.as_read, screens.texts(app)))
    assert "NOT FOR RELEASE" in said
    assert "Points are for each city about its own: you see those of East only." in said
    assert "3 of 3 known to the block." in said
    (points,) = dotted(app)
    # Two in one area's block; what a click on a point opens is its area.
    assert sorted(points["customdata"]) == ["Harbour", "Hill"]
    assert any("2 shooting incidents, the last on March 7, 2026; 2 people were shot" in text for text in points["text"])
    west = identities.claims("dash-west")
    app = screens.visit(monkeypatch, settings, "map", points="show", city="east", claims=west)
    assert "you see none of these cities'." in " ".join(map(screens.as_read, screens.texts(app)))


def test_a_click_on_a_point_opens_its_area_and_one_next_to_it_the_area(monkeypatch):
    memory = {}
    monkeypatch.setattr(filters.st, "session_state", memory)
    for clicked, area in (
        ({"customdata": "Hill", "lon": -111.9}, "east/Hill"),
        ({"customdata": "Harbour"}, "east/Harbour"),
        (None, "east/Harbour"),  # a second click arrives without a point: it stays open
    ):
        memory["map.east"] = {"selection": {"points": [clicked] if clicked else []}}
        filters.follow_click("map.east", "east")
        assert memory["area"] == area
