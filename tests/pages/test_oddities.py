"""What is odd in the data of a small program, put into words on each screen."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from longevity.settings import Settings
from tests import odd_release, screens


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The small program of `tests/odd_release.py`."""
    return odd_release.released(tmp_path_factory.mktemp("odd"))


@pytest.fixture
def promises(monkeypatch: pytest.MonkeyPatch, odd: Settings) -> AppTest:
    app = screens.visit(monkeypatch, odd, "promises")
    assert not app.exception
    return app


def read(app: AppTest) -> str:
    """Everything the page says, as one reads it."""
    return " ".join(map(screens.seen, screens.texts(app)))


@pytest.mark.parametrize("page", screens.pages())
def test_every_screen_opens(monkeypatch: pytest.MonkeyPatch, odd: Settings, page: str) -> None:
    app = screens.visit(monkeypatch, odd, page)
    assert not app.exception
    assert not app.error
    assert screens.sentence(app).endswith(".")


@pytest.mark.parametrize(
    "said",
    [
        # Two episodes: g1's met enforcement on day 17, g2's waits.
        "2 of 2 episodes have 30 days behind them; 1 met enforcement in 30; 1 is open",
        "East: 1 action is dated before the shooting named as the trigger",
        "East: 1 action on a group without saying on which: counted nowhere here.",
        "No groups, call-ins or their shootings handed over for West.",
        # p3 of g2 may have come to the first session. p2, of both groups, did.
        "0 of 2 members on the list had an action",
    ],
)
def test_promises_say_what_is_odd(promises: AppTest, said: str) -> None:
    assert said in read(promises)
