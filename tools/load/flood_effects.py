"""`python -m tools.load.flood_effects`: what a visitor feels while a stranger floods the server.

For each flood of `floods`: a server of its own on loopback, another visitor's health check and
page run before it and under it, tabs of theirs that were lost, and how long a press picture
takes. Bounded in number and time; prints a table. Nothing is asserted: a machine that does other
things too is slower. `--nginx`: all of them come through nginx by docs/deployment/nginx.conf,
the stranger from an address of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from websockets.exceptions import WebSocketException

from longevity import settings as configuration
from longevity.settings import ROOT
from tests.drivers import proxy
from tests.drivers.server import Server, free_port, serving
from tools.load import data
from tools.load.client import BrokenError, Tab, alone
from tools.load.floods import FLOODS, PRESS
from tools.load.page import DRAWING

IDLE = 6.0  # seconds
UNDER = 12.0  # seconds at least that are looked at from a flood's beginning
PATIENCE = 60.0  # seconds for one answer
FILES = 400  # that the server may have open: connections are files
PICTURES = {"none", "pictures"}


@dataclass
class Felt:
    """Seconds of each answer another visitor got."""

    health: list[float] = field(default_factory=list)
    page: list[float] = field(default_factory=list)
    picture: list[float] = field(default_factory=list)
    lost: int = 0  # tabs


def main() -> int:
    """Run the floods that were asked for and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tools.load.flood_effects", description=__doc__)
    parser.add_argument("--home", type=Path, help="a home to copy; else the demonstration is made")
    parser.add_argument("--only", default=",".join(FLOODS), help="floods, by comma")
    parser.add_argument("--nginx", action="store_true", help="through nginx, where it is installed")
    asked = parser.parse_args()
    print(f"{'behind nginx' if asked.nginx else 'without a proxy'}; load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="flood-") as folder:
        home = Path(folder) / "home"
        if asked.home is None:
            settings = configuration.load_settings(home=home, environment={})
            data.publish_demonstration(settings, Path(folder) / "extracts", date.today(), 1)
        else:
            shutil.copytree(asked.home, home)
        print(HEAD, flush=True)
        for name in asked.only.split(","):
            print(_line(name, home, Path(folder), asked.nginx), flush=True)
    return 0


HEAD = (
    "Milliseconds, the median and the worst; times: as a multiple of the same when idle.\n"
    "Memory: the most it grew under the flood. Lost: how often a visitor's tab had to begin anew.\n"
    f"{'flood':<13} {'health, idle':>14} {'flooded':>16} {'times':>13}"
    f" {'page, idle':>14} {'flooded':>16} {'times':>13} {'memory':>8} {'lost':>5}"
    "  what the stranger was told"
)


def _line(name: str, home: Path, folder: Path, through_nginx: bool) -> str:
    """One flood on a server of its own, as a line of the table."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, hard))
    with silence() as variables, serving(home, folder / "log", variables=variables) as server:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        with _front(server, folder, through_nginx) as address:
            idle, under, told, grown = alone(_felt(name, server, address))
    words = (
        f"{name:<13} {_compared(idle.health, under.health)} {_compared(idle.page, under.page)}"
        f" {grown / 2**20:>+5.0f} MB {under.lost:>5}  {told}"
    )
    if under.picture:
        before, then = idle.picture[-1], ", ".join(f"{one:.1f}" for one in under.picture)
        words += f"\n{'':<13} another visitor's press picture: {before:.1f} s idle; {then} s"
    return words


@contextlib.contextmanager
def _front(server: Server, folder: Path, through_nginx: bool) -> Iterator[str]:
    """The address visitors come to."""
    if not through_nginx:
        yield server.address
        return
    port, behind = free_port(), urlsplit(server.address).port or 0
    proxy.certificate(folder)
    with proxy.nginx(folder, port, [behind, behind], tls=False):
        time.sleep(1)  # it opens its port
        yield f"http://{proxy.HOST}:{port}"


def _compared(idle: list[float], under: list[float]) -> str:
    """Median and worst of both, and how many times longer."""
    both = [(statistics.median(times), max(times)) for times in (idle, under or [PATIENCE])]
    (middle, worst), (middle_then, worst_then) = both
    return (
        f"{1000 * middle:>6.1f} {1000 * worst:>7.0f} {1000 * middle_then:>8.1f}"
        f" {1000 * worst_then:>7.0f} {middle_then / middle:>6.1f} {worst_then / worst:>6.1f}"
    )


@contextlib.contextmanager
def silence() -> Iterator[dict[str, str]]:
    """The world outside as behind a firewall that drops: whoever asks it waits for an answer."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        yield dict.fromkeys(("http_proxy", "https_proxy"), address)


async def _felt(name: str, server: Server, address: str) -> tuple[Felt, Felt, str, int]:
    idle, under = Felt(), Felt()
    async with Tab(address) as tab, Tab(address) as pressing:
        await tab.arrive("")
        if name in PICTURES:
            await pressing.arrive(PRESS)
            for at in (3, 4):  # the first starts the browser
                await _picture(pressing, at, idle)
        await _look(address, tab, idle, time.monotonic() + IDLE)
        before, grown = server.resident(), 0
        words = [sys.executable, "-m", "tools.load.floods", name, address]
        flood = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        until = time.monotonic() + UNDER
        drawing = None
        if name in PICTURES:
            drawing = asyncio.create_task(_two_pictures(pressing, under))
        while flood.poll() is None or time.monotonic() < until:
            await _look(address, tab, under, time.monotonic() + 1)
            grown = max(grown, server.resident() - before)
        if drawing is not None:
            await drawing
        told = flood.communicate()[0].strip() or json.dumps("ended")
    return idle, under, told, grown


async def _look(address: str, tab: Tab, felt: Felt, until: float) -> None:
    """Health checks and page runs beside each other, until then."""

    async def health() -> None:
        while time.monotonic() < until:
            felt.health.append(await _health(address))
            await asyncio.sleep(0.05)

    async def page() -> None:
        while time.monotonic() < until:
            try:
                await (tab.again() if tab.is_open else tab.arrive(""))
                felt.page.append(tab.seconds)
            except (BrokenError, WebSocketException, OSError):
                felt.lost += 1
                felt.page.append(PATIENCE)
                await tab.leave()
            await asyncio.sleep(0.4)

    await asyncio.gather(health(), page())


async def _health(address: str) -> float:
    """Seconds of one health check, on a connection of its own; PATIENCE where none came."""
    parts = urlsplit(address)
    began = time.perf_counter()
    with contextlib.suppress(TimeoutError, OSError):
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
            # The server's own name: it answers to no other.
            head = f"GET /_stcore/health HTTP/1.1\r\nHost: {parts.netloc}\r\n"
            writer.write(f"{head}Connection: close\r\n\r\n".encode())
            said = await reader.read()
            writer.close()
            if b" 200 " in said[:20]:
                return time.perf_counter() - began
    return PATIENCE


async def _two_pictures(tab: Tab, felt: Felt) -> None:
    await asyncio.sleep(3)  # in the midst of it
    for at in (10, 11):
        await _picture(tab, at, felt)


async def _picture(tab: Tab, at: int, felt: Felt) -> None:
    """Choose another chart, and wait until its picture is there."""
    offered = [one for one in tab.page.offered("Chart") if "inside" not in one]
    began = time.perf_counter()
    await tab.choose("Chart", offered[at])
    while DRAWING in tab.page.texts() and time.perf_counter() - began < PATIENCE:
        # A part that is drawn asks for the whole page: `tick` ends with that run, or the next does.
        await tab.stay(0.2)
        await tab.again()
    felt.picture.append(time.perf_counter() - began)


if __name__ == "__main__":
    sys.exit(main())
