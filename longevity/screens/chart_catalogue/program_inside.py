"""Charts of the program that stay inside: they name groups, or count few people.

Whoever may read them sees them on the program's screens; none leaves the building, and each
says what the public may have instead. Here is what is made of several answers before it is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

import numpy as np
import pandas as pd

from longevity.measures import wording
from longevity.measures.declarations import CHART
from longevity.screens import money as spending
from longevity.screens.chart_catalogue.declared import Prepare, Prepared, find_city
from longevity.screens.chart_catalogue.definition import FINDING, Values
from longevity.screens.context import ReportContext, name_groups
from longevity.stats.attendance import count_losses

FIRST_WINDOW = 30  # days of the first of the windows that cases are counted by
RECENT_DAYS = 92  # since a member of a group came
SHORTEST = 3  # days of a bar that can be seen
GROUP = ["city", "group_id"]
QUARTERS = 12  # of people who came home
OUTCOMES = ("greeted", "greeted_late", "not_greeted", "greeted_unknown", "too_recent")
STATES = ("kept", "late", "open", "broken")  # of a case
COVERAGE = ["yes", "late", "going", "pending", "no"]  # of how late a group was warned
GMI = ("confirmed", "suspected", "unknown", "not_gmi")  # what the reviews found of an incident


def _prepare_rows(query: str, prepare: Callable[[pd.DataFrame], pd.DataFrame]) -> Prepare:
    """Return what prepares the rows of one answer, which stay the chart's table."""

    def make(context: ReportContext, values: Values) -> Prepared:
        answer = context.ask(query, city=find_city(values))
        return Prepared(prepare(answer.frame), (answer,), table=answer.frame)

    return make


def _count_funnel(context: ReportContext, values: Values) -> Prepared:
    """Count each stage of the call-ins, and those in custody apart."""
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
    return Prepared(frame, (answer,), table=answer.frame, titles={FINDING: title})


def _count_follow_up(context: ReportContext, values: Values) -> Prepared:
    answer = context.ask("promises", city=find_city(values))
    cases = answer.frame
    first = cases[cases["window_days"] == FIRST_WINDOW]
    title = context.say("follow_up.title", first, days=FIRST_WINDOW)
    # On time counts only cases whose days are over: of newer ones those that were followed
    # up at once are seen, and those that will be missed are not.
    is_open = cases["open"] + cases["kept"] - cases["elapsed_kept"]
    rows = cases.assign(open=is_open, kept=cases["elapsed_kept"])
    return Prepared(rows, (answer,), table=cases, titles={FINDING: title})


def find_first_quarter(through: date) -> date:
    """Return the first day of the quarter eleven before that of `through`."""
    quarter = through.year * 4 + (through.month - 1) // 3 - (QUARTERS - 1)
    return date(quarter // 4, quarter % 4 * 3 + 1, 1)


def count_by_quarter(exits: pd.DataFrame, cities: pd.DataFrame, first: date) -> pd.DataFrame:
    """Count exits by city and quarter, a column an outcome; a quarter without any is zero.

    `exits`: `exits_by_quarter`; what came before `first`, the first day of a quarter, is left
    out. `cities`: city and last_day, a row each city that handed exits over. Columns: city, quarter
    (its first day), OUTCOMES, complete: whether the quarter is over.
    """
    days = cities.set_index("city")["last_day"]
    rows = pd.MultiIndex.from_tuples(
        [
            (city, quarter)
            for city, last in days.items()
            for quarter in pd.date_range(first, last, freq="QS")
        ],
        names=["city", "quarter"],
    )
    outcomes = exits.pivot(index=["city", "quarter"], columns="outcome", values="exits")
    counts = outcomes.reindex(rows, columns=[*OUTCOMES]).fillna(0).astype("int64").reset_index()
    ends = counts["quarter"] + pd.offsets.QuarterEnd()
    return counts.assign(complete=ends <= counts["city"].map(days))


def _count_greetings(context: ReportContext, values: Values) -> Prepared:
    city = find_city(values)
    greeting = context.ask("reentry_greeting", city=city)
    first = find_first_quarter(greeting.provenance.data_through or context.today)
    exits = context.ask("exits_by_quarter", city=city, since=first)
    quarters = count_by_quarter(exits.frame, greeting.frame, first)
    whole = quarters[[*OUTCOMES[:-1]]].to_numpy().sum()  # without the too recent
    facts = {"of_all": whole, "since": quarters["quarter"].min()}
    return Prepared(quarters, (exits, greeting), facts)


def compute_supervision_shares(frame: pd.DataFrame) -> pd.DataFrame:
    """Return contacts toward the standard as shares, a row a city and kind with a standard.

    Adds share: made toward ÷ required, and unsure: what contacts of unknown result
    could add to it, never past the standard.
    """
    rows = frame[frame["required"] > 0].astype({"required": "float64"})
    share = rows["made_toward"] / rows["required"]
    most = share + rows["result_unknown"] / rows["required"]
    return rows.assign(share=share, unsure=most.clip(upper=1) - share)


def _sum_by(frame: pd.DataFrame, key_column: str, first: str) -> pd.DataFrame:
    """Sum what counts by the values of `key_column`, most of `first` first, those of none left out.

    What is missing adds nothing.
    """
    sums = frame.groupby(key_column, observed=True).sum(numeric_only=True).reset_index()
    order = [first, key_column]
    found = sums[sums[first] > 0].sort_values(order, ascending=[False, True])
    return found.reset_index(drop=True)


def sum_services_by_kind(frame: pd.DataFrame) -> pd.DataFrame:
    """Sum offers by kind over the cities, and where each stands; kinds never offered left out."""
    sums = _sum_by(frame, "kind", "offers")
    return sums.assign(not_begun=sums["offers"] - sums["intake"])


def _count_requests(context: ReportContext, values: Values) -> Prepared:
    answer = context.ask("community_requests", city=find_city(values))
    is_all = answer.frame["topic"] == "all"
    title = context.say("requests.title", answer.frame[is_all])
    sums = _sum_by(answer.frame[~is_all], "topic", "asked")
    return Prepared(sums, (answer,), table=answer.frame, titles={FINDING: title})


def _count_events(events: pd.DataFrame) -> pd.DataFrame:
    sums = _sum_by(events, "kind", "events")
    return sums.assign(counted=sums["events"] - sums["attendance_unknown"])


def _count_warned(shootings: pd.DataFrame) -> pd.DataFrame:
    known = shootings[["notified", "group_unknown", "attempted_only"]].sum(axis=1)
    return shootings.assign(none_warned=shootings["incidents"] - known)


def _sum_money(context: ReportContext, values: Values) -> Prepared:
    budget, years = spending.ask_fiscal_years(context, find_city(values))
    is_known = years["spent"].notna()
    is_part = is_known & (~years["over"].astype(bool) | (years["spent_unknown"] > 0))
    return Prepared(
        years.assign(is_whole=~is_part, absent="unknown"),
        (budget,),
        {"is_part": is_part.any()},
        table=years,
        titles={FINDING: spending.write_money_title(context, years)},
    )


def _list_reviews(context: ReportContext, values: Values) -> Prepared:
    answer = context.ask("lists_due_by_city", city=find_city(values))
    rows = answer.frame[["city", "overdue", "due", "no_day", "longest_overdue"]]
    return Prepared(rows, (answer,), {"listings": len(rows)})


def _divide_money(context: ReportContext, values: Values) -> Prepared:
    answer = context.ask("cost_per_person_reached", city=find_city(values))
    costs = spending.add_cost_per_person(answer.frame)
    return Prepared(costs, (answer,), titles={FINDING: spending.write_cost_title(context, costs)})


def _name_parts(
    context: ReportContext, chart: str, parts: Iterable[str]
) -> Iterator[tuple[str, str]]:
    for part in parts:
        yield part, context.say(f"{CHART}{chart}.parts.{part}")


def _class_groups(context: ReportContext, values: Values) -> Prepared:
    """Class each group by how long ago a member came, those without an audit date apart."""
    answer = context.ask("group_coverage_grid", city=find_city(values))
    groups, is_audited = answer.frame, answer.frame["audited"].astype(bool)
    since = groups["days_since_attended"].astype("float64")
    has_come = since.notna()
    is_kind = [since <= RECENT_DAYS, has_come & groups["covered"].astype(bool), has_come]
    kind = np.select([*is_kind, groups["notice_on"].notna()], COVERAGE[:-1], COVERAGE[-1])
    classed = groups.assign(broken=~is_audited, kind=kind, colour=[f"done:{each}" for each in kind])
    frame = classed.sort_values(["broken", "days_since_attended", "group_id"])
    counts = [
        f"{words} {(classed['colour'] == key).sum()}"
        for key, words in _name_parts(context, "group-coverage", [f"done:{k}" for k in COVERAGE])
        if (classed["colour"] == key).any()
    ]
    without = groups.loc[is_audited, "notice_on"].isna().sum()
    about = {"groups": is_audited.sum(), "without": without}
    title = context.say("groups_warned.title", groups[is_audited], about)
    facts = {"counts": counts, "groups": len(groups)}
    return Prepared(frame, (answer,), facts, groups, {FINDING: title})


def _share_reviews(context: ReportContext, values: Values) -> Prepared:
    """Share incidents by what reviews found; where nothing was reviewed there is no bar: that would
    say unknown of what nobody looked at.
    """
    answer = context.ask("gmi_share", city=find_city(values))
    frame, least = answer.frame, context.least_base
    no_review = (frame["reviewed"] == 0) & (frame["incidents"] > 0)
    whole = frame["incidents"].where(~no_review).astype("float64")
    shares = {
        f"{part}_share": (100 * frame[part].astype("float64") / whole).fillna(0) for part in GMI
    }
    said = {
        f"{part}_share_words": [
            wording.label_share(count, of, least) if count and not none else ""
            for count, of, none in zip(frame[part], frame["incidents"], no_review, strict=True)
        ]
        for part in GMI
    }
    topic = context.say(f"{CHART}group-involvement.topic")
    drawn = frame.assign(**shares, **said, no_review=no_review)
    return Prepared(drawn, (answer,), table=frame, titles={FINDING: topic})


def _trace_groups(context: ReportContext, values: Values) -> Prepared:
    """List what happened on each group's side and on ours, a row a notice, a case and an action."""
    city = find_city(values)
    promises, groups, episodes, actions = (
        context.ask(query, city=city)
        for query in ("promises", "two_sided_ledger", "episodes", "restraint_actions")
    )
    through = pd.Timestamp(promises.provenance.data_through or context.today)
    cases, quiet = episodes.frame, actions.frame.query("broke_restraint")
    answered = cases["first_action_on"] - cases["violated_on"]
    window = context.settings.thresholds.promise_window_days
    of_cases = cases[GROUP].assign(
        part=cases["state_90"],
        day=cases["violated_on"],
        acted_on=cases["first_action_on"],
        days=answered.dt.days.clip(lower=SHORTEST).fillna(window),
    )
    named = groups.frame.assign(name=name_groups(groups.frame), passed_on=False)
    named = named.rename(columns={"notice_on": "since", "days": "days_open"})
    noticed = named[named["since"].notna()]
    events = pd.concat(
        [
            of_cases,
            noticed[GROUP].assign(part="notice", day=noticed["since"]),
            quiet[GROUP].assign(part="quiet", day=quiet["acted_on"]),
        ]
    )
    # A group that passed on has a line of its own, without the notice its successor took over.
    others = pd.concat([cases[GROUP], quiet[GROUP]]).sort_values("group_id")
    others = others.assign(
        name=[code.removeprefix(f"{of}-") for of, code in others.itertuples(index=False)],
        passed_on=True,
    )
    shown = ["name", "passed_on", "since", "days_open", "response", "stopped"]
    tracks = pd.concat([named[[*GROUP, *shown]], others]).drop_duplicates(GROUP)
    first = min(noticed["since"], default=through - pd.Timedelta(days=365))
    frame = tracks.merge(events, on=GROUP, how="left").assign(
        first=first - pd.Timedelta(days=60), last=through + pd.Timedelta(days=30), through=through
    )
    states = cases["state_90"].value_counts()
    told = [*STATES, *(["unknown"] if "unknown" in states else [])]
    facts = {
        "counts": [
            f"{states.get(state, 0)} {words}"
            for state, words in _name_parts(context, "ledger", told)
        ],
        "cases": len(cases),
        "actions": len(quiet),
        "groups": len(tracks),
    }
    titles = {FINDING: "Each group's side and ours"}
    return Prepared(frame, (episodes, groups, actions), facts, cases, titles)


PREPARED: dict[str, Prepare] = {
    "lists-due": _list_reviews,
    "group-coverage": _class_groups,
    "group-involvement": _share_reviews,
    "ledger": _trace_groups,
    "call-in-funnel": _count_funnel,
    "after-a-shooting": _prepare_rows("retaliation_window", _count_warned),
    "follow-up": _count_follow_up,
    "met-at-the-gate": _count_greetings,
    "supervision": _prepare_rows("supervision_contacts", compute_supervision_shares),
    "services": _prepare_rows("service_uptake", sum_services_by_kind),
    "community-requests": _count_requests,
    "community-events": _prepare_rows("community_events", _count_events),
    "money-spent": _sum_money,
    "cost-per-person": _divide_money,
}
