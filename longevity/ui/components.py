"""Parts every screen is made of: a chart with its words, a table, a sentence."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import NoReturn

import pandas as pd
import streamlit as st

from longevity.auth.viewers import STATE_SCOPE
from longevity.charts import theme
from longevity.charts.chart import Chart, Figure
from longevity.charts.spec import Grid, Plot
from longevity.errors import DataError
from longevity.text import shooting_points
from longevity.text.wording import escape_markdown, start_sentence
from longevity.ui import download_log, expanders, filters, frame
from longevity.ui.figure_element import Picture
from longevity.ui.page_context import PageContext, has_just_arrived
from longevity.warehouse.provenance import Provenance, write_foot
from longevity.warehouse.warehouse import Answer

PRESS, CHART = "pages/press_charts.py", "chart"  # the screen, and its parameter in a link
PLOTLY = {"displayModeBar": False, "scrollZoom": False, "responsive": True}
ZOOMED = PLOTLY | {
    "displayModeBar": True,
    "modeBarButtons": [["zoomIn2d", "zoomOut2d", "resetScale2d"]],
}


def write_answer(sentence: str) -> None:
    """Write the answer a screen opens on, in a sentence: the heading under the screen's title."""
    st.markdown(f"## {escape_markdown(sentence)}")


def draw_small_chart(context: PageContext, name: str, key: str, tall: int, **values: str) -> None:
    """Draw a chart of the catalogue small, as this viewer may see it, and the way to its files.

    `tall`: pixels of a panel, or of a row of cells. Where nothing can be drawn a sentence says why.
    """
    try:
        with show_placeholder():
            drawn = context.draw(name, values)
    except DataError as error:
        st.info(escape_markdown(str(error)))
        return
    shown = drawn.chart
    if isinstance(shown.spec, Plot | Grid):
        shown = replace(shown, spec=replace(shown.spec, tall=tall))
    st.caption(escape_markdown(shown.title), help=escape_markdown(shown.subtitle))
    if shown.figure["data"]:
        draw_figure(shown.figure, shown.alt, key)
    else:
        st.info(escape_markdown(shown.alt))  # its words, where there is nothing to draw
    write_sentences(shown.sentences)
    with st.container(horizontal=True, key=f"tools.{key}", vertical_alignment="center"):
        expanders.offer_method(shown.name, shown.table, drawn.answers[0].provenance, key)
        link_to_press_desk(name, drawn.values)


def link_to_press_desk(name: str, values: Mapping[str, str]) -> None:
    """Draw a link to this chart, with its parameters, where one takes it to the press."""
    st.page_link(
        PRESS,
        label="Export",
        icon=":material/ios_share:",
        query_params={CHART: name, **values},
    )


def draw_figure(drawn: Figure, alt: str, key: str) -> None:
    """Draw the bare picture, with its alt text; `page.css` gives panels side by side their room."""
    if "xaxis2" in drawn["layout"]:
        key = f"{key}.side-by-side"
    st.plotly_chart(Picture(drawn), key=key, theme=None, config=PLOTLY, alt=alt)


def draw_colour_key(unit: str, key: Iterable[tuple[str, str]], look: theme.Theme) -> None:
    """Draw the key to a map's colours: it wraps on a phone, and is text to who cannot see it.

    `unit`, `key`: as `AreaMap` has them.
    """
    patches = "".join(
        f'<li style="display:inline-block;margin:0 1.25rem 0.25rem 0;white-space:nowrap">'
        f'<span aria-hidden="true" class="longevity-patch{_write_hatch_class(colour)}" '
        f'style="display:inline-block;width:1rem;height:1rem;'
        f"vertical-align:-0.15rem;margin-right:0.4rem;border:1px solid {theme.BORDER};"
        f'{_write_ground_style(colour, look)}"></span>{html.escape(name)}</li>'
        for name, colour in key
    )
    st.html(
        f'<div style="font-size:0.875rem"><span style="margin-right:1rem">'
        f"{html.escape(start_sentence(unit))}</span>"
        f'<ul style="display:inline;list-style:none;margin:0;padding:0">{patches}</ul></div>'
    )


def _write_hatch_class(colour: str) -> str:
    return " longevity-hatched" if colour == theme.HATCHED else ""


def _write_ground_style(colour: str, look: theme.Theme) -> str:
    return "" if colour == theme.HATCHED else f"background:{theme.find_colour(look, colour)}"


def draw_year_slider(steps: int) -> None:
    """Draw a slider over so many years, and a button that plays them: `page.js` moves the maps.

    The year shown is written by the script, so that this is the same element whatever year is
    shown, and who steps by keys stays at it.
    """
    st.html(
        '<div class="longevity-years"><button type="button" aria-label="Play the years">▶</button>'
        f'<input type="range" min="0" max="{steps - 1}" step="1" aria-label="Year">'
        "<output></output></div>"
    )


def draw_footer(context: PageContext, sources: Sequence[Provenance]) -> None:
    """Draw the source line of what is on screen; whose and that it is synthetic the bar says."""
    source_line = write_foot(sources, list(context.cities.values()))
    if source_line:
        st.caption(escape_markdown(source_line))


def draw_sourced_table(
    context: PageContext,
    frame: pd.DataFrame,
    answer: Answer,
    key: str,
    folded: bool = False,
) -> None:
    """Draw a table with its source and CSV; `folded` keeps it with them behind the button."""
    if not folded:
        expanders.draw_table(frame, f"{key}.shown", answer.provenance.question)
    draw_footer(context, [answer.provenance])
    with st.container(key=f"tools.{key}"):
        expanders.offer_method(name_answer_file(answer), frame, answer.provenance, key)


def name_answer_file(answer: Answer) -> str:
    """Return what the CSV of an answer is called."""
    return answer.provenance.query.replace("_", "-")


def offer_document(
    what: str, name: str, made: Callable[[], bytes], about: Provenance, key: str
) -> None:
    """Draw a button for a document made when it is asked for; the download is recorded."""
    st.download_button(
        what,
        download_log.make_on_click(name, about, made),
        file_name=name,
        mime="application/pdf",
        key=key,
        on_click=download_log.LEFT_ALONE,
        icon=":material/picture_as_pdf:",
    )


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
    expanders.draw_table(lines, "sources.downloads", "Who downloaded what")


def write_sentences(said: Iterable[str]) -> None:
    """Write sentences in a list; empty ones are left out, a single one stands alone."""
    kept = [escape_markdown(sentence) for sentence in said if sentence]
    if kept:
        st.markdown(kept[0] if len(kept) == 1 else "\n".join(f"- {line}" for line in kept))


def say_what_is_missing(sentence: str) -> None:
    """Say what is missing, in words, when anything is."""
    if sentence:
        st.info(escape_markdown(sentence))


@contextmanager
def show_placeholder(height: int = 320) -> Iterator[None]:
    """Show a grey shape in the place of what takes longer than a moment, until it is made.

    On the first run of a screen only: later the figures of before stand there until the new come.
    """
    if has_just_arrived():
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


def mark_not_for_release(context: PageContext) -> None:
    """Mark a page that holds what the public may not have."""
    with frame.find_bar():
        st.badge("NOT FOR RELEASE", icon=":material/lock:", color="red")


def draw_boundary_badge(context: PageContext, city: str) -> None:
    """Draw a badge where a city is not drawn by the outlines that ship."""
    about = context.warehouse.release.manifest["boundaries"][city]
    if about["kind"] == "installed":
        label = f"Lines from {about['credit']}"
        st.badge(escape_markdown(label), icon=":material/draw:", color="blue")
    elif about["kind"] == "none":
        st.badge("No boundaries", icon=":material/block:", color="red")


def draw_map(drawn: Chart, city: str, context: PageContext) -> None:
    """Draw one city's map: its name, the badge, and a click that opens the area."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{escape_markdown(drawn.title)}**", width="content")
        draw_boundary_badge(context, city)
    key = f"map.{city}"
    st.plotly_chart(
        Picture(drawn.figure, clicked=True),
        key=key,
        theme=None,
        config=ZOOMED,
        alt=drawn.alt,
        on_select=lambda: filters.follow_click(key, city),
        selection_mode="points",
    )


def explain_points(
    context: PageContext,
    shootings: Answer | None,
    located: Answer,
    unlocated: Answer,
    shown: Sequence[str],
) -> None:
    """Say what the points on the maps are, and draw them as a table; None: there may be none."""
    cities = {city: context.cities[city] for city in shown}
    empty = pd.DataFrame({"city": [], "points_of_city": []})
    frame = empty if shootings is None else shootings.frame
    seen = [city for city in shown if context.can_see(city)]
    for sentence in shooting_points.describe_points(
        frame, located.frame, unlocated.frame, seen, cities
    ):
        st.caption(escape_markdown(sentence))
    if shootings is not None and not frame.empty:
        draw_sourced_table(
            context,
            shooting_points.build_points_table(context.name_cities(shootings.frame)),
            shootings,
            "places.points",
            folded=True,
        )
