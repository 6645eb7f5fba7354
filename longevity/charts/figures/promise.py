"""The two-sided ledger as a picture: a line a group, from its notice to today."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from longevity.charts.chart import Chart, Drawing
from longevity.charts.frames import name_groups
from longevity.charts.spec import Marks, Spans, Timeline, Track
from longevity.charts.theme import STATES
from longevity.dates import format_short
from longevity.measures import wording

Row = dict[str, Any]  # a line of a frame, by column
QUIET = "that answered no case, on a group without a shooting in the {} days before"
TALL = 20  # pixels of a line
WINDOW, SHORTEST = 90, 3  # days of a bar that nothing answered, and of one that can be seen
THOUGH_QUIET = "acted on though quiet"  # short: the key's columns are as wide as its longest name
STATE_NAMES = {"kept": "on time", "late": "late", "open": "open", "broken": "missed"}
UNKNOWN = "unknown"  # nothing was supplied of what enforcement did: neither open nor missed
TODAY = {"open": "state:open", "missed": "state:broken"}  # by the first word of a status


def draw_ledger(
    groups: pd.DataFrame,
    episodes: pd.DataFrame,
    unrestrained: pd.DataFrame,
    drawing: Drawing,
    through: date,
    title: str,
    window_days: int,
) -> Chart:
    """Draw one line a group over time: notice, episodes by what became of them, broken restraint.

    `groups`: `two_sided_ledger`, in the order they are drawn. `episodes`: `episodes`, drawn by
    what each had become by day 90. `unrestrained`: city, group_id, acted_on, the group-scope
    actions that answer no episode. A group that passed on has a line of its own,
    without the notice its successor took over. `window_days`: how long after a shooting a group
    is not left alone.
    """
    quiet = QUIET.format(window_days)
    marks = episodes.assign(state=episodes["state_90"]).to_dict("records")
    broke = unrestrained.to_dict("records")
    named = groups.assign(name=name_groups(groups), today=[*map(_name_status, groups.itertuples())])
    lines = _list_lines(named.to_dict("records"), [*marks, *broke], drawing)
    places = {(line["city"], line["group_id"]): at for at, line in enumerate(lines)}
    # Labels and hovers take a little HTML, and a code name comes from a file we were handed.
    names = [html.escape(line["name"], quote=False) for line in lines]
    counts = Counter(mark["state"] for mark in marks)
    states = (*STATES, UNKNOWN) if counts[UNKNOWN] else STATES
    parts = ", ".join(f"{counts[state]} {STATE_NAMES.get(state, state)}" for state in states)
    noticed = [line["notice_on"].date() for line in lines if not pd.isna(line["notice_on"])]
    start = min(noticed, default=through - timedelta(days=365))
    return Chart(
        name="two-sided-ledger",
        title=title,
        subtitle="A line a group from its notice on, and where it is today. A bar is a case: "
        "from the shooting to the action on the group, or to day 90. A triangle: "
        f"enforcement {quiet}.",
        spec=Timeline(
            tuple(_build_tracks(lines, names, drawing)),
            tuple(_build_spans(marks, places, names, state) for state in states),
            (
                _build_marks(
                    lines, places, names, "notice_on", ("notice", "notice"), "line-ns-open", 14
                ),
                _build_marks(
                    broke,
                    places,
                    names,
                    "acted_on",
                    (THOUGH_QUIET, f"enforcement {quiet},"),
                    "triangle-up-open",
                    11,
                ),
            ),
            ends=(
                (start - timedelta(days=60)).isoformat(),
                (through + timedelta(days=30)).isoformat(),
            ),
            through=through.isoformat(),
            tall=TALL,
        ),
        drawing=drawing,
        alt=f"Timeline of {len(lines)} groups with {len(marks)} cases: {parts}; "
        f"{wording.count_noun(len(broke), 'action')} {quiet}.",
        table=episodes,
    )


def _name_status(row: Any) -> str:
    """Return what a group is at today, in a word or two; one that stopped is at that, whatever
    became of its cases before.
    """
    if row.response == "open":
        return f"open, day {int(row.days)}"
    if pd.isna(row.stopped):
        words = {"none": UNKNOWN, "unknown": UNKNOWN, "broken": "missed"}
        return words.get(row.response, "followed up")
    if row.stopped:
        return "stopped"
    return {"broken": "missed", UNKNOWN: UNKNOWN}.get(row.response, "followed up")


def _list_lines(groups: list[Row], marks: list[Row], drawing: Drawing) -> list[Row]:
    """Return each group that has something to show, by city, those without notice last."""
    by_id = {(group["city"], group["group_id"]): group for group in groups}
    others = {(mark["city"], mark["group_id"]) for mark in marks} - by_id.keys()
    order = {key: at for at, key in enumerate(by_id)}
    lines: list[Row] = []
    for key in sorted(
        [*by_id, *others],
        key=lambda each: (drawing.position(each[0]), order.get(each, len(order)), each[1]),
    ):
        code = key[1].removeprefix(f"{key[0]}-")
        group = by_id.get(key, {"name": code, "today": "passed on", "notice_on": pd.NaT})
        fields = {name: group[name] for name in ("name", "today", "notice_on")}
        lines.append({"city": key[0], "group_id": key[1], **fields})
    return lines


def _build_tracks(lines: list[Row], names: list[str], drawing: Drawing) -> Iterator[Track]:
    """Yield a line a group: its name, where it is today, and the line since its notice."""
    before = None
    for line, name in zip(lines, names, strict=True):
        city, notice = line["city"], line["notice_on"]
        yield Track(
            name,
            line["today"],
            TODAY.get(line["today"].split(" ")[0], "quiet"),
            drawing.cities[city] if city != before else "",
            drawing.name_colour(city),
            "" if pd.isna(notice) else notice.date().isoformat(),
        )
        before = city


def _build_spans(
    marks: list[Row], places: Mapping[tuple[str, str], int], names: list[str], state: str
) -> Spans:
    subset = [mark for mark in marks if mark["state"] == state]
    answers = [
        None if pd.isna(mark["first_action_on"]) else mark["first_action_on"] for mark in subset
    ]
    return Spans(
        STATE_NAMES.get(state, state),
        "done:unknown" if state == UNKNOWN else f"state:{state}",
        [places[mark["city"], mark["group_id"]] for mark in subset],
        [mark["violated_on"].date().isoformat() for mark in subset],
        [
            WINDOW if action is None else max(SHORTEST, (action - mark["violated_on"]).days)
            for mark, action in zip(subset, answers, strict=True)
        ],
        "{2}: shot {0}, action {1}",
        [
            [
                format_short(mark["violated_on"]),
                "–" if action is None else format_short(action),
                names[places[mark["city"], mark["group_id"]]],
            ]
            for mark, action in zip(subset, answers, strict=True)
        ],
    )


def _build_marks(
    marks: list[Row],
    places: Mapping[tuple[str, str], int],
    names: list[str],
    column: str,
    said: tuple[str, str],
    symbol: str,
    size: float,
) -> Marks:
    """Return a mark on the day in `column`. `said`: its name in the key, and in a hover."""
    name, hover = said
    subset = [mark for mark in marks if not pd.isna(mark[column])]
    return Marks(
        name,
        symbol,
        [places[mark["city"], mark["group_id"]] for mark in subset],
        [mark[column].date().isoformat() for mark in subset],
        f"{{0}}: {hover} {{x}}",
        [[names[places[mark["city"], mark["group_id"]]]] for mark in subset],
        sizes=size,
    )
