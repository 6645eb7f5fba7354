"""Charts made of parts: the funnel with its losses, notifications, the days after a shooting."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from longevity.charts.chart import Chart, Drawing, hand_drawn
from longevity.charts.figures import segments
from longevity.charts.figures.segments import ALSO, LOST, PASSED, RECENT, UNKNOWN, Bar, Part
from longevity.text import wording
from longevity.text.call_ins import Stage

KEY = {
    PASSED: "went on",
    ALSO: "completed",
    UNKNOWN: "unknown",
    RECENT: "too recent",
    LOST: "lost here",
}
HEADINGS = {
    "reachable": "invited: was the member reached?",
    "attended": "reached: did they come?",
    "intake_30": "came: a service begun in 30 days?",
    "active_90": "began a service: active at 90 days?",
}
WENT_ON = {
    "reachable": "reached",
    "attended": "came",
    "intake_30": "began a service",
    "active_90": "active at 90 days",
}
LOST_WORDS = {
    "reachable": "not reached",
    "attended": "absent or excused",
    "intake_30": "began none in 30 days",
    "active_90": "no longer in contact",
}
UNKNOWN_WORDS = {
    "reachable": "not known whether reached",
    "attended": "attendance unknown",
    "active_90": "contact not noted",
}


def funnel(
    stages: Sequence[Stage],
    custody: tuple[int, int, int, int] | None,
    table: pd.DataFrame,
    drawing: Drawing,
    title: str,
) -> Chart:
    """The funnel as bars that shorten: each begins with those who passed the one above.

    `stages`: as `measures.call_ins.funnel` gives them; `custody`: invited, reached,
    came, unknown of those in custody, a bar of its own. `table`: the rows behind it.
    """
    bars = [_stage_bar(stage) for stage in stages]
    if custody is not None:
        bars.append(_custody_bar(*custody))
    said = [
        f"{wording.format_number(stage.after)} of {wording.format_number(stage.before)} "
        f"{WENT_ON[stage.name]}, {wording.format_number(stage.loss)} {LOST_WORDS[stage.name]}, "
        f"{wording.format_number(stage.unknown)} unknown, {wording.format_number(stage.recent)} "
        "too recent"
        for stage in stages
    ]
    return hand_drawn(
        drawing=drawing,
        name="call-in-funnel",
        title=title,
        subtitle="Each bar begins with those who passed the one above; members not in custody, "
        "counted once an invitation. A session tells of a stage once 30 or 90 days lie behind it.",
        figure=segments.figure(bars, drawing, KEY),
        alt=f"Bars of the way from invitation to service. {'; '.join(said)}."
        if said
        else "No invitations.",
        table=table,
    )


def _stage_bar(stage: Stage) -> Bar:
    return Bar(
        f"{wording.format_number(stage.before)} {HEADINGS[stage.name]}",
        (
            Part(PASSED, stage.after, WENT_ON[stage.name]),
            Part(ALSO, stage.completed, "had completed it"),
            Part(UNKNOWN, stage.unknown, UNKNOWN_WORDS.get(stage.name, "unknown")),
            Part(RECENT, stage.recent, "too recent to tell"),
            Part(LOST, stage.loss, LOST_WORDS[stage.name]),
        ),
    )


def _custody_bar(invited: int, reached: int, came: int, unknown: int) -> Bar:
    return Bar(
        f"In custody, counted apart: {wording.format_number(invited)} invited",
        (
            Part(PASSED, came, "came"),
            Part(UNKNOWN, unknown, "attendance unknown"),
            Part(LOST, reached - came - unknown, "reached, did not come"),
            Part(LOST, invited - reached, "not known to be reached"),
        ),
    )


def notifications(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Custom notifications, a bar a city. `frame`: rows of `custom_notifications`."""
    bars = [
        Bar(
            drawing.cities[row.city],
            (
                Part(PASSED, int(row.direct), "direct"),
                Part(ALSO, int(row.collateral), "through family"),
                Part(LOST, int(row.no_contact), "no contact"),
            ),
        )
        for row in frame.itertuples()
    ]
    said = [f"{bar.heading}: {bar.parts[0].count} direct of {bar.whole} attempted" for bar in bars]
    return hand_drawn(
        drawing=drawing,
        name="custom-notifications",
        title=title,
        subtitle="Messages to one member, attempted in the twelve months. Direct: to the member; "
        "else to the family, or nobody was met."
        + (" The same scale for each city." if len(bars) > 1 else ""),
        figure=segments.figure(
            bars, drawing, {PASSED: "direct", ALSO: "through family", LOST: "no contact"}
        ),
        alt=f"Bars of custom notifications. {'; '.join(said)}.",
        table=frame,
    )


def retaliation(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """What followed a group's shooting in three days. `frame`: rows of `retaliation_window`."""
    bars = [
        Bar(
            drawing.cities[row.city],
            (
                Part(PASSED, int(row.notified), "an involved group notified"),
                Part(UNKNOWN, int(row.group_unknown), "no group on file, unknown"),
                Part(ALSO, int(row.attempted_only), "attempted, nobody met"),
                Part(
                    LOST,
                    int(row.incidents - row.notified - row.group_unknown - row.attempted_only),
                    "nobody notified",
                ),
            ),
        )
        for row in frame.itertuples()
    ]
    said = [f"{bar.heading}: {bar.parts[0].count} of {bar.whole}" for bar in bars]
    return hand_drawn(
        drawing=drawing,
        name="retaliation-window",
        title=title,
        subtitle="Shootings confirmed as group-member-involved, with three days behind them, and "
        "whether a custom notification to an involved group followed within 72 hours (as dates).",
        figure=segments.figure(
            bars,
            drawing,
            {
                PASSED: "notified",
                UNKNOWN: "unknown",
                ALSO: "attempted only",
                LOST: "nobody notified",
            },
        ),
        alt=f"Bars of group-member-involved shootings notified in time. {'; '.join(said)}.",
        table=frame,
    )
