"""Every number in a title that a chart offers is in the rows behind it, at its city's name."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from longevity.outputs import table_files
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.chart_catalogue.definition import Drawn, Entry
from longevity.screens.context import ReportContext
from tests.conftest import UNTIL
from tests.factories import bundles

PUBLIC = [entry for entry in chart_list.ENTRIES.values() if not entry.why_not_public]
MOST_LONG = 240  # characters of a title that still fits a slide
# What a title defines itself by, the newest day, and the month an evaluation begins or ends.
FIXED = (
    rf"(January 1 )?to {UNTIL:%B} {UNTIL.day}(, {UNTIL.year})?|{UNTIL.year} so far|"
    r"365 days|100,000 residents|95% interval|under 30|within \d+ days|within 30|"
    r"(until|before) [A-Z]\w+ \d{4}|\d+ (am|pm)|\d{4} to \d{4}$|, \d{4}$|, \d{4}, of"
)


@pytest.fixture(scope="module")
def context(published):
    return bundles.public_desk(published)


def read_numbers(text: str) -> set[float]:
    found = re.findall(r"\d[\d,]*(?:\.\d+)?", text)
    return {float(number.strip(",").replace(",", "")) for number in found}


def list_numbers(drawn: Drawn, frame: pd.DataFrame) -> set[float]:
    """The numbers of some rows, rounded and as percent too, their sums and how many there are."""
    held = read_numbers(" ".join(drawn.chart.sentences)) | {len(frame), *frame.count()}
    for _, column in frame.items():
        held |= {(column == value).sum() for value in {True, False, *column.dropna()}}
        held |= {n for v in column.dropna() for n in read_numbers(str(v).replace("-", " "))}
    numbers = frame.select_dtypes("number").astype(float)
    placed = numbers.sum()
    besides = re.search(r"(\d+) of \d+ ha(?:s|ve) no exact place", drawn.chart.subtitle)
    sums = [placed, frame.dropna().select_dtypes("number").sum()]
    sums += [placed + float(besides[1])] if besides else []
    sums += [numbers.iloc[:, at:].cumsum(axis=1) for at in range(numbers.shape[1])]
    for value in np.concatenate([part.to_numpy(dtype=float).ravel() for part in sums]):
        held |= {abs(round(value * by, digits)) for by in (1, 100) for digits in (0, 1)}
    return held


def find_unheld(title: str, drawn: Drawn, cities: dict[str, str]) -> set[float]:
    """The numbers of a title that no row holds; after a city's name, no row of that city."""
    frame = pd.read_csv(io.StringIO(table_files.write_rows(drawn.chart.table)))
    told = re.sub(FIXED, "", title)
    column = next((one for one in ("city", "City") if one in frame), None)
    if column is None or frame[column].nunique() == 1:
        return read_numbers(told) - list_numbers(drawn, frame)
    first, *parts = re.split("(" + "|".join(cities.values()) + ")", told)
    wrong = read_numbers(first) - list_numbers(drawn, frame)
    for name, said in zip(parts[::2], parts[1::2], strict=True):
        own = frame[frame[column].isin([name, *(c for c in cities if cities[c] == name)])]
        wrong |= read_numbers(said) - list_numbers(drawn, own)
    return wrong


def draw_each(entry: Entry, context: ReportContext) -> Iterator[Drawn]:
    yield entry.draw(context)
    for parameter in entry.parameters:
        if parameter.name in ("city", "area"):
            for city in context.cities:
                yield entry.draw(context, {parameter.name: city})


@pytest.mark.parametrize("entry", PUBLIC, ids=lambda entry: entry.name)
def test_each_number_in_a_title_is_in_the_rows(entry, context):
    for drawn in draw_each(entry, context):
        assert drawn.titles
        for title in drawn.titles.values():
            assert len(title) <= MOST_LONG
            assert find_unheld(title, drawn, dict(context.cities)) == set(), title


def test_figures_of_another_city_are_found(context):
    drawn = chart_list.find_entry("year-to-date").draw(context)
    cities = dict(context.cities)
    names = dict(zip(cities.values(), [*list(cities.values())[1:], "New Haven"], strict=True))
    false = re.sub("|".join(names), lambda one: names[one[0]], drawn.titles["finding"])
    assert len(find_unheld(false, drawn, cities)) > 3
