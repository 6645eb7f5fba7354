"""Briefing and weekly page on slides and paper: the screen's figures in its words, for who may see them."""

import email
import io
import os
import re
from datetime import date, timedelta
from email import policy
from functools import partial

import pytest
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pypdf import PdfReader

from longevity import cli
from longevity.base.errors import DataError
from longevity.outputs import weekly_mail
from longevity.outputs.bundle.verify import FileOutcome, judge_file
from longevity.outputs.documents import document_files
from longevity.outputs.documents.briefing_file import KINDS
from longevity.outputs.documents.deck import MOST_WORDS, build_deck
from longevity.outputs.documents.document import Document
from longevity.outputs.documents.pages import build_pages
from longevity.screens.this_week import ThisWeek, choose_week
from longevity.settings import ROOT
from tests.conftest import FOR_A_SHELL
from tests.drivers import briefing_reader
from tests.drivers.briefing_reader import briefing, find_card, pages, slides, words
from tests.drivers.commands import run_command
from tests.factories import bundles, odd_release, violence_release
from tests.factories.violence_release import USUAL

LEAST_POINTS = 18
SUNDAY = date(2026, 6, 28)
HOSTILE = ("#panic()", "[x](y) *b*", "$1/0$ @ref <l>", "\\u{41} `a`")


@pytest.fixture(autouse=True)
def _draw_nothing(monkeypatch):
    bundles.draw_nothing(monkeypatch)


def list_words(deck):
    return [text for slide in slides(deck) for text in words(slide)]


def flat(text):
    return re.sub(r"\s+", "", text)


def test_every_slide_is_legible_sourced_and_says_what_it_is(published):
    deck = slides(build_deck(briefing(published, "state")))
    assert 6 <= len(deck) <= 8
    assert "community requests" in deck[0].notes_slide.notes_text_frame.text  # which its attention lines read
    for slide in deck:
        written = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert sum(len(text.split()) for text in written) <= MOST_WORDS
        assert any(shape.name.startswith(("Chart", "Table", "Tile")) for shape in slide.shapes)
        assert {"SYNTHETIC", "NOT FOR RELEASE"} <= {*words(slide)}
        assert slide.shapes.title.text_frame.text
        for shape in slide.shapes:
            assert shape.top + shape.height <= 7.5 * 914400
            least = 12 if shape.name == "Source" or shape.name.startswith("Mark ") else LEAST_POINTS
            for frame in briefing_reader.frames(shape):
                assert all(run.font.size.pt >= least for text in frame.paragraphs for run in text.runs)
            if shape.shape_type is not None and ("Chart" in shape.name or shape.name == "Table"):
                assert shape._element._nvXxPr.cNvPr.get("descr")
        if slide is not deck[0]:
            notes = slide.notes_slide.notes_text_frame.text
            assert "Question: " in notes
            assert "Source: " in notes


def test_what_is_not_for_release_says_so_everywhere(published, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LONGEVITY_HOME", str(published.home))
    out = tmp_path / "brief.pptx"
    assert cli.main(["brief", "--out", str(out), "--viewer", "state"]) == 0
    assert f"is in {out}." in capsys.readouterr().out
    assert [*tmp_path.iterdir()] == [out]
    reader = PdfReader(io.BytesIO(KINDS["pdf"](briefing(published, "state"))))
    assert all("NOT FOR RELEASE" in page.extract_text() for page in reader.pages)
    assert "NOT FOR RELEASE" in str(reader.metadata)
    about = Presentation(str(out)).core_properties
    assert about.category == "NOT FOR RELEASE"
    assert "viewer state" in about.keywords


def test_the_properties_of_a_file_name_the_program_and_no_other(published):
    document = briefing(published)
    package = Presentation(io.BytesIO(build_deck(document))).part.package
    about = package.core_properties
    assert about.author == about.last_modified_by == published.program
    assert about.created.date() == about.modified.date() == document.through
    application = package.part_related_by(RELATIONSHIP_TYPE.EXTENDED_PROPERTIES).blob.decode()
    assert "<Application>Longevity</Application>" in application
    written = b"".join(part.blob for part in package.iter_parts()).lower()
    for other in (b"canny", b"python-pptx", b"macintosh", b"com.apple"):
        assert other not in written
    page = PdfReader(io.BytesIO(KINDS["pdf"](document)))
    assert page.metadata.author == published.program
    assert page.xmp_metadata.dc_creator == [published.program]


def test_taken_away_while_signed_in_as_the_state_it_holds_only_the_public(published):
    state = briefing_reader.context(published, "state")
    taken = list_words(build_deck(briefing_reader.make_briefing(state.as_public())))
    assert taken == list_words(build_deck(briefing(published)))
    assert "NOT FOR RELEASE" not in " ".join(taken)
    exact = find_card(briefing(published, "state"), "money")
    assert exact.answer.provenance.not_for_release
    assert exact.tiles[0].value not in " ".join(taken)


def test_a_silent_city_is_named_and_a_hostile_name_is_only_a_name_on_slides_and_paper(tmp_path):
    settings = violence_release.publish_release(tmp_path, {"east": USUAL["east"]}, cities=["east"])
    name = '#text("x") $y$ *<b>& @z'
    settings.cities["west"] = settings.cities["west"].model_copy(update={"name": name})
    document = briefing(settings)
    silent = f"No count of these days for {name}: missing, not zero."
    assert silent in document.report.alerts
    assert silent in list_words(build_deck(document))
    assert flat(silent) in flat("".join(pages(KINDS["pdf"](document))))


def build_week(context, city, ending=None):
    week = choose_week(context, city, ending)
    this_week = ThisWeek(context, city, week)
    return Document(context, this_week.build(), this_week.name, week.ending)


def find_week_card(document, key):
    return next(card for card in document.cards if card.key == f"weekly.{key}")


def read(content):
    """The file of one letter page, and its text on one line without blanks."""
    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) == 1
    assert [float(side) for side in reader.pages[0].mediabox[2:]] == [612, 792]
    return reader, flat(reader.pages[0].extract_text())


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Incidents and victims alone; nothing in the newest week."""
    settings = violence_release.publish_release(tmp_path_factory.mktemp("quiet"), USUAL)
    return briefing_reader.context(settings, "city:east")


@pytest.fixture(scope="module")
def terrible(tmp_path_factory):
    """Thirty shootings in the newest week, in neighbourhoods with hostile names."""
    week = [(SUNDAY - timedelta(days=at % 7), 1 + at % 3, at % 2) for at in range(30)]
    events = {"east": [*week, (date(2024, 5, 1), 2, 0)]}
    folder = tmp_path_factory.mktemp("terrible")
    settings = violence_release.publish_release(folder, events, areas=HOSTILE, cities=("east",))
    return briefing_reader.context(settings, "state")


def test_a_quiet_week_of_a_city_with_incidents_alone_says_what_is_missing(small):
    document = build_week(small, "east")
    _, text = read(build_pages(document))
    assert document.report.answer.endswith("no one was shot.")
    assert flat(document.report.answer) in text
    assert text.count(flat("Missing, not zero")) == 4
    assert not re.search(FOR_A_SHELL, text)
    assert flat("Which follow-ups are open is not known") in text
    assert "NOTFORRELEASE" in text
    assert "SYNTHETIC" not in text
    assert "nofollow-upisopen" not in text.lower()


def test_a_terrible_week_fits_and_says_how_many_rows_it_left_out(terrible):
    document = build_week(terrible, "east")
    _, text = read(build_pages(document))
    (left, *_) = re.findall(r"and(\d+)more,seethescreen", text)
    shown = len(re.findall(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)Jun\d+", text))
    assert shown >= 5
    assert shown + int(left) == len(find_week_card(document, "shootings").table) == 30
    assert [name for name in HOSTILE if flat(name) not in text] == []


def list_week_words(document):
    """Every sentence, number and cell the screen shows of a week, but what is on it alone."""
    report = document.report
    yield from (report.answer, *report.notes)
    for tile in report.tiles:
        yield from (tile.label, tile.value, tile.change, tile.base, tile.verdict)
    for card in document.cards:
        yield from (card.title, *card.sentences, card.note, card.alert)
        if card.table is not None:
            yield from card.table.columns
            yield from ("".join(row) for row in card.table.to_numpy())


def test_the_page_says_what_the_screen_says(published):
    context = briefing_reader.context(published, "state")
    for city in published.cities:
        document = build_week(context, city)
        reader, text = read(build_pages(document))
        assert [words for words in list_week_words(document) if flat(words) not in text] == []
        order = ("compared", "shootings", "promises", "messages")
        heads = [text.index(flat(find_week_card(document, key).title)) for key in order]
        assert heads == sorted(heads)
        assert "NOT FOR RELEASE SYNTHETIC" in str(reader.metadata.title)
        assert "SYNTHETIC" in text


def test_a_city_that_knows_little_says_unknown(tmp_path):
    context = briefing_reader.context(odd_release.publish_release(tmp_path), "city:east")
    document = build_week(context, "east", date(2026, 5, 17))
    read(build_pages(document))
    shootings = find_week_card(document, "shootings").table
    assert shootings.to_numpy().tolist() == [["Sat May 16", "unknown", "1", "0", "yes", "May 20", "opened"]]
    assert find_week_card(document, "messages").alert.startswith("Not supplied by East: custom notifications")


@pytest.mark.parametrize("kind", [*KINDS, "week"])
def test_a_document_is_known_again_as_not_for_release_and_an_edit_too(published, small, kind):
    document = build_week(small, "east") if kind == "week" else briefing(published, "state")
    made = build_pages(document) if kind == "week" else KINDS[kind](document)
    verdict = judge_file(made, document.context)
    assert verdict.outcome is FileOutcome.HOLDS
    assert f"Computed by this program from {document.release}, and untouched" in verdict.sentence
    assert "It was marked NOT FOR RELEASE" in verdict.sentence
    assert judge_file(made + b" ", document.context).outcome is FileOutcome.EDITED


def test_a_file_of_ours_has_its_marks_in_its_name_and_is_not_for_every_account(tmp_path):
    for public, synthetic, name in (
        (True, False, "a.pdf"),
        (True, True, "SYNTHETIC-a.pdf"),
        (False, True, "NOT-FOR-RELEASE-SYNTHETIC-a.pdf"),
    ):
        assert document_files.mark_name("a.pdf", public, synthetic) == name
    before = os.umask(0o022)
    try:
        for public, mode in ((False, 0o640), (True, 0o644)):
            document_files.write_document(tmp_path / f"{public}", b"x", public=public)
            assert (tmp_path / f"{public}").stat().st_mode & 0o777 == mode
    finally:
        os.umask(before)


def test_what_cannot_be_written_is_named_and_the_old_file_stays(monkeypatch, tmp_path):
    out, folder, file = tmp_path / "page.pdf", tmp_path / "folder", tmp_path / "file"
    folder.mkdir()
    for path in (out, file):
        path.write_bytes(b"the page of last week")
    for path in (folder, file / "page.pdf"):
        with pytest.raises(DataError) as refused:
            document_files.write_document(path, b"x", public=True)
        assert str(refused.value).startswith(f"{path} cannot be written: ")

    def fill(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fill)
    with pytest.raises(DataError, match=r"page\.pdf cannot be written: No space left on device"):
        document_files.write_document(out, b"half a page", public=False)
    assert sorted(tmp_path.iterdir()) == [file, folder, out]
    assert out.read_bytes() == b"the page of last week"


MAIL = """
[mail]
sender = "longevity@state.example"

[mail.subscriptions]
"chief@city.example" = "city:hartford"
"aide@state.example" = "state"
"desk@paper.example" = "public"
"""


@pytest.fixture
def run(published, tmp_path, monkeypatch, capsys):
    """Runs a command with three subscriptions, and a `sendmail` that keeps what it is handed.

    It does not take the chief's.
    """
    config = tmp_path / "longevity.toml"
    text = (ROOT / "longevity.toml").read_text("utf-8")
    config.write_text(text.replace("data/reference", str(ROOT / "data/reference")) + MAIL)
    monkeypatch.setenv("LONGEVITY_CONFIG", str(config))
    monkeypatch.setenv("LONGEVITY_HOME", str(published.home))
    script = tmp_path / "sendmail"
    script.write_text(f"#!/bin/sh\ncat > {tmp_path}/$$.mail\n! grep -q '^To: chief' {tmp_path}/$$.mail\n")
    script.chmod(0o700)
    monkeypatch.setattr(weekly_mail, "SENDMAIL", (str(script), "-t"))
    return partial(run_command, capsys)


def read_mail(folder):
    sent = [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob("*.mail")]
    return {str(mail["To"]): mail for mail in sent}


def test_each_subscriber_is_sent_what_the_line_names_and_a_mail_not_taken_is_said(run, tmp_path):
    done = run("weekly", "--all", "--out", tmp_path / "pages", "--mail")
    assert done.code == 1
    assert done.err.count("was not sent") == 1
    assert "The mail to chief@city.example was not sent" in done.err
    assert len([*(tmp_path / "pages").iterdir()]) == 3
    sent = read_mail(tmp_path)
    marked = "NOT-FOR-RELEASE-SYNTHETIC-{}-week.pdf".format
    assert {to: [part.get_filename() for part in mail.iter_attachments()] for to, mail in sent.items()} == {
        "chief@city.example": [marked("hartford")],
        "aide@state.example": [marked(city) for city in ("new_haven", "hartford", "bridgeport")],
        "desk@paper.example": ["SYNTHETIC-state-briefing.pdf"],
    }
    for to, mail in sent.items():
        assert str(mail["Subject"]).startswith("NOT FOR RELEASE: ") is (to != "desk@paper.example")
    assert "Hartford" in sent["chief@city.example"].get_body().get_content()


def test_one_page_is_written_under_the_name_it_is_given_or_nothing_is(run, tmp_path):
    out = tmp_path / "page.pdf"
    for ending, sentence in (("2030-01-06", "No whole week of"), ("2026-11-18", "The nearest week ends on")):
        done = run("weekly", "hartford", "--out", out, "--week-ending", ending)
        assert done.code == 2
        assert sentence in done.err
        assert not done.out
        assert not out.exists()
    done = run("weekly", "hartford", "--out", out)
    assert (done.code, done.out.strip()) == (0, str(out))
    read(out.read_bytes())
    assert not read_mail(tmp_path)  # which it was not asked for
