"""The real server met by strangers: what they are told, and that a page of ours is served."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from longevity.settings import Settings
from tests.drivers.server import Server, serving
from tools.load.client import Tab, alone


@pytest.fixture(scope="module")
def server(
    published: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, Path]]:
    log = tmp_path_factory.mktemp("gate") / "log"
    with serving(published.home, log, published.config_path) as running:
        yield running, log


def status(address: str, method: str = "GET", **headers: str) -> int:
    try:
        with urlopen(Request(address, method=method, headers=headers), timeout=30) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


def stream(server: Server) -> str:
    return server.address.replace("http", "ws", 1) + "/_stcore/stream"


def test_strangers_are_refused_and_the_next_visitor_is_served(server):
    at, log = server
    for origin in (None, "https://elsewhere.example", "http://localhost"):
        asking = Origin(origin) if origin else None
        with pytest.raises(InvalidStatus) as refused, connect(stream(at), origin=asking):
            pass
        assert refused.value.response.status_code == 403
    for message in (BackMsg(load_git_info=True), BackMsg(clear_cache=True)):
        with connect(stream(at), origin=Origin(at.address)) as socket_:
            socket_.send(message.SerializeToString())
            with pytest.raises(ConnectionClosed) as closed:
                socket_.recv(timeout=30)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1008
    for path in ("/_stcore/upload_file/a/b", "/_stcore/agent/interact"):
        assert status(at.address + path, "PUT") == 404
    assert status(at.address, Host="elsewhere.example") == 403
    metrics = at.address + "/_stcore/metrics"
    assert status(metrics) == 200
    assert status(metrics, **{"X-Forwarded-For": "192.0.2.7"}) == 404

    async def visit() -> list[str]:
        async with Tab(at.address) as tab:
            await tab.arrive("")
            await tab.again()
            return tab.page.texts()

    assert any(text.startswith("## ") for text in alone(visit()))
    # A refusal is one line of ours, nothing of a traceback.
    assert "Traceback" not in log.read_text()
    assert log.read_text().count("of another site") == 1


def test_the_answer_does_not_name_the_server(server):
    with urlopen(server[0].address, timeout=30) as answer:
        assert answer.headers["Server"] is None
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_is_no_request_is_a_line_of_json(server):
    at, log = server
    parts = urlsplit(at.address)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as line:
        line.sendall(b"\x00\x01\r\n\r\n")
        assert b" 400 " in line.recv(1000)
    (said,) = [one for one in log.read_text().splitlines() if "Invalid HTTP request" in one]
    assert json.loads(said)["from"] == "uvicorn.error"
