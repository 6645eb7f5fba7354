"""How a browser is started: in its sandbox where it can be, with nothing that is a secret."""

from __future__ import annotations

import pytest

from longevity.errors import DataError
from longevity.outputs import chromium
from longevity.outputs.bundle import browser
from tools import chromium as finding

PLAIN, WITHOUT = chromium.FLAGS, (*chromium.FLAGS, chromium.NO_SANDBOX)


@pytest.mark.parametrize(
    ("user", "starts", "found"),
    [
        (1000, {PLAIN, WITHOUT}, PLAIN),
        (1000, {WITHOUT}, WITHOUT),  # as in a container that lets nobody have one
        (0, {PLAIN, WITHOUT}, WITHOUT),
        (0, {PLAIN}, None),
    ],
)
def test_it_has_its_sandbox_unless_none_can_be_had(monkeypatch, user, starts, found):
    monkeypatch.setattr(chromium.os, "geteuid", lambda: user)
    monkeypatch.setattr(finding, "can_start", lambda _, flags: flags in starts)
    monkeypatch.setenv("LONGEVITY_CHROMIUM", "/bin/true")
    got = finding.find_browser()
    assert got == (None if found is None else chromium.Found("/bin/true", found))


def test_the_one_that_draws_is_started_so(monkeypatch):
    monkeypatch.setenv("LONGEVITY_SIGN_IN_CLIENT_SECRET", "a secret")
    started: list[tuple[list[str], dict[str, str]]] = []

    def refuse_to_start(command: list[str], *, env: dict[str, str], **_: object) -> None:
        started.append((command, env))
        raise OSError

    monkeypatch.setattr(browser.subprocess, "Popen", refuse_to_start)
    for flags in (PLAIN, WITHOUT):
        with pytest.raises(OSError):
            browser._Page(chromium.Found("/bin/true", flags))
        command, given = started.pop()
        assert set(flags) <= set(command)
        assert (chromium.NO_SANDBOX in command) is (flags is WITHOUT)
        assert "a secret" not in given.values()
        assert given["FONTCONFIG_FILE"]


def test_a_browser_that_is_busy_is_waited_for_so_long_and_a_sentence_says_so(monkeypatch):
    monkeypatch.setattr(browser, "PATIENCE", 0.01)
    drawing = browser.Browser()
    with drawing._turn, pytest.raises(DataError, match="Other pictures are being drawn"):
        drawing.draw_plot({"data": [], "layout": {}}, 300, 200)


def test_what_it_is_not_given_it_cannot_tell(monkeypatch):
    for name in ("LONGEVITY_SIGN_IN_CLIENT_SECRET", "AWS_SECRET_ACCESS_KEY", "DATABASE_URL"):
        monkeypatch.setenv(name, "a secret")
    given = chromium.build_environment(FONTCONFIG_FILE="fonts.conf")
    assert "a secret" not in given.values()
    assert given["FONTCONFIG_FILE"] == "fonts.conf"
    assert given["PATH"]
