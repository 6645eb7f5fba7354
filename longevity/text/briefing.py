"""What the briefing says, beyond what other measures say already: tables and sentences.

Every function takes frames of the catalogue. Whether a change is more than chance is read
from a comparison and told in its words; nothing here compares by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from longevity import citations
from longevity.stats.baselines import TOGETHER, YearToDate, estimate_dispersions
from longevity.stats.comparison import Comparison, Outcome, compare
from longevity.text import (
    availability,
    baselines,
    budget_and_reviews,
    change_wording,
    city_comparison,
    counts,
    wording,
)

TOGETHER_NAME = "All cities"
UNKNOWN = change_wording.ARROWS[Outcome.UNKNOWN]
NOT_PUBLIC = (
    "What each city was given and spent since, and how many people were reached for it, is not "
    "part of the public record: the state sees it, and each city its own."
)
NO_FACT = "No source among the published facts says what the state paid."


def build_cards(
    frame: pd.DataFrame, measure: str, through: date, cities: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """Return cards of the year so far, together and by city: what, the figure, the words under it.

    One city alone is not also added up.
    """
    cities_with_rows = counts.find_cities_with_rows(frame, cities)
    names: list[tuple[str | None, str]] = (
        [(None, TOGETHER_NAME)] if len(cities_with_rows) != 1 else []
    )
    names += cities_with_rows.items()
    cards = []
    for city, name in names:
        change = counts.compare_year_to_date(frame, measure, through, city)
        label = f"{name}, {counts.format_year_so_far(through)}"
        cards.append((label, counts.format_count(change.current), change.difference_text))
    return cards


def describe_chance(years: Sequence[YearToDate], noun: str, names: Mapping[str, str]) -> list[str]:
    """Say whether the year differs from others by more than chance: by city, then together."""
    sentences = [city_comparison.write_answer(years, noun, names)]
    together = [each for each in years if each.city == TOGETHER and each.answers]
    sentences += [
        f"{names[each.city]}: {_lower_first_letter(baselines.describe_year_to_date(each))}"
        for each in together
    ]
    return [
        *sentences,
        city_comparison.describe_earlier_changes(years, names),
        city_comparison.describe_missing_cities(years, names),
    ]


def _lower_first_letter(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def build_baselines_table(
    years: Sequence[YearToDate], names: Mapping[str, str], least_base: int
) -> pd.DataFrame:
    """Return a row a city, a column a baseline; each cell its arrow, difference and percentage."""
    rows = []
    for each in years:
        now = "not known" if each.current is None else wording.format_number(each.current)
        row = {"City": names[each.city], "So far": now}
        for against in each.against:
            words = baselines.describe_comparison(against, least_base)
            parts = [words.difference, words.percentage] if words.difference else [words.verdict]
            row[baselines.BASELINES[against.baseline].capitalize()] = (
                f"{words.arrow} {', '.join(part for part in parts if part)}"
            )
        rows.append(row)
    return pd.DataFrame(rows)


def describe_recent_days(
    frame: pd.DataFrame,
    slices: pd.DataFrame,
    measure: str,
    noun: str,
    through: date,
    names: Mapping[str, str],
    days: int,
) -> str:
    """Compare the newest window with the same days of the year before, each city and together.

    `frame`: city, years_back, windows_back, date_from, date_until, counts. A window a city
    does not cover is missing, and so is then the comparison. `slices`: the same query's
    answer to `dispersion.IN_SLICES`.
    """
    newest = frame[frame["windows_back"] == 0]
    rows = newest[newest["years_back"] == 0]
    if rows.empty:
        return (
            f"The data do not reach back over the whole of the {days} days to "
            f"{wording.format_day(through)}."
        )
    span = wording.format_period(
        rows["date_from"].iloc[0].date(), rows["date_until"].iloc[0].date()
    )
    comparisons = _compare_windows(newest, slices, measure)
    if all(comparison.current is None for comparison in comparisons.values()):
        return f"{noun.capitalize()}, {span}: not known of any city."
    parts = [
        f"{names[city]} {_describe_comparison(comparison)}"
        for city, comparison in comparisons.items()
        if comparison.current is not None
    ]
    return (
        f"{noun.capitalize()}, {span}, against the same days of the year before: "
        f"{'; '.join(parts)}."
    )


def _compare_windows(
    newest: pd.DataFrame, slices: pd.DataFrame, measure: str
) -> dict[str, Comparison]:
    columns = ("city", "years_back", measure)
    rows = list(zip(*(newest[name].tolist() for name in columns), strict=True))
    cities = list(dict.fromkeys(city for city, back, _ in rows if back == 0))
    by_window = {
        (city, back): int(count)
        for city, back, count in rows
        if back in (0, 1) and not pd.isna(count)
    }
    chance_of = estimate_dispersions(slices, measure, cities)
    comparisons: dict[str, Comparison] = {}
    sums: list[int | None] = [0, 0]
    for city in cities:
        pair = [by_window.get((city, back)) for back in (0, 1)]
        sums = [None if a is None or b is None else a + b for a, b in zip(sums, pair, strict=True)]
        comparisons[city] = compare(pair[0], pair[1], dispersion=chance_of[city])
    if len(cities) > 1:
        comparisons[TOGETHER] = compare(sums[0], sums[1], dispersion=chance_of[TOGETHER])
    return comparisons


def _describe_comparison(comparison: Comparison) -> str:
    now = wording.format_number(comparison.current or 0)
    if comparison.previous is None:
        return f"{now}, the year before is not known"
    verdict = change_wording.VERDICTS[comparison.outcome]
    return f"{now} against {wording.format_number(comparison.previous)}, {verdict}"


def build_rates_table(frame: pd.DataFrame, measure: str, cities: Mapping[str, str]) -> pd.DataFrame:
    """Return city, count, residents, rate and interval as text. `frame`: `rates.with_intervals`."""
    rows = []
    for row in frame.itertuples():
        has_rate = pd.notna(row.rate)
        rows.append(
            {
                "City": cities[row.city],
                "In 365 days": "not known"
                if pd.isna(getattr(row, measure))
                else wording.format_number(getattr(row, measure)),
                "Residents": "not known"
                if pd.isna(row.population)
                else wording.format_number(row.population),
                "Per 100,000 a year": f"{row.rate:,.1f}" if has_rate else "no rate",
                "95% interval": f"{row.rate_low:,.1f} to {row.rate_high:,.1f}" if has_rate else "",
            }
        )
    columns = ["City", "In 365 days", "Residents", "Per 100,000 a year", "95% interval"]
    return pd.DataFrame(rows, columns=columns)


def build_guns_table(frame: pd.DataFrame, cities: Mapping[str, str], years: int) -> pd.DataFrame:
    """Return "18 of 20" homicides by firearm, a row a city, of whole years only, newest last."""
    whole = availability.select_known(
        availability.select_known(frame, "homicides"), "firearm_homicides"
    )
    whole = whole[whole["complete"].astype(bool)]
    newest_years = sorted(set(whole["year"]))[-years:]
    rows = []
    for city, name in cities.items():
        city_rows = whole[whole["city"] == city].set_index("year")
        if city_rows.empty:
            continue
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


def build_shares_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return published homicides in the cities and the state as text, a row a year and source."""
    return pd.DataFrame(
        {
            "Year": frame["year"].astype("str"),
            "In the cities": frame["cities"],
            "In the state": frame["state"],
            "Published by": [citations.name_site(url) for url in frame["source"]],
        }
    )


def drop_later_years(frame: pd.DataFrame, through: date) -> pd.DataFrame:
    """Return published facts of no later year than that of `through`."""
    return frame[frame["year"] <= through.year]


def describe_attendance(frame: pd.DataFrame, cities: Mapping[str, str], through: date) -> str:
    """Say how many came in twelve months, exactly. `frame`: call_in_funnel."""
    parts = []
    for city, name in cities.items():
        rows = frame[(frame["city"] == city) & (frame["route"] != "in_custody")]
        if rows.empty:
            parts.append(f"{name}, {availability.NOT_HANDED_OVER}")
            continue
        attended, reached, unknown = (
            int(rows[column].sum()) for column in ("attended", "reachable", "attended_unknown")
        )
        more = f" (and perhaps {wording.format_number(unknown)} more)" if unknown else ""
        parts.append(
            f"{name}, {wording.format_number(attended)} of {wording.format_number(reached)}{more}"
        )
    return (
        f"Came to the call-ins of the twelve months to {wording.format_day(through)}, of members "
        f"reached and not in custody: {'; '.join(parts)}."
    )


def describe_promises(frame: pd.DataFrame, cities: Mapping[str, str], through: date) -> str:
    """Say how often enforcement followed within 90 days, exactly. `frame`: promises."""
    parts = []
    for city, name in cities.items():
        rows = frame[(frame["city"] == city) & (frame["window_days"] == 90)]
        if rows.empty:
            parts.append(f"{name}, {availability.NOT_HANDED_OVER}")
            continue
        row = rows.iloc[0]
        answered, old = (
            wording.format_number(row["elapsed_kept"]),
            wording.format_number(row["elapsed"]),
        )
        parts.append(f"{name}, {answered} of {old}, and {wording.format_number(row['open'])} open")
    return (
        f"Enforcement followed within 90 days, of the cases with 90 days behind them on "
        f"{wording.format_day(through)}: {'; '.join(parts)}."
    )


def build_promises_table(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Return each city's promises at 30, 60 and 90 days, in words for columns."""
    table = frame.assign(city=frame["city"].map(dict(cities)))
    return table[["city", "window_days", "episodes", "kept", "late", "open", "broken"]].rename(
        columns={
            "city": "City",
            "window_days": "Within days",
            "episodes": "Cases",
            "kept": "On time",
            "late": "Late",
            "open": "Open",
            "broken": "Missed",
        }
    )


def describe_cost(cost: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """Say what the money bought in fiscal years that are over. `cost`: cost_per_person_reached."""
    over = cost[cost["complete"].astype(bool)]
    sentences = budget_and_reviews.describe_latest_cost(over, cities)
    costs = budget_and_reviews.add_cost_per_person(over)
    costs = costs[costs["per_person"].notna()]
    every = costs.groupby("fiscal_year")["city"].nunique() == len(cities)
    if len(cities) > 1 and every.any():
        year = int(every.index[every].max())
        rows = costs[costs["fiscal_year"] == year]
        spent, reached = float(rows["spent"].sum()), int(rows["reached"].sum())
        sentences.insert(
            0,
            f"All cities, fiscal year {year}: {budget_and_reviews.format_dollars(spent)} spent, "
            f"{wording.format_number(reached)} people reached, each once in a city, "
            f"{budget_and_reviews.format_dollars(spent / reached)} for each.",
        )
    return sentences


NO_BUDGET = "No fiscal year that is over has a budget among what was supplied."
WHAT_COST_TAKES = "call-ins, invitations and notifications of a fiscal year that is over"
NO_COST = f"What it bought cannot be told: {availability.state_nobody_supplied(WHAT_COST_TAKES)}."


def build_money_table(years: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Return the two newest fiscal years of each city as text. `years`: `sum_by_fiscal_year`."""
    rows = []
    for city, name in cities.items():
        city_rows = years[years["city"] == city].sort_values("fiscal_year")
        for row in city_rows.tail(2).iloc[::-1].itertuples():
            spent = (
                "not known" if pd.isna(row.spent) else budget_and_reviews.format_dollars(row.spent)
            )
            partly = f", {row.spent_unknown} of {row.sources} sources unknown"
            rows.append(
                {
                    "City": name,
                    "Fiscal year": str(row.fiscal_year),
                    "Allocated": "not known"
                    if pd.isna(row.allocated)
                    else budget_and_reviews.format_dollars(row.allocated),
                    "Spent": f"{spent}{partly if row.spent_unknown else ''}",
                }
            )
    return pd.DataFrame(rows, columns=["City", "Fiscal year", "Allocated", "Spent"])


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
