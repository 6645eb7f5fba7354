"""What `/healthz` says: a word for each thing it takes to serve, and no path."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from longevity.settings import Settings
from longevity.ui import live_settings, readiness
from longevity.ui.readiness import GOOD
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


def words() -> str:
    """As a reader of the log would say it."""
    return " ".join(readiness.check_readiness().values())


def test_it_is_ready_where_all_three_are_there(settings):
    assert readiness.check_readiness() == GOOD


@pytest.mark.parametrize("kind", broken_configs.KINDS)
def test_a_configuration_broken_meanwhile_is_told_and_the_release_stays_open(settings, kind):
    assert words() == "good open writable"
    broken_configs.put_broken(settings.config_path, kind)
    screens.forget()
    assert words() == "broken open writable"


def test_without_a_configuration_nothing_else_is_known(settings, monkeypatch):
    monkeypatch.setenv("LONGEVITY_CONFIG", str(settings.config_path.with_name("none.toml")))
    screens.forget()
    assert words() == "broken unknown unknown"


def test_a_home_without_a_release_and_one_that_is_not_there(settings, monkeypatch, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.setenv("LONGEVITY_HOME", str(empty))
    screens.forget()
    assert words() == "good closed writable"
    assert list(empty.iterdir()) == []  # what was written to try it is gone
    monkeypatch.setenv("LONGEVITY_HOME", str(tmp_path / "nowhere"))
    screens.forget()
    assert words() == "good closed unwritable"


def answered(look: Callable[[], Mapping[str, str]], times: int) -> list[Any]:
    route = readiness.build_route("", look)

    async def ask() -> list[Any]:
        request = Request({"type": "http"})
        return await asyncio.gather(*(route.endpoint(request) for _ in range(times)))

    with ThreadPoolExecutor(1) as aside:  # another loop may run in this thread
        return aside.submit(asyncio.run, ask()).result()


def test_however_many_ask_it_is_looked_at_once():
    looks, going = [], threading.Event()

    def look() -> dict[str, str]:
        looks.append(1)
        going.wait(0.1)
        return GOOD

    answers = answered(look, 50)
    assert len(looks) == 1
    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.parametrize("name", GOOD)
def test_whatever_is_bad_the_answer_is_503(name):
    found = {**GOOD, name: readiness.BAD[name]}
    (answer,) = answered(lambda: found, 1)
    assert answer.status_code == 503
    assert json.loads(answer.body) == found
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
