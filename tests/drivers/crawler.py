"""Walks every screen as one viewer, and searches all that is handed out for others' codes.

A visit is one page, its folds open, under one link or with one choice made. What is searched is
what the page sent (every text, table and figure) and each file that it offered, made as on a
click and unpacked.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import streamlit as st
from google.protobuf.message import Message
from PIL import Image
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest

from longevity.ingest import contract
from longevity.ingest.contract import Kind
from longevity.outputs import browser
from longevity.release.store import Release, Store
from longevity.screens import choice
from longevity.screens.chart_catalogue import chart_list
from longevity.settings import Settings
from longevity.ui import cache, components, report_page, sign_in
from tests.drivers import screens

PRESS = "press_desk"
TEXT = "text"
MOST_OPTIONS = 60  # of one box
File = bytes | Callable[[], bytes]


class Codes:
    """What is searched for as whole words: letters first, then what tells one from another."""

    def __init__(self, codes: Iterable[str]) -> None:
        self.all = frozenset(codes)
        # The end of a text always matches.
        heads = {code[: re.search(r"\d|$", code).start()] for code in self.all}  # type: ignore[union-attr]
        # Nothing is asked of what comes before: `\nhartford-g1` in JSON begins with an n.
        self._shape = re.compile(f"(?=((?:{'|'.join(map(re.escape, sorted(heads)))})[\\w-]*))")

    def within(self, text: str) -> set[str]:
        """Those that a text holds, also where a longer word goes on after a hyphen."""
        if not self.all:
            return set()
        words = set(self._shape.findall(text))
        shorter = (word[: at.start()] for word in words for at in re.finditer("-", word))
        return (words | {*shorter}) & self.all


def codes(release: Release, cities: Iterable[str]) -> set[str]:
    """Every code in the rows of these cities, and what their groups are called."""
    found: set[str] = set()
    for extract in contract.EXTRACTS:
        member = f"{'named' if extract.named else 'extracts'}/{extract.name}.parquet"
        if not release.has(member):
            continue  # what is not supplied holds no code
        rows = pq.read_table(release.member(member)).to_pandas()
        rows = rows[rows["city"].isin([*cities])]
        for column in extract.columns:
            if column.kind is Kind.CODE or (extract.name, column.name) == ("groups", "label"):
                found.update(rows[column.name].dropna())
    return found


@dataclass
class Crawl:
    """One viewer's walk: how much was searched, and what was found."""

    settings: Settings
    viewer: str
    secret: Codes
    own: Codes
    monkeypatch: pytest.MonkeyPatch = field(repr=False)
    visits: int = 0
    texts: int = 0
    files: dict[str, int] = field(default_factory=dict)
    found: set[tuple[str, str]] = field(default_factory=set)
    own_read: dict[str, set[str]] = field(default_factory=dict)
    _offered: dict[str, tuple[str, File]] = field(default_factory=dict, repr=False)
    _read: set[int] = field(default_factory=set, repr=False)

    def __post_init__(self) -> None:
        offer = st.download_button

        def keep(label: str, data: File, file_name: str, **named: Any) -> bool:
            self._offered[named["key"]] = (file_name, data)
            return offer(label, data, file_name, **named)

        self.monkeypatch.setattr(st, "download_button", keep)
        # A screen drops the city's id of a code, which is what tells it from another city's.
        self.monkeypatch.setattr(report_page, "shorten_codes", lambda table, _: table)

    def walk(self, page: str) -> None:
        """Visit a page as it opens, by links that ask for what is another's, and by its choices."""
        app = self._visit(page)
        for city in self.settings.cities:
            self._visit(page, city=city, **{choice.POINTS: "show"})
        for at, button in enumerate(app.button):
            if not button.disabled:
                pressed = screens.visit(self.monkeypatch, self.settings, page, self.viewer)
                self._search(pressed.button[at].click().run(), f"{page}: {button.label}")
        self._choose_each(app, page)

    def press(self) -> None:
        """Visit each chart of the press page with its pictures, then with each of its choices.

        The choices go without a browser: the page then sends the figure and offers its data.
        """
        public = [name for name, entry in chart_list.ENTRIES.items() if not entry.why_not_public]
        for name in public:
            self._visit(PRESS, **{components.CHART: name})
        with self.monkeypatch.context() as without:
            browser.BROWSER.close()
            Store(self.settings.home).drop_pictures()  # one kept would offer its file
            cache.forget()  # and one drawn would leave it unsaid that no browser starts
            without.setenv("LONGEVITY_CHROMIUM", "/nowhere/chromium")
            for name in public:
                link = {components.CHART: name}
                app = screens.visit(self.monkeypatch, self.settings, PRESS, self.viewer, **link)
                self._choose_each(app, f"{PRESS} {name}")

    def _visit(self, page: str, **link: str) -> AppTest:
        app = screens.visit(self.monkeypatch, self.settings, page, self.viewer, **link)
        self._search(app, f"{page} {link or ''}")
        return app

    def _choose_each(self, app: AppTest, where: str) -> None:
        """One choice at a time, the others as the page opened."""
        for box in app.selectbox:
            if box.key in (sign_in.VIEWER, components.CHART):
                continue
            first = box.options[box.index or 0]
            # Of hundreds of weeks some, and the oldest: each is a page and a file like the others.
            some = {*box.options[:: -(-len(box.options) // MOST_OPTIONS)], box.options[-1]}
            for option in sorted(some, key=box.options.index):
                if option != first:
                    self._search(_chosen(app, box.key, option), f"{where}: {box.label} {option}")
            _chosen(app, box.key, first)

    def _search(self, app: AppTest, where: str) -> None:
        """Search what a page sent, and what it offered."""
        assert not app.exception, where
        self.visits += 1
        for node in [*app.main, *app.sidebar]:
            for text in _strings(node.proto):
                self.texts += 1
                self._look(text, where, TEXT)
        for button in app.download_button:
            name, data = self._offered[button.key]
            kind = name.rsplit(".", 1)[-1]
            self.files[kind] = self.files.get(kind, 0) + 1
            try:
                content = data if isinstance(data, bytes) else data()
            except browser.NoBrowserError:
                continue  # nothing is handed out
            for text in unpack_texts(content):
                self._look(text, f"{where} {name}", kind)

    def _look(self, text: str, where: str, kind: str) -> None:
        if hash(text) in self._read:
            return
        self._read.add(hash(text))
        self.found |= {(code, where) for code in self.secret.within(text)}
        self.own_read.setdefault(kind, set()).update(self.own.within(text))


def _chosen(app: AppTest, key: str | None, option: str) -> AppTest:
    return app.selectbox(key=key).set_value(option).run()


def _strings(message: Message | None) -> Iterator[str]:
    """Every text in a message to the browser; a table as CSV."""
    for _, value in message.ListFields() if message is not None else ():
        for part in value if hasattr(value, "append") else [value]:
            if isinstance(part, Message):
                yield from _strings(part)
            elif isinstance(part, bytes):
                yield pa.ipc.open_stream(part).read_all().to_pandas().to_csv()
            elif isinstance(part, str):
                yield part


def unpack_texts(data: bytes) -> Iterator[str]:
    """Yield every text in a file: in each file of an archive, of markup with and without it."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name
                yield from unpack_texts(archive.read(name))
        return
    text = data.decode("utf-8", "replace")
    yield text
    yield re.sub(r"<[^>]*>", "", text)
    if data.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(data))
        written = "\n".join([*(page.extract_text() for page in reader.pages), str(reader.metadata)])
        yield written
        yield re.sub(r"\s", "", written)  # a line may end within a word
    elif data.startswith(b"\x89PNG"):
        with Image.open(io.BytesIO(data)) as picture:
            yield str(picture.info)
