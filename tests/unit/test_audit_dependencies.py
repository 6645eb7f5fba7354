"""The audit of dependencies fails on a known advisory alone, and names what it could not ask."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tools import audit_dependencies

SAFE = {"name": "safe", "version": "1", "vulns": []}
UNKNOWN = {"name": "unknown", "skip_reason": "Dependency not found"}
BAD = {"name": "bad", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}


def audit(folder: Path, says: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """The exit code and words, where pip-audit says this and fails as it does on anything."""
    program = folder / "pip-audit"
    words = f"import sys\nprint({says!r})\nsys.exit('ProxyError: refused')\n"
    program.write_text(f"#!{sys.executable}\n{words}", encoding="utf-8")
    program.chmod(0o755)
    return audit_dependencies.main(str(program), str(folder)), capsys.readouterr().out


@pytest.mark.parametrize(
    ("packages", "code", "words"),
    [
        ([SAFE, UNKNOWN], 0, "does not know them: unknown."),
        ([SAFE, UNKNOWN, BAD], 1, "bad 2: PYSEC-1, mended in 3."),
    ],
)
def test_it_fails_on_an_advisory_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], packages: object, code: int, words: str
) -> None:
    ended, said = audit(tmp_path, json.dumps({"dependencies": packages}), capsys)
    assert (ended, words in said) == (code, True)


def test_an_index_that_does_not_answer_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended, said = audit(tmp_path, "", capsys)
    assert ended == 0
    assert "did not answer. (ProxyError: refused)" in said
