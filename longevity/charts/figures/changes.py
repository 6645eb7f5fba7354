"""Changes as a picture: the ratio of now to before, with its interval, a line a baseline."""

from __future__ import annotations

from collections.abc import Sequence

from longevity.charts.chart import Chart, Drawing
from longevity.charts.spec import Estimate, Group, Intervals
from longevity.charts.theme import CHANGE_SYMBOLS
from longevity.findings import change_wording, year_to_date
from longevity.findings.finding import Finding
from longevity.findings.year_to_date import YearToDate
from longevity.measures.say import say
from longevity.stats.comparison import Outcome


def draw_baselines(
    results: Sequence[YearToDate], drawing: Drawing, title: str, noun: str, tested: str
) -> Chart:
    """Draw every place against every baseline: now as a multiple of it, with its interval.

    Arrow, colour and words of a line come from one finding, so that they cannot contradict each
    other. `noun`: what is counted, `tested` what chance is tested on.
    """
    interval = "with its 95% interval"
    if noun != tested:
        interval = f"{noun} at the mark, the line the 95% interval of the test, on {tested}"
    groups = [
        Group(
            tuple(_build_estimate(name, finding) for name, finding in result.against.items()),
            result.name,
            drawing.name_colour(result.place) if result.place in drawing.cities else "ink",
        )
        for result in results
    ]
    return Chart(
        name="year-to-date-against-every-baseline",
        title=title,
        subtitle=f"This year so far as a multiple of each baseline, {interval}. "
        f"{say('change.holds', now=1)}",
        spec=Intervals(tuple(groups), middle=1, words="as many", ratio=True),
        drawing=drawing,
        alt=f"{title}.",
        table=year_to_date.build_baseline_table(results),
    )


def _build_estimate(name: str, finding: Finding) -> Estimate:
    """Return one comparison; without an interval where nothing is known."""
    compared, words = finding.tested, change_wording.describe_finding(finding)
    has_interval = compared.outcome is not Outcome.NONE
    # Where nothing happened before there is no ratio, only a least one: a line without a mark.
    hover = "no ratio" if compared.ratio is None else f"{compared.ratio:.2f} times {name}"
    return Estimate(
        name,
        f"{name}: {words.difference or words.verdict}",
        compared.ratio,
        compared.low if has_interval else None,
        compared.high,
        f"change:{words.outcome.value}",
        CHANGE_SYMBOLS[compared.outcome.value],
        words.arrow,
        hover,
    )
