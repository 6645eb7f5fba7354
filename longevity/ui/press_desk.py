"""The press desk: the screen on which a public chart is picked, previewed and downloaded."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial

import streamlit as st

from longevity.base.errors import DataError, LongevityError
from longevity.charts.chart import Chart
from longevity.outputs import bundle
from longevity.outputs.bundle import kept, picture
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.chart_catalogue.definition import Entry
from longevity.screens.context import ReportContext
from longevity.screens.report import Card, Report, Tab
from longevity.screens.screen import Screen
from longevity.ui import components, download_log, filters
from longevity.ui.file_check import show_file_check
from longevity.ui.markdown import escape_markdown
from longevity.ui.page_context import PageContext

NAMES = {"png": "PNG", "svg": "SVG", "pdf": "PDF", "pptx": "PowerPoint", "csv": "CSV"}
DATED = (1980, 1, 1, 0, 0, 0)  # the earliest date of a ZIP: the same files give the same bytes
GALLERY_HEIGHT = 540  # pixels: as tall as the picture next to it and its files
TILE = "press.tile."


def build(visit: PageContext) -> Report:
    """Return the screen: the chosen chart's picture and files, tiles of all charts, file check."""
    context = visit.as_public()  # only what is public can be exported, whatever the sign-in
    entries = chart_list.list_public(context.settings)
    names = {entry.name: f"{entry.about.subject}: {entry.title}" for entry in entries}
    entry = chart_list.find_entry(filters.choose_option("Chart", components.CHART, names))
    values = filters.choose(context, entry.parameters)
    chart = _build_chart(entry, values, context)
    gallery = Card("press.gallery", parts=partial(show_gallery, entry, context))
    check = Card(
        "press.check", "Check a file", folded=True, parts=partial(show_file_check, context)
    )
    says = "Pick a chart, see the exact picture, take its files."
    rows = [[chart, gallery], [check]]
    return Report("press_desk", (Tab("desk", "Press desk", lambda: says, lambda: rows),))


def _build_chart(entry: Entry, values: Mapping[str, str], context: PageContext) -> Card:
    """Return the card of the chosen chart, under the title chosen, or with why it has none."""
    card = Card("press.chart", width=2)
    try:
        chart = context.draw(entry.name, values)
    except DataError as error:
        return replace(card, alert=str(error))
    title = filters.choose_option("Title", "title", chart.titles)
    parts = partial(_show_chart, chart, title, context)
    # The first answer has the rows that the chart shows.
    return replace(card, picture=chart, answer=chart.answers[0], parts=parts)


def _show_chart(chart: Chart, title: str, context: PageContext) -> None:
    """Show the picture as it will be downloaded, and buttons for its files.

    Where the picture cannot be drawn, why not, and the chart. `title`: the kind of its title.
    """
    draw = partial(_draw_preview, chart, title, context)
    try:
        with st.spinner("Drawing the picture …"):
            address = context.compute_once(draw, chart.name, chart.values, title)
    except LongevityError as error:
        st.warning(escape_markdown(str(error)), icon=":material/download:")
        components.draw_chart(chart, "press.figure")
    else:
        st.image(address, width="stretch", alt=chart.alt)
    make = partial(bundle.make_bundle, chart, context.settings, title=title)
    _offer_file(chart, "Download everything (ZIP)", "zip", lambda _: _make_zip(make()))
    with st.container(horizontal=True):
        for suffix, label in NAMES.items():
            _offer_file(chart, label, suffix, partial(_make_file, make))


def _draw_preview(chart: Chart, title: str, context: PageContext) -> str:
    """Return the picture as a data URL.

    So it is sent to this page only, and has no address from which another could fetch it.
    """
    png = picture.draw_preview(chart, context.settings, title)
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"


def _offer_file(chart: Chart, label: str, suffix: str, make: Callable[[str], bytes]) -> None:
    """Draw a button for a file, which `make` makes by its name on a click."""
    name = f"{bundle.name_bundle(chart)}.{suffix}"
    download_log.offer_file(label, name, chart.about, partial(make, name), f"press.{suffix}")


def _make_file(make: Callable[[list[str]], dict[str, bytes]], name: str) -> bytes:
    return make([name.rpartition(".")[2]])[name]


def _make_zip(files: Mapping[str, bytes]) -> bytes:
    """Return the files of a bundle as a ZIP."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, DATED), data)
    return packed.getvalue()


def show_gallery(chosen: Entry, context: PageContext) -> None:
    """Show a tile to pick each chart by; the tiles have pictures once all of them are drawn.

    Until then they have words only: drawing so many would make the page wait.
    """
    with (
        st.container(height=GALLERY_HEIGHT, key="press-gallery", border=False),
        st.container(horizontal=True, gap="small"),
    ):
        for entry in chart_list.list_public(context.settings):
            st.button(
                entry.title,
                key=f"{TILE}{entry.name}",
                type="primary" if entry.name == chosen.name else "secondary",
                on_click=_open_chart,
                args=(entry.name,),
            )
    with suppress(LookupError):
        st.html(f"<style>{context.compute(_write_style)}</style>")


def _open_chart(name: str) -> None:
    st.session_state[components.CHART] = name


def _write_style(context: ReportContext) -> str:
    """Write the CSS that gives each tile its picture.

    LookupError where a picture is not in the cache yet: nothing is drawn here.
    """
    rules = []
    for entry in chart_list.list_public(context.settings):
        with suppress(DataError):  # without a picture; the chart's own page says why
            drawn = chart_list.draw_chart(context, entry.name, {})
            tile = kept.keep(drawn, context.settings, picture.TILE_NAME, _miss_tile)
            name = f"{TILE}{entry.name}".replace(".", "-")
            address = f"data:image/webp;base64,{base64.b64encode(tile).decode('ascii')}"
            rules.append(f'.st-key-{name} button{{background-image:url("{address}")}}')
    return "\n".join(rules)


def _miss_tile() -> bytes:
    raise LookupError


SCREEN = Screen(
    "press_desk",
    "Press desk",
    group="Publish",
    place=0,
    icon=":material/ios_share:",
    help="One chart to take along. Pick it, check the picture and its title, then download it "
    "with its source.",
    build=lambda visit, _: build(visit),
)
