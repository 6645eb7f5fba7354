"""An evaluation laid out for a screen: the series it shows, its estimates as labelled rows."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from longevity.stats.evaluation import ALL, GMI, Evaluation, Finding, State
from longevity.stats.interrupted_time_series import LEAST_MONTHS
from longevity.text import evaluation_text as words

MARKS = {
    State.QUIET: ":material/check:",
    State.RAISED: ":material/flag:",
    State.UNTESTED: ":material/help:",
}


NOTHING_TO_DRAW = (
    "There is no series to draw: none could be judged, for the reason said above. It takes "
    f"{LEAST_MONTHS} whole months of incidents from before the program came, and as many after."
)


@dataclass(frozen=True)
class Series:
    """A series to draw: a name for files, the finding in its title, and the finding."""

    name: str
    title: str
    finding: Finding


def series(found: Evaluation) -> list[Series]:
    """The series that could be judged, the one the verdict is about first."""
    both = [(GMI, found.gmi), (ALL, found.all)]
    return [Series(name, _title(each), each) for name, each in both if each.effect is not None]


def opening(found: Evaluation) -> str:
    """The verdict and what it is about, short enough to be read first."""
    if found.main.effect is None:
        return f"{found.place}: {found.verdict.value}."
    return f"{found.place}, {until(found)}: {found.verdict.value}. {_title(found.main)}."


def until(found: Evaluation) -> str:
    """To which month it is judged, as a headline says it: "until December 2019"."""
    return f"until {found.span.name_of(found.main.last)}"


def before(found: Evaluation) -> str:
    """What came before the program, as a headline says it: "before December 2012"."""
    return f"before {found.span.name_of(found.span.first)}"


def _title(finding: Finding) -> str:
    """The finding: its direction only where its interval has one."""
    noun = finding.noun.capitalize()
    effect = finding.effect
    if effect is None or not effect.excludes_zero:
        return f"{noun}: no clear change from what was expected"
    return f"{noun}: {words.amount(effect.value)} a {finding.span.per} than expected"


def refusals(found: Evaluation) -> list[str]:
    """Why a series could not be judged, a sentence each; those the answer says already left out."""
    return [
        each.sentence
        for each in (found.gmi, found.all)
        if each.refused and each.sentence not in found.sentence
    ]


def estimates(found: Evaluation) -> pd.DataFrame:
    """By every other means, and in other cities: label, value, low, high, told."""
    rows = [
        (words.BY[row.by], row.value, row.low, row.high, row.told)
        for frame in (found.by_other_means, found.unreviewed)
        for row in frame.itertuples()
    ]
    rows += [
        (f"{row.place}, before the program came there", row.value, row.low, row.high, row.told)
        for row in found.comparisons.itertuples()
        if not row.why
    ]
    return pd.DataFrame(
        [(f"{label[:1].upper()}{label[1:]}", *rest) for label, *rest in rows],
        columns=["label", "value", "low", "high", "told"],
    )
