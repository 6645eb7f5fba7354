"""A press bundle: one chart as pictures, a slide, rows and a manifest, each signed (C2PA)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache, partial
from pathlib import Path

from longevity import NAME
from longevity.auth.viewers import PUBLIC, Viewer
from longevity.charts import fonts
from longevity.errors import UsageError, suggest_nearest
from longevity.measures.nouns import MEASURES
from longevity.outputs.bundle import bundle_rows, kept, picture, powerpoint_chart, slides
from longevity.outputs.bundle.slides import Slide
from longevity.outputs.credentials.sign import Record, sign_beside, sign_deck, sign_file
from longevity.outputs.documents.document_files import write_document as write_file
from longevity.screens.chart_catalogue.definition import ALL, FINDING, Drawn
from longevity.screens.chart_title import Title, choose_title, settle_title
from longevity.settings import Settings

FORMATS = ("png", "svg", "pdf", "pptx", "csv")
PLACES = ("city", "area")  # parameters that name the place a chart is of
MANIFEST, CREDENTIALS, README = "manifest.json", "manifest.c2pa", "README.txt"


def make_bundle(
    result: Drawn,
    settings: Settings,
    formats: Sequence[str] = FORMATS,
    *,
    title: str = FINDING,
    words: str = "",
    viewer: Viewer = PUBLIC,
    sizes: Sequence[str] = tuple(picture.SIZES),
) -> dict[str, bytes]:
    """Make the files of a bundle, by name: `formats`, a README, a manifest and what signs it.

    `title`: which of those the chart offers; `words`: what `viewer` would have there instead.
    Raises AccessError for what is not public and for words of the public's, UsageError for an
    unknown format or title and for words that are not plain, NoBrowserError where a picture is
    asked for and no Chromium starts.
    """
    formats = parse_formats(",".join(formats))
    kept.require_public(result)
    title_line = settle_title(result, title, words, viewer)
    record = bundle_rows.build_record(result, title_line, fonts.describe_typeface())
    stem = name_bundle(result)
    files = {
        f"{stem}{name}": data
        for name, data in make_signed(result, settings, formats, sizes, title_line, record)
    }
    if "csv" in formats:
        files[f"{stem}.csv"] = bundle_rows.write_csv(result)
    files[f"{stem}-{README}"] = bundle_rows.write_readme(record, sorted(files))
    with_hashes = _add_hashes(record, files)
    files[f"{stem}-{MANIFEST}"] = manifest = _write_manifest(with_hashes)
    files[f"{stem}-{CREDENTIALS}"] = sign_beside(manifest, settings, with_hashes)
    return files


def draw_preview(result: Drawn, settings: Settings, size: str, title: Title) -> bytes:
    """Draw the picture of a size as a screen shows it."""

    def draw() -> bytes:
        svg = picture.draw_svg(result, settings.branding, size, title.text, title.note)
        return picture.draw_preview(svg, size)

    return _keep_computed(result, settings, title, f"screen-{size}.png", draw)


def make_signed(
    result: Drawn,
    settings: Settings,
    formats: Sequence[str],
    sizes: Sequence[str],
    title: Title,
    record: Record,
) -> Iterator[tuple[str, bytes]]:
    """Make each file that carries its own credentials, with the end of its name."""
    for name, make in _list_makers(result, settings, sizes, title, record).items():
        if name.rpartition(".")[2] in formats:
            end = name.removeprefix("slide")
            data = _keep_computed(result, settings, title, name, make)
            yield (end if end.startswith(".") else f"-{end}"), data


def _keep_computed(
    result: Drawn, settings: Settings, title: Title, name: str, make: Callable[[], bytes]
) -> bytes:
    """Return a file that is kept, or make it: under another title it is not."""
    is_computed = title == choose_title(result)
    return kept.keep(result, settings, name, make) if is_computed else make()


def list_without_browser(result: Drawn, formats: Sequence[str] = FORMATS) -> list[str]:
    """List those formats that take no Chromium: slides of a chart that PowerPoint has, and rows."""
    has_own = powerpoint_chart.build_native(result.chart.printed) is not None
    return [kind for kind in formats if kind == "csv" or (kind == "pptx" and has_own)]


def write_bundle(files: dict[str, bytes], out: Path) -> list[Path]:
    """Write the files into a folder, made when it is not there; return their paths.

    Each is written whole or not at all: a torn file would look like one somebody edited.
    """
    for name, data in files.items():
        write_file(out / name, data, public=True)
    return [out / name for name in files]


def write_single_file(files: dict[str, bytes], out: Path) -> list[Path]:
    """Write the one file of a bundle that carries its own credentials, called as asked."""
    data = next(data for name, data in files.items() if Path(name).suffix == out.suffix.lower())
    return write_bundle({out.name: data}, out.parent)


def find_format(out: Path) -> str:
    """Return the format of the one file that a path names; empty for a folder.

    UsageError for a CSV, which is signed in the manifest beside it.
    """
    kind = out.suffix.lower().removeprefix(".")
    if out.is_dir() or kind not in FORMATS:
        return ""
    if kind == "csv":
        raise UsageError(
            f"{out.name} would have no credentials of its own.",
            "Give a folder: a CSV is signed in the manifest beside it.",
        )
    return kind


def parse_formats(words: str) -> list[str]:
    """Return the formats of `png,svg`, each once; UsageError names one that is not known."""
    formats = list(dict.fromkeys(word.strip().lower() for word in words.split(",") if word.strip()))
    for kind in formats:
        if kind not in FORMATS:
            raise UsageError(f"There is no format '{kind}'.", suggest_nearest(kind, FORMATS))
    if not formats:
        raise UsageError("No format is named.", f"Name some of {', '.join(FORMATS)}.")
    return formats


def name_bundle(result: Drawn) -> str:
    """Name its files: that they are synthetic, the place, the chart, the last day.

    What else was chosen beside the defaults stands in the name, unless the chart's own says it,
    so that two charts can lie in one folder.
    """
    mark = ["SYNTHETIC"] if result.synthetic else []
    place = [
        _make_slug(result.values[name]) for name in PLACES if result.values.get(name, ALL) != ALL
    ]
    chart = result.chart.name
    others = [
        _make_slug(MEASURES.get(value, value))
        for name, value in result.changes.items()
        if name not in PLACES
    ]
    values = [value for value in others if value not in chart]
    return "-".join([*mark, *place, chart, *values, find_bundle_day(result).isoformat()])


def name_png(stem: str, size: str) -> str:
    """Name the picture of a bundle at one size."""
    return f"{stem}.png" if size == "slide" else f"{stem}-{size}.png"


def find_bundle_day(result: Drawn) -> date:
    """Return the last day its data cover; of what has none, the day it was published."""
    return result.about.data_through or date.fromisoformat(result.about.published_on[:10])


def _make_slug(value: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-") or "none"


def _add_hashes(record: Record, files: dict[str, bytes]) -> Record:
    """Return the record with the hash of each file, SHA-256."""
    return {
        **record,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }


def _write_manifest(record: Record) -> bytes:
    """Write a manifest as people and programs read it; what signs it stands beside it."""
    return (json.dumps(record, indent=1, sort_keys=True) + "\n").encode()


def _list_makers(
    result: Drawn, settings: Settings, sizes: Sequence[str], title: Title, record: Record
) -> dict[str, Callable[[], bytes]]:
    """Return what makes each signed file, by size and format."""

    @cache
    def draw(size: str) -> bytes:
        return picture.draw_svg(result, settings.branding, size, title.text, title.note)

    def make_png(size: str) -> bytes:
        return sign_file(picture.draw_png(draw(size), size), "png", settings, record)

    def make_pdf() -> bytes:
        about = {
            "/Title": title.text,
            "/Subject": str(record["source"]),
            "/Author": settings.program,
            "/Creator": NAME,
        }
        return sign_file(picture.draw_pdf(draw("slide"), "slide", about), "pdf", settings, record)

    return {
        **{f"{size}.png": partial(make_png, size) for size in sizes},
        "slide.svg": lambda: sign_file(draw("slide"), "svg", settings, record),
        "slide.pdf": make_pdf,
        "slide.pptx": lambda: _make_deck(result, settings, record),
    }


def _make_deck(result: Drawn, settings: Settings, record: Record) -> bytes:
    title, note, source = str(record["title"]), str(record["title_note"]), result.about.source
    computed = f"{note}. The computed one is: {record['title_made']}" if note else ""
    said = Slide(
        title,
        f"{note}. {source}" if note else source,
        record["marks"],
        slides.write_speaker_notes(result, computed),
        subtitle=result.chart.subtitle,
        drawn=result,
    )
    deck = slides.create_deck(settings, title, find_bundle_day(result))
    slides.add_slide(
        deck, said, settings.branding, partial(picture.draw_card_png, settings=settings)
    )
    return sign_deck(deck, settings, record)
