"""A table as another office would hand it over, for timing an import: a row a person shot."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

MOST_ROWS = 200_000

MAPPING = """
[incidents.columns]
incident_id = "case"
city = "city"
occurred_at = { from = "happened", format = "%m/%d/%Y %H:%M" }
longitude = "lon"
latitude = "lat"
location_precision = { constant = "block" }
circumstance = { from = "why", values = { CRIM = "criminal" }, otherwise = "unknown" }

[victims.columns]
outcome = { from = "died", values = { Y = "fatal", N = "nonfatal" } }
weapon = { constant = "firearm" }
"""


def write(release: Path, folder: Path) -> tuple[Path, Path, int]:
    """Write the CSV and its mapping into `folder`: their paths, and how many rows there are."""
    victims = pd.read_parquet(
        release / "extracts/victims.parquet", columns=["incident_id", "outcome"]
    )
    incidents = pd.read_parquet(
        release / "extracts/incidents.parquet",
        columns=["incident_id", "city", "occurred_at", "longitude", "latitude", "circumstance"],
    )
    rows = victims.head(MOST_ROWS).merge(incidents, on="incident_id")
    table = pd.DataFrame(
        {
            "case": rows["incident_id"],
            "city": rows["city"],
            "happened": rows["occurred_at"].dt.strftime("%m/%d/%Y %H:%M"),
            "lat": rows["latitude"],
            "lon": rows["longitude"],
            "why": rows["circumstance"].map({"criminal": "CRIM", "unknown": "UNK"}).fillna("OTH"),
            "died": rows["outcome"].map({"fatal": "Y", "nonfatal": "N"}),
        }
    )
    file, mapping = folder / "shootings.csv", folder / "mapping.toml"
    table.to_csv(file, index=False)
    mapping.write_text(MAPPING, encoding="utf-8")
    return file, mapping, len(table)
