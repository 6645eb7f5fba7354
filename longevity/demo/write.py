"""Write the demonstration: worlds one after the other, so that memory stays flat."""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from longevity.demo import enforcement, incident_rows, planted_truths, program_rows, service_rows
from longevity.demo.extract_tables import build_table
from longevity.demo.plan import Ground, Plan, make_ground, plan_city
from longevity.demo.simulate_episodes import ENFORCEMENT_BEHIND, WINDOW
from longevity.demo.streams import Ints, number_day
from longevity.errors import ConfigError, DataError, UsageError, describe_error
from longevity.ingest import extracts_file, generator_mark
from longevity.ingest.contract import BY_NAME, EXTRACTS, Kind
from longevity.ingest.extracts_file import ExtractsFile
from longevity.progress import Progress, ignore_progress
from longevity.settings import Settings

REPEATED = (Kind.CITY, Kind.CHOICE, Kind.BAND, Kind.TEXT)  # few words, many times
ROWS_A_GROUP = 120_000  # rows gathered before a row group is written
TOLD_EVERY = 25  # worlds between two sentences of progress
MOST_WORLDS = 100_000
# What is written of every city in every world, besides the actions that were drawn for it.
MADE = (
    incident_rows.make_incident_rows,
    incident_rows.make_victim_rows,
    incident_rows.make_incident_group_rows,
    program_rows.make_group_rows,
    program_rows.make_people_rows,
    program_rows.make_membership_rows,
    program_rows.make_supervision_rows,
    program_rows.make_call_in_rows,
    program_rows.make_invitation_rows,
    program_rows.make_notification_rows,
    service_rows.make_custody_release_rows,
    service_rows.make_contact_rows,
    service_rows.make_service_rows,
    service_rows.make_event_rows,
    service_rows.make_request_rows,
    service_rows.make_review_rows,
)


def _refuse_real(out: Path, settings: Settings) -> None:
    """Refuse to write over extracts that a demonstration did not make."""
    if (
        any(out.glob("*.parquet"))
        and extracts_file.read_extracts_file(out, settings).kind != "synthetic"
    ):
        raise DataError(
            f"{out} holds extracts that are not synthetic; nothing was written.",
            "Give an empty folder.",
        )


def write_demonstration(
    out: Path,
    settings: Settings,
    until: date,
    scale: int = 1,
    seed: int = 1,
    progress: Progress = ignore_progress,
) -> dict[str, int]:
    """Write every extract, `extracts.toml` and `planted.json` into `out`; the rows of each extract.

    `scale` worlds of all configured cities are drawn independently, the first
    one the same at every scale. Equal arguments give equal bytes; with a later
    `until` the same rows are there, and what became known since. UsageError on
    an argument out of range, ConfigError on settings that cannot be drawn,
    DataError when `out` cannot be written.
    """
    _check_arguments(settings, until, scale, seed)
    _refuse_real(out, settings)
    grounds = [make_ground(settings, city, until, seed) for city in settings.cities.values()]
    as_of = number_day(until)
    totals = [
        np.zeros((len(each.homicides), len(planted_truths.COUNTS)), np.int64) for each in grounds
    ]
    first: list[tuple[Plan, list[str]]] = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            files = {e.name: stack.enter_context(_File(out, e.name)) for e in EXTRACTS}
            for world in range(1, scale + 1):
                for place, each in enumerate(grounds):
                    plan = plan_city(each, seed, world)
                    codes = _write_city(plan, world, as_of, files)
                    totals[place] += planted_truths.count_on_file(plan, as_of)
                    if world == 1:
                        first.append((plan, codes))
                if world % TOLD_EVERY == 0 or world == scale:
                    progress(f"Drew {world:,} of {scale:,} worlds of {len(grounds)} cities.")
        extracts_file.write_extracts_file(out, _describe_extracts(settings, until))
        truths = _collect_truths(grounds, totals, first, until, scale, seed)
        truths[generator_mark.MARK] = generator_mark.hash_extracts(out)
        (out / generator_mark.NAME).write_text(
            json.dumps(truths, indent=1) + "\n", encoding="utf-8"
        )
    except OSError as error:
        raise DataError(
            f"The demonstration cannot be written to {out}: {describe_error(error)}.",
            "Give a folder that can be written to and has room.",
        ) from error
    return {name: file.rows for name, file in files.items()}


def _check_arguments(settings: Settings, until: date, scale: int, seed: int) -> None:
    starts = settings.demonstration.starts_on
    if until < starts:
        raise UsageError(
            f"--until {until} lies before the demonstration starts, {starts}.",
            "Give a later date, or an earlier demonstration.starts_on in the configuration.",
        )
    if until.year > 2099:
        raise UsageError(f"--until {until} is too far ahead.", "Give a year before 2100.")
    if not 1 <= scale <= MOST_WORLDS:
        raise UsageError(f"--scale {scale} is not between 1 and {MOST_WORLDS:,}.")
    if seed < 0:
        raise UsageError(f"--seed {seed} is below zero.", "Give a whole number from 0 on.")
    for city in settings.cities.values():
        demonstration = city.demonstration
        if (
            demonstration.groups < 1
            or demonstration.incidents_a_month <= 0
            or not 0 <= demonstration.gmi_share <= 1
        ):
            raise ConfigError(
                f"cities.{city.id}.demonstration cannot be drawn.",
                "It needs a group or more, 'incidents_a_month' above zero and 'gmi_share' "
                "between 0 and 1.",
            )


def _write_city(plan: Plan, world: int, as_of: int, files: dict[str, _File]) -> list[str]:
    """Write one city of one world; the codes of its actions, planned ones first."""
    # The first world has the same codes at every scale.
    prefix = f"{plan.ground.city.id}-" if world == 1 else f"{plan.ground.city.id}-{world}-"
    actions = enforcement.draw_actions(plan)
    made = [make_rows(plan, prefix, as_of) for make_rows in MADE]
    made.append(program_rows.make_action_rows(plan, actions, prefix, as_of))
    if world == 1:  # a city has one budget, however many worlds are drawn of it
        made.append(service_rows.make_budget_rows(plan, prefix, as_of))
    for rows in made:
        files[rows.extract].add(build_table(rows, plan.ground.city.id, as_of))
    return actions.code


class _File:
    """One parquet file written a row group at a time."""

    def __init__(self, out: Path, name: str) -> None:
        extract = BY_NAME[name]
        text_columns = [c.name for c in extract.columns if c.kind in REPEATED]
        self._writer = pq.ParquetWriter(
            out / f"{name}.parquet",
            extract.schema,
            version="2.6",
            compression="zstd",
            compression_level=3,
            use_dictionary=text_columns,
            data_page_version="1.0",
        )
        self._schema = extract.schema
        self._waiting: list[pa.Table] = []
        self._held = 0
        self.rows = 0

    def __enter__(self) -> _File:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._flush()
        self._writer.close()

    def add(self, rows: pa.Table) -> None:
        """Keep rows until there are enough for a row group."""
        self._waiting.append(rows)
        self._held += rows.num_rows
        self.rows += rows.num_rows
        if self._held >= ROWS_A_GROUP:
            self._flush()

    def _flush(self) -> None:
        if self._held:
            table = pa.concat_tables(self._waiting).combine_chunks()
            self._writer.write_table(table, row_group_size=max(self._held, 1))
        self._waiting, self._held = [], 0


def _describe_extracts(settings: Settings, until: date) -> ExtractsFile:
    """Return what each extract is complete to: all to `until`, but enforcement a little behind."""
    behind = {"enforcement_actions": until - timedelta(days=ENFORCEMENT_BEHIND)}
    return ExtractsFile(
        kind="synthetic",
        data_through={
            extract.name: dict.fromkeys(settings.cities, behind.get(extract.name, until))
            for extract in EXTRACTS
        },
    )


def _collect_truths(
    grounds: list[Ground],
    totals: list[Ints],
    first: list[tuple[Plan, list[str]]],
    until: date,
    scale: int,
    seed: int,
) -> dict[str, Any]:
    as_of = number_day(until)
    cities: dict[str, Any] = {}
    every: list[dict[str, Any]] = []
    for each, total, (plan, codes) in zip(grounds, totals, first, strict=True):
        prefix = f"{each.city.id}-"
        every += planted_truths.list_episodes(plan, prefix, as_of)
        cities[each.city.id] = {
            "settings": planted_truths.echo_settings(each),
            **planted_truths.summarise_city(each, total, as_of),
            "restraint": planted_truths.count_restraint(plan, prefix, codes, as_of),
            "attendance": planted_truths.count_attendance(plan, as_of),
            "groups": planted_truths.list_groups(plan, prefix, as_of),
        }
    return {
        "seed": seed,
        "until": until.isoformat(),
        "scale": scale,
        "enforcement_through": (until - timedelta(days=ENFORCEMENT_BEHIND)).isoformat(),
        "promise_window_days": WINDOW,
        "notes": list(planted_truths.NOTES),
        "cities": cities,
        "episodes": every,
    }
