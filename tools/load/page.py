"""A browser tab of the load: what the server sent, its widgets, and how two tabs are compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Navigation_pb2 import Navigation
from streamlit.proto.NewSession_pb2 import NewSession
from streamlit.proto.WidgetStates_pb2 import WidgetState

from longevity.ui.markdown import escape_markdown
from longevity.ui.visitor import CHANGED

Place = tuple[int, ...]
# Texts that `lines` leaves out, as they depend on how the visitor came: hints, that the data
# changed since another look, a link's bad part, and the press desk's tiles.
CARRIED_ALONG = " was chosen on another screen or by a link. "
OF_THE_VISIT = (escape_markdown(CHANGED), "The link asks for", "<style>.st-key-press-tile")
GOT_IT = "Got it"
DRAWING = "Drawing the picture …"
WIDGETS = ("selectbox", "button_group", "text_input")
TEXTS = dict.fromkeys(("markdown", "heading", "alert", "text", "html"), "body")
TEXTS["code"] = "code_text"
# The fields of other elements that a reader sees; an element that is not here is compared whole.
SEEN = {
    "plotly_chart": ("alt", "spec"),
    "download_button": ("label",),
    "button": ("label", "disabled"),
    "page_link": ("label", "page"),
}
RELEASE = re.compile(r"; release ([0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{12}(?:-\d+)?)")


class BrokenError(Exception):
    """The page has no such thing, or the server did not answer as it answers a browser."""


@dataclass
class Shown:
    """One element in its place on the page.

    `run`: which run put it there; `fragment`: in which part of the page; `script`: of which page.
    """

    kind: str
    value: Any
    run: str
    fragment: str
    script: str


@dataclass
class Page:
    """The page as the server has sent it so far, with the state of its widgets."""

    shown: dict[Place, Shown] = field(default_factory=dict)
    script_hash: str = ""
    main_hash: str = ""
    repeating: dict[str, float] = field(default_factory=dict)  # fragments: every so many seconds
    folds: set[str] = field(default_factory=set)
    states: dict[str, WidgetState] = field(default_factory=dict)  # what is sent of its widgets
    _paths: dict[str, str] = field(default_factory=dict)  # a page's hash: its path
    _run: str = ""
    _fragments: tuple[str, ...] = ()

    # --- what the server says -----------------------------------------------------

    def begin(self, session: NewSession, run: Any) -> None:
        """Begin a run, of the whole page or of some of its parts."""
        self._run, self._fragments = run.script_run_id, tuple(run.fragment_ids)
        self.main_hash = session.main_script_hash
        if not self._fragments:
            self.folds.clear()
            self.script_hash = session.page_script_hash
            self.repeating.clear()

    def navigate(self, said: Navigation) -> None:
        """Take in which pages there are, and which one this is."""
        self.script_hash = said.page_script_hash
        self._paths = {
            page.page_script_hash: "" if page.is_default else page.url_pathname
            for page in said.app_pages
        }

    def put(self, message: ForwardMsg) -> None:
        """Put an element in its place; what was there goes. Blocks and spinners show nothing."""
        block, element = message.delta.add_block, message.delta.new_element
        self.folds |= {fold.id for fold in (block.expandable, block.popover) if fold.id}
        if message.delta.WhichOneof("type") == "new_element":
            kind = element.WhichOneof("type") or "empty"
            value = getattr(element, kind)
            script, part = message.metadata.active_script_hash, message.delta.fragment_id
            place = tuple(message.metadata.delta_path)
            self.shown[place] = Shown(kind, value, self._run, fragment=part, script=script)
            self._adopt(kind, value)

    def end(self, part: bool) -> None:
        """End the run: what it did not put on the page again goes.

        `part`: it ran some parts of the page alone, so that what is in the others stays.
        """
        self.shown = {
            place: shown
            for place, shown in self.shown.items()
            if shown.run == self._run or (part and shown.fragment not in self._fragments)
        }
        there = {getattr(value, "id", "") for _, value in self.elements()} | self.folds
        self.states = {name: state for name, state in self.states.items() if name in there}

    # --- what a reader sees -------------------------------------------------------

    def path(self) -> str:
        """Return the page's path, "" for the first."""
        return self._paths.get(self.script_hash, "")

    def elements(self) -> Iterator[tuple[str, Any]]:
        """Yield kind and content of each element in order, the sidebar's last."""
        for _, shown in sorted(self.shown.items(), key=lambda item: item[0]):
            if shown.kind != "empty":
                yield shown.kind, shown.value

    def texts(self) -> list[str]:
        """Return every text, as a reader sees it."""
        return [
            re.sub(r"\\(.)", r"\1", getattr(value, TEXTS[kind]))
            for kind, value in self.elements()
            if kind in TEXTS
        ]

    def failures(self) -> list[str]:
        """Return what went wrong on the page: a traceback's words, or a page that is not there."""
        return [value.message for kind, value in self.elements() if kind == "exception"]

    def releases(self) -> set[str]:
        """Return the releases named in the source lines."""
        lines = (text for text in self.texts() if not text.startswith("#"))
        return {release for text in lines for release in RELEASE.findall(text)}

    def lines(self) -> list[bytes]:
        """Return a line for each thing a reader sees, whichever way the visitor came to the page.

        They are bytes, as the rows of a table are.

        What differs between two tabs that show the same is left out: widgets' ids, links with
        the choices they carry along, that a newer release came, a press picture that comes.
        """
        elements = self.elements()
        return [self._write_line(*found) for found in elements if not _is_of_the_visit(*found)]

    def _write_line(self, kind: str, value: Any) -> bytes:
        """Return what a reader sees of an element as a line of bytes; if not in SEEN, all."""
        if kind in WIDGETS:
            offered = [] if kind == "text_input" else self.offered(value.label)
            return f"choice {value.label} of {offered}: {self.value(value.label)}".encode()
        if kind == "dataframe":
            return b"rows " + value.columns.encode() + b" " + value.arrow_data.data
        if kind in SEEN:
            return " ".join([kind, *(str(getattr(value, name)) for name in SEEN[kind])]).encode()
        return kind.encode() + b" " + value.SerializeToString(deterministic=True)

    # --- its widgets --------------------------------------------------------------

    def find(self, label: str, *kinds: str) -> tuple[str, Any]:
        """Return kind and content of the first element of these kinds with this label."""
        for kind, value in self.elements():
            if kind in kinds and value.label == label:
                return kind, value
        raise BrokenError(f"there is no {' or '.join(kinds)} {label}")

    def value(self, label: str) -> str:
        """Return the words chosen, or typed, in the widget of this label."""
        state = self.states.get(self.find(label, *WIDGETS)[1].id, WidgetState())
        return next(iter(state.string_array_value.data), state.string_value)

    def choose(self, label: str, words: str) -> None:
        """Choose among what the widget of this label offers."""
        if words not in self.offered(label):
            raise BrokenError(f"{label} does not offer {words}")
        kind, widget = self.find(label, *WIDGETS)
        self._set(kind, widget.id, words)

    def offered(self, label: str) -> list[str]:
        """Return the words of each choice of the widget of this label."""
        _, widget = self.find(label, *WIDGETS)
        return [getattr(option, "content", option) for option in widget.options]

    def unfold(self) -> None:
        """Open every part of the page that is folded."""
        self.states |= {fold: WidgetState(id=fold, bool_value=True) for fold in self.folds}

    def forget_widgets(self) -> None:
        """Keep only the widgets of every page, as a browser does on the way to another one."""
        common = [shown.value for shown in self.shown.values() if shown.script == self.main_hash]
        kept = {getattr(value, "id", "") for value in common}
        self.states = {name: state for name, state in self.states.items() if name in kept}

    def _set(self, kind: str, name: str, words: str) -> None:
        """Hold these words as the value of a widget, which is sent with the next run."""
        state = self.states[name] = WidgetState(id=name)
        if kind == "button_group":
            state.string_array_value.data.append(words)
        else:
            state.string_value = words

    def _adopt(self, kind: str, widget: Any) -> None:
        """Give a widget that has just come its value: its own, or the one the server sets.

        A select box whose value is not among what it offers takes its default, as in a browser.
        """
        if kind not in WIDGETS:
            return
        held = self.states.get(widget.id)
        if kind == "text_input":
            set_by_server, default = [widget.value], [widget.default]
        elif kind == "selectbox":
            set_by_server = [widget.raw_value]
            default = [*widget.options][widget.default :][:1] if widget.HasField("default") else []
            held = held if held is not None and held.string_value in widget.options else None
        else:
            set_by_server = [*widget.raw_values][:1]
            default = [widget.options[at].content for at in widget.default][:1]
        values = set_by_server if widget.set_value else default if held is None else []
        for words in values:
            self._set(kind, widget.id, words)


def _is_of_the_visit(kind: str, value: Any) -> bool:
    """Return whether an element depends on how the visitor came, not on what the page shows."""
    if kind == "button":
        return value.label == GOT_IT
    if kind in ("skeleton", "imgs"):  # a picture comes after its page, sooner or later
        return True
    said = getattr(value, TEXTS.get(kind, ""), "")
    return said == DRAWING or said.startswith(OF_THE_VISIT) or CARRIED_ALONG in said
