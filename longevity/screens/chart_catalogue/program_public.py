"""Charts of the program that the public may have: closed periods only, counted once."""

from __future__ import annotations

from longevity.charts.figures import shares
from longevity.errors import DataError
from longevity.screens import public_program
from longevity.screens.chart_catalogue.definition import (
    CITY,
    LAST_YEAR,
    PROGRAM,
    WAIT,
    ChartAndAnswers,
    Entry,
    Values,
    name_topic,
)
from longevity.screens.context import ReportContext

# What a member did by each step that is drawn, as a title says it.
STEPS = {
    "invited": "invited",
    "reachable": "reached",
    "attended": "came",
    "intake_30": "began a service within 30 days",
}


def _draw_steps(context: ReportContext, values: Values) -> ChartAndAnswers:
    answer = context.ask("public_funnel")
    if answer.frame.empty:
        raise DataError(public_program.say_attendance(context), WAIT)
    rows = answer.frame[answer.frame["city"] == values["city"]]
    cells = public_program.read_steps(rows)
    steps = [
        context.say(
            f"public_call_ins.{'step' if cells[step][0].isdigit() else 'step_absent'}",
            figure=cells[step],
            word=word,
        )
        for step, word in STEPS.items()
        if step in cells
    ]
    facts = {"year": shares.find_year(rows), "name": context.cities[values["city"]]}
    said = "missing" if {*cells.values()} <= {"missing"} else ", ".join(steps)
    title = context.say("public_call_ins.title", facts, steps=said)
    topic = context.say("public_call_ins.topic", facts)
    chart = shares.draw_steps(rows, context.make_drawing(), title)
    return name_topic(chart, topic), (answer,)


def _draw_promises(context: ReportContext, values: Values) -> ChartAndAnswers:
    answer = context.ask("public_promises")
    years = public_program.list_closed_years(context)
    if years.empty:
        do = WAIT if public_program.can_count_follow_up(context) else ""
        raise DataError(public_program.say_follow_up(context), do)
    title = public_program.say_newest_year(context)
    newest = years.iloc[-1].to_dict()
    topic = context.say("public_follow_up.topic", newest, first=years["year"].min())
    year_before = years[years["year"] == newest["year"] - 1]
    before = context.say_rows("public_follow_up.followed", year_before)
    facts = {**newest, "before": before}
    last_year = context.say("public_follow_up.last_year", facts) if before else ""
    chart = shares.draw_promises(answer.frame, context.make_drawing(), title)
    return name_topic(chart, topic, {LAST_YEAR: last_year}), (answer,)


ENTRIES = (
    Entry("call-in-steps", "From invitation to service", (CITY,), _draw_steps, subject=PROGRAM),
    Entry(
        "promises-by-year",
        "Follow-up by the year a case began",
        (),
        _draw_promises,
        subject=PROGRAM,
    ),
)
