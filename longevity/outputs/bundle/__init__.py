"""A press bundle: the files of one public chart: signed pictures, a slide, its rows, a README."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache, partial
from pathlib import Path

from longevity.base.errors import UsageError, suggest_nearest
from longevity.charts.chart import FINDING, Chart
from longevity.facts.counted import MEASURES
from longevity.outputs import table_files
from longevity.outputs.bundle import bundle_record, kept, picture
from longevity.outputs.credentials import given_out
from longevity.outputs.credentials.sign import sign_file
from longevity.outputs.documents.document_files import make_slug, mark_name, write_document
from longevity.screens.choice import ALL
from longevity.screens.marks import list_marks
from longevity.settings import Settings

FORMATS = ("png", "svg", "pdf", "pptx", "csv")
PLACES = ("city", "area")  # parameters that name the place a chart is of


def make_bundle(
    chart: Chart,
    settings: Settings,
    formats: Sequence[str] = FORMATS,
    *,
    title: str = FINDING,
) -> dict[str, bytes]:
    """Return the files of a bundle by name: one for each of `formats`, a README and a manifest.

    The hash of each is added to the list of files given out (`given_out`). `title`: the kind of
    its title. AccessError for a chart that is not public, NoBrowserError where a picture is asked
    for and no Chromium starts.
    """
    kept.require_public(chart)
    record = bundle_record.build_record(chart, title)
    stem, makers = name_bundle(chart), _list_makers(chart, settings, title)

    def sign(kind: str) -> bytes:
        return sign_file(makers[kind](), kind, settings, record)

    files = {
        f"{stem}.{kind}": kept.keep(chart, settings, f"signed.{kind}", partial(sign, kind), title)
        for kind in formats
        if kind in makers
    }
    plain = {}
    if "csv" in formats:
        plain[f"{stem}.csv"] = table_files.write_csv(chart.table, chart.about)
    plain[f"{stem}-README.txt"] = bundle_record.write_readme(record, sorted({*files, *plain}))
    manifest = json.dumps(record, indent=1, sort_keys=True, default=str)
    plain[f"{stem}-manifest.json"] = f"{manifest}\n".encode()
    note = bundle_record.note_chart(json.loads(manifest))
    for data in plain.values():
        given_out.add_file(settings.home, data, note)
    return files | plain


def _list_makers(chart: Chart, settings: Settings, title: str) -> dict[str, Callable[[], bytes]]:
    """Return what makes each file that is signed, by its format."""

    @cache
    def draw() -> str:
        return picture.draw_svg(chart, settings.branding, title)

    day = find_bundle_day(chart)
    return {
        "png": lambda: picture.draw_png(draw()),
        "svg": lambda: draw().encode(),
        "pdf": lambda: picture.draw_pdf(draw(), chart, title, settings.program, day),
        "pptx": lambda: _make_deck(chart, settings, title),
    }


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


def name_bundle(chart: Chart) -> str:
    """Return the name of a bundle's files: `SYNTHETIC-hartford-weekly-2026-11-22`.

    After place and chart come the choices that differ from what the chart opens on (unless its name
    has them), so that files of different choices have different names.
    """
    place = [make_slug(chart.values[name]) for name in PLACES if chart.values.get(name, ALL) != ALL]
    chosen = [
        make_slug(MEASURES.get(value, value))
        for name, value in chart.changes.items()
        if name not in PLACES
    ]
    others = [value for value in chosen if value not in chart.file]
    name = "-".join([*place, chart.file, *others, find_bundle_day(chart).isoformat()])
    return mark_name(name, public=True, synthetic=chart.about.synthetic)


def find_bundle_day(chart: Chart) -> date:
    """Return the last day that the chart's data cover, else the day of publication."""
    return chart.about.data_through or date.fromisoformat(chart.about.published_on[:10])


def _make_deck(chart: Chart, settings: Settings, title: str) -> bytes:
    """Return a PowerPoint file with one slide, the chart."""
    from longevity.outputs.bundle import slides  # a picture does not wait for PowerPoint's library

    slide = slides.Slide(
        chart.find_title(title),
        chart.about.source,
        list_marks(public=True, synthetic=chart.about.synthetic),
        slides.write_speaker_notes(chart),
        subtitle=chart.subtitle,
        chart=chart,
    )
    return slides.make_deck(settings, slide.title, find_bundle_day(chart), [slide])
