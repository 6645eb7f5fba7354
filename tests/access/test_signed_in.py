"""Screens with sign-in set up: who sees what, on real data, and what is kept between them."""

import time
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from longevity.auth import session as sessions
from longevity.auth import signed_out, viewers
from longevity.auth.viewers import PUBLIC_SCOPE, STATE
from longevity.base.errors import AccessError
from longevity.charts.theme import DARK, LIGHT
from longevity.outputs import table_files
from longevity.release import purge
from longevity.release.store import Store
from longevity.screens import context as reports
from longevity.ui import cache, components, download_log, filters, navigation, page_context, sign_in
from longevity.ui.cache import CachedWarehouse
from longevity.ui.screens import SCREENS
from longevity.ui.visitor import SHUT
from longevity.warehouse.warehouse import Warehouse
from tests.drivers import screens
from tests.factories import identities, odd_release, violence_release

OPERATIONAL = [screen.name for screen in SCREENS if screen.inside]
FORMS = [screen.name for screen in SCREENS if screen.public]
PUBLIC_FORM = {"public"}  # as whom a short form of the screen is asked
OF_EAST = ("Schist", "Flint")  # its groups


def offered(app):
    """The screens the navigation offers: the others have a lock."""
    links = [link.proto for link in app.sidebar.get("page_link")]
    return {link.label for link in links if link.icon != navigation.LOCK}


def named_as(app):
    """As whom the answers on the page were asked; the public, where it is theirs and has none."""
    said = [*map(screens.as_read, screens.texts(app))]
    named = {text.split("viewer = ")[1].split(";")[0] for text in said if "viewer = " in text}
    return named or {"public" for text in said if text.endswith("· The public")}


EVERY = {screen.title for screen in SCREENS}
OPEN = {screen.title for screen in SCREENS if not screen.inside or screen.public}


@pytest.mark.parametrize(
    ("groups", "sentence", "titles"),
    [
        (None, sessions.NOT_SIGNED_IN_TEXT, OPEN),
        ("another", sessions.NO_VIEWER_TEXT, OPEN),
        ("dash-east", "You are signed in as East.", EVERY),
        ("dash-state", "You are signed in as the state.", EVERY),
    ],
    ids=["signed out", "unmapped", "city", "state"],
)
def test_a_visitor_reads_as_whom_and_is_offered_what_is_open(monkeypatch, program, groups, sentence, titles):
    who = {} if groups is None else identities.claims(groups)
    app = screens.visit(monkeypatch, program, claims=who)
    assert screens.as_read(app.sidebar.markdown[-1].value) == sentence
    assert offered(app) == titles
    buttons = {button.label for button in app.sidebar.button}
    assert ("Sign in" in buttons) is (groups is None)
    assert ("Sign out" in buttons) is (groups is not None)
    assert sign_in.VIEWER not in [box.key for box in app.selectbox]


@pytest.mark.parametrize("page", OPERATIONAL)
def test_a_link_to_a_screen_opens_it_to_its_own_viewers_only(monkeypatch, program, page):
    for groups, opens in (("dash-state", True), ("dash-east", True), ("unmapped", False)):
        app = screens.visit(monkeypatch, program, page, claims=identities.claims(groups))
        assert ("NOT FOR RELEASE" in screens.read(app)) is opens
        assert bool(named_as(app) - PUBLIC_FORM) is opens
        named = any(label in screens.read(app) for label in OF_EAST)
        if page in ("support", "this_week"):  # which need not name a group
            assert opens or not named
        else:
            assert named is opens
    app = screens.visit(monkeypatch, program, page, claims={})
    said = " ".join(info.value for info in app.info)
    assert ("who sign in to open it" in said) is (page not in FORMS)
    app = screens.visit(monkeypatch, program, page, city="east", claims=identities.claims("dash-west"))
    assert not any(label in screens.read(app) for label in OF_EAST)


def test_the_same_session_follows_its_claims(monkeypatch, program):
    app = screens.visit(monkeypatch, program, "follow_up", claims=identities.claims("dash-state"))
    assert named_as(app) == {"state"}
    late = int(time.time()) - 1
    for who, asked in (
        (identities.claims("dash-state", exp=late), PUBLIC_FORM),
        (identities.claims("dash-state"), {"state"}),
        (identities.claims("dash-east"), {"city:east"}),
        ({"is_logged_in": False}, PUBLIC_FORM),
    ):
        app.user = who
        app.run()
        assert named_as(app) == asked
        assert any(label in screens.read(app) for label in OF_EAST) is (asked != PUBLIC_FORM)


def test_a_mapping_changed_meanwhile_counts_at_once(monkeypatch, program, tmp_path):
    app = screens.visit(monkeypatch, program, "follow_up", claims=identities.claims("dash-east"))
    assert named_as(app) == {"city:east"}
    other = program.config_path.read_text(encoding="utf-8").replace('"dash-east" =', '"x" =')
    path = tmp_path / "other.toml"
    path.write_text(other, encoding="utf-8")
    monkeypatch.setenv("LONGEVITY_CONFIG", str(path))
    page_context.read_settings.clear()
    app.run()
    assert named_as(app) == PUBLIC_FORM


def test_a_sign_in_signed_out_elsewhere_is_over_here(monkeypatch, program):
    who = identities.claims("dash-state", nonce="of this sign-in")
    one = screens.visit(monkeypatch, program, "follow_up", claims=who)
    other = screens.visit(monkeypatch, program, "follow_up", claims=who)
    one.sidebar.button(key="sign-in.out").click().run()
    assert not one.exception
    other.user = who  # Streamlit tells a window that stayed open nothing of it
    other.run()
    assert named_as(other) == PUBLIC_FORM
    assert screens.as_read(other.sidebar.markdown[-1].value) == sessions.SIGNED_OUT_TEXT
    again = screens.visit(monkeypatch, program, "follow_up", claims={**who, "nonce": "of the next sign-in"})
    assert named_as(again) == {"state"}


@pytest.mark.parametrize("smuggled", ["state", "city:west"])
def test_a_viewer_smuggled_into_link_or_session_changes_nothing(monkeypatch, program, smuggled):
    app = screens.visit(monkeypatch, program, "follow_up", claims=identities.claims("dash-east"))
    app.session_state[sign_in.VIEWER] = app.query_params[sign_in.VIEWER] = smuggled
    app.run()
    assert not app.exception
    assert named_as(app) == {"city:east"}


def test_the_demonstration_follows_sign_in_too(monkeypatch, tmp_path):
    shows = identities.map_viewers(odd_release.publish_release(tmp_path / "odd"), tmp_path)
    app = screens.visit(monkeypatch, shows, "follow_up", claims={})
    assert sign_in.VIEWER not in [box.key for box in app.selectbox]
    assert named_as(app) == PUBLIC_FORM


def trust_headers(patch):
    trusted = {"server.trustedUserHeaders": {"X-Groups": "groups"}}
    patch.setattr(st, "get_option", trusted.get)


@pytest.mark.parametrize("have", [trust_headers, lambda patch: patch.setattr(identities, "PROVIDER", {})])
def test_without_a_sign_in_claims_mean_nothing(monkeypatch, program, have):
    have(monkeypatch)
    app = screens.visit(monkeypatch, program, "follow_up", claims=identities.claims("dash-state"))
    assert named_as(app) == PUBLIC_FORM
    assert not app.sidebar.button


@pytest.mark.parametrize("key", sorted(identities.PROVIDER))
def test_a_provider_half_set_up_opens_nothing(monkeypatch, program, key):
    half = {name: value for name, value in identities.PROVIDER.items() if name != key}
    monkeypatch.setattr(identities, "PROVIDER", half)
    app = screens.visit(monkeypatch, program, "follow_up", claims=identities.claims("dash-state"))
    assert named_as(app) == PUBLIC_FORM
    assert screens.as_read(app.sidebar.markdown[-1].value) == sessions.MISCONFIGURED_TEXT
    assert not app.sidebar.button


@pytest.mark.parametrize("synthetic", [False, True])
def test_secrets_that_cannot_be_read_open_nothing(monkeypatch, program, synthetic):
    def fail():
        raise StreamlitSecretNotFoundError("not TOML")

    monkeypatch.setattr(sign_in, "read_provider", fail)
    assert sign_in.find_session({}, program, synthetic) is sessions.MISCONFIGURED


def test_nothing_is_kept_for_all_visitors_but_what_is_looked_at_here():
    found = {
        name
        for module in (page_context, cache, sign_in, reports)
        for name, value in vars(module).items()
        if (hasattr(value, "clear") or hasattr(value, "cache_clear"))
        and callable(value)
        and value.__module__ == module.__name__
    }
    # The configuration and public lines are the same for all; the others are looked into below.
    assert found == {"read_settings", "_read_boundaries", "_compute_once", "_open_warehouse"}


def test_what_is_kept_is_of_the_scope_in_its_key_and_a_session_keeps_no_answer(monkeypatch, program):
    screens.forget()
    kept = []
    once = CachedWarehouse.compute_once

    def note(opened, compute, *key):
        kept.append((key, once(opened, compute, *key)))
        return kept[-1][1]

    monkeypatch.setattr(CachedWarehouse, "compute_once", note)
    app = screens.visit(monkeypatch, program, claims=identities.claims("dash-state"))
    scopes = {"dash-state": "state", "dash-east": "east", "dash-west": "west", "unmapped": PUBLIC_SCOPE}
    for groups, scope in scopes.items():
        kept.clear()
        app.user = identities.claims(groups)
        for screen in SCREENS:
            app.switch_page(f"pages/{screen.name}.py").run()
            assert not app.exception
        answers = [(key[1], made) for key, made in kept if key[0] == "answer"]
        assert {asked for asked, _ in answers} == {PUBLIC_SCOPE, scope}
        whose = {key[0].named_scope for key, _ in kept if key[0] != "answer"}
        assert {named or PUBLIC_SCOPE for named in whose} == {PUBLIC_SCOPE, scope}
        # By public scope nothing with a code of a group or person is ever kept.
        for asked, frame in answers:
            if asked == PUBLIC_SCOPE:
                assert not any(label in frame.to_string() for label in OF_EAST)
        # A session remembers choices.
        for value in app.session_state._state._state.filtered_state.values():
            assert not isinstance(value, pd.DataFrame)
            assert not any(label in str(value) for label in OF_EAST)


def _visit(settings, name, look=LIGHT, today=odd_release.THROUGH):
    return page_context.PageContext(
        settings,
        viewers.parse_viewer(name, settings),
        page_context._open_served_release(settings)[0],
        today,
        theme=look,
    )


def test_what_is_made_is_kept_apart_for_every_viewer_theme_day_and_configuration(program):
    asked = []
    days = (odd_release.THROUGH, odd_release.THROUGH + timedelta(1))

    def tell(context, city):
        whose = f"{context.settings.program} {context.viewer} {context.theme.name} {context.today}"
        asked.append(f"{whose} {city}")
        return asked[-1]

    for settings in (program, replace(program, program="Renamed")):
        kept = [
            (f"{settings.program} {name} {look.name} {day} {city}", visit.compute(tell, city))
            for _ in range(2)
            for name in ("public", "city:east", "state")
            for look in (LIGHT, DARK)
            for day in days
            for city in ("east", "west")
            for visit in [_visit(settings, name, look, day)]
        ]
        assert all(wanted == found for wanted, found in kept)
        assert len(asked) == len(kept) / 2  # the second of each was kept
        asked.clear()


def test_a_page_that_changes_its_copy_changes_no_other(program):
    mine = _visit(program, "public").ask("counts").frame
    mine["city"] = "spoilt"
    del mine["date_from"]
    again = _visit(program, "public").ask("counts").frame
    assert set(again["city"]) <= set(program.cities)
    assert "date_from" in again


def test_a_purge_forgets_what_was_kept(tmp_path):
    settings = odd_release.publish_release(tmp_path)
    asked = []

    def tell(context):
        asked.append(context.warehouse.release.id)
        return asked[-1]

    for _ in range(2):
        _visit(settings, "state").compute(tell)
        assert len(asked) == 1
    purge.destroy_person(settings, "p5", odd_release.THROUGH)
    _visit(settings, "state").compute(tell)
    assert len(asked) == 2


def test_a_fold_opens_for_no_one_who_signed_out(monkeypatch, program):
    is_open = components.is_open
    app = screens.visit(monkeypatch, program, "call_ins", claims=identities.claims("dash-east"))
    assert any(label in screens.read(app) for label in OF_EAST)
    monkeypatch.setattr(components, "is_open", is_open)
    fold = "call_ins.groups.fold"
    app.session_state[fold] = False
    app.run()
    app.user = identities.claims("unmapped")
    app.session_state[fold] = True
    assert not any(label in screens.read(app.run()) for label in OF_EAST)


def test_after_a_sign_out_nothing_is_made(monkeypatch, program):
    monkeypatch.setattr(sign_in, "read_provider", lambda: identities.PROVIDER)
    who = identities.claims("dash-east", nonce="of this test")
    files = screens.files(monkeypatch)
    screens.visit(monkeypatch, program, "this_week", claims=who, city="east")
    page = next(name for name in files if name.endswith(".pdf"))
    table = next(name for name in files if name.endswith(".csv"))
    assert files[page]().startswith(b"%PDF")
    made = []
    signed_out.record_sign_out(program.home, sign_in._hash_claims(who))
    monkeypatch.setattr(table_files, "write_csv", lambda *_: made.append("a table"))
    monkeypatch.setattr(download_log, "_note_download", lambda *_: made.append("a line in the record"))
    for late in (files[page], files[table]):
        with pytest.raises(AccessError, match=sessions.SIGNED_OUT_TEXT):
            late()
    assert made == []


@pytest.mark.parametrize("how", ["ran out", "mapped otherwise", "signed out while it was made"])
def test_a_file_is_for_whom_the_sign_in_is_mapped_to_when_it_is_handed_out(monkeypatch, program, how):
    monkeypatch.setattr(sign_in, "read_provider", lambda: identities.PROVIDER)
    who = identities.claims("dash-east", nonce=how)
    files = screens.files(monkeypatch)
    screens.visit(monkeypatch, program, "this_week", claims=who, city="east")
    table = next(name for name in files if name.endswith(".csv"))
    assert files[table]()
    if how == "ran out":
        monkeypatch.setattr(sign_in.time, "time", lambda: who["exp"] + 1)
    elif how == "mapped otherwise":
        of_west = program.access.model_copy(update={"viewers": {"dash-east": "city:west"}})
        monkeypatch.setattr(page_context, "read_settings", lambda: replace(program, access=of_west))
    else:

        def make(*_):
            signed_out.record_sign_out(program.home, sign_in._hash_claims(who))
            return b"a table"

        monkeypatch.setattr(table_files, "write_csv", make)
    with pytest.raises(AccessError, match=SHUT):
        files[table]()


# Points on the map: whom they are shown, and that no other is sent one
EVENTS = {
    "east": [(date(2026, 1, 5), 1, 0), (date(2026, 2, 6), 2, 1), (date(2026, 3, 7), 1, 0)],
    "west": [(date(2026, 1, 8), 1, 0)],
}


@pytest.fixture(scope="module")
def mapped(tmp_path_factory):
    folder = tmp_path_factory.mktemp("points")
    return identities.map_viewers(violence_release.publish_release(folder, EVENTS), folder)


@pytest.fixture(scope="module")
def places(mapped):
    """The coordinates of the points, as the browser would be sent them."""
    warehouse = Warehouse(Store(mapped.home).current(), mapped)
    frame = warehouse.run("incident_points", {}, STATE).frame
    warehouse.close()
    assert len(frame) == 3
    return {str(n) for column in ("longitude", "latitude") for n in frame[column]}


def payload(app):
    """Everything the browser is sent."""
    return " ".join([screens.read(app), *(str(element.proto) for element in screens.list_elements(app))])


def dotted(app):
    """The layers of points that can be hovered, of every map."""
    layers = [trace for figure in screens.figures(app) for trace in figure["data"]]
    return [t for t in layers if t["type"] == "scatter" and t.get("customdata") and "x" in t and t["mode"] == "markers"]


def test_none_but_the_state_and_the_city_itself_is_sent_a_coordinate(monkeypatch, mapped, places):
    for groups, sees in (("dash-state", True), ("dash-east", True), ("dash-west", False), ("", False)):
        who = identities.claims(groups) if groups else {}
        for city in ("all", "east"):
            app = screens.visit(monkeypatch, mapped, "map", points="show", city=city, claims=who)
            sent = payload(app)
            # On a map they are pixels: in degrees they are in the rows alone.
            assert sees or not any(place in sent for place in places), (groups, city)
            assert bool(dotted(app)) is sees
            tables = [set(frame.columns) for frame in screens.tables(app)]
            assert any("Longitude" in names for names in tables) is sees
            if not groups:
                assert "points" not in [box.key for box in app.selectbox]
    # Not asked for, they are not sent either.
    app = screens.visit(monkeypatch, mapped, "map", claims=identities.claims("dash-state"))
    assert not any(place in payload(app) for place in places)
    assert app.selectbox(key="points").value == "hide"
    assert "NOT FOR RELEASE" not in screens.read(app)


def test_a_page_with_points_says_what_they_are_and_is_not_for_release(monkeypatch, mapped):
    east = identities.claims("dash-east")
    app = screens.visit(monkeypatch, mapped, "map", points="show", claims=east)
    said = screens.read(app)
    assert "NOT FOR RELEASE" in said
    assert "Points are for each city about its own: you see those of East only." in said
    assert "3 of 3 known to the block." in said
    (points,) = dotted(app)
    # Two in one area's block; what a click on a point opens is its area.
    assert sorted(points["customdata"]) == ["Harbour", "Hill"]
    assert any("2 shooting incidents, the last on March 7, 2026; 2 people were shot" in text for text in points["text"])
    west = identities.claims("dash-west")
    app = screens.visit(monkeypatch, mapped, "map", points="show", city="east", claims=west)
    assert "you see none of these cities'." in screens.read(app)


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
