"""Run a command of the command line in this process."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from longevity import cli
from tests.conftest import TODAY


class CommandResult(NamedTuple):
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., CommandResult]


def run_command(capsys: pytest.CaptureFixture[str], *words: str | Path) -> CommandResult:
    """Return how a command of these words ends today; no traceback reaches who runs it."""
    capsys.readouterr()
    try:
        code = cli.main([str(word) for word in words], TODAY)
    except SystemExit as stopped:  # argparse leaves this way
        code = int(stopped.code or 0)
    finally:  # the log of a server goes to this test's stderr, which ends with it
        logging.getLogger("longevity").handlers.clear()
    result = CommandResult(code, *capsys.readouterr())
    assert "Traceback" not in result.err
    return result
