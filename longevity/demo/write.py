"""Write the demonstration: worlds one after the other, so that memory stays flat."""

from __future__ import annotations

import json
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from longevity.demo import planted_truths
from longevity.demo.episodes import ENFORCEMENT_BEHIND
from longevity.demo.extract_rows import build_table
from longevity.demo.ground import make_ground
from longevity.demo.plan import Plan, plan_city
from longevity.errors import DataError, UsageError, describe_error
from longevity.ingest import extracts_file, generator_mark
from longevity.ingest.contract import EXTRACTS
from longevity.ingest.extracts_file import ExtractsFile
from longevity.progress import Progress, ignore_progress
from longevity.settings import Settings

WORLDS_A_GROUP = 25  # drawn before a row group of each file is written


def write_demonstration(
    out: Path,
    settings: Settings,
    until: date,
    scale: int = 1,
    seed: int = 1,
    progress: Progress = ignore_progress,
) -> None:
    """Write every extract, `extracts.toml` and `planted.json` into `out`.

    `scale` worlds of all configured cities are drawn independently, the first one the same at
    every scale. Equal arguments give equal bytes; with a later `until` the same rows are there,
    and what became known since. UsageError on an argument out of range, ConfigError on settings
    that cannot be drawn, DataError when `out` cannot be written.
    """
    _check_arguments(out, settings, until, seed)
    grounds = [make_ground(settings, city, until, seed) for city in settings.cities.values()]
    totals = [np.array(0)] * len(grounds)
    first: list[Plan] = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            writers = {
                each.name: stack.enter_context(
                    pq.ParquetWriter(out / f"{each.name}.parquet", each.schema, compression="zstd")
                )
                for each in EXTRACTS
            }
            waiting: dict[str, list[pa.Table]] = {name: [] for name in writers}
            for world in range(1, scale + 1):
                for place, ground in enumerate(grounds):
                    plan = plan_city(ground, seed, world)
                    totals[place] = totals[place] + planted_truths.count_on_file(plan)
                    for name, rows in plan.rows.items():
                        # A city has one budget, however many worlds are drawn of it.
                        if world == 1 or name != "budget":
                            waiting[name].append(build_table(name, rows, plan.world))
                    if world == 1:
                        first.append(plan)
                if world % WORLDS_A_GROUP == 0 or world == scale:
                    for name, writer in writers.items():
                        writer.write_table(pa.concat_tables(waiting[name]))
                        waiting[name].clear()
                    progress(f"Drew {world:,} of {scale:,} worlds of {len(grounds)} cities.")
        through = {name: dict.fromkeys(settings.cities, until) for name in writers}
        enforcement_through = until - timedelta(days=ENFORCEMENT_BEHIND)
        through["enforcement_actions"] = dict.fromkeys(settings.cities, enforcement_through)
        extracts_file.write_extracts_file(out, ExtractsFile(kind="synthetic", data_through=through))
        truths = {
            "seed": seed,
            "until": until.isoformat(),
            "enforcement_through": enforcement_through.isoformat(),
            "notes": planted_truths.NOTES,
            "cities": {
                plan.world.city.id: planted_truths.describe_city(plan, total)
                for plan, total in zip(first, totals, strict=True)
            },
            "episodes": [row for plan in first for row in planted_truths.list_episodes(plan)],
            generator_mark.MARK: generator_mark.hash_extracts(out),
        }
        text = json.dumps(truths, indent=1) + "\n"
        (out / generator_mark.NAME).write_text(text, encoding="utf-8")
    except OSError as error:
        raise DataError(
            f"The demonstration cannot be written to {out}: {describe_error(error)}.",
            "Give a folder that can be written to and has room.",
        ) from error


def _check_arguments(out: Path, settings: Settings, until: date, seed: int) -> None:
    starts = settings.demonstration.starts_on
    if until < starts:
        raise UsageError(
            f"--until {until} lies before the demonstration starts, {starts}.",
            "Give a later date, or an earlier demonstration.starts_on in the configuration.",
        )
    if seed < 0:
        raise UsageError(f"--seed {seed} is below zero.", "Give a whole number from 0 on.")
    # Never write over extracts that a demonstration did not make.
    is_taken = any(out.glob("*.parquet"))
    if is_taken and extracts_file.read_extracts_file(out, settings).kind != "synthetic":
        raise DataError(
            f"{out} holds extracts that are not synthetic; nothing was written.",
            "Give an empty folder.",
        )
