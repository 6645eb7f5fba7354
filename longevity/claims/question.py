"""A form with its days: what it counts and finds there, and how its place and days are called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from longevity.absent import Absent, Count
from longevity.claims.evidence import Evidence
from longevity.claims.form import NOUNS, ClaimForm
from longevity.claims.verdict import NoAnswerError
from longevity.findings.finding import TOGETHER, Against, Finding, find, find_tested
from longevity.measures import wording
from longevity.measures.say import say
from longevity.windows import DAY, Window


@dataclass(frozen=True, kw_only=True)
class Question(ClaimForm):
    """A form, the days it is about, [start, until), and the last day of the data there.

    `unplaced`: which share of those of its city that nobody could place is taken to belong to its
    neighbourhood in its days, and in any others.
    """

    evidence: Evidence
    span: Window
    through: date
    unplaced: tuple[float, float] = (0.0, 0.0)

    def count(self, measure: str, window: Window) -> Count:
        """Count a measure in its place."""
        placed = self.evidence.count(self.where, measure, window)
        share = self.unplaced[window != self.span]
        if isinstance(placed, Absent) or not share:
            return placed
        return placed + round(share * self.evidence.count_unplaced(self.where, measure, window))

    def require_count(self, window: Window) -> int:
        """Count what it is about in some days; NoAnswerError where that is not known."""
        count = self.count(self.what, window)
        if isinstance(count, Absent):
            raise NoAnswerError(self.explain_not_covered(window))
        return count

    def find(self, against: Against) -> Finding:
        """Hold the count of its days against another time, or those of another place."""
        evidence, other, tested = self.evidence, self.against.place, find_tested(self.what)
        return find(
            self.count,
            self.what,
            self.span,
            against,
            evidence.estimate_dispersion(filter(None, [self.where, other]), tested, self.span[1]),
            least_base=evidence.record.settings.thresholds.least_base_for_percentage,
            count_other=partial(evidence.count, other) if other else None,
        )

    @property
    def unplaced_here(self) -> int:
        """Of how many it is not known whether they belong to its neighbourhood."""
        return self.evidence.count_unplaced(self.where, self.what, self.span)

    @property
    def year(self) -> int:
        """The year of its first day."""
        return self.span[0].year

    @property
    def is_whole_year(self) -> bool:
        """Whether it is about one calendar year."""
        return wording.format_period(*self.span).isdecimal()

    # --- in words ------------------------------------------------------------------------

    def say(self, sentence: str, /, **facts: Any) -> str:
        """Say a sentence of `measures/claims.toml` with its measure, place and days; `n` of them
        are what happened there.
        """
        what, place = self.what, self.name_place(self.where)
        usual = {"noun": NOUNS[what], "place": place, "during": wording.format_during(*self.span)}
        if "n" in facts:
            usual["clause"] = say(f"{what}.clause", n=facts["n"])
        return say(f"claim.{sentence}", usual, **facts)

    def name_place(self, place: str) -> str:
        """Name a place: a city, a neighbourhood, the cities together."""
        names = self.evidence.names
        if place != TOGETHER:
            return names.places[place]
        together = " together" if len(names.cities) > 1 else ""
        return f"{wording.join_words([*names.cities.values()])}{together}"

    def name_days(self, *spans: Window) -> str:
        """Name days of other years: "the same days of 2023 to 2025", "2024"; days that go on into
        the next year "the same days of 2024–25".
        """
        ends = [(start.year, (until - DAY).year) for start, until in (min(spans), max(spans))]
        named = [f"{year}–{last % 100:02}" if last > year else str(year) for year, last in ends]
        years = " to ".join(dict.fromkeys(named))
        return years if self.is_whole_year else f"the same days of {years}"

    def explain_not_covered(self, window: Window) -> str:
        """Say that the data do not hold every day, and which they do."""
        start, until = window
        for place in filter(None, (self.where, self.against.place)):
            if why := self.evidence.explain_absence(place, self.what, start):
                return why
        begins, ends = self.evidence.find_span(self.where)
        return self.say(
            "not_covered",
            days=wording.format_period(start, until),
            begins=begins if start < begins else None,
            ends=ends if ends < until - DAY else None,
        )
