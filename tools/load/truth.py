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
                answers = [seen for seen in of_role if seen.release == release]
                yield from alone(_ask_again(server.address, role, answers))


async def _ask_again(address: str, role: str, answers: list[Seen]) -> list[str]:
    wrong = []
    cookies = await sign_in(address, role)
    for path, query in sorted({(seen.path, seen.query) for seen in answers}):
        async with Tab(address, cookies) as tab:
            await tab.arrive(path, query)
            expected = tab.page.lines()
        for seen in answers:
            if (seen.path, seen.query) == (path, query) and seen.lines != expected:
                extra = [line[:200] for line in seen.lines if line not in expected][:3]
                missing = [line[:200] for line in expected if line not in seen.lines][:3]
                wrong.append(f"{seen}: said {extra}, alone {missing}")
    return wrong


def hold_releases(notes: Notes) -> Iterator[str]:
    """Yield what shows the older release after the publish, the newer before it, or another."""
    (began, ended), (before, after) = notes.published, notes.releases
    for seen in notes.seen:
        possible = {before, after}
        if seen.began > ended:
            possible = {after}
        elif seen.began + seen.seconds < began:
            possible = {before}
        if seen.release and seen.release not in possible:  # "" of a page without a figure
            yield f"{seen}: the publish was from {began:.0f} to {ended:.0f}"
