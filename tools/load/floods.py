"""The floods a stranger can send: each bounded in number and time, to an address on loopback.

The stranger is at another address of this machine than the visitors, as a proxy tells them apart.

`python -m tools.load.floods NAME ADDRESS` sends one and prints what came of it, as JSON.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import Awaitable, Callable
from http.client import HTTPConnection
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from tools.load.client import XSRF, BrokenError, Tab
from tools.load.page import DRAWING

HANDSHAKES = 5
FRAMES, RUNS = 200, 3000
HALF_OPEN, DRIP, HELD = 450, 2.0, 20.0  # connections, seconds between lines, seconds in all
SESSIONS, DRAWN_FOR = 25, 12.0
UPLOADED = 64 * 2**20
ACCEPTED = {b"101", b"200"}
STRANGER = ("127.0.0.2", 0)
SENDERS, PIPELINES = 5, 10  # connections of a flood by the byte
BY_THE_BYTE, SENT_FOR = 60 * 2**20, 20.0  # bytes of all of them, seconds
PING = b"\x89\x80" + bytes(4)  # of a browser: masked, and empty
BEGINNING, CONTINUATION = b"\x02\x80" + bytes(4), b"\x00\x80" + bytes(4)  # neither the last
PRESS = "press_desk"
Flood = Callable[[str], Awaitable[dict[str, object]]]


def _stream(address: str) -> str:
    return address.replace("http", "ws", 1) + "/_stcore/stream"


async def _foreign(address: str) -> dict[str, object]:
    """Five handshakes from a page of another site."""

    async def one() -> int | str:
        try:
            async with connect(
                _stream(address),
                origin=Origin("https://elsewhere.example"),
                open_timeout=60,
                local_addr=STRANGER,
            ):
                return 101
        except InvalidStatus as error:
            return error.response.status_code
        except TimeoutError:
            return "none"

    return {"answers": await asyncio.gather(*(one() for _ in range(HANDSHAKES)))}


async def _frames(
    address: str, message: BackMsg, pause: float = 0.0, number: int = FRAMES
) -> dict[str, object]:
    sent, closed = 0, None
    async with connect(
        _stream(address),
        origin=Origin(address),
        subprotocols=[Subprotocol("streamlit")],
        local_addr=STRANGER,
    ) as socket:
        try:
            for _ in range(number):
                await socket.send(message.SerializeToString())
                sent += 1
                await asyncio.sleep(pause)
            # What it answers is read for a while, as a browser would.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(10):
                    while True:
                        await socket.recv()
        except ConnectionClosed as error:
            closed = error.rcvd.code if error.rcvd else "without a word"
    return {"sent": sent, "closed": closed}


async def _git(address: str) -> dict[str, object]:
    """Two hundred tiny questions about the repository."""
    return await _frames(address, BackMsg(load_git_info=True))


async def _caches(address: str) -> dict[str, object]:
    """Two hundred times everybody's caches emptied, in some seconds."""
    return await _frames(address, BackMsg(clear_cache=True), 0.03)


async def _runs(address: str) -> dict[str, object]:
    """Three thousand runs of a page asked for at once."""
    asked = BackMsg()
    asked.rerun_script.page_name = ""
    return await _frames(address, asked, number=RUNS)


async def _upload(address: str) -> dict[str, object]:
    """A large file into a session of one's own."""
    parts = urlsplit(address)
    host, port = parts.hostname or "", parts.port or 80
    asking = HTTPConnection(host, port, 60, STRANGER)
    asking.request("GET", "/_stcore/health")
    answer = asking.getresponse()
    cookie = (answer.getheader("set-cookie") or "").split(";")[0].removeprefix(f"{XSRF}=")
    answer.read()
    names: list[str] = []
    async with Tab(address, {XSRF: cookie}) as tab:

        def note(message: ForwardMsg) -> None:
            if message.WhichOneof("type") == "new_session":
                names.append(message.new_session.initialize.session_id)

        tab.on_message = note
        await tab.arrive("")
        status = await asyncio.to_thread(_put, host, port, names[0], cookie)
        await asyncio.sleep(3)  # the session stays, and what it holds
    return {"status": status}


def _put(host: str, port: int, session: str, cookie: str) -> object:
    """The status of the answer, or how the connection ended."""
    edge = b"--edge\r\n"
    head = edge + b'Content-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
    tail = b"\r\n--edge--\r\n"
    sending = HTTPConnection(host, port, 60, STRANGER)
    sending.putrequest("PUT", f"/_stcore/upload_file/{session}/file")
    sending.putheader("X-Xsrftoken", cookie)
    sending.putheader("Cookie", f"{XSRF}={cookie}")
    sending.putheader("Content-Type", "multipart/form-data; boundary=edge")
    sending.putheader("Content-Length", str(len(head) + UPLOADED + len(tail)))
    sending.endheaders()
    with contextlib.suppress(OSError):  # answered before all was sent
        sending.send(head)
        for _ in range(UPLOADED // 2**20):
            sending.send(bytes(2**20))
        sending.send(tail)
    try:
        return sending.getresponse().status
    except OSError as error:
        return type(error).__name__


async def _half_open(address: str) -> dict[str, object]:
    """Connections that begin their headers and never end them."""
    parts = urlsplit(address)
    until = time.monotonic() + HELD
    ended = 0

    async def one() -> None:
        nonlocal ended
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection(
                parts.hostname, parts.port, local_addr=STRANGER
            )
            try:
                writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n")
                while time.monotonic() < until:
                    writer.write(b"X-Still: here\r\n")
                    await writer.drain()
                    with contextlib.suppress(TimeoutError):
                        if not await asyncio.wait_for(reader.read(100), DRIP):
                            break
            except OSError:
                ended += 1
                return
            finally:
                writer.close()
            ended += time.monotonic() < until

    await asyncio.gather(*(one() for _ in range(HALF_OPEN)))
    return {"opened": HALF_OPEN, "ended by the server": ended}


async def _by_the_byte(
    address: str, asking: bytes, again: bytes, connections: int, first: bytes = b""
) -> dict[str, object]:
    """Ask on so many connections, then send one thing again and again; what comes is dropped.

    `first`: what is sent once before it, when the server has answered.
    """
    parts = urlsplit(address)
    until = time.monotonic() + SENT_FOR
    block = again * (2**16 // len(again))
    sent, ended, refused = 0, 0, 0

    async def drop(reader: asyncio.StreamReader) -> None:
        while await reader.read(2**16):
            pass

    async def one() -> None:
        nonlocal sent, ended, refused
        reader, writer = await asyncio.open_connection(
            parts.hostname, parts.port, local_addr=STRANGER
        )
        dropping = None
        left = BY_THE_BYTE // connections
        try:
            writer.write(asking)
            refused += not ACCEPTED.intersection((await reader.readline()).split())
            writer.write(first)
            dropping = asyncio.create_task(drop(reader))
            while left > 0 and not dropping.done() and time.monotonic() < until:
                writer.write(block)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(writer.drain(), 1)
                left -= len(block)
                sent += len(block)
            # What was sent lies in buffers still: it is read for a while, as long as it is wanted.
            await asyncio.wait([dropping], timeout=max(0.0, until - time.monotonic()))
        except OSError:
            pass
        finally:
            ended += dropping is None or dropping.done()
            if dropping is not None:
                dropping.cancel()
                await asyncio.wait([dropping])
            writer.transport.abort()

    await asyncio.gather(*(one() for _ in range(connections)))
    return {"MB sent": sent >> 20, "refused": refused, "ended by the server": ended}


def _opening(address: str) -> bytes:
    """The request for a websocket, as a page of ours makes it."""
    return (
        f"GET /_stcore/stream HTTP/1.1\r\nHost: {urlsplit(address).netloc}\r\nOrigin: {address}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: streamlit\r\n\r\n"
    ).encode()


async def _pings(address: str) -> dict[str, object]:
    """Five websockets that send pings and no message."""
    return await _by_the_byte(address, _opening(address), PING, SENDERS)


async def _continuations(address: str) -> dict[str, object]:
    """Five websockets with a message that goes on in empty pieces and never ends."""
    return await _by_the_byte(address, _opening(address), CONTINUATION, SENDERS, BEGINNING)


async def _pipelined(address: str) -> dict[str, object]:
    """Ten connections that ask again and again before they are answered."""
    host = urlsplit(address).netloc
    asking = f"GET /_stcore/health HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    return await _by_the_byte(address, asking, asking, PIPELINES)


async def _pictures(address: str) -> dict[str, object]:
    """Twenty-five sessions that ask for one picture after another, and leave."""
    until = time.monotonic() + DRAWN_FOR
    asked = 0

    async def one(number: int) -> None:
        nonlocal asked
        with contextlib.suppress(BrokenError, OSError, ConnectionClosed):
            async with Tab(address) as tab:
                await tab.arrive(PRESS, f"size={('slide', 'square', 'letter')[number % 3]}")
                offered = [one for one in tab.page.offered("Chart") if "inside" not in one]
                at = number
                while time.monotonic() < until:
                    at += 1
                    await tab.choose("Chart", offered[at * 7 % len(offered)])
                    asked += DRAWING in tab.page.texts()
                    await tab.stay(0.5)

    await asyncio.gather(*(one(number) for number in range(SESSIONS)))
    return {"sessions": SESSIONS, "pictures asked for": asked}


async def _none(_: str) -> dict[str, object]:
    """Nobody."""
    await asyncio.sleep(10)
    return {}


FLOODS: dict[str, Flood] = {
    "none": _none,
    "foreign": _foreign,
    "git": _git,
    "caches": _caches,
    "runs": _runs,
    "upload": _upload,
    "half-open": _half_open,
    "pings": _pings,
    "continuations": _continuations,
    "pipelined": _pipelined,
    "pictures": _pictures,
}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(FLOODS[sys.argv[1]](sys.argv[2]))) + "\n")
