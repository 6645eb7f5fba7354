"""Parts of a whole that the public may have: by firearm, promises answered, steps of call-ins."""

from __future__ import annotations

from typing import Any

import pandas as pd

from longevity.absent import Absent
from longevity.charts.chart import Chart, Drawing
from longevity.charts.figures.panels import note_one_scale
from longevity.charts.figures.rows import Column, build_rows, draw_rows
from longevity.charts.frames import build_year_axis, list_numbers
from longevity.charts.spec import Label, Panel, Plot, Series
from longevity.measures import wording
from longevity.warehouse.frames import MISSING, WITHHELD

FAINT = 0.35
# An unknown weapon is not known to be another.
GUNS, OTHER_MEANS = "by firearm", "by other or unknown means"
ANSWERED = {
    "kept_30": ("within 30 days", "yes"),
    "kept_60": ("in 31 to 60 days", "going"),
    "kept_90": ("in 61 to 90 days", "late"),
    "not_kept": ("not within 90 days", "no"),
}
# In a file each column says of which days it is: "kept_90" reads as all within 90 days.
IN_FILE = {
    "kept_30": "within_30_days",
    "kept_60": "in_31_to_60_days",
    "kept_90": "in_61_to_90_days",
    "not_kept": "not_within_90_days",
}
STEPS = {
    "invited": "Invited, not in custody",
    "reachable": "Reached by the invitation",
    "not_reached": "Not reached, or not known",
    "attended": "Came, of those reached",
    "not_come": "Did not come, or not known, of those reached",
    "intake_30": "Began a service within 30 days, of those who came",
    "no_intake_30": "Began none within 30 days",
}
STEPS_DRAWN = ("invited", "reachable", "attended", "intake_30")


def find_year(frame: pd.DataFrame) -> str:
    """Return the closed year an answer of a public table is of, or that it has none."""
    years = frame["year"].dropna()
    return str(int(years.max())) if len(years) else "no closed year"


def format_cell(count: Any, state: str) -> str:
    """Return one figure: its number, "withheld", or "missing"."""
    return wording.format_number(count) if state in ("shown", "zero") else state


def name_absence_of_young(row: Any) -> str:
    """Return why a row has no young Black men: "not supplied", "missing", "withheld"; or nothing.

    Where the people shot are known and the part is missing, the source does not give it.
    """
    if pd.notna(row.young_black_men) and pd.notna(row.victims):
        return ""
    if getattr(row, "young_black_men_state", WITHHELD) != MISSING:
        return WITHHELD  # a total that is not told hides the part
    return MISSING if pd.isna(row.victims) else Absent.NOT_SUPPLIED.value


def draw_firearm_share(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw homicides by year, those by firearm full and the others faint; a panel a city.

    `frame`: city, year, firearm_homicides, homicides, complete (bool).
    """
    panels = []
    for city, rows in drawing.split_by_city(frame):
        of_city, colour, name = (
            rows.sort_values("year"),
            drawing.name_colour(city),
            drawing.cities[city],
        )
        guns = of_city["firearm_homicides"].astype(int)
        rest = of_city["homicides"].astype(int) - guns
        years = of_city["year"].tolist()
        parts = ((GUNS, guns, 1.0), (OTHER_MEANS, rest, FAINT))
        bars = [
            Series(
                f"{name}, {words}",
                "bar",
                years,
                counts.tolist(),
                colour,
                strength=strength,
                hover=f"{{x}}, {words}: {{y}}",
            )
            for words, counts, strength in parts
        ]
        panels.append(Panel(tuple(bars), name, colour))
    partial = sorted({int(year) for year in frame.loc[~frame["complete"].astype(bool), "year"]})
    verb = "is" if len(partial) == 1 else "are"
    part = f"; {wording.join_words([str(year) for year in partial])} {verb} not whole"
    return Chart(
        name="homicides-by-firearm",
        title=title,
        subtitle=f"Homicides by year: {GUNS} full, {OTHER_MEANS} faint"
        f"{note_one_scale(panels)}{part if partial else ''}.",
        spec=Plot(tuple(panels), x=build_year_axis(frame["year"]), stacked=True),
        drawing=drawing,
        alt=f"{title}.",
        table=frame,
    )


STANDING = (
    Column("kept", "on time", "yes"),
    Column("late", "late", "late"),
    Column("open", "days not over", "going"),
    Column("broken", "missed", "no"),
    Column("unknown", "unknown", "unknown"),
)


def draw_promises(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw closed cases by the year they began in, by how soon enforcement followed.

    `frame`: year, episodes, episodes_state, kept_30, kept_60, kept_90, not_kept; a year that is
    withheld or missing has a place that says so.
    """
    absent = frame[frame["episodes"].isna()]
    withheld = [str(year) for year in absent.loc[absent["episodes_state"] == WITHHELD, "year"]]
    bars = [
        Series(
            name,
            "bar",
            frame["year"].tolist(),
            list_numbers(frame[column], 0),
            f"done:{kind}",
            labels=[wording.format_number(n) if n else "" for n in frame[column].fillna(0)],
            hover=f"{{x}}, {name}: {{y}}",
        )
        for column, (name, kind) in ANSWERED.items()
    ]
    return Chart(
        name="promises-by-year",
        title=title,
        subtitle="Closed cases of all cities together, by the year they began in and how soon "
        f"enforcement followed{f'; withheld: {wording.join_words(withheld)}' if withheld else ''}.",
        spec=Plot(
            (
                Panel(
                    tuple(bars) if len(absent) < len(frame) else (),
                    labels=tuple(
                        Label(row.episodes_state, row.year, 0, "quiet", upright=True)
                        for row in absent.itertuples()
                    ),
                ),
            ),
            x=build_year_axis(frame["year"], margin=0.5, each=True),
            stacked=True,
            tall=250,
            keyed=True,
        ),
        drawing=drawing,
        alt=f"Stacked bars by year. {title}.",
        table=frame.drop(columns="cut_on", errors="ignore").rename(columns=IN_FILE),
    )


def draw_follow_up(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw how each city's cases stand 30, 60 and 90 days after the shooting, a bar each.

    `frame`: `promises` (city, window_days, kept, late, open, broken, unknown, elapsed,
    elapsed_kept).
    """
    lines: list[dict[str, Any]] = []
    for city, rows in drawing.split_by_city(frame):
        for at, row in enumerate(rows.itertuples()):
            parts = {part.column: int(getattr(row, part.column)) for part in STANDING}
            # On time counts only cases whose days are over: of newer ones those that were followed
            # up at once are seen, and those that will be missed are not.
            parts["open"] += parts["kept"] - int(row.elapsed_kept)
            parts["kept"] = int(row.elapsed_kept)
            label = f"within {row.window_days} days"
            note = f"{row.elapsed_kept} of {row.elapsed} on time" if row.elapsed else ""
            lines.append({"label": label, "note": note, "city": "" if at else city, **parts})
    return draw_rows(
        "follow-up",
        title,
        "Did enforcement on the group follow in so many days? All years. The words at the right "
        "count only cases whose deadline has passed. While a case is open the group's next "
        "shootings belong to it.",
        lines,
        STANDING,
        drawing,
        frame,
    )


def draw_steps(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw the steps from invitation to service, a bar each; what is withheld is not drawn.

    `frame`: city, step, members, members_state, of one year.
    """
    lines: list[dict[str, Any]] = []
    for city, rows in drawing.split_by_city(frame):
        by_step = rows.set_index("step")
        for at, step in enumerate(step for step in STEPS_DRAWN if step in by_step.index):
            row = by_step.loc[step]
            is_public = row["members_state"] in ("shown", "zero")
            cell = format_cell(row["members"], row["members_state"])
            lines.append(
                {
                    "label": STEPS[step],
                    "note": cell,
                    "words_members": cell,
                    "city": city if at == 0 else "",
                    # A bar of nothing would say zero.
                    "members": row["members"] if is_public else None,
                }
            )
    return draw_rows(
        "call-in-steps",
        title,
        f"From invitation to service, call-ins of {find_year(frame)}. Members not in "
        "custody, counted once an invitation. Withheld: a count of few people, or one that would "
        "give it back.",
        lines,
        [Column("members", "members", "yes")],
        drawing,
        frame.drop(columns="cut_on", errors="ignore"),
    )


def draw_young_black_men(
    frame: pd.DataFrame, drawing: Drawing, title: str, least_base: int
) -> Chart:
    """Draw which share of the people shot are young Black men, and may be; a bar a city.

    `frame`: city, young_black_men, may_be, victims with their states.
    `least_base`: of fewer people no percentage is written.
    """
    lines: list[dict[str, Any]] = []
    for row in frame.itertuples():
        line = {"label": "Black men under 30, of the people shot", "city": row.city}
        absence = name_absence_of_young(row)
        for column, count in (("known", row.young_black_men), ("may", row.may_be)):
            is_told = not absence and pd.notna(count)
            line[column] = count / row.victims if is_told and row.victims else None
            line[f"words_{column}"] = (
                wording.label_share(count, row.victims, least_base) if is_told else "withheld"
            )
        lines.append(
            {"note": absence or f"{line['words_known']}; not known: {line['words_may']}", **line}
        )
    columns = [Column("known", "known to be", "yes"), Column("may", "may be", "unknown")]
    return Chart(
        name="young-black-men-shot",
        title=title,
        subtitle=f"Young Black men, {find_year(frame)}. Shares of the people shot: who "
        "are known to be Black men under 30, and who may be, as age, sex or race is not known, or "
        "not closely enough.",
        spec=build_rows(lines, columns, drawing, shares=True),
        drawing=drawing,
        alt=f"{title}.",
        table=frame.drop(columns="cut_on", errors="ignore"),
    )
