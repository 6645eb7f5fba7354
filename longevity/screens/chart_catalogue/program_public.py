"""Public charts of the program, made of the public tables: closed years, counted once.

How they are drawn is declared in `words/*.toml`.
"""

from __future__ import annotations

from longevity.base.errors import DataError
from longevity.charts.chart import Chart
from longevity.screens import public_program
from longevity.screens.chart_catalogue.definition import (
    explain_wait,
    make_chart,
)
from longevity.screens.choice import Values
from longevity.screens.context import ReportContext
from longevity.words.absent import MISSING, WITHHELD, say_absence

# Names for columns in a file: `kept_90` would be read as all within 90 days.
IN_FILE = {
    "kept_30": "within_30_days",
    "kept_60": "in_31_to_60_days",
    "kept_90": "in_61_to_90_days",
    "not_kept": "not_within_90_days",
}


def count_steps(context: ReportContext, values: Values) -> Chart:
    """Chart the steps from invitation to service in a city's newest closed year."""
    answer = context.ask("public_funnel")
    if answer.frame.empty:
        raise DataError(public_program.say_attendance(context), explain_wait())
    rows = answer.frame[answer.frame["city"] == values["city"]]
    cells = public_program.read_steps(rows)
    drawn = (
        rows.set_index("step")
        .loc[[step for step in public_program.STEPS if step in cells]]
        .reset_index()
    )
    is_public = drawn["members_state"].isin(["shown", "zero"])
    drawn = drawn.assign(
        named=drawn["step"].map({**public_program.STEPS}),
        members_words=drawn["step"].map(cells),
        # A bar of nothing would say zero.
        members=drawn["members"].where(is_public),
    )
    facts = {"year": public_program.name_newest_year(rows), "name": context.cities[values["city"]]}
    said_steps = context.say_rows("public_call_ins.step", drawn)
    missing = say_absence(MISSING)
    said = missing if {*cells.values()} <= {missing} else ", ".join(said_steps)
    return make_chart(
        context,
        "call-in-steps",
        drawn,
        answers=(answer,),
        facts=facts,
        table=rows.drop(columns="cut_on", errors="ignore"),
        finding=context.say("public_call_ins.title", facts, steps=said),
        topic=context.say("public_call_ins.topic", facts),
    )


def count_follow_up(context: ReportContext, _values: Values) -> Chart:
    """Chart how soon enforcement followed violations, by closed year.

    A year that is withheld or missing has words in place of a bar.
    """
    answer = context.ask("public_promises")
    years = public_program.list_closed_years(context)
    if years.empty:
        do = explain_wait() if public_program.can_count_follow_up(context) else ""
        raise DataError(public_program.say_follow_up(context), do)
    newest = years.iloc[-1].to_dict()
    is_withheld = answer.frame["episodes_state"] == WITHHELD
    withheld = [f"{year}" for year in answer.frame.loc[is_withheld, "year"]]
    states = {state: say_absence(state) for state in (MISSING, WITHHELD)}
    return make_chart(
        context,
        "promises-by-year",
        answer.frame.replace({"episodes_state": states}),
        answers=(answer,),
        facts={"withheld": withheld},
        table=answer.frame.drop(columns="cut_on", errors="ignore").rename(columns=IN_FILE),
        finding=public_program.say_newest_year(context),
        topic=context.say("public_follow_up.topic", newest, first=years["year"].min()),
    )
