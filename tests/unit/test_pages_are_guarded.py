"""Each page begins with the guard and only chooses, asks and shows: read from its source."""

from __future__ import annotations

from longevity.ui import navigation
from tests.drivers import screens


def test_the_navigation_has_every_page_and_no_other() -> None:
    assert sorted(screen.file for screen in navigation.SCREENS) == screens.pages()
    titles = [screen.title for screen in navigation.SCREENS]
    assert len(set(titles)) == len(titles)
