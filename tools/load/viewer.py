"""How one viewer goes through the screens, and what is noted of each answer."""

from __future__ import annotations

import asyncio
import hashlib
import random
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field

from longevity.ui.navigation import SCREENS
from tools.load.client import BrokenError, Tab
from tools.load.page import NotThereError

# The choices a viewer makes; the first few of each, so that the views stay a bounded number.
FILTERS = ("City", "Period", "What is counted", "Show", "Week", "Published figure", "Neighbourhood")
CHOICES_TRIED = 3
LISTS = ("selectbox", "button_group")
TITLES = {screen.file: screen.title for screen in SCREENS} | {"": SCREENS[0].title}
PATHS = {screen.file: "" if at == 0 else screen.file for at, screen in enumerate(SCREENS)}
ARRIVES, STAYS = "arrive", "stay"
ACTS = FILTERED, MOVED = "filter", "page"


@dataclass(frozen=True)
class Seen:
    """One answer: whose, where, when, how long it took, and what it said (by `contents`)."""

    role: str
    act: str
    path: str
    query: str
    release: str
    began: float
    seconds: float
    said: str

    @property
    def view(self) -> tuple[str, str, str, str]:
        """What the answer should depend on, and nothing else."""
        return self.role, self.release, self.path, self.query

    def __str__(self) -> str:
        """Who did what, and where."""
        return f"{self.role} on {self.path}?{self.query} ({self.act}) of {self.release}"


@dataclass
class Notes:
    """What all viewers saw. Contents are kept once, by their hash."""

    seen: list[Seen] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    contents: dict[str, list[bytes]] = field(default_factory=dict)

    def keep(self, lines: list[bytes]) -> str:
        """Keep these contents, and return the hash by which."""
        name = hashlib.sha256(b"\n".join(lines)).hexdigest()
        self.contents.setdefault(name, lines)
        return name


class Viewer:
    """One viewer with one tab at a time, acting every so many seconds until the end.

    Then the page is run once more as it is: so each has met what was published, however slow the
    machine is.
    """

    def __init__(
        self, address: str, role: str, cookies: dict[str, str], notes: Notes, seed: int
    ) -> None:
        self.address, self.role, self.cookies, self.notes = address, role, cookies, notes
        self.dice = random.Random(seed)
        self.tab = Tab(address, cookies)

    async def look(
        self, until: float, every: float, screens: tuple[str, ...], published: asyncio.Event
    ) -> None:
        """Arrive, act and read until `until`, on the clock of time.monotonic; then leave."""
        try:
            await self._arrive(self.dice.choice([PATHS[screen] for screen in screens]), "")
            while time.monotonic() + every < until:
                await self.tab.stay(every * self.dice.uniform(0.8, 1.2))
                await self._act(screens)
            await published.wait()
            await self._note(STAYS, self.tab.again())
        except (BrokenError, NotThereError, OSError) as error:
            self.notes.errors.append(f"{self.role}: {type(error).__name__}: {error}")
        finally:
            await self.tab.leave()

    async def _act(self, screens: tuple[str, ...]) -> None:
        """Come again by the link, change a filter, or go to another page."""
        page, chance = self.tab.page, self.dice.random()
        choices = self._list_choices()
        if chance < 0.1:
            await self.tab.leave()
            await self._arrive(page.path(), self.tab.query)
        elif chance < 0.7 and choices:
            await self._note(FILTERED, self.tab.choose(*self.dice.choice(choices)))
        else:
            offered = {value.label for kind, value in page.elements() if kind == "page_link"}
            others = {TITLES[screen] for screen in screens if PATHS[screen] != page.path()}
            await self._note(MOVED, self.tab.go(self.dice.choice(sorted(others & offered))))

    def _list_choices(self) -> list[tuple[str, str]]:
        """Return the first few choices of each filter that are not the present one."""
        page = self.tab.page
        labels = [value.label for kind, value in page.elements() if kind in LISTS]
        return [
            (label, words)
            for label in labels
            if label in FILTERS
            for words in page.offered(label)[:CHOICES_TRIED]
            if words != page.value(label)
        ]

    async def _arrive(self, path: str, query: str) -> None:
        self.tab = Tab(self.address, self.cookies)
        await self._note(ARRIVES, self.tab.arrive(path, query))

    async def _note(self, act: str, doing: Awaitable[None]) -> None:
        """Do it, and note what the page says afterwards."""
        began = time.monotonic()
        await doing
        tab, page, where = self.tab, self.tab.page, f"{self.role} on {self.tab.url}"
        named = page.releases()
        self.notes.errors += [f"{where}: {words or 'an exception'}" for words in page.failures()]
        if len(named) > 1:
            self.notes.errors.append(f"{where}: {sorted(named)} are named, not one")
        said = self.notes.keep(page.lines())
        self.notes.seen.append(
            Seen(self.role, act, page.path(), tab.query, next(iter(named), ""),
                 began, tab.seconds, said)
        )  # fmt: skip
