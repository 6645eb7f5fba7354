"""A command of ours: in this process, or in one of its own, measured."""

import io
import logging
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from longevity import cli
from longevity.settings import ROOT
from tests.conftest import TODAY


class CommandResult(NamedTuple):
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


def run_page(lines: Iterable[str], folder: Path, config: Path, home: Path) -> dict[str, str]:
    """Run what a page has its reader type in a folder, but `serve`: each command with what it printed."""
    printed = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("LONGEVITY_CONFIG", str(config))
        patch.setenv("LONGEVITY_HOME", str(home))
        patch.setattr("longevity.app.publish.draw_pictures", lambda *_: None)
        for line in lines:
            words, out = shlex.split(line), io.StringIO()
            if words[0] == "serve":
                continue
            with redirect_stdout(out), redirect_stderr(out):
                code = cli.main(words, TODAY)
            # A claim ends with 1 where it may not be said.
            assert code == 0 or (words[0] == "claim" and code == 1), f"{line}: {out.getvalue()}"
            printed[line] = out.getvalue()
    return printed


# The high-water mark is read by the process itself from its own address space: what a
# parent learns of its child begins at the parent's own size.
_CHILD = """
import sys
from datetime import date
from longevity.cli import main
code = main(sys.argv[2:], date.fromisoformat(sys.argv[1]))
with open("/proc/self/status") as status:
    print(next(line.split()[1] for line in status if line.startswith("VmHWM")), file=sys.stderr)
sys.exit(code)
"""


def measure_command(*arguments: str | Path, home: Path, today: date) -> tuple[float, int]:
    """Run `python -m longevity …` as of a day on a home of its own: its seconds, and the most bytes it held."""
    words = [sys.executable, "-c", _CHILD, today.isoformat(), *map(str, arguments)]
    env = os.environ | {"LONGEVITY_HOME": str(home)}
    began = time.perf_counter()
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    if done.returncode:
        raise RuntimeError(done.stderr)
    return seconds, int(done.stderr.split()[-1]) * 1024
