"""Compare cities: what cannot be compared is said, and what is alike is not told apart."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from longevity.settings import Settings
from tests.drivers import screens
from tests.factories.violence_release import Events, publish_release


def shootings(first: int, last: int, a_year: int) -> Events:
    """So many incidents with one person shot in each year's first half, well apart."""
    return [
        (date(year, 1, 1) + timedelta(days=2 + 170 * at // max(a_year, 1)), 1, 0)
        for year in range(first, last + 1)
        for at in range(a_year)
    ]


def said(app: AppTest) -> str:
    """Everything the page says, as one reads it."""
    assert not app.exception
    written = " ".join(map(screens.as_read, screens.texts(app)))
    assert "NaN" not in str(screens.figures(app))
    assert "inf" not in written.lower().replace("information", "").split()
    return written


def visit(monkeypatch: pytest.MonkeyPatch, settings: Settings, **query: str) -> AppTest:
    return screens.visit(monkeypatch, settings, "compare_cities", **query)


def counts_of(app: AppTest) -> list[str]:
    """Return each comparison's counts, of the table behind the chart of baselines."""
    tables = screens.tables(screens.unfold(app))
    return [count for table in tables if "Counts" in table for count in table["Counts"]]


def test_a_city_that_misses_a_year_has_no_baseline_rather_than_a_small_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    events = {"east": shootings(2019, 2026, 40), "west": shootings(2025, 2026, 40)}
    app = visit(monkeypatch, publish_release(tmp_path, events))
    assert screens.sentence(app) == (
        "People shot, 2026 so far against 2025: no clear change in East (40 from 40) and West "
        "(40 from 40)."
    )
    # West has last year and no five years; together they have none either.
    assert said(app).count("as many") == 0
    notes = [
        str(note["text"])
        for figure in screens.figures(app)
        for note in figure["layout"].get("annotations", [])
    ]
    assert sum("5-year average: not known" in note for note in notes) == 2
    assert sum("last year: as many" in note for note in notes) == 3


def test_a_city_with_none_this_year_is_down_and_never_a_percentage_of_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    events = {"east": shootings(2020, 2026, 40), "west": shootings(2020, 2025, 40)}
    app = visit(monkeypatch, publish_release(tmp_path, events))
    assert "clearly down in West (0 from " in screens.sentence(app)
    assert any(count.startswith("0 against ") for count in counts_of(app))


def test_cities_that_end_two_months_apart_are_counted_to_the_earlier_day(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    events = {"east": shootings(2020, 2026, 40), "west": shootings(2020, 2026, 40)}
    settings = publish_release(
        tmp_path, events, through={"east": date(2026, 6, 30), "west": date(2026, 4, 30)}
    )
    app = visit(monkeypatch, settings)
    counted = sum(day <= date(2026, 4, 30) for day, *_ in shootings(2026, 2026, 40))
    assert (
        "All are counted to April 30, 2026, the last day West has; East has until June 30, 2026."
        in said(app)
    )
    assert sum(count.startswith(f"{counted} against ") for count in counts_of(app)) >= 2


MEN = {"sex": "male"}
OF_EAST = [MEN | {"age_band": band} for band in ("0-17", "18-24", "18-24", "25-29", "30+")]
OF_WEST = [
    MEN | {"age_band": band, "race_ethnicity": race}
    for band, race in (("0-17", "black"), ("18-30", "black"), ("18-30", "white"), ("31+", "black"))
]


@pytest.fixture(scope="module")
def two_lists(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """East and West with different bands, 60 people shot a year each; East's source has no race."""
    events = {city: shootings(2023, 2026, 60) for city in ("east", "west")}
    people = {"east": OF_EAST, "west": OF_WEST}
    return publish_release(
        tmp_path_factory.mktemp("lists"), events, people=people, kind="synthetic"
    )


def chart(app: AppTest, begins: str) -> dict[str, Any]:
    """The first picture in whose values of the upright axis one begins so."""
    return next(
        figure
        for figure in screens.figures(app)
        if any(
            str(v).startswith(begins) for v in figure["layout"]["yaxis"].get("categoryarray", [])
        )
    )


@pytest.mark.parametrize("viewer", ["public", "state"])
def test_cities_with_different_bands_are_compared_on_what_both_add_up_to(
    monkeypatch: pytest.MonkeyPatch, two_lists: Settings, viewer: str
) -> None:
    app = screens.visit(monkeypatch, two_lists, "compare_cities", viewer=viewer)
    told = said(app)
    assert "They are compared on 0–17 and 18 and over, to which every city's bands add up" in told
    figure = chart(app, "18")
    assert figure["layout"]["yaxis"]["categoryarray"][::-1] == [
        *("0–17", "18 and over", "18–30", "18–24", "25–29", "30 and over", "31 and over"),
        "not known",
    ]
    east, west = ([str(text) for text in trace["text"]] for trace in figure["data"])
    assert east == ["20% (12)", "80% (48)", "–", "40% (24)", "20% (12)", "20% (12)", "–", "0"]
    assert west == ["25% (15)", "75% (45)", "50% (30)", "–", "–", "–", "25% (15)", "0"]
    # East's source gives no race: neither withheld nor a bar of nought nor unknown of everybody.
    few = ", or of a few people only" if viewer == "public" else ""
    assert f"The source of East does not give race or ethnicity{few}." in told
    race = chart(app, "Hispanic")
    assert [trace["hovertemplate"].split("<extra>")[1] for trace in race["data"]] == [
        "West</extra>"
    ]
    assert "not supplied" in [note["text"] for note in race["layout"]["annotations"]]
    assert (
        "East: not supplied; its source does not give age, sex and race all three, or did not when "
        "they were counted." in told
    )
