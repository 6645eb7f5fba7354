"""One load from its beginning to its verdict.

It makes a home of its own, starts the server and a provider of sign-ins, lets viewers look while a
release is published, and checks every answer against what the same view says when asked alone.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from longevity import settings as configuration
from longevity.app.publish import draw_pictures
from longevity.base.progress import ignore_progress
from longevity.release.store import Release, Store
from longevity.settings import Settings
from tests.drivers import commands
from tests.drivers.server import Server, providing, serving, sign_in_variables
from tests.factories import configs
from tests.factories.extracts import mark
from tools.load.client import Tab, alone, sign_in
from tools.load.viewer import PUBLIC, Notes, Seen, Viewer
from tools.running import say

PUBLISHED_AT = 0.35  # of the run's time has passed when a release is published
EVERY = 10  # of how many victims of the last year one is left out of the later release


@dataclass(frozen=True)
class Plan:
    """What is asked of a load, in viewers and seconds; `home` is the one that is copied.

    `warm`: in how many seconds before they all arrive; `every`: how often each of them acts.
    """

    home: Path  # LONGEVITY_HOME, of which a copy is used
    viewers: int = 50
    seconds: float = 60.0
    warm: float = 15.0
    every: float = 5.0


def run(plan: Plan) -> Notes:
    """Run the load and return what was seen; its folder is gone afterwards."""
    notes = Notes()
    with tempfile.TemporaryDirectory(prefix="load-") as name:
        folder = Path(name)
        loaded = configuration.load_settings(home=folder / "home", environment={})
        roles = ["state", *(f"city:{city}" for city in loaded.cities)]
        # A person with a role is that viewer: the configuration ends with [access.viewers].
        path = configs.copy_of(loaded, folder).config_path
        with path.open("a", encoding="utf-8") as file:
            file.writelines(f'"{role}" = "{role}"\n' for role in roles)
        settings = configuration.load_settings(path, home=loaded.home, environment={})
        shutil.copytree(plan.home, settings.home)
        later = copy_extracts(Store(settings.home).current(), folder / "later")
        _drop_some_victims(later)
        draw_pictures(settings, date.today(), ignore_progress)  # as publish did, by these settings
        with providing({role: {"groups": [role]} for role in roles}) as provider:
            variables, log = sign_in_variables(provider), folder / "log"
            config = settings.config_path
            with serving(settings.home, log, config, variables=variables, pictures=True) as server:
                say(f"{plan.viewers} viewers for {plan.seconds:.0f} s at {server.address} …")
                alone(_look(plan, server, settings, [*roles, PUBLIC], later, notes))
            # What the server wrote of errors: our own lines of that level, and tracebacks.
            complaints = r'.*"level": "error".*|Traceback \(most(?s:.{0,1000})'
            found = re.findall(complaints, log.read_text(encoding="utf-8"))
            notes.errors += [f"in the log: {complaint}" for complaint in found]
            say("Asking for every view again, alone …")
            notes.errors += _hold_views(notes, settings, provider, folder)
    (_, ended), (_, after) = notes.published, notes.releases
    # "" of a page without a figure.
    late = [seen for seen in notes.seen if seen.began > ended and seen.release not in ("", after)]
    notes.errors += [f"{seen}: begun after the publish of {after}" for seen in late]
    return notes


def copy_extracts(release: Release, out: Path) -> Path:
    """Copy the extracts that a release was made of to a folder, from which it can be made again."""
    out.mkdir()
    for name in (*release.manifest["sha256"], *release.manifest["named_sha256"]):
        if name.startswith(("extracts/", "named/")):
            shutil.copy(release.member(name), out / Path(name).name)
    shutil.copy(release.path / "built" / "extracts.toml", out)
    if release.kind == "synthetic":
        mark(out)
    return out


def _drop_some_victims(extracts: Path) -> None:
    """Leave out some victims of the last year, so that every figure of it changes."""
    path = extracts / "victims.parquet"
    rows = pq.read_table(path)
    incidents = pd.read_parquet(
        extracts / "incidents.parquet", columns=["incident_id", "occurred_at"]
    )
    newest = incidents["occurred_at"].max() - pd.Timedelta(days=365)
    recent = incidents.loc[incidents["occurred_at"] > newest, "incident_id"]
    among = rows["incident_id"].to_pandas().isin(recent)
    left_out = among & (among.cumsum() % EVERY == 0)
    pq.write_table(rows.filter(pa.array(~left_out)), path)
    mark(extracts)


async def _look(
    plan: Plan, server: Server, settings: Settings, roles: list[str], later: Path, notes: Notes
) -> None:
    """Sign everybody in, let them look while a release is published, and watch the memory."""
    cookies = {role: await sign_in(server.address, role) for role in roles}
    notes.steady = time.monotonic() + plan.warm
    published = asyncio.Event()

    async def look(number: int) -> None:
        role = roles[number % len(roles)]
        viewer = Viewer(role, Tab(server.address, cookies[role]), notes, seed=number)
        await asyncio.sleep(plan.warm * number / plan.viewers)
        await viewer.look(notes.steady + plan.seconds, plan.every, published)

    async def watch() -> None:
        while True:
            notes.memory = max(notes.memory, server.resident())
            await asyncio.sleep(1)

    watching = asyncio.create_task(watch())
    publishing = asyncio.create_task(_publish(plan, settings, later, notes))
    publishing.add_done_callback(lambda _: published.set())
    await asyncio.gather(*(look(number) for number in range(plan.viewers)), publishing)
    watching.cancel()


async def _publish(plan: Plan, settings: Settings, later: Path, notes: Notes) -> None:
    """Publish the later release while they look, by a command in a process of its own."""
    store = Store(settings.home)
    before = str(store.read_current_id())
    await asyncio.sleep(notes.steady + PUBLISHED_AT * plan.seconds - time.monotonic())
    began = time.monotonic()
    # A tenth of a year's victims gone is an error, and meant here.
    accept = ("--accept", "closed_weeks", "--reason", "a load test")
    words = ("publish", "--no-pictures", later, *accept)
    day = date.today()
    await asyncio.to_thread(commands.measure_command, *words, home=settings.home, today=day)
    notes.published = (began, time.monotonic())
    notes.releases = (before, str(store.read_current_id()))
    if len(set(notes.releases)) == 1:
        notes.errors.append(f"{before} is still served after another was published")


# --- what each answer should have been ----------------------------------------------------------


def _hold_views(notes: Notes, settings: Settings, provider: str, folder: Path) -> Iterator[str]:
    """Check every answer against the same view asked for alone; yield those that differ.

    It is asked by its link, from a server that only this kind of viewer has used. The home serves
    each release in turn, so that each view is asked of its own.
    """
    variables, log = sign_in_variables(provider), folder / "alone.log"
    for role in sorted({seen.role for seen in notes.seen}):
        of_role = [seen for seen in notes.seen if seen.role == role]
        config = settings.config_path  # with its browser, as the press desk draws what it shows
        with serving(settings.home, log, config, variables=variables, pictures=True) as server:
            for release in sorted({seen.release for seen in of_role}):
                if release:  # "" of a page that has no figure, such as one that is shut
                    Store(settings.home).rollback(release)
                answers = [seen for seen in of_role if seen.release == release]
                yield from alone(_ask_again(server.address, role, answers))


async def _ask_again(address: str, role: str, answers: list[Seen]) -> list[str]:
    """Return the answers that say something else than the same view asked for alone."""
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
