"""What is refused before Streamlit sees it, and what is handed on as it came."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.datastructures import Headers

from longevity.ui import middleware, websocket_messages
from longevity.ui.streamlit_internals import BackMsg
from longevity.ui.websocket_messages import Messages, Pace
from tests.factories.ascii_table import rows

NAMES = frozenset({"dashboard.example"})
OURS = [(b"host", b"dashboard.example"), (b"origin", b"https://dashboard.example")]


def run(told: Any) -> Any:
    """What comes of it; in a thread, for another loop may run in this one."""
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, told).result()


# --- whose page it is -----------------------------------------------------------------


# Which host a page asks, and whose page says it is.
PAGES = """
    host | origin | ours
    dashboard.example | https://dashboard.example | yes
    Dashboard.example:8443 | https://dashboard.EXAMPLE:8443 | yes
    127.0.0.1:8501 | http://127.0.0.1:8501 | yes
    [::1]:8501 | http://[::1]:8501 | yes
    dashboard.example | https://elsewhere.example |
    dashboard.example | https://dashboard.example.elsewhere.example |
    dashboard.example | https://elsewhere.example/dashboard.example |
    dashboard.example | https://dashboard.example@elsewhere.example |
    dashboard.example | https://dashboard.example:8443 |
    # Streamlit would let it in.
    dashboard.example | http://localhost |
    dashboard.example | http://[ |
    dashboard.example | null |
    | |
    dashboard.example | file://dashboard.example |
"""


def test_a_page_is_ours_where_its_origin_is_the_host_it_asks():
    for row in rows(PAGES):
        headers = [(name.encode(), row[name].encode()) for name in ("host", "origin")]
        found = middleware.comes_from_our_page(Headers(raw=headers))
        assert found is bool(row["ours"]), row
    assert middleware.comes_from_our_page(Headers(raw=OURS))
    assert not middleware.comes_from_our_page(Headers(raw=OURS[:1]))  # who says no origin


# --- by which name ---------------------------------------------------------------------

# A number leads nowhere else.
OWN = (
    *("dashboard.example", "Dashboard.Example:8443", "dashboard.example.", "localhost:8501"),
    *("127.0.0.1:8501", "[::1]:8501", "192.0.2.7"),
)
FOREIGN = (
    *("elsewhere.example", "dashboard.example.elsewhere.example", "elsewhere.dashboard.example"),
    *("127.0.0.1.elsewhere.example", "localhost.elsewhere.example", "2130706433", "[", ""),
)


def test_only_by_its_own_names_and_by_numbers_is_it_asked():
    known = middleware.read_names(["https://dashboard.example/oauth2callback", "", "http://["])
    assert known == {"dashboard.example"}
    for host in (*OWN, *FOREIGN):
        asked_by = middleware.is_for_this_server(Headers({"host": host}), known)
        assert asked_by is (host in OWN), host
    assert not middleware.is_for_this_server(Headers(), frozenset())  # who says no name


# --- routes ---------------------------------------------------------------------------


def asked(path: str, method: str = "GET", **more: Any) -> int:
    scope = {"type": "http", "path": path, "method": method, "headers": [], **more}
    refusal = middleware.refuse_request(scope)
    return 200 if refusal is None else refusal[0]


@pytest.mark.parametrize("under", ["", "/violence"])
def test_of_streamlits_routes_only_those_a_page_of_ours_asks_for_are_there(under):
    for path in ("/", "/press_desk", "/media/a.png", "/static/js/index.js", "/healthz"):
        assert asked(under + path) == 200
    for path in ("/_stcore/health", "/_stcore/host-config", "/auth/login", "/oauth2callback"):
        assert asked(under + path) == 200
    for path in (
        "/_stcore/upload_file/session/file",
        "/_stcore/agent/interact",
        "/_stcore/agent/mcp",
        "/_stcore/agent/openapi.json",
        "/_stcore/bidi-components/any/index.js",
        "/_stcore/script-health-check",
        "/_stcore/health/",
        "/_stcore/stream",
        "/component/any/index.html",
    ):
        for method in ("GET", "PUT", "POST", "DELETE", "OPTIONS"):
            assert asked(under + path, method) == 404, path


def test_nothing_can_be_sent_by_http():
    assert asked("/", "HEAD") == 200
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert asked("/", method) == 405


def test_metrics_are_for_this_machine():
    path = "/_stcore/metrics"
    for near in ("127.0.0.1", "127.0.0.9", "::1"):
        assert asked(path, client=(near, 1)) == 200
    for far in ("192.0.2.7", "10.0.0.1", "2001:db8::1", "not an address"):
        assert asked(path, client=(far, 1)) == 404
    assert asked(path, client=None) == 404
    # A proxy on this machine passes a stranger's request on.
    for header in (b"x-forwarded-for", b"forwarded"):
        assert asked(path, client=("127.0.0.1", 1), headers=[(header, b"127.0.0.1")]) == 404


# --- handing on -----------------------------------------------------------------------


class Streamlit:
    """In Streamlit's place: notes what reaches it, until the browser is gone."""

    def __init__(self) -> None:
        self.got: list[Any] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.got.append(scope["type"])
        while scope["type"] == "websocket":
            message = await receive()
            self.got.append(message)
            if message["type"] == "websocket.disconnect":
                await send({"type": "websocket.send", "bytes": b"too late"})
                return


def through(
    scope: dict[str, Any], coming: list[Any], under: str = ""
) -> tuple[list[Any], list[Any]]:
    """What reached Streamlit of what came, and what was sent back."""
    behind, sent = Streamlit(), []
    left = iter([*coming, {"type": "websocket.disconnect", "code": 1000}])

    async def receive() -> Any:
        return next(left)

    async def send(message: Any) -> None:
        sent.append(message)

    run(middleware.Gate(behind, under, NAMES)(scope, receive, send))
    return behind.got, sent


def websocket(**changed: Any) -> dict[str, Any]:
    return {"type": "websocket", "path": "/_stcore/stream", "headers": OURS, **changed}


def of(message: BackMsg) -> dict[str, Any]:
    return {"type": "websocket.receive", "bytes": message.SerializeToString()}


def test_a_websocket_of_another_site_never_reaches_streamlit():
    connect = {"type": "websocket.connect"}
    foreign = [(b"host", b"dashboard.example"), (b"origin", b"https://elsewhere.example")]
    for scope in (websocket(headers=foreign), websocket(path="/elsewhere")):
        got, sent = through(scope, [connect])
        assert got == []
        assert sent == [{"type": "websocket.close", "code": 1008}]
    got, _ = through(websocket(), [connect])
    assert got[:2] == ["websocket", connect]


def test_a_refused_request_is_answered_and_its_body_is_not_waited_for():
    scope = {"type": "http", "path": "/_stcore/upload_file/a/b", "method": "PUT", "headers": OURS}
    got, (start, body) = through(scope, [])
    assert got == []
    assert start["status"] == 404
    assert (b"connection", b"close") in start["headers"]
    assert body["body"]


@pytest.mark.parametrize("under", ["", "/violence"])
def test_a_file_nobody_made_is_not_there_and_a_font_is(under):
    def reached(path: str) -> bool:
        scope = {"type": "http", "path": path, "method": "GET", "headers": OURS}
        return bool(through(scope, [], under)[0])

    assert reached(f"{under}/static/media/a.woff2")
    for path in ("/media/abc.csv", "/media/abc", "/media/../media/abc.csv", "/media/"):
        assert not reached(under + path)


def a_run(fragment: str = "") -> BackMsg:
    said = BackMsg()
    said.rerun_script.fragment_id = fragment
    return said


def file_urls(*names: str) -> BackMsg:
    said = BackMsg()
    said.file_urls_request.file_names.extend(names)
    return said


def operation(kind: str) -> BackMsg:
    said = BackMsg()
    getattr(said.backend_operation_request, kind).SetInParent()
    return said


FLAGS = (
    *("load_git_info", "clear_cache", "set_run_on_save", "debug_disconnect_websocket"),
    *("debug_shutdown_runtime", "app_heartbeat"),
)
ALLOWED = [
    *(file_urls("a.png"), a_run(), a_run("part")),
    *(BackMsg(stop_script=True), operation("deferred_file")),
]
REFUSED = [
    *(BackMsg(**{flag: True}) for flag in FLAGS),
    *(operation(kind) for kind in ("dataframe_chunk", "install_skills", "dismiss_skills_nudge")),
    *(file_urls("a.png", "b.png"), BackMsg()),
]


def test_what_a_browser_of_ours_sends_is_handed_on_as_it_came():
    coming = [of(message) for message in ALLOWED]
    got, sent = through(websocket(), coming)
    assert got[1:-1] == coming
    assert sent == [{"type": "websocket.send", "bytes": b"too late"}]  # nothing was closed here


@pytest.mark.parametrize("message", REFUSED, ids=lambda one: one.WhichOneof("type") or "nothing")
def test_what_none_of_ours_sends_ends_the_connection(message):
    got, sent = through(websocket(), [of(message), of(a_run())])
    assert got[1:] == [{"type": "websocket.disconnect", "code": 1008}]
    assert sent == [{"type": "websocket.close", "code": 1008}]  # and nothing after it


def test_every_message_streamlit_knows_was_decided_on():
    # A newer Streamlit may bring another: it is refused until somebody has looked at it.
    kinds = {field.name for field in BackMsg.DESCRIPTOR.fields}
    assert kinds == {one.WhichOneof("type") for one in (*ALLOWED, *REFUSED)} - {None}


def test_a_second_type_in_one_message_counts():
    both = a_run().SerializeToString() + BackMsg(load_git_info=True).SerializeToString()
    got, _ = through(websocket(), [{"type": "websocket.receive", "bytes": both}])
    assert got[1]["type"] == "websocket.disconnect"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"text": "{}"}, websocket_messages.NOT_BYTES),
        ({"bytes": b"\xff\xff\xff"}, websocket_messages.NOT_READABLE),
        ({"bytes": bytes(websocket_messages.LARGEST + 1)}, websocket_messages.TOO_LARGE),
    ],
)
def test_text_noise_and_what_is_too_large_end_it_too(message, code):
    _, sent = through(websocket(), [{"type": "websocket.receive", **message}])
    assert sent == [{"type": "websocket.close", "code": code}]


# --- pace -----------------------------------------------------------------------------


def test_so_many_at_once_then_so_many_a_second():
    pace = Pace(3, 2.0)
    assert [pace.take_turn(100.0) for _ in range(5)] == [0, 0, 0, 0.5, 1.0]
    # What waited has used up the second that it waited for.
    assert pace.take_turn(101.0) == 0.5
    # Nobody saves up more than so many at once.
    assert [pace.take_turn(1000.0) for _ in range(4)] == [0, 0, 0, 0.5]


def test_what_comes_too_fast_on_one_connection_waits(monkeypatch):
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(round(seconds, 4))

    monkeypatch.setattr(websocket_messages, "A_SECOND", 4.0)
    monkeypatch.setattr(websocket_messages.asyncio, "sleep", sleep)
    monkeypatch.setattr(websocket_messages.time, "monotonic", lambda: 100.0)

    async def flood(number: int) -> None:
        async def receive() -> Any:
            return of(a_run())

        looked_at = Messages(receive, receive)  # type: ignore[arg-type]
        for _ in range(number):
            await looked_at.receive_message()

    run(flood(websocket_messages.AT_ONCE))
    assert slept == []
    run(flood(websocket_messages.AT_ONCE + 2))
    assert slept == [0.25, 0.5]
