"""The manifest: what a release is made of, and the hashes that prove it.

A release is a folder `releases/<id>/`. Its id is the day its incidents are
complete through and the first twelve digits of a hash over its kind and its
members; members that hold a group or person code are hashed apart from the others and
stay out of the id, because the duty to destroy may change them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from longevity.base.errors import DataError
from longevity.base.files import atomic_write
from longevity.ingest.contract import BY_NAME

NAME = "manifest.json"
NAMED = "named"  # the folder of members with a group or person code in their rows

Manifest = dict[str, Any]


def list_members(folder: Path) -> list[str]:
    """Return the members of a release folder, relative and sorted; the manifest is not one."""
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in names if name != NAME)


def is_named(member: str) -> bool:
    """Return whether a member holds rows with a group or person code."""
    return member.startswith(NAMED + "/")


def member_of(extract: str) -> str:
    """Return `extracts/<name>.parquet`, or `named/…` when its rows hold a group or person code."""
    below = NAMED if BY_NAME[extract].named else "extracts"
    return f"{below}/{extract}.parquet"


def find_file(manifest: Manifest, member: str) -> str:
    """Return a member's file, relative: a purge writes `named/people.parquet` anew under another
    name, `named/people.0123456789ab.parquet`.
    """
    kept_as = manifest.get("kept_as", {})
    return f"{NAMED}/{Path(kept_as[member]).name}" if member in kept_as else member


def make_release_id(manifest: Manifest) -> str:
    """Return `2026-11-22-0123456789ab`: the day, and a hash over the kind and what is not named."""
    day = min(entry["day"] for entry in manifest["data_through"]["incidents"].values())
    content = [manifest["kind"], sorted(manifest["sha256"].items())]
    text = json.dumps(content, separators=(",", ":"))
    return f"{day}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def compute_seal(manifest: Manifest) -> str:
    """Return a hash over everything the manifest says but the seal itself."""
    content = {key: value for key, value in manifest.items() if key != "seal"}
    return hashlib.sha256(
        json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
    ).hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the sealed manifest into a release folder, and to the disk."""
    write_json(folder / NAME, manifest | {"seal": compute_seal(manifest)})


def render_public(manifest: Manifest) -> bytes:
    """Return the manifest of the same release without its files that hold codes.

    For a machine that serves the public alone: what was objected to and why it was accepted may
    name somebody, and stays here.
    """
    errors = [error | {"sentence": ""} for error in manifest["accepted_errors"]]
    content = manifest | {"named_sha256": {}, "kept_as": {}, "destroyed": {}}
    content |= {"checks": [], "accepted": None, "accepted_errors": errors}
    return _render_json(content | {"seal": compute_seal(content)}).encode()


def _render_json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=1, sort_keys=True) + "\n"


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a file of JSON whole, and to the disk, under the lock of `publish`."""
    with atomic_write(path, only_writer=True, sync_name=True) as draft:
        draft.write_text(_render_json(content), encoding="utf-8")


def read_manifest(folder: Path, name: str = NAME) -> Manifest:
    """Return a release folder's manifest; DataError when it is absent or not what was written."""
    with suppress(OSError, ValueError, AttributeError, RecursionError):
        manifest: Manifest = json.loads((folder / name).read_text(encoding="utf-8"))
        if manifest.get("seal") == compute_seal(manifest):
            return manifest
    raise DataError(f"The manifest of the release {folder.name} is missing or damaged.")
