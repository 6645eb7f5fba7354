"""A press bundle: one chart as pictures, a slide, rows and a manifest, each signed (C2PA)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from longevity import NAME
from longevity.auth.viewers import PUBLIC, Viewer
from longevity.charts import fonts
from longevity.errors import AccessError, DataError, UsageError, describe_error, suggest_remedy
from longevity.files import atomic_write
from longevity.outputs.bundle import picture, rows, slides
from longevity.outputs.credentials.sign import Record, sign_beside, sign_deck, sign_file
from longevity.reports.chart_catalogue.definition import Drawn, Entry
from longevity.reports.edited_title import word_title
from longevity.settings import Settings
from longevity.strict_toml import suggest_nearest
from longevity.text.edited_titles import write_subtitle

FORMATS = ("png", "svg", "pdf", "pptx", "csv")
PICTURES = ("png", "svg", "pdf")  # that take a Chromium
MANIFEST, CREDENTIALS, README = "manifest.json", "manifest.c2pa", "README.txt"


def make(
    drawn: Drawn,
    settings: Settings,
    formats: Sequence[str] = FORMATS,
    *,
    title: str = "",
    editor: Viewer = PUBLIC,
    sizes: Sequence[str] = tuple(picture.SIZES),
) -> dict[str, bytes]:
    """The files of a bundle by name: those of `formats`, a README, a manifest and what signs it.

    `title` is what `editor` wrote in the place of the chart's own; it stands there unless it
    says something else. Raises AccessError for what is not public and for a title that the
    public wrote, NoBrowserError where a picture is asked for and no Chromium starts,
    UsageError for an unknown format.
    """
    formats = formats_of(",".join(formats))
    only_public(drawn)
    settled = word_title(drawn, settings, title, editor)
    if settled.edited:
        drawn = _edited(drawn)
    said = rows.record(drawn, settled, fonts.describe_typeface())
    stem = name_of(drawn)
    files: dict[str, bytes] = {}
    if set(formats) & set(PICTURES):
        files |= _pictures(drawn, settings, formats, sizes, said, stem)
    if "pptx" in formats:
        files[f"{stem}.pptx"] = _deck(drawn, settings, said)
    if "csv" in formats:
        files[f"{stem}.csv"] = rows.csv(drawn)
    files[f"{stem}-{README}"] = rows.readme(said, sorted(files))
    told = _with_hashes(said, files)
    files[f"{stem}-{MANIFEST}"] = written = _written(told)
    files[f"{stem}-{CREDENTIALS}"] = sign_beside(written, settings, told)
    return files


def _edited(drawn: Drawn) -> Drawn:
    """The chart under another title: no edit can hide the finding, it leads the subtitle."""
    chart = drawn.chart
    under = write_subtitle(chart.title, chart.subtitle)
    return replace(drawn, chart=replace(chart, subtitle=under))


def write(files: dict[str, bytes], out: Path) -> list[Path]:
    """Write the files into a folder, made when it is not there; their paths."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            # Whole or not at all: a torn file would look like one somebody edited.
            with atomic_write(out / name) as draft:
                draft.write_bytes(data)
    except OSError as error:
        raise DataError(
            f"{out} cannot be written: {describe_error(error)}.", suggest_remedy(error)
        ) from error
    return [out / name for name in files]


def formats_of(words: str) -> list[str]:
    """The formats of `png,svg`, each once; UsageError names one that is not known."""
    named = list(dict.fromkeys(word.strip().lower() for word in words.split(",") if word.strip()))
    for one in named:
        if one not in FORMATS:
            raise UsageError(f"There is no format '{one}'.", suggest_nearest(one, FORMATS))
    if not named:
        raise UsageError("No format is named.", f"Name some of {', '.join(FORMATS)}.")
    return named


def has_public_form(entry: Entry) -> None:
    """Raise AccessError for a chart that nobody may take out of the building."""
    if entry.why_not_public:
        raise AccessError(f"'{entry.name}' has no public form.", entry.why_not_public)


def only_public(drawn: Drawn) -> None:
    """Raise AccessError unless anybody may see every answer the chart rests on."""
    has_public_form(drawn.entry)
    for answer in drawn.answers:
        about = answer.provenance
        if about.viewer != "public" or about.not_for_release:
            raise AccessError(
                f"'{drawn.entry.name}' was computed for '{about.viewer}'.",
                "What leaves the building is computed as public.",
            )


def name_of(drawn: Drawn) -> str:
    """What its files are called: that they are synthetic first, then chart, choices, release.

    What was chosen beside the defaults stands in the name, so that two cities' charts can
    lie in one folder.
    """
    mark = "SYNTHETIC-" if drawn.synthetic else ""
    chosen = "".join(f"-{_slug(value)}" for value in drawn.chosen.values())
    return f"{mark}{drawn.chart.name}{chosen}-{drawn.about.release_id}"


def png_name(stem: str, size: str) -> str:
    """What the picture of a bundle is called at one size."""
    return f"{stem}-{size}.png"


def _slug(value: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", value.lower()).strip("_") or "none"


def _with_hashes(said: Record, files: dict[str, bytes]) -> Record:
    """The record with the hash of each file, SHA-256."""
    return {
        **said,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }


def _written(told: Record) -> bytes:
    """A manifest as people and programs read it; what signs it stands beside it."""
    return (json.dumps(told, indent=1, sort_keys=True) + "\n").encode()


def _pictures(
    drawn: Drawn,
    settings: Settings,
    formats: Sequence[str],
    sizes: Sequence[str],
    said: Record,
    stem: str,
) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    title = str(said["title"])
    slide = picture.svg(drawn, settings.branding, "slide", title)
    if "png" in formats:
        for size in sizes:
            own = slide if size == "slide" else picture.svg(drawn, settings.branding, size, title)
            png = picture.png(own, size)
            files[png_name(stem, size)] = sign_file(png, "png", settings, said)
    if "svg" in formats:
        files[f"{stem}.svg"] = sign_file(slide, "svg", settings, said)
    if "pdf" in formats:
        about = {
            "/Title": title,
            "/Subject": str(said["source"]),
            "/Author": settings.program,
            "/Creator": NAME,
        }
        pdf = picture.pdf(slide, "slide", about)
        files[f"{stem}.pdf"] = sign_file(pdf, "pdf", settings, said)
    return files


def _deck(drawn: Drawn, settings: Settings, said: Record) -> bytes:
    title = str(said["title"])
    day = drawn.about.data_through or date.fromisoformat(drawn.about.published_on[:10])
    deck = slides.deck(settings, title, day)
    slides.add_chart_slide(deck, drawn, settings.branding, picture.plot_png, title=title)
    return sign_deck(deck, settings, said)
