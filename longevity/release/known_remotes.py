"""What a home knows of its remotes: `remote/` in LONGEVITY_HOME (longevity/release/copies.py).

Read wherever a release is opened: a file whose people were destroyed elsewhere is served no more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from pydantic import BaseModel

from longevity.base import private_files
from longevity.base.errors import DataError
from longevity.base.files import atomic_write
from longevity.release import manifest

FOLDER = "remote"
NAME = "seen.json"
REACHED = "reached"  # when the remote was last read, on a machine that pulls
LONGEST_SILENCE = timedelta(hours=24)


class KnownRemotes(BaseModel):
    """What this home has read of its remotes, and pushed to them.

    A push writes a numbered entry. By address: `numbers`, the newest seen (a lower one is refused),
    `entries`, its hash (what does not continue it is refused), "" of one that an earlier version
    wrote. `destroyed`: of files of people who were; `pulled`: ids of releases.
    """

    numbers: dict[str, int] = {}
    entries: dict[str, str] = {}
    destroyed: set[str] = set()
    pulled: set[str] = set()

    def note_entry(self, address: str, number: int, entry: str) -> None:
        """Note that this home has an entry of a remote."""
        self.numbers[address], self.entries[address] = number, entry

    def write(self, home: Path) -> None:
        """Write down what is known, and make sure that it is on the disk."""
        private_files.make_private_folder(home / FOLDER)
        manifest.write_json(home / FOLDER / NAME, self.model_dump(mode="json"))


def read_known(home: Path) -> KnownRemotes:
    """Return what this home knows of its remotes; DataError where the file is damaged."""
    try:
        return KnownRemotes.model_validate_json((home / FOLDER / NAME).read_bytes())
    except FileNotFoundError:
        return KnownRemotes()
    except (OSError, ValueError) as error:
        raise DataError(
            f"{FOLDER}/{NAME} in LONGEVITY_HOME is damaged: what was destroyed is not known.",
            "Restore it from the back-up, or pull into an empty home.",
        ) from error


def is_copy(home: Path) -> bool:
    """Say whether this home takes its releases from a remote."""
    return (home / FOLDER / REACHED).exists()


def note_reached(home: Path, now: datetime | None) -> None:
    """Note when the remote was read; None on the machine that publishes, which asks no one."""
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
