"""The remote: a home's releases as objects, in S3-compatible storage or in a folder.

`members/<sha256>` is a file, under its own hash. `journal/00000001.json` and those after it say
which files there are, by their path in LONGEVITY_HOME. An entry is only ever created, never
written over: of two machines that push at once, one finds the number taken. Each names the hash of
the one before, so that an older one is not taken for news.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, from_url
from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from longevity.base.errors import ConfigError, DataError
from longevity.base.files import sync_file
from longevity.release import signing, tombstones
from longevity.release.store import POINTER, RELEASES

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

DESTROYED = f"{tombstones.FOLDER}/{tombstones.RECORD}"
GIVEN_OUT = f"{signing.FOLDER}/{signing.GIVEN_OUT}"
JOURNAL, MEMBERS = "journal", "members"
NOTHING = hashlib.sha256().hexdigest()  # what the first entry names as the one before
PIECE = 8 * 1024 * 1024  # bytes that are read at a time
# A connection that is cut is tried again for a while.
_CLIENT: ClientConfig = {"timeout": "60s", "connect_timeout": "5s"}
_ALLOW_HTTP = "AWS_ALLOW_HTTP"  # handed on, as obstore does not read it where options are given
_RETRIES: RetryConfig = {"max_retries": 3, "retry_timeout": timedelta(seconds=30)}


def _prove_path(path: str) -> str:
    """Return a path that stays in the home, among what a home's releases are made of."""
    is_below = path.startswith(f"{RELEASES}/") and path.count("/") >= 2
    is_ours = is_below or path in (POINTER, GIVEN_OUT, DESTROYED)
    if not is_ours or any(not part or part.startswith(".") for part in path.split("/")):
        raise ValueError(path)
    return path


PathInHome = Annotated[str, AfterValidator(_prove_path)]
Digest = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class RemoteState(BaseModel):
    """What a remote holds after its entry `number`; 0 where nothing was pushed.

    `files`: path in LONGEVITY_HOME to SHA-256. `destroyed`: hashes of files whose people were
    destroyed since. `is_public`: whether files with a group's or person's code are left out.
    `drawn_by`: the fingerprint of the secret that drew the public tables served; "" if unknown.
    `digest`: the hash of the entry; `before`: of the one before it, "" where an earlier version
    wrote it.
    """

    number: int = Field(default=0, exclude=True)
    digest: str = Field(default=NOTHING, exclude=True)
    before: str = ""
    files: dict[PathInHome, Digest] = {}
    destroyed: set[Digest] = set()
    is_public: bool = False
    drawn_by: str = ""

    def list_releases(self) -> set[str]:
        """Return the ids of the releases."""
        return {path.split("/")[1] for path in self.files if path.startswith("releases/")}


class Remote:
    """One remote, by its address: `s3://bucket/folder`, or a folder of this machine.

    ConfigError for an address that is none. Credentials, region and encryption are read of the
    environment, as AWS names them (docs/several-machines.md).
    """

    def __init__(self, address: str) -> None:
        self.address = address
        options: ClientConfig = {**_CLIENT, "allow_http": os.environ.get(_ALLOW_HTTP) == "true"}
        try:
            self._store: Any = (
                from_url(address, client_options=options, retry_config=_RETRIES)
                if "://" in address
                else LocalStore(Path(address).absolute(), mkdir=True)
            )
        except (BaseError, ValueError, OSError) as error:
            raise ConfigError(
                f"'{address}' is no remote: {_take_first_line(error)}.",
                "Name a folder, or a bucket as s3://bucket/folder.",
            ) from error

    def read_state(self) -> RemoteState:
        """Return the state of the remote by the newest entry of its journal."""
        entries = self._list_entries()
        return self._read_entry(entries[-1]) if entries else RemoteState()

    def leads_back(self, state: RemoteState, number: int, digest: str) -> bool:
        """Return whether a state is the entry with this number and hash, or was pushed after it."""
        if state.number == number:
            return state.digest == digest
        first, last = _name_entry(number), _name_entry(state.number)
        for name in reversed([name for name in self._list_entries() if first < name < last]):
            older = self._read_entry(name)
            # One that nothing leads to was written past by a machine that knew better.
            if older.digest == state.before:
                state = older
        return state.before == digest

    def _list_entries(self) -> list[str]:
        with self._explain():
            return sorted(entry["path"] for entry in obstore.list(self._store, JOURNAL).collect())

    def _read_entry(self, name: str) -> RemoteState:
        with self._explain():
            text = bytes(obstore.get(self._store, name).bytes())
        try:
            state = RemoteState.model_validate_json(text)
            state.number, state.digest = int(Path(name).stem), hashlib.sha256(text).hexdigest()
            if POINTER not in state.files:
                raise ValueError(POINTER)
            return state
        except ValueError as error:
            raise DataError(
                f"{name} in {self.address} is not what was pushed.",
                "Remove that object, and push again from the machine that publishes.",
            ) from error

    def add_state(self, state: RemoteState) -> None:
        """Write a state as the journal's entry of its number, the next one, and note its hash.

        DataError where another machine has written that entry.
        """
        text = state.model_dump_json(indent=1).encode()
        state.digest = hashlib.sha256(text).hexdigest()
        with self._explain():
            try:
                obstore.put(self._store, _name_entry(state.number), text, mode="create")
            except AlreadyExistsError as error:
                raise DataError(
                    f"Another machine pushed to {self.address} meanwhile.",
                    "What it pushed stays. Pull it, then push again.",
                ) from error

    def list_members(self) -> set[str]:
        """Return the files that are there, by hash, whether or not an entry names them."""
        with self._explain():
            found = obstore.list(self._store, MEMBERS).collect()
        return {Path(entry["path"]).name for entry in found}

    def put_member(self, digest: str, content: Path | bytes) -> None:
        """Write a file under its hash."""
        with self._explain():
            obstore.put(self._store, f"{MEMBERS}/{digest}", content)

    def fetch_member(self, digest: str, path: Path) -> None:
        """Write a file of the remote to `path`, whole and proven, or not at all."""
        draft, found = path.with_suffix(".part"), hashlib.sha256()
        try:
            with self._explain(), draft.open("wb") as file:
                for piece in obstore.get(self._store, f"{MEMBERS}/{digest}").stream(PIECE):
                    found.update(piece)
                    file.write(piece)
            if found.hexdigest() != digest:
                raise DataError(
                    f"{MEMBERS}/{digest} in {self.address} is not what was pushed.",
                    "Remove that object, and push again from a machine that has the release.",
                )
            sync_file(draft)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)

    def drop_members(self, digests: Iterable[str]) -> None:
        """Remove files, for good."""
        with self._explain():
            for digest in sorted(digests):
                obstore.delete(self._store, f"{MEMBERS}/{digest}")

    @contextmanager
    def _explain(self) -> Iterator[None]:
        """Say in a sentence what the storage or the way to it refused."""
        try:
            yield
        except FileNotFoundError as error:
            raise DataError(
                f"{self.address} lacks a file that its journal names: {_take_first_line(error)}.",
                "Try again; if it stays so, push again from a machine that has the release.",
            ) from error
        except BaseError as error:
            raise DataError(
                f"{self.address} did not answer: {_take_first_line(error)}.",
                "Nothing is lost: run the same command again, and it goes on.",
            ) from error


def _name_entry(number: int) -> str:
    return f"{JOURNAL}/{number:08}.json"


def _take_first_line(error: Exception) -> str:
    """Take what an error says without what a programmer reads of it."""
    return str(error).strip().splitlines()[0].strip().rstrip(".")
