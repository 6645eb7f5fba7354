"""Setting pages with Typst: a template of ours, and data that are never read as markup."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import typst

from longevity.press import fonts

FONT = "Source Sans Pro"
TEMPLATES = Path(__file__).parent


def pdf(template: str, told: dict[str, Any], dated: date) -> bytes:
    """The pages of `template` (a file beside this one) with `told` in them, dated `dated`.

    What is told goes in as JSON, so a name with a sign of the template's language in it is
    only a name. The same input gives the same bytes.
    """
    made: bytes = typst.compile(
        str(TEMPLATES / template),
        format="pdf",
        root=str(TEMPLATES),
        font_paths=[str(fonts.folder())],
        ignore_system_fonts=True,
        sys_inputs={"told": json.dumps(told, ensure_ascii=False)},
        timestamp=datetime(dated.year, dated.month, dated.day, tzinfo=UTC),
    )
    return made
