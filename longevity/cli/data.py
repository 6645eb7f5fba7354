"""Commands that bring data in: demo, import, check, publish, releases, purge, boundaries."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date, timedelta
from pathlib import Path

from longevity.cli.common import Add, counted, day, positive, say
from longevity.errors import UsageError
from longevity.settings import Settings


def demo(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Write synthetic extracts."""
    from longevity import demo as demonstration

    until = asked.until or today - timedelta(days=1)
    if until > today:
        raise UsageError(
            f"--until {until.isoformat()} is in the future: today is {today.isoformat()}.",
            "Data of days that have not been would be refused by check.",
        )
    demonstration.write_demonstration(asked.out, settings, until, asked.scale, asked.seed, say)
    print(f"Synthetic extracts to {until.isoformat()} are in {asked.out}.")
    return 0


def import_file(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Turn a messy file into contract extracts."""
    from longevity.ingest import importing

    report = importing.import_source(
        asked.file, asked.mapping, asked.out, settings, today, asked.data_through, say
    )
    for remark in report.remarks:
        print(remark)
    for extract, rows in report.written.items():
        print(f"{extract}: {counted(rows, 'row')} written.")
    print(
        f"{counted(report.rows_in, 'row')} in = {report.accepted} accepted "
        f"+ {report.quarantined} quarantined."
    )
    if report.quarantined:
        print(f"The quarantined rows, each with its reason: {report.quarantine}")
        return 1
    return 0


def check(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Say everything that is wrong with a folder of extracts."""
    from dataclasses import asdict

    from longevity.ingest.validation.check import check_extracts as find
    from longevity.ingest.validation.findings import select_errors as wrong
    from longevity.release.crosscheck import check_against_served

    findings = find(asked.directory, settings, today, say)
    if all(finding.acceptable for finding in wrong(findings)):
        findings += check_against_served(asked.directory, settings)
    errors = wrong(findings)
    if asked.json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2, default=str))
    else:
        for finding in findings:
            print(finding.line)
        warnings = counted(len(findings) - len(errors), "warning")
        print(f"{counted(len(errors), 'error')}, {warnings}.")
    return 1 if errors else 0


def publish(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Check, locate, build and publish."""
    from longevity.app import warmup
    from longevity.privacy import public_tables
    from longevity.release import publish as publishing
    from longevity.release.table_corrections import Corrections

    corrections = Corrections(_tables(asked.recut), _tables(asked.withdraw), tuple(asked.city))
    if asked.accept is not None and not asked.accept.strip():
        raise UsageError(
            "--accept needs a reason in words, and there is none.",
            "It is kept with the release: --accept 'the source was cleaned'.",
        )
    if corrections and asked.accept is None:
        raise UsageError(
            "A public table is cut again or withdrawn only for a reason, and there is none.",
            "It is shown to everybody: --accept 'male and female were swapped'.",
        )
    if asked.city and not corrections:
        raise UsageError("--city says of which cities --recut or --withdraw speaks.", "Add one.")
    report = publishing.publish(
        asked.directory,
        settings,
        today,
        asked.accept,
        say,
        freeze=public_tables.freeze,
        prepare=warmup.prepare,
        corrections=corrections,
    )
    for finding in report.findings:
        if not finding.acceptable:
            say(finding.line)
    for sentence in report.accepted:
        say(f"accepted: {sentence}")
    for sentence in report.ledger_sentences:
        say(sentence)
    if report.already:
        say("This content was published before; nothing changed.")
    print(report.release_id)
    return 0


def _tables(given: list[list[str]]) -> tuple[tuple[str, int], ...]:
    """The tables named, each with its year; UsageError for a year that is none."""
    for table, year in given:
        if not year.isdecimal():
            raise UsageError(f"'{year}' is not a year.", f"Name a table and a year: {table} 2024.")
    return tuple((table, int(year)) for table, year in given)


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
    from longevity.app import warmup
    from longevity.release import purge as purging

    if asked.due == (asked.person is not None):
        raise UsageError("purge needs the code of one person, or --due, not both.")
    if asked.due:
        report = purging.purge_due(settings, today, say, prepare=warmup.prepare)
    else:
        report = purging.purge(settings, asked.person.strip(), today, say, prepare=warmup.prepare)
    for sentence in purging.describe_purge(report):
        print(sentence)
    for sentence in report.left + report.unread:
        print(sentence, file=sys.stderr)
    return 1 if report.left or report.unread else 0


def rollback(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Serve an earlier release again."""
    from longevity.release import purge as purging
    from longevity.release import table_corrections

    release = purging.rollback(settings, asked.release_id)
    print(f"{asked.release_id} is served now.")
    for sentence in table_corrections.describe_withdrawn(release.manifest, settings):
        print(sentence)
    return 0


def boundaries_install(asked: argparse.Namespace, settings: Settings, today: date) -> int:
    """Install a city's official boundaries."""
    from longevity.geography import installed_boundaries

    report = installed_boundaries.install(
        settings, asked.city, asked.file, asked.name_field, today, asked.make_valid
    )
    for remark in report.remarks:
        print(remark)
    name = settings.city(asked.city).name
    areas = counted(report.areas, "area")
    print(f"{areas} of {name} installed; the next publish uses them.")
    return 0


def register(add: Add) -> None:
    """Add these commands."""
    one = add("demo", demo)
    one.add_argument("--out", type=Path, required=True)
    one.add_argument("--until", type=day, metavar="DATE")
    one.add_argument("--scale", type=positive, default=1)
    one.add_argument("--seed", type=int, default=1)
    one = add("import", import_file)
    one.add_argument("file", type=Path)
    one.add_argument("--mapping", type=Path, required=True)
    one.add_argument("--out", type=Path, required=True)
    one.add_argument("--data-through", type=day, metavar="DATE")
    one = add("check", check)
    one.add_argument("directory", type=Path)
    one.add_argument("--json", action="store_true")
    one = add("publish", publish)
    one.add_argument("directory", type=Path)
    one.add_argument("--accept", metavar="REASON")
    for name in ("--recut", "--withdraw"):
        one.add_argument(name, nargs=2, action="append", default=[], metavar=("TABLE", "YEAR"))
    one.add_argument("--city", action="append", default=[], metavar="CITY")
    one = add("releases", releases)
    actions = one.add_subparsers(metavar="ACTION")
    dropping = add("prune", prune, actions)
    dropping.add_argument("--keep", type=positive, required=True, metavar="N")
    one = add("purge", purge)
    one.add_argument("person", nargs="?", metavar="PERSON")
    one.add_argument("--due", action="store_true")
    one = add("rollback", rollback)
    one.add_argument("release_id", metavar="ID")
    actions = add("boundaries", None).add_subparsers(required=True, metavar="ACTION")
    one = add("install", boundaries_install, actions)
    one.add_argument("city")
    one.add_argument("file", type=Path)
    one.add_argument("--name-field")
    one.add_argument("--make-valid", action="store_true", help="Mend outlines that cross.")
