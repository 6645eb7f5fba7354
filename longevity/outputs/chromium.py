"""Find a Chromium that really starts; install Debian's when allowed.

A browser on PATH proves nothing (on some systems it is a stub that fails in
containers), so each candidate is launched once and must print a page: in its sandbox, or
without one where none can be had, as for root. Of this process's environment it is given
what it takes to start, and no secret.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from typing import NamedTuple

CANDIDATES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)

# A quiet browser: no background traffic.
FLAGS = (
    "--headless",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-dev-shm-usage",
)

NO_SANDBOX = "--no-sandbox"
# What a browser may know of where it runs.
GIVEN = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "TMPDIR",
    "TZ",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_RUNTIME_DIR",
)

WHAT_TO_INSTALL = (
    "No Chromium starts on this machine. Install one (Debian: apt-get install chromium; "
    "Ubuntu: Google Chrome's .deb, since Ubuntu's chromium package is a snap stub), or set "
    "LONGEVITY_CHROMIUM to the path of one. Everything but pictures and browser tests works "
    "without it."
)


class Found(NamedTuple):
    """A browser that starts: its path, and the switches it starts with."""

    path: str
    flags: tuple[str, ...]


def find_browser(environment: Mapping[str, str] | None = None) -> Found | None:
    """Find a browser that starts; None where there is none. LONGEVITY_CHROMIUM wins."""
    found = list_candidates(environment)
    return next((each for each in found if can_start(each.path, each.flags)), None)


def list_candidates(environment: Mapping[str, str] | None = None) -> list[Found]:
    """List what may start, in the order to be tried."""
    env = os.environ if environment is None else environment
    configured = env.get("LONGEVITY_CHROMIUM")
    names = (configured,) if configured else CANDIDATES
    paths = [path for name in names if (path := shutil.which(name, path=env.get("PATH")))]
    return [Found(path, flags) for path in paths for flags in list_switches()]


def list_switches() -> list[tuple[str, ...]]:
    """List the switches to try, in order: root gets no sandbox, and some containers have none."""
    without = (*FLAGS, NO_SANDBOX)
    return [without] if os.geteuid() == 0 else [FLAGS, without]


def can_start(path: str, flags: tuple[str, ...]) -> bool:
    """Return whether the browser at `path` starts with these switches and prints a page."""
    with tempfile.TemporaryDirectory(prefix="chromium-") as profile:
        command = [path, *flags, f"--user-data-dir={profile}", "--dump-dom", "data:text/html,<p>on"]
        try:
            process = subprocess.run(
                command, capture_output=True, timeout=60, check=False, env=build_environment()
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
        return b"<p>on" in process.stdout


def build_environment(**more: str) -> dict[str, str]:
    """Build the environment a browser is started in: what is GIVEN of this one's, and `more`."""
    return {name: os.environ[name] for name in GIVEN if name in os.environ} | more


def install_chromium() -> bool:
    """Install Debian's package, as root or by sudo without a password."""
    apt = shutil.which("apt-get")
    if apt is None:
        return False
    sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if sudo and shutil.which("sudo") is None:
        return False
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (
        ["update", "-q"],
        ["install", "-y", "-q", "--no-install-recommends", "chromium", "fonts-liberation"],
    ):
        command = [*sudo, apt, *step]
        if subprocess.run(command, check=False, env=env, capture_output=True).returncode != 0:
            return False
    return True


def main(arguments: list[str]) -> int:
    """Say which browser is used; with `--install`, get one first when there is none."""
    executable = find_browser()
    if executable is None and "--install" in arguments:
        print("Installing Chromium for charts and browser tests …", flush=True)
        if install_chromium():
            executable = find_browser()
    if executable is None:
        print(WHAT_TO_INSTALL, file=sys.stderr)
        return 0 if "--install" in arguments else 1
    if "--install" not in arguments:
        print(executable.path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
