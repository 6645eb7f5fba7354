"""The headers of every answer, from the real application and from hostile ones."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import tomllib
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import Route
from streamlit.runtime.pages_manager import PagesManager

from longevity.settings import ROOT
from longevity.ui import appearance, screen_help, streamlit_internals
from longevity.ui.headers import Headers
from longevity.ui.navigation import SCREENS
from tests.drivers import screens


async def _answer(_request: object) -> Response:
    answer = Response("x", headers={"X-Frame-Options": "DENY"})
    answer.set_cookie("one", "1", httponly=True)
    answer.set_cookie("two", "secure", secure=True)
    return answer


def headers(https: bool) -> list[tuple[str, str]]:
    before = [Middleware(Headers, https=https)]
    app = Starlette(routes=[Route("/", _answer)], middleware=before)
    told: list[tuple[str, str]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            told.extend((n.decode(), v.decode()) for n, v in message["headers"])

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "headers": [],
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
    }
    # In a thread of its own: a browser test of this process may have left a loop running here.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(lambda: asyncio.run(app(scope, receive, send))).result()
    return told


@pytest.mark.parametrize("https", [True, False])
def test_every_answer_may_be_neither_guessed_nor_framed(https):
    told = headers(https)
    assert ("x-content-type-options", "nosniff") in told
    (policy,) = [value for name, value in told if name == "content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    # What the application itself said stays, once.
    assert [value for name, value in told if name == "x-frame-options"] == ["DENY"]


def test_a_page_runs_only_scripts_of_this_server_and_the_two_written_in_it():
    told = dict(headers(https=True))["content-security-policy"]
    said = dict(one.split(" ", 1) for one in told.split("; "))
    assert said["default-src"] == "'none'"
    scripts = said["script-src"].split()
    assert scripts[0] == "'self'"
    assert all(one.startswith("'sha256-") for one in scripts[1:])
    assert len(scripts) == 3
    # The page's own script, as it is written there, is one of the two.
    written = hashlib.sha256(appearance.read_part("page.js").encode()).digest()
    assert f"'sha256-{base64.b64encode(written).decode()}'" in scripts
    # Nothing may be loaded from another host, whatever it is.
    assert not re.search(r"https?:|\*|ws", told)
    assert "unsafe-eval" not in told
    assert [name for name, value in said.items() if "unsafe-inline" in value] == ["style-src"]


def test_cookies_are_secure_where_visitors_come_by_https():
    for https in (True, False):
        one, two = (value for name, value in headers(https) if name == "set-cookie")
        assert one.endswith("; Secure") is https
        assert two.lower().count("; secure") == 1


def test_streamlit_is_set_as_sign_in_needs_it():
    server = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["server"]
    assert server["enableXsrfProtection"] is True
    assert server["enableCORS"] is True
    assert "trustedUserHeaders" not in server


# What every screen wears comes with the program


@pytest.mark.parametrize("name", ["page.css", "page.js"])
def test_nothing_is_fetched_from_elsewhere(name):
    text = appearance.read_part(name)
    assert not re.search(r"https?:|//[a-z]|@import|url\(|fetch\(|import\(", text)


# What Streamlit promises to nobody is where we expect it, and nowhere else in the library

PUBLIC = r"\.errors\b"
PRIVATE = re.compile(rf"^\s*from streamlit(?:(?!{PUBLIC})\.| import \w*(?:runtime|config|file_util))", re.MULTILINE)


def test_one_file_alone_imports_what_is_private():
    found = {
        path.name
        for path in [*(ROOT / "longevity").rglob("*.py"), *(ROOT / "pages").glob("*.py")]
        if PRIVATE.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"streamlit_internals.py"}


def test_pages_run_through_the_front_door():
    streamlit_internals.ignore_pages_folder()
    assert PagesManager.uses_pages_directory is False


def test_the_page_of_streamlit_has_its_script():
    assert "<script" in streamlit_internals.read_index_page()


# What each screen answers, behind the ⓘ of its title


def test_the_navigation_has_every_page_and_no_other():
    assert sorted(screen.file for screen in SCREENS) == screens.pages()
    assert len({screen.title for screen in SCREENS}) == len(SCREENS)


def test_the_public_is_told_of_what_it_sees():
    assert set(screen_help.FOR_THE_PUBLIC) == {s.title for s in SCREENS if s.operational}
    assert screen_help.describe_screen("Support", public=True) == ""
    assert screen_help.describe_screen("Follow-up", public=True).startswith("How often enforcement")
