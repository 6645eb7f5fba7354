"""Models of months, of waiting and of losses on the way, against fits by hand, plain loops and searches."""

import calendar
import math
import random
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from longevity.stats import interrupted_time_series, monthly_series
from longevity.stats.attendance import count_losses
from longevity.stats.monthly_series import Span
from longevity.stats.survival import estimate_curve
from tests.factories.ascii_table import Shown, read_frame, rows

SPAN = Span(date(2012, 11, 26), date(2019, 12, 1))


def made(seed, before=8.0, after=5.0, size=3.0):
    """Counts of 2008 to 2019 that vary more than Poisson counts do."""
    dice = np.random.default_rng(seed)
    months = pd.date_range("2008-01-01", "2019-12-01", freq="MS")
    mean = np.where(months >= SPAN.first, after, before) * (1 + 0.3 * np.sin(np.arange(144) / 2))
    counts = dice.poisson(mean * dice.gamma(size, 1 / size, 144))
    return monthly_series.build_series(pd.DataFrame({"month": months, "count": counts}), "count", SPAN)


TERMS = ("trend", "step")


def fitted(series, step=SPAN.first):
    """The model with a trend, of the months of a series that are used."""
    return interrupted_time_series.fit_model(series[series["used"]], step, terms=TERMS)


def by_hand(rows):
    """Newton's steps from loops over the months: coefficients, information, Pearson's sum."""
    lines, counts = [], []
    for row in rows.itertuples():
        since = (row.month.year - 2012) * 12 + row.month.month - 12
        line = [1.0]
        for way in (math.cos, math.sin):
            line += [way(2 * math.pi * wave * (row.month.month - 1) / 12) for wave in (1, 2)]
        lines.append([*line, since / 12, 1.0 if since >= 0 else 0.0])
        counts.append(row.count if isinstance(row.count, float) else rows.loc[row.Index, "count"])
    exposure = [calendar.monthrange(when.year, when.month)[1] / (365.25 / 12) for when in rows["month"]]
    beta = [math.log(sum(counts) / sum(exposure))] + [0.0] * 6
    for _ in range(40):
        gradient, hessian = np.zeros(7), np.zeros((7, 7))
        pearson = 0.0
        for line, days, count in zip(lines, exposure, counts, strict=True):
            mean = days * math.exp(sum(b * x for b, x in zip(beta, line, strict=True)))
            pearson += (count - mean) ** 2 / mean
            for i in range(7):
                gradient[i] += (count - mean) * line[i]
                for j in range(7):
                    hessian[i, j] += mean * line[i] * line[j]
        beta = [b + step for b, step in zip(beta, np.linalg.solve(hessian, gradient), strict=True)]
    return beta, np.linalg.inv(hessian), pearson


@pytest.mark.parametrize("seed", [1, 2])
def test_the_fit_is_the_one_made_by_hand(seed):
    series = made(seed)
    model = fitted(series)
    beta, information, pearson = by_hand(series[series["used"]])
    assert model.freedom == 143 - 7
    assert model.coefficients == pytest.approx(beta, abs=1e-6)
    assert model.noise.scale == pytest.approx(pearson / 136, rel=1e-6)
    assert model.noise.scale > 1.5
    assert model.covariance == pytest.approx(information * pearson / 136, rel=1e-4, abs=1e-9)
    # What the step multiplies by is the ratio, and its interval is that of the coefficient.
    effect = interrupted_time_series.estimate_effect(model, series[series["after"]])
    reach = stats.t.ppf(0.975, 136) * math.sqrt(information[6, 6] * pearson / 136)
    assert effect.ratio_low == pytest.approx(math.exp(beta[6] - reach), rel=1e-4)
    assert effect.ratio_high == pytest.approx(math.exp(beta[6] + reach), rel=1e-4)


def test_the_estimate_is_the_mean_of_the_months_judged():
    series = made(3)
    model = fitted(series)
    judged = series[series["after"]]
    effect = interrupted_time_series.estimate_effect(model, judged)
    months = interrupted_time_series.predict_months(model, judged)
    assert effect.months == 85
    assert effect.value == pytest.approx(float((months["fitted"] - months["without"]).mean()))
    # What is expected with the program, and what was counted, add up to the same.
    assert months["fitted"].sum() == pytest.approx(judged["count"].sum(), rel=1e-6)
    before = series[~series["after"]]
    earlier = interrupted_time_series.predict_months(model, before)
    assert (earlier["fitted"] == earlier["without"]).all()


def far_off(model, judged, sign):
    """The effect furthest off among coefficients within reach, found by searching all seven."""
    root = np.linalg.cholesky(model.covariance)
    matrix = interrupted_time_series.build_design(judged, model.step, TERMS)[0]
    days = judged["days"].to_numpy() / (365.25 / 12)

    def effect_at(direction):
        beta = model.coefficients + model.quantile * root @ (direction / np.linalg.norm(direction))
        there = days * np.exp(matrix @ beta)
        return float((there - there * np.exp(-beta[-1])).mean())

    tried = [
        optimize.minimize(lambda d: -sign * effect_at(d), start, method="BFGS", tol=1e-8).fun
        for start in np.random.default_rng(1).standard_normal((4, 7))
    ]
    return -sign * min(tried)


@pytest.mark.parametrize(("seed", "after"), [(4, 5.0), (5, 8.0), (6, 2.0)])
def test_the_interval_ends_where_a_search_of_all_coefficients_does(seed, after):
    series = made(seed, after=after)
    model = fitted(series)
    judged = series[series["after"]]
    effect = interrupted_time_series.estimate_effect(model, judged)
    assert effect.low == pytest.approx(far_off(model, judged, -1), rel=0.02, abs=0.05)
    assert effect.high == pytest.approx(far_off(model, judged, 1), rel=0.02, abs=0.05)


@pytest.mark.parametrize("seed", range(40))
def test_amount_and_percent_exclude_nothing_together(seed):
    series = made(seed, before=6.0, after=4.6)
    model = fitted(series)
    effect = interrupted_time_series.estimate_effect(model, series[series["after"]])
    assert effect.low < effect.value < effect.high
    assert effect.ratio_low < effect.ratio < effect.ratio_high
    assert (effect.high < 0) == (effect.ratio_high < 1)
    assert (effect.low > 0) == (effect.ratio_low > 1)
    assert effect.excludes_zero == (effect.sign != 0)


def test_what_is_carried_on_is_right_on_average():
    # Two years before and three after, of clustered counts with a rising trend.
    months = pd.date_range("2010-12-01", "2015-11-01", freq="MS")
    days = np.array([calendar.monthrange(m.year, m.month)[1] for m in months]) * 12 / 365.25
    mean = 4.0 * days * np.exp(0.1 * (np.arange(60) - 24) / 12)
    span = Span(date(2012, 12, 1), date(2019, 12, 1))
    lowered, plain = [], []
    for seed in range(80):
        dice = np.random.default_rng([seed, 7])
        counts = dice.poisson(mean * dice.gamma(2, 1 / 2, 60))
        series = monthly_series.build_series(pd.DataFrame({"month": months, "n": counts}), "n", span)
        model = fitted(series, span.first)
        judged = series[series["after"]]
        lowered.append(float(interrupted_time_series.predict_months(model, judged)["without"].mean()))
        matrix = interrupted_time_series.build_design(judged, model.step, TERMS)[0]
        matrix[:, -1] = 0
        plain.append(float((np.exp(matrix @ model.coefficients) * days[24:]).mean()))
    truth = float(mean[24:].mean())
    error = float(np.std(lowered)) / math.sqrt(80)
    assert abs(np.mean(lowered) - truth) < 2 * error
    # Without the correction it is too high, by this much and more.
    assert np.mean(plain) - np.mean(lowered) > 0.02 * truth


def test_less_than_poisson_variation_does_not_narrow_the_interval():
    months = pd.date_range("2008-01-01", "2019-12-01", freq="MS")
    counts = np.where(np.arange(144) % 2, 6, 7)
    series = monthly_series.build_series(pd.DataFrame({"month": months, "n": counts}), "n", SPAN)
    model = fitted(series)
    assert model.noise.scale == 1
    information = np.linalg.inv(model.design.T @ (model.mean[:, None] * model.design))
    assert model.covariance == pytest.approx(information, rel=1e-3, abs=1e-8)


def test_a_side_without_a_single_incident_has_no_numbers():
    series = made(10)
    nothing = series[series["used"]].assign(count=lambda rows: rows["count"].where(~rows["after"], 0.0))
    model = interrupted_time_series.fit_model(nothing, SPAN.first, terms=TERMS)
    assert model is None or interrupted_time_series.estimate_effect(model, series[series["after"]]) is None


END = date(2019, 12, 1)


def test_a_month_not_reported_is_never_a_zero():
    counts = read_frame("""
        month      | count | complete
        2012-09-01 | 4     | no
        2012-10-01 |       | yes
        2013-01-01 | 0     | yes
        2013-02-01 | 3     | yes
        2013-03-01 | 9     | yes
    """)
    made = monthly_series.build_series(counts, "count", Span(date(2012, 12, 26), date(2013, 2, 1)))
    assert Shown(made) == rows("""
        month      | days | count | after | used | why
        2012-09-01 | 30   | 4.0   | no    | no   | not_known
        2012-10-01 | 31   |       | no    | no   | not_known
        2012-11-01 | 30   |       | no    | no   | not_known
        2012-12-01 | 31   |       | no    | no   | split
        2013-01-01 | 31   | 0.0   | yes   | yes  |
        2013-02-01 | 28   | 3.0   | yes   | yes  |
    """)


@pytest.mark.parametrize(("day", "split"), [(date(2014, 4, 1), []), (date(2014, 4, 2), [pd.Timestamp(2014, 4, 1)])])
def test_a_launch_on_the_first_of_a_month_splits_none(day, split):
    counts = pd.DataFrame({"month": pd.date_range("2014-03-01", periods=3, freq="MS"), "count": 1})
    made = monthly_series.build_series(counts, "count", Span(day, END))
    assert made.loc[made["why"] == "split", "month"].tolist() == split


def test_a_quiet_month_is_judged_with_its_neighbours_and_never_across_the_launch():
    # January has 12 incidents and is judged alone: 9 of 12. February to April are judged
    # with each other: one open review of four would be 75% by itself. From May on, after
    # the launch, nothing was reviewed, and April does not see it.
    counts = read_frame("""
        month      | incidents | reviewed | confirmed
        2013-01-01 | 12        | 9        | 5
        2013-02-01 | 4         | 3        | 2
        2013-03-01 | 5         | 5        | 1
        2013-04-01 | 4         | 4        | 0
        2013-05-01 | 4         | 0        | 0
        2013-06-01 | 9         | 0        | 0
    """)
    made = monthly_series.build_series(counts, "confirmed", Span(date(2013, 5, 1), END), reviewed=True)
    assert made["share"].round(3).tolist() == [0.75, 0.81, 0.923, 0.923, 0.0, 0.0]
    assert made["used"].tolist() == [False, True, True, True, False, False]
    assert set(made.loc[~made["used"], "why"]) == {monthly_series.Omission.NOT_REVIEWED}


@pytest.mark.parametrize(("reviewed", "used"), [(16, True), (15, False)])
def test_a_month_is_used_where_just_eighty_in_a_hundred_of_it_are_reviewed(reviewed, used):
    month = {"month": ["2013-01-01"], "incidents": [20], "reviewed": [reviewed], "confirmed": [5]}
    made = monthly_series.build_series(pd.DataFrame(month), "confirmed", Span(date(2013, 5, 1), END), reviewed=True)
    assert made["used"].tolist() == [used]


def test_a_month_without_incidents_is_no_proof_of_reviews():
    counts = read_frame("""
        month      | incidents | reviewed | confirmed
        2013-01-01 | 6         | 0        | 0
        2013-02-01 | 0         | 0        | 0
        2013-03-01 | 7         | 0        | 0
        2013-04-01 | 0         | 0        | 0
    """)
    made = monthly_series.build_series(counts, "confirmed", Span(date(2013, 4, 1), END), reviewed=True)
    assert not made["used"].any()


def test_two_rows_of_a_month_are_refused():
    twice = pd.DataFrame({"month": ["2013-01-01", "2013-01-01"], "count": [1, 2]})
    with pytest.raises(ValueError, match="two rows"):
        monthly_series.build_series(twice, "count", Span(date(2013, 1, 1), END))


# Of each city its last whole month, then one that is cut and one not reported.
LAST = {"early": "2018-06-01", "east": "2026-10-01", "west": "2025-03-01", "whole": "2024-12-01"}
MONTHS = pd.DataFrame(
    [
        (city, pd.Timestamp(last) + pd.DateOffset(months=later), count, is_whole)
        for city, last in LAST.items()
        for later, count, is_whole in ((0, 4, True), (1, 2, False), (2, None, True))
    ],
    columns=["city", "month", "incidents", "complete"],
)


ASKED = date(2024, 8, 1)


@pytest.mark.parametrize(
    ("city", "launched_on", "asked", "until"),
    [
        ("east", date(2012, 11, 26), None, date(2019, 12, 1)),
        ("east", date(2016, 12, 31), None, date(2019, 12, 1)),
        # From 2017 on: to the last December of all whose months reach beyond the launch.
        ("east", date(2017, 1, 1), None, date(2017, 12, 1)),
        ("east", date(2018, 6, 2), None, date(2024, 12, 1)),
        ("east", date(2025, 6, 1), None, date(2025, 12, 1)),
        ("east", date(2027, 3, 1), None, date(2025, 12, 1)),
        # Never a month that is not known.
        ("early", date(2012, 1, 1), None, date(2018, 6, 1)),
        ("west", date(2022, 1, 1), None, date(2024, 12, 1)),
        ("nowhere", date(2022, 1, 1), None, date(2021, 12, 1)),
        ("whole", date(2022, 1, 1), None, date(2024, 12, 1)),
        # The end that is asked holds for every launch as far as months are known.
        ("east", date(2012, 11, 26), ASKED, ASKED),
        ("east", date(2022, 1, 1), ASKED, ASKED),
        ("early", date(2012, 11, 26), ASKED, date(2018, 6, 1)),
    ],
)
def test_the_end_follows_from_the_launch_and_from_what_the_cities_have(city, launched_on, asked, until):
    assert monthly_series.choose_end_month(MONTHS, city, launched_on, asked) == until


# Kaplan-Meier, and the steps on the way to services
# Days, and whether answered (1) or still awaited (0).
DAYS = (0, 0, 3, 3, 3, 5, 8, 8, 12, 15, 15, 21, 30, 30, 34, 41, 41, 55, 60, 77, 90, 91, 118, 140)
ANSWERED = (1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0)


def frame(days, answered, episodes=None):
    columns = {"days": (days, "Int64"), "answered": (answered, "boolean")}
    columns["episodes"] = (episodes or [1] * len(days), "Int64")
    return pd.DataFrame({name: pd.array(values, dtype=kind) for name, (values, kind) in columns.items()})


def test_the_median_and_its_interval_are_those_of_lifelines():
    found = estimate_curve(frame([*DAYS, 200], [*map(bool, ANSWERED), False]))
    # lifelines 0.30.3: median_survival_time_ and median_survival_times(confidence_interval_).
    assert (found.median.days, found.median.low, found.median.high) == (34, 12, 90)
    assert (found.episodes, found.answered) == (25, 17)


def naive(pairs, day, z=1.959963984540054):
    """The share waiting after `day` and its interval, one distinct day after the other."""
    share, variance = 1.0, 0.0
    for event in sorted({d for d, done in pairs if done and d <= day}):
        risk = sum(d >= event for d, _ in pairs)
        gone = sum(d == event and done for d, done in pairs)
        share *= 1 - gone / risk
        variance += gone / (risk * (risk - gone)) if risk > gone else math.inf
    if share in (0.0, 1.0):
        return [share, math.nan, math.nan]
    spread = z * math.sqrt(variance) / math.log(share)
    return [share, share ** math.exp(-spread), share ** math.exp(spread)]


@pytest.mark.parametrize("seed", range(20))
def test_as_plain_loops(seed):
    dice = random.Random(seed)
    pairs = [(dice.randint(0, 40), dice.random() < dice.choice([0.2, 0.7, 1.0])) for _ in range(dice.randint(1, 60))]
    found = estimate_curve(frame([d for d, _ in pairs], [done for _, done in pairs]))
    assert list(found.steps["days"]) == sorted({d for d, _ in pairs})
    for row in found.steps.itertuples():
        assert [row.waiting, row.low, row.high] == pytest.approx(naive(pairs, row.days), abs=1e-9, nan_ok=True)
    halves = [day for day in sorted({d for d, _ in pairs}) if naive(pairs, day)[0] <= 0.5]
    assert found.median.days == (halves[0] if halves else None)


def test_a_row_of_many_episodes_is_as_many_rows():
    many = estimate_curve(frame([3, 5, 5], [True, True, False], [4, 2, 3]))
    single = estimate_curve(frame([3] * 4 + [5] * 5, [True] * 4 + [True] * 2 + [False] * 3))
    pd.testing.assert_frame_equal(many.steps, single.steps)
    assert many.median == single.median


def test_a_half_is_reached_on_the_day_that_just_half_wait():
    assert estimate_curve(frame([10, 20], [True, True])).median.days == 10
    assert estimate_curve(frame([10, 20, 20], [True, True, True])).median.days == 20


def test_nothing_yet_answered_and_nothing_at_all():
    waiting = estimate_curve(frame([4, 9], [False, False]))
    assert list(waiting.steps["waiting"]) == [1.0, 1.0]
    assert waiting.steps["low"].isna().all()
    assert waiting.median.days is None
    nothing = estimate_curve(frame([], []))
    assert (nothing.episodes, nothing.median.days) == (0, None)


FUNNEL = read_frame("""
    invited | reachable | reachable_unknown | attended | attended_unknown | attended_aged_30 | intake_30
    10      | 7         | 1                 | 5        | 1                | 4                | 3
    2       | 1         | 0                 | 1        | 0                | 0                | 0
""").assign(attended_aged_90=[3, 0], intake_aged_90=[3, 0], active_90=[1, 0], completed_90=[1, 0], active_unknown_90=0)
FUNNEL = FUNNEL.assign(attended_unserved=[0, 1], intake_unserved=0)  # a session whose services are on no file


def test_the_unknown_the_completed_and_the_too_recent_are_no_loss():
    lost = count_losses(FUNNEL)
    assert lost.to_numpy().tolist() == [
        ["reachable", 12, 0, 8, 1, 0, 3],
        ["attended", 8, 0, 6, 1, 0, 1],
        ["intake_30", 6, 1, 3, 1, 0, 1],
        ["active_90", 3, 0, 1, 0, 1, 1],
    ]


def test_without_services_the_funnel_ends_at_attendance():
    later = ["attended_aged_30", "intake_30", "intake_aged_90", "active_90", "active_unknown_90"]
    without = FUNNEL.assign(**{name: pd.array([None, None], dtype="Int64") for name in later})
    assert count_losses(without)["stage"].tolist() == ["reachable", "attended"]
