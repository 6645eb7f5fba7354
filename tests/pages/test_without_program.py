"""A state without a program: nothing is asked of the start of one, and every screen opens."""

from __future__ import annotations

import re

import pytest

from longevity import settings as configuration
from longevity.reports.chart_catalogue import catalogue
from longevity.reports.chart_catalogue.definition import EVALUATED
from longevity.settings import Settings
from tests.drivers import screens
from tests.factories.violence_release import USUAL, publish_release


def leave_out_launches(settings: Settings, cities: str = "east|west") -> Settings:
    """The same configuration without the day a program began in these cities."""
    path = settings.config_path
    text = path.read_text(encoding="utf-8")
    for city in cities.split("|"):
        table = re.compile(rf"(\[cities\.{city}\]\n(?:[^\[]*\n)?)launched_on = .*\n")
        text = table.sub(r"\1", text, count=1)
    changed = path.with_name(f"without-{cities.replace('|', '-')}.toml")
    changed.write_text(text, encoding="utf-8")
    return configuration.load_settings(changed, home=settings.home, environment={})


@pytest.fixture(scope="module")
def with_program(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return publish_release(tmp_path_factory.mktemp("without"), USUAL)


@pytest.mark.parametrize("page", screens.screens_alike_for_all())
def test_every_screen_opens_and_speaks_of_no_start(
    monkeypatch: pytest.MonkeyPatch, with_program: Settings, page: str
) -> None:
    settings = leave_out_launches(with_program)
    app = screens.visit(monkeypatch, settings, page)
    assert not app.exception
    said = " ".join(screens.as_read(text) for text in screens.texts(app))
    assert not re.search("pre-program|program beg[ai]n|since the launch|NaT", said)
    if page == "evaluation":
        assert screens.sentence(app) == (
            "No program start is on file for East and West, so there is no before and after to "
            "compare."
        )
        assert screens.figures(app) == []


def test_a_city_without_a_program_is_told_beside_one_that_has_one(
    monkeypatch: pytest.MonkeyPatch, with_program: Settings
) -> None:
    settings = leave_out_launches(with_program, "west")
    assert settings.cities["east"].launched_on and not settings.cities["west"].launched_on
    app = screens.visit(monkeypatch, settings, "evaluation")
    assert screens.sentence(app) == (
        "These data cannot tell of East. No program start is on file for West, so there is no "
        "before and after to compare."
    )
    only = screens.visit(monkeypatch, settings, "evaluation", city="west")
    assert screens.sentence(only).startswith("No program start is on file for West")


def test_no_chart_asks_whether_it_changed(with_program: Settings) -> None:
    subjects = [
        {entry.subject for entry in catalogue.list_entries(settings)}
        for settings in (with_program, leave_out_launches(with_program))
    ]
    assert subjects[0] - subjects[1] == {EVALUATED}
