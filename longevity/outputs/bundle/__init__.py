"""A press bundle: the files of one public chart: signed pictures, a slide, its rows, a README."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache, partial
from pathlib import Path

from longevity.base.errors import UsageError, suggest_nearest
from longevity.facts.counted import MEASURES
from longevity.outputs import table_files
from longevity.outputs.bundle import bundle_record, kept, picture
from longevity.outputs.credentials import given_out
from longevity.outputs.credentials.sign import Record, sign_file
from longevity.outputs.documents.document_files import make_slug, write_document
from longevity.screens.chart_catalogue.definition import Drawn
from longevity.screens.chart_title import Title, choose_title
from longevity.screens.choice import ALL
from longevity.screens.marks import list_marks
from longevity.settings import Settings

FORMATS = ("png", "svg", "pdf", "pptx", "csv")
PLACES = ("city", "area")  # parameters that name the place a chart is of


def make_bundle(
    result: Drawn,
    settings: Settings,
    formats: Sequence[str] = FORMATS,
    *,
    title: Title | None = None,
) -> dict[str, bytes]:
    """Return the files of a bundle by name: one for each of `formats`, a README and a manifest.

    The hash of each is added to the list of files given out (`given_out`). `result`: the chart as
    drawn; `title`: the chart's own by default. Raises AccessError for a chart that is not public,
    NoBrowserError where a picture is asked for and no Chromium starts.
    """
    kept.require_public(result)
    title = title or choose_title(result)
    record = bundle_record.build_record(result, title)
    stem = name_bundle(result)
    files = {
        f"{stem}{end}": data for end, data in _make_signed(result, settings, formats, title, record)
    }
    plain = {}
    if "csv" in formats:
        plain[f"{stem}.csv"] = table_files.write_csv(result.chart.table, result.about)
    plain[f"{stem}-README.txt"] = bundle_record.write_readme(record, sorted({*files, *plain}))
    manifest = json.dumps(record, indent=1, sort_keys=True, default=str)
    plain[f"{stem}-manifest.json"] = f"{manifest}\n".encode()
    note = bundle_record.note_chart(json.loads(manifest))
    for data in plain.values():
        given_out.add_file(settings.home, data, note)
    return files | plain


def draw_preview(result: Drawn, settings: Settings, title: Title) -> bytes:
    """Return a bundle's picture as a PNG in the size of a screen."""

    def draw() -> bytes:
        return picture.draw_preview(picture.draw_svg(result, settings.branding, title))

    return _keep_computed(result, settings, title, "screen.png", draw)


def _make_signed(
    result: Drawn,
    settings: Settings,
    formats: Sequence[str],
    title: Title,
    record: Record,
) -> Iterator[tuple[str, bytes]]:
    """Yield each signed file with the end of its name: (".png", data)."""

    @cache
    def draw() -> bytes:
        return picture.draw_svg(result, settings.branding, title)

    def draw_pdf() -> bytes:
        about = {"title": title.text, "author": settings.program, "about": result.about.source}
        return picture.draw_pdf(draw(), result.chart.alt, about, find_bundle_day(result))

    makers: dict[str, Callable[[], bytes]] = {
        "png": lambda: picture.draw_png(draw()),
        "svg": draw,
        "pdf": draw_pdf,
        "pptx": lambda: _make_deck(result, settings, title),
    }

    def sign(kind: str) -> bytes:
        return sign_file(makers[kind](), kind, settings, record)

    for kind in [kind for kind in formats if kind in makers]:
        make = partial(sign, kind)
        yield f".{kind}", _keep_computed(result, settings, title, f"signed.{kind}", make)


def _keep_computed(
    result: Drawn, settings: Settings, title: Title, name: str, make: Callable[[], bytes]
) -> bytes:
    """Return a file that was kept since it was made before, or make it.

    Only files with the chart's own title are kept.
    """
    is_computed = title == choose_title(result)
    return kept.keep(result, settings, name, make) if is_computed else make()


def write_bundle(files: dict[str, bytes], out: Path) -> list[Path]:
    """Write the files into a folder, made when it is not there; return their paths.

    Each is written whole or not at all: a torn file would look like one somebody edited.
    """
    for name, data in files.items():
        write_document(out / name, data, public=True)
    return [out / name for name in files]


def parse_formats(words: str) -> list[str]:
    """Return the formats of `png,svg`, each once; UsageError names one that is not known."""
    formats = list(dict.fromkeys(word.strip().lower() for word in words.split(",") if word.strip()))
    for kind in formats:
        if kind not in FORMATS:
            raise UsageError(f"There is no format '{kind}'.", suggest_nearest(kind, FORMATS))
    return formats


def name_bundle(result: Drawn) -> str:
    """Return the name of a bundle's files: `SYNTHETIC-hartford-weekly-2026-11-22`.

    After place and chart come the choices that differ from what the chart opens on (unless its name
    has them), so that files of different choices have different names.
    """
    chart = result.chart.name
    mark = ["SYNTHETIC"] if result.about.synthetic else []
    place = [
        make_slug(result.values[name]) for name in PLACES if result.values.get(name, ALL) != ALL
    ]
    chosen = [
        make_slug(MEASURES.get(value, value))
        for name, value in result.changes.items()
        if name not in PLACES
    ]
    others = [value for value in chosen if value not in chart]
    return "-".join([*mark, *place, chart, *others, find_bundle_day(result).isoformat()])


def find_bundle_day(result: Drawn) -> date:
    """Return the last day that the chart's data cover, else the day of publication."""
    return result.about.data_through or date.fromisoformat(result.about.published_on[:10])


def _make_deck(result: Drawn, settings: Settings, title: Title) -> bytes:
    """Return a PowerPoint file with one slide, the chart."""
    from longevity.outputs.bundle import slides  # a picture does not wait for PowerPoint's library

    slide = slides.Slide(
        title.text,
        result.about.source,
        list_marks(public=True, synthetic=result.about.synthetic),
        slides.write_speaker_notes(result),
        subtitle=result.chart.subtitle,
        drawn=result,
    )
    deck = slides.create_deck(settings, title.text, find_bundle_day(result))
    slides.add_slide(deck, slide, settings)
    return slides.pack_deck(deck)
