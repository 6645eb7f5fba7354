"""What `/healthz` says: whether it can serve, in a word."""

from __future__ import annotations

import asyncio
import errno
import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from longevity.settings import Settings
from longevity.ui import live_settings, readiness
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
