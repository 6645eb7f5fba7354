"""What is odd in the data of a small program, put into words on each screen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from longevity.auth.viewers import STATE
from longevity.release.store import Store
from longevity.reports.context import ReportContext
from longevity.settings import Settings
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY
from tests.drivers import screens
from tests.factories import odd_release


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The small program of `tests/factories/odd_release.py`."""
    return odd_release.publish_release(tmp_path_factory.mktemp("odd"))


@pytest.mark.parametrize("page", screens.pages())
def test_every_screen_opens(monkeypatch: pytest.MonkeyPatch, odd: Settings, page: str) -> None:
    app = screens.visit(monkeypatch, odd, page)
    assert not app.exception
    assert not app.error
    assert screens.sentence(app).endswith(".")
    assert screens.holes(app) == []
    # Its data are months old: said once, calmly, with the date.
    (said,) = [text for text in screens.texts(app) if "newer release would be due" in text]
    assert said.startswith("This demonstration ends on June 30, 2026, 146 days ago")


SAID = {
    "promises": [
        # Two episodes: g1's met enforcement on day 17, g2's waits.
        "enforcement followed within 30 days in 1 of 2; in all years in 1 of 2; 1 is open",
        "East: 1 action is dated before the shooting named as the trigger",
        "East: 1 action on a group without saying on which: counted nowhere here.",
        "Not all supplied for West: groups, who shot and who was told.",
        "Whether help was offered is unknown: services of that time are not on file.",
        "1 of 5 members belongs to more than one group, and stands for each of them.",
    ],
    "call_ins": [
        "2 of 4 reached came; attendance unknown for 1 of 4.",
        "1 active group has no audit date and stands apart",
        "Without an audit date, and so in no share: Pumice (East).",
        "East, February 3, 2026: 2 members invited, and nobody came.",
        "East 2 (1 scheduled and not held)",
        "Not all supplied for West: call-ins and invitations.",
        "1 of 5 members belongs to more than one group, and stands for each of them.",
        "This release does not hold: shooting reviews.",
    ],
    "coming_home": [
        # Met by somebody on a day nobody noted: neither met nor not.
        "0 were not (0 met later, 0 with no meeting noted); 1 is unknown",
        "1 member on the list is expected home",
        "Not all supplied for West: releases from custody and list of people.",
        "This release does not hold: budget.",
    ],
    "sources_and_checks": ["1 listing is overdue for review"],
}


@pytest.fixture(scope="module")
def read(odd: Settings) -> dict[str, str]:
    """Everything each of these screens says, as one reads it."""
    found = {}
    with pytest.MonkeyPatch.context() as patched:
        for page in SAID:
            app = screens.visit(patched, odd, page)
            assert not app.exception
            found[page] = " ".join(map(screens.as_read, screens.texts(app)))
    return found


@pytest.mark.parametrize(
    ("page", "said"), [(page, said) for page, every in SAID.items() for said in every]
)
def test_a_screen_says_what_is_odd(read: dict[str, str], page: str, said: str) -> None:
    assert said in read[page]


def test_what_waits_is_not_known_of_a_city_that_supplied_nothing(
    monkeypatch: pytest.MonkeyPatch, odd: Settings
) -> None:
    app = screens.visit(monkeypatch, odd)
    labels = [link.proto.label for link in app.main.get("page_link")]
    (waiting,) = [label for label in labels if "not yet followed up" in label]
    assert waiting.endswith("; not known for West")


@pytest.mark.parametrize(("begins", "unknown"), [("2026-04-01", []), ("2026-04-02", ["east"])])
def test_nobody_knows_what_is_open_of_a_city_whose_enforcement_has_just_begun(
    odd: Settings, begins: str, unknown: list[str]
) -> None:
    """To June 30 a case of April 1 may still be open."""
    release = Store(odd.home).current()
    manifest = {**release.manifest, "data_from": {"enforcement_actions": {"east": begins}}}
    warehouse = Warehouse(replace(release, manifest=manifest), odd)
    context = ReportContext(odd, STATE, warehouse, TODAY)
    assert context.find_cities_without_follow_up() == [*unknown, "west"]
    warehouse.close()


def test_a_week_of_such_a_city_does_not_say_that_nothing_is_open(
    monkeypatch: pytest.MonkeyPatch, odd: Settings
) -> None:
    app = screens.visit(monkeypatch, odd, "weekly_review", city="west")
    shown = " ".join(map(screens.as_read, screens.texts(app)))
    for what in ("who shot, who was told and enforcement", "Groups and custom notifications"):
        assert f"{what} were not all supplied for this city. Missing, not zero." in shown
    assert "No follow-up is open" not in shown
