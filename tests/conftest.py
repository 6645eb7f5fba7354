"""Fixtures every kind of test shares: the configuration and a published home."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from longevity import settings as configuration
from longevity.settings import Settings

UNTIL = date(2026, 11, 22)
TODAY = date(2026, 11, 23)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The real configuration, keeping its releases in an empty folder."""
    return configuration.load(home=tmp_path / "home", environment={})
