"""The data team's night: a new city's file in, checked, published, and seen on the screens.

Nothing is served yet. A row is wrong, and the sender is told which and why; mended, it is
published and claims can be held against it. A week later the file comes with half its rows:
refused, and visitors notice nothing; whole again, it is there with the next click.
"""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from longevity import cli
from longevity.ui.visitor import CHANGED
from tests.conftest import TODAY
from tests.drivers.browser_actions import await_screen, settle, words
from tests.drivers.importer import INCIDENTS
from tests.drivers.server import serving

pytestmark = pytest.mark.browser

HEAD = ["id", "city", "date", "lon", "lat", "killed", "injured"]
BEGAN, THROUGH = date(2024, 1, 1), date(2026, 11, 15)
WEEK = timedelta(days=7)
Row = list[str | int]


class ReportContext:
    """The folder of the data team, and the commands typed there."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.file, self.mapping = folder / "shootings.csv", folder / "ours.toml"
        self.extracts = folder / "extracts"
        self.mapping.write_text(INCIDENTS, encoding="utf-8")
        self.capsys = capsys

    def sent(self, rows: list[Row]) -> None:
        """What the sender supplied this time."""
        with self.file.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows([HEAD, *rows])

    def typed(self, *command: str, ends: int = 0) -> tuple[str, str]:
        """What a command printed as its answer and what it said beside, having ended so."""
        self.capsys.readouterr()
        code = cli.main(command, TODAY)
        answered, said = self.capsys.readouterr()
        assert code == ends, said
        return answered, said

    def imported(self, through: date, ends: int = 0) -> str:
        words = ["--mapping", str(self.mapping), "--out", str(self.extracts)]
        words += ["--data-through", through.isoformat()]
        return "".join(self.typed("import", str(self.file), *words, ends=ends))

    def published(self) -> str:
        """The id of the release."""
        return self.typed("publish", "--no-pictures", str(self.extracts))[0].strip()


def _shootings(cities: list[str], until: date) -> list[Row]:
    """One a week in each city, one person wounded, every tenth killed."""
    weeks = range((until - BEGAN).days // 7 + 1)
    return [
        [f"{city}-{week}", city, (BEGAN + week * WEEK).isoformat(), "", "", *_hurt(week)]
        for week in weeks
        for city in cities
    ]


def _hurt(week: int) -> tuple[int, int]:
    return (1, 0) if week % 10 == 0 else (0, 1)


def test_from_a_file_with_a_mistake_to_a_release_on_every_screen(visit, settings, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LONGEVITY_HOME", str(settings.home))
    monkeypatch.delenv("LONGEVITY_CONFIG", raising=False)
    context = ReportContext(tmp_path, capsys)
    first = next(iter(settings.cities))
    with serving(settings.home, tmp_path / "log") as running:
        page = visit("/claim_check", at=running)
        expect(page.get_by_test_id("stAlert")).to_contain_text("No release has been published")

        # A day that is none: the row goes back with its number and the reason.
        rows = _shootings(list(settings.cities), THROUGH)
        context.sent([*rows, ["wrong", first, "2026-02-31", "", "", 0, 1]])
        assert "1 quarantined" in context.imported(THROUGH, ends=1)
        (refused,) = (context.extracts / "quarantine").rglob("*.jsonl")
        assert "2026-02-31" in refused.read_text(encoding="utf-8")
        context.sent([*rows, ["wrong", first, "2026-02-28", "", "", 0, 1]])
        assert "0 quarantined" in context.imported(THROUGH)
        context.typed("check", str(context.extracts))
        begun = context.published()

        # Who had the empty screen reloads it, and holds a claim against what was sent.
        page.reload()
        settle(page)
        shot = 1 + sum(row[1] == first and str(row[2])[:4] == "2026" for row in rows)
        _claimed(page, f"{shot} people were shot in {settings.cities[first].name} this year")
        expect(page.get_by_text(re.compile("Supported$"))).to_be_visible()
        _claimed(page, f"{shot - 1} people were shot in {settings.cities[first].name} this year")
        expect(page.get_by_text(re.compile("Not supported$"))).to_be_visible()

        # A week later half the file is missing. Refused: nobody is offered anything.
        page.goto(f"{running.address}/sources")
        await_screen(page, "Sources")
        context.sent(rows[: len(rows) // 2])
        context.imported(THROUGH + WEEK)
        assert "rows of incidents" in context.typed("publish", str(context.extracts), ends=1)[1]
        page.reload()
        settle(page)
        foot = page.get_by_text(re.compile("^Source: "))
        expect(foot).to_contain_text(begun)

        # Whole again, and one who was wounded in March is known by now.
        later = _shootings(list(settings.cities), THROUGH + WEEK)
        context.sent([*later, ["wrong", first, "2026-02-28", "", "", 0, 2]])
        context.imported(THROUGH + WEEK)
        newer = context.published()
        page.get_by_role("tab", name="Changes").click()
        expect(foot).to_contain_text(newer)
        expect(page.get_by_text(CHANGED)).to_be_visible()
        expect(page.get_by_text("What changed since the last release")).to_be_visible()
        changed = " ".join(words(page))
        assert f"{settings.cities[first].name}: 1 victim added to earlier weeks" in changed


def _claimed(page: Page, text: str) -> None:
    """Hold a sentence against the counts, by the return key."""
    box = page.get_by_role("textbox", name="What you want to say")
    box.fill(text)
    box.press("Enter")
    page.wait_for_url(lambda url: "claim=" in url)
    settle(page)
