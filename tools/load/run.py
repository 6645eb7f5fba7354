"""One load: a home of its own, the server, a provider of sign-ins, the viewers, the verdict."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from longevity import settings as configuration
from longevity.release.store import Release, Store
from longevity.settings import ROOT, Settings
from longevity.ui.navigation import SCREENS
from tests.drivers.server import Server, providing, serving, sign_in_variables
from tools.load import data, people, truth
from tools.load.client import alone
from tools.load.truth import Verdict
from tools.load.walk import Notes, Viewer

AFTER = 3.0  # seconds the server is watched when everybody has gone
PUBLISHED_AT, REFUSED_AT = 0.35, 0.65  # shares of the time
Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What is asked of a load. `warm`: the seconds before, in which they come, one by one.

    `apart`: a server of its own for each role's truth.
    """

    viewers: int = 50
    seconds: float = 60.0
    warm: float = 15.0
    every: float = 5.0
    home: Path | None = None
    scale: int = 1
    seed: int = 7
    screens: tuple[str, ...] = tuple(screen.file for screen in SCREENS)
    apart: bool = True


@dataclass
class Outcome:
    """What came of it. Memory in bytes, of the server's process alone."""

    notes: Notes
    verdict: Verdict = field(default_factory=Verdict)
    memory: list[int] = field(default_factory=list)
    idle: int = 0
    steady: float = 0.0  # from when all had come, on the clock of time.monotonic
    left: int = 0
    published: dict[str, float] = field(default_factory=dict)
    releases: tuple[str, ...] = ()
    log: list[str] = field(default_factory=list)
    own: dict[str, int] = field(default_factory=dict)
    victims: int = 0

    @property
    def wrong(self) -> list[str]:
        """Every answer that was not what it should be."""
        return self.verdict.wrong

    @property
    def errors(self) -> list[str]:
        """What failed: a tab, a page, a publish, or what the server wrote into its log."""
        return self.notes.errors + self.log


def run(plan: Plan, say: Say) -> Outcome:
    """Run the load; its folder is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        return _run(plan, Path(folder), say)


def _run(plan: Plan, folder: Path, say: Say) -> Outcome:
    settings = people.with_access(
        configuration.load_settings(home=folder / "home", environment={}), folder
    )
    if plan.home is None:
        say("Building the demonstration …")
        data.publish_demonstration(settings, folder / "extracts", date.today(), plan.scale)
    else:
        shutil.copytree(plan.home, settings.home)
    first = data.open_current(settings.home)
    outcome = Outcome(Notes(), victims=data.victims(first))
    later, refused = _to_publish(first, folder, settings)
    with providing(people.claims(settings)) as provider:
        variables = sign_in_variables(provider)
        log = folder / "log"
        with serving(settings.home, log, settings.config_path, variables=variables) as server:
            say(f"{plan.viewers} viewers for {plan.seconds:.0f} s at {server.address} …")
            alone(_look(plan, server, settings, (later, refused), outcome))
        outcome.log += _complaints(log.read_text())
        say("Asking for every view again, alone …")
        known = [release for release in _kept(settings) if release.id in _named(outcome)]
        outcome.verdict = alone(
            truth.as_alone(outcome.notes, settings, provider, folder, plan.apart)
        )
    truth.counts(outcome.notes, known, settings, outcome.verdict)
    own = data.codes(known, settings)
    truth.codes(outcome.notes, own, outcome.verdict)
    outcome.own = truth.shown_their_own(outcome.notes, own)
    if outcome.published:
        before, after = outcome.releases
        outcome.wrong.extend(truth.pinned(outcome.notes, outcome.published, before, after))
    return outcome


def _to_publish(
    first: Release, folder: Path, settings: Settings
) -> tuple[Path | None, Path | None]:
    """A folder to publish under load and one to be refused; none where that would take too long."""
    if data.victims(first) > data.MOST_VICTIMS:
        return None, None
    later, refused = folder / "later", folder / "refused"
    data.drop_some_victims(data.copy_extracts(first, later), first)
    data.drop_first_city(data.copy_extracts(first, refused), settings)
    return later, refused


def _complaints(log: str) -> list[str]:
    """What the server wrote of errors: our own lines of that level, and any traceback's end."""
    ours = [line for line in log.splitlines() if '"level": "error"' in line]
    traced = [part.splitlines() for part in log.split("Traceback (most recent call last):")[1:]]
    ends = [
        next((one for one in lines[1:] if one and not one.startswith(" ")), "a traceback")
        for lines in traced
    ]
    return [f"in the log: {one}" for one in (*ours, *ends)]


def _kept(settings: Settings) -> list[Release]:
    store = Store(settings.home)
    return [store.open(name) for name in store.list_ids()]


def _named(outcome: Outcome) -> set[str]:
    return {one.release for one in outcome.notes.seen}


async def _look(
    plan: Plan,
    server: Server,
    settings: Settings,
    folders: tuple[Path | None, Path | None],
    outcome: Outcome,
) -> None:
    """Sign everybody in, let them look while releases are published, and watch the memory."""
    every_role = people.roles(settings)
    cookies = {role: await people.signed_in(server.address, role) for role in every_role}
    outcome.idle = server.resident()
    came = time.monotonic()
    began = outcome.steady = came + plan.warm
    published = asyncio.Event()
    watching = asyncio.create_task(_watch(server, outcome.memory))
    publishing = asyncio.create_task(_publish(plan, began, settings, folders, outcome))
    publishing.add_done_callback(lambda _: published.set())

    async def one(number: int) -> None:
        role = every_role[number % len(every_role)]
        viewer = Viewer(
            server.address, role, cookies[role], outcome.notes, plan.seed * 1000 + number
        )
        await asyncio.sleep(plan.warm * number / plan.viewers)
        await viewer.look(began + plan.seconds, plan.every, plan.screens, published)

    await asyncio.gather(*(one(number) for number in range(plan.viewers)))
    await publishing
    await asyncio.sleep(AFTER)
    watching.cancel()
    outcome.left = server.resident()


async def _watch(server: Server, memory: list[int]) -> None:
    while True:
        memory.append(server.resident())
        await asyncio.sleep(1)


async def _publish(
    plan: Plan,
    began: float,
    settings: Settings,
    folders: tuple[Path | None, Path | None],
    outcome: Outcome,
) -> None:
    later, refused = folders
    store = Store(settings.home)
    before = str(store.read_current_id())
    outcome.releases = (before,)
    if later is None or refused is None:
        return
    await asyncio.sleep(began + PUBLISHED_AT * plan.seconds - time.monotonic())
    outcome.published["began"] = time.monotonic()
    code, said = await _longevity(settings, "publish", str(later), "--accept", "a load test")
    outcome.published["ended"] = time.monotonic()
    after = str(store.read_current_id())
    outcome.releases = (before, after)
    if code != 0 or after == before:
        outcome.notes.errors.append(f"the good release was not published: {said}")
    await asyncio.sleep(max(0.0, began + REFUSED_AT * plan.seconds - time.monotonic()))
    code, said = await _longevity(settings, "publish", str(refused))
    if code != 1 or store.read_current_id() != after or "Nothing was published" not in said:
        outcome.notes.errors.append(f"the bad release was not refused: exit {code}, {said}")


async def _longevity(settings: Settings, *words: str) -> tuple[int, str]:
    """A command in a process of its own: its exit code and what it said."""
    environment = {
        **os.environ,
        "LONGEVITY_HOME": str(settings.home),
        "LONGEVITY_CONFIG": str(settings.config_path),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "longevity", *words,
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    return int(process.returncode or 0), said.decode(errors="replace")
