"""Set PDF pages and draw PNGs with the library Typst, and fill Jinja templates of SVG and HTML."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from longevity.base.errors import DataError
from longevity.charts import fonts

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
    """Return a PDF made of a Typst template (a name in TEMPLATES) and data, and its page count.

    The same input gives the same bytes. Data are never read as markup. DataError where it fails.
    """
    from pypdf import PdfReader  # a picture does not wait for it

    pages = _compile(
        template, data, format="pdf", timestamp=datetime(*dated.timetuple()[:3], tzinfo=UTC)
    )
    return pages, len(PdfReader(io.BytesIO(pages)).pages)


def fill_template(name: str, **facts: Any) -> str:
    """Return a Jinja template of TEMPLATES filled with facts, escaped in SVG and HTML."""
    return _FILLED.get_template(name).render(facts)


def draw_png(svg: str, wide: float, tall: float, pixels: int) -> bytes:
    """Draw an SVG of `wide` by `tall` points as a PNG `pixels` wide: the same bytes every time."""
    data = {"svg": svg, "wide": wide, "tall": tall}
    return _compile("picture.typ", data, format="png", ppi=INCH * pixels / wide)


def _compile(template: str, data: dict[str, Any], **how: Any) -> bytes:
    """Return what Typst makes of a template and data; `how`: the format, and options of it."""
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
