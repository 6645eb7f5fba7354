"""Charts made of parts: the funnel with its losses, notifications, the days after a shooting."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from longevity.charts.chart import Chart, Drawing
from longevity.charts.spec import Part, Row, Rows
from longevity.text import wording
from longevity.text.call_ins import Stage

PASSED, ALSO, UNKNOWN, RECENT, LOST = (
    f"step:{name}" for name in ("passed", "also", "unknown", "recent", "lost")
)
WIDE = 46  # characters that fit a line on a phone
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


def draw_funnel(
    stages: Sequence[Stage],
    custody: tuple[int, int, int, int] | None,
    table: pd.DataFrame,
    drawing: Drawing,
    title: str,
) -> Chart:
    """Draw the funnel as bars that shorten: each begins with those who passed the one above.

    `stages`: as `text.call_ins.list_stages` gives them; `custody`: invited, reached,
    came, unknown of those in custody, a bar of its own. `table`: the rows behind it.
    """
    bars = [_stage_bar(stage) for stage in stages]
    if custody is not None:
        bars.append(_custody_bar(*custody))
    sentences = [
        f"{wording.format_number(stage.after)} of {wording.format_number(stage.before)} "
        f"{WENT_ON[stage.name]}, {wording.format_number(stage.loss)} {LOST_WORDS[stage.name]}, "
        f"{wording.format_number(stage.unknown)} unknown, {wording.format_number(stage.recent)} "
        "too recent"
        for stage in stages
    ]
    return Chart(
        name="call-in-funnel",
        title=title,
        subtitle="Each bar begins with those who passed the one above; members not in custody, "
        "counted once an invitation. Too recent: a session under 30 or 90 days ago.",
        spec=Rows(tuple(bars), KEY),
        drawing=drawing,
        alt=f"Bars of the way from invitation to service. {'; '.join(sentences)}."
        if sentences
        else "No invitations.",
        table=table,
    )


def _stage_bar(stage: Stage) -> Row:
    return build_step_row(
        f"{wording.format_number(stage.before)} {HEADINGS[stage.name]}",
        (
            (PASSED, stage.after, WENT_ON[stage.name]),
            (ALSO, stage.completed, "had completed it"),
            (UNKNOWN, stage.unknown, UNKNOWN_WORDS.get(stage.name, "unknown")),
            (RECENT, stage.recent, "too recent to tell"),
            (LOST, stage.loss, LOST_WORDS[stage.name]),
        ),
    )


def _custody_bar(invited: int, reached: int, came: int, unknown: int) -> Row:
    return build_step_row(
        f"In custody, counted apart: {wording.format_number(invited)} invited",
        (
            (PASSED, came, "came"),
            (UNKNOWN, unknown, "attendance unknown"),
            (LOST, reached - came - unknown, "reached, did not come"),
            (LOST, invited - reached, "not known to be reached"),
        ),
    )


def build_step_row(heading: str, parts: Sequence[tuple[str, int, str]]) -> Row:
    """Return a bar of the parts there are any of, each in words below it.

    `parts`: kind, how many, and the words after the number.
    """
    nonzero = [(kind, int(count), words) for kind, count, words in parts if count]
    whole = wording.format_number(sum(count for _, count, _ in nonzero))
    numbers = [wording.format_number(count) for _, count, _ in nonzero]
    return Row(
        tuple(
            Part(kind, count, f"{number} of {whole} {words}")
            for (kind, count, words), number in zip(nonzero, numbers, strict=True)
        ),
        heading=heading,
        below=_wrap_parts(
            [f"{number} {words}" for (*_, words), number in zip(nonzero, numbers, strict=True)]
        ),
    )


def _wrap_parts(parts: Sequence[str]) -> tuple[str, ...]:
    """Return the parts in lines that a phone can show, none broken in two."""
    lines: list[str] = []
    for at, part in enumerate(parts):
        ended = part if at + 1 == len(parts) else f"{part};"
        if lines and len(lines[-1]) + 1 + len(ended) <= WIDE:
            lines[-1] += f" {ended}"
        else:
            lines.append(ended)
    return tuple(lines) or ("none",)


def draw_notifications(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw custom notifications, a bar a city. `frame`: rows of `custom_notifications`."""
    names = {PASSED: "direct", ALSO: "through family", LOST: "no contact"}
    bars = [
        build_step_row(
            drawing.cities[row.city],
            (
                (PASSED, row.direct, "direct"),
                (ALSO, row.collateral, "through family"),
                (LOST, row.no_contact, "no contact"),
            ),
        )
        for row in frame.itertuples()
    ]
    sentences = [
        f"{drawing.cities[row.city]}: {row.direct} direct of "
        f"{row.direct + row.collateral + row.no_contact} attempted"
        for row in frame.itertuples()
    ]
    return Chart(
        name="custom-notifications",
        title=title,
        subtitle="Messages to one member, attempted in the twelve months. Direct: to the member; "
        "else to the family, or nobody was met." + (" One scale for all." if len(bars) > 1 else ""),
        spec=Rows(tuple(bars), names),
        drawing=drawing,
        alt=f"Bars of custom notifications. {'; '.join(sentences)}.",
        table=frame,
    )


def draw_first_days(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw whether notifications followed in time. `frame`: rows of `retaliation_window`."""
    names = {
        PASSED: "notified",
        UNKNOWN: "unknown",
        ALSO: "attempted only",
        LOST: "nobody notified",
    }
    bars = [
        build_step_row(
            drawing.cities[row.city],
            (
                (PASSED, row.notified, "an involved group notified"),
                (UNKNOWN, row.group_unknown, "no group on file, unknown"),
                (ALSO, row.attempted_only, "attempted, nobody met"),
                (
                    LOST,
                    row.incidents - row.notified - row.group_unknown - row.attempted_only,
                    "nobody notified",
                ),
            ),
        )
        for row in frame.itertuples()
    ]
    sentences = [
        f"{drawing.cities[row.city]}: {row.notified} of {row.incidents}"
        for row in frame.itertuples()
    ]
    return Chart(
        name="retaliation-window",
        title=title,
        subtitle="Shootings confirmed as group-member-involved, whose time to notify is over, "
        "and whether a custom notification to an involved group followed in time (as dates).",
        spec=Rows(tuple(bars), names),
        drawing=drawing,
        alt=f"Bars of group-member-involved shootings notified in time. {'; '.join(sentences)}.",
        table=frame,
    )
