"""What no browser sends, on a real server's connections of a program of ours."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time

import pytest
import uvicorn

from longevity.ui import slow_requests
from longevity.ui.slow_requests import Frames, Unfinished

BEGUN = b"GET / HTTP/1.1\r\nHost: x\r\n"
WHOLE = BEGUN + b"\r\n"
SOON = 0.05  # seconds; in the place of the ten
PATIENCE = 20.0


async def answers(scope, receive, send):
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


@pytest.fixture
def connect():
    """Opens a connection to the program."""
    config = uvicorn.Config(
        answers, port=0, http=Unfinished, ws=Frames, lifespan="off", log_level="critical"
    )
    server = uvicorn.Server(config)
    running = threading.Thread(target=lambda: asyncio.run(server.serve()))
    running.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    with contextlib.ExitStack() as opened:
        yield lambda: opened.enter_context(
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        )
    server.should_exit = True
    running.join(PATIENCE)


def read_until(line: socket.socket, end: bytes = b"") -> bytes:
    """What comes up to `end`, or before the server closes the connection."""
    found = b""
    with contextlib.suppress(ConnectionError):
        while not (end and found.endswith(end)) and (more := line.recv(65536)):
            found += more
    return found


def send(line: socket.socket, content: bytes) -> socket.socket:
    """Send it, as far as the server takes it before it closes the connection."""
    with contextlib.suppress(ConnectionError):
        line.sendall(content)
    return line


@pytest.mark.parametrize("begun", [b"", BEGUN], ids=["nothing said", "half said"])
def test_a_request_that_is_not_ended_is_closed(monkeypatch, connect, begun):
    monkeypatch.setattr(slow_requests, "SECONDS", SOON)
    assert read_until(send(connect(), begun)) == b""
    assert not Unfinished.waiting


def test_the_second_request_of_a_connection_has_to_end_too(monkeypatch, connect):
    monkeypatch.setattr(slow_requests, "SECONDS", SOON)
    line = send(connect(), WHOLE)
    read_until(line, b"ok")
    assert read_until(send(line, BEGUN)) == b""


def test_a_body_that_comes_slowly_is_none_of_this(monkeypatch, connect):
    monkeypatch.setattr(slow_requests, "SECONDS", SOON)
    line = send(connect(), b"GET /body HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n")
    time.sleep(4 * SOON)
    assert read_until(send(line, b"ab"), b"ok").endswith(b"ok")


def test_of_too_many_the_oldest_goes_and_a_visitor_is_answered(monkeypatch, connect):
    monkeypatch.setattr(slow_requests, "MOST", 5)
    held = [send(connect(), BEGUN) for _ in range(12)]
    assert [read_until(line) for line in held[:7]] == [b""] * 7
    assert len(Unfinished.waiting) == 5
    assert read_until(send(connect(), WHOLE), b"ok").startswith(b"HTTP/1.1 200")


def test_headers_have_a_size(monkeypatch, connect):
    monkeypatch.setattr(slow_requests, "LARGEST", 1000)
    assert read_until(send(connect(), BEGUN + (b"X-More: " + b"a" * 100 + b"\r\n") * 20)) == b""


def test_requests_before_an_answer_have_a_number(connect):
    # As much as one read takes: each request in it would be kept until its turn.
    told = read_until(send(connect(), WHOLE * 5000))
    assert told.count(b"HTTP/1.1 200") <= slow_requests.AHEAD + 1


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
def test_frames_that_are_no_message_have_a_number(connect, first, again):
    line = send(connect(), OPENING)
    read_until(line, b"\r\n\r\n")
    told = read_until(send(line, first + again * 20_000))
    # Pings are answered in two bytes each, as many as there are in what is read at once.
    assert len(told) <= 2 * (slow_requests.PIECE // len(again) + 1)


def test_a_message_in_pieces_and_a_ping_are_taken(connect):
    line = send(connect(), OPENING)
    read_until(line, b"\r\n\r\n")
    send(line, PING + BEGINNING + EMPTY * 10 + LAST)
    assert read_until(line, b"3") == b"\x8a\0" + b"\x81\x013"
