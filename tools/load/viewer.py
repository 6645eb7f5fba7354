"""One viewer of a load: how they go through the screens, and what is noted of each answer."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field

from longevity.ui.screens import SCREENS
from tools.load.client import Tab
from tools.load.page import BrokenError

PUBLIC = ""  # the role of a viewer who does not sign in
# The choices a viewer makes; the first few of each, so that the views stay a bounded number.
FILTERS = ("City", "Period", "What is counted", "Show", "Week", "Published figure", "Neighbourhood")
CHOICES_TRIED = 3  # of each filter
LISTS = ("selectbox", "button_group")
# By the path of a screen, its title; the first is at "".
TITLES = {screen.name if at else "": screen.title for at, screen in enumerate(SCREENS)}


@dataclass(frozen=True)
class Seen:
    """One answer: to whom, when, how long it took, and what it said.

    `is_act`: whether it answers something they did. `release`: the one it names. `lines`: the page.
    """

    role: str
    is_act: bool
    path: str
    query: str
    release: str
    began: float
    seconds: float
    lines: list[bytes] = field(repr=False)


@dataclass
class Notes:
    """What all viewers saw, and what came of it. Times are on the clock of time.monotonic."""

    seen: list[Seen] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)  # what failed, and every wrong answer
    memory: int = 0  # bytes of the server's process alone, at most
    steady: float = 0.0  # the time at which all viewers had come
    published: tuple[float, float] = (0.0, 0.0)  # when the publish began and ended
    releases: tuple[str, str] = ("", "")


class Viewer:
    """One viewer with a tab, acting every so many seconds until the end.

    Then the page is run once more as it is: so each has met what was published, however slow the
    machine is.
    """

    def __init__(self, role: str, tab: Tab, notes: Notes, seed: int) -> None:
        self.role, self.tab, self.notes = role, tab, notes
        self.dice = random.Random(seed)

    async def look(self, until: float, every: float, published: asyncio.Event) -> None:
        """Arrive, act and read until `until`, on the clock of time.monotonic; then leave."""
        try:
            await self._note(self.tab.arrive(self.dice.choice([*TITLES])))
            while time.monotonic() + every < until:
                await self.tab.stay(every * self.dice.uniform(0.8, 1.2))
                await self._act()
            await published.wait()
            await self._note(self.tab.again())
        except (BrokenError, OSError) as error:
            self.notes.errors.append(f"{self.role}: {type(error).__name__}: {error}")
        finally:
            await self.tab.leave()

    async def _act(self) -> None:
        """Change a filter, or go to another page."""
        page, choices = self.tab.page, self._list_choices()
        if choices and self.dice.random() < 0.7:
            await self._note(self.tab.choose(*self.dice.choice(choices)), is_act=True)
        else:
            offered = {value.label for kind, value in page.elements() if kind == "page_link"}
            others = {title for path, title in TITLES.items() if path != page.path()}
            title = self.dice.choice(sorted(others & offered))
            await self._note(self.tab.go(title), is_act=True)

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

    async def _note(self, doing: Awaitable[None], is_act: bool = False) -> None:
        """Do something in the tab, and note what the page says afterwards."""
        began = time.monotonic()
        await doing
        tab, page = self.tab, self.tab.page
        where = f"{self.role} on {page.path()}?{tab.query}"
        self.notes.errors += [f"{where}: {words or 'an exception'}" for words in page.failures()]
        named = page.releases()
        if len(named) > 1:
            self.notes.errors.append(f"{where}: {sorted(named)} are named, not one")
        seen = Seen(
            role=self.role,
            is_act=is_act,
            path=page.path(),
            query=tab.query,
            release=next(iter(named), ""),
            began=began,
            seconds=tab.seconds,
            lines=page.lines(),
        )
        self.notes.seen.append(seen)
