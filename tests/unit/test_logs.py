"""What `/healthz` says, and the log: one JSON object a line, with known fields only."""

from __future__ import annotations

import io
import json
import logging
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import Request

from longevity import logs
from longevity.ui import download_log, server
from tests.drivers import screens
from tests.factories import configs


def test_it_is_ready_where_a_release_can_be_served(monkeypatch, published, tmp_path):
    settings = configs.copy_of(published, tmp_path)
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("LONGEVITY_CONFIG", str(settings.config_path))
    for home, said in ((settings.home, (200, b"ready")), (empty, (503, b"not ready"))):
        monkeypatch.setenv("LONGEVITY_HOME", str(home))
        screens.forget()
        answer = server._answer_health(Request({"type": "http"}))
        assert (answer.status_code, answer.body) == said
    assert list(empty.iterdir()) == []


ALWAYS = {"at", "level", "from", "says"}


@pytest.fixture
def log():
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


def test_a_download_that_cannot_be_recorded_is_logged_without_what_was_asked(log, tmp_path, monkeypatch):
    logger, written = log
    monkeypatch.setattr(download_log, "LOG", logger)
    asked = {"neighbourhood": "Value of a row"}
    about: Any = SimpleNamespace(synthetic=True, viewer="state", query="areas", parameters=asked, release_id="r")
    (tmp_path / download_log.FOLDER).write_text("not a folder")
    monkeypatch.setattr(download_log.page_context, "read_settings", lambda: SimpleNamespace(home=tmp_path))
    nobody: Any = SimpleNamespace(claims={})
    download_log._note_download("a-table", about, nobody)
    (line,) = lines(written)
    assert set(line) == ALWAYS | {"event", "error"}
    assert "Value of a row" not in written.getvalue()
