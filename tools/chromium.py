"""Find a Chromium that really starts, for tests and the demonstration; install Debian's.

A browser on PATH proves nothing (on some systems it is a stub that fails in containers), so each
is launched once and must print a page.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile

from longevity.outputs.chromium import (
    WHAT_TO_INSTALL,
    Found,
    build_environment,
    list_candidates,
)


def find_browser() -> Found | None:
    """Find a browser that starts; None where there is none. LONGEVITY_CHROMIUM wins."""
    found = list_candidates()
    return next((each for each in found if can_start(each.path, each.flags)), None)


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
