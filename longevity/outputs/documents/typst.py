"""Setting pages with Typst: a template of ours, and data that are never read as markup."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from pypdf import PdfReader

from longevity.charts import fonts
from longevity.errors import DataError

TEMPLATES = Path(__file__).parent


def set_pages(template: str, data: dict[str, Any], dated: date) -> tuple[bytes, int]:
    """Return the pages of `template` (a file beside this one) with `data` in them, and how many.

    The data go in as JSON, so a name with a sign of the template's language in it is only a
    name. The same input gives the same bytes. DataError where they cannot be set.
    """
    compiler: Any = typst.Compiler(TEMPLATES / template, root=TEMPLATES, font_paths=_load_fonts())
    try:
        pages: Any = compiler.compile(
            format="pdf",
            sys_inputs={"data": json.dumps({"font": fonts.FAMILY, **data}, ensure_ascii=False)},
            timestamp=datetime(dated.year, dated.month, dated.day, tzinfo=UTC),
        )
    except typst.TypstError as error:
        raise DataError(f"{data['title']}: the pages cannot be set.") from error
    return bytes(pages), len(PdfReader(io.BytesIO(pages)).pages)


@cache
def _load_fonts() -> Any:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(fonts.find_folder())])
