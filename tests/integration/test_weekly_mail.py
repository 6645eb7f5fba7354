"""Every city's week, written and handed to `sendmail` for those who are in the configuration."""

from __future__ import annotations

import email
import stat
from email import policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import pytest

from longevity.outputs import weekly_mail
from longevity.settings import ROOT
from tests.drivers.commands import run_command

MAIL = """
[mail]
sender = "longevity@state.example"

[mail.subscriptions]
"chief@city.example" = "city:hartford"
"aide@state.example" = "state"
"desk@paper.example" = "public"
"""


@pytest.fixture
def run(published, tmp_path, monkeypatch, capsys):
    """Runs a command with three subscriptions, and a `sendmail` that keeps what it is handed."""
    config = tmp_path / "longevity.toml"
    text = (ROOT / "longevity.toml").read_text("utf-8")
    config.write_text(text.replace("data/reference", str(ROOT / "data/reference")) + MAIL)
    monkeypatch.setenv("LONGEVITY_CONFIG", str(config))
    monkeypatch.setenv("LONGEVITY_HOME", str(published.home))
    script = tmp_path / "sendmail"
    script.write_text(f"#!/bin/sh\ncat > {tmp_path}/$$.mail\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(weekly_mail, "SENDMAIL", (str(script), "-t"))
    return partial(run_command, capsys)


def read_mail(folder: Path) -> dict[str, EmailMessage]:
    sent = [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob("*.mail")]
    return {str(mail["To"]): mail for mail in sent}


def test_each_subscriber_is_sent_what_the_line_names(run, tmp_path):
    done = run("weekly", "--all", "--out", tmp_path / "pages", "--mail")
    assert done.code == 0, done.err
    sent = read_mail(tmp_path)
    named = {to: [part.get_filename() for part in mail.iter_attachments()] for to, mail in sent.items()}
    marked = "NOT-FOR-RELEASE-SYNTHETIC-{}-week.pdf".format
    assert named["chief@city.example"] == [marked("hartford")]
    assert named["aide@state.example"] == [marked(c) for c in ("new_haven", "hartford", "bridgeport")]
    assert named["desk@paper.example"] == ["SYNTHETIC-state-briefing.pdf"]
    assert str(sent["chief@city.example"]["Subject"]).startswith("NOT FOR RELEASE: ")
    assert "NOT FOR RELEASE" not in str(sent["desk@paper.example"]["Subject"])
    assert "Hartford" in sent["chief@city.example"].get_body().get_content()


def test_nothing_is_sent_unless_it_is_asked_for(run, tmp_path):
    done = run("weekly", "--all", "--out", tmp_path / "pages")
    assert done.code == 0
    assert not read_mail(tmp_path)
    assert len(list((tmp_path / "pages").iterdir())) == 3


def test_a_mail_that_is_not_taken_is_said_and_the_pages_are_there(run, tmp_path, monkeypatch):
    monkeypatch.setattr(weekly_mail, "SENDMAIL", (str(tmp_path / "none"),))
    done = run("weekly", "--all", "--out", tmp_path / "pages", "--mail")
    assert done.code == 1
    assert "The mail to chief@city.example was not sent" in done.err
    assert len(list((tmp_path / "pages").iterdir())) == 3
