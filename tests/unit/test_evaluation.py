"""What may be said of a change: each check for and against, and no word beyond it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from longevity.findings import evaluation_text
from longevity.measures.say import say
from longevity.stats import evaluation, evaluation_checks, monthly_series
from longevity.stats.evaluation import Check, Evaluation, EvaluationVerdict
from longevity.stats.evaluation_checks import State
from longevity.stats.judged_series import NoEstimate
from longevity.stats.monthly_series import Span, select_without_program
from tests.factories.monthly_counts import (
    LAUNCH,
    LEAST_BASE,
    SPAN,
    counts,
    evaluate_here,
    other,
    text_of,
    text_of_check,
)

CAUSAL = re.compile(r"\b(prevent|reduc|caus|thank|because of|due to|led to|saved|work(s|ed)\b|impact|success)", re.I)
FELL = counts(2, groups=(8.0, 3.0))


def test_a_fall_that_passes_every_check_may_be_spoken_of_and_only_with_a_hedge():
    found = evaluate_here(FELL)
    assert set(found.states.values()) == {State.QUIET}
    assert found.verdict is EvaluationVerdict.CONSISTENT
    effect = found.gmi.effect
    assert effect is not None and found.main is found.gmi
    assert -6.5 < effect.value < -3.5
    assert "fewer group-member-involved shooting incidents a year" in text_of(found)
    assert "is consistent with a program that prevented some of them" in text_of(found)
    assert "cannot prove it" in text_of(found)


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
    expected = main.compare_with_model()
    for year in (2008, 2012, 2018):  # that of the launch has the month it splits
        count, without = 0.0, 0.0
        for month in expected.to_dict("records"):
            known = month["why"] in ("", "split") and month["month"].year == year
            count += month["count"] if known else 0
            without += month["without"] if known else 0
        assert years["count"][year] == count
        assert years["without"][year] == pytest.approx(without)


@pytest.mark.parametrize(("groups", "gap"), [((8.0, 3.0), "54 fewer<br>a year"), ((8.0, 8.0), "")])
def test_only_a_clear_change_has_a_gap_with_a_number(groups, gap):
    found = evaluate_here(counts(2, groups=groups))
    said = evaluation_text.describe_gap(found, LEAST_BASE)
    assert said.startswith(gap)
    assert bool(said) == bool(gap) == bool(found.direction)


def test_nothing_is_said_plainly():
    found = evaluate_here(counts(3))
    assert found.verdict is EvaluationVerdict.CANNOT_TELL
    assert "these data cannot tell whether" in text_of(found)
    assert "the interval includes zero" in text_of(found)
    assert not CAUSAL.search(text_of(found))


def refused(found: Evaluation, check: Check) -> None:
    """A change is told, this check is against it, and no causal word is used."""
    assert found.gmi.effect is not None and found.gmi.effect.excludes_zero
    assert check in found.forbidding
    assert found.verdict is EvaluationVerdict.CHANGE
    assert "This is not shown to be an effect of the program." in text_of(found)
    assert text_of_check(found, check) in text_of(found)
    assert not CAUSAL.search(text_of(found))


def test_a_fall_where_the_program_was_not_is_against_it():
    found = evaluate_here(FELL, {"There": other(5, (12.0, 6.0)), "Yonder": other(6)})
    refused(found, Check.OTHER_CITIES)
    assert "In There, in 25 months without the program: a change there too" in (
        text_of_check(found, Check.OTHER_CITIES)
    )


def test_a_change_of_naming_is_against_it():
    # As many shootings as before; from the launch on fewer of them are called group violence.
    found = evaluate_here(counts(4, groups=(8.0, 4.0), rest=(4.0, 8.0)))
    refused(found, Check.ALL_SHOOTINGS)
    assert "may be one of naming" in text_of_check(found, Check.ALL_SHOOTINGS)


def test_a_fall_that_all_shootings_do_not_show_is_against_it():
    frame = counts(5, groups=(4.0, 2.0), rest=(20.0, 20.0))
    refused(evaluate_here(frame), Check.ALL_SHOOTINGS)


def test_a_step_in_the_share_reviewed_is_against_it():
    frame = counts(6, groups=(8.0, 8.0), reviewed=(0.82, 0.99))
    found = evaluate_here(frame)
    assert found.states[Check.SHARE_REVIEWED] is State.RAISED
    assert "may be one of reviewing" in text_of_check(found, Check.SHARE_REVIEWED)
    assert found.verdict is not EvaluationVerdict.CONSISTENT


def test_what_was_not_reviewed_could_undo_a_small_fall():
    found = evaluate_here(counts(12, groups=(8.0, 4.0), reviewed=(0.88, 0.88)))
    refused(found, Check.SHARE_REVIEWED)
    assert "what was not reviewed could undo" in text_of_check(found, Check.SHARE_REVIEWED)


def untold(found: Evaluation, check: Check) -> None:
    """The interval tells of a change, this check is against it, and no sentence tells of one."""
    assert found.main.effect is not None and found.main.effect.excludes_zero
    assert check in found.against
    assert found.verdict is EvaluationVerdict.CANNOT_TELL and found.direction == 0
    assert "these data cannot tell whether" in text_of(found)
    assert text_of_check(found, check) in text_of(found)
    assert not re.search("there were|more than chance|consistent", text_of(found))
    for said in (evaluation_text.write_title(found), evaluation_text.write_opening(found)):
        assert "these data cannot tell of a change" in said
        few = say("check.too_few_to_check")
        assert say(f"check.{check}_against") in said or few in said
    assert evaluation_text.write_headline([found], []).endswith("cannot tell of Here.")
    assert found.direction == 0


def test_high_months_that_follow_high_ones_are_against_it():
    frame = counts(8, groups=(12.0, 1.0), rest=(0.1, 0.1))
    after = np.arange(144) >= 59
    # A quarter of a year of nearly nothing, then one of many, and so on.
    swell = np.random.default_rng(2).poisson(np.where(after & (np.arange(144) // 4 % 2 == 0), 6, 0))
    for name in ("incidents", "reviewed", "confirmed"):
        frame[name] += swell
    untold(evaluate_here(frame), Check.AUTOCORRELATION)


def test_a_trend_that_turned_before_the_launch_is_against_it():
    frame = counts(9, groups=(0.0, 3.0))
    early = np.arange(144) < 59
    hill = np.where(early, 20 * np.exp(-(((np.arange(144) - 30) / 15) ** 2)), 0)
    more = np.random.default_rng(3).poisson(hill)
    for name in ("incidents", "reviewed", "confirmed"):
        frame[name] += more
    found = evaluate_here(frame)
    assert found.states[Check.PRE_TREND] is State.RAISED
    assert "turned" in text_of_check(found, Check.PRE_TREND)
    assert found.verdict is EvaluationVerdict.CANNOT_TELL


def test_a_trend_that_goes_on_is_no_change():
    # Nine in ten fewer in twelve years, as steadily after the launch as before it.
    frame = counts(9, groups=(0.0, 0.0), rest=(0.0, 0.0))
    fall = np.random.default_rng(4).poisson(300 * np.exp(-np.arange(144) / 60))
    found = evaluate_here(frame.assign(incidents=fall, reviewed=fall, confirmed=fall))
    untold(found, Check.PRE_TREND)
    assert "no such change remains" in text_of_check(found, Check.PRE_TREND)


def test_changes_where_nothing_began_are_against_it():
    found = evaluate_here(FELL)
    told = found.placebos.assign(told=True)
    assert evaluation_checks.check_placebos(told) is State.RAISED
    some = told.assign(told=np.arange(len(told)) < 0.2 * len(told))
    assert evaluation_checks.check_placebos(some) is State.QUIET


@pytest.mark.parametrize("check", evaluation.TELLING)
@pytest.mark.parametrize("state", [State.RAISED, State.UNTESTED])
def test_one_check_against_it_and_no_change_is_told_of(check, state):
    found = evaluate_here(FELL)
    untold(replace(found, states={**found.states, check: state}), check)


def test_too_few_dates_to_try_leave_a_change_untold():
    # 34 months before the launch: eleven dates have a year on either side of them.
    untold(evaluate_here(counts(2, groups=(9.0, 1.0), start="2010-01-01")), Check.PLACEBO_DATES)
    enough = evaluate_here(counts(2, groups=(9.0, 1.0), start="2009-12-01"))
    assert len(enough.placebos) == evaluation_checks.LEAST_PLACEBOS
    assert enough.direction == -1


def test_a_level_that_wandered_before_can_tell_of_less():
    steady = evaluate_here(counts(3))
    walk = np.exp(np.cumsum(np.random.default_rng(5).normal(0, 0.12, 144)))
    wild = np.random.default_rng(6).poisson(8 * walk / walk.mean())
    wandering = evaluate_here(counts(3).assign(incidents=wild, reviewed=wild, confirmed=wild))
    for found in (steady, wandering):
        assert found.gmi.effect is not None and found.gmi.model is not None
    ratios = [found.gmi.effect.ratio_high / found.gmi.effect.ratio_low for found in (steady, wandering)]
    assert ratios[1] > 2 * ratios[0]
    assert wandering.gmi.model.noise.step > 2 * steady.gmi.model.noise.step
    assert wandering.direction == 0


def test_a_level_as_before_is_not_told_as_a_fall_from_where_a_short_past_was_going():
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
    frame = counts(10, groups=(8.0, 8.0), reviewed=(0.0, 0.98))
    found = evaluate_here(frame)
    assert found.gmi.effect is None
    assert "only 0 months before the launch can be used, as the others are" in text_of(found.gmi)
    assert "a step in what reviews confirm may be the reviews starting" in text_of(found.gmi)
    # All shootings are judged, and even a fall in them is not called an effect.
    assert found.main is found.all
    fell = evaluate_here(counts(10, groups=(8.0, 2.0), reviewed=(0.0, 0.98)))
    assert fell.all.effect is not None and fell.all.effect.excludes_zero
    assert fell.verdict is EvaluationVerdict.CHANGE
    assert not CAUSAL.search(text_of(fell))


def test_who_may_not_see_the_reviews_is_told_of_all_shootings_alone():
    found = evaluate_here(FELL.drop(columns=["reviewed", "confirmed"]))
    assert found.main is found.all
    assert found.verdict is EvaluationVerdict.CHANGE
    assert "what the reviews found is not shown here" in text_of(found.gmi)


@pytest.mark.parametrize("side", ["before", "after"])
def test_two_years_on_either_side_are_the_least(side):
    frame = counts(11, groups=(8.0, 3.0), start="2010-11-01", until="2014-11-01")
    whole = evaluation.evaluate_place(frame, "Here", SPAN)
    assert whole.all.effect is not None  # 24 months, the one split by the launch, and 24
    short = frame.iloc[1:] if side == "before" else frame.iloc[:-1]
    found = evaluation.evaluate_place(short, "Here", SPAN)
    assert found.verdict is EvaluationVerdict.CANNOT_TELL
    assert f"only 23 months {side} the launch" in text_of(found.all)
    assert found.main.compare_with_model().empty


def test_a_change_judged_beyond_2020_is_never_called_an_effect():
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
    assert Check.WAVE not in evaluate_here(FELL).states


def test_too_few_incidents_are_a_refusal_in_words():
    found = evaluate_here(counts(12, groups=(8.0, 0.0), rest=(0.5, 0.0)))
    assert found.verdict is EvaluationVerdict.CANNOT_TELL
    assert "only 0 shooting incidents are on file in the months after the launch" in text_of(found)


def test_no_percentage_on_a_base_under_thirty():
    found = evaluate_here(counts(13, groups=(0.25, 0.25), rest=(0.05, 0.05)))
    assert found.gmi.effect is not None
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
    levels = tuple(dice.uniform(0.3, 9, 2))
    frame = counts(seed, groups=levels, rest=(3.0, 3.0))  # type: ignore[arg-type]  # a pair
    found = evaluate_here(frame)
    for each in (found.all, found.gmi):
        if each.effect is None:
            continue
        assert each.effect.low <= each.effect.value <= each.effect.high
        word = "fewer" if each.effect.value < 0 else "more"
        assert f"{word} {evaluation_text.NOUNS[each.measure]}" in text_of(each)
    effect = found.main.effect
    if effect is not None:
        told = effect.excludes_zero and not found.against
        assert told == (found.verdict in (EvaluationVerdict.CHANGE, EvaluationVerdict.CONSISTENT))
        assert found.direction == (effect.sign if told else 0)
        assert told == ("more than chance would explain" in text_of(found))
        assert told != ("these data cannot tell" in text_of(found))
        assert told == ("than expected" in evaluation_text.write_title(found))
        assert bool(CAUSAL.search(text_of(found))) == (
            found.verdict is EvaluationVerdict.CONSISTENT and effect.value < 0
        )
    said = " ".join(
        [
            text_of(found),
            evaluation_text.describe_limits(found),
            *(text_of_check(found, check) for check in found.states),
        ]
    )
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
    assert found.others["There"].effect is not None
    assert not found.others["There"].effect.excludes_zero
    refusal = found.others["Soon"].refusal
    assert refusal is not None and refusal.reason is NoEstimate.TOO_FEW_MONTHS
    words = text_of_check(found, Check.OTHER_CITIES)
    assert "Soon cannot be compared: without the program there, only 3 months after" in words


def test_a_place_without_rows_or_with_an_end_before_the_launch_is_answered_in_words():
    nothing = FELL.iloc[:0]
    early = evaluation.evaluate_place(FELL, "Here", Span(LAUNCH, date(2011, 1, 1)))
    for found, said in (
        (evaluate_here(nothing), "only 0 months before the launch can be used"),
        (early, "only 0 months after the launch, to January 2011, can be used"),
    ):
        assert found.verdict is EvaluationVerdict.CANNOT_TELL
        assert said in text_of(found.all)
        limits = evaluation_text.describe_limits(found)
        assert not re.search(r"\b(nan|nat)\b", text_of(found) + limits, re.I)


def test_the_share_reviewed_counts_months_left_out_for_it():
    frame = counts(2, groups=(8.0, 3.0))
    # Half a year before the launch nothing was reviewed, and neither was the first year.
    unseen = frame["month"].between("2012-04-01", "2012-09-01") | (frame["month"] < "2009-01-01")
    frame.loc[unseen, ["reviewed", "confirmed"]] = 0
    found = evaluate_here(frame)
    since = monthly_series.select_used(found.gmi.series)["month"].min()
    assert pd.Timestamp(2009, 1, 1) <= since <= pd.Timestamp(2009, 3, 1)
    rows = frame[frame["month"].between(since, "2012-10-01")]
    before, after = evaluation_checks.compute_reviewed_shares(found.gmi.series)
    assert before == pytest.approx(rows["reviewed"].sum() / rows["incidents"].sum())
    assert before < 0.95 and after == 1.0
    assert f"of the incidents since {since:%B} 2009" in text_of_check(found, Check.SHARE_REVIEWED)
    refused(found, Check.SHARE_REVIEWED)


def test_others_that_make_up_for_a_quarter_of_the_change_are_against_it():
    found = evaluate_here(FELL)
    fell, risen = found.gmi.effect, found.all.effect
    assert fell is not None and risen is not None
    part = replace(risen, value=-0.3 * fell.value, low=-0.5, high=3.0)
    assert not part.excludes_zero
    assert evaluation_checks.is_opposed(part, fell)
    assert not evaluation_checks.is_opposed(replace(part, value=-0.2 * fell.value), fell)
    assert not evaluation_checks.is_opposed(replace(part, value=0.3 * fell.value), fell)
