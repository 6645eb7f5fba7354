"""Find a Chromium to start, and the switches for it: in its sandbox, or without where it has none.

It gets only those variables of our environment that it needs to start, and no secret.
"""

from __future__ import annotations

import os
import shutil
from typing import NamedTuple

# Shells first: they open no windows, and so draw in half the time.
SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
CANDIDATES = (
    *SHELLS,
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
# The environment variables that a browser gets.
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
    "No Chromium starts on this machine. Install one (Debian: apt-get install "
    "chromium-headless-shell; Ubuntu: Google Chrome's .deb, since Ubuntu's chromium package is a "
    "snap stub), or set LONGEVITY_CHROMIUM to the path of one. Everything but pictures, what they "
    "are in and browser tests works without it."
)


class Found(NamedTuple):
    """A browser to try: its path, and the switches to start it with."""

    path: str
    flags: tuple[str, ...]


def list_candidates() -> list[Found]:
    """List the browsers to try, in order; only LONGEVITY_CHROMIUM where it is set."""
    configured = os.environ.get("LONGEVITY_CHROMIUM")
    names = (configured,) if configured else CANDIDATES
    paths = [path for name in names if (path := shutil.which(name))]
    return [Found(path, flags) for path in paths for flags in list_switches()]


def list_switches() -> list[tuple[str, ...]]:
    """List the switches to try, in order: root cannot use the sandbox, nor can some containers."""
    without = (*FLAGS, NO_SANDBOX)
    return [without] if os.geteuid() == 0 else [FLAGS, without]


def build_environment(**more: str) -> dict[str, str]:
    """Return the environment for a browser: the variables of GIVEN that are set, and `more`."""
    return {name: os.environ[name] for name in GIVEN if name in os.environ} | more
