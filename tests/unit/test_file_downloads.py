"""Who may fetch a file that was made: its own browser, for a minute, while it may have it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import HTTPConnection

from longevity.errors import AccessError
from longevity.ui import file_downloads, streamlit_internals

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
