"""What is installed is pinned whole: every package by version and hash, and no index named."""

from __future__ import annotations

import importlib.metadata
import re

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from longevity.settings import ROOT

FILES = ("requirements.txt", "requirements-dev.txt")
PIN = re.compile(r"^([a-z0-9._-]+)==\S+.*\\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M)


def pinned() -> dict[str, int]:
    """How many files each pinned package may be installed from."""
    found: dict[str, int] = {}
    for name in FILES:
        text = (ROOT / name).read_text(encoding="utf-8")
        rest = PIN.sub("", text)
        assert all(line.startswith("#") for line in rest.splitlines() if line), rest
        for package, hashes in PIN.findall(text):
            found[canonicalize_name(package)] = hashes.count("--hash")
    return found


def test_everything_that_pins_need_is_pinned_with_its_hashes():
    pins = pinned()
    left_out = {
        needed.name
        for name in pins
        if (needs := _list_needs(name)) is not None
        for needed in needs
        if canonicalize_name(needed.name) not in pins
    }
    assert left_out == set()


def _list_needs(name: str) -> list[Requirement] | None:
    """What an installed package needs here; None where it is not installed."""
    try:
        needs = importlib.metadata.requires(name) or []
    except importlib.metadata.PackageNotFoundError:
        return None
    found = [Requirement(one) for one in needs]
    return [one for one in found if one.marker is None or one.marker.evaluate({"extra": ""})]


def test_what_is_chosen_by_hand_is_what_is_pinned():
    for name in ("requirements", "requirements-dev"):
        text = "".join((ROOT / one).read_text(encoding="utf-8") for one in FILES)
        for line in (ROOT / f"{name}.in").read_text(encoding="utf-8").splitlines():
            if "==" in line:
                package, version = re.sub(r"\[.*?\]", "", line).split("==")
                assert f"\n{package.replace('_', '-')}=={version} " in f"\n{text}"
