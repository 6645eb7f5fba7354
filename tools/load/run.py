"""One load: a home of its own, the server, a provider of sign-ins, the viewers, the verdict."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from longevity import settings as configuration
from longevity.app import demonstration
from longevity.release.store import Store
from longevity.settings import ROOT, Settings
from longevity.ui.navigation import SCREENS
from tests.drivers.server import Server, providing, serving, sign_in_variables
from tools.load import data, people, truth
from tools.load.client import alone
from tools.load.walk import Notes, Viewer
from tools.running import TODAY, say

PUBLISHED_AT = 0.35  # of the time


@dataclass(frozen=True)
class Plan:
    """What is asked of a load. `warm`: the seconds before, in which they come, one by one."""

    viewers: int = 50
    seconds: float = 60.0
    warm: float = 15.0
    every: float = 5.0
    home: Path | None = None
    screens: tuple[str, ...] = tuple(screen.file for screen in SCREENS)


@dataclass
class Outcome:
    """What came of it. Memory in bytes, of the server's process alone."""

    notes: Notes = field(default_factory=Notes)
    wrong: list[str] = field(default_factory=list)  # every answer that was not what it should be
    memory: list[int] = field(default_factory=list)  # before anybody came, then by the second
    steady: float = 0.0  # from when all had come, on the clock of time.monotonic
    published: tuple[float, float] = (0.0, 0.0)  # when the publish began and ended
    releases: tuple[str, str] = ("", "")

    @property
    def errors(self) -> list[str]:
        """What failed: a tab, a page, the publish, or what the server wrote into its log."""
        return self.notes.errors


def run(plan: Plan) -> Outcome:
    """Run the load; its folder is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="load-") as name:
        folder = Path(name)
        settings = people.with_access(
            configuration.load_settings(home=folder / "home", environment={}), folder
        )
        if plan.home is None:
            demonstration.ensure_demonstration(settings, TODAY, say)
        else:
            shutil.copytree(plan.home, settings.home)
        return _run(plan, folder, settings)


def _run(plan: Plan, folder: Path, settings: Settings) -> Outcome:
    outcome, store = Outcome(), Store(settings.home)
    later = data.copy_extracts(store.current(), folder / "later")
    data.drop_some_victims(later)
    with providing(people.claims(settings)) as provider:
        variables, log = sign_in_variables(provider), folder / "log"
        with serving(
            settings.home, log, settings.config_path, variables=variables, pictures=True
        ) as server:
            say(f"{plan.viewers} viewers for {plan.seconds:.0f} s at {server.address} …")
            alone(_look(plan, server, settings, later, outcome))
        outcome.errors.extend(_read_complaints(log.read_text()))
        say("Asking for every view again, alone …")
        outcome.wrong.extend(truth.hold_views(outcome.notes, settings, provider, folder))
    named = {one.release for one in outcome.notes.seen if one.release}
    own = data.list_own_words([store.open(release) for release in named], settings)
    outcome.wrong.extend(truth.find_leaks(outcome.notes, own))
    outcome.wrong.extend(truth.hold_releases(outcome.notes, outcome.published, *outcome.releases))
    return outcome


def _read_complaints(log: str) -> list[str]:
    """Return what the server wrote of errors: our own lines of that level, and tracebacks."""
    ours = [line for line in log.splitlines() if '"level": "error"' in line]
    traced = [part[:1000] for part in log.split("Traceback (most recent call last):")[1:]]
    return [f"in the log: {one}" for one in (*ours, *traced)]


async def _look(
    plan: Plan, server: Server, settings: Settings, later: Path, outcome: Outcome
) -> None:
    """Sign everybody in, let them look while a release is published, and watch the memory."""
    roles = people.roles(settings)
    cookies = {role: await people.signed_in(server.address, role) for role in roles}
    outcome.memory.append(server.resident())
    outcome.steady = time.monotonic() + plan.warm
    published = asyncio.Event()
    watching = asyncio.create_task(_watch(server, outcome.memory))
    publishing = asyncio.create_task(_publish(plan, settings, later, outcome))
    publishing.add_done_callback(lambda _: published.set())

    async def look(number: int) -> None:
        role = roles[number % len(roles)]
        viewer = Viewer(server.address, role, cookies[role], outcome.notes, number)
        await asyncio.sleep(plan.warm * number / plan.viewers)
        await viewer.look(outcome.steady + plan.seconds, plan.every, plan.screens, published)

    await asyncio.gather(*(look(number) for number in range(plan.viewers)))
    await publishing
    watching.cancel()


async def _watch(server: Server, memory: list[int]) -> None:
    while True:
        memory.append(server.resident())
        await asyncio.sleep(1)


async def _publish(plan: Plan, settings: Settings, later: Path, outcome: Outcome) -> None:
    """Publish the later release while they look, by a command in a process of its own."""
    store = Store(settings.home)
    before = str(store.read_current_id())
    await asyncio.sleep(outcome.steady + PUBLISHED_AT * plan.seconds - time.monotonic())
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "longevity", "publish", "--no-pictures", str(later)),
        *("--accept", "a load test"),
        cwd=ROOT,
        env=os.environ
        | {"LONGEVITY_HOME": str(settings.home), "LONGEVITY_CONFIG": str(settings.config_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    outcome.published = (began, time.monotonic())
    outcome.releases = (before, str(store.read_current_id()))
    if process.returncode or len(set(outcome.releases)) == 1:
        outcome.errors.append(f"the release was not published: {said.decode(errors='replace')}")
