"""Charts of the program that are not public, as they name groups or count few people.

They are shown on the program's screens to those who may read rows, and can never be exported. This
module prepares the rows of those that need more than their declaration.
"""

from __future__ import annotations

import pandas as pd

from longevity.charts.chart import Chart
from longevity.screens import money as spending
from longevity.screens.chart_catalogue.definition import make_chart
from longevity.screens.choice import Values, find_city
from longevity.screens.context import ReportContext
from longevity.stats.attendance import count_losses

QUARTERS = 12  # the newest, for each of which it is counted how many came home


def count_funnel(context: ReportContext, values: Values) -> Chart:
    """Chart the funnel of call-ins: how many got to each stage (invited, reached, came…).

    People in custody, who were brought, are in a row of their own. The columns are those of
    `count_losses`; `recent` are people whose session is too new to tell.
    """
    answer = context.ask("call_in_funnel", city=find_city(values))
    is_inside = answer.frame["route"] == "in_custody"
    losses = count_losses(answer.frame[~is_inside])
    title = context.say("attendance.lost_none")
    if losses["lost"].any():
        most = losses.loc[losses["lost"].idxmax()]
        whole = most["before"] - most["recent"]
        title = context.say(f"attendance.lost_{most['stage']}", lost=most["lost"], of=whole)
    sums = answer.frame[is_inside].sum(numeric_only=True)
    custody = {
        "stage": "in_custody",
        "before": sums["invited"],
        "passed": sums["attended"],
        "unknown": sums["attended_unknown"],
        "lost": sums["reachable"] - sums["attended"] - sums["attended_unknown"],
        "unreached": sums["invited"] - sums["reachable"],
    }
    rows = losses.assign(unreached=0).to_dict("records") + [custody] * bool(sums["invited"])
    frame = pd.DataFrame(rows, columns=[*losses, "unreached"])
    counts = frame.columns.drop("stage")
    frame[counts] = frame[counts].fillna(0)
    frame["gone"] = frame["lost"] + frame["unreached"]
    return make_chart(
        context, "call-in-funnel", frame, (answer,), table=answer.frame, finding=title
    )


def count_greetings(context: ReportContext, values: Values) -> Chart:
    """Chart how many came home from custody, by quarter: the running one and eleven before."""
    through = context.ask("reentry_greeting", city=find_city(values)).provenance.data_through
    first = (pd.Period(through or context.today, "Q") - (QUARTERS - 1)).start_time.date()
    exits = context.ask("exits_by_quarter", city=find_city(values), since=first)
    facts = {"since": first, "exits": exits.frame["exits"].sum()}
    return make_chart(context, "met-at-the-gate", exits.frame, (exits,), facts=facts)


def sum_money(context: ReportContext, values: Values) -> Chart:
    """Chart the money spent by fiscal year; a year not over, or with unknown sums, is a part."""
    budget, years = spending.ask_fiscal_years(context, find_city(values))
    is_known = years["spent"].notna()
    is_part = is_known & (~years["over"].astype(bool) | (years["spent_unknown"] > 0))
    return make_chart(
        context,
        "money-spent",
        years.assign(is_whole=~is_part, absent="unknown"),
        answers=(budget,),
        facts={"is_part": is_part.any()},
        table=years,
        finding=spending.write_money_title(context, years),
    )


def divide_money(context: ReportContext, values: Values) -> Chart:
    """Chart the money spent for each person reached, by fiscal year."""
    answer = context.ask("cost_per_person_reached", city=find_city(values))
    costs = spending.add_cost_per_person(answer.frame)
    title = spending.write_cost_title(context, costs)
    return make_chart(context, "cost-per-person", costs, (answer,), finding=title)
