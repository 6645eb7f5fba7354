"""One process of the application on real data, and in the audit two on one home: spoken to as browsers do."""

import asyncio
import json
import socket
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value, generate_xsrf_token_string
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from longevity.auth import session as sessions
from longevity.release import purge
from longevity.settings import Settings
from longevity.ui.visitor import CHANGED, SHUT
from tests.conftest import TODAY
from tests.drivers.server import COOKIE_SECRET, Server, providing, serving, sign_in_variables
from tests.factories import identities, odd_release
from tools.load.client import XSRF, Tab, alone, sign_in
from tools.load.run import Plan, run

WITHIN = 20.0  # seconds; parts of a page run by themselves every five
CSV = "Download CSV"
NEVER_ASKED = "http://127.0.0.1:9"  # a provider to which none is sent here
PEOPLE = {"east": {"groups": ["dash-east"]}, "stranger": {"groups": ["staff"], "name": "dash-state"}}


@dataclass
class Running:
    settings: Settings
    server: Server
    log: Path


@pytest.fixture(scope="module")
def one(program, tmp_path_factory):
    """The small program as real data, served with sign-in at a real provider."""
    log = tmp_path_factory.mktemp("one") / "log"
    with (
        providing(PEOPLE) as provider,
        serving(program.home, log, program.config_path, variables=sign_in_variables(provider)) as server,
    ):
        yield Running(program, server, log)


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A home of its own, served twice."""
    folder = tmp_path_factory.mktemp("two")
    settings = identities.map_viewers(odd_release.publish_release(folder, "real"), folder)
    known = {"variables": sign_in_variables(NEVER_ASKED)}
    with (
        serving(settings.home, folder / "first.log", settings.config_path, **known) as first,
        serving(settings.home, folder / "second.log", settings.config_path, **known) as second,
    ):
        yield (
            Running(settings, first, folder / "first.log"),
            Running(settings, second, folder / "second.log"),
        )


def cookies(server, claims, secret=COOKIE_SECRET, origin=""):
    """What a browser holds after these claims came back to this server."""
    said = json.dumps({**claims, "origin": origin or server.address})
    value = create_signed_value(secret, USER_COOKIE_NAME, said).decode()
    return {USER_COOKIE_NAME: value, XSRF: generate_xsrf_token_string()}


async def until(tab, wanted):
    """Keep the page open until it says this."""
    async with asyncio.timeout(WITHIN):
        while wanted not in "\n".join(tab.page.texts()):
            await tab.stay(0.2)


def codes(tab):
    """The tables of the page, as they were sent."""
    return b"".join(
        v.arrow_data.data if kind == "dataframe" else v.body.encode()
        for kind, v in tab.page.elements()
        if kind in ("dataframe", "html")
    )


async def read_support(server, held):
    """What *Support* says to a browser with these cookies, and its tables."""
    async with Tab(server.address, held) as tab:
        await tab.arrive("support")
        await tab.unfold()
        return tab.page.texts(), codes(tab)


@asynccontextmanager
async def both(two, path):
    """The same person of the state with a window open at each process, in a sign-in of their own."""
    claims = identities.claims(["dash-state"], nonce="two windows")
    servers = [running.server for running in two]
    here, there = (Tab(server.address, cookies(server, claims)) for server in servers)
    async with here, there:
        await here.arrive(path)
        await there.arrive(path)
        yield here, there


@pytest.mark.audit
def test_a_purge_reaches_both(two):
    async def look():
        async with both(two, "support") as tabs:
            files = []
            for tab in tabs:
                await tab.unfold()
                files.append((await tab.take(CSV))[0])
            assert all(b"p5" in codes(tab) for tab in tabs)
            for tab, file in zip(tabs, files, strict=True):
                answer = httpx.get(tab.address + file, cookies=tab.cookies)
                assert answer.status_code == 200
                assert b"custody_release_id" in answer.content
                assert answer.headers["cache-control"] == "no-store"  # kept by nothing on the way
            purge.destroy_person(two[0].settings, "p5", TODAY)
            for tab in tabs:
                assert (await tab.take(CSV))[0] == ""
                await until(tab, CHANGED)
                assert b"p4" in codes(tab)
                assert b"p5" not in codes(tab)

    alone(look())


@pytest.mark.audit
@pytest.mark.parametrize("processes", ["one", "two"])
def test_signing_out_in_one_window_shuts_the_other(request, processes):
    served = request.getfixturevalue(processes)
    served = (served, served) if processes == "one" else served

    async def look():
        async with both(served, "support") as (here, there):
            await there.unfold()
            assert b"p4" in codes(there)
            assert (await there.take(CSV))[0]
            await here.click("Sign out")
            assert (await there.take(CSV))[0] == ""
            # Lines of JSON, and no traceback.
            said = served[1].log.read_text(encoding="utf-8")
            assert f"a file was not made: {SHUT}" in said
            assert "Traceback" not in said
            await until(there, sessions.SIGNED_OUT_TEXT)
            assert b"p4" not in codes(there)
            # A copied cookie opens nothing either.
            async with Tab(there.address, there.cookies) as copied:
                await copied.arrive("support")
                assert sessions.SIGNED_OUT_TEXT in copied.page.texts()
                assert b"p4" not in codes(copied)

    alone(look())


# A server met by strangers: what it answers them, and that a page of ours is served
def stream(server):
    return server.address.replace("http", "ws", 1) + "/_stcore/stream"


@pytest.mark.parametrize(
    ("groups", "secret", "elsewhere", "says", "named"),
    [
        (["dash-state"], COOKIE_SECRET, "", "You are signed in as the state.", True),
        (["dash-state"], "another secret, as long as the right one", "", sessions.NOT_SIGNED_IN_TEXT, False),
        (["dash-state"], COOKIE_SECRET, "https://elsewhere.example", sessions.NOT_SIGNED_IN_TEXT, False),
        (["staff"], COOKIE_SECRET, "", sessions.NO_VIEWER_TEXT, False),
        # In place of a cookie: who signs in at the provider.
        ("east", "", "", "You are signed in as East.", True),
        ("stranger", "", "", sessions.NO_VIEWER_TEXT, False),
    ],
    ids=["the state", "signed elsewhere", "of another address", "of no city", "East signs in", "a stranger signs in"],
)
def test_a_sign_in_of_this_server_opens_what_its_claims_map_to(one, groups, secret, elsewhere, says, named):
    at = one.server
    held = cookies(at, identities.claims(groups), secret, elsewhere) if secret else alone(sign_in(at.address, groups))
    texts, tables = alone(read_support(at, held))
    assert says in texts
    assert (b"p4" in tables) is named


def test_who_is_of_two_cities_chooses_one_and_the_choice_goes_along(one):
    async def look():
        async with Tab(one.server.address, cookies(one.server, identities.claims(["dash-west", "dash-east"]))) as tab:
            await tab.arrive("support")
            assert sessions.SEVERAL_CITIES_TEXT in tab.page.texts()
            assert b"p4" not in codes(tab)
            await tab.choose("View as", "East")
            await tab.unfold()
            assert b"p4" in codes(tab)
            await tab.go("Follow-up")
            return tab.page.texts()

    assert any("NOT FOR RELEASE" in text for text in alone(look()))


def test_strangers_are_refused_and_the_next_visitor_is_served(one):
    at, log = one.server, one.log
    for origin in (None, "https://elsewhere.example", "http://localhost"):
        asking = Origin(origin) if origin else None
        with pytest.raises(InvalidStatus) as refused, connect(stream(at), origin=asking):
            pass
        assert refused.value.response.status_code == 403
    # A file is sent by a page of ours only.
    assert httpx.put(at.address + "/_stcore/upload_file/a/b").status_code == 403
    assert httpx.get(at.address, headers={"Host": "elsewhere.example"}).status_code == 400
    # The first screen by its name.
    assert httpx.get(at.address + "/briefing?measure=fatal", follow_redirects=True).status_code == 200

    async def visit():
        async with Tab(at.address) as tab:
            await tab.arrive("")
            await tab.again()
            return tab.page.texts()

    assert any(text.startswith("## ") for text in alone(visit()))
    # A refusal is a line of ours; every line but the first is JSON.
    said = log.read_text()
    assert said.count("of another site") == 3
    assert all(map(json.loads, said.splitlines()[1:]))


def test_the_server_is_not_named_and_what_is_no_request_is_a_line_of_json(one):
    at, log = one.server, one.log
    answered = httpx.get(at.address).headers
    assert "Server" not in answered
    assert answered["X-Content-Type-Options"] == "nosniff"
    parts = urlsplit(at.address)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as line:
        line.sendall(b"\x00\x01\r\n\r\n")
        assert b" 400 " in line.recv(1000)
    (said,) = [line for line in log.read_text().splitlines() if "Invalid HTTP request" in line]
    assert json.loads(said)["from"] == "uvicorn.error"


@pytest.mark.audit
def test_every_viewer_is_answered_rightly_while_a_release_is_published(published):
    notes = run(Plan(viewers=5, seconds=5, warm=1, every=1, home=published.home))
    assert not notes.errors
    roles = {"state", "", *(f"city:{city}" for city in published.cities)}
    assert {seen.role for seen in notes.seen} == roles
    before, after = notes.releases
    assert before != after
    assert {seen.release for seen in notes.seen} - {""} == {before, after}
