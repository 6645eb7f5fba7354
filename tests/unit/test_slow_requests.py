"""What no browser sends, on a real server's connections of a program of ours."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import uvicorn

from longevity.ui import slow_requests
from longevity.ui.slow_requests import Frames, Unfinished

BEGUN = b"GET / HTTP/1.1\r\nHost: x\r\n"
WHOLE = BEGUN + b"\r\n"
SOON = 0.05  # seconds; in the place of the ten
PATIENCE = 20.0
Lines = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


async def answers(scope: Any, receive: Any, send: Any) -> None:
    """A program that answers in two bytes; one with a body waits for it.

    Of a websocket's messages it says the sizes.
    """
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": str(len(message["bytes"]))})
    if scope["type"] == "http":
        if scope["path"] == "/body":
            while (await receive()).get("more_body"):
                pass
        head = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": b"ok"})


def serving(talk: Callable[[Lines], Awaitable[Any]]) -> Any:
    """What `talk` finds, given a way to open connections."""

    async def serve() -> Any:
        config = uvicorn.Config(
            answers, port=0, http=Unfinished, ws=Frames, lifespan="off", log_level="critical"
        )
        server = uvicorn.Server(config)
        running = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        opened: list[asyncio.StreamWriter] = []

        async def line() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            opened.append(writer)
            return reader, writer

        try:
            return await asyncio.wait_for(talk(line), PATIENCE)
        finally:
            for writer in opened:
                writer.close()
                with contextlib.suppress(ConnectionError):
                    await writer.wait_closed()
            server.should_exit = True
            await running

    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, serve()).result()


async def ended(reader: asyncio.StreamReader) -> bytes:
    """What came before the server closed the connection."""
    try:
        return await reader.read()
    except ConnectionError:
        return b""


@pytest.mark.parametrize("begun", [b"", BEGUN], ids=["nothing said", "half said"])
def test_a_request_that_is_not_ended_is_closed(monkeypatch, begun):
    monkeypatch.setattr(slow_requests, "SECONDS", SOON)

    async def talk(lines: Lines) -> bytes:
        reader, writer = await lines()
        writer.write(begun)
        return await ended(reader)

    assert serving(talk) == b""
    assert not Unfinished.waiting


def test_the_second_request_of_a_connection_has_to_end_too(monkeypatch):
    monkeypatch.setattr(slow_requests, "SECONDS", SOON)

    async def talk(lines: Lines) -> bytes:
        reader, writer = await lines()
        writer.write(WHOLE)
        await reader.readuntil(b"ok")
        writer.write(BEGUN)
        return await ended(reader)

    assert serving(talk) == b""


def test_a_body_that_comes_slowly_is_none_of_this(monkeypatch):
    monkeypatch.setattr(slow_requests, "SECONDS", SOON)

    async def talk(lines: Lines) -> bytes:
        reader, writer = await lines()
        writer.write(b"GET /body HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n")
        await asyncio.sleep(4 * SOON)
        writer.write(b"ab")
        return await reader.readuntil(b"ok")

    assert serving(talk)


def test_of_too_many_the_oldest_goes_and_a_visitor_is_answered(monkeypatch):
    monkeypatch.setattr(slow_requests, "MOST", 5)

    async def talk(lines: Lines) -> tuple[int, bytes]:
        held = []
        for _ in range(12):
            held.append(await lines())
            held[-1][1].write(BEGUN)
        for reader, _ in held[:7]:
            await ended(reader)
        waiting = len(Unfinished.waiting)
        reader, writer = await lines()
        writer.write(WHOLE)
        return waiting, await reader.readuntil(b"ok")

    waiting, answer = serving(talk)
    assert waiting == 5
    assert answer.startswith(b"HTTP/1.1 200")


def test_headers_have_a_size(monkeypatch):
    monkeypatch.setattr(slow_requests, "LARGEST", 1000)

    async def talk(lines: Lines) -> bytes:
        reader, writer = await lines()
        for _ in range(20):
            writer.write(b"X-More: " + b"a" * 100 + b"\r\n" if _ else BEGUN)
            await asyncio.sleep(0)
        return await ended(reader)

    assert serving(talk) == b""


def test_requests_before_an_answer_have_a_number():
    # As much as one read takes: each request in it would be kept until its turn.
    async def talk(lines: Lines) -> bytes:
        reader, writer = await lines()
        writer.write(WHOLE * 5000)
        return await ended(reader)

    assert serving(talk).count(b"HTTP/1.1 200") <= slow_requests.AHEAD + 1


OPENING = (
    BEGUN + b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
MASK = bytes(4)
PING, PONG, BEGINNING, EMPTY = (
    sign + b"\x80" + MASK for sign in (b"\x89", b"\x8a", b"\x02", b"\0")
)
LAST = b"\x80\x83" + MASK + b"abc"


@pytest.mark.parametrize(
    ("first", "again"),
    [(b"", PING), (b"", PONG), (BEGINNING, EMPTY)],
    ids=["pings", "pongs", "pieces of a message"],
)
def test_frames_that_are_no_message_have_a_number(first, again):
    async def talk(lines: Lines) -> bytes:
        reader, writer = await lines()
        writer.write(OPENING)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(first + again * 20_000)
        return await ended(reader)

    # Pings are answered in two bytes each.
    assert len(serving(talk)) <= 2 * slow_requests.FRAMES_AT_ONCE


def test_a_message_in_pieces_and_a_ping_are_taken():
    async def talk(lines: Lines) -> bytes:
        reader, writer = await lines()
        writer.write(OPENING)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(PING + BEGINNING + EMPTY * 10 + LAST)
        return await reader.readexactly(5)

    assert serving(talk) == b"\x8a\0" + b"\x81\x013"
