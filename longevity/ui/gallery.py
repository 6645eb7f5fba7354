"""The press desk's gallery: every public chart as it is today, small, to pick by."""

from __future__ import annotations

import base64
import math
from contextlib import suppress

import streamlit as st

from longevity.auth.viewers import PUBLIC
from longevity.errors import DataError
from longevity.outputs import public_files
from longevity.outputs.bundle import kept, picture
from longevity.progress import ignore_progress
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.chart_catalogue.definition import Entry
from longevity.screens.context import ReportContext
from longevity.ui import chart_export, components, page_context
from longevity.ui.page_context import PageContext

HEIGHT, ROW = 434, 81  # pixels: what the screen leaves, and a row of parameters takes of it
KEY = "press.tile."


def show_gallery(entry_chosen: Entry, context: PageContext) -> None:
    """Show a tile for each chart anybody may take; `show_tiles` gives it the chart itself.

    It scrolls in the room that the parameters of the one chosen leave on the screen.
    """
    rows = math.ceil(len(entry_chosen.parameters) / chart_export.BESIDE)
    with (
        st.container(height=HEIGHT - ROW * rows, key="press-gallery", border=False),
        st.container(horizontal=True, gap="small"),
    ):
        for entry in _list_public(context):
            st.button(
                entry.title,
                key=f"{KEY}{entry.name}",
                type="primary" if entry.name == entry_chosen.name else "secondary",
                on_click=_open_chart,
                args=(entry.name,),
            )


def show_tiles(context: PageContext) -> None:
    """Give each tile its picture, once all are drawn: until then they have words, as no page waits
    for so many.
    """
    with suppress(LookupError):
        st.html(f"<style>{context.compute(_write_style)}</style>")


def prepare_gallery() -> None:
    """Draw what is not kept yet of the release served now, before anybody asks.

    LongevityError when no release can be opened, and where no browser starts.
    """
    context = page_context.open_served_context(PUBLIC)
    public_files.draw_public_files(context, ignore_progress)
    with suppress(LookupError):  # as of one that could not be drawn
        context.compute(_write_style)


def _open_chart(name: str) -> None:
    st.session_state[components.CHART] = name


def _write_style(context: ReportContext) -> str:
    """Write the rules that give each tile its picture, which holds no words to be read.

    LookupError where one is not drawn yet.
    """
    rules = []
    for entry in _list_public(context):
        with suppress(DataError):  # whoever picks it is told why
            drawn = entry.draw(context)
            tile = kept.keep(drawn, context.settings, picture.TILE_NAME, _miss_tile)
            name = f"{KEY}{entry.name}".replace(".", "-")
            address = f"data:image/webp;base64,{base64.b64encode(tile).decode('ascii')}"
            rules.append(f'.st-key-{name} button{{background-image:url("{address}")}}')
    return "\n".join(rules)


def _miss_tile() -> bytes:
    raise LookupError


def _list_public(context: ReportContext) -> list[Entry]:
    return [e for e in chart_list.list_entries(context.settings) if not e.why_not_public]
