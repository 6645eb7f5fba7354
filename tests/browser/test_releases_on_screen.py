"""What a visitor sees when releases change or break under a running application."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from longevity.intake import demonstration as generator
from longevity.release import publish
from longevity.release.store import Store
from longevity.settings import Settings
from tests.browser.conftest import serving, settle
from tests.conftest import SEED, TODAY, UNTIL, quiet

pytestmark = pytest.mark.browser


def test_a_damaged_release_is_refused_and_the_one_before_serves_with_a_notice(
    home_of: Settings, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    newer = Store(home_of.home).current()
    older = newer.manifest["previous"]
    member = newer.path / "built" / "daily.parquet"
    content = bytearray(member.read_bytes())
    content[len(content) // 2] ^= 1
    member.chmod(0o644)
    member.write_bytes(bytes(content))
    with serving(home_of.home, tmp_path / "log") as damaged:
        page = visit("/sources_and_checks", at=damaged)
        assert older in page.locator("h2").first.inner_text()
        assert page.get_by_test_id("stAlert").filter(has_text=newer.id).is_visible()


def test_a_new_release_is_offered_and_shown_when_asked_for(
    home_of: Settings, tmp_path: Path, visit: Callable[..., Page]
) -> None:
    begun = Store(home_of.home).current().id
    with serving(home_of.home, tmp_path / "log") as running:
        page = visit("/sources_and_checks", at=running)
        assert begun in page.locator("h2").first.inner_text()
        later = tmp_path / "later"
        generator.write(later, home_of, UNTIL + timedelta(days=7), 1, SEED, quiet)
        report = publish.publish(later, home_of, TODAY + timedelta(days=7), None, quiet)
        offer = page.get_by_role("button", name="Show it")
        offer.wait_for()
        assert begun in page.locator("h2").first.inner_text()
        offer.click()
        page.locator("h2", has_text=report.release_id).wait_for()
        settle(page)


def test_without_any_release_every_screen_says_how_to_make_one(
    tmp_path: Path, visit: Callable[..., Page]
) -> None:
    with serving(tmp_path / "empty", tmp_path / "log") as empty:
        page = visit("/", at=empty)
        assert "No release has been published" in page.get_by_test_id("stAlert").inner_text()
