"""A claim's form with the days it means: what is counted and tested there, and how it is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from longevity.claims.evidence import Evidence
from longevity.claims.form import NOUNS, ClaimForm
from longevity.claims.verdict import Held, NoAnswerError, judge_finding
from longevity.facts.counted import find_tested, say_clause
from longevity.facts.windows import DAY, Window
from longevity.findings.counting import make_counting
from longevity.findings.finding import TOGETHER, Against, find
from longevity.words import wording
from longevity.words.absent import Absent
from longevity.words.say import say


@dataclass(frozen=True, kw_only=True)
class Question(ClaimForm):
    """A form, its days ([start, until): the second is not in it), and the last day of the data."""

    evidence: Evidence
    span: Window
    through: date

    def count(self) -> int:
        """Count the claim's measure in its days; NoAnswerError where that is not known."""
        count = make_counting(self.evidence.count(self.where, [self.span]))(self.what, self.span)
        if isinstance(count, Absent):
            raise NoAnswerError(self.explain_not_covered(self.span))
        return count

    def judge_against(self, against: Sequence[Against]) -> list[Held]:
        """Compare the count with each earlier time, and return how the claim fares there.

        Chance is tested as on every screen (`findings.finding.find`).
        """
        evidence, until = self.evidence, self.span[1]
        windows = [self.span, *(window for time in against for window in time.windows)]
        count = make_counting(evidence.count(self.where, windows))
        # How much the counts vary by chance, up to the last of the claim's days.
        swing = evidence.estimate_dispersion(self.where, find_tested(self.what), until)
        least_base = evidence.view.settings.thresholds.least_base_for_percentage
        findings = (
            find(count, self.what, self.span, time, dispersion=swing, least_base=least_base)
            for time in against
        )
        return [judge_finding(self.says, finding) for finding in findings]

    @property
    def unplaced(self) -> int:
        """How many more there are whose neighbourhood is not known; they may be in this one."""
        return self.evidence.count_unplaced(self.where, self.what, self.span)

    @property
    def is_old(self) -> bool:
        """Whether the data end so long ago that “so far” or “last week” would mean other days."""
        view = self.evidence.view
        return (view.today - self.through).days > view.settings.thresholds.stale_after_days

    @property
    def year(self) -> int:
        """The year of the first day that the claim is about."""
        return self.span[0].year

    @property
    def since(self) -> int:
        """The year that a rank is held against, all from it on (`since:2019`); 0 of every year."""
        return int(self.against.partition(":")[2] or 0)

    @property
    def is_whole_year(self) -> bool:
        """Whether the claim is about one calendar year."""
        return wording.format_period(*self.span).isdecimal()

    # --- in words ------------------------------------------------------------------------

    def say(self, sentence: str, /, **facts: Any) -> str:
        """Say a sentence of `words/claims.toml`, which has the claim's measure, place and days.

        `n`: what was counted, put in as "12 people were shot".
        """
        what, place = self.what, self.name_place(self.where)
        usual = {"noun": NOUNS[what], "place": place, "during": wording.format_during(*self.span)}
        if "n" in facts:
            usual["clause"] = say_clause(what, n=facts["n"])
        return say(f"claim.{sentence}", usual, **facts)

    def name_place(self, place: str) -> str:
        """Return the words for a place's id: "East", "Downtown, East", "East and West together"."""
        names = self.evidence.names
        if place != TOGETHER:
            return names.places[place]
        cities = [names.cities[city] for city in self.evidence.list_cities(place)]
        return f"{wording.join_words(cities)}{' together' if len(cities) > 1 else ''}"

    def name_days(self, *spans: Window) -> str:
        """Name days of other years: "2024", "the same days of 2023 to 2025".

        Days that go on into the next year are "the same days of 2024–25".
        """
        ends = [(start.year, (until - DAY).year) for start, until in (min(spans), max(spans))]
        named = [f"{year}–{last % 100:02}" if last > year else str(year) for year, last in ends]
        years = " to ".join(dict.fromkeys(named))
        return years if self.is_whole_year else f"the same days of {years}"

    def explain_not_covered(self, window: Window) -> str:
        """Say why a window has no count: the source does not hold it, or which days there are."""
        start, until = window
        view, (city, _, area) = self.evidence.view, self.where.partition("/")
        why = view.explain_absence(self.what, None if city == TOGETHER else city)
        if area and not why:
            why = view.explain_few_placed(city, start)
        if why:
            return why
        begins, ends = self.evidence.find_span(self.where)
        return self.say(
            "not_covered",
            days=wording.format_period(start, until),
            begins=begins if start < begins else None,
            ends=ends if ends < until - DAY else None,
            is_old=self.is_old,
        )
