"""The catalogue of charts: each draws, alike for the public whatever viewer asks, under titles its rows hold."""

import io
import json
import re
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from pptx import Presentation

from longevity.auth import viewers
from longevity.base.errors import DataError
from longevity.outputs import bundle, table_files
from longevity.screens.chart_catalogue import chart_list, evidence_charts, neighbourhoods
from longevity.screens.context import ReportContext
from longevity.stats.periods import list_periods
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY, UNTIL
from tests.factories import bundles
from tests.oracles.figure_checks import assert_valid, find_colours, is_marked

PUBLIC = [entry for entry in chart_list.ENTRIES.values() if not entry.why_not_public]
INSIDE = [entry for entry in chart_list.ENTRIES.values() if entry.why_not_public]
FEW = 4  # choices of a parameter tried when it has more
LONGEST = 240  # characters of a title that still fits a slide
# What a title defines itself by, the newest day, and the month an evaluation begins or ends.
FIXED = (
    rf"(January 1 )?to {UNTIL:%B} {UNTIL.day}(, {UNTIL.year})?|{UNTIL.year} so far|"
    r"365 days|100,000 residents|95% interval|under 30|within \d+ days|within 30|"
    r"(until|before) [A-Z]\w+ \d{4}|\d+ (am|pm)|\d{4} to \d{4}$|, \d{4}$|, \d{4}, of"
)


@pytest.fixture(scope="module")
def public(warehouse, published):
    """The public's context, which computes an evaluation once a city."""
    kept = {}

    class Remembering(ReportContext):
        def compute(self, function, *words):
            key = (self.warehouse.release.id, self.viewer, function, repr(words))
            if key not in kept:
                kept[key] = super().compute(function, *words)
            return kept[key]

    return Remembering(published, viewers.PUBLIC, warehouse, TODAY)


@pytest.fixture(scope="module")
def draw(public):
    """Draws an entry as the public has it with its defaults, once."""
    return cache(lambda entry: entry.draw(public))


def list_choices(entry, context):
    """The defaults, then each parameter's choices one at a time."""
    tried = [{}]
    for parameter in entry.parameters:
        offered = list(parameter.offer(context))
        some = offered if len(offered) <= FEW else [*offered[: FEW - 1], offered[-1]]
        tried += [{parameter.name: value} for value in some[1:]]
    return tried


def assert_whole(drawn):
    chart = drawn
    assert chart.subtitle
    assert chart.alt
    values = [v for trace in chart.figure["data"] for axis in "xy" for v in trace.get(axis) or ()]
    assert any(value is not None for value in values)
    # The axes are found of numbers of Python's own: NumPy's would lie outside of them.
    assert not [value for value in values if type(value).__module__ == "numpy"]
    assert len(chart.table)
    assert_valid(chart.figure)
    assert_valid(chart.printed)
    for title in (chart.title, *drawn.titles.values()):
        assert title[:1].isupper() or title[:1].isdigit()
        assert not title.endswith(".")
        assert len(title) <= LONGEST


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.audit)], ids=["bare", "every choice"])
@pytest.mark.parametrize("entry", PUBLIC, ids=lambda entry: entry.name)
def test_a_chart_draws_as_public_and_the_state_takes_along_the_same(entry, every, published, public, draw):
    for values in list_choices(entry, public) if every else [{}]:
        try:
            drawn = entry.draw(public, values) if values else draw(entry)
        except DataError as error:
            assert values, f"the bare name must answer: {error}"
            continue
        assert_whole(drawn)
        about = published.cities.get(drawn.values.get("city", ""))
        assert about is None or about.name in f"{drawn.title} {drawn.subtitle}"
        assert is_marked(drawn.printed)
        assert bundle.name_bundle(drawn).startswith("SYNTHETIC-")
        assert {answer.provenance.viewer for answer in drawn.answers} == {"public"}
    theirs = draw(entry)
    for viewer in (viewers.STATE, viewers.parse_viewer(f"city:{next(iter(published.cities))}", published)):
        inside = replace(public, viewer=viewer)
        # What all see alike is made once for all, so each would see this very chart.
        offered = [[list(choice.offer(asks)) for choice in entry.parameters] for asks in (inside, public)]
        assert not entry.is_alike_for_all or offered[0] == offered[1]
        mine = entry.draw(inside if entry.is_alike_for_all else inside.as_public())
        assert mine.figure == theirs.figure
        assert mine.table.equals(theirs.table)
        assert (mine.titles, mine.sentences) == (theirs.titles, theirs.sentences)
        assert not any(answer.provenance.not_for_release for answer in mine.answers)


@pytest.mark.parametrize("entry", INSIDE, ids=lambda entry: entry.name)
def test_a_chart_for_the_inside_draws_for_the_state_and_says_why(entry, warehouse, published):
    context = ReportContext(published, viewers.STATE, warehouse, TODAY)
    assert_whole(entry.draw(context))
    assert entry.draw(context, {"city": next(iter(published.cities))}).alt
    assert entry.why_not_public.endswith(".")
    instead = entry.why_not_public.partition("“")[2].partition("”")[0]
    assert not instead or instead in {other.title for other in PUBLIC}


def read_numbers(text):
    return {float(number.strip(",").replace(",", "")) for number in re.findall(r"\d[\d,]*(?:\.\d+)?", text)}


def list_numbers(drawn, frame):
    """The numbers of some rows, rounded and as percent too, their sums and how many there are."""
    held = read_numbers(" ".join(drawn.sentences)) | {len(frame), *frame.count()}
    for _, column in frame.items():
        held |= {(column == value).sum() for value in {True, False, *column.dropna()}}
        held |= {n for v in column.dropna() for n in read_numbers(str(v).replace("-", " "))}
    numbers = frame.select_dtypes("number").astype(float)
    placed = numbers.sum()
    besides = re.search(r"(\d+) of \d+ ha(?:s|ve) no exact place", drawn.subtitle)
    sums = [placed, frame.dropna().select_dtypes("number").sum()]
    sums += [placed + float(besides[1])] if besides else []
    sums += [numbers.iloc[:, at:].cumsum(axis=1) for at in range(numbers.shape[1])]
    for value in np.concatenate([part.to_numpy(dtype=float).ravel() for part in sums]):
        held |= {abs(round(value * by, digits)) for by in (1, 100) for digits in (0, 1)}
    return held


def find_unheld(title, drawn, cities):
    """The numbers of a title that no row holds; after a city's name, no row of that city."""
    frame = pd.read_csv(io.StringIO(table_files.write_rows(drawn.table)))
    said = re.sub(FIXED, "", title)
    column = next((name for name in ("city", "City") if name in frame), None)
    if column is None or frame[column].nunique() == 1:
        return read_numbers(said) - list_numbers(drawn, frame)
    first, *parts = re.split("(" + "|".join(cities.values()) + ")", said)
    wrong = read_numbers(first) - list_numbers(drawn, frame)
    for name, words in zip(parts[::2], parts[1::2], strict=True):
        own = frame[frame[column].isin([name, *(city for city in cities if cities[city] == name)])]
        wrong |= read_numbers(words) - list_numbers(drawn, own)
    return wrong


@pytest.mark.parametrize("entry", PUBLIC, ids=lambda entry: entry.name)
def test_each_number_in_a_title_is_in_the_rows_at_its_citys_name(entry, public, draw):
    cities = dict(public.cities)
    places = [parameter.name for parameter in entry.parameters if parameter.name in ("city", "area")]
    for drawn in (draw(entry), *(entry.draw(public, {place: city}) for place in places for city in cities)):
        assert drawn.titles
        for title in drawn.titles.values():
            assert find_unheld(title, drawn, cities) == set(), title
    if entry.name == "year-to-date":  # figures of another city are found
        names = dict(zip(cities.values(), [*list(cities.values())[1:], "New Haven"], strict=True))
        false = re.sub("|".join(names), lambda name: names[name[0]], draw(entry).titles["finding"])
        assert len(find_unheld(false, draw(entry), cities)) > 3


@pytest.mark.parametrize("show", ["count", pytest.param("rate", marks=pytest.mark.audit)])
def test_no_year_and_no_city_changes_what_a_colour_means(show, public):
    years = [p for key, p in list_periods(*public.find_span()).items() if key not in ("28d", "whole")][::6]
    assert len(years) > 2
    places = [(city, period) for city in (None, *public.cities) for period in years]
    shaded = (neighbourhoods.shade_areas(public, city, "victims", period, show) for city, period in places)
    assert len({areas.shades for areas in shaded}) == 1


def test_a_year_that_a_city_covers_in_part_is_on_no_map_of_it(warehouse, published):
    release, (other, city, *_) = warehouse.release, published.cities
    manifest = {**release.manifest, "data_from": {"incidents": {city: "2016-06-10"}}}
    half_year = Warehouse(replace(release, manifest=manifest), published)
    context = ReportContext(published, viewers.PUBLIC, half_year, TODAY)
    shaded = neighbourhoods.shade_areas(context, None, "victims", context.find_period("2016"), "count")
    assert {other, city} & set(shaded.areas["city"]) == {other}
    with pytest.raises(DataError, match="do not cover all of this period"):
        chart_list.find_entry("area-map").draw(context, {"city": city, "period": "2016"})


@pytest.mark.parametrize("show", ["count", "rate", "change"])
def test_the_printed_map_has_the_colours_of_the_screens(show, public):
    chart = chart_list.find_entry("area-map").draw(public, {"show": show})
    printed = find_colours(chart.printed)
    assert printed == find_colours(chart.figure)
    # Of the demonstration no area's change is clear, so that all have one colour.
    assert (len(set(printed.values())) > 1) == (show != "change")
    assert set(printed.values()) <= {
        trace["marker"]["color"] for trace in chart.printed["data"] if trace.get("mode") == "markers"
    }


def test_only_a_clear_change_is_shaded_and_has_its_number(public):
    changed, shaded, numbered = set(), set(), set()
    for city in public.cities:
        figure = chart_list.find_entry("evaluation").draw(public, {"city": city}).figure
        changed |= {city} if evidence_charts.evaluate_city(public, city)[0].direction else set()
        bands = [trace["y"] for trace in figure["data"] if "fill" in trace]
        shaded |= {city} if any(y is not None for band in bands for y in band) else set()
        words = [note["text"] for note in figure["layout"]["annotations"]]
        numbered |= {city} if any("a year" in text for text in words) else set()
    assert changed == shaded == numbered
    assert set() < changed < set(public.cities)


def test_a_map_that_leaves_says_whose_its_lines_are(warehouse, published, monkeypatch):
    city, about = next(iter(published.cities)), warehouse.release.manifest["boundaries"]
    monkeypatch.setitem(about, city, about[city] | {"credit": "City of Hill"})
    context = ReportContext(published, viewers.PUBLIC, warehouse, TODAY)
    drawn = chart_list.find_entry("area-map").draw(context, {"city": city})
    bundles.draw_nothing(monkeypatch)
    files = {name.rpartition(".")[2]: data for name, data in bundle.make_bundle(drawn, published, ["pptx"]).items()}
    (slide,) = Presentation(io.BytesIO(files["pptx"])).slides
    words = {shape.name: shape.text_frame.text for shape in slide.shapes if shape.has_text_frame}
    # The head of the pictures is the subtitle too.
    for said in (drawn.subtitle, words["Subtitle"], json.loads(files["json"])["measure"], drawn.alt):
        assert "Boundaries: City of Hill." in said
