"""Parts every screen is made of: a chart with its words, a table, a sentence."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NoReturn

import pandas as pd
import streamlit as st

from longevity.auth.viewers import STATE_SCOPE
from longevity.charts import theme
from longevity.charts.chart import Chart
from longevity.measures.wording import escape_markdown, start_sentence
from longevity.ui import download_log, expanders, frame, url_state
from longevity.ui.figure_element import Picture
from longevity.ui.page_context import PageContext
from longevity.warehouse.provenance import Provenance, combine_sources
from longevity.warehouse.warehouse import Answer

PRESS, CHART = "pages/press_desk.py", "chart"  # the screen, and its parameter in a link
PLOTLY = {"displayModeBar": False, "scrollZoom": False, "responsive": True}


def write_answer(sentence: str) -> None:
    """Write the answer a screen opens on, in a sentence: the heading under the screen's title."""
    st.markdown(f"## {escape_markdown(sentence)}")


def write_sentences(said: Iterable[str]) -> None:
    """Write sentences in a list; empty ones are left out, a single one stands alone."""
    kept = [escape_markdown(sentence) for sentence in said if sentence]
    if kept:
        st.markdown(kept[0] if len(kept) == 1 else "\n".join(f"- {line}" for line in kept))


def draw_chart(chart: Chart, key: str) -> None:
    """Draw the bare picture with its alt text, or say that where there is nothing to draw.

    `page.css` gives panels side by side their room.
    """
    if not chart.figure["data"]:
        st.info(escape_markdown(chart.alt))
        return
    if "xaxis2" in chart.figure["layout"]:
        key = f"{key}.side-by-side"
    st.plotly_chart(Picture(chart.figure), key=key, theme=None, config=PLOTLY, alt=chart.alt)


def draw_colour_key(unit: str, key: Iterable[tuple[str, str]], look: theme.Theme) -> None:
    """Draw the key to a map's colours: it wraps on a phone, and is text to who cannot see it.

    `unit`, `key`: as `AreaMap` has them.
    """
    patches = "".join(
        '<li><span aria-hidden="true" class="longevity-patch" '
        f'style="background:{theme.find_colour(look, colour)}"></span>{html.escape(name)}</li>'
        for name, colour in key
    )
    said = html.escape(start_sentence(unit))
    st.html(f'<div class="longevity-key">{said}<ul>{patches}</ul></div>')


def draw_tools(
    name: str,
    table: pd.DataFrame,
    about: Provenance,
    key: str,
    definition: str = "",
    chart: str = "",
    values: Mapping[str, str] | None = None,
) -> None:
    """Draw what stands under a card: the way to its data and method, and to the press.

    `chart`, `values`: of the catalogue, where the card is one of its charts.
    """
    with st.container(
        horizontal=True, key=f"tools.{key}", gap="small", vertical_alignment="center"
    ):
        expanders.offer_method(name, table, about, key, definition)
        if about.not_for_release:
            st.badge("NOT FOR RELEASE", icon=":material/lock:", color="red")
        elif chart:
            link_to_press_desk(chart, values or {})


def link_to_press_desk(name: str, values: Mapping[str, str]) -> None:
    """Draw a link to this chart, with its parameters, where one takes it to the press."""
    st.page_link(
        PRESS, label="Export", icon=":material/ios_share:", query_params={CHART: name, **values}
    )


def draw_footer(context: PageContext, sources: Sequence[Provenance]) -> None:
    """Draw the source line of what is on screen; whose and that it is synthetic the bar says."""
    source_line = " ".join(combine_sources(sources, list(context.cities.values())))
    if source_line:
        st.caption(escape_markdown(source_line))


def draw_sourced_table(context: PageContext, frame: pd.DataFrame, answer: Answer, key: str) -> None:
    """Draw a table with its source and CSV."""
    expanders.draw_table(frame, answer.provenance.question)
    draw_footer(context, [answer.provenance])
    draw_tools(name_answer_file(answer), frame, answer.provenance, key)


def name_answer_file(answer: Answer) -> str:
    """Return what the CSV of an answer is called."""
    return answer.provenance.query.replace("_", "-")


def show_download_log(context: PageContext) -> None:
    """Show who downloaded what, to the state only."""
    if context.viewer.named_scope != STATE_SCOPE:
        return
    st.subheader("Who downloaded what")
    lines = download_log.read_newest_lines(context.settings.home)
    if lines.empty:
        st.info("Nothing has been downloaded yet.")
        return
    st.caption(
        f"The newest {download_log.SHOWN} at most; exports/ in LONGEVITY_HOME holds all of them. "
        "Who is a code made of the sign-in, the same for the same person."
    )
    expanders.draw_table(lines, "Who downloaded what")


@contextmanager
def show_placeholder(height: int = 320) -> Iterator[None]:
    """Show a grey shape in the place of what takes longer than a moment, until it is made.

    On the first run of a screen only: later the figures of before stand there until the new come.
    """
    if url_state.has_just_arrived():
        with st.skeleton(height=height):
            yield
        return
    st.empty()  # in the shape's place, so that what follows keeps its own
    yield


def stop_without_data(what: str) -> NoReturn:
    """Say that there is nothing to show, and how to change that; ends the page."""
    st.info(
        f"This release has no {what}. Publish a folder that holds them: see README.md, "
        "'With your own data'."
    )
    st.stop()


def mark_not_for_release() -> None:
    """Mark a page that holds what the public may not have."""
    with frame.find_bar():
        st.badge("NOT FOR RELEASE", icon=":material/lock:", color="red")
