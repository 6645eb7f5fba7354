"""Rows one below the other: their headings and words, and where the bar or interval of each is."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from longevity.charts.drawing import Drawing, Figure
from longevity.charts.template.words import write_note
from longevity.charts.theme import Theme, find_colour


@dataclass(frozen=True)
class Steps:
    """Pixels that a heading and a row take, and how far down a row its words and its mark are.

    The mark is the row's bar or interval. `side`: the share of the width that words at the left
    take, 0 where they are above their mark.
    """

    heading: int
    row: int
    words: int
    mark: int
    side: float = 0


ABOVE = Steps(heading=30, row=46, words=12, mark=33)  # nothing is cut on a phone
AT_THE_LEFT = Steps(heading=22, row=22, words=11, mark=11, side=0.48)


def order_rows(frame: pd.DataFrame, drawing: Drawing) -> pd.DataFrame:
    """Return the rows in the order of cities, with what is written at each as columns.

    `heading`: the row's own or its city's name, "" where the row before has the same; `label` and
    `note`: "" unless the row has its own; `place`: its city and label, "East, 2024"; `ink`: its
    city's colour.
    """
    own = {name: frame.get(name, "") for name in ("city", "label", "note")}
    rows = drawing.sort_by_city(frame.assign(**own))
    cities = rows["city"].map(drawing.cities)
    headings = rows.get("heading", cities.fillna(""))
    places = zip(cities.fillna(headings), rows["label"], strict=True)
    return rows.assign(
        heading=headings.where(headings != headings.shift(), ""),
        place=[", ".join(filter(None, words)) for words in places],
        ink=[
            drawing.name_colour(city) if city in drawing.cities else "ink" for city in rows["city"]
        ],
    )


def place_rows(
    rows: pd.DataFrame, look: Theme, steps: Steps, end: float = 1
) -> tuple[list[float], list[Figure], float]:
    """Lay rows out one below the other: where the mark (bar or interval) of each is, and its words.

    The third value is how deep all go; in pixels down from the top. `rows`: as `order_rows` returns
    them. `steps`: ABOVE or AT_THE_LEFT. `end`: where notes end, as a share of the width.
    """
    at, marks, notes = 0.0, [], []
    # On the ground's colour, where a line of the scale would strike them through.
    middle = {"yref": "y", "yanchor": "middle", "xshift": 4, "bgcolor": look.ground}
    for row in rows.itertuples():
        if row.heading:
            colour = find_colour(look, row.ink)
            words = f"<b>{row.heading}</b>"
            notes.append(
                write_note(words, look, size=15, colour=colour, y=at + steps.words, **middle)
            )
            at += steps.heading if row.label else 0
        if row.label:
            notes.append(write_note(row.label, look, size=14, y=at + steps.words, **middle))
        if row.note:
            right = {"x": end, "xanchor": "right", "xshift": -4, "y": at + steps.words}
            notes.append(write_note(row.note, look, colour=look.quiet, **middle | right))
        marks.append(at + steps.mark)
        at += steps.row
    return marks, notes, max(at, float(steps.row))
