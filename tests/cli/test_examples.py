"""A city's first week, as examples/README.md has it: its commands run, its figures counted by hand."""

import re
from contextlib import closing
from datetime import date

import pytest

from longevity import settings as configuration
from longevity.auth.viewers import STATE
from longevity.base.errors import DataError
from longevity.release.store import Store
from longevity.screens.chart_catalogue.chart_list import draw_chart, list_entries
from longevity.screens.context import ReportContext
from longevity.settings import ROOT
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY
from tests.drivers import screens
from tests.drivers.commands import run_page
from tests.factories import identities

FOLDER = ROOT / "examples" / "first-week"
LINES = re.findall(r"^longevity (.+)$", (ROOT / "examples" / "README.md").read_text(), re.MULTILINE)


@pytest.fixture(scope="module")
def week(tmp_path_factory):
    """The settings of a home in which the page's commands were run."""
    there = tmp_path_factory.mktemp("first-week")
    config = there / "longevity.toml"
    mapped = '\n[access.viewers]\n"dash-state" = "state"\n'
    config.write_text((FOLDER / "longevity.toml").read_text() + mapped)
    lines = [line.replace("/tmp/first-week", str(there)) for line in LINES]
    for line, printed in run_page(lines, FOLDER, config, there / "home").items():
        # Nothing of it is doubtful: a reader who copies it begins with a clean check.
        assert not line.startswith("check ") or "0 errors, 0 warnings" in printed, printed
    return configuration.load_settings(config, home=there / "home", environment={})


@pytest.fixture(scope="module")
def context(week):
    with closing(Warehouse(Store(week.home).current(), week)) as warehouse:
        yield ReportContext(week, STATE, warehouse, TODAY)


@pytest.mark.parametrize(
    ("query", "given", "figures"),
    [
        (
            "counts",
            {"windows": [(date(2026, 11, 16), date(2026, 11, 23))]},
            {"incidents": 4, "victims": 6, "fatal": 1, "nonfatal": 5, "homicides": 2},
        ),
        ("incident_points", {}, {"victims": 5}),
        ("promises", {}, {"episodes": 3, "kept": 3}),  # one case, at 30, 60 and 90 days
    ],
)
def test_the_figures_of_the_week_are_those_counted_by_hand(context, query, given, figures):
    frame = context.ask(query, **given).frame
    assert {name: frame[name].sum() for name in figures} == figures


def test_of_those_invited_who_is_not_known_to_have_come_is_unknown(context):
    session = context.ask("call_in_sessions").frame.iloc[0]
    by_hand = {"invited": 4, "attended": 2, "absent": 1, "attended_unknown": 1}
    assert session[[*by_hand]].to_dict() == by_hand


@pytest.mark.parametrize("page", screens.pages())
def test_every_screen_opens_on_a_city_s_first_week(monkeypatch, week, page):
    claims = identities.claims(["dash-state"])
    app = screens.visit(monkeypatch, week, page, claims=claims, today=TODAY)
    assert screens.problems(app) == []


def test_every_chart_of_a_first_week_is_drawn_or_says_what_it_waits_for(context):
    for entry in list_entries(context.settings):
        for asked in (context, context.as_public()):
            if asked.is_public and entry.why_not_public:
                continue
            try:
                assert draw_chart(asked, entry.name, {}).figure
            except DataError as error:
                assert str(error).endswith(".")
