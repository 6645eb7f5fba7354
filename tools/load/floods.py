"""`python -m tools.load.floods`: what a visitor feels while a stranger floods the server.

For each flood: a server of its own on loopback, another visitor's health check and page run before
it and under it, and how often their tab was lost. Bounded in number and time; prints a table, and
asserts nothing: a machine that does other things too is slower.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import statistics
import sys
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any
from urllib.parse import urlsplit

import httpx
from websockets.exceptions import ConnectionClosed, WebSocketException

from tests.drivers.server import Server
from tools.load.client import BrokenError, Tab, alone
from tools.running import serve_demonstration
from tools.table import write_table

PATIENCE = 60.0  # seconds for one answer
IDLE, UNDER = 6.0, 12.0  # seconds that are looked at before a flood, and at least under it
BYTES, SENT_FOR = 60 * 2**20, 20.0  # of all connections of a flood, and for how many seconds
SESSIONS, DRAWN_FOR = 25, 12.0
PING = b"\x89\x80" + bytes(4)  # of a browser: masked, and empty
Flood = Callable[[str], Coroutine[Any, Any, None]]


async def _send_bytes(address: str, asking: bytes, again: bytes, number: int) -> None:
    """Ask on so many connections, then send one thing again and again."""
    parts = urlsplit(address)
    until = time.monotonic() + SENT_FOR
    block = again * (2**16 // len(again))

    async def drop(reader: asyncio.StreamReader) -> None:
        while await reader.read(2**16):
            pass

    async def send() -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        dropping = asyncio.create_task(drop(reader))
        with contextlib.suppress(OSError):
            writer.write(asking)
            await asyncio.sleep(1)  # until it has answered
            left = BYTES // number
            while left > 0 and not dropping.done() and time.monotonic() < until:
                writer.write(block)
                left -= len(block)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(writer.drain(), 1)
            # What was sent lies in buffers still: it is read for a while.
            await asyncio.wait([dropping], timeout=max(0.0, until - time.monotonic()))
        dropping.cancel()
        writer.transport.abort()

    await asyncio.gather(*(send() for _ in range(number)))


async def _send_pings(address: str) -> None:
    """Five websockets, asked for as a page of ours does, that send pings and no message."""
    asking = (
        f"GET /_stcore/stream HTTP/1.1\r\nHost: {urlsplit(address).netloc}\r\nOrigin: {address}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: streamlit\r\n\r\n"
    )
    await _send_bytes(address, asking.encode(), PING, 5)


async def _send_requests(address: str) -> None:
    """Ten connections that ask again and again before they are answered."""
    host = urlsplit(address).netloc
    asking = f"GET /_stcore/health HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    await _send_bytes(address, asking, asking, 10)


async def _ask_for_pictures(address: str) -> None:
    """Twenty-five sessions that ask for one picture after another, and leave."""
    until = time.monotonic() + DRAWN_FOR

    async def ask(number: int) -> None:
        with contextlib.suppress(BrokenError, OSError, ConnectionClosed):
            async with Tab(address) as tab:
                await tab.arrive("press_desk")
                offered = [one for one in tab.page.offered("Chart") if "inside" not in one]
                while time.monotonic() < until:
                    number += 1
                    await tab.choose("Chart", offered[number * 7 % len(offered)])
                    await tab.stay(0.5)

    await asyncio.gather(*(ask(number) for number in range(SESSIONS)))


FLOODS: dict[str, Flood] = {
    "pings": _send_pings,
    "requests": _send_requests,
    "pictures": _ask_for_pictures,
}


@dataclass
class Felt:
    """Seconds of each answer another visitor got, and how often their tab had to begin anew."""

    health: list[float] = field(default_factory=list)
    page: list[float] = field(default_factory=list)
    lost: int = 0

    def describe(self) -> list[str]:
        """Return median and worst of both, in milliseconds."""
        both = [(statistics.median(times), max(times)) for times in (self.health, self.page)]
        return [f"{1000 * middle:.1f}, {1000 * worst:.0f}" for middle, worst in both]

    async def check_health(self, address: str, until: float) -> None:
        """Ask for the health check again and again, each time on a connection of its own."""
        while time.monotonic() < until:
            began = time.perf_counter()
            with contextlib.suppress(httpx.HTTPError):
                async with httpx.AsyncClient(timeout=PATIENCE) as client:
                    await client.get(f"{address}/_stcore/health")
            self.health.append(time.perf_counter() - began)
            await asyncio.sleep(0.05)

    async def run_page(self, tab: Tab, until: float) -> None:
        """Run the page again and again; where the tab is lost, arrive anew."""
        while time.monotonic() < until:
            try:
                await (tab.again() if tab.is_open else tab.arrive(""))
                self.page.append(tab.seconds)
            except (BrokenError, WebSocketException, OSError):
                self.lost += 1
                await tab.leave()
            await asyncio.sleep(0.4)


def send_flood(name: str, address: str) -> None:
    """Send one flood to its end."""
    asyncio.run(FLOODS[name](address))


async def _feel(name: str, server: Server) -> list[str]:
    address, idle, under, grown = server.address, Felt(), Felt(), 0
    with ProcessPoolExecutor(1, get_context("spawn")) as stranger:
        async with Tab(address) as tab:
            await tab.arrive("")
            until = time.monotonic() + IDLE
            await asyncio.gather(idle.check_health(address, until), idle.run_page(tab, until))
            before, least = server.resident(), time.monotonic() + UNDER
            flood = stranger.submit(send_flood, name, address)
            while not flood.done() or time.monotonic() < least:
                until = time.monotonic() + 1
                await asyncio.gather(under.check_health(address, until), under.run_page(tab, until))
                grown = max(grown, server.resident() - before)
        flood.result()
    return [name, *idle.describe(), *under.describe(), f"{grown / 2**20:+.0f} MiB", str(under.lost)]


def main() -> int:
    """Send the floods that were asked for and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tools.load.floods", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(FLOODS), default=list(FLOODS))
    asked = parser.parse_args()
    rows = []
    for name in asked.only:
        with serve_demonstration() as server:
            rows.append(alone(_feel(name, server)))
    head = ("flood", "health, idle", "page, idle", "health", "page", "memory", "tabs lost")
    print("Milliseconds, the median and the worst; memory: the most it grew under the flood.\n")
    print(write_table(head, rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
