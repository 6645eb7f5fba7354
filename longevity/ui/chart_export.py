"""The press desk's own parts: pick a chart, choose its title, see it, take it along."""

from __future__ import annotations

import base64
import hashlib
import io
import threading
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from longevity.auth.viewers import Viewer
from longevity.errors import LongevityError
from longevity.outputs import bundle
from longevity.outputs.bundle import picture, rows
from longevity.outputs.bundle.browser import NoBrowserError
from longevity.release.store import Store
from longevity.reports.chart_catalogue import catalogue
from longevity.reports.chart_catalogue.definition import SUBJECTS, Drawn, Entry
from longevity.reports.chart_title import (
    LONGEST,
    may_use_own_words,
    settle_title,
)
from longevity.reports.context import ReportContext
from longevity.settings import Settings
from longevity.text.wording import escape_markdown
from longevity.ui import components, download_log, export_queue, filters

SIZES = {"slide": "Slide, 16:9", "square": "Square", "letter": "Letter"}
DATED = (1980, 1, 1, 0, 0, 0)  # the first a ZIP can hold: same files, same bytes
PREVIEWS = 100  # pictures kept as a screen shows them, some 0.2 MB each
BESIDE = 2  # parameters in a row
WAITED_FOR = "press.waited-for"
SOON = 0.6  # seconds: twice what a picture takes
TITLE = "title"  # in a link
OWN_WORDS = "The file will say “Title by the user”."
MIME = {
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "csv": "text/csv",
}
NAMES = {"svg": "SVG", "pdf": "PDF", "pptx": "PowerPoint", "csv": "CSV"}
WITHOUT_BROWSER = ("pptx", "csv")
Files = dict[str, bytes]
_previews: dict[tuple[str, ...], str] = {}  # made one at a time, beside the pages
_without_browser = threading.Event()  # the last picture could not be drawn for want of one


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
    def key(self) -> tuple[str, ...]:
        """Return all that goes into its files beside the program: of a purged release, another one.

        A session is never handed the file of another whose title or figures differ.
        """
        drawn, settings = self.drawn, self.settings
        values = [f"{name}={value}" for name, value in sorted(drawn.values.items())]
        logo = settings.branding.logo
        parts = (
            drawn.about.release_id,
            repr(Store(settings.home).read_stamp(drawn.about.release_id)),
            # What was drawn itself: a purge may have come between the drawing and this key.
            repr(drawn.about),
            rows.write_figures(drawn.chart.table),
            drawn.chart.title,
            drawn.chart.subtitle,
            drawn.chart.alt,
            repr(settings),
            repr(logo.stat().st_mtime_ns) if logo else "",
        )
        digest = hashlib.sha256(repr(parts).encode()).hexdigest()
        title = (self.title.kind, self.title.words, *drawn.titles.values(), str(self.viewer))
        return (digest, drawn.entry.name, *values, *title)


def pick_chart(settings: Settings) -> Entry:
    """Ask for a chart, in a list of all or by a tile of the gallery, and return the one chosen."""
    entries = catalogue.list_entries(settings)
    names = {
        entry.name: f"{entry.subject}: {entry.title}"
        for subject in SUBJECTS
        for entry in entries
        if entry.subject == subject and not entry.why_not_public
    }
    inside = {
        entry.name: f"{entry.subject}: {entry.title} (stays inside)"
        for entry in entries
        if entry.why_not_public
    }
    return catalogue.find_entry(
        filters.choose_option("Chart", components.CHART, names | inside, aside=False)
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


@dataclass(frozen=True)
class Preview:
    """The very picture that is handed out at a size: its place on the page, and its drawing.

    `key`: all that goes into the picture.
    """

    key: tuple[str, ...]
    drawn: Drawn
    place: DeltaGenerator

    def can_be_drawn(self) -> bool:
        """Say whether pictures can be had, as far as is known: not where no browser starts."""
        if _previews.get(self.key) is not None:
            return True
        return export_queue.find_failure(self.key) is None and not _without_browser.is_set()

    def show_picture(self) -> None:
        """Show the picture, or why there is none; the last thing a page does.

        One that is drawn soon is waited for: a page that runs again for it takes longer.
        """
        export_queue.await_drawing(self.key, SOON)
        address, error = _previews.get(self.key), export_queue.find_failure(self.key)
        with self.place.container():
            if address is not None:
                st.image(address, width="stretch", alt=self.drawn.chart.alt)
            elif error is None:
                export_queue.show_drawing_under_way(self.key)
            elif isinstance(error, NoBrowserError):
                st.warning(escape_markdown(str(error)), icon=":material/download:")
                st.caption(
                    "Without one the slide with its native chart and the rows can still be had."
                )
                chart = self.drawn.chart
                components.draw_figure(chart.figure, chart.alt, "press.figure")
            elif isinstance(error, LongevityError):
                st.error(escape_markdown(str(error)))
            else:
                raise error


def begin_preview(pressed: Pressed, size: str) -> Preview:
    """Have the picture drawn beside the page, and keep its place."""
    key = (*pressed.key, size)
    preview = Preview(key, pressed.drawn, st.empty())
    if st.session_state.get(WAITED_FOR) != key:
        export_queue.let_go(st.session_state.get(WAITED_FOR))
    if _previews.get(key) is None and export_queue.find_failure(key) is None:
        preview.place.skeleton(height=export_queue.HEIGHT)
        export_queue.begin_drawing(key, lambda: _keep_preview(key, pressed, size))
        st.session_state[WAITED_FOR] = key
    return preview


def _keep_preview(key: tuple[str, ...], pressed: Pressed, size: str) -> None:
    """Draw the picture as a screen shows it, beside the page, and keep it for the page."""
    try:
        _previews[key] = _previews.get(key) or _draw_preview(pressed, size)
    except NoBrowserError:
        _without_browser.set()
        raise
    _without_browser.clear()
    while len(_previews) > PREVIEWS:
        del _previews[next(iter(_previews))]


def _draw_preview(pressed: Pressed, size: str) -> str:
    """Draw the picture as the files have it, and return it as an address that holds it.

    It goes to the page that asked for it, and lies nowhere for another to fetch.
    """
    title, drawn = pressed.title, pressed.drawn
    settled = settle_title(drawn, title.kind, title.words, pressed.viewer)
    branding = pressed.settings.branding
    svg = picture.draw_svg(drawn, branding, size, settled.text, settled.note)
    encoded = base64.b64encode(picture.draw_preview(svg, size)).decode("ascii")
    return f"data:image/png;base64,{encoded}"


def offer_bundle(pressed: Pressed) -> None:
    """Draw a button for the bundle in one file, made when it is clicked."""
    _draw_button(
        pressed,
        "Download everything (ZIP)",
        f"{bundle.name_bundle(pressed.drawn)}.zip",
        "application/zip",
        lambda: _zip_files(_make_everything(pressed)),
    )


def offer_files(pressed: Pressed, size: str, pictured: bool) -> None:
    """Draw a button for each file by itself, made when it is clicked."""
    formats = bundle.FORMATS if pictured else WITHOUT_BROWSER
    stem = bundle.name_bundle(pressed.drawn)
    with st.container(horizontal=True):
        if pictured:
            label, name = f"PNG, {SIZES[size].lower()}", bundle.name_png(stem, size)
            _draw_button(pressed, label, name, "image/png", _build_file_maker(pressed, "png", size))
        for one in formats:
            if one in NAMES:
                _draw_button(
                    pressed, NAMES[one], f"{stem}.{one}", MIME[one], _build_file_maker(pressed, one)
                )


def _make_everything(pressed: Pressed) -> Files:
    """Make all that can be had: a click may come before it is known whether a browser starts."""
    try:
        return _make_files(bundle.FORMATS, tuple(SIZES), pressed)
    except NoBrowserError:
        return _make_files(WITHOUT_BROWSER, tuple(SIZES), pressed)


def _build_file_maker(pressed: Pressed, one: str, size: str = "slide") -> Callable[[], bytes]:
    def make_file() -> bytes:
        files = _make_files((one,), (size,), pressed)
        return next(data for name, data in files.items() if name.endswith(f".{one}"))

    return make_file


def _draw_button(
    pressed: Pressed,
    label: str,
    name: str,
    mime: str,
    data: Callable[[], bytes],
) -> None:
    st.download_button(
        label,
        download_log.make_on_click(name, pressed.drawn.about, data),
        file_name=name,
        mime=mime,
        key=f"press.{name.rsplit('.', 1)[-1]}",
        icon=":material/download:",
        on_click=download_log.LEFT_ALONE,
    )


def _make_files(formats: tuple[str, ...], sizes: tuple[str, ...], pressed: Pressed) -> Files:
    return bundle.make_bundle(
        pressed.drawn,
        pressed.settings,
        formats,
        title=pressed.title.kind,
        words=pressed.title.words,
        viewer=pressed.viewer,
        sizes=sizes,
    )


def _zip_files(files: Files) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, DATED), data)
    return packed.getvalue()
