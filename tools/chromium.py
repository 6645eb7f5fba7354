"""Find a Chromium that really starts, for tests and the demonstration; install Debian's.

A browser on PATH proves nothing (on some systems it is a stub that fails in containers), so each
is launched once and must print a page.
"""

from __future__ import annotations

import os
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


def install_chromium() -> bool:
    """Install Debian's package, as root or by sudo without a password; False where that fails."""
    apt = "apt-get" if os.geteuid() == 0 else "sudo -n apt-get"
    packages = "--no-install-recommends chromium fonts-liberation"
    command = f"{apt} update -q && {apt} install -y -q {packages}"
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(["sh", "-c", command], check=False, env=env, capture_output=True)
    return done.returncode == 0


def main(arguments: list[str]) -> int:
    """Say which browser is used; with `--install`, get one first when there is none."""
    is_asked = "--install" in arguments
    found = find_browser()
    if found is None and is_asked:
        print("Installing Chromium for charts and browser tests …", flush=True)
        if install_chromium():
            found = find_browser()
    if found is None:
        print(WHAT_TO_INSTALL, file=sys.stderr)
    elif not is_asked:
        print(found.path)
    return int(found is None and not is_asked)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
