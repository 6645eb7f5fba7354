"""A home of the version before is kept by this one: what it published, gave out and destroyed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from longevity.settings import ROOT

pytestmark = pytest.mark.audit
BEFORE = "a7318328"  # the version whose homes are out there; a dated release takes its place


def run(checkout: Path, home: Path, *words: str) -> str:
    environment = {**os.environ, "LONGEVITY_HOME": str(home)}
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
    run(old, home, "export", "year-to-date", "--format", "csv", "--out", str(bundle))
    asked = ("query", "counts", "--viewer", "public", "--format", "csv")
    assert run(ROOT, home, "releases").split()[0] == release
    assert run(ROOT, home, *asked) == run(old, home, *asked)
    (rows,) = bundle.glob("*.csv")
    assert "igned here" in run(ROOT, home, "verify", str(rows))
    # The same rows are the same release, whichever version read them last.
    assert run(ROOT, home, "publish", str(extracts), "--no-pictures").strip() == release
