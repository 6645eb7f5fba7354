"""Typst: pages of a template of ours with data, which are never read as markup, and pictures."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from longevity.charts import fonts
from longevity.errors import DataError

TEMPLATES = Path(__file__).parent / "templates"
INCH = 72  # points
_FILLED = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=select_autoescape(["svg", "html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    keep_trailing_newline=True,
)


def set_pages(template: str, data: dict[str, Any], dated: date) -> tuple[bytes, int]:
    """Return the pages of `template` (of TEMPLATES) with `data` in them, and how many there are.

    The same input gives the same bytes. DataError where they cannot be set.
    """
    from pypdf import PdfReader  # a picture does not wait for it

    pages = _compile(
        template, data, format="pdf", timestamp=datetime(*dated.timetuple()[:3], tzinfo=UTC)
    )
    return pages, len(PdfReader(io.BytesIO(pages)).pages)


def fill_template(name: str, **facts: Any) -> str:
    """Return a template of TEMPLATES with facts in it, which are no markup of an SVG or page."""
    return _FILLED.get_template(name).render(facts)


def draw_png(svg: str, wide: float, tall: float, pixels: int) -> bytes:
    """Draw an SVG of so many points as PNG, `pixels` wide: the same bytes every time."""
    data = {"svg": svg, "wide": wide, "tall": tall}
    return _compile("picture.typ", data, format="png", ppi=INCH * pixels / wide)


def _compile(template: str, data: dict[str, Any], **how: Any) -> bytes:
    compiler: Any = typst.Compiler(TEMPLATES / template, root=TEMPLATES, font_paths=_load_fonts())
    said = {"font": fonts.FAMILY, "title": "", "author": "", "about": "", "alt": "", **data}
    try:
        made = compiler.compile(sys_inputs={"data": json.dumps(said, ensure_ascii=False)}, **how)
    except typst.TypstError as error:
        raise DataError(f"{said['title'] or 'The picture'} cannot be set.") from error
    return bytes(made)


@cache
def _load_fonts() -> Any:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(fonts.find_folder())])
