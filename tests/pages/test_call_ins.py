"""The Call-ins screen: as each viewer, by link, and on releases that hold little or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from longevity import settings as configuration
from longevity.app.publish import publish_release as publish
from longevity.settings import Settings
from tests.conftest import TODAY, quiet
from tests.drivers import screens
from tests.factories import configs, extracts, reach_release
from tests.oracles import figure_checks

PAGE = "call_ins"
WEST = """
[cities.west]
name = "West"
launched_on = 2021-01-01

[demonstration]"""
LAST = date(2026, 6, 30)


def shown(app: AppTest) -> str:
    """Everything the page says, as it is read."""
    return " ".join(map(screens.as_read, screens.texts(app)))


def frames(app: AppTest) -> str:
    """Every table, as text."""
    return " ".join(table.to_string() for table in screens.tables(app))


def test_the_state_sees_every_city_and_the_mark(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    app = screens.visit(monkeypatch, published, PAGE)
    assert not app.exception
    names = [city.name for city in published.cities.values()]
    assert "that reached a member were attended in twelve months" in shown(app)
    assert ", ".join(names[:-1]) in shown(app)
    assert "NOT FOR RELEASE" in shown(app)
    assert "attendance unknown for" in shown(app)
    figures = screens.figures(app)
    assert len(figures) == 5
    assert all(figure_checks.is_marked(figure) for figure in figures)
    for city in published.cities:
        assert f"{city}-g" in frames(app)


def test_a_city_sees_its_own_and_a_link_to_another_is_named(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    own, other, *_ = published.cities
    app = screens.visit(monkeypatch, published, PAGE, viewer=f"city:{own}")
    everything = f"{shown(app)} {frames(app)} {screens.figures(app)}"
    assert f"{own}-g" in everything
    assert f"{other}-g" not in everything
    assert published.cities[other].name not in screens.sentence(app)
    assert list(app.selectbox(key="city").options) == [published.cities[own].name]
    app.query_params["city"] = other
    app.session_state["linked.city"] = (None, 0.0)
    app.run()
    assert not app.exception
    assert f"so {published.cities[own].name} sees its own here" in shown(app)
    assert "There is no such choice" not in shown(app)
    assert f"{other}-g" not in frames(app)
    app.query_params["city"] = "atlantis"
    app.session_state["linked.city"] = (None, 0.0)
    app.run()
    assert "There is no such choice" in shown(app)


def test_the_public_is_told_the_closed_year_and_no_code(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    app = screens.visit(monkeypatch, published, PAGE, viewer="public")
    assert not app.exception
    assert "for the state and for each city" in app.info[0].value
    assert screens.sentence(app).startswith("Came to the call-ins of 2025, of members reached")
    stayed = screens.as_read(" ".join(screens.texts(app)))
    assert "2024 and 2025 together: " in stayed
    assert "Not reached, or not known" in frames(app)
    assert not screens.figures(app)
    assert not any(f"{city}-g" in f"{shown(app)} {frames(app)}" for city in published.cities)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_link_opens_one_city(
    monkeypatch: pytest.MonkeyPatch, published: Settings, dark: bool
) -> None:
    city = list(published.cities)[-1]
    app = screens.visit(monkeypatch, published, PAGE, dark=dark, city=city)
    assert not app.exception
    assert app.selectbox(key="city").value == city
    assert f"held in {published.cities[city].name}, with" in shown(app)
    others = [other for other in published.cities if other != city]
    assert not any(f"{other}-g" in frames(app) for other in others)
    written = " ".join(map(str, screens.figures(app)))
    assert "NaN" not in written
    assert "None" not in shown(app)


# --- small releases --------------------------------------------------------------

SESSIONS = """
    call_in_id | scheduled_for | held_on    | community_speakers | cases_prepared
    spring     | 2026-03-01    | 2026-03-01 | 2                  | 4
    nobody     | 2026-05-20    | 2026-05-20 |                    |
    next       | 2026-08-01    |            |                    |
"""
INVITED = """
    call_in_id | person_id | route      | reachable | attended
    spring     | p1        | voluntary  | yes       | attended
    spring     | p2        | voluntary  | yes       | unknown
    spring     | p3        | parole     | no        | absent
    spring     | p4        | in_custody | yes       | attended
    nobody     | p1        | voluntary  | yes       | absent
    nobody     | p2        | probation  | yes       | excused
"""


def released(folder: Path, also: Sequence[str] = (), **tables: str) -> Settings:
    """A synthetic release of two cities with East's program rows; West has incidents alone.

    `also` are supplied for East without a row.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = configs.write(folder, "[demonstration]", WEST.strip())
    loaded = configuration.load_settings(path, home=folder / "home", environment={})
    incidents, victims = extracts.incidents_and_victims(
        {"east": [(date(2026, 2, 3), 1, 0)], "west": [(date(2026, 4, 5), 1, 0)]}
    )
    given = reach_release.rows(**tables) | {name: [] for name in also}
    days = {name: {"east": LAST} for name in given}
    days |= {name: {"east": LAST, "west": LAST} for name in ("incidents", "victims")}
    out = extracts.write(
        folder / "extracts", "synthetic", days, incidents=incidents, victims=victims, **given
    )
    publish(out, loaded, TODAY, None, quiet)
    return loaded


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Incidents and victims alone."""
    return released(tmp_path_factory.mktemp("bare"))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """East's call-ins and invitations, nothing of services or groups."""
    return released(tmp_path_factory.mktemp("small"), call_ins=SESSIONS, invitations=INVITED)


def test_a_release_without_call_ins_says_what_is_missing_and_how_to_supply_it(
    monkeypatch: pytest.MonkeyPatch, bare: Settings
) -> None:
    app = screens.visit(monkeypatch, bare, PAGE)
    assert not app.exception
    assert "No call-ins were supplied for East and West." in shown(app)
    said = " ".join(info.value for info in app.info)
    for extract in (
        "call ins",
        "invitations",
        "groups",
        "memberships",
        "people",
        "shooting reviews",
        "custom notifications",
    ):
        assert extract in said
    assert "docs/data-contract.md" in said
    assert not screens.figures(app)
    assert "not known, since call-ins" in shown(app)


def test_a_city_without_program_data_is_named_and_a_call_in_nobody_attended_is_said(
    monkeypatch: pytest.MonkeyPatch, small: Settings
) -> None:
    app = screens.visit(monkeypatch, small, PAGE)
    assert not app.exception
    assert "1 of 4 invitations that reached a member" in shown(app)
    assert (
        "In the twelve months to June 30, 2026, 2 call-ins were held in East, with 6 invitations "
        "to members on the list. 1 of 4 reached came; attendance unknown for 1 of 4. "
        "Of the invitations 1 went to members in custody, counted apart: 1 came."
    ) in shown(app)
    said = shown(app)
    assert "Not all supplied for West: call-ins and invitations." in said
    assert "East, May 20, 2026: 2 members invited, and nobody came." in said
    assert "No services were supplied for East" in said
    assert "community at 1 of 2 (1 not noted)" in said
    assert "next on August 1, 2026" in said


def test_a_group_named_to_be_read_as_markup_is_only_a_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = released(
        tmp_path,
        call_ins=SESSIONS,
        invitations=INVITED,
        groups="""
        group_id | label                       | audited_on | members | active_from
        g1       | **bold** [x](http://x) $y$  | 2026-01-01 | 3       | 2020-01-01
        """,
        memberships="""
        person_id | group_id | from_on
        p8        | g1       | 2020-01-01
        """,
        people="""
        person_id | listed_on
        p1        | 2025-01-01
        p2        | 2025-01-01
        p3        | 2025-01-01
        p4        | 2025-01-01
        p8        | 2025-01-01
        """,
    )
    app = screens.visit(monkeypatch, settings, PAGE)
    assert not app.exception
    # In the sheet and in the fold behind it.
    cells = [table.to_string() for table in screens.tables(app)]
    assert sum("**bold**" in cell for cell in cells) >= 2
    assert "1 group to call in next, 1 without notice on file" in shown(app)
