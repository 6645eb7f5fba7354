"""The press charts screen's own parts: pick a chart, edit its title, see it, take it along."""

from __future__ import annotations

import base64
import hashlib
import io
import threading
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st
from PIL import Image

from longevity.auth.viewers import Viewer
from longevity.charts import thumbnails
from longevity.errors import LongevityError
from longevity.lru_cache import LRUCache
from longevity.outputs import bundle
from longevity.outputs.bundle import rows
from longevity.outputs.bundle.browser import NoBrowserError
from longevity.release import certificates
from longevity.release.store import Store
from longevity.reports.chart_catalogue import catalogue
from longevity.reports.chart_catalogue.definition import SUBJECTS, Drawn, Entry
from longevity.reports.context import ReportContext
from longevity.reports.edited_title import NOT_THE_PUBLIC, can_edit, word_title
from longevity.settings import Settings
from longevity.text import edited_titles
from longevity.text.edited_titles import Title
from longevity.text.wording import escape_markdown
from longevity.ui import components as parts
from longevity.ui import download_log, export_queue, filters

SIZES = {"slide": "Slide, 16:9", "square": "Square", "letter": "Letter"}
DATED = (1980, 1, 1, 0, 0, 0)  # the first a ZIP can hold: same files, same bytes
FILES_BYTES = 32 * 1024 * 1024  # of files kept, and of pictures as a screen shows them
WAITED_FOR = "press.waited-for"
WIDEST = 1460  # pixels of a picture on a screen: what Streamlit shows at most
TILE = 166  # pixels: two beside each other on a phone
MIME = {
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "csv": "text/csv",
}
NAMES = {"svg": "SVG", "pdf": "PDF", "pptx": "PowerPoint", "csv": "CSV"}
WITHOUT_BROWSER = ("pptx", "csv")
Files = dict[str, bytes]
_files, _seen = LRUCache(FILES_BYTES), LRUCache(FILES_BYTES)
_without_browser = threading.Event()  # the last picture could not be drawn for want of one


@dataclass(frozen=True)
class Pressed:
    """A chart as it will leave: drawn for the public, under the title `editor` gave it."""

    settings: Settings
    drawn: Drawn
    title: Title
    editor: Viewer

    @property
    def key(self) -> tuple[str, ...]:
        """All that goes into its files beside the program: of a purged release, another one.

        A session is never handed the file of another whose title, warning or figures differ.
        """
        drawn, settings = self.drawn, self.settings
        values = [f"{name}={value}" for name, value in sorted(drawn.values.items())]
        logo = settings.branding.logo
        parts = (
            drawn.about.release_id,
            repr(Store(settings.home).stamp(drawn.about.release_id)),
            certificates.name_current(settings),
            # What was drawn itself: a purge may have come between the drawing and this key.
            repr(drawn.about),
            rows.figures(drawn.chart.table),
            drawn.chart.title,
            drawn.chart.subtitle,
            drawn.chart.alt,
            repr(settings),
            repr(logo.stat().st_mtime_ns) if logo else "",
        )
        told = hashlib.sha256(repr(parts).encode()).hexdigest()
        title = (self.title.text, str(self.title.edited), *self.title.warnings)
        return (told, drawn.entry.name, *values, *title)


def pick() -> Entry:
    """The chart chosen, in a list of all or by a tile among those of its subject."""
    names = {
        entry.name: f"{entry.subject}: {entry.title}"
        for subject in SUBJECTS
        for entry in catalogue.ENTRIES.values()
        if entry.subject == subject and not entry.why_not_public
    }
    inside = {
        entry.name: f"{entry.subject}: {entry.title} (stays inside)"
        for entry in catalogue.ENTRIES.values()
        if entry.why_not_public
    }
    return catalogue.named(filters.choose("Chart", parts.CHART, names | inside, aside=False))


def tiles(chosen: Entry, context: ReportContext) -> None:
    """The public charts of the same subject as tiles, each with a drawing of its kind."""
    others = [
        entry
        for entry in catalogue.ENTRIES.values()
        if entry.subject == chosen.subject and not entry.why_not_public
    ]
    with st.container(horizontal=True):
        for entry in others:
            with st.container(border=True, width=TILE):
                st.image(thumbnails.draw_kind(entry.kind, context.theme), alt="")
                st.button(
                    entry.title,
                    key=f"press.tile.{entry.name}",
                    type="tertiary",
                    icon=":material/check:" if entry.name == chosen.name else None,
                    width="stretch",
                    on_click=_open,
                    args=(entry.name,),
                )


def _open(name: str) -> None:
    st.session_state[parts.CHART] = name


def values_of(entry: Entry, context: ReportContext) -> Mapping[str, str]:
    """Each parameter of the chart as chosen; in the link, like every filter."""
    if not entry.parameters:
        return {}
    chosen = {}
    for column, parameter in zip(st.columns(len(entry.parameters)), entry.parameters, strict=True):
        with column:
            offered = parameter.choices(context)
            chosen[parameter.name] = filters.choose(
                parameter.label, parameter.name, offered, aside=False
            )
    return chosen


def settle_title(drawn: Drawn, context: ReportContext) -> Title:
    """The chart's title as edited; an edit that says something else is named and left out.

    The public has no box, and is told why the title is the computed one.
    """
    if not can_edit(context.viewer):
        st.caption(
            escape_markdown(f"The title is as computed. {NOT_THE_PUBLIC} A link carries no title.")
        )
        return word_title(drawn, context.settings, "", context.viewer)
    finding = drawn.chart.title
    key = "press.title." + ".".join((drawn.entry.name, *drawn.values.values()))
    edit = st.text_input(
        "Title",
        key=key,
        placeholder=finding,
        max_chars=edited_titles.LONGEST,
        help="Leave it empty for the computed title. An edit may say it shorter or plainer; one "
        "that moves or adds a number or a direction is not taken. Under an edited title the "
        "computed one leads the subtitle, and “verify” tells of the edit.",
    )
    title = word_title(drawn, context.settings, edit, context.viewer)
    for warning in title.warnings:
        (st.caption if title.edited else st.warning)(escape_markdown(warning))
    return title


def preview(pressed: Pressed, size: str) -> bool:
    """Show the very picture that is handed out at this size, once it is drawn.

    Whether pictures can be had: not where no browser starts.
    """
    key = (*pressed.key, size)
    if st.session_state.get(WAITED_FOR) != key:
        export_queue.let_go(st.session_state.get(WAITED_FOR))
    shown = _seen.get(key)
    if shown is not None:
        st.image(shown, width="stretch", alt=pressed.drawn.chart.alt)
        return True
    error = export_queue.failed(key)
    if error is None:
        export_queue.begin(key, lambda: _draw(key, pressed, size))
        st.session_state[WAITED_FOR] = key
        export_queue.wait(key)
        return not _without_browser.is_set()
    if isinstance(error, NoBrowserError):
        st.warning(escape_markdown(str(error)), icon=":material/download:")
        st.caption("Without one the slide with its native chart and the rows can still be had.")
        parts.figure(pressed.drawn.chart.figure, pressed.drawn.chart.alt, "press.figure")
    elif isinstance(error, LongevityError):
        st.error(escape_markdown(str(error)))
    else:
        raise error
    return False


def _draw(key: tuple[str, ...], pressed: Pressed, size: str) -> None:
    """Beside the page: the file, and the picture as a screen shows it."""
    try:
        picture = _png(pressed, size)
    except NoBrowserError:
        _without_browser.set()
        raise
    _without_browser.clear()
    _seen.get_or_compute(key, lambda: _as_seen(picture), len)


def _png(pressed: Pressed, size: str) -> bytes:
    made = _make_files(pressed.key, ("png",), (size,), pressed)
    return next(data for name, data in made.items() if name.endswith(".png"))


def _as_seen(picture: bytes) -> str:
    """The picture no larger than a screen shows it, as an address that holds it.

    It goes to the page that asked for it, and lies nowhere for another to fetch.
    """
    with Image.open(io.BytesIO(picture)) as opened:
        if opened.width > WIDEST:
            high = opened.height * WIDEST // opened.width
            small = io.BytesIO()
            opened.resize((WIDEST, high), Image.Resampling.LANCZOS).save(small, format="PNG")
            picture = small.getvalue()
    return f"data:image/png;base64,{base64.b64encode(picture).decode('ascii')}"


def downloads(pressed: Pressed, size: str, pictured: bool) -> None:
    """The bundle in one file, and each file by itself; made when it is clicked."""
    formats = bundle.FORMATS if pictured else WITHOUT_BROWSER
    stem = bundle.name_of(pressed.drawn)
    _button(
        pressed,
        "Download everything (ZIP)",
        f"{stem}.zip",
        "application/zip",
        lambda: _zipped(_everything(pressed)),
    )
    with st.container(horizontal=True):
        if pictured:
            label, name = f"PNG, {SIZES[size].lower()}", bundle.png_name(stem, size)
            _button(pressed, label, name, "image/png", lambda: _png(pressed, size))
        for one in formats:
            if one in NAMES:
                made = _later(pressed, one)
                _button(pressed, NAMES[one], f"{stem}.{one}", MIME[one], made)


def _everything(pressed: Pressed) -> Files:
    """All that can be had: a click may come before it is known whether a browser starts."""
    try:
        return _make_files(pressed.key, bundle.FORMATS, tuple(SIZES), pressed)
    except NoBrowserError:
        return _make_files(pressed.key, WITHOUT_BROWSER, tuple(SIZES), pressed)


def _later(pressed: Pressed, one: str) -> Callable[[], bytes]:
    def make() -> bytes:
        files = _make_files(pressed.key, (one,), ("slide",), pressed)
        return next(data for name, data in files.items() if name.endswith(f".{one}"))

    return make


def _button(
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


def _make_files(
    key: tuple[str, ...], formats: tuple[str, ...], sizes: tuple[str, ...], pressed: Pressed
) -> Files:
    title = pressed.title

    def make() -> Files:
        return bundle.make(
            pressed.drawn,
            pressed.settings,
            formats,
            # What was refused of an edit stays on the screen.
            title=title.text if title.edited else "",
            editor=pressed.editor,
            sizes=sizes,
        )

    made: Files = _files.get_or_compute(
        (key, formats, sizes), make, lambda files: sum(map(len, files.values()))
    )
    return made


def _zipped(files: Files) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, DATED), data)
    return packed.getvalue()
