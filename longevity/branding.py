"""What a document looks like beside its figures: the `[branding]` of the configuration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from longevity.strict_toml import Table

ACCENT = "#0067A5"
LOGOS = (".png", ".jpg", ".jpeg")
LARGEST_LOGO = 2_000_000  # bytes
LONGEST_FOOTER = 80  # characters
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")


@dataclass(frozen=True)
class Branding:
    """The logo file or None, the colour of the rule over a title, words in the footer."""

    logo: Path | None = None
    accent: str = ACCENT
    footer: str = ""


def read_branding(table: Table) -> Branding:
    """Read the table `[branding]`; ConfigError names the key that is wrong."""
    accent = table.text("accent", ACCENT)
    if not _COLOUR.fullmatch(accent):
        raise table.error("accent", f"is '{accent}'.", "Write a colour such as #0067A5.")
    footer = table.text("footer", "").strip()
    if len(footer) > LONGEST_FOOTER:
        raise table.error("footer", f"is longer than {LONGEST_FOOTER} characters.", "Shorten it.")
    logo = table.text("logo", "").strip()
    table.finish()
    return Branding(_read_logo(table, logo) if logo else None, accent.upper(), footer)


def _read_logo(table: Table, name: str) -> Path:
    """Return the logo's file, relative to the configuration."""
    path = table.path.resolve().parent / name
    if path.suffix.lower() not in LOGOS:
        raise table.error("logo", f"is '{name}'.", "Give a PNG or a JPEG.")
    if not path.is_file():
        raise table.error("logo", f"names '{name}', which is not there.")
    if path.stat().st_size > LARGEST_LOGO:
        raise table.error("logo", f"is larger than {LARGEST_LOGO // 1_000_000} MB.", "Shrink it.")
    return path
