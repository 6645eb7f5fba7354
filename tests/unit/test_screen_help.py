"""What each screen answers, behind the ⓘ of its title."""

from __future__ import annotations

from longevity.ui.navigation import SCREENS
from tests.drivers import screens


def test_the_navigation_has_every_page_and_no_other():
    assert sorted(screen.file for screen in SCREENS) == screens.pages()
    assert len({screen.title for screen in SCREENS}) == len(SCREENS)
