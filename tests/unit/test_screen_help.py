"""What each screen answers, behind the ⓘ of its title."""

from __future__ import annotations

from longevity.ui import screen_help
from longevity.ui.navigation import SCREENS
from tests.drivers import screens


def test_the_navigation_has_every_page_and_no_other():
    assert sorted(screen.file for screen in SCREENS) == screens.pages()
    assert len({screen.title for screen in SCREENS}) == len(SCREENS)


def test_the_public_is_told_of_what_it_sees():
    assert set(screen_help.FOR_THE_PUBLIC) == {s.title for s in SCREENS if s.operational}
    assert screen_help.describe_screen("Support", public=True) == ""
    assert screen_help.describe_screen("Follow-up", public=True).startswith("How often enforcement")
