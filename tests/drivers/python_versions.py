"""The Pythons of this machine that the project promises to run on."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

PROMISED = ("3.11", "3.12", "3.13")
VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"
SECONDS = 30


def list_candidates() -> Iterator[Path]:
    """List where a Python may stand: by its names on the path and in /usr/bin, and pyenv's."""
    for folder in [*map(Path, os.get_exec_path()), Path("/usr/bin")]:
        yield from (folder / name for name in ("python3", *(f"python{v}" for v in PROMISED)))
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    yield from sorted(pyenv.glob("versions/*/bin/python"))


def find_promised(among: Iterable[Path]) -> dict[str, Path]:
    """Find the first of each promised version that runs, by version.

    Each is started to see: a pyenv shim stands there and fails where its version is not chosen.
    """
    pythons: dict[str, Path] = {}
    for python in among:
        version = _version(python)
        if version in PROMISED:
            pythons.setdefault(version, python)
    return pythons


def _version(python: Path) -> str:
    """Such as "3.12"; empty where it does not run."""
    if not os.access(python, os.X_OK):
        return ""
    try:
        ran = subprocess.run(
            [python, "-c", VERSION], capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ran.stdout.strip() if ran.returncode == 0 else ""
