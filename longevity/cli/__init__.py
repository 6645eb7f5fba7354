"""The command line: `python -m longevity …`; `commands.toml` has every command and argument.

Someone who runs it can already read LONGEVITY_HOME, so it takes any viewer on any
release. Exit 0 done, 1 as each command states, 2 wrong use, unknown name or
refused access. Errors are sentences on stderr, never tracebacks.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from longevity import __version__
from longevity import settings as configuration
from longevity.base.errors import LongevityError, UsageError, describe_error, suggest_remedy
from longevity.cli import charts, data, documents, queries, serve
from longevity.cli.common import TYPES, Command

COMMANDS = Path(__file__).with_name("commands.toml")
MODULES = {
    module.__name__.rpartition(".")[2]: module
    for module in (charts, data, documents, queries, serve)
}


def main(arguments: Sequence[str] | None = None, today: date | None = None) -> int:
    """Run one command and return its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that cannot show a sign shows its number instead.
        sys.stdout.reconfigure(errors="backslashreplace")
    namespace = _build_parser().parse_args(arguments)
    now = today or date.today()
    try:
        settings = configuration.load_settings()
        configuration.refuse_later_days(settings, now)
        for name in ("out", "edition"):
            _refuse_home(name, getattr(namespace, name, None), settings.home)
        command: Command = namespace.run
        code = command(namespace, settings, now)
        sys.stdout.flush()
        return code
    except LongevityError as error:
        print(str(error), file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # The reader of our output went away (`… | head`): nothing is wrong.
        _discard_output()
        return 0
    except OSError as error:
        # A disk that filled or a folder that vanished on the way is a sentence too.
        what = f"{error.filename or 'The output'}: {describe_error(error)}."
        print(f"{what} {suggest_remedy(error)}".rstrip(), file=sys.stderr)
        _discard_output()
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 1


def _refuse_home(name: str, out: Path | None, home: Path) -> None:
    """Refuse to write below LONGEVITY_HOME.

    A purge destroys a person's rows in its releases, and would miss them in any other file there.
    """
    if out is not None and out.resolve().is_relative_to(home.resolve()):
        raise UsageError(
            f"--{name} {out} is in LONGEVITY_HOME, which holds what is published.",
            "Name a place outside of it.",
        )


def _discard_output() -> None:
    """Send what is still to be written nowhere, so that Python does not fail on it as it exits."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return  # an output without a file has nothing left to write


def _build_parser() -> argparse.ArgumentParser:
    """Build the parser from `commands.toml`, where `[releases push]` is an action of a command.

    A command's `run` names its function (`data.push_releases`), whose docstring begins with its
    help; `shared` names arguments that several take; every other key is an argument for argparse.
    """
    parser = argparse.ArgumentParser(prog="longevity", description=__doc__)
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    declared = tomllib.loads(COMMANDS.read_text(encoding="utf-8"))
    shared = declared.pop("shared")
    parsers, actions = {"": parser}, {"": commands}
    for name, arguments in declared.items():
        run = _find_function(arguments.pop("run"))
        said = (run.__doc__ or "").splitlines()[0]
        group, _, word = name.rpartition(" ")
        if group not in actions:
            # A group that is a command too, as `releases` is, needs no action.
            parent = parsers.get(group) or commands.add_parser(group)
            actions[group] = parent.add_subparsers(required=group not in parsers, metavar="ACTION")
        parsers[name] = actions[group].add_parser(word, help=said, description=said)
        parsers[name].set_defaults(run=run)
        arguments |= {flag: shared[flag] for flag in arguments.pop("shared", ())}
        for flag, options in arguments.items():
            kind = {"type": TYPES[options["type"]]} if "type" in options else {}
            parsers[name].add_argument(flag, **options | kind)
    return parser


def _find_function(name: str) -> Command:
    """Return the function of a command, which `commands.toml` names `data.check_extracts`."""
    module, _, function = name.partition(".")
    found: Command = getattr(MODULES[module], function)
    return found
