"""What a home has seen of its remotes: `remote/` in LONGEVITY_HOME (longevity/release/copies.py).

Read wherever a release is opened: a file whose people were destroyed elsewhere is served no more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from longevity import private_files
from longevity.errors import DataError
from longevity.files import atomic_write
from longevity.release import manifest

FOLDER = "remote"
NAME = "seen.json"
REACHED = "reached"  # when the remote was last read, on a machine that pulls
LONGEST_SILENCE = timedelta(hours=24)


@dataclass(frozen=True)
class Seen:
    """By remote's address the entry this home has of it, and what that said; which files were
    destroyed, by hash; which releases it pulled.
    """

    numbers: Mapping[str, int] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    destroyed: frozenset[str] = frozenset()
    pulled: frozenset[str] = frozenset()


def read_seen(home: Path) -> Seen:
    """Return what this home has seen; DataError where that is damaged."""
    try:
        content = json.loads((home / FOLDER / NAME).read_text(encoding="utf-8"))
        numbers = {str(address): int(number) for address, number in content["numbers"].items()}
        states = {str(address): str(state) for address, state in content["states"].items()}
        return Seen(numbers, states, frozenset(content["destroyed"]), frozenset(content["pulled"]))
    except FileNotFoundError:
        return Seen()
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise DataError(
            f"{FOLDER}/{NAME} in LONGEVITY_HOME is damaged: what was destroyed is not known.",
            "Restore it from the back-up, or pull into an empty home.",
        ) from error


def write_seen(home: Path, seen: Seen) -> None:
    """Write it, and to the disk."""
    private_files.make_private_folder(home / FOLDER)
    content = {
        "numbers": dict(seen.numbers),
        "states": dict(seen.states),
        "destroyed": sorted(seen.destroyed),
        "pulled": sorted(seen.pulled),
    }
    manifest.write_json(home / FOLDER / NAME, content)


def note_entry(seen: Seen, address: str, number: int, state: str) -> Seen:
    """Return what is seen once this home has an entry of a remote."""
    numbers, states = {**seen.numbers, address: number}, {**seen.states, address: state}
    return replace(seen, numbers=numbers, states=states)


def is_copy(home: Path) -> bool:
    """Say whether this home takes its releases from a remote."""
    return (home / FOLDER / REACHED).exists()


def note_reached(home: Path, now: datetime | None) -> None:
    """Note when the remote was read; None on the machine that publishes, which asks nobody."""
    path = home / FOLDER / REACHED
    if now is None:
        path.unlink(missing_ok=True)
        return
    private_files.make_private_folder(path.parent)
    with atomic_write(path, mode=0o600) as draft:
        draft.write_text(now.isoformat(), encoding="utf-8")


def find_silence(home: Path, now: datetime) -> datetime | None:
    """Return when a machine that pulls last reached its remote, where that is over a day ago.

    It may not have heard of a purge since: rows about people wait until it has.
    """
    try:
        reached = datetime.fromisoformat((home / FOLDER / REACHED).read_text(encoding="utf-8"))
        is_long = now - reached > LONGEST_SILENCE
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):  # damaged: as if it never had
        reached, is_long = datetime.fromtimestamp(0, now.tzinfo), True
    return reached.astimezone(now.tzinfo) if is_long else None
