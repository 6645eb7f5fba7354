"""Sentences as officials say them, true and false by plain loops over the extracts.

None is judged wrongly: a false one is never supported, a true number never denied, and what these
data cannot tell is never answered. A change that is so by the counts may still be not supported:
chance could explain it, or another baseline says otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from longevity.auth.viewers import PUBLIC, parse_viewer
from longevity.claims import judge, reader
from longevity.claims.verdict import ClaimAnswer, Verdict
from longevity.screens import claim_check
from longevity.screens.context import ReportContext
from tests.conftest import TODAY, UNTIL
from tests.factories import ascii_table
from tests.oracles.claim_counts import ALL, CITIES, Counts
from tests.oracles.demonstration_counts import naive_promises, naive_state, read

DAY = timedelta(1)
LAST = UNTIL.year - 1  # the last whole year
Judge = Callable[[str], ClaimAnswer]
NOUNS = {"victims": "people shot", "incidents": "shootings", "homicides": "homicides"}


@dataclass(frozen=True)
class Sentence:
    """A sentence, whether it is true (None: these data cannot tell), and whether it states a
    number or a rank, so that a true one must not be denied.
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


# Where, what, the first and the last day in the last whole year, and how it is said.
COUNTS = """
    where | what | first | last | text
    hartford | victims | 01-01 | 12-31 | {} people were shot in CITY in YEAR
    new_haven | homicides | 01-01 | 12-31 | There were {} homicides in CITY in YEAR
    bridgeport | fatal | 01-01 | 06-30 | {} people were shot dead in CITY in the first half of YEAR
    hartford | incidents | 01-01 | 06-30 | CITY had {} shootings in the first six months of YEAR
    new_haven | victims | 07-01 | 09-30 | {} people were shot in CITY in the third quarter of YEAR
    bridgeport | incidents | 10-01 | 10-31 | There were {} shootings in CITY in October YEAR
    hartford | victims | 06-01 | 08-31 | {} people were shot in CITY in the summer of YEAR
    new_haven | incidents | 03-03 | 05-20 | CITY saw {} shootings from March 3 to May 20, YEAR
    all | victims | 04-01 | 09-30 | {} people were shot in all cities from April to September YEAR
"""


def of_counts(counts: Counts) -> Iterator[Sentence]:
    """Make sentences of how many, in a whole year and in parts of one."""
    for row in ascii_table.rows(COUNTS):
        days = (date.fromisoformat(f"{LAST}-{row[end]}") for end in ("first", "last"))
        where = ALL if row["where"] == "all" else row["where"]
        text = row["text"].replace("YEAR", str(LAST))
        text = text.replace("CITY", CITIES.get(row["where"], ""))
        yield from numbers(text, counts.count(where, row["what"], *days))
    shot = counts.year("bridgeport", "victims", LAST)
    for said in (shot + 1, shot):
        text = f"Fewer than {said:,} people were shot in Bridgeport in {LAST}"
        yield Sentence(text, shot < said, True)


def of_changes(counts: Counts) -> Iterator[Sentence]:
    """Make sentences of a rise or a fall, and of the size of it."""
    count, year, whole = counts.count, LAST, counts.year
    yield from changes(
        f"Shootings in Hartford in {year} were {{}} from {year - 1}",
        whole("hartford", "incidents", year), whole("hartford", "incidents", year - 1),
    )  # fmt: skip
    yield from changes(
        f"People shot in the three cities in {year} were {{}} compared with the three year average",
        whole(ALL, "victims", year),
        sum(whole(ALL, "victims", year - back) for back in (1, 2, 3)) / 3,
    )
    yield from changes(
        f"People shot in New Haven in the first half of {year} were {{}} compared with the first "
        f"half of {year - 1}",
        count("new_haven", "victims", date(year, 1, 1), date(year, 6, 30)),
        count("new_haven", "victims", date(year - 1, 1, 1), date(year - 1, 6, 30)),
    )
    june, july = (  # of unequal length: by the day
        count("hartford", "victims", date(year, month, 1), date(year, month, days)) / days
        for month, days in ((6, 30), (7, 31))
    )
    yield from changes(
        f"People shot in Hartford in July {year} were {{}} from June {year}", july, june
    )
    yield Sentence(
        f"Shootings in Hartford from January 1 to December 1, {year} are down compared with "
        f"August 1, {year - 1} to June 30, {year}",
        None,
    )
    for city, name in CITIES.items():
        now, before = whole(city, "victims", year), whole(city, "victims", year - 1)
        ratio = now / before
        of_year = f"people were shot in {name} in {year}"
        for much, true in (
            (f"A third fewer {of_year} than in {year - 1}", 0.65 <= ratio <= 0.69),
            (f"Twice as many {of_year} as in {year - 1}", 1.9 <= ratio <= 2.1),
            (f"Fewer than half as many {of_year} as in {year - 1}", ratio < 0.5),
        ):
            yield Sentence(much, true)
        fell = whole(city, "victims", 2020) > whole(city, "victims", 2012) / 2
        text = f"More than half as many people were shot in {name} in 2020 as in 2012"
        yield Sentence(text, fell)
        drops = [whole(city, "incidents", y) < whole(city, "incidents", y - 1)
                 for y in (year, year - 1, year - 2)]  # fmt: skip
        text = f"Shootings in {name} fell"
        yield Sentence(f"{text} in {year} for the second year in a row", all(drops[:2]))
        yield Sentence(f"{text} for the third straight year in {year}", all(drops))


def of_ranks(counts: Counts) -> Iterator[Sentence]:
    """Make sentences of the fewest and the most, among years, months and cities."""
    year, whole, count = LAST, counts.year, counts.count
    for city, name in CITIES.items():
        every = {y: whole(city, "victims", y) for y in range(2008, year + 1)}
        so_far = whole(city, "victims", year + 1, counts.through)
        others = [n for y, n in every.items() if year - 6 <= y < year]
        # The newest year is not over: it counts for the most once it has as many.
        few, many = every[year] < min(others), every[year] > max([*others, so_far])
        text = f"people were shot in {name} in {year} than in any"
        yield Sentence(f"Fewer {text} year since {year - 6}", few, True)
        yield Sentence(f"More {text} other year since {year - 6}", many, True)
        killed = {y: whole(city, "homicides", y) for y in range(2008, year + 1)}
        worst = max(killed, key=lambda y: killed[y])
        later = whole(city, "homicides", year + 1, counts.through)
        alone = [*killed.values()].count(killed[worst]) == 1 and later < killed[worst]
        text = f"was the worst year for homicides in {name} on record"
        yield Sentence(f"{worst} {text}", alone, True)
        yield Sentence(f"{min(killed, key=lambda y: killed[y])} {text}", False, True)
        months = {}
        for month in range(1, 13):
            first = date(year, month, 1)
            last = (first + 31 * DAY).replace(day=1) - DAY
            months[f"{first:%B}"] = [
                count(city, what, first, last) for what in ("fatal", "homicides")
            ]
        for month in ("July", "October"):
            most = all(months[month][at] > n[at] for m, n in months.items() for at in (0, 1)
                       if m != month)  # fmt: skip
            yield Sentence(f"{month} was the deadliest month of {year} in {name}", most, True)
    by_city = {city: whole(city, "victims", year) for city in ALL}
    for city in ("hartford", "new_haven"):
        rest = [n for other, n in by_city.items() if other != city]
        has, of = CITIES[city], f"people shot of the three cities in {year}"
        yield Sentence(f"{has} had the most {of}", by_city[city] > max(rest), True)
        yield Sentence(f"{has} had the fewest {of}", by_city[city] < min(rest), True)
    *before, newest = (whole(ALL, "homicides", y) for y in range(year - 3, year + 1))
    text = f"Homicides in {year} were the"
    yield Sentence(f"{text} lowest in three years", newest < min(before))
    yield Sentence(f"{text} highest in three years", newest > max(before))


def of_places(counts: Counts) -> Iterator[Sentence]:
    """Make sentences of two cities, of every city, and of a part of a whole."""
    year, whole = LAST, counts.year
    shot = {city: whole(city, "victims", year) for city in ALL}
    for city, other in (("hartford", "bridgeport"), ("bridgeport", "new_haven")):
        is_more = shot[city] > shot[other]
        names = f"people were shot in {CITIES[city]} than in {CITIES[other]} in {year}"
        yield Sentence(f"More {names}", is_more)
        yield Sentence(f"Fewer {names}", not is_more)
        ratio = shot[city] / shot[other]
        text = f"Twice as many {names.replace('than in', 'as in')}"
        yield Sentence(text, 1.9 <= ratio <= 2.1)
    total, newest = sum(shot.values()), counts.through
    for city, name in CITIES.items():
        share = shot[city] / total
        is_half = 0.475 <= share <= 0.525 if abs(share - 0.5) > 0.025 else share == 0.5
        text = f"Half of the people shot in the three cities in {year} were shot in {name}"
        yield Sentence(text, is_half, True)
        died = whole(city, "fatal", year) / shot[city]
        yield Sentence(f"More than half of those shot in {name} in {year} died", died > 0.5, True)
        yield Sentence(f"Less than half of those shot in {name} in {year} died", died < 0.5, True)
    least = min(shot.values())
    text = f"people were shot in each of the three cities in {year}"
    yield Sentence(f"At least {least} {text}", True, True)
    yield Sentence(f"At least {least + 1} {text}", False, True)
    week, killed = (
        [counts.count(city, what, newest - 6 * DAY, newest) for city in ALL]
        for what in ("victims", "fatal")
    )
    text = "in any of the three cities in the last 7 days"
    yield Sentence(f"No one was shot {text}", not any(week), True)
    yield Sentence(f"Nobody was shot and killed {text}", not any(killed), True)
    text = f"{shot['hartford']} people were shot in Hartford and {{}} in New Haven in {year}"
    yield from numbers(text, shot["new_haven"])
    falls = {(city, what): whole(city, what, year) < whole(city, what, year - 1)
             for city in ALL for what in NOUNS}  # fmt: skip
    for city, other in (("hartford", "new_haven"), ("new_haven", "bridgeport")):
        fell = f"In {year} shootings fell in {CITIES[city]} from {year - 1}"
        text = f"{fell} and homicides fell in {CITIES[other]}"
        yield Sentence(text, falls[city, "incidents"] and falls[other, "homicides"])
        text = f"Shootings and homicides in {CITIES[city]} fell in {year} compared with {year - 1}"
        yield Sentence(text, falls[city, "incidents"] and falls[city, "homicides"])


def of_days(counts: Counts) -> Iterator[Sentence]:
    """Make sentences of days, weeks and every month, and of the newest of them."""
    count, last, year = counts.count, counts.through, counts.through.year
    for city, name in CITIES.items():
        on = date(LAST, 7, 4)
        shot = count(city, "victims", on, on)
        yield Sentence(f"{shot} people were shot in {name} on July 4, {LAST}", True, True)
        yield Sentence(f"Someone was shot in {name} on July 4, {LAST}", shot > 0, True)
        ends = date(LAST, 8, 17)
        yield from numbers(
            f"{{}} people were shot in {name} in the week ending August 17, {LAST}",
            count(city, "victims", ends - 6 * DAY, ends),
        )
        starts = [date(LAST, month, 1) for month in range(1, 13)]
        months, killed = (
            [count(city, what, at, (at + 31 * DAY).replace(day=1) - DAY) for at in starts]
            for what in ("victims", "fatal")
        )
        every = f"in {name} every month of {LAST}"
        yield Sentence(f"Someone was shot {every}", min(months) > 0, True)
        yield Sentence(f"At least {min(months) + 1} people were shot {every}", False, True)
        yield Sentence(f"Someone was shot and killed {every}", min(killed) > 0, True)
        is_none = not count(city, "fatal", last.replace(year=year - 3) + DAY, last)
        yield Sentence(f"No one was shot and killed in {name} in three years", is_none, True)
    for text, number in (
        ("{} people have been shot in Hartford this year",
         counts.year("hartford", "victims", year, last)),
        ("{} people were shot in New Haven in the last 28 days",
         count("new_haven", "victims", last - 27 * DAY, last)),
        ("There were {} shootings in Bridgeport in the last 12 weeks",
         count("bridgeport", "incidents", last - 83 * DAY, last)),
        (f"{{}} people were shot in the three cities since January 15, {year}",
         count(ALL, "victims", date(year, 1, 15), last)),
        ("There were {} shootings in Hartford last month",
         count("hartford", "incidents", date(year, last.month - 1, 1),
               last.replace(day=1) - DAY)),
    ):  # fmt: skip
        yield from numbers(text, number)
    yield from changes(
        "People shot in the three cities are {} since last year",
        counts.year(ALL, "victims", year, last), counts.year(ALL, "victims", year - 1, last),
    )  # fmt: skip
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


def of_what_no_count_answers() -> Iterator[Sentence]:
    """Make sentences that no data here can answer."""
    for text in (
        "Shootings fell because of Project Longevity",
        "The program saved 40 lives",
        "Shootings in Hartford will fall next year",
        "Carjackings in Hartford are down",
        "People feel safer in Hartford",
        "Police seized 100 guns in Hartford this year",
        f"Shootings in Hartford in {LAST + 6} were down",
        "There were 10 shootings in Hartford in 1995",
        "Violence is down in New Haven",
        "Shootings are down or homicides are up",
        f"There were 1,000 shootings in Hartford in {LAST + 1}",  # it is not over
        "Shootings in Hartford are the lowest ever",
        "Most people shot in Hartford are young men",
        "Shootings in Hartford did not fall every year since 2019",
        "Not a single shooting was not down",
        "No city had fewer shootings",
        "Shootings in Hartford are lower than anywhere in the country",
        "People shot in Hartford are down except in July",
        "Shootings in Hartfort are down",
        "Two out of three people invited came",
        "Shootings in Hartford fall every year",
        "Homicides in Hartford are down since 2019 every year",
        "Hartford has fewer shootings than Bridgeport and more homicides",
        "Shootings in East Hartford are down",
    ):
        yield Sentence(text, None)


def of_the_program(folder: Path, through: date) -> Iterator[Sentence]:
    """Make sentences of what the program counts, as the state may ask them."""
    episodes, _, _ = naive_promises(folder)
    for within in (30, 60, 90):
        # Of newer cases those acted on at once are known, and those that will be missed are not.
        known = [e for e in episodes if e["violated"] + within * DAY <= through]
        kept = sum(naive_state(e, within, through) == "kept" for e in known)
        yield Sentence(
            f"Every group that shot someone saw enforcement within {within} days",
            kept == len(known), True,
        )  # fmt: skip
        percent = 100 * kept // len(known)
        for bound, true in ((percent, True), (percent + 1, False)):
            yield Sentence(
                f"Enforcement followed within {within} days in at least {bound}% of cases",
                true, True,
            )  # fmt: skip
    spent = sum(row["spent"] for row in read(folder, "budget") if row["fiscal_year"] == LAST)
    yield Sentence(f"We spent more than ${int(spent) - 1:,} in {LAST}", True, True)
    yield Sentence(f"We spent less than ${int(spent) - 1:,} on the program in {LAST}", False, True)
    yield Sentence(f"We spent nothing in {LAST}", spent == 0, True)


def judge_all(sentences: Iterator[Sentence], judge: Judge) -> tuple[Counter[str], list[str]]:
    """Count sentences by how they were judged, and list those judged wrongly."""
    table: Counter[str] = Counter()
    wrong = []
    for sentence in sentences:
        answer = judge(sentence.text)
        verdict = answer.verdict
        is_answered = verdict is not Verdict.CANNOT
        is_said_so = verdict in (Verdict.SUPPORTED, Verdict.BY_COUNT)
        is_denied = verdict is Verdict.NOT_SUPPORTED
        table["sentences"] += 1
        table["answerable"] += sentence.true is not None
        table["answered"] += is_answered and sentence.true is not None
        table["not so"] += is_answered and verdict is not Verdict.SUPPORTED
        if answer.offered:
            table["offered"] += is_answered
            if judge(answer.offered).verdict is not Verdict.SUPPORTED:
                wrong.append(f"{answer.offered} (offered for {sentence.text})")
        if (
            (is_said_so and not sentence.true)
            or (sentence.is_number and sentence.true and is_denied)
            or (sentence.true is None and is_answered)
        ):
            wrong.append(f"{sentence.text} (true: {sentence.true}): {verdict}")
        if not is_answered and sentence.true is not None:
            table[f"not answered: {sentence.text}"] += 1
    return table, wrong


def judge_as(context: ReportContext) -> Judge:
    evidence = claim_check.build_evidence(context)
    names = claim_check.read_names(context)
    return lambda text: judge.evaluate_reading(reader.read_text(text, names), evidence)


def test_sentences_of_every_kind_on_the_demonstration(warehouse, demonstration):
    counts, settings = Counts(demonstration, UNTIL), warehouse.settings
    sentences = [
        *of_counts(counts), *of_changes(counts), *of_ranks(counts), *of_places(counts),
        *of_days(counts), *of_what_no_count_answers(),
    ]  # fmt: skip
    public, state = (
        judge_as(ReportContext(settings, viewer, warehouse, TODAY))
        for viewer in (PUBLIC, parse_viewer("state", settings))
    )
    table, wrong = judge_all(iter(sentences), public)
    of_state, wrong_of_state = judge_all(of_the_program(demonstration, UNTIL - 2 * DAY), state)
    table += of_state
    print(*table.items(), sep="\n")
    assert wrong + wrong_of_state == []
    assert table["sentences"] >= 150
    assert table["answered"] >= 0.85 * table["answerable"], table
    # What is answered and not supported has a sentence that is so, of the same counts.
    assert table["offered"] >= 0.9 * (table["not so"] - of_state["not so"])


@pytest.mark.parametrize(
    ("text", "marked", "meant", "codes"),
    [
        ("Shootings in Hartfort are down since last year", "[Hartfort]", "Do you mean Hartford?",
         {"what": "incidents", "says": "down", "against": "last-year"}),
        ("Carjackings in Hartford are down", "[Carjackings]", "“carjackings”",
         {"where": "hartford", "says": "down"}),
        ("Two out of three people invited came this year", "[people invited came]", "reached",
         {"what": "attendance", "when": "ytd", "says": "about 66.7%"}),
    ],
)  # fmt: skip
def test_what_is_not_read_is_marked_and_the_rest_is_filled(warehouse, text, marked, meant, codes):
    context = ReportContext(warehouse.settings, PUBLIC, warehouse, TODAY)
    reading = claim_check.read_text(context, text, None)
    assert marked in reading.marked and meant in reading.why
    assert dict(reading.codes) == codes
    assert reading.form is None
