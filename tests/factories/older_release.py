"""Releases as earlier versions made them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from longevity.release.publish import Publish
from longevity.release.table_withdrawals import Withdrawals
from longevity.settings import Settings
from tests.conftest import quiet


def publish_without_public_tables(extracts: Path, settings: Settings, today: date) -> None:
    """Publish a folder of extracts as before there were public tables."""

    def freeze_nothing(*_: object) -> None:
        return

    Publish(extracts, settings, today, freeze_nothing, "", Withdrawals(), quiet, quiet).run()
