"""The weekly page as a PDF: one page whatever the week held, and what stands on it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pypdf
import pytest

from longevity import cli
from longevity.auth.viewers import PUBLIC, parse_viewer
from longevity.outputs.bundle.verify import Outcome, verify
from longevity.outputs.documents import weekly
from longevity.release.store import Store
from longevity.reports import week_sections
from longevity.reports.context import ReportContext
from longevity.reports.week_sections import Told
from longevity.settings import Settings
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY
from tests.factories import odd_release, violence_release

SUNDAY = date(2026, 6, 28)
HOSTILE = ("#panic()", "[x](y) *b*", "$1/0$ @ref <l>", "\\u{41} `a`", "نص abc")
TERRIBLE = {
    "east": [(SUNDAY - timedelta(days=at % 7), 1 + at % 3, at % 2) for at in range(30)]
    + [(date(2024, 5, 1), 2, 0)]
}


def context_of(settings: Settings, viewer: str) -> ReportContext:
    return ReportContext(
        settings,
        parse_viewer(viewer, settings),
        Warehouse(Store(settings.home).current(), settings),
        TODAY,
    )


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReportContext]:
    """Incidents and victims alone; nothing in the newest week."""
    context = context_of(
        violence_release.publish_release(tmp_path_factory.mktemp("quiet"), violence_release.USUAL),
        "city:east",
    )
    yield context
    context.warehouse.close()


@pytest.fixture(scope="module")
def terrible(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReportContext]:
    """Thirty shootings in the newest week, in neighbourhoods with hostile names."""
    settings = violence_release.publish_release(
        tmp_path_factory.mktemp("terrible"), TERRIBLE, areas=HOSTILE[:4], cities=("east",)
    )
    context = context_of(settings, "state")
    yield context
    context.warehouse.close()


@pytest.fixture(scope="module")
def demonstrated(warehouse: Warehouse, published: Settings) -> ReportContext:
    return ReportContext(published, parse_viewer("state", published), warehouse, TODAY)


def read(content: bytes) -> tuple[pypdf.PdfReader, str]:
    """The file of one letter page, and its text on one line."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert len(reader.pages) == 1
    assert [float(side) for side in reader.pages[0].mediabox[2:]] == [612, 792]
    return reader, flat(reader.pages[0].extract_text())


def flat(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_a_quiet_week_of_a_city_with_incidents_alone_says_what_is_missing(
    small: ReportContext,
) -> None:
    told = week_sections.tell(small, "east")
    _, text = read(weekly.pdf(small, told))
    assert told.headline.endswith("nobody was shot.")
    assert flat(told.headline) in text
    assert text.count(flat("Missing, not zero.")) == 5
    assert "NOTFORRELEASE" in text
    assert "SYNTHETIC" not in text
    assert "nopromiseisopen" not in text.lower()


def test_a_terrible_week_fits_and_says_how_many_rows_it_left_out(terrible: ReportContext) -> None:
    told = week_sections.tell(terrible, "east")
    _, text = read(weekly.pdf(terrible, told))
    left = [int(count) for count in re.findall(r"and(\d+)more,seethescreen", text)]
    shown = len(re.findall(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)Jun\d+", text))
    assert shown >= 5
    assert shown + left[0] == len(told.lists[0].rows) == 30


def test_no_type_is_under_nine_points(terrible: ReportContext) -> None:
    reader, _ = read(weekly.pdf(terrible, week_sections.tell(terrible, "east")))
    sizes: set[float] = set()

    def see(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            sizes.add(round(size * abs(tm[3]) * abs(cm[3]), 1))

    reader.pages[0].extract_text(visitor_text=see)
    assert max(sizes) >= 24
    assert min(sizes) >= 9


def test_a_hostile_label_is_text_on_paper(terrible: ReportContext) -> None:
    told = week_sections.tell(terrible, "east")
    long = "#" * 10_000 + "נסיון"
    turned = "a\u202eb"  # refused in extracts by now, not in releases of before
    hostile = [(name, "1", "1") for name in (*HOSTILE, turned, long)]
    _, text = read(weekly.pdf(terrible, replace(told, places=replace(told.places, rows=hostile))))
    for name in HOSTILE[:4]:
        assert flat(name) in text
    assert "#" * 25 + "…" in text
    assert "\u202e" not in text


def figures(told: Told) -> Iterator[str]:
    """Every sentence, figure and row the screen shows of a week."""
    yield from (told.headline, told.change, *told.notes)
    yield from (f"{many}{what}" for what, many in told.figures)
    for one in (told.comparisons, told.places, *told.lists):
        yield one.sentence
        yield from ("".join(row) for row in one.rows)


def test_the_page_says_what_the_screen_says(demonstrated: ReportContext) -> None:
    for city in demonstrated.settings.cities:
        told = week_sections.tell(demonstrated, city)
        reader, text = read(weekly.pdf(demonstrated, told))
        for said in figures(told):
            assert flat(said) in text, said
        heads = [text.index(flat(one.title)) for one in (told.comparisons, *told.lists[:3])]
        assert heads == sorted(heads)
        assert reader.metadata is not None
        assert "NOT FOR RELEASE SYNTHETIC" in str(reader.metadata.title)
        assert "SYNTHETIC" in text


def test_the_same_week_makes_the_same_bytes_before_it_is_signed(
    small: ReportContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("longevity.outputs.documents.signing.pdf", lambda made, *_: made)
    told = week_sections.tell(small, "east")
    assert weekly.pdf(small, told) == weekly.pdf(small, told)


def test_the_page_is_known_again_as_not_for_release(small: ReportContext) -> None:
    made = weekly.pdf(small, week_sections.tell(small, "east"))
    verdict = verify(Path("page.pdf"), made, small)
    assert verdict.outcome is Outcome.HOLDS
    assert "It was marked NOT FOR RELEASE." in verdict.sentence
    edited = verify(Path("page.pdf"), made + b"\n", small)
    assert edited.outcome is Outcome.EDITED
    assert edited.sentence.endswith("It was marked NOT FOR RELEASE.")


def test_a_city_that_knows_little_is_told_as_unknown(tmp_path: Path) -> None:
    context = context_of(odd_release.publish_release(tmp_path), "city:east")
    told = week_sections.tell(context, "east", date(2026, 5, 17))
    read(weekly.pdf(context, told))
    assert told.lists[0].rows == [("Sat May 16", "unknown", "1", "0", "yes", "May 20", "opened")]
    messages = next(one for one in told.lists if one.name == "messages")
    assert messages.missing.startswith("Not supplied")
    context.warehouse.close()


def run(monkeypatch: pytest.MonkeyPatch, settings: Settings, *words: str) -> int:
    monkeypatch.setattr("longevity.settings.load_settings", lambda: settings)
    return cli.main(["weekly", *words], today=TODAY)


def test_the_command_writes_the_file_whole_under_the_name_it_is_given(
    monkeypatch: pytest.MonkeyPatch,
    published: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    city = next(iter(published.cities))
    assert run(monkeypatch, published, city, "--out", str(tmp_path / "page.pdf")) == 0
    written = tmp_path / "page.pdf"
    assert capsys.readouterr().out.strip() == str(written)
    assert list(tmp_path.iterdir()) == [written]
    read(written.read_bytes())


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--viewer", "public"], "may not read it"),
        (["--viewer", "city:OTHER"], "may not read it"),
        (["--week-ending", "2030-01-06"], "not over"),
        (["--week-ending", "2026-11-18"], "The nearest week ends on"),
        (["--viewer", "nobody"], "no viewer"),
    ],
)
def test_the_command_refuses_in_a_sentence_and_writes_nothing(
    monkeypatch: pytest.MonkeyPatch,
    published: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    more: list[str],
    said: str,
) -> None:
    city, other = list(published.cities)[:2]
    words = [word.replace("OTHER", other) for word in more]
    assert run(monkeypatch, published, city, "--out", str(tmp_path / "p.pdf"), *words) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert not told.out
    assert not list(tmp_path.iterdir())


def test_the_public_is_refused_at_the_desk_too(published: Settings, warehouse: Warehouse) -> None:
    from longevity.errors import AccessError

    context = ReportContext(published, PUBLIC, warehouse, TODAY)
    with pytest.raises(AccessError, match="on Briefing"):
        week_sections.tell(context, next(iter(published.cities)))
