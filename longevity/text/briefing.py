"""What the briefing says, beyond what other measures say already: tables and sentences.

Every function takes frames of the catalogue. Whether a change is more than chance is read
from a comparison and told in its words; nothing here compares by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from longevity import citations
from longevity.stats.baselines import YearToDate
from longevity.stats.comparison import Outcome
from longevity.text import (
    availability,
    baselines,
    change_wording,
    frames,
    wording,
)

UNKNOWN = change_wording.ARROWS[Outcome.UNKNOWN]
NOT_PUBLIC = (
    "What each city was given and spent since, and how many people were reached for it, is not "
    "part of the public record: the state sees it, and each city its own."
)
NO_FACT = "No source among the published facts says what the state paid."


def build_baselines_table(
    years: Sequence[YearToDate], noun: str, names: Mapping[str, str], least_base: int
) -> pd.DataFrame:
    """Return a row a city, a column a baseline; each cell its arrow, difference and percentage.

    `noun`: what is counted, which heads the column of this year's counts.
    """
    rows = []
    for each in years:
        now = "not known" if each.current is None else wording.format_number(each.current)
        row = {"City": names[each.city], noun.capitalize(): now}
        for against in each.against:
            words = baselines.describe_comparison(against, least_base)
            parts = [words.difference, words.percentage] if words.difference else [words.verdict]
            row[baselines.BASELINES[against.baseline].capitalize()] = (
                f"{words.arrow} {', '.join(part for part in parts if part)}"
            )
        rows.append(row)
    return pd.DataFrame(rows)


def build_guns_table(frame: pd.DataFrame, cities: Mapping[str, str], years: int) -> pd.DataFrame:
    """Return "18 of 20" homicides by firearm, a row a city, of whole years only, newest first."""
    whole = availability.select_known(
        availability.select_known(frame, "homicides"), "firearm_homicides"
    )
    whole = whole[whole["complete"].astype(bool)]
    newest_years = sorted(set(whole["year"]), reverse=True)[:years]
    rows = []
    for name, city_rows in frames.split_by_city(whole.set_index("year"), cities):
        by_year = {
            str(year): (
                f"{wording.format_number(city_rows.loc[year, 'firearm_homicides'])} of "
                f"{wording.format_number(city_rows.loc[year, 'homicides'])}"
                if year in city_rows.index
                else "not known"
            )
            for year in newest_years
        }
        rows.append({"City": name, **by_year})
    return pd.DataFrame(rows)


def add_guns_so_far(
    table: pd.DataFrame, frame: pd.DataFrame, head: str, cities: Mapping[str, str]
) -> pd.DataFrame:
    """Put before the years of `build_guns_table` the one that is not over, under `head`.

    `frame`: city, firearm_homicides, homicides, of `select_guns_so_far`.
    """
    known = frame[frame["homicides"].notna() & frame["firearm_homicides"].notna()]
    columns = (known[name].tolist() for name in ("city", "firearm_homicides", "homicides"))
    by_city = {
        cities[city]: f"{wording.format_number(guns)} of {wording.format_number(whole)}"
        for city, guns, whole in zip(*columns, strict=True)
        if city in cities
    }
    so_far = [by_city.get(name, "not known") for name in table["City"]]
    return pd.DataFrame({"City": table["City"], head: so_far, **table.drop(columns=["City"])})


def build_shares_table(frame: pd.DataFrame, least_base: int) -> pd.DataFrame:
    """Return published homicides in the cities and the state as text, a row a year and source.

    The share is given on a base of `least_base` or more.
    """
    return pd.DataFrame(
        {
            "Year": frame["year"].astype("str"),
            "In the cities": frame["cities"],
            "In the state": frame["state"],
            "Share": [
                wording.format_share(cities, state, least_base) if state >= least_base else "–"
                for cities, state in zip(frame["cities"], frame["state"], strict=True)
            ],
            "Published by": [citations.name_site(url) for url in frame["source"]],
        }
    )


def drop_later_years(frame: pd.DataFrame, through: date) -> pd.DataFrame:
    """Return published facts of no later year than that of `through`."""
    return frame[frame["year"] <= through.year]


NO_COST = (
    "What it bought cannot be told: of no fiscal year that is over are both the spending and the "
    "people it reached known."
)


def select_guns_so_far(frame: pd.DataFrame, through: date) -> pd.DataFrame:
    """Return this year's homicides for `counts.describe_gun_share`. `frame`: year_to_date_by_city.

    A person killed by firearm is `fatal`; `homicides` are by any weapon.
    """
    rows = frame[frame["year"] == through.year]
    over = (through.month, through.day) == (12, 31)
    return rows.assign(firearm_homicides=rows["fatal"], complete=over)


def explain_arrows(table: pd.DataFrame) -> str:
    """Say what the signs in a table of comparisons mean; the last only where it stands."""
    parts = [
        f"{change_wording.ARROWS[outcome]} {change_wording.VERDICTS[outcome]}"
        for outcome in (Outcome.UP, Outcome.DOWN, Outcome.UNCLEAR)
    ]
    if table.apply(lambda column: column.astype(str).str.startswith(UNKNOWN)).any(axis=None):
        parts.append(f"{UNKNOWN} not known, the data do not reach back so far or do not hold it")
    return f"{'; '.join(parts)}."
