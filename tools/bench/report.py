"""Tables as text for a terminal or as markdown for docs/performance.md."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

Rows = Sequence[Sequence[str]]
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def text(title: str, columns: Sequence[str], rows: Rows) -> str:
    """A table of columns set under each other: the first to the left, the others to the right."""
    lines = [columns, *rows]
    widths = [max(len(row[at]) for row in lines) for at in range(len(columns))]
    set_ = [
        "   ".join(
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in lines
    ]
    return "\n".join([title, *(f"  {line}" for line in set_)])


def markdown(title: str, columns: Sequence[str], rows: Rows) -> str:
    """The same as a markdown table under its title."""
    ruled = ["---", *("---:" for _ in columns[1:])]
    lines = [f"| {' | '.join(row)} |" for row in ([*columns], ruled, *rows)]
    return "\n".join([f"**{title}**", "", *lines])


def put(file: Path, told: str) -> None:
    """Put markdown between the two marks of a page, in the place of what stood there."""
    page = file.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    file.write_text(f"{before}{BEGIN}\n{told}\n{END}{after}", encoding="utf-8")
