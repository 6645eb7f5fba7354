"""`python -m tools.load.floods`: what a visitor feels while a stranger floods the server.

For each flood: a server of its own on loopback, and another visitor's page run again and again,
before it and under it. Bounded in number and time; prints a table, and asserts nothing: a machine
that does other things too is slower.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from urllib.parse import urlsplit

from websockets.exceptions import WebSocketException

from tests.drivers.server import Server
from tools.load.client import BrokenError, Tab, alone
from tools.running import serve_demonstration
from tools.table import write_table

IDLE, UNDER = 6.0, 12.0  # seconds that are looked at before a flood, and at least under it
BYTES, SENT_FOR = 60 * 2**20, 20.0  # of all connections of a flood, and for how many seconds
SESSIONS, DRAWN_FOR = 25, 12.0
LOST = (BrokenError, WebSocketException, OSError)
PING = b"\x89\x80" + bytes(4)  # of a browser: masked, and empty
REQUEST = "GET /_stcore/health HTTP/1.1\r\nHost: {host}\r\n\r\n"
# A websocket, asked for as a page of ours does.
SOCKET = (
    "GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: streamlit\r\n\r\n"
)


async def _send_bytes(address: str, asking: str, again: bytes, number: int) -> None:
    """Ask on so many connections, then send one thing again and again, whatever is answered."""
    host = urlsplit(address).netloc
    asked = asking.format(host=host).encode()
    block = (again or asked) * (2**16 // len(again or asked))

    async def drop(reader: asyncio.StreamReader) -> None:
        while await reader.read(2**16):
            pass

    async def send() -> None:
        reader, writer = await asyncio.open_connection(*host.split(":"))
        answers = asyncio.create_task(drop(reader))
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(SENT_FOR):
                writer.write(asked)
                await asyncio.sleep(1)  # until it has answered
                for _ in range(BYTES // number // len(block)):
                    writer.write(block)
                    await writer.drain()
                # What was sent lies in buffers still: it is read for a while.
                await answers
        answers.cancel()
        writer.transport.abort()

    await asyncio.gather(*(send() for _ in range(number)))


async def _ask_for_pictures(address: str) -> None:
    """Twenty-five sessions that ask for one picture after another, and leave."""
    until = time.monotonic() + DRAWN_FOR

    async def ask(number: int) -> None:
        with contextlib.suppress(*LOST):
            async with Tab(address) as tab:
                await tab.arrive("press_desk")
                offered = [name for name in tab.page.offered("Chart") if "inside" not in name]
                while time.monotonic() < until:
                    number += 1
                    await tab.choose("Chart", offered[number * 7 % len(offered)])
                    await tab.stay(0.5)

    await asyncio.gather(*(ask(number) for number in range(SESSIONS)))


# Five websockets that send pings and no message; ten connections that ask again and again before
# they are answered; and sessions that have pictures drawn.
FLOODS = {
    "pings": lambda address: _send_bytes(address, SOCKET, PING, 5),
    "requests": lambda address: _send_bytes(address, REQUEST, b"", 10),
    "pictures": _ask_for_pictures,
}


def send_flood(name: str, address: str) -> None:
    """Send one flood to its end."""
    asyncio.run(FLOODS[name](address))


async def _feel(name: str, server: Server) -> list[str]:
    """Return the line of one flood: the page's times before and under it, memory, tabs lost."""
    idle: list[float] = []
    under: list[float] = []
    lost, before, grown = 0, server.resident(), 0
    with ProcessPoolExecutor(1, get_context("spawn")) as stranger:
        async with Tab(server.address) as tab:
            await tab.arrive()
            until = time.monotonic() + IDLE
            while time.monotonic() < until:
                await tab.again()
                idle.append(tab.seconds)
                await asyncio.sleep(0.4)
            flood, until = stranger.submit(send_flood, name, server.address), until + UNDER
            while not flood.done() or time.monotonic() < until:
                try:
                    await (tab.again() if tab.is_open else tab.arrive())
                    under.append(tab.seconds)
                except LOST:
                    lost += 1
                    await tab.leave()
                grown = max(grown, server.resident() - before)
                await asyncio.sleep(0.4)
        flood.result()
    times = [
        f"{1000 * statistics.median(seconds):.0f}, {1000 * max(seconds):.0f}"
        for seconds in (idle, under)
    ]
    return [name, *times, f"{grown / 2**20:+.0f} MiB", str(lost)]


def main() -> int:
    """Send the floods that were asked for and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tools.load.floods", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=list(FLOODS), default=list(FLOODS))
    asked = parser.parse_args()
    rows = []
    for name in asked.only:
        with serve_demonstration() as server:
            rows.append(alone(_feel(name, server)))
    head = ("flood", "page, idle", "page", "memory", "tabs lost")
    print("Milliseconds, the median and the worst; memory: the most it grew under the flood.\n")
    print(write_table(head, rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
