"""What each answer should have been, found in other ways than by the server under load.

Each view is asked for once more by its link, alone, from a server that only this kind of viewer
has used: same words, same figures, same rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from longevity.release.store import Store
from longevity.settings import Settings
from tests.drivers.server import serving, sign_in_variables
from tools.load.client import Tab, alone, sign_in
from tools.load.viewer import Notes, Seen

PUBLIC, STATE = "public", "state"


def hold_views(notes: Notes, settings: Settings, provider: str, folder: Path) -> Iterator[str]:
    """Hold every answer against the same view asked for alone; yield those that differ.

    Flips the pointer of the home from release to release, so that each is the served one.
    """
    variables, log = sign_in_variables(provider), folder / "alone.log"
    for role in sorted({seen.role for seen in notes.seen}):
        of_role = [seen for seen in notes.seen if seen.role == role]
        with serving(settings.home, log, settings.config_path, variables=variables) as server:
            for release in sorted({seen.release for seen in of_role}):
                if release:  # "" of a page that has no figure, such as one that is shut
                    Store(settings.home).rollback(release)
                answers = {(s.view, s.said): s for s in of_role if s.release == release}
                yield from alone(_ask_again(server.address, role, [*answers.values()], notes))


async def _ask_again(address: str, role: str, answers: list[Seen], notes: Notes) -> list[str]:
    wrong = []
    cookies = await sign_in(address, "" if role == PUBLIC else role)
    for view in sorted({answer.view for answer in answers}):
        async with Tab(address, cookies) as tab:
            await tab.arrive(*view[2:])
            expected = tab.page.lines()
        for answer in answers:
            said = notes.contents[answer.said]
            if answer.view == view and said != expected:
                extra = [line[:200] for line in said if line not in expected][:3]
                missing = [line[:200] for line in expected if line not in said][:3]
                wrong.append(f"{answer}: said {extra}, alone {missing}")
    return wrong


def hold_releases(
    notes: Notes, published: tuple[float, float], before: str, after: str
) -> Iterator[str]:
    """Yield what went wrong with releases; `published`: when the publish began and ended.

    Whatever was begun after the publish shows the newer.
    """
    began, ended = published
    for seen in notes.seen:
        if not seen.release:
            continue  # a page without a figure
        if seen.release not in (before, after):
            yield f"{seen}: another release"
        elif seen.began > ended and seen.release != after:
            yield f"{seen}: came after the publish and is shown the older release"
        elif seen.began + seen.seconds < began and seen.release != before:
            yield f"{seen}: a release that was not there yet"
