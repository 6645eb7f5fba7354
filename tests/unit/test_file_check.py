"""A stranger's file is judged in the words of `verify`, read in a process that has bounds."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from longevity.errors import DataError
from longevity.outputs.bundle.verify import FileOutcome
from longevity.outputs.credentials import apart, sign
from longevity.outputs.credentials.read import read_claim
from longevity.release import certificates
from longevity.ui import file_check
from tests.factories import bundles

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><text>101</text></svg>'


@pytest.fixture(scope="module")
def signed(published):
    """A document of ours."""
    release = bundles.public_desk(published).warehouse.release.id
    record = {"document": "A page", "counted_to": "2026-06-30", "release": release, "viewer": "x"}
    return sign.sign_file(SVG, "svg", published, record)


def test_read_apart_it_says_the_same(signed, published):
    own = certificates.ensure_identity(published).chain[0]
    known = certificates.write_pem(own).decode()
    claim = apart.read_claim_apart("svg", signed, known)
    assert claim is not None
    assert claim.ours
    assert claim == read_claim("svg", signed, known)
    assert apart.read_claim_apart("svg", SVG, known) is None


def test_the_verdict_is_that_of_the_command_and_the_log_has_the_outcome_alone(signed, published, tmp_path, caplog):
    path = tmp_path / "a.svg"
    for data in (signed, signed.replace(b">101<", b">102<"), SVG):
        path.write_bytes(data)
        with caplog.at_level(logging.INFO, "longevity.ui.file_check"):
            verdict = file_check.judge_file(data, bundles.public_desk(published))
        assert verdict == bundles.judge_file(path, published)
        assert caplog.messages[-1] == f"a file was checked: {verdict.outcome}"


def test_a_reader_that_breaks_or_takes_too_long_ends_in_a_sentence(monkeypatch, signed, published):
    monkeypatch.setattr(apart, "SECONDS", 0.01)
    with pytest.raises(DataError, match="it may be damaged"):
        apart.read_claim_apart("svg", signed, "")
    verdict = file_check.judge_file(signed, bundles.public_desk(published))
    assert verdict.outcome is FileOutcome.UNSIGNED


def test_the_process_apart_knows_no_secret(monkeypatch, signed):
    monkeypatch.setenv("LONGEVITY_SIGN_IN_COOKIE_SECRET", "a secret of this test")
    seen: dict[str, str] = {}
    run = subprocess.run

    def note(*given: object, **named: object) -> object:
        seen.update(named["env"])  # type: ignore[call-overload]  # what the process is given
        return run(*given, **named)  # type: ignore[call-overload]  # as it came

    monkeypatch.setattr(subprocess, "run", note)
    assert apart.read_claim_apart("svg", signed, "") is not None
    assert set(seen) <= {"PATH", "LANG"}


def test_the_process_apart_can_write_no_file(tmp_path):
    code = (
        "import sys\n"
        "from longevity.outputs.credentials import apart\n"
        "apart.set_bounds()\n"
        "open(sys.argv[1], 'wb', 0).write(b'mine')"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "file")]
    assert subprocess.run(command, cwd=apart.ROOT, capture_output=True, check=False).returncode
    assert (tmp_path / "file").read_bytes() == b""
