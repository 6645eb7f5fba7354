"""Releases as earlier versions made them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from longevity.release.complete import complete_release
from longevity.release.stage import PublishRequest, hold_staging, stage_release
from longevity.release.table_withdrawals import Withdrawals
from longevity.settings import Settings
from tests.conftest import quiet


def publish_without_public_tables(extracts: Path, settings: Settings, today: date) -> None:
    """Publish a folder of extracts as before there were public tables."""
    request = PublishRequest(extracts, settings, today, None, Withdrawals(), quiet, quiet)
    with hold_staging(request):
        complete_release(stage_release(request))
