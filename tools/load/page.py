"""What a tab shows: the elements the server sent, and the widgets among them with their state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Navigation_pb2 import Navigation
from streamlit.proto.NewSession_pb2 import NewSession
from streamlit.proto.WidgetStates_pb2 import WidgetState

Place = tuple[int, ...]
# Hints, the name on paper of a release that a shut page shows nothing of, and a link's bad part.
CARRIED_ALONG = " was chosen on another screen or by a link. "
OF_THE_VISIT = (
    '<p class="longevity-on-paper">',
    "The link asks for",
)
GOT_IT = "Got it"
SIDEBAR = 1  # the first number of a place: 0 the page, 1 its sidebar
DRAWING = "Drawing the picture …"
OFFER, SHOW_IT = "A newer release has been published.", "Show it"
WIDGETS = ("selectbox", "button_group", "text_input")
TEXTS = {
    "markdown": "body",
    "heading": "body",
    "alert": "body",
    "text": "body",
    "html": "body",
    "code": "code_text",
}


class NotThereError(Exception):
    """The page has no such thing."""


@dataclass
class Shown:
    """One element in its place: which run put it there, and which part of the page."""

    element: Element
    run: str
    fragment: str
    script: str


@dataclass
class Page:
    """The page as it is now; `states` is what its widgets would send."""

    shown: dict[Place, Shown] = field(default_factory=dict)
    script_hash: str = ""
    main_hash: str = ""
    repeating: dict[str, float] = field(default_factory=dict)  # fragments: every so many seconds
    folds: dict[str, str] = field(default_factory=dict)  # by its id: a fold's label
    _paths: dict[str, str] = field(default_factory=dict)  # a page's hash: its path
    _values: dict[str, WidgetState] = field(default_factory=dict)
    _run: str = ""
    _fragments: tuple[str, ...] = ()

    # --- what the server says -----------------------------------------------------

    def begin(self, session: NewSession, run: Any) -> None:
        """A run begins, of the whole page or of some of its parts."""
        self._run, self._fragments = run.script_run_id, tuple(run.fragment_ids)
        self.main_hash = session.main_script_hash
        if not self._fragments:
            self.folds.clear()
            self.script_hash = session.page_script_hash
            self.repeating.clear()

    def navigate(self, said: Navigation) -> None:
        """Which pages there are, and which one this is."""
        self.script_hash = said.page_script_hash
        self._paths = {
            page.page_script_hash: "" if page.is_default else page.url_pathname
            for page in said.app_pages
        }

    def put(self, message: ForwardMsg) -> None:
        """An element in its place; what stood there goes. Blocks and spinners show nothing."""
        place = tuple(message.metadata.delta_path)
        block = message.delta.add_block
        for fold in (block.expandable, block.popover):
            if fold.id:
                self.folds[fold.id] = fold.label
        if message.delta.WhichOneof("type") != "new_element":
            return
        element = message.delta.new_element
        script = message.metadata.active_script_hash
        self.shown[place] = Shown(element, self._run, message.delta.fragment_id, script)
        self._adopt(element)

    def end(self, part: bool) -> None:
        """The run is over: what it did not put there again goes."""
        self.shown = {
            place: one
            for place, one in self.shown.items()
            if one.run == self._run or (part and one.fragment not in self._fragments)
        }
        there = {getattr(value, "id", "") for _, value in self.elements()} | set(self.folds)
        self._values = {name: state for name, state in self._values.items() if name in there}

    # --- what a reader sees -------------------------------------------------------

    def path(self) -> str:
        """The page's path, "" for the first."""
        return self._paths.get(self.script_hash, "")

    def elements(self, aside: bool = True) -> Iterator[tuple[str, Any]]:
        """Kind and content of each element from top to bottom; `aside`: the sidebar's too."""
        for place, one in sorted(self.shown.items(), key=lambda item: item[0]):
            kind = one.element.WhichOneof("type")
            if kind not in (None, "empty") and (aside or place[0] != SIDEBAR):
                yield kind, getattr(one.element, kind)

    def texts(self, aside: bool = True) -> list[str]:
        """Every text, as a reader sees it."""
        return [
            re.sub(r"\\(.)", r"\1", getattr(value, TEXTS[kind]))
            for kind, value in self.elements(aside)
            if kind in TEXTS
        ]

    def failures(self) -> list[str]:
        """What went wrong on the page: a traceback's words, or a page that is not there."""
        return [value.message for kind, value in self.elements() if kind == "exception"]

    def lines(self) -> list[bytes]:
        """A line for each thing a reader sees, the same however the page was come to.

        What differs between two tabs that show the same is left out: widgets' ids, links with
        the choices they carry along, the offer of a newer release, a press picture that comes.
        """
        return [line for kind, value in self.elements() if (line := _write_line(kind, value, self))]

    # --- its widgets --------------------------------------------------------------

    def states(self) -> list[WidgetState]:
        """What the page sends of its widgets."""
        return list(self._values.values())

    def value(self, label: str) -> str:
        """The words chosen, or typed, in the widget of this label."""
        state = self._values.get(self._widget(label)[1].id)
        if state is None:
            return ""
        words = state.string_array_value.data
        return words[0] if words else state.string_value

    def choose(self, label: str, words: str) -> None:
        """Choose among what the widget of this label offers."""
        kind, widget = self._widget(label)
        if words not in self.offered(label):
            raise NotThereError(f"{label} does not offer {words}")
        self._set(kind, widget.id, words)

    def offered(self, label: str) -> list[str]:
        """The words of each choice of the widget of this label."""
        kind, widget = self._widget(label)
        if kind == "button_group":
            return [option.content for option in widget.options]
        return list(widget.options)

    def unfold(self) -> None:
        """Open every fold."""
        for fold in self.folds:
            self._values[fold] = WidgetState(id=fold, bool_value=True)

    def button(self, label: str) -> str:
        """The id of the button with this label."""
        return str(self._find(label, "button")[1].id)

    def file(self, label: str) -> str:
        """The id by which the first file under a button of this label is asked for."""
        return str(self._find(label, "download_button")[1].deferred_file_id)

    def link(self, label: str) -> Any:
        """The link to a page with this label."""
        return self._find(label, "page_link")[1]

    def forget_widgets(self) -> None:
        """On the way to another page a browser keeps only the widgets that stand on every page."""
        kept = {
            getattr(getattr(one.element, kind), "id", "")
            for one in self.shown.values()
            if one.script == self.main_hash and (kind := one.element.WhichOneof("type"))
        }
        self._values = {name: state for name, state in self._values.items() if name in kept}

    def _widget(self, label: str) -> tuple[str, Any]:
        return self._find(label, *WIDGETS)

    def _find(self, label: str, *kinds: str) -> tuple[str, Any]:
        """The first element of these kinds with this label."""
        for kind, value in self.elements():
            if kind in kinds and value.label == label:
                return kind, value
        raise NotThereError(f"there is no {' or '.join(kinds)} {label}")

    def _set(self, kind: str, name: str, words: str) -> None:
        state = WidgetState(id=name)
        if kind == "button_group":
            state.string_array_value.data.append(words)
        else:
            state.string_value = words
        self._values[name] = state

    def _adopt(self, element: Element) -> None:
        """Give a widget that has just come its value: its own, or the one the server sets.

        A select box that holds nothing of what it offers takes its default, as in a browser.
        """
        kind = element.WhichOneof("type")
        if kind == "selectbox":
            box = element.selectbox
            if box.set_value:
                self._set(kind, box.id, box.raw_value)
            elif box.HasField("default") and box.options:
                held = self._values.get(box.id)
                if held is None or held.string_value not in box.options:
                    self._set(kind, box.id, box.options[box.default])
        elif kind == "button_group":
            group = element.button_group
            if group.set_value and group.raw_values:
                self._set(kind, group.id, group.raw_values[0])
            elif group.id not in self._values and group.default:
                self._set(kind, group.id, group.options[group.default[0]].content)
        elif kind == "text_input":
            text = element.text_input
            if text.set_value:
                self._set(kind, text.id, text.value)
            elif text.id not in self._values:
                self._set(kind, text.id, text.default)


def _of_the_visit(kind: str, value: Any) -> bool:
    """What rests on how one came: an offer, a hint on the first visit, a refused part of a link."""
    if kind == "button":
        return value.label in (SHOW_IT, GOT_IT)
    if kind in ("skeleton", "imgs"):  # a picture comes after its page, sooner or later
        return True
    said = getattr(value, TEXTS.get(kind, ""), "")
    return said in (OFFER, DRAWING) or said.startswith(OF_THE_VISIT) or CARRIED_ALONG in said


def _write_line(kind: str, value: Any, page: Page) -> bytes:
    if _of_the_visit(kind, value):
        return b""
    if kind in WIDGETS:
        offered = [] if kind == "text_input" else page.offered(value.label)
        return f"choice {value.label} of {offered}: {page.value(value.label)}".encode()
    if kind == "dataframe":
        return b"rows " + value.columns.encode() + b" " + value.arrow_data.data
    fields = {
        "plotly_chart": ("alt", "spec"),
        "download_button": ("label",),
        "button": ("label", "disabled"),
        "page_link": ("label", "page"),
    }
    if kind in fields:
        return " ".join([kind, *(str(getattr(value, name)) for name in fields[kind])]).encode()
    return kind.encode() + b" " + value.SerializeToString(deterministic=True)
