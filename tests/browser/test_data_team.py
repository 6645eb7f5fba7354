"""The data team's night: a new city's file in, checked, published, and seen on the screens.

Nothing is served yet. A row is wrong, and the sender reads which and why; mended, it is
published and claims can be held against it. A week later the file comes with half its rows:
refused, and visitors notice nothing; whole again, it is there with the next click.
"""

import csv
import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from longevity.ui.visitor import CHANGED
from tests.drivers.browser_actions import await_screen, settle, words
from tests.drivers.commands import run_command
from tests.drivers.importer import INCIDENTS
from tests.drivers.server import serving

pytestmark = pytest.mark.browser

HEAD = ["id", "city", "date", "lon", "lat", "killed", "injured"]
BEGAN, THROUGH, WEEK = date(2024, 1, 1), date(2026, 11, 15), timedelta(days=7)


class Desk:
    """The folder of the data team, and the commands typed there."""

    def __init__(self, folder, capsys):
        self.file, self.mapping, self.extracts = folder / "shootings.csv", folder / "ours.toml", folder / "extracts"
        self.mapping.write_text(INCIDENTS, encoding="utf-8")
        self.capsys = capsys

    def type(self, *command, ends=0):
        done = run_command(self.capsys, *command)
        assert done.code == ends, done.err
        return done

    def import_file(self, rows, through, ends=0):
        """Import what the sender supplied this time, and return what is said of it."""
        with self.file.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows([HEAD, *rows])
        words = ("--mapping", self.mapping, "--out", self.extracts, "--data-through", through.isoformat())
        return " ".join(self.type("import", self.file, *words, ends=ends)[1:])

    def publish(self):
        return self.type("publish", "--no-pictures", self.extracts).out.strip()


def list_shootings(cities, until):
    """One a week in each city, one person wounded, every tenth killed."""
    return [
        [f"{city}-{week}", city, BEGAN + week * WEEK, "", "", *((1, 0) if week % 10 == 0 else (0, 1))]
        for week in range((until - BEGAN).days // 7 + 1)
        for city in cities
    ]


@pytest.mark.audit
def test_from_a_file_with_a_mistake_to_a_release_on_every_screen(visit, settings, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LONGEVITY_HOME", str(settings.home))
    monkeypatch.delenv("LONGEVITY_CONFIG", raising=False)
    desk, cities = Desk(tmp_path, capsys), list(settings.cities)
    first, name = cities[0], settings.cities[cities[0]].name
    with serving(settings.home, tmp_path / "log") as running:
        page = visit("/claim_check", at=running)
        expect(page.get_by_test_id("stAlert")).to_contain_text("No release has been published")

        def claim(text):
            """Hold a sentence against the counts, by the return key."""
            box = page.get_by_role("textbox", name="What you want to say")
            box.fill(text)
            box.press("Enter")
            page.wait_for_url(lambda url: "claim=" in url)
            settle(page)

        # A day that is none: the row goes back with its number and the reason.
        rows = list_shootings(cities, THROUGH)
        wrong, right = (["wrong", first, day, "", "", 0, 1] for day in ("2026-02-31", "2026-02-28"))
        assert "1 quarantined" in desk.import_file([*rows, wrong], THROUGH, ends=1)
        (refused,) = (desk.extracts / "quarantine").rglob("*.jsonl")
        assert "2026-02-31" in refused.read_text(encoding="utf-8")
        assert "0 quarantined" in desk.import_file([*rows, right], THROUGH)
        desk.type("check", desk.extracts)
        begun = desk.publish()

        # Who had the empty screen reloads it, and holds a claim against what was sent.
        page.reload()
        settle(page)
        shot = 1 + sum(row[1] == first and row[2].year == 2026 for row in rows)
        for count, verdict in ((shot, "Supported$"), (shot - 1, "Not supported$")):
            claim(f"{count} people were shot in {name} from January 1 to {THROUGH:%B} {THROUGH.day}, 2026")
            expect(page.get_by_text(re.compile(verdict))).to_be_visible()

        # A week later half the file is missing. Refused: visitors notice nothing.
        page.goto(f"{running.address}/sources")
        await_screen(page, "Sources")
        desk.import_file(rows[: len(rows) // 2], THROUGH + WEEK)
        assert "rows of incidents" in desk.type("publish", desk.extracts, ends=1).err
        page.reload()
        settle(page)
        foot = page.get_by_text(re.compile("^Source: "))
        expect(foot).to_contain_text(begun)

        # Whole again, and one who was wounded in February is known by now.
        desk.import_file([*list_shootings(cities, THROUGH + WEEK), [*right[:-1], 2]], THROUGH + WEEK)
        newer = desk.publish()
        page.get_by_role("tab", name="Changes").click()
        expect(foot).to_contain_text(newer)
        expect(page.get_by_text(CHANGED)).to_be_visible()
        expect(page.get_by_text("What changed since the last release")).to_be_visible()
        assert f"{name}: 1 victim added to earlier weeks" in " ".join(words(page))
    assert running.process.returncode == 0  # not ended by the signal: what it has open is closed, its browser too
