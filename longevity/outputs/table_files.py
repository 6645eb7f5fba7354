"""Write a table as a CSV file, with its source in every row."""

from __future__ import annotations

import pandas as pd

from longevity.outputs import spreadsheet_cells
from longevity.outputs.documents import document_files
from longevity.warehouse.provenance import Provenance


def name_csv_file(name: str, about: Provenance) -> str:
    """Return the name of a CSV file, with its marks first: "SYNTHETIC-counts-2026-11-24-1.csv"."""
    named = f"{name}-{about.release_id}.csv"
    return document_files.mark_name(
        named, public=not about.not_for_release, synthetic=about.synthetic
    )


def write_rows(table: pd.DataFrame) -> str:
    """Write the rows alone as CSV, in which no cell is a formula."""
    text: str = spreadsheet_cells.disarm_table(table).to_csv(index=False, lineterminator="\n")
    return text


def write_csv(table: pd.DataFrame, about: Provenance) -> bytes:
    """Write the rows as CSV, each with its source so that a copied row keeps it.

    A withheld figure is empty, and its `<column>_state` says so.
    """
    stated = table.assign(source=about.source)
    return write_rows(stated.assign(kind="SYNTHETIC") if about.synthetic else stated).encode()


def write_parameters(about: Provenance) -> str:
    """Write an answer's parameters in a line: "city = hartford; viewer = public; release = …"."""
    pairs = [f"{name} = {_write_value(value)}" for name, value in about.parameters.items()]
    return "; ".join([*pairs, f"viewer = {about.viewer}", f"release = {about.release_id}"])


def _write_value(value: object) -> str:
    """Write a parameter's value; a list of windows as "2026-01-01..2026-06-30 and 3 more"."""
    first, *others = ("all" if value is None else str(value)).split(",")
    return f"{first} and {len(others)} more" if len(others) > 1 else ", ".join([first, *others])
