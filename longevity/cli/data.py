"""The commands that bring data in and look after releases: demo, import, publish, purge and more.

Each takes the parsed arguments, the configuration and today, and returns the exit code.
"""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime, timedelta

from longevity.base.errors import UsageError, count_noun
from longevity.cli.common import print_to_stderr, write_edition
from longevity.settings import Settings


def write_demonstration(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Write synthetic extracts."""
    from longevity import demo as demonstration

    until = arguments.until or today - timedelta(days=1)
    if until > today:
        raise UsageError(
            f"--until {until.isoformat()} is in the future: today is {today.isoformat()}.",
            "Data of days that have not been would be refused by check.",
        )
    demonstration.write_demonstration(
        arguments.out,
        settings,
        until,
        scale=arguments.scale,
        seed=arguments.seed,
        progress=print_to_stderr,
    )
    print(f"Synthetic extracts to {until.isoformat()} are in {arguments.out}.")
    return 0


def import_file(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Turn a messy file into contract extracts."""
    from longevity.ingest import importing

    report = importing.import_source(
        arguments.file,
        arguments.mapping,
        arguments.out,
        settings,
        today,
        arguments.data_through,
        print_to_stderr,
    )
    for remark in report.remarks:
        print(remark)
    part = report.part
    for extract, rows in part.rows.items():
        print(f"{extract}: {count_noun(rows, 'row')} written.")
    print(
        f"{count_noun(part.rows_in, 'row')} in = {part.accepted} accepted "
        f"+ {part.quarantined} quarantined."
    )
    if report.quarantine:
        print(f"The quarantined rows, each with its reason: {report.quarantine}")
        return 1
    return 0


def check_extracts(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Say everything that is wrong with a folder of extracts."""
    from longevity.checks import check
    from longevity.checks.findings import select_errors
    from longevity.release.crosscheck import check_against_served

    findings = check.check_extracts(arguments.directory, settings, today, print_to_stderr)
    if all(finding.acceptable for finding in select_errors(findings)):
        findings += check_against_served(arguments.directory, settings)
    errors = select_errors(findings)
    for finding in findings:
        print(finding.line)
    warnings = count_noun(len(findings) - len(errors), "warning")
    print(f"{count_noun(len(errors), 'error')}, {warnings}.")
    return 1 if errors else 0


def publish_extracts(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Check, locate, build and publish."""
    from longevity.app.publish import draw_pictures, publish_release
    from longevity.release.table_withdrawals import Withdrawals

    withdrawals = Withdrawals(_parse_tables(arguments.withdraw), tuple(arguments.city))
    reason = (arguments.reason or "").strip()
    if (arguments.accept or withdrawals) and not reason:
        raise UsageError(
            "--accept and --withdraw need a reason in words, and there is none.",
            "It is kept with the release, and everybody sees why a table is withdrawn: "
            "--reason 'male and female were swapped'.",
        )
    if reason and not (arguments.accept or withdrawals):
        raise UsageError(
            "--reason says why of --accept or --withdraw, and there is neither.",
            "What --accept may name, check says of each error.",
        )
    if arguments.city and not withdrawals:
        raise UsageError("--city says of which cities --withdraw speaks.", "Add it.")
    report = publish_release(
        arguments.directory,
        settings,
        today,
        reason,
        print_to_stderr,
        withdrawals=withdrawals,
        accept=arguments.accept,
    )
    for finding in report.findings:
        if not finding.acceptable:
            print_to_stderr(finding.line)
    for sentence in report.accepted:
        print_to_stderr(f"accepted: {sentence}")
    for sentence in report.ledger_sentences:
        print_to_stderr(sentence)
    if report.already:
        print_to_stderr("This content was published before; nothing changed.")
    print(report.release_id, flush=True)
    if not arguments.no_pictures:
        draw_pictures(settings, today, print_to_stderr)
    if arguments.edition:
        write_edition(arguments.edition, arguments.base_url, settings, today)
    elif withdrawals:
        _mention_editions(settings)
    return 0


def _mention_editions(settings: Settings) -> None:
    """Name the editions (public websites, written as files) that were made before this command.

    They show what it changed as it was, until they are written again.
    """
    from longevity.edition.build import list_editions

    for out in list_editions(settings.home):
        again = f"run `python -m longevity edition --out {out}`"
        print_to_stderr(f"The edition at {out} was made before this: {again}.")


def _parse_tables(pairs: list[list[str]]) -> tuple[tuple[str, int], ...]:
    """Return the tables as `(("public_funnel", 2024),)`; UsageError for a year that is none."""
    for table, year in pairs:
        if not year.isdecimal():
            raise UsageError(f"'{year}' is not a year.", f"Name a table and a year: {table} 2024.")
    return tuple((table, int(year)) for table, year in pairs)


def list_releases(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """List the releases, newest first."""
    from longevity.release.store import Store

    store = Store(settings.home)
    current = store.read_current_id()
    for summary in store.list_releases():
        mark = "current" if summary.id == current else ""
        mark += f" damaged: {summary.damage}" if summary.damage else ""
        print(f"{summary.id}  {summary.kind:<9}  {summary.published_on}  {mark}".rstrip())
    return 0


def prune_releases(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Drop old releases; never the one that is served nor the one before it."""
    from longevity.release.store import Store

    release_ids = Store(settings.home).prune(arguments.keep)
    for release_id in release_ids:
        print(f"{release_id} dropped.")
    if not release_ids:
        print("No release was dropped.")
    return 0


def push_releases(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Push the releases to a remote, from which other machines take them."""
    from longevity.release import copies

    remote, is_public = arguments.remote, arguments.public_only
    number = copies.push(settings, remote, is_public, print_to_stderr)
    print(f"{remote} holds what this home has: entry {number}.")
    return 0


def pull_releases(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Take over the releases of a remote, and serve what it serves."""
    from longevity.app.publish import draw_pictures
    from longevity.release import copies
    from longevity.release.store import Store

    remote, now, store = arguments.remote, datetime.now(UTC), Store(settings.home)
    before = store.read_current_id()
    number = copies.pull(settings, remote, now, arguments.replace, print_to_stderr)
    served = store.current()
    print(f"{served.id} is served: entry {number} of {remote}.", flush=True)
    if served.id != before and not arguments.no_pictures:
        draw_pictures(settings, today, print_to_stderr)
    return 0


def purge_people(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Destroy a person's rows in every kept release; --due, of all whose day of review is past."""
    from longevity.release import purge

    # An empty one, as of a variable that was not set, would be found in every empty cell.
    person = (arguments.person or "").strip()
    if arguments.due == bool(person):
        raise UsageError("purge needs the code of one person, or --due, not both.")
    if arguments.dry_run:
        if not arguments.due:
            raise UsageError("--dry-run counts who is due: it goes with --due.")
        due = purge.destroy_due(settings, today, dry_run=True).people
        print(f"Would be destroyed: {count_noun(due, 'code')}. None was.")
        return 0
    if arguments.due:
        report = purge.destroy_due(settings, today)
    else:
        report = purge.destroy_person(settings, person, today)
    for sentence in purge.describe_purge(report):
        print(sentence)
    _mention_editions(settings)
    for sentence in report.remains:
        print_to_stderr(sentence)
    return 1 if report.remains else 0


def roll_back(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Serve an earlier release again."""
    from longevity.release import table_withdrawals
    from longevity.release.store import Store

    release = Store(settings.home).rollback(arguments.release_id)
    print(f"{arguments.release_id} is served now.")
    _mention_editions(settings)
    for sentence in table_withdrawals.describe_withdrawals(release.manifest["withdrawn"], settings):
        print(sentence)
    return 0


def install_boundaries(arguments: argparse.Namespace, settings: Settings, today: date) -> int:
    """Install a city's boundaries from a file."""
    from longevity.geography import installed_boundaries

    for sentence in installed_boundaries.install_boundaries(
        settings, arguments.city, arguments.file, arguments.name_field, today
    ):
        print(sentence)
    return 0
