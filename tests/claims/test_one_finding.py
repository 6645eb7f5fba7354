"""A count against an earlier time is one thing: tile, headline, table and claim agree on it."""

import math
import re
from dataclasses import fields
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longevity.auth.viewers import PUBLIC
from longevity.claims.evidence import Evidence
from longevity.claims.reader import Reading
from longevity.claims.verdict import Verdict
from longevity.findings.change_wording import describe_change, describe_finding
from longevity.findings.finding import TOGETHER
from longevity.findings.year_to_date import Baseline
from longevity.measures.nouns import MEASURES
from longevity.screens import briefing, city_comparison, claim_check
from longevity.screens.chart_catalogue import chart_list
from longevity.screens.context import ReportContext
from longevity.stats.comparison import Outcome, compare
from longevity.stats.dispersion import Dispersion
from longevity.warehouse.warehouse import Warehouse
from tests.conftest import TODAY
from tests.factories import claim_record, hypothesis_settings, tiny_release
from tests.factories.tiny_release import AREAS, Incident

THROUGH = date(2024, 5, 17)
CODES = {
    Baseline.LAST_YEAR: "last-year",
    Baseline.THREE_YEARS: "mean:3",
    Baseline.FIVE_YEARS: "mean:5",
    Baseline.BEFORE: "pre-program",
}


def draw_incidents(random):
    """Incidents of ten years, of which each city has its own level in each."""
    made = []
    for city, areas in AREAS.items():
        for year in range(2015, 2025):
            for _ in range(random.choice([0, 4, 25, 60, 90, 90])):
                day = date(year, 1, 1) + timedelta(days=random.randint(0, 364))
                counts = random.choice([(1, 0, 0), (0, 1, 0), (0, 1, 0), (0, 5, 0), (0, 0, 1)])
                if day <= THROUGH:
                    made.append(Incident(city, day, 12, random.choice(areas), None, *counts))
    return made


@pytest.fixture(scope="module", params=["demonstration", 1, 2])
def drawn(request, tmp_path_factory):
    if request.param == "demonstration":
        published, opened = map(request.getfixturevalue, ("published", "warehouse"))
        yield ReportContext(published, PUBLIC, opened, TODAY)
        return
    folder = tmp_path_factory.mktemp("finding")
    made = draw_incidents(Random(request.param))
    starts = {"data_from": {"incidents": dict.fromkeys(AREAS, "2015-01-01")}}
    ends = dict.fromkeys(AREAS, THROUGH)
    settings = tiny_release.settings(folder)
    release = tiny_release.write(folder / "release", made, AREAS, ends, "real", starts)
    warehouse = Warehouse(release, settings)
    yield ReportContext(settings, PUBLIC, warehouse, TODAY)
    warehouse.close()


def claim(context, finding, against):
    """The verdict on the claim that says what the counts say."""
    difference = finding.difference or 0
    says = "up" if difference > 0 else "down" if difference < 0 else "same"
    codes = {"what": finding.measure, "where": finding.place, "says": says, "against": against}
    form = claim_record.make_form(codes, Evidence(context).names, finding.place)
    return claim_check.answer_reading(context, Reading(form=form))


@pytest.mark.parametrize("measure", [*MEASURES])
def test_a_claim_is_judged_by_the_finding_that_screens_show(drawn, measure):
    rows = chart_list.find_entry("baselines").draw(drawn, {"measure": measure}).chart.table
    table = rows.set_index(["City", "Against"])
    for year in drawn.find_year(measure).values():
        for baseline, finding in year.against.items():
            words = describe_finding(finding)
            row = table.loc[(year.name, baseline.value)]
            assert (row["Counts"], row["Interval"]) == (words.counts, words.interval)
            judged = claim(drawn, finding, CODES[baseline])
            if finding.tested.outcome is Outcome.UNKNOWN:
                assert judged.verdict is Verdict.CANNOT
                continue
            is_clear = finding.direction != 0 or not finding.difference
            assert judged.verdict is (Verdict.SUPPORTED if is_clear else Verdict.BY_COUNT), judged
            shown = judged.figures.iloc[0]
            assert shown["Counts"] == words.counts
            assert shown["Interval"] == words.interval
            assert shown["Change"] == f"{words.arrow} {words.verdict}"


@pytest.mark.parametrize("measure", [*MEASURES])
def test_tiles_headlines_and_titles_say_what_was_found(drawn, measure):
    tiles = briefing.build(drawn, measure).tiles
    headline = city_comparison.build(drawn, measure).tabs[0].find_answer()
    title = chart_list.find_entry("year-to-date").draw(drawn, {"measure": measure}).titles
    found = drawn.find_year(measure)
    shown = [found[TOGETHER], *(year for place, year in found.items() if place != TOGETHER)]
    for tile, year in zip(tiles, shown, strict=True):
        finding = year.last_year
        assert tile.value == f"{finding.now:,}"
        assert tile.base == f"{finding.before:,.0f} in {finding.against.days}"
        assert tile.verdict[0] == {1: "▲", -1: "▼", 0: "–"}[finding.direction]
        if year.place != TOGETHER:
            said = f"{year.name} ({finding.now:,} from {finding.before:,.0f})"
            assert said in headline
            assert said in title["finding"]
            words = {1: "clearly up in", -1: "clearly down in", 0: "no clear change in"}
            before_name = headline[: headline.index(said)]
            assert max(words.values(), key=before_name.rfind) == words[finding.direction]


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


@hypothesis_settings.many
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


@hypothesis_settings.many
@given(COUNTS, COUNTS, TIMES, TIMES, DISPERSIONS, st.integers(1, 60))
def test_no_percentage_on_a_small_base_and_nothing_endless(current, previous, time, before, dispersion, least):
    said = describe_change(compare(current, previous, time, before, dispersion), WHEN, least)
    base = previous * (time / before) if before else 0.0
    texts = [text for text in (getattr(said, field.name) for field in fields(said)) if isinstance(text, str)]
    for text in texts:
        assert not re.search(r"\b(inf|infinity|nan|none\b.*\d)", text, re.IGNORECASE)
        if base < least:
            # The level of the interval is the only percentage left.
            assert not re.search(r"\d\s*%(?! interval)", text)
            assert "+" not in text


@hypothesis_settings.many
@given(COUNTS, COUNTS, DISPERSIONS)
def test_the_mirror_image_says_the_opposite(current, previous, dispersion):
    one = compare(current, previous, dispersion=dispersion).outcome.value
    other = compare(previous, current, dispersion=dispersion).outcome.value
    assert {"up": "down", "down": "up"}.get(one, one) == other
