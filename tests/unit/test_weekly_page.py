"""The weekly page as a PDF: one page whatever the week held, and what stands on it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd
import pypdf
import pytest

from longevity import cli
from longevity.auth.viewers import parse_viewer
from longevity.outputs.bundle.verify import FileOutcome, judge_file
from longevity.outputs.documents.document import Document
from longevity.outputs.documents.pages import build_pages
from longevity.release.store import Store
from longevity.screens.context import ReportContext
from longevity.screens.report import Card, Report, Tab
from longevity.screens.this_week import ThisWeek, choose_week
from longevity.settings import Settings
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY
from tests.factories import odd_release, violence_release

SUNDAY = date(2026, 6, 28)
HEADS = ("compared", "shootings", "promises", "messages")  # in the order they stand on paper
HOSTILE = ("#panic()", "[x](y) *b*", "$1/0$ @ref <l>", "\\u{41} `a`", "نص abc")
TERRIBLE = {
    "east": [(SUNDAY - timedelta(days=at % 7), 1 + at % 3, at % 2) for at in range(30)] + [(date(2024, 5, 1), 2, 0)]
}


def context_of(settings: Settings, viewer: str) -> ReportContext:
    return ReportContext(
        settings,
        parse_viewer(viewer, settings),
        Warehouse(Store(settings.home).current(), settings),
        TODAY,
    )


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Incidents and victims alone; nothing in the newest week."""
    context = context_of(
        violence_release.publish_release(tmp_path_factory.mktemp("quiet"), violence_release.USUAL),
        "city:east",
    )
    yield context
    context.warehouse.close()


@pytest.fixture(scope="module")
def terrible(tmp_path_factory):
    """Thirty shootings in the newest week, in neighbourhoods with hostile names."""
    settings = violence_release.publish_release(
        tmp_path_factory.mktemp("terrible"), TERRIBLE, areas=HOSTILE[:4], cities=("east",)
    )
    context = context_of(settings, "state")
    yield context
    context.warehouse.close()


@pytest.fixture(scope="module")
def demonstrated(warehouse, published):
    return ReportContext(published, parse_viewer("state", published), warehouse, TODAY)


def weekly_document(context: ReportContext, city: str, ending: date | None = None) -> Document:
    week = choose_week(context, city, ending)
    this_week = ThisWeek(context, city, week)
    return Document(context, this_week.build(), this_week.name, week.ending)


def find_card(document: Document, key: str) -> Card:
    return next(card.card for card in document.cards if card.card.key == f"weekly.{key}")


def read(content: bytes) -> tuple[pypdf.PdfReader, str]:
    """The file of one letter page, and its text on one line."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert len(reader.pages) == 1
    assert [float(side) for side in reader.pages[0].mediabox[2:]] == [612, 792]
    return reader, flat(reader.pages[0].extract_text())


def flat(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_a_quiet_week_of_a_city_with_incidents_alone_says_what_is_missing(small):
    document = weekly_document(small, "east")
    _, text = read(build_pages(document))
    assert document.report.answer.endswith("no one was shot.")
    assert flat(document.report.answer) in text
    assert text.count(flat("Missing, not zero")) == 4
    assert flat("Which follow-ups are open is not known") in text
    assert "NOTFORRELEASE" in text
    assert "SYNTHETIC" not in text
    assert "nofollow-upisopen" not in text.lower()


def test_a_terrible_week_fits_and_says_how_many_rows_it_left_out(terrible):
    document = weekly_document(terrible, "east")
    _, text = read(build_pages(document))
    left = [int(count) for count in re.findall(r"and(\d+)more,seethescreen", text)]
    shown = len(re.findall(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)Jun\d+", text))
    assert shown >= 5
    assert shown + left[0] == len(find_card(document, "shootings").table) == 30


def test_a_hostile_label_is_text_on_paper(terrible):
    long = "#" * 10_000 + "נסיון"
    table = pd.DataFrame({"Place": [*HOSTILE, long]})
    card = Card("x", long, (long,), table=table)
    report = Report("", (Tab("", "", lambda: long, lambda: [[card]]),))
    _, text = read(build_pages(Document(terrible, report, long, SUNDAY)))
    for name in HOSTILE[:4]:
        assert flat(name) in text
    assert "#" * 79 + "…" in text


def list_words(document: Document) -> Iterator[str]:
    """Every sentence, number and cell the screen shows of a week, but what is on it alone."""
    report = document.report
    yield from (report.answer, *report.notes)
    for tile in report.tiles:
        yield from (tile.label, tile.value, tile.change, tile.base, tile.verdict)
    for drawn in document.cards:
        card = drawn.card
        yield card.title
        yield from (*card.sentences, card.note, card.alert)
        if card.table is not None:
            yield from card.table.columns
            yield from ("".join(row) for row in card.table.to_numpy())


def test_the_page_says_what_the_screen_says(demonstrated):
    for city in demonstrated.settings.cities:
        document = weekly_document(demonstrated, city)
        reader, text = read(build_pages(document))
        for words in list_words(document):
            assert flat(words) in text, words
        heads = [text.index(flat(find_card(document, key).title)) for key in HEADS]
        assert heads == sorted(heads)
        assert reader.metadata is not None
        assert "NOT FOR RELEASE SYNTHETIC" in str(reader.metadata.title)
        assert "SYNTHETIC" in text


def test_the_page_is_known_again_as_not_for_release(small):
    page = build_pages(weekly_document(small, "east"))
    verdict = judge_file(page, small)
    assert verdict.outcome is FileOutcome.HOLDS
    assert "It was marked NOT FOR RELEASE." in verdict.sentence
    edited = judge_file(page + b"\n", small)
    assert edited.outcome is FileOutcome.EDITED


def test_a_city_that_knows_little_is_told_as_unknown(tmp_path):
    context = context_of(odd_release.publish_release(tmp_path), "city:east")
    document = weekly_document(context, "east", date(2026, 5, 17))
    read(build_pages(document))
    shootings = find_card(document, "shootings").table
    assert shootings is not None
    assert shootings.to_numpy().tolist() == [["Sat May 16", "unknown", "1", "0", "yes", "May 20", "opened"]]
    assert find_card(document, "messages").alert.startswith("Not supplied by East: custom notifications")
    context.warehouse.close()


def run(monkeypatch: pytest.MonkeyPatch, settings: Settings, *words: str) -> int:
    monkeypatch.setattr("longevity.settings.load_settings", lambda: settings)
    return cli.main(["weekly", *words], today=TODAY)


def test_the_command_writes_the_file_whole_under_the_name_it_is_given(monkeypatch, published, tmp_path, capsys):
    city = next(iter(published.cities))
    assert run(monkeypatch, published, city, "--out", str(tmp_path / "page.pdf")) == 0
    written = tmp_path / "page.pdf"
    assert capsys.readouterr().out.strip() == str(written)
    assert list(tmp_path.iterdir()) == [written]
    read(written.read_bytes())


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--week-ending", "2030-01-06"], "No whole week of"),
        (["--week-ending", "2026-11-18"], "The nearest week ends on"),
    ],
)
def test_the_command_refuses_in_a_sentence_and_writes_nothing(monkeypatch, published, tmp_path, capsys, more, sentence):
    city = next(iter(published.cities))
    assert run(monkeypatch, published, city, "--out", str(tmp_path / "p.pdf"), *more) == 2
    printed = capsys.readouterr()
    assert sentence in printed.err
    assert not printed.out
    assert not list(tmp_path.iterdir())
