"""The data of the load: a release, one to publish while viewers look, and one to refuse."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from longevity import demo
from longevity.app.publish import publish_release
from longevity.progress import ignore_progress
from longevity.release.store import Release, Store
from longevity.settings import Settings
from tests.factories.extracts import mark

EVERY = 10  # of how many victims of the last year one is left out of the later release
MOST_VICTIMS = 2_000_000  # above that a publish takes longer than a load
MOST_CODES, SHORTEST = 5000, 6
COUNTED = ("criminal", "unknown")


def publish_demonstration(settings: Settings, folder: Path, today: date, scale: int) -> None:
    """Publish a demonstration into the home, each group named after its city too."""
    until = today - timedelta(days=1)
    demo.write_demonstration(folder, settings, until, scale, 1, ignore_progress)
    path = folder / "groups.parquet"
    rows = pq.read_table(path)
    at = rows.schema.get_field_index("label")
    named = [
        f"{label} ({settings.city(city).name})"
        for label, city in zip(rows["label"].to_pylist(), rows["city"].to_pylist(), strict=True)
    ]
    field = rows.schema.field(at)
    pq.write_table(rows.set_column(at, field, pa.array(named, field.type)), path)
    mark(folder)
    publish_release(folder, settings, today, None)


def open_current(home: Path) -> Release:
    """Return the release that is served."""
    return Store(home).current()


def victims(release: Release) -> int:
    """How many rows of victims it holds."""
    return int(release.manifest["rows"]["victims"])


def copy_extracts(release: Release, out: Path) -> Path:
    """Copy the extracts a release was made of to a folder that could be published."""
    out.mkdir()
    for name in (*release.manifest["sha256"], *release.manifest["named_sha256"]):
        if name.startswith(("extracts/", "named/")):
            shutil.copy(release.member(name), out / Path(name).name)
    shutil.copy(release.path / "built" / "extracts.toml", out)
    if release.kind == "synthetic":
        mark(out)
    return out


def drop_some_victims(extracts: Path, release: Release) -> None:
    """Leave out some victims of the last year, so that every figure of it changes."""
    path = extracts / "victims.parquet"
    rows = pq.read_table(path)
    happened = pq.read_table(extracts / "incidents.parquet", columns=["incident_id", "occurred_at"])
    newest = pc.max(happened["occurred_at"]).as_py() - timedelta(days=365)
    recent = happened.filter(pc.greater(happened["occurred_at"], newest))["incident_id"]
    among = pc.is_in(rows["incident_id"], value_set=recent.combine_chunks()).to_pylist()
    count, keep = 0, []
    for one in among:
        count += one
        keep.append(not (one and count % EVERY == 0))
    pq.write_table(rows.filter(pa.array(keep)), path)
    mark(extracts)


def drop_first_city(extracts: Path, settings: Settings) -> None:
    """Leave out every victim of the first city: no publish may accept that unasked."""
    path = extracts / "victims.parquet"
    rows = pq.read_table(path)
    pq.write_table(rows.filter(pc.not_equal(rows["city"], next(iter(settings.cities)))), path)
    mark(extracts)


def shot_this_year(release: Release) -> tuple[dict[str, int], date]:
    """People shot in each city this year so far, counted row by row from the extracts; to a day.

    Shares nothing with the warehouse: a victim hit by a firearm, in an incident that counts,
    from January 1 to the last day through which incidents and victims of all are complete.
    """
    through = min(
        date.fromisoformat(one["day"])
        for extract in ("incidents", "victims")
        for one in release.manifest["data_through"][extract].values()
    )
    incidents = pd.read_parquet(
        release.member("extracts/incidents.parquet"),
        columns=["incident_id", "city", "occurred_at", "circumstance"],
    )
    day = incidents["occurred_at"].dt.date
    counted = incidents[
        incidents["circumstance"].isin(COUNTED)
        & (day >= date(through.year, 1, 1))
        & (day <= through)
    ]
    city = dict(zip(counted["incident_id"], counted["city"], strict=True))
    people = pd.read_parquet(
        release.member("extracts/victims.parquet"), columns=["incident_id", "weapon"]
    )
    shot: dict[str, int] = {}
    for incident, weapon in zip(people["incident_id"], people["weapon"], strict=True):
        if weapon == "firearm" and incident in city:
            shot[city[incident]] = shot.get(city[incident], 0) + 1
    return shot, through


def codes(releases: Iterable[Release], settings: Settings) -> dict[str, set[str]]:
    """By city, what only its own viewer and the state may be sent: codes, and groups' names.

    Of a great many, some. Those too short to be told from other words are left out.
    """
    found: dict[str, set[str]] = {city: set() for city in settings.cities}
    for release in releases:
        for extract, columns in (("groups", ("group_id", "label")), ("people", ("person_id",))):
            if not release.has(f"named/{extract}.parquet"):
                continue
            table = pq.read_table(release.member(f"named/{extract}.parquet"))
            for row in table.take(_some(table.num_rows)).to_pylist():
                found[row["city"]] |= {row[column] for column in columns if row[column]}
    # A name that two cities have says nothing about either.
    return {
        city: {
            word
            for word in own
            if len(word) >= SHORTEST
            and not any(word in other for name, other in found.items() if name != city)
        }
        for city, own in found.items()
    }


def _some(rows: int) -> list[int]:
    return list(range(0, rows, 1 + rows // MOST_CODES))
