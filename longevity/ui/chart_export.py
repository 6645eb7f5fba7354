"""The press desk's own parts: pick a chart, choose its title, see it, take it along."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from longevity.auth.viewers import Viewer
from longevity.errors import LongevityError
from longevity.measures.wording import escape_markdown
from longevity.outputs import bundle
from longevity.outputs.bundle import kept
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.chart_catalogue.definition import SUBJECTS, Drawn, Entry
from longevity.screens.chart_title import LONGEST, may_use_own_words, settle_title
from longevity.screens.context import ReportContext
from longevity.settings import Settings
from longevity.ui import components, download_log, filters
from longevity.ui.page_context import PageContext

DATED = (1980, 1, 1, 0, 0, 0)  # the first a ZIP can hold: same files, same bytes
BESIDE = 2  # parameters in a row
TITLE = "title"  # in a link
OWN_WORDS = "The file will say “Title by the user”."
NAMES = {"png": "PNG", "svg": "SVG", "pdf": "PDF", "pptx": "PowerPoint", "csv": "CSV"}
Files = dict[str, bytes]


@dataclass(frozen=True)
class Chosen:
    """The title chosen: the kind of one that is offered, or a user's own words."""

    kind: str
    words: str = ""


@dataclass(frozen=True)
class Pressed:
    """A chart as it will leave: drawn for the public, under the title that `viewer` chose."""

    settings: Settings
    drawn: Drawn
    title: Chosen
    viewer: Viewer

    @property
    def key(self) -> str:
        """Return a hash of all that goes into its files beside the program.

        Of a purged release it is another one. A session is never handed the file of another
        whose title or figures differ.
        """
        about = kept.identify(self.settings, self.drawn.about.release_id)
        chart = self.drawn.entry.name, sorted(self.drawn.values.items())
        parts = (about, chart, self.title, self.viewer)
        return hashlib.sha256(repr(parts).encode()).hexdigest()


def pick_chart(settings: Settings) -> Entry:
    """Ask for a chart, in a list of all or by a tile of the gallery, and return the one chosen."""
    entries = sorted(
        chart_list.list_entries(settings),
        key=lambda entry: (1,) if entry.why_not_public else (0, [*SUBJECTS].index(entry.subject)),
    )
    names = {
        entry.name: f"{entry.subject}: {entry.title}"
        + (" (stays inside)" if entry.why_not_public else "")
        for entry in entries
    }
    return chart_list.find_entry(
        filters.choose_option("Chart", components.CHART, names, aside=False)
    )


def pick_values(entry: Entry, context: ReportContext) -> Mapping[str, str]:
    """Ask for each parameter of the chart; what is chosen is in the link, like every filter."""
    values = {}
    for at in range(0, len(entry.parameters), BESIDE):
        pair = entry.parameters[at : at + BESIDE]
        for column, parameter in zip(st.columns(len(pair)), pair, strict=True):
            with column:
                offered = parameter.choices(context)
                values[parameter.name] = filters.choose_option(
                    parameter.label, parameter.name, offered, aside=False
                )
    return values


def pick_title(drawn: Drawn, context: ReportContext) -> Chosen:
    """Ask for a title of those the chart offers, which is in the link, or a user's own words.

    Own words are for who is signed in, and in no link. Words that are refused, which is said,
    leave the title that was chosen; another choice takes the words away.
    """
    if not may_use_own_words(context.viewer):
        return Chosen(filters.choose_option("Title", TITLE, drawn.titles, aside=False))
    offered, own = st.columns([3, 2])
    with offered:
        kind = filters.choose_option("Title", TITLE, drawn.titles, aside=False)
    words = own.text_input(
        "Or your own words",
        key=".".join(("press.title", drawn.entry.name, *drawn.values.values(), kind)),
        max_chars=LONGEST,
        help=OWN_WORDS,
    )
    try:
        settle_title(drawn, kind, words, context.viewer)
    except LongevityError as error:
        st.warning(escape_markdown(str(error)))
        words = ""
    return Chosen(kind, words.strip())


def show_preview(pressed: Pressed, context: PageContext) -> None:
    """Show the picture that is handed out, or why there is none; the last thing a page
    does.
    """
    chart = pressed.drawn.chart
    try:
        address = context.compute_once(lambda: _draw_preview(pressed), pressed.key)
    except LongevityError as error:
        st.warning(escape_markdown(str(error)), icon=":material/download:")
        components.draw_chart(chart, "press.figure")
    else:
        st.image(address, width="stretch", alt=chart.alt)


def _draw_preview(pressed: Pressed) -> str:
    """Draw the picture as the files have it, and return it as an address that holds it.

    It goes to the page that asked for it, and lies nowhere for another to fetch.
    """
    title, drawn = pressed.title, pressed.drawn
    settled = settle_title(drawn, title.kind, title.words, pressed.viewer)
    png = bundle.draw_preview(drawn, pressed.settings, settled)
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"


def offer_bundle(pressed: Pressed) -> None:
    """Draw a button for the bundle in one file, made when it is clicked."""
    _offer_file(pressed, "Download everything (ZIP)", "zip", lambda: _make_zip(pressed))


def offer_files(pressed: Pressed) -> None:
    """Draw a button for each file by itself, made when it is clicked."""
    with st.container(horizontal=True):
        for suffix in bundle.FORMATS:
            _offer_file(pressed, NAMES[suffix], suffix, partial(_make_file, pressed, suffix))


def _offer_file(pressed: Pressed, label: str, suffix: str, make: Callable[[], bytes]) -> None:
    name = f"{bundle.name_bundle(pressed.drawn)}.{suffix}"
    download_log.offer_file(label, name, pressed.drawn.about, make, f"press.{suffix}")


def _make_file(pressed: Pressed, suffix: str) -> bytes:
    files = _make_files((suffix,), pressed)
    return next(data for name, data in files.items() if name.endswith(f".{suffix}"))


def _make_files(formats: Sequence[str], pressed: Pressed) -> Files:
    chosen, drawn = pressed.title, pressed.drawn
    title = settle_title(drawn, chosen.kind, chosen.words, pressed.viewer)
    return bundle.make_bundle(drawn, pressed.settings, formats, title=title)


def _make_zip(pressed: Pressed) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _make_files(bundle.FORMATS, pressed).items():
            archive.writestr(zipfile.ZipInfo(name, DATED), data)
    return packed.getvalue()
