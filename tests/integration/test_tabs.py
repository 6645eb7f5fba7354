"""Every tab of every screen: an answer of its own, and nothing that stands on two screens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest

from longevity.screens.chart_catalogue import chart_list
from longevity.screens.context import ReportContext
from longevity.screens.report import Report, list_cards
from longevity.settings import Settings
from tests.drivers import briefing_reader, screens
from tests.factories import odd_release
from tools.golden.library import list_screens

# What a viewer may not see changes no other tab: two of them are looked at in the audit.
VIEWERS = [
    "state",
    *(pytest.param(viewer, marks=pytest.mark.audit) for viewer in ("public", "city")),
]
NOT_REPORTS = 4  # tabs of Map, Press desk and Claim check
MOST_TABS = 30


@pytest.fixture(scope="module", params=["demonstration", "odd"])
def settings(
    request: pytest.FixtureRequest, published: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """What serves the demonstration, or a release that lacks most of it."""
    is_odd = request.param == "odd"
    return odd_release.publish_release(tmp_path_factory.mktemp("odd")) if is_odd else published


def open_context(settings: Settings, viewer: str) -> ReportContext:
    own = f"city:{next(iter(settings.cities))}"
    return briefing_reader.context(settings, own if viewer == "city" else viewer)


def read_screens(context: ReportContext) -> Iterator[tuple[str, Report]]:
    """Each screen counted in the first measure, and its report."""
    first = context.list_measures()[0]
    for name, build in list_screens(context):
        screen, _, of = name.partition(", ")
        if of in (first, "", *context.cities):
            yield screen, build()


@pytest.mark.parametrize("viewer", VIEWERS)
def test_each_tab_has_an_answer_of_its_own(settings, viewer):
    for screen, report in read_screens(open_context(settings, viewer)):
        answers = [tab.find_answer() for tab in report.tabs]
        assert all(answer.endswith(".") for answer in answers), (screen, answers)
        assert len({*answers}) == len(answers), (screen, answers)


@pytest.mark.parametrize("viewer", VIEWERS)
def test_no_chart_and_no_table_stands_on_two_screens(published, viewer):
    context = open_context(published, viewer)
    places: dict[object, set[str]] = defaultdict(set)
    tabs: dict[str, int] = {}
    for screen, report in read_screens(context):
        tabs[screen] = len(report.tabs)
        for card in (card for tab in report.tabs for card in list_cards(tab)):
            if card.chart:
                values = chart_list.find_entry(card.chart).settle_values(context, card.values)
                places[card.chart, *values.items()].add(screen)
            if card.table is not None and len(card.table):
                places[card.table.to_csv()].add(screen)
    assert {what: where for what, where in places.items() if len(where) > 1} == {}
    assert sum(tabs.values()) + NOT_REPORTS <= MOST_TABS


@pytest.mark.audit
def test_a_screen_draws_the_tabs_of_its_report(monkeypatch, published):
    reports = {
        report.screen: report for _, report in read_screens(open_context(published, "state"))
    }
    for screen, report in reports.items():
        drawn = [tab.label for tab in screens.visit(monkeypatch, published, screen).tabs]
        assert drawn == [tab.name for tab in report.tabs if len(report.tabs) > 1], screen
