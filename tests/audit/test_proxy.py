"""Two processes behind nginx by the file in docs/deployment: TLS, sign-in, who goes where."""

import asyncio
import re
import shutil
import ssl
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidURI

from tests.drivers.proxy import COOKIE, HOST, KNOWN, asking, certificate, nginx
from tests.drivers.server import Server, free_port, providing, serving, sign_in_variables
from tests.factories import identities, odd_release
from tools.load.client import Tab, alone, sign_in

pytestmark = pytest.mark.audit


@dataclass
class Behind:
    """Two processes behind the proxy at `address`."""

    address: str
    tls: ssl.SSLContext
    servers: list[Server]
    log: Path

    def went_to(self):
        """By visitor, the ports of the processes that answered them."""
        found: dict[str, set[str]] = {}
        for line in self.log.read_text(encoding="utf-8").splitlines():
            upstream, visitor = line.split(" ")
            if upstream.rsplit(":", 1)[-1].isdigit():
                found.setdefault(visitor, set()).add(upstream.rsplit(":", 1)[-1])
        return found


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """The small program as real data, with a mapping of claims."""
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed here")
    folder = tmp_path_factory.mktemp("program")
    return identities.map_viewers(odd_release.publish_release(folder, "real"), folder)


@contextmanager
def behind(program, folder, variables, path="", network=HOST):
    """The two processes and the proxy before them."""
    port = free_port()
    tls = certificate(folder)
    address = f"https://{HOST}:{port}{path}"
    given = {name: value.format(port=port) for name, value in variables.items()}
    with ExitStack() as stack:
        servers = [
            stack.enter_context(
                serving(
                    program.home, folder / f"{name}.log", program.config_path,
                    variables=given, path=path,
                )
            )
            for name in ("first", "second")
        ]  # fmt: skip
        ports = [int(server.address.rsplit(":", 1)[1]) for server in servers]
        asked = stack.enter_context(asking())
        stack.enter_context(nginx(folder, port, ports, network=network, asked=asked))
        yield Behind(address, tls, servers, folder / "access.log")


def test_two_processes_are_one_dashboard(program, tmp_path):
    persons = {role: {"groups": [f"dash-{role}"]} for role in ("state", "east")}
    with providing(persons) as provider:
        variables = sign_in_variables(provider, f"https://{HOST}:{{port}}")
        with behind(program, tmp_path, variables) as at:
            alone(_one_dashboard(at))


async def _one_dashboard(at):
    async with httpx.AsyncClient(verify=at.tls) as browser:
        answer = await browser.get(at.address)
        assert answer.status_code == 200
        cookies = answer.headers.get_list("set-cookie")
        assert all("secure" in cookie.lower() for cookie in cookies)
        assert [cookie for cookie in cookies if cookie.startswith(COOKIE)]
        assert answer.headers["strict-transport-security"]
        assert answer.headers["server"] == "nginx"  # and not which
        assert len(answer.headers.get_list("content-security-policy")) == 1
        again = await browser.get(at.address)
        assert not [one for one in again.headers.get_list("set-cookie") if COOKIE in one]
    # Each signs in through the proxy, at whichever process, and sees their own.
    for role, says in (("state", "the state"), ("east", "East")):
        cookies = await sign_in(at.address, role, at.tls)
        async with Tab(at.address, cookies, at.tls) as tab:
            await tab.arrive("call_ins", "city=east")
            assert f"You are signed in as {says}." in tab.page.texts()
            assert any("NOT FOR RELEASE" in text for text in tab.page.texts())
    await _stays(at)


def test_the_proxy_limits_a_stranger(program, tmp_path):
    with behind(program, tmp_path, {}) as at, httpx.Client(verify=at.tls) as stranger:
        for path in ("/healthz", "/_stcore/metrics", "/component/a/b", "/_stcore/agent/mcp"):
            assert stranger.get(f"{at.address}{path}").status_code == 404
        answer = stranger.post(at.address, content=bytes(65 * 1024))
        assert answer.status_code == 413
        upload = f"{at.address}/_stcore/upload_file/a/b"
        asked = [stranger.put(upload, content=b"a").status_code for _ in range(9)]
        assert asked == [403] * 6 + [429] * 3  # of no page of ours, then too many
        # Pages by the hundred: the burst, those of the seconds it took, and no more.
        began = time.monotonic()
        stream = f"{at.address}/_stcore/stream"
        asked = [stranger.get(stream).status_code for _ in range(150)]
        most = 50 + 1 + 5 * (time.monotonic() - began) + 1
        assert 50 <= len(asked) - asked.count(429) <= most
        assert stranger.get(f"{at.address}/_stcore/health").status_code == 200


def test_who_comes_is_asked_before_anything_is_sent_or_a_websocket_opens(program, tmp_path):
    name, value = KNOWN.split("=")

    async def look(at):
        with pytest.raises(InvalidURI, match="oauth2/sign_in"):  # where it is led
            async with Tab(at.address, {}, at.tls) as tab:
                await tab.arrive("map")
        async with Tab(at.address, {name: value}, at.tls) as tab:
            await tab.arrive("map", "city=east")
            assert tab.page.value("City") == "East"

    with behind(program, tmp_path, {}, network="192.0.2.0/24") as at:
        with httpx.Client(verify=at.tls) as stranger:
            for path in ("", "/map", "/media/a.csv", "/_stcore/stream", "/_stcore/health"):
                answer = stranger.get(f"{at.address}{path}")
                assert answer.status_code == 302
                assert "/oauth2/sign_in?rd=" in answer.headers["location"]
            stranger.cookies.set(name, value)
            assert stranger.get(at.address).status_code == 200
        alone(look(at))


async def _stays(at):
    """All of a visitor goes to one process; when that ends, the other serves them."""
    visitors = [f"{number:032x}" for number in range(12)]
    for visitor in visitors:
        cookies = {COOKIE: visitor}
        async with Tab(at.address, cookies, at.tls) as tab:
            await tab.arrive("map", "city=east&tab=table")
            await tab.unfold()
            file, why = await tab.take("Download CSV")
            assert file, why
            async with httpx.AsyncClient(verify=at.tls, cookies=cookies) as browser:
                assert (await browser.get(f"{at.address}{file}")).status_code == 200
    await asyncio.sleep(0.5)  # the proxy writes a line when a connection has ended
    by_visitor = at.went_to()
    went = {visitor: by_visitor[visitor] for visitor in visitors}
    assert {len(ports) for ports in went.values()} == {1}
    assert len(set().union(*went.values())) == 2
    first = at.servers[0].address.rsplit(":", 1)[1]
    gone = next(visitor for visitor, ports in went.items() if ports == {first})
    at.servers[0].process.kill()
    at.servers[0].process.wait()
    async with Tab(at.address, {COOKIE: gone}, at.tls) as tab:
        await tab.arrive("map", "city=east")
        assert tab.page.value("City") == "East"


def test_under_a_path(program, tmp_path):
    # Streamlit reads this file in the home folder of the user who runs it.
    (tmp_path / ".streamlit").mkdir()
    path = '[server]\nbaseUrlPath = "violence"\n'
    (tmp_path / ".streamlit" / "config.toml").write_text(path, encoding="utf-8")
    variables = {"HOME": str(tmp_path)}
    with behind(program, tmp_path, variables, "/violence") as at:

        async def look():
            async with Tab(at.address, {}, at.tls) as tab:
                await tab.arrive("map", "city=west")
                assert tab.page.value("City") == "West"
            async with httpx.AsyncClient(verify=at.tls) as browser:
                page = await browser.get(f"{at.address}/map")
                assert page.status_code == 200
                (script,) = re.findall(r'src="\./([^"]*\.js)"', page.text)[:1]
                assert (await browser.get(f"{at.address}/{script}")).status_code == 200

        alone(look())
