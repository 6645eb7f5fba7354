"""How one viewer goes through the screens, and what is noted of each answer."""

from __future__ import annotations

import asyncio
import hashlib
import random
import re
import time
from dataclasses import dataclass, field

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from longevity.ui.navigation import SCREENS
from tools.load.client import BrokenError, Tab
from tools.load.page import OFFER, SHOW_IT, NotThereError, Page

# The choices a viewer makes; the first few of each, so that the views stay a bounded number.
FILTERS = ("City", "Period", "What is counted", "Show", "Week", "Published figure", "Neighbourhood")
CHOICES_TRIED = 3
TITLES = {screen.file: screen.title for screen in SCREENS} | {"": SCREENS[0].title}
PATHS = {screen.file: "" if at == 0 else screen.file for at, screen in enumerate(SCREENS)}
SHOWN = re.compile(r"; release ([0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{12}(?:-\d+)?)")
ARRIVES, STAYS, SHOWS_NEWER = "arrive", "stay", "show newer"
ACTS = FILTERED, MOVED = "filter", "page"


@dataclass(frozen=True)
class Seen:
    """One answer: whose, where, when, how long it took, and what it said (by `contents`)."""

    role: str
    act: str
    path: str
    query: str
    release: str
    offered: bool
    began: float
    seconds: float
    said: str

    @property
    def view(self) -> tuple[str, str, str, str]:
        """What the answer should depend on, and nothing else."""
        return self.role, self.release, self.path, self.query

    @property
    def what(self) -> str:
        """Who did what, and where."""
        return f"{self.role} on {self.path}?{self.query} ({self.act})"

    @property
    def screen(self) -> str:
        """The title of the screen."""
        return TITLES.get(self.path, self.path)


@dataclass
class Notes:
    """What all viewers saw. Contents are kept once, by their hash."""

    seen: list[Seen] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    contents: dict[str, list[bytes]] = field(default_factory=dict)
    sent: dict[str, dict[str, bytes]] = field(default_factory=dict)  # by role: elements, by hash

    def keep(self, told: list[bytes]) -> str:
        """The hash these contents are kept by."""
        name = hashlib.sha256(b"\n".join(told)).hexdigest()
        self.contents.setdefault(name, told)
        return name

    def listen(self, tab: Tab, role: str) -> None:
        """Keep every element this tab is sent, also those that stood for a moment only."""
        kept = self.sent.setdefault(role, {})

        def note(message: ForwardMsg) -> None:
            if message.WhichOneof("type") == "delta" and message.hash not in kept:
                kept[message.hash] = message.delta.SerializeToString()

        tab.on_message = note


def releases_of(page: Page) -> set[str]:
    """The releases named in the source lines of a page."""
    return {
        found for text in page.texts() if not text.startswith("#") for found in SHOWN.findall(text)
    }


def offers(page: Page) -> bool:
    """Whether the page offers a newer release."""
    return any(kind == "alert" and value.body == OFFER for kind, value in page.elements())


class Viewer:
    """One viewer with one tab at a time, acting every so many seconds until the end.

    Then the page is run once more as it stands, and a newer release shown where one is offered:
    so each has met what was published, however slow the machine is.
    """

    def __init__(
        self, address: str, role: str, cookies: dict[str, str], notes: Notes, seed: int
    ) -> None:
        self.address, self.role, self.cookies, self.notes = address, role, cookies, notes
        self.dice = random.Random(seed)
        self.tab: Tab | None = None
        self.release = ""

    async def look(
        self, until: float, every: float, screens: tuple[str, ...], published: asyncio.Event
    ) -> None:
        """Arrive, act and read until `until`, on the clock of time.monotonic; then leave."""
        path = self.dice.choice([PATHS[screen] for screen in screens])
        try:
            await self._arrive(path, "")
            while time.monotonic() + every < until:
                await self._open().stay(every * self.dice.uniform(0.8, 1.2))
                await self._act(screens)
            await published.wait()
            await self._last()
        except (BrokenError, NotThereError, OSError, AssertionError) as error:
            self.notes.errors.append(f"{self.role}: {type(error).__name__}: {error}")
        finally:
            await self._leave()

    async def _act(self, screens: tuple[str, ...]) -> None:
        tab = self._open()
        chance = self.dice.random()
        if offers(tab.page) and chance < 0.4:
            await self._show_newer()
        elif chance < 0.1:
            path, query = tab.page.path(), tab.query
            await self._leave()
            await self._arrive(path, query)
        elif chance < 0.7 and await self._choose():
            return
        else:
            began = time.monotonic()
            titles = [TITLES[one] for one in screens if PATHS[one] != tab.page.path()]
            offered = [v.label for kind, v in tab.page.elements() if kind == "page_link"]
            await tab.go(self.dice.choice([title for title in titles if title in offered]))
            self._note(MOVED, began)

    async def _last(self) -> None:
        tab = self._open()
        began = time.monotonic()
        await tab.again()
        self._note(STAYS, began)
        if offers(tab.page):
            await self._show_newer()

    async def _show_newer(self) -> None:
        tab = self._open()
        began = time.monotonic()
        self.release = ""
        await tab.click(SHOW_IT)
        self._note(SHOWS_NEWER, began)

    async def _choose(self) -> bool:
        tab = self._open()
        widgets = {
            value.label: tab.page.offered(value.label)[:CHOICES_TRIED]
            for kind, value in tab.page.elements()
            if kind in ("selectbox", "button_group") and value.label in FILTERS
        }
        others = {
            label: [one for one in offered if one != tab.page.value(label)]
            for label, offered in widgets.items()
        }
        possible = [label for label, offered in others.items() if offered]
        if not possible:
            return False
        label = self.dice.choice(possible)
        began = time.monotonic()
        await tab.choose(label, self.dice.choice(others[label]))
        self._note(FILTERED, began)
        return True

    async def _arrive(self, path: str, query: str) -> None:
        self.tab = Tab(self.address, self.cookies)
        self.release = ""
        self.notes.listen(self.tab, self.role)
        began = time.monotonic()
        await self.tab.arrive(path, query)
        self._note(ARRIVES, began)

    async def _leave(self) -> None:
        if self.tab is not None:
            await self.tab.leave()
            self.tab = None

    def _open(self) -> Tab:
        if self.tab is None:
            raise BrokenError("the tab is closed")
        return self.tab

    def _note(self, act: str, began: float) -> None:
        tab = self._open()
        named = releases_of(tab.page)
        for failure in tab.page.failures():
            self.notes.errors.append(f"{self.role} on {tab.url}: {failure or 'an exception'}")
        if not self.release and len(named) == 1:
            (self.release,) = named
        if self.release and named - {self.release}:
            self.notes.errors.append(
                f"{self.role} on {tab.url}: figures of {sorted(named)}, not of {self.release}"
            )
        self.notes.seen.append(
            Seen(
                self.role,
                act,
                tab.page.path(),
                tab.query,
                self.release,
                offers(tab.page),
                began,
                tab.seconds,
                self.notes.keep(tab.page.told()),
            )
        )
