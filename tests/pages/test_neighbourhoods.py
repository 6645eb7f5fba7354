"""Neighbourhoods: an area is called changed where it did change, and only then."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from longevity.charts.theme import LIGHT, find_colour
from tests.drivers import screens
from tests.factories.violence_release import Events, publish_release
from tests.unit.test_maps import areas_of, colours_of


def shootings(first: int, last: int, a_year: dict[int, int]) -> Events:
    """Incidents, one after the other in Hill and in Harbour, within each year's first half."""
    return [
        (date(year, 1, 1) + timedelta(days=170 * at // a_year[year]), 1, 0)
        for year in range(first, last + 1)
        for at in range(a_year[year])
    ]


def test_a_change_is_coloured_named_and_told_with_its_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # A year with an even count gives each of the two areas half; 20 on a point would be a pile.
    # Of less than two years no dispersion is read.
    before = [(date(2024, 11, day), 1, 0) for day in (1, 2)]
    events = {"east": [*before, *shootings(2026, 2026, {2026: 36})]}
    settings = publish_release(tmp_path / "short", events, cities=["east"])
    app = screens.visit(
        monkeypatch, settings, "neighbourhoods", show="change", city="east", area="east/Hill"
    )
    assert not app.exception
    said = " ".join(map(screens.as_read, screens.texts(app)))
    assert "2 of 2 neighbourhoods changed more than chance would explain" in said
    assert "Up: Harbour and Hill." in said
    # On incidents, though people are what is counted; no percentage on a base of none.
    assert "▲ Clearly up: people shot 18 against 0 in the same days of 2025." in said
    helped = " ".join(each.help for each in app.markdown if each.help)
    assert "too few to give a percentage" in helped
    (drawn,) = (f for f in screens.figures(app) if areas_of(f))
    assert set(colours_of(drawn).values()) == {find_colour(LIGHT, "difference:1")}
    a_year = {2023: 0, 2024: 2, 2025: 0, 2026: 36}
    longer = {"east": shootings(2023, 2026, a_year)}
    settings = publish_release(tmp_path / "longer", longer, cities=["east"])
    alone = screens.visit(
        monkeypatch, settings, "neighbourhoods", show="change", period="2025", area="east/Hill"
    )
    said = " ".join(map(screens.as_read, screens.texts(alone)))
    assert "None of 2 neighbourhoods changed" in said
    assert "**0 people were shot** in 2025: " in said
    (drawn,) = (f for f in screens.figures(alone) if areas_of(f))
    assert set(colours_of(drawn).values()) == {find_colour(LIGHT, "difference:-1")}
    assert "boundaries install" in said  # of the city without rows


def test_the_first_year_is_compared_with_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    events = {"east": shootings(2025, 2026, {2025: 10, 2026: 10})}
    settings = publish_release(tmp_path, events, cities=["east"])
    app = screens.visit(monkeypatch, settings, "neighbourhoods", show="change", period="2025")
    assert not app.exception
    said = " ".join(map(screens.as_read, screens.texts(app)))
    assert "There is nothing to compare the neighbourhoods with." in said
    (drawn,) = (f for f in screens.figures(app) if areas_of(f))
    assert set(colours_of(drawn).values()) == {find_colour(LIGHT, "difference:unknown")}
    whole = screens.visit(monkeypatch, settings, "neighbourhoods", show="change", period="whole")
    assert not whole.exception
    assert "longer than a year" in " ".join(map(screens.as_read, screens.texts(whole)))
