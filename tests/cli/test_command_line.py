"""Each command: its exit code, what it prints and where, and sentences where others crash."""

import json
import os
import runpy
import shlex
import socket
import subprocess
import sys
from functools import partial

import pytest

from longevity.auth import sign_in_provider
from longevity.cli import queries
from longevity.edition.build import EDITIONS
from longevity.release.store import Store
from longevity.settings import ROOT
from longevity.warehouse import catalogue
from tests.conftest import TODAY, UNTIL
from tests.drivers.commands import CommandResult, run_command
from tests.factories import configs, identities


@pytest.fixture
def run(published, monkeypatch, capsys):
    """Runs a command in this process on the published demonstration."""
    monkeypatch.setenv("LONGEVITY_HOME", str(published.home))
    monkeypatch.delenv("LONGEVITY_CONFIG", raising=False)
    monkeypatch.setattr("longevity.app.publish.draw_pictures", lambda *_: None)
    return partial(run_command, capsys)


def assert_refused(said, code, *words):
    """A refusal: its code, nothing on stdout, a sentence with these words on stderr."""
    assert (said.code, said.out) == (code, ""), said
    for word in words:
        assert word in said.err


def process(*words, home, out=subprocess.PIPE, **more):
    env = {k: v for k, v in os.environ.items() if not k.startswith("LONGEVITY_")}
    done = subprocess.run(
        [sys.executable, "-m", "longevity", *words],
        cwd=ROOT,
        env={**env, "LONGEVITY_HOME": str(home), **more},
        stdout=out,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return CommandResult(done.returncode, done.stdout, done.stderr)


# What is typed, the exit code, and words of the sentence: in a home without a release, but for
# what is asked of one.
REFUSED = [
    ("", 2, "COMMAND"),
    ("frobnicate", 2, "frobnicate"),
    ("demo --out x --until yesterday", 2, "not a date such as 2026-11-23"),
    ("demo --out x --until 1999-01-01", 2, "1999-01-01"),
    ("demo --out x --until 2026-11-24", 2, "today is 2026-11-23"),
    ("demo --out x --scale 0", 2, "not a whole number above zero"),
    ("demo --out x --seed -1", 2, "--seed"),
    ("demo --out FILE", 1, "cannot be written"),
    ("check NONE", 2, "is not a folder"),
    ("publish HERE", 1, "Nothing was published"),
    ("publish HERE --accept jumps --reason ''", 2, "need a reason"),
    ("import HERE/a.csv --mapping HERE/m.toml --out x", 2, "m.toml"),
    ("boundaries install nowhere FILE", 2, "no city 'nowhere'"),
    ("boundaries install CITY NONE", 2, "none"),
    ("query citis", 2, "no query 'citis'. Did you mean 'cities'?"),
    ("query cities --viewer pubic", 2, "no viewer 'pubic'. Did you mean 'public'?"),
    ("query cities --viewer city:hartfort", 2, "'hartford'"),
    ("query cities", 1, "No release has been published yet"),
    ("query episodes", 2, "'public' may not ask"),
    ("serve --port 0", 2, "--port"),
    ("serve --host 999.0.0.1", 2, "--host"),
    ("export year-to-dat --out x", 2, "Did you mean 'year-to-date'?"),
    ("export year-to-date --format jpg --out x", 2, "There is no format 'jpg'"),
    ("export follow-up --out x", 2, "'follow-up' has no public form."),
    ("verify NONE", 2, "is not a file"),
    ("edition --out HERE", 2, "is there and is no edition"),
    ("edition --out x --base-url data.example", 2, "is not a site such as https://data.example"),
    ("weekly hartford --all --out x", 2, "--all is of every city"),
    ("weekly hartford --mail --out x.pdf", 2, "Add --all."),
    ("releases prune", 2, "--keep"),
]


def test_a_rollback_names_the_editions_that_were_made_before_it(run, published, tmp_path, monkeypatch):
    settings, site = configs.copy_of(published, tmp_path), tmp_path / "site"
    site.symlink_to(tmp_path)
    (settings.home / EDITIONS).write_text(json.dumps([str(site)]), encoding="utf-8")
    monkeypatch.setenv("LONGEVITY_HOME", str(settings.home))
    said = run("rollback", Store(settings.home).current().id)
    assert (said.code, f"The edition at {site} was made before this" in said.err) == (0, True)


@pytest.mark.parametrize(("typed", "code", "said"), REFUSED, ids=[typed for typed, *_ in REFUSED])
def test_wrong_use_is_a_sentence(run, published, tmp_path, monkeypatch, typed, code, said):
    asks = typed.startswith("query ") and typed != "query cities"
    monkeypatch.setenv("LONGEVITY_HOME", str(published.home if asks else tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_bytes(b"\x00garbage")
    places = {"FILE": "file", "NONE": "none", "HERE": ".", "CITY": next(iter(published.cities))}
    for word, place in places.items():
        typed = typed.replace(word, place)
    assert_refused(run(*shlex.split(typed)), code, said)


@pytest.mark.audit
def test_every_query_answers_by_its_bare_name(run, warehouse, monkeypatch):
    # One open release for all of them.
    monkeypatch.setattr(queries, "open_served", lambda _: warehouse)
    for name in catalogue.load_queries():
        said = run("query", name, "--format", "csv", "--viewer", "state")
        assert said.code == 0
        assert said.out
        assert " 00:00" not in said.out  # a date is a day
        assert "Source: " in said.err


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("Fewer than 1,000,000 people were shot in 2011", 0, "\nSUPPORTED\n"),
        ("There were 1,000,000 homicides in 2011", 1, "\nNOT SUPPORTED\n"),
        ("Homicides will fall next year", 1, "CANNOT BE ANSWERED"),
        ("colourless green ideas", 1, "does not understand “colourless”"),
    ],
)
def test_a_claim_ends_with_0_only_when_it_is_supported(run, text, code, said):
    answered = run("claim", text)
    assert answered.code == code
    assert said in answered.out


@pytest.mark.audit
def test_demo_to_query(run, tmp_path, monkeypatch):
    monkeypatch.setenv("LONGEVITY_HOME", str(tmp_path / "home"))
    out = str(tmp_path / "extracts")
    empty = run("query", "cities")
    assert_refused(empty, 1, "No release has been published yet", "longevity publish DIR")
    assert run("releases") == CommandResult(0, "", "")
    made = run("demo", "--out", out)
    assert made.code == 0
    assert UNTIL.isoformat() in made.out  # yesterday, by default
    for folder, code, last in ((out, 0, "0 errors, "), (str(tmp_path), 1, "2 errors, 0 warnings.")):
        checked = run("check", folder)
        assert (checked.code, checked.out.splitlines()[-1].startswith(last)) == (code, True), checked.out
    first = run("publish", out)
    assert (first.code, len(first.out.split())) == (0, 1)
    again = run("publish", out)
    assert (again.code, again.out) == (0, first.out)
    assert "published before; nothing changed" in again.err
    listed = run("releases").out.split()
    assert listed == [first.out.strip(), "synthetic", TODAY.isoformat(), "current"]


def test_a_port_that_is_taken_is_refused(run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert_refused(run("serve", "--port", str(port)), 2, f"127.0.0.1:{port} cannot be used")


SIGN_IN = {sign_in_provider.NEEDED[key]: value for key, value in identities.PROVIDER.items()}


def test_check_config_says_how_sign_in_is_set_up(run, published, tmp_path, monkeypatch):
    assert "Sign-in is not set up" in run("check-config").out
    for name, value in SIGN_IN.items():
        monkeypatch.setenv(name, value)
    assert "maps nothing" in run("check-config").out
    mapping = '[access.viewers]\nx = "state"'
    text = published.config_path.read_text(encoding="utf-8").replace("[access.viewers]", mapping)
    path = tmp_path / "mapped.toml"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("LONGEVITY_CONFIG", str(path))
    assert "1 value of the claim 'groups' mapped." in run("check-config").out


def test_check_config_says_whose_secret_draws_the_public_tables(run, published, tmp_path, monkeypatch):
    drawn_by = Store(published.home).current().manifest["drawn_by"]
    said = run("check-config").out
    assert f"The secret that draws public tables here: {drawn_by}." in said
    monkeypatch.setenv("LONGEVITY_HOME", str(tmp_path / "home"))
    assert "here: none." in run("check-config").out
    assert not (tmp_path / "home" / "signing").exists()


def test_check_config_names_what_sign_in_lacks_and_tells_no_secret(run, monkeypatch):
    monkeypatch.setenv("LONGEVITY_SIGN_IN_CLIENT_SECRET", "tell-nobody")
    monkeypatch.setenv("LONGEVITY_SIGN_IN_COOKIE_SECRET", "too-short")
    monkeypatch.setenv("LONGEVITY_SIGN_IN_METADATA_URL", "http://somewhere.example")
    said = run("check-config")
    assert_refused(
        said,
        2,
        "'client_id' is missing: set LONGEVITY_SIGN_IN_CLIENT_ID",
        "'redirect_uri' is missing",
        "'cookie_secret' is shorter than 32",
        "'server_metadata_url' must begin with https://",
        "everyone sees what the public sees",
    )
    for value in ("tell-nobody", "too-short", "somewhere"):
        assert value not in said.err


@pytest.mark.audit
def test_check_config_reads_streamlits_secrets_and_repeats_nothing_of_them(published, tmp_path):
    secrets = tmp_path / ".streamlit" / "secrets.toml"  # in the home of who runs it
    secrets.parent.mkdir()
    for text, said_so, not_said in (
        ('[auth]\nclient_secret = "tell-nobody"', "'client_id' is missing", "'client_secret' is missing"),
        ("tell-nobody =", "cannot be read as TOML", "tell-nobody"),
    ):
        secrets.write_text(text, encoding="utf-8")
        said = process("check-config", home=published.home, HOME=str(tmp_path))
        assert_refused(said, 2, said_so)
        assert not_said not in said.err
        assert "tell-nobody" not in said.err


@pytest.mark.parametrize(
    ("words", "content"),
    [
        (("check-config",), b"[program]\nnam = 1\n"),
        (("queries",), b"= ="),
        (("query", "cities"), None),
    ],
)
def test_a_broken_configuration_stops_every_command(run, tmp_path, monkeypatch, words, content):
    path = tmp_path / "broken.toml"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv("LONGEVITY_CONFIG", str(path))
    assert_refused(run(*words), 2, "broken.toml")


def test_a_terminal_that_knows_only_ascii_gets_an_answer_too(published):
    answered = process("query", "published_counts", home=published.home, PYTHONIOENCODING="ascii")
    assert answered.code == 0
    assert "\\u2013" in answered.out


def test_a_reader_that_leaves_early_is_no_error(published):
    reading, writing = os.pipe()
    os.close(reading)  # gone before the first line
    with os.fdopen(writing, "wb") as out:
        said = process("queries", home=published.home, out=out)
    assert (said.code, said.err) == (0, "")


def test_a_publish_of_its_own_process_gives_way_to_viewers(monkeypatch):
    asked = []
    monkeypatch.setattr("os.nice", asked.append)
    for command in ("check", "publish"):
        monkeypatch.setattr("sys.argv", ["longevity", command, "--help"])
        with pytest.raises(SystemExit, match="0"):
            runpy.run_module("longevity", run_name="__main__")
    assert asked == [10]  # a check is waited for
