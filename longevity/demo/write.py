"""Write the demonstration's extracts: a world of rows at a time, so that memory stays flat.

A *world* is one drawn history of a city: its shootings, groups, call-ins, people and so on.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from longevity.base.errors import DataError, UsageError, describe_error
from longevity.base.progress import Progress, ignore_progress
from longevity.demo import planted_truths
from longevity.demo.draw import build_extract, draw_city, open_database
from longevity.demo.episodes import ENFORCEMENT_BEHIND
from longevity.demo.ground import make_world
from longevity.ingest import extracts_file, generator_mark
from longevity.ingest.contract import EXTRACTS
from longevity.ingest.extracts_file import ExtractsFile
from longevity.settings import Settings

SAID_EVERY = 25  # worlds from one sentence of progress to the next


def write_demonstration(
    out: Path,
    settings: Settings,
    until: date,
    scale: int = 1,
    seed: int = 1,
    progress: Progress = ignore_progress,
) -> None:
    """Write every extract, `extracts.toml` and `planted.json` (the planted truths) into `out`.

    `scale` worlds of all configured cities are drawn independently, the first one the same at
    every scale. Equal arguments give equal bytes; with a later `until` the same rows are there,
    and what became known since. UsageError on an argument out of range, ConfigError on settings
    that cannot be drawn, DataError when `out` cannot be written.
    """
    _check_arguments(out, settings, until, seed)
    firsts = [make_world(settings, city, until, seed) for city in settings.cities.values()]
    behind = until - timedelta(days=ENFORCEMENT_BEHIND)
    truths: dict[str, Any] = {
        "seed": seed,
        "until": until,
        "enforcement_through": behind,
        "notes": planted_truths.NOTES,
        "cities": {},
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            writers = {}
            for extract in EXTRACTS:
                path = out / f"{extract.name}.parquet"
                writer = pq.ParquetWriter(path, extract.schema, compression="zstd")
                writers[extract] = stack.enter_context(writer)
            database = stack.enter_context(open_database())
            for number in range(1, scale + 1):
                for first in firsts:
                    city = first.city.id
                    draw_city(database, replace(first, number=number))
                    for extract, writer in writers.items():
                        # A city has one budget, however many worlds are drawn of it.
                        if number == 1 or extract.name != "budget":
                            writer.write_table(build_extract(database, extract, city))
                    if number == 1:
                        truths["cities"][city] = planted_truths.describe_city(database, first)
                if number % SAID_EVERY == 0 or number == scale:
                    progress(f"Drew {number:,} of {scale:,} worlds of {len(firsts)} cities.")
        through = {extract.name: dict.fromkeys(settings.cities, until) for extract in EXTRACTS}
        through["enforcement_actions"] = dict.fromkeys(settings.cities, behind)
        extracts_file.write_extracts_file(out, ExtractsFile(kind="synthetic", data_through=through))
        truths[generator_mark.MARK] = generator_mark.hash_extracts(out)
        text = json.dumps(truths, indent=1, default=str) + "\n"
        (out / generator_mark.NAME).write_text(text, encoding="utf-8")
    except OSError as error:
        raise DataError(
            f"The demonstration cannot be written to {out}: {describe_error(error)}.",
            "Give a folder that can be written to and has room.",
        ) from error


def _check_arguments(out: Path, settings: Settings, until: date, seed: int) -> None:
    """Refuse a day before the start, a seed below zero, and to write over what was not drawn."""
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
