"""The kind "rows": bars one below the other, each made of parts side by side.

The parts of a bar are counts that add up: those met in time, those met late, those not met. Where
they are shares of a whole, an upright line is drawn at 100%.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from longevity.charts.drawing import Figure, Kind, Words
from longevity.charts.template.rows import ABOVE, order_rows, place_rows
from longevity.charts.template.words import list_marks, measure_key, place_key
from longevity.charts.theme import (
    MARK_ROOM,
    Theme,
    build_layout,
    find_colour,
    find_edge,
    find_ink,
)
from longevity.words import wording
from longevity.words.language import translate

BAR = 22  # pixels that a bar is tall
TICKS = 26  # pixels of the scale below the bars, where there is one
BEYOND = 1.04  # how far the scale goes, where 1 is 100%: so the line there is drawn whole
NUMBER = 13  # pixels: the type of the number in a part of a bar
QUARTERS = {0: "0", 0.25: "25%", 0.5: "50%", 0.75: "75%", 1: "<b>100%</b>"}


@dataclass(frozen=True)
class Rows(Kind):
    """A bar for each row of the frame, made of parts side by side.

    `parts`: columns of amounts, and what each means, as colours have it: `{"greeted": "yes",
    "greeted_late": "late"}`. What is missing is not drawn; a column `greeted_words` has words for
    what a number does not say. `of`: the column of the whole, where parts are shares of it; a line
    is drawn at 100%, which they never exceed. A row may have a `label`, a `note` at the right, and
    a `heading` in place of its city's name. `words` has those of parts, "parts.greeted".
    """

    frame: pd.DataFrame
    words: Words
    parts: Mapping[str, str]
    of: str = ""

    def draw(self, *, on_paper: bool = False) -> Figure:
        """Return the bars as a Plotly figure."""
        look, rows = self.drawing.theme, order_rows(self.frame, self.drawing)
        middles, notes, deep = place_rows(
            rows, look, steps=ABOVE, end=0.985 / BEYOND if self.of else 1
        )
        amounts = self._measure_parts(rows)
        shown = [column for column in self.parts if (amounts[column] > 0).any()]
        key = [self.words[f"parts.{column}"] for column in shown] if len(shown) > 1 else []
        ticks = TICKS if self.of else 0
        room = ticks + 12 + measure_key(key)
        most = max([1e-9, *amounts.sum(axis=1)])
        scale: Figure = {"range": [0, most * 1.001], "visible": False}
        if self.of:
            scale = {
                "range": [0, BEYOND],
                "ticks": "outside",
                "zeroline": False,
                "tickformat": ".0%",
            }
            scale |= {"tickvals": [*QUARTERS], "ticktext": [*QUARTERS.values()]}
        line = {"color": look.ink, "width": 2.5}
        standard = {
            "type": "line",
            "x0": 1,
            "x1": 1,
            "y0": 0,
            "y1": 1,
            "yref": "paper",
            "line": line,
        }
        # What PowerPoint writes at the bars of its own chart: the place and the note of each row.
        words = [
            ": ".join(filter(None, said)) for said in zip(rows["place"], rows["note"], strict=True)
        ]
        return {
            "data": [
                _draw_part(
                    rows.assign(amount=amounts[column], at=middles),
                    column,
                    shade=f"done:{self.parts[column]}",
                    name=self.words[f"parts.{column}"],
                    look=look,
                )
                for column in shown
            ],
            "layout": build_layout(
                look,
                round(deep + MARK_ROOM + room),
                annotations=[*list_marks(self.drawing), *notes],
                shapes=[standard] if self.of else [],
                barmode="stack",
                # A number that does not fit its part is left to the hover.
                uniformtext={"mode": "hide", "minsize": NUMBER - 2},
                showlegend=bool(key),
                legend=place_key(8 + ticks, deep),
                xaxis=scale,
                yaxis={
                    "range": [deep, 0],
                    "visible": False,
                    "tickvals": middles,
                    "ticktext": words,
                },
                margin={"l": 16, "r": 16, "t": MARK_ROOM, "b": room},
            ),
        }

    def describe(self) -> str:
        """Say every bar in words; "" without rows."""
        rows = order_rows(self.frame, self.drawing)
        # That a part is missing is said; that there is nothing of it is not.
        is_said = rows[[*self.parts]].isna() | (self._measure_parts(rows) > 0)
        words = {column: _write_words(rows, column) for column in self.parts}
        said = []
        for at, (place, note) in enumerate(zip(rows["place"], rows["note"], strict=True)):
            bar = ", ".join(
                f"{words[column][at]} {self.words[f'parts.{column}']}"
                for column in self.parts
                if is_said[column].iloc[at]
            )
            after = f" ({note})" if note and note not in bar else ""
            said.append(
                f"{place}: {bar}{after}" if bar else f"{place}: {note or translate('none')}"
            )
        return translate("Bars. {rows}.", rows="; ".join(said)) if said else ""

    def _measure_parts(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return how long each part of each bar is: its amount, or its share (0 to 1) of the whole.

        Parts that are more than the whole together are cut off at its end.
        """
        amounts = rows[[*self.parts]].astype("float64")
        if not self.of:
            return amounts
        wholes = rows[self.of].astype("float64")
        ends = amounts.div(wholes.where(wholes > 0), axis=0).cumsum(axis=1).clip(upper=1)
        return ends - ends.ffill(axis=1).shift(axis=1).fillna(0)


def _write_words(rows: pd.DataFrame, column: str) -> list[str]:
    """Write the amounts of a part: its own words, or its numbers."""
    own = f"{column}_words"
    return [*rows[own]] if own in rows else _write_numbers(rows[column])


def _write_numbers(column: pd.Series) -> list[str]:
    missing = translate("not shown")
    return [missing if pd.isna(n) else wording.format_number(n) for n in column]


def _draw_part(rows: pd.DataFrame, column: str, shade: str, name: str, look: Theme) -> Figure:
    """Return the trace of one part of every bar.

    `rows` has `amount`, how long it is, and `at`, how far down the bar is, in pixels.
    """
    # The longest first: the key is outlined as the first bar is, and an empty part is not.
    rows = rows[rows["amount"].notna()].sort_values("amount", ascending=False, kind="stable")
    edges = (rows["amount"] > 0).astype(int).tolist()
    return {
        "type": "bar",
        "orientation": "h",
        "x": rows["amount"].tolist(),
        "y": rows["at"].tolist(),
        "width": BAR,
        "name": name,
        "marker": {
            "color": find_colour(look, shade),
            "line": {"color": find_edge(look, shade), "width": edges},
        },
        "text": _write_numbers(rows[column]),
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "textfont": {"size": NUMBER, "color": find_ink(look, shade)},
        "customdata": [
            ": ".join(said) for said in zip(rows["place"], _write_words(rows, column), strict=True)
        ],
        "hovertemplate": f"%{{customdata}}<extra>{name}</extra>",
    }
