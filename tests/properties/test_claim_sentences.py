"""Sentences as officials say them, true and false by plain loops over the extracts.

None is judged wrongly: a false one is never supported, a true number never denied, and what these
data cannot tell is never answered. A change that is so by the counts may still be not supported:
chance could explain it, or another baseline says otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from longevity.auth.viewers import PUBLIC, parse_viewer
from longevity.claims.verdict import Verdict
from longevity.screens import claim_check
from longevity.screens.context import ReportContext
from tests.conftest import TODAY, UNTIL
from tests.factories import ascii_table, claim_record
from tests.oracles.claim_counts import ALL, CITIES, Counts
from tests.oracles.demonstration_counts import naive_promises, naive_state, read

DAY = timedelta(1)
LAST = UNTIL.year - 1  # the last whole year


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
    new_haven | victims | 07-01 | 09-30 | {} people were shot in CITY in the third quarter of YEAR
    bridgeport | incidents | 10-01 | 10-31 | There were {} shootings in CITY in October YEAR
    new_haven | incidents | 03-03 | 05-20 | CITY saw {} shootings from March 3 to May 20, YEAR
    all | victims | 01-01 | 12-31 | {} people were shot in the three cities in YEAR
"""


def of_counts(counts: Counts) -> Iterator[Sentence]:
    """Make sentences of how many, in a whole year, in parts of one and up to the last day."""
    for row in ascii_table.rows(COUNTS):
        days = (date.fromisoformat(f"{LAST}-{row[end]}") for end in ("first", "last"))
        where = ALL if row["where"] == "all" else row["where"]
        text = row["text"].replace("YEAR", str(LAST))
        text = text.replace("CITY", CITIES.get(row["where"], ""))
        yield from numbers(text, counts.count(where, row["what"], *days))
    last = counts.through
    so_far, newest = date(last.year, 1, 1), last - 27 * DAY
    text = "{} people have been shot in Hartford this year"
    yield from numbers(text, counts.count("hartford", "victims", so_far, last))
    text = "{} people were shot in New Haven in the last 28 days"
    yield from numbers(text, counts.count("new_haven", "victims", newest, last))
    for city, name in CITIES.items():
        killed = counts.count(city, "fatal", last - 6 * DAY, last)
        text = f"No one was shot and killed in {name} in the last 7 days"
        yield Sentence(text, not killed, True)


def of_changes(counts: Counts) -> Iterator[Sentence]:
    """Make sentences of a rise or a fall, and of the size of it."""
    year, whole, last = LAST, counts.year, counts.through
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
        "People shot in the three cities are {} since last year",
        whole(ALL, "victims", last.year, last), whole(ALL, "victims", last.year - 1, last),
    )  # fmt: skip
    yield from changes(
        "People shot in New Haven in the last 28 days are {} compared with the 28 days before",
        counts.count("new_haven", "victims", last - 27 * DAY, last),
        counts.count("new_haven", "victims", last - 55 * DAY, last - 28 * DAY),
    )


def of_ranks(counts: Counts) -> Iterator[Sentence]:
    """Make sentences of the fewest and the most among years, and of two cities."""
    year, whole = LAST, counts.year
    for city, name in CITIES.items():
        every = {y: whole(city, "victims", y) for y in range(2008, year + 1)}
        so_far = whole(city, "victims", year + 1, counts.through)
        for first in (2008, year - 6):
            others = [n for y, n in every.items() if first <= y < year]
            since = "on record" if first == 2008 else f"since {first}"
            text = f"People shot in {name} in {year} were the {{}} {since}"
            yield Sentence(text.format("lowest"), every[year] < min(others), first == 2008)
            # The newest year is not over: it counts for the most once it has as many.
            most = every[year] > max([*others, so_far])
            yield Sentence(text.format("highest"), most, first == 2008)
    shot = {city: whole(city, "victims", year) for city in ALL}
    for city, other in (("hartford", "bridgeport"), ("bridgeport", "new_haven")):
        names = f"people were shot in {CITIES[city]} than in {CITIES[other]} in {year}"
        yield Sentence(f"More {names}", shot[city] > shot[other])
        yield Sentence(f"Fewer {names}", shot[city] < shot[other])


def of_what_no_count_answers() -> Iterator[Sentence]:
    """Make sentences that no data here can answer."""
    for text in (
        "Shootings fell because of Project Longevity",
        f"There were 1,000 shootings in Hartford in {LAST + 1}",  # it is not over
        "There were 10 shootings in Hartford in 1995",
        "Half of the people shot in the three cities were shot in Hartford",
        "Two out of three people invited came",
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
        percent = 100 * kept // len(known)
        for bound, true in ((percent, True), (percent + 1, False)):
            text = f"Enforcement followed within {within} days in at least {bound}% of cases"
            yield Sentence(text, true, True)
    spent = sum(row["spent"] for row in read(folder, "budget") if row["fiscal_year"] == LAST)
    yield Sentence(f"We spent more than ${int(spent) - 1:,} in {LAST}", True, True)
    yield Sentence(f"We spent less than ${int(spent) - 1:,} in {LAST}", False, True)


def test_sentences_of_every_kind_on_the_demonstration(warehouse, demonstration):
    counts, settings = Counts(demonstration, UNTIL), warehouse.settings
    by_viewer = {
        PUBLIC: [
            *of_counts(counts),
            *of_changes(counts),
            *of_ranks(counts),
            *of_what_no_count_answers(),
        ],
        parse_viewer("state", settings): [*of_the_program(demonstration, UNTIL - 2 * DAY)],
    }
    table: Counter[str] = Counter()
    wrong = []
    for viewer, sentences in by_viewer.items():
        context = ReportContext(settings, viewer, warehouse, TODAY)
        evidence = claim_check.build_evidence(context)
        for sentence in sentences:
            verdict = claim_record.check(sentence.text, evidence).verdict
            is_answered = verdict is not Verdict.CANNOT
            table[f"{sentence.true}"] += 1
            table[f"{sentence.true} answered"] += is_answered
            is_said_so = verdict in (Verdict.SUPPORTED, Verdict.BY_COUNT)
            is_denied = verdict is Verdict.NOT_SUPPORTED
            if (
                (is_said_so and not sentence.true)
                or (sentence.is_number and sentence.true and is_denied)
                or (is_answered == (sentence.true is None))
            ):
                wrong.append(f"{sentence.text} (true: {sentence.true}): {verdict}")
    assert wrong == []
    assert table["True answered"] > 25 and table["False answered"] > 25, table
