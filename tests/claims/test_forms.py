"""No form that is false by a plain count is ever supported, in whatever small world."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product
from random import Random
from types import SimpleNamespace

import pandas as pd
import pytest

from longevity.claims import judge
from longevity.claims.evidence import Evidence
from longevity.claims.form import Names
from longevity.claims.verdict import Verdict
from longevity.settings import Thresholds
from tests.factories import claim_record

CITIES = {"a": "Alpha", "b": "Beta"}
AREAS = {f"{city}/{area}": area for city in CITIES for area in ("Hill", "Mill")}
NAMES = Names(CITIES, "A Program", AREAS)
YEARS = range(2017, 2025)
MEASURES = ("incidents", "victims", "fatal", "nonfatal", "homicides")
LEVELS = (0, 1, 2, 5, 12, 30, 31, 60, 100, 101, 200)
ENDS = (date(2024, 2, 29), date(2024, 6, 30), date(2024, 11, 20), date(2024, 12, 31))
DAY = timedelta(1)


@dataclass(frozen=True)
class World:
    """What happened, a row a city, area (None: not known), day and counts."""

    rows: tuple
    through: date

    def count(self, where, measure, days):
        """By a plain loop, first and last day included."""
        places = [(where, None)] if "/" not in where else [tuple(where.split("/"))]
        cities = [(city, None) for city in CITIES] if where == "together" else places
        return sum(self.sum_up(city, area, days)[measure] for city, area in cities)

    def unplaced(self, where, measure, days):
        """Of the city of an area, those of whom it is not known in which they were."""
        city, _, area = where.partition("/")
        if not area:
            return 0
        placed = sum(self.sum_up(city, own, days)[measure] for own in ("Hill", "Mill"))
        return self.sum_up(city, None, days)[measure] - placed

    def sum_up(self, city, area, days):
        """The counts of a city, or of an area of it."""
        counts = dict.fromkeys(MEASURES, 0)
        for at, of, day, own in self.rows:
            if at == city and area in (None, of) and days[0] <= day <= days[1]:
                counts = {measure: counts[measure] + own[measure] for measure in MEASURES}
        return counts

    def count_windows(self, cities, area, windows):
        """The answer to `counts`."""
        rows = []
        for city, (first, until) in product(cities, windows):
            days = {"date_from": pd.Timestamp(first), "date_until": pd.Timestamp(until)}
            whole = (first, until - DAY)
            rows.append({"city": city, **days, "complete": self.covers(whole), **self.sum_up(city, area, whole)})
        return pd.DataFrame(rows)

    def covers(self, days):
        return date(YEARS[0], 1, 1) <= days[0] <= days[1] <= self.through


def world(random):
    """Two cities; many small counts, many alike, some years a third or twice of others."""
    through = random.choice(ENDS)
    rows = []
    for city in CITIES:
        level = random.choice(LEVELS)
        for year in YEARS:
            for month, day in ((1, 1), (2, 28), (6, 30), (7, 1), (11, 15), (12, 31)):
                shot = round(level * random.choice((0.3, 0.5, 0.6, 1, 1, 1, 1, 1.1, 1.5, 2)))
                dead = random.choice((0, 0, shot // 3, shot))
                many = random.choice((0, 0, 0, 3, 50)) if shot else 0
                otherwise = random.choice((0, 0, 1, level))
                counts = (shot, shot + many, dead, shot + many - dead, dead + otherwise)
                if date(year, month, day) <= through:
                    area = random.choice(("Hill", "Hill", "Mill", None))
                    rows.append((city, area, date(year, month, day), dict(zip(MEASURES, counts, strict=True))))
    return World(tuple(rows), through)


@dataclass(frozen=True)
class Asked:
    """The answer to a question."""

    frame: pd.DataFrame


def record(of):
    """What may be asked of this world."""

    def ask(query, city=None, neighbourhood=None, windows=(), date_from=None, date_until=None):
        if query == "counts":
            frame = of.count_windows([city] if city else CITIES, neighbourhood, windows)
        elif query == "unlocated_victims_by_city":
            days = (date_from, date_until - DAY)
            frame = pd.DataFrame([{m: of.unplaced(f"{city}/Hill", m, days) for m in MEASURES}])
        else:
            frame = pd.DataFrame([code.split("/") for code in AREAS], columns=["city", "neighbourhood"])
        return Asked(frame)

    cities = {
        city: SimpleNamespace(id=city, name=name, launched_on=date(2020, 1, 1), week_ends_iso=7)
        for city, name in CITIES.items()
    }
    known = SimpleNamespace(
        ask=ask,
        settings=SimpleNamespace(cities=cities, program="A Program", thresholds=Thresholds()),
        spans=dict.fromkeys(CITIES, (date(YEARS[0], 1, 1), of.through)),
        manifest={"accepted_errors": []},
        synthetic=False,
        explain_absence=lambda *_: "",
        explain_few_placed=lambda *_: "",
    )
    return Evidence(known)


# What a form means, by a calendar of our own


def same_day(day, year):
    leap = (day.month, day.day) == (2, 29) and year % 4
    return date(year, 2, 28) if leap else day.replace(year=year)


def last_of(year, month):
    return date(year + month // 12, month % 12 + 1, 1) - DAY


@dataclass(frozen=True)
class Time:
    """A time: how a form writes it, its days, and its months where it is made of whole ones."""

    code: str
    days: tuple
    months: tuple | None = None

    def in_year(self, year):
        """The same days of another year."""
        if self.months:
            return date(year, self.months[0], 1), last_of(year, self.months[1])
        back = self.days[0].year - year
        last = same_day(self.days[1], self.days[1].year - back)
        if self.code.startswith("last-"):
            return last - (self.days[1] - self.days[0]), last
        return same_day(self.days[0], year), last


def drawn_time(random, through):
    year = random.choice((2024, 2024, 2023, 2022, 2021))
    month, until = random.choice(((1, 12), (1, 6), (7, 12), (4, 6), (2, 2), (10, 10)))
    code = {(1, 12): "", (1, 6): "-h1", (7, 12): "-h2", (4, 6): "-q2"}.get((month, until), f"-{month:02}")
    days = random.choice((7, 28, 100, 365, 700))
    first = date(year, 1, 1) + random.randrange(360) * DAY
    last = first + random.randrange(300) * DAY
    whole = Time(f"{year}{code}", (date(year, month, 1), last_of(year, until)), (month, until))
    return random.choice(
        (
            Time("ytd", (date(through.year, 1, 1), through)),
            whole,
            whole,
            Time(f"last-{days}-days", (through - (days - 1) * DAY, through)),
            Time(f"{first}..{last}", (first, last)),
        )
    )


@dataclass(frozen=True)
class Said:
    """A form, and whether it is so by plain counts; None where these data cannot tell."""

    codes: dict
    true: bool | None


def drawn_form(random, of):
    measure = random.choice(MEASURES)
    time = drawn_time(random, of.through)
    kind = random.choice((change, change, change, count))
    where = random.choice(("a", "b", "together", *(["a/Hill"] if kind is count else [])))
    says, against, true = kind(random, of, where, measure, time)
    codes = {"what": measure, "where": where, "when": time.code, "says": says, "against": against}
    return Said(codes, true if of.covers(time.days) else None)


def change(random, of, where, measure, time):
    year = time.days[0].year
    length = (time.days[1] - time.days[0]).days + 1
    before = (time.days[0] - length * DAY, time.days[0] - DAY)
    against, bases = random.choice(
        (
            ("last-year", [time.in_year(year - 1)]),
            ("mean:3", [time.in_year(year - back) for back in (1, 2, 3)]),
            (f"year:{year - 2}", [time.in_year(year - 2)]),
            ("each", [time.in_year(year - 1)]),  # the first of those that are tried
            ("before", [before]),
        )
    )
    now = of.count(where, measure, time.days)
    overlaps = any(days[0] <= time.days[1] and time.days[0] <= days[1] for days in bases)
    late = any(days[0] > time.days[1] for days in bases)
    known = all(of.covers(days) for days in bases) and not overlaps and not late
    base = sum(of.count(where, measure, days) for days in bases) / len(bases)
    # Times of another length are not compared.
    known &= (bases[0][1] - bases[0][0]).days + 1 == length or time.in_year(bases[0][0].year) == bases[0]
    says, true = said_of(random, now, base)
    if against == "each" and not known:  # others are tried then, which are not counted here
        against = "last-year"
    return says, against, true if known else None


def said_of(random, now, base):
    """A way to put it, and whether it is so."""
    percent = 100 * (now - base) / base if base else None
    near = (round(abs(percent)) if percent is not None else 7) + random.choice((0, 0, 0, 1, -1, 9))
    off = round(abs(now - base)) + random.choice((0, 0, 1, -1))
    near, off = max(near, 0), max(off, 0)
    fall = min(near, 100)  # no one claims more than all of it

    def is_near(said):
        return percent is not None and abs(percent - said) <= 0.5 + 1e-9

    return random.choice(
        (
            ("down", now < base),
            ("up", now > base),
            ("same", now == base),
            (f"down {fall}%", is_near(-fall) and now < base),
            (f"up {near}%", is_near(near) and now > base),
            (f"up more than {near}%", percent is not None and percent > near),
            (f"down at least {fall}%", percent is not None and now < base and -percent >= fall),
            (f"down {off}", now < base and abs(base - now - off) <= 0.5),
            (f"up {off}", now > base and abs(now - base - off) <= 0.5),
            ("down about 50%", base > 0 and 0.48 <= now / base <= 0.52),
            ("up more than 100%", base > 0 and now > 2 * base),
            ("up about 100%", base > 0 and 1.94 <= now / base <= 2.06),
            (f"down to {now + off % 2}", now < base and off % 2 == 0),
        )
    )


def count(random, of, where, measure, time):
    least = of.count(where, measure, time.days)
    most = least + of.unplaced(where, measure, time.days)
    said = max(0, least + random.choice((0, 0, 1, -1)))
    how, true = random.choice(
        (
            ("exactly", least == said == most),
            ("more than", least > said),
            ("fewer than", most < said),
            ("at least", least >= said),
            ("at most", most <= said),
        )
    )
    return f"{how} {said}", "each", true


# What becomes of them


def drawn(seed, forms=8):
    """A world and some forms about it, judged."""
    random = Random(seed)
    made = world(random)
    against = record(made)
    for _ in range(forms):
        said = drawn_form(random, made)
        form = claim_record.make_form(said.codes, NAMES)
        assert form.write_codes() | {"says": ""} == said.codes | {"says": ""}
        yield said, judge.judge_form(form, against)


def assert_sound(seed, said, judged):
    if judged.verdict in (Verdict.SUPPORTED, Verdict.BY_COUNT):
        assert said.true, (seed, said, judged)
    assert judged.why
    for text in (judged.why, judged.safe, judged.reading):
        assert not any(word in text.casefold() for word in ("nan", " inf", "none%"))


@pytest.mark.parametrize(
    "seeds", [[*range(12), 1085, 1234], pytest.param(range(1000, 1250), marks=pytest.mark.audit)], ids=["", "many"]
)
def test_no_false_form_is_supported_and_true_ones_are_often_enough_to_mean_something(seeds):
    seen = Counter()
    for seed in seeds:
        for said, judged in drawn(seed):
            assert_sound(seed, said, judged)
            seen[said.true, judged.verdict] += 1
    assert seen[True, Verdict.SUPPORTED] > 5
    assert seen[False, Verdict.NOT_SUPPORTED] > 5
    assert seen[None, Verdict.CANNOT] > 5


def test_a_number_of_a_neighbourhood_holds_wherever_the_unplaced_were():
    judged = 0
    for seed in range(20):
        random = Random(seed)
        made = world(random)
        areas = ("Hill", "Mill")
        found = replace(
            made, rows=tuple((city, area or random.choice(areas), day, counts) for city, area, day, counts in made.rows)
        )
        for _ in range(8):
            form = claim_record.make_form(drawn_form(random, made).codes, NAMES)
            if form.where != "a/Hill":
                continue
            verdict = judge.judge_form(form, record(made)).verdict
            if verdict in (Verdict.SUPPORTED, Verdict.NOT_SUPPORTED):
                after = judge.judge_form(form, record(found))
                assert after.verdict is verdict, (seed, form, after)
                judged += 1
    assert judged > 3


EMPTY = record(world(Random(0)))
