"""Which Pythons the audit runs the suite on."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.drivers import python_versions


def script(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_what_stands_there_and_does_not_run_is_passed_over(tmp_path: Path) -> None:
    shim = script(tmp_path, "python3.12", "echo 'python3.12: command not found' >&2; exit 127")
    broken = tmp_path / "python3"
    broken.write_bytes(b"\x00not a program")
    broken.chmod(0o755)
    old, new = (script(tmp_path, f"old{v}", f"echo {v}") for v in ("3.10", "3.14"))
    right, later = (script(tmp_path, name, "echo 3.12") for name in ("right", "later"))
    among = [tmp_path / "missing", shim, broken, old, new, right, later]
    assert python_versions.find_promised(among) == {"3.12": right}


def test_the_one_that_runs_this_is_found_by_starting_it() -> None:
    running = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert python_versions.find_promised([Path(sys.executable)]) == {running: Path(sys.executable)}
