"""A press bundle: one chart as pictures, a slide, rows and a manifest, each signed (C2PA)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from longevity import NAME
from longevity.auth.viewers import PUBLIC, Viewer
from longevity.charts import fonts
from longevity.errors import AccessError, UsageError, suggest_nearest
from longevity.measures.nouns import MEASURES
from longevity.outputs.bundle import picture, rows, slides
from longevity.outputs.credentials.sign import Record, sign_beside, sign_deck, sign_file
from longevity.outputs.documents.files import write_document as write_file
from longevity.reports.chart_catalogue.definition import ALL, FINDING, Drawn
from longevity.reports.chart_title import settle_title
from longevity.settings import Settings

FORMATS = ("png", "svg", "pdf", "pptx", "csv")
PICTURES = ("png", "svg", "pdf")  # that take a Chromium
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
    require_public_answers(result)
    title_line = settle_title(result, title, words, viewer)
    record = rows.build_record(result, title_line, fonts.describe_typeface())
    stem = name_bundle(result)
    files: dict[str, bytes] = {}
    if set(formats) & set(PICTURES):
        files |= _make_pictures(result, settings, formats, sizes, record, stem)
    if "pptx" in formats:
        files[f"{stem}.pptx"] = _make_deck(result, settings, record)
    if "csv" in formats:
        files[f"{stem}.csv"] = rows.write_csv(result)
    files[f"{stem}-{README}"] = rows.write_readme(record, sorted(files))
    with_hashes = _add_hashes(record, files)
    files[f"{stem}-{MANIFEST}"] = manifest = _write_manifest(with_hashes)
    files[f"{stem}-{CREDENTIALS}"] = sign_beside(manifest, settings, with_hashes)
    return files


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


def require_public_answers(result: Drawn) -> None:
    """Raise AccessError unless anybody may see every answer the chart rests on."""
    result.entry.require_public_form()
    for answer in result.answers:
        about = answer.provenance
        if about.viewer != "public" or about.not_for_release:
            raise AccessError(
                f"'{result.entry.name}' was computed for '{about.viewer}'.",
                "What leaves the building is computed as public.",
            )


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


def _make_pictures(
    result: Drawn,
    settings: Settings,
    formats: Sequence[str],
    sizes: Sequence[str],
    record: Record,
    stem: str,
) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    title, note = str(record["title"]), str(record["title_note"])
    slide = picture.draw_svg(result, settings.branding, "slide", title, note)
    if "png" in formats:
        for size in sizes:
            svg = slide
            if size != "slide":
                svg = picture.draw_svg(result, settings.branding, size, title, note)
            png = picture.draw_png(svg, size)
            files[name_png(stem, size)] = sign_file(png, "png", settings, record)
    if "svg" in formats:
        files[f"{stem}.svg"] = sign_file(slide, "svg", settings, record)
    if "pdf" in formats:
        about = {
            "/Title": title,
            "/Subject": str(record["source"]),
            "/Author": settings.program,
            "/Creator": NAME,
        }
        pdf = picture.draw_pdf(slide, "slide", about)
        files[f"{stem}.pdf"] = sign_file(pdf, "pdf", settings, record)
    return files


def _make_deck(result: Drawn, settings: Settings, record: Record) -> bytes:
    title = str(record["title"])
    deck = slides.create_deck(settings, title, find_bundle_day(result))
    note = str(record["title_note"])
    notes = f"{note}. The computed one is: {record['title_made']}" if note else ""
    slides.add_chart_slide(
        deck, result, settings.branding, picture.draw_plot_png, title=title, note=note, notes=notes
    )
    return sign_deck(deck, settings, record)
