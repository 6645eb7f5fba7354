"""The briefing: the same figures in the same words on slides and paper, for who may see them."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pypdf import PdfReader

from longevity import cli
from longevity.outputs import html_tables
from longevity.outputs.bundle.verify import FileOutcome, judge_file
from longevity.outputs.documents.briefing_file import KINDS
from longevity.outputs.documents.deck import MOST_WORDS, build_deck
from tests.drivers import briefing_reader
from tests.factories import bundles
from tests.factories.violence_release import USUAL, publish_release

LEAST_POINTS = 18
TRIED = 300  # bytes of a file that are made another, all over it


@pytest.fixture(autouse=True)
def _draw_nothing(monkeypatch):
    bundles.draw_nothing(monkeypatch)


def list_words(deck: bytes) -> list[str]:
    """Every text on the slides."""
    return [t for slide in briefing_reader.slides(deck) for t in briefing_reader.words(slide)]


def count_words(slide: Any) -> int:
    """How many words a slide has beside its table and its picture."""
    written = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    return sum(len(text.split()) for text in written)


def test_slides_and_paper_say_what_the_screen_does(published):
    document = briefing_reader.briefing(published, "state")
    report = document.report
    slides = briefing_reader.slides(build_deck(document))
    shown = " ".join(t for slide in slides for t in briefing_reader.words(slide))
    told = " ".join(slide.notes_slide.notes_text_frame.text for slide in slides)
    made = KINDS["pdf"](document)
    page = " ".join(briefing_reader.pages(made))
    assert report.answer in shown
    assert briefing_reader.join_lines(report.answer) in page
    for tile in [*report.tiles, *(tile for card in document.cards for tile in card.card.tiles)]:
        assert tile.label.partition(", ")[0] in shown
        assert tile.value in shown
        assert briefing_reader.join_lines(f"{tile.label} {tile.value}") in page
    for line in report.attention:
        assert line.sentence in told
        assert briefing_reader.join_lines(line.sentence) in page
    for card in document.cards:
        for sentence in card.card.sentences:
            assert sentence in told
            assert briefing_reader.join_lines(sentence) in page
    frame = briefing_reader.find_card(document, "money").card.table
    assert frame is not None
    for cells in html_tables.write_text(frame)[1:]:
        assert all(cell in shown for cell in cells)
        assert briefing_reader.join_lines(" ".join(cells)) in page
    assert len(PdfReader(io.BytesIO(made)).pages) == 2
    assert "Page 2 of 2" in page


def test_every_slide_is_legible_sourced_and_says_what_it_is(published):
    told = briefing_reader.briefing(published, "state")
    slides = briefing_reader.slides(build_deck(told))
    assert 6 <= len(slides) <= 8
    for slide in slides:
        assert count_words(slide) <= MOST_WORDS
        said, shown = briefing_reader.words(slide), [shape.name for shape in slide.shapes]
        assert any(name.startswith(("Chart", "Table", "Tile")) for name in shown), shown
        assert "SYNTHETIC" in said
        assert "NOT FOR RELEASE" in said
        assert slide.shapes.title.text_frame.text
        for shape in slide.shapes:
            assert shape.top + shape.height <= 7.5 * 914400
            for frame in briefing_reader.frames(shape):
                sizes = [r.font.size.pt for p in frame.paragraphs for r in p.runs]
                small = shape.name == "Source" or shape.name.startswith("Mark ")
                assert all(size >= (12 if small else LEAST_POINTS) for size in sizes)
            if shape.shape_type is not None and ("Chart" in shape.name or shape.name == "Table"):
                assert shape._element._nvXxPr.cNvPr.get("descr")
    for slide in slides[1:]:
        notes = slide.notes_slide.notes_text_frame.text
        assert "Question: " in notes
        assert "Source: " in notes


def test_what_is_not_for_release_says_so_everywhere(published, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LONGEVITY_HOME", str(published.home))
    for kind in ("pptx", "pdf"):
        out = tmp_path / f"brief.{kind}"
        assert cli.main(["brief", "--out", str(out), "--viewer", "state"]) == 0
        assert f"is in {out}." in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["brief.pdf", "brief.pptx"]
    reader = PdfReader(tmp_path / "brief.pdf")
    assert all("NOT FOR RELEASE" in page.extract_text() for page in reader.pages)
    assert "NOT FOR RELEASE" in str(reader.metadata)
    about = Presentation(str(tmp_path / "brief.pptx")).core_properties
    assert about.category == "NOT FOR RELEASE"
    assert "viewer state" in about.keywords


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_a_file_is_known_again_and_each_byte_of_it_counts(published, make):
    told = briefing_reader.briefing(published, "state")
    made = make(told)
    verdict = judge_file(made, told.context)
    assert verdict.outcome is FileOutcome.HOLDS
    assert f"Computed by this program from release {told.release_id}, and untouched" in (verdict.sentence)
    assert "NOT FOR RELEASE" in verdict.sentence
    for at in range(0, len(made), len(made) // TRIED):
        changed = made[:at] + bytes([made[at] ^ 1]) + made[at + 1 :]
        assert judge_file(changed, told.context).outcome is not FileOutcome.HOLDS, at
    longer = judge_file(made + b" ", told.context)
    assert longer.outcome is FileOutcome.EDITED


def test_the_properties_of_a_file_name_the_program_and_nobody_else(published):
    told = briefing_reader.briefing(published)
    package = Presentation(io.BytesIO(build_deck(told))).part.package
    about = package.core_properties
    assert about.author == about.last_modified_by == published.program
    assert about.created.date() == about.modified.date() == told.through
    application = package.part_related_by(RELATIONSHIP_TYPE.EXTENDED_PROPERTIES).blob.decode()
    assert "<Application>Longevity</Application>" in application
    written = b"".join(part.blob for part in package.iter_parts()).lower()
    for other in (b"canny", b"python-pptx", b"macintosh", b"com.apple"):
        assert other not in written
    page = PdfReader(io.BytesIO(KINDS["pdf"](told)))
    assert page.metadata is not None
    assert page.xmp_metadata is not None
    assert page.metadata.author == published.program
    assert page.xmp_metadata.dc_creator == [published.program]


def test_taken_away_while_signed_in_as_the_state_it_holds_only_the_public(published):
    state = briefing_reader.context(published, "state")
    taken = build_deck(briefing_reader.make_briefing(state.as_public()))
    public = build_deck(briefing_reader.briefing(published))
    assert list_words(taken) == list_words(public)
    written = " ".join(list_words(taken))
    assert "NOT FOR RELEASE" not in written
    exact = briefing_reader.briefing(published, "state")
    about = briefing_reader.find_card(exact, "money").about
    assert about is not None
    assert about.not_for_release
    spent, *_ = briefing_reader.find_card(exact, "money").card.tiles
    assert spent.value not in written


def test_a_city_that_handed_over_nothing_is_named(tmp_path):
    settings = publish_release(tmp_path, {"east": USUAL["east"]}, cities=["east"])
    told = briefing_reader.briefing(settings)
    silent = "No count of these days for West: missing, not zero."
    assert silent in told.report.alerts
    assert silent in " ".join(briefing_reader.pages(KINDS["pdf"](told)))
    assert silent in list_words(build_deck(told))


def test_a_hostile_name_is_only_a_name_on_slides_and_paper(tmp_path):
    name = '#text("x") $y$ *<b>& @z'
    settings = publish_release(tmp_path, USUAL)
    own = settings.cities["west"].model_copy(update={"name": name})
    settings = replace(settings, cities={**settings.cities, "west": own})
    told = briefing_reader.briefing(settings)
    deck = list_words(build_deck(told))
    [own_tile] = [tile for tile in told.report.tiles if name in tile.label]
    assert any(own_tile.label in one or one in own_tile.label for one in deck if name in one)
    written = "".join(briefing_reader.pages(KINDS["pdf"](told))).replace(" ", "")
    assert own_tile.label.replace(" ", "") in written
