"""A city's portal on this machine: answers a path as told, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Respond = Callable[[BaseHTTPRequestHandler], None]


class Portal(ThreadingHTTPServer):
    """A real server; `answers` has a function for each path, any other is answered `otherwise`."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, Respond] = {}
        self.otherwise: Respond = status(404)
        self.asked: list[str] = []

    def at(self, path: str) -> str:
        """The whole address of a path."""
        return f"http://127.0.0.1:{self.server_address[1]}{path}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: who asked went away, as they should from an answer that is too long."""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Portal)
        self.server.asked.append(self.path)
        respond = self.server.answers.get(urlsplit(self.path).path, self.server.otherwise)
        with suppress(OSError):
            respond(self)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the terminal clean."""


@contextmanager
def serve_portal() -> Iterator[Portal]:
    """Serve until the block ends."""
    portal = Portal()
    thread = threading.Thread(target=portal.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield portal
    portal.shutdown()
    portal.server_close()
    thread.join()


def body(content: bytes | dict[str, Any], code: int = 200, **headers: str) -> Respond:
    """Answer with these bytes, or this as JSON; `content_length` names another length."""
    sent = content if isinstance(content, bytes) else json.dumps(content).encode()
    named = {"content-length": str(len(sent))}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}

    def respond(asked: BaseHTTPRequestHandler) -> None:
        asked.send_response(code)
        for name, value in named.items():
            asked.send_header(name, value)
        asked.end_headers()
        asked.wfile.write(sent)

    return respond


def status(code: int) -> Respond:
    """Answer with a status and a page about it."""
    return body(b"<html>no</html>", code)


def leading_to(address: str, code: int = 302) -> Respond:
    """Lead on to another address."""
    return body(b"", code, location=address)


def in_turn(*answers: Respond) -> Respond:
    """Answer in this order, the last for ever."""
    left = list(answers)

    def respond(asked: BaseHTTPRequestHandler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(asked)

    return respond


def pieces(pieces: Iterator[bytes], end: threading.Event | None = None) -> Respond:
    """Send an answer without a length piece by piece; wait for `end` before closing it."""

    def respond(asked: BaseHTTPRequestHandler) -> None:
        asked.send_response(200)
        asked.end_headers()
        for piece in pieces:
            asked.wfile.write(piece)
            asked.wfile.flush()
        if end is not None:
            end.wait(30)

    return respond


def layer(
    features: Sequence[Mapping[str, Any]], size: int, inside: bool = False, deaf: bool = False
) -> Respond:
    """Answer as a FeatureServer's layer, `size` areas a page.

    `inside`: that there is more is said in `properties`; `deaf`: it has no ear for an offset.
    """

    def respond(asked: BaseHTTPRequestHandler) -> None:
        query = dict(parse_qsl(urlsplit(asked.path).query))
        wanted = {"where": "1=1", "outFields": "*", "outSR": "4326", "f": "geojson"}
        assert query.items() >= wanted.items(), query
        start = 0 if deaf else int(query.get("resultOffset", 0))
        page: dict[str, Any] = {
            "type": "FeatureCollection",
            "crs": {"type": "name", "properties": {"name": "EPSG:4326"}},
            "features": list(features[start : start + size]),
        }
        if start + size < len(features):
            said = {"exceededTransferLimit": True}
            page |= {"properties": said} if inside else said
        body(page)(asked)

    return respond
