"""The command line: `python -m longevity …`.

Whoever runs it can already read LONGEVITY_HOME, so it takes any viewer on any
release. Exit 0 done, 1 as each command states, 2 wrong use, unknown name or
refused access. Errors are sentences on stderr, never tracebacks.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from longevity import __version__
from longevity import settings as configuration
from longevity.errors import LongevityError, UsageError
from longevity.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

    from longevity.warehouse.warehouse import Warehouse

Command = Callable[[argparse.Namespace, Settings, date], int]


def main(arguments: Sequence[str] | None = None, today: date | None = None) -> int:
    """Run one command and return its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that cannot show a sign shows its number instead.
        sys.stdout.reconfigure(errors="backslashreplace")
    asked = _parser().parse_args(arguments)
    now = today or date.today()
    try:
        settings = configuration.load()
        command: Command = asked.command
        code = command(asked, settings, now)
        sys.stdout.flush()
        return code
    except LongevityError as error:
        print(str(error), file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # The reader of our output went away (`… | head`): nothing is wrong.
        _let_go_of_output()
        return 0
    except OSError as error:
        # A disk that filled or a folder that vanished on the way is a sentence too.
        print(f"{error.filename or 'The output'}: {error.strerror}.", file=sys.stderr)
        _let_go_of_output()
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 1


def _let_go_of_output() -> None:
    """What is still to be written goes nowhere, so that leaving does not fail on it."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return  # an output without a file has nothing left to write


def _counted(count: int, noun: str) -> str:
    # Without separators: what is printed here may be read by a program.
    return f"{count} {noun}{'' if count == 1 else 's'}"


def say(sentence: str) -> None:
    """Progress for whoever waits: on stderr, so that stdout stays the answer."""
    print(sentence, file=sys.stderr, flush=True)


# --- data in -----------------------------------------------------------------


def demo(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Write synthetic extracts."""
    from longevity.intake import demonstration

    until = asked.until or today - timedelta(days=1)
    if until > today:
        raise UsageError(
            f"--until {until.isoformat()} is in the future: today is {today.isoformat()}.",
            "Data of days that have not been would be refused by check.",
        )
    demonstration.write(asked.out, settings, until, asked.scale, asked.seed, say)
    print(f"Synthetic extracts to {until.isoformat()} are in {asked.out}.")
    return 0


def import_file(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Turn a messy file into contract extracts."""
    from longevity.intake import importing

    report = importing.run(
        asked.file, asked.mapping, asked.out, settings, today, asked.data_through, say
    )
    for remark in report.remarks:
        print(remark)
    for extract, rows in report.written.items():
        print(f"{extract}: {_counted(rows, 'row')} written.")
    print(
        f"{_counted(report.rows_in, 'row')} in = {report.accepted} accepted "
        f"+ {report.quarantined} quarantined."
    )
    if report.quarantined:
        print(f"The quarantined rows, each with its reason: {report.quarantine}")
        return 1
    return 0


def check(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Say everything that is wrong with a folder of extracts."""
    from dataclasses import asdict

    from longevity.intake.checking.check import check as find

    findings = find(asked.directory, settings, today, say)
    errors = [finding for finding in findings if finding.severity == "error"]
    if asked.json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2, default=str))
    else:
        for finding in findings:
            print(f"{finding.severity}: {finding.sentence} {finding.do}".rstrip())
        warnings = _counted(len(findings) - len(errors), "warning")
        print(f"{_counted(len(errors), 'error')}, {warnings}.")
    return 1 if errors else 0


def publish(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Check, locate, build and publish."""
    from longevity.release import publish as publishing
    from longevity.warehouse import lattice

    if asked.accept is not None and not asked.accept.strip():
        raise UsageError(
            "--accept needs a reason in words, and there is none.",
            "It is kept with the release: --accept 'the source was cleaned'.",
        )
    report = publishing.publish(
        asked.directory, settings, today, asked.accept, say, cut=lattice.cut
    )
    for finding in report.findings:
        say(f"{finding.severity}: {finding.sentence} {finding.do}".rstrip())
    for sentence in report.ledger_sentences:
        say(sentence)
    if report.already:
        say("This content was published before; nothing changed.")
    print(report.release_id)
    return 0


def releases(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """List the releases, newest first."""
    from longevity.release.store import Store

    store = Store(settings.home)
    current = store.current_id()
    for summary in store.all():
        mark = "current" if summary.id == current else ""
        mark += f" damaged: {summary.damage}" if summary.damage else ""
        print(f"{summary.id}  {summary.kind:<9}  {summary.published_on}  {mark}".rstrip())
    return 0


def prune(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Drop old releases; never the one that is served nor the one before it."""
    from longevity.release import purge as purging

    dropped = purging.prune(settings, asked.keep)
    for release_id in dropped:
        print(f"{release_id} dropped.")
    if not dropped:
        print("No release was dropped.")
    return 0


def purge(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Destroy a person's rows in every kept release; --due, of all whose review has passed."""
    from longevity.release import purge as purging

    if asked.due == (asked.person is not None):
        raise UsageError("purge needs the code of one person, or --due, not both.")
    if asked.due:
        report = purging.purge_due(settings, today, say)
    else:
        report = purging.purge(settings, asked.person.strip(), today, say)
    for sentence in purging.sentences(report):
        print(sentence)
    for path in report.left:
        print(f"{path} still holds a code and is not ours to change.", file=sys.stderr)
    return 1 if report.left else 0


def rollback(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Serve an earlier release again."""
    from longevity.release.store import Store

    Store(settings.home).rollback(asked.release_id)
    print(f"{asked.release_id} is served now.")
    return 0


def boundaries_install(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Install a city's official boundaries."""
    from longevity.places import installed

    report = installed.install(settings, asked.city, asked.file, asked.name_field, today)
    for remark in report.remarks:
        print(remark)
    name = settings.city(asked.city).name
    areas = _counted(report.areas, "area")
    print(f"{areas} of {name} installed; the next publish uses them.")
    return 0


# --- answers out ---------------------------------------------------------------


def _warehouse(settings: Settings) -> Warehouse:
    from longevity.release.store import Store
    from longevity.warehouse.warehouse import Warehouse

    release = Store(settings.home).current()
    if release.notice:
        say(release.notice)
    return Warehouse(release, settings)


def queries(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """List the catalogue."""
    from longevity.warehouse import catalogue

    entries = [
        {
            "name": query.name,
            "class": str(query.query_class),
            "parameters": list(query.parameters),
            "question": query.question,
        }
        for query in catalogue.load().values()
    ]
    if asked.format == "json":
        print(json.dumps(entries, indent=2))
    else:
        for entry in entries:
            print(f"{entry['name']} ({entry['class']})\n    {entry['question']}")
            print(f"    --set {', '.join(entry['parameters']) or 'nothing'}")
    return 0


def query(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Answer one query."""
    from longevity.warehouse import viewers
    from longevity.warehouse.warehouse import may_ask

    viewer = viewers.parse(asked.viewer, settings)
    parameters = _pairs(asked.set)
    # A wrong name is wrong whether or not there is a release to ask.
    may_ask(asked.name, parameters, viewer, settings)
    answer = _warehouse(settings).run(asked.name, parameters, viewer)
    if asked.explain:
        say(f"{answer.provenance.question}\n\n{answer.provenance.sql}\n")
    print(_written(answer.frame, asked.format))
    say(answer.provenance.source)
    return 0


def claim(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Check a claim against the counts."""
    from longevity.measures.claims import judging, reading, records, telling, verdict
    from longevity.warehouse.viewers import PUBLIC

    names = records.names(settings)
    default = settings.city(asked.city).id if asked.city else None
    read = reading.read(asked.text, names, default)
    warehouse = _warehouse(settings)
    city = judging.city_of(read, names)
    answers = {
        query: warehouse.run(query, {"city": city} if query in records.OF_A_CITY else {}, PUBLIC)
        for query in records.ASKED
    }
    frames = {query: answer.frame for query, answer in answers.items()}
    synthetic = answers[records.COUNTS].provenance.synthetic
    judged = judging.judge(read, records.record(settings, frames, synthetic))
    source = answers[records.COUNTS].provenance.source
    print(telling.in_full(judged, source, judging.examples(names)))
    return 0 if judged.verdict is verdict.Verdict.SUPPORTED else 1


def _pairs(words: Sequence[str]) -> dict[str, Any]:
    pairs = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise UsageError(f"'--set {word}' has no value.", "Write --set name=value.")
        pairs[name] = value
    return pairs


def _written(frame: pd.DataFrame, form: str) -> str:
    """An answer as text: dates as YYYY-MM-DD, and what is missing empty, null or a dash."""
    shown = frame.copy()
    for column in shown.select_dtypes("datetime"):
        shown[column] = shown[column].dt.strftime("%Y-%m-%d")
    if form == "csv":
        from longevity.press import cells

        return str(cells.frame(shown).to_csv(index=False)).rstrip("\n")
    if form == "json":
        missing = shown.isna()
        columns = {
            name: [
                None if absent else value
                for value, absent in zip(shown[name].tolist(), missing[name], strict=True)
            ]
            for name in shown.columns
        }
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        return json.dumps(rows, indent=2, ensure_ascii=False, allow_nan=False)
    if shown.empty:
        return "  ".join(shown.columns)
    for column in shown.select_dtypes(["Int64", "boolean"]):
        shown[column] = shown[column].astype("object").where(shown[column].notna(), "–")
    return str(shown.to_string(index=False, na_rep="–"))


# --- the application -------------------------------------------------------------


def serve(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Serve the application, building the demonstration first when asked and empty."""
    from longevity.screen import server

    if asked.demonstration:
        server.ensure_demonstration(settings, today, say)
    return server.serve(asked.host, asked.port, say)


def check_config(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Say whether the configuration holds, and sign-in beside it."""
    from longevity.screen import sign_in_check

    sign_in = sign_in_check.report(settings)
    names = ", ".join(city.name for city in settings.cities.values())
    print(f"{settings.config_path} is right: {settings.program}, {names}.")
    if not settings.reference.is_dir():
        print(f"There are no published facts: {settings.reference} does not exist.")
    print(sign_in)
    return 0


# --- the parser --------------------------------------------------------------------


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date such as 2026-11-23") from error


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number above zero")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="longevity", description=__doc__)
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Command, within: Any = commands) -> argparse.ArgumentParser:
        first = (command.__doc__ or "").splitlines()[0]
        one: argparse.ArgumentParser = within.add_parser(name, help=first, description=first)
        one.set_defaults(command=command)
        return one

    _data_in(add)
    _answers_out(add)
    install = commands.add_parser("boundaries", help="Official boundaries.")
    actions = install.add_subparsers(required=True, metavar="ACTION")
    one = add("install", boundaries_install, actions)
    one.add_argument("city")
    one.add_argument("file", type=Path)
    one.add_argument("--name-field")
    return parser


def _data_in(add: Callable[..., argparse.ArgumentParser]) -> None:
    one = add("demo", demo)
    one.add_argument("--out", type=Path, required=True)
    one.add_argument("--until", type=_day, metavar="DATE")
    one.add_argument("--scale", type=_positive, default=1)
    one.add_argument("--seed", type=int, default=1)
    one = add("import", import_file)
    one.add_argument("file", type=Path)
    one.add_argument("--mapping", type=Path, required=True)
    one.add_argument("--out", type=Path, required=True)
    one.add_argument("--data-through", type=_day, metavar="DATE")
    one = add("check", check)
    one.add_argument("directory", type=Path)
    one.add_argument("--json", action="store_true")
    one = add("publish", publish)
    one.add_argument("directory", type=Path)
    one.add_argument("--accept", metavar="REASON")
    one = add("releases", releases)
    actions = one.add_subparsers(metavar="ACTION")
    dropping = add("prune", prune, actions)
    dropping.add_argument("--keep", type=_positive, required=True, metavar="N")
    one = add("purge", purge)
    one.add_argument("person", nargs="?", metavar="PERSON")
    one.add_argument("--due", action="store_true")
    one = add("rollback", rollback)
    one.add_argument("release_id", metavar="ID")


def _answers_out(add: Callable[..., argparse.ArgumentParser]) -> None:
    one = add("queries", queries)
    one.add_argument("--format", choices=("table", "json"), default="table")
    one = add("query", query)
    one.add_argument("name")
    one.add_argument("--set", action="extend", nargs="+", default=[], metavar="K=V")
    one.add_argument("--viewer", default="public")
    one.add_argument("--format", choices=("table", "csv", "json"), default="table")
    one.add_argument("--explain", action="store_true")
    one = add("claim", claim)
    one.add_argument("text", metavar="TEXT")
    one.add_argument("--city", metavar="C", help="The city, where the claim names no place.")
    one = add("serve", serve)
    one.add_argument("--host", default="127.0.0.1")
    one.add_argument("--port", type=_positive, default=8501)
    one.add_argument("--demonstration", action="store_true", help="Build it when there is no data.")
    add("check-config", check_config)
