"""What each answer should have been, found in other ways than by the server under load.

Each view is asked for once more by its link, alone, from a server that only this kind of viewer
has used: same words, same figures, same rows. And no code or name of a group or person of one
city may have been sent to another city or the public, in any message, for any moment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from longevity.release.store import Store
from longevity.settings import Settings
from tests.drivers.server import serving, sign_in_variables
from tools.load import people
from tools.load.client import Tab, alone
from tools.load.walk import ARRIVES, SHOWS_NEWER, Notes, Seen


def hold_views(notes: Notes, settings: Settings, provider: str, folder: Path) -> Iterator[str]:
    """Hold every answer against the same view asked for alone; yield those that differ.

    Flips the pointer of the home from release to release, so that each is the served one.
    """
    variables = sign_in_variables(provider)
    for role in sorted({one.role for one in notes.seen}):
        seen = [one for one in notes.seen if one.role == role]
        log = folder / "alone.log"
        with serving(settings.home, log, settings.config_path, variables=variables) as server:
            for release in sorted({one.release for one in seen}):
                if release:  # "" of a page that has no figure, such as one that is shut
                    Store(settings.home).rollback(release)
                of_release = [one for one in seen if one.release == release]
                yield from alone(_hold_role(server.address, role, of_release, notes))


async def _hold_role(address: str, role: str, seen: list[Seen], notes: Notes) -> list[str]:
    wrong = []
    cookies = await people.signed_in(address, role)
    for view in sorted({one.view for one in seen}):
        async with Tab(address, cookies) as tab:
            await tab.arrive(*view[2:])
            expected = tab.page.lines()
        answers = {one.said: one for one in seen if one.view == view}
        wrong += [
            _describe_difference(one, notes.contents[one.said], expected)
            for one in answers.values()
            if notes.contents[one.said] != expected
        ]
    return wrong


def _describe_difference(one: Seen, said: list[bytes], expected: list[bytes]) -> str:
    extra = [line[:200] for line in said if line not in expected][:3]
    missing = [line[:200] for line in expected if line not in said][:3]
    return f"{one.what} of {one.release}: said {extra}, alone {missing}"


def find_leaks(notes: Notes, own: Mapping[str, set[bytes]]) -> Iterator[str]:
    """Look for what only another city may see in every element each role was sent.

    `own`: by city, the codes and names that are its own (`data.list_own_words`).
    """
    for role, elements in notes.sent.items():
        if role != people.STATE:
            sent = b"\n".join(elements.values())
            for city, words in own.items():
                if role != f"city:{city}":
                    yield from (f"{role} was sent {word!r}" for word in words if word in sent)


def hold_releases(
    notes: Notes, published: tuple[float, float], before: str, after: str
) -> Iterator[str]:
    """Yield what went wrong with releases; `published`: when the publish began and ended.

    A tab keeps the release it began with and is offered the newer one; who comes afterwards
    is shown the newer.
    """
    began, ended = published
    for one in notes.seen:
        came = one.act in (ARRIVES, SHOWS_NEWER)
        if not one.release:
            continue  # a page without a figure
        if one.release not in (before, after):
            yield f"{one.what}: of the release {one.release}"
        elif came and one.began > ended and one.release != after:
            yield f"{one.what}: came after the publish and is shown the older release"
        elif one.began + one.seconds < began and one.release != before:
            yield f"{one.what}: a release that was not there yet"
        elif one.began > ended and one.offered != (one.release == before):
            yield f"{one.what}: offered {one.offered} though it shows {one.release}"
