"""A file to be checked is let in within bounds, before a byte of it is read; nothing else is."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import HTTPConnection

from longevity.errors import AccessError
from longevity.ui import file_downloads, middleware, streamlit_internals, uploads
from longevity.ui.uploads import Uploads

HERE = "b" * 8 + "-0000-4000-8000-" + "b" * 12
OURS = [(b"host", b"dashboard.example"), (b"origin", b"https://dashboard.example")]


class Streamlit:
    """In its place: takes what comes; the runtime with the sessions that are open."""

    def __init__(self, *sessions: str) -> None:
        self.sessions = set(sessions)
        self.taken: list[str] = []
        self.files: set[tuple[str, str]] = set()
        self.uploaded_file_mgr = self

    def is_active_session(self, session: str) -> bool:
        return session in self.sessions

    def remove_file(self, session: str, file: str) -> None:
        self.files.discard((session, file))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.taken.append(scope["path"])
        while (await receive()).get("more_body"):
            pass
        *_, session, file = scope["path"].split("/")
        self.files.add((session, file))
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def behind(monkeypatch: pytest.MonkeyPatch) -> Streamlit:
    made = Streamlit(HERE)
    monkeypatch.setattr(streamlit_internals.runtime, "exists", lambda: True)
    monkeypatch.setattr(streamlit_internals.runtime, "get_instance", lambda: made)
    monkeypatch.setattr(uploads, "UPLOADS", Uploads())
    return made


def number(at: int) -> str:
    return f"{at:08d}-0000-4000-8000-000000000000"


def put(
    behind: Streamlit,
    session: str = HERE,
    file: int = 0,
    *,
    headers: Any = OURS,
    under: str = "",
    method: str = "PUT",
    address: str = "192.0.2.1",
    pieces: int = 1,
    pause: float = 0.0,
) -> int:
    """The status of a file that is sent, in so many pieces of a byte with a pause before each."""
    path = f"{under}/_stcore/upload_file/{session}/{number(file)}"
    scope = {"type": "http", "path": path, "method": method, "headers": headers}
    scope["client"] = (address, 50000)
    sent: list[Any] = []
    left = list(range(pieces))

    async def receive() -> Any:
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": b"a", "more_body": left.pop() > 0}

    async def send(message: Any) -> None:
        sent.append(message)

    gate = middleware.Gate(behind, under, frozenset({"dashboard.example"}))
    with ThreadPoolExecutor(1) as aside:  # another loop may run in this thread
        aside.submit(asyncio.run, gate(scope, receive, send)).result()
    if int(sent[0]["status"]) != 204 and not pause:
        assert len(left) == pieces  # a refusal comes before the body is read
    return int(sent[0]["status"])


@pytest.mark.parametrize("under", ["", "/violence"])
def test_a_file_of_an_open_page_of_ours_is_taken(behind, under):
    assert put(behind, under=under) == 204
    assert behind.files == {(HERE, number(0))}


def test_who_comes_from_elsewhere_finds_nothing(behind):
    foreign = [OURS[0], (b"origin", b"https://elsewhere.example")]
    assert put(behind, headers=foreign) == 404
    assert put(behind, headers=OURS[:1]) == 404
    for method in ("GET", "POST", "DELETE", "OPTIONS", "PATCH"):
        assert put(behind, method=method) == 404
    assert behind.taken == []


def test_a_session_has_one_file_at_a_time_until_it_was_read(behind):
    assert put(behind) == 204
    assert put(behind, file=1) == 429
    uploads.UPLOADS.drop_files(HERE)
    assert behind.files == set()
    assert put(behind, file=2) == 204


def test_all_sessions_together_hold_so_many_and_those_that_left_none(behind):
    many = [number(1000 + at) for at in range(uploads.MOST + 1)]
    behind.sessions |= set(many)
    asked = [put(behind, one, address=f"192.0.2.{at}") for at, one in enumerate(many)]
    assert asked == [204] * uploads.MOST + [429]
    behind.sessions.discard(many[0])
    assert put(behind, many[-1], address="192.0.2.99") == 204
    assert (many[0], number(0)) not in behind.files


def test_an_address_has_two_places_and_others_have_theirs(behind):
    mine = [number(1000 + at) for at in range(3)]
    behind.sessions |= set(mine)
    assert [put(behind, one) for one in mine] == [204, 204, 429]
    assert put(behind, address="192.0.2.2") == 204


def test_what_nobody_read_in_time_is_dropped(behind):
    assert put(behind) == 204
    held = uploads.UPLOADS._held
    held[HERE, number(0)] = held[HERE, number(0)]._replace(until=0.0)
    assert put(behind, file=1) == 204
    assert behind.files == {(HERE, number(1))}


@pytest.mark.parametrize(("pieces", "status"), [(1000, 408), (3, 204)])
def test_a_file_that_does_not_arrive_in_time_gives_its_place_back(
    behind, monkeypatch, pieces, status
):
    monkeypatch.setattr(uploads, "SECONDS", 0.5)
    assert put(behind, pieces=pieces, pause=0.02) == status
    assert bool(uploads.UPLOADS._held) == (status == 204)


# Who may fetch a file that was made: its own browser, for a minute, while it may have it

OWN, OTHER = "a" * 32, "b" * 32
FILE = b"rows"


@pytest.fixture(autouse=True)
def laid_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """One file in Streamlit's memory, for everybody who knows its address."""
    held = {"abc.csv": SimpleNamespace(content=FILE)}
    manager = SimpleNamespace(media_file_mgr=SimpleNamespace(read_file=held.get))
    at: Any = SimpleNamespace(exists=lambda: True, get_instance=lambda: manager)
    monkeypatch.setattr(streamlit_internals, "runtime", at)
    monkeypatch.setattr(file_downloads, "_handouts", [])


def read_cookie(header: str) -> str | None:
    request = HTTPConnection({"type": "http", "headers": [(b"cookie", header.encode())]})
    return request.cookies.get(file_downloads.COOKIE)


def may() -> None:
    """Whoever asks may have it."""


def may_not() -> None:
    raise AccessError("You signed out.")


def test_a_file_goes_to_the_browser_it_was_made_for():
    assert (
        file_downloads.refuse_download("abc.csv", OWN) == file_downloads.NOT_THERE
    )  # made for nobody
    file_downloads.allow_download(FILE, OWN, may)
    assert file_downloads.refuse_download("abc.csv", OWN) is None
    assert file_downloads.refuse_download("abc.csv", OTHER) == file_downloads.NOT_THERE
    assert file_downloads.refuse_download("other.csv", OWN) == file_downloads.NOT_THERE
    # Whoever has no number has no file, and does not pass for another without one.
    file_downloads.allow_download(FILE, "", may)
    assert file_downloads.refuse_download("abc.csv", "") == file_downloads.NOT_THERE


def test_who_may_not_have_it_any_more_is_told_why():
    file_downloads.allow_download(FILE, OWN, may_not)
    assert file_downloads.refuse_download("abc.csv", OWN) == (403, "You signed out.")
    assert file_downloads.refuse_download("abc.csv", OTHER) == file_downloads.NOT_THERE
    file_downloads.allow_download(FILE, OWN, may)  # asked for again, after another sign-in
    assert file_downloads.refuse_download("abc.csv", OWN) is None


def test_after_a_minute_it_cannot_be_fetched_and_is_forgotten(monkeypatch):
    file_downloads.allow_download(FILE, OWN, may)
    now = file_downloads.time.monotonic() + file_downloads.SECONDS
    monkeypatch.setattr(file_downloads.time, "monotonic", lambda: now + 1)
    assert file_downloads.refuse_download("abc.csv", OWN) == file_downloads.NOT_THERE
    file_downloads.allow_download(b"another", OTHER, may)
    assert len(file_downloads._handouts) == 1


@pytest.mark.parametrize(
    ("said", "number"),
    [
        (f"a=1; {file_downloads.COOKIE}={OWN}; b=2|x", OWN),
        (f"{file_downloads.COOKIE}={OWN[1:]}", ""),
        (f"{file_downloads.COOKIE}={OWN.upper()}", ""),
        (f"other={OWN}", ""),
        (f'odd="{{;}}"; {file_downloads.COOKIE}={OWN}', OWN),
    ],
)
def test_a_browser_is_known_by_its_cookie(said, number):
    assert file_downloads.read_number(read_cookie(said)) == number


def test_each_browser_gets_another_number_that_no_script_reads():
    one, two = file_downloads.write_cookie(), file_downloads.write_cookie()
    assert one != two
    assert file_downloads.read_number(read_cookie(one.split(";")[0]))
    assert "HttpOnly" in one
    assert "SameSite=Lax" in one
