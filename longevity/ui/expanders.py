"""Folds: what stands behind a chart or a list, made when a reader opens it.

A closed fold costs nothing and sends nothing. Opening one runs the page again, and so past
the guard again: nothing of an answer is held ready for a visitor who may no longer have it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from longevity.outputs import spreadsheet_cells
from longevity.outputs.documents import files
from longevity.text.wording import escape_markdown
from longevity.ui import column_formats, download_log, tables
from longevity.warehouse.provenance import Provenance

METHOD = "Data and method"
NO_ROWS = "No row of this release answers this question, so there is no table."
FOLD = ".fold"  # how the key of every fold ends


def offer_method(
    name: str,
    table: pd.DataFrame,
    about: Provenance,
    key: str,
    definition: str = "",
    what: str = METHOD,
) -> None:
    """Draw a small button, and behind it a chart's table, its CSV and how it is computed.

    `what`: the button's name.
    `definition`: what is counted and how it was tested, where the question does not say.
    """
    opener = st.popover(
        what,
        icon=":material/info:",
        type="tertiary",
        key=f"{key}{FOLD}",
        on_change="rerun",
        help=what,
    )
    if opener.open:
        with opener:
            _draw_details(name, table, about, key)
            if definition:
                st.markdown(f"**About these figures.** {escape_markdown(definition)}")


def _draw_details(name: str, table: pd.DataFrame, about: Provenance, key: str) -> None:
    draw_table(table, f"{key}.table", f"Every row: {about.question}")
    st.download_button(
        "Download CSV",
        download_log.make_on_click(name, about, lambda: write_csv(table, about)),
        file_name=name_csv_file(name, about),
        mime="text/csv",
        key=f"{key}.csv",
        on_click=download_log.LEFT_ALONE,
        icon=":material/download:",
    )
    st.markdown(f"**Question.** {escape_markdown(about.question)}")
    st.markdown(f"**Parameters.** {escape_markdown(_write_parameters(about))}")
    st.markdown(escape_markdown(about.source))
    st.code(about.sql, language="sql", wrap_lines=True)


def draw_table(frame: pd.DataFrame, key: str, label: str) -> None:
    """Draw a table of text, or a grid where it is long; without a row a sentence instead.

    `label`: what it is, to whoever hears it and does not see it.
    """
    if frame.empty:
        st.markdown(NO_ROWS)
        return
    if len(frame) <= tables.LONGEST:
        st.html(tables.write_table(tidy_columns(frame), label))
        return
    read = tidy_columns(frame)
    st.dataframe(
        read,
        hide_index=True,
        width="stretch",
        key=key,
        column_config=column_formats.configure_columns(read),
        placeholder=tables.MISSING,  # Streamlit's own word for a missing value reads like a zero
        alt=label,
    )


def name_csv_file(name: str, about: Provenance) -> str:
    """Return what a CSV is called: that it is not for release, or synthetic, stands first."""
    named = f"{name}-{about.release_id}.csv"
    return files.mark_name(named, not about.not_for_release, about.synthetic)


def write_csv(table: pd.DataFrame, about: Provenance) -> bytes:
    """Write the rows as CSV, each with its source so that a copied row keeps it."""
    stated = table.copy()
    stated["source"] = about.source
    if about.synthetic:
        stated["kind"] = "SYNTHETIC"
    text: str = spreadsheet_cells.disarm_table(stated).to_csv(index=False)
    return text.encode("utf-8")


def tidy_columns(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with words for column names, for reading; names made of words stay."""
    names = [
        name.replace("_", " ").capitalize() if name.isidentifier() else name
        for name in table.columns
    ]
    shown = table.set_axis(names, axis=1)
    for name, kind in zip(names, table.dtypes, strict=True):
        if isinstance(kind, np.dtype) and kind.kind == "M":
            shown[name] = shown[name].dt.date
    return shown


def _write_value(value: object) -> str:
    """Write one parameter's value; of a long list of windows the first, and how many more."""
    first, *others = ("all" if value is None else str(value)).split(",")
    return f"{first} and {len(others)} more" if len(others) > 1 else ", ".join([first, *others])


def _write_parameters(about: Provenance) -> str:
    pairs = [f"{name} = {_write_value(value)}" for name, value in about.parameters.items()]
    return "; ".join([*pairs, f"viewer = {about.viewer}", f"release = {about.release_id}"])
