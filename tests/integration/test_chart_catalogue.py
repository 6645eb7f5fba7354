"""The catalogue of charts: each draws, for the public alike whoever asks, and maps print alike."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, ClassVar

import pytest
from pptx import Presentation

from longevity.auth import viewers
from longevity.errors import DataError
from longevity.outputs import bundle
from longevity.screens.chart_catalogue import chart_list, evidence_charts, neighbourhoods
from longevity.screens.chart_catalogue.definition import Drawn, Entry
from longevity.screens.context import ReportContext
from longevity.stats.periods import list_periods
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY
from tests.factories import bundles
from tests.oracles.figure_checks import assert_valid, find_colours, is_marked

PUBLIC = [entry for entry in chart_list.ENTRIES.values() if not entry.why_not_public]
INSIDE = [entry for entry in chart_list.ENTRIES.values() if entry.why_not_public]
FEW = 4  # choices of a parameter tried when it has more


class Remembering(ReportContext):
    """A context that computes an evaluation once a city."""

    kept: ClassVar[dict[Any, Any]] = {}

    def compute(self, function: Callable[..., Any], *words: Any) -> Any:
        key = (self.warehouse.release.id, self.viewer, function, repr(words))
        if key not in self.kept:
            self.kept[key] = super().compute(function, *words)
        return self.kept[key]


def choices(entry: Entry, context: ReportContext) -> list[Mapping[str, str]]:
    """The defaults, then each parameter's choices one at a time."""
    tried: list[Mapping[str, str]] = [{}]
    for parameter in entry.parameters:
        offered = list(parameter.choices(context))
        some = offered if len(offered) <= FEW else [*offered[: FEW - 1], offered[-1]]
        tried += [{parameter.name: value} for value in some[1:]]
    return tried


def assert_whole(drawn: Drawn) -> None:
    chart = drawn.chart
    assert chart.title
    assert not chart.title.endswith(".")
    assert chart.subtitle
    assert chart.alt
    values = [v for trace in chart.figure["data"] for axis in "xy" for v in trace.get(axis) or ()]
    assert any(value is not None for value in values)
    # The axes are found of numbers of Python's own: NumPy's would lie outside of them.
    assert not [value for value in values if type(value).__module__ == "numpy"]
    assert len(chart.table)
    assert_valid(chart.figure)
    assert_valid(chart.printed)
    for title in drawn.titles.values():
        assert title[:1].isupper() or title[:1].isdigit()
        assert not title.endswith(".")


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.audit)], ids=["bare", "every choice"])
@pytest.mark.parametrize("entry", PUBLIC, ids=lambda entry: entry.name)
def test_a_chart_draws_as_public(entry, every, warehouse, published, anybodys):
    context = Remembering(published, viewers.PUBLIC, warehouse, TODAY)
    for values in choices(entry, context) if every else [{}]:
        try:
            drawn = entry.draw(context, values) if values else anybodys(entry)
        except DataError as error:
            assert values, f"the bare name must answer: {error}"
            continue
        assert_whole(drawn)
        about = published.cities.get(drawn.values.get("city", ""))
        assert about is None or about.name in f"{drawn.chart.title} {drawn.chart.subtitle}"
        assert is_marked(drawn.chart.printed)
        assert bundle.name_bundle(drawn).startswith("SYNTHETIC-")
        assert {answer.provenance.viewer for answer in drawn.answers} == {"public"}


@pytest.fixture(scope="module")
def anybodys(warehouse, published):
    """An entry as the public has it with its defaults, drawn once."""
    context = Remembering(published, viewers.PUBLIC, warehouse, TODAY)
    return cache(lambda entry: entry.draw(context))


@pytest.mark.parametrize("entry", PUBLIC, ids=lambda entry: entry.name)
def test_what_the_state_takes_along_is_the_public_chart(entry, warehouse, published, anybodys):
    ours = Remembering(published, viewers.STATE, warehouse, TODAY).as_public()
    mine, theirs = entry.draw(ours), anybodys(entry)
    assert mine.chart.figure == theirs.chart.figure
    assert mine.chart.table.equals(theirs.chart.table)
    assert not any(answer.provenance.not_for_release for answer in mine.answers)


@pytest.mark.parametrize("entry", INSIDE, ids=lambda entry: entry.name)
def test_a_chart_that_stays_inside_draws_for_the_state_and_says_why(entry, warehouse, published):
    context = ReportContext(published, viewers.STATE, warehouse, TODAY)
    assert_whole(entry.draw(context))
    city = next(iter(published.cities))
    assert entry.draw(context, {"city": city}).chart.alt
    assert entry.why_not_public.endswith(".")
    instead = entry.why_not_public.partition("“")[2].partition("”")[0]
    assert not instead or instead in {other.title for other in PUBLIC}


@pytest.mark.parametrize(
    "show",
    ["count", pytest.param("rate", marks=pytest.mark.audit)],
)
def test_no_year_and_no_city_changes_what_a_colour_means(show, warehouse, published):
    context = ReportContext(published, viewers.PUBLIC, warehouse, TODAY)
    periods = list_periods(*context.find_span())
    years = [period for key, period in periods.items() if key not in ("28d", "whole")][::6]
    assert len(years) > 2
    keys = {
        neighbourhoods.shade_areas(context, city, "victims", period, show).shades
        for city in (None, *context.cities)
        for period in years
    }
    assert len(keys) == 1


def test_a_year_that_a_city_covers_in_part_is_on_no_map_of_it(warehouse, published):
    release, (other, city, *_) = warehouse.release, published.cities
    manifest = {**release.manifest, "data_from": {"incidents": {city: "2016-06-10"}}}
    half_year = Warehouse(replace(release, manifest=manifest), published)
    context = ReportContext(published, viewers.PUBLIC, half_year, TODAY)
    period = context.find_period("2016")
    drawn = set(neighbourhoods.shade_areas(context, None, "victims", period, "count").areas["city"])
    assert other in drawn
    assert city not in drawn
    with pytest.raises(DataError, match="do not cover all of this period"):
        chart_list.find_entry("area-map").draw(context, {"city": city, "period": "2016"})


@pytest.mark.parametrize("show", ["count", "rate", "change"])
def test_the_printed_map_has_the_colours_of_the_screens(show, warehouse, published):
    context = ReportContext(published, viewers.PUBLIC, warehouse, TODAY)
    chart = chart_list.find_entry("area-map").draw(context, {"show": show}).chart
    on_screen, printed = find_colours(chart.figure), find_colours(chart.printed)
    assert printed == on_screen
    # Of the demonstration no area's change is clear, so that all have one colour.
    assert (len(set(printed.values())) > 1) == (show != "change")
    key = {t["marker"]["color"] for t in chart.printed["data"] if t.get("mode") == "markers"}
    assert set(printed.values()) <= key


def test_only_a_clear_change_is_shaded_and_has_its_number(warehouse, published):
    context = ReportContext(published, viewers.PUBLIC, warehouse, TODAY)
    changed, shaded, numbered = set(), set(), set()
    for city in published.cities:
        figure = chart_list.find_entry("evaluation").draw(context, {"city": city}).chart.figure
        is_clear = bool(evidence_charts.evaluate_city(context, city)[0].direction)
        changed |= {city} if is_clear else set()
        bands = [trace["y"] for trace in figure["data"] if "fill" in trace]
        shaded |= {city} if any(y is not None for band in bands for y in band) else set()
        words = [note["text"] for note in figure["layout"]["annotations"]]
        numbered |= {city} if any("a year" in text for text in words) else set()
    assert changed == shaded == numbered
    assert set() < changed < set(published.cities)


def test_a_map_that_leaves_says_whose_its_lines_are(warehouse, published, monkeypatch):
    city = next(iter(published.cities))
    about = warehouse.release.manifest["boundaries"]
    monkeypatch.setitem(about, city, about[city] | {"credit": "hill.geojson"})
    context = ReportContext(published, viewers.PUBLIC, warehouse, TODAY)
    drawn = chart_list.find_entry("area-map").draw(context, {"city": city})
    bundles.draw_nothing(monkeypatch)
    files = bundle.make_bundle(drawn, published, ["pptx"])
    (deck,) = (Presentation(io.BytesIO(f)) for name, f in files.items() if name.endswith("pptx"))
    (slide,) = deck.slides
    words = {shape.name: shape.text_frame.text for shape in slide.shapes if shape.has_text_frame}
    (manifest,) = (json.loads(f) for name, f in files.items() if name.endswith("json"))
    # The head of the pictures is the subtitle too.
    for said in (drawn.chart.subtitle, words["Subtitle"], manifest["measure"], drawn.chart.alt):
        assert "Boundaries: hill.geojson." in said
