"""A count against an earlier time is one thing: tile, headline, table and claim agree on it."""

import math
import re
from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longevity.auth.viewers import PUBLIC
from longevity.claims import judge
from longevity.claims.evidence import Evidence
from longevity.claims.reader import Reading
from longevity.claims.verdict import Verdict
from longevity.facts.counted import ON_SCREENS as SHOWN
from longevity.findings.change_wording import describe_change, describe_finding
from longevity.findings.finding import TOGETHER
from longevity.findings.year_to_date import Baseline
from longevity.screens import briefing, claim_check, compare_cities
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.context import ReportContext
from longevity.stats.comparison import Outcome, compare
from longevity.stats.dispersion import Dispersion
from tests.conftest import TODAY
from tests.factories import claim_record
from tests.factories.tiny_release import AREAS, Incident, total
from tests.factories.tiny_release import MEASURES as COUNTED

STARTS, THROUGH = date(2015, 1, 1), date(2024, 5, 17)
CODES = {
    Baseline.LAST_YEAR: "last-year",
    Baseline.THREE_YEARS: "mean:3",
    Baseline.FIVE_YEARS: "mean:5",
    Baseline.BEFORE: "pre-program",
}


def draw_incidents(random):
    """Incidents of ten years: in each a city has a level of its own, or just what was the year before."""
    made = []
    for city, areas in AREAS.items():
        drawn = []
        for year in range(STARTS.year, 2025):
            if random.random() < 0.8:
                drawn = [
                    (
                        timedelta(days=random.randint(0, 364)),
                        random.choice([*areas, *areas, None]),
                        random.choice([(1, 0, 0), (0, 1, 0), (0, 1, 0), (0, 5, 0), (0, 0, 1)]),
                    )
                    for _ in range(random.choice([0, 4, 25, 60, 90, 90]))
                ]
            for after, area, counts in drawn:
                reason = None if area else "outside"
                made.append(Incident(city, date(year, 1, 1) + after, 12, area, reason, *counts))
    return [incident for incident in made if incident.day <= THROUGH]


@contextmanager
def open_world(folder, seed):
    """Drawn incidents, and the context of a release of them."""
    made = draw_incidents(Random(seed))
    with closing(claim_record.open_warehouse(folder, made, AREAS, THROUGH, STARTS)) as warehouse:
        yield made, ReportContext(warehouse.settings, PUBLIC, warehouse, THROUGH + timedelta(days=3))


@pytest.fixture(scope="module", params=["demonstration", 1, 2])
def drawn(request, tmp_path_factory):
    if request.param == "demonstration":
        published, opened = map(request.getfixturevalue, ("published", "warehouse"))
        yield ReportContext(published, PUBLIC, opened, TODAY)
        return
    with open_world(tmp_path_factory.mktemp("finding"), request.param) as (_, context):
        yield context


def claim(context, finding, against):
    """The verdict on the claim that says what the counts say."""
    difference = finding.difference or 0
    says = "up" if difference > 0 else "down" if difference < 0 else "same"
    codes = {"what": finding.measure, "where": finding.place, "says": says, "against": against}
    form = claim_record.make_form(codes, Evidence(context).names, finding.place)
    return claim_check.answer_reading(context, Reading(form=form))


@pytest.mark.parametrize("measure", SHOWN)
def test_a_claim_is_judged_by_the_finding_that_screens_show(drawn, measure):
    rows = chart_list.find_entry("baselines").draw(drawn, {"measure": measure}).table
    table = rows.set_index(["City", "Against"])
    for year in drawn.compare_this_year(measure).values():
        for baseline, finding in year.against.items():
            words = describe_finding(finding)
            row = table.loc[(year.name, baseline.value)]
            assert (row["Counts"], row["Interval"]) == (words.counts, words.interval)
            judged = claim(drawn, finding, CODES[baseline])
            if finding.tested.outcome is Outcome.UNKNOWN:
                assert judged.verdict is Verdict.CANNOT
                continue
            is_clear = finding.verdict is not Outcome.UNCLEAR or not finding.difference
            assert judged.verdict is (Verdict.SUPPORTED if is_clear else Verdict.BY_COUNT), judged
            shown = judged.figures.iloc[0]
            assert shown["Counts"] == words.counts
            assert shown["Interval"] == words.interval
            assert shown["Change"] == f"{words.arrow} {words.verdict}"


@pytest.mark.parametrize("measure", SHOWN)
def test_tiles_headlines_and_titles_say_what_was_found(drawn, measure):
    tiles = briefing.build(drawn, measure).tiles
    headline = compare_cities.build(drawn, measure).tabs[0].find_answer()
    title = chart_list.find_entry("year-to-date").draw(drawn, {"measure": measure}).titles
    found = drawn.compare_this_year(measure)
    shown = [found[TOGETHER], *(year for place, year in found.items() if place != TOGETHER)]
    for tile, year in zip(tiles, shown, strict=True):
        finding = year.last_year
        assert tile.value == f"{finding.now:,}"
        assert tile.base == f"{finding.before:,.0f} in {finding.against.days}"
        assert tile.verdict[0] == {Outcome.UP: "▲", Outcome.DOWN: "▼", Outcome.UNCLEAR: "–"}[finding.verdict]
        if year.place != TOGETHER:
            said = f"{year.name} ({finding.now:,} from {finding.before:,.0f})"
            assert said in headline
            assert said in title["finding"]
            words = {
                Outcome.UP: "clearly up in",
                Outcome.DOWN: "clearly down in",
                Outcome.UNCLEAR: "no clear change in",
            }
            before_name = headline[: headline.index(said)]
            assert max(words.values(), key=before_name.rfind) == words[finding.verdict]


# Sentence, arrow, colour and interval of a comparison never disagree, whatever the counts
COUNTS = st.one_of(st.just(0), st.integers(0, 12), st.integers(20, 60), st.integers(0, 900), st.integers(0, 10**7))
TIMES = st.one_of(st.just(1.0), st.integers(0, 9).map(float), st.floats(1e-3, 1e6))
PHI = st.one_of(st.just(1.0), st.floats(1.0, 1.3), st.floats(1.0, 500.0))
DISPERSIONS = st.none() | st.builds(Dispersion, PHI, st.integers(2, 300))
LEVELS = st.one_of(st.just(0.95), st.floats(0.5, 0.9999))
WHEN = "the same days before"
# What may be read where each outcome is claimed, written out apart from the module.
ARROW = {"up": "▲", "down": "▼", "unclear": "–", "none": "0", "unknown": "?"}
CLAIM = {"up": ": clearly up", "down": ": clearly down"}
BARELY = {"just over 1": 1.000001, "just under 1": 0.999999, "under 0.01": 0.005}


def read_bounds(interval):
    """The bounds as a reader would take them from the printed interval; None: open."""
    words = re.findall(rf"{'|'.join(BARELY)}|[\d.,]+", interval)
    numbers = [BARELY.get(word) or float(word.replace(",", "")) for word in words]
    if interval.startswith("at least"):
        return numbers[0], None
    if interval.startswith("at most") or len(numbers) == 1:
        return None, numbers[0]
    return numbers[:2] if numbers else (None, None)


@given(st.none() | COUNTS, st.none() | COUNTS, TIMES, TIMES, DISPERSIONS, LEVELS)
def test_one_object_never_contradicts_itself(current, previous, time, before, dispersion, level):
    found = compare(current, previous, time, before, dispersion, level)
    said = describe_change(found, WHEN, 30)
    numbers = [found.ratio, found.low, found.high, found.p_value, found.base, found.difference]
    assert all(number is None or math.isfinite(number) for number in numbers)
    colour = said.outcome.value
    assert said.arrow == ARROW[colour]
    for direction, claim in CLAIM.items():
        assert (claim in said.sentence) == (colour == direction)
    low, high = read_bounds(said.interval)
    if colour == "up":
        assert low is not None and low > 1
        assert said.difference.endswith("more")
    elif colour == "down":
        assert high is not None and high < 1
        assert said.difference.endswith("fewer")
    else:
        assert low is None or low < 1.0000001
        assert high is None or high > 0.9999999
    if found.ratio is not None and found.low is not None:
        assert found.low <= found.ratio * (1 + 1e-9)
        assert found.high is None or found.ratio <= found.high * (1 + 1e-9)
    # The p-value and the interval are one test.
    if found.p_value is not None and abs(found.p_value - (1 - level)) > 1e-7:
        assert (found.p_value < 1 - level) == (colour in ("up", "down"))


@given(COUNTS, COUNTS, DISPERSIONS)
def test_the_mirror_image_says_the_opposite(current, previous, dispersion):
    one = compare(current, previous, dispersion=dispersion).outcome.value
    other = compare(previous, current, dispersion=dispersion).outcome.value
    assert {"up": "down", "down": "up"}.get(one, one) == other


# No form that is false by a plain count is ever supported
def count(made, where, measure, days):
    """By a plain loop, first and last day included."""
    city, _, area = where.partition("/")
    here = [row for row in made if city in ("together", row.city) and area in ("", row.area)]
    return total(row for row in here if days[0] <= row.day <= days[1])[measure]


def count_unplaced(made, where, measure, days):
    """Of the city of an area, those of whom it is not known in which they were."""
    city, _, area = where.partition("/")
    return count([row for row in made if row.area is None], city, measure, days) if area else 0


PLACES = ("east", "west", "together")


# What a form means, by a calendar of our own
@dataclass(frozen=True)
class Time:
    """A part of a year: how a form writes it, and its first and last month; none: the year so far."""

    code: str
    year: int
    months: tuple = ()

    def find_days(self, back=0):
        """Its first and last day, of as many years back."""
        year = self.year - back
        if not self.months:
            return date(year, 1, 1), THROUGH.replace(year=year)
        last = date(year + self.months[1] // 12, self.months[1] % 12 + 1, 1) - timedelta(days=1)
        return date(year, self.months[0], 1), last


def draw_time(random):
    year = random.choice((2024, 2024, 2023, 2022, 2021))
    part, months = random.choice(
        (("", (1, 12)), ("-h1", (1, 6)), ("-h2", (7, 12)), ("-q2", (4, 6)), ("-02", (2, 2)), ("-10", (10, 10)))
    )
    return random.choice((Time("ytd", THROUGH.year), Time(f"{year}{part}", year, months)))


def is_covered(days):
    return STARTS <= days[0] <= days[1] <= THROUGH


def draw_form(random, made):
    """The codes of a form, whether it is so by plain counts, and whether it may be.

    None: these data cannot tell. It may be so if it is, wherever those were of whom it is not known.
    """
    measure, time = random.choice(COUNTED), draw_time(random)
    draw, places = random.choice(((draw_change, PLACES), (draw_change, PLACES), (draw_count, [*PLACES, "east/Hill"])))
    where = random.choice(places)
    says, against, true, may_be = draw(random, made, where, measure, time)
    codes = {"what": measure, "where": where, "when": time.code, "says": says, "against": against}
    return codes, true if is_covered(time.find_days()) else None, may_be


def draw_change(random, made, where, measure, time):
    days = time.find_days()
    length = days[1] - days[0] + timedelta(days=1)
    against, bases = random.choice(
        (
            ("last-year", [time.find_days(1)]),
            ("mean:3", [time.find_days(back) for back in (1, 2, 3)]),
            (f"year:{time.year - 2}", [time.find_days(2)]),
            ("before", [(days[0] - length, days[1] - length)]),
        )
    )
    now = count(made, where, measure, days)
    base = sum(count(made, where, measure, earlier) for earlier in bases) / len(bases)
    says, true = draw_words(random, now, base)
    return says, against, true if all(map(is_covered, bases)) else None, True


def draw_words(random, now, base):
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


def draw_count(random, made, where, measure, time):
    least = count(made, where, measure, time.find_days())
    most = least + count_unplaced(made, where, measure, time.find_days())
    said = max(0, least + random.choice((0, 0, 1, -1)))
    how, true, may_be = random.choice(
        (
            ("exactly", least == said == most, least <= said <= most),
            ("more than", least > said, most > said),
            ("fewer than", most < said, least < said),
            ("at least", least >= said, most >= said),
            ("at most", most <= said, least <= said),
        )
    )
    return f"{how} {said}", "each", true, may_be


@pytest.mark.parametrize("seeds", [[3, 4], pytest.param(range(5, 15), marks=pytest.mark.audit)], ids=["", "many"])
def test_no_false_form_is_supported_and_true_ones_are_often_enough_to_mean_something(tmp_path, seeds):
    seen = Counter()
    for seed in seeds:
        random = Random(seed)
        with open_world(tmp_path / f"{seed}", seed) as (made, context):
            evidence = Evidence(context)
            for _ in range(60):
                codes, is_true, may_be = draw_form(random, made)
                form = claim_record.make_form(codes, evidence.names)
                assert form.write_codes() | {"says": ""} == codes | {"says": ""}
                judged = judge.judge_form(form, evidence)
                seen[is_true, judged.verdict] += 1
                if judged.verdict in (Verdict.SUPPORTED, Verdict.BY_COUNT):
                    assert is_true, (seed, codes, judged)
                if judged.verdict is Verdict.NOT_SUPPORTED and "/" in form.where:
                    assert not may_be, (seed, codes, judged)
                assert judged.why
                for text in (judged.why, judged.safe, judged.reading):
                    assert not any(word in text.casefold() for word in ("nan", " inf", "none%"))
    assert seen[True, Verdict.SUPPORTED] > 5
    assert seen[False, Verdict.NOT_SUPPORTED] > 5
    assert seen[None, Verdict.CANNOT] > 5
