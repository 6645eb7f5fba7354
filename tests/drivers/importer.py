"""Import a few lines as a test writes them: the source as text, the mapping as TOML."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from longevity.ingest import importing
from longevity.ingest.importing.one_file import ImportReport
from longevity.settings import Settings

TODAY = date(2026, 11, 23)

INCIDENTS = """
[incidents.columns]
incident_id = "id"
city = "city"
occurred_at = "date"
longitude = "lon"
latitude = "lat"
[victims]
spread = { fatal = "killed", nonfatal = "injured" }
[victims.columns]
weapon = { constant = "firearm" }
"""


class Bench:
    """A folder to import into, and what came out of it."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        self.settings = settings
        self.out = folder / "out"
        self.cities = list(settings.cities)

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run(
        self,
        source: str | bytes | Path,
        mapping: str = INCIDENTS,
        name: str = "source.csv",
        mapping_name: str = "mapping.toml",
        data_through: date | None = None,
    ) -> ImportReport:
        """Import; `{c0}`, `{c1}`, … in source and mapping are cities of the configuration."""
        for at, city in enumerate(self.cities):
            mapping = mapping.replace(f"{{c{at}}}", city)
            if isinstance(source, str):
                source = source.replace(f"{{c{at}}}", city)
        file = source if isinstance(source, Path) else self.file(name, source)
        rules = self.file(mapping_name, mapping)
        report = importing.import_source(file, rules, self.out, self.settings, TODAY, data_through)
        assert report.part.rows_in == report.part.accepted + report.part.quarantined
        return report

    def rows(self, extract: str = "incidents") -> pd.DataFrame:
        return pd.read_parquet(self.out / f"{extract}.parquet")

    def refused(self, report: ImportReport) -> list[dict[str, Any]]:
        """The quarantine of one import."""
        if report.quarantine is None:
            return []
        return [json.loads(line) for line in report.quarantine.read_text().splitlines()]
