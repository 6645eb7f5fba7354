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

TOGETHER_NAMED = "Together"
UNKNOWN = change_wording.ARROWS[Outcome.UNKNOWN]
NOT_PUBLIC = (
    "What each city was given and spent since, and how many people were reached for it, is not "
    "part of the public record: the state sees it, and each city its own."
)
NO_FACT = "No source among the published facts says what the state paid."


def cards(
    frame: pd.DataFrame, measure: str, through: date, cities: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """The year so far, together and by city: what it is, the figure, the words under it.

    One city alone is not also added up.
    """
    reporting = counts.reporting(frame, cities)
    named: list[tuple[str | None, str]] = [(None, TOGETHER_NAMED)] if len(reporting) != 1 else []
    named += reporting.items()
    told = []
    for city, name in named:
        change = counts.year_to_date(frame, measure, through, city)
        label = f"{name}, {counts.so_far(through)}"
        told.append((label, counts.known(change.current), change.signed))
    return told


def chance(told: Sequence[YearToDate], noun: str, names: Mapping[str, str]) -> list[str]:
    """Whether the year differs from others by more than chance: by city, then together."""
    said = [city_comparison.answer(told, noun, names)]
    together = [each for each in told if each.city == TOGETHER and each.answers]
    said += [
        f"{names[each.city]}: {_lower(baselines.describe_year_to_date(each))}" for each in together
    ]
    return [*said, city_comparison.context(told, names), city_comparison.missing(told, names)]


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def against_baselines(
    told: Sequence[YearToDate], names: Mapping[str, str], least_base: int
) -> pd.DataFrame:
    """A row a city, a column a baseline; each cell its arrow, difference and percentage."""
    rows = []
    for each in told:
        now = "not known" if each.current is None else wording.number(each.current)
        row = {"City": names[each.city], "So far": now}
        for against in each.against:
            words = baselines.describe_comparison(against, least_base)
            said = [words.difference, words.percentage] if words.difference else [words.verdict]
            row[baselines.BASELINES[against.baseline].capitalize()] = (
                f"{words.arrow} {', '.join(part for part in said if part)}"
            )
        rows.append(row)
    return pd.DataFrame(rows)


def recent(
    frame: pd.DataFrame,
    slices: pd.DataFrame,
    measure: str,
    noun: str,
    through: date,
    names: Mapping[str, str],
    days: int,
) -> str:
    """The newest window against the same days of the year before, each city and together.

    `frame`: city, years_back, windows_back, date_from, date_until, counts. A window a city
    does not cover is missing, and so is then the comparison. `slices`: the same query's
    answer to `dispersion.IN_SLICES`.
    """
    newest = frame[frame["windows_back"] == 0]
    own = newest[newest["years_back"] == 0]
    if own.empty:
        return (
            f"The data do not reach back over the whole of the {days} days to "
            f"{wording.day(through)}."
        )
    span = wording.period(own["date_from"].iloc[0].date(), own["date_until"].iloc[0].date())
    found = _compared(newest, slices, measure)
    if all(compared.current is None for compared in found.values()):
        return f"{noun.capitalize()}, {span}: not known of any city."
    said = [
        f"{names[city]} {_against(compared)}"
        for city, compared in found.items()
        if compared.current is not None
    ]
    return (
        f"{noun.capitalize()}, {span}, against the same days of the year before: {'; '.join(said)}."
    )


def _compared(newest: pd.DataFrame, slices: pd.DataFrame, measure: str) -> dict[str, Comparison]:
    columns = ("city", "years_back", measure)
    rows = list(zip(*(newest[name].tolist() for name in columns), strict=True))
    cities = list(dict.fromkeys(city for city, back, _ in rows if back == 0))
    counted = {
        (city, back): int(count)
        for city, back, count in rows
        if back in (0, 1) and not pd.isna(count)
    }
    chance_of = estimate_dispersions(slices, measure, cities)
    found: dict[str, Comparison] = {}
    sums: list[int | None] = [0, 0]
    for city in cities:
        pair = [counted.get((city, back)) for back in (0, 1)]
        sums = [None if a is None or b is None else a + b for a, b in zip(sums, pair, strict=True)]
        found[city] = compare(pair[0], pair[1], dispersion=chance_of[city])
    if len(cities) > 1:
        found[TOGETHER] = compare(sums[0], sums[1], dispersion=chance_of[TOGETHER])
    return found


def _against(compared: Comparison) -> str:
    now = wording.number(compared.current or 0)
    if compared.previous is None:
        return f"{now}, the year before is not known"
    verdict = (
        "no clear change"
        if compared.outcome is Outcome.UNCLEAR
        else change_wording.VERDICTS[compared.outcome]
    )
    return f"{now} against {wording.number(compared.previous)}, {verdict}"


def rates_table(frame: pd.DataFrame, measure: str, cities: Mapping[str, str]) -> pd.DataFrame:
    """City, count, residents, rate and interval as text. `frame`: as `rates.with_intervals`."""
    rows = []
    for row in frame.itertuples():
        told = pd.notna(row.rate)
        rows.append(
            {
                "City": cities[row.city],
                "In 365 days": "not known"
                if pd.isna(getattr(row, measure))
                else wording.number(getattr(row, measure)),
                "Residents": "not known"
                if pd.isna(row.population)
                else wording.number(row.population),
                "Per 100,000 a year": f"{row.rate:,.1f}" if told else "no rate",
                "95\u00a0% interval": f"{row.rate_low:,.1f} to {row.rate_high:,.1f}"
                if told
                else "",
            }
        )
    columns = ["City", "In 365 days", "Residents", "Per 100,000 a year", "95\u00a0% interval"]
    return pd.DataFrame(rows, columns=columns)


def guns_by_year(frame: pd.DataFrame, cities: Mapping[str, str], years: int) -> pd.DataFrame:
    """Whole years only, newest last: "18 of 20" homicides by firearm, a row a city."""
    whole = availability.known(availability.known(frame, "homicides"), "firearm_homicides")
    whole = whole[whole["complete"].astype(bool)]
    shown = sorted(set(whole["year"]))[-years:]
    rows = []
    for city, name in cities.items():
        own = whole[whole["city"] == city].set_index("year")
        if own.empty:
            continue
        said = {
            str(year): (
                f"{wording.number(own.loc[year, 'firearm_homicides'])} of "
                f"{wording.number(own.loc[year, 'homicides'])}"
                if year in own.index
                else "not known"
            )
            for year in shown
        }
        rows.append({"City": name, **said})
    return pd.DataFrame(rows)


def shares_table(frame: pd.DataFrame) -> pd.DataFrame:
    """Published homicides in the cities and in the state, a row a year and source, as text."""
    return pd.DataFrame(
        {
            "Year": frame["year"].astype("str"),
            "In the cities": frame["cities"],
            "In the state": frame["state"],
            "Published by": [citations.name_site(url) for url in frame["source"]],
        }
    )


def of_the_past(frame: pd.DataFrame, through: date) -> pd.DataFrame:
    """Published facts of no later year than that of `through`."""
    return frame[frame["year"] <= through.year]


def came(frame: pd.DataFrame, cities: Mapping[str, str], through: date) -> str:
    """How many came in twelve months, exactly. `frame`: call_in_funnel."""
    said = []
    for city, name in cities.items():
        own = frame[(frame["city"] == city) & (frame["route"] != "in_custody")]
        if own.empty:
            said.append(f"{name}, {city_comparison.NOT_THERE}")
            continue
        attended, reached, unknown = (
            int(own[column].sum()) for column in ("attended", "reachable", "attended_unknown")
        )
        more = f" (and perhaps {wording.number(unknown)} more)" if unknown else ""
        said.append(f"{name}, {wording.number(attended)} of {wording.number(reached)}{more}")
    return (
        f"Came to the call-ins of the twelve months to {wording.day(through)}, of members reached "
        f"and not in custody: {'; '.join(said)}."
    )


def promises(frame: pd.DataFrame, cities: Mapping[str, str], through: date) -> str:
    """How many promises were kept within 90 days, exactly. `frame`: promises."""
    said = []
    for city, name in cities.items():
        own = frame[(frame["city"] == city) & (frame["window_days"] == 90)]
        if own.empty:
            said.append(f"{name}, {city_comparison.NOT_THERE}")
            continue
        row = own.iloc[0]
        kept, old = wording.number(row["elapsed_kept"]), wording.number(row["elapsed"])
        said.append(f"{name}, {kept} of {old}, and {wording.number(row['open'])} open")
    return (
        f"Promises answered within 90 days, of those with 90 days behind them on "
        f"{wording.day(through)}: {'; '.join(said)}."
    )


def promises_table(frame: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """Each city's promises at 30, 60 and 90 days, in words for columns."""
    named = frame.assign(city=frame["city"].map(dict(cities)))
    return named[["city", "window_days", "episodes", "kept", "late", "open", "broken"]].rename(
        columns={
            "city": "City",
            "window_days": "Within days",
            "episodes": "Promises",
            "kept": "Kept",
            "late": "Late",
            "open": "Open",
            "broken": "Broken",
        }
    )


def bought(cost: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """What the money bought in fiscal years that are over. `cost`: cost_per_person_reached."""
    over = cost[cost["complete"].astype(bool)]
    said = budget_and_reviews.latest_cost(over, cities)
    told = budget_and_reviews.costs(over)
    told = told[told["per_person"].notna()]
    every = told.groupby("fiscal_year")["city"].nunique() == len(cities)
    if len(cities) > 1 and every.any():
        year = int(every.index[every].max())
        own = told[told["fiscal_year"] == year]
        spent, reached = float(own["spent"].sum()), int(own["reached"].sum())
        said.insert(
            0,
            f"Together, fiscal year {year}: {budget_and_reviews.dollars(spent)} spent, "
            f"{wording.number(reached)} people reached, each once in a city, "
            f"{budget_and_reviews.dollars(spent / reached)} for each.",
        )
    return said


NO_BUDGET = "No fiscal year that is over has a budget among what was handed over."
NO_COST = (
    "What it bought cannot be told: nobody handed over call-ins, invitations and notifications "
    "of a fiscal year that is over."
)


def money_table(years: pd.DataFrame, cities: Mapping[str, str]) -> pd.DataFrame:
    """The two newest fiscal years of each city as text. `years`: stewardship.years."""
    rows = []
    for city, name in cities.items():
        own = years[years["city"] == city].sort_values("fiscal_year")
        for row in own.tail(2).iloc[::-1].itertuples():
            spent = "not known" if pd.isna(row.spent) else budget_and_reviews.dollars(row.spent)
            partly = f", {row.spent_unknown} of {row.sources} sources unknown"
            rows.append(
                {
                    "City": name,
                    "Fiscal year": str(row.fiscal_year),
                    "Allocated": "not known"
                    if pd.isna(row.allocated)
                    else budget_and_reviews.dollars(row.allocated),
                    "Spent": f"{spent}{partly if row.spent_unknown else ''}",
                }
            )
    return pd.DataFrame(rows, columns=["City", "Fiscal year", "Allocated", "Spent"])


def guns_so_far(frame: pd.DataFrame, through: date) -> pd.DataFrame:
    """This year's homicides as `counts.gun_share` takes them. `frame`: year_to_date_by_city.

    A person killed by firearm is `fatal`; `homicides` are by any weapon.
    """
    own = frame[frame["year"] == through.year]
    over = (through.month, through.day) == (12, 31)
    return own.assign(firearm_homicides=own["fatal"], complete=over)


def key_to_arrows(table: pd.DataFrame) -> str:
    """What the signs in a table of comparisons mean; the last only where it stands."""
    said = [
        f"{change_wording.ARROWS[outcome]} {change_wording.VERDICTS[outcome]}"
        for outcome in (Outcome.UP, Outcome.DOWN, Outcome.UNCLEAR)
    ]
    if table.apply(lambda column: column.astype(str).str.startswith(UNKNOWN)).any(axis=None):
        said.append(f"{UNKNOWN} not known, the data do not reach back so far or do not hold it")
    return f"{'; '.join(said)}."
