"""What each answer should have been, told in other ways than by the server under load.

Three of them. Each view is asked for once more by its link, alone, from a server that nobody
else has used but this kind of viewer: same words, same figures, same rows. The people shot this
year are counted from the extracts by a plain loop. And no code or name of a group or person of
one city may have been sent to another city or the public, in any message, for any moment.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from longevity.release.store import Release, Store
from longevity.settings import Settings
from tests.drivers.server import Server, serving, sign_in_variables
from tools.load import data, people
from tools.load.client import Tab
from tools.load.walk import ARRIVES, SHOWS_NEWER, STEPS, Notes, Seen

SHOT = re.compile(r"(?<!#)## ([\d,]+) people were shot in ([^:]*?) from January 1 to ")
AT_ONCE = 2  # servers asked side by side
END = -1  # a word ends here
View = tuple[str, str, str, str]


@dataclass
class Verdict:
    """What was held against what, and what did not hold."""

    views: int = 0
    answers: int = 0
    counts: int = 0
    elements: int = 0
    wrong: list[str] = field(default_factory=list)


async def as_alone(
    notes: Notes, settings: Settings, provider: str, folder: Path, apart: bool
) -> Verdict:
    """Hold every answer against the same view asked for alone; by a server a role if `apart`.

    Flips the pointer of the home from release to release, so that each is the served one.
    """
    found = Verdict(answers=len(notes.seen))
    roles = sorted({one.role for one in notes.seen})
    free = asyncio.Semaphore(AT_ONCE)
    async with AsyncExitStack() as stack:

        async def started(name: str) -> Server:
            log = folder / f"alone-{name.replace(':', '-')}.log"
            variables = sign_in_variables(provider)
            opened = serving(settings.home, log, settings.config_path, variables=variables)
            async with free:
                return await asyncio.to_thread(stack.enter_context, opened)

        async def asked(server: Server, role: str, release: str) -> None:
            own = [one for one in notes.seen if (one.role, one.release) == (role, release)]
            async with free:
                await _of_role(server, role, own, notes, found)

        if apart:
            servers = await asyncio.gather(*(started(role) for role in roles))
        else:
            servers = [await started("all")] * len(roles)
        for release in sorted({one.release for one in notes.seen}):
            if release:  # "" of a page that has no figure, such as one that is shut
                Store(settings.home).rollback(release)
            both = zip(servers, roles, strict=True)
            await asyncio.gather(*(asked(server, role, release) for server, role in both))
    return found


async def _of_role(
    server: Server, role: str, seen: list[Seen], notes: Notes, found: Verdict
) -> None:
    by_view: dict[View, list[Seen]] = {}
    for one in seen:
        by_view.setdefault(one.view, []).append(one)
    cookies = await people.signed_in(server.address, role) if by_view else {}
    for view, answers in sorted(by_view.items()):
        async with Tab(server.address, cookies) as tab:
            await tab.arrive(view[2], view[3])
            alone = tab.page.told()
        found.views += 1
        for one in {one.said: one for one in answers}.values():
            if (said := notes.contents[one.said]) != alone:
                found.wrong.append(_differs(one, said, alone))


def _differs(one: Seen, said: list[bytes], alone: list[bytes]) -> str:
    extra = [line for line in said if line not in alone][:3]
    missing = [line for line in alone if line not in said][:3]
    return (
        f"{one.role} on {one.path}?{one.query} of {one.release} ({one.act}): "
        f"said {[line[:200] for line in extra]}, alone {[line[:200] for line in missing]}"
    )


def counts(notes: Notes, releases: Iterable[Release], settings: Settings, found: Verdict) -> None:
    """Hold the sentence of who was shot this year against a plain count of the extracts."""
    names = {city: one.name for city, one in settings.cities.items()}
    shot = {release.id: data.shot_this_year(release) for release in releases}
    for one in {one.view: one for one in notes.seen}.values():
        for element in notes.contents[one.said]:
            line = element.decode(errors="replace")
            told = SHOT.search(line)
            if told is None or one.release not in shot:
                continue
            by_city, through = shot[one.release]
            if not line[: told.end() + 60].count(
                f"from January 1 to {through:%B} {through.day}, {through.year}"
            ):
                continue
            among = [city for city, name in names.items() if name in told[2]]
            wanted = sum(by_city.get(city, 0) for city in among)
            found.counts += 1
            if int(told[1].replace(",", "")) != wanted:
                found.wrong.append(
                    f"{one.role} on {one.path}?{one.query}: {wanted} by hand, {told[0]}"
                )


def codes(notes: Notes, own: Mapping[str, set[str]], found: Verdict) -> None:
    """Look for what only another city may see in every element each role was sent.

    `own`: by city, the codes and names that are its own (`data.codes`).
    """
    for role, elements in notes.sent.items():
        found.elements += len(elements)
        if role == people.STATE:
            continue
        others = [words for city, words in own.items() if role != f"city:{city}"]
        pattern = _any_of(set().union(*others))
        for element in elements.values():
            if told := pattern.search(element):
                found.wrong.append(f"{role} was sent {told[0].decode()}…")


def shown_their_own(notes: Notes, own: Mapping[str, set[str]]) -> dict[str, int]:
    """How many elements with their own codes each city's viewer was sent, to know it was looked."""
    found = {}
    for city, words in own.items():
        pattern, role = _any_of(words), f"city:{city}"
        found[role] = sum(
            pattern.search(element) is not None for element in notes.sent.get(role, {}).values()
        )
    return found


def _any_of(words: set[str]) -> re.Pattern[bytes]:
    """A pattern of these words wherever they stand: a table's texts follow each other unparted.

    A tree of their letters, so that a megabyte is searched in a moment. Where one word begins
    another, the shorter one is enough.
    """
    tree: dict[int, Any] = {}
    for word in sorted(words, key=len):
        node = tree
        letters = word.encode()
        for letter in letters:
            if node.get(END):
                break
            node = node.setdefault(letter, {})
        else:
            node[END] = True
    return re.compile(_written(tree) or rb"(?!)")


def _written(node: dict[int, Any]) -> bytes:
    if node.get(END):
        return b""
    branches = [re.escape(bytes([letter])) + _written(after) for letter, after in node.items()]
    return b"(?:" + b"|".join(branches) + b")" if branches else b""


def pinned(notes: Notes, published: Mapping[str, float], before: str, after: str) -> list[str]:
    """What went wrong with releases: `published` says when the flip began and ended.

    A tab keeps the release it began with and is offered the newer one; who comes afterwards
    is shown the newer.
    """
    wrong = []
    for one in notes.seen:
        what = f"{one.role} on {one.path}?{one.query} ({one.act})"
        came = one.act in (ARRIVES, STEPS, SHOWS_NEWER)
        if not one.release:
            continue  # a page without a figure
        if one.release not in (before, after):
            wrong.append(f"{what}: of the release {one.release}")
        elif came and one.began > published["ended"] and one.release != after:
            wrong.append(f"{what}: came after the publish and is shown the older release")
        elif one.began + one.seconds < published["began"] and one.release != before:
            wrong.append(f"{what}: a release that was not there yet")
        elif one.began > published["ended"] and one.offered != (one.release == before):
            wrong.append(f"{what}: offered {one.offered} though it shows {one.release}")
    return wrong
