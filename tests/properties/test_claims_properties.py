"""No claim that is false by a plain count is ever supported, in whatever small world."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longevity.text.claims import evaluate, parse
from longevity.text.claims.claim import Claim, Names
from longevity.text.claims.evidence import CityExtent, Evidence
from longevity.text.claims.verdict import ClaimAnswer, Verdict

CITIES = {"a": "Alpha", "b": "Beta"}
NAMES = Names(CITIES, "Somewhere", "A Program")
YEARS = range(2017, 2025)
NOUNS = {
    "incidents": "shootings",
    "victims": "people shot",
    "fatal": "people shot and killed",
    "nonfatal": "nonfatal shootings",
    "homicides": "homicides",
}
LEVELS = (0, 1, 2, 5, 12, 30, 31, 60, 100, 101, 200)
ENDS = (date(2024, 2, 29), date(2024, 6, 30), date(2024, 11, 20), date(2024, 12, 31))


@dataclass(frozen=True)
class World:
    """What happened, a row a city and day, and how many live where."""

    rows: tuple[tuple[str, date, dict[str, int]], ...]
    through: date
    residents: dict[str, int]

    def count(self, cities: str, measure: str, start: date, last: date) -> int:
        """By a plain loop, first and last day included."""
        total = 0
        for city, day, counts in self.rows:
            if city in cities and start <= day <= last:
                total += counts[measure]
        return total


def world(random: Random) -> World:
    """Two cities; many small counts, many alike, some years a third or twice of others."""
    through = random.choice(ENDS)
    rows = []
    for city in CITIES:
        level = random.choice(LEVELS)
        for year in YEARS:
            for month, day in ((1, 1), (2, 28), (6, 30), (11, 15), (12, 31)):
                shot = round(level * random.choice((0.3, 0.5, 0.6, 1, 1, 1, 1, 1.1, 1.5, 2)))
                dead = random.choice((0, 0, shot // 3, shot))
                many = random.choice((0, 0, 0, 3, 50)) if shot else 0
                counts = {
                    "incidents": shot,
                    "victims": shot + many,
                    "fatal": dead,
                    "nonfatal": shot + many - dead,
                    "homicides": dead + random.choice((0, 0, 1, level)),
                }
                when = date(year, month, day)
                if when <= through:
                    rows.append((city, when, counts))
    return World(tuple(rows), through, {c: random.choice((0, 900, 1000, 5000)) for c in CITIES})


@cache
def calendar(through: date) -> pd.DataFrame:
    """Every day of both cities, with nothing on it."""
    days = pd.date_range(date(YEARS[0], 1, 1), through, unit="us")
    index = pd.MultiIndex.from_product([list(CITIES), days], names=["city", "day"])
    return pd.DataFrame(0, index=index, columns=list(NOUNS)).assign(complete=True)


def record(of: World) -> Evidence:
    daily = calendar(of.through).copy()
    keys = pd.MultiIndex.from_tuples([(city, pd.Timestamp(day)) for city, day, _ in of.rows])
    daily.loc[keys, list(NOUNS)] = [[c[noun] for noun in NOUNS] for _, _, c in of.rows]
    daily = daily.reset_index()
    places = {
        city: CityExtent(
            date(2020, 1, 1), date(2017, 1, 1), of.through, 7, of.residents[city] or None
        )
        for city in CITIES
    }
    published = pd.DataFrame(columns=["place", "year", "metric", "value", "source_url"])
    return Evidence(daily, places, NAMES, published, {}, 30, 0.1, synthetic=False)


def same_day(day: date, year: int) -> date:
    leap = (day.month, day.day) == (2, 29) and year % 4
    return date(year, 2, 28) if leap else day.replace(year=year)


@dataclass(frozen=True)
class Said:
    """A claim, and whether it is so by plain counts."""

    text: str
    true: bool


def change(random: Random, of: World) -> Said:
    where, cities = random.choice((*((f" in {n}", c) for c, n in CITIES.items()), ("", "ab")))
    measure = random.choice(list(NOUNS))
    year = random.choice((2024, 2024, 2023, 2021))
    last = of.through if year == 2024 else date(year, 12, 31)
    now = of.count(cities, measure, date(year, 1, 1), last)
    against, years = random.choice(
        (
            ("", [year - 1]),  # the plain reading of no baseline
            (f" compared with {year - 1}", [year - 1]),
            (f" compared with {year - 3}", [year - 3]),
            (" compared with the three-year average", [year - 3, year - 2, year - 1]),
            (" compared with the year before", [year - 1]),
        )
    )
    each = [of.count(cities, measure, date(y, 1, 1), same_day(last, y)) for y in years]
    base = sum(each) / len(each)
    what, true = said_of(random, now, base)
    when = "" if year == 2024 else f" in {year}"
    return Said(f"{NOUNS[measure].capitalize()}{where} {what}{when}{against}", true)


def said_of(random: Random, now: int, base: float) -> tuple[str, bool]:
    """A way to put it, and whether it is so."""
    percent = 100 * (now - base) / base if base else None
    near = (round(abs(percent)) if percent is not None else 7) + random.choice((0, 0, 0, 1, -1, 9))
    off = round(abs(now - base)) + random.choice((0, 0, 1, -1))
    near, off = max(near, 0), max(off, 0)
    fall = min(near, 100)  # more than all of it nobody claims

    # A bare 2019 is a year, so what is counted has its comma; "2019%" can only be a percentage.
    cases, level = f"{off:,}", f"{now + off % 2:,}"

    def is_near(said: int) -> bool:
        return percent is not None and abs(percent - said) <= 0.5 + 1e-9

    ways = [
        ("are down", now < base),
        ("are up", now > base),
        ("have not risen", now <= base),
        ("haven't fallen", now >= base),
        ("are unchanged", now == base),
        (f"fell by {fall}%", is_near(-fall) and now < base),
        (f"rose {near} percent", is_near(near) and now > base),
        (f"are up by more than {near}%", percent is not None and percent > near),
        (f"are down by at least {fall}%", percent is not None and now < base and -percent >= fall),
        (f"are down by {cases}", now < base and abs(base - now - off) <= 0.5),
        (f"have increased by {cases}", now > base and abs(now - base - off) <= 0.5),
        ("halved", base > 0 and 0.48 <= now / base <= 0.52),
        ("have more than doubled", base > 0 and now > 2 * base),
        ("doubled", base > 0 and 1.94 <= now / base <= 2.06),
        (f"dropped to {level}", now < base and off % 2 == 0),
    ]
    return random.choice(ways)


def rank(random: Random, of: World) -> Said:
    city, name = random.choice(list(CITIES.items()))
    measure = random.choice(list(NOUNS))
    now = of.count(city, measure, date(2024, 1, 1), of.through)
    since = random.choice((2017, 2018, 2020, 2022, 2023))
    each = [
        of.count(city, measure, date(y, 1, 1), same_day(of.through, y)) for y in range(since, 2024)
    ]
    low = random.random() < 0.5
    word = "the lowest" if low else "the highest"
    true = all(now < one for one in each) if low else all(now > one for one in each)
    how = random.choice((f"since {since}", f"in {2024 - since} years"))
    if since == 2017:
        how = random.choice((how, "on record"))
    return Said(f"{NOUNS[measure]} in {name} are {word} {how}", true)


def count(random: Random, of: World) -> Said:
    city, name = random.choice(list(CITIES.items()))
    measure = random.choice(list(NOUNS))
    when, start, last = random.choice(
        (
            ("this year", date(2024, 1, 1), of.through),
            ("in 2021", date(2021, 1, 1), date(2021, 12, 31)),
            ("in the last 28 days", of.through - timedelta(27), of.through),
            ("in February 2023", date(2023, 2, 1), date(2023, 2, 28)),
        )
    )
    true = of.count(city, measure, start, last)
    said = max(0, true + random.choice((0, 0, 1, -1)))
    how, holds = random.choice(
        (
            (f"{said:,}", said == true),
            (f"more than {said:,}", true > said),
            (f"fewer than {said:,}", true < said),
            (f"at least {said:,}", true >= said),
            ("no", true == 0),
        )
    )
    return Said(f"There were {how} {NOUNS[measure]} in {name} {when}", holds)


def cities(random: Random, of: World) -> Said:
    (one, first), (two, second) = random.sample(list(CITIES.items()), 2)
    measure = random.choice(list(NOUNS))
    left, right = (of.count(c, measure, date(2024, 1, 1), of.through) for c in (one, two))
    shot = [of.count(c, "victims", date(2024, 1, 1), of.through) for c in (one, two)]
    residents = [of.residents[one], of.residents[two]]
    told = all(residents)
    rate = left * residents[1] - right * residents[0]  # the sign of the difference of rates
    ways = (
        (f"{first} has fewer {NOUNS[measure]} than {second}", left < right),
        (f"{first} has more {NOUNS[measure]} than {second}", left > right),
        (f"{first} has fewer {NOUNS[measure]} per resident than {second}", told and rate < 0),
        (f"{first} does not have more {NOUNS[measure]} than {second}", left <= right),
        (
            f"{first} is safer than {second}",
            told and shot[0] * residents[1] < shot[1] * residents[0],
        ),
    )
    text, true = random.choice(ways)
    return Said(text, true)


WORDS = (
    *("shootings", "homicides", "people shot", "in Alpha", "Beta", "Somewhere", "the cities"),
    *("are", "not", "no", "down", "up", "fewer", "more", "as many", "doubled", "unchanged"),
    *("40%", "by 12", "half", "34", "more than", "to 9", "from 9 to 12", "about", "1e9", "-5%"),
    *("since 2019", "than last year", "in 2023", "this year", "last week", "in 2030", "ever"),
    *("the lowest", "on record", "in ten years", "per resident", "than Beta", "safer", "and"),
    *("since the program began", "than the five-year average", "the program", "will", "?", "."),
)
KINDS = (change, change, change, rank, count, cities)


def drawn(seed: int) -> tuple[World, list[tuple[Said, ClaimAnswer]]]:
    """A world and six claims about it, judged."""
    random = Random(seed)
    made = world(random)
    against = record(made)
    judged = []
    for kind in KINDS:
        said = kind(random, made)
        claim = parse.parse_claim(said.text, NAMES)
        assert isinstance(claim, Claim), (said.text, claim)
        judged.append((said, evaluate.evaluate_claim(claim, against)))
    return made, judged


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_no_false_claim_is_supported(seed: int) -> None:
    _, judged = drawn(seed)
    for said, verdict in judged:
        if verdict.verdict is Verdict.SUPPORTED:
            assert said.true, (said, verdict)
        assert verdict.why
        for text in (verdict.why, verdict.safe, verdict.reading):
            assert not any(word in text.casefold() for word in ("nan", " inf", "none%"))


def test_true_claims_are_supported_often_enough_to_mean_something() -> None:
    # The rule above would hold of a judge who supports nothing.
    seen: Counter[tuple[bool, Verdict]] = Counter()
    for seed in range(25):
        seen.update((said.true, judged.verdict) for said, judged in drawn(seed)[1])
    assert seen[True, Verdict.SUPPORTED] > 15
    assert seen[False, Verdict.SUPPORTED] == 0
    assert seen[False, Verdict.NOT_SUPPORTED] > 15
    assert min(seen[answer, Verdict.DEPENDS] for answer in (True, False)) > 0


@pytest.mark.audit
def test_no_false_claim_is_supported_in_many_worlds() -> None:
    for seed in range(1500):
        for said, verdict in drawn(seed)[1]:
            assert said.true or verdict.verdict is not Verdict.SUPPORTED, (seed, said, verdict)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=400),
        st.lists(
            st.sampled_from(WORDS),
            max_size=14,
        ).map(" ".join),
    )
)
def test_whatever_is_written_gets_a_sentence(text: str) -> None:
    judged = evaluate.evaluate_claim(parse.parse_claim(text, NAMES), EMPTY)
    assert judged.why.endswith((".", "”."))


EMPTY = record(world(Random(0)))
