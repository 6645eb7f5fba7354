"""What may be said of a change: each check for and against, and no word beyond it."""

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from longevity.findings import evaluation_text
from longevity.findings.evaluation_text import format_decimal, format_interval
from longevity.stats import evaluation, interrupted_time_series
from longevity.stats.evaluation import Check, EvaluationVerdict, State
from longevity.stats.monthly_series import JudgedSeries, Span, select_without_program
from longevity.words.say import say
from tests.factories.contexts import make_context
from tools.calibrate import evaluation as calibration
from tools.calibrate.__main__ import SEED, SUBJECTS
from tools.calibrate.simulate import Row

CAUSAL = re.compile(r"\b(prevent|reduc|caus|thank|because of|due to|led to|saved|work(s|ed)\b|impact|success)", re.I)
LAUNCH = date(2012, 11, 26)
FIRST = pd.Timestamp(2012, 12, 1)
SPAN = Span(LAUNCH, date(2019, 12, 1))
LEAST_BASE = 30


def counts(seed=1, groups=(8.0, 8.0), rest=(4.0, 4.0), reviewed=(1.0, 1.0), start="2008-01-01", until="2019-12-01"):
    """month, incidents, reviewed, confirmed, complete: means a month before and after.

    A share `reviewed` of the incidents is reviewed; only those can be confirmed.
    """
    dice = np.random.default_rng(seed)
    months = pd.date_range(start, until, freq="MS")
    after = (months >= FIRST).astype(int)
    kind, other = (dice.poisson(np.array(mean)[after]) for mean in (groups, rest))
    confirmed, settled = (dice.binomial(drawn, np.array(reviewed)[after]) for drawn in (kind, other))
    frame = pd.DataFrame({"month": months, "incidents": kind + other, "confirmed": confirmed})
    return frame.assign(reviewed=confirmed + settled, complete=True)


def alike(frame, drawn):
    """The same months with these counts, all reviewed and confirmed."""
    return frame.assign(incidents=drawn, reviewed=drawn, confirmed=drawn)


def add(frame, more):
    """The same with so many more, all reviewed and confirmed."""
    return frame.assign(**{name: frame[name] + more for name in ("incidents", "reviewed", "confirmed")})


def other(seed, levels=(12.0, 12.0)):
    """Another place, until the program reached it two years later."""
    return select_without_program(counts(seed, groups=levels, rest=(0.1, 0.1)), date(2015, 1, 10))


def evaluate_here(frame, others=None):
    """Evaluate a place called Here; without others there is a quiet one."""
    return evaluation.evaluate_place(frame, "Here", SPAN, {"There": other(5)} if others is None else others)


def text_of(found):
    """Return what an evaluation opens on, or what one series says."""
    is_series = isinstance(found, JudgedSeries)
    describe = evaluation_text.describe_estimate if is_series else evaluation_text.describe_evaluation
    return describe(found, LEAST_BASE)


text_of_check = evaluation_text.describe_check
FELL = counts(2, groups=(8.0, 3.0))


@pytest.fixture(scope="module")
def fell():
    """What is found of a fall that passes every check."""
    return evaluate_here(FELL)


def test_a_fall_that_passes_every_check_may_be_spoken_of_and_only_with_a_hedge(fell):
    assert set(fell.states.values()) == {State.QUIET}
    assert fell.verdict is EvaluationVerdict.CONSISTENT
    assert fell.main is fell.gmi
    assert -6.5 < fell.gmi.effect.value < -3.5
    assert "fewer group-member-involved shooting incidents a year" in text_of(fell)
    assert "is consistent with a program that prevented some of them" in text_of(fell)
    assert "cannot prove it" in text_of(fell)


def test_a_year_is_compared_with_what_is_expected_of_the_same_months():
    frame = FELL[FELL["month"] >= "2008-04-01"]
    frame.loc[frame["month"].dt.year == 2016, "incidents"] = np.nan
    frame.loc[frame["month"] == "2018-05-01", "complete"] = False
    main = evaluation.evaluate_place(frame, "Here", SPAN, {}).all
    years = main.compare_by_year().set_index("year")
    assert [*years.index] == [*range(2008, 2020)]
    assert dict(years["months"][years["months"] != 12]) == {2008: 9, 2016: 0, 2018: 11}
    assert years["count"].isna().tolist() == [year == 2016 for year in years.index]
    assert years["after"].tolist() == [year > 2012 and year != 2016 for year in years.index]
    expected = main.series.assign(**interrupted_time_series.predict_months(main.model, main.series))
    for year in (2008, 2012, 2018):  # that of the launch has the month it splits
        known = expected[expected["why"].isin(["", "split"]) & (expected["month"].dt.year == year)]
        assert years["count"][year] == known["count"].sum()
        assert years["without"][year] == pytest.approx(known["without"].sum())


@pytest.mark.parametrize(("groups", "gap"), [((8.0, 3.0), "54 fewer<br>a year, −"), ((8.0, 8.0), "")])
def test_only_a_clear_change_has_a_gap_with_a_number(groups, gap):
    found = evaluate_here(counts(2, groups=groups))
    said = evaluation_text.describe_gap(found, least_base=20)
    assert said.startswith(gap)
    assert bool(said) == bool(gap) == bool(found.direction)


YEARS = counts(11, groups=(8.0, 3.0), start="2010-11-01", until="2014-11-01")
# Every shooting of a side in one month: any level of the others fits.
ONCE = counts(3).assign(incidents=lambda frame: 12 * frame["month"].isin(pd.to_datetime(["2010-05-01", "2015-05-01"])))
UNREVIEWED = counts(10, groups=(8.0, 8.0), reviewed=(0.0, 0.98))


@pytest.mark.parametrize(
    ("frame", "until", "said"),
    [
        (counts(3), SPAN.until, "these data cannot tell whether .*the interval includes zero"),
        # Two years on either side are the least: 24 months, the one split by the launch, and 24.
        (YEARS.iloc[1:], SPAN.until, "only 23 months before the launch"),
        (YEARS.iloc[:-1], SPAN.until, "only 23 months after the launch"),
        (FELL.iloc[:0], SPAN.until, "only 0 months before the launch can be used"),
        (FELL, date(2011, 1, 1), "only 0 months after the launch, to January 2011, can be used"),
        (
            counts(12, groups=(8.0, 0.0), rest=(0.5, 0.0)),
            SPAN.until,
            "only 0 shooting incidents are on file in the months after the launch",
        ),
        (ONCE.drop(columns=["reviewed", "confirmed"]), SPAN.until, "the model does not settle on these counts"),
    ],
)
def test_what_cannot_be_judged_is_a_refusal_in_words(frame, until, said):
    found = evaluation.evaluate_place(frame, "Here", Span(LAUNCH, until), {"There": other(5)})
    assert found.verdict is EvaluationVerdict.CANNOT_TELL
    words = f"{text_of(found)} {text_of(found.all)} {evaluation_text.describe_limits(found)}"
    assert re.search(said, words, re.S)
    assert not CAUSAL.search(text_of(found))
    assert not re.search(r"\b(nan|nat)\b", words, re.I)


def test_two_years_on_either_side_are_enough():
    assert evaluation.evaluate_place(YEARS, "Here", SPAN).all.effect is not None
    short = evaluation.evaluate_place(YEARS.iloc[1:], "Here", SPAN)
    assert short.main.compare_by_year().empty


def refused(found, check):
    """A change is reported, this check is against it, and no causal word is used."""
    assert found.gmi.effect.excludes_zero
    assert check in found.forbidding
    assert found.verdict is EvaluationVerdict.CHANGE
    assert "This is not shown to be an effect of the program." in text_of(found)
    assert text_of_check(found, check) in text_of(found)
    assert not CAUSAL.search(text_of(found))


@pytest.mark.parametrize(
    ("frame", "others", "check", "said"),
    [
        # A fall where the program was not.
        (
            FELL,
            {"There": other(5, (12.0, 6.0)), "Yonder": other(6)},
            Check.OTHER_CITIES,
            "In There, in 25 months without the program: a change there too",
        ),
        # As many shootings as before; from the launch on fewer of them are called group violence.
        (counts(4, (8.0, 4.0), (4.0, 8.0)), None, Check.ALL_SHOOTINGS, "may be one of naming"),
        # A fall that all shootings do not show.
        (counts(5, (4.0, 2.0), (20.0, 20.0)), None, Check.ALL_SHOOTINGS, ""),
        # What was not reviewed could undo a small fall.
        (counts(12, (8.0, 4.0), reviewed=(0.88, 0.88)), None, Check.SHARE_REVIEWED, "what was not reviewed could undo"),
    ],
)
def test_a_fall_that_something_else_explains_is_no_effect(frame, others, check, said):
    found = evaluate_here(frame, others)
    refused(found, check)
    assert said in text_of_check(found, check)


def test_a_fall_elsewhere_that_may_be_chance_is_not_against_it(fell):
    slight = fell.others["There"]
    slight = replace(slight, effect=replace(slight.effect, value=-0.1, low=-1.0, high=0.8))
    assert not slight.effect.excludes_zero
    assert evaluation.check_other_cities({"There": slight}, fell.gmi.effect) is State.QUIET
    clear = replace(slight, effect=replace(slight.effect, value=-2.0, low=-3.0, high=-1.0))
    assert evaluation.check_other_cities({"There": clear}, fell.gmi.effect) is State.RAISED


def test_a_step_in_the_share_reviewed_is_against_it():
    found = evaluate_here(counts(6, groups=(8.0, 8.0), reviewed=(0.82, 0.99)))
    assert found.states[Check.SHARE_REVIEWED] is State.RAISED
    assert "may be one of reviewing" in text_of_check(found, Check.SHARE_REVIEWED)
    assert found.verdict is not EvaluationVerdict.CONSISTENT


def unreported(found, check):
    """The interval shows a change, this check is against it, and no sentence reports one."""
    assert found.main.effect.excludes_zero
    assert check in found.against
    assert found.verdict is EvaluationVerdict.CANNOT_TELL and found.direction == 0
    assert "these data cannot tell whether" in text_of(found)
    assert text_of_check(found, check) in text_of(found)
    assert not re.search("there were|more than chance|consistent", text_of(found))
    for said in (evaluation_text.write_title(found), evaluation_text.write_title(found, "opening")):
        assert "these data cannot tell of a change" in said
        few = say("check.too_few_to_check")
        assert say(f"check.{check}_against") in said or few in said
    assert evaluation_text.write_headline([found], []).endswith("too few to say for Here.")
    assert found.direction == 0


def test_high_months_that_follow_high_ones_are_against_it():
    frame = counts(8, groups=(12.0, 1.0), rest=(0.1, 0.1))
    after = np.arange(144) >= 59
    # A quarter of a year of nearly nothing, then one of many, and so on.
    swell = np.random.default_rng(2).poisson(np.where(after & (np.arange(144) // 4 % 2 == 0), 6, 0))
    unreported(evaluate_here(add(frame, swell)), Check.AUTOCORRELATION)


def test_a_trend_that_turned_before_the_launch_is_against_it():
    frame = counts(9, groups=(0.0, 3.0))
    early = np.arange(144) < 59
    hill = np.where(early, 20 * np.exp(-(((np.arange(144) - 30) / 15) ** 2)), 0)
    found = evaluate_here(add(frame, np.random.default_rng(3).poisson(hill)))
    assert found.states[Check.PRE_TREND] is State.RAISED
    assert "turned" in text_of_check(found, Check.PRE_TREND)
    assert found.verdict is EvaluationVerdict.CANNOT_TELL


def test_a_trend_that_goes_on_is_no_change():
    # Nine in ten fewer in twelve years, as steadily after the launch as before it.
    frame = counts(9, groups=(0.0, 0.0), rest=(0.0, 0.0))
    fall = np.random.default_rng(4).poisson(300 * np.exp(-np.arange(144) / 60))
    found = evaluate_here(alike(frame, fall))
    unreported(found, Check.PRE_TREND)
    assert "no such change remains" in text_of_check(found, Check.PRE_TREND)


def test_changes_where_nothing_began_are_against_it():
    assert evaluation.check_placebos([True] * 4 + [False] * 16) is State.QUIET
    assert evaluation.check_placebos([True] * 5 + [False] * 15) is State.RAISED


@pytest.mark.parametrize("check", evaluation.TELLING)
@pytest.mark.parametrize("state", [State.RAISED, State.UNTESTED])
def test_one_check_against_it_and_no_change_is_reported(fell, check, state):
    unreported(replace(fell, states={**fell.states, check: state}), check)


def test_too_few_dates_to_try_leave_a_change_unreported():
    # 34 months before the launch: eleven dates have a year on either side of them.
    unreported(evaluate_here(counts(2, groups=(9.0, 1.0), start="2010-01-01")), Check.PLACEBO_DATES)
    enough = evaluate_here(counts(2, groups=(9.0, 1.0), start="2009-12-01"))
    assert len(enough.placebos) == evaluation.LEAST_PLACEBOS
    assert enough.direction == -1


def test_a_level_as_before_is_not_reported_as_a_fall_from_where_a_short_past_was_going():
    # Three years that rise from 20 to 50 a month, then years at the last of them.
    months = pd.date_range("2009-12-01", "2019-12-01", freq="MS")
    mean = np.minimum(20 * np.exp(np.arange(len(months)) / 38), 50)
    count = np.random.default_rng(1).poisson(mean)
    frame = pd.DataFrame({"month": months, "incidents": count})
    found = evaluation.evaluate_place(frame, "Here", SPAN)
    assert found.all.effect is not None
    assert abs(found.all.effect.value) < 10  # a trend carried on would expect hundreds
    assert found.direction == 0


def test_reviews_that_began_with_the_program_leave_nothing_to_compare():
    found = evaluate_here(UNREVIEWED)
    assert found.gmi.effect is None
    assert "only 0 months before the launch can be used, as the others are" in text_of(found.gmi)
    assert "a step in what reviews confirm may be the reviews starting" in text_of(found.gmi)
    # All shootings are judged, and even a fall in them is not called an effect.
    assert found.main is found.all
    fewer = evaluate_here(counts(10, groups=(8.0, 2.0), reviewed=(0.0, 0.98)))
    assert fewer.all.effect.excludes_zero
    assert fewer.verdict is EvaluationVerdict.CHANGE
    assert not CAUSAL.search(text_of(fewer))


def test_who_may_not_see_the_reviews_sees_all_shootings_alone():
    found = evaluate_here(FELL.drop(columns=["reviewed", "confirmed"]))
    assert found.main is found.all
    assert found.verdict is EvaluationVerdict.CHANGE
    assert "what the reviews found is not shown here" in text_of(found.gmi)


def test_a_change_judged_beyond_2020_is_never_called_an_effect(fell):
    # Half as many from 2018 on, and nothing else: whatever other cities did.
    months = pd.date_range("2008-01-01", "2022-12-01", freq="MS")
    span = Span(date(2018, 1, 1), date(2022, 12, 1))
    dice = np.random.default_rng(1)
    group, rest = (dice.poisson(np.where(months >= span.first, mean / 2, mean)) for mean in (16.0, 6.0))
    frame = pd.DataFrame({"month": months, "incidents": group + rest, "confirmed": group})
    frame = frame.assign(reviewed=frame["incidents"], complete=True)
    found = evaluation.evaluate_place(frame, "Here", span, {})
    refused(found, Check.WAVE)
    assert found.forbidding == (Check.WAVE,)
    assert Check.WAVE not in fell.states


def test_no_percentage_on_a_base_under_thirty():
    found = evaluate_here(counts(13, groups=(0.25, 0.25), rest=(0.05, 0.05)))
    assert found.gmi.effect.without * found.gmi.effect.months < LEAST_BASE
    assert "too few expected for a percentage" in text_of(found.gmi)
    assert not re.search(r"[+−]\d", text_of(found.gmi))


def test_the_last_month_is_said_and_later_ones_do_not_count():
    longer = counts(14, until="2024-06-01")
    shorter = longer[longer["month"] <= "2016-06-01"]
    found = evaluation.evaluate_place(longer, "Here", Span(LAUNCH, date(2016, 6, 30)))
    again = evaluation.evaluate_place(shorter, "Here", SPAN)
    assert found.all.effect == again.all.effect
    assert "to June 2016" in text_of(found)
    said = evaluation_text.describe_limits(again)
    assert "to June 2016; later months are not in it" in said


@pytest.mark.parametrize("seed", range(20, 32))
def test_sentence_interval_and_verdict_never_disagree(seed):
    dice = np.random.default_rng(seed)
    found = evaluate_here(counts(seed, groups=tuple(dice.uniform(0.3, 9, 2)), rest=(3.0, 3.0)))
    for series in (found.all, found.gmi):
        if series.effect is not None:
            assert series.effect.low <= series.effect.value <= series.effect.high
            word = "fewer" if series.effect.value < 0 else "more"
            assert f"{word} {evaluation_text.NOUNS[series.measure]}" in text_of(series)
    effect = found.main.effect
    if effect is not None:
        reported = effect.excludes_zero and not found.against
        assert reported == (found.verdict in (EvaluationVerdict.CHANGE, EvaluationVerdict.CONSISTENT))
        assert found.direction == (effect.sign if reported else 0)
        assert reported == ("more than chance would explain" in text_of(found))
        assert reported != ("these data cannot tell" in text_of(found))
        assert reported == ("than expected" in evaluation_text.write_title(found))
        assert bool(CAUSAL.search(text_of(found))) == (
            found.verdict is EvaluationVerdict.CONSISTENT and effect.value < 0
        )
    checks = " ".join(text_of_check(found, check) for check in found.states)
    said = f"{text_of(found)} {evaluation_text.describe_limits(found)} {checks}"
    assert not re.search(r"\b(nan|inf|none)\b", said, re.I)


def test_a_comparison_only_before_its_own_launch():
    # There falls only once the program has come there: it does not count.
    late = counts(15, groups=(12.0, 12.0))
    late.loc[late["month"] >= "2015-01-01", "incidents"] = 1
    launches = {
        "There": (late, date(2015, 1, 10)),
        "Begun": (counts(16), date(2011, 3, 1)),
        "Soon": (counts(17), date(2013, 3, 1)),
        "Never": (counts(18), None),
    }
    places = {name: select_without_program(*place) for name, place in launches.items()}
    found = evaluate_here(FELL, places)
    months = {name: int((place.series["used"] & place.series["after"]).sum()) for name, place in found.others.items()}
    assert months == {"There": 25, "Begun": 0, "Soon": 3, "Never": 85}
    assert not found.others["There"].effect.excludes_zero
    assert found.others["Soon"].refusal.reason == "too_few_months"
    words = text_of_check(found, Check.OTHER_CITIES)
    assert "Soon cannot be compared: without the program there, only 3 months after" in words


def test_the_share_reviewed_counts_months_left_out_for_it():
    frame = counts(2, groups=(8.0, 3.0))
    # Half a year before the launch nothing was reviewed, and neither was the first year.
    unseen = frame["month"].between("2012-04-01", "2012-09-01") | (frame["month"] < "2009-01-01")
    frame.loc[unseen, ["reviewed", "confirmed"]] = 0
    found = evaluate_here(frame)
    since = found.gmi.used["month"].min()
    assert pd.Timestamp(2009, 1, 1) <= since <= pd.Timestamp(2009, 3, 1)
    rows = frame[frame["month"].between(since, "2012-10-01")]
    before, after = evaluation.compute_reviewed_shares(found.gmi.series)
    assert before == pytest.approx(rows["reviewed"].sum() / rows["incidents"].sum())
    assert before < 0.95 and after == 1.0
    assert f"of the incidents since {since:%B} 2009" in text_of_check(found, Check.SHARE_REVIEWED)
    refused(found, Check.SHARE_REVIEWED)


def test_others_that_make_up_for_a_quarter_of_the_change_are_against_it(fell):
    effect = fell.gmi.effect
    for share, is_opposed in ((-0.3, True), (-0.2, False), (0.3, False)):
        part = replace(fell.all.effect, value=share * effect.value, low=-0.5, high=3.0)
        assert not part.excludes_zero
        assert evaluation.is_opposed(part, effect) == is_opposed


@pytest.mark.parametrize(
    ("value", "said"), [(0.0, "0.0"), (0.01, "under 0.1"), (-0.04, "under 0.1"), (0.05, "0.1"), (-4.61, "4.6")]
)
def test_what_is_not_nothing_is_never_written_as_nothing(value, said):
    assert format_decimal(value) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-7.5, -1.7, "1.7 to 7.5 fewer"),
        (-7.5, -0.01, "under 0.1 to 7.5 fewer"),
        (0.3, 2.0, "0.3 to 2.0 more"),
        (-3.1, 0.9, "from 3.1 fewer to 0.9 more"),
    ],
)
def test_an_interval_says_its_directions(low, high, said):
    assert format_interval(low, high) == said


def test_where_no_check_was_run_none_is_called_quiet(fell):
    east = replace(fell, place="East", states={Check.PLACEBO_DATES: State.RAISED, Check.PRE_TREND: State.QUIET})
    west = replace(fell, place="West", states={Check.REVIEWS: State.UNTESTED})
    assert evaluation_text.write_checks_headline([east, west]) == (
        "Checks in doubt: 1 of 2 in East and none run in West."
    )


def test_a_rise_is_said_as_a_rise_and_a_missing_value_as_what_was_found():
    row = {"place": "A place", "program": "A program", "began": None, "outcome": "shootings"}
    row |= {"method": "a trial", "study": "Somebody 2020", "effect": 3.0, "unit": "percent"}
    unclear = row | {"effect": float("nan"), "unit": "No clear result"}
    table = make_context().tabulate("published_evaluation", pd.DataFrame([row, unclear]))
    assert table["Result"].tolist() == ["3% higher", "No clear result"]


# Coverage and false alarms by simulation (`make calibrate`): nothing is worse than promised
def hold(rows):
    """The rows, none of them worse by more than the simulation's own error."""
    found = list(rows)
    assert [str(row) for row in found if row.is_worse] == []
    return found


# The worst of the table, and the fall that is to be seen.
@pytest.mark.parametrize(
    "kind",
    [
        "level wanders by 2 % a month",
        "months follow one another (0.6, ±40 %)",
        "waves of ±25 %, 5 to 10 years",
    ],
)
def test_no_title_reports_a_change_where_nothing_began(kind):
    reported = calibration.count_reported(kind, (48, 48), 10, runs=40, seed=7)
    hold([Row(kind, "", reported, 40, calibration.PROMISED)])


def test_a_fall_of_40_percent_in_a_flat_series_is_reported():
    args = calibration.FLAT, (48, 48), 10
    reported = calibration.count_reported(*args, runs=40, seed=7, ratio=calibration.PLANTED)
    hold([Row("a fall", "", reported, 40, calibration.SEEN)])


@pytest.mark.audit
@pytest.mark.parametrize("subject", ["areas", "change", "evaluation", "rate"])
def test_every_row(subject):
    for row in hold(SUBJECTS[subject](400, SEED)):
        print(row)
