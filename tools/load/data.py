"""The data of the load: a release to publish while viewers look, and whose words are whose."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from longevity.release.store import Release
from longevity.settings import Settings
from tests.factories.extracts import mark

EVERY = 10  # of how many victims of the last year one is left out of the later release
MOST_CODES, SHORTEST = 300, 6


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


def drop_some_victims(extracts: Path) -> None:
    """Leave out some victims of the last year, so that every figure of it changes."""
    path = extracts / "victims.parquet"
    rows = pq.read_table(path)
    happened = pd.read_parquet(
        extracts / "incidents.parquet", columns=["incident_id", "occurred_at"]
    )
    newest = happened["occurred_at"].max() - pd.Timedelta(days=365)
    recent = happened.loc[happened["occurred_at"] > newest, "incident_id"]
    among = rows["incident_id"].to_pandas().isin(recent)
    left_out = among & (among.cumsum() % EVERY == 0)
    pq.write_table(rows.filter(pa.array(~left_out)), path)
    mark(extracts)


def list_own_words(releases: Iterable[Release], settings: Settings) -> dict[str, set[bytes]]:
    """Return by city what only its own viewer and the state may be sent: codes, groups' names.

    Of a great many, some. Those too short to tell from other words are left out, and a name
    that two cities have says nothing about either.
    """
    found: dict[str, set[str]] = {city: set() for city in settings.cities}
    for release in releases:
        for extract, columns in (("groups", ("group_id", "label")), ("people", ("person_id",))):
            if release.has(f"named/{extract}.parquet"):
                table = pd.read_parquet(release.member(f"named/{extract}.parquet"))
                for city, own in table.iloc[:: 1 + len(table) // MOST_CODES].groupby("city"):
                    found[city] |= {word for name in columns for word in own[name].dropna()}
    return {
        city: {
            word.encode()
            for word in own
            if len(word) >= SHORTEST
            and not any(word in other for name, other in found.items() if name != city)
        }
        for city, own in found.items()
    }
