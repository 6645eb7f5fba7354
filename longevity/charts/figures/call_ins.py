"""Charts made of parts: the funnel with its losses, notifications, the days after a shooting."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from longevity.charts.chart import Chart, Drawing
from longevity.charts.spec import Part, Row, Rows
from longevity.measures import wording
from longevity.stats.attendance import count_losses

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
# Of each stage what stands over its bar, and who passed, who was lost and who is unknown.
STAGES = {
    "reachable": ("invited: was the member reached?", "reached", "not reached"),
    "attended": ("reached: did they come?", "came", "absent or excused"),
    "intake_30": (
        "came: a service begun in 30 days?",
        "began a service",
        "began none in 30 days",
    ),
    "active_90": (
        "began a service: active at 90 days?",
        "active at 90 days",
        "no longer in contact",
    ),
}


def draw_funnel(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw the funnel as bars that shorten: each begins with those who passed the one above.

    `frame`: `call_in_funnel`; those in custody are a bar of their own.
    """
    inside = frame[frame["route"] == "in_custody"]
    stages = count_losses(frame[frame["route"] != "in_custody"])
    bars = []
    for row in stages.itertuples():
        heading, passed, lost = STAGES[row.stage]
        bars.append(
            build_step_row(
                f"{wording.format_number(row.before)} {heading}",
                (
                    (PASSED, row.passed, passed),
                    (ALSO, row.completed, "had completed it"),
                    (UNKNOWN, row.unknown, "unknown"),
                    (RECENT, row.recent, "too recent to tell"),
                    (LOST, row.lost, lost),
                ),
            )
        )
    if inside["invited"].sum():
        bars.append(_build_custody_row(inside))
    return _draw_bars(
        "call-in-funnel",
        title,
        "Each bar begins with those who passed the one above; members not in custody, counted once "
        "an invitation. Too recent: a session under 30 or 90 days ago.",
        bars,
        KEY,
        drawing,
        frame,
    )


def _build_custody_row(inside: pd.DataFrame) -> Row:
    columns = ("invited", "reachable", "attended", "attended_unknown")
    invited, reached, came, unknown = (int(inside[name].sum()) for name in columns)
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
    said = [f"{wording.format_number(count)} {words}" for _, count, words in nonzero]
    return Row(
        tuple(
            Part(kind, count, f"{wording.format_number(count)} of {whole} {words}")
            for kind, count, words in nonzero
        ),
        heading=heading,
        below=_wrap_parts(said),
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


def _draw_bars(
    name: str,
    title: str,
    subtitle: str,
    bars: Sequence[Row],
    key: dict[str, str],
    drawing: Drawing,
    table: pd.DataFrame,
) -> Chart:
    said = "; ".join(f"{bar.heading}: {' '.join(bar.below)}" for bar in bars)
    return Chart(
        name=name,
        title=title,
        subtitle=subtitle,
        spec=Rows(tuple(bars), key),
        drawing=drawing,
        alt=f"Bars. {said}." if said else f"{title}.",
        table=table,
    )


def draw_notifications(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw custom notifications, a bar a city. `frame`: rows of `custom_notifications`."""
    key = {PASSED: "direct", ALSO: "through family", LOST: "no contact"}
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
    subtitle = "Messages to one member, attempted in the twelve months."
    return _draw_bars("custom-notifications", title, subtitle, bars, key, drawing, frame)


def draw_first_days(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw whether a warning followed in time. `frame`: rows of `retaliation_window`."""
    key = {PASSED: "warned", UNKNOWN: "unknown", ALSO: "attempted only", LOST: "none warned"}
    bars = [
        build_step_row(
            drawing.cities[row.city],
            (
                (PASSED, row.notified, "an involved group warned"),
                (UNKNOWN, row.group_unknown, "no group on file, unknown"),
                (ALSO, row.attempted_only, "attempted, no contact"),
                (
                    LOST,
                    row.incidents - row.notified - row.group_unknown - row.attempted_only,
                    "none warned",
                ),
            ),
        )
        for row in frame.itertuples()
    ]
    subtitle = (
        "Shootings confirmed as group-involved, whose time to warn is over: did a custom "
        "notification to an involved group follow in time (as dates)?"
    )
    return _draw_bars("retaliation-window", title, subtitle, bars, key, drawing, frame)
