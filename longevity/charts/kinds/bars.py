"""Bars one below the other, made of parts side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from longevity.charts.drawing import Drawing, Shown, Words
from longevity.charts.spec import BarPart, Row, Rows
from longevity.measures import wording

WIDE = 46  # characters that fit a line on a phone


def show_rows(
    frame: pd.DataFrame,
    drawing: Drawing,
    names: Words,
    *,
    parts: Mapping[str, str],
    shares: bool = False,
    below: bool = False,
) -> Shown:
    """Show a bar a row of its parts, and say each in words.

    `parts`: what each column stands for, as a colour names it; what is missing is not shown, and
    `COLUMN_words` says it in words where a number is not enough. A row may have a `label`, a `note`
    at the right, and a `heading` in place of its city's name, which is there where it changes.
    `shares`: amounts are shares, from 0 to 1. `below`: each part is also written below its bar, by
    `COLUMN_said` or its name.
    """
    rows, said, city = [], [], ""
    for row in sort_by_city(frame, drawing).to_dict("records"):
        begins, city = row.get("city", "") != city, row.get("city", "")
        head = row.get("heading", drawing.cities[city] if begins and city else "")
        made = [*_list_parts(row, parts, names)]
        words = [f"{part.words} {name}" for part, name in made if part.amount != 0]
        whole = wording.format_number(sum(part.amount or 0 for part, _ in made))
        if below:
            made = [(replace(p, words=f"{p.words} of {whole} {name}"), name) for p, name in made]
        where, at_right = row.get("label", ""), row.get("note", "")
        rows.append(
            Row(
                tuple(part for part, _ in made),
                heading=head,
                colour=drawing.name_colour(city) if city and head else "ink",
                label=where,
                note=at_right,
                below=wrap_parts(words) if below else (),
            )
        )
        place = ", ".join(filter(None, (drawing.cities.get(city, head), where)))
        told = ", ".join(words) or at_right or "none"
        note_said = f" ({at_right})" if at_right and at_right not in told else ""
        said.append(f"{place}: {told}{note_said}")
    key = {f"done:{kind}": names[f"parts.{column}"] for column, kind in parts.items()}
    return Rows(tuple(rows), key, shares), f"Bars. {'; '.join(said)}." if said else ""


def sort_by_city(frame: pd.DataFrame, drawing: Drawing) -> pd.DataFrame:
    """Return the rows in the order of cities, those of one and of none as they come."""
    if "city" not in frame:
        return frame
    order = {city: at for at, city in enumerate(drawing.cities)}
    return frame.sort_values(
        "city", key=lambda ids: ids.map(order).fillna(len(order)), kind="stable"
    )


def _list_parts(
    row: Mapping[str, Any], parts: Mapping[str, str], names: Words
) -> Iterator[tuple[BarPart, str]]:
    for column, kind in parts.items():
        amount = None if pd.isna(row[column]) else float(row[column])
        words = row.get(f"{column}_words")
        if not words:
            words = "not shown" if amount is None else wording.format_number(amount)
        name = row.get(f"{column}_said") or names.get(f"said.{column}", names[f"parts.{column}"])
        yield BarPart(f"done:{kind}", amount, str(words)), name


def wrap_parts(parts: list[str]) -> tuple[str, ...]:
    """Return the parts in lines that a phone can show, none broken in two."""
    lines: list[str] = []
    for at, part in enumerate(parts):
        ended = part if at + 1 == len(parts) else f"{part};"
        if lines and len(lines[-1]) + 1 + len(ended) <= WIDE:
            lines[-1] += f" {ended}"
        else:
            lines.append(ended)
    return tuple(lines) or ("none",)
