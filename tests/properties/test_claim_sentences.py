"""Sentences of every kind, true and false by plain loops over the extracts: none is judged wrongly.

A sentence is *answered* where the verdict is more than "cannot be answered", and judged wrongly
where a false one is supported, or a true number is not. A change that is so by the counts may
still be not supported: chance could explain it, or another baseline says otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from longevity.auth.viewers import PUBLIC
from longevity.reports import claim_check
from longevity.reports.context import ReportContext
from longevity.settings import ROOT
from longevity.text.claims import judge, reader
from longevity.text.claims.verdict import ClaimAnswer, Verdict
from tests.conftest import TODAY, UNTIL
from tests.oracles.claim_counts import ALL, Counts

DAY = timedelta(1)
EXAMPLE = ROOT / "docs" / "examples" / "gun-violence-archive.toml"
Judge = Callable[[str], ClaimAnswer]


@dataclass(frozen=True)
class Sentence:
    """A sentence, whether it is true, and whether it states a number, so that it must be judged.

    `true` None: these data cannot tell.
    """

    text: str
    true: bool | None
    is_number: bool = False


def numbers(text: str, count: int) -> Iterator[Sentence]:
    """Make a true and a false sentence of a count."""
    yield Sentence(text.format(f"{count:,}"), True, True)
    yield Sentence(text.format(f"{count + 1:,}"), False, True)


def changes(text: str, now: float, before: float) -> Iterator[Sentence]:
    """Make a sentence of a fall, a rise and of the size of the change."""
    yield Sentence(text.format("down"), now < before)
    yield Sentence(text.format("up"), now > before)
    if before and now != before:
        percent = round(100 * abs(now - before) / before)
        way = "down" if now < before else "up"
        yield Sentence(text.format(f"{way} {percent}%"), True)
        yield Sentence(text.format(f"{way} {percent + 7}%"), False)


def of_violence(counts: Counts, year: int) -> Iterator[Sentence]:
    """Make sentences of the last whole year, `year`, and of the times around it."""
    count, whole = counts.count, counts.year
    start = date(year, 1, 1)
    yield from numbers(
        f"{{}} people were shot in Hartford in {year}", whole("hartford", "victims", year)
    )
    yield from numbers(
        f"There were {{}} homicides in New Haven in {year}", whole("new_haven", "homicides", year)
    )
    yield from numbers(
        f"{{}} people were shot and killed in Bridgeport in the first half of {year}",
        count("bridgeport", "fatal", start, date(year, 6, 30)),
    )
    yield from numbers(
        f"There were {{}} shootings in Hartford in the first six months of {year}",
        count("hartford", "incidents", start, date(year, 6, 30)),
    )
    yield from numbers(
        f"{{}} people were shot in New Haven in the third quarter of {year}",
        count("new_haven", "victims", date(year, 7, 1), date(year, 9, 30)),
    )
    yield from numbers(
        f"There were {{}} shootings in Bridgeport in October {year}",
        count("bridgeport", "incidents", date(year, 10, 1), date(year, 10, 31)),
    )
    yield from numbers(
        f"{{}} people were shot in Hartford in the summer of {year}",
        count("hartford", "victims", date(year, 6, 1), date(year, 8, 31)),
    )
    yield from numbers(
        f"There were {{}} shootings in New Haven from March 3, {year} to May 20, {year}",
        count("new_haven", "incidents", date(year, 3, 3), date(year, 5, 20)),
    )
    yield from numbers(
        f"{{}} people were shot in the three cities from April to September {year}",
        count(ALL, "victims", date(year, 4, 1), date(year, 9, 30)),
    )
    shot = whole("bridgeport", "victims", year)
    for said, true in ((shot + 1, True), (shot, False)):
        text = f"Fewer than {said:,} people were shot in Bridgeport in {year}"
        yield Sentence(text, true, True)
    yield from changes(
        f"Shootings in Hartford in {year} were {{}} from {year - 1}",
        whole("hartford", "incidents", year),
        whole("hartford", "incidents", year - 1),
    )
    yield from changes(
        f"People shot in the three cities in {year} were {{}} compared with the three year average",
        whole(ALL, "victims", year),
        sum(whole(ALL, "victims", year - back) for back in (1, 2, 3)) / 3,
    )
    yield from changes(
        f"People shot in New Haven in the first half of {year} were {{}} compared with the first "
        f"half of {year - 1}",
        count("new_haven", "victims", start, date(year, 6, 30)),
        count("new_haven", "victims", date(year - 1, 1, 1), date(year - 1, 6, 30)),
    )
    # Of unequal length: by the day.
    june, july = (
        count("hartford", "victims", date(year, month, 1), date(year, month, days)) / days
        for month, days in ((6, 30), (7, 31))
    )
    yield from changes(
        f"People shot in Hartford in July {year} were {{}} from June {year}", july, june
    )
    yield Sentence(f"Shootings in Hartford have doubled in {year} compared with {year - 1}", False)
    yield Sentence(
        f"Shootings in Hartford from January 1 to December 1, {year} are down compared with "
        f"August 1, {year - 1} to June 30, {year}",
        None,
    )
    every = {y: whole(ALL, "homicides", y) for y in range(year - 3, year + 1)}
    yield Sentence(
        f"Homicides in {year} were the lowest in three years",
        all(every[year] < n for y, n in every.items() if y < year),
    )
    yield Sentence(
        f"Homicides in {year} were the highest in three years",
        all(every[year] > n for y, n in every.items() if y < year),
    )
    by_city = {city: whole(city, "victims", year) for city in ALL}
    for city, name in (("hartford", "Hartford"), ("new_haven", "New Haven")):
        most = all(by_city[city] > n for other, n in by_city.items() if other != city)
        least = all(by_city[city] < n for other, n in by_city.items() if other != city)
        yield Sentence(f"{name} had the most people shot of the three cities in {year}", most, True)
        yield Sentence(f"{name} had the fewest people shot of the cities in {year}", least, True)
    more = by_city["hartford"] > by_city["bridgeport"]
    yield Sentence(f"More people were shot in Hartford than in Bridgeport in {year}", more)
    yield Sentence(f"Fewer people were shot in Hartford than in Bridgeport in {year}", not more)


def of_the_newest_days(counts: Counts) -> Iterator[Sentence]:
    """Make sentences that are told from the last day of the data."""
    count, last = counts.count, counts.through
    year = last.year
    yield from numbers(
        "{} people have been shot in Hartford this year",
        counts.year("hartford", "victims", year, last),
    )
    yield from numbers(
        "{} people were shot in New Haven in the last 28 days",
        count("new_haven", "victims", last - 27 * DAY, last),
    )
    yield from numbers(
        "There were {} shootings in Bridgeport in the last 12 weeks",
        count("bridgeport", "incidents", last - 83 * DAY, last),
    )
    yield from numbers(
        f"{{}} people were shot in the three cities since January 15, {year}",
        count(ALL, "victims", date(year, 1, 15), last),
    )
    first = last.replace(day=1)
    before = first - DAY
    yield from numbers(
        "There were {} shootings in Hartford last month",
        count("hartford", "incidents", before.replace(day=1), before),
    )
    yield from changes(
        "People shot in the three cities are {} since last year",
        counts.year(ALL, "victims", year, last),
        counts.year(ALL, "victims", year - 1, last),
    )
    yield from changes(
        "Shootings in Bridgeport this year are {} compared with the five year average",
        counts.year("bridgeport", "incidents", year, last),
        sum(counts.year("bridgeport", "incidents", year - back, last) for back in range(1, 6)) / 5,
    )
    yield from changes(
        "People shot in New Haven in the last 28 days are {} compared with the 28 days before",
        count("new_haven", "victims", last - 27 * DAY, last),
        count("new_haven", "victims", last - 55 * DAY, last - 28 * DAY),
    )
    yield Sentence(f"There were 1,000 shootings in Hartford in {year}", None)  # it is not over


def of_what_no_count_answers(year: int) -> Iterator[Sentence]:
    """Make sentences that no data here can answer."""
    for text in (
        "Shootings fell because of Project Longevity",
        "The program saved 40 lives",
        "Shootings in Hartford will fall next year",
        "Carjackings in Hartford are down",
        "People feel safer in Hartford",
        "Police seized 100 guns in Hartford this year",
        f"Shootings in Hartford in {year + 5} were down",
        "There were 10 shootings in Hartford in 1995",
        "Violence is down in New Haven",
        "Shootings are down and homicides are up",
    ):
        yield Sentence(text, None)


def judged(sentences: Iterator[Sentence], judge: Judge) -> tuple[Counter[str], list[str]]:
    """Count sentences by how they were judged, and list those judged wrongly."""
    table: Counter[str] = Counter()
    wrong = []
    for one in sentences:
        verdict = judge(one.text).verdict
        answered = verdict is not Verdict.CANNOT
        table["sentences"] += 1
        table["answerable"] += one.true is not None
        table["answered"] += answered and one.true is not None
        is_so = verdict in (Verdict.SUPPORTED, Verdict.BY_COUNT)
        false_supported = is_so and not one.true
        true_denied = one.is_number and one.true and verdict is Verdict.NOT_SUPPORTED
        right = answered and not false_supported and not true_denied and one.true is not None
        table["right"] += right
        if false_supported or true_denied:
            wrong.append(f"{one.text}: {verdict}")
    return table, wrong


def judge_as(context: ReportContext) -> Judge:
    evidence = claim_check.build_evidence(context)
    names = claim_check.read_names(context)
    return lambda text: judge.evaluate_reading(reader.read_text(text, names), evidence)


def test_sentences_of_every_kind_on_the_demonstration(warehouse, demonstration):
    counts, year = Counts(demonstration, UNTIL), UNTIL.year - 1
    context = ReportContext(warehouse.settings, PUBLIC, warehouse, TODAY)
    sentences = [*of_violence(counts, year), *of_the_newest_days(counts)]
    sentences += of_what_no_count_answers(year)
    table, wrong = judged(iter(sentences), judge_as(context))
    print(dict(table))
    assert wrong == []
    assert table["sentences"] >= 60
    assert table["answered"] >= 0.8 * table["answerable"], table
    # What no count answers is never answered.
    assert table["right"] == table["answered"]
