"""The weekly page: one letter page in black and white, whatever the week held.

Typst sets it from data: no label is ever read as markup. Lists are shortened, with
"and N more", until it is one page; type is never made smaller.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from longevity.charts.figures.maps import Scale
from longevity.errors import DataError
from longevity.outputs.documents import files, signing, typst, week_map
from longevity.reports.chart_catalogue import neighbourhoods
from longevity.reports.context import ReportContext
from longevity.reports.marks import marks
from longevity.reports.week_sections import Section, Told
from longevity.text import wording

TEMPLATE = "weekly.typ"
LONGEST_CELL, LONGEST_SENTENCE = 26, 400
# The most rows a list shows, the map's height in inches and the size of type in points, tried
# until all fits one page.
TRIES = (
    (16, 2.4, 11),
    (30, 2.2, 10),
    (24, 2.2, 10),
    (19, 2.2, 10),
    (14, 2.2, 10),
    (11, 2.1, 10),
    (9, 2.0, 10),
    (7, 1.9, 10),
    (5, 1.8, 10),
    (4, 1.6, 10),
    (3, 1.4, 10),
    (2, 1.2, 10),
    (1, 0.9, 9.5),
    (0, 0.0, 9.5),
)
WIDTHS: dict[str, list[float]] = {
    "compared": [0, 0, 1, 1, 1, 1],
    "places": [1, 0, 0],
}
LEFT, RIGHT = ("shootings", "promises", "messages", "home", "met"), ("call_ins",)


def pdf(context: ReportContext, told: Told) -> bytes:
    """The page as a signed PDF of exactly one letter page; DataError if it cannot be set."""
    for most, tall, size in TRIES:
        data = _data(context, told, most, tall, size)
        made, pages = typst.pdf(TEMPLATE, data, told.week.ending)
        if pages == 1:
            return signing.pdf(
                made, context, signing.record(context, _title(told), told.week.ending)
            )
    raise DataError(f"The weekly page of {told.name} does not fit one page.")


def file_name(told: Told, synthetic: bool) -> str:
    """What the page is called where nobody named it."""
    name = f"weekly-{told.city}-{told.week.ending.isoformat()}.pdf"
    return files.marked(name, public=False, synthetic=synthetic)


def _title(told: Told) -> str:
    return f"{told.name}, weekly review, {told.week.words}"


def _data(
    context: ReportContext, told: Told, most: int, tall: float, size: float
) -> dict[str, Any]:
    """Everything the template shows, as text."""
    marked = list(marks(public=False, synthetic=context.synthetic))
    lists = {one.name: _list(one, most) for one in told.lists}
    measure, noun = told.counted
    month = dict(zip(told.month["neighbourhood"], told.month[measure], strict=True))
    week = dict(zip(told.this_week["neighbourhood"], told.this_week[measure], strict=True))
    shades = neighbourhoods.classify_28_days(context, measure)
    lines = context.read_boundaries(told.city)
    drawn = week_map.svg(lines, month, week, tall, shades) if tall else ""
    return {
        "size": size,
        "title": f"{' '.join(marked)}: {_title(told)}",
        "author": context.settings.program,
        "marks": marked,
        "name": _short(told.name),
        "when": f"The week ended on {told.week.ending:%A}; what followed is told as of "
        f"{wording.format_day(told.week.as_of)}.",
        "headline": _short(told.headline, LONGEST_SENTENCE),
        "change": _short(told.change, LONGEST_SENTENCE),
        "figures": [[what, many] for what, many in told.figures],
        "compared": _list(told.comparisons, 100),
        "left": [lists[one.name] for one in told.lists if one.name in LEFT and one.says_more],
        "right": [lists[name] for name in RIGHT],
        "places": _list(told.places, min(most, 7)),
        "map": drawn,
        "key": _key(context, told.city, noun.lower(), shades),
        "tall": tall,
        "alt": week_map.alt(month, week, noun.lower()),
        "notes": [_short(note, LONGEST_SENTENCE) for note in told.notes],
        "source": _short(_source(told), LONGEST_SENTENCE),
    }


def _key(context: ReportContext, city: str, noun: str, shades: Scale) -> str:
    """How the map is read, and whether its lines are official."""
    classes = ", ".join(shades.list_labels())
    how = f"The darker, the more {noun} in 28 days: {classes}. In a ring: those of the week."
    return f"{how} {context.describe_lines(city)}".rstrip()


def _source(told: Told) -> str:
    """Where the counts are from, and how far the program's own extracts go."""
    program = told.lists[0].answer.provenance
    said: str = told.comparisons.answer.provenance.source
    if program.absent or program.data_through is None:
        return said
    return f"{said} The program's own extracts go to {wording.format_day(program.data_through)}."


def _list(one: Section, most: int) -> dict[str, Any]:
    left = len(one.rows) - most
    # One row left out takes as much room as the words that say so.
    shown = one.rows if left <= 1 and most else one.rows[:most]
    left = len(one.rows) - len(shown) + one.left_out
    return {
        "title": one.title,
        "sentence": _short(one.sentence, LONGEST_SENTENCE),
        "header": list(one.header),
        "rows": [[_short(cell, LONGEST_CELL if most < 100 else 60) for cell in r] for r in shown],
        "widths": WIDTHS.get(one.name, [0.0] * len(one.header)),
        "more": f"and {left:,} more, see the screen" if left else "",
    }


def _short(text: str, longest: int = 60) -> str:
    """Text on one line, without signs that steer its direction, cut where it is too long."""
    kept = "".join(
        " " if sign.isspace() and sign != "\u00a0" else sign
        for sign in text
        if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return kept if len(kept) <= longest else f"{kept[: longest - 1].rstrip()}…"
