"""Check a folder of extracts as a test writes them, each in a folder of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from longevity.checks.check import check_extracts
from longevity.checks.findings import Finding
from longevity.ingest import extracts_file
from longevity.ingest.extracts_file import ExtractsFile
from longevity.settings import Settings
from tests.conftest import TODAY
from tests.factories import extracts

Rows = list[dict[str, Any]]


class Check:
    """What `check` finds in extracts; the last ones are in `folder`."""

    def __init__(self, below: Path, settings: Settings) -> None:
        self.below, self.settings = below, settings
        self.made = 0

    @property
    def folder(self) -> Path:
        return self.below / f"extracts {self.made}"

    def again(self, *rules: str) -> list[Finding]:
        """What is found in the folder as it is now, by these rules or by all."""
        found = check_extracts(self.folder, self.settings, TODAY)
        return [one for one in found if not rules or one.rule in rules]

    def __call__(
        self, rows: Mapping[str, Rows], rules: Collection[str] = (), **said: Any
    ) -> list[Finding]:
        """What is found in these extracts; `said` stands in extracts.toml."""
        self.made += 1
        extracts.write(self.folder, **rows)
        if said:
            extracts_file.write_extracts_file(self.folder, ExtractsFile(**said))
        return self.again(*rules)
