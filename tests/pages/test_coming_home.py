"""The screen Coming home: its viewers, its filter, and releases that lack what it tells of."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from longevity import settings as configuration
from longevity.app.publish import publish_release as publish
from longevity.auth.viewers import STATE
from longevity.settings import Settings
from longevity.ui import expanders, page_context
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY, quiet
from tests.drivers import screens
from tests.factories import configs, extracts, reach_release
from tests.factories.violence_release import USUAL, WEST
from tests.oracles import figure_checks

PAGE = "coming_home"
THROUGH = date(2026, 6, 30)
NEEDED = (
    "releases from custody", "supervision spells", "supervision contacts", "services",
    "community events", "community requests", "budget", "people",
)  # fmt: skip


def everything(app: screens.AppTest) -> str:
    """All that reaches the browser: texts, figures and tables."""
    tables = [frame.to_csv() for frame in screens.tables(app)]
    return " ".join([*map(screens.as_read, screens.texts(app)), str(screens.figures(app)), *tables])


def synthetic(folder: Path, **tables: str) -> Settings:
    """Published as a demonstration, so that the state may look: East and West's incidents,
    and of the program's extracts only these tables, all of East."""
    path = configs.write(folder, "[demonstration]", WEST.strip())
    loaded = configuration.load_settings(path, home=folder / "home", environment={})
    incidents, victims = extracts.incidents_and_victims(USUAL)
    rows = reach_release.rows(**tables)
    through = {name: dict.fromkeys(("east", "west"), THROUGH) for name in ("incidents", "victims")}
    through |= {name: {"east": THROUGH} for name in rows}
    out = extracts.write(
        folder / "extracts", "synthetic", through, incidents=incidents, victims=victims, **rows
    )
    publish(out, loaded, TODAY, None, quiet)
    return loaded


def test_the_state_sees_all_cities_and_every_picture_says_synthetic(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    app = screens.visit(monkeypatch, published, PAGE)
    assert not app.exception
    assert "who came home in twelve months were met within 72 hours" in screens.sentence(app)
    assert "members on the list who came home from custody" in everything(app)
    assert "NOT FOR RELEASE" in everything(app)
    figures = screens.figures(app)
    assert len(figures) == 7
    for figure in figures:
        figure_checks.assert_valid(figure)
        assert figure_checks.is_marked(figure)
    assert all(f"{city}-p" in everything(app) for city in published.cities)
    assert "$500,000" in everything(app)
    assert "This release does not hold" not in everything(app)


def test_a_file_with_what_the_public_may_not_have_says_so_in_its_name(
    warehouse: Warehouse,
) -> None:
    named = warehouse.run("exits_from_custody", {}, STATE).provenance
    assert (
        expanders.name_csv_file("x", named) == f"NOT-FOR-RELEASE-SYNTHETIC-x-{named.release_id}.csv"
    )
    public = warehouse.run("counts", {}, STATE).provenance
    assert expanders.name_csv_file("x", public) == f"SYNTHETIC-x-{public.release_id}.csv"


def test_a_city_sees_itself_alone_and_no_link_leads_to_another(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    own, other = list(published.cities)[:2]
    app = screens.visit(monkeypatch, published, PAGE, city=other)
    assert f"{other}-p" in everything(app)
    app.sidebar.selectbox(key=page_context.VIEWER).set_value(f"city:{own}").run()
    assert not app.exception
    shown = everything(app)
    assert f"{own}-p" in shown
    assert not any(f"{city}-" in shown for city in published.cities if city != own)
    assert app.selectbox(key="city").options == [published.cities[own].name]


def test_the_public_is_told_whose_screen_it_is(
    monkeypatch: pytest.MonkeyPatch, published: Settings
) -> None:
    app = screens.visit(monkeypatch, published, PAGE, viewer="public")
    assert not app.exception
    assert not screens.figures(app)
    assert not screens.tables(app)
    assert "for the state and for each city" in app.info[0].value


def test_a_link_asks_for_one_city(monkeypatch: pytest.MonkeyPatch, published: Settings) -> None:
    for city in published.cities:
        app = screens.visit(monkeypatch, published, PAGE, city=city)
        assert not app.exception
        shown = everything(app)
        assert f"{city}-" in shown
        assert not any(f"{other}-" in shown for other in published.cities if other != city)


def test_a_release_without_program_data_names_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = screens.visit(monkeypatch, synthetic(tmp_path), PAGE)
    assert not app.exception
    assert screens.sentence(app) == (
        "Nobody supplied who came home from custody, so nothing can be said of it."
    )
    assert not screens.figures(app)
    missing = " ".join(info.value for info in app.info)
    for name in NEEDED:
        assert name in missing
    assert "docs/data-contract.md" in missing


PROGRAM = {
    "people": """
        person_id | listed_on  | review_by
        a         | 2022-01-01 | 2030-01-01
        b         | 2022-01-01 | 2030-01-01
    """,
    "releases_from_custody": """
        custody_release_id | person_id | expected_on | released_on | greeted_on | greeted_by
        gate               | a         | 2026-05-01  | 2026-05-01  | 2026-05-01 | office
        undated            | b         | 2026-05-01  | 2026-05-01  |            | office
    """,
    "community_requests": """
        request_id | asked_on   | topic | answered_on
        old        | 2022-06-30 | youth |
    """,
    "community_events": """
        event_id | held_on    | kind  | attendance
        one      | 2026-06-01 | vigil |
    """,
    "services": """
        service_id | person_id | kind    | offered_on | intake_on  | last_contact_on
        begun      | a         | housing | 2026-03-01 | 2026-03-02 |
    """,
    "supervision_spells": """
        person_id | kind      | from_on    | until_on | required_contacts_a_month
        a         | probation | 2025-01-01 |          |
    """,
    "supervision_contacts": """
        contact_id | person_id | contacted_on | kind   | result
        one        | a         | 2026-01-05   | office | made
    """,
    "budget": """
        fiscal_year | source | allocated | spent
        2026        | state  | 100        |
    """,
}


def test_a_city_that_handed_nothing_over_is_named_and_unknown_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = synthetic(tmp_path, **PROGRAM)
    app = screens.visit(monkeypatch, settings, PAGE)
    assert not app.exception
    assert screens.sentence(app) == (
        "1 of 2 people who came home in twelve months was met within 72 hours (unknown for 1)."
    )
    assert (
        "Of 2 members on the list who came home from custody in the twelve months to June 30, "
        "2026, 1 was met at the gate (1) or within 72 hours; 0 were not (0 met later, 0 with no "
        "meeting noted); 1 is unknown; and 0 are too recent to tell."
    ) in everything(app)
    silent = [info.value for info in app.info if "supplied for West" in info.value]
    assert len(silent) == 6  # each section but per person reached, which lacks its extracts
    shown = everything(app)
    for said in (
        "attendance unknown for 1",
        "for 1 no contact is noted",
        "5 months have no standard noted",
        "1 request waits for an answer, asked on June 30, 2022: 1,461 days.",
        "Spending of fiscal year 2026 is unknown for East (1 of 1 source).",
        "does not hold: call ins, invitations, custom notifications",
    ):
        assert said in shown, said
    assert "<b>West</b>" not in shown

    alone = screens.visit(monkeypatch, settings, PAGE, city="west")
    assert not alone.exception
    assert screens.sentence(alone).startswith("Nobody supplied")
    assert not screens.figures(alone)
