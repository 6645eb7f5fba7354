"""How a browser is started: in its sandbox where it can be, with nothing that is a secret."""

from __future__ import annotations

import pytest
from choreographer.channels import Pipe

from longevity.outputs import chromium
from longevity.outputs.bundle import browser

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
    monkeypatch.setattr(chromium, "can_start", lambda _, flags: flags in starts)
    got = chromium.find_browser({"LONGEVITY_CHROMIUM": "/bin/true"})
    assert got == (None if found is None else chromium.Found("/bin/true", found))


def test_the_one_that_draws_is_started_so(monkeypatch):
    monkeypatch.setenv("LONGEVITY_SIGN_IN_CLIENT_SECRET", "a secret")
    drawing = browser._Quiet(Pipe(), path="/bin/true")
    drawing.pre_open()
    try:
        for flags in (PLAIN, WITHOUT):
            found = chromium.Found("/bin/true", flags)
            monkeypatch.setattr(browser, "_find_browser", lambda found=found: found)
            said = drawing.get_cli()
            assert set(flags) <= set(said)
            assert (chromium.NO_SANDBOX in said) is (flags is WITHOUT)
        assert "a secret" not in drawing.get_env().values()
        assert drawing.get_env()["FONTCONFIG_FILE"]
    finally:
        drawing.clean()


def test_what_it_is_not_given_it_cannot_tell(monkeypatch):
    for name in ("LONGEVITY_SIGN_IN_CLIENT_SECRET", "AWS_SECRET_ACCESS_KEY", "DATABASE_URL"):
        monkeypatch.setenv(name, "a secret")
    given = chromium.build_environment(FONTCONFIG_FILE="fonts.conf")
    assert "a secret" not in given.values()
    assert given["FONTCONFIG_FILE"] == "fonts.conf"
    assert given["PATH"]
