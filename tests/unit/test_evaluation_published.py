"""Published series through the same code: blanks stay blanks, and it answers or says why not."""

from __future__ import annotations

import csv
from datetime import date

import pandas as pd
import pytest

from longevity.settings import ROOT
from longevity.stats import judged_series, monthly_series
from longevity.stats.monthly_series import Span
from tests.factories.monthly_counts import text_of

REFERENCE = ROOT / "data" / "reference"
END = date(2026, 6, 1)


def murders(place: str) -> pd.DataFrame:
    """month and murders of one place, as the query hands them over."""
    frame = pd.read_csv(REFERENCE / "monthly_murders.csv")
    own = frame[frame["city"] == place]
    return pd.DataFrame(
        {
            "month": pd.to_datetime(own[["year", "month"]].assign(day=1)),
            "murders": own["murders"].astype("Int64"),
        }
    )


def test_blanks_stay_blanks(settings):
    with (REFERENCE / "monthly_murders.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    blank_somewhere = 0
    for city in settings.cities.values():
        own = [row for row in rows if row["city"] == city.reference_key]
        blank = {(int(r["year"]), int(r["month"])) for r in own if r["murders"] == ""}
        made = monthly_series.build_series(murders(city.reference_key), "murders", Span(date(2020, 6, 1), END))
        empty = made[made["count"].isna()]
        assert {(m.year, m.month) for m in empty["month"]} == blank
        assert (empty["why"] == monthly_series.Omission.NOT_REPORTED).all()
        assert made["count"].sum() == sum(int(r["murders"]) for r in own if r["murders"])
        blank_somewhere += bool(blank)
    assert blank_somewhere == 2


def test_a_date_within_the_series_is_answered_from_the_months_reported(settings):
    span = Span(date(2020, 6, 1), END)
    for city in settings.cities.values():
        frame = murders(city.reference_key)
        found = judged_series.judge_series(frame, "murders", span)
        assert found.model is not None and found.effect is not None, text_of(found)
        assert len(found.model.months) == frame["murders"].notna().sum()
        # As counted: what is fitted after the date adds up to the murders reported then.
        reported = frame.loc[frame["month"] >= span.first, "murders"].sum()
        after = found.model.months["after"].to_numpy()
        assert found.model.fit.mean[after].sum() == pytest.approx(int(reported), rel=1e-6)
        # A blank read as zero would lower the level: it must not be the same answer.
        zeros = judged_series.judge_series(frame.assign(murders=frame["murders"].fillna(0)), "murders", span)
        assert zeros.effect is not None
        same = zeros.effect.value == pytest.approx(found.effect.value, abs=1e-9)
        assert same == (frame["murders"].notna().all())
