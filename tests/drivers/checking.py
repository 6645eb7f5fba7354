"""Ask checks of rows that a test gives: one SQL check of tables in memory, or a folder of all."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from longevity.checks.check import check_extracts
from longevity.checks.findings import CheckFinding
from longevity.checks.sql_checks import CheckedExtracts
from longevity.ingest import extracts_file
from longevity.ingest.extracts_file import ExtractsFile
from longevity.scratch import open_scratch
from longevity.settings import Settings
from tests.conftest import TODAY
from tests.factories import extracts

Rows = list[dict[str, Any]]


def ask(
    rows: Mapping[str, Rows], checks: Collection[str] | None, settings: Settings, **said: Any
) -> list[CheckFinding]:
    """What these SQL checks (None: all) find in these extracts; `said` is in extracts.toml."""
    with open_scratch(settings.home / "spill") as connection:
        for name, given in rows.items():
            connection.register("given", extracts.table(name, given))
            connection.execute(f"CREATE TABLE {name} AS SELECT row_number() OVER () AS at_row, * FROM given")
        counts = {name: len(given) for name, given in rows.items()}
        folder = CheckedExtracts(connection, settings, ExtractsFile(**said), TODAY, counts)
        folder.prepare_tables()
        return list(folder.find_problems(checks))


class Check:
    """What `check` finds in a folder of extracts; the last one is `folder`."""

    def __init__(self, below: Path, settings: Settings) -> None:
        self.below, self.settings = below, settings
        self.made = 0

    @property
    def folder(self) -> Path:
        return self.below / f"extracts {self.made}"

    def again(self, *rules: str) -> list[CheckFinding]:
        """What is found in the folder as it is now, by these rules or by all."""
        found = check_extracts(self.folder, self.settings, TODAY)
        return [finding for finding in found if not rules or finding.rule in rules]

    def __call__(self, rows: Mapping[str, Rows], rules: Collection[str] = (), **said: Any) -> list[CheckFinding]:
        """What is found in these extracts; `said` is in extracts.toml."""
        self.made += 1
        extracts.write(self.folder, **rows)
        if said:
            extracts_file.write_extracts_file(self.folder, ExtractsFile(**said))
        return self.again(*rules)
