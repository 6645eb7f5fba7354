"""Screens on small real releases: what is missing, quiet, or named to do harm."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from longevity import settings as configuration
from longevity.intake.contract import EXTRACTS
from longevity.release.publish import publish
from longevity.screen import guard
from longevity.settings import Settings
from tests import charts, configs, extracts, screens
from tests.conftest import TODAY, quiet

PAGES = screens.pages()
WEST = """
[cities.west]
name = "West"
launched_on = 2021-01-01

[demonstration]"""
Events = Sequence[tuple[date, int, int]]
THROUGH = date(2026, 6, 30)
HOSTILE = ("<script>alert(1)</script>", "**bold** [x](http://x) $x$", "# A :red[B] & C, D")


def released(
    folder: Path,
    events: Mapping[str, Events],
    areas: Sequence[str] = ("Hill", "Harbour"),
    cities: Sequence[str] = ("east", "west"),
) -> Settings:
    """Published: incidents and victims of two made-up cities, East with these areas.

    Its incidents lie in its areas in turn. Only `cities` say how far their data go.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = configs.write(folder, "[demonstration]", WEST.strip())
    (folder / "data" / "reference").mkdir(parents=True)
    lines = ["city,neighbourhood,longitude,latitude,area_km2,population,definition,source_url"]
    for at, name in enumerate(areas):
        quoted = '"' + name.replace('"', '""') + '"'
        lines.append(f"East,{quoted},{-111.90 + at * 0.02},40.75,2.0,{4000 + at},x,https://x.org")
    text = "\n".join(lines) + "\n"
    (folder / "data" / "reference" / "neighbourhoods.csv").write_text(text, encoding="utf-8")
    loaded = configuration.load(path, home=folder / "home", environment={})
    incidents, victims = extracts.incidents_and_victims(events)
    for at, incident in enumerate(i for i in incidents if i["city"] == "east"):
        incident["longitude"], incident["latitude"] = -111.90 + at % len(areas) * 0.02, 40.75
    out = extracts.write(
        folder / "extracts", "real", THROUGH, cities, incidents=incidents, victims=victims
    )
    publish(out, loaded, TODAY, None, quiet)
    return loaded


USUAL = {
    "east": [(date(2024, 5, 1), 2, 0), (date(2025, 3, 1), 1, 1), (date(2026, 2, 3), 4, 0)],
    "west": [(date(2024, 6, 1), 1, 0), (date(2026, 4, 5), 0, 1)],
}


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Only incidents and victims, of both cities."""
    yield released(tmp_path_factory.mktemp("usual"), USUAL)


@pytest.mark.parametrize("page", screens.open_to_all())
def test_real_data_are_shown_as_the_public_sees_them_and_nobody_can_switch(
    monkeypatch: pytest.MonkeyPatch, usual: Settings, page: str
) -> None:
    app = screens.visit(monkeypatch, usual, page)
    assert not app.exception
    assert guard.VIEWER not in [box.key for box in app.sidebar.selectbox]
    shown = " ".join(screens.texts(app))
    assert "SYNTHETIC" not in shown
    assert not any(charts.is_marked(figure) for figure in screens.figures(app))
    parameters = [text for text in map(screens.seen, screens.texts(app)) if "viewer = " in text]
    assert parameters
    assert all("viewer = public;" in text for text in parameters)


@pytest.mark.parametrize("page", PAGES)
def test_a_viewer_smuggled_into_the_link_or_session_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, usual: Settings, page: str
) -> None:
    app = screens.visit(monkeypatch, usual, page)
    before = screens.texts(app)
    app.session_state[guard.VIEWER] = "state"
    app.query_params[guard.VIEWER] = "state"
    app.run()
    assert not app.exception
    assert screens.texts(app) == before


def test_the_briefing_of_the_usual_release(
    monkeypatch: pytest.MonkeyPatch, usual: Settings
) -> None:
    app = screens.visit(monkeypatch, usual)
    assert screens.sentence(app) == (
        "5 people were shot in East and West from 1 January to 30 June 2026: "
        "3 more than in the same days of 2025 (2). 1 of them was killed."
    )
    shown = {metric.label: (metric.value, metric.delta) for metric in app.metric}
    assert shown == {
        "Together, 2026 so far": ("5", "+3 on 2 in 2025"),
        "East, 2026 so far": ("4", "+2 on 2 in 2025"),
        "West, 2026 so far": ("1", "+1 on 0 in 2025"),
    }


def test_where_of_the_usual_release(monkeypatch: pytest.MonkeyPatch, usual: Settings) -> None:
    app = screens.visit(monkeypatch, usual, "neighbourhoods")
    # East's third incident lies in its first area; West's says no place.
    assert screens.sentence(app) == (
        "5 people were shot in East and West from 1 January to 30 June 2026, most in "
        "Hill, East (4)."
    )
    said = " ".join(map(screens.seen, screens.texts(app)))
    assert (
        "1 counted for the city but on no map: no place was given for 1. It is in the totals."
        in said
    )
    assert "Approximate boundaries" in said
    assert "No boundaries" in said


def test_what_was_not_handed_over_is_named_with_the_way_to_supply_it(
    monkeypatch: pytest.MonkeyPatch, usual: Settings
) -> None:
    app = screens.visit(monkeypatch, usual, "sources_and_checks")
    (said,) = [info.value for info in app.info if "Not handed over" in info.value]
    for extract in EXTRACTS:
        name = extract.name.replace("_", "[ -]")
        assert bool(re.search(name, said)) == (extract.name not in ("incidents", "victims"))
    assert "There is no earlier release of this kind" in " ".join(screens.texts(app))


@pytest.mark.parametrize("page", screens.open_to_all())
def test_a_city_without_any_row_is_missing_and_never_a_zero(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, page: str
) -> None:
    settings = released(tmp_path, {"east": USUAL["east"]}, cities=["east"])
    app = screens.visit(monkeypatch, settings, page)
    assert not app.exception
    assert "West" not in screens.sentence(app)
    if page == "state_briefing":
        said = "Nothing of West was handed over for these days."
        assert [info.value for info in app.info] == [said]
        assert not [metric for metric in app.metric if "West" in metric.label]
    if page == "neighbourhoods":
        alone = screens.visit(monkeypatch, settings, page, city="west")
        assert not alone.exception
        assert screens.sentence(alone).startswith("Nothing was handed over that says")


@pytest.mark.parametrize("page", PAGES)
def test_a_year_in_which_nothing_happened_is_a_zero(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, page: str
) -> None:
    quiet_year = {city: [e for e in events if e[0].year < 2026] for city, events in USUAL.items()}
    settings = released(tmp_path, quiet_year)
    app = screens.visit(monkeypatch, settings, page)
    assert not app.exception
    written = " ".join([*screens.texts(app), *map(str, screens.figures(app))])
    assert "NaN" not in written
    if page == "state_briefing":
        assert screens.sentence(app) == (
            "0 people were shot in East and West from 1 January to 30 June 2026: "
            "2 fewer than in the same days of 2025 (2)."
        )
    if page == "neighbourhoods":
        assert screens.sentence(app).startswith("0 people were shot in East and West from ")


def test_an_area_without_anything_opens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = released(tmp_path, {"east": USUAL["east"][:1]}, cities=["east"])
    app = screens.visit(monkeypatch, settings, "neighbourhoods", area="east/Harbour")
    assert not app.exception
    assert "0 people were shot in Harbour in 2026 so far" in screens.seen(
        " ".join(screens.texts(app))
    )
    assert "No shooting incident in these years." in " ".join(info.value for info in app.info)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_made_to_be_read_as_markup_is_only_a_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    settings = released(tmp_path, {"east": USUAL["east"]}, areas=[name], cities=["east"])
    app = screens.visit(monkeypatch, settings, "neighbourhoods", area=f"east/{name}")
    assert not app.exception
    escaped = re.sub(r"[^\w\s(),./]", lambda sign: "\\" + sign[0], name)
    assert f"{name}, East" in [screens.seen(header.value) for header in app.header]
    shown = [text for text in screens.texts(app) if name in screens.seen(text)]
    assert len(shown) >= 4  # sentence, heading, its own sentence, parameters
    assert all(escaped in text and name not in text for text in shown)
    hovers = [
        said
        for figure in screens.figures(app)
        for trace in figure["data"]
        if trace["type"] == "choroplethmap"
        for said in trace["text"]
    ]
    assert hovers
    assert all("<script" not in said for said in hovers)
    assert not any(getattr(element.proto, "allow_html", False) for element in app.markdown)


@pytest.mark.parametrize("page", PAGES)
def test_without_any_release_a_screen_says_how_to_make_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, page: str
) -> None:
    path = configs.write(tmp_path)
    settings = configuration.load(path, home=tmp_path / "home", environment={})
    app = screens.visit(monkeypatch, settings, page)
    assert not app.exception
    assert "No release has been published yet" in app.error[0].value


def test_a_configuration_broken_under_a_running_app_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, published: Settings
) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("[program]\nname = 3\n", encoding="utf-8")
    app = screens.visit(monkeypatch, published)
    monkeypatch.setenv("LONGEVITY_CONFIG", str(broken))
    screens.forget()
    app.run()
    assert not app.exception
    assert "'program.name' must be text." in app.error[0].value
