"""The titles a chart offers beside its finding: each true of its figures, each naming its subject.

A kind is offered only where the figures allow it. Where a title says up or down it says what the
test says; one without a test sets two figures beside each other and leaves it at that. A rank is
told only where no two are alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from longevity import windows
from longevity.findings.finding import TOGETHER
from longevity.findings.year_to_date import YearToDate
from longevity.text import counts, headlines, neighbourhoods, wording

FINDING, TOPIC, LAST_YEAR, RANKING = "finding", "topic", "last-year", "ranking"
KINDS = (FINDING, TOPIC, LAST_YEAR, RANKING)  # in order
Titles = dict[str, str]
Pairs = Sequence[tuple[str, int | None, int | None]]  # a name, its figure now, and the other


def name_subject(subject: str, finding: str) -> str:
    """Return a title that begins with what it is about: "People shot, twelve months to …: …"."""
    mark = "," if ": " in finding else ":"
    return f"{wording.start_sentence(subject)}{mark} {finding[:1].lower()}{finding[1:]}"


def drop_empty(titles: Mapping[str, str]) -> Titles:
    """Return the titles that the figures allow."""
    return {kind: text for kind, text in titles.items() if text}


def write_beside(subject: str, when: str, before: str, pairs: Pairs) -> str:
    """Write each place's figure with the other in brackets; empty where none has both."""
    parts = [
        f"{name} {wording.format_number(now)} ({wording.format_number(then)})"
        for name, now, then in pairs
        if now is not None and then is not None
    ]
    if not parts:
        return ""
    return f"{wording.start_sentence(subject)}, {when} ({before}): {wording.join_words(parts)}"


def write_ranking(subject: str, when: str, values: Mapping[str, int | None]) -> str:
    """Write who has most and who follows; empty where one is not known or two are alike."""
    numbers = [value for value in values.values() if value is not None]
    if len(numbers) < 2 or len({*numbers}) < len(values):
        return ""
    ranked = sorted(values, key=lambda name: -(values[name] or 0))
    return f"{wording.start_sentence(subject)}, {when}: most in {', then '.join(ranked)}"


def list_year_to_date_titles(noun: str, results: Iterable[YearToDate]) -> Titles:
    """List the titles of this year so far: against last year, and the rank."""
    cities = [result.last_year for result in results if result.place != TOGETHER]
    if not cities:
        return {}
    last = cities[0].window[1] - windows.DAY
    when = counts.format_year_so_far(last)
    head = f"{wording.start_sentence(noun)}, {when} against the same days of {last.year - 1}"
    titles = {
        LAST_YEAR: _head(head, headlines.describe_changes(cities)),
        RANKING: write_ranking(noun, when, {finding.name: finding.now for finding in cities}),
    }
    return drop_empty(titles)


def list_years_titles(
    noun: str, frame: pd.DataFrame, measure: str, cities: Mapping[str, str]
) -> Titles:
    """List the titles of whole years, of one place or of cities side by side.

    `frame`: city, year, `measure`, complete. `cities`: the names it is told by. Each place has its
    count in the newest year that all hold whole.
    """
    whole = frame[frame["complete"].astype(bool) & frame[measure].notna()]
    tally = {
        str(city): {int(y): int(n) for y, n in zip(rows["year"], rows[measure], strict=True)}
        for city, rows in whole.groupby("city", observed=True)
    }
    names = {city: name for city, name in cities.items() if tally.get(city)}
    common = set.intersection(*(set(tally[city]) for city in names)) if names else set()
    if not common:
        return {}
    last = max(common)
    now = [(name, tally[city][last], tally[city]) for city, name in names.items()]
    titles = {
        TOPIC: f"{wording.start_sentence(noun)} by year, {_name_places(names)}, "
        f"{wording.format_years(min(frame['year']), max(frame['year']))}",
        LAST_YEAR: write_beside(
            noun, str(last), str(last - 1), [(name, n, old.get(last - 1)) for name, n, old in now]
        ),
        RANKING: write_ranking(noun, str(last), {name: n for name, n, _ in now}),
    }
    if len(now) == 1:
        titles[RANKING] = _write_extremes(*now[0][::2], noun)
    return drop_empty(titles)


def write_whole_year(
    noun: str, frame: pd.DataFrame, measure: str, cities: Mapping[str, str]
) -> str:
    """Write each city's count in the newest year that all hold whole. `frame`: as above."""
    whole = frame[frame["complete"].astype(bool) & frame[measure].notna()]
    years = [set(rows["year"]) for _, rows in whole.groupby("city", observed=True)]
    common = set.intersection(*years) if years else set()
    if not common:
        return f"{wording.start_sentence(noun)} by year: no year is held whole by every city"
    last = max(common)
    of_year = dict(zip(*(whole[whole["year"] == last][c] for c in ("city", measure)), strict=True))
    ranked = sorted((c for c in cities if c in of_year), key=lambda c: -int(of_year[c]))
    parts = [f"{cities[city]} {wording.format_number(of_year[city])}" for city in ranked]
    return f"{wording.start_sentence(noun)} in {last}: {wording.join_words(parts)}"


def list_twelve_months_titles(
    noun: str, frame: pd.DataFrame, measure: str, cities: Mapping[str, str]
) -> Titles:
    """List the titles of twelve months at a time. `frame`: city, month, `measure`."""
    comparison = _pair_with_year_before(frame, measure, cities)
    if comparison is None:
        return {}
    pairs, month, month_before = comparison
    when = f"twelve months to {month}"
    return drop_empty(
        {
            TOPIC: f"{wording.start_sentence(noun)}, twelve months at a time",
            LAST_YEAR: write_beside(noun, when, f"to {month_before}", pairs),
            RANKING: write_ranking(noun, when, {name: now for name, now, _ in pairs}),
        }
    )


def _pair_with_year_before(
    frame: pd.DataFrame, measure: str, cities: Mapping[str, str]
) -> tuple[Pairs, str, str] | None:
    """Return each city's figure of the newest month all have and of a year before; both months."""
    supplied = frame[frame[measure].notna()]
    if supplied.empty:
        return None
    tally = {
        (str(city), pd.Timestamp(month)): int(count)
        for city, month, count in zip(
            supplied["city"], supplied["month"], supplied[measure], strict=True
        )
    }
    names = {city: name for city, name in cities.items() if city in {c for c, _ in tally}}
    last = min(max(month for c, month in tally if c == city) for city in names)
    earlier = last - pd.DateOffset(years=1)
    pairs = [
        (name, tally.get((city, last)), tally.get((city, earlier))) for city, name in names.items()
    ]
    return pairs, f"{last:%B %Y}", f"{earlier:%B %Y}"


def list_gun_share_titles(frame: pd.DataFrame, cities: Mapping[str, str]) -> Titles:
    """List the titles of homicides by firearm, of whole years.

    `frame`: city, year, firearm_homicides, homicides, complete.
    """
    columns = ["firearm_homicides", "homicides"]
    whole = frame[frame["complete"].astype(bool) & frame[columns].notna().all(axis=1)]
    if whole.empty:
        return {}
    last = int(whole["year"].max())
    shares = {
        (row.city, int(row.year)): f"{int(row.firearm_homicides)} of {int(row.homicides)}"
        for row in whole.itertuples()
    }
    parts = [
        f"{name} {shares[city, last]} ({shares[city, last - 1]})"
        for city, name in cities.items()
        if (city, last) in shares and (city, last - 1) in shares
    ]
    span = wording.format_years(min(frame["year"]), max(frame["year"]))
    titles = {TOPIC: f"Homicides by firearm and by other or unknown means, {span}"}
    if parts:
        head = f"Homicides by firearm among all homicides, {last} ({last - 1})"
        titles[LAST_YEAR] = f"{head}: {wording.join_words(parts)}"
    return titles


def list_area_titles(
    topic: str,
    noun: str,
    city: str,
    during: str,
    areas: Mapping[str, int] | None,
    unplaced: int,
) -> Titles:
    """List the titles of a map: its topic, and the three areas with most where it shows counts.

    `areas`: counts by name; None where rates or changes are shown, which small places lead or
    trail by chance alone. `unplaced`: how many of the city lie in none.
    """
    titles = {TOPIC: topic}
    ranked = sorted((areas or {}).items(), key=lambda item: -item[1])[:4]
    if len(ranked) == 4 and len({count for _, count in ranked}) == 4:
        counts = {(city, name): count for name, count in (areas or {}).items()}
        said = [(city, name) for name, _ in ranked[:3]]
        if not neighbourhoods.is_rank_sure(counts, said, {city: unplaced}):
            during = f"{during}, {neighbourhoods.OF_THOSE_PLACED}"
        titles[RANKING] = write_ranking(f"{noun} in {city}", during, dict(ranked[:3]))
    return titles


def _write_extremes(name: str, tally: Mapping[int, int], noun: str) -> str:
    """Write the whole years with most and with fewest; empty where another year has as many."""
    most, least = max(tally.values()), min(tally.values())
    highs = [year for year, count in tally.items() if count == most]
    lows = [year for year, count in tally.items() if count == least]
    if len(highs) > 1 or len(lows) > 1 or most == least:
        return ""
    span = wording.format_years(min(tally), max(tally))
    return (
        f"{wording.start_sentence(noun)} in {name}, whole years {span}: "
        f"most in {highs[0]} ({wording.format_number(most)}), "
        f"fewest in {lows[0]} ({wording.format_number(least)})"
    )


def _name_places(names: Mapping[str, str]) -> str:
    return wording.join_words(list(names.values()))


def _head(head: str, text: str) -> str:
    return f"{head}: {text}" if text else ""
