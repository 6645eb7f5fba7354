"""The typeface of pictures, and how wide a text in it is.

It comes in a Python package, so that pictures are alike on every machine. The browser that draws
them finds it through a file of fontconfig's.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from pathlib import Path
from xml.sax.saxutils import escape

from PIL import ImageFont

FAMILY = "Source Sans Pro"
SYSTEM = "/etc/fonts/fonts.conf"


def find_folder() -> Path:
    """Where the package keeps its files."""
    return Path(str(resources.files("font_source_sans_pro"))) / "files"


def write_configuration(cache: Path) -> str:
    """Return a fontconfig file: this machine's fonts and the package's; `cache`: its folder."""
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">{SYSTEM}</include>'
        f"<dir>{escape(str(find_folder()))}</dir><cachedir>{escape(str(cache))}</cachedir>"
        # Of the two forms it comes in, the one a PDF embeds as it is.
        f"<selectfont><rejectfont><glob>{escape(str(find_folder()))}/*.otf</glob></rejectfont>"
        "</selectfont></fontconfig>"
    )


@lru_cache(maxsize=32)
def _face(points: int, bold: bool) -> ImageFont.FreeTypeFont:
    name = "SourceSansPro-Bold.ttf" if bold else "SourceSansPro-Regular.ttf"
    return ImageFont.truetype(str(find_folder() / name), points)


@lru_cache(maxsize=4096)  # the same words are measured anew in every figure, 15 microseconds each
def measure_width(text: str, points: int, bold: bool = False) -> float:
    """How wide a line is, in points."""
    return float(_face(points, bold).getlength(text))


def wrap_text(text: str, points: int, room: float, bold: bool = False) -> list[str]:
    """Return the text in lines of at most `room` points; a word longer than a line is broken.

    `points`: the size of the type.
    """
    lines: list[str] = [""]
    for word in text.split():
        whole = f"{lines[-1]} {word}".strip()
        if measure_width(whole, points, bold) <= room:
            lines[-1] = whole
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if lines[-1] and measure_width(lines[-1] + letter, points, bold) > room:
                lines.append("")
            lines[-1] += letter
    return lines
