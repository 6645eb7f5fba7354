"""Parts that every screen is made of: a chart, a table, sentences, the row under a card."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from longevity.charts import theme
from longevity.charts.chart import Chart
from longevity.outputs import html_tables, table_files
from longevity.ui import download_log, filters
from longevity.ui.figure_element import Picture
from longevity.ui.markdown import escape_markdown
from longevity.ui.page_context import BAR, PageContext, mark_paper
from longevity.ui.streamlit_internals import PopoverContainer, TabContainer
from longevity.warehouse.provenance import Provenance, combine_sources
from longevity.words.wording import start_sentence

PRESS, CHART = "pages/press_desk.py", "chart"  # the screen, and its parameter in a link
PLOTLY = {"displayModeBar": False, "scrollZoom": False, "responsive": True}
ZOOMED = PLOTLY | {
    "displayModeBar": True,
    "modeBarButtons": [["zoomIn2d", "zoomOut2d", "resetScale2d"]],
}
METHOD = "Data and method"


def write_answer(sentence: str) -> None:
    """Write the sentence that a screen opens on, as a heading."""
    st.markdown(f"## {escape_markdown(sentence)}")


def write_sentences(said: Iterable[str]) -> None:
    """Write sentences as a list; empty ones are left out, a single one is a paragraph."""
    kept = [escape_markdown(sentence) for sentence in said if sentence]
    if kept:
        st.markdown(kept[0] if len(kept) == 1 else "\n".join(f"- {line}" for line in kept))


def draw_chart(chart: Chart, key: str, opens: str = "") -> None:
    """Draw a chart's figure with its alt text; if there is nothing to draw, only that text.

    `opens`: the city of a map on which a click opens an area. Charts with panels side by side get a
    key by which `page.css` gives them room.
    """
    if not chart.figure["data"]:
        st.info(escape_markdown(chart.alt))
        return
    if "xaxis2" in chart.figure["layout"]:
        key = f"{key}.side-by-side"
    shown: dict[str, Any] = {"config": PLOTLY}
    if opens:
        follow = partial(filters.follow_click, key, opens)
        shown = {"config": ZOOMED, "on_select": follow, "selection_mode": "points"}
    picture = Picture(chart.figure, clicked=bool(opens))
    st.plotly_chart(picture, key=key, theme=None, alt=chart.alt, **shown)


def draw_colour_key(unit: str, key: Iterable[tuple[str, str]], look: theme.Theme) -> None:
    """Draw the legend of a map, as HTML: it wraps on a phone and can be read aloud.

    `unit`: what is counted; `key`: pairs of a range and its colour, as `AreaMap` has them.
    """
    patches = "".join(
        '<li><span aria-hidden="true" class="longevity-patch" '
        f'style="background:{theme.find_colour(look, colour)}"></span>{html.escape(name)}</li>'
        for name, colour in key
    )
    said = html.escape(start_sentence(unit))
    st.html(f'<div class="longevity-key">{said}<ul>{patches}</ul></div>')


def draw_card_footer(
    name: str,
    table: pd.DataFrame,
    about: Provenance,
    key: str,
    definition: str,
    chart: str,
    values: Mapping[str, str],
) -> None:
    """Draw the row under a card: a button for its data and method, and a link to export it.

    `table`: the card's rows; `definition`: what is counted and how it was tested; `chart`,
    `values`: the name and choices of the card's chart in the catalogue, if it has one.
    """
    with st.container(
        horizontal=True, key=f"tools.{key}", gap="small", vertical_alignment="center"
    ):
        # A closed popover sends nothing to the browser. Opening it runs the page again, and with it
        # `enter_page`, which checks again who may see it.
        opener = st.popover(
            METHOD,
            icon=":material/info:",
            type="tertiary",
            key=f"{key}.fold",
            on_change="rerun",
            help=METHOD,
        )
        if is_open(opener):
            with opener:
                _draw_details(name, table, about, key, definition)
        if about.not_for_release:
            st.badge("NOT FOR RELEASE", icon=":material/lock:", color="red")
        elif chart:
            # To this chart, with its choices, on the press desk.
            asked = {CHART: chart, **values}
            st.page_link(PRESS, label="Export", icon=":material/ios_share:", query_params=asked)


def is_open(place: TabContainer | PopoverContainer) -> bool:
    """Return whether a tab or a fold is open: what is in one that is closed is not asked for."""
    return bool(place.open)


def _draw_details(
    name: str, table: pd.DataFrame, about: Provenance, key: str, definition: str
) -> None:
    """Draw what the popover has: all rows, a CSV, the question, its parameters, source and SQL."""
    draw_table(table, f"Every row: {about.question}")
    file_name = table_files.name_csv_file(name, about)
    download_log.offer_file(
        "Download CSV", file_name, about, lambda: table_files.write_csv(table, about), f"{key}.csv"
    )
    st.markdown(f"**Question.** {escape_markdown(about.question)}")
    st.markdown(f"**Parameters.** {escape_markdown(table_files.write_parameters(about))}")
    st.markdown(escape_markdown(about.source))
    st.code(about.sql, language="sql", wrap_lines=True)
    if definition:
        st.markdown(f"**About these figures.** {escape_markdown(definition)}")


def draw_table(rows: pd.DataFrame, label: str) -> None:
    """Draw a table as HTML, of at most 1,000 rows, or say in a sentence that there are none.

    `label`: what it is, for screen readers.
    """
    if rows.empty:
        st.markdown(html_tables.say_no_rows())
        return
    longest = html_tables.LONGEST
    st.html(html_tables.write_table(html_tables.tidy_columns(rows.head(longest)), label))
    if len(rows) > html_tables.IN_SIGHT:
        # The table scrolls inside its frame, which many devices do not show: say how long it is.
        first = f"The first {longest:,} of " if len(rows) > longest else ""
        st.caption(f"{first}{len(rows):,} rows{'; the CSV has all of them.' if first else ''}")


def draw_footer(context: PageContext, sources: Sequence[Provenance]) -> None:
    """Draw the source line at the foot of a screen."""
    source_line = " ".join(combine_sources(sources, list(context.cities.values())))
    if source_line:
        st.caption(escape_markdown(source_line))


def mark_not_for_release() -> None:
    """Mark a page as NOT FOR RELEASE, in the bar at its top."""
    with BAR.get():
        st.badge("NOT FOR RELEASE", icon=":material/lock:", color="red")
        mark_paper("NOT FOR RELEASE", "bottom-right")
