"""Find a Chromium that really starts, for tests and the demonstration; else install Debian's.

A browser on PATH proves nothing (on some systems it is a stub that fails in containers), so each
is launched once and must print a page. It runs before any package is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile

from longevity.outputs.chromium import (
    SHELLS,
    WHAT_TO_INSTALL,
    Found,
    build_environment,
    list_candidates,
)


def find_browser() -> Found | None:
    """Find a browser that starts; None where there is none. LONGEVITY_CHROMIUM wins."""
    return next((found for found in list_candidates() if can_start(found.path, found.flags)), None)


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


def install_shell() -> None:
    """Install Debian's package, as root or by sudo without a password, where that can be done."""
    apt = "apt-get" if os.geteuid() == 0 else "sudo -n apt-get"
    packages = "--no-install-recommends chromium-headless-shell fonts-liberation"
    # A minute is enough, unless there is no way to Debian's servers.
    command = f"timeout 60 {apt} update -q && {apt} install -y -q {packages}"
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["sh", "-c", command], check=False, env=env, capture_output=True)


def main() -> None:
    """Install Chromium's shell where there is none; where nothing starts, say what to install."""
    if not any(map(shutil.which, SHELLS)):
        print("Installing Chromium's headless shell for charts and browser tests …", flush=True)
        install_shell()
    if find_browser() is None:
        print(WHAT_TO_INSTALL, file=sys.stderr)


if __name__ == "__main__":
    main()
