"""The screens: found by the files in pages/, and each drawn for a visit."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from importlib.util import find_spec

from longevity.base.errors import DataError
from longevity.screens.report import Report, Tab
from longevity.screens.screen import GROUPS, Screen
from longevity.settings import ROOT
from longevity.ui import documents, filters, page_context, report_page


def _load_screen(name: str) -> Screen:
    """Return the screen of a file in pages/; one with controls of its own is declared in `ui/`."""
    rooms = ("longevity.ui", "longevity.screens")
    module = next(f"{room}.{name}" for room in rooms if find_spec(f"{room}.{name}"))
    screen: Screen = import_module(module).SCREEN
    return screen


# In the order of the navigation; the first is where a visitor comes in.
SCREENS = sorted(
    (_load_screen(path.stem) for path in (ROOT / "pages").glob("*.py")),
    key=lambda screen: (GROUPS.index(screen.group), screen.place),
)


def show(name: str) -> None:
    """Draw the screen of a file in pages/, for a visitor that the guard lets in.

    Without data for it the screen has a sentence that says so.
    """
    screen = next(screen for screen in SCREENS if screen.name == name)
    visit = page_context.enter_page(screen)
    choices, build = screen.choices, screen.build
    if screen.inside and visit.is_public:
        if screen.public is None:
            page_context.stop_public_viewers()
        choices, build = (), screen.public.build
    offer = None
    try:
        chosen = filters.choose(visit, choices)
        report = build(visit, chosen)
        offer = documents.OFFERS.get(name)
    except DataError as error:
        said = str(error)
        report = Report(name, (Tab("none", screen.title, lambda: said, tuple),))
    report_page.show_report(visit, report, offer and partial(offer, visit, chosen))
