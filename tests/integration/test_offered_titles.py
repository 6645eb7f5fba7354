"""Every title a chart offers is true: read back, and counted again a second way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from longevity.reports.chart_catalogue import catalogue
from longevity.reports.chart_catalogue.definition import Drawn, Entry
from longevity.reports.context import ReportContext
from longevity.settings import Settings
from tests.conftest import UNTIL
from tests.factories import bundles
from tests.oracles import title_oracle
from tests.oracles.title_oracle import Truth

PUBLIC = [entry for entry in catalogue.ENTRIES.values() if not entry.why_not_public]
SOME = ["year-to-date", "years", "gun-share", "call-in-steps"]
MOST_LONG = 240  # characters of a title that still fits a slide
Judge = Callable[[Drawn], Truth]


@pytest.fixture(scope="module")
def context(published: Settings) -> ReportContext:
    return bundles.public_desk(published)


@pytest.fixture(scope="module")
def judge(context: ReportContext, demonstration: Path) -> Judge:
    """What a chart's titles are held against: the extracts it was published from, and its rows."""
    counted = title_oracle.gather(demonstration)

    def hold(drawn: Drawn) -> Truth:
        values = {"measure": drawn.values.get("measure", "victims")}
        tested = catalogue.find_entry("baselines").draw(context, values)
        verdicts = Truth(counted, context.cities, UNTIL, tested, []).table
        return Truth(counted, context.cities, UNTIL, drawn, verdicts)

    return hold


def choices(entry: Entry, context: ReportContext) -> Iterator[Mapping[str, str]]:
    """The defaults, then each city, and of counts each measure."""
    yield {}
    for parameter in entry.parameters:
        of_places = parameter.name in ("city", "area")
        if of_places or (parameter.name == "measure" and entry.name != "area-map"):
            for value in list(parameter.choices(context))[1:]:
                if "/" not in value:
                    yield {parameter.name: value}


@pytest.mark.parametrize("name", SOME)
def test_each_title_offered_is_true(name: str, context: ReportContext, judge: Judge) -> None:
    drawn = catalogue.find_entry(name).draw(context)
    assert len(drawn.titles) > 1
    for kind, title in drawn.titles.items():
        title_oracle.check(kind, title, judge(drawn))


@pytest.mark.audit
@pytest.mark.parametrize("entry", PUBLIC, ids=lambda entry: entry.name)
def test_each_title_of_each_public_chart_is_true_and_another_figure_is_not(
    entry: Entry, context: ReportContext, judge: Judge
) -> None:
    titles, changed = 0, 0
    for values in choices(entry, context):
        drawn = entry.draw(context, values)
        truth = judge(drawn)
        assert len(drawn.titles) > 1
        for kind, title in drawn.titles.items():
            assert len(title) <= MOST_LONG
            title_oracle.check(kind, title, truth)
            titles += 1
            for false in change_figures(title):
                changed += 1
                with pytest.raises(AssertionError):
                    title_oracle.check(kind, false, truth)
    print(f"\n{entry.name}: {titles} titles true, {changed} false ones found")


def change_figures(title: str) -> Iterator[str]:
    """The title with one number one higher, each in turn, and with its direction turned round."""
    for found in re.finditer(r"(?<![\d.,])\d+(?!\d|,\d|\.\d)", title):
        if found[0] != "19":  # the upper end of an interval of the safety gap, which no row holds
            yield f"{title[: found.start()]}{int(found[0]) + 1}{title[found.end() :]}"
    for one, other in (("fewer than", "more than"), ("clearly down", "clearly up")):
        if one in title:
            yield title.replace(one, other)
