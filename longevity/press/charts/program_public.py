"""Charts of the program that the public may have: closed periods only, counted once."""

from __future__ import annotations

from collections.abc import Mapping

from longevity.errors import DataError
from longevity.measures import findings, public_forms
from longevity.press.chart import Chart
from longevity.press.charts.entry import CITY, PROGRAM, Entry
from longevity.press.desk import Desk
from longevity.press.figures import shares
from longevity.warehouse.warehouse import Answer

WAIT = "Publish again 90 days after a year that the data hold whole."
Made = tuple[Chart, tuple[Answer, ...]]


def _steps(desk: Desk, values: Mapping[str, str]) -> Made:
    answer = desk.ask("public_funnel")
    if answer.frame.empty:
        raise DataError(public_forms.came(answer.frame, desk.cities), WAIT)
    city = values["city"]
    own = answer.frame[answer.frame["city"] == city]
    title = findings.call_in(own, desk.cities[city])
    return shares.steps(own, desk.drawing(), title), (answer,)


def _promises(desk: Desk, values: Mapping[str, str]) -> Made:
    answer = desk.ask("public_promises")
    if not answer.frame["episodes"].notna().any():
        many = len(desk.cities)
        do = WAIT if public_forms.counts_promises(many) else ""
        raise DataError(public_forms.promises(answer.frame, many), do)
    title = findings.promises(answer.frame)
    return shares.promises(answer.frame, desk.drawing(), title), (answer,)


ENTRIES = (
    Entry(
        "call-in-steps", "From invitation to service", (CITY,), _steps, subject=PROGRAM, kind="rows"
    ),
    Entry(
        "promises-by-year",
        "Promises by the year they began in",
        (),
        _promises,
        subject=PROGRAM,
        kind="bars",
    ),
)
