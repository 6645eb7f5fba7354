"""A threshold of the configuration reaches what is counted and every sentence about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest

from longevity import settings as configuration
from longevity.auth.viewers import STATE
from longevity.outputs.documents import deck
from longevity.release.store import Store
from longevity.screens import claim_check
from longevity.screens.context import ReportContext
from longevity.screens.report import list_cards
from longevity.screens.this_week import ThisWeek, choose_week
from longevity.settings import Settings
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY
from tests.drivers import briefing_reader, screens
from tests.factories import bundles, configs
from tests.factories.ascii_table import rows
from tests.oracles import demonstration_counts, figure_checks

# Changed to what, where it is said, and how.
SAID = rows("""
name                      | value | page           | sentence
greeted_within_hours      | 24    | support        | within 24 hours
notified_within_days      | 2     | briefing       | warned within 48 hours
notified_within_days      | 2     | this_week      | within 48 hours
reviewed_within_days      | 9     | briefing       | reviewed after 9 days
promise_window_days       | 120   | follow_up      | day 120 belongs to
least_base_for_percentage | 99    | compare_cities | base of 99 or more
""")
# What is let in, withheld or judged changes with these; the figure itself is in no sentence here.
SILENT = {
    *("withheld_up_to", "unchanged_within", "piled_rows", "largest_jump"),
    *("largest_loss", "stale_after_days"),
}

# How they are said as they ship. Cases are counted by 30, 60 and 90 days whatever the window is.
WAS = re.compile(
    r"72 hours|within (?:3|three) days|the 90 days before|day 90 belongs|of 90\b|after 7 days"
    r"|base of 30\b"
)


def test_every_threshold_is_looked_at(published):
    assert {row["name"] for row in SAID} | SILENT == set(published.thresholds.model_dump())


def change(settings: Settings, folder: Path, name: str, value: int) -> Settings:
    """The settings with another threshold, read from a file of their own."""
    path = configs.copy_of(settings, folder).config_path
    text = path.read_text(encoding="utf-8")
    text, found = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
    assert found == 1
    path.write_text(text, encoding="utf-8")
    return configuration.load_settings(path, home=settings.home, environment={})


def test_screens_and_slides_say_each_threshold_that_is_configured_and_none_that_was(monkeypatch, published, tmp_path):
    others = {row["name"]: int(row["value"]) for row in SAID}
    changed = published
    for name, value in others.items():
        folder = tmp_path / name
        folder.mkdir()
        changed = change(changed, folder, name, value)
    bundles.draw_nothing(monkeypatch)
    said = {}
    for page in {row["page"] for row in SAID}:
        app = screens.visit(monkeypatch, changed, page)
        assert not app.exception
        said[page] = " ".join(str(element.proto) for element in screens.list_elements(app))
    for row in SAID:
        assert row["sentence"] in said[row["page"]], row["name"]
    warehouse = Warehouse(Store(published.home).current(), changed)
    briefing = briefing_reader.make_briefing(ReportContext(changed, STATE, warehouse, TODAY))
    slides = briefing_reader.slides(deck.build_deck(briefing))
    said["slides"] = " ".join(chain.from_iterable(map(briefing_reader.words, slides)))
    warehouse.close()
    found = [
        f"{where}: {text[max(hit.start() - 60, 0) : hit.end() + 20]!r}"
        for where, text in said.items()
        for hit in WAS.finditer(text)
    ]
    assert found == []


def check(settings: Settings, warehouse: Warehouse, text: str) -> Mapping[str, str]:
    """What the claim check says of a text, to the state."""
    context = ReportContext(settings, STATE, warehouse, TODAY)
    reading = claim_check.read_text(context, text, None)
    judged = claim_check.answer_reading(context, reading)
    return {"verdict": judged.verdict.value, "said": f"{judged.reading} {judged.why}"}


@pytest.mark.parametrize(("hours", "days"), [(24, "one day"), (48, "two days"), (72, "three days")])
def test_a_claim_of_who_was_met_is_of_the_hours_configured_and_of_no_others(published, demonstration, hours, days):
    thresholds = published.thresholds.model_copy(update={"greeted_within_hours": hours})
    settings = replace(published, thresholds=thresholds)
    warehouse = Warehouse(Store(published.home).current(), settings)
    city = next(iter(published.cities.values()))
    # Counted a second way, from the rows of the extracts: who was on the list that day.
    listed = {row["person_id"]: row for row in demonstration_counts.read(demonstration, "people")}
    days_waited = [
        (row["greeted_on"] - row["released_on"]).days if row["greeted_on"] else None
        for row in demonstration_counts.read(demonstration, "releases_from_custody")
        if row["city"] == city.id
        and row["released_on"]
        and row["released_on"].year == 2025
        and (person := listed.get(row["person_id"]))
        and person["listed_on"] <= row["released_on"]
        and (person["delisted_on"] is None or row["released_on"] <= person["delisted_on"])
    ]
    count = sum(waited is not None and waited <= hours / 24 for waited in days_waited)
    claim = "At least {} people coming home were met{} in {} in 2025"
    said = check(settings, warehouse, claim.format(count, f" within {days}", city.name))
    assert said["verdict"] == "supported", said
    assert f"{count} of" in said["said"]
    assert f"were met within {hours} hours" in said["said"]
    assert check(settings, warehouse, claim.format(count, " in time", city.name)) == said
    for other in ("within 24 hours", "within two days", "within 72 hours", "within three days"):
        if other not in (f"within {hours} hours", f"within {days}"):
            assert check(settings, warehouse, claim.format(count, f" {other}", city.name))["verdict"].startswith(
                "cannot"
            )
    warehouse.close()


# The Weekly review screen: one city, one week, for those who may see it

PAGE = "this_week"


def shown(app: screens.AppTest) -> str:
    tables = [frame.to_csv() for frame in screens.tables(app)]
    return " ".join([*map(screens.as_read, screens.texts(app)), *tables])


def test_the_screen_shows_what_the_page_prints(monkeypatch, published, warehouse):
    city = list(published.cities)[1]
    app = screens.visit(monkeypatch, published, PAGE, city=city)
    assert not app.exception
    context = ReportContext(published, STATE, warehouse, TODAY)
    report = ThisWeek(context, city, choose_week(context, city)).build()
    assert screens.sentence(app) == report.answer
    text = shown(app)
    assert "NOT FOR RELEASE" in text
    for card in (card for tab in report.tabs for card in list_cards(tab)):
        for words in (*card.sentences, card.note, card.alert):
            assert words in text
        cells = [] if card.table is None else card.table.to_numpy().ravel()
        assert all(cell in text for cell in cells)
    tiles = [(metric.label, metric.value) for metric in app.metric]
    assert tiles == [(tile.label, tile.value) for tile in report.tiles]
    assert all(note in text for note in report.notes)
    assert figure_checks.is_marked(screens.figures(app)[0])


def test_a_link_leads_to_an_earlier_week_and_a_wrong_one_is_named(monkeypatch, published):
    city = next(iter(published.cities))
    app = screens.visit(monkeypatch, published, PAGE, city=city)
    newest, earlier = app.selectbox(key="week").options[:2]
    app = screens.visit(monkeypatch, published, PAGE, city=city, week="2026-11-08")
    assert "November 8, 2026" in screens.sentence(app)
    assert newest != earlier
    app = screens.visit(monkeypatch, published, PAGE, city=city, week="2026-11-10")
    assert not app.exception
    assert "2026-11-10" in shown(app)
