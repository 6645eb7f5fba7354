"""What `/healthz` says: whether it can serve, in a word."""

from __future__ import annotations

import asyncio
import errno
import io
import json
import logging
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import Request

from longevity import logs
from longevity.settings import Settings
from longevity.ui import download_log, live_settings, readiness
from tests.drivers import screens
from tests.factories import broken_configs, configs


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, published: Settings, tmp_path: Path) -> Settings:
    """A running server's: its configuration is a file of its own."""
    settings = configs.copy_of(published, tmp_path)
    monkeypatch.setenv("LONGEVITY_HOME", str(settings.home))
    monkeypatch.setenv("LONGEVITY_CONFIG", str(settings.config_path))
    screens.forget()
    return settings


def test_it_is_ready_until_its_configuration_is_broken(settings):
    assert readiness.check_readiness()
    broken_configs.put_broken(settings.config_path, next(iter(broken_configs.KINDS)))
    screens.forget()
    assert not readiness.check_readiness()


def test_without_a_configuration_it_is_not_ready(settings, monkeypatch):
    monkeypatch.setenv("LONGEVITY_CONFIG", str(settings.config_path.with_name("none.toml")))
    screens.forget()
    assert not readiness.check_readiness()


def test_a_home_without_a_release_or_that_cannot_be_written_to_is_not_ready(
    settings, monkeypatch, tmp_path
):
    assert readiness.check_readiness()
    monkeypatch.setattr(readiness.tempfile, "TemporaryFile", _full)
    assert not readiness.check_readiness()
    monkeypatch.undo()
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("LONGEVITY_HOME", str(empty))
    screens.forget()
    assert not readiness.check_readiness()
    assert list(empty.iterdir()) == []


def _full(**_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def answered(look: Callable[[], bool], times: int) -> list[Any]:
    route = readiness.build_route("", look)

    async def ask() -> list[Any]:
        request = Request({"type": "http"})
        return await asyncio.gather(*(route.endpoint(request) for _ in range(times)))

    with ThreadPoolExecutor(1) as aside:  # another loop may run in this thread
        return aside.submit(asyncio.run, ask()).result()


def test_however_many_ask_it_is_looked_at_once():
    looks, going = [], threading.Event()

    def look() -> bool:
        looks.append(1)
        going.wait(0.1)
        return True

    answers = answered(look, 50)
    assert len(looks) == 1
    assert {answer.status_code for answer in answers} == {200}


def test_where_it_is_not_ready_the_answer_is_503():
    (answer,) = answered(lambda: False, 1)
    assert answer.status_code == 503
    assert answer.body == b"not ready"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("/srv/longevity/longevity.toml: 'a' is 3.", "longevity.toml: 'a' is 3."),
        ("'/srv/x y/z.csv' is gone", "'x y/z.csv' is gone"),  # a folder with a space, in part
        ("/srv/a.csv, line 2: 1/2 and and/or", "a.csv, line 2: 1/2 and and/or"),
        ("See https://example.org/a/b.", "See https://example.org/a/b."),
    ],
)
def test_folders_are_left_out_of_a_sentence(said, shown):
    assert live_settings.remove_folders(said) == shown


def test_the_folders_of_this_machine_are_left_out_whatever_they_are_called(monkeypatch, tmp_path):
    folder = tmp_path / "a folder"
    monkeypatch.setenv("LONGEVITY_HOME", str(folder / "home"))
    monkeypatch.setenv("LONGEVITY_CONFIG", str(folder / "c.toml"))
    assert live_settings.remove_folders(f"{folder}/home/key is damaged.") == "key is damaged."
    assert live_settings.remove_folders(f"{folder}/c.toml is.") == "c.toml is."


# The log: one JSON object a line, with known fields only

ALWAYS = {"at", "level", "from", "says"}


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger of its own that writes as the library does."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.JSONFormatter())
    logger = logging.getLogger("longevity.tests.logs")
    logger.addHandler(handler)
    logger.propagate = False
    logger.setLevel(logging.INFO)
    yield logger, written
    logger.removeHandler(handler)
    logger.propagate = True


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_line_holds_the_known_fields_and_nothing_else(log):
    logger, written = log
    logger.info("asked", extra={"query": "cities", "rows": 3, "person_id": "P-1", "address": "x"})
    (line,) = lines(written)
    assert set(line) == ALWAYS | {"query", "rows"}
    assert (line["level"], line["from"], line["says"]) == ("info", "longevity.tests.logs", "asked")
    assert datetime.fromisoformat(line["at"]).utcoffset() is not None


def test_a_message_of_several_lines_is_one_line(log):
    logger, written = log
    logger.warning('two\nlines and "quotes"', extra={"event": "a\nb"})
    assert written.getvalue().count("\n") == 1
    assert lines(written)[0]["says"] == 'two\nlines and "quotes"'


def test_an_exception_is_its_kind_and_never_its_words(log):
    logger, written = log
    try:
        raise ValueError("a value out of a row")
    except ValueError:
        logger.exception("failed", extra={"query": "cities"})
    (line,) = lines(written)
    assert line["error"] == "ValueError"
    assert "out of a row" not in written.getvalue()
    assert "Traceback" not in written.getvalue()


def test_a_download_that_cannot_be_recorded_is_logged_without_what_was_asked(
    log, tmp_path, monkeypatch
):
    logger, written = log
    monkeypatch.setattr(download_log, "LOG", logger)
    asked = {"neighbourhood": "Value of a row"}
    about: Any = SimpleNamespace(
        synthetic=True, viewer="state", query="areas", parameters=asked, release_id="r"
    )
    (tmp_path / download_log.FOLDER).write_text("not a folder")
    monkeypatch.setattr(download_log.page_context, "read_home", lambda: tmp_path)
    nobody: Any = SimpleNamespace(claims={})
    download_log._note_download("a-table", about, nobody)
    (line,) = lines(written)
    assert set(line) == ALWAYS | {"event", "error"}
    assert "Value of a row" not in written.getvalue()
