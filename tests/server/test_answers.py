"""What the server answers: headers, whom it lets in, whether it is ready, and the lines of its log."""

import asyncio
import base64
import hashlib
import io
import json
import logging
import re
import signal
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers as Sent
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from streamlit.runtime.pages_manager import PagesManager

from longevity.base import logs
from longevity.release.store import Store
from longevity.settings import ROOT
from longevity.ui import appearance, download_log, page_context, server, streamlit_internals
from longevity.ui.cache import CachedWarehouse
from longevity.ui.headers import Headers
from longevity.ui.middleware import OriginCheck, comes_from_our_page
from longevity.ui.screens import SCREENS
from tests.conftest import GOLDEN
from tests.drivers import screens
from tests.factories import configs
from tests.factories.ascii_table import rows


def ask(app, scope, kind):
    """What an application sends where it is asked this."""
    sent = []

    async def receive():
        return {"type": kind, "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    # In a thread of its own: a browser test of this process may have left a loop running here.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(lambda: asyncio.run(app(scope, receive, send))).result()
    return sent


def list_headers(https, path="/"):
    """The headers of an answer to a page, as the browser has them."""

    async def answer(_request):
        made = Response("x", headers={"X-Frame-Options": "DENY"})
        made.set_cookie("one", "1", httponly=True)
        made.set_cookie("two", "secure", secure=True)
        return made

    app = Starlette(routes=[Route(path, answer)], middleware=[Middleware(Headers, https=https)])
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    scope |= {"root_path": "", "scheme": "http", "http_version": "1.1"}
    (start, *_) = ask(app, scope, "http.request")
    return [(name.decode(), value.decode()) for name, value in start["headers"]]


@pytest.mark.parametrize("https", [True, False])
def test_every_answer_may_be_neither_guessed_nor_framed_and_cookies_are_secure_by_https(https):
    found = list_headers(https)
    assert ("x-content-type-options", "nosniff") in found
    (policy,) = [value for name, value in found if name == "content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    # What the application itself said is left, once.
    assert [value for name, value in found if name == "x-frame-options"] == ["DENY"]
    one, two = (value for name, value in found if name == "set-cookie")
    assert one.endswith("; Secure") is https
    assert two.lower().count("; secure") == 1


@pytest.mark.parametrize("base", ["", "/violence", "/of/the/state"])
def test_a_file_made_for_a_visitor_is_kept_nowhere_whatever_the_path_of_the_dashboard(base):
    for path, is_kept in (("/media/a.csv", False), ("/static/media/font.woff2", True), ("/map", True)):
        said = dict(list_headers(https=True, path=f"{base}{path}")).get("cache-control")
        assert said == (None if is_kept else "no-store"), path


def test_a_page_runs_only_scripts_of_this_server_and_the_two_written_in_it():
    policy = dict(list_headers(https=True))["content-security-policy"]
    parts = dict(part.split(" ", 1) for part in policy.split("; "))
    assert parts["default-src"] == "'none'"
    own, *scripts = parts["script-src"].split()
    assert own == "'self'"
    assert len(scripts) == 2
    assert all(script.startswith("'sha256-") for script in scripts)
    # The page's own script, as it is written there, is one of the two.
    written = hashlib.sha256(appearance.read_part("page.js").encode()).digest()
    assert f"'sha256-{base64.b64encode(written).decode()}'" in scripts
    # Nothing may be loaded from another host, whatever it is.
    assert not re.search(r"https?:|\*|ws", policy)
    assert "unsafe-eval" not in policy
    assert [name for name, value in parts.items() if "unsafe-inline" in value] == ["style-src"]
    for name in ("page.css", "page.js"):
        assert not re.search(r"https?:|//[a-z]|@import|url\(|fetch\(|import\(", appearance.read_part(name))


def test_streamlit_is_set_as_sign_in_needs_it_and_its_pages_run_through_the_front_door():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["server"]
    assert settings["enableXsrfProtection"] is True
    assert settings["enableCORS"] is True
    assert "trustedUserHeaders" not in settings
    streamlit_internals.ignore_pages_folder()
    assert PagesManager.uses_pages_directory is False
    assert "<script" in streamlit_internals.read_index_page()


def test_the_navigation_has_every_page_and_each_its_words():
    assert sorted(screen.name for screen in SCREENS) == screens.pages()
    assert len({screen.title for screen in SCREENS}) == len(SCREENS)
    for screen in SCREENS:
        assert screen.help, screen.name
        assert (GOLDEN / "screens" / f"{screen.name.replace('_', '-')}.txt").exists(), screen.name
        assert screen.inside or not screen.public, screen.name
    by_name = {screen.name: screen for screen in SCREENS}
    assert by_name["support"].find_help(is_public=True) == ""
    assert by_name["follow_up"].find_help(is_public=True).startswith("How often enforcement")


# Websockets: only those of pages of this very server
# Which host a page asks, and whose page says it is.
PAGES = """
    host | origin | ours
    dashboard.example | https://dashboard.example | yes
    Dashboard.example:8443 | https://dashboard.EXAMPLE:8443 | yes
    127.0.0.1:8501 | http://127.0.0.1:8501 | yes
    [::1]:8501 | http://[::1]:8501 | yes
    dashboard.example | https://elsewhere.example |
    dashboard.example | https://dashboard.example.elsewhere.example |
    # Its name ends, or begins, as ours does.
    dashboard.example | https://evildashboard.example |
    dashboard.example | https://notdashboard.example |
    notdashboard.example | https://dashboard.example |
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


def test_a_websocket_of_another_site_never_reaches_streamlit():
    for row in rows(PAGES):
        headers = [(name.encode(), row[name].encode()) for name in ("host", "origin")]
        assert comes_from_our_page(Sent(raw=headers)) is bool(row["ours"]), row
        reached = []

        async def note(scope, receive, send, reached=reached):
            reached.append(scope["type"])

        sent = ask(OriginCheck(note), {"type": "websocket", "headers": headers}, "websocket.connect")
        assert bool(reached) is bool(row["ours"])
        assert sent == ([] if row["ours"] else [{"type": "websocket.close", "code": 1008}])
    assert not comes_from_our_page(Sent({"host": "dashboard.example"}))  # which says no origin


def test_the_server_is_started_with_its_limits(settings, monkeypatch):
    told = {}

    class Config(uvicorn.Config):
        def __init__(self, *given, **named):
            told["config"] = self
            super().__init__(*given, **named)

    monkeypatch.setattr(uvicorn, "Config", Config)
    monkeypatch.setattr(uvicorn.Server, "run", lambda *_, **__: None)
    monkeypatch.setattr(server, "build_application", lambda *_, **__: Starlette())
    monkeypatch.setattr(server, "_take_port", lambda *_: None)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(logs, "start_logging", lambda *_: None)
    monkeypatch.setattr(logging, "captureWarnings", lambda _: None)
    assert server.serve_application(settings, "127.0.0.1", 0, lambda _: None) == 1  # it did not start
    config = told["config"]
    assert config.limit_concurrency == 1000
    assert config.ws_max_size == 256 * 1024
    assert config.ws == "websockets-sansio"  # the one that keeps to the largest message
    assert (config.ws_per_message_deflate, config.server_header, config.access_log) == (False, False, False)


def test_what_was_computed_is_forgotten_once_a_release_was_changed_and_not_before(published, tmp_path):
    store = Store(configs.copy_of(published, tmp_path).home)
    release = store.current()
    opened = CachedWarehouse(release, replace(published, home=store.home), store.read_stamp(release.id))
    computed = []

    def compute():
        computed.append(1)
        return "rows of a person"

    for changes, times in ((False, 1), (False, 1), (True, 2)):
        if changes:
            path = release.path / "manifest.json"
            path.write_bytes(path.read_bytes() + b"\n")  # as a purge does
        assert page_context._is_as_opened(opened) is not changes
        opened.compute_once(compute, "a key of this test")
        assert len(computed) == times


def test_it_is_ready_where_a_release_can_be_served(monkeypatch, published, tmp_path):
    settings, empty = configs.copy_of(published, tmp_path), tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("LONGEVITY_CONFIG", str(settings.config_path))
    for home, said in ((settings.home, (200, b"ready")), (empty, (503, b"not ready"))):
        monkeypatch.setenv("LONGEVITY_HOME", str(home))
        screens.forget()
        answer = server._answer_health(Request({"type": "http"}))
        assert (answer.status_code, answer.body) == said
    assert list(empty.iterdir()) == []


ALWAYS = {"at", "level", "from", "says"}


@pytest.fixture
def log():
    """A logger of its own that writes as the library does, and what reads its lines."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.JSONFormatter())
    logger = logging.getLogger("longevity.tests.logs")
    logger.addHandler(handler)
    logger.propagate = False
    logger.setLevel(logging.INFO)
    yield logger, lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logger.removeHandler(handler)
    logger.propagate = True


def test_a_line_holds_the_known_fields_and_never_the_words_of_an_exception(log):
    logger, read_lines = log
    logger.info("asked", extra={"query": "cities", "rows": 3, "person_id": "P-1", "address": "x"})
    logger.warning('two\nlines and "quotes"', extra={"event": "a\nb"})
    try:
        raise ValueError("a value out of a row")
    except ValueError:
        logger.exception("failed", extra={"query": "cities"})
    asked, two, failed = read_lines()
    assert set(asked) == ALWAYS | {"query", "rows"}
    assert (asked["level"], asked["from"], asked["says"]) == ("info", "longevity.tests.logs", "asked")
    assert datetime.fromisoformat(asked["at"]).utcoffset() is not None
    assert two["says"] == 'two\nlines and "quotes"'
    assert failed["error"] == "ValueError"
    assert "out of a row" not in str(failed)
    assert "Traceback" not in str(failed)


@pytest.mark.parametrize(("name", "most"), [("streamlit.tests.pace", 20), ("longevity.tests.pace", 1000)])
def test_who_sends_what_cannot_be_read_fills_no_disk_with_lines(capsys, name, most):
    logs.start_logging(name)
    for _ in range(1000):
        logging.getLogger(name).warning("No handler for %s", None)
    logging.getLogger(name).handlers.clear()
    assert most / 2 <= capsys.readouterr().err.count("No handler for None") <= most


def test_a_download_that_cannot_be_recorded_is_logged_without_what_was_asked(log, tmp_path, monkeypatch):
    logger, read_lines = log
    monkeypatch.setattr(download_log, "LOG", logger)
    about = SimpleNamespace(
        synthetic=True, viewer="state", query="areas", parameters={"neighbourhood": "A value"}, release_id="r"
    )
    (tmp_path / download_log.FOLDER).write_text("not a folder")
    monkeypatch.setattr(download_log.page_context, "read_settings", lambda: SimpleNamespace(home=tmp_path))
    download_log._note_download("a-table", about, SimpleNamespace(claims={}))
    (line,) = read_lines()
    assert set(line) == ALWAYS | {"event", "error"}
    assert "A value" not in str(line)
