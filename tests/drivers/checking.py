"""Ask checks of rows that a test gives: one SQL check of tables in memory, or a folder of all."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pytest

from longevity.base.scratch import open_scratch
from longevity.checks.check import check_extracts
from longevity.checks.findings import CheckFinding
from longevity.checks.sql_checks import FOLDER, CheckedExtracts
from longevity.checks.sql_files import load_files
from longevity.ingest import extracts_file
from longevity.ingest.extracts_file import ExtractsFile
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

    def write(self, rows: Mapping[str, Rows], **said: Any) -> None:
        """Write a folder of these extracts, without asking; `said` is in extracts.toml."""
        self.made += 1
        extracts.write(self.folder, **rows)
        if said:
            extracts_file.write_extracts_file(self.folder, ExtractsFile(**said))

    def again(self, *rules: str) -> list[CheckFinding]:
        """What is found in the folder as it is now, by these rules or by all."""
        with pytest.MonkeyPatch.context() as patch:
            if rules:  # what takes most of the time are the files of SQL of all the others
                find, named = CheckedExtracts.find_problems, _name_files(rules)
                patch.setattr(CheckedExtracts, "find_problems", lambda checked: find(checked, named))
            found = check_extracts(self.folder, self.settings, TODAY)
        return [finding for finding in found if not rules or finding.rule in rules]

    def __call__(self, rows: Mapping[str, Rows], rules: Collection[str] = (), **said: Any) -> list[CheckFinding]:
        """What is found in these extracts; `said` is in extracts.toml."""
        self.write(rows, **said)
        return self.again(*rules)


def _name_files(rules: Collection[str]) -> list[str]:
    """The files of these rules: a rule may have several, `out_of_order-died_on`."""
    return [name for name in load_files(FOLDER) if name.partition("-")[0] in rules]
