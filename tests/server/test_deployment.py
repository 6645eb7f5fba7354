"""The files in docs/deployment, tried: two processes behind nginx, `install` on a fresh Debian.

And a home of the version before, kept by this one.
"""

import asyncio
import contextlib
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path

import httpx
import pandas as pd
import pytest
from websockets.exceptions import InvalidURI

from longevity.outputs import chromium
from longevity.settings import ROOT
from tests.drivers.server import Server, free_port, providing, serving, sign_in_variables
from tools.load.client import Tab, alone, sign_in

pytestmark = pytest.mark.audit

COOKIE = "longevity_process"
HOST = "127.0.0.1"
KNOWN = "visitor=known"


def certificate(folder):
    """A certificate for this machine, written into the folder, and who trusts it."""
    key, made = folder / "key.pem", folder / "certificate.pem"
    words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    words += ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=IP:{HOST}", "-keyout", key, "-out", made]
    subprocess.run(words, check=True, capture_output=True)
    return ssl.create_default_context(cafile=str(made))


@contextmanager
def asking():
    """In the place of oauth2-proxy: lets in those who have the cookie KNOWN. Yields its port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            is_known = KNOWN in self.headers.get("Cookie", "")
            self.send_response(202 if is_known else 401)
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    with ThreadingHTTPServer((HOST, 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@contextmanager
def nginx(folder, port, ports, network, asked):
    """nginx with the file of docs/deployment; only addresses, ports and paths are others.

    `network` is let in without a question; others are asked for at the port `asked`.
    """
    text = (ROOT / "docs" / "deployment" / "nginx.conf").read_text(encoding="utf-8")
    for was, is_ in (
        ("listen 80;", f"listen {HOST}:{free_port()};"),
        ("listen 443 ssl;", f"listen {HOST}:{port} ssl;"),
        ("/etc/longevity/tls", str(folder)),
        ("10.0.0.0/8", network),
        ("4180", str(asked)),
        ("8501", str(ports[0])),
        ("8502", str(ports[1])),
    ):
        assert was in text
        text = text.replace(was, is_)
    (folder / "longevity.conf").write_text(text, encoding="utf-8")
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\nworker_processes 1;\n"
        f"events {{}}\nhttp {{\nlog_format upstreams '$upstream_addr $cookie_{COOKIE}';\n"
        f"access_log {folder}/access.log upstreams;\n{paths}include {folder}/longevity.conf;\n}}\n",
        encoding="utf-8",
    )
    words = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]
    subprocess.run([*words, "-t"], check=True, capture_output=True)
    running = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    try:
        _wait(port)
        yield
    finally:
        running.terminate()
        running.wait(timeout=10)


def _wait(port):
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return
        time.sleep(0.05)


@dataclass
class Behind:
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


@contextmanager
def behind(program, folder, variables, path="", network=HOST):
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed here")
    port = free_port()
    tls = certificate(folder)
    address = f"https://{HOST}:{port}{path}"
    given = {name: value.format(port=port) for name, value in variables.items()}
    with ExitStack() as stack:
        logs = [folder / f"{name}.log" for name in ("first", "second")]
        about = {"variables": given, "path": path}
        servers = [stack.enter_context(serving(program.home, log, program.config_path, **about)) for log in logs]
        ports = [int(server.address.rsplit(":", 1)[1]) for server in servers]
        asked = stack.enter_context(asking())
        stack.enter_context(nginx(folder, port, ports, network, asked))
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


def test_open_pages_leave_room_for_a_file_to_be_checked(program, tmp_path):
    with behind(program, tmp_path, {}) as at:
        alone(_check_beside_pages(at))


async def _check_beside_pages(at):
    upload = f"{at.address}/_stcore/upload_file/a/b"
    async with contextlib.AsyncExitStack() as stack:
        visitor = await stack.enter_async_context(httpx.AsyncClient(verify=at.tls))
        for _ in range(5):
            tab = await stack.enter_async_context(Tab(at.address, {}, at.tls))
            await tab.arrive("map", "city=east")
        assert (await visitor.put(upload, content=b"a")).status_code == 403


@pytest.mark.parametrize("unit", sorted((ROOT / "docs" / "deployment").glob("*.service")), ids=lambda path: path.name)
def test_every_unit_is_bound_in_memory_and_has_no_capability(unit):
    lines = unit.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if re.fullmatch(r"MemoryMax=[1-3]G", line)]
    assert "CapabilityBoundingSet=" in lines
    assert "User=longevity" in lines


def test_the_image_has_each_folder_that_its_jobs_write_to_with_its_own_user():
    image, compose = ((ROOT / name).read_text(encoding="utf-8") for name in ("Containerfile", "compose.yaml"))
    made = re.findall(r"install -d -m \d+ -o longevity -g longevity (.+?)(?: \\)?\n", image)
    written = set(re.findall(r'"(?:home|edition):(/[^":]+)"', compose))
    assert written == {"/home/longevity/releases", "/edition"}
    assert written == set(made)


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


# `docs/deployment/install` on a fresh Debian, in a mount namespace of its own: what is mounted goes with it
MIRROR = "http://deb.debian.org/debian"
# Certificates and the index of this machine: without them nothing is installed behind a proxy.
HANDED_ON = ("/etc/pip.conf", "/etc/xdg/pip", "/etc/apt/apt.conf.d", "/etc/resolv.conf")
ENTER = """
set -e
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
for folder in ${PIP_FIND_LINKS:-}; do
    [ -d "$folder" ] && mkdir -p "$1$folder" && mount --bind "$folder" "$1$folder"
done
chroot "$1" sh -c 'apt-get update -q && apt-get install -y -q ca-certificates' >/dev/null
cp -L /etc/ssl/certs/ca-certificates.crt "$1/etc/ssl/certs/"
chroot "$1" sh /source/docs/deployment/install
chroot --userspec=longevity:longevity "$1" env HOME=/tmp bash -e /tmp/as-longevity
"""
AS_LONGEVITY = """
cd /srv/longevity/app
export LONGEVITY_HOME=/srv/longevity/home LONGEVITY_CONFIG=/srv/longevity/longevity.toml
.venv/bin/python -m longevity demo --out /srv/longevity/extracts/demo
.venv/bin/python -m longevity publish /srv/longevity/extracts/demo
docs/deployment/back-up /srv/longevity/home /srv/longevity/back-ups
docs/deployment/restore /srv/longevity/back-ups/*.tar.gz /srv/longevity/pages/restored
list() { cd "$1" && find . -type f -exec sha256sum {} + | sort; }
test "$(list /srv/longevity/home)" = "$(list /srv/longevity/pages/restored)"
! touch /srv/longevity/app/written 2>/dev/null
echo "restored, equal"
"""


def test_a_fresh_debian_runs_what_install_made(tmp_path):
    if os.geteuid() != 0 or not (shutil.which("debootstrap") and shutil.which("unshare")):
        pytest.skip("needs root, debootstrap and unshare")
    root = tmp_path / "debian"
    made = subprocess.run(
        ["debootstrap", "--variant=minbase", "trixie", root, MIRROR],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode != 0:
        pytest.skip(f"no Debian to be had: {made.stdout[-200:]}")
    (root / "source").mkdir()
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True)
    subprocess.run(["tar", "-x", "-C", root / "source"], input=archive.stdout, check=True)
    for path in filter(os.path.exists, HANDED_ON):
        (root / path[1:]).parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-rL", path, root / Path(path[1:]).parent], check=True)
    (root / "tmp" / "as-longevity").write_text(AS_LONGEVITY)
    ran = subprocess.run(
        ["unshare", "--mount", "--propagation", "private", "sh", "-c", ENTER, "enter", root],
        capture_output=True, text=True, check=False, timeout=1800,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    assert ran.stdout.rstrip().endswith("restored, equal")


# What the version before published, gave out and destroyed
BEFORE = "a7318328"  # the version whose homes are out there; a dated release takes its place


def run(checkout, home, *words):
    # The version before looks for fewer browsers.
    known = {"LONGEVITY_HOME": str(home), "LONGEVITY_CHROMIUM": chromium.list_candidates()[0].path}
    environment = {**os.environ, **known}
    ran = subprocess.run(
        [sys.executable, "-m", "longevity", *words],
        cwd=checkout, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_a_home_of_the_version_before_is_kept(tmp_path):
    archive = subprocess.run(["git", "archive", BEFORE], cwd=ROOT, capture_output=True, check=False)
    if archive.returncode != 0:
        pytest.skip("this clone does not hold the version before")
    old, home, extracts = tmp_path / "old", tmp_path / "home", tmp_path / "extracts"
    old.mkdir()
    subprocess.run(["tar", "-x", "-C", old], input=archive.stdout, check=True)
    day = ("--until", "2026-11-22")
    run(old, home, "demo", "--out", str(extracts), *day)
    release = run(old, home, "publish", str(extracts), "--no-pictures").strip()
    bundle = tmp_path / "bundle"
    run(old, home, "export", "year-to-date", "--format", "png", "--out", str(bundle))
    asked = ("query", "counts", "--viewer", "public", "--format", "csv")
    assert run(ROOT, home, "releases").split()[0] == release
    then, now = (pd.read_csv(StringIO(run(root, home, *asked))) for root in (old, ROOT))
    # What it did not count yet is not known of it.
    assert now[now.columns.difference(then.columns)].isna().all(axis=None)
    pd.testing.assert_frame_equal(now[then.columns], then)
    for picture in bundle.glob("*.png"):
        assert "igned here" in run(ROOT, home, "verify", str(picture))
    # And this version publishes over what it left.
    newer = run(ROOT, home, "publish", str(extracts), "--no-pictures").strip()
    assert run(ROOT, home, "releases").split()[0] == newer
