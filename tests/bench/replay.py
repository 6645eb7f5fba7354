"""What each screen asks and draws, taken down while it runs and then done again alone.

A screen is run once by Streamlit's own test runner. Every question it puts to the
warehouse and every figure it has drawn are taken down with their arguments, so that
the work on data and the work on figures can be timed apart, and neither list is
written here by hand.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from streamlit.testing.v1 import AppTest

from longevity.press.figures import clock, maps, trends
from longevity.screen.guard import Visit
from longevity.screen.navigation import SCREENS
from longevity.settings import ROOT

# What makes a figure, by the module that screens call it through.
FIGURES = (
    (trends, "months"),
    (trends, "same_days"),
    (trends, "years"),
    (maps, "areas"),
    (maps, "scale"),
    (maps, "legend"),
    (clock, "hours_and_weekdays"),
)

NO_BROWSER = "streamlit.runtime.scriptrunner_utils.script_run_context"
BARE = Path(__file__).with_name("bare_page.py")

Call = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


@dataclass
class Screen:
    """One screen: what it asked, what it drew, and the runner that can run it again."""

    name: str
    again: Callable[[], Any]
    questions: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    figures: list[Call] = field(default_factory=list)

    def draw(self) -> None:
        """Build every figure once more."""
        for work, positional, named in self.figures:
            work(*positional, **named)


@contextmanager
def served(home: Path) -> Iterator[None]:
    """The application over another home."""
    # Streamlit warns at each run that no browser is there: it is not meant to be.
    logging.getLogger(NO_BROWSER).addFilter(lambda _: False)
    with patch.dict(os.environ, {"LONGEVITY_HOME": str(home)}):
        yield


def screens(area: str) -> list[Screen]:
    """Every screen, and Neighbourhoods with `area` (`city/neighbourhood`) opened."""
    found = []
    for one in SCREENS:
        found.append(_taken_down(one.title, f"pages/{one.file}.py", {}))
        if one.file == "neighbourhoods":
            found.append(
                _taken_down(f"{one.title}, an area open", f"pages/{one.file}.py", {"area": area})
            )
    return found


def bare() -> Screen:
    """A page with a select box and a chart of three bars."""
    test = AppTest.from_file(str(BARE), default_timeout=60)
    return Screen("A bare page with one chart", _running(test))


def _taken_down(name: str, file: str, link: dict[str, str]) -> Screen:
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in link.items():
        test.query_params[key] = value
    test.run()
    test.switch_page(file)
    screen = Screen(name, _running(test))
    with _listening(screen):
        screen.again()
    assert screen.questions, f"{name} asked nothing"
    return screen


def _running(test: AppTest) -> Callable[[], Any]:
    def again() -> None:
        test.run()
        # A page that broke is quick: it must not pass for a fast one.
        assert not test.exception, test.exception[0].message

    return again


@contextmanager
def _listening(screen: Screen) -> Iterator[None]:
    asked = Visit.ask

    def ask(visit: Visit, query: str, **parameters: Any) -> Any:
        screen.questions.append((query, parameters))
        return asked(visit, query, **parameters)

    with ExitStack() as stack:
        stack.enter_context(patch.object(Visit, "ask", ask))
        for module, name in FIGURES:
            noting = _noting(screen, getattr(module, name))
            stack.enter_context(patch.object(module, name, noting))
        yield


def _noting(screen: Screen, work: Callable[..., Any]) -> Callable[..., Any]:
    def noted(*positional: Any, **named: Any) -> Any:
        screen.figures.append((work, positional, named))
        return work(*positional, **named)

    return noted
