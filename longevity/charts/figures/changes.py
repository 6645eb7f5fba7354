"""Changes as a picture: the ratio of now to before, with its interval, a line a baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from longevity.charts.chart import Chart, Drawing
from longevity.charts.spec import Estimate, Group, Intervals
from longevity.charts.theme import CHANGE_SYMBOLS
from longevity.stats.baselines import BaselineComparison, YearToDate
from longevity.stats.comparison import Outcome
from longevity.text import baselines, change_wording


def draw_baselines(
    comparisons: Sequence[YearToDate],
    names: Mapping[str, str],
    drawing: Drawing,
    least_base: int,
    title: str,
    noun: str = "",
    tested: str = "",
) -> Chart:
    """Draw every city against every baseline: now as a multiple of it, with its interval.

    `names`: a name for each of `comparisons`. Arrow, colour and words of a line come from one
    comparison, so that they cannot contradict each other. `noun`: what is counted, `tested` what
    chance is tested on.
    """
    interval = "with its 95% interval"
    if noun != tested:
        interval = f"{noun} at the mark, the line the 95% interval of the test, on {tested}"
    groups = [
        Group(
            tuple(_build_estimate(against, least_base) for against in city.against),
            names[city.city],
            drawing.name_colour(city.city) if city.city in drawing.cities else "ink",
        )
        for city in comparisons
    ]
    return Chart(
        name="year-to-date-against-every-baseline",
        title=title,
        subtitle=f"This year so far as a multiple of each baseline, {interval}. "
        f"{change_wording.explain_interval_that_holds(1)}",
        spec=Intervals(tuple(groups), middle=1, words="as many", ratio=True),
        drawing=drawing,
        alt=" ".join(
            f"{names[city.city]}: {baselines.describe_year_to_date(city)}" for city in comparisons
        ),
        table=baselines.build_baseline_table(comparisons, names, least_base),
    )


def _build_estimate(against: BaselineComparison, least_base: int) -> Estimate:
    """Return one comparison; without an interval where nothing is known."""
    compared = against.comparison
    words = baselines.describe_comparison(against, least_base)
    name = baselines.BASELINES[against.baseline]
    has_interval = compared.outcome is not Outcome.NONE
    # Where nothing happened before there is no ratio, only a least one: a line without a mark.
    hover = "no ratio" if compared.ratio is None else f"{compared.ratio:.2f} times {name}"
    return Estimate(
        name,
        f"{name}: {words.difference or words.verdict}",
        compared.ratio,
        compared.low if has_interval else None,
        compared.high,
        f"change:{words.colour}",
        CHANGE_SYMBOLS[compared.outcome.value],
        words.arrow,
        hover,
    )
