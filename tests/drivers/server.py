"""The real application, and a provider of sign-ins, as processes on loopback; ended afterwards."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longevity.settings import ROOT

COOKIE_SECRET = "only for this test, and long enough"


@dataclass
class Server:
    address: str
    home: Path
    process: subprocess.Popen[bytes]

    def resident(self) -> int:
        """Bytes of memory the process has now, without those of the browser it may have started."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        (line,) = [line for line in status.splitlines() if line.startswith("VmRSS:")]
        return int(line.split()[1]) * 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    home: Path,
    log: Path,
    config: Path | None = None,
    command: Sequence[str] | None = None,
    variables: Mapping[str, str] | None = None,
    pictures: bool = False,
    path: str = "",
) -> Iterator[Server]:
    """The application on a home of its own, under `path`, stopped afterwards.

    In `command` and the values of `variables`, `{port}` is the port it listens on. Without
    `pictures` it finds no browser, as drawing every public chart takes each server half a minute.
    """
    port = free_port()
    env = {**os.environ, "LONGEVITY_HOME": str(home)}
    env |= {name: value.format(port=port) for name, value in (variables or {}).items()}
    if not pictures:
        env["LONGEVITY_CHROMIUM"] = "/nowhere/chromium"
    env.pop("LONGEVITY_CONFIG", None)
    if config:
        env["LONGEVITY_CONFIG"] = str(config)
    words = command or ["-m", "longevity", "serve", "--port", "{port}"]
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, *[word.format(port=port) for word in words]],
            cwd=ROOT,
            env=env,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(f"http://127.0.0.1:{port}{path}/_stcore/health", process, log)
            yield Server(f"http://127.0.0.1:{port}", home, process)
        finally:
            _end(process)


@contextmanager
def providing(people: Mapping[str, Mapping[str, Any]], seconds: int = 3600) -> Iterator[str]:
    """An OpenID provider with these people and their claims, whose sign-ins last so long."""
    port = free_port()
    words = ["-m", "oidc_provider_mock", "--port", str(port), "--token-max-age", str(seconds)]
    for name, claims in people.items():
        words += ["--user-claims", json.dumps({"sub": name, **claims})]
    process = subprocess.Popen([sys.executable, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/.well-known/openid-configuration", process)
        yield address
    finally:
        _end(process)


def sign_in_variables(provider: str, back_to: str = "http://127.0.0.1:{port}") -> dict[str, str]:
    """The environment of an application whose visitors sign in at this provider."""
    return {
        "LONGEVITY_SIGN_IN_REDIRECT_URI": f"{back_to}/oauth2callback",
        "LONGEVITY_SIGN_IN_COOKIE_SECRET": COOKIE_SECRET,
        "LONGEVITY_SIGN_IN_CLIENT_ID": "longevity",
        "LONGEVITY_SIGN_IN_CLIENT_SECRET": "only for this test",
        "LONGEVITY_SIGN_IN_METADATA_URL": f"{provider}/.well-known/openid-configuration",
    }


def _wait(address: str, process: subprocess.Popen[bytes], log: Path | None = None) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    said = log.read_text()[-3000:] if log else ""
    raise AssertionError(f"a server did not start:\n{said}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
