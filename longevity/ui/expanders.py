"""Folds: what stands behind a chart or a list, made when a reader opens it.

A closed fold costs nothing and sends nothing. Opening one runs the page again, and so past
the guard again: nothing of an answer is held ready for a visitor who may no longer have it.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from longevity.measures.wording import escape_markdown
from longevity.outputs import html_tables, table_files
from longevity.outputs.html_tables import say_no_rows
from longevity.ui import download_log
from longevity.warehouse.provenance import Provenance

METHOD = "Data and method"
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
    draw_table(table, f"Every row: {about.question}")
    file_name = table_files.name_csv_file(name, about)
    download_log.offer_file(
        "Download CSV", file_name, about, lambda: table_files.write_csv(table, about), f"{key}.csv"
    )
    st.markdown(f"**Question.** {escape_markdown(about.question)}")
    st.markdown(f"**Parameters.** {escape_markdown(table_files.write_parameters(about))}")
    st.markdown(escape_markdown(about.source))
    st.code(about.sql, language="sql", wrap_lines=True)


def draw_table(frame: pd.DataFrame, label: str) -> None:
    """Draw a table of text, or say in a sentence that there is no row, or that there are more.

    `label`: what it is, to whoever hears it and does not see it.
    """
    if frame.empty:
        st.markdown(say_no_rows())
        return
    st.html(
        html_tables.write_table(html_tables.tidy_columns(frame.head(html_tables.LONGEST)), label)
    )
    if len(frame) > html_tables.LONGEST:
        st.caption(
            f"The first {html_tables.LONGEST:,} of {len(frame):,} rows; the CSV has all of them."
        )
    elif len(frame) > html_tables.IN_SIGHT:
        # A table scrolls within itself, where many devices show no sign of it.
        st.caption(f"{len(frame):,} rows")
